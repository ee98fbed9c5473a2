"""The README keeps its promises: what it points to is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", README)
    assert pictures
    assert [path for path in pictures if not (ROOT / path).is_file()] == []


def test_every_file_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:app|tests|templates|static|migrations)/[a-z0-9_./-]+?\.\w+)`", README))
    assert named
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_the_map_names_every_file_of_the_rules() -> None:
    the_map = README[README.index("## The map") : README.index("### One request")]
    rules = {path.name for path in (ROOT / "app/rules").glob("*.py")} - {"__init__.py"}
    assert rules
    assert sorted(name for name in rules if name not in the_map) == []
