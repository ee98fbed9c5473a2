"""Colours: class names for the web, whose sheet knows light and dark, and literal colours for paper."""

from enum import StrEnum

NEAR = {
    "skin": "#d9a27b", "hair": "#54392d", "shirt": "#2f6f74", "sleeve": "#3d8a8e", "shorts": "#2b3647", "shoe": "#4a5f7a",
    "sole": "#e8e2d4", "gear": "#66788c", "roll": "#66788c", "iron": "#5f6b78", "steel": "#9aa5b1", "bar": "#9aa5b1", "ball": "#7d8f3f",
    "wood": "#c08a2b", "bench": "#d2bf97", "strap": "#a0527f", "mat": "#b9cdc9", "wall": "#cbd3dc", "ground": "#8d97a3",
    "arrow": "#d9481f", "dot": "#d9481f", "tissue": "#ff8a3c", "text": "#1c2530",
}  # fmt: skip
FAR = {"skin": "#b98461", "shirt": "#24585c", "sleeve": "#24585c", "shorts": "#1d2530", "shoe": "#374a61", "sole": "#c9c3b4"}
LINES = frozenset({"wood", "strap", "ground", "arrow", "roll", "bar"})
"""What is a stroke rather than an area."""


class Theme(StrEnum):
    """For the screen by classes, for paper by literal colours."""

    WEB = "web"
    PRINT = "print"


def paint(name: str, theme: Theme, *, far: bool = False, width: float = 0) -> str:
    """The attributes that give a shape its colour. A width makes it a line."""
    thick = f' stroke-width="{width:g}"' if width else ""
    if theme is Theme.WEB:
        return f' class="fig-{name}"{thick}'
    colour = FAR.get(name, NEAR[name]) if far else NEAR[name]
    if name in LINES:
        return f' fill="none" stroke="{colour}" stroke-linecap="round" stroke-linejoin="round"{thick}'
    faint = ' opacity=".85"' if name == "tissue" else ""
    return f' fill="{colour}"{faint}'
