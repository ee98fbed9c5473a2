"""Drafts of exercises, and updates of the starter library beside the studio's own wording."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.errors import NotAllowed, NotFound, StaleVersion
from app.models import AuditEvent
from app.rules.documents import DoseOverride, Exercise
from app.services import exercise_drafts, imports, library, starter_updates
from app.services.imports import Fate
from app.services.library import read, starter, written
from app.store import Store
from tests.cast import Cast
from tests.clock import Clock
from tests.services.test_library import exercise

AT = Clock()()
TYPED = {"name": ("Half an idea",), "cues": ("Stay long",)}


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_keeps_what_was_typed_and_changes_no_library(cast: Cast) -> None:
    with cast.work("ada") as store:
        before = library.current_library(store)
        new = exercise_drafts.begin(store, TYPED, AT, slug=None)
        edit = exercise_drafts.begin(store, {"name": ("Plank",)}, AT, slug="plank")
        assert library.current_library(store) == before
        assert [(one.id, one.name, one.slug, one.by) for one in exercise_drafts.drafts(store)] == [
            (edit, "Plank", "plank", "Ada"),
            (new, "Half an idea", None, "Ada"),
        ]
        assert [one.id for one in exercise_drafts.drafts(store, "plank")] == [edit]
        assert exercise_drafts.draft(store, new).typed == TYPED


def test_nobody_saves_over_what_she_has_not_seen(cast: Cast) -> None:
    with cast.work("ada") as store:
        made = exercise_drafts.begin(store, TYPED, AT, slug=None)
        assert exercise_drafts.keep(store, made, {"name": ("Two",)}, AT, revision=1).revision == 2
        for stale in (1, None, 3):
            with pytest.raises(StaleVersion):
                exercise_drafts.keep(store, made, TYPED, AT, revision=stale)
        assert exercise_drafts.draft(store, made).name == "Two"


def test_a_draft_goes_when_it_is_published_or_thrown_away(cast: Cast) -> None:
    with cast.work("ada") as store:
        one, two = (exercise_drafts.begin(store, TYPED, AT, slug=None) for _ in range(2))
        for draft in (one, one, None):
            assert exercise_drafts.published(store, draft, AT, revision=1, slug=None)
        exercise_drafts.discard(store, two, AT)
        with pytest.raises(NotFound):
            exercise_drafts.discard(store, two, AT)
        assert exercise_drafts.drafts(store) == ()
        store.session.flush()
        noted = store.session.execute(select(AuditEvent.verb, AuditEvent.subject_id).where(AuditEvent.noun == "exercise draft"))
        assert sorted(map(tuple, noted)) == [("discarded", two), ("drafted", one), ("drafted", two), ("published", one)]


def test_publishing_leaves_a_draft_that_was_saved_since_and_that_of_another_exercise(cast: Cast) -> None:
    with cast.work("ada") as store:
        new = exercise_drafts.begin(store, TYPED, AT, slug=None)
        edit = exercise_drafts.begin(store, TYPED, AT, slug="plank")
        exercise_drafts.keep(store, new, {"name": ("Hours of work",)}, AT, revision=1)
        assert not exercise_drafts.published(store, new, AT, revision=1, slug=None)
        assert not exercise_drafts.published(store, edit, AT, revision=1, slug="bridge")
        assert not exercise_drafts.published(store, edit, AT, revision=1, slug=None)
        assert {one.id for one in exercise_drafts.drafts(store)} == {new, edit}


def test_drafts_are_the_admins_of_the_studio_alone(cast: Cast) -> None:
    with cast.work("ada") as store:
        made = exercise_drafts.begin(store, TYPED, AT, slug=None)
    with cast.work("bea") as store:
        assert exercise_drafts.drafts(store) == ()
        with pytest.raises(NotFound):
            exercise_drafts.draft(store, made)
    with cast.work("tess") as store:
        for attempt in (
            lambda: exercise_drafts.drafts(store),
            lambda: exercise_drafts.draft(store, made),
            lambda: exercise_drafts.begin(store, TYPED, AT, slug=None),
            lambda: exercise_drafts.keep(store, made, TYPED, AT, revision=1),
            lambda: exercise_drafts.discard(store, made, AT),
            lambda: exercise_drafts.published(store, made, AT, revision=1, slug=None),
            lambda: starter_updates.updates(store),
            lambda: starter_updates.update_of(store, "plank"),
            lambda: starter_updates.take_over(store, "plank", AT, based_on=1),
            lambda: starter_updates.turn_down(store, "plank", AT),
            lambda: starter_updates.newcomers(store),
            lambda: starter_updates.add_newcomer(store, "plank", AT),
            lambda: starter_updates.decline_newcomer(store, "plank", AT),
        ):
            with pytest.raises(NotAllowed):
                attempt()


# --- the starter library ----------------------------------------------------------------------------------------------


def plank() -> Exercise:
    return next(one for one in starter() if one.slug == "plank")


def an_older_starter(store: Store, **said: object) -> None:
    """As if this studio had taken the plank over when the starter library still said something else."""
    row = store.library.get("plank")
    older = replace(plank(), **said)  # type: ignore[arg-type]  # a test's own table
    row.starter_document = written(older)
    store.library.version(row).document = written(older)
    store.session.flush()


def test_a_library_just_stocked_has_no_update(cast: Cast) -> None:
    with cast.work("ada") as store:
        assert starter_updates.updates(store) == ()
        assert starter_updates.update_of(store, "plank") is None
        assert not starter_updates.is_own_wording(library.exercise(store, "plank"))
        library.add(store, exercise(name="Own"), AT)
        assert starter_updates.update_of(store, "own") is None
        assert not starter_updates.is_own_wording(library.exercise(store, "own"))


def test_an_update_takes_over_what_changed_and_leaves_our_own_words(cast: Cast) -> None:
    with cast.work("ada") as store:
        an_older_starter(store, note="An older note", faults=("an older fault",), override=DoseOverride(sets=9))
        ours = library.exercise(store, "plank").exercise
        own = replace(ours, name="Our plank", faults=("our own fault",), override=DoseOverride(sets=9, start_height_cm=20))
        library.edit(store, "plank", own, AT, based_on=1)
        assert starter_updates.updates(store) == (("plank", "Front plank"),)
        assert starter_updates.is_own_wording(library.exercise(store, "plank"))
        found = starter_updates.update_of(store, "plank")
        assert found is not None
        assert (found.before.note, found.now.note, found.contested()) == ("An older note", "", ("faults",))
        with pytest.raises(StaleVersion):
            starter_updates.take_over(store, "plank", AT, based_on=1)
        kept = starter_updates.take_over(store, "plank", AT, based_on=2).exercise
        assert (kept.version, kept.name, kept.note, kept.faults) == (3, "Our plank", "", ("our own fault",))
        assert kept.override == DoseOverride(start_height_cm=20)
        assert starter_updates.updates(store) == ()
        assert starter_updates.is_own_wording(library.exercise(store, "plank"))


def test_where_both_changed_a_field_the_admin_chooses(cast: Cast) -> None:
    with cast.work("ada") as store:
        an_older_starter(store, cues=("An older cue",), faults=("an older fault",), note="An older note")
        ours = replace(library.exercise(store, "plank").exercise, cues=("Ours",), faults=("our own fault",), note="")
        library.edit(store, "plank", ours, AT, based_on=1)
        found = starter_updates.update_of(store, "plank")
        assert found is not None
        assert set(found.contested()) == {"cues", "faults"}
        kept = starter_updates.take_over(store, "plank", AT, based_on=2, theirs=("faults",)).exercise
        assert (kept.cues, kept.faults) == (("Ours",), plank().faults)
        assert starter_updates.updates(store) == ()


def test_an_update_that_is_turned_down_is_not_offered_again(cast: Cast) -> None:
    with cast.work("ada") as store:
        an_older_starter(store, note="An older note")
        starter_updates.turn_down(store, "plank", AT)
        assert starter_updates.updates(store) == ()
        assert library.exercise(store, "plank").exercise.note == "An older note"
        assert starter_updates.is_own_wording(library.exercise(store, "plank"))


# --- what is new in it ------------------------------------------------------------------------------------------------


def before_there_was(store: Store, *slugs: str) -> None:
    """As if this studio had been made when the starter library lacked some exercises, and nothing led to them."""
    for row, version in store.library.all():
        if row.slug in slugs:
            store.session.delete(version)
            continue
        said = read(version.document)
        regress, progress = (None if other in slugs else other for other in (said.regress, said.progress))
        older = replace(said, regress=regress, progress=progress)
        version.document = row.starter_document = written(older)
    store.session.flush()
    for row in store.library.named(slugs):
        store.session.delete(row)
    store.session.flush()


NEW = ("plank", "plank-reach")


def test_what_is_new_in_the_starter_library_is_added_with_what_it_leads_to(cast: Cast) -> None:
    with cast.work("bea") as store:
        assert starter_updates.newcomers(store) == {}
        before_there_was(store, *NEW)
        assert tuple(starter_updates.newcomers(store)) == NEW
        starter_updates.add_newcomer(store, "plank", AT)
        assert starter_updates.newcomers(store) == {}
        kept = library.exercise(store, "plank")
        assert (kept.exercise, kept.created_by, kept.starter_document) == (plank(), "Bea", written(plank()))
        assert library.exercise(store, "plank-reach").exercise.regress == "plank"
        with pytest.raises(NotFound):
            starter_updates.add_newcomer(store, "plank", AT)


def test_an_update_that_leads_to_a_new_exercise_brings_it(cast: Cast) -> None:
    with cast.work("bea") as store:
        before_there_was(store, *NEW)
        assert ("plank-knee", "Plank on knees or raised surface") in starter_updates.updates(store)
        kept = starter_updates.take_over(store, "plank-knee", AT, based_on=1)
        assert kept.exercise.progress == "plank"
        assert starter_updates.newcomers(store) == {}


def test_what_is_left_out_stands_in_the_archive_and_is_not_offered_again(cast: Cast) -> None:
    with cast.work("bea") as store:
        before_there_was(store, *NEW)
        starter_updates.decline_newcomer(store, "plank-reach", AT)
        assert tuple(starter_updates.newcomers(store)) == ("plank",)
        kept = library.exercise(store, "plank-reach")
        assert (kept.archived_at, kept.exercise.regress) == (AT, None)
        out = imports.export(store, is_csv=False)
        run = imports.look(store, imports.send(store, "all.yaml", out.encode(), AT, is_csv=False)).run
        assert not run.of(Fate.REFUSED)
        starter_updates.add_newcomer(store, "plank", AT)
        assert library.exercise(store, "plank").exercise.progress == "plank-reach"
