"""A client's history as the rules read it: laid out day by day, and summed up so that a long one costs no more than a short one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from app import models
from app.models import Client
from app.rules import documents as rules
from app.rules.adherence import ItemAdherence, ItemWeek, Span, WeekAdherence, by_week, per_week, planned_on, totals
from app.rules.documents import MORNING, FormCheck, PracticeEvent, Screened, SignOff, Stopped
from app.rules.history import DayRecord, Late, Line, days, holding, late
from app.rules.loading import waits
from app.rules.progress import Progress, standing
from app.rules.track import RUNG_STAGES, Course, Track, course, due_rung, replay, start, state_of, walk
from app.rules.vocabulary import PREPARING, Stage, StageState
from app.store import Store
from app.store.accounts import actor_of
from app.store.plans import Listed, Published, Standing, Trainee
from app.store.practice import Entry
from app.store.progress import Summary

PLAN: TypeAdapter[rules.Plan] = TypeAdapter(rules.Plan)

_DAY: Final = timedelta(days=1)
_END: Final = datetime.max.replace(tzinfo=UTC)
_KEPT_OPEN: Final = timedelta(weeks=5)
"""How far back something may be entered before the summary has to be made anew."""
_LEFT_OPEN: Final = timedelta(weeks=9)
"""How far back the summary may lie before it is brought up to date."""
ASKED_FOR: Final = timedelta(days=3)
"""How long after a session a client is asked how the morning after was."""
EVEN_IF_STOPPED: Final = frozenset({"stop"})
"""Whoever is stopped now is refused before; of a day on which a stop began, what was done until then counts."""
_WEEKS_SHOWN: Final = 12
"""How many weeks can be looked at one by one."""

Who: TypeAlias = Client | Trainee


class Halt(StrEnum):
    """Why there is nothing to practise."""

    ARCHIVED = "archived"
    UNSCREENED = "unscreened"
    STOPPED = "stopped"
    CLEARED = "cleared"
    """A stop was answered, and the screen has still to be done."""


def halt_of(found: Standing) -> Halt | None:
    """What keeps a client from practising; None when she practises."""
    if found.client.archived_at is not None:
        return Halt.ARCHIVED
    if found.stop is not None:
        return Halt.STOPPED
    if found.screen_id is None:
        return Halt.UNSCREENED
    return None if found.plan is not None and found.plan.screen_id == found.screen_id else Halt.CLEARED


def halt_on(stops: Iterable[Stopped], made_on: date, day: date) -> Halt | None:
    """What kept a client from practising on a day under a plan made on `made_on`, of all that was answered since."""
    for stop in stops:
        if stop.closed_on is not None and stop.opened_on < day and made_on < stop.closed_on:
            return Halt.STOPPED if day < stop.closed_on else Halt.CLEARED
    return None


def load_plan(row: models.Plan | Published) -> rules.Plan:
    """The plan of a row; parsed once."""
    return parse_plan(row.document)


@lru_cache(maxsize=512)
def parse_plan(document: str) -> rules.Plan:
    """A plan's document, parsed once; kept by its very text, so that no two databases can be mixed up."""
    return PLAN.validate_json(document)


# --- the summary ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tally:
    """What was done of what was planned: of each item over all weeks, and of the newest weeks all items together."""

    items: tuple[ItemWeek, ...] = ()
    weeks: tuple[WeekAdherence, ...] = ()

    def and_then(self, more: Sequence[ItemWeek]) -> "_Tally":
        """With the weeks that follow, of which none is here yet."""
        sums = {one.item: one for one in self.items}
        for one in more:
            known = sums.get(one.item)
            sums[one.item] = one if known is None else _added(known, one)
        return _Tally(tuple(sums.values()), (*self.weeks, *per_week(more))[-_WEEKS_SHOWN:])

    def read(self) -> "Adherence":
        return Adherence(totals(self.items), tuple(reversed(self.weeks)))


def _added(one: ItemWeek, other: ItemWeek) -> ItemWeek:
    return replace(
        one,
        name=other.name,
        planned=one.planned + other.planned,
        done=one.done + other.done,
        partly=one.partly + other.partly,
        excused=one.excused + other.excused,
    )


@dataclass(frozen=True, slots=True)
class _Summed:
    """A history up to a day: the track of one plan, and what was done of what was planned up to a Sunday before.

    `chain` is the track that goes through all plans, each in its time, as it was known at the end of that Sunday: it says what was planned
    on which day. Where something about its days was told after that Sunday, it goes up to an earlier day `clear`, before all such.
    """

    plan_id: int
    until: date
    track: Track
    chain: Track
    tally: _Tally
    sessions: Mapping[Stage, int] = field(default_factory=dict)
    """On how many days under this plan each stage was practised, up to the same Sunday."""
    clear: date | None = None


@dataclass(frozen=True, slots=True)
class _Recent:
    """The same up to the day before the last one on which something was entered.

    `ticked` are days and items of the week that had begun by then, `untold` sessions just before whose morning after is not told of yet.
    `later` is what is known of the days after, practice itself left out: who looks at a day reads that from the log.
    """

    summed: _Summed
    ticked: tuple[tuple[date, str], ...]
    untold: tuple[date, ...]
    later: tuple[DayRecord, ...]


_SUMMED: TypeAdapter[_Summed] = TypeAdapter(_Summed)
_RECENT: TypeAdapter[_Recent] = TypeAdapter(_Recent)


@lru_cache(maxsize=512)
def _read_summed(document: str) -> _Summed | None:
    """What was summed up; None where another version wrote it in a shape of its own."""
    try:
        return _SUMMED.validate_json(document)
    except ValidationError:
        return None


@lru_cache(maxsize=512)
def _read_recent(document: str) -> _Recent | None:
    try:
        return _RECENT.validate_json(document)
    except ValidationError:
        return None


def _parts(summary: Summary | None) -> Iterator[_Summed]:
    """What of a summary can be read, the newest first."""
    if summary is not None:
        recent = _read_recent(summary.recent)
        if recent is not None:
            yield recent.summed
        summed = _read_summed(summary.document)
        if summed is not None:
            yield summed


def _recent(found: Standing, on: date) -> _Recent | None:
    """What was summed up of the plan in force before a day; None where there is nothing to go on from."""
    if found.plan is None or found.recent is None:
        return None
    recent = _read_recent(found.recent)
    return recent if recent is not None and recent.summed.plan_id == found.plan.id and recent.summed.until < on else None


def _last_sunday(on: date) -> date:
    """The last day of the newest week that is over by the end of a day."""
    return on - timedelta(days=(on.weekday() + 1) % 7)


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Log:
    """What was told of some days: what holds of each, and the lines themselves, with those that hold no longer."""

    days: tuple[DayRecord, ...]
    events: tuple[PracticeEvent, ...]
    checks: tuple[FormCheck, ...]
    screens: tuple[tuple[Screened, datetime, datetime | None], ...]
    stops: tuple[tuple[Stopped, date | None], ...]

    def until(self, last: date) -> "_Log":
        """Without the days after `last`, whenever it was that one was told of those before."""
        return replace(self, days=_until(self.days, last))

    def lines(self, store: Store) -> Iterator[Line]:
        """Whatever may be told late, or be taken back as a mistake, by the days of the studio."""

        def local(moment: datetime) -> date:
            return store.actor.local(moment).date()

        for event in self.events:
            yield Line(event.performed_on, local(event.received_at), event)
        for check in self.checks:
            yield Line(check.performed_on, local(check.received_at), check)
        for screen, finished_at, mended_at in self.screens:
            yield Line(screen.taken_on, local(finished_at), screen, local(mended_at) if mended_at is not None else None)
        for stop, mended_on in self.stops:
            yield Line(stop.opened_on, stop.opened_on, stop, mended_on)


def _read(store: Store, client: Who, first: date, last: date, *, sign_offs: Iterable[SignOff] | None = None) -> _Log:
    """What was told of the days from `first` to `last`; `sign_offs` are all, where they are read already."""
    events = tuple(entry.event for entry in store.practice.log(client, first, last))
    checks = store.progress.checks(client, first)
    screens = store.progress.screens_noted(client, first)
    stops = store.progress.stops_noted(client, store.actor.local)
    told = days(
        events,
        checks=checks,
        # One that is written later may overrule an earlier one of a later day.
        sign_offs=store.progress.sign_offs(client) if sign_offs is None else sign_offs,
        loads=store.progress.loads(client, first),
        screens=(screen for screen, _, mended_at in screens if mended_at is None),
        stops=(stop for stop, mended_on in stops if mended_on is None),
    )
    return _Log(tuple(day for day in told if first <= day.on <= last), events, checks, screens, stops)


def _with_practice(later: Iterable[DayRecord], events: Iterable[PracticeEvent], last: date) -> tuple[DayRecord, ...]:
    """Days with what was practised on them, up to the day `last`."""
    known = {day.on: day for day in later if day.on <= last}
    for day in days(events):
        if day.on <= last:
            known[day.on] = replace(known.get(day.on, day), items=day.items, morning=day.morning, morning_feel=day.morning_feel)
    return tuple(known[on] for on in sorted(known))


def first_unread(found: Standing, on: date) -> date:
    """The first day whose practice has to be read for a look at a day: that very one, or a few before it."""
    recent = _recent(found, on)
    return on if recent is None else recent.summed.until + _DAY


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was ticked before a day: items of its week by day, and of earlier weeks of the plan in force each stage's number of days."""

    items: tuple[tuple[date, str], ...]
    sessions: Mapping[Stage, int]


def ticked_under(store: Store, client: Who, made_on: date, on: date) -> Ticked:
    """What was ticked before a day since a plan was made, and on the days of the week before that: read from the log."""
    return Ticked(store.practice.ticked(client, min(made_on, on - timedelta(days=on.weekday())), on), {})


def ticked_before(store: Store, found: Standing, entries: Sequence[Entry], on: date) -> Ticked:
    """What was ticked before a day, `entries` being those since `first_unread`."""
    if found.plan is None:
        return Ticked((), {})
    recent = _recent(found, on)
    if recent is None:
        return ticked_under(store, found.client, found.plan.made_on, on)
    events = holding(((one.event.performed_on, one.event.item, one.event.set), one.event) for one in entries)
    new = {(day, item): None for (day, item, _), event in events.items() if event.done and day < on}
    return Ticked((*recent.ticked, *new), recent.summed.sessions)


def untold_morning(store: Store, found: Standing, entries: Sequence[Entry], on: date) -> date | None:
    """The last session of the few days before, if nobody has told yet how the morning after was; `entries` since `first_unread`."""
    recent = _recent(found, on)
    if recent is None:
        entries = store.practice.log(found.client, on - ASKED_FOR, on)
    known = days(entry.event for entry in entries if entry.event.performed_on < on)
    told = {day.on for day in known if day.morning is not None}
    sessions = {*(() if recent is None else recent.untold), *(day.on for day in known if _is_session(day))}
    last = max((day for day in sessions if on - day <= ASKED_FOR), default=None)
    return None if last in told else last


def progress_today(store: Store, found: Standing, entries: Sequence[Entry], on: date) -> Progress | None:
    """Where a client stands on the studio's today, by the practice of the days since `first_unread`; None without a plan.

    Where nothing but ticks has come since the summary was made, this is what it was before them: the same sets are due.
    """
    if found.plan is None:
        return None
    recent = _recent(found, on)
    if recent is None or found.recent is None:
        return progress_on(store, found.client, found.plan, on)
    events = [entry.event for entry in entries]
    if all(_is_plain(event, on) for event in events) and not any(day.on == on and day.checks for day in recent.later):
        return _ready(found.recent, found.plan.document, on)
    track = replay(_with_practice(recent.later, events, on), recent.summed.track)
    return standing(track, load_plan(found.plan), on)


def progress_before(found: Standing, on: date) -> Progress | None:
    """Where a client stood in the morning of the studio's today, without that day's practice; None where the log has to be read."""
    recent = _recent(found, on)
    if recent is None or found.plan is None or found.recent is None or recent.summed.until < on - _DAY:
        return None
    return None if any(day.on == on and day.checks for day in recent.later) else _ready(found.recent, found.plan.document, on)


def progress_now(store: Store, found: Standing, on: date) -> Progress | None:
    """Where a client stands on the studio's today, in full; None without a plan."""
    if found.plan is None:
        return None
    recent = _recent(found, on)
    if recent is None:
        return progress_on(store, found.client, found.plan, on)
    events = [entry.event for entry in store.practice.log(found.client, recent.summed.until + _DAY, on)]
    return standing(replay(_with_practice(recent.later, events, on), recent.summed.track), load_plan(found.plan), on)


def progress_of_many(store: Store, clients: Iterable[Client], on: date) -> Mapping[int, Progress]:
    """Where each client stands today, in a constant number of statements; those without a plan or a summary are left out."""
    found = {
        client_id: (row, recent)
        for client_id, (row, document) in store.plans.newest_of([client.id for client in clients]).items()
        if document is not None
        and (recent := _read_recent(document)) is not None
        and recent.summed.plan_id == row.id
        and recent.summed.until < on
    }
    logs = store.practice.logs({client_id: recent.summed.until + _DAY for client_id, (_, recent) in found.items()}, on)
    stands: dict[int, Progress] = {}
    for client_id, (row, recent) in found.items():
        stands[client_id] = standing(
            replay(_with_practice(recent.later, logs.get(client_id, ()), on), recent.summed.track), load_plan(row), on
        )
    return stands


def _is_plain(event: PracticeEvent, on: date) -> bool:
    return event.performed_on == on and event.pain is None and event.feel is None and event.item != MORNING


@lru_cache(maxsize=512)
def _ready(recent: str, document: str, on: date) -> Progress:
    """Made once for a day, since a client looks at it again and again."""
    known = _read_recent(recent)
    if known is None:
        raise ValueError("this summary can't be read")
    return standing(replay((day for day in known.later if day.on <= on), known.summed.track), parse_plan(document), on)


def progress_on(
    store: Store,
    client: Who,
    row: models.Plan | Published,
    on: date,
    *,
    is_superseded: bool = False,
    is_unseen: bool = False,
    without: frozenset[str] = frozenset(),
) -> Progress:
    """Where a client stood in a plan at the end of a day.

    `is_unseen` leaves out what was done, seen and signed on that very day: that is how she stood in its morning.

    When a plan `is_superseded`, screens after its own, and a stop on its last day, are the next one's. `without` leaves rules out.
    """
    summed = _of_plan(store.progress.summary(client), row, on)
    track = start(load_plan(row), _Plans.of(store, client).began) if summed is None else summed.track
    first = date.min if summed is None else summed.until + _DAY
    known = _read(store, client, first, on).days
    if is_superseded:
        known = tuple(_before_the_next(day, row.screen_id, on) for day in known)
    if is_unseen:
        known = tuple(_morning_of(day) if day.on == on else day for day in known)
    return standing(replay(known, track), load_plan(row), on, without=without)


def _morning_of(day: DayRecord) -> DayRecord:
    return DayRecord(day.on, screens=day.screens, opened=day.opened, closed=day.closed)


class DayByDay:
    """Where a client stands under one plan on days that come in order, from `first` on; her log is read and walked once for all.

    What is added on the way counts from the day after its own.
    """

    def __init__(self, store: Store, client: Who, row: models.Plan | Published, first: date, last: date, without: frozenset[str]) -> None:
        summed = _of_plan(store.progress.summary(client), row, first)
        self._plan, self._without = load_plan(row), without
        self._track = start(self._plan, _Plans.of(store, client).began) if summed is None else summed.track
        log = _read(store, client, date.min if summed is None else summed.until + _DAY, last)
        self._ahead = {day.on: day for day in log.days}
        self._events: dict[date, list[PracticeEvent]] = {}
        for event in log.events:
            self._events.setdefault(event.performed_on, []).append(event)
        self._added: set[date] = set()

    def add(self, event: PracticeEvent) -> None:
        """An event on its way into the log."""
        self._events.setdefault(event.performed_on, []).append(event)
        self._added.add(event.performed_on)

    def told_of(self, day: date) -> Sequence[PracticeEvent]:
        """What was told of a day, what is on its way into the log among it."""
        return self._events.get(day, [])

    def on(self, day: date, *, loads_until: datetime = _END) -> Progress:
        """Where she stood at the end of a day, by what was told of it before; loads confirmed after a moment are left out."""
        told = self._ahead.get(day, DayRecord(day))
        return self._stood(day, replace(told, loads=tuple(one for one in told.loads if one.at <= loads_until)))

    def in_the_morning(self, day: date) -> Progress:
        """The same without what was done, seen and signed on the day."""
        return self._stood(day, _morning_of(self._ahead.get(day, DayRecord(day))))

    def _stood(self, on: date, day: DayRecord) -> Progress:
        for before in sorted(one for one in {*self._ahead, *self._added} if one < on):
            told = {before: self._ahead.pop(before)} if before in self._ahead else {}
            if before in self._added:
                self._added.discard(before)
                told = {one.on: one for one in _with_practice(told.values(), self._events[before], before)}
            self._track = replay(told.values(), self._track)
        return standing(walk(self._track, day), self._plan, on, without=self._without)


def _before_the_next(day: DayRecord, screen_id: int, last: date) -> DayRecord:
    screens = tuple(one for one in day.screens if one.id <= screen_id)
    return replace(day, screens=screens, opened=() if day.on == last else day.opened)


def _of_plan(summary: Summary | None, row: models.Plan | Published, on: date) -> _Summed | None:
    """The newest part of a summary that lies before a day."""
    return next((summed for summed in _parts(summary) if summed.plan_id == row.id and summed.until < on), None)


def as_she_reads(store: Store, progress: Progress) -> Progress:
    """Progress as whoever looks may read it: a client reads nothing that her trainer wrote for herself."""
    if store.actor.client_id is None:
        return progress
    return replace(progress, notes=(), stages=tuple(replace(stage, note="") for stage in progress.stages))


@dataclass(frozen=True, slots=True)
class Lived:
    """A client's history so far: where it has led, and what was done of what was planned."""

    progress: Progress
    adherence: "Adherence"
    sign_offs: tuple[SignOff, ...]


def lived(store: Store, found: Standing, on: date) -> Lived:
    """A client's whole history up to the studio's today; however long it is, as many questions are asked."""
    if found.plan is None:
        raise ValueError("without a plan there is no progress")
    plan, recent = load_plan(found.plan), _recent(found, on)
    first = date.min if recent is None else _clear_of(recent.summed) + _DAY
    sign_offs = store.progress.sign_offs(found.client)
    log = _read(store, found.client, first, on, sign_offs=sign_offs)
    plans = _Plans.of(store, found.client)
    if recent is None:
        track = replay(log.days, start(plan, plans.began))
    else:
        track = replay(_after(log.days, recent.summed.until), recent.summed.track)
    figures = _tallied(plans, None if recent is None else recent.summed, log, on)[1].read()
    return Lived(standing(track, plan, on), figures, sign_offs)


# --- what was done of what was planned ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plans:
    """A client's plans that were in force for a day at least, oldest first; of two made on one day the later one has it."""

    store: Store
    client: Who
    rows: tuple[Listed, ...]
    loaded: dict[int, rules.Plan] = field(default_factory=dict)

    @staticmethod
    def of(store: Store, client: Who) -> "_Plans":
        rows = store.plans.listed(client)
        untils = (*(row.made_on for row in rows[1:]), date.max)
        return _Plans(store, client, tuple(row for row, until in zip(rows, untils, strict=False) if until > row.made_on))

    @property
    def began(self) -> date:
        return self.rows[0].made_on

    def on(self, day: date) -> Listed | None:
        return next((row for row in reversed(self.rows) if row.made_on <= day), None)

    def load(self, row: Listed) -> rules.Plan:
        if row.id not in self.loaded:
            self.loaded[row.id] = parse_plan(self.store.plans.document(row))
        return self.loaded[row.id]

    def first_track(self) -> Track:
        return start(self.load(self.rows[0]), self.began)


@dataclass(frozen=True, slots=True)
class Adherence:
    """What was done of what was planned: by item, and the newest weeks, newest first."""

    items: tuple[ItemAdherence, ...]
    weeks: tuple[WeekAdherence, ...]


def adherence_between(store: Store, client: Who, first: date, last: date) -> Adherence:
    """What was done of what was planned from `first` to `last`, against the plan in force on each day."""
    return _Tally().and_then(weeks_between(store, client, first, last)).read()


def weeks_between(store: Store, client: Who, first: date, last: date) -> tuple[ItemWeek, ...]:
    """The same by item and week. What was planned for a day that is over never changes, whatever is told late."""
    spans, log = _planned(store, client, first, last)
    return by_week(spans, log)


def planned_between(store: Store, client: Who, first: date, last: date) -> Mapping[date, frozenset[str]]:
    """Which items were due on each of these days by what was known in its morning."""
    spans, _ = _planned(store, client, first, last)
    return {
        on: planned_on(span, on)
        for span in spans
        for on in (span.first + timedelta(days=number) for number in range((span.last - span.first).days + 1))
    }


def _planned(store: Store, client: Who, first: date, last: date) -> tuple[tuple[Span, ...], tuple[DayRecord, ...]]:
    """What was due from `first` to `last`, and what is known of these days."""
    plans = _Plans.of(store, client)
    if not plans.rows or last < plans.began:
        return (), ()
    first = max(first, plans.began)
    summed = next((one for one in _parts(store.progress.summary(client)) if _sunday_of(one) < first), None)
    since = date.min if summed is None else _clear_of(summed)
    log = _read(store, client, date.min if summed is None else since + _DAY, last)
    chain = plans.first_track() if summed is None else summed.chain
    return _spans(plans, chain, since, log, first, last).spans, log.days


def _sunday_of(summed: _Summed) -> date:
    return _last_sunday(summed.until)


def _clear_of(summed: _Summed) -> date:
    return summed.clear or _sunday_of(summed)


def _tallied(plans: _Plans, summed: _Summed | None, log: _Log, until: date) -> tuple["_Spans", _Tally]:
    """The chain and the tally carried on from a summary, or from the beginning, to `until`; `log` begins where the chain ends."""
    if summed is None:
        found = _spans(plans, plans.first_track(), date.min, log, plans.began, until)
        return found, _Tally().and_then(by_week(found.spans, log.days))
    first = max(_sunday_of(summed) + _DAY, plans.began)
    found = _spans(plans, summed.chain, _clear_of(summed), log, first, until)
    return found, summed.tally.and_then(by_week(found.spans, log.days))


@dataclass(frozen=True, slots=True)
class _Spans:
    """Stretches of days in which the same was due, and the chain up to the last day about which nothing was told after it."""

    spans: tuple[Span, ...]
    chain: Track
    clear: date


def _spans(plans: _Plans, chain: Track, since: date, log: _Log, first: date, last: date) -> _Spans:
    """What was due on each day from `first` to `last`; `chain` goes up to the day `since`, and `log` begins on the day after it.

    What is due on a day is what was known to be due in its morning: a sign-off opens a stage for the next day, and what is told late of a
    session changes what is due from the day after it was told. On the days before nobody knew.
    """
    told = late(line for line in log.lines(plans.store) if since < line.on <= last)
    known = {on: DayRecord(on) for on in told.lines} | {day.on: day for day in log.days if since < day.on <= last}
    walked = _Walked(plans, told, known, chain)
    if since < first - _DAY:
        walked.walk(since + _DAY, first - _DAY)
    ends = {*known, *told.back, *(row.made_on - _DAY for row in plans.rows)}
    spans: list[Span] = []
    begin = first
    for end in (*sorted(end for end in ends if first <= end < last), last):
        for span in walked.due(begin, end):
            if spans and replace(spans[-1], last=span.last) == replace(span, first=spans[-1].first):
                span = replace(spans.pop(), last=span.last)
            spans.append(span)
        walked.walk(min(told.back.get(end, end), end), end)
        begin = end + _DAY
    clear = told.clear(last)
    return _Spans(tuple(spans), walked.up_to(clear), clear)


class _Walked:
    """The chain through all plans, each in its time; it may go back to any day and walk on by what was told since."""

    def __init__(self, plans: _Plans, told: Late, known: Mapping[date, DayRecord], chain: Track) -> None:
        self.plans, self.told, self.known, self.chain = plans, told, known, chain
        self._days = sorted(known)
        self._before: dict[date, Track] = {}
        self._courses: dict[int, Course] = {}

    def walk(self, first: date, last: date) -> None:
        """Walk the days from `first` to `last` by what was known of them at the end of `last`."""
        days_there = self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]
        self.chain = next((self._before[on] for on in days_there[:1] if on in self._before), self.chain)
        for on in days_there:
            self._before[on] = self.chain
            day = self.told.as_of(self.known[on], last)
            if day != DayRecord(on):
                self.chain = walk(self._under(self.plans.on(on)), day)

    def up_to(self, on: date) -> Track:
        """The chain after the day `on`, as it is known now."""
        return next((self._before[day] for day in self._days if day > on and day in self._before), self.chain)

    def due(self, first: date, last: date) -> Iterator[Span]:
        """What was due from `first` to `last` under one plan, after the days walked; only a break from loads changes it in between."""
        row = self.plans.on(first)
        if row is None:
            return
        plan, chain = self.plans.load(row), self._under(row)
        every = (first + timedelta(days=number) for number in range((last - first).days + 1))
        for _, those in groupby(every, key=lambda on: (waits(chain.load, on), waits(chain.one_sided, on))):
            same = tuple(those)
            yield _span(chain, plan, row.made_on, same[0], same[-1])

    def _under(self, row: Listed | None) -> Track:
        if row is None:
            return self.chain
        if row.id not in self._courses:
            self._courses[row.id] = course(self.plans.load(row))
        return replace(self.chain, course=self._courses[row.id])


def _span(track: Track, plan: rules.Plan, made_on: date, first: date, last: date) -> Span:
    # What is told late of an earlier day stops from the day on which it was told.
    track = replace(track, pain=replace(track.pain, stops=()))
    if any(made_on < answered for _, answered in track.stop_spans):
        # The answer waits for its screen: until there is another plan nothing is due.
        return Span(plan, made_on, first, last, dict.fromkeys(Stage, StageState.LOCKED))
    states = {stage: state_of(track, stage) for stage in Stage}
    rungs: dict[Stage, str] = {}
    for stage in RUNG_STAGES:
        if states[stage] is StageState.OPEN or (stage is Stage.RDL and states[stage] is StageState.PASSED):
            rung = due_rung(track, stage, first)
            rungs[stage] = "" if rung is None else rung.exercise
    is_kept_up = any(states[stage] is StageState.PASSED for stage in PREPARING)
    return Span(plan, made_on, first, last, states, rungs, standing(track, plan, first).upkeep if is_kept_up else ())


# --- writing the summary --------------------------------------------------------------------------------------------


def recount(store: Store, client: Who, today: date) -> None:
    """Make the summary of a client who is held anew from the log; one who has no plan has none."""
    found = store.plans.standing(client.id)
    if found.plan is None:
        store.progress.forget(client)
        return
    plans = _Plans.of(store, client)
    log = _read(store, client, date.min, today)
    until = _last_sunday(today) - _KEPT_OPEN
    plan = load_plan(found.plan)
    old = log.until(until)
    found_until, counted = _tallied(plans, None, old, until)
    summed = _Summed(found.plan.id, until, replay(old.days, start(plan, plans.began)), found_until.chain, counted, {}, found_until.clear)
    _keep(store, client, replace(summed, sessions=_sessions(summed, plans, old.days)), log, plans, today)


def recount_all(store: Store, at: datetime) -> int:
    """Make the summaries of all clients of all studios anew; returns how many clients there are."""
    studios = {studio.id: studio for studio in store.accounts.studios()}
    clients = store.clients.everybody()
    for client in clients:
        store.clients.hold(client)
        actor = actor_of(store.accounts.user(client.user_id), studios[client.studio_id], client)
        recount(replace(store, who=actor), client, actor.local(at).date())
    return len(clients)


def _until(known: Iterable[DayRecord], until: date) -> tuple[DayRecord, ...]:
    return tuple(day for day in known if day.on <= until)


def _after(known: Iterable[DayRecord], until: date) -> tuple[DayRecord, ...]:
    return tuple(day for day in known if day.on > until)


def _keep(store: Store, client: Who, summed: _Summed, log: _Log, plans: _Plans, today: date) -> None:
    """Keep a summary up to a Sunday, and what follows from it up to yesterday; `log` begins at the latest where its chain ends."""
    summary = Summary(
        summed.until,
        _SUMMED.dump_json(summed, exclude_defaults=True).decode(),
        store.progress.log_mark(client, summed.until),
        _RECENT.dump_json(_up_to_yesterday(summed, log, plans, today), exclude_defaults=True).decode(),
    )
    store.progress.keep(client, summary)


def _up_to_yesterday(summed: _Summed, log: _Log, plans: _Plans, today: date) -> _Recent:
    until, known = max(today - _DAY, summed.until), log.days
    sunday = _last_sunday(until)
    carried, counted = _tallied(plans, summed, log.until(sunday), sunday)
    new = _after(_until(known, sunday), _sunday_of(summed))
    track = replay(_after(_until(known, until), summed.until), summed.track)
    later = tuple(replace(day, items=(), morning=None, morning_feel=None) for day in _after(known, until))
    return _Recent(
        _Summed(summed.plan_id, until, track, carried.chain, counted, _sessions(summed, plans, new), carried.clear),
        tuple((day.on, item.key) for day in _until(_after(known, sunday), until) for item in day.items if item.done),
        tuple(day.on for day in _until(_after(known, today - ASKED_FOR), until) if day.morning is None and _is_session(day)),
        tuple(day for day in later if day != DayRecord(day.on)),
    )


def _is_session(day: DayRecord) -> bool:
    return any(item.done for item in day.items)


def _sessions(summed: _Summed, plans: _Plans, known: Iterable[DayRecord]) -> Mapping[Stage, int]:
    """On how many days under the plan in force each stage was practised; `known` are the days to add."""
    found = dict(summed.sessions)
    for day in known:
        if day.on >= plans.rows[-1].made_on:
            for stage in {item.stage for item in day.items if item.done}:
                found[stage] = found.get(stage, 0) + 1
    return found


def is_summed_up(found: Standing, first: date, today: date) -> bool:
    """Whether ticks of the day `first`, or of later ones, leave the summary as true as it was, and as near."""
    recent = _recent(found, first)
    return recent is not None and recent.summed.until >= today - _DAY


def entered(store: Store, client: Who, first: date, today: date, *, only_ticks: bool) -> None:
    """Keep the summary of a client who is held true after something was entered for the day `first`, or a later one."""
    found, summary = store.plans.standing(client.id), store.progress.summary(client)
    if found.plan is None:
        return
    summed = None if summary is None else _read_summed(summary.document)
    recent = None if summary is None else _read_recent(summary.recent)
    if summary is None or summed is None or recent is None or summed.plan_id != found.plan.id or first <= summed.until:
        recount(store, client, today)
        return
    if only_ticks and is_summed_up(found, first, today):
        return
    if not only_ticks and store.progress.log_mark(client, summed.until) != summary.log_mark:
        recount(store, client, today)
        return
    plans = _Plans.of(store, client)
    if summed.until < _last_sunday(today) - _LEFT_OPEN:
        summed = _moved_on(store, client, summed, plans, _last_sunday(today) - _KEPT_OPEN)
    elif first > recent.summed.until:
        log = _read(store, client, _clear_of(recent.summed) + _DAY, today)
        text = _RECENT.dump_json(_up_to_yesterday(recent.summed, log, plans, today), exclude_defaults=True).decode()
        store.progress.keep(client, summary._replace(recent=text))
        return
    _keep(store, client, summed, _read(store, client, _clear_of(summed) + _DAY, today), plans, today)


def _moved_on(store: Store, client: Who, summed: _Summed, plans: _Plans, until: date) -> _Summed:
    log = _read(store, client, _clear_of(summed) + _DAY, until)
    carried, counted = _tallied(plans, summed, log, until)
    new = _after(log.days, summed.until)
    track = replay(new, summed.track)
    return _Summed(summed.plan_id, until, track, carried.chain, counted, _sessions(summed, plans, new), carried.clear)
