"""Pictures are plain values: they survive being stored, and what no body can do is refused with the range it may have."""

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.figures import ANGLES, FAULTS, PICTURES, Picture, Pose, Unposable, draw
from app.figures.pose import PLACED, Arm, Arrow, Gear, Kind, Leg, Part, Pin, View
from tests.figures.reading import moments

STORED = TypeAdapter(Picture)


@pytest.mark.parametrize("picture", [*PICTURES.values(), *FAULTS.values()], ids=lambda picture: picture.title)
def test_a_picture_comes_back_from_json_as_it_was(picture: Picture) -> None:
    text = STORED.dump_json(picture)
    assert STORED.validate_json(text) == picture
    assert len(json.dumps(json.loads(text))) < 16_000


@pytest.mark.parametrize("name", ANGLES)
def test_an_angle_outside_its_range_is_refused_with_the_range(name: str) -> None:
    low, high = ANGLES[name]
    posed(name, low)
    posed(name, high)
    for value in (low - 1.0, high + 1.0, float("nan"), float("inf")):
        with pytest.raises(Unposable, match=f"{name} is .*; it goes from {low:g} to {high:g}"):
            posed(name, value)


def posed(name: str, value: float) -> object:
    kinds: tuple[type[Leg | Arm | Pose], ...] = (Leg, Arm, Pose)
    kind = next(kind for kind in kinds if name in {field.name for field in fields(kind)})
    angle: dict[str, Any] = {name: value}
    return kind(**angle)


def test_a_length_that_cannot_be_seen_is_refused() -> None:
    with pytest.raises(Unposable, match=r"thigh_seen is 1\.5; it goes from 0\.05 to 1\.1"):
        Leg(thigh_seen=1.5)


def test_balance_needs_a_foot_to_stand_on() -> None:
    with pytest.raises(Unposable, match="begins with a pin of the near foot"):
        Pose(balance=True)


def test_a_knee_cannot_be_placed_by_a_later_pin() -> None:
    with pytest.raises(Unposable, match="only the first pin can hold near-knee"):
        Pose(pins=(Pin(Part.HIP), Pin(Part.NEAR_KNEE)))


def test_a_picture_has_a_pose() -> None:
    with pytest.raises(Unposable, match="between one and six poses, not 0"):
        Picture(title="Nothing", seen="Nothing.", poses=())


def test_what_is_wrong_with_a_stored_pose_is_said_with_its_place() -> None:
    document = STORED.dump_python(PICTURES["plank"], mode="json")
    document["poses"][0]["near_leg"]["knee"] = 900
    with pytest.raises(ValidationError) as refused:
        STORED.validate_python(document)
    (error,) = refused.value.errors()
    assert error["loc"] == ("poses", 0, "near_leg")
    assert "knee is 900; it goes from -180 to 180" in error["msg"]


def test_a_new_picture_needs_nothing_but_a_pose() -> None:
    svg = draw(Picture(title='Reach & "hold"', seen="Standing.", poses=(Pose(pins=(Pin(Part.NEAR_FOOT, 0, 6.6),)),)))
    assert "Reach &amp; &quot;hold&quot;" in svg


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_equipment_can_be_drawn_as_it_is_first_added(kind: Kind) -> None:
    assert draw(Picture(title="New", seen="New.", poses=(Pose(), Pose(lean=20)), gear=(Gear(kind, w=10, h=10),)), animated=True)


@pytest.mark.parametrize("part", Part)
def test_an_arrow_can_be_at_every_part(part: Part) -> None:
    assert "fig-arrow" in draw(Picture(title="New", seen="New.", poses=(Pose(), Pose(lean=20)), arrow=Arrow(part)))


def angle(name: str) -> st.SearchStrategy[float]:
    low, high = ANGLES[name]
    return st.floats(low, high)


SEEN = st.floats(0.05, 1.1)
PLACE = st.floats(-300, 300)
LEGS = st.builds(Leg, hip=angle("hip"), knee=angle("knee"), ankle=angle("ankle"), thigh_seen=SEEN, shank_seen=SEEN, foot_seen=SEEN)
ARMS = st.builds(Arm, shoulder=angle("shoulder"), elbow=angle("elbow"), wrist=angle("wrist"), upper_seen=SEEN, fore_seen=SEEN)
PINS = st.builds(Pin, st.sampled_from(sorted(PLACED)), PLACE, PLACE, turn=st.none() | st.floats(-180, 180), bend=st.sampled_from((1, -1)))
POSES = st.builds(
    Pose,
    lean=angle("lean"),
    waist=angle("waist"),
    near_leg=LEGS,
    far_leg=LEGS,
    near_arm=ARMS,
    far_arm=ARMS,
    pins=st.lists(PINS, max_size=4).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(POSES, min_size=1, max_size=3).map(tuple), st.sampled_from(View))
def test_whatever_a_pose_may_say_can_be_drawn(poses: tuple[Pose, ...], view: View) -> None:
    picture = Picture(title="Any", seen="Any.", poses=poses, view=view)
    for seen in moments(picture, count=3):
        assert all(abs(at.x) + abs(at.y) < 2000 for at in seen.joints.values())


@settings(max_examples=40, deadline=None)
@given(angle("lean"), angle("knee"), angle("waist"), st.floats(0.2, 0.8), st.floats(0, 1))
def test_whatever_is_to_be_balanced_can_be_drawn(lean: float, knee: float, waist: float, over: float, load: float) -> None:
    feet = (Pin(Part.NEAR_FOOT, 0, 6.6, turn=0),)
    pose = Pose(lean=lean, waist=waist, near_leg=Leg(knee=knee), pins=feet, balance=True, over=over, load=load)
    assert draw(Picture(title="Any", seen="Any.", poses=(Pose(), pose)), animated=True)
