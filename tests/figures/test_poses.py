"""The table of poses: one picture for each exercise, on the ground and not in it, in touch with what it touches, none like another."""

from itertools import combinations

import pytest
import yaml

from app.figures import FAULTS, PICTURES, Picture
from app.figures.pose import Floor, Kind
from app.figures.solve import missed, moment, solve
from tests.figures.reading import Seen, moments
from tests.rules.conftest import STARTER

ALL = {**PICTURES, **FAULTS}
FLESH = {
    "near-knee": 4, "far-knee": 4, "near-foot": 3, "far-foot": 3, "near-elbow": 3, "far-elbow": 3, "near-wrist": 1.5, "far-wrist": 1.5,
    "near-hand": 1, "far-hand": 1, "near-toe": 0, "far-toe": 0, "near-heel": 0, "far-heel": 0, "hip": 8,
    "shoulder": 6, "crown": 0, "back": 0, "tail": 0, "occiput": 0,
}  # fmt: skip
"""How far the skin is from the joint at least, in centimetres."""
ALIKE: dict[frozenset[str], str] = {
    frozenset({"rdl-kb", "rdl-bb"}): "the same movement; what is in the hands differs, and so do the words",
}
"""Pairs whose joints are the same within ten degrees, and why they may be."""


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


@pytest.mark.parametrize("slug", [slug for slug, picture in ALL.items() if picture.floor is Floor.OBLIQUE])
def test_who_is_on_a_mat_seen_from_a_little_above_is_on_it(slug: str) -> None:
    (mat,) = (gear for gear in ALL[slug].gear if gear.kind is Kind.MAT)
    for seen in moments(ALL[slug]):
        assert mat.x < seen["hip"].x < mat.x + mat.w
        assert mat.x - 4 < min(at.x for at in seen.joints.values())
        assert max(at.x for at in seen.joints.values()) < mat.x + mat.w + 4


def test_no_two_exercises_share_all_joints() -> None:
    shapes = {slug: turns(picture) for slug, picture in PICTURES.items()}
    alike = {
        frozenset(pair)
        for pair in combinations(shapes, 2)
        if PICTURES[pair[0]].view is PICTURES[pair[1]].view
        and all(near(a, b) for a, b in zip(shapes[pair[0]], shapes[pair[1]], strict=True))
    }
    assert alike == set(ALIKE)


def turns(picture: Picture) -> list[dict[str, float]]:
    found = moments(picture, count=2)
    return [bent(found[0]), bent(found[-1])]


def bent(seen: Seen) -> dict[str, float]:
    ends = ("crown", "tail", "back", "shoulder", "occiput", "near-heel", "far-heel", "near-toe", "far-toe", "near-hand", "far-hand")
    return {joint: angle for joint, angle in seen.turns.items() if joint not in ends}


def near(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(abs((one[joint] - other[joint] + 180) % 360 - 180) <= 10 for joint in one)
