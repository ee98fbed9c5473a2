"""SMIL: a movement as values over one repetition, from end to start and back to the end, played twice and then still."""

from collections.abc import Sequence
from math import cos, pi
from typing import TypeVar

from app.figures.geometry import number

STEPS = 5
"""How many solved moments a movement has after the first; one with a turn on its way has three more."""
Moment = TypeVar("Moment")


def eased(steps: int) -> list[float]:
    """Shares of the way, slow where it begins and ends."""
    return [(1 - cos(pi * step / steps)) / 2 for step in range(steps + 1)]


def repetition(way: Sequence[Moment]) -> list[Moment]:
    """From the end back to the start and again to the end, resting at both; begins and ends with what stands still."""
    start, end = way[0], way[-1]
    return [end, *reversed(way), start, *way[1:], end]


def turn(values: Sequence[float], seconds: float) -> str:
    """A rotation on top of the one that is drawn, or nothing if it does not change."""
    return "" if _still(values) else _transform("rotate", [number(value) for value in values], seconds)


def shift(values: Sequence[tuple[float, float]], seconds: float) -> str:
    """A movement on top of where it is drawn."""
    return "" if _still(values) else _transform("translate", [f"{number(x)} {number(y)}" for x, y in values], seconds)


def stretch(values: Sequence[float], seconds: float) -> str:
    """More or less of a length than is drawn."""
    return "" if _still(values) else _transform("scale", [f"{value:.2f} 1" for value in values], seconds)


def change(name: str, texts: Sequence[str], seconds: float) -> str:
    """An attribute that takes these values."""
    return f'<animate attributeName="{name}" {_play(texts, seconds)}/>' if len(set(texts)) > 1 else ""


def _still(values: Sequence[object]) -> bool:
    """Nothing changes, which is quicker to see than to write."""
    return all(value == values[0] for value in values)


def _transform(kind: str, texts: Sequence[str], seconds: float) -> str:
    if len(set(texts)) < 2:
        return ""
    return f'<animateTransform attributeName="transform" type="{kind}" additive="sum" {_play(texts, seconds)}/>'


def _play(texts: Sequence[str], seconds: float) -> str:
    return f'dur="{number(seconds)}" repeatCount="2" fill="freeze" values="{";".join(texts)}"'
