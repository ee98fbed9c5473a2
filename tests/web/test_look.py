"""The look: what the style sheets and templates promise to every page."""

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STYLE = (ROOT / "static/css/hinge.css").read_text()
COLOURS = {name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", STYLE)}
THEMES = {"light": 0, "dark": 1}

WORDS = (
    *product(("ink", "soft", "teal", "rose", "act-ink"), ("paper", "card", "field", "hover")),
    *((colour, f"{colour}-wash") for colour in ("teal", "green", "amber", "rust", "rose", "blue")),
    *(("ink", f"{colour}-wash") for colour in ("teal", "green", "amber", "rose")),
    *(("soft", wash) for wash in ("teal-wash", "rose-wash")),
    ("on-teal", "teal"),
    ("on-teal", "teal-deep"),
    ("on-rose", "rose"),
)
EDGES = tuple(product(("edge", "teal", "rose"), ("paper", "card", "field")))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, back: str, theme: str) -> float:
    darker, lighter = sorted(luminance(COLOURS[name][THEMES[theme]]) for name in (front, back))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_word_can_be_read(theme: str) -> None:
    assert {pair: round(contrast(*pair, theme), 2) for pair in WORDS if contrast(*pair, theme) < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_field_can_be_seen(theme: str) -> None:
    assert {pair: round(contrast(*pair, theme), 2) for pair in EDGES if contrast(*pair, theme) < 3} == {}


def test_styles_and_scripts_stay_small() -> None:
    assert sum(file.stat().st_size for file in (ROOT / "static/css").glob("*.css")) <= 30 * 1024
    assert sum(file.stat().st_size for file in (ROOT / "static/js").glob("*.mjs")) <= 60 * 1024


def test_nothing_stands_inline_in_a_template() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:", re.IGNORECASE)
    assert {
        file.name: inline.findall(file.read_text()) for file in (ROOT / "templates").rglob("*.html") if inline.search(file.read_text())
    } == {}
