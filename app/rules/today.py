"""What is due on a day: open stages, turns, what takes an item's place after some weeks, and what the log says is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.rules.documents import Item, Plan, PracticeEvent, StagePlan
from app.rules.progress import StageStanding, stage_states
from app.rules.vocabulary import Stage, StageState

_DUE_STATES: Final = (StageState.OPEN, StageState.OPTIONAL)
_RUNGS: Final = (Stage.RDL, Stage.SINGLE_LEG)
"""Stages whose exercises open one at a time, from the easiest (judgement)."""


@dataclass(frozen=True, slots=True)
class SetMark:
    """One set of one item on the day: whether it is ticked, and what was said with the last event."""

    number: int
    done: bool
    pain: int | None = None
    effort: str | None = None
    load_kg: float | None = None


@dataclass(frozen=True, slots=True)
class DueItem:
    """One item that is due, its sets, and on how many days of this week it was ticked against the days planned (`of_days`)."""

    item: Item
    sets: tuple[SetMark, ...]
    days_this_week: int
    of_days: int

    @property
    def done(self) -> int:
        """How many sets are ticked."""
        return sum(mark.done for mark in self.sets)

    @property
    def of(self) -> int:
        """How many sets there are."""
        return len(self.sets)

    @property
    def next_set(self) -> int | None:
        """The number of the first set that is not ticked."""
        return next((mark.number for mark in self.sets if not mark.done), None)


@dataclass(frozen=True, slots=True)
class TodayStage:
    """One stage with something due."""

    stage: Stage
    state: StageState
    items: tuple[DueItem, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """A client's day; `week` counts from 0 on the day the plan was made."""

    date: date
    week: int
    stages: tuple[TodayStage, ...]

    @property
    def items(self) -> tuple[DueItem, ...]:
        """Everything due, in the order of the stages."""
        return tuple(item for stage in self.stages for item in stage.items)

    @property
    def done(self) -> int:
        """Ticked sets of the day."""
        return sum(item.done for item in self.items)

    @property
    def of(self) -> int:
        """All sets of the day."""
        return sum(item.of for item in self.items)

    @property
    def nothing_due(self) -> bool:
        """There is no item at all for this day."""
        return not self.stages

    @property
    def all_done(self) -> bool:
        """Everything due is ticked."""
        return self.of > 0 and self.done == self.of

    @property
    def week_done(self) -> bool:
        """Every item has had its planned days this week; more is welcome."""
        return bool(self.items) and all(one.days_this_week >= one.of_days for one in self.items)


def latest(events: Iterable[PracticeEvent]) -> Mapping[tuple[date, str, int], PracticeEvent]:
    """The event that holds for each day, item and set: the latest by (at, received_at, id). Order and repeats make no difference."""
    holds: dict[tuple[date, str, int], PracticeEvent] = {}
    for event in events:
        at = (event.performed_on, event.item, event.set)
        known = holds.get(at)
        if known is None or (event.at, event.received_at, event.id) > (known.at, known.received_at, known.id):
            holds[at] = event
    return holds


def today(
    plan: Plan,
    made_on: date,
    events: Iterable[PracticeEvent],
    on: date,
    standings: Iterable[StageStanding] | None = None,
    ticked_before: Iterable[tuple[date, str]] = (),
) -> Today:
    """What is due on the day `on` of a plan made on `made_on`, and what of it is done.

    `standings` say where the client stands; without them nothing has been signed off. Events before the plan and events of items that it
    does not hold are left out. A week is Monday to Sunday. Of earlier days it is enough to know what was ticked: `ticked_before` holds days
    and items in place of their events.
    """
    states = {one.stage: one.state for one in (stage_states(plan) if standings is None else standings)}
    holds = {at: event for at, event in latest(events).items() if event.done or at[0] == on}
    ticked: dict[str, set[date]] = {}
    for day, key in ticked_before:
        if day >= made_on:
            ticked.setdefault(key, set()).add(day)
    for (day, key, _), event in holds.items():
        if event.done and day >= made_on:
            ticked.setdefault(key, set()).add(day)
    week = max((on - made_on).days, 0) // 7
    stages: list[TodayStage] = []
    for stage in plan.stages:
        if states[stage.stage] not in _DUE_STATES:
            continue
        items = tuple(_due(item, holds, ticked, on) for item in due_items(stage, week, _sessions_before(stage, ticked, on)))
        if items:
            stages.append(TodayStage(stage.stage, states[stage.stage], items))
    return Today(on, week, tuple(stages))


def due_items(stage: StagePlan, week: int, sessions_before: int) -> tuple[Item, ...]:
    """The items of an open stage in one session: locks on load applied, turns taken, and replacements made for that week of the plan.

    `sessions_before` is the number of earlier days on which the stage was ticked; it says whose turn it is.
    """
    items = [item for item in stage.items if not (item.loaded and any(lock.loaded_only for lock in stage.locks))]
    turns = 1 + max((item.turn for item in items if item.turn is not None), default=-1)
    now = {(sessions_before * stage.share + step) % turns for step in range(min(stage.share, turns))} if turns else set()
    items = [item for item in items if item.turn is None or item.turn in now]
    if stage.stage in _RUNGS and items:
        items = [item for item in items if item.exercise == items[0].exercise]
    return tuple(_in_week(item, week) for item in items)


def _in_week(item: Item, week: int) -> Item:
    return item.later if item.then is not None and item.later is not None and week >= item.then.after_weeks else item


def _sessions_before(stage: StagePlan, ticked: Mapping[str, set[date]], on: date) -> int:
    if not stage.share:
        return 0
    keys = [item.key for item in stage.items] + [item.later.key for item in stage.items if item.later is not None]
    return sum(day < on for day in set().union(*(ticked.get(key, ()) for key in keys)))


def _due(item: Item, holds: Mapping[tuple[date, str, int], PracticeEvent], ticked: Mapping[str, set[date]], on: date) -> DueItem:
    marks: list[SetMark] = []
    for number in range(1, item.dose.sets + 1):
        event = holds.get((on, item.key, number))
        if event is None:
            marks.append(SetMark(number, done=False))
        else:
            marks.append(SetMark(number, event.done, event.pain, event.effort, event.load_kg))
    monday = on - timedelta(days=on.weekday())
    days = sum(0 <= (day - monday).days < 7 for day in ticked.get(item.key, ()))
    return DueItem(item, tuple(marks), days_this_week=days, of_days=item.dose.per_week[0])
