"""The library's use cases: the starter file, versions, links, archive, and what plans take from it."""

from dataclasses import replace
from datetime import date

import pytest

from app.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from app.models import Plan, PlanExercise, Screen
from app.rules.documents import DoseOverride, Exercise
from app.rules.ruleset import RULESET
from app.rules.vocabulary import Origin, Stage
from app.services import accounts, imports, library
from app.store import Database
from tests.cast import Cast
from tests.clock import Clock

AT = Clock()()


def exercise(**changes: object) -> Exercise:
    fields: dict[str, object] = {
        "slug": "",
        "version": 1,
        "name": "Hinge hold",
        "stage": Stage.DOWEL,
        "origin": Origin.JUDGEMENT,
        "per_side": False,
        "dose": "SKILL",
    }
    return Exercise(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own table


def complaints(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {error.field: error.message for error in refusal.value.errors}


# --- the starter file -------------------------------------------------------------------------------------------------


def test_a_new_studio_has_every_exercise_that_the_rules_ask_for(database: str) -> None:
    base = Database.at(database)
    with base.work(writes=True) as store:
        accounts.add_studio(store, "Northside", "Europe/London", AT)
    with base.work(writes=False) as store:
        shelf = library.current_library(store)
    base.close()
    assert len(shelf) == 51
    assert list(shelf) == [one.slug for one in library.starter()]
    assert dict(shelf) == {one.slug: one for one in library.starter()}
    assert set(RULESET.slugs()) <= set(shelf)


def test_a_second_studio_keeps_its_own(cast: Cast) -> None:
    with cast.work("bea") as store:
        library.edit(store, "plank", replace(library.starter()[0], name="Bea's own"), AT, based_on=1)
    with cast.work("ada", writes=False) as store:
        assert library.exercise(store, "plank").exercise.name == "Front plank"


# --- what an exercise may say -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"slug": "New Slug"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"slug": "a" * 81}, "slug"),
        ({"dose": "LOTS"}, "dose"),
        ({"claims": ("page 3",)}, "claims"),
        ({"claims": ("S1", "S58")}, "claims"),
        ({"claims": ("S0",)}, "claims"),
        ({"claims": ("S07",)}, "claims"),
        ({"targets": ("core", "core")}, "targets"),
        ({"targets": ("core, back",)}, "targets"),
        ({"contraindications": ("bad_mood",)}, "contraindications"),
        ({"gate": "anything"}, "gate"),
        ({"override": DoseOverride(hold_s=30)}, "override.hold_s"),
        ({"override": DoseOverride(sets=0)}, "override.sets"),
        ({"override": DoseOverride(spots=2)}, "override.spots"),
        ({"override": DoseOverride(total_s=60)}, "override.total_s"),
        ({"dose": "STRETCH", "override": DoseOverride(reps=8)}, "override.reps"),
        ({"regress": "nowhere"}, "regress"),
        ({"regress": "sl-rdl"}, "regress"),
        ({"progress": "plank"}, "progress"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(sqlite_cast: Cast, changes: dict[str, object], field: str) -> None:
    with sqlite_cast.work("ada") as store:
        with pytest.raises(Invalid) as refusal:
            library.add(store, exercise(**changes), AT)
        assert set(complaints(refusal)) == {field}


def test_easier_and_harder_never_go_round_in_a_circle(cast: Cast) -> None:
    with cast.work("ada") as store:
        thomas = library.exercise(store, "supine-thomas").exercise
        with pytest.raises(Invalid) as refusal:
            library.edit(store, "supine-thomas", replace(thomas, regress="runners-lunge"), AT, based_on=1)
        found = complaints(refusal)
        assert set(found) == {"regress", "progress"}
        assert found["regress"] == "It goes round in a circle: the easier one, Runner's lunge, leads back to this one."
        with pytest.raises(Invalid):
            library.edit(store, "supine-thomas", replace(thomas, regress="supine-thomas"), AT, based_on=1)
        plank = library.exercise(store, "plank").exercise
        with pytest.raises(Invalid) as refusal:
            library.edit(store, "plank", replace(plank, regress="side-plank", progress="side-plank"), AT, based_on=1)
        assert set(complaints(refusal)) == {"progress"}
        with pytest.raises(Invalid) as refusal:  # the reach is harder than the plank, as both of them say
            library.edit(store, "plank", replace(plank, regress="plank-reach", progress=None), AT, based_on=1)
        assert set(complaints(refusal)) == {"regress"}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ça va: bücken!", "ca-va-bucken"),
        ("Runner's lunge", "runners-lunge-2"),
        ("前屈", "exercise"),
        ("New", "new-2"),
        ("x" * 200, "x" * 76),
    ],
)
def test_a_slug_is_made_from_the_name(sqlite_cast: Cast, name: str, slug: str) -> None:
    with sqlite_cast.work("ada") as store:
        assert library.add(store, exercise(name=name), AT).exercise.slug == slug


def test_a_slug_that_is_taken_is_a_conflict(cast: Cast) -> None:
    with cast.work("ada") as store, pytest.raises(Conflict):
        library.add(store, exercise(slug="plank"), AT)


# --- versions ---------------------------------------------------------------------------------------------------------


def test_an_edit_is_a_new_version_and_the_old_one_stays_readable(cast: Cast) -> None:
    cast.clock.move(days=1)
    later = cast.clock()
    with cast.work("ada") as store:
        plank = library.exercise(store, "plank").exercise
        kept = library.edit(store, "plank", replace(plank, cues=("Look at the floor",), equipment=("yoga mat",)), later, based_on=1)
        assert (kept.newest, kept.updated_by, kept.created_by) == (2, "Ada", None)
        assert (kept.updated_at, kept.created_at) == (later, AT)
        assert kept.exercise.equipment == ("yoga_mat",)
        assert library.exercise(store, "plank", 1).exercise == plank
        assert [(line.version, line.by) for line in library.history(store, "plank")] == [(2, "Ada"), (1, None)]
        assert library.current_library(store)["plank"] == kept.exercise
        with pytest.raises(NotFound):
            library.exercise(store, "plank", 3)


def test_an_edit_that_changes_nothing_makes_no_version(cast: Cast) -> None:
    with cast.work("ada") as store:
        plank = library.exercise(store, "plank").exercise
        assert library.edit(store, "plank", replace(plank, override=DoseOverride()), AT, based_on=1).newest == 1


@pytest.mark.parametrize("based_on", [None, 1, 3])
def test_an_edit_must_begin_with_the_newest_version(cast: Cast, based_on: int | None) -> None:
    with cast.work("ada") as store:
        plank = library.exercise(store, "plank").exercise
        library.edit(store, "plank", replace(plank, note="first"), AT, based_on=1)
        with pytest.raises(StaleVersion):
            library.edit(store, "plank", replace(plank, note="second"), AT, based_on=based_on)


# --- plans and the archive --------------------------------------------------------------------------------------------


def a_plan_of(cast: Cast, *slugs: str) -> None:
    """Tess publishes a plan for Cleo that holds these exercises."""
    with cast.work("tess") as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        screen = Screen(
            studio_id=client.studio_id, client_id=client.id, author_id=cast.tess.user_id, taken_on=date(2026, 11, 22), typed="{}",
            created_at=AT, updated_at=AT,
        )  # fmt: skip
        store.session.add(screen)
        store.session.flush()
        plan = Plan(
            studio_id=client.studio_id, client_id=client.id, number=1, screen_id=screen.id, ruleset="2026.1", document="{}",
            made_by=cast.tess.user_id, made_on=date(2026, 11, 22), made_at=AT,
        )  # fmt: skip
        store.plans.publish(plan, {store.library.get(slug): 1 for slug in slugs})


def test_what_is_in_use_is_archived_and_never_vanishes(cast: Cast) -> None:
    a_plan_of(cast, "plank", "bridge")
    with cast.work("ada") as store:
        assert library.exercise(store, "plank").used_by == 1
        library.archive(store, "plank", AT)
        assert "plank" not in library.current_library(store)
        assert library.gaps(store) == ("plank",)
        kept = library.exercise(store, "plank")
        assert (kept.archived_at, kept.used_by) == (AT, 1)
    with cast.work("tess", writes=False) as store:
        assert sorted(row.version for row in store.session.query(PlanExercise)) == [1, 1]
    with cast.work("ada") as store:
        library.restore(store, "plank", AT)
        assert library.gaps(store) == ()
        assert "plank" in library.current_library(store)


def test_archiving_one_and_restoring_another_is_seen_at_once(cast: Cast) -> None:
    with cast.work("ada") as store:
        library.archive(store, "plank", AT)
        before = set(library.current_library(store))
        library.restore(store, "plank", AT)
        library.archive(store, "bridge", AT)
        assert set(library.current_library(store)) ^ before == {"plank", "bridge"}


# --- who --------------------------------------------------------------------------------------------------------------


def test_trainers_read_and_admins_write(cast: Cast) -> None:
    with cast.work("tess") as store:
        plank = library.exercise(store, "plank").exercise
        for attempt in (
            lambda: library.edit(store, "plank", plank, AT, based_on=1),
            lambda: library.add(store, exercise(), AT),
            lambda: library.archive(store, "plank", AT),
            lambda: library.restore(store, "plank", AT),
            lambda: library.gaps(store),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    with cast.work("cleo") as store, pytest.raises(NotAllowed):
        library.exercise(store, "plank")


def test_every_search_word_counts_whatever_its_accents(cast: Cast) -> None:
    with cast.work("ada") as store:
        library.add(store, exercise(name="Élan à genoux", equipment=("foam roller",)), AT)

        def found(query: str, stage: Stage | None = None) -> list[str]:
            return [kept.exercise.slug for kept in library.shelf(store, query, stage, archived=False, page=1, size=100).kept]

        assert found("elan GENOUX") == ["elan-a-genoux"]
        assert found("élan foam") == ["elan-a-genoux"]
        assert found("elan mat") == []
        assert found("100%") == found("a%GENOUX") == found("\\") == []
        assert found("elan foam_roller") == found("foam_roller_genoux") == ["elan-a-genoux"]
        assert found("foam roller", Stage.DOWEL) == ["elan-a-genoux"]
        assert found("elbows long line", Stage.STRENGTHENING) == ["plank"]
        assert found("runner’s") == found("runner's") == ["runners-lunge"]


def test_the_library_comes_in_pages_by_stage(cast: Cast) -> None:
    with cast.work("ada") as store:
        library.add(store, exercise(name="One more stretch", stage=Stage.FLEXIBILITY, dose="STRETCH"), AT)
        seen: list[str] = []
        after = None
        while True:
            kept, after = library.exercises(store, "", None, archived=None, after=after, limit=7)
            seen += [one.exercise.slug for one in kept]
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 52
        order = [list(Stage).index(library.exercise(store, slug).exercise.stage) for slug in seen]
        assert order == sorted(order)
        assert seen[14] == "one-more-stretch"
        with pytest.raises(Invalid):
            library.exercises(store, "", None, archived=None, after="nowhere", limit=7)


def test_a_library_of_many_is_the_same_from_either_end(cast: Cast) -> None:
    drills = "".join(f"drill-{number},Drill {number},{'dowel' if number % 3 else 'smr'},source,no,SKILL\n" for number in range(180))
    with cast.work("ada") as store:
        sent = imports.send(store, "drills.csv", ("slug,name,stage,origin,per_side,dose\n" + drills).encode(), AT, is_csv=True)
        imports.take_in(store, sent, imports.look(store, sent).run.mark, AT)
        library.archive(store, "drill-4", AT)
        for query, total in (("", 230), ("drill", 179), ("drill 1", 99)):
            whole = [one.exercise.slug for one in library.exercises(store, query, None, archived=False, after=None, limit=500)[0]]
            pages = [library.shelf(store, query, None, archived=False, page=page, size=20) for page in range(1, 14)]
            assert [one.exercise.slug for page in pages for one in page.kept] == whole
            assert {(page.total, page.others) for page in pages} == {(len(whole), 0 if query == "drill 1" else 1)}
            assert len(whole) == total
        away = library.shelf(store, "drill", None, archived=True, page=1, size=20)
        assert ([one.exercise.slug for one in away.kept], away.total, away.others) == (["drill-4"], 1, 179)
