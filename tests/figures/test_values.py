"""Pictures are plain values: they survive being stored, and what no body can do is refused with the range it may have."""

import json
from dataclasses import fields
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.figures import ANGLES, FAULTS, PICTURES, Picture, Pose, Unposable, draw
from app.figures.pose import Arm, Arrow, Gear, Kind, Leg, Part, Pin

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
