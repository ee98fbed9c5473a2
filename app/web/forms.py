"""Forms: bytes in, typed values or errors beside the fields out, with everything that was typed kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from app.errors import FieldError, Invalid
from app.web.schemas import Decimal, plain_message

MOST_FIELDS = 2000
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody typed, and what is wrong with it. A field may come more than once.

    `at` begins the ids of its fields where a page has several forms with fields of the same names.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    at: str = ""

    def value(self, name: str, default: str = "") -> str:
        """The last thing that was typed into a field."""
        values = self.fields.get(name, ())
        return values[-1] if values else default

    def values(self, name: str) -> tuple[str, ...]:
        return self.fields.get(name, ())

    def error(self, name: str) -> str | None:
        return next((error.message for error in self.errors if error.field == name), None)

    def with_errors(self, errors: Iterable[FieldError]) -> "Form":
        return replace(self, errors=(*self.errors, *errors))

    def refused(self, refusal: Invalid) -> "Form":
        """The same form with a use case's objections."""
        return self.with_errors(refusal.errors)

    def read(self, model: type[Model], *, many: tuple[str, ...] = ()) -> Model:
        """The typed value; raises Invalid with a message for each field. Blank fields count as not filled in."""
        data: dict[str, Any] = {
            name: values[-1].strip() for name, values in self.fields.items() if values and values[-1].strip() and name not in many
        }
        data |= {name: tuple(value for value in self.fields.get(name, ()) if value.strip()) for name in many}
        known = {name: value for name, value in data.items() if name in model.model_fields}
        try:
            return model.model_validate(known)
        except ValidationError as problem:
            raise Invalid(
                *(FieldError(str(error["loc"][0]) if error["loc"] else "", plain_message(error)) for error in problem.errors())
            ) from None

    def number(self, name: str, *, least: int = -1000, most: int = 1000) -> float | None:
        """A number as people write it, from a field whose name may be no word; raises Invalid with that name."""
        typed = self.value(name).strip()
        try:
            return _numbers(least, most).validate_python(typed) if typed else None
        except ValidationError as problem:
            raise Invalid(*(FieldError(name, plain_message(error)) for error in problem.errors())) from None

    @staticmethod
    def of(**fields: object) -> "Form":
        """A form that starts with values; None is an empty field."""
        return Form({name: ("" if value is None else str(value),) for name, value in fields.items()})


@lru_cache
def _numbers(least: int, most: int) -> TypeAdapter[float]:
    return TypeAdapter(Annotated[Decimal, Field(ge=least, le=most)])


async def read_form(request: Request) -> Form:
    """The posted form, as plain pairs; raises Invalid when it is none."""
    if request.method not in ("POST", "PUT", "PATCH"):
        return Form()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if body and kind != "application/x-www-form-urlencoded":
        raise Invalid(FieldError("", "Send this as a form."))
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:  # bytes that are no text, or far too many fields
        raise Invalid(FieldError("", "This form could not be read. Go back, reload the page and try again.")) from None
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), _without_controls(value))
    return Form(fields)


def _without_controls(text: str) -> str:
    """Typed text as it can be stored: one kind of line break, and no control characters, which nobody can type."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in "\n\t" or letter >= " ")


Typed = Annotated[Form, Depends(read_form)]
