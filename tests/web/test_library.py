"""The library's pages: reading, searching, and Ada's edits; two admins at once."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from app.models import Role
from app.services import library
from tests.cast import Cast, Person
from tests.world import contents

NEW = {"name": "Hinge hold", "stage": "dowel", "origin": "judgement", "dose": "SKILL", "cues": "Stay long\r\n\r\n Breathe "}


def typed(person: Person, path: str) -> dict[str, Any]:
    """A page's form as a browser would send it back untouched."""
    page = person.get(path).text
    form = page[page.index('class="form"') : page.index("</main>")]
    fields: dict[str, Any] = {}
    for name, value in re.findall(r'<input id="[^"]*" name="([^"]+)" type="text"[^>]* value="([^"]*)"', form):
        fields[name] = unescape(value)
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        fields[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    for name, value in re.findall(r'<input type="checkbox"[^>]* name="([^"]+)" value="([^"]*)" checked', form):
        fields.setdefault(name, []).append(value)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return fields | {name: unescape(value) for name, value in hidden}


def text(response: Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def at(response: Response) -> str:
    return str(response.headers.get("location", ""))


# --- reading ----------------------------------------------------------------------------------------------------------


def test_tess_reads_an_exercise_and_finds_no_edit(cast: Cast) -> None:
    page = cast.tess.get("/library/wall-hinge")
    assert page.status_code == 200
    for words in (
        "Face away, heels 10-12 inches out",
        "Tingling, numbness or pain below the knee",
        "3 × 8",
        "S45, S46",
        "0 plans",
        "25.4 to 30.5",
    ):
        assert words in text(page)
    assert "/edit" not in page.text
    assert "/archive" not in page.text
    assert "New exercise" not in cast.tess.get("/library").text


def test_the_list_is_searched_and_narrowed(sqlite_cast: Cast) -> None:
    everything = text(sqlite_cast.tess.get("/library"))
    assert "In use 51" in everything
    assert everything.index("Flexibility") < everything.index("Front plank") < everything.index("Barbell Romanian deadlift")
    some = text(sqlite_cast.tess.get("/library", params={"query": "KETTLEBELL", "stage": "single_leg"}))
    assert "Single-leg RDL, loaded" in some
    assert "Front plank" not in some
    assert "Nothing found" in text(sqlite_cast.tess.get("/library?query=zzz"))
    assert "Nothing is archived" in text(sqlite_cast.tess.get("/library?archived=yes"))


def test_a_library_of_many_comes_in_pages(sqlite_cast: Cast) -> None:
    for number in range(12):
        sqlite_cast.ada.post("/library", {**NEW, "name": f"Drill {number}"})
    first = sqlite_cast.ada.get("/library")
    assert "Page 1 of 2, 63 exercises" in text(first)
    assert 'href="/library?page=2"' in first.text
    assert "Page 2 of 2, 63 exercises" in text(sqlite_cast.ada.get("/library?page=2"))
    assert "Page 2 of 2, 63 exercises" in text(sqlite_cast.ada.get("/library?page=9"))


@pytest.mark.parametrize(
    "path", ["/library/nonsense", "/library/PLANK", "/library/plank/versions/2", "/library/plank/versions/0", "/library/%00"]
)
def test_what_is_not_there_is_a_404(sqlite_cast: Cast, path: str) -> None:
    assert sqlite_cast.ada.get(path).status_code == 404


# --- editing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["plank", "wall-hinge", "sl-rdl", "rdl-bstance", "smr-itb", "step-up", "prone-cobra-stretch"])
def test_saving_without_a_change_makes_no_version(sqlite_cast: Cast, slug: str) -> None:
    before = contents(sqlite_cast)
    answer = sqlite_cast.ada.post(f"/library/{slug}/edit", typed(sqlite_cast.ada, f"/library/{slug}/edit"))
    assert at(answer) == f"/library/{slug}?said=exercise-unchanged"
    assert contents(sqlite_cast) == before


def test_an_edit_of_the_words_leaves_the_numbers_of_the_set_up_as_they_are(sqlite_cast: Cast) -> None:
    fine = {"distance_cm": (25.123456, 123456.7)}
    with sqlite_cast.work("ada") as store:
        wall = library.exercise(store, "wall-hinge").exercise
        library.edit(store, "wall-hinge", replace(wall, params=fine), sqlite_cast.clock(), based_on=1)
    form = typed(sqlite_cast.ada, "/library/wall-hinge/edit")
    sqlite_cast.ada.post("/library/wall-hinge/edit", {**form, "cues": "Look at the floor"})
    with sqlite_cast.work("ada", writes=False) as store:
        assert library.exercise(store, "wall-hinge").exercise.params == fine


def test_ada_edits_and_the_version_before_stays(cast: Cast) -> None:
    form = typed(cast.ada, "/library/plank/edit")
    assert (
        at(cast.ada.post("/library/plank/edit", {**form, "cues": "Look at the floor", "override_sets": "4"}))
        == "/library/plank?said=exercise-saved"
    )
    page = text(cast.tess.get("/library/plank"))
    assert "Look at the floor" in page
    assert "Version 2" in page
    assert "Ada" in page
    assert "4 × 10 to 60 s" in page
    old = text(cast.tess.get("/library/plank/versions/1"))
    assert "This is version 1 of 2" in old
    assert "Push the floor away" in old
    assert cast.tess.get("/library/plank").text.count("<del>") == 5


def test_what_makes_no_sense_stands_beside_its_field_and_nothing_typed_is_lost(sqlite_cast: Cast) -> None:
    before = contents(sqlite_cast)
    form = {**typed(sqlite_cast.ada, "/library/plank/edit"), "name": "", "override_reps": "12,,5", "params": "far", "note": "half written"}
    answer = sqlite_cast.ada.post("/library/plank/edit", form)
    assert answer.status_code == 422
    for field in ("name", "override_reps", "params"):
        assert f'id="f-{field}-error"' in answer.text
    assert "half written" in answer.text
    assert 'value="12,,5"' in answer.text
    again = sqlite_cast.ada.post("/library/plank/edit", {**form, "name": "Plank", "override_reps": "8", "params": "", "override_sets": "2"})
    assert again.status_code == 422
    assert 'id="f-override_reps-error"' in again.text
    assert contents(sqlite_cast) == before


def test_a_refused_form_still_knows_with_which_version_it_began(cast: Cast) -> None:
    form = typed(cast.ada, "/library/plank/edit")
    cast.ada.post("/library/plank/edit", {**form, "note": "the other one's"})
    refused = cast.ada.post("/library/plank/edit", {**form, "name": ""})
    assert '<input type="hidden" name="version" value="1">' in refused.text
    assert cast.ada.post("/library/plank/edit", {**form, "name": "Mended"}).status_code == 409


def test_what_is_wrong_is_listed_in_the_order_of_the_form(sqlite_cast: Cast) -> None:
    page = text(sqlite_cast.ada.post("/library", {"cues": "Breathe"}))
    listed = [page.index(f"{label}: ") for label in ("Name", "Stage", "Origin", "Dose")]
    assert listed == sorted(listed)


def test_a_gate_that_no_rule_knows_is_readable_and_chosen_no_more(cast: Cast) -> None:
    refused = cast.ada.post("/library", {**NEW, "gate": "HEAVY"})
    assert refused.status_code == 422
    assert "No rule knows the gate HEAVY. Choose SL_LOAD_GATE, or none." in text(refused)
    assert at(cast.ada.post("/library", {**NEW, "gate": "SL_LOAD_GATE"})).startswith("/library/hinge-hold")
    assert "Gate before load: The single-leg gate, on both legs" in text(cast.tess.get("/library/hinge-hold"))
    with cast.work("ada") as store:  # as it was stored when any word was taken
        version = store.library.version(store.library.get("hinge-hold"))
        version.document = version.document.replace("SL_LOAD_GATE", "HEAVY")
    assert "Gate before load: HEAVY" in text(cast.tess.get("/library/hinge-hold"))
    assert "No rule knows the gate HEAVY." in text(cast.ada.get("/library/hinge-hold"))
    as_it_is = typed(cast.ada, "/library/hinge-hold/edit")
    assert as_it_is["gate"] == "HEAVY"
    assert cast.ada.post("/library/hinge-hold/edit", {**as_it_is, "note": "New"}).status_code == 422
    assert at(cast.ada.post("/library/hinge-hold/edit", {**as_it_is, "gate": ""})) == "/library/hinge-hold?said=exercise-saved"


def test_ada_adds_an_exercise(cast: Cast) -> None:
    assert at(cast.ada.post("/library", NEW)) == "/library/hinge-hold?said=exercise-added"
    assert at(cast.ada.post("/library", NEW)) == "/library/hinge-hold-2?said=exercise-added"
    taken = cast.ada.post("/library", {**NEW, "slug": "hinge-hold"})
    assert taken.status_code == 409
    assert 'id="f-slug-error"' in taken.text
    assert cast.ada.api.get("/exercises/hinge-hold").json()["cues"] == ["Stay long", "Breathe"]
    assert cast.bea.get("/library/hinge-hold").status_code == 404


def test_archiving_leaves_a_gap_that_ada_sees(cast: Cast) -> None:
    assert at(cast.ada.post("/library/plank/archive")) == "/library/plank?said=exercise-archived"
    assert "The rules ask for what the library lacks" in text(cast.ada.get("/library"))
    assert "The rules ask" not in text(cast.tess.get("/library"))
    assert "Front plank" in text(cast.tess.get("/library?archived=yes"))
    assert "New plans leave it out, although the rules ask for it" in text(cast.tess.get("/library/plank"))
    assert at(cast.ada.post("/library/plank/restore")) == "/library/plank?said=exercise-restored"
    assert "The rules ask" not in text(cast.ada.get("/library"))


def test_nobody_deletes_an_exercise(sqlite_cast: Cast) -> None:
    for path in ("/library/plank", "/api/v1/exercises/plank"):
        assert sqlite_cast.ada.browser.request("DELETE", path).status_code == 405


def test_ada_who_edits_beside_a_draft_is_told_of_it(cast: Cast) -> None:
    draft = at(cast.ada.post("/library/plank/draft", typed(cast.ada, "/library/plank/edit"))).partition("?")[0]
    page = cast.ada.get("/library/plank/edit")
    assert "There is a draft By Ada" in text(page)
    assert draft in page.text
    assert "There is a draft" not in text(cast.ada.get(draft))
    of_its_own = at(cast.ada.post("/library/drafts", NEW)).partition("?")[0]
    assert "<h1>Hinge hold</h1>" in cast.ada.get(of_its_own).text


# --- two admins at once -----------------------------------------------------------------------------------------------


@pytest.fixture
def two_admins(cast: Cast) -> Cast:
    """Tess becomes an admin too, and both open the same form."""
    with cast.database.work(writes=True) as store:
        store.accounts.user(cast.tess.user_id).roles = frozenset({Role.TRAINER, Role.ADMIN})
    return cast


def test_the_second_sees_both_texts_and_the_difference_and_saves_hers_on_top(two_admins: Cast) -> None:
    ada, tess = two_admins.ada, two_admins.tess
    hers = {**typed(ada, "/library/plank/edit"), "note": "Ada's note", "faults": "Ada's fault"}
    tess.post("/library/plank/edit", {**typed(tess, "/library/plank/edit"), "note": "Tess's note", "load_rule": "Tess's rule"})
    before = contents(two_admins)
    clash = ada.post("/library/plank/edit", hers)
    assert clash.status_code == 409
    assert contents(two_admins) == before
    assert "Tess saved version 2 while you were writing" in text(clash)
    assert "<del>Tess&#39;s note</del><ins>Ada&#39;s note</ins>" in clash.text
    assert "<del>hips sag</del>" in clash.text
    assert "<ins>Tess&#39;s rule</ins>" in clash.text
    assert "Leave it as Tess wrote it" in text(clash)
    both, own = clash.text.index("Compare the two"), clash.text.index("Changed by you alone")
    assert both < clash.text.index('<h3><a href="#f-note">') < own < clash.text.index('<a href="#f-faults">')
    fields = dict(re.findall(r'<textarea [^>]*name="(note|load_rule|faults)"[^>]*>\n([^<]*)</textarea>', clash.text))
    assert fields == {"note": "Ada&#39;s note", "faults": "Ada&#39;s fault", "load_rule": "Tess&#39;s rule"}
    assert '<input type="hidden" name="version" value="2">' in clash.text
    on_top = ada.post("/library/plank/edit", {**hers, "load_rule": "Tess's rule", "version": "2"})
    assert at(on_top) == "/library/plank?said=exercise-saved"
    now = ada.api.get("/exercises/plank").json()
    assert (now["version"], now["note"], now["load_rule"], now["faults"]) == (3, "Ada's note", "Tess's rule", ["Ada's fault"])
    assert "Tess's note" in text(ada.get("/library/plank/versions/2"))


def test_what_a_version_changed_calls_its_neighbours_by_name(cast: Cast) -> None:
    cast.ada.post("/library/plank/edit", {**typed(cast.ada, "/library/plank/edit"), "progress": "side-plank", "regress": ""})
    page = cast.tess.get("/library/plank").text
    assert "<del>Plank with alternate arm or leg lift</del><ins>Side plank (knees, then feet)</ins>" in page
    assert "<del>Plank on knees or raised surface</del>" in page


def test_who_changed_other_fields_than_the_other_is_told_that_nothing_clashes(two_admins: Cast) -> None:
    ada, tess = two_admins.ada, two_admins.tess
    hers = {**typed(ada, "/library/plank/edit"), "note": "Ada's note"}
    tess.post("/library/plank/edit", {**typed(tess, "/library/plank/edit"), "load_rule": "Tess's rule"})
    clash = ada.post("/library/plank/edit", hers)
    assert clash.status_code == 409
    assert "No field was changed by both of you" in text(clash)
    assert "Changed by you alone" in text(clash)
    assert "Changed by Tess alone" in text(clash)


def test_a_stale_form_with_nothing_of_ones_own_changes_nothing(two_admins: Cast) -> None:
    ada, tess = two_admins.ada, two_admins.tess
    untouched = typed(ada, "/library/plank/edit")
    tess.post("/library/plank/edit", {**typed(tess, "/library/plank/edit"), "note": "Tess's note"})
    before = contents(two_admins)
    assert at(ada.post("/library/plank/edit", untouched)) == "/library/plank?said=exercise-unchanged"
    assert contents(two_admins) == before


@pytest.mark.parametrize("version", ["", "0", "9", "x", "-1", "9" * 40])
def test_a_form_that_began_nowhere_overwrites_nothing(sqlite_cast: Cast, version: str) -> None:
    before = contents(sqlite_cast)
    form = {**typed(sqlite_cast.ada, "/library/plank/edit"), "note": "from nowhere", "version": version}
    assert sqlite_cast.ada.post("/library/plank/edit", form).status_code == 409
    assert contents(sqlite_cast) == before


def test_a_plan_made_before_keeps_what_it_was_made_with(furnished_cast: Cast) -> None:
    cast = furnished_cast
    before = cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plan").json()
    item = next(item for stage in before["stages"] for item in stage["items"])
    slug = item["exercise"]
    assert cast.ada.api.get(f"/exercises/{slug}").json()["used_by"] >= 1
    cast.ada.post(f"/library/{slug}/edit", {**typed(cast.ada, f"/library/{slug}/edit"), "name": "Quite another name", "cues": "Other cues"})
    assert cast.ada.api.get(f"/exercises/{slug}").json()["name"] == "Quite another name"
    cast.ada.post(f"/library/{slug}/archive")
    assert cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plan").json() == before
    assert item["exercise_version"] == 1
    assert cast.tess.get(f"/library/{slug}/versions/1").status_code == 200


# --- the dose in a sentence -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "3 × 10 to 60 s, 3 to 5 days a week, 45 s rest."),
        ({"per_side": "yes", "override_sets": "4"}, "4 × 10 to 60 s on each side, 3 to 5 days a week, 45 s rest."),
        ({"dose": "SKILL", "override_reps": "6", "override_load": "8 kg"}, ", 8 kg, 3 to 5 days a week"),
        ({"dose": ""}, "No dose is chosen yet."),
        ({"dose": "LOTS"}, "That is no dose yet. Choose one of"),
        ({"override_reps": "8"}, "That is no dose yet. HOLD_CORE is held for seconds, it has no repetitions."),
        ({"override_sets": "many"}, "That is no dose yet. Sets: Write a whole number."),
    ],
)
def test_the_dose_is_said_in_a_sentence_before_anything_is_saved(sqlite_cast: Cast, changes: dict[str, str], sentence: str) -> None:
    before = contents(sqlite_cast)
    form = {**typed(sqlite_cast.ada, "/library/plank/edit"), "note": "half written", **changes}
    for path in ("/library/plank/preview", "/library/preview"):
        answer = sqlite_cast.ada.post(path, form)
        assert answer.status_code == 200
        assert sentence in text(answer)
        assert "half written" in answer.text
    assert contents(sqlite_cast) == before
    assert "3 × 10 to 60 s, 3 to 5 days a week, 45 s rest." in text(sqlite_cast.ada.get("/library/plank/edit"))


@pytest.mark.parametrize("path", ["/library/new", "/library/plank/edit"])
def test_enter_in_a_field_keeps_a_draft_and_publishes_nothing(sqlite_cast: Cast, path: str) -> None:
    draft = at(sqlite_cast.ada.post("/library/drafts", NEW)).partition("?")[0]
    for page in (sqlite_cast.ada.get(path).text, sqlite_cast.ada.get(draft).text):
        form = page[page.index('class="form"') :]
        pressed = form[form.index("<button") : form.index("</button>")]
        assert re.search(r'formaction="[^"]*/draft', pressed)
        assert "type=" not in pressed
    assert ">Publish</button>" in sqlite_cast.ada.get(draft).text


def test_ada_is_told_how_her_own_exercise_comes_into_a_plan(sqlite_cast: Cast) -> None:
    ada = sqlite_cast.ada
    ada.post("/library", NEW)
    assert "No plan will hold it yet" in text(ada.get("/library/hinge-hold"))
    ada.post("/library/dowel-hinge/edit", {**typed(ada, "/library/dowel-hinge/edit"), "regress": "hinge-hold"})
    assert "No plan will hold it yet" not in text(ada.get("/library/hinge-hold"))
    assert "No plan will hold it yet" not in text(sqlite_cast.tess.get("/library/hip-thrust"))
