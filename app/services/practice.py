"""Practice: ticks for a day, what a day looks like, and what was done over weeks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from app import models
from app.errors import Conflict, FieldError, Invalid, Missing
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.adherence import FORMULA, ItemAdherence, WeekAdherence
from app.rules.documents import Effort, Item, StagePlan
from app.rules.history import days
from app.rules.pain import GOES, PracticeStop, at_once, gone
from app.rules.progress import Progress
from app.rules.refusal import item_refusal, most_sets
from app.rules.today import Today, latest
from app.rules.today import today as due_on
from app.rules.vocabulary import LADDER, Feel, Side, SkipReason, Status
from app.services import only
from app.services.clients import get_client
from app.services.history import (
    EVEN_IF_STOPPED,
    DayByDay,
    Halt,
    Ticked,
    adherence_between,
    entered,
    first_unread,
    halt_of,
    halt_on,
    is_summed_up,
    load_plan,
    parse_plan,
    planned_between,
    progress_before,
    progress_now,
    progress_on,
    progress_today,
    ticked_before,
    ticked_under,
    untold_morning,
)
from app.services.plans import open_from_practice, practice_stops
from app.store import Store
from app.store.plans import Listed, Published, Standing, Trainee
from app.store.practice import Entry, columns_of

MOST_TICKS = 500
LONGEST_RANGE = timedelta(days=366)
USUAL_RANGE = timedelta(days=27)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
WINDOW = timedelta(days=14)
"""How far back a client fills in her practice herself."""

NOTHING_TICKED = Ticked((), {})

STOPPED = "Practice has stopped until a professional has answered, so nothing is counted. Your trainer knows more."
ARCHIVED = "This profile is archived, so nothing is counted."
NO_PLAN = "There is no plan to practise yet."
_HALTED = {Halt.ARCHIVED: ARCHIVED, Halt.STOPPED: STOPPED, Halt.UNSCREENED: NO_PLAN, Halt.CLEARED: NO_PLAN}


# --- a day ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """What a page needs to show one day of practice. Without a plan, `halt` says why; `stop` is the status of a stop.

    `entries` are the day's events, `ticked` what was ticked earlier. `progress` is where she stands on it, perhaps without that very day's
    ticks. `first` is the earliest day that may be opened, `untold` the last session whose morning after is not told of yet. `is_fresh` says
    that nothing of the plan was ticked yet, `after_clearance` that it came out of an answered stop.
    """

    client: Trainee
    on: date
    today: date
    halt: Halt | None
    stop: Status | None = None
    row: Published | None = None
    plan: rules.Plan | None = None
    entries: tuple[Entry, ...] = ()
    ticked: Ticked = NOTHING_TICKED
    progress: Progress | None = None
    first: date = date.max
    untold: date | None = None
    is_fresh: bool = False
    after_clearance: bool = False

    @property
    def due(self) -> Today | None:
        """What is due on it; None without a plan."""
        if self.row is None or self.plan is None:
            return None
        return due_on(
            self.plan,
            self.row.made_on,
            (entry.event for entry in self.entries),
            self.on,
            ticked_before=self.ticked.items,
            progress=self.progress,
            sessions_before=self.ticked.sessions,
        )


@only(Role.CLIENT)
def my_day(store: Store, today: date, on: date | None = None) -> Day:
    """The client's own day: today, or one of the last two weeks; raises Invalid for any other."""
    return _day(store, store.actor.client_id or 0, on, today)


@only(Role.TRAINER)
def day_of(store: Store, client_id: int, on: date | None, today: date) -> Day:
    """A client's day for her trainer: today, or an earlier one since the first plan was made; raises Invalid for any other."""
    return _day(store, client_id, on, today)


def _day(store: Store, client_id: int, on: date | None, today: date) -> Day:
    found = store.plans.standing(client_id)
    client, row, day = found.client, found.plan, on or today
    halt = halt_of(found)
    if halt is not None or row is None:
        stop = Status(found.stop.status) if found.stop is not None else None
        return Day(client, day, today, halt, stop)
    if day < today:
        return _past_day(store, found, row, day, today)
    if day > today:
        raise Invalid(FieldError("on", "This day has not come yet."))
    entries = store.practice.log(client, first_unread(found, day), day)
    hers = tuple(entry for entry in entries if entry.event.performed_on == day)
    ticked = ticked_before(store, found, entries, day)
    return Day(
        client=client,
        on=day,
        today=today,
        halt=None,
        row=row,
        plan=load_plan(row),
        entries=hers,
        ticked=ticked,
        progress=progress_today(store, found, entries, day),
        first=_first_day(store, found, today),
        untold=untold_morning(store, found, entries, day),
        is_fresh=not ticked.sessions and all(on < row.made_on for on, _ in ticked.items) and all(entry.plan_id != row.id for entry in hers),
        after_clearance=found.was_stopped,
    )


def _first_day(store: Store, found: Standing, today: date) -> date:
    """The earliest day that somebody may look back to: not before the first plan, which may be older than the one in force."""
    since = today - WINDOW if store.actor.client_id is not None else date.min
    return max(since, found.began or since)


def _past_day(store: Store, found: Standing, newest: Published, day: date, today: date) -> Day:
    client = found.client
    since = _first_day(store, found, today)
    row = newest if newest.made_on <= day else store.plans.in_force(client, day)
    if row is None or day < since:
        raise Invalid(FieldError("on", f"Choose a day from {since} to today."))
    entries = store.practice.log(client, day, day)
    return Day(
        client=client,
        on=day,
        today=today,
        halt=None,
        row=row,
        plan=load_plan(row),
        entries=entries,
        ticked=ticked_under(store, client, row.made_on, day),
        progress=progress_on(store, client, row, day),
        first=since,
    )


# --- ticks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick, untick or skip of one set, or a report, as it was made; `id` is the UUID that it was given where it was made.

    With `MORNING` as its item it tells of the morning after the session of `performed_on`. A set done of a loaded exercise without a
    `load_kg` is one with the load that was told of it before, or else that she was shown by then; 0 says that it was none.
    """

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
    feel: Feel | None = None
    skipped: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A tick that does not count, why, and what would have to be shown first."""

    id: str
    reason: str
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """What became of each tick, in the order they were sent: new, arrived before, or not counted. `stopped`: a report ended it all."""

    accepted: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[Refused, ...]
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Counts:
    """A tick that counts, and to which plan."""

    tick: Tick
    plan: models.Plan | Published
    side: Side


@only(Role.TRAINER, Role.CLIENT)
def add_ticks(store: Store, client_id: int, ticks: Sequence[Tick], at: datetime, today: date) -> Added:
    """Append ticks to the log. Each stands for itself; one that was sent before is known and changes nothing.

    A report that asks for it stops everything, in the same transaction.
    """
    if len(ticks) > MOST_TICKS:
        raise Invalid(FieldError("ticks", f"At most {MOST_TICKS} of these."))
    client = get_client(store, client_id)
    store.clients.hold(client)
    known = store.practice.known(client, [tick.id for tick in ticks]) if ticks else set()
    found = store.plans.standing(client.id)
    judge = _Judge(store, client, found, at, today, [tick.performed_on for tick in ticks])
    verdicts: dict[str, _Counts | Refused] = {}
    for tick in sorted(ticks, key=lambda tick: tick.performed_on):
        if tick.id not in known and tick.id not in verdicts:
            verdicts[tick.id] = judge(tick)
    counts = [one for tick in ticks if isinstance(one := verdicts.get(tick.id), _Counts)]
    new = store.practice.append([_columns(one, client, store.actor.user_id, at) for one in dict.fromkeys(counts)])
    stopped = False
    if new:
        store.audit.note(at, "ticked for", "client", client.id)
        stopped = _felt(store, client, found, [one.tick for one in counts if one.tick.id in new], at, today)
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
    return Added(tuple(accepted), tuple(again), tuple(refused), stopped)


@only(Role.TRAINER, Role.CLIENT)
def enter(store: Store, client_id: int, ticks: Sequence[Tick], at: datetime, today: date) -> Added:
    """The same from a form: the first that is refused is raised as Conflict, and nothing is written."""
    added = add_ticks(store, client_id, ticks, at, today)
    for one in added.refused:
        raise Conflict(one.reason, one.missing)
    return added


def _columns(one: _Counts, client: Client, user_id: int, at: datetime) -> Mapping[str, object]:
    owners = {"studio_id": client.studio_id, "client_id": client.id, "plan_id": one.plan.id, "entered_by": user_id}
    return owners | columns_of(_event(one, at))


def _clamped(moment: datetime, at: datetime) -> datetime:
    return min(max(moment, EARLIEST), at)


def _felt(store: Store, client: Client, found: Standing, ticks: Sequence[Tick], at: datetime, today: date) -> bool:
    """Keep the summary true, and stop everything where a report asks for it."""
    first = min(tick.performed_on for tick in ticks)
    if not is_summed_up(found, first, today):
        entered(store, client, first, today, only_ticks=True)
    if all(tick.pain is None and tick.feel is None for tick in ticks) and all(tick.performed_on == today for tick in ticks):
        return False
    found = store.plans.standing(client.id)
    progress = progress_now(store, found, today)
    if progress is None or found.plan is None:
        return False
    stops = (*_said_now(store, client, ticks), *_gone_now(store, client, ticks, progress), *progress.stops)
    if stops:
        open_from_practice(store, client, found.plan, stops, at)
    return bool(stops)


def _said_now(store: Store, client: Client, ticks: Sequence[Tick]) -> Iterable[PracticeStop]:
    """What these ticks themselves report that stops everything, whatever was answered before on their days or after them."""
    new = {tick.id for tick in ticks}
    hurt = {tick.performed_on for tick in ticks if tick.pain or tick.feel is not None}
    if not hurt:
        return
    log = [entry.event for entry in store.practice.log(client, min(hurt), max(hurt))]
    holds = latest(log)
    said = [one for one in log if one.id in new and _is_held(one, holds[one.performed_on, one.item, one.set])]
    for day in days(said):
        yield from at_once(day)


def _is_held(report: rules.PracticeEvent, holds: rules.PracticeEvent) -> bool:
    """Whether a report still holds: nothing newer of its set says otherwise."""
    return (report.pain is not None and report.pain == holds.pain) or (report.feel is not None and report.feel is holds.feel)


def _gone_now(store: Store, client: Client, ticks: Sequence[Tick], progress: Progress) -> Iterable[PracticeStop]:
    """Exercises that have to go since these ticks, where an answer that came before them hides it."""
    known = {stop.exercise for row in store.referrals.all(client) for stop in practice_stops(row) if stop.rule == GOES}
    hurt = {tick.item.split("/")[1]: tick for tick in ticks if tick.pain and tick.item != rules.MORNING}
    for exercise in progress.painful:
        if exercise in hurt and exercise not in known and all(stop.exercise != exercise for stop in progress.stops):
            yield gone(exercise, hurt[exercise].item, hurt[exercise].performed_on)


class _Judge:
    """Decides, for one client on one day, whether a tick counts; ticks come in the order of the days that they are about."""

    def __init__(self, store: Store, client: Client, found: Standing, at: datetime, today: date, days: Sequence[date]) -> None:
        self.store, self.client, self.found, self.at, self.today = store, client, found, at, today
        earliest = today - WINDOW if store.actor.client_id is not None else date.min
        self.first, self.last = max(min(days, default=today), earliest), min(max(days, default=today), today)
        self.halt = halt_of(found)
        self.counted: list[_Counts] = []
        self.walked: dict[int, DayByDay] = {}
        self.known: dict[tuple[int, date], Progress] = {}
        self.logs: dict[date, list[rules.PracticeEvent]] = {}
        self.plans: dict[int, Published | None] = {}

    def __call__(self, tick: Tick) -> _Counts | Refused:
        if self.halt is not None or self.found.plan is None:
            return Refused(tick.id, _HALTED[self.halt or Halt.UNSCREENED])
        day = tick.performed_on
        if day > self.today:
            return Refused(tick.id, "This day has not come yet.")
        plan = self.found.plan if self.found.plan.made_on <= day else self._earlier(day)
        if plan is None:
            return Refused(tick.id, "That was before the plan was made.")
        if self.store.actor.client_id is not None and day < self.today - WINDOW:
            return Refused(tick.id, f"That is more than {WINDOW.days} days ago; your trainer can still enter it.")
        halt = None if plan is self.found.plan else halt_on(self._stops, plan.made_on, day)
        if halt is not None:
            return Refused(tick.id, _HALTED[halt])
        verdict = self._morning(tick, plan) if tick.item == rules.MORNING else self._against_plan(tick, plan)
        if isinstance(verdict, _Counts):
            self.counted.append(verdict)
            for walked in self.walked.values():
                walked.add(_event(verdict, self.at))
        return verdict

    def _earlier(self, day: date) -> Published | None:
        """The plan that was in force on a day before the newest one; each is looked up once."""
        number = max((one.number for one in self._listed if one.made_on <= day), default=0)
        if number not in self.plans:
            self.plans[number] = self.store.plans.in_force(self.client, day)
        return self.plans[number]

    @cached_property
    def _listed(self) -> Sequence[Listed]:
        return self.store.plans.listed(self.client)

    @cached_property
    def _stops(self) -> Sequence[rules.Stopped]:
        return self.store.progress.stops(self.client, self.store.actor.local)

    def _morning(self, tick: Tick, row: Published) -> _Counts | Refused:
        if tick.done or tick.pain is None or tick.set != 1 or tick.side not in (None, Side.BOTH):
            return Refused(tick.id, "Of the morning after, say the pain from 0 to 10.")
        if tick.performed_on == self.today:
            return Refused(tick.id, "The morning after has not come yet.")
        return _Counts(tick, row, Side.BOTH)

    def _against_plan(self, tick: Tick, row: Published) -> _Counts | Refused:
        plan = load_plan(row)
        place = next(((stage, item) for stage in plan.stages for item in _items(stage) if item.key == tick.item), None)
        if place is None:
            if row.number > 1:
                return Refused(tick.id, "The plan has changed: this exercise is not in the one for that day.")
            return Refused(tick.id, "There is no such exercise in the plan.")
        stage, item = place
        if tick.side is not None and tick.side is not item.side:
            whose = "both sides at once" if item.side is Side.BOTH else f"the {item.side.value} side"
            return Refused(tick.id, f"This exercise is for {whose}.")
        if tick.skipped is not None and tick.done:
            return Refused(tick.id, "A set is either done or left out.")
        if tick.load_kg and stage.stage in LADDER and not item.loaded:
            return Refused(tick.id, "This exercise is done without load.")
        progress = self._progress(row, tick.performed_on)
        sets = most_sets(item, stage.stage, progress)
        if not 1 <= tick.set <= sets:
            return Refused(tick.id, f"This exercise has {sets} {'set' if sets == 1 else 'sets'}.")
        because = item_refusal(progress, stage, item)
        if because is not None and not self._undoes(tick, row) and self._is_shut(row, tick, stage, item):
            return Refused(tick.id, because.because, tuple(Missing(one.id, one.text) for one in because.missing))
        waits = next((one.then.after_weeks for one in stage.items if one.later is item and one.then is not None), 0)
        if (tick.performed_on - row.made_on).days // 7 < waits:
            wait = "1 week" if waits == 1 else f"{waits} weeks"
            return Refused(tick.id, f"This exercise comes after {wait}; until then another one stands in its place.")
        return _Counts(replace(tick, load_kg=self._load(tick, row, item, progress)), row, item.side)

    def _load(self, tick: Tick, row: Published, item: Item, progress: Progress) -> float | None:
        """What was lifted: where a set is ticked without a load, the one told of it before, or else the one that she was shown by then."""
        if tick.load_kg is not None or not tick.done or item.exercise not in progress.loads:
            return tick.load_kg
        holds = self._held(tick, row)
        if holds is not None and holds.done and holds.load_kg is not None:
            return holds.load_kg
        moment = _clamped(tick.at, self.at)
        if any(one.set_on == tick.performed_on and one.exercise == item.exercise and one.at > moment for one in self._confirmed):
            progress = self._days(row, tick.performed_on).on(tick.performed_on, loads_until=moment)
        return progress.loads.get(item.exercise)

    @cached_property
    def _confirmed(self) -> Sequence[rules.LoadSet]:
        return self.store.progress.loads(self.client, self.first)

    def _held(self, tick: Tick, row: Published) -> rules.PracticeEvent | None:
        """What holds of a tick's set so far, what came before it in the same batch among it."""
        told = (one for one in self._told(row, tick.performed_on) if one.item == tick.item and one.set == tick.set)
        return next(iter(latest(told).values()), None)

    def _told(self, row: Published, day: date) -> Iterable[rules.PracticeEvent]:
        if row.id in self.walked:
            return self.walked[row.id].told_of(day)
        if day not in self.logs:
            self.logs[day] = [entry.event for entry in self.store.practice.log(self.client, day, day)]
        return (*self.logs[day], *(_event(one, self.at) for one in self.counted if one.tick.performed_on == day))

    def _is_shut(self, row: Published, tick: Tick, stage: StagePlan, item: Item) -> bool:
        """Whether it was closed in the morning already: what she or her trainer did later takes nothing of that day away.

        Nor does what was told since then of the days before it: what was due by what was known that morning may be entered.
        """
        if any(one.key in self._planned.get(tick.performed_on, ()) for one in _in_place_of(stage, item)):
            return False
        return item_refusal(self._days(row, tick.performed_on).in_the_morning(tick.performed_on), stage, item) is not None

    @cached_property
    def _planned(self) -> Mapping[date, frozenset[str]]:
        return planned_between(self.store, self.client, self.first, self.last)

    def _undoes(self, tick: Tick, row: Published) -> bool:
        """Whether it takes back what is ticked and says nothing more; that may always be done."""
        if tick.done or tick.pain is not None or tick.feel is not None or tick.skipped is not None:
            return False
        holds = self._held(tick, row)
        return holds is not None and holds.done

    def _progress(self, row: Published, day: date) -> Progress:
        """Where she stood on a day; what came before it in the same batch counts already."""
        key = (row.id, day)
        if key not in self.known:
            made = None
            if day == self.today and row is self.found.plan and not any(one.tick.performed_on < day for one in self.counted):
                made = progress_before(self.found, day) or progress_now(self.store, self.found, day)
            self.known[key] = made or self._days(row, day).on(day)
        return self.known[key]

    def _days(self, row: Published, day: date) -> DayByDay:
        if row.id not in self.walked:
            first = min((one.tick.performed_on for one in self.counted), default=day)
            walked = DayByDay(self.store, self.client, row, min(first, day), self.last, EVEN_IF_STOPPED)
            for one in self.counted:
                walked.add(_event(one, self.at))
            self.walked[row.id] = walked
        return self.walked[row.id]


def _event(one: _Counts, at: datetime) -> rules.PracticeEvent:
    """A tick as it will stand in the log."""
    tick = one.tick
    return rules.PracticeEvent(
        id=tick.id,
        item=tick.item,
        side=one.side,
        set=tick.set,
        performed_on=tick.performed_on,
        at=_clamped(tick.at, at),
        received_at=at,
        done=tick.done,
        pain=tick.pain,
        effort=tick.effort,
        load_kg=tick.load_kg,
        feel=tick.feel,
        skipped=tick.skipped,
    )


def _in_place_of(stage: StagePlan, item: Item) -> Iterable[Item]:
    """An item of a stage, and those in whose place it is due when they hurt."""
    return (one for one in _items(stage) if one.key == item.key or (one.easier is not None and one.easier.key == item.key))


def _items(stage: StagePlan) -> Iterable[Item]:
    """Every item that may be due in a stage: its own, what takes their places later, and what is due when one hurts."""
    for item in stage.items:
        for one in (item, item.later):
            if one is not None:
                yield one
                if one.easier is not None:
                    yield one.easier


@only(Role.TRAINER, Role.CLIENT)
def report_morning(
    store: Store, client_id: int, session: date, pain: int, id: str, at: datetime, today: date, *, told_at: datetime | None = None
) -> Added:
    """Tell how the morning after a session was; `told_at` is when by the phone's own clock."""
    return add_ticks(store, client_id, [Tick(id, rules.MORNING, 1, session, told_at or at, done=False, pain=pain)], at, today)


@only(Role.TRAINER, Role.CLIENT)
def skip_item(
    store: Store,
    client_id: int,
    key: str,
    reason: SkipReason,
    on: date | None,
    make_id: Callable[[], str],
    at: datetime,
    today: date,
    *,
    told_at: datetime | None = None,
) -> Added:
    """Leave out the sets of an item that are not done, for a reason; `told_at` is when by the phone's own clock."""
    day = _day(store, client_id, on, today)
    due = day.due
    one = None if due is None else next((one for one in due.items if one.item.key == key), None)
    if due is not None and one is None:
        raise Invalid(FieldError("item", "Choose what you leave out."))
    open_sets = [1] if one is None else [mark.number for mark in one.sets if not mark.done]
    ticks = [Tick(make_id(), key, number, day.on, told_at or at, done=False, skipped=reason) for number in open_sets]
    return add_ticks(store, client_id, ticks, at, today)


# --- weeks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DoneItem:
    """What was done of one item on one day; `pain` is the worst that was noted, `entered_by` who entered some of it for her."""

    item: str
    side: Side
    done_sets: int
    of_sets: int
    pain: int | None
    skipped: SkipReason | None = None
    load_kg: float | None = None
    entered_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PracticeDay:
    date: date
    items: tuple[DoneItem, ...]
    morning: int | None = None
    """The pain of the morning after, where it was told."""


@dataclass(frozen=True, slots=True)
class Practised:
    """What was practised over some days: the days on which something was entered, and days done of days planned, by item and by week."""

    first: date
    last: date
    days: tuple[PracticeDay, ...]
    adherence: tuple[ItemAdherence, ...]
    weeks: tuple[WeekAdherence, ...]
    formula: str = FORMULA


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
    entries = store.practice.log(client, first, last)
    figures = adherence_between(store, client, first, min(last, today))
    return Practised(first, last, _days(store, client, entries), figures.items, figures.weeks)


def _days(store: Store, client: Client, entries: Sequence[Entry]) -> tuple[PracticeDay, ...]:
    plans = {row.id: row for row in store.plans.listed(client)}
    sets = {
        (plan_id, item.key): item.dose.sets
        for plan_id in {entry.plan_id for entry in entries}
        for stage in parse_plan(store.plans.document(plans[plan_id])).stages
        for item in _items(stage)
    }
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.event.performed_on, []).append(entry)
    return tuple(_day_done(day, by_day[day], sets) for day in sorted(by_day))


def _day_done(day: date, entries: Sequence[Entry], sets: Mapping[tuple[int, str], int]) -> PracticeDay:
    holds = latest(entry.event for entry in entries)
    by_item: dict[str, list[Entry]] = {}
    for entry in entries:
        by_item.setdefault(entry.event.item, []).append(entry)
    morning = by_item.pop(rules.MORNING, None)
    found = []
    for key, lines in by_item.items():
        done = [event for (_, item, _), event in holds.items() if item == key]
        ticked = [event for event in done if event.done]
        found.append(
            DoneItem(
                item=key,
                side=lines[0].event.side,
                done_sets=len(ticked),
                of_sets=max(sets[lines[-1].plan_id, key], len(ticked)),
                pain=max((entry.event.pain for entry in lines if entry.event.pain is not None), default=None),
                skipped=next((event.skipped for event in done if event.skipped is not None), None),
                load_kg=max((event.load_kg for event in ticked if event.load_kg is not None), default=None),
                entered_by=tuple(sorted({entry.entered_by for entry in lines if entry.entered_by is not None})),
            )
        )
    return PracticeDay(day, tuple(found), None if morning is None else holds[day, rules.MORNING, 1].pain)
