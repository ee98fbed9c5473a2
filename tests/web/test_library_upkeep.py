"""The pages on which Ada looks after the library: remarks, coverage, archiving, duplicates, going back."""

from app.services import imports
from tests.cast import Cast
from tests.clock import Clock
from tests.finished import finish, situation
from tests.web.test_library import NEW, at, text, typed
from tests.world import contents

AT = Clock()()


def test_remarks_stand_in_a_list_and_on_each_page(cast: Cast) -> None:
    cast.ada.post("/library", {**NEW, "name": "Cure for all", "cues": ""})
    listed = text(cast.ada.get("/library/remarks"))
    assert "“Cure” claims a treatment. (Name)" in listed
    assert "No cue" in listed
    page = text(cast.ada.get("/library/cure-for-all"))
    assert "4 remarks" in page
    assert "It says nowhere how it is done." in page
    assert "remarks" not in text(cast.tess.get("/library/cure-for-all"))


def test_remarks_are_there_where_ada_writes_before_anything_is_published(cast: Cast) -> None:
    draft = at(cast.ada.post("/library/drafts", {**NEW, "cues": "Breathe\nThis fixes your back"}))
    page = cast.ada.get(draft)
    assert "“fixes” claims a treatment. Cues" in text(page)
    assert 'href="#f-cues"' in page.text
    assert 'id="f-cues"' in page.text
    assert "No picture" in text(page)
    looked = cast.ada.post("/library/preview", {**NEW, "cues": "Breathe", "regress": "quad-rock"})
    assert "1 remark on it as it stands here" in text(looked)
    assert "remark" not in text(cast.ada.get("/library/new"))
    assert "remark" not in text(cast.ada.get("/library/dowel-hinge/edit"))
    half_typed = at(cast.ada.post("/library/drafts", {"name": "Cure for all"}))
    assert "remark" not in text(cast.ada.get(half_typed))


def test_coverage_tells_what_is_missing_and_what_is_never_asked_for(cast: Cast) -> None:
    page = text(cast.ada.get("/library/coverage"))
    assert "Everything that the rules ask for is there" in page
    assert "Rear-foot-up quad and hip-flexor stretch" in page
    assert "no longer worked on" not in page
    cast.ada.post("/library/plank/archive")
    page = text(cast.ada.get("/library/coverage"))
    assert "Asked for and missing 1" in page
    assert "Front plank plank" in page
    assert "Plans leave these out until they are back: Front plank." in text(cast.ada.get("/library"))
    assert "Everything that the rules ask for" not in page
    assert "core" in page
    cast.ada.post("/library/smr-itb/edit", {**typed(cast.ada, "/library/smr-itb/edit"), "targets": "vastus lateralis"})
    page = text(cast.ada.get("/library/coverage"))
    assert "Tested, and no longer worked on 2" in page
    assert "it band" in page


def test_what_is_missing_is_brought_back_where_it_is_missed(cast: Cast) -> None:
    cast.ada.post("/library/plank/archive")
    page = cast.ada.get("/library/coverage")
    assert 'action="/library/plank/restore"' in page.text
    cast.ada.post("/library/plank/restore")
    assert "Everything that the rules ask for is there" in text(cast.ada.get("/library/coverage"))
    assert "Plans leave these out" not in text(cast.ada.get("/library"))


def test_the_way_to_the_archive_says_what_it_would_do(furnished_cast: Cast) -> None:
    cast = furnished_cast
    page = text(cast.ada.get("/library/runners-lunge/archive"))
    for words in ("What archiving Runner's lunge would do", "R10", "Prone cobra stretch", "nothing", "rectus femoris"):
        assert words in page
    assert "uses it, of" in page or "use it, of" in page
    assert "Cleo" not in page
    assert "/archive" in cast.ada.get("/library/runners-lunge").text


def test_a_duplicate_is_merged_on_the_page(cast: Cast) -> None:
    cast.ada.post("/library", {**NEW, "name": "Cable thing", "stage": "flexibility", "dose": "STRETCH"})
    assert at(cast.ada.post("/library/cable-thing/merge", {"other": "couch"})) == "/library/couch?said=exercise-merged"
    page = cast.ada.get("/library/cable-thing")
    assert "It turned out to be the same as Rear-foot-up quad and hip-flexor stretch" in text(page)
    before = contents(cast)
    for slug, other, status in (("couch", "", 409), ("couch", "cable-thing", 409), ("sl-dowel", "rdl-kb", 422)):
        refused = cast.ada.post(f"/library/{slug}/merge", {"other": other})
        assert refused.status_code == status
        assert 'id="f-other-error"' in refused.text
        assert ("Choose the other one." in text(refused)) is (other == "")
    refused = cast.ada.post("/library/clam/merge", {"other": "plank"})
    assert refused.status_code == 409
    assert "Rules ask for Clamshell by its short name (R13, R17, R24, R30)" in text(refused)
    assert "can’t be merged away" in text(cast.ada.get("/library/clam/archive"))
    assert contents(cast) == before


def test_two_of_one_name_are_told_apart_where_one_is_chosen(sqlite_cast: Cast) -> None:
    sqlite_cast.ada.post("/library", {**NEW, "name": "Front plank", "slug": "our-plank", "stage": "strengthening"})
    for path in ("/library/hip-thrust/archive", "/library/hip-thrust/edit"):
        page = text(sqlite_cast.ada.get(path))
        assert "Front plank (plank)" in page
        assert "Front plank (our-plank)" in page
        assert "Clamshell (" not in page


def test_ada_is_told_which_stage_new_plans_would_have_nothing_for(sqlite_cast: Cast) -> None:
    assert "The stage Dowel would be empty" in text(sqlite_cast.ada.get("/library/dowel-hinge/archive"))
    assert "would be empty" not in text(sqlite_cast.ada.get("/library/clam/archive"))


def test_a_stage_for_which_the_library_has_nothing_says_so_to_tess_and_to_cleo(sqlite_cast: Cast) -> None:
    emptied = "When this plan was made, the library lacked the exercises that the rules name for this stage."
    finish(sqlite_cast, situation("minimum-only"))
    assert emptied not in text(sqlite_cast.cleo.get("/my/plan"))
    for slug in ("quad-rock", "tall-kneel-hinge", "dowel-hinge"):
        sqlite_cast.ada.post(f"/library/{slug}/archive")
    finish(sqlite_cast, situation("minimum-only"))
    assert emptied in text(sqlite_cast.cleo.get("/my/plan"))
    assert emptied in text(sqlite_cast.tess.get(f"/clients/{sqlite_cast.people['cleo'].client_id}/plan"))


def test_ada_goes_back_to_an_earlier_version(cast: Cast) -> None:
    cast.ada.post("/library/plank/edit", {**typed(cast.ada, "/library/plank/edit"), "note": "worse"})
    page = cast.ada.get("/library/plank/versions/1")
    assert "Go back to this version" in text(page)
    assert "Go back" not in text(cast.tess.get("/library/plank/versions/1"))
    assert cast.ada.post("/library/plank/versions/1/restore", {"version": "1"}).status_code == 409
    assert at(cast.ada.post("/library/plank/versions/1/restore", {"version": "2"})) == "/library/plank?said=exercise-back"
    assert cast.ada.api.get("/exercises/plank").json()["version"] == 3
    assert cast.ada.api.get("/exercises/plank").json()["note"] == ""
    for same in ("1", "3"):
        said = at(cast.ada.post(f"/library/plank/versions/{same}/restore", {"version": "3"}))
        assert said == "/library/plank?said=exercise-unchanged"
    assert cast.ada.api.get("/exercises/plank").json()["version"] == 3


def test_who_can_t_go_back_reads_why_and_where_to_go_on(cast: Cast) -> None:
    cast.ada.post("/library/plank/edit", {**typed(cast.ada, "/library/plank/edit"), "progress": ""})
    cast.ada.post("/library/plank-reach/edit", {**typed(cast.ada, "/library/plank-reach/edit"), "regress": "", "progress": "plank"})
    before = contents(cast)
    refused = cast.ada.post("/library/plank/versions/1/restore", {"version": "2"})
    assert refused.status_code == 409
    assert "It can’t be as in version 1 again" in text(refused)
    assert "Harder: It goes round in a circle: the harder one, " in text(refused)
    for href in ("/library/plank", "/library/plank/edit"):
        assert f'href="{href}"' in refused.text
    late = cast.ada.post("/library/plank/versions/1/restore", {"version": "1"})
    assert "Somebody saved a newer version meanwhile. Look at it first." in text(late)
    assert 'href="/library/plank"' in late.text
    assert contents(cast) == before


def test_of_a_library_of_many_every_long_list_comes_in_pages(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    drills = "".join(f"drill-{number},Drill {number},dowel,source,no,SKILL\n" for number in range(330))
    with cast.work("ada") as store:
        sent = imports.send(store, "drills.csv", ("slug,name,stage,origin,per_side,dose\n" + drills).encode(), AT, is_csv=True)
        imports.take_in(store, sent, imports.look(store, sent).run.mark, AT)
    for path, first, last in (("remarks", "Drill 0", "Drill 329"), ("coverage", "Drill 0", "Drill 329")):
        page = text(cast.ada.get(f"/library/{path}"))
        assert "Page 1 of 6" in page
        assert len(cast.ada.get(f"/library/{path}").text) < 60_000
        assert first in page
        assert last not in page
        assert last in text(cast.ada.get(f"/library/{path}?page=6"))
        assert last in text(cast.ada.get(f"/library/{path}?page=99"))
        assert cast.ada.get(f"/library/{path}?page=0").status_code == 422
    page = cast.ada.get("/library/drill-7/archive").text
    assert "Drill 8" not in page
    assert "By its short name" in page
    assert at(cast.ada.post("/library/drill-7/merge", {"other": " drill-8 "})) == "/library/drill-8?said=exercise-merged"
