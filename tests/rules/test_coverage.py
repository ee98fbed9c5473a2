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
    found = coverage(library, library.values())
    assert (found.lacks, found.unserved, found.unanswered) == ((), (), ())


def test_no_plan_holds_what_no_rule_reaches(library: Library) -> None:
    held = in_plans(library)
    unreached = coverage(library, ()).unreached
    assert unreached
    assert held.isdisjoint(unreached)
    assert held <= reach(library)
    assert reach(library) | set(unreached) == set(library)


def test_a_missing_exercise_is_named_with_its_stage_and_rules(library: Library) -> None:
    (lack,) = coverage(less(library, "clam"), library.values()).lacks
    assert (lack.slug, lack.stage, lack.found_in) == ("clam", Stage.STRENGTHENING, None)
    assert [rule.id for rule in lack.rules] == ["R13", "R17", "R24", "R30"]
    moved = {**library, "clam": replace(library["clam"], stage=Stage.RDL)}
    (lack,) = coverage(moved, ()).lacks
    assert (lack.stage, lack.found_in) == (Stage.STRENGTHENING, Stage.RDL)


def test_a_stage_that_only_one_exercise_always_fills_would_be_empty_without_it(library: Library) -> None:
    emptied = {slug: without(slug, library).emptied for slug in library}
    assert {slug: stages for slug, stages in emptied.items() if stages} == {"dowel-hinge": (Stage.DOWEL,), "wall-hinge": (Stage.WALL,)}
    assert without("rdl-bb", less(library, "rdl-dowel", "rdl-kb")).emptied == (Stage.RDL,)
    bare = [build_plan(one.screen, less(library, "dowel-hinge"), clearances=one.clearances) for one in SITUATIONS.values()]
    assert any(not stage.items for plan in bare for stage in plan.stages if stage.stage is Stage.DOWEL)


def test_targets_that_nothing_is_left_for_are_named(library: Library) -> None:
    found = coverage(less(library, "plank"), [library["plank"]])
    assert {(one.rule.id, one.target) for one in found.unserved} >= {("R18", "core")}
    assert coverage(less(library, "plank"), ()).unserved == ()


def without_target(library: Library, *targets: str) -> Library:
    return {slug: replace(one, targets=tuple(target for target in one.targets if target not in targets)) for slug, one in library.items()}


def test_a_target_that_was_edited_away_is_missed_by_row_and_by_test(library: Library) -> None:
    found = coverage(without_target(library, "it_band"), library.values())
    assert found.lacks == ()
    assert {(one.rule.id, one.stage, one.target) for one in found.unserved} == {
        ("R13", Stage.SMR, "it_band"),
        ("R23", Stage.SMR, "it_band"),
    }
    assert [(one.test, one.targets) for one in found.unanswered] == [("MTT_ABD", ("it_band",)), ("OBER", ("it_band",))]
    assert "R13" in {rule.id for one in found.unanswered for rule in one.rules}


def test_a_test_is_missed_as_soon_as_one_of_its_targets_is(library: Library) -> None:
    found = coverage(without_target(library, "quadriceps"), library.values()).unanswered
    assert {"ELY": ("quadriceps",)}.items() <= {one.test: one.targets for one in found}.items()
    both = coverage(without_target(library, "rectus_femoris", "quadriceps"), library.values()).unanswered
    assert {"ELY": ("rectus_femoris", "quadriceps")}.items() <= {one.test: one.targets for one in both}.items()


def test_the_same_target_is_missed_whether_it_was_archived_or_edited_away(library: Library) -> None:
    gone = {(one.rule.id, target) for one in without("smr-itb", library).losses for target in one.targets_lost}
    rewritten = {**library, "smr-itb": replace(library["smr-itb"], targets=())}
    assert {(one.rule.id, one.target) for one in coverage(rewritten, library.values()).unserved} == gone
    archived = coverage(less(library, "smr-itb"), library.values())
    assert {(one.rule.id, one.target) for one in archived.unserved} == gone


def test_what_rows_answer_with_exercises_by_name_is_asked_of_no_other(library: Library) -> None:
    """The tilt is answered by the lunge and the bridge, an unsteady leg by step-up and bird dog; none of them claims more than it does."""
    assert not any({"pelvis", "balance"} & set(one.targets) for one in library.values() if one.stage is not Stage.SINGLE_LEG)
    assert {one.test for one in coverage(library, library.values()).unanswered}.isdisjoint({"APT", "SLS"})


@pytest.mark.parametrize("slug", sorted({slug for slug, _ in asked()}))
def test_what_archiving_would_do_is_what_it_does(library: Library, slug: str) -> None:
    effect = without(slug, library)
    lacks = coverage(less(library, slug), ()).lacks
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
    assert "step-up" in coverage(library, (), table).unreached


def test_what_stands_in_is_nearest_first(library: Library) -> None:
    """First whatever works on the most of the same; then its neighbour on the ladder; then one that is counted in the same way."""
    nearest = without("runners-lunge", library).stand_ins
    assert nearest == ("half-kneel", "couch", "supine-thomas", "side-quad", "prone-cobra-stretch")
    elsewhere = {**library, "couch": replace(library["couch"], targets=("calves",))}
    assert without("runners-lunge", elsewhere).stand_ins == (*(slug for slug in nearest if slug != "couch"), "couch")
