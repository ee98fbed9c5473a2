"""What is due on a day: open stages, turns, what takes an item's place after some weeks, and what the log says is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from app.rules.documents import Item, Plan, PracticeEvent, StagePlan
from app.rules.history import told
from app.rules.pain import halved_sets
from app.rules.progress import SLACK_ITEMS, Progress, StageStanding, stage_states
from app.rules.track import RUNG_STAGES
from app.rules.vocabulary import Side, Stage, StageState

_DUE_STATES: Final = (StageState.OPEN, StageState.OPTIONAL)
_SIDES_FIRST: Final = "R60"


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
    """One item that is due, its sets, and on how many days of this week it was ticked against the days planned (`of_days`).

    `load_kg` is the load that the trainer has confirmed; `stands_for` is the item that rests today, in whose place it is due.
    """

    item: Item
    sets: tuple[SetMark, ...]
    days_this_week: int
    of_days: int
    load_kg: float | None = None
    stands_for: Item | None = None

    @property
    def done(self) -> int:
        """How many sets are ticked."""
        return sum([mark.done for mark in self.sets])

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
        return tuple([item for stage in self.stages for item in stage.items])

    @property
    def asked(self) -> tuple[DueItem, ...]:
        """What the day asks for: a dowel that may only be tried stands beside it, unless there is nothing else."""
        tried = (Stage.DOWEL, StageState.OPTIONAL)
        return tuple([item for stage in self.stages if (stage.stage, stage.state) != tried for item in stage.items]) or self.items

    @property
    def done(self) -> int:
        """Ticked sets of what the day asks for."""
        return sum([item.done for item in self.asked])

    @property
    def of(self) -> int:
        """All sets of what the day asks for."""
        return sum([item.of for item in self.asked])

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
        """Everything that the day asks for has had its planned days this week; more is welcome."""
        return bool(self.items) and all(one.days_this_week >= one.of_days for one in self.asked)


def latest(events: Iterable[PracticeEvent]) -> Mapping[tuple[date, str, int], PracticeEvent]:
    """The event that holds for each day, item and set, with what was reported of it. Order and repeats make no difference."""
    return told(events)


def today(
    plan: Plan,
    made_on: date,
    events: Iterable[PracticeEvent],
    on: date,
    standings: Iterable[StageStanding] | None = None,
    ticked_before: Iterable[tuple[date, str]] = (),
    progress: Progress | None = None,
    sessions_before: Mapping[Stage, int] | None = None,
) -> Today:
    """What is due on the day `on` of a plan made on `made_on`, and what of it is done.

    `progress` says where the client stands on that day, or `standings` the states alone; without them nothing has been signed off. Events
    of items that the plan does not hold are left out. Of the days before the plan only those of this week count, towards the days of an
    item: whose turn it is begins anew with it. A week is Monday to Sunday. Of earlier days it is enough to know what was ticked:
    `ticked_before` holds days and items in place of their events; of days before those and this week it is enough to know on how many of
    the plan's each stage was practised, `sessions_before`.
    """
    stands = progress.stages if progress is not None else stage_states(plan) if standings is None else standings
    states = {one.stage: one.state for one in stands}
    holds = {at: event for at, event in latest(events).items() if event.done or at[0] == on}
    ticked: dict[str, set[date]] = {}
    for day, key in ticked_before:
        ticked.setdefault(key, set()).add(day)
    for (day, key, _), event in holds.items():
        if event.done:
            ticked.setdefault(key, set()).add(day)
    week = max((on - made_on).days, 0) // 7
    found: list[tuple[Stage, list[Item]]] = []
    earlier = sessions_before or {}
    for stage in plan.stages:
        if states[stage.stage] in _DUE_STATES or progress is not None:
            items = due_items(stage, week, earlier.get(stage.stage, 0) + _sessions(stage, ticked, made_on, on), progress)
            if items:
                found.append((stage.stage, list(items)))
    instead: dict[str, Item] = {}
    if progress is not None:
        found, instead = _today_only(found, progress)
    loads = progress.loads if progress is not None else {}
    monday = on - timedelta(days=on.weekday())
    told_of = {key for day, key, _ in holds if day == on}
    return Today(
        on,
        week,
        tuple(
            TodayStage(
                stage,
                states[stage],
                tuple(
                    [
                        DueItem(
                            item,
                            _marks(item, holds, on) if item.key in told_of else _open(item.dose.sets),
                            sum([0 <= (day - monday).days < 7 for day in ticked.get(item.key, ())]),
                            item.dose.per_week[0],
                            loads.get(item.exercise),
                            instead.get(item.key),
                        )
                        for item in items
                    ]
                ),
            )
            for stage, items in found
        ),
    )


def due_items(stage: StagePlan, week: int, sessions_before: int, progress: Progress | None = None) -> tuple[Item, ...]:
    """The items of a stage in one session: locks on load applied, turns taken, and replacements made for that week of the plan.

    `sessions_before` is the number of earlier days on which the stage was ticked; it says whose turn it is. Without `progress` the stage is
    taken to be open; with it, nothing is due of a stage that is locked, and of one that is passed only what stays due.
    """
    items = [item for item in stage.items if not (item.loaded and any(lock.loaded_only for lock in stage.locks))]
    if progress is not None:
        standing = progress.of(stage.stage)
        if standing.state not in _DUE_STATES and not (standing.state is StageState.PASSED and stage.stage is Stage.RDL):
            return tuple([_even(_in_week(item, week), progress) for item in stage.items if item.key in progress.upkeep])
        if stage.stage in RUNG_STAGES:
            due = progress.rung_due(stage.stage)
            return tuple(_rung_items([item for item in stage.items if item.exercise == due], stage.stage, progress))
        items = _evened(items, progress)
    turns = 1 + max((item.turn for item in items if item.turn is not None), default=-1)
    now = {(sessions_before * stage.share + step) % turns for step in range(min(stage.share, turns))} if turns else set()
    items = [item for item in items if item.turn is None or item.turn in now]
    if stage.stage in RUNG_STAGES and items:
        items = [item for item in items if item.exercise == items[0].exercise]
    items = [_in_week(item, week) for item in items]
    return tuple(items if progress is None else [_even(item, progress) for item in items])


def _with_sets(item: Item, sets: int, tempo: str | None = None) -> Item:
    if sets == item.dose.sets and tempo in (None, item.dose.tempo):
        return item
    return replace(item, dose=replace(item.dose, sets=sets, tempo=tempo or item.dose.tempo))


def _rung_items(items: Iterable[Item], stage: Stage, progress: Progress) -> list[Item]:
    """The one rung that is due: a loaded RDL's sets and tempo by its weeks; on one leg the weaker one first, with a set more."""
    if stage is Stage.RDL:
        items = [
            _with_sets(item, progress.rdl_sets, progress.rdl_tempo) if item.loaded and item.side is Side.BOTH else item for item in items
        ]
    if progress.easier_week_on_one_leg is not None:
        items = [_with_sets(item, halved_sets(item.dose.sets)) if item.loaded and item.side is not Side.BOTH else item for item in items]
    weaker = progress.weaker_leg
    if weaker is None:
        return list(items)
    items = [_with_sets(item, item.dose.sets + 1) if item.side is weaker else item for item in items]
    return sorted(items, key=lambda item: item.side not in (weaker, Side.BOTH))


def _evened(items: list[Item], progress: Progress) -> list[Item]:
    """The items without the order of sides that a difference asked for, where it is no longer there."""
    even = {item.exercise for item in items if _is_even(item, progress)}
    place = {item.exercise: at for at, item in reversed(list(enumerate(items)))}
    return sorted(items, key=lambda item: (place[item.exercise], item.side is Side.RIGHT)) if even else items


def _is_even(item: Item, progress: Progress) -> bool:
    for reason in item.reasons:
        if reason.rule == _SIDES_FIRST and reason.finding is not None and reason.finding.test in progress.evened:
            return True
    return False


def _even(item: Item, progress: Progress) -> Item:
    return _with_sets(item, item.dose.sets - 1) if _is_even(item, progress) else item


def _today_only(found: list[tuple[Stage, list[Item]]], progress: Progress) -> tuple[list[tuple[Stage, list[Item]]], dict[str, Item]]:
    """What holds for this very day: what rests gives way to its easier version, sets are halved, and three exercises are enough."""
    instead: dict[str, Item] = {}
    due: list[tuple[Stage, list[Item]]] = []
    resting = progress.held or progress.painful
    for stage, items in found:
        kept: dict[str, Item] = {}
        for item in items:
            one = _easier(item, progress) if resting else item
            if one is not None and one.key not in kept:
                if one is not item:
                    instead[one.key] = item
                    one = _with_sets(one, item.dose.sets) if stage is Stage.RDL else one
                kept[one.key] = _with_sets(one, halved_sets(one.dose.sets)) if progress.is_halved else one
        if kept:
            due.append((stage, list(kept.values())))
    return (_simple(due) if progress.is_slack else due), instead


def _easier(item: Item, progress: Progress) -> Item | None:
    """The item itself, or the next easier one that neither rests today nor stays out."""
    one: Item | None = item
    while one is not None and (one.key in progress.held or one.exercise in progress.painful):
        one = one.easier
    return one


def _simple(due: list[tuple[Stage, list[Item]]]) -> list[tuple[Stage, list[Item]]]:
    """Three exercises: the first of each stage, then the second of each, both sides of one counting once (judgement)."""
    slugs = [(stage, list(dict.fromkeys(item.exercise for item in items))) for stage, items in due]
    turns = [(stage, names[turn]) for turn in range(SLACK_ITEMS) for stage, names in slugs if turn < len(names)]
    chosen = set(turns[:SLACK_ITEMS])
    kept = [(stage, [item for item in items if (stage, item.exercise) in chosen]) for stage, items in due]
    return [(stage, items) for stage, items in kept if items]


def _in_week(item: Item, week: int) -> Item:
    return item.later if item.then is not None and item.later is not None and week >= item.then.after_weeks else item


def _sessions(stage: StagePlan, ticked: Mapping[str, set[date]], first: date, before: date) -> int:
    if not stage.share:
        return 0
    keys = [item.key for item in stage.items] + [item.later.key for item in stage.items if item.later is not None]
    return sum(first <= day < before for day in set().union(*(ticked.get(key, ()) for key in keys)))


def _marks(item: Item, holds: Mapping[tuple[date, str, int], PracticeEvent], on: date) -> tuple[SetMark, ...]:
    marks = list(_open(item.dose.sets))
    for place, mark in enumerate(marks):
        event = holds.get((on, item.key, mark.number))
        if event is not None:
            marks[place] = SetMark(mark.number, event.done, event.pain, event.effort, event.load_kg)
    return tuple(marks)


@lru_cache(maxsize=64)
def _open(sets: int) -> tuple[SetMark, ...]:
    """So many sets of which nothing has been told."""
    return tuple(SetMark(number, done=False) for number in range(1, sets + 1))
