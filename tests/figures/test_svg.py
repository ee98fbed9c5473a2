"""What is served: SVG that parses, obeys the content policy, says what it shows, mirrors, moves and stays small."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.figures import FAULTS, PICTURES, Theme, draw, frame
from app.figures.paint import NEAR
from tests.figures.reading import SVG, moments, parse, read

CSS = (Path(__file__).parents[2] / "static/css/figures.css").read_text(encoding="utf-8")
ALL = {**PICTURES, **FAULTS}
HOLDS = {"smr-hipflex", "bridge-iso", "plank", "plank-knee"}
"""One pose, held."""
EVERY = pytest.mark.parametrize("slug", ALL)


@EVERY
@pytest.mark.parametrize("theme", Theme)
def test_it_parses_and_has_no_style_and_no_script(slug: str, theme: Theme) -> None:
    for animated in (False, True):
        for node in parse(draw(ALL[slug], theme=theme, animated=animated)).iter():
            assert node.tag.removeprefix(SVG) not in {"style", "script", "foreignObject", "image", "a", "set"}
            assert not [name for name in node.attrib if name == "style" or name.startswith("on")]
            assert node.get("href", "#").startswith("#")


@EVERY
def test_all_ids_are_its_own_and_all_that_is_used_is_there(slug: str) -> None:
    root = parse(draw(ALL[slug], ids="x7", animated=True))
    ids = [node.get("id", "") for node in root.iter() if node.get("id")]
    used = {node.get("href", "").removeprefix("#") for node in root.iter(f"{SVG}use")} | set((root.get("aria-labelledby") or "").split())
    assert len(ids) == len(set(ids))
    assert all(one.startswith("x7-") for one in ids)
    assert used == set(ids)


@EVERY
def test_it_says_what_is_seen(slug: str) -> None:
    root = parse(draw(ALL[slug]))
    title, seen = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == ALL[slug].title
    assert seen is not None
    assert seen.text
    assert seen.text.endswith(".")


@EVERY
def test_on_the_web_all_colour_comes_from_classes_that_the_sheet_knows(slug: str) -> None:
    root = parse(draw(ALL[slug]))
    names = {name for node in root.iter() for name in (node.get("class") or "").split()}
    assert all(
        f".{name} " in CSS or f".{name}," in CSS or f".{name})" in CSS for name in names - {"fig"} if "-" in name and name[4:] in NEAR
    )
    assert not [node for node in root.iter() if node.tag != f"{SVG}animateTransform" and (node.get("fill") or node.get("stroke"))]


@EVERY
def test_on_paper_all_colour_is_literal(slug: str) -> None:
    root = parse(draw(ALL[slug], theme=Theme.PRINT))
    assert not [node for node in root.iter() if node.get("class")]
    for node in root.iter():
        if node.tag.removeprefix(SVG) in {"use", "circle", "ellipse", "polyline"}:
            assert re.search("#[0-9a-f]{6}", f"{node.get('fill')} {node.get('stroke')}")


@EVERY
def test_left_and_right_mirror_each_other(slug: str) -> None:
    picture = ALL[slug]
    right, left = draw(picture, side="right", animated=True), draw(picture, side="left", animated=True)
    for share in (0.0, 0.3, 0.5):
        one, other = read(right, share), read(left, share)
        assert one.joints.keys() == other.joints.keys()
        for joint, at in one.joints.items():
            assert (other[joint].x, other[joint].y) == pytest.approx((-at.x, at.y), abs=1e-9)
    (ax, ay, aw, ah), (bx, by, bw, bh) = (box(parse(svg)) for svg in (right, left))
    assert (bx, by, bw, bh) == pytest.approx((-(ax + aw), ay, aw, ah), abs=0.11)
    words = [[(float(text.get("x", "0")), text.text) for text in parse(svg).iter(f"{SVG}text")] for svg in (right, left)]
    assert [(-x, text) for x, text in words[0]] == words[1]


@EVERY
def test_all_of_it_is_in_the_picture(slug: str) -> None:
    left, bottom, right, top = frame(ALL[slug])
    for seen in moments(ALL[slug]):
        for joint, at in seen.joints.items():
            assert left < at.x < right, joint
            assert bottom < at.y < top, joint


@EVERY
def test_every_exercise_that_is_no_hold_moves_twice_and_then_is_still(slug: str) -> None:
    root = parse(draw(ALL[slug], animated=True))
    played = [node for node in root.iter() if node.tag.removeprefix(SVG) in {"animate", "animateTransform"}]
    assert bool(played) is (slug not in HOLDS)
    assert {(node.get("repeatCount"), node.get("fill")) for node in played} <= {("2", "freeze")}
    assert len({node.get("dur") for node in played}) <= 1
    assert not list(parse(draw(ALL[slug])).iter(f"{SVG}animateTransform"))


@EVERY
def test_an_animation_begins_and_ends_with_what_stands_still(slug: str) -> None:
    for node in parse(draw(ALL[slug], animated=True)).iter():
        values = (node.get("values") or "").split(";")
        assert values[0] == values[-1]
        if node.get("type") in {"rotate", "translate"}:
            assert {float(one) for one in values[0].split()} == {0.0}


@EVERY
@pytest.mark.parametrize("theme", Theme)
def test_it_is_smaller_than_twelve_kilobytes(slug: str, theme: Theme) -> None:
    assert len(draw(ALL[slug], side="left", theme=theme, animated=True, ids="plan-item-1234").encode()) < 12 * 1024


def test_the_same_picture_is_drawn_once() -> None:
    assert draw(PICTURES["plank"], ids="same") is draw(PICTURES["plank"], ids="same")


def test_the_sheet_is_small() -> None:
    assert len(CSS.encode()) < 1_800


def box(root: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, width, height = (float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", root.get("viewBox") or ""))
    return x, y, width, height
