"""The types that bytes become where they enter: keys, safe text, numbers as people write them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import ErrorDetails

from app.services.plain_text import one_line, plain_number, safe

LARGEST_KEY = 2**63 - 1


def _plain_digits(value: object) -> object:
    """One spelling for each number: neither `+1`, ` 1`, `01`, `1.0` nor `1_0`."""
    if isinstance(value, str) and not re.fullmatch("[1-9][0-9]*", value):
        raise ValueError("write a whole number from 1")
    return value


Key = Annotated[int, BeforeValidator(_plain_digits), Field(ge=1, le=LARGEST_KEY)]
"""An id in a path; anything else is the same 404 as a thing that is not there."""
Number = Annotated[int, BeforeValidator(_plain_digits), Field(ge=1, le=2**31 - 1)]
"""A plan's number in a path; the same holds."""


def _iso_day(value: object) -> object:
    """A day written as YYYY-MM-DD, and nothing else that could be read as one."""
    if not isinstance(value, str):
        raise ValueError("write a date as YYYY-MM-DD")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("write a date as YYYY-MM-DD") from None
    if day.isoformat() != value:
        raise ValueError("write a date as YYYY-MM-DD")
    return day


Day = Annotated[date, BeforeValidator(_iso_day)]

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(safe), AfterValidator(one_line)
]
SafeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(safe)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(safe), AfterValidator(one_line)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(safe)]


def decimal(text: object) -> object:
    """A number as people type it: "12,5" is 12.5, a minus may be a true one; anything else is left for the type to refuse."""
    if not isinstance(text, str):
        return text
    plain = plain_number(text)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    return plain


Decimal = Annotated[float, BeforeValidator(decimal), Field(allow_inf_nan=False)]
"""A finite number, written with a point or a comma."""

_MESSAGES: Mapping[str, str] = {
    "missing": "Fill this in.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "int_from_float": "Write a whole number.",
    "int_parsing_size": "That number is too large.",
    "float_parsing": "Write a number, such as 12 or 12,5.",
    "float_type": "Write a number.",
    "finite_number": "Write a number.",
    "bool_parsing": "Answer yes or no.",
    "bool_type": "Answer true or false.",
    "date_parsing": "Write a date.",
    "date_from_datetime_parsing": "Write a date as YYYY-MM-DD.",
    "date_type": "Write a date as YYYY-MM-DD.",
    "extra_forbidden": "There is no such field.",
    "string_type": "Write text.",
    "string_too_short": "Fill this in.",
    "list_type": "Send a list.",
    "tuple_type": "Send a list.",
    "dict_type": "Send an object.",
    "model_type": "Send an object.",
    "json_invalid": "This is no JSON that can be read.",
    "uuid_parsing": "Send a UUID.",
    "uuid_type": "Send a UUID.",
}


def plain_message(error: ErrorDetails | Mapping[str, Any]) -> str:
    """What is wrong, in words that say what to do; never what was sent."""
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind in _MESSAGES:
        return _MESSAGES[kind]
    match kind:
        case "string_too_long":
            return f"Use at most {context['max_length']} characters."
        case "too_long":
            return f"At most {context['max_length']} of these."
        case "greater_than_equal":
            return f"The least possible is {context['ge']}."
        case "less_than_equal":
            return f"The most possible is {context['le']}."
        case "greater_than":
            return f"It must be more than {context['gt']}."
        case "enum" | "literal_error":
            return f"Choose one of: {str(context.get('expected', '')).replace(chr(39), '')}."
        case "value_error":
            sentence = str(context.get("error", "Look at this again"))
            return sentence[0].upper() + sentence[1:].rstrip(".") + "."
        case _:
            return "Look at this again."
