"""A picture as a form: what each number is called and how far it goes, what was typed as a picture, and a picture in words."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from app.errors import FieldError, Invalid
from app.figures import Picture, Unposable
from app.figures.documents import LONGEST_WORDS, from_text, to_text
from app.figures.editing import PULLS, RANGES, Pull, decided
from app.figures.pose import Arm, Arrow, Bone, Floor, Gear, Kind, Leg, Part, Pose, View
from app.web.forms import Form
from app.web.schemas import decimal

MOST_POSES = 6

VIEWS: Final[Mapping[View, str]] = {View.PROFILE: "from the side", View.FRONT: "from the front", View.BACK: "from the back"}
FLOORS: Final[Mapping[Floor, str]] = {
    Floor.GROUND: "from the side, as a line",
    Floor.OBLIQUE: "a little from above",
    Floor.ABOVE: "straight from above",
}
TRUNK: Final = {"lean": "Lean", "waist": "Lower back", "back": "Upper back", "neck": "Neck", "nod": "Head"}
LEG: Final = {"hip": "Hip", "knee": "Knee", "ankle": "Ankle"}
ARM: Final = {"shoulder": "Shoulder", "elbow": "Elbow", "wrist": "Wrist"}
LEG_SEEN: Final = {"thigh_seen": "Thigh", "shank_seen": "Shank", "foot_seen": "Foot"}
ARM_SEEN: Final = {"upper_seen": "Upper arm", "fore_seen": "Forearm", "palm_seen": "Hand"}
LEG_TICKS: Final = (("sole", "Foot seen from its side"),)
ARM_TICKS: Final = (("grip", "Closed hand"), ("plumb", "Shoulder from the plumb line"))
LIMBS: Final = ("near_leg", "far_leg", "near_arm", "far_arm")
SIDES: Final[Mapping[View, Mapping[str, str]]] = {
    View.PROFILE: {"near": "near", "far": "far"},
    View.FRONT: {"near": "left in the picture", "far": "right in the picture"},
    View.BACK: {"near": "left in the picture", "far": "right in the picture"},
}


def spoken(word: str) -> str:
    return word.replace("-", " ").replace("_", " ")


PARTS: Final = tuple((part.value, spoken(part.value)) for part in Part)
ANYWHERE: Final = (*PARTS, *((bone.value, f"{spoken(bone.value)} (bone)") for bone in Bone if bone.value not in list(Part)))
BONES: Final = tuple((bone.value, spoken(bone.value)) for bone in Bone)
KINDS: Final = tuple((kind.value, kind.value) for kind in Kind)


# --- what the form asks for -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberField:
    """One number: its name in the form, what it is called alone and in full, its range, and how it is pulled in the picture."""

    name: str
    label: str
    full: str
    low: str
    high: str
    pull: Pull | None = None
    is_decided: bool = False
    """A contact decides it, whatever stands here."""


@dataclass(frozen=True, slots=True)
class LimbFields:
    """The trunk, an arm or a leg: its angles, and ticks with what they say."""

    label: str
    angles: tuple[NumberField, ...]
    ticks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PinFields:
    """One contact; what it is about, and the names of its fields begin with `name`."""

    name: str
    numbers: tuple[NumberField, ...]


GearFields = PinFields


@dataclass(frozen=True, slots=True)
class PoseFields:
    """One pose of the picture."""

    label: str
    name: str
    limbs: tuple[LimbFields, ...]
    seen: tuple[NumberField, ...]
    balance: tuple[NumberField, ...]
    pins: tuple[PinFields, ...]


def _number(name: str, label: str, kind: str, full: str = "", pull: Pull | None = None, *, is_decided: bool = False) -> NumberField:
    low, high = RANGES[kind]
    return NumberField(name, label, full or label, f"{low:g}", f"{high:g}", pull, is_decided)


def pose_label(number: int, count: int) -> str:
    if count == 1:
        return "The pose"
    return "Start" if number == 0 else "End" if number == count - 1 else "On the way" if count == 3 else f"On the way, {number}"


def pose_fields(number: int, count: int, view: View, pose: Pose | None, pins: int) -> PoseFields:
    """The fields of one pose, with `pins` rows for contacts."""
    begin = f"poses.{number}"
    fixed = decided(pose) if pose else frozenset()
    limbs = [
        LimbFields("Trunk and head", tuple(_number(f"{begin}.{one}", label, one, label, PULLS[one]) for one, label in TRUNK.items()), ())
    ]
    seen = [_number(f"{begin}.trunk_seen", "Trunk", "seen")]
    for limb in LIMBS:
        side, kind = limb.split("_")
        where = SIDES[view][side]
        angles = tuple(
            _number(f"{begin}.{limb}.{one}", label, one, f"{label}, {where}", PULLS[f"{limb}.{one}"], is_decided=f"{limb}.{one}" in fixed)
            for one, label in (LEG if kind == "leg" else ARM).items()
        )
        ticks = ARM_TICKS if kind == "arm" else () if view is View.PROFILE else LEG_TICKS
        limbs.append(LimbFields(f"{kind.capitalize()}, {where}", angles, tuple((f"{begin}.{limb}.{one}", label) for one, label in ticks)))
        shares = LEG_SEEN if kind == "leg" else ARM_SEEN
        seen += (_number(f"{begin}.{limb}.{one}", f"{label}, {where}", "seen") for one, label in shares.items())
    return PoseFields(
        label=pose_label(number, count),
        name=begin,
        limbs=tuple(limbs),
        seen=tuple(seen),
        balance=(
            _number(f"{begin}.over", "Weight from heel (0) to toe (1)", "over"),
            _number(f"{begin}.load", "Load in the near hand, as a part of body weight", "load"),
        ),
        pins=tuple(
            PinFields(
                f"{begin}.pins.{place}",
                tuple(_number(f"{begin}.pins.{place}.{one}", label, one) for one, label in (("x", "x"), ("y", "y"), ("turn", "Turned to"))),
            )
            for place in range(pins)
        ),
    )


GEAR_NUMBERS: Final = (("x", "x"), ("y", "y"), ("w", "Width"), ("h", "Height or radius"))


def gear_fields(rows: int) -> tuple[GearFields, ...]:
    return tuple(
        GearFields(f"gear.{place}", tuple(_number(f"gear.{place}.{one}", label, one) for one, label in GEAR_NUMBERS))
        for place in range(rows)
    )


ARROW_FIELDS: Final = tuple(
    _number(f"arrow.{one}", label, f"arrow.{one}")
    for one, label in (
        ("x", "Moved by x"),
        ("y", "Moved by y"),
        ("bend", "Bent"),
        ("grow", "Longer by"),
        ("turn", "Turned to"),
        ("length", "Length"),
    )
)
SECONDS: Final = _number("seconds", "Seconds for one repetition", "seconds")


def labels_of(poses: Iterable[PoseFields], gear: Iterable[GearFields]) -> Mapping[str, str]:
    """What each field is called where it is named apart from the others."""
    found = {"title": "Title", "seen": "What is seen", SECONDS.name: SECONDS.label} | {
        one.name: f"Arrow, {one.label}" for one in ARROW_FIELDS
    }
    for pose in poses:
        numbers = chain(*(limb.angles for limb in pose.limbs), pose.seen, pose.balance)
        found |= {one.name: f"{pose.label}, {one.full}" for one in numbers}
        found |= {one.name: f"{pose.label}, contact {place}, {one.label}" for place, row in enumerate(pose.pins, 1) for one in row.numbers}
        found[f"{pose.name}.balance"] = f"{pose.label}, balance"
    return found | {one.name: f"Equipment {place}, {one.label}" for place, row in enumerate(gear, 1) for one in row.numbers}


# --- a picture as a form ----------------------------------------------------------------------------------------------


def _shown(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"


def _flat(one: Any, names: tuple[str, ...], begin: str) -> Iterator[tuple[str, str]]:
    for name in names:
        value = getattr(one, name)
        if isinstance(value, bool):
            yield f"{begin}.{name}", "yes" if value else ""
        else:
            yield f"{begin}.{name}", str(value) if isinstance(value, str) else _shown(value)


_OF_LEG = (*LEG, *LEG_SEEN, "sole")
_OF_ARM = (*ARM, *ARM_SEEN, "grip", "plumb")
_OF_POSE = (*TRUNK, "trunk_seen", "balance", "over", "load")
_OF_PIN = ("part", "x", "y", "on", "turn", "bend")
_OF_GEAR = ("kind", "on", "to", "x", "y", "w", "h", "text", "front")
_OF_ARROW = ("part", "x", "y", "bend", "grow", "turn", "length", "both")


def filled(picture: Picture) -> Form:
    """A picture as its form shows it."""
    texts = {
        "title": picture.title,
        "seen": picture.seen,
        "view": picture.view.value,
        "floor": picture.floor.value,
        "seconds": _shown(picture.seconds),
        "count": str(len(picture.poses)),
        "hold": "yes" if len(picture.poses) == 1 else "",
        "base": to_text(picture),
    }
    for number, pose in enumerate(picture.poses):
        begin = f"poses.{number}"
        texts |= _flat(pose, _OF_POSE, begin)
        for limb in LIMBS:
            texts |= _flat(getattr(pose, limb), _OF_LEG if limb.endswith("leg") else _OF_ARM, f"{begin}.{limb}")
        for place, pin in enumerate(pose.pins):
            texts |= _flat(pin, _OF_PIN, f"{begin}.pins.{place}")
            texts[f"{begin}.pins.{place}.bend"] = "yes" if pin.bend < 0 else ""
    for place, gear in enumerate(picture.gear):
        texts |= _flat(gear, _OF_GEAR, f"gear.{place}")
    if picture.arrow:
        texts |= _flat(picture.arrow, _OF_ARROW, "arrow")
    return Form({name: (text,) for name, text in texts.items()})


def rows(form: Form, begin: str, kind: str) -> int:
    """How many rows of contacts or equipment a form has."""
    found = 0
    while f"{begin}.{found}.{kind}" in form.fields:
        found += 1
    return found


# --- a form as a picture ----------------------------------------------------------------------------------------------


class _Reader:
    """Reads a form field by field; what is wrong is kept beside its field."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.errors: list[FieldError] = []

    def number(self, name: str, kind: str, usual: float | None = 0) -> float | None:
        text = decimal(self.form.value(name))
        if not text:
            return usual
        low, high = RANGES[kind]
        try:
            value = float(str(text))
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            self.errors.append(FieldError(name, f"Write a number from {low:g} to {high:g}."))
            return usual
        return value

    def numbers(self, begin: str, names: tuple[str, ...], like: object, prefix: str = "") -> dict[str, Any]:
        found = {}
        for name in names:
            kind = "seen" if name.endswith("_seen") else prefix + name
            if kind in RANGES:
                found[name] = self.number(f"{begin}.{name}", kind, getattr(like, name))
            elif isinstance(getattr(like, name), bool):
                found[name] = bool(self.form.value(f"{begin}.{name}"))
        return found

    def words(self, name: str) -> str:
        text = self.form.value(name).strip()
        if not text:
            self.errors.append(FieldError(name, "Fill this in."))
        elif len(text) > LONGEST_WORDS[name]:
            self.errors.append(FieldError(name, f"Use at most {LONGEST_WORDS[name]} characters."))
        return text

    def pose(self, begin: str) -> dict[str, Any]:
        found = self.numbers(begin, _OF_POSE, Pose())
        for limb in LIMBS:
            like = Leg() if limb.endswith("leg") else Arm()
            found[limb] = self.numbers(f"{begin}.{limb}", _OF_LEG if limb.endswith("leg") else _OF_ARM, like)
        found["pins"] = [
            self.pin(f"{begin}.pins.{place}")
            for place in range(rows(self.form, f"{begin}.pins", "part"))
            if self.form.value(f"{begin}.pins.{place}.part")
        ]
        if found["balance"] and (not found["pins"] or found["pins"][0]["part"] != Part.NEAR_FOOT):
            self.errors.append(FieldError(f"{begin}.balance", "To stand in balance, the first contact is the near foot."))
        return found

    def pin(self, begin: str) -> dict[str, Any]:
        return {
            "part": self.form.value(f"{begin}.part"),
            "on": self.form.value(f"{begin}.on") or None,
            "x": self.number(f"{begin}.x", "x"),
            "y": self.number(f"{begin}.y", "y"),
            "turn": self.number(f"{begin}.turn", "turn", None),
            "bend": -1 if self.form.value(f"{begin}.bend") else 1,
        }

    def gear(self, begin: str) -> dict[str, Any]:
        found = self.numbers(begin, _OF_GEAR, Gear(Kind.MAT))
        for name in ("kind", "on", "to", "text"):
            found[name] = self.form.value(f"{begin}.{name}").strip() or None
        return {name: value for name, value in found.items() if value is not None}


def _base(form: Form) -> dict[str, Any]:
    """What of the picture that it began with the form does not ask for."""
    try:
        known: dict[str, Any] = json.loads(to_text(from_text(form.value("base")))) if form.value("base") else {}
    except Unposable:
        return {}
    return {name: known[name] for name in ("tissues", "behind", "ghost", "frame") if name in known}


def count_of(form: Form) -> int:
    text = form.value("count")
    return min(int(text), MOST_POSES) if text.isdecimal() and len(text) < 3 and int(text) else 1


def view_of(form: Form) -> View:
    return View(form.value("view")) if form.value("view") in list(View) else View.PROFILE


def read_picture(form: Form) -> Picture:
    """The picture that was typed; raises Invalid with a message for each field. A hold keeps its last pose, a movement has two at least."""
    reader = _Reader(form)
    poses = [reader.pose(f"poses.{number}") for number in range(count_of(form))]
    if form.value("hold"):
        poses = poses[-1:]
    elif len(poses) == 1:
        poses *= 2
    document: dict[str, Any] = {
        **_base(form),
        "title": reader.words("title"),
        "seen": reader.words("seen"),
        "view": form.value("view"),
        "floor": form.value("floor"),
        "seconds": reader.number("seconds", "seconds", 5),
        "poses": poses,
        "gear": [reader.gear(f"gear.{place}") for place in range(rows(form, "gear", "kind")) if form.value(f"gear.{place}.kind")],
    }
    if form.value("arrow.part"):
        arrow = reader.numbers("arrow", _OF_ARROW, Arrow(Part.HIP), "arrow.")
        document["arrow"] = {**arrow, "both": bool(form.value("arrow.both")), "part": form.value("arrow.part")}
    if reader.errors:
        raise Invalid(*reader.errors)
    try:
        return from_text(to_text(from_text(json.dumps(document))))
    except Unposable as problem:
        raise Invalid(FieldError("", f"That can't be drawn: {problem}.")) from None


# --- in words ---------------------------------------------------------------------------------------------------------


def picture_lines(text: str) -> tuple[str, ...]:
    """An own picture line by line, for comparing two; without one it is drawn as the starter library's exercise."""
    if not text:
        return ("none of its own",)
    try:
        picture = from_text(text)
    except Unposable as problem:
        return (f"can't be drawn: {problem}",)
    lines = [picture.title, picture.seen, f"Seen {VIEWS[picture.view]}, the floor {FLOORS[picture.floor]}"]
    if len(picture.poses) == 1:
        lines.append("A hold")
    for number, pose in enumerate(picture.poses):
        lines += (f"{pose_label(number, len(picture.poses))}: {said}" for said in _pose_lines(pose, picture.view))
    lines += (f"Equipment: {gear.kind.value}" for gear in picture.gear)
    if picture.arrow:
        lines.append(f"Arrow at the {spoken(picture.arrow.part.value)}")
    return tuple(lines)


def _pose_lines(pose: Pose, view: View) -> Iterator[str]:
    yield _angles("trunk", pose, TRUNK, Pose())
    for limb in LIMBS:
        side, kind = limb.split("_")
        legs = kind == "leg"
        yield _angles(f"{kind}, {SIDES[view][side]}", getattr(pose, limb), LEG if legs else ARM, Leg() if legs else Arm())
    if pose.pins:
        yield "touching by " + ", ".join(spoken(pin.part.value) for pin in pose.pins)


def _angles(label: str, one: object, names: Mapping[str, str], usual: object) -> str:
    said = [f"{word.lower()} {_shown(getattr(one, name))}°" for name, word in names.items() if getattr(one, name) != getattr(usual, name)]
    return f"{label} {', '.join(said) or 'as standing'}"
