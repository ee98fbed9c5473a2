"""A draft's fields as they were typed: what they are called, what they say, and how a finished screen is typed again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias, assert_never

from pydantic import BeforeValidator

from app.rules import battery
from app.rules.battery import ByGroup, BySex, Cuts, ExtraField, Fixed, PercentOfNorm, ScreenTest, Unit, number
from app.rules.checks import Problem, counted_value
from app.rules.documents import ExtraValue, History, Injury, Measurement, Screen
from app.rules.readiness import READINESS, TALK, TalkField
from app.rules.rescreen import carried_over
from app.rules.vocabulary import Region, Side
from app.services.plain_text import plain_number

Fields = Mapping[str, tuple[str, ...]]

IMPERIAL: Final = "imperial"
UNITS: Final = ("metric", IMPERIAL)
LONGEST: Final = 4000
"""Characters that one field may hold."""

DRAFT_DAYS: Final = timedelta(days=30)
"""How long a draft that nobody touches is kept."""

MOST_INJURIES: Final = 30
NONE: Final = "none"
"""What a tick says where nothing of a list holds: asked, and no."""

ASKED_ANEW: Final = ("pain_now", "pain_where", "pregnant", "hard_bony_stop", "suspected_structural")
"""What of the history is asked in every screen, as readiness and red flags are (judgement)."""

A_NUMBER: Final = "Write a number, such as 12 or 12,5."
A_WHOLE_NUMBER: Final = "Write a whole number."
NOT_LISTED: Final = "Only what the list holds."
EITHER: Final = "Either none of these or some of them."

_NUMBER: Final = re.compile(r"[+-]?(\d{1,7}([.,]\d{0,7})?|[.,]\d{1,7})", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?\d{1,7}", re.ASCII)
_INJURY: Final = re.compile(r"history\.injuries\.(\d{1,2})\.(what|region|side|year|cleared)", re.ASCII)


Otherwise: TypeAlias = Literal["before", "neither"]


class Line(NamedTuple):
    """A line of a plan that the trainer has otherwise than the rules: as it was in the plan `before`, or in `neither`; and why."""

    keep: Otherwise
    reason: str


Lines = Mapping[str, Line]
"""By item."""


def _line(kept: object) -> object:
    """A draft of before a line could be left out has the reason alone."""
    return ("before", kept) if isinstance(kept, str) else kept


@dataclass(frozen=True, slots=True)
class Typed:
    """A draft's fields, the units that its lengths are typed in, and `page:count` of the page that saved it last."""

    units: str = "metric"
    fields: Fields = field(default_factory=dict)
    stamp: str = ""
    kept: tuple[str, ...] = ()
    """What is not measured again, as `TEST.side`: unless something is typed, the value of the screen before stands."""
    lines: Mapping[str, Annotated[Line, BeforeValidator(_line)]] = field(default_factory=dict)
    """Lines of the plan that are to be otherwise, each with the reason as far as it is typed."""

    def value(self, name: str) -> str:
        values = self.fields.get(name, ())
        return values[-1] if values else ""


@dataclass(frozen=True, slots=True)
class ScreenFields:
    """What was asked and measured, without the person. `red_flags` is None where they were not asked."""

    taken_on: date
    readiness: Mapping[str, bool] = field(default_factory=dict)
    red_flags: tuple[str, ...] | None = None
    history: History = field(default_factory=History)
    measurements: tuple[Measurement, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a draft says. `problems` are what can't be read, `unasked` what the talk left out; `rows` are the injuries' own row numbers."""

    fields: ScreenFields
    problems: tuple[Problem, ...]
    unasked: tuple[Problem, ...]
    rows: tuple[int, ...] = ()
    reason: str = ""

    def beside(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Problems of the rules together with those of the reading, each beside the field that mends it, one for each field."""
        found: dict[str, Problem] = {}
        for one in (*self.problems, *problems):
            name = self._field(one.field)
            found.setdefault(name, Problem(name, one.message))
        return tuple(found.values())

    def _field(self, name: str) -> str:
        parts = name.split(".")
        match parts:
            case ["measurements", _, _]:
                return f"{name}.value"
            case ["measurements", test, side, "measured_on"]:
                return f"measurements.{test}.{side}.value"
            case ["history", "injuries", row, rest]:
                return f"history.injuries.{self.rows[int(row)]}.{rest}" if int(row) < len(self.rows) else name
            case ["person", _]:
                return ""
            case _:
                return name


# --- names ----------------------------------------------------------------------------------------------------------


def at(test: ScreenTest, side: Side) -> str:
    """How the fields of a test and side begin."""
    return f"measurements.{test.id}.{side.value}"


def kept(fields: Fields) -> Fields:
    """The fields that a draft has, without blank ones; whatever else a form brings along is not kept."""
    names = _names()

    def is_ours(name: str) -> bool:
        return name in names or ((found := _INJURY.fullmatch(name)) is not None and int(found[1]) < MOST_INJURIES)

    return {name: values for name, values in fields.items() if any(values) and is_ours(name)}


def _names() -> frozenset[str]:
    names = {"taken_on", "note", "supersede_reason", "red_flags", "red_flags_asked", "injuries_asked"}
    names |= {f"readiness.{question.id}" for question in READINESS}
    names |= {f"history.{talk.field}" for talk in TALK if talk.kind != "injuries"}
    for test in battery.BATTERY:
        for side in test.sides:
            start = at(test, side)
            names |= {f"{start}.value", f"{start}.pain", *(f"{start}.extra.{extra.name}" for extra in test.extra)}
    return frozenset(names)


def injury_rows(fields: Fields) -> tuple[int, ...]:
    """The rows of injuries that hold anything."""
    found = (_INJURY.fullmatch(name) for name, values in fields.items() if any(value.strip() for value in values))
    return tuple(sorted({int(row[1]) for row in found if row is not None}))


# --- units ----------------------------------------------------------------------------------------------------------


def unit_in(unit: Unit, units: str) -> Unit:
    """A unit as somebody who uses `units` calls it."""
    if units != IMPERIAL or unit.imperial is None:
        return unit
    return Unit(unit.imperial.symbol, unit.imperial.word, unit.imperial.word)


def value_in(value: float, unit: Unit, units: str, digits: int = 1) -> float:
    """A stored value as somebody who uses `units` reads it."""
    return round(value / unit.imperial.per_unit, digits) if units == IMPERIAL and unit.imperial else value


def test_in(test: ScreenTest, units: str) -> ScreenTest:
    """A test as somebody who uses `units` reads it: its reference and range, for showing and never for grading."""
    if units != IMPERIAL or test.unit.imperial is None:
        return test

    def turned(cuts: Cuts) -> Cuts:
        return tuple(value_in(cut, test.unit, units) for cut in cuts)

    bounds = test.bounds
    match bounds:
        case Fixed(cuts):
            bounds = Fixed(turned(cuts))
        case BySex(female, male, unspecified):
            bounds = BySex(turned(female), turned(male), turned(unspecified))
        case ByGroup(age, older, female, male, unspecified):
            bounds = ByGroup(age, turned(older), turned(female), turned(male), turned(unspecified))
        case PercentOfNorm(cuts, norms):
            bounds = PercentOfNorm(cuts, tuple((start, value_in(norm, test.unit, units)) for start, norm in norms))
        case _:
            assert_never(bounds)
    low, high = turned(test.input_range)
    return replace(test, unit=unit_in(test.unit, units), bounds=bounds, input_range=(low, high))


# --- reading --------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads one field after the other and remembers what it could not read."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.problems: list[Problem] = []

    def text(self, name: str) -> str:
        return self.typed.value(name).strip()

    def refuse(self, name: str, message: str) -> None:
        self.problems.append(Problem(name, message))

    def number(self, name: str) -> float | None:
        plain = plain_number(self.text(name))
        if not plain:
            return None
        if not _NUMBER.fullmatch(plain):
            self.refuse(name, A_NUMBER)
            return None
        return float(plain.replace(",", "."))

    def whole(self, name: str) -> int | None:
        plain = plain_number(self.text(name))
        if not plain:
            return None
        if not _WHOLE.fullmatch(plain):
            self.refuse(name, A_WHOLE_NUMBER)
            return None
        return int(plain)

    def measured(self, name: str, unit: Unit, allowed: tuple[float, float] | None) -> float | None:
        """A number with a unit, in the stored one."""
        found = self.number(name)
        if found is None or self.typed.units != IMPERIAL or unit.imperial is None:
            return found
        metric = round(found * unit.imperial.per_unit, 2)
        if allowed is not None and not allowed[0] <= metric <= allowed[1]:
            low, high = (value_in(edge, unit, IMPERIAL) for edge in allowed)
            self.refuse(name, f"Between {number(low)} and {unit_in(unit, IMPERIAL).amount(high)}.")
        return metric

    def answer(self, name: str) -> bool | None:
        match self.text(name):
            case "yes":
                return True
            case "no":
                return False
            case "":
                return None
            case _:
                self.refuse(name, "Answer yes or no.")
                return None

    def ticked(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in self.typed.fields.get(name, ()) if value))

    def places(self, name: str) -> tuple[Region, ...]:
        return tuple(region for value in self.ticked(name) if (region := self.region(name, value)) is not None)

    def region(self, name: str, value: str) -> Region | None:
        if value in set(Region):
            return Region(value)
        self.refuse(name, NOT_LISTED)
        return None

    def side(self, name: str) -> Side | None:
        value = self.text(name)
        if value and value not in set(Side):
            self.refuse(name, NOT_LISTED)
            return None
        return Side(value) if value else None


def read(typed: Typed, otherwise: date, before: Screen | None = None) -> Reading:
    """What a draft's fields say. `otherwise` stands in for a day that can't be read; what the draft keeps is of the screen `before`."""
    reader = _Reader(typed)
    taken_on = otherwise
    try:
        taken_on = date.fromisoformat(reader.text("taken_on"))
    except ValueError:
        reader.refuse("taken_on", "Write a date.")
    readiness = {one.id: said for one in READINESS if (said := reader.answer(f"readiness.{one.id}")) is not None}
    flags, no_flags = reader.ticked("red_flags"), bool(reader.ticked("red_flags_asked"))
    rows = injury_rows(typed.fields)
    no_injuries = bool(reader.ticked("injuries_asked"))
    if flags and no_flags:
        reader.refuse("red_flags", EITHER)
    if rows and no_injuries:
        reader.refuse("injuries_asked", EITHER)
    unasked = []
    if not flags and not no_flags:
        unasked.append(Problem("red_flags", "Please ask, and tick what holds or that none does."))
    if not rows and not no_injuries:
        unasked.append(Problem("injuries_asked", "Please ask, and note them or tick that there are none."))
    fields = ScreenFields(
        taken_on=taken_on,
        readiness=readiness,
        red_flags=flags if flags or no_flags else None,
        history=_history(reader, rows),
        measurements=tuple(_measurements(reader, still_kept(typed, before, taken_on))),
        note=reader.text("note"),
    )
    return Reading(fields, tuple(reader.problems), tuple(unasked), rows, reader.text("supersede_reason"))


def _history(reader: _Reader, rows: tuple[int, ...]) -> History:
    said = {talk.field: found for talk in TALK if (found := _talked(reader, talk, rows)) is not None}
    return History(**said)


def _talked(reader: _Reader, talk: TalkField, rows: tuple[int, ...]) -> Any:
    name = f"history.{talk.field}"
    match talk.kind:
        case "scale":
            return reader.whole(name)
        case "number":
            return reader.number(name)
        case "yes_no":
            return reader.answer(name)
        case "places":
            return reader.places(name)
        case "keys":
            return reader.ticked(name)
        case "injuries":
            return tuple(_injury(reader, row) for row in rows)
        case _:
            assert_never(talk.kind)


def _injury(reader: _Reader, row: int) -> Injury:
    start = f"history.injuries.{row}"
    region = reader.text(f"{start}.region")
    if not region:
        reader.refuse(f"{start}.region", "Where was it?")
    return Injury(
        what=reader.text(f"{start}.what"),
        region=(reader.region(f"{start}.region", region) if region else None) or Region.OTHER,
        side=reader.side(f"{start}.side"),
        year=reader.whole(f"{start}.year"),
        cleared=reader.answer(f"{start}.cleared") or False,
    )


Kept = Mapping[tuple[str, Side], Measurement]


def still_kept(typed: Typed, before: Screen | None, taken_on: date) -> Kept:
    """What a draft keeps of the screen `before`, each with its day; what somebody has begun to type is measured anew."""
    if before is None or not typed.kept:
        return {}
    begun = {".".join(name.split(".")[1:3]) for name, values in typed.fields.items() if any(value.strip() for value in values)}
    return {
        (one.test, one.side): one
        for one in carried_over(before, (), taken_on)
        if (place := f"{one.test}.{one.side.value}") in typed.kept and place not in begun
    }


def _measurements(reader: _Reader, kept: Kept) -> Iterator[Measurement]:
    for test in battery.BATTERY:
        for side in test.sides:
            start = at(test, side)
            value = reader.measured(f"{start}.value", test.unit, test.input_range)
            pain = reader.whole(f"{start}.pain") or 0
            extra = {one.name: said for one in test.extra if (said := _noted(reader, one, f"{start}.extra.{one.name}")) is not None}
            if value is None and (counted := counted_value(test, extra)) is not None and any(extra.values()):
                value = float(counted)
            if value is None and not pain and not any(said != () for said in extra.values()):
                if (test.id, side) in kept:
                    yield kept[test.id, side]
                continue
            yield Measurement(test.id, side, value, pain, extra or None)


def _noted(reader: _Reader, extra: ExtraField, name: str) -> ExtraValue | None:
    match extra.kind:
        case "bool":
            return reader.answer(name)
        case "number":
            return reader.measured(name, extra.unit, extra.range) if extra.unit else reader.number(name)
        case "choice":
            return reader.text(name) or None
        case "items":
            return reader.ticked(name)
        case _:
            assert_never(extra.kind)


# --- typing a finished screen again -----------------------------------------------------------------------------------


def typed_again(screen: Screen, units: str) -> Typed:
    """The fields that say what a finished screen says."""
    fields: dict[str, tuple[str, ...]] = {"taken_on": (screen.taken_on.isoformat(),), "note": (screen.note,)}
    kept = []
    fields |= {f"readiness.{name}": (_yes(said),) for name, said in screen.readiness.items()}
    fields["red_flags"] = screen.red_flags
    if not screen.red_flags:
        fields["red_flags_asked"] = (NONE,)
    for talk in TALK:
        fields |= _talk_again(talk, getattr(screen.history, talk.field))
    if not screen.history.injuries:
        fields["injuries_asked"] = (NONE,)
    for one in screen.measurements:
        test = battery.TESTS.get(one.test)
        if test is None:
            continue
        if one.measured_on is not None:
            kept.append(f"{one.test}.{one.side.value}")
            continue
        start = at(test, one.side)
        if one.value is not None:
            fields[f"{start}.value"] = (number(value_in(one.value, test.unit, units, 3)),)
        if one.pain:
            fields[f"{start}.pain"] = (str(one.pain),)
        for name, value in (one.extra or {}).items():
            extra = test.field(name)
            fields[f"{start}.extra.{name}"] = _again(value, extra.unit if extra else None, units)
    return Typed(units, {name: values for name, values in fields.items() if any(values)}, kept=tuple(kept))


def typed_in_part(screen: Screen, tests: Iterable[str], units: str, on: date) -> Typed:
    """The fields of a new screen of `tests` alone: what was said before, less what is asked anew; all other values are kept."""
    fields: dict[str, tuple[str, ...]] = {"taken_on": (on.isoformat(),)}
    for talk in TALK:
        if talk.field not in ASKED_ANEW:
            fields |= _talk_again(talk, getattr(screen.history, talk.field))
    if not screen.history.injuries:
        fields["injuries_asked"] = (NONE,)
    kept = tuple(f"{one.test}.{one.side.value}" for one in carried_over(screen, tuple(tests), on))
    return Typed(units, {name: values for name, values in fields.items() if any(values)}, kept=kept)


def _yes(said: bool) -> str:  # noqa: FBT001 - a fact, not a switch
    return "yes" if said else "no"


def _again(value: ExtraValue, unit: Unit | None, units: str) -> tuple[str, ...]:
    match value:
        case bool():
            return (_yes(value),)
        case int() | float():
            return (number(value_in(value, unit, units, 3) if unit else value),)
        case str():
            return (value,)
        case tuple():
            return value


def _talk_again(talk: TalkField, said: Any) -> Fields:
    name = f"history.{talk.field}"
    match talk.kind:
        case "injuries":
            again: dict[str, tuple[str, ...]] = {}
            for row, injury in enumerate(said):
                start = f"{name}.{row}"
                again |= {f"{start}.what": (injury.what,), f"{start}.region": (injury.region.value,)}
                again[f"{start}.side"] = (injury.side.value if injury.side else "",)
                again[f"{start}.year"] = (str(injury.year) if injury.year else "",)
                again[f"{start}.cleared"] = (_yes(injury.cleared),)
            return again
        case "places":
            return {name: tuple(place.value for place in said)}
        case "keys":
            return {name: tuple(said)}
        case "yes_no":
            return {name: ("" if said is None else _yes(said),)}
        case "scale" | "number":
            return {name: ("" if said is None else number(said),)}
        case _:
            assert_never(talk.kind)
