"""The picture of an exercise: Ada sets it by numbers without JavaScript, everybody of the studio sees it, and plans keep theirs."""

import random
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from app.figures import PICTURES
from app.figures.documents import from_text, to_text
from app.figures.editing import RANGES, STARTS
from app.figures.pose import Gear, Kind, Part
from app.services import library, plans
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.plain_forms import Filled, plain_forms
from tests.web.test_library import NEW, at, text, typed
from tests.world import contents

PLANK = to_text(PICTURES["plank"])


def drafted(cast: Cast, **fields: str) -> str:
    """The address of the editor for a draft that Ada has just begun in the form of a new exercise."""
    address = at(cast.ada.post("/library/drafts", {**NEW, **fields, "then": "picture"}))
    assert re.fullmatch(r"/library/drafts/\d+/picture", address)
    return address


def editor(cast: Cast, address: str, html: str | None = None, **filled: str | list[str]) -> dict[str, Any]:
    """What the editor's form sends with these fields filled in."""
    (form,) = (one for one in plain_forms(html or cast.ada.get(address).text) if one.action == address)
    sent: Filled = form.filled({name.replace("__", "."): value for name, value in filled.items()})
    return dict(sent)


def own(cast: Cast, slug: str) -> str:
    with cast.work("ada", writes=False) as store:
        return library.exercise(store, slug).exercise.picture


def give(cast: Cast, slug: str, picture: str) -> int:
    """Give an exercise a picture of its own; its version from then on."""
    with cast.work("ada") as store:
        now = library.exercise(store, slug).exercise
        return library.edit(store, slug, replace(now, picture=picture), cast.clock(), based_on=now.version).newest


# --- the editor -------------------------------------------------------------------------------------------------------


def test_ada_makes_a_picture_by_numbers_alone_and_tess_finds_it(cast: Cast) -> None:
    address = drafted(cast)
    first = editor(cast, address, seen="Standing, then the hips go back.", poses__1__lean="57,5", poses__1__near_leg__knee="20")
    tried = cast.ada.post(f"{address}/preview", first)
    assert tried.status_code == 200
    assert tried.text.count("<svg xmlns") == 4, "start, end, the movement and the still one"
    assert 'value="57.5"' in tried.text
    sent = editor(cast, address, tried.text, arrow__part="hip")
    assert at(cast.ada.post(address, sent)) == f"{address.removesuffix('/picture')}?said=picture-kept"
    draft = cast.ada.get(address.removesuffix("/picture"))
    assert "A picture of its own." in text(draft)
    assert "animateTransform" in draft.text
    published = at(cast.ada.post("/library", typed(cast.ada, address.removesuffix("/picture"))))
    assert published == "/library/hinge-hold?said=exercise-added"
    picture = from_text(own(cast, "hinge-hold"))
    assert (picture.title, len(picture.poses), picture.poses[1].lean) == ("Hinge hold", 2, 57.5)
    assert picture.arrow is not None
    assert "animateTransform" in cast.tess.get("/library/hinge-hold").text
    found = re.search(r'src="(/figures/hinge-hold/1/both/paper\.svg\?v=\w+)"', cast.tess.get("/library?query=hinge+hold").text)
    assert found is not None
    assert "57.5" not in cast.tess.get(found[1]).text
    assert "no picture" not in text(cast.ada.get("/library/hinge-hold")).lower()


@pytest.mark.parametrize("begin", [*STARTS, "fig4", "bridge-iso", "wall-hinge"])
def test_every_beginning_can_be_kept_as_it_is(sqlite_cast: Cast, begin: str) -> None:
    address = drafted(sqlite_cast)
    sent = editor(sqlite_cast, address, sqlite_cast.ada.get(f"{address}?begin={begin}").text)
    assert at(sqlite_cast.ada.post(address, sent)).endswith("picture-kept")
    if begin in PICTURES:
        kept = sqlite_cast.ada.get(address.removesuffix("/picture")).text
        (picture,) = re.findall(r'name="picture" value="([^"]*)"', kept)
        assert unescape(picture) == to_text(replace(PICTURES[begin], title="Hinge hold"))


def test_what_is_wrong_is_told_beside_its_field_and_everything_typed_stays(cast: Cast) -> None:
    address = drafted(cast)
    wrong = {"poses__1__lean": "400", "poses__0__far_arm__elbow": "a lot", "title": "", "poses__0__back": "12", "poses__0__neck": "nan"}
    sent = editor(cast, address, **wrong)
    before = contents(cast)
    for path in (address, f"{address}/preview"):
        refused = cast.ada.post(path, sent)
        assert refused.status_code == 422
        assert "4 things to put right" in text(refused)
        assert refused.text.count("<svg xmlns") == 4, "the last picture that could be drawn"
        assert "End, Lean: Write a number from -180 to 180." in text(refused)
        for name, value in (("poses.1.lean", "400"), ("poses.0.far_arm.elbow", "a lot"), ("poses.0.back", "12")):
            assert re.search(f'name="{re.escape(name)}" value="{value}"', refused.text)
        for name in ("poses.1.lean", "poses.0.far_arm.elbow", "poses.0.neck", "title"):
            assert f'id="f-{name}-error"' in refused.text
    assert contents(cast) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"view": "inside"},
        {"count": "0"},
        {"count": "900"},
        {"count": "²"},
        {"base": "[" * 9000},
        {"base": '{"tissues":[{"bone":"x"}]}'},
        {"gear.0.kind": "<script>"},
        {"poses.0.pins.0.part": "near-foot", "poses.0.pins.0.on": "moon"},
        {"poses.0.balance": "yes"},
        {"seen": "x" * 500},
        {"seconds": "1e400"},
        {"arrow.part": "crown", "arrow.bend": "9"},
        {f"poses.0.pins.{place}.part": "near-foot" for place in range(40)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_nobody_can_break_the_preview(sqlite_cast: Cast, wrong: dict[str, str]) -> None:
    address = drafted(sqlite_cast)
    good = {"title": "A reach", "seen": "Reaching.", "view": "profile", "floor": "ground", "alone": "yes"}
    assert sqlite_cast.ada.post(f"{address}/preview", good).status_code == 200
    answer = sqlite_cast.ada.post(f"{address}/preview", {**good, **wrong})
    assert answer.status_code in (200, 422)
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def limits(name: str) -> tuple[float, float] | None:
    """From where to where a field of the editor goes; None for one that is no number."""
    last = name.rpartition(".")[2]
    return RANGES.get("seen" if last.endswith("_seen") else name if name.startswith("arrow.") else last)


@pytest.mark.slow
@pytest.mark.parametrize("begin", [*STARTS, "step-up", "sl-rdl", "clam"])
def test_numbers_at_their_limits_are_drawn_or_refused_and_the_editor_opens_again(sqlite_cast: Cast, begin: str) -> None:
    chance = random.Random(begin)
    address = drafted(sqlite_cast)
    whole = editor(sqlite_cast, address, sqlite_cast.ada.get(f"{address}?begin={begin}").text, arrow__part="hip", gear__0__kind="wall")
    numbers = sorted(name for name in whole if limits(name) and name != "seen")
    for _ in range(12):
        sent = dict(whole)
        for name in chance.sample(numbers, chance.choice((1, 3, 20))):
            low, high = limits(name) or (0, 0)
            sent[name] = [f"{chance.choice((low, high)):g}"]
        if chance.random() < 0.3:
            sent["hold"] = ["yes"]
        for more in ({}, {"alone": "yes"}):
            assert sqlite_cast.ada.post(f"{address}/preview", {**sent, **more}).status_code in (200, 422)
        whole["revision"] = editor(sqlite_cast, address)["revision"]
        kept = sqlite_cast.ada.post(address, {**sent, "revision": whole["revision"]})
        assert kept.status_code in (303, 422)
        assert sqlite_cast.ada.get(address).status_code == 200
        assert sqlite_cast.ada.get(address.removesuffix("/picture")).status_code == 200


@pytest.mark.parametrize(
    "far",
    [
        {"poses.0.pins.0.x": "-300", "poses.1.pins.0.x": "300"},
        {"hold": "yes", "poses.1.pins.0.y": "-200", "poses.1.pins.1.y": "-200"},
    ],
    ids=["apart", "below the ground"],
)
def test_contacts_as_far_as_they_go_are_drawn_and_can_be_mended(sqlite_cast: Cast, far: dict[str, str]) -> None:
    address = drafted(sqlite_cast)
    begun = editor(sqlite_cast, address)
    assert sqlite_cast.ada.post(f"{address}/preview", {**begun, **far}).status_code == 200
    assert at(sqlite_cast.ada.post(address, {**begun, **far})).endswith("picture-kept")
    again = editor(sqlite_cast, address, poses__0__pins__0__x="0", poses__0__pins__0__y="6.6")
    assert at(sqlite_cast.ada.post(address, again)).endswith("picture-kept")


def test_a_wide_picture_that_a_file_brought_can_be_changed(sqlite_cast: Cast) -> None:
    wide = replace(PICTURES["plank"], gear=(Gear(Kind.RAIL, x=300, h=90, w=16), Gear(Kind.WALL, x=-300, w=-9, h=180)))
    give(sqlite_cast, "plank", to_text(wide))
    address = at(sqlite_cast.ada.post("/library/plank/draft", {**typed(sqlite_cast.ada, "/library/plank/edit"), "then": "picture"}))
    assert editor(sqlite_cast, address)["gear.0.x"] == ["300"]


def test_a_picture_that_is_heavy_to_send_is_kept_with_a_word_on_what_makes_it_lighter(sqlite_cast: Cast) -> None:
    heavy = replace(PICTURES["step-up-low"], gear=tuple(Gear(Kind.STAFF, on=part, w=9, h=9) for part in list(Part)[:12]))
    said = "KB to send, and 12 are enough: leave out a pose or a piece of equipment."
    give(sqlite_cast, "step-up-low", to_text(heavy))
    assert said in text(sqlite_cast.ada.get("/library/step-up-low"))
    form = {**typed(sqlite_cast.ada, "/library/step-up-low/edit"), "then": "picture"}
    address = at(sqlite_cast.ada.post("/library/step-up-low/draft", form))
    sent = editor(sqlite_cast, address)
    assert said in text(sqlite_cast.ada.post(f"{address}/preview", sent))
    assert at(sqlite_cast.ada.post(address, sent)).endswith("picture-kept")
    light = editor(sqlite_cast, address, **{f"gear__{place}__kind": "" for place in range(12)})
    assert said not in text(sqlite_cast.ada.post(f"{address}/preview", light))


def test_a_hold_has_one_pose_and_can_move_again(sqlite_cast: Cast) -> None:
    address = drafted(sqlite_cast)
    held = sqlite_cast.ada.post(f"{address}/preview", editor(sqlite_cast, address, hold="yes", poses__1__lean="30"))
    assert "The pose" in text(held)
    assert held.text.count("<svg xmlns") == 1
    again = editor(sqlite_cast, address, held.text)
    del again["hold"]
    moving = editor(sqlite_cast, address, sqlite_cast.ada.post(f"{address}/preview", again).text)
    assert moving["poses.0.lean"] == moving["poses.1.lean"] == ["30"]


def test_a_picture_is_put_over_nobodys_save_unseen(cast: Cast) -> None:
    address = drafted(cast)
    draft = address.removesuffix("/picture")
    sent = editor(cast, address, poses__1__lean="40")
    cast.ada.post(draft, {**NEW, "note": "meanwhile", "revision": "1"})
    stale = cast.ada.post(address, sent)
    assert stale.status_code == 409
    assert "saved this draft meanwhile" in text(stale)
    assert 'value="40"' in stale.text
    assert at(cast.ada.post(address, editor(cast, address, stale.text))).endswith("picture-kept")
    assert "meanwhile" in cast.ada.get(draft).text, "what the other saved is still there"


def test_who_saves_her_words_over_a_picture_made_meanwhile_keeps_the_picture(cast: Cast) -> None:
    address = drafted(cast)
    draft = address.removesuffix("/picture")
    mine = typed(cast.ada, draft)
    assert at(cast.ada.post(address, editor(cast, address, poses__1__lean="40"))).endswith("picture-kept")
    assert at(cast.ada.post(draft, mine)).endswith("draft-kept"), "only the picture is new, and it is no word of hers"
    stale = cast.ada.post(draft, {**mine, "note": "my words"})
    assert stale.status_code == 409
    assert "<ins>my words</ins>" in stale.text
    hidden = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', stale.text)}
    assert at(cast.ada.post(draft, {**mine, **hidden, "note": "my words"})).endswith("draft-kept")
    kept = typed(cast.ada, draft)
    assert "my words" in kept["note"]
    assert '"lean":40' in str(kept["picture"])


def test_ada_changes_our_picture_sees_the_difference_and_goes_back_to_it(cast: Cast) -> None:
    address = at(cast.ada.post("/library/plank/draft", {**typed(cast.ada, "/library/plank/edit"), "then": "picture"}))
    sent = editor(cast, address)
    assert sent["poses.0.lean"] == ["84"], "it begins with the one that we drew"
    cast.ada.post(address, {**sent, "poses.0.lean": "80"})
    assert (
        at(cast.ada.post("/library/plank/edit", typed(cast.ada, address.removesuffix("/picture")))) == "/library/plank?said=exercise-saved"
    )
    page = cast.ada.get("/library/plank")
    assert "<h3>Picture</h3>" in page.text
    assert "lean 80°" in text(page)
    assert "{" not in text(page)
    address = at(cast.ada.post("/library/plank/draft", {**typed(cast.ada, "/library/plank/edit"), "then": "picture"}))
    cast.ada.post(address, {**editor(cast, address), "choice": "without"})
    cast.ada.post("/library/plank/edit", typed(cast.ada, address.removesuffix("/picture")))
    assert own(cast, "plank") == ""
    assert "lean 80°" in text(cast.ada.get("/library/plank/versions/3"))
    assert at(cast.ada.post("/library/plank/versions/2/restore", {"version": "3"})).endswith("exercise-back")
    assert "80" in own(cast, "plank")


def test_two_admins_pictures_meet_like_any_other_field(sqlite_cast: Cast) -> None:
    mine = typed(sqlite_cast.ada, "/library/plank/edit") | {"picture": PLANK}
    give(sqlite_cast, "plank", to_text(replace(PICTURES["plank"], title="Hers")))
    clash = sqlite_cast.ada.post("/library/plank/edit", mine)
    assert clash.status_code == 409
    assert '<a href="#f-picture">Picture</a>' in clash.text
    assert "<del>Hers</del><ins>Front plank</ins>" in clash.text


def test_a_picture_that_cant_be_drawn_is_refused_everywhere(cast: Cast) -> None:
    form = typed(cast.ada, "/library/plank/edit") | {"picture": PLANK.replace('"lean":84', '"lean":840')}
    before = contents(cast)
    refused = cast.ada.post("/library/plank/edit", form)
    assert refused.status_code == 422
    assert "lean is 840; it goes from -180 to 180" in text(refused)
    assert contents(cast) == before


def test_a_program_that_knows_no_pictures_leaves_them_as_they_are(cast: Cast) -> None:
    give(cast, "plank", PLANK)
    whole = cast.ada.api.get("/exercises/plank").json()
    writable = cast.nobody.get("/openapi.json").json()["components"]["schemas"]["WholeExercise"]["properties"]
    sent = {name: value for name, value in whole.items() if name in writable} | {"cues": ["Look down"]}
    answer = cast.ada.api.put("/exercises/plank", json=sent, headers={"if-match": '"2"'})
    assert (answer.status_code, answer.json()["version"], own(cast, "plank")) == (200, 3, PLANK)
    assert cast.ada.api.put("/exercises/plank", json={**sent, "picture": PLANK}, headers={"if-match": '"3"'}).status_code == 422


# --- where it is seen -------------------------------------------------------------------------------------------------


def test_plans_made_before_keep_their_picture_and_new_ones_have_the_new_one(cast: Cast) -> None:
    finish(cast, situation("everything-tight"))
    before = cast.cleo.get("/my/today").text
    found = re.search(r'href="(/figures/half-kneel/\w+\?v=\w+)"', before)
    assert found is not None
    version = give(cast, "half-kneel", to_text(replace(PICTURES["half-kneel"], title="Our own half kneel")))
    assert found[0] in cast.cleo.get("/my/today").text
    assert "Our own half kneel" not in cast.cleo.get(found[1]).text
    finish(cast, situation("everything-tight"))
    after = cast.cleo.get("/my/today").text
    own_page = re.search(rf'href="(/figures/half-kneel/{version}/left\?v=\w+)"', after)
    assert own_page is not None
    assert "Our own half kneel, left</h1>" in cast.cleo.get(own_page[1]).text
    with cast.work("tess", writes=False) as store:
        plan = plans.current_plan(store, cast.cleo.client_id or 0, DAY).plan
    assert plan is not None
    pictures = {item.picture for stage in plan.stages for item in stage.items if item.exercise == "half-kneel"}
    assert pictures == {own(cast, "half-kneel")}


def test_an_own_picture_is_kept_by_browsers_until_it_changes_and_is_the_studios_alone(cast: Cast) -> None:
    version = give(cast, "plank", PLANK.replace("Front plank", "Our plank"))
    listed = cast.tess.get("/library?query=plank").text
    found = re.search(rf'src="(/figures/plank/{version}/both/paper\.svg)\?v=(\w+)"', listed)
    assert found is not None
    path, mark = found.groups()
    kept = cast.cleo.get(f"{path}?v={mark}")
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert kept.headers["content-type"] == "image/svg+xml"
    assert "Our plank" in kept.text
    assert cast.cleo.get(f"{path}?v=older").headers["cache-control"] == "private, no-cache"
    for person in (cast.bea, cast.ben):
        assert person.get(f"{path}?v={mark}").status_code == 404
        assert person.get(f"/figures/plank/{version}/both").status_code == 404
    assert cast.cleo.get("/figures/plank/1/both/still.svg").status_code == 404, "version 1 had none of its own"
    assert "Our plank" not in cast.bea.get("/library/plank").text
