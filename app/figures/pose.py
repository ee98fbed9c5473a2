"""What a picture is made of, as plain values that can be stored: angles, contacts, equipment, an arrow."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Literal, TypeAlias


class View(StrEnum):
    """What of the body is seen; angles are those of the picture's plane."""

    PROFILE = "profile"
    FRONT = "front"
    BACK = "back"


class Floor(StrEnum):
    """How what the body is on is seen: from the side, a little from above (what is nearer is lower), or from above."""

    GROUND = "ground"
    OBLIQUE = "oblique"
    ABOVE = "above"


class Part(StrEnum):
    """A place of the body that can be pinned, or that equipment, an arrow or a test refers to."""

    HIP = "hip"
    TAIL = "tail"
    WAIST = "waist"
    BACK = "back"
    SHOULDER = "shoulder"
    NECK = "neck"
    OCCIPUT = "occiput"
    CROWN = "crown"
    NEAR_HIP = "near-hip"
    NEAR_KNEE = "near-knee"
    NEAR_FOOT = "near-foot"
    NEAR_HEEL = "near-heel"
    NEAR_TOE = "near-toe"
    FAR_HIP = "far-hip"
    FAR_KNEE = "far-knee"
    FAR_FOOT = "far-foot"
    FAR_HEEL = "far-heel"
    FAR_TOE = "far-toe"
    NEAR_SHOULDER = "near-shoulder"
    NEAR_ELBOW = "near-elbow"
    NEAR_WRIST = "near-wrist"
    NEAR_HAND = "near-hand"
    FAR_SHOULDER = "far-shoulder"
    FAR_ELBOW = "far-elbow"
    FAR_WRIST = "far-wrist"
    FAR_HAND = "far-hand"


class Bone(StrEnum):
    """A segment of the body, each with a frame of its own: x along it, y to its left."""

    PELVIS = "pelvis"
    ABDOMEN = "abdomen"
    CHEST = "chest"
    NECK = "neck"
    HEAD = "head"
    NEAR_THIGH = "near-thigh"
    NEAR_SHANK = "near-shank"
    NEAR_SHOE = "near-shoe"
    FAR_THIGH = "far-thigh"
    FAR_SHANK = "far-shank"
    FAR_SHOE = "far-shoe"
    NEAR_UPPER = "near-upper"
    NEAR_FORE = "near-fore"
    NEAR_PALM = "near-palm"
    FAR_UPPER = "far-upper"
    FAR_FORE = "far-fore"
    FAR_PALM = "far-palm"


class Unposable(ValueError):
    """A pose says what no body can do; the message names the field, what it is and what it may be."""


def within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise Unposable(f"{name} is {value:g}; it goes from {low:g} to {high:g}")


ANGLES = {
    "lean": (-180, 180),
    "waist": (-60, 60),
    "back": (-60, 60),
    "neck": (-70, 70),
    "nod": (-70, 70),
    "hip": (-180, 180),
    "knee": (-180, 180),
    "ankle": (-90, 90),
    "shoulder": (-240, 240),
    "elbow": (-165, 165),
    "wrist": (-95, 95),
}
"""Each angle of a pose with its range in degrees. 0 is standing upright with the arms down, flexion is positive."""


def check(one: object, names: tuple[str, ...]) -> None:
    """That each angle and each share of these fields is one that a pose may have."""
    for name in names:
        if name in ANGLES:
            within(name, getattr(one, name), *ANGLES[name])
        elif name.endswith("_seen"):
            within(name, getattr(one, name), 0.05, 1.1)


@dataclass(frozen=True, slots=True)
class Leg:
    """Hip and knee flexion and dorsiflexion of the ankle; `seen` is how much of each length shows when it points towards you or away."""

    hip: float = 0
    knee: float = 0
    ankle: float = 0
    thigh_seen: float = 1
    shank_seen: float = 1
    foot_seen: float = 1
    sole: bool = False
    """Seen from the front, the foot still shows its side."""

    def __post_init__(self) -> None:
        check(self, tuple(each.name for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Arm:
    """Flexion of shoulder, elbow and wrist; `plumb` measures the shoulder from straight down instead of from the trunk."""

    shoulder: float = 0
    elbow: float = 8
    wrist: float = 0
    upper_seen: float = 1
    fore_seen: float = 1
    palm_seen: float = 1
    grip: bool = False
    plumb: bool = False

    def __post_init__(self) -> None:
        check(self, tuple(each.name for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Pin:
    """A contact: this part of the body is at this place, in centimetres from where the picture has its zero, up from the ground.

    The first pin of a pose carries the body; those after it place a hand or a foot, in order. With `on`, x and y are measured along
    and to the left of that bone. `turn` is the direction of the palm or of the foot in the picture; `bend` -1 lets elbow or knee bend
    the other way.
    """

    part: Part
    x: float = 0
    y: float = 0
    on: Bone | None = None
    turn: float | None = None
    bend: Literal[1, -1] = 1

    def __post_init__(self) -> None:
        within("x", self.x, -300, 300)
        within("y", self.y, -300, 300)
        if self.turn is not None:
            within("turn", self.turn, -180, 180)


@dataclass(frozen=True, slots=True)
class Pose:
    """How the body is held, in degrees, and what it touches.

    `lean` is the pelvis: 0 upright, 90 face down, -90 on the back. `waist` and `back` flex the lumbar and the thoracic spine, `neck`
    and `nod` bow neck and head. `balance` stands on the near foot: hip and ankle follow from lean and knee so that the centre of mass
    stays over the foot, at `over` of the way from heel to toe. `load` is what the near hand holds, as a part of body mass.
    """

    lean: float = 0
    waist: float = 0
    back: float = 0
    neck: float = 0
    nod: float = 0
    near_leg: Leg = Leg()
    far_leg: Leg = Leg()
    near_arm: Arm = Arm()
    far_arm: Arm = Arm()
    trunk_seen: float = 1
    pins: tuple[Pin, ...] = ()
    balance: bool = False
    over: float = 0.5
    load: float = 0

    def __post_init__(self) -> None:
        check(self, tuple(each.name for each in fields(self)))
        within("over", self.over, 0.2, 0.8)
        within("load", self.load, 0, 1)
        if self.balance and (not self.pins or self.pins[0].part is not Part.NEAR_FOOT):
            raise Unposable("a pose in balance begins with a pin of the near foot")
        for pin in self.pins[1:]:
            if pin.part not in PLACED:
                raise Unposable(f"only the first pin can hold {pin.part.value}; the others place a hand, a wrist or a foot")


PLACED = {
    Part.NEAR_HAND, Part.FAR_HAND, Part.NEAR_WRIST, Part.FAR_WRIST,
    Part.NEAR_FOOT, Part.FAR_FOOT, Part.NEAR_HEEL, Part.FAR_HEEL, Part.NEAR_TOE, Part.FAR_TOE,
}  # fmt: skip


class Kind(StrEnum):
    """Equipment that can be drawn."""

    MAT = "mat"
    WALL = "wall"
    BENCH = "bench"
    PAD = "pad"
    ROLLER = "roller"
    BALL = "ball"
    DOWEL = "dowel"
    STAFF = "staff"
    STRAP = "strap"
    BAND = "band"
    KETTLEBELL = "kettlebell"
    BARBELL = "barbell"
    RAIL = "rail"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Gear:
    """A piece of equipment. What the numbers mean depends on the kind; `gear.py` says it for each.

    `on` and `to` are what it lies against, hangs from or connects; `x` and `y` its place, `w` and `h` its size, in centimetres.
    """

    kind: Kind
    on: Part | Bone | None = None
    to: Part | Bone | None = None
    x: float = 0
    y: float = 0
    w: float = 0
    h: float = 0
    text: str = ""
    front: bool = False

    def __post_init__(self) -> None:
        for name in ("x", "y", "w", "h"):
            within(name, getattr(self, name), -300, 300)


@dataclass(frozen=True, slots=True)
class Arrow:
    """The way a part of the body takes from start to end, drawn beside it: moved by x and y, bent, and made longer or shorter by `grow`.

    `turn` and `length` say it outright where the way itself would not show it.
    """

    part: Part
    x: float = 0
    y: float = 0
    bend: float = 0
    grow: float = 1
    turn: float | None = None
    length: float = 0
    both: bool = False

    def __post_init__(self) -> None:
        within("x", self.x, -150, 150)
        within("y", self.y, -150, 150)
        within("bend", self.bend, -1.5, 1.5)
        within("grow", self.grow, -8, 8)
        within("length", self.length, 0, 120)
        if self.turn is not None:
            within("turn", self.turn, -180, 180)


@dataclass(frozen=True, slots=True)
class Tissue:
    """What is stretched, pressed or worked, as a soft patch: from and to along the bone, so far to its left, so wide."""

    bone: Bone
    start: float
    end: float
    across: float = 0
    width: float = 5

    def __post_init__(self) -> None:
        for name in ("start", "end", "across"):
            within(name, getattr(self, name), -60, 60)
        within("width", self.width, 1, 20)


Layer: TypeAlias = Literal["far-arm", "near-arm", "far-leg", "near-leg"]


@dataclass(frozen=True, slots=True)
class Picture:
    """An exercise as it is drawn: one pose for a hold, else two or more from start to end."""

    title: str
    seen: str
    """What is seen, in a sentence or two, for those who do not see it."""
    poses: tuple[Pose, ...]
    view: View = View.PROFILE
    floor: Floor = Floor.GROUND
    gear: tuple[Gear, ...] = ()
    arrow: Arrow | None = None
    tissues: tuple[Tissue, ...] = ()
    behind: tuple[Layer, ...] = ("far-arm", "far-leg")
    """What is behind the trunk. An arm that is named after a leg is before both, and behind the legs that are not named."""
    ghost: bool = True
    seconds: float = 5
    frame: tuple[float, float, float, float] | None = field(default=None)
    """Left, bottom, right and top of the picture, where the body alone would give another cut."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.poses) <= 6:
            raise Unposable(f"a picture has between one and six poses, not {len(self.poses)}")
        within("seconds", self.seconds, 2, 20)
