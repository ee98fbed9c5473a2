"""The outlines that bodies are drawn with, each along its own bone: x from joint to joint, y to the left of it, in centimetres."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.figures.geometry import polygon, smooth
from app.figures.pose import View

Outline = Sequence[tuple[float, float]]


class Shape(NamedTuple):
    """A path, and the paint it gets."""

    path: str
    paint: str


def even(half: Outline) -> list[tuple[float, float]]:
    """An outline that is the same on both sides of its bone, from its one half."""
    return [*half, *((x, -y) for x, y in reversed(half) if y)]


LEG: Outline = [
    (-9, 0), (-6.5, 7), (2, 9.8), (12, 9.8), (23, 8.7), (31.5, 7.6), (32, 0), (31.5, -7), (22, -8.4), (12, -9.4), (2, -10),
    (-6, -7.5),
]  # fmt: skip
KNEE: Outline = [(25, 7), (34, 6.2), (40, 5.8), (45, 4.4), (47, 0.5), (45.4, -4), (40, -5.2), (33, -6), (25, -6.6)]
CALF: Outline = [
    (-5, 1), (-3.4, 4.4), (2, 5.3), (9, 4.7), (22, 3.7), (33, 3.1), (41, 3.5), (45, 1.5),
    (45, -2), (40, -3.4), (33, -3.1), (26, -4.2), (18, -6.8), (11, -7.4), (4, -5.6), (-2.6, -4.8),
]  # fmt: skip
SHOE: Outline = [
    (-4.6, 1.6), (0, 2.4), (4.4, 2), (6.6, -0.4), (11, -2.4), (16, -3.5), (18.7, -4.8), (18.2, -6.2), (7, -6.4), (-5.4, -6.4),
    (-6.6, -5), (-5.6, -1.6),
]  # fmt: skip
SOLE: Outline = [(-6.8, -5.1), (19.5, -5.1), (19.3, -6.8), (-6, -6.8)]
SLEEVE: Outline = [(-6.4, 0), (-4.6, 4.8), (1, 6.1), (8, 5.7), (17, 5.1), (17.3, 0), (17, -4.9), (8, -5.6), (1, -6.1), (-4.6, -4.8)]
SLEEVE_F: Outline = even([(-5, 0), (-3.6, 3.6), (1, 5), (8, 5), (17, 4.8), (17.3, 0)])
ARM: Outline = even([(13, 4.3), (20, 4.2), (27, 3.5), (32, 3.7), (35, 2.2)])
FOREARM: Outline = [
    (-3.6, 0), (-2.4, 3), (3, 4.1), (9, 3.9), (17, 2.9), (25, 2.3), (27, 0), (25, -2.3), (17, -2.9), (8, -3.9), (2, -3.9),
    (-2.4, -3),
]  # fmt: skip
HAND: Outline = [
    (-1.5, 2.2), (2.4, 3.2), (5, 4.9), (8, 6), (9.6, 5.2), (8.4, 3.4), (12, 2.6), (16.4, 1.5), (17.6, 0), (16.6, -1.3),
    (11, -2.6), (5, -3.1), (-1.5, -2.2),
]  # fmt: skip
FIST: Outline = [(-1.5, 2.2), (2, 3.2), (5.5, 4.5), (9.2, 4), (10.8, 1), (10.4, -2.6), (7, -3.9), (3, -3.4), (-1.5, -2.2)]

PELVIS: Outline = [
    (-8, 1), (-7.4, 7), (-4, 11), (1.5, 12.4), (7, 11.2), (12, 9.2), (17, 8), (18.5, 0), (17, -8.4), (10, -9.6), (3, -9.6),
    (-4, -8.4), (-7.6, -4),
]  # fmt: skip
BELLY: Outline = [
    (-6.8, 0), (-5.8, 6.4), (-2.4, 9.3), (6, 9), (17, 9), (20, 0), (17, -9.4), (8, -9.8), (-2.6, -9.4),
    (-6, -6),
]  # fmt: skip
BUST: Outline = [
    (-8, 0), (-6.4, 6), (-2.4, 8.8), (4, 9.9), (12, 11.1), (19, 10.6), (25, 8.8), (29.4, 5.6), (29.6, -1), (25.6, -6), (20, -9.6),
    (13, -11.4), (5, -10.9), (-2, -9.7), (-6.4, -6.4),
]  # fmt: skip
THROAT: Outline = [(-5, 4.5), (2, 4.6), (10, 5.4), (15, 5), (15, -4), (9, -4.6), (3, -4.7), (-5, -6.4)]
FACE: Outline = [
    (-2.4, 6), (2, 8.4), (8, 9), (13, 5), (13.6, -2), (11, -6.8), (7.6, -8.6), (4.6, -8.6), (3.2, -9.2), (0.7, -11.3),
    (-0.2, -10.6), (-0.4, -9.2),
    (-2, -9.5), (-3.2, -9), (-5, -9.2), (-6.9, -8), (-7.2, -5.6), (-5.8, -2), (-4.4, 1.4), (-4, 5),
]  # fmt: skip
HAIR: Outline = [
    (-3, 7), (0, 9.3), (5.5, 10.3), (10.5, 9), (14, 4.8), (14.7, -1), (13, -6.4), (9.8, -9.6), (8.2, -9.3), (8, -6.6),
    (7.6, -3.6), (5, -2.4),
    (2.6, -1.4), (0.4, -0.8), (0.6, 1.2), (-0.6, 3.2), (-2.8, 4.6),
]  # fmt: skip
EAR: Outline = [(2.6, 0.4), (2, 2.4), (-0.4, 2.2), (-1.8, 0.9), (-0.6, -0.2), (1.2, -0.8)]
EYE: Outline = [(4, -6.4), (4, -5.4), (2.4, -5.6), (2.4, -6.4)]

LEG_F: Outline = even([(-8.5, 0), (-6, 6.4), (2, 9), (12, 8.9), (24, 7.8), (31.5, 7.2)])
KNEE_F: Outline = even([(25, 6.4), (34, 5.7), (41, 5.4), (46, 3.4), (47, 0)])
CALF_F: Outline = even([(-5, 2), (-2, 4.8), (4, 5), (11, 6), (18, 5.4), (28, 3.6), (38, 3.2), (45, 2.4)])
SHOE_F: Outline = [(-3.8, 2), (0, 2.6), (3.8, 2), (4.6, -1.5), (5.4, -5), (4.6, -6.6), (0, -6.6), (-4.6, -6.6), (-5.4, -5), (-4.6, -1.5)]
SOLE_F: Outline = [(-5.5, -5.2), (5.5, -5.2), (5, -6.6), (-5, -6.6)]
PELVIS_F: Outline = even([(-9, 0), (-7.5, 9), (-3, 15.2), (4, 15.8), (10, 14.6), (16, 12), (18.5, 0)])
BELLY_F: Outline = even([(-6.6, 0), (-6.2, 8), (-4.4, 14), (-1, 15), (5, 14.2), (11, 13.6), (18, 13.2), (20, 0)])
BUST_F: Outline = even([(-8, 0), (-6, 8), (-2, 12.8), (4, 14.2), (12, 16), (20, 18), (25, 17), (28.2, 11), (30.2, 5.5), (29.6, 0)])
THROAT_F: Outline = even([(-4, 7.5), (2, 5.4), (9, 5), (15, 4.8)])
FACE_F: Outline = even([(-8.6, 0), (-7.6, 3.6), (-3, 6.6), (3, 7.6), (9, 7.6), (13, 5), (14.4, 0)])
HAIR_F: Outline = [
    (2.5, 7.9), (7, 8.8), (12, 7.4), (15.2, 2.6), (15.2, -2.6), (12, -7.4), (7, -8.8), (2.5, -7.9), (5.5, -6.6), (9.6, -3.5),
    (10.4, 1), (9, 4.5), (6, 6.8),
]  # fmt: skip
HAIR_B: Outline = even([(-5.6, 0), (-5, 4.2), (-1, 6.8), (5, 8.4), (11, 7.6), (15, 3.4), (15.6, 0)])
EYES_F: tuple[Outline, ...] = tuple([(2.8, y - 0.8), (2.8, y + 0.8), (1.4, y + 0.8), (1.4, y - 0.8)] for y in (-3.2, 3.2))
NOSE_F: Outline = [(-1.1, -1), (-1.5, 0), (-1.1, 1), (-2, 0)]
MOUTH_F: Outline = [(-4.5, -2.3), (-4.9, 0), (-4.5, 2.3), (-5.5, 0)]
EARS_F: Outline = even([(3.4, 7.2), (2.6, 8.9), (-0.6, 8.4), (-1, 7)])


def _one(name: str, paint: str, outline: Outline) -> dict[str, Shape]:
    return {name: Shape(smooth(outline), paint)}


LIMBS = {
    **_one("arm", "skin", ARM),
    **_one("sleeve", "sleeve", SLEEVE),
    **_one("fore", "skin", FOREARM),
    **_one("hand", "skin", HAND),
    **_one("fist", "skin", FIST),
}
SIDE_FOOT = {**_one("shoe", "shoe", SHOE), "sole": Shape(polygon(SOLE), "sole")}
SHAPES: Mapping[View, Mapping[str, Shape]] = {
    View.PROFILE: {
        **_one("knee", "skin", KNEE),
        **_one("leg", "shorts", LEG),
        **_one("calf", "skin", CALF),
        **SIDE_FOOT,
        **LIMBS,
        **_one("pelvis", "shorts", PELVIS),
        **_one("belly", "shirt", BELLY),
        **_one("bust", "shirt", BUST),
        **_one("throat", "skin", THROAT),
        **_one("face", "skin", FACE),
        **_one("hair", "hair", HAIR),
        **_one("ear", "skin", EAR),
        **_one("eye", "hair", EYE),
    },
    View.FRONT: {
        **_one("knee", "skin", KNEE_F),
        **_one("leg", "shorts", LEG_F),
        **_one("calf", "skin", CALF_F),
        **SIDE_FOOT,
        **_one("front", "shoe", SHOE_F),
        "tread": Shape(polygon(SOLE_F), "sole"),
        **LIMBS,
        **_one("sleeve", "sleeve", SLEEVE_F),
        **_one("pelvis", "shorts", PELVIS_F),
        **_one("belly", "shirt", BELLY_F),
        **_one("bust", "shirt", BUST_F),
        **_one("throat", "skin", THROAT_F),
        "ears": Shape(smooth(EARS_F[:4]) + smooth(EARS_F[4:]), "skin"),
        **_one("face", "skin", FACE_F),
        **_one("hair", "hair", HAIR_F),
        "eye": Shape("".join(map(smooth, (*EYES_F, NOSE_F, MOUTH_F))), "hair"),
    },
}
HEADS = {
    View.PROFILE: ("face", "eye", "hair", "ear"),
    View.FRONT: ("ears", "face", "eye", "hair"),
    View.BACK: ("ears", "face", "hair"),
}


def shapes(view: View) -> Mapping[str, Shape]:
    """Every shape that a body in this view may need, by name."""
    return _ALL[view]


_ALL = {**SHAPES, View.BACK: {**SHAPES[View.FRONT], **_one("hair", "hair", HAIR_B)}}
