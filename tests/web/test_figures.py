"""Pictures on pages: beside an exercise, in Cleo's list on the side that is prescribed, on paper; and at addresses of their own."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from jinja2 import Environment

from app.figures import FAULTS, HINGES, PICTURES
from app.rules.documents import Item
from app.rules.vocabulary import Side, Stage
from app.services import practice
from app.web.figures import Kind, drawn, faults_beside, figure, place_of, version
from app.web.pages.practice import fixed
from tests.cast import DAY, Cast
from tests.finished import finish, situation

EVERY_SIDE = [(slug, side) for slug in PICTURES for side in Side]


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    finish(sqlite_cast, situation("everything-tight"))
    return sqlite_cast


# --- pictures by themselves -------------------------------------------------------------------------------------------


def test_no_two_pictures_share_an_id() -> None:
    """Several of them stand on one page."""
    shown = [drawn(slug, side, kind) or "" for slug, side in EVERY_SIDE for kind in Kind]
    ids = [found for svg in shown for found in re.findall(r' id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))
    assert all(set(re.findall(r'href="#([^"]+)"', svg)) <= set(re.findall(r' id="([^"]+)"', svg)) for svg in shown)


def test_a_hold_has_nothing_that_moves() -> None:
    still = {slug for slug in PICTURES if (found := figure(slug)) is not None and found.moving is None}
    assert still == {slug for slug, picture in PICTURES.items() if len(picture.poses) == 1}
    assert still


def test_an_exercise_of_a_studio_has_no_picture() -> None:
    assert figure("our-own-hinge") is None
    assert place_of("our-own-hinge", Side.BOTH) is None
    assert faults_beside("our-own-hinge") == ()


def test_the_faults_stand_beside_what_is_done_on_the_feet() -> None:
    assert set(PICTURES) > HINGES
    assert all(len(faults_beside(slug)) == len(FAULTS) for slug in HINGES)
    assert faults_beside("quad-rock") == faults_beside("bridge") == ()


# --- addresses of their own -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_picture_is_kept_for_ever_by_its_version(cast: Cast, kind: Kind) -> None:
    address = f"/figures/wall-hinge/left/{kind}.svg"
    known = cast.nobody.get(f"{address}?v={version()}")
    assert known.headers["content-type"] == "image/svg+xml"
    assert known.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in known.headers["content-security-policy"]
    assert "set-cookie" not in known.headers
    ElementTree.fromstring(known.content)  # noqa: S314 - our own
    assert cast.nobody.get(f"{address}?v=older").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["nonsense/left/still.svg", "bridge/up/still.svg", "bridge/left/loud.svg", "bridge/up", "..%2F/left"])
def test_what_is_not_drawn_is_not_there(cast: Cast, path: str) -> None:
    assert cast.cleo.get(f"/figures/{path}").status_code == 404


def test_cleo_sees_a_picture_large_and_comes_back(cast: Cast) -> None:
    page = cast.cleo.get("/figures/half-kneel/left").text
    assert "tail tucked, left</h1>" in page
    assert "Kneeling tall on one knee" in page
    assert 'href="/my/today"' in page
    assert 'href="/library"' in cast.tess.get("/figures/half-kneel/left").text


# --- on pages ---------------------------------------------------------------------------------------------------------


def test_an_exercise_shows_its_movement_and_for_those_who_want_less_a_still(cast: Cast) -> None:
    page = cast.tess.get("/library/wall-hinge").text
    moving, still = drawn("wall-hinge", Side.BOTH, Kind.MOVING), drawn("wall-hinge", Side.BOTH, Kind.STILL)
    assert moving is not None
    assert still is not None
    assert moving in page
    assert still in page
    assert "Fault: it became a squat" in page
    assert "Fault: rounded back" in page
    assert " style=" not in page


def test_a_hold_is_shown_once_and_without_faults(cast: Cast) -> None:
    page = cast.tess.get("/library/plank").text
    assert page.count("<svg xmlns") == 1
    assert "animateTransform" not in page
    assert "Fault: " not in page


def test_an_exercise_without_a_picture_reads_well(cast: Cast) -> None:
    added = cast.ada.post(
        "/library",
        {"name": "Hinge hold", "slug": "hinge-hold", "stage": "dowel", "origin": "judgement", "dose": "SKILL", "cues": "Stay long"},
    )
    page = cast.ada.get(added.headers["location"]).text
    assert "Hinge hold" in page
    assert 'class="figure"' not in page
    assert 'aria-label="Picture"' not in page
    assert "/figures/hinge-hold" not in cast.tess.get("/library?query=hinge+hold").text


def test_the_list_has_small_stills(cast: Cast) -> None:
    page = cast.tess.get("/library").text
    assert len(re.findall(r'<img alt="" loading="lazy" src="/figures/[\w-]+/both/paper\.svg\?v=\w+">', page)) == len(PICTURES)


def test_cleos_list_has_the_picture_of_the_side_that_goes_first(cast: Cast) -> None:
    with cast.work("cleo") as store:
        plan = practice.my_day(store, DAY).plan
    assert plan is not None
    first: dict[str, Item] = {}
    for stage in plan.stages:
        for item in stage.items:
            first.setdefault(item.exercise, item)
    page = cast.cleo.get("/my/today").text
    found = dict(re.findall(r'<a class="see" href="/figures/([\w-]+)/(\w+)\?v=', page))
    assert len(found) > 10
    assert found == {slug: first[slug].side.value for slug in found}
    assert {"left", "both"} <= set(found.values())
    assert "<svg xmlns" not in page, "pictures come when a fold is opened"
    assert 'class="see"' in cast.tess.get(f"/clients/{cast.cleo.client_id}/practice").text


def test_a_row_of_a_studios_own_exercise_reads_well(cast: Cast) -> None:
    with cast.work("cleo") as store:
        plan = practice.my_day(store, DAY).plan
    assert plan is not None
    item = next(stage for stage in plan.stages if stage.stage is Stage.FLEXIBILITY).items[0]
    row = fixed([replace(item, exercise="our-own-hinge")])
    templates: Environment = cast.app.state.templates
    text = str(templates.get_template("practice/_how.html").module.explained(row))  # type: ignore[attr-defined]  # a macro
    assert "figure" not in text
    assert row.cues[0] in text


def test_a_printed_week_has_small_stills_for_paper(cast: Cast) -> None:
    page = cast.tess.get(f"/clients/{cast.cleo.client_id}/plan/print").text
    drawn_rows = re.findall(r'<img alt="" src="/figures/[\w-]+/(?:left|right|both)/paper\.svg\?v=\w+">', page)
    assert len(drawn_rows) == page.count('class="week-item"') > 20
    assert 'fill="#' in cast.tess.get("/figures/bridge/both/paper.svg").text
