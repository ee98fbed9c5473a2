"""What an editor relies on: an angle turns what is pulled around its joint, as far and the way that is said; or a contact decides it."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from app.figures import ANGLES, PICTURES, Picture, draw, frame
from app.figures.documents import from_text, to_text
from app.figures.editing import PULLS, RANGES, STARTS, alone, decided, is_mirrored, out_of_reach, start
from app.figures.geometry import Point, direction, turned
from app.figures.pose import Bone, Part, Pose
from app.figures.solve import Body, solve

BONES = {"ribs": Bone.CHEST, "head": Bone.HEAD, "neck": Bone.NECK}


def place(body: Body, joint: str) -> Point:
    return body.at(BONES.get(joint) or Part(joint))


def angle(pose: Pose, path: str) -> tuple[str, float, Any]:
    """The last name of an angle's path, what it is, and the pose's part that holds it."""
    limb, _, name = path.rpartition(".")
    part = getattr(pose, limb) if limb else pose
    return name, getattr(part, name), part


def turned_by(pose: Pose, path: str, degrees: float) -> Pose:
    name, value, part = angle(pose, path)
    changed = replace(part, **{name: value + degrees})
    return replace(pose, **{path.partition(".")[0]: changed}) if "." in path else changed


def fits(pose: Pose, path: str, degrees: float) -> bool:
    name, value, _ = angle(pose, path)
    return ANGLES[name][0] <= value + degrees <= ANGLES[name][1]


@pytest.mark.parametrize("slug", PICTURES)
def test_an_angle_turns_what_is_pulled_or_is_decided_by_a_contact(slug: str) -> None:
    picture = PICTURES[slug]
    for pose in picture.poses:
        before = solve(pose, picture.view)
        for path, pull in PULLS.items():
            step = 3 if fits(pose, path, 3) else -3
            after = solve(turned_by(pose, path, step), picture.view)
            if path in decided(pose):
                if not pose.balance:
                    assert all(abs(after.frames[bone].angle - before.frames[bone].angle) < 0.01 for bone in before.frames), path
                continue
            if pose.balance and path == "near_leg.knee":
                continue
            turn, was = (direction(place(body, pull.around), place(body, pull.pulled)) for body in (after, before))
            mirror = -1 if is_mirrored(picture.view) and path.startswith("near") else 1
            if before.seen[Bone.CHEST] and place(before, pull.around) != place(before, pull.pulled):
                assert abs(turned(turn - was)) == pytest.approx(3, abs=0.6), path
                assert turned(turn - was) * pull.sign * mirror * step > 0, path


@pytest.mark.parametrize("name", [*STARTS, *PICTURES])
def test_whatever_one_begins_with_can_be_kept(name: str) -> None:
    picture = start(name)
    assert picture is not None
    assert draw(from_text(to_text(picture))) == draw(picture)
    assert (picture.arrow is None and not picture.tissues) or name in PICTURES


def test_a_contact_that_no_limb_reaches_is_told() -> None:
    picture = PICTURES["wall-hinge"]
    pose = picture.poses[1]
    far = replace(pose, pins=(pose.pins[0], replace(pose.pins[1], x=150)))
    assert out_of_reach(picture, 1) == 0
    assert out_of_reach(replace(picture, poses=(pose, far)), 1) > 30


def test_nothing_else_can_be_begun_with() -> None:
    assert start("") is start("nonsense") is None


def test_a_pose_by_itself_stands_where_it_stands_in_the_whole() -> None:
    picture = PICTURES["sl-hinge"]
    first, last = (draw(alone(picture, number)) for number in (0, 1))
    boxes = {svg.partition('viewBox="')[2].partition('"')[0] for svg in (first, last, draw(picture))}
    assert len(boxes) == 1
    assert "fig-ghost" not in first + last
    assert "fig-arrow" not in first + last


def test_every_angle_has_a_range_and_a_joint() -> None:
    assert {path.rpartition(".")[2] for path in PULLS} == set(ANGLES)
    assert set(ANGLES) <= set(RANGES)


def limits(name: str, *, is_arrow: bool) -> tuple[float, float] | None:
    """From where to where the number of this name goes; None for what is no number of the editor's."""
    return RANGES.get("seen" if name.endswith("_seen") else f"arrow.{name}" if is_arrow else name)


def at_limits(document: Any, chance: random.Random, *, is_arrow: bool = False) -> Any:
    """The same document with some of its numbers as far as they go."""
    if isinstance(document, list):
        return [at_limits(one, chance) for one in document]
    if not isinstance(document, dict):
        return document
    changed = {name: at_limits(one, chance, is_arrow=name == "arrow") for name, one in document.items()}
    for name in changed:
        ends = limits(name, is_arrow=is_arrow)
        if ends and isinstance(changed[name], (int, float)) and not isinstance(changed[name], bool) and chance.random() < 0.3:
            changed[name] = chance.choice(ends)
    return changed


def seen_by_the_editor(picture: Picture) -> None:
    for number, pose in enumerate(picture.poses):
        assert draw(alone(picture, number)).startswith("<svg")
        assert out_of_reach(picture, number) >= 0
        assert decided(pose) is not None
    left, bottom, right, top = frame(picture)
    assert right - left > 20
    assert top - bottom > 20
    draw(picture, animated=True)


@pytest.mark.parametrize("seed", range(120))
def test_whatever_can_be_typed_can_be_drawn_pose_by_pose(seed: int) -> None:
    chance = random.Random(seed)
    begun = start(chance.choice([*STARTS, *PICTURES]))
    assert begun is not None
    seen_by_the_editor(from_text(json.dumps(at_limits(json.loads(to_text(begun)), chance))))


def test_a_body_far_below_the_ground_is_in_the_picture() -> None:
    standing = start("standing")
    assert standing is not None
    (foot, *others) = standing.poses[0].pins
    sunk = replace(standing, poses=(replace(standing.poses[0], pins=(replace(foot, y=-300), *others)),))
    seen_by_the_editor(sunk)
    assert frame(sunk)[1] < -300
