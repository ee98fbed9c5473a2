"""From a pose to where every segment is: balance over the foot, contacts, hands and feet by two bones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

from app.figures.geometry import Frame, Point, distance, turned, two_bones
from app.figures.pose import Arm, Bone, Leg, Part, Picture, Pin, Pose, View
from app.figures.skeleton import GRIP, HEEL_BACK, PLACES, TOE_AHEAD, segments

_ARMS = {side: (Bone(f"{side}-upper"), Bone(f"{side}-fore"), Bone(f"{side}-palm")) for side in ("far", "near")}
_LEGS = {side: (Bone(f"{side}-thigh"), Bone(f"{side}-shank"), Bone(f"{side}-shoe")) for side in ("far", "near")}
TRUNK = (Bone.PELVIS, Bone.ABDOMEN, Bone.CHEST)


@dataclass(frozen=True, slots=True)
class Body:
    """A solved pose: each segment's frame, how much of its length is seen, and its angle to the one it hangs from."""

    view: View
    frames: Mapping[Bone, Frame]
    seen: Mapping[Bone, float]
    turns: Mapping[Bone, float]
    blunt: frozenset[Bone] = frozenset()
    """Shoes that point at you: heel and toe are in one place."""
    load: float = 0

    def at(self, where: Part | Bone) -> Point:
        if isinstance(where, Bone):
            return Point(self.frames[where].x, self.frames[where].y)
        bone, along, across = PLACES[where]
        return self.frames[bone].at(0 if bone in self.blunt else along * self.seen[bone], across)

    def centre_of_mass(self) -> Point:
        tree = segments(self.view)
        x = y = whole = 0.0
        for bone, (left, up, angle) in self.frames.items():
            part, turn = tree[bone], radians(angle)
            along = part.length * part.centre * self.seen[bone]
            x += (left + along * cos(turn)) * part.mass
            y += (up + along * sin(turn)) * part.mass
            whole += part.mass
        if self.load:
            hand = self.at(Part.NEAR_HAND)
            x, y, whole = x + hand.x * self.load, y + hand.y * self.load, whole + self.load
        return Point(x / whole, y / whole)


@lru_cache(maxsize=1024)
def solve(pose: Pose, view: View = View.PROFILE) -> Body:
    """Where every segment is. Angles that a contact or the balance decides are theirs; the others are the pose's."""
    return _settled(_turns(pose, view), _seen(pose), pose, view, Point(0, 0))


def missed(body: Body, pose: Pose) -> float:
    """The farthest that any contact is missed by, in centimetres."""
    return max((_missed(body, pin) for pin in pose.pins), default=0.0)


def between(first: Pose, last: Pose, share: float, view: View) -> Body:
    """A moment of the movement: angles part of the way, and the contacts that both poses have kept."""
    if share <= 0 or first == last:
        return solve(first, view)
    if share >= 1:
        return solve(last, view)
    one, other = solve(first, view), solve(last, view)
    turns = {bone: one.turns[bone] + (other.turns[bone] - one.turns[bone]) * share for bone in one.turns}
    seen = {bone: one.seen[bone] + (other.seen[bone] - one.seen[bone]) * share for bone in one.seen}
    root = Point(*(a + (b - a) * share for a, b in zip(one.at(Part.HIP), other.at(Part.HIP), strict=True)))
    return _settled(turns, seen, _midway(first, last, share), view, root, balanced=first.balance and last.balance)


@lru_cache(maxsize=512)
def moment(picture: Picture, share: float) -> Body:
    """The body so far on the way from the first pose to the last, all parts of the way being as long."""
    if len(picture.poses) == 1:
        return solve(picture.poses[0], picture.view)
    part, share = divmod(share * (len(picture.poses) - 1), 1)
    if int(part) == len(picture.poses) - 1:
        return solve(picture.poses[-1], picture.view)
    return between(picture.poses[int(part)], picture.poses[int(part) + 1], share, picture.view)


def _midway(first: Pose, last: Pose, share: float) -> Pose:
    """A pose that carries only what both have in common: the contacts, part of the way from one's place to the other's."""

    def part(a: float, b: float) -> float:
        return a + (b - a) * share

    others = {(pin.part, pin.on): pin for pin in last.pins}
    pins = []
    for place, pin in enumerate(first.pins):
        other = others.get((pin.part, pin.on))
        if other is None or pin.bend != other.bend or (place == 0 and last.pins[0].part is not pin.part):
            continue
        turn = None if pin.turn is None or other.turn is None else part(pin.turn, pin.turn + turned(other.turn - pin.turn))
        pins.append(Pin(pin.part, part(pin.x, other.x), part(pin.y, other.y), pin.on, turned(turn) if turn is not None else None, pin.bend))
    carried = bool(pins) and bool(first.pins) and pins[0].part is first.pins[0].part
    return Pose(
        lean=part(first.lean, last.lean),
        near_leg=Leg(knee=part(first.near_leg.knee, last.near_leg.knee), sole=first.near_leg.sole),
        far_leg=Leg(sole=first.far_leg.sole),
        near_arm=Arm(plumb=first.near_arm.plumb and last.near_arm.plumb, shoulder=part(first.near_arm.shoulder, last.near_arm.shoulder)),
        far_arm=Arm(plumb=first.far_arm.plumb and last.far_arm.plumb, shoulder=part(first.far_arm.shoulder, last.far_arm.shoulder)),
        pins=tuple(pins) if carried else (Pin(Part.HIP, *_NOWHERE), *pins),
        over=part(first.over, last.over),
        load=part(first.load, last.load),
    )


_NOWHERE = (-299.0, -299.0)


def _mirror(bone: Bone, view: View) -> int:
    return -1 if view is not View.PROFILE and bone.startswith("near") else 1


def _turns(pose: Pose, view: View) -> dict[Bone, float]:
    turns = {
        Bone.PELVIS: -pose.lean,
        Bone.ABDOMEN: -pose.waist,
        Bone.CHEST: -pose.back,
        Bone.NECK: -pose.neck,
        Bone.HEAD: -pose.nod,
    }
    if view is View.PROFILE:
        turns[Bone.NECK] -= 12
        turns[Bone.HEAD] += 12
    for side, arm, leg in (("far", pose.far_arm, pose.far_leg), ("near", pose.near_arm, pose.near_leg)):
        (upper, fore, palm), (thigh, shank, shoe) = _ARMS[side], _LEGS[side]
        m = _mirror(thigh, view)
        turns[upper] = m * arm.shoulder
        turns[fore] = m * arm.elbow
        turns[palm] = m * arm.wrist
        turns[thigh] = m * leg.hip
        turns[shank] = -m * leg.knee
        turns[shoe] = m * leg.ankle - (180 if leg.sole and m < 0 else 0)
    return turns


def _seen(pose: Pose) -> dict[Bone, float]:
    seen = dict.fromkeys(Bone, 1.0)
    seen |= dict.fromkeys(TRUNK, pose.trunk_seen)
    for side, arm, leg in (("far", pose.far_arm, pose.far_leg), ("near", pose.near_arm, pose.near_leg)):
        seen |= zip(_ARMS[side], (arm.upper_seen, arm.fore_seen, arm.palm_seen), strict=True)
        seen |= zip(_LEGS[side], (leg.thigh_seen, leg.shank_seen, leg.foot_seen), strict=True)
    return seen


def _blunt(pose: Pose, view: View) -> frozenset[Bone]:
    legs = {Bone.NEAR_SHOE: pose.near_leg, Bone.FAR_SHOE: pose.far_leg}
    return frozenset() if view is View.PROFILE else frozenset(shoe for shoe, leg in legs.items() if not leg.sole)


def _settled(
    turns: dict[Bone, float], seen: dict[Bone, float], pose: Pose, view: View, root: Point, *, balanced: bool | None = None
) -> Body:
    if pose.balance if balanced is None else balanced:
        return _balanced(turns, seen, pose, view)
    return _touching(turns, seen, pose, view, root)


def _balanced(turns: dict[Bone, float], seen: dict[Bone, float], pose: Pose, view: View) -> Body:
    """Lean the shank until the centre of mass is where it should be over the near foot (secant steps, a few are enough)."""

    over = pose.over * (TOE_AHEAD + HEEL_BACK) - HEEL_BACK

    def stood(shank: float) -> tuple[Body, float]:
        turns[Bone.NEAR_THIGH] = pose.near_leg.knee - shank + pose.lean
        turns[Bone.NEAR_SHANK] = -pose.near_leg.knee
        turns[Bone.NEAR_SHOE] = shank
        body = _touching(turns, seen, pose, view, Point(0, 0))
        return body, body.centre_of_mass().x - body.at(Part.NEAR_FOOT).x - over

    low, high = 0.0, 5.0
    _, miss_low = stood(low)
    body, miss_high = stood(high)
    for _ in range(12):
        if abs(miss_high) < 0.02 or abs(miss_high - miss_low) < 1e-9:
            break
        low, high, miss_low = high, min(max(high - miss_high * (high - low) / (miss_high - miss_low), -30), 50), miss_high
        body, miss_high = stood(high)
    return body


def _touching(turns: dict[Bone, float], seen: dict[Bone, float], pose: Pose, view: View, root: Point) -> Body:
    turns = dict(turns)
    for side, arm in (("far", pose.far_arm), ("near", pose.near_arm)):
        if arm.plumb:
            upper = _ARMS[side][0]
            trunk = 90 + turns[Bone.PELVIS] + turns[Bone.ABDOMEN] + turns[Bone.CHEST]
            turns[upper] = turned(-90 + _mirror(upper, view) * arm.shoulder - trunk - 180)
    frames = _chain(turns, seen, view, root)
    if pose.pins:
        first = pose.pins[0]
        if (first.x, first.y) != _NOWHERE:
            body = Body(view, frames, seen, turns, _blunt(pose, view))
            now, wanted = body.at(first.part), Point(first.x, first.y)
            dx, dy = wanted.x - now.x, wanted.y - now.y
            frames = {bone: Frame(x + dx, y + dy, angle) for bone, (x, y, angle) in frames.items()}
        for pin in pose.pins[1:]:
            _place(pin, turns, seen, frames, view)
    return Body(view, frames, seen, turns, _blunt(pose, view), pose.load)


def _chain(turns: dict[Bone, float], seen: dict[Bone, float], view: View, root: Point) -> dict[Bone, Frame]:
    frames: dict[Bone, Frame] = {}
    ways: dict[Bone, tuple[float, float]] = {}
    for bone, part in segments(view).items():
        if part.parent is None:
            frames[bone] = frame = Frame(root.x, root.y, part.rest + turns[bone])
        else:
            x, y, angle = frames[part.parent]
            c, s = ways[part.parent]
            along = part.x * seen[part.parent]
            frames[bone] = frame = Frame(x + along * c - part.y * s, y + along * s + part.y * c, angle + part.rest + turns[bone])
        turn = radians(frame.angle)
        ways[bone] = cos(turn), sin(turn)
    return frames


def _place(pin: Pin, turns: dict[Bone, float], seen: dict[Bone, float], frames: dict[Bone, Frame], view: View) -> None:
    tree = segments(view)
    side, _, what = pin.part.partition("-")
    arm = what in {"hand", "wrist"}
    first, second, last = limb = (_ARMS if arm else _LEGS)[side]
    mirror = _mirror(first, view)
    target = frames[pin.on].at(pin.x, pin.y) if pin.on else Point(pin.x, pin.y)
    above, below = tree[first].length * seen[first], tree[second].length * seen[second]
    if what == "hand" and pin.turn is None:
        below += GRIP * seen[last]
        turns[last] = 0.0
    elif pin.turn is not None:
        offset = Frame(0, 0, pin.turn).at(PLACES[pin.part][1] * seen[last], PLACES[pin.part][2])
        target = Point(target.x - offset.x, target.y - offset.y)
    root = frames[first]
    upper, lower = two_bones(Point(root.x, root.y), target, above, below, pin.bend * mirror * (-1 if arm else 1))
    trunk = Bone.CHEST if arm else Bone.PELVIS
    turns[first] = turned(upper - frames[trunk].angle - 180)
    turns[second] = turned(lower - upper)
    if pin.turn is not None:
        turns[last] = turned(pin.turn - lower - tree[last].rest)
    for parent, bone in zip((trunk, first, second), limb, strict=True):
        part, held = tree[bone], frames[parent]
        frames[bone] = Frame(*held.at(part.x * seen[parent], part.y), held.angle + part.rest + turns[bone])


def _missed(body: Body, pin: Pin) -> float:
    target = body.frames[pin.on].at(pin.x, pin.y) if pin.on else Point(pin.x, pin.y)
    at = body.at(pin.part)
    return distance(at, target)
