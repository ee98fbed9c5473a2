"""The library in and out: dry-run first, all or nothing, and byte for byte the same after out and in again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from app import models
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.figures import PICTURES
from app.figures.documents import from_text, to_text
from app.models import ExerciseVersion
from app.rules.contraindications import KEYS
from app.rules.documents import DoseOverride, Exercise
from app.rules.progress import GATES
from app.rules.vocabulary import Origin, Stage
from app.services import imports, library, upkeep
from app.services.exercise_files import to_csv, to_yaml
from app.services.imports import DryRun, Fate
from app.services.library import written
from app.services.plain_text import safe
from app.store import Store
from tests.cast import Cast
from tests.clock import Clock
from tests.formulas import formulas
from tests.world import contents

AT = Clock()()

Shelf = Sequence[tuple[Exercise, bool]]


def wipe(store: Store) -> None:
    """Empty the actor's library, which nothing in the app can do."""
    for rows in (ExerciseVersion, models.Exercise):
        store.session.execute(delete(rows).execution_options(synchronize_session="fetch"))


def put(store: Store, content: str, *, is_csv: bool = False) -> DryRun:
    """Send a file and take it in."""
    sent = imports.look(store, imports.send(store, "file", content.encode(), AT, is_csv=is_csv))
    return imports.take_in(store, sent.id, sent.run.mark, AT)


def fates(run: DryRun) -> dict[str, tuple[str, ...]]:
    return {fate: tuple(row.slug for row in run.of(fate)) for fate in Fate if run.of(fate)}


# --- out and in again -------------------------------------------------------------------------------------------------


def stored(text: str) -> str:
    return safe(text.strip())


def plain(text: str) -> bool:
    try:
        return bool(stored(text)) and stored(stored(text)) == stored(text)
    except ValueError:
        return False


LETTERS = st.sampled_from(
    "aZ9 =+-@'\"`,;:#&*!|>%?[]{}()\\/~.é\u0301ßœ前🏋️‍♀️\ufeff\u2028\u00a0\u200bＷ＝٣\U0001f9d8\U000e0001"
) | st.characters(exclude_categories=("Cs", "Cc"))
LINE = (
    st.text(LETTERS, min_size=1, max_size=30).filter(plain).map(stored)
    | st.sampled_from(
        ["null", "~", "no", "1e3", "=HYPERLINK(1)", "'=1", "---", "- a", "a: b", "a #b", "&a", "<<", "''", '"', "0x1F", "2026-11-22"]
    )
    | st.sampled_from(["x;=1+1;y", 'x; "=1";+2', "x;'=1", "x;''", "Rest; -5", ";'@a;"])
)
TEXT = (
    st.text(LETTERS | st.sampled_from("\n\n\t"), max_size=60)
    .filter(lambda text: not text.strip() or plain(text))
    .map(lambda text: stored(text) if text.strip() else "")
) | st.sampled_from(["One\n=2+2\n\t=3", "One\t@SUM(A1);\n-4\n\n'+5", 'One\n"=1";\n","=2'])
LINES = st.lists(LINE, max_size=4).map(tuple)
WORDS = st.lists(LINE.map(lambda line: "_".join(line.replace(",", "").split())).filter(bool), max_size=3, unique=True).map(tuple)
OWN = st.builds(DoseOverride, sets=st.none() | st.integers(1, 999), load=st.none() | LINE)
NUMBERS = st.lists(st.floats(allow_nan=False, allow_infinity=False).map(lambda one: one + 0.0), min_size=1, max_size=3).map(tuple)
PARAMS = st.none() | st.dictionaries(LINE, NUMBERS, min_size=1, max_size=2)


DRAWN = sorted(to_text(one) for one in PICTURES.values())
DRAWINGS = st.just("") | st.builds(lambda text, seen: to_text(replace(from_text(text), seen=seen)), st.sampled_from(DRAWN), LINE)


@st.composite
def shelves(draw: st.DrawFn) -> Shelf:
    slugs = draw(st.lists(st.from_regex("[a-z0-9]{1,4}(-[a-z0-9]{1,4}){0,2}", fullmatch=True), max_size=4, unique=True))
    slugs = [slug for slug in slugs if slug not in library.NOT_A_SLUG]
    stage = draw(st.sampled_from(list(Stage)))
    found = []
    for place, slug in enumerate(slugs):
        own = draw(OWN)
        exercise = Exercise(
            slug=slug,
            version=1,
            name=draw(LINE),
            stage=stage,
            origin=draw(st.sampled_from(list(Origin))),
            per_side=draw(st.booleans()),
            dose=draw(st.sampled_from(["SKILL", "STRETCH", "RDL"])),
            loaded=draw(st.booleans()),
            claims=draw(st.sampled_from([(), ("S1",), ("S34", "S7")])),
            targets=draw(WORDS),
            equipment=draw(WORDS),
            override=None if own == DoseOverride() else own,
            dose_note=draw(TEXT),
            note=draw(TEXT),
            cues=draw(LINES),
            faults=draw(LINES),
            contraindications=draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=2, unique=True).map(tuple)),
            regress=draw(st.sampled_from([None, *slugs[:place]])),
            load_rule=draw(TEXT),
            gate=draw(st.sampled_from([None, *GATES])),
            params=draw(PARAMS),
            picture=draw(DRAWINGS),
        )
        found.append((exercise, draw(st.booleans())))
    return found


@pytest.mark.slow
def test_out_wiped_and_in_again_is_the_same_to_the_byte_for_200_libraries(cast: Cast) -> None:
    """The first twenty of them on PostgreSQL, too."""
    most = 200 if cast.database.engine.dialect.name == "sqlite" else 20

    @settings(max_examples=most, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(shelves())
    def comes_back(shelf: Shelf) -> None:
        with cast.work("ada") as store:
            wipe(store)
            assert not put(store, to_yaml(shelf)).of(Fate.REFUSED)
            for is_csv, write in ((False, to_yaml), (True, to_csv)):
                out = imports.export(store, is_csv=is_csv)
                assert out == write(shelf)
                assert not (is_csv and formulas(out))
                wipe(store)
                put(store, out, is_csv=is_csv)
                assert imports.export(store, is_csv=is_csv) == out
            store.undo()

    comes_back()


def test_the_starter_library_is_taken_in_like_any_other_file(cast: Cast) -> None:
    content = library.STARTER.read_bytes()
    with cast.work("ada") as store:
        before = imports.export(store, is_csv=False)
        sent = imports.look(store, imports.send(store, "exercises.yaml", content, AT, is_csv=False))
        assert fates(sent.run) == {"same": tuple(one.slug for one in library.starter())}
        wipe(store)
        assert imports.export(store, is_csv=False) == "whole: true\nexercises: []\n"
        assert len(put(store, content.decode()).of(Fate.ADDED)) == 51
        assert imports.export(store, is_csv=False) == before


# --- the dry-run ------------------------------------------------------------------------------------------------------


def a_file(*changes: dict[str, Any], archived: bool = False) -> str:
    """The starter's plank with one thing after the other changed, each as by hand: what it does not name stays."""
    plank = next(one for one in library.starter() if one.slug == "plank")
    return to_yaml([(replace(plank, **change), archived) for change in changes]).removeprefix("whole: true\n")


def test_what_would_be_added_changed_and_refused_is_said_row_by_row(cast: Cast) -> None:
    content = a_file(
        {"name": "Plank", "cues": ("Breathe",)},
        {"slug": "new-plank", "regress": "plank"},
        {"slug": "nowhere", "regress": "no-such"},
        {"slug": "hold", "dose": "LOTS"},
    )
    with cast.work("ada") as store:
        before = contents(cast)
        run = imports.look(store, imports.send(store, "planks.yaml", content.encode(), AT, is_csv=False)).run
        assert fates(run) == {"refused": ("nowhere", "hold"), "changed": ("plank",), "added": ("new-plank",)}
        assert run.of(Fate.CHANGED)[0].changed == ("name", "cues")
        lines = content.splitlines()
        (nowhere,), (hold,) = (row.wrong for row in run.of(Fate.REFUSED))
        assert lines[nowhere.line - 1].strip() == "regress: no-such"
        assert nowhere.message == "regress: The easier one, no-such, is not in the library."
        assert lines[hold.line - 1].strip() == "dose: LOTS"
        store.undo()
    assert contents(cast) == before


def test_a_word_that_is_none_of_a_list_is_named_with_the_list(cast: Cast) -> None:
    content = a_file({"slug": "hold", "contraindications": ("wrist_pain", "bogus"), "claims": ("S1", "S99")})
    with cast.work("ada") as store:
        run = imports.look(store, imports.send(store, "planks.yaml", content.encode(), AT, is_csv=False)).run
        claims, keys = (wrong.message for wrong in run.of(Fate.REFUSED)[0].wrong)
        assert keys.startswith("contraindications: bogus: no such contraindication. These there are: nerve_symptoms, ")
        assert "wrist_pain" in keys
        assert claims.endswith("they go from S1 to S57, and S99 is none of them.")
        store.undo()


def test_nothing_is_taken_in_as_long_as_one_row_is_refused(cast: Cast) -> None:
    content = a_file({"name": "Plank"}, {"slug": "hold", "dose": "LOTS"})
    with cast.work("ada") as store:
        sent = imports.look(store, imports.send(store, "planks.yaml", content.encode(), AT, is_csv=False))
    before = contents(cast)
    with pytest.raises(Conflict, match="mend what is refused"), cast.work("ada") as store:
        imports.take_in(store, sent.id, sent.run.mark, AT)
    assert contents(cast) == before


def test_what_is_taken_in_is_a_new_version_by_whoever_did_it(cast: Cast) -> None:
    with cast.work("ada") as store:
        put(store, a_file({"name": "Plank"}, {"slug": "new-plank"}))
        plank, new = library.exercise(store, "plank"), library.exercise(store, "new-plank")
        assert (plank.newest, plank.exercise.name, plank.updated_by, plank.created_by) == (2, "Plank", "Ada", None)
        assert (new.newest, new.created_by) == (1, "Ada")
        assert library.exercise(store, "plank", 1).exercise.name == "Front plank"
        assert list(library.current_library(store))[-1] == "new-plank"
        assert list(library.current_library(store)).index("plank") == [one.slug for one in library.starter()].index("plank")


def test_however_many_rows_ada_changes_they_are_written_at_once(cast: Cast) -> None:
    asked: list[str] = []

    def write_down(*what: Any) -> None:
        asked.append(what[2])

    with cast.work("ada") as store:
        changed = [(replace(one, note="Mind the doorway"), False) for one in library.starter()]
        sent = imports.look(store, imports.send(store, "file", to_yaml(changed).encode(), AT, is_csv=False))
        event.listen(cast.database.engine, "before_cursor_execute", write_down)
        try:
            assert len(imports.take_in(store, sent.id, sent.run.mark, AT).of(Fate.CHANGED)) == 51
        finally:
            event.remove(cast.database.engine, "before_cursor_execute", write_down)
        assert len([one for one in asked if one.startswith("UPDATE exercise")]) == 1
        assert library.exercise(store, "plank").exercise.note == library.exercise(store, "couch").exercise.note == "Mind the doorway"


def test_a_file_can_archive_and_bring_back(cast: Cast) -> None:
    with cast.work("ada") as store:
        assert put(store, a_file({}, archived=True)).of(Fate.CHANGED)[0].changed == ("archived",)
        kept = library.exercise(store, "plank")
        assert (kept.newest, kept.archived_at) == (1, AT)
        put(store, a_file({"note": "still away"}))
        assert library.exercise(store, "plank").archived_at == AT
        put(store, a_file({}) + "    archived: false\n")
        assert library.exercise(store, "plank").archived_at is None


@pytest.mark.parametrize("is_csv", [False, True])
def test_what_was_written_out_empties_again_what_was_filled_in_since(cast: Cast, *, is_csv: bool) -> None:
    with cast.work("ada") as store:
        written = imports.export(store, is_csv=is_csv)
        plank = library.exercise(store, "plank").exercise
        library.edit(store, "plank", replace(plank, note="Breathe.", picture=to_text(PICTURES["plank"])), AT, based_on=1)
        library.archive(store, "dowel-hinge", AT)
        put(store, written, is_csv=is_csv)
        assert imports.export(store, is_csv=is_csv) == written
        assert replace(library.exercise(store, "plank").exercise, version=1) == plank


def test_what_was_merged_and_comes_back_with_a_file_is_a_duplicate_no_longer(cast: Cast) -> None:
    with cast.work("ada") as store:
        twin = library.add(store, replace(library.exercise(store, "plank").exercise, slug="our-plank"), AT).exercise
        upkeep.same_as(store, twin.slug, "plank", AT)
        assert library.exercise(store, "our-plank").merged_into == "plank"
        put(store, to_yaml([(twin, False)]) + "    archived: false\n")
        kept = library.exercise(store, "our-plank")
        assert (kept.archived_at, kept.merged_into) == (None, None)


def test_a_new_studio_knows_what_the_starter_library_said(cast: Cast) -> None:
    """Or no update of it would ever be offered."""
    with cast.work("bea") as store:
        kept = {slug: library.exercise(store, slug) for slug in library.whole_library(store)}
        said = {slug: (one.starter_slug, one.starter_document) for slug, one in kept.items()}
        assert said == {one.slug: (one.slug, written(one)) for one in library.starter()}
        put(store, a_file({"slug": "own-plank"}))
        own = library.exercise(store, "own-plank")
        assert (own.starter_slug, own.starter_document) == (None, None)


def test_what_a_file_does_not_name_stays_and_what_it_empties_is_empty(cast: Cast) -> None:
    with cast.work("ada") as store:
        before = library.exercise(store, "prone-cobra-stretch").exercise
        put(store, "slug,name,override_sets\nprone-cobra-stretch,Cobra,1\n", is_csv=True)
        library.archive(store, "prone-cobra-stretch", AT)
        put(store, "exercises:\n  - slug: prone-cobra-stretch\n    cues: []\n")
        kept = library.exercise(store, "prone-cobra-stretch")
        own = replace(before.override or DoseOverride(), sets=1)
        assert kept.exercise == replace(before, version=3, name="Cobra", override=own, cues=())
        assert before.contraindications
        assert kept.archived_at == AT
        put(store, "slug,contraindications,archived,override_sets\nprone-cobra-stretch,,,\n", is_csv=True)
        kept = library.exercise(store, "prone-cobra-stretch")
        assert (kept.exercise.contraindications, kept.exercise.override, kept.archived_at) == ((), before.override, None)


def test_a_new_exercise_needs_what_one_that_is_there_may_leave_out(cast: Cast) -> None:
    with cast.work("ada") as store:
        sent = imports.send(store, "few.csv", b"slug,name\nplank,Plank\nnew-one,New\nbridge,\n", AT, is_csv=True)
        run = imports.look(store, sent).run
        assert fates(run) == {"refused": ("new-one", "bridge"), "changed": ("plank",)}
        assert [[wrong.message for wrong in row.wrong] for row in run.of(Fate.REFUSED)] == [
            ["stage is missing", "origin is missing", "per_side is missing", "dose is missing"],
            ["name is missing"],
        ]


def test_links_may_lead_to_another_row_of_the_file_but_never_in_a_circle(cast: Cast) -> None:
    around = a_file(
        {"slug": "a", "regress": "b"}, {"slug": "b", "regress": "c"}, {"slug": "c", "regress": "a"}, {"slug": "d", "regress": "a"}
    )
    with cast.work("ada") as store:
        run = imports.look(store, imports.send(store, "round.yaml", around.encode(), AT, is_csv=False)).run
        assert fates(run) == {"refused": ("a", "b", "c"), "added": ("d",)}
        assert all("circle" in row.wrong[0].message for row in run.of(Fate.REFUSED))
        forward = a_file({"slug": "a", "regress": "b"}, {"slug": "b", "regress": None})
        assert fates(put(store, forward)) == {"added": ("a", "b")}


def test_what_changed_since_the_look_is_looked_at_again(cast: Cast) -> None:
    with cast.work("ada") as store:
        sent = imports.look(store, imports.send(store, "planks.yaml", a_file({"name": "Plank"}).encode(), AT, is_csv=False))
        plank = library.exercise(store, "plank").exercise
        library.edit(store, "plank", replace(plank, note="meanwhile"), AT, based_on=1)
    before = contents(cast)
    with pytest.raises(Conflict, match="the library has changed since"), cast.work("ada") as store:
        imports.take_in(store, sent.id, sent.run.mark, AT)
    assert contents(cast) == before
    with cast.work("ada") as store:
        again = imports.look(store, sent.id)
        assert again.run.of(Fate.CHANGED)[0].changed == ("name",)
        imports.take_in(store, sent.id, again.run.mark, AT)
        with pytest.raises(NotFound):
            imports.look(store, sent.id)


def test_a_file_that_cant_be_read_is_not_kept(cast: Cast) -> None:
    before = contents(cast)
    with pytest.raises(Invalid), cast.work("ada") as store:
        imports.send(store, "bad.yaml", b"- a", AT, is_csv=False)
    assert contents(cast) == before


def test_each_admin_has_one_file_on_its_way_and_nobody_elses(cast: Cast) -> None:
    with cast.work("ada") as store:
        first = imports.send(store, "one.yaml", a_file({}).encode(), AT, is_csv=False)
        second = imports.send(store, "two.yaml", a_file({}).encode(), AT, is_csv=False)
        assert second != first
        with pytest.raises(NotFound):
            imports.look(store, first)
    with cast.work("bea") as store, pytest.raises(NotFound):
        imports.look(store, second)
    with cast.work("ada") as store:
        imports.discard(store, second, AT)
        with pytest.raises(NotFound):
            imports.look(store, second)


def test_only_admins_carry_the_library_in_and_out(cast: Cast) -> None:
    with cast.work("tess") as store:
        for attempt in (
            lambda: imports.send(store, "x", b"", AT, is_csv=False),
            lambda: imports.look(store, 1),
            lambda: imports.take_in(store, 1, "", AT),
            lambda: imports.discard(store, 1, AT),
            lambda: imports.export(store, is_csv=False),
        ):
            with pytest.raises(NotAllowed):
                attempt()
