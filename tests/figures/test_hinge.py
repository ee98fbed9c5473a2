"""The hinge as the article has it, measured on the joints of the served pictures from start to end."""

from itertools import pairwise
from math import cos, hypot, radians, sin
from operator import mul

import pytest

from app.figures import FAULTS, PICTURES, draw
from app.figures.pose import Kind, View
from app.figures.shapes import CALF, KNEE, LEG, PELVIS, Outline
from app.figures.skeleton import PLACES, segments
from tests.figures.reading import At, Seen, apart, bend, from_line, moments, read

STANDING = ["dowel-hinge", "wall-hinge-near", "wall-hinge", "rdl-dowel", "rdl-kb", "rdl-bb", "rdl-bstance"]
SINGLE_LEG = ["sl-supported", "sl-dowel", "sl-hinge", "sl-rdl"]
HINGES = STANDING + SINGLE_LEG
DOWEL_ON_BACK = ["quad-rock", "tall-kneel-hinge", "dowel-hinge", "sl-dowel"]
BRUSHED: dict[str, list[tuple[float, float]]] = {"rdl-dowel": [(0, 1.2)], "rdl-kb": [(0, 4.2), (11.5, 9)], "rdl-bb": [(0, 2.4)]}
"""Something in the hands stays at the legs: how far below the hand each part of it is, and how thick from its middle."""


@pytest.mark.parametrize("slug", HINGES)
def test_at_the_bottom_knees_are_lower_than_hips_and_hips_lower_than_shoulders(slug: str) -> None:
    bottom = moments(PICTURES[slug])[-1]
    assert bottom["near-knee"].y + 5 < bottom["hip"].y
    assert bottom["hip"].y + 5 < bottom["shoulder"].y


@pytest.mark.parametrize("slug", HINGES)
def test_the_shin_stays_within_ten_degrees_of_upright(slug: str) -> None:
    assert all(abs(seen.direction("near-foot", "near-knee") - 90) <= 10 for seen in moments(PICTURES[slug]))


@pytest.mark.parametrize("slug", HINGES)
def test_the_knee_bend_is_slight(slug: str) -> None:
    bends = [bend(seen, "near-hip", "near-knee", "near-foot") for seen in moments(PICTURES[slug])]
    assert max(bends) <= 30
    assert bends[-1] >= 10


@pytest.mark.parametrize("slug", HINGES)
def test_the_hips_go_back(slug: str) -> None:
    first, *_, last = moments(PICTURES[slug])
    assert last["hip"].x < first["hip"].x - (5 if slug in SINGLE_LEG or slug == "wall-hinge-near" else 10)


@pytest.mark.parametrize("slug", [slug for slug in HINGES if slug != "sl-supported"])
def test_the_weight_stays_over_the_foot(slug: str) -> None:
    for seen in moments(PICTURES[slug]):
        held = PICTURES[slug].poses[-1].load
        share = (centre(seen, held) - seen["near-heel"].x) / (seen["near-toe"].x - seen["near-heel"].x)
        assert 0.35 < share < 0.6


@pytest.mark.parametrize("slug", HINGES)
def test_the_foot_does_not_slide(slug: str) -> None:
    where = [seen["near-foot"] for seen in moments(PICTURES[slug])]
    assert max(apart(a, b) for a, b in pairwise(where)) < 0.5
    assert apart(where[0], where[-1]) < 0.2


@pytest.mark.parametrize("slug", HINGES)
def test_the_body_folds_as_one_piece(slug: str) -> None:
    for seen in moments(PICTURES[slug]):
        assert bend(seen, "hip", "waist", "ribs") < 1
        assert bend(seen, "waist", "ribs", "shoulder") < 1


@pytest.mark.parametrize("slug", DOWEL_ON_BACK)
def test_the_dowel_touches_head_upper_back_and_tailbone_all_the_way(slug: str) -> None:
    for seen in moments(PICTURES[slug]):
        assert seen.dowel is not None
        for contact in ("occiput", "back", "tail"):
            assert 0.4 < from_line(seen[contact], seen.dowel) < 1.9, contact


@pytest.mark.parametrize("slug", ["tall-kneel-hinge", "dowel-hinge", "sl-dowel"])
def test_one_hand_holds_the_dowel_behind_the_neck_and_one_below_the_glutes(slug: str) -> None:
    for seen in moments(PICTURES[slug]):
        assert seen.dowel is not None
        assert from_line(seen["near-hand"], seen.dowel) < 3
        assert from_line(seen["far-hand"], seen.dowel) < 3
        up = seen.direction("hip", "shoulder")
        assert along(seen, "near-hand", up) < along(seen, "tail", up)
        assert along(seen, "shoulder", up) < along(seen, "far-hand", up) < along(seen, "occiput", up)


@pytest.mark.parametrize("slug", ["tall-kneel-hinge", "dowel-hinge", "sl-dowel"])
def test_the_elbow_of_the_hand_behind_the_neck_is_not_seen_before_the_face(slug: str) -> None:
    for seen in moments(PICTURES[slug]):
        assert apart(seen["far-shoulder"], seen["far-elbow"]) < 12
        assert seen.dowel is not None
        assert from_line(seen["far-elbow"], seen.dowel) < from_line(seen["far-shoulder"], seen.dowel) + 3


@pytest.mark.parametrize(("slug", "near", "far"), [("wall-hinge-near", 14, 16), ("wall-hinge", 25.4, 30.5)])
def test_heels_are_as_far_from_the_wall_as_the_words_say_and_the_buttocks_touch_it(slug: str, near: float, far: float) -> None:
    (wall,) = (gear for gear in PICTURES[slug].gear if gear.kind is Kind.WALL)
    first, *between, last = moments(PICTURES[slug])
    assert near <= first["near-heel"].x - wall.x <= far
    assert behind(last) == pytest.approx(wall.x, abs=1)
    assert all(behind(seen) > wall.x for seen in (first, *between))


def behind(seen: Seen) -> float:
    """How far back the body reaches: the outlines of pelvis and thigh."""
    pelvis = (seen["hip"], seen.direction("hip", "waist"), PELVIS)
    thigh = (seen["near-hip"], seen.direction("near-hip", "near-knee"), LEG)
    return min(at.x + x * cos(radians(angle)) - y * sin(radians(angle)) for at, angle, outline in (pelvis, thigh) for x, y in outline)


@pytest.mark.parametrize("slug", BRUSHED)
def test_the_weight_brushes_the_legs_on_its_way_down(slug: str) -> None:
    """No part of what is in the hands is in the leg, and one part is within two centimetres of it all the way."""
    for seen in moments(PICTURES[slug]):
        hand = seen["near-hand"]
        near = min(to_leg(seen, At(hand.x, hand.y - below)) - radius for below, radius in BRUSHED[slug])
        assert -0.1 < near < 2, hand.y
    heights = [seen["near-hand"].y for seen in moments(PICTURES[slug])]
    assert all(lower < upper + 0.1 for upper, lower in pairwise(heights))
    assert heights[0] > 76, "in the hands of somebody who stands"
    assert abs(heights[-1] - moments(PICTURES[slug])[-1]["near-knee"].y) < 4, "down to the knee"


def test_both_hands_hold_the_dowel_that_slides_down_the_thighs() -> None:
    for seen in moments(PICTURES["rdl-dowel"]):
        assert from_line(seen["far-hand"], (seen["near-hand"], At(seen["near-hand"].x + 20, seen["near-hand"].y + 9))) < 2.5
        assert 10 < apart(seen["near-hand"], seen["far-hand"]) < 14


def to_leg(seen: Seen, at: At) -> float:
    """How far a place is from the outline of the near leg as it is drawn; negative within it."""
    found = []
    for start, end, outline in (("near-hip", "near-knee", LEG), ("near-hip", "near-knee", KNEE), ("near-knee", "near-foot", CALF)):
        turn = radians(seen.direction(start, end))
        x, y = at.x - seen[start].x, at.y - seen[start].y
        found.append(to_outline(x * cos(turn) + y * sin(turn), y * cos(turn) - x * sin(turn), rounded(outline)))
    return min(found)


def to_outline(x: float, y: float, outline: list[tuple[float, float]]) -> float:
    away, is_within = 99.0, False
    for (ax, ay), (bx, by) in pairwise([*outline, outline[0]]):
        dx, dy = bx - ax, by - ay
        share = min(max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0), 1)
        away = min(away, hypot(x - ax - share * dx, y - ay - share * dy))
        is_within ^= (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * dx
    return -away if is_within else away


def rounded(outline: Outline) -> list[tuple[float, float]]:
    """Places along the curve that `smooth` draws through the points of an outline."""
    found = []
    for place in range(len(outline)):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = (outline[(place + step) % len(outline)] for step in (-1, 0, 1, 2))
        for share in (0.0, 0.2, 0.4, 0.6, 0.8):
            back = 1 - share
            weights = back**3, 3 * back**2 * share, 3 * back * share**2, share**3
            xs, ys = (bx, bx + (cx - ax) / 6, cx - (dx - bx) / 6, cx), (by, by + (cy - ay) / 6, cy - (dy - by) / 6, cy)
            found.append((sum(map(mul, weights, xs)), sum(map(mul, weights, ys))))
    return found


@pytest.mark.parametrize("slug", SINGLE_LEG)
def test_the_free_leg_ends_in_line_with_the_trunk(slug: str) -> None:
    last = moments(PICTURES[slug])[-1]
    assert bend(last, "shoulder", "hip", "far-knee") < 5
    assert bend(last, "hip", "far-knee", "far-foot") < 6
    assert last["far-foot"].y > 40


def test_in_the_kickstand_the_back_toes_are_level_with_the_front_heel() -> None:
    for seen in moments(PICTURES["rdl-bstance"]):
        assert seen["far-toe"].x == pytest.approx(seen["near-heel"].x, abs=2)
        assert seen["far-heel"].y > 5


def test_a_squat_is_drawn_as_a_squat() -> None:
    last = moments(FAULTS["squat"])[-1]
    assert last["hip"].y < last["near-knee"].y + 8
    assert 90 - last.direction("near-foot", "near-knee") > 15


def test_a_rounded_back_is_drawn_as_one() -> None:
    last = moments(FAULTS["rounded-back"])[-1]
    assert bend(last, "hip", "waist", "ribs") + bend(last, "waist", "ribs", "shoulder") > 40


def test_the_still_picture_is_the_end_of_the_movement() -> None:
    for picture in PICTURES.values():
        still, played = read(draw(picture)), read(draw(picture, animated=True), 1.0)
        assert still.joints.keys() == played.joints.keys()
        assert all(apart(still[joint], played[joint]) < 0.01 for joint in still.joints)


def along(seen: Seen, joint: str, up: float) -> float:
    return apart(seen["hip"], seen[joint]) * (1 if abs((seen.direction("hip", joint) - up + 180) % 360 - 180) < 90 else -1)


def centre(seen: Seen, held: float) -> float:
    """The centre of mass over the ground, from the joints alone and the table of masses."""
    ends = {"pelvis": "waist", "abdomen": "ribs", "chest": "shoulder", "head": "crown"}
    ends |= {f"{s}-{bone}": f"{s}-{joint}" for s in ("near", "far") for bone, joint in LIMBS.items()}
    starts = {"pelvis": "hip", "abdomen": "waist", "chest": "ribs", "head": "head"}
    starts |= {f"{s}-{bone}": f"{s}-{joint}" for s in ("near", "far") for bone, joint in ROOTS.items()}
    total = moment = 0.0
    for bone, part in segments(View.PROFILE).items():
        if part.mass:
            a, b = seen[starts[bone.value]], seen[ends[bone.value]]
            moment += part.mass * (a.x + (b.x - a.x) * part.centre)
            total += part.mass
    return (moment + held * seen["near-hand"].x) / (total + held)


ROOTS = {"thigh": "hip", "shank": "knee", "shoe": "foot", "upper": "shoulder", "fore": "elbow", "palm": "wrist"}
LIMBS = {"thigh": "knee", "shank": "foot", "shoe": "toe", "upper": "elbow", "fore": "wrist", "palm": "hand"}


def test_every_part_that_a_pin_may_name_can_be_read_back() -> None:
    seen = read(draw(PICTURES["sl-hinge"]))
    assert {part.value for part in PLACES} <= set(seen.joints)
