"""Joints read back from a served SVG: its nested transforms applied, its animation at any moment."""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple, TypeAlias
from xml.etree import ElementTree

from app.figures import Picture, Side, draw

SVG = "{http://www.w3.org/2000/svg}"
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
SAME: Matrix = (1, 0, 0, 1, 0, 0)


class At(NamedTuple):
    """A place in centimetres: x to the right, y up from the ground."""

    x: float
    y: float


@dataclass(frozen=True)
class Seen:
    """One moment of a picture: where each joint is, how each bone is turned to the one it hangs from, and where the dowel is."""

    joints: dict[str, At]
    turns: dict[str, float]
    dowel: tuple[At, At] | None

    def __getitem__(self, joint: str) -> At:
        return self.joints[joint]

    def direction(self, start: str, end: str) -> float:
        """Degrees counter-clockwise from the right."""
        one, other = self[start], self[end]
        return degrees(atan2(other.y - one.y, other.x - one.x))


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text


def read(svg: str, share: float = 0.0) -> Seen:
    """What is seen so far into a repetition: 0 and 1 are the end pose, the middle is the start."""
    joints: dict[str, At] = {}
    turns: dict[str, float] = {}
    dowel: list[At] = []
    base = (1.0, 0.0, 0.0, -1.0, 0.0, 0.0)

    def walk(node: ElementTree.Element, outer: Matrix) -> None:
        if node.get("class") == "fig-ghost" or (node.get("opacity") and node.tag == f"{SVG}g"):
            return
        own = transform(node.get("transform", ""))
        for animation in node.findall(f"{SVG}animateTransform"):
            own = times(own, transform(f"{animation.get('type')}({value(animation, share)})"))
        inner = times(outer, own)
        name = node.get("data-joint")
        if name and name not in joints:
            joints[name] = At(inner[4], inner[5])
            turns[name] = degrees(atan2(own[1], own[0]))
        if node.get("data-gear") == "dowel":
            numbers = [float(text) for text in node.get("points", "").split()]
            dowel.extend(apply(inner, x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
        for child in node:
            walk(child, inner)

    walk(parse(svg), base)
    return Seen(joints, turns, (dowel[0], dowel[1]) if dowel else None)


@lru_cache(maxsize=256)
def moments(picture: Picture, side: Side = "both", count: int = 12) -> list[Seen]:
    """The movement from start to end, as it is served."""
    svg = draw(picture, side=side, animated=True)
    if len(picture.poses) == 1:
        return [read(svg)]
    return [read(svg, 0.5 + step / count / 2) for step in range(count + 1)]


def value(animation: ElementTree.Element, share: float) -> str:
    """An animation's value, evenly paced between those it lists."""
    values = [[float(text) for text in one.split()] for one in (animation.get("values") or "").split(";")]
    place = share * (len(values) - 1)
    low = min(int(place), len(values) - 2)
    return " ".join(str(a + (b - a) * (place - low)) for a, b in zip(values[low], values[low + 1], strict=True))


def transform(text: str) -> Matrix:
    found = SAME
    for kind, inside in re.findall(r"(\w+)\(([^)]*)\)", text):
        numbers = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", inside)]
        match kind:
            case "translate":
                step: Matrix = (1, 0, 0, 1, numbers[0], numbers[1])
            case "rotate":
                c, s = cos(radians(numbers[0])), sin(radians(numbers[0]))
                step = (c, s, -s, c, 0, 0)
            case "scale":
                step = (numbers[0], 0, 0, numbers[1], 0, 0)
            case _:
                raise AssertionError(text)
        found = times(found, step)
    return found


def times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[2] * b[1],
        a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3],
        a[1] * b[2] + a[3] * b[3],
        a[0] * b[4] + a[2] * b[5] + a[4],
        a[1] * b[4] + a[3] * b[5] + a[5],
    )


def apply(matrix: Matrix, x: float, y: float) -> At:
    return At(matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5])


def from_line(at: At, line: tuple[At, At]) -> float:
    """How far a place is from the straight line through two others."""
    (ax, ay), (bx, by) = line
    return abs((bx - ax) * (at.y - ay) - (by - ay) * (at.x - ax)) / hypot(bx - ax, by - ay)


def apart(one: At, other: At) -> float:
    return hypot(one.x - other.x, one.y - other.y)


def bend(seen: Seen, first: str, joint: str, last: str) -> float:
    """How far a joint is from straight, in degrees."""
    turn = seen.direction(first, joint) - seen.direction(joint, last)
    return abs((turn + 180) % 360 - 180)
