"""Plane geometry: points with y upwards, frames, the two-bone joint, and paths as compact SVG."""

from collections.abc import Sequence
from itertools import pairwise
from math import acos, atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple


class Point(NamedTuple):
    """A place in centimetres, x to the right and y up from the ground."""

    x: float
    y: float


class Frame(NamedTuple):
    """Where a segment begins and the direction it points in, in degrees counter-clockwise from the right."""

    x: float
    y: float
    angle: float

    def at(self, along: float, across: float = 0.0) -> Point:
        """The place so far along the segment and so far to the left of it."""
        turn = radians(self.angle)
        c, s = cos(turn), sin(turn)
        return Point(self.x + along * c - across * s, self.y + along * s + across * c)


def turned(angle: float) -> float:
    """The same direction between -180 and 180 degrees."""
    return (angle + 180.0) % 360.0 - 180.0


def direction(start: Point, end: Point) -> float:
    return degrees(atan2(end.y - start.y, end.x - start.x))


def distance(start: Point, end: Point) -> float:
    return hypot(end.x - start.x, end.y - start.y)


def two_bones(root: Point, target: Point, first: float, second: float, bend: float) -> tuple[float, float]:
    """Directions of two bones so that the second ends at the target, or as near to it as they reach.

    A positive bend turns the first bone counter-clockwise from the line to the target, a negative one clockwise.
    """
    reach = min(max(distance(root, target), abs(first - second) + 1e-6), first + second - 1e-6)
    line = direction(root, target)
    opening = degrees(acos(min(max((first * first + reach * reach - second * second) / (2 * first * reach), -1), 1)))
    upper = line + (opening if bend > 0 else -opening)
    elbow = Frame(*root, upper).at(first)
    end = Frame(*root, line).at(reach)
    return turned(upper), direction(elbow, end)


def number(value: float) -> str:
    """A number with one decimal at most, as short as it can be written."""
    text = f"{value:.1f}"
    if text[-1] == "0":
        return "0" if text == "-0.0" else text[:-2]
    return text[1:] if text[0] == "0" else f"-{text[2:]}" if text[:2] == "-0" else text


def numbers(*values: float) -> str:
    """Numbers as SVG wants them: a minus sign parts them, too."""
    texts = [number(value) for value in values]
    parts = texts[:1]
    for before, text in pairwise(texts):
        parts.append(text if text.startswith("-") or (text.startswith(".") and "." in before) else f" {text}")
    return "".join(parts)


def smooth(points: Sequence[tuple[float, float]]) -> str:
    """A closed path through all points without a corner: each curve leaves a point as the one before arrived."""
    count = len(points)
    (ax, ay), (bx, by) = points[-1], points[1]
    x, y = points[0]
    parts = [f"M{numbers(x, y)}c{numbers((bx - ax) / 6, (by - ay) / 6)}"]
    for place in range(count):
        (bx, by), (cx, cy), (dx, dy) = (points[(place + step) % count] for step in (0, 1, 2))
        ends = numbers(cx - bx - (dx - bx) / 6, cy - by - (dy - by) / 6, cx - bx, cy - by)
        parts.append(("s" if place else "" if ends.startswith("-") else " ") + ends)
    return "".join(parts) + "z"


def polygon(points: Sequence[tuple[float, float]]) -> str:
    """A closed path with straight sides."""
    return "M" + "L".join(numbers(*point) for point in points) + "z"
