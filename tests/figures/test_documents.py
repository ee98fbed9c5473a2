"""Pictures as text: each comes back as it was, and a text that is no picture is refused with where and what is wrong."""

import json
import time
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.figures import FAULTS, PICTURES, Picture, Unposable, draw
from app.figures.documents import LONGEST, MOST_PARTS, from_text, to_text
from app.figures.pose import Arrow, Bone, Floor, Gear, Kind, Part, Tissue, View
from tests.figures.test_values import POSES

ALL = {**PICTURES, **FAULTS}
SOME = json.loads(to_text(PICTURES["wall-hinge"]))


@pytest.mark.parametrize("slug", ALL)
def test_every_picture_of_ours_comes_back_from_its_text_as_it_was(slug: str) -> None:
    text = to_text(ALL[slug])
    back = from_text(text)
    assert draw(back, animated=True) == draw(ALL[slug], animated=True)
    assert to_text(back) == text
    assert text.isascii()
    assert len(text) < LONGEST / 4


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Picture,
        title=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40).filter(str.strip),
        seen=st.just("Any."),
        poses=st.lists(POSES, min_size=1, max_size=3).map(tuple),
        view=st.sampled_from(View),
        gear=st.lists(st.builds(Gear, st.sampled_from(Kind), st.none() | st.sampled_from(Part), x=st.floats(-300, 300)), max_size=3).map(
            tuple
        ),
        arrow=st.none() | st.builds(Arrow, st.sampled_from(Part), bend=st.floats(-1.5, 1.5)),
        tissues=st.lists(st.builds(Tissue, st.sampled_from(Bone), st.floats(-60, 60), st.floats(-60, 60)), max_size=2).map(tuple),
    )
)
def test_any_text_that_was_made_of_a_picture_stays_as_it_is(picture: Picture) -> None:
    text = to_text(picture)
    assert to_text(from_text(text)) == text
    ET.fromstring(draw(from_text(text)))  # noqa: S314 - our own


def changed(**fields: Any) -> str:
    return json.dumps({**SOME, **fields})


def pose(**fields: Any) -> str:
    return changed(poses=[SOME["poses"][0], {**SOME["poses"][1], **fields}])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "can't be read"),
        ("[]", "write fields"),
        ("[" * 7000, "can't be read"),
        ('{"a":' * 1500, "can't be read"),
        ("1" * 5000, "can't be read|write fields"),
        ("x" * (LONGEST + 1), "longer than"),
        ('{"title":"a","title":"b"}', "twice"),
        ("{}", "title is missing"),
        (changed(title=" "), "title is empty"),
        (changed(title="a" * 101), "title has at most 100"),
        (changed(title="a\x00b"), "title: has a control character"),
        (changed(seen="\ud800"), "seen: has a control character"),
        (changed(title=None), "title: write text"),
        (changed(script="x"), "script is no field of a picture"),
        (changed(poses=[]), "between one and six"),
        (changed(poses={}), "poses: write a list"),
        (changed(poses=[{}] * 7), "between one and six"),
        (changed(view="inside"), "view: inside is none of profile"),
        (changed(seconds=1e400), "no number"),
        (changed(seconds=1), "seconds is 1; it goes from 2 to 20"),
        (changed(frame=[0, 0, 100]), "a list of 4"),
        (changed(frame=[1e17, 0, 1e17 + 100, 100]), "frame goes from"),
        (changed(ghost=1), "neither true nor false"),
        (changed(gear=[{"kind": "wall", "w": 400}]), "gear 1: w is 400"),
        (changed(gear=[{"kind": "ball", "h": -1}]), "h is below 0"),
        (changed(gear=[{"kind": "wall"}] * (MOST_PARTS + 1)), "at most 12 gear"),
        (changed(gear=[{"kind": "gap", "text": "<" * 31}]), "text has at most 30"),
        (changed(gear=[{"kind": "ball", "on": "ceiling"}]), "gear 1, on: ceiling is none of"),
        (changed(behind=["near-head"]), "behind 1: near-head is none of"),
        (pose(lean=181), "poses 2: lean is 181; it goes from -180 to 180"),
        (pose(lean="9"), "poses 2, lean: 9 is no number"),
        (pose(lean=True), "no number"),
        (pose(near_leg={"knee": 200}), "poses 2, near_leg: knee is 200"),
        (pose(near_leg={"toes": 5}), "toes is no field of a leg"),
        (pose(pins=[{"part": "near-foot", "bend": 2}]), "bend: 2 is none of 1, -1"),
        (pose(pins=[{"part": "near-foot", "bend": True}]), "bend: True is none of"),
        (pose(pins=[{"part": "near-knee"}, {"part": "near-knee"}], balance=False), "only the first pin"),
        ('{"title":"a","seen":"b","poses":[{"lean":NaN}]}', "NaN is no number"),
    ],
)
def test_a_text_that_is_no_picture_is_refused_with_what_is_wrong(text: str, why: str) -> None:
    began = time.process_time()
    with pytest.raises(Unposable, match=why):
        from_text(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("floor", Floor)
def test_whatever_equipment_is_on_it_can_be_drawn(floor: Floor) -> None:
    for on in (None, *Part, *Bone):
        for kinds in (list(Kind)[:7], list(Kind)[7:]):
            text = changed(gear=[{"kind": kind, "on": on, "to": on, "w": 12, "h": 10, "text": "<b>"} for kind in kinds], floor=floor)
            ET.fromstring(draw(from_text(text)))  # noqa: S314 - our own
