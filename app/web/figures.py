"""Pictures of exercises as pages show them: each is drawn once, and kept by browsers until the code that draws it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from markupsafe import Markup

from app import figures
from app.figures import FAULTS, HINGES, PICTURES, Picture, Theme, Unposable, draw
from app.figures.documents import from_text
from app.rules.vocabulary import Side


class Kind(StrEnum):
    """What a picture is for: the screen, moving or still, or paper and small places, in colours of its own."""

    MOVING = "moving"
    STILL = "still"
    PAPER = "paper"


_SIDES: Final[Mapping[Side, figures.Side]] = {Side.LEFT: "left", Side.RIGHT: "right", Side.BOTH: "both"}
_PLACES: Final = {slug: place for place, slug in enumerate((*PICTURES, *FAULTS))}


@dataclass(frozen=True, slots=True)
class Figure:
    """One exercise's picture; a hold has nothing that moves."""

    title: str
    seen: str
    still: Markup
    moving: Markup | None = None


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """What the address of a picture is made of; the version changes with the code that draws, and with what an own picture says."""

    slug: str
    side: Side
    version: str
    of: int | None = None
    """The version of the exercise whose own picture it is."""


@lru_cache(maxsize=1)
def version() -> str:
    known = sha256()
    for file in sorted(Path(figures.__file__).parent.rglob("*.py")):
        known.update(file.read_bytes())
    return known.hexdigest()[:12]


def picture_of(slug: str, own: str = "") -> Picture | None:
    """What an exercise looks like: its own picture, else the one that we drew of it. One that can't be drawn any more is as none."""
    try:
        return from_text(own) if own else PICTURES.get(slug)
    except Unposable:
        return PICTURES.get(slug)


@lru_cache(maxsize=1024)
def own_version(own: str) -> str:
    return sha256(f"{version()}{own}".encode()).hexdigest()[:12]


def place_of(slug: str, side: Side, own: str = "", of: int | None = None) -> FigurePlace | None:
    """Where the picture of an exercise is, of its version `of` if it is its own; None for one that has none."""
    if own:
        return FigurePlace(slug, side, own_version(own), of) if picture_of(slug, own) else None
    return FigurePlace(slug, side, version()) if slug in PICTURES else None


@lru_cache(maxsize=1024)
def drawn(slug: str, side: Side, kind: Kind, own: str = "") -> Markup | None:
    """One picture by itself; the ids inside are its own, so that many can stand on a page."""
    picture = picture_of(slug, own) or FAULTS.get(slug)
    if picture is None:
        return None
    theme = Theme.PRINT if kind is Kind.PAPER else Theme.WEB
    ids = f"o{sha256(f'{slug} {own}'.encode()).hexdigest()[:10]}" if own else f"f{_PLACES[slug]}"
    svg = draw(picture, side=_SIDES[side], theme=theme, animated=kind is Kind.MOVING, ids=f"{ids}{side[0]}{kind[0]}")
    return Markup(svg)  # noqa: S704 - drawn by us, and what it says is escaped


@lru_cache(maxsize=1024)
def figure(slug: str, side: Side = Side.BOTH, own: str = "") -> Figure | None:
    """A picture for a page of its own, with what is seen in words; None for an exercise that has none."""
    picture, still = picture_of(slug, own), drawn(slug, side, Kind.STILL, own)
    if picture is None or still is None:
        return None
    moving = drawn(slug, side, Kind.MOVING, own) if len(picture.poses) > 1 else None
    return Figure(picture.title, picture.seen, still, moving)


def faults_beside(slug: str) -> tuple[Figure, ...]:
    """What a hinge is not to become."""
    if slug not in HINGES:
        return ()
    found = ((picture, drawn(fault, Side.BOTH, Kind.STILL)) for fault, picture in FAULTS.items())
    return tuple(Figure(picture.title, picture.seen, still) for picture, still in found if still is not None)
