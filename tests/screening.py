"""The same screen in the ways in which it comes in: as a program sends it, and as a trainer types it."""

from typing import Any

from pydantic import TypeAdapter

from app.rules.documents import Screen
from app.services.drafts import Fields, ScreenFields, typed_again
from tests.finished import situation

_SCREEN: TypeAdapter[Screen] = TypeAdapter(Screen)

TIGHT = "desk-worker-with-a-tilt"
STOPPED = "painful-test"


def body(name: str = TIGHT, **changes: Any) -> dict[str, Any]:
    """A situation's screen as a program sends it."""
    found: dict[str, Any] = _SCREEN.dump_python(situation(name), mode="json")
    found = {key: value for key, value in found.items() if key not in ("person", "schema")}
    return {**found, **changes}


def sent(name: str = TIGHT) -> ScreenFields:
    """The same for the use cases."""
    screen = situation(name)
    return ScreenFields(screen.taken_on, screen.readiness, screen.red_flags, screen.history, screen.measurements, screen.note)


def typed(name: str = TIGHT, units: str = "metric", **changes: str) -> Fields:
    """The same as a trainer types it; a dot in a field's name is two underscores here, and an empty text leaves it out."""
    fields = dict(typed_again(situation(name), units).fields)
    for key, value in changes.items():
        fields[key.replace("__", ".")] = (value,) if value else ()
    return {name: values for name, values in fields.items() if any(values)}
