"""When the next screen is due, of which tests, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from app.rules.battery import TESTS
from app.rules.documents import Stopped
from app.rules.findings import where
from app.rules.progress import STAGE_LABELS
from app.rules.vocabulary import Origin, Side, Stage

DueKind: TypeAlias = Literal["routine", "stage", "pain", "layoff", "event"]


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
    DueRule("pain", "After a stop for pain, once it is answered.", Origin.JUDGEMENT),
    DueRule("layoff", "After two weeks or more without practice.", Origin.JUDGEMENT, days=14),
    DueRule("event", "After an illness, a fall, an operation, a pregnancy.", Origin.JUDGEMENT),
)
"""The table in force. Two to four weeks is one suggestion from trainers' education; that it is four is judgement, as is the rest."""

_DAYS: Final = {rule.kind: rule.days for rule in RULES}

PAIN_STOPS: Final = ("PAIN", "RF5", "P3", "P4")
"""How the rule of a stop for pain begins."""


@dataclass(frozen=True, slots=True)
class Due:
    """A screen that is due from the day `on`, and why. `tests` are those of a stage and their sides; none means the whole screen."""

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
    pain_stops: Iterable[Stopped] = (),
    practised: Iterable[date] = (),
    events: Iterable[tuple[date, str]] = (),
) -> tuple[Due, ...]:
    """What is due, the earliest first; the routine screen is there also when its day is still to come.

    `last_screen` is the day of the newest finished screen; without one there is nothing to repeat. `missing` gives for an open stage the
    tests that are all it still lacks (`progress.due_tests`). `pain_stops` are stops for pain, `practised` the days with a set done (those
    since the last screen are enough), `events` days and words of what happened. A screen answers whatever came before it, or on its day.
    """
    if last_screen is None:
        return ()
    found = [Due("routine", last_screen + timedelta(days=_DAYS["routine"]), "Four weeks since the last screen.")]
    for stage, tests in (missing or {}).items():
        lines = tuple(tests)
        if lines:
            names = "; ".join(where(TESTS[test], side) for test, side in lines if test in TESTS)
            found.append(
                Due("stage", today, f"{STAGE_LABELS[stage]}: all that is still missing is to measure again: {names}.", lines, stage)
            )
    answered = [stop.closed_on for stop in pain_stops if stop.closed_on is not None and last_screen < stop.closed_on <= today]
    if answered:
        found.append(Due("pain", max(answered), "Practice stopped for pain, and a professional has answered."))
    away = _away(last_screen, today, practised)
    if away is not None:
        found.append(away)
    happened = [(on, words) for on, words in events if last_screen < on <= today]
    if happened:
        on, words = max(happened)
        found.append(Due("event", on, f"Something happened since the last screen: {words.strip().rstrip('.')}."))
    return tuple(sorted(found, key=lambda one: (one.on, one.kind)))


def _away(last_screen: date, today: date, practised: Iterable[date]) -> Due | None:
    """The newest break since the last screen that was long enough; it is due from the day on which it became so."""
    days = [last_screen, *sorted({day for day in practised if last_screen < day < today}), today]
    for before, after in reversed(tuple(pairwise(days))):
        if (after - before).days - 1 >= _DAYS["layoff"]:
            return Due("layoff", before + timedelta(days=_DAYS["layoff"] + 1), "Two weeks or more without practice.")
    return None
