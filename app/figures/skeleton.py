"""The body: how long and how heavy each segment is, and what hangs from what.

Lengths are parts of stature after Drillis and Contini (1966), masses and centres of mass parts of the whole after Dempster, both as
tabulated in D. A. Winter, Biomechanics and Motor Control of Human Movement, 4th ed. (2009), figure 4.1 and table 4.1. The trunk between
hip and shoulder (0.288 of stature) is parted into pelvis, abdomen and chest so that the back can bend.
"""

from dataclasses import dataclass

from app.figures.pose import Bone, Part, View

STATURE = 170.0
ANKLE = 0.039 * STATURE
SHANK = 0.246 * STATURE
THIGH = 0.245 * STATURE
PELVIS = 0.075 * STATURE
ABDOMEN = 0.083 * STATURE
CHEST = 0.130 * STATURE
UPPER = 0.186 * STATURE
FORE = 0.146 * STATURE
PALM = 0.108 * STATURE
NECK = 12.5
HEEL_BACK, TOE_AHEAD = 6.4, 19.4
"""Together a foot of 0.152 of stature, from an ankle that stands a quarter of it from the heel."""
HIP_APART, SHOULDER_APART = 8.6, 17.4
"""Half of the distance between the two, seen from the front."""
GRIP = 7.0
"""From the wrist to the middle of a closed hand."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What it hangs from and where, its direction when standing (relative to that), its mass and where along it that is centred."""

    parent: Bone | None
    x: float
    y: float
    rest: float
    length: float
    mass: float
    centre: float


def _legs(far: str, *, side: float) -> dict[Bone, Segment]:
    return {
        Bone(f"{far}-thigh"): Segment(Bone.PELVIS, 0, side, 180, THIGH, 0.100, 0.433),
        Bone(f"{far}-shank"): Segment(Bone(f"{far}-thigh"), THIGH, 0, 0, SHANK, 0.0465, 0.433),
        Bone(f"{far}-shoe"): Segment(Bone(f"{far}-shank"), SHANK, 0, 90, TOE_AHEAD, 0.0145, 0.35),
    }


def _arms(far: str, *, side: float) -> dict[Bone, Segment]:
    return {
        Bone(f"{far}-upper"): Segment(Bone.CHEST, CHEST, side, 180, UPPER, 0.028, 0.436),
        Bone(f"{far}-fore"): Segment(Bone(f"{far}-upper"), UPPER, 0, 0, FORE, 0.016, 0.430),
        Bone(f"{far}-palm"): Segment(Bone(f"{far}-fore"), FORE, 0, 0, PALM, 0.006, 0.506),
    }


def _body(*, hips: float, shoulders: float, nape: float) -> dict[Bone, Segment]:
    return {
        Bone.PELVIS: Segment(None, 0, 0, 90, PELVIS, 0.142, 0.5),
        Bone.ABDOMEN: Segment(Bone.PELVIS, PELVIS, 0, 0, ABDOMEN, 0.139, 0.5),
        Bone.CHEST: Segment(Bone.ABDOMEN, ABDOMEN, 0, 0, CHEST, 0.216, 0.5),
        Bone.NECK: Segment(Bone.CHEST, CHEST + 4, nape, 0, NECK, 0.0, 0.5),
        Bone.HEAD: Segment(Bone.NECK, NECK, 0, 0, 14.5, 0.081, 0.2),
        **_arms("far", side=-shoulders),
        **_legs("far", side=-hips),
        **_arms("near", side=shoulders),
        **_legs("near", side=hips),
    }


PROFILE = _body(hips=0, shoulders=0, nape=2.5)
FACING = _body(hips=HIP_APART, shoulders=SHOULDER_APART, nape=0)


def segments(view: View) -> dict[Bone, Segment]:
    """The tree of segments, each after the one it hangs from."""
    return PROFILE if view is View.PROFILE else FACING


PLACES: dict[Part, tuple[Bone, float, float]] = {
    Part.HIP: (Bone.PELVIS, 0, 0),
    Part.TAIL: (Bone.PELVIS, 2, 12.4),
    Part.WAIST: (Bone.ABDOMEN, 0, 0),
    Part.BACK: (Bone.CHEST, 12, 11.2),
    Part.SHOULDER: (Bone.CHEST, CHEST, 0),
    Part.NECK: (Bone.NECK, 0, 0),
    Part.OCCIPUT: (Bone.HEAD, 5.5, 10.3),
    Part.CROWN: (Bone.HEAD, 14.5, 0),
} | {
    Part(f"{side}-{name}"): (Bone(f"{side}-{bone}"), x, y)
    for side in ("near", "far")
    for name, bone, x, y in (
        ("hip", "thigh", 0, 0),
        ("knee", "shank", 0, 0),
        ("foot", "shoe", 0, 0),
        ("heel", "shoe", -HEEL_BACK, -ANKLE),
        ("toe", "shoe", TOE_AHEAD - 1, -ANKLE),
        ("shoulder", "upper", 0, 0),
        ("elbow", "fore", 0, 0),
        ("wrist", "palm", 0, 0),
        ("hand", "palm", GRIP, 0),
    )
}
"""Where each named part is: on which bone, how far along it and how far to its left."""

FLESH = {
    Part.HIP: 9.0, Part.WAIST: 8.0, Part.SHOULDER: 7.0, Part.CROWN: 1.0,
    Part.NEAR_KNEE: 5.0, Part.FAR_KNEE: 5.0, Part.NEAR_FOOT: 4.0, Part.FAR_FOOT: 4.0,
    Part.NEAR_ELBOW: 4.0, Part.FAR_ELBOW: 4.0, Part.NEAR_WRIST: 2.5, Part.FAR_WRIST: 2.5,
    Part.NEAR_HAND: 9.0, Part.FAR_HAND: 9.0,
    Part.NEAR_HEEL: 0.0, Part.FAR_HEEL: 0.0, Part.NEAR_TOE: 0.0, Part.FAR_TOE: 0.0,
}  # fmt: skip
"""How far the skin is from the joint: what must not sink into the ground."""
