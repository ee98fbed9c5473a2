"""What makes a screen unfit to be finished: wrong numbers, unknown names, and what the minimum screen still lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Final

from app.rules.battery import MINIMUM, TESTS, ExtraField, ScreenTest, number
from app.rules.contraindications import KEYS, LOADED_HINGE
from app.rules.documents import Clearance, ExtraValue, History, Measurement, Screen
from app.rules.findings import graded, where
from app.rules.readiness import READINESS, RED_FLAGS

ADULT_FROM: Final = 18
"""Years of age; the norms are for adults (judgement)."""

KEPT_FOR: Final = timedelta(weeks=12)
"""How long a value may be carried over from an earlier screen; then it is measured anew (judgement)."""

ASKED: Final = ("pain_now", "sitting_hours", "pregnant", "osteoporosis")
"""What the minimum screen asks of the history."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, and where: `measurements.MTT_HIP.left`, `measurements.ELY.left.extra.pelvis_lifts`, `history.pain_where`.

    Names come from our own tables, and from fields that there are not; what was sent as a value is never repeated.
    """

    field: str
    message: str


def check_measurements(measurements: Iterable[Measurement]) -> tuple[Problem, ...]:
    """Everything wrong with `measurements` one by one; nothing is said about what is missing altogether."""
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for index, one in enumerate(measurements):
        test = TESTS.get(one.test)
        if test is None:
            problems.append(Problem(f"measurements.{index}.test", "This test is not in the battery."))
            continue
        at = f"measurements.{test.id}.{one.side.value}"
        if (one.test, one.side.value) in seen:
            problems.append(Problem(at, "This test and side is here twice."))
        seen.add((one.test, one.side.value))
        if one.side not in test.sides:
            how = "left and right" if len(test.sides) == 2 else "once, for both sides together"
            problems.append(Problem(at, f"{test.short} is measured {how}."))
        problems.extend(_check_one(test, one, at))
    return tuple(problems)


def _check_one(test: ScreenTest, one: Measurement, at: str) -> Iterable[Problem]:
    extra = one.extra or {}
    if not 0 <= one.pain <= 10:
        yield Problem(f"{at}.pain", "Pain goes from 0 to 10.")
    if one.value is not None:
        yield from _check_number(one.value, test.input_range, f"{at}.value", whole=test.unit.whole, words=test.amount(test.input_range[1]))
    elif one.pain == 0 and not test.value_may_be_missing(extra):
        yield Problem(f"{at}.value", "A value is missing.")
    for name, value in extra.items():
        field = test.field(name)
        if field is None:
            yield Problem(f"{at}.extra.{name}", "This is not noted for this test.")
        else:
            yield from _check_field(field, value, f"{at}.extra.{name}")
    if one.value is None and one.pain > 0:
        return
    for field in test.extra:
        if field.name not in extra and (field.required or (field.required_when is not None and extra.get(field.required_when) is True)):
            yield Problem(f"{at}.extra.{field.name}", f"{field.label}: this is missing.")
    counted = counted_value(test, extra)
    if counted is not None and one.value is not None and one.value != counted:
        yield Problem(f"{at}.value", f"With what did not hold this makes {test.amount(counted)}.")


def counted_value(test: ScreenTest, extra: Mapping[str, ExtraValue]) -> int | None:
    """The value that a test's items make: its highest value less what failed. None where a test is not counted from items."""
    if test.value_from is None:
        return None
    failed = extra.get(test.value_from, ())
    return int(test.input_range[1]) - len(failed) if isinstance(failed, tuple) else None


def _check_number(value: object, allowed: tuple[float, float], at: str, *, whole: bool, words: str = "") -> Iterable[Problem]:
    low, high = allowed
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        yield Problem(at, "A number is needed.")
    elif not low <= value <= high:
        yield Problem(at, f"Between {number(low)} and {words or number(high)}.")
    elif whole and value != int(value):
        yield Problem(at, "Whole numbers only.")


def _check_field(field: ExtraField, value: ExtraValue, at: str) -> Iterable[Problem]:
    known = {choice.value for choice in field.choices}
    match field.kind:
        case "bool":
            if not isinstance(value, bool):
                yield Problem(at, "Yes or no.")
        case "number":
            yield from _check_number(value, field.range or (float("-inf"), float("inf")), at, whole=field.whole)
        case "choice":
            if not isinstance(value, str) or value not in known:
                yield Problem(at, f"One of: {', '.join(choice.label for choice in field.choices)}.")
        case "items":
            if not isinstance(value, tuple) or not set(value) <= known:
                yield Problem(at, "Only what the list holds.")
            elif len(set(value)) != len(value):
                yield Problem(at, "Each one once.")


def missing_minimum(screen: Screen) -> tuple[Problem, ...]:
    """Every answer and measurement that the minimum screen still lacks, named one by one."""
    problems = [Problem(f"readiness.{one.id}", "Please answer.") for one in READINESS if one.id not in screen.readiness]
    problems += [Problem(f"history.{name}", "Please answer.") for name in ASKED if getattr(screen.history, name) is None]
    grades = {(line.test.id, line.side): line.grade for line in graded(screen)}
    for test in MINIMUM:
        for side in test.sides:
            found = grades.get((test.id, side))
            at = f"measurements.{test.id}.{side.value}"
            if found is None:
                problems.append(Problem(at, f"{where(test, side)} is missing."))
            elif found == "nt" and not test.untested_allowed:
                problems.append(Problem(at, test.void_text or f"{where(test, side)} was not tested."))
    return tuple(problems)


def check_screen(screen: Screen, today: date, *, stops: bool) -> tuple[Problem, ...]:
    """Everything that keeps `screen` from being finished on `today`; empty when it may be. A screen that stops may be incomplete."""
    wrong = check_answers(screen, today)
    return wrong if stops else (*wrong, *missing_minimum(screen))


def check_answers(screen: Screen, today: date) -> tuple[Problem, ...]:
    """Everything wrong with what `screen` says, whatever it leaves out."""
    problems: list[Problem] = []
    if screen.taken_on > today:
        problems.append(Problem("taken_on", "This day has not come yet."))
    if screen.person.age < ADULT_FROM:
        problems.append(Problem("person.age", "The norms are for adults: 18 years or older."))
    questions = {one.id for one in READINESS}
    problems.extend(Problem(f"readiness.{name}", "This question is not asked.") for name in screen.readiness if name not in questions)
    problems.extend(_check_known(screen.red_flags, {flag.id for flag in RED_FLAGS}, "red_flags"))
    problems.extend(_check_history(screen.history, screen.taken_on))
    problems.extend(check_measurements(screen.measurements))
    problems.extend(_check_days(screen))
    return tuple(problems)


def _check_days(screen: Screen) -> Iterable[Problem]:
    """What is wrong with the days of values that were carried over."""
    for one in screen.measurements:
        if one.measured_on is None or one.test not in TESTS:
            continue
        at = f"measurements.{one.test}.{one.side.value}.measured_on"
        if one.measured_on > screen.taken_on:
            yield Problem(at, "This was measured after the day of the screen.")
        elif one.measured_on < screen.taken_on - KEPT_FOR:
            yield Problem(at, f"This is older than {KEPT_FOR.days // 7} weeks: measure it anew.")


def _check_history(history: History, taken_on: date) -> Iterable[Problem]:
    pain, sitting = history.pain_now, history.sitting_hours
    if pain is not None and not 0 <= pain <= 10:
        yield Problem("history.pain_now", "Pain goes from 0 to 10.")
    if pain is not None and pain > 0 and not history.pain_where:
        yield Problem("history.pain_where", "Where does it hurt?")
    if sitting is not None and not (isfinite(sitting) and 0 <= sitting <= 24):
        yield Problem("history.sitting_hours", "Between 0 and 24 hours.")
    yield from _check_known(history.contraindications, set(KEYS), "history.contraindications")
    for index, injury in enumerate(history.injuries):
        if not injury.what.strip():
            yield Problem(f"history.injuries.{index}.what", "What was it?")
        if injury.year is not None and not 1900 <= injury.year <= taken_on.year:
            yield Problem(f"history.injuries.{index}.year", f"Between 1900 and {taken_on.year}.")


def _check_known(names: tuple[str, ...], known: set[str], field: str) -> Iterable[Problem]:
    if not set(names) <= known:
        yield Problem(field, "Only what the list holds.")
    if len(set(names)) != len(names):
        yield Problem(field, "Each one once.")


def check_clearance(clearance: Clearance, today: date) -> tuple[Problem, ...]:
    """Everything wrong with a professional's answer as it was typed in."""
    problems = [Problem("cleared_on", "This day has not come yet.")] if clearance.cleared_on > today else []
    problems.extend(_check_known(clearance.allowed, {*KEYS, LOADED_HINGE}, "allowed"))
    problems.extend(_check_known(clearance.not_allowed, set(KEYS), "not_allowed"))
    if set(clearance.allowed) & set(clearance.not_allowed):
        problems.append(Problem("not_allowed", "The same thing cannot be allowed and not allowed."))
    return tuple(problems)
