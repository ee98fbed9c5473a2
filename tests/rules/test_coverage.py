"""Coverage: what the rules ask of a library, held against the plans that the same rules make of it."""

from dataclasses import replace

import pytest

from app.rules.coverage import asked, coverage, reach, without
from app.rules.documents import Item, Library
from app.rules.plan import build_plan
from app.rules.ruleset import RULESET
from app.rules.vocabulary import Stage
from tests.rules.situations import SITUATIONS


def less(library: Library, *slugs: str) -> Library:
    return {slug: one for slug, one in library.items() if slug not in slugs}


def in_plans(library: Library) -> set[str]:
    """Every exercise that the plan of any situation holds, in whatever place."""

    def named(item: Item | None) -> set[str]:
        return set() if item is None else {item.exercise} | named(item.later) | named(item.easier)

    plans = (build_plan(one.screen, library, clearances=one.clearances) for one in SITUATIONS.values())
    return {slug for plan in plans for stage in plan.stages for item in stage.items for slug in named(item)}


def test_the_starter_library_lacks_nothing(library: Library) -> None:
    found = coverage(library, {})
    assert found.lacks == ()
    assert found.unserved == ()


def test_no_plan_holds_what_no_rule_reaches(library: Library) -> None:
    held = in_plans(library)
    unreached = coverage(library, {}).unreached
    assert unreached
    assert held.isdisjoint(unreached)
    assert held <= reach(library)
    assert reach(library) | set(unreached) == set(library)


def test_a_missing_exercise_is_named_with_its_stage_and_rules(library: Library) -> None:
    (lack,) = coverage(less(library, "clam"), library).lacks
    assert (lack.slug, lack.stage, lack.found_in) == ("clam", Stage.STRENGTHENING, None)
    assert [rule.id for rule in lack.rules] == ["R13", "R17", "R24", "R30"]
    moved = {**library, "clam": replace(library["clam"], stage=Stage.RDL)}
    (lack,) = coverage(moved, {}).lacks
    assert (lack.stage, lack.found_in) == (Stage.STRENGTHENING, Stage.RDL)


def test_targets_that_nothing_is_left_for_are_named(library: Library) -> None:
    found = coverage(less(library, "plank"), {"plank": library["plank"]})
    assert {(one.rule.id, one.target) for one in found.unserved} >= {("R18", "core")}
    assert coverage(less(library, "plank"), {}).unserved == ()


@pytest.mark.parametrize("slug", sorted({slug for slug, _ in asked()}))
def test_what_archiving_would_do_is_what_it_does(library: Library, slug: str) -> None:
    effect = without(slug, library)
    lacks = coverage(less(library, slug), library).lacks
    assert {one.slug for one in lacks} == {slug}
    assert {loss.rule.id for loss in effect.losses} == {rule.id for one in lacks for rule in one.rules}
    assert slug not in effect.stand_ins
    assert all(library[one].stage is library[slug].stage for one in effect.stand_ins)
    for name, situation in SITUATIONS.items():
        plan = build_plan(situation.screen, less(library, slug), clearances=situation.clearances)
        assert set(plan.gaps) <= {slug}, name


def test_an_exercise_that_no_rule_asks_for_costs_no_rule(library: Library) -> None:
    effect = without("couch", library)
    assert effect.losses == ()
    assert set(effect.harder_for) == {"runners-lunge", "side-quad"}
    with pytest.raises(KeyError):
        without("nowhere", library)


def test_nothing_of_it_is_a_written_list(library: Library) -> None:
    """Another table of rules asks for other things."""
    table = RULESET.without("R30")
    assert "step-up" not in {slug for slug, _ in asked(table)}
    assert "step-up" in coverage(library, {}, table).unreached
