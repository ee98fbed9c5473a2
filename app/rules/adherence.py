"""How much of what a plan asked for was done: done, partly, excused and not reported days of the days planned, by item and week."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import ClassVar, Final

from app.rules.documents import Item, Plan, StagePlan
from app.rules.history import DayRecord
from app.rules.progress import stage_states
from app.rules.vocabulary import Side, Stage, StageState

FORMULA: Final = (
    "Days with at least one set done, of the days planned. A week, Monday to Sunday, plans the lower number of an exercise's days a week, "
    "on any of its days; part of a week plans its share. More than planned in one week does not make up for another."
)
"""How the figures are made, for the page that shows them."""

_WEEK: Final = 7
PARTS: Final = 17640
"""Planned days are counted in parts of a day, so that shares of a week and of a turn add up exactly: 7 times all turns up to 10."""


@dataclass(frozen=True, slots=True)
class Span:
    """A plan and the days on which it was the one in force, both included; `made_on` is when it began.

    `states` are those of the stages in these days (None for those of a new plan), `rungs` the exercise to practise of a stage whose
    exercises open one at a time, `upkeep` the keys of the items that stay due in a passed stage.
    """

    plan: Plan
    made_on: date
    first: date
    last: date
    states: Mapping[Stage, StageState] | None = None
    rungs: Mapping[Stage, str] = field(default_factory=dict)
    upkeep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemWeek:
    """One item in one week: `planned` in `PARTS` of a day, and days on which all sets, some sets, or none for a reason were done.

    Never more days than planned, rounded up. Lines of different weeks add up, so that old weeks need be counted only once.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid", "strict": True}

    monday: date
    item: str
    side: Side
    name: str
    planned: int
    done: int = 0
    partly: int = 0
    excused: int = 0


@dataclass(frozen=True, slots=True)
class ItemAdherence:
    """One item: on how many days it was ticked (`partly` of them not in full), never above what was planned, of how many days planned.

    What was not ticked was either `excused`, with a reason, or nothing was reported, which is not the same as nothing done.
    """

    item: str
    side: Side
    days_done: int
    days_planned: int
    partly: int = 0
    excused: int = 0

    @property
    def not_reported(self) -> int:
        """Planned days of which nothing is known."""
        return self.days_planned - self.days_done - self.excused


@dataclass(frozen=True, slots=True)
class WeekAdherence:
    """All items of one week together; the four figures make `days_planned`."""

    monday: date
    days_planned: int
    done: int
    partly: int
    excused: int

    @property
    def not_reported(self) -> int:
        """Planned days of which nothing is known."""
        return self.days_planned - self.done - self.partly - self.excused


def adherence(spans: Iterable[Span], ticked: Mapping[str, Iterable[date]]) -> tuple[ItemAdherence, ...]:
    """Days done of days planned for each item, in the order of the plans.

    `ticked` gives for an item's key the days on which at least one set of it was ticked. A week is Monday to Sunday and plans the lower
    number of `per_week`; a part of a week, and an item that takes turns, its share of that; the sum is rounded down. More than planned in
    one week does not make up for another. An item that replaces another after some weeks is planned from then on. What comes to nothing is
    left out (judgement).
    """
    return totals(_by_week(spans, {key: dict.fromkeys(days, _Known(sets=_ALL)) for key, days in ticked.items()}))


def by_week(spans: Iterable[Span], days: Iterable[DayRecord]) -> tuple[ItemWeek, ...]:
    """The figures of each planned item and week over `spans`, in the order of weeks and plans.

    A day counts against the plan in force on it, so that neither a later plan nor a later event changes what is past. What was done of an
    item's easier version on a day of pain counts for the item, unless that version is planned itself.
    """
    known: dict[str, dict[date, _Known]] = {}
    for day in days:
        for item in day.items:
            known.setdefault(item.key, {})[day.on] = _Known(item.done, excused=item.skipped is not None)
    return _by_week(spans, known)


def totals(weeks: Iterable[ItemWeek]) -> tuple[ItemAdherence, ...]:
    """Each item over all `weeks`; what was planned for less than a day is left out."""
    sums: dict[str, _Sum] = {}
    sides: dict[str, Side] = {}
    for one in weeks:
        sides[one.item] = one.side
        sums.setdefault(one.item, _Sum()).add(one)
    found: list[ItemAdherence] = []
    for key, total in sums.items():
        days, done, partly, excused = total.whole()
        if days:
            found.append(ItemAdherence(key, sides[key], done + partly, days, partly, excused))
    return tuple(found)


def per_week(weeks: Iterable[ItemWeek]) -> tuple[WeekAdherence, ...]:
    """Each week over all its items, in order."""
    sums: dict[date, _Sum] = {}
    for one in weeks:
        sums.setdefault(one.monday, _Sum()).add(one)
    return tuple(WeekAdherence(monday, *sums[monday].whole()) for monday in sorted(sums))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one item on one day."""

    sets: int
    excused: bool = False


_ALL: Final = 1_000


@dataclass(slots=True)
class _Sum:
    """Planned parts of days, and what became of them."""

    planned: int = 0
    done: int = 0
    partly: int = 0
    excused: int = 0

    def add(self, other: "ItemWeek | _Sum") -> None:
        self.planned += other.planned
        self.done += other.done
        self.partly += other.partly
        self.excused += other.excused

    def up_to(self, most: int) -> tuple[int, int, int]:
        """Not more days than `most`: those done first, then those partly done, then those excused."""
        done = min(self.done, most)
        partly = min(self.partly, most - done)
        return done, partly, min(self.excused, most - done - partly)

    def whole(self) -> tuple[int, int, int, int]:
        """Whole planned days, and what became of them."""
        days = self.planned // PARTS
        return days, *self.up_to(days)


def _by_week(spans: Iterable[Span], days: Mapping[str, Mapping[date, _Known]]) -> tuple[ItemWeek, ...]:
    sums: dict[tuple[date, str], _Sum] = {}
    items: dict[str, Item] = {}
    for span in spans:
        for first, last in _weeks(span.first, span.last):
            monday = first - timedelta(days=first.weekday())
            planned = tuple(_planned_items(span, (first - span.made_on).days // _WEEK))
            keys = {item.key for item, _ in planned}
            for item, share in planned:
                items.setdefault(item.key, item)
                one = _counted(item, keys, days, first, last)
                one.planned = round(item.dose.per_week[0] * share * ((last - first).days + 1) * PARTS / _WEEK)
                sums.setdefault((monday, item.key), _Sum()).add(one)
    return tuple(
        ItemWeek(monday, key, items[key].side, items[key].name, one.planned, *one.up_to(-(-one.planned // PARTS)))
        for (monday, key), one in sums.items()
    )


def _counted(item: Item, planned: set[str], days: Mapping[str, Mapping[date, _Known]], first: date, last: date) -> _Sum:
    """What became of the days from `first` to `last`; of the item and its easier version the one with more sets counts."""
    known = {day: (one, item.dose.sets) for day, one in days.get(item.key, {}).items() if first <= day <= last}
    easier = item.easier
    if easier is not None and easier.key not in planned:
        for day, one in days.get(easier.key, {}).items():
            if first <= day <= last and (day not in known or one.sets > known[day][0].sets):
                known[day] = (one, easier.dose.sets)
    found = _Sum()
    for one, of in known.values():
        if one.sets >= of:
            found.done += 1
        elif one.sets:
            found.partly += 1
        else:
            found.excused += one.excused
    return found


def _weeks(first: date, last: date) -> Iterable[tuple[date, date]]:
    while first <= last:
        sunday = first + timedelta(days=_WEEK - 1 - first.weekday())
        yield first, min(sunday, last)
        first = sunday + timedelta(days=1)


def _planned_items(span: Span, week: int) -> Iterable[tuple[Item, Fraction]]:
    """The items that were due in that week of the plan, and in what share of the sessions each was."""
    states = span.states
    if states is None:
        states = {one.stage: one.state for one in stage_states(span.plan)}
    for stage in span.plan.stages:
        places = 1 + max((item.turn for item in stage.items if item.turn is not None), default=0)
        for item in _due(stage, states.get(stage.stage), span):
            comes = item.then is not None and item.later is not None and week >= item.then.after_weeks
            share = Fraction(1) if item.turn is None else Fraction(min(stage.share, places), places)
            yield item.later if comes and item.later is not None else item, share


def planned_on(span: Span, on: date) -> frozenset[str]:
    """Keys of the items that were due on a day of `span`."""
    return frozenset(item.key for item, _ in _planned_items(span, (on - span.made_on).days // _WEEK))


def _due(stage: StagePlan, state: StageState | None, span: Span) -> Iterable[Item]:
    """The items of a stage that is open, or of one that is passed and kept up."""
    rung = span.rungs.get(stage.stage)
    if state is StageState.PASSED:
        return [item for item in stage.items if item.key in span.upkeep or item.exercise == rung]
    if state is not StageState.OPEN:
        return []
    return [item for item in stage.items if rung is None or item.exercise == rung]
