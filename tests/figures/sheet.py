"""All pictures on one sheet: `python -m tests.figures.sheet` rewrites static/pictures/exercises.svg and exercises-print.svg.

With a path, the sheet without names goes there, its order shuffled by nothing but the names' own spelling backwards: for matching by eye.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from app.figures import PICTURES, Picture, Theme, draw, frame

FOLDER = Path(__file__).parents[2] / "static" / "pictures"
CELL, GAP, LARGEST = (236, 196), 14, 1.0
LETTERS = 34
"""How many of them fit into one line of a name."""


def sheet(pictures: Mapping[str, Picture], *, columns: int, paper: str, card: str, names: Mapping[str, str]) -> str:
    """A grid of still pictures in literal colours, sharing their outlines."""
    width, height = CELL
    rows = -(-len(pictures) // columns)
    outlines: dict[str, str] = {}
    cells = []
    for place, (slug, picture) in enumerate(pictures.items()):
        x, y = GAP + place % columns * (width + GAP), GAP + place // columns * (height + 34 + GAP)
        left, bottom, right, top = frame(picture)
        scale = min(LARGEST, (width - 16) / (right - left), (height - 12) / (top - bottom))
        w, h = (right - left) * scale, (top - bottom) * scale
        svg = draw(picture, theme=Theme.PRINT, ids=picture.view.value)
        (defs,) = re.findall("<defs>(.*)</defs>", svg)
        outlines |= {path: path for path in re.findall(r"<path [^>]*/>", defs)}
        (view,) = re.findall('viewBox="([^"]*)"', svg)
        inside = svg[svg.index("</defs>") + 7 : -len("</svg>")]
        inside = re.sub(r'<g data-joint="[^"]*" transform="[^"]*"/>', "", inside)
        inside = re.sub(r' data-joint="[^"]*"', "", inside)
        cells.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height + 34}" rx="10" fill="{card}"/>'
            f'<svg x="{x + (width - w) / 2:.1f}" y="{y + 8 + (height - 12 - h):.1f}" width="{w:.1f}" height="{h:.1f}" viewBox="{view}">'
            f"<title>{escape(names.get(slug, ''))}</title>{inside}</svg>"
        )
        cells += [
            f'<text x="{x + width / 2:g}" y="{y + height + 14 + 14 * line}" text-anchor="middle">{escape(text)}</text>'
            for line, text in enumerate(lines(names.get(slug, "")))
        ]
    full = (GAP + columns * (width + GAP), GAP + rows * (height + 34 + GAP))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full[0]} {full[1]}" width="{full[0]}" height="{full[1]}" '
        f'font-family="Figtree, system-ui, sans-serif" font-size="12" fill="#1c2530"><defs>{"".join(outlines)}</defs>'
        f'<rect width="100%" height="100%" fill="{paper}"/>{"".join(cells)}</svg>\n'
    )


def lines(name: str) -> list[str]:
    """A name in two lines at most."""
    first, rest = "", ""
    for word in name.split():
        if not rest and len(f"{first} {word}") <= LETTERS:
            first = f"{first} {word}".strip()
        else:
            rest = f"{rest} {word}".strip()
    return [one for one in (first, rest) if one]


def light() -> str:
    names = {slug: picture.title for slug, picture in PICTURES.items()}
    return sheet(PICTURES, columns=6, paper="#f6f3ec", card="#fffdf9", names=names)


def printed() -> str:
    names = {slug: picture.title for slug, picture in PICTURES.items()}
    return sheet(PICTURES, columns=5, paper="#ffffff", card="#ffffff", names=names)


def nameless() -> str:
    order = sorted(PICTURES, key=lambda slug: slug[::-1])
    return sheet(
        {slug: PICTURES[slug] for slug in order},
        columns=6,
        paper="#f6f3ec",
        card="#fffdf9",
        names={slug: str(place) for place, slug in enumerate(order, 1)},
    )


def main(arguments: Sequence[str]) -> None:
    if arguments:
        Path(arguments[0]).write_text(nameless(), encoding="utf-8")
        return
    (FOLDER / "exercises.svg").write_text(light(), encoding="utf-8")
    (FOLDER / "exercises-print.svg").write_text(printed(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
