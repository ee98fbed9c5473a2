"""Practice: ticks for a day, what a day looks like, and what was done over weeks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from app import models
from app.errors import FieldError, Invalid, Missing
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.adherence import ItemAdherence, Span, adherence
from app.rules.documents import Effort, Item, StagePlan
from app.rules.progress import stage_states
from app.rules.today import Today, latest
from app.rules.today import today as due_on
from app.rules.vocabulary import LADDER, PREPARING, Side, StageState, Status
from app.services import only
from app.services.clients import get_client
from app.services.history import load_plan
from app.store import Store
from app.store.plans import Published, Standing, Trainee
from app.store.practice import Entry

MOST_TICKS = 500
LONGEST_RANGE = timedelta(days=366)
USUAL_RANGE = timedelta(days=27)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

STOPPED = "Practice has stopped until a professional has answered, so nothing is counted. Your trainer knows more."
ARCHIVED = "This profile is archived, so nothing is counted."
NO_PLAN = "There is no plan to practise yet."


class Halt(StrEnum):
    """Why there is nothing to practise."""

    ARCHIVED = "archived"
    UNSCREENED = "unscreened"
    STOPPED = "stopped"
    CLEARED = "cleared"
    """A stop was answered, and the screen has still to be done."""


def _halt(found: Standing) -> Halt | None:
    if found.client.archived_at is not None:
        return Halt.ARCHIVED
    if found.stop is not None:
        return Halt.STOPPED
    if found.screen_id is None:
        return Halt.UNSCREENED
    return None if found.plan is not None and found.plan.screen_id == found.screen_id else Halt.CLEARED


# --- a day ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """What a page needs to show one day of practice. Without a plan, `halt` says why; `stop` is the status of a stop.

    `entries` are the day's events; `ticked_before` says which items were ticked on which days since the plan was made. `is_fresh` says that
    nothing of the plan was ticked yet, `after_clearance` that it came out of an answered stop.
    """

    client: Trainee
    on: date
    today: date
    halt: Halt | None
    stop: Status | None = None
    row: Published | None = None
    plan: rules.Plan | None = None
    entries: tuple[Entry, ...] = ()
    ticked_before: tuple[tuple[date, str], ...] = ()
    is_fresh: bool = False
    after_clearance: bool = False

    @property
    def due(self) -> Today | None:
        """What is due on it; None without a plan."""
        if self.row is None or self.plan is None:
            return None
        return due_on(self.plan, self.row.made_on, (entry.event for entry in self.entries), self.on, ticked_before=self.ticked_before)


@only(Role.CLIENT)
def my_day(store: Store, today: date) -> Day:
    """The client's own day: today."""
    return _day(store, store.actor.client_id or 0, None, today)


@only(Role.TRAINER)
def day_of(store: Store, client_id: int, on: date | None, today: date) -> Day:
    """A client's day for her trainer: today, or an earlier one since the plan was made; raises Invalid for any other."""
    return _day(store, client_id, on, today)


def _day(store: Store, client_id: int, on: date | None, today: date) -> Day:
    found = store.plans.standing(client_id)
    client = found.client
    halt = _halt(found)
    row = found.plan
    if halt is not None or row is None:
        stop = Status(found.stop.status) if found.stop is not None else None
        return Day(client, on or today, today, halt, stop)
    day = on or today
    if not row.made_on <= day <= today:
        raise Invalid(FieldError("on", f"Choose a day from {row.made_on}, when the plan was made, to today."))
    entries = store.practice.log(client, day, day)
    before = store.practice.ticked(client, row.made_on, day)
    is_fresh = not before and all(entry.plan_id != row.id for entry in entries)
    return Day(client, day, today, None, None, row, load_plan(row), entries, before, is_fresh, found.was_stopped)


# --- ticks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick or untick of one set, as it was made; `id` is the UUID that it was given where it was made."""

    id: str
    item: str
    set: int
    performed_on: date
    at: datetime
    done: bool
    side: Side | None = None
    pain: int | None = None
    effort: Effort | None = None
    load_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A tick that does not count, why, and what would have to be shown first."""

    id: str
    reason: str
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """What became of each tick, in the order they were sent: new, arrived before, or not counted."""

    accepted: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class _Counts:
    """A tick that counts, and to which plan."""

    tick: Tick
    plan: models.Plan | Published
    side: Side


@only(Role.TRAINER, Role.CLIENT)
def add_ticks(store: Store, client_id: int, ticks: Sequence[Tick], at: datetime, today: date) -> Added:
    """Append ticks to the log. Each stands for itself; one that was sent before is known and changes nothing."""
    if len(ticks) > MOST_TICKS:
        raise Invalid(FieldError("ticks", f"At most {MOST_TICKS} of these."))
    client = get_client(store, client_id)
    known = store.practice.known(client, [tick.id for tick in ticks]) if ticks else set()
    judge = _judge(store, client, today)
    verdicts: dict[str, _Counts | Refused] = {}
    for tick in ticks:
        if tick.id not in known and tick.id not in verdicts:
            verdicts[tick.id] = judge(tick)
    new = store.practice.append([_columns(one, client, store.actor.user_id, at) for one in verdicts.values() if isinstance(one, _Counts)])
    if new:
        store.audit.note(at, "ticked for", "client", client.id)
    accepted: list[str] = []
    again: list[str] = []
    refused: list[Refused] = []
    for tick in ticks:
        verdict = verdicts.get(tick.id)
        if isinstance(verdict, Refused):
            refused.append(verdict)
        elif tick.id in new:
            accepted.append(tick.id)
            new.discard(tick.id)
        else:
            again.append(tick.id)
    return Added(tuple(accepted), tuple(again), tuple(refused))


def _columns(one: _Counts, client: Client, user_id: int, at: datetime) -> Mapping[str, object]:
    tick = one.tick
    return {
        "studio_id": client.studio_id,
        "client_id": client.id,
        "plan_id": one.plan.id,
        "uuid": tick.id,
        "item": tick.item,
        "side": one.side.value,
        "set_number": tick.set,
        "done": tick.done,
        "performed_on": tick.performed_on,
        "at": min(max(tick.at, EARLIEST), at),
        "received_at": at,
        "entered_by": user_id,
        "pain": tick.pain,
        "effort": tick.effort,
        "load_kg": tick.load_kg,
    }


def _judge(store: Store, client: Client, today: date) -> Callable[[Tick], _Counts | Refused]:
    """What decides, for one client on one day, whether a tick counts."""
    found = store.plans.standing(client.id)
    halted = {Halt.ARCHIVED: ARCHIVED, Halt.STOPPED: STOPPED, Halt.UNSCREENED: NO_PLAN, Halt.CLEARED: NO_PLAN}
    halt = _halt(found)

    @lru_cache(maxsize=1)
    def plans() -> tuple[models.Plan, ...]:
        return tuple(store.plans.all(client))

    @lru_cache(maxsize=1)
    def stops() -> tuple[tuple[date, date], ...]:
        local = store.actor.local
        logged = ((one.opened_at, one.logged_at) for one in store.referrals.all(client))
        return tuple((local(opened).date(), local(answered).date()) for opened, answered in logged if answered is not None)

    def judge(tick: Tick) -> _Counts | Refused:
        if halt is not None or found.plan is None:
            return Refused(tick.id, halted[halt or Halt.UNSCREENED])
        day = tick.performed_on
        if day > today:
            return Refused(tick.id, "This day has not come yet.")
        plan = found.plan if found.plan.made_on <= day else next((one for one in plans() if one.made_on <= day), None)
        if plan is None:
            return Refused(tick.id, "That was before the plan was made.")
        if plan is not found.plan and any(opened < day < answered for opened, answered in stops()):
            return Refused(tick.id, STOPPED)
        return _against_plan(tick, plan)

    return judge


def _against_plan(tick: Tick, row: models.Plan | Published) -> _Counts | Refused:
    plan = load_plan(row)
    place = next(((stage, item) for stage in plan.stages for item in _with_later(stage) if item.key == tick.item), None)
    if place is None:
        if row.number > 1:
            return Refused(tick.id, "The plan has changed: this exercise is not in the one for that day.")
        return Refused(tick.id, "There is no such exercise in the plan.")
    stage, item = place
    if tick.side is not None and tick.side is not item.side:
        whose = "both sides at once" if item.side is Side.BOTH else f"the {item.side.value} side"
        return Refused(tick.id, f"This exercise is for {whose}.")
    if not 1 <= tick.set <= item.dose.sets:
        return Refused(tick.id, f"This exercise has {item.dose.sets} {'set' if item.dose.sets == 1 else 'sets'}.")
    locked = _locked(plan, stage, item)
    if locked is not None:
        return Refused(tick.id, *locked)
    waits = next((one.then.after_weeks for one in stage.items if one.later is item and one.then is not None), 0)
    if (tick.performed_on - row.made_on).days // 7 < waits:
        return Refused(tick.id, f"This exercise comes after {waits} weeks; until then another one stands in its place.")
    return _Counts(tick, row, item.side)


def _with_later(stage: StagePlan) -> Iterable[Item]:
    for item in stage.items:
        yield item
        if item.later is not None:
            yield item.later


def _locked(plan: rules.Plan, stage: StagePlan, item: Item) -> tuple[str, tuple[Missing, ...]] | None:
    """Why an item can't be practised yet, and what has to be shown first; None when it can."""
    standings = {one.stage: one for one in stage_states(plan)}
    standing = standings[stage.stage]
    if standing.state is StageState.LOCKED:
        missing = [Missing(lock.rule, f"Until {lock.until}.") for lock in stage.locks if not lock.loaded_only]
        place = LADDER.index(stage.stage) if stage.stage in LADDER else 0
        before = (LADDER[place - 1],) if place else PREPARING
        for one in plan.stages:
            if one.stage in before and standings[one.stage].state not in (StageState.NOT_INDICATED, StageState.PASSED):
                missing += [Missing(shown.id, shown.text) for shown in one.exit if shown.id not in standings[one.stage].met]
        return standing.locked_because or "This stage is locked.", tuple(missing)
    locks = [lock for lock in stage.locks if lock.loaded_only] if item.loaded else []
    if locks:
        because = " ".join(f"{lock.because} Until {lock.until}." for lock in locks)
        return because, tuple(Missing(lock.rule, f"Until {lock.until}.") for lock in locks)
    return None


@only(Role.TRAINER, Role.CLIENT)
def note_pain(store: Store, client_id: int, key: str, pain: int, id: str, at: datetime, today: date) -> Added:
    """Note pain with the set at which she stopped today; that ticks nothing, and what is ticked stays so."""
    due = _day(store, client_id, None, today).due
    one = next((one for one in due.items if one.item.key == key), None) if due is not None else None
    if due is not None and one is None:
        raise Invalid(FieldError("item", "Choose what hurts."))
    number, done = (1, False) if one is None else (one.next_set or one.of, one.next_set is None)
    return add_ticks(store, client_id, [Tick(id, key, number, today, at, done, pain=pain)], at, today)


# --- weeks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DoneItem:
    """What was done of one item on one day; `pain` is the worst that was noted."""

    item: str
    side: Side
    done_sets: int
    of_sets: int
    pain: int | None


@dataclass(frozen=True, slots=True)
class PracticeDay:
    date: date
    items: tuple[DoneItem, ...]


@dataclass(frozen=True, slots=True)
class Practised:
    """What was practised over some days: the days on which something was entered, and days done of days planned."""

    first: date
    last: date
    days: tuple[PracticeDay, ...]
    adherence: tuple[ItemAdherence, ...]


@only(Role.TRAINER, Role.CLIENT)
def practised(store: Store, client_id: int, first: date | None, last: date | None, today: date) -> Practised:
    """What a client has practised; the last four weeks unless said otherwise."""
    last = last or today
    first = first or max(last, date.min + USUAL_RANGE) - USUAL_RANGE
    if first > last:
        raise Invalid(FieldError("from", "The first day must not be after the last."))
    if last - first > LONGEST_RANGE:
        raise Invalid(FieldError("from", "Ask for at most a year at once."))
    client = get_client(store, client_id)
    rows = tuple(reversed(store.plans.all(client)))
    entries = store.practice.log(client, first, last)
    spans = tuple(_spans(rows, first, min(last, today)))
    ticked: dict[str, set[date]] = {}
    for (day, key, _), event in latest(entry.event for entry in entries).items():
        if event.done:
            ticked.setdefault(key, set()).add(day)
    return Practised(first, last, _days(rows, entries), adherence(spans, ticked))


def _spans(rows: Sequence[models.Plan], first: date, last: date) -> Iterable[Span]:
    """Each plan with its days in force; of two made on one day the later one has it."""
    for row, following in zip(rows, (*rows[1:], None), strict=False):
        end = last if following is None else min(last, following.made_on - timedelta(days=1))
        begin = max(first, row.made_on)
        if begin <= end:
            yield Span(load_plan(row), row.made_on, begin, end)


def _days(rows: Iterable[models.Plan], entries: Sequence[Entry]) -> tuple[PracticeDay, ...]:
    plans = {row.id: row for row in rows}
    sets = {
        (plan_id, item.key): item.dose.sets
        for plan_id in {entry.plan_id for entry in entries}
        for stage in load_plan(plans[plan_id]).stages
        for item in _with_later(stage)
    }
    done: dict[tuple[date, str], int] = {}
    for (day, key, _), event in latest(entry.event for entry in entries).items():
        done[day, key] = done.get((day, key), 0) + event.done
    days: dict[date, dict[str, DoneItem]] = {}
    for entry in entries:
        event = entry.event
        items = days.setdefault(event.performed_on, {})
        before = items.get(event.item)
        pains = [pain for pain in (event.pain, before.pain if before else None) if pain is not None]
        items[event.item] = DoneItem(
            event.item,
            event.side,
            done[event.performed_on, event.item],
            sets[entry.plan_id, event.item],
            max(pains, default=None),
        )
    return tuple(PracticeDay(day, tuple(days[day].values())) for day in sorted(days))
