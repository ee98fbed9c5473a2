"""Drafts and updates of the starter library on their pages."""

import re

from tests.cast import Cast
from tests.services.test_exercise_drafts import an_older_starter, before_there_was, plank
from tests.web.test_library import NEW, at, text, typed
from tests.world import contents


def test_a_draft_may_be_half_typed_and_becomes_an_exercise_when_published(cast: Cast) -> None:
    draft = at(cast.ada.post("/library/drafts", {"name": "Hinge hold", "override_sets": "many", "cues": "Stay long"}))
    assert re.fullmatch(r"/library/drafts/\d+\?said=draft-kept", draft)
    page = cast.ada.get(draft)
    assert "Kept as a draft." in text(page)
    assert 'value="many"' in page.text
    assert "Hinge hold" in text(cast.ada.get("/library/drafts"))
    assert "Hinge hold" not in text(cast.tess.get("/library?query=hold"))
    number = re.search(r"\d+", draft)
    assert number is not None
    hidden = {"draft": number[0], "revision": "1"}
    refused = cast.ada.post("/library", {**NEW, **hidden, "dose": ""})
    assert refused.status_code == 422
    assert f'name="draft" value="{number[0]}"' in refused.text
    assert at(cast.ada.post("/library", {**NEW, **hidden})) == "/library/hinge-hold?said=exercise-added"
    assert "No drafts" in text(cast.ada.get("/library/drafts"))
    assert "Hinge hold" in text(cast.tess.get("/library?query=hold"))


def test_a_draft_of_an_exercise_waits_beside_it_and_meets_what_was_published_meanwhile(cast: Cast) -> None:
    form = {**typed(cast.ada, "/library/plank/edit"), "note": "a drafted note"}
    draft = at(cast.ada.post("/library/plank/draft", form)).partition("?")[0]
    page = text(cast.ada.get("/library/plank"))
    assert "There is a draft By Ada" in page
    assert "drafted" not in text(cast.tess.get("/library/plank"))
    cast.ada.post("/library/plank/edit", {**typed(cast.ada, "/library/plank/edit"), "note": "a published note"})
    again = typed(cast.ada, draft)
    assert (again["note"], again["version"]) == ("a drafted note", "1")
    clash = cast.ada.post("/library/plank/edit", again)
    assert clash.status_code == 409
    assert "<del>a published note</del><ins>a drafted note</ins>" in clash.text
    assert at(cast.ada.post("/library/plank/edit", {**again, "version": "2"})) == "/library/plank?said=exercise-saved"
    assert cast.ada.get(draft).status_code == 404


def test_a_draft_that_somebody_saved_meanwhile_is_not_overwritten_unseen(cast: Cast) -> None:
    draft = at(cast.ada.post("/library/drafts", NEW)).partition("?")[0]
    assert at(cast.ada.post(draft, {**NEW, "note": "first", "revision": "1"})) == f"{draft}?said=draft-kept"
    before = contents(cast)
    stale = cast.ada.post(draft, {**NEW, "note": "second", "slug": "held-hinge", "revision": "1"})
    assert stale.status_code == 409
    assert "<h2>Ada saved this draft while you were writing</h2>" in stale.text
    assert "<del>first</del><ins>second</ins>" in stale.text
    assert "<ins>held-hinge</ins>" in stale.text
    assert "second</textarea>" in stale.text
    assert f'href="{draft}">Leave it as Ada wrote it</a>' in stale.text
    assert contents(cast) == before
    assert at(cast.ada.post(draft, {**NEW, "note": "first", "revision": "1"})) == f"{draft}?said=draft-kept", "both wrote the same"
    assert contents(cast) == before
    assert 'name="revision" value="2"' in stale.text
    cast.ada.post(draft, {**NEW, "note": "second", "revision": "2"})
    assert "second" in cast.ada.get(draft).text
    assert at(cast.ada.post(f"{draft}/discard")) == "/library/drafts?said=draft-discarded"
    assert cast.ada.get(draft).status_code == 404


def test_ada_publishes_and_what_was_saved_into_the_draft_meanwhile_stays(sqlite_cast: Cast) -> None:
    ada = sqlite_cast.ada
    draft = at(ada.post("/library/drafts", NEW)).partition("?")[0]
    mine = typed(ada, draft)
    ada.post(draft, {**mine, "note": "hours of work"})
    assert at(ada.post("/library", mine)) == "/library/hinge-hold?said=draft-stays"
    assert "hours of work" in ada.get(draft).text
    hidden = {"draft": draft.rpartition("/")[2], "revision": "2"}
    plank = typed(ada, "/library/plank/edit")
    assert at(ada.post("/library/plank/edit", {**plank, **hidden, "note": "new"})) == "/library/plank?said=draft-stays"
    assert "hours of work" in ada.get(draft).text


def test_an_update_of_the_starter_library_is_shown_and_settled(cast: Cast) -> None:
    with cast.work("ada") as store:
        an_older_starter(store, note="An older note")
    cast.ada.post("/library/plank/edit", {**typed(cast.ada, "/library/plank/edit"), "name": "Our plank"})
    assert "Update available" in text(cast.ada.get("/library/plank"))
    assert "Update available" not in text(cast.tess.get("/library/plank"))
    assert "Update available, see the difference" in text(cast.ada.get("/library/drafts"))
    page = cast.ada.get("/library/plank/starter")
    assert "<del>An older note</del>" in page.text
    assert "<ins>Our plank</ins>" in page.text
    assert cast.ada.post("/library/plank/starter", {"choice": "take", "version": "1"}).status_code == 409
    assert at(cast.ada.post("/library/plank/starter", {"choice": "take", "version": "2"})) == "/library/plank?said=update-taken-over"
    now = cast.ada.api.get("/exercises/plank").json()
    assert (now["name"], now["note"], now["version"]) == ("Our plank", "", 3)
    assert at(cast.ada.get("/library/plank/starter")) == "/library/plank"


def test_ada_chooses_where_she_and_the_starter_library_changed_the_same(cast: Cast) -> None:
    with cast.work("ada") as store:
        an_older_starter(store, note="An older note", cues=("An older cue",), faults=("an older fault",))
    cast.ada.post("/library/plank/edit", {**typed(cast.ada, "/library/plank/edit"), "cues": "Our cue", "faults": "our fault"})
    page = cast.ada.get("/library/plank/starter")
    assert "<del>Our cue</del>" in page.text
    assert page.text.count('value="ours" checked') == 2
    before = contents(cast)
    for wrong in ({}, {"choice": "perhaps"}, {"choice": "take", "choose_cues": "both"}):
        again = cast.ada.post("/library/plank/starter", {"version": "2", "choose_faults": "theirs", **wrong})
        assert again.status_code == 422
        assert 'name="choose_faults" value="theirs" checked' in again.text
    assert contents(cast) == before
    taken = {"choice": "take", "version": "2", "choose_cues": "ours", "choose_faults": "theirs"}
    assert at(cast.ada.post("/library/plank/starter", taken)) == "/library/plank?said=update-taken-over"
    now = cast.ada.api.get("/exercises/plank").json()
    assert now["cues"] == ["Our cue"]
    assert now["faults"] == list(plank().faults)
    assert now["note"] == ""


def test_our_own_wording_may_stay(cast: Cast) -> None:
    with cast.work("ada") as store:
        an_older_starter(store, note="An older note")
    assert at(cast.ada.post("/library/plank/starter", {"choice": "keep"})) == "/library/plank?said=update-turned-down"
    page = text(cast.ada.get("/library/plank"))
    assert "Update available" not in page
    assert "your own, of an exercise of the starter library" in page
    assert cast.ada.api.get("/exercises/plank").json()["version"] == 1


def test_bea_adds_one_new_exercise_of_the_starter_library_and_leaves_another_out(cast: Cast) -> None:
    with cast.work("bea") as store:
        before_there_was(store, "plank", "plank-reach")
    assert cast.bea.get("/library/plank").status_code == 404
    listed = text(cast.bea.get("/library/drafts"))
    assert "Front plank New exercise, see what it says" in listed
    page = text(cast.bea.get("/library/plank/starter"))
    assert "Front plank is new in the starter library" in page
    assert "come with it: Plank with alternate arm or leg lift." in page
    before = contents(cast)
    for wrong in ({}, {"choice": "perhaps"}):
        assert cast.bea.post("/library/plank/starter", wrong).status_code == 422
    assert contents(cast) == before
    assert at(cast.bea.post("/library/plank-reach/starter", {"choice": "keep"})) == "/library/plank-reach?said=newcomer-declined"
    assert "come with it" not in text(cast.bea.get("/library/plank/starter"))
    assert at(cast.bea.post("/library/plank/starter", {"choice": "take"})) == "/library/plank?said=newcomer-added"
    assert "New exercise, see" not in text(cast.bea.get("/library/drafts"))
    assert "Archived" in text(cast.bea.get("/library/plank-reach"))
