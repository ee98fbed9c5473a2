"""What the tests of the rules share: the starter library as the rules see it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.rules.documents import DoseOverride, Exercise, Library
from app.rules.vocabulary import Origin, Stage

STARTER = Path(__file__).parents[2] / "app" / "starter" / "exercises.yaml"


def read_starter() -> Library:
    """The starter library, read as plainly as can be."""
    rows = yaml.safe_load(STARTER.read_text(encoding="utf-8"))["exercises"]
    return {row["slug"]: _exercise(row) for row in rows}


def _exercise(row: dict[str, Any]) -> Exercise:
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    plain["stage"] = Stage(row["stage"])
    plain["origin"] = Origin(row["origin"])
    if isinstance(row.get("override"), dict):
        plain["override"] = DoseOverride(**row["override"])
    return Exercise(version=1, **plain)


@pytest.fixture(scope="session")
def library() -> Library:
    return read_starter()
