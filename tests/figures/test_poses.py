"""The table of poses: one picture for each exercise, on the ground and not in it, in touch with what it touches, none like another."""

from itertools import combinations

import pytest
import yaml

from app.figures import FAULTS, PICTURES, Picture, draw, frame
from app.figures.geometry import turned
from app.figures.pose import Floor, Gear, Kind
from app.figures.shapes import PELVIS_F
from app.figures.solve import missed, moment, solve
from tests.figures.reading import SVG, Seen, apart, bend, moments, parse
from tests.rules.conftest import STARTER

ALL = {**PICTURES, **FAULTS}
FLESH = {
    "near-knee": 4, "far-knee": 4, "near-foot": 3, "far-foot": 3, "near-elbow": 3, "far-elbow": 3, "near-wrist": 1.5, "far-wrist": 1.5,
    "near-hand": 1, "far-hand": 1, "near-toe": 0, "far-toe": 0, "near-heel": 0, "far-heel": 0, "hip": 8,
    "shoulder": 6, "crown": 0, "back": 0, "tail": 0, "occiput": 0,
}  # fmt: skip
"""How far the skin is from the joint at least, in centimetres."""


def test_there_is_one_picture_for_each_exercise_of_the_starter_library_in_its_order() -> None:
    exercises = yaml.safe_load(STARTER.read_text(encoding="utf-8"))["exercises"]
    assert list(PICTURES) == [one["slug"] for one in exercises]
    assert [PICTURES[one["slug"]].title for one in exercises] == [one["name"] for one in exercises]


@pytest.mark.parametrize("slug", ALL)
def test_every_contact_is_kept(slug: str) -> None:
    picture = ALL[slug]
    for pose in picture.poses:
        assert missed(solve(pose, picture.view), pose) < 2


@pytest.mark.parametrize("slug", ALL)
def test_what_does_not_move_its_contact_does_not_slide(slug: str) -> None:
    picture = ALL[slug]
    for before, after in zip(picture.poses, picture.poses[1:], strict=False):
        kept = [pin for pin in before.pins if pin in after.pins and pin.on is None]
        places = [[body.at(pin.part) for pin in kept] for body in (moment(picture, share / 10) for share in range(11))]
        if len(picture.poses) == 2:
            for path in zip(*places, strict=True):
                assert max(at.x for at in path) - min(at.x for at in path) < 2
                assert max(at.y for at in path) - min(at.y for at in path) < 2


@pytest.mark.parametrize("slug", ALL)
def test_no_limb_is_below_the_ground(slug: str) -> None:
    picture = ALL[slug]
    if picture.floor is Floor.ABOVE:
        return
    ground = min((gear.y for gear in picture.gear if gear.kind is Kind.MAT and picture.floor is Floor.OBLIQUE), default=0.0)
    for seen in moments(picture):
        for joint, flesh in FLESH.items():
            assert seen[joint].y - flesh > ground - 1.2, joint


LIMBS = [
    (f"{side}-{one}", f"{side}-{other}")
    for side in ("near", "far")
    for one, other in (
        ("hip", "knee"), ("knee", "foot"), ("foot", "heel"), ("foot", "toe"), ("heel", "toe"), ("shoulder", "elbow"), ("elbow", "wrist"),
        ("wrist", "hand"),
    )
]  # fmt: skip
SOLID = {Kind.BENCH, Kind.PAD, Kind.WALL}


@pytest.mark.parametrize(
    "slug", [slug for slug, one in ALL.items() if one.floor is Floor.GROUND and {gear.kind for gear in one.gear} & SOLID]
)
def test_no_foot_and_no_limb_goes_through_what_is_solid(slug: str) -> None:
    for left, bottom, right, top in (solid(gear) for gear in ALL[slug].gear if gear.kind in SOLID):
        for seen in moments(ALL[slug], count=30):
            for one, other in LIMBS:
                for step in range(11):
                    x, y = (a + (b - a) * step / 10 for a, b in zip(seen[one], seen[other], strict=True))
                    assert min(x - left, right - x, y - bottom, top - y) < 1, (one, other)


def solid(gear: Gear) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a piece of equipment that nobody goes through; below the seat of a high bench is room."""
    bottom, top = (gear.h - 8 if gear.h > 36 else gear.y, gear.h) if gear.kind is Kind.BENCH else (gear.y, gear.y + gear.h)
    return min(gear.x, gear.x + gear.w), bottom, max(gear.x, gear.x + gear.w), top


@pytest.mark.parametrize("slug", ["step-up", "step-up-low"])
def test_the_foot_that_follows_goes_over_the_edge_of_the_step_and_then_stands_on_it(slug: str) -> None:
    (step,) = (gear for gear in PICTURES[slug].gear if gear.kind is Kind.BENCH)
    first, *between, last = moments(PICTURES[slug], count=30)
    assert first["far-toe"].y == pytest.approx(0, abs=0.5)
    assert [last["far-toe"].y, last["far-heel"].y] == pytest.approx([step.h, step.h], abs=0.5)
    assert max(seen["far-toe"].y for seen in between) > step.h + 3
    assert all(abs(seen["near-heel"].y - step.h) < 1 for seen in between)


@pytest.mark.parametrize("slug", [slug for slug, picture in ALL.items() if picture.floor is Floor.OBLIQUE])
def test_who_is_on_a_mat_seen_from_a_little_above_is_on_it(slug: str) -> None:
    (mat,) = (gear for gear in ALL[slug].gear if gear.kind is Kind.MAT)
    for seen in moments(ALL[slug]):
        assert mat.x < seen["hip"].x < mat.x + mat.w
        assert mat.x - 4 < min(at.x for at in seen.joints.values())
        assert max(at.x for at in seen.joints.values()) < mat.x + mat.w + 4


def test_a_side_plank_rests_on_its_forearm_and_the_side_of_its_lower_foot() -> None:
    (mat,) = (gear for gear in PICTURES["side-plank"].gear if gear.kind is Kind.MAT)
    for seen in moments(PICTURES["side-plank"]):
        for joint in ("near-elbow", "near-hand", "near-foot"):
            assert mat.y < seen[joint].y < 12, joint
        assert seen["near-shoulder"].x == pytest.approx(seen["near-elbow"].x, abs=4)
    for joint in ("near-elbow", "near-wrist", "near-foot"):
        places = [seen[joint] for seen in moments(PICTURES["side-plank"])]
        assert max(apart(place, places[0]) for place in places) < 1, joint


def test_in_the_cobra_the_whole_back_bends_and_not_one_place_of_it() -> None:
    for seen in moments(PICTURES["prone-cobra-stretch"]):
        assert bend(seen, "hip", "waist", "ribs") <= 32
        assert bend(seen, "waist", "ribs", "shoulder") <= 30
        assert seen["hip"].y == pytest.approx(9.6, abs=0.5)
    assert seen["shoulder"].y > 30


def test_in_the_figure_4_the_hands_are_behind_the_thigh_that_the_ankle_lies_across() -> None:
    for seen in moments(PICTURES["fig4"]):
        thigh = seen.direction("far-hip", "far-knee")
        to_ankle, to_hand = (turned(seen.direction("far-hip", joint) - thigh) for joint in ("near-foot", "near-hand"))
        assert to_ankle > 5
        assert to_hand < -5
    svg = draw(PICTURES["fig4"])
    layers = [svg.index(f'data-joint="{joint}"') for joint in ("far-elbow", "far-knee", "near-elbow", "near-knee")]
    assert layers == sorted(layers)


def test_on_the_mat_both_feet_of_the_90_90_lie_level_with_their_knees() -> None:
    (mat,) = (gear for gear in PICTURES["9090"].gear if gear.kind is Kind.MAT)
    first, *_, last = moments(PICTURES["9090"])
    for seen in (first, last):
        for joint in ("near-knee", "far-knee", "near-foot", "far-foot", "near-toe", "far-toe"):
            assert mat.y < seen[joint].y < mat.y + mat.h, joint


def test_the_kneeling_leg_of_the_rock_back_is_seen_beside_the_hips() -> None:
    for seen in moments(PICTURES["add-rock"]):
        assert all(seen[joint].y < seen["hip"].y - PELVIS_F[3][1] for joint in ("far-knee", "far-foot"))


@pytest.mark.parametrize(("slug", "said"), [("wall-hinge-near", ["6 in", "15 cm"]), ("wall-hinge", ["10–12 in", "25–30 cm"])])
def test_the_distance_from_the_wall_is_written_in_inches_and_in_centimetres(slug: str, said: list[str]) -> None:
    root = parse(draw(PICTURES[slug]))
    left, bottom, _, _ = frame(PICTURES[slug])
    texts = list(root.iter(f"{SVG}text"))
    assert [text.text for text in texts] == said
    assert all(float(text.get("y", "0")) < -bottom - 2 for text in texts)
    assert all(float(text.get("x", "0")) - 2.4 * len(text.text or "") > left for text in texts)


def test_no_two_exercises_share_all_joints() -> None:
    shapes = {slug: turns(picture) for slug, picture in PICTURES.items()}
    alike = {
        frozenset(pair)
        for pair in combinations(shapes, 2)
        if PICTURES[pair[0]].view is PICTURES[pair[1]].view
        and all(near(a, b) for a, b in zip(shapes[pair[0]], shapes[pair[1]], strict=True))
    }
    assert not alike


def turns(picture: Picture) -> list[dict[str, float]]:
    found = moments(picture, count=2)
    return [bent(found[0]), bent(found[-1])]


def bent(seen: Seen) -> dict[str, float]:
    ends = ("crown", "tail", "back", "shoulder", "occiput", "near-heel", "far-heel", "near-toe", "far-toe", "near-hand", "far-hand")
    return {joint: angle for joint, angle in seen.turns.items() if joint not in ends}


def near(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(abs((one[joint] - other[joint] + 180) % 360 - 180) <= 10 for joint in one)
