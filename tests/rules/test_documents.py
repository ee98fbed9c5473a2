"""The shapes that are stored: strict about what they take, and the same bytes each time."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from app.rules import documents
from app.rules.documents import Assessment, Clearance, Exercise, Plan, Screen

SHAPES = [found for found in vars(documents).values() if is_dataclass(found) and found.__module__ == documents.__name__]


def kinds(hint: Any) -> Iterator[Any]:
    yield get_origin(hint) or hint
    for inner in get_args(hint):
        yield from kinds(inner)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_shape_takes_its_own_fields_alone_and_holds_nothing_without_an_order(shape: type[Any]) -> None:
    assert vars(shape)["__pydantic_config__"] == {"extra": "forbid", "strict": True}
    hints = get_type_hints(shape)
    held = {kind for field in fields(shape) for kind in kinds(hints[field.name])}
    assert not held & {set, frozenset, list, dict, object, Any}
    assert NoneType not in {hints[field.name] for field in fields(shape)}


@pytest.mark.parametrize("document", [Screen, Assessment, Plan, Exercise, Clearance], ids=lambda shape: shape.__name__)
def test_a_stored_document_says_by_which_schema_it_was_written(document: type[Any]) -> None:
    (number,) = [field.default for field in fields(document) if field.name == "schema"]
    assert number == 1


def test_a_misspelt_field_and_a_number_as_text_are_refused() -> None:
    reader = TypeAdapter(Clearance)
    good = '{"cleared_on": "2026-11-23", "answers": [], "allowed": [], "not_allowed": [], "same_screen": true'
    assert reader.validate_json(good + "}").same_screen
    for bad in (good + ', "alowed": []}', good.replace("true", "1") + "}", good.replace("[]", '"x"', 1) + "}"):
        with pytest.raises(ValidationError):
            reader.validate_json(bad)
