"""What the tests of the rules share: the starter library as the rules see it."""

import json
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from app.rules.documents import Exercise, Library

STARTER = Path(__file__).parents[2] / "app" / "starter" / "exercises.yaml"


def read_starter() -> Library:
    """The starter library, read as plainly as can be."""
    rows = yaml.safe_load(STARTER.read_text(encoding="utf-8"))["exercises"]
    exercise = TypeAdapter(Exercise)
    return {row["slug"]: exercise.validate_json(json.dumps({**row, "version": 1})) for row in rows}


@pytest.fixture(scope="session")
def library() -> Library:
    return read_starter()
