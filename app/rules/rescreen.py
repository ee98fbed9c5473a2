"""When the next screen is due, of which tests, and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from app.rules.battery import TESTS, SevereAction
from app.rules.checks import KEPT_FOR
from app.rules.documents import Measurement, Screen, Stopped
from app.rules.findings import graded, whereabouts
from app.rules.history import on_day
from app.rules.progress import STAGE_LABELS, Exit
from app.rules.track import LAYOFF_DAYS
from app.rules.vocabulary import Origin, Side, Stage

DueKind: TypeAlias = Literal["routine", "stage", "exit", "pain", "layoff", "event"]


@dataclass(frozen=True, slots=True)
class DueRule:
    """One line of the table: after what a screen is due, and after how many days."""

    kind: DueKind
    text: str
    origin: Origin
    days: int = 0


RULES: Final[tuple[DueRule, ...]] = (
    DueRule("routine", "Four weeks after the last screen.", Origin.SOURCE_JUDGEMENT, days=28),
    DueRule("stage", "When only tests are missing for a stage: the tests of that stage.", Origin.JUDGEMENT),
    DueRule("exit", "After a stage exit: the tests of that stage that were measured two weeks before it or longer ago.", Origin.JUDGEMENT),
    DueRule("pain", "After a stop for pain, once it is answered.", Origin.JUDGEMENT),
    DueRule("layoff", "After two weeks or more without practice.", Origin.JUDGEMENT, days=LAYOFF_DAYS),
    DueRule("event", "After an illness, a fall, an operation, a pregnancy.", Origin.JUDGEMENT),
)
"""The table in force. Two to four weeks is one suggestion from trainers' education; that it is four is judgement, as is the rest."""

EVENTS: Final[Mapping[str, str]] = {"illness": "an illness", "fall": "a fall", "surgery": "an operation", "pregnancy": "a pregnancy"}
"""What asks for a screen when it happens (judgement)."""

_DAYS: Final = {rule.kind: rule.days for rule in RULES}
ROUTINE_DAYS: Final = _DAYS["routine"]
SOONEST_DAYS: Final = min(_DAYS["routine"], _DAYS["layoff"] + 1)
"""A younger screen is repeated only for what happened since, or what a stage lacks."""

PAIN_STOPS: Final = ("PAIN", "RF5", "P3", "P4")
"""How the rule of a stop for pain begins."""


@dataclass(frozen=True, slots=True)
class Due:
    """A screen that is due from the day `on`, and why. `tests` are those of a `stage` and their sides; without it, it is the whole."""

    kind: DueKind
    on: date
    because: str
    tests: tuple[tuple[str, Side], ...] = ()
    stage: Stage | None = None

    def by(self, today: date) -> bool:
        """Whether it is due by that day."""
        return self.on <= today


def is_for_pain(rules: Iterable[str]) -> bool:
    """Whether a stop with these reasons was one for pain."""
    return any(rule.startswith(PAIN_STOPS) for rule in rules)


def due(
    last_screen: date | None,
    today: date,
    *,
    missing: Mapping[Stage, Iterable[tuple[str, Side]]] | None = None,
    exits: Iterable[Exit] = (),
    pain_stops: Iterable[Stopped] = (),
    practised_on: date | None = None,
    away_on: date | None = None,
    events: Iterable[tuple[date, str]] = (),
) -> tuple[Due, ...]:
    """What is due, the earliest first; the routine screen is there also when its day is still to come.

    `last_screen` is the day of the newest finished screen; without one there is nothing to repeat. `missing` gives for an open stage the
    tests that are all it still lacks (`progress.due_tests`), `exits` what is to be measured since a stage was passed. `pain_stops` are
    stops for pain, `practised_on` the newest day with a set done, `away_on` the day on which the newest break before it had become long
    enough (`Progress` knows all of these), `events` days and words of what happened. A screen answers whatever came before it, or on its
    day.
    """
    if last_screen is None:
        return ()
    found = [Due("routine", last_screen + timedelta(days=_DAYS["routine"]), "Four weeks since the last screen.")]
    for stage, tests in (missing or {}).items():
        lines = tuple(tests)
        if lines:
            because = f"{STAGE_LABELS[stage]}: all that is still missing is to measure again: {_names(lines)}."
            found.append(Due("stage", today, because, lines, stage))
    for one in exits:
        because = f"{STAGE_LABELS[one.stage]}: passed on {on_day(one.on)}, so its tests are measured once more: {_names(one.tests)}."
        found.append(Due("exit", one.on, because, one.tests, one.stage))
    answered = [stop.closed_on for stop in pain_stops if stop.closed_on is not None and last_screen < stop.closed_on <= today]
    if answered:
        found.append(Due("pain", max(answered), "Practice stopped for pain, and a professional has answered."))
    away = _away(last_screen, today, practised_on, away_on)
    if away is not None:
        found.append(away)
    happened = [(on, words) for on, words in events if last_screen < on <= today]
    if happened:
        on, words = max(happened)
        found.append(Due("event", on, f"Something happened since the last screen: {words.strip().rstrip('.')}."))
    return tuple(sorted(found, key=lambda one: (one.on, one.kind)))


def _names(tests: Iterable[tuple[str, Side]]) -> str:
    return whereabouts((TESTS[test], side) for test, side in tests if test in TESTS)


def away_on(last_screen: date, practised: Iterable[date]) -> date | None:
    """The day on which the newest long break between a screen and days of practice, in order and after it, had become one."""
    found, before = None, last_screen
    for on in practised:
        away = before + timedelta(days=_DAYS["layoff"] + 1)
        found, before = away if away <= on else found, on
    return found


def _away(last_screen: date, today: date, practised_on: date | None, away_on: date | None) -> Due | None:
    """The newest break since the last screen that was long enough; it is due from the day on which it became so."""
    now = max(last_screen, practised_on or last_screen) + timedelta(days=_DAYS["layoff"] + 1)
    found = [on for on in (away_on, now) if on is not None and last_screen < on <= today]
    return Due("layoff", max(found), "Two weeks or more without practice.") if found else None


# --- a screen of some tests alone -----------------------------------------------------------------------------------


def carried_over(screen: Screen, tests: Collection[str], on: date) -> tuple[Measurement, ...]:
    """What a new screen of `tests` alone, taken `on` a day, keeps of an earlier one: all else, each with the day of its measuring.

    What hurt or stopped that screen is measured anew, and what is older than twelve weeks (judgement).
    """
    stopped = {
        (line.test.id, line.side)
        for line in graded(screen)
        if line.grade == "x" or (line.grade == 3 and line.test.severe is SevereAction.REFER)
    }
    dated = (replace(one, measured_on=one.measured_on or screen.taken_on) for one in screen.measurements)
    return tuple(
        one
        for one in dated
        if one.test not in tests
        and (one.test, one.side) not in stopped
        and one.measured_on is not None
        and on - KEPT_FOR <= one.measured_on
    )
