"""What an editor of pictures needs: where one begins, how far a number goes, which joint is pulled where, what a contact decides."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from app.figures.draw import draw, frame
from app.figures.pose import ANGLES, Kind, Part, Picture, Pin, Pose, View
from app.figures.poses import PICTURES
from app.figures.solve import missed, solve

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    **ANGLES,
    "seen": (0.05, 1.1),
    "x": (-300, 300),
    "y": (-300, 300),
    "w": (-300, 300),
    "h": (0, 300),
    "turn": (-180, 180),
    "over": (0.2, 0.8),
    "load": (0, 1),
    "seconds": (2, 20),
    "arrow.x": (-150, 150),
    "arrow.y": (-150, 150),
    "arrow.bend": (-1.5, 1.5),
    "arrow.grow": (-8, 8),
    "arrow.turn": (-180, 180),
    "arrow.length": (0, 120),
}
"""From where to where each number of a picture goes; every share of a length that is seen is `seen`."""

STARTS: Final[Mapping[str, tuple[str, str]]] = {
    "standing": ("Standing", "wall-hinge"),
    "one-leg": ("Standing on one leg", "sl-hinge"),
    "kneeling": ("Half kneeling", "half-kneel"),
    "all-fours": ("On hands and knees", "bird-dog"),
    "back": ("Lying on the back", "dead-bug"),
    "front": ("Face down, on the forearms", "plank"),
    "sitting": ("Sitting, seen from the front", "butterfly"),
}
"""Poses to begin with: what each is called, and whose first pose it is."""


def start(name: str) -> Picture | None:
    """A picture to begin with: a bare pose that does not move yet, or a copy of one of ours; None where there is no such."""
    return _bare(name) if name in STARTS else PICTURES.get(name)


def _bare(name: str) -> Picture:
    picture = PICTURES[STARTS[name][1]]
    pose = picture.poses[0]
    return replace(
        picture,
        title=STARTS[name][0],
        seen=f"{STARTS[name][0]}.",
        poses=(pose, pose),
        gear=tuple(gear for gear in picture.gear if gear.kind is Kind.MAT),
        arrow=None,
        tissues=(),
    )


STANDING: Final = _bare("standing")


def alone(picture: Picture, number: int) -> Picture:
    """One pose of a picture in the picture's own frame, without what tells of the movement."""
    pose = picture.poses[number]
    return replace(picture, poses=(pose, pose), ghost=False, arrow=None, tissues=(), frame=frame(picture))


def out_of_reach(picture: Picture, number: int) -> int:
    """By how many centimetres a pose misses a contact; a little is none."""
    pose = picture.poses[number]
    by = missed(solve(pose, picture.view), pose)
    return round(by) if by > NEAR_ENOUGH else 0


NEAR_ENOUGH: Final = 1.5

MOST_BYTES: Final = 12 * 1024
"""So much takes the heaviest of ours to send, while it moves."""


def too_heavy(picture: Picture) -> str:
    """That a picture takes more than that, and what makes it lighter; nothing of one that does not."""
    takes = len(draw(picture, animated=True).encode())
    if takes <= MOST_BYTES:
        return ""
    return f"It takes {takes / 1024:.1f} KB to send, and {MOST_BYTES // 1024} are enough: leave out a pose or a piece of equipment."


class Pull(NamedTuple):
    """How an angle is set by hand: the joint it turns around, the one that is pulled, and whether counter-clockwise is more or less."""

    around: str
    pulled: str
    sign: int


_TRUNK: Final = {
    "lean": Pull("hip", "waist", -1),
    "waist": Pull("waist", "ribs", -1),
    "back": Pull("ribs", "shoulder", -1),
    "neck": Pull("neck", "head", -1),
    "nod": Pull("head", "crown", -1),
}
_LEG: Final = {"hip": ("hip", "knee", 1), "knee": ("knee", "foot", -1), "ankle": ("foot", "toe", 1)}
_ARM: Final = {"shoulder": ("shoulder", "elbow", 1), "elbow": ("elbow", "wrist", 1), "wrist": ("wrist", "hand", 1)}


def _pulls() -> Mapping[str, Pull]:
    found = dict(_TRUNK)
    for side in ("near", "far"):
        for limb, angles in (("leg", _LEG), ("arm", _ARM)):
            for angle, (around, pulled, sign) in angles.items():
                found[f"{side}_{limb}.{angle}"] = Pull(f"{side}-{around}", f"{side}-{pulled}", sign)
    return found


PULLS: Final = _pulls()
"""How each angle of a pose is set by hand, by its path; joints are named as a drawing's `data-joint` names them."""


def is_mirrored(view: View) -> bool:
    """Whether the near arm and leg turn the other way: from the front and from behind, a limb moves away from the middle."""
    return view is not View.PROFILE


def decided(pose: Pose) -> frozenset[str]:
    """The angles of a pose that its contacts or its balance decide, whatever it says itself."""
    found = {"near_leg.hip", "near_leg.ankle"} if pose.balance else set()
    for pin in pose.pins[1:]:
        found |= {f"{pin.part.split('-')[0]}_{angle}" for angle in _placed(pin)}
    return frozenset(found)


def _placed(pin: Pin) -> tuple[str, ...]:
    if pin.part in (Part.NEAR_HAND, Part.FAR_HAND):
        return ("arm.shoulder", "arm.elbow", "arm.wrist")
    arm = pin.part in (Part.NEAR_WRIST, Part.FAR_WRIST)
    bent = ("arm.shoulder", "arm.elbow") if arm else ("leg.hip", "leg.knee")
    return bent if pin.turn is None else (*bent, "arm.wrist" if arm else "leg.ankle")
