"""Equipment, drawn from the joints: what each kind is, where it is, and what the numbers of a Gear mean for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.figures.geometry import Frame, Point, direction, distance, number, numbers, polygon, smooth
from app.figures.motion import change, shift
from app.figures.paint import Theme, paint
from app.figures.pose import Bone, Floor, Gear, Kind, Part
from app.figures.solve import Body

Form = Literal["circle", "line", "path"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One piece to draw: a disc around its first point, a line through its points, or a path moved to its first point."""

    form: Form
    paint: str
    points: tuple[Point, ...]
    size: float = 0
    path: str = ""


def box(x: float, y: float, w: float, h: float, r: float = 0) -> str:
    """A rectangle from its lower left corner, its corners as round as r."""
    if not r:
        return polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
    right, top = number(w - 2 * r), number(h - 2 * r)
    n, m = number(r), number(-r)
    left, down = number(2 * r - w), number(2 * r - h)
    return f"M{numbers(x + r, y)}h{right}q{n} 0 {n} {n}v{top}q0 {n} {m} {n}h{left}q{m} 0 {m} {m}v{down}q0 {m} {n} {m}z"


ORIGIN = Point(0, 0)


def area(name: str, path: str, at: Point = ORIGIN) -> Stroke:
    return Stroke("path", name, (at,), path=path)


def disc(name: str, at: Point, radius: float) -> Stroke:
    return Stroke("circle", name, (at,), radius)


def line(name: str, width: float, *points: Point) -> Stroke:
    return Stroke("line", name, points, width)


def mat(gear: Gear, _: Body, floor: Floor) -> list[Stroke]:
    """On the ground from x, w wide. Seen from above, a little or straight: from x and y, w wide and h high."""
    if floor is Floor.OBLIQUE:
        right, top = gear.x + gear.w, gear.y + gear.h
        return [area("mat", polygon([(gear.x, gear.y), (right, gear.y), (right - 10, top), (gear.x + 10, top)]))]
    if floor is Floor.ABOVE:
        return [area("mat", box(gear.x, gear.y, gear.w, gear.h, 4))]
    return [area("mat", box(gear.x, -2.2, gear.w, 2.4, 1))]


def wall(gear: Gear, _: Body, __: Floor) -> list[Stroke]:
    """Its face at x, as thick as w (to the left if negative), h high."""
    return [area("wall", box(min(gear.x, gear.x + gear.w), gear.y, abs(gear.w), gear.h))]


def bench(gear: Gear, _: Body, __: Floor) -> list[Stroke]:
    """From x, w wide, its top at h. A low one is a solid step."""
    if gear.h < 36:
        return [
            area("bench", box(gear.x, gear.y, gear.w, gear.h - gear.y)),
            line("wood", 2.4, Point(gear.x, gear.h - 1.2), Point(gear.x + gear.w, gear.h - 1.2)),
        ]
    foot = min(12.0, gear.w / 5)
    legs = [area("iron", box(x, 0, 4, gear.h - 5)) for x in (gear.x + foot, gear.x + gear.w - foot - 4)]
    return [*legs, area("bench", box(gear.x, gear.h - 8, gear.w, 8, 2))]


def pad(gear: Gear, _: Body, __: Floor) -> list[Stroke]:
    """A cushion from x, w wide and h high, lying at y."""
    return [area("gear", box(gear.x, gear.y, gear.w, gear.h, 1.6))]


def roller(gear: Gear, body: Body, floor: Floor) -> list[Stroke]:
    """Of radius h, on the ground below the bone, x along it; under a body that rolls (no bone) it goes half as far as the hip.

    Seen from above it is w long.
    """
    if not isinstance(gear.on, Bone):
        hip = body.at(Part.HIP)
        if floor is Floor.ABOVE:
            at = Point(gear.x + hip.x / 2, gear.y + hip.y / 2)
            return [line("roll", gear.h * 2, Point(at.x - gear.w / 2, at.y), Point(at.x + gear.w / 2, at.y))]
        return _round(gear, Point(gear.x + hip.x / 2, gear.h))
    frame = body.frames[gear.on]
    at = frame.at(gear.x * body.seen[gear.on], gear.y)
    if floor is Floor.ABOVE:
        end, other = frame.at(gear.x, gear.y - gear.w / 2), frame.at(gear.x, gear.y + gear.w / 2)
        return [line("roll", gear.h * 2, end, other)]
    return _round(gear, Point(at.x, gear.h))


def _round(gear: Gear, at: Point) -> list[Stroke]:
    if gear.kind is Kind.BALL:
        return [disc("ball", at, gear.h)]
    return [disc("gear", at, gear.h), disc("steel", at, gear.h * 0.45)]


def ball(gear: Gear, body: Body, floor: Floor) -> list[Stroke]:
    """Of radius h, on the ground: below the bone, x along it; or under a part that rolls it, x on from half of where that is."""
    if isinstance(gear.on, Part):
        return [disc("ball", Point(gear.x + body.at(gear.on).x / 2, gear.h), gear.h)]
    return roller(gear, body, floor)


def dowel(gear: Gear, body: Body, _: Floor) -> list[Stroke]:
    """Along the spine from w below the tailbone to h beyond the head."""
    tail, head = body.at(Part.TAIL), body.at(Part.OCCIPUT)
    along = Frame(*tail, direction(tail, head))
    return [line("wood", 2.2, along.at(-gear.w, DOWEL), along.at(distance(tail, head) + gear.h, DOWEL))]


DOWEL = 1.1
"""Half of the thickness of a dowel, which lies on the skin."""


def _from(gear: Gear, body: Body) -> Point:
    """So far from a part in the picture, or so far along and beside a bone."""
    if isinstance(gear.on, Bone):
        return body.frames[gear.on].at(gear.x, gear.y)
    at = body.at(gear.on or Part.NEAR_HAND)
    return Point(at.x + gear.x, at.y + gear.y)


def staff(gear: Gear, body: Body, _: Floor) -> list[Stroke]:
    """Held by a hand (x and y from it), w to its left and h to its right; upright on the ground if w is 0."""
    at = _from(gear, body)
    if not gear.w:
        return [line("wood", 2.4, Point(at.x, 0), Point(at.x, at.y + gear.h))]
    return [line("wood", 2.4, Point(at.x - gear.w, at.y - gear.w * 0.45), Point(at.x + gear.h, at.y + gear.h * 0.45))]


def strap(gear: Gear, body: Body, _: Floor) -> list[Stroke]:
    """From one part to another, its second end moved by x and y."""
    end = body.at(gear.to or Part.NEAR_TOE)
    return [line("strap", 1.8, body.at(gear.on or Part.NEAR_HAND), Point(end.x + gear.x, end.y + gear.y))]


def band(gear: Gear, body: Body, _: Floor) -> list[Stroke]:
    """Around both legs, x along the bones on and to, w outside of each."""
    bones = (gear.on, gear.to) if isinstance(gear.on, Bone) and isinstance(gear.to, Bone) else (Bone.NEAR_THIGH, Bone.FAR_THIGH)
    near, far = (body.frames[bone].at(gear.x * body.seen[bone]) for bone in bones)
    along = Frame(*near, direction(near, far))
    return [line("strap", 4.4, along.at(-gear.w), along.at(distance(near, far) + gear.w))]


KETTLEBELL = smooth(
    [(-4.2, -3), (-4.4, 1.2), (0, 2.6), (4.4, 1.2), (4.2, -3), (3, -5), (2.6, -1.5), (1.8, 0), (-1.8, 0), (-2.6, -1.5), (-3, -5)]
)


def kettlebell(gear: Gear, body: Body, _: Floor) -> list[Stroke]:
    """Hanging from a hand."""
    at = body.at(gear.on or Part.NEAR_HAND)
    return [area("iron", KETTLEBELL, at), disc("iron", Point(at.x, at.y - 11.5), 9)]


def barbell(gear: Gear, body: Body, _: Floor) -> list[Stroke]:
    """Its end, with a plate of radius h, at a part (x and y from it)."""
    at = _from(gear, body)
    return [disc("iron", at, gear.h), disc("steel", at, gear.h * 0.7), disc("iron", at, gear.h * 0.62), disc("steel", at, 2.4)]


def rail(gear: Gear, _: Body, __: Floor) -> list[Stroke]:
    """A post at x, h high, with a handle w long."""
    return [
        line("bar", 3, Point(gear.x, 0), Point(gear.x, gear.h)),
        line("bar", 3, Point(gear.x - gear.w, gear.h), Point(gear.x + abs(gear.w) / 2, gear.h)),
    ]


def gap(gear: Gear, body: Body, _: Floor) -> list[Stroke]:
    """A distance along the ground from x to the heel, at y, written as text, in a line for each unit (parted by " / ")."""
    end = body.at(gear.on or Part.NEAR_HEEL).x
    return [
        line("arrow", 1.2, Point(gear.x, gear.y), Point(end, gear.y)),
        *(line("arrow", 1.2, Point(x, gear.y - 2.4), Point(x, gear.y + 2.4)) for x in (gear.x, end)),
    ]


KINDS: dict[Kind, Callable[[Gear, Body, Floor], list[Stroke]]] = {
    Kind.MAT: mat, Kind.WALL: wall, Kind.BENCH: bench, Kind.PAD: pad, Kind.ROLLER: roller, Kind.BALL: ball, Kind.DOWEL: dowel,
    Kind.STAFF: staff, Kind.STRAP: strap, Kind.BAND: band, Kind.KETTLEBELL: kettlebell, Kind.BARBELL: barbell, Kind.RAIL: rail,
    Kind.GAP: gap,
}  # fmt: skip


def strokes(gear: Gear, body: Body, floor: Floor) -> list[Stroke]:
    return KINDS[gear.kind](gear, body, floor)


def draw_gear(gear: Gear, moments: Sequence[Body], floor: Floor, theme: Theme, seconds: float) -> str:
    """A piece of equipment as it is in the last of these moments, moving as the joints do."""
    stages = [strokes(gear, body, floor) for body in moments]
    ways = {
        tuple(way)
        for way in zip(*([_moved(one, last) for one, last in zip(stage, stages[-1], strict=True)] for stage in stages), strict=True)
    }
    still = "".join(_drawn([each], theme, seconds) for each in stages[-1])
    if len(ways) == 1 and None not in (way := ways.pop()):
        slide = shift([step for step in way if step], seconds)
        return f"<g>{slide}{still}</g>" if slide else still
    return "".join(_drawn(each, theme, seconds) for each in zip(*stages, strict=True))


def _moved(one: Stroke, last: Stroke) -> tuple[float, float] | None:
    """How far all of a stroke is from where it ends, or None if it also changes."""
    steps = {(round(a.x - b.x, 2), round(a.y - b.y, 2)) for a, b in zip(one.points, last.points, strict=True)}
    return steps.pop() if len(steps) == 1 else None


def _drawn(stages: Sequence[Stroke], theme: Theme, seconds: float) -> str:
    last = stages[-1]
    match last.form:
        case "circle":
            ((x, y),) = last.points
            return f'<circle{paint(last.paint, theme)} cx="{number(x)}" cy="{number(y)}" r="{number(last.size)}"/>'
        case "line":
            look = paint(last.paint, theme, width=last.size)
            texts = [" ".join(f"{number(x)} {number(y)}" for x, y in stage.points) for stage in stages]
            return _element("polyline", f'{look} points="{texts[-1]}"', change("points", texts, seconds))
        case "path":
            ((x, y),) = last.points
            place = f' transform="translate({numbers(x, y)})"' if (x, y) != ORIGIN else ""
            return f'<path{paint(last.paint, theme)}{place} d="{last.path}"/>'


def _element(name: str, attributes: str, inside: str) -> str:
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"
