"""An exercise's own picture through all that happens to an exercise: kept, told apart, taken in, refused."""

import json
from dataclasses import replace

import pytest

from app.errors import Invalid, StaleVersion
from app.figures import PICTURES
from app.figures.documents import from_text, to_text
from app.rules.documents import Exercise
from app.rules.lint import Flaw
from app.services import exercise_drafts, imports, library, starter_updates, upkeep
from app.services.exercise_files import read_exercises, to_csv, to_yaml
from app.services.imports import Fate
from app.services.library import read, written
from app.store import Store
from tests.cast import Cast
from tests.clock import Clock
from tests.services.test_exercise_drafts import an_older_starter

AT = Clock()()
OURS = to_text(replace(PICTURES["plank"], title="Tess’s plank: “hold it”, it's 1 < 2 & <b>"))


def give(store: Store, slug: str, picture: str) -> Exercise:
    now = library.exercise(store, slug).exercise
    return library.edit(store, slug, replace(now, picture=picture), AT, based_on=now.version).exercise


def test_a_library_kept_before_there_were_pictures_reads_and_has_no_update(cast: Cast) -> None:
    with cast.work("ada") as store:
        row = store.library.get("plank")
        version = store.library.version(row)
        for one, name in ((row, "starter_document"), (version, "document")):
            older = json.loads(getattr(one, name))
            assert older.pop("picture") == ""
            setattr(one, name, json.dumps(older))
        store.session.flush()
        assert library.exercise(store, "plank").exercise.picture == ""
        assert starter_updates.updates(store) == ()
        assert not starter_updates.is_own_wording(library.exercise(store, "plank"))
        starter_updates.turn_down(store, "plank", AT)
        assert "picture" not in (row.starter_document or "")


def test_the_same_picture_in_other_words_is_no_new_version(cast: Cast) -> None:
    with cast.work("ada") as store:
        assert give(store, "plank", OURS).version == 2
        shuffled = json.dumps({**dict(reversed(json.loads(OURS).items())), "seconds": 5.0, "ghost": True}, indent=1)
        assert give(store, "plank", shuffled).version == 2
        assert from_text(read(written(library.exercise(store, "plank").exercise)).picture).title.startswith("Tess’s plank")


def test_a_picture_stays_through_an_update_of_the_starter_library(cast: Cast) -> None:
    with cast.work("ada") as store:
        an_older_starter(store, note="An older note")
        give(store, "plank", OURS)
        assert starter_updates.is_own_wording(library.exercise(store, "plank"))
        kept = starter_updates.take_over(store, "plank", AT, based_on=2)
        assert kept.exercise.picture == OURS
        assert kept.exercise.note != "An older note"


def test_merging_keeps_the_picture_of_the_one_that_stays(cast: Cast) -> None:
    with cast.work("ada") as store:
        twin = library.add(store, replace(library.exercise(store, "plank").exercise, slug="plank-2", picture=OURS), AT)
        give(store, "plank-knee", OURS)
        upkeep.same_as(store, twin.exercise.slug, "plank-knee", AT)
        assert library.exercise(store, "plank-knee").exercise.picture == OURS


def test_an_own_exercise_has_a_picture_as_soon_as_it_has_one_of_its_own(cast: Cast) -> None:
    with cast.work("ada") as store:
        own = library.add(store, replace(library.exercise(store, "plank").exercise, slug="our-plank"), AT).exercise
        assert Flaw.NO_PICTURE in {one.flaw for one in upkeep.remarks_on(store, own)}
        assert Flaw.NO_PICTURE not in {one.flaw for one in upkeep.remarks_on(store, give(store, "our-plank", OURS))}


@pytest.mark.parametrize("is_csv", [False, True])
def test_a_picture_goes_out_and_comes_in(cast: Cast, *, is_csv: bool) -> None:
    with cast.work("ada") as store:
        give(store, "plank", OURS)
        out = imports.export(store, is_csv=is_csv)
        give(store, "plank", "")
        sent = imports.send(store, "all", out.encode(), AT, is_csv=is_csv)
        run = imports.look(store, sent).run
        assert [(row.slug, row.changed) for row in run.of(Fate.CHANGED)] == [("plank", ("picture",))]
        imports.take_in(store, sent, run.mark, AT)
        assert library.exercise(store, "plank").exercise.picture == OURS


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (OURS.replace('"lean":84', '"lean":840'), "picture: it can't be drawn: poses 1: lean is 840; it goes from -180 to 180"),
        ("{}", "picture: it can't be drawn: title is missing"),
        ("a plank", "picture: it can't be drawn: this is no picture: it can't be read as JSON"),
        ("[" * 7000, "can't be read as JSON"),
        ("x" * 9000, "picture: use at most 8000 characters"),
    ],
    ids=["angle", "empty", "words", "deep", "long"],
)
def test_a_file_with_a_picture_that_cant_be_drawn_names_the_line(picture: str, why: str) -> None:
    plank = next(one for one in library.starter() if one.slug == "plank")
    for write, is_csv in ((to_yaml, False), (to_csv, True)):
        text = write([(replace(plank, picture=picture), False)])
        with pytest.raises(Invalid) as refused:
            read_exercises(text.encode(), is_csv=is_csv)
        (error,) = refused.value.errors
        line = 2 if is_csv else next(number for number, one in enumerate(text.splitlines(), 1) if "picture:" in one)
        assert error.field == f"line {line}"
        assert why in error.message


def test_whoever_saves_a_picture_that_cant_be_drawn_changes_nothing(cast: Cast) -> None:
    with cast.work("ada") as store:
        with pytest.raises(Invalid) as refused:
            give(store, "plank", OURS.replace('"lean":84', '"lean":840'))
        assert [error.field for error in refused.value.errors] == ["picture"]
        assert library.exercise(store, "plank").newest == 1


def test_the_picture_of_a_version_stays_what_it_was(cast: Cast) -> None:
    with cast.work("ada") as store:
        give(store, "plank", OURS)
        give(store, "plank", "")
    with cast.work("cleo", writes=False) as store:
        assert [library.picture(store, "plank", number) for number in (1, 2, 3)] == ["", OURS, ""]


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize("what", ["picture", "draft", "exercise"])
def test_whoever_read_before_another_saved_overwrites_nothing(postgresql_cast: Cast, what: str) -> None:
    """On SQLite nobody else can save while a transaction that writes is open."""
    cast = postgresql_cast
    with cast.work("ada") as store:
        number = exercise_drafts.begin(store, {"name": ("Half an idea",)}, AT, slug=None)

    def save(store: Store, note: str) -> None:
        if what == "exercise":
            library.edit(store, "plank", replace(library.exercise(store, "plank").exercise, note=note), AT, based_on=1)
        elif what == "draft" or note == "Hers":
            exercise_drafts.keep(store, number, {"note": (note,)}, AT, revision=1)
        else:
            exercise_drafts.put_picture(store, number, OURS, AT, revision=1)

    def read_save_and_be_late() -> None:
        with cast.work("ada") as store:
            assert exercise_drafts.draft(store, number).revision == library.exercise(store, "plank").newest == 1
            with cast.work("ada") as other:
                save(other, "Hers")
            save(store, "Mine")

    with pytest.raises(StaleVersion):
        read_save_and_be_late()
    with cast.work("ada", writes=False) as store:
        assert exercise_drafts.draft(store, number).typed == ({"name": ("Half an idea",)} if what == "exercise" else {"note": ("Hers",)})
        assert library.exercise(store, "plank").exercise.note == ("Hers" if what == "exercise" else "")
