"""Progress: where a client stands and why, what a trainer sees and signs, the loads that she confirms, and the stops that wait."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import isfinite

from app import models
from app.errors import Conflict, FieldError, Invalid, Missing, NotFound
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.adherence import FORMULA, ItemAdherence, WeekAdherence
from app.rules.battery import number
from app.rules.documents import FormCheck, LoadSet, SeenValue, SignOff, StagePlan, Stopped
from app.rules.history import PAIN_KEPT, GateKey, SeenKey, gate_keys, passes, seen_keys
from app.rules.history import days as days_told
from app.rules.loading import may_confirm
from app.rules.progress import LEAST_REASON, STAGE_LABELS, Progress, can_sign, due_tests, goal_is_reached
from app.rules.refusal import Refusal, refusal
from app.rules.rescreen import EVENTS, ROUTINE_DAYS, SOONEST_DAYS, Due, away_on, due, is_for_pain
from app.rules.track import course
from app.rules.vocabulary import Level, Side, Stage, StageState
from app.services import history, only
from app.services.clients import check_open, get_client
from app.services.history import Halt, halt_of, load_plan
from app.services.library import read
from app.services.plans import REASONS, ReferralView, view_referral
from app.store import Store
from app.store.plans import Published, Standing

MOST_LINES = 30
"""How many of the newest checks and loads are shown."""
MOST_REPS = 100
LONGEST_TEXT = 4000


# --- what a trainer can note ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckForm:
    """What can be noted of one exercise on one side; without an exercise it is the whole stage that was looked at."""

    stage: Stage
    exercise: str
    name: str
    side: Side
    gate: tuple[GateKey, ...]
    seen: tuple[SeenKey, ...]
    reps: bool


def check_forms(plan: rules.Plan, progress: Progress) -> tuple[CheckForm, ...]:
    """What can be noted now: exercises of the stages that are open or passed, those that are locked left out."""
    places = {slug for slugs in course(plan).places.values() for slug in slugs}
    found: list[CheckForm] = []
    for stage in plan.stages:
        if progress.of(stage.stage).state in (StageState.LOCKED, StageState.NOT_INDICATED):
            continue
        if not gate_keys(stage.stage, Side.BOTH):
            if seen_keys(stage.stage):
                found.append(CheckForm(stage.stage, "", STAGE_LABELS[stage.stage], Side.BOTH, (), seen_keys(stage.stage), reps=False))
            continue
        for item in _unique(stage):
            counts = stage.stage is not Stage.STRENGTHENING or item.exercise in places
            if counts and refusal(progress, stage, item.exercise, loaded=item.loaded) is None:
                gate = gate_keys(stage.stage, item.side)
                found.append(CheckForm(stage.stage, item.exercise, item.name, item.side, gate, seen_keys(stage.stage), reps=True))
    return tuple(found)


def form_meant(view: "ProgressView", stage: Stage, side: Side, exercise: str | None) -> CheckForm | None:
    """The one thing that can be meant where an exercise or a side is left open; None where nothing of the kind can be noted.

    Of exercises that open one at a time it is the one to practise. Raises Invalid where more than one is left.
    """
    forms = [one for one in view.forms if one.stage is stage and exercise in (None, one.exercise) and side in (Side.BOTH, one.side)]
    if exercise is None and view.progress is not None and len(forms) > 1:
        forms = [one for one in forms if one.exercise == view.progress.rung_due(stage)] or forms
    if len(forms) > 1:
        raise Invalid(FieldError("exercise", "Say which exercise; of one for each side note each side first."))
    return forms[0] if forms else None


def _unique(stage: StagePlan) -> Iterable[rules.Item]:
    """Every item of a stage once, what takes an item's place in time among them."""
    return {item.key: item for one in stage.items for item in (one, one.later) if item is not None}.values()


# --- looking --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignOffLine:
    """One line of the sign-offs; `taken_back` ones take an earlier one back, `holds` says that it counts now."""

    id: str
    stage: Stage
    side: Side
    on: date
    at: datetime
    by: str
    note: str
    override_reason: str | None
    words: tuple[str, ...]
    goal_load_kg: float | None
    evidence: tuple[str, ...]
    taken_back: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    """What a trainer saw once; `taken_back` when it was, `holds` when it is the one that counts for its day.

    `hurt` says that the client told of more pain with it than the gate allows: then the gate's point on pain is not kept.
    """

    id: str
    stage: Stage
    exercise: str
    side: Side
    on: date
    at: datetime
    by: str
    passed: bool
    gate: Mapping[str, bool]
    seen: Mapping[str, SeenValue]
    reps: int | None
    last_reps: int | None
    note: str
    taken_back: bool
    holds: bool
    hurt: bool = False


@dataclass(frozen=True, slots=True)
class LoadLine:
    """A load that was confirmed."""

    id: str
    exercise: str
    load_kg: float
    on: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """Something that happened to a client, and when and by whom it was noted."""

    id: int
    words: str
    on: date
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Where a client stands, with everything that it rests on. `halt` says why she does not practise now; then `row` is on hold."""

    client: Client
    today: date
    halt: Halt | None
    row: Published | None
    plan: rules.Plan | None
    progress: Progress | None
    referral: ReferralView | None
    sign_offs: tuple[SignOffLine, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    loads: tuple[LoadLine, ...] = ()
    weeks: tuple[WeekAdherence, ...] = ()
    items: tuple[ItemAdherence, ...] = ()
    formula: str = FORMULA
    due: tuple[Due, ...] = ()
    events: tuple[EventLine, ...] = ()
    """What happened to her, the newest first; her trainer's own list."""
    names: Mapping[str, str] = field(default_factory=dict)
    """By slug, as in the plan; of exercises that it no longer holds, as in the library."""
    forms: tuple[CheckForm, ...] = ()


@only(Role.TRAINER, Role.CLIENT)
def progress_of(store: Store, client_id: int, today: date) -> ProgressView:
    """Where a client stands; she herself reads it without what her trainer wrote for herself."""
    client = get_client(store, client_id)
    found = store.plans.standing(client.id)
    waiting = store.referrals.waiting(client) if found.stop is not None else None
    referral = None if waiting is None else view_referral(store, waiting)
    is_hers = store.actor.client_id is not None
    events = () if is_hers else _event_lines(store, client)
    if found.plan is None:
        return ProgressView(client, today, halt_of(found), None, None, None, referral, events=events)
    lived, halt = history.lived(store, found, today), halt_of(found)
    plan, stands = load_plan(found.plan), history.as_she_reads(store, lived.progress)
    return ProgressView(
        client=client,
        today=today,
        halt=halt,
        row=found.plan,
        plan=plan,
        progress=stands.until_screened() if halt is Halt.CLEARED else stands,
        referral=referral,
        sign_offs=_sign_off_lines(lived.sign_offs, is_hers=is_hers),
        checks=_check_lines(store, client, is_hers=is_hers),
        loads=tuple(
            LoadLine(one.id, one.exercise, one.load_kg, one.set_on, one.by, one.reason)
            for one in store.progress.newest_loads(client, MOST_LINES)
        ),
        weeks=lived.adherence.weeks,
        items=lived.adherence.items,
        due=_due(store, client, lived, today),
        events=events,
        names=_names(store, plan, {one.item.split("/")[1] for one in lived.adherence.items}),
        forms=() if is_hers else check_forms(plan, lived.progress),
    )


@only(Role.TRAINER, Role.CLIENT)
def due_screens(store: Store, client: Client, today: date) -> tuple[Due, ...]:
    """When a client's next screens are due, and why."""
    found = store.plans.standing(client.id)
    return () if found.plan is None else _due(store, client, history.lived(store, found, today), today)


def _sign_off_lines(lines: Iterable[SignOff], *, is_hers: bool) -> tuple[SignOffLine, ...]:
    holding = set[str]()
    taken: set[tuple[Stage, Side]] = set()
    newest = sorted(lines, key=lambda one: (one.at, one.received_at, one.id), reverse=True)
    for one in newest:
        legs = {(one.stage, leg) for leg in _legs(one)}
        if legs - taken and not one.taken_back:
            holding.add(one.id)
        taken |= legs
    return tuple(
        SignOffLine(
            id=one.id,
            stage=one.stage,
            side=one.side,
            on=one.signed_on,
            at=one.at,
            by=one.by,
            note="" if is_hers else one.note,
            override_reason=one.override_reason,
            words=one.words,
            goal_load_kg=one.goal_load_kg,
            evidence=one.evidence,
            taken_back=one.taken_back,
            holds=one.id in holding,
        )
        for one in newest
    )


def _legs(one: SignOff) -> tuple[Side, ...]:
    return (Side.LEFT, Side.RIGHT) if one.stage is Stage.SINGLE_LEG and one.side is Side.BOTH else (one.side,)


def _check_lines(store: Store, client: Client, *, is_hers: bool) -> tuple[CheckLine, ...]:
    lines = store.progress.newest_checks(client, MOST_LINES)
    told = {day.on: day for day in days_told(store.practice.hurting(client, {one.performed_on for one in lines}, over=PAIN_KEPT))}
    newest = sorted(lines, key=lambda one: (one.performed_on, one.at, one.received_at, one.id), reverse=True)
    found: list[CheckLine] = []
    later: dict[tuple[date, str, Side], FormCheck] = {}
    for one in newest:
        key = (one.performed_on, one.exercise, one.side)
        over = later.get(key)
        later.setdefault(key, one)
        if one.taken_back:
            later[key] = one
            continue
        hurt = "pain" in one.gate and one.performed_on in told and told[one.performed_on].hurt_of(one)
        found.append(
            CheckLine(
                id=one.id,
                stage=one.stage,
                exercise=one.exercise,
                side=one.side,
                on=one.performed_on,
                at=one.at,
                by=one.by,
                passed=passes(one) and not hurt,
                gate={**one.gate, "pain": False} if hurt else one.gate,
                seen=one.seen,
                reps=one.reps,
                last_reps=one.last_reps,
                note="" if is_hers else one.note,
                taken_back=over is not None and over.taken_back,
                holds=over is None,
                hurt=hurt,
            )
        )
    return tuple(found)


def _names(store: Store, plan: rules.Plan, kept: set[str]) -> Mapping[str, str]:
    """What exercises are called, by slug: as in the plan, and what was `kept` up of earlier ones as in the library."""
    own = {item.exercise: item.name for stage in plan.stages for item in _unique(stage)}
    return {slug: read(document).name for slug, document in store.library.titles(sorted(kept - own.keys()))} | own


def _due(store: Store, client: Client, lived: history.Lived, today: date) -> tuple[Due, ...]:
    pain = store.referrals.all(client)
    closed = tuple(
        Stopped(store.actor.local(one.opened_at).date(), store.actor.local(one.logged_at).date(), one.source == "practice")
        for one in pain
        if one.logged_at is not None and one.state == "cleared" and is_for_pain(it.rule for it in REASONS.validate_json(one.reasons))
    )
    return due(
        lived.progress.screened_on,
        today,
        missing=due_tests(lived.progress),
        exits=lived.progress.exits,
        pain_stops=closed,
        practised_on=lived.progress.practised_on,
        away_on=lived.progress.away_on,
        events=[(one.happened_on, EVENTS[one.kind]) for one, _ in store.clients.events(client)],
    )


def _event_lines(store: Store, client: Client) -> tuple[EventLine, ...]:
    return tuple(
        EventLine(one.id, EVENTS[one.kind], one.happened_on, one.at, by, one.note) for one, by in store.clients.events(client)[:MOST_LINES]
    )


# --- the stops that wait --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """A client who waits for a professional's answer, and the most pressing reason."""

    client_id: int
    name: str
    referral_id: int
    level: Level
    on: date
    from_practice: bool
    text: str


@only(Role.TRAINER)
def waiting_stops(store: Store) -> tuple[StopWaiting, ...]:
    """The trainer's own clients who wait for an answer: emergencies first, then the newest stop first."""
    found = []
    for client, row in store.referrals.all_waiting():
        reason = min(REASONS.validate_json(row.reasons), key=lambda one: list(Level).index(one.level))
        on = store.actor.local(row.opened_at).date()
        found.append(StopWaiting(client.id, client.name, row.id, reason.level, on, row.source == "practice", reason.text))
    return tuple(sorted(found, key=lambda one: one.level is not Level.EMERGENCY))


@dataclass(frozen=True, slots=True)
class Attention:
    """What asks for a trainer: stages that may be signed, and screens that are due, with tests that are all that a stage still lacks."""

    ready: tuple[Stage, ...]
    due: tuple[Due, ...]


@only(Role.TRAINER)
def roster(store: Store, clients: Sequence[Client], today: date) -> Mapping[int, Attention]:
    """For each client in practice what asks for her trainer, in a constant number of statements."""
    stands = history.progress_of_many(store, clients, today)
    since = _since_screens(store, list(stands))
    return {
        client_id: Attention(
            ready=tuple(one.stage for one in progress.stages if _is_ready(progress, one.stage)),
            due=tuple(
                one
                for one in due(
                    progress.screened_on,
                    today,
                    missing=due_tests(progress),
                    exits=progress.exits,
                    pain_stops=since[client_id].stops if client_id in since else (),
                    practised_on=progress.practised_on,
                    away_on=progress.away_on,
                    events=since[client_id].events if client_id in since else (),
                )
                if one.by(today)
            ),
        )
        for client_id, progress in stands.items()
        if not progress.is_stopped
    }


@dataclass(slots=True)
class _Since:
    """What asks for another screen of a client since her newest one."""

    name: str
    screened_on: date
    events: list[tuple[date, str]] = field(default_factory=list)
    stops: list[Stopped] = field(default_factory=list)


def _since_screens(store: Store, client_ids: Sequence[int] | None = None) -> dict[int, _Since]:
    """What happened to each of these clients, or of all in practice, and the stops for pain that were answered; others are left out."""
    found: dict[int, _Since] = {}
    for client_id, name, screened_on, on, kind in store.clients.events_since_screens(client_ids):
        found.setdefault(client_id, _Since(name, screened_on)).events.append((on, EVENTS[kind]))
    for client_id, name, screened_on, opened_at, logged_at, reasons in store.clients.stops_since_screens(client_ids):
        if is_for_pain(it.rule for it in REASONS.validate_json(reasons)):
            stop = Stopped(store.actor.local(opened_at).date(), store.actor.local(logged_at).date())
            found.setdefault(client_id, _Since(name, screened_on)).stops.append(stop)
    return found


@dataclass(frozen=True, slots=True)
class ToScreen:
    """Clients of whom another screen is due, the longest first: id, name and since when; and how many there are."""

    clients: tuple[tuple[int, str, date], ...]
    total: int


@only(Role.TRAINER)
def to_screen_again(store: Store, today: date, limit: int) -> ToScreen:
    """Who in practice is to be screened again by now, for whatever reason can be told without her whole history."""
    found = _since_screens(store)
    practised: dict[int, date | None] = {}
    for client_id, name, screened_on, newest in store.clients.screened_until(today - timedelta(days=SOONEST_DAYS)):
        found.setdefault(client_id, _Since(name, screened_on))
        practised[client_id] = newest
    routine = today - timedelta(days=ROUTINE_DAYS)
    days = store.clients.practised_since([client_id for client_id in practised if found[client_id].screened_on > routine], routine)
    lines = []
    for client_id, one in found.items():
        newest, screened_on = practised.get(client_id, today), one.screened_on
        away = away_on(screened_on, (on for on in days.get(client_id, ()) if on > screened_on))
        first, *_ = due(screened_on, today, pain_stops=one.stops, practised_on=newest, away_on=away, events=one.events)
        if first.by(today):
            lines.append((first.on, one.name.casefold(), client_id, one.name))
    return ToScreen(tuple((client_id, name, on) for on, _, client_id, name in sorted(lines)[:limit]), len(lines))


def _is_ready(progress: Progress, stage: Stage) -> bool:
    one = progress.of(stage)
    if one.state is StageState.OPEN:
        return not can_sign(progress, stage)
    legs = (Side.LEFT, Side.RIGHT) if stage is Stage.SINGLE_LEG and one.state is StageState.OPTIONAL else ()
    return any(leg not in one.legs and not can_sign(progress, stage, leg) for leg in legs)


# --- what a trainer sees --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckFields:
    """What a trainer saw of one exercise in one session. `stage` is worked out of the exercise where there is one."""

    id: str
    exercise: str
    side: Side
    performed_on: date
    gate: Mapping[str, bool]
    seen: Mapping[str, SeenValue] = field(default_factory=dict)
    reps: int | None = None
    last_reps: int | None = None
    note: str = ""
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """A client who is held for writing, with her plan in force."""

    client: Client
    found: Standing
    row: Published


def _alone(store: Store, client_id: int) -> Client:
    """A client whom nobody else changes now."""
    client = get_client(store, client_id)
    store.clients.hold(client)
    return client


def _hold(store: Store, client: Client, *, takes_back: bool = False) -> _Held:
    """A client with the plan that something is noted of; raises Conflict where nothing can be noted.

    What was noted by mistake may be taken back also while practice is on hold.
    """
    check_open(client)
    found = store.plans.standing(client.id)
    halt = halt_of(found)
    if found.plan is None or halt is Halt.UNSCREENED:
        raise Conflict("There is no plan yet. Screen first.")
    if halt is not None and not takes_back:
        raise _halted(halt)
    return _Held(client, found, found.plan)


def _halted(halt: Halt) -> Conflict:
    if halt is not Halt.STOPPED:
        return Conflict("The screen has still to be done before anything else.", (Missing("screen", "A complete screen."),))
    return Conflict("Practice has stopped until a professional has answered.", (Missing("stop", "A professional's answer comes first."),))


@only(Role.TRAINER)
def note_check(store: Store, client_id: int, fields: CheckFields, at: datetime, today: date) -> FormCheck:
    """Note what was seen in a session; the same id twice is one check."""
    client = _alone(store, client_id)
    known = _known(store.progress.checks(client), fields.id)
    if known is not None:
        return known
    held = _hold(store, client)
    check = _check(store, held, fields, at, today)
    _add_check(store, held, check, at, today)
    return check


def _known(lines: Iterable[FormCheck], id: str) -> FormCheck | None:
    return next((one for one in lines if one.id == id), None)


def _add_check(store: Store, held: _Held, check: FormCheck, at: datetime, today: date) -> None:
    store.progress.add_checks(held.client, held.row.id, store.actor.user_id, [check])
    store.audit.note(at, "took back a check of" if check.taken_back else "checked", "client", held.client.id)
    history.entered(store, held.client, check.performed_on, today, only_ticks=False)


@only(Role.TRAINER)
def take_back_check(store: Store, client_id: int, check_id: str, id: str, at: datetime, today: date) -> None:
    """Take a check back that was noted by mistake, also while a stop waits; it stays to be read."""
    held = _hold(store, _alone(store, client_id), takes_back=True)
    lines = store.progress.checks(held.client)
    check = _known(lines, check_id)
    if check is None or check.taken_back:
        raise NotFound
    same = [one for one in lines if (one.performed_on, one.exercise, one.side) == (check.performed_on, check.exercise, check.side)]
    newest = max(same, key=lambda one: (one.at, one.received_at, one.id))
    if newest.id == id or newest.taken_back:
        return
    if newest.id != check.id:
        raise Conflict("Something newer was noted of this session. Take that back instead.")
    moment = _after(at, check.at)
    _add_check(store, held, replace(check, id=id, at=moment, received_at=moment, taken_back=True, note=""), at, today)


def _after(at: datetime, earlier: datetime) -> datetime:
    return max(at, earlier + timedelta(microseconds=1))


def _check(store: Store, held: _Held, fields: CheckFields, at: datetime, today: date) -> FormCheck:
    """A check out of what was typed; raises Invalid, or Conflict for an exercise that can't be practised on that day."""
    row = _plan_of_day(store, held, fields.performed_on, today)
    halt = history.halt_on(store.progress.stops(held.client, store.actor.local), row.made_on, fields.performed_on)
    if halt is not None:
        raise _halted(halt)
    plan = load_plan(row)
    stage, item = _looked_at(plan, fields)
    errors = [*_gate_errors(stage.stage, fields), *_seen_errors(stage.stage, fields), *_reps_errors(fields)]
    if len(fields.note) > LONGEST_TEXT:
        errors.append(FieldError("note", f"Use at most {LONGEST_TEXT} characters."))
    if errors:
        raise Invalid(*errors)
    because = _shut(store, held, row, stage, item, fields, is_unseen=False)
    if because is not None and _shut(store, held, row, stage, item, fields, is_unseen=True) is not None:
        raise Conflict(because.because, tuple(Missing(one.id, one.text) for one in because.missing))
    gate = {one.key: fields.gate[one.key] for one in gate_keys(stage.stage, fields.side)}
    return FormCheck(
        id=fields.id,
        stage=stage.stage,
        exercise=fields.exercise,
        side=fields.side,
        performed_on=fields.performed_on,
        at=at,
        received_at=at,
        gate=gate,
        seen={one.key: fields.seen[one.key] for one in seen_keys(stage.stage) if one.key in fields.seen},
        reps=fields.reps,
        last_reps=fields.last_reps,
        note=fields.note.strip(),
        by=store.actor.name,
    )


def _shut(
    store: Store,
    held: _Held,
    row: models.Plan | Published,
    stage: StagePlan,
    item: rules.Item | None,
    fields: CheckFields,
    *,
    is_unseen: bool,
) -> Refusal | None:
    """Why an exercise can't be checked on a day. What was seen before on that day shuts nothing on it, or one leg would shut the other.

    Of a day on which a stop began, what was done until then is checked as it is ticked.
    """
    progress = history.progress_on(store, held.client, row, fields.performed_on, is_unseen=is_unseen, without=history.EVEN_IF_STOPPED)
    return refusal(progress, stage, fields.exercise, loaded=item is not None and item.loaded)


def _plan_of_day(store: Store, held: _Held, on: date, today: date) -> models.Plan | Published:
    if on > today:
        raise Invalid(FieldError("performed_on", "This day has not come yet."))
    if held.row.made_on <= on:
        return held.row
    row = next((one for one in store.plans.all(held.client) if one.made_on <= on), None)
    if row is None:
        raise Invalid(FieldError("performed_on", "That was before the plan was made."))
    return row


def _looked_at(plan: rules.Plan, fields: CheckFields) -> tuple[StagePlan, rules.Item | None]:
    """The stage and, unless the whole stage was looked at, the item."""
    if not fields.exercise:
        stage = next((one for one in plan.stages if one.stage is fields.stage), None)
        if stage is None or gate_keys(stage.stage, Side.BOTH) or not seen_keys(stage.stage):
            raise Invalid(FieldError("exercise", "Choose what you have seen."))
        if fields.side is not Side.BOTH:
            raise Invalid(FieldError("side", "This is for both sides at once."))
        return stage, None
    for stage in plan.stages:
        items = [item for item in _with_easier(stage) if item.exercise == fields.exercise]
        if items and fields.stage in (None, stage.stage):
            item = next((item for item in items if item.side is fields.side), None)
            if item is None:
                sides = " or ".join(dict.fromkeys(item.side.value for item in items))
                raise Invalid(FieldError("side", f"Choose the side: {sides}."))
            if not gate_keys(stage.stage, fields.side):
                raise Invalid(FieldError("exercise", "There is nothing to check about this one."))
            return stage, item
    raise Invalid(FieldError("exercise", "There is no such exercise in the plan."))


def _with_easier(stage: StagePlan) -> Iterable[rules.Item]:
    for item in _unique(stage):
        yield item
        if item.easier is not None:
            yield item.easier


def _gate_errors(stage: Stage, fields: CheckFields) -> Iterable[FieldError]:
    asked = {one.key for one in gate_keys(stage, fields.side)}
    if set(fields.gate) != asked:
        yield FieldError(
            "gate", f"Say of each point whether it was kept: {', '.join(sorted(asked))}." if asked else "Nothing is asked here."
        )


def _seen_errors(stage: Stage, fields: CheckFields) -> Iterable[FieldError]:
    asked = {one.key: one for one in seen_keys(stage)}
    if not fields.seen and not gate_keys(stage, fields.side):
        yield FieldError(next(iter(asked), "seen"), "Say what you saw.")
    for key, value in fields.seen.items():
        one = asked.get(key)
        if one is None:
            yield FieldError(key, "This is not asked here.")
            continue
        match one.kind:
            case "flag":
                if not isinstance(value, bool):
                    yield FieldError(key, "Answer yes or no.")
            case "choice":
                if value not in {choice for choice, _ in one.choices}:
                    yield FieldError(key, f"Choose one of: {', '.join(choice for choice, _ in one.choices)}.")
            case "number":
                if isinstance(value, bool | str) or not isfinite(value):
                    yield FieldError(key, "Write a number.")
                elif not one.least <= value <= one.most:
                    yield FieldError(
                        key, f"Look at the number again: between {one.least:g} and {one.most:g} {one.unit}.".replace(" .", ".")
                    )


def _reps_errors(fields: CheckFields) -> Iterable[FieldError]:
    for name, value in (("reps", fields.reps), ("last_reps", fields.last_reps)):
        if value is not None and not 0 <= value <= MOST_REPS:
            yield FieldError(name, f"Between 0 and {MOST_REPS}.")
    if fields.reps is not None and fields.last_reps is not None and fields.last_reps < fields.reps:
        yield FieldError("last_reps", "The last set can't have fewer than the fewest of any set.")


# --- signing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignOffFields:
    """A stage that a trainer signs off, for one leg or both, perhaps with what she has just seen.

    `words` are the ids of the criteria that she vouches for; `override_reason` stands in for what is missing, where that may be.
    """

    id: str
    stage: Stage
    side: Side = Side.BOTH
    words: tuple[str, ...] = ()
    goal_load_kg: float | None = None
    note: str = ""
    override_reason: str | None = None
    check: CheckFields | None = None


@only(Role.TRAINER)
def sign_off(store: Store, client_id: int, fields: SignOffFields, at: datetime, today: date) -> SignOff:
    """Pass a stage; raises Conflict with what is missing. The same id twice is one sign-off."""
    client = _alone(store, client_id)
    known = next((one for one in store.progress.sign_offs(client) if one.id == fields.id), None)
    if known is not None:
        return known
    held = _hold(store, client)
    _refuse_typed(load_plan(held.row), fields)
    if fields.check is not None and _known(store.progress.checks(held.client), fields.check.id) is None:
        _add_check(store, held, _check(store, held, fields.check, at, today), at, today)
    progress = history.progress_now(store, store.plans.standing(held.client.id), today)
    if progress is None:
        raise Conflict("There is no plan yet. Screen first.")
    override = (fields.override_reason or "").strip() or None
    missing = can_sign(
        progress,
        fields.stage,
        fields.side,
        words=fields.words,
        note=fields.note,
        goal_load_kg=fields.goal_load_kg,
        override_reason=override,
    )
    if missing:
        raise Conflict("This stage can't be signed off yet.", tuple(Missing(one.id, one.text) for one in missing))
    signed = SignOff(
        id=fields.id,
        stage=fields.stage,
        side=fields.side,
        signed_on=today,
        at=at,
        received_at=at,
        words=fields.words,
        goal_load_kg=fields.goal_load_kg,
        note=fields.note.strip(),
        override_reason=override,
        evidence=_evidence(progress, fields),
        by=store.actor.name,
    )
    _add_sign_off(store, held, signed, at, today)
    return signed


def _refuse_typed(plan: rules.Plan, fields: SignOffFields) -> None:
    errors: list[FieldError] = []
    stage = next((one for one in plan.stages if one.stage is fields.stage), None)
    if fields.side is not Side.BOTH and fields.stage is not Stage.SINGLE_LEG:
        errors.append(FieldError("side", "Only the single-leg stage is signed off for one side."))
    known = {one.id for one in stage.exit} if stage is not None else set()
    if not set(fields.words) <= known:
        errors.append(FieldError("words", "Name criteria of this stage."))
    reason = fields.override_reason
    if reason is not None and reason.strip() and len(reason.strip()) < LEAST_REASON:
        errors.append(FieldError("override_reason", f"Write at least {LEAST_REASON} characters."))
    for name, text in (("override_reason", reason or ""), ("note", fields.note)):
        if len(text) > LONGEST_TEXT:
            errors.append(FieldError(name, f"Use at most {LONGEST_TEXT} characters."))
    goal = fields.goal_load_kg
    if goal is not None and fields.stage is not Stage.RDL:
        errors.append(FieldError("goal_load_kg", "Only the Romanian deadlift has a goal load."))
    elif goal is not None and not 0 < goal <= 500:
        errors.append(FieldError("goal_load_kg", "More than 0 kg, at most 500 kg."))
    if errors:
        raise Invalid(*errors)


def _evidence(progress: Progress, fields: SignOffFields) -> tuple[str, ...]:
    """What is shown at this moment, criterion by criterion, and what rests on the trainer's word."""
    lines = []
    for one in progress.of(fields.stage).criteria:
        leg = "" if one.side is Side.BOTH else f" ({one.side})"
        if one.met:
            lines.append(f"{one.text}{leg} {one.shown}".strip())
        elif one.id == "rdl.load" and goal_is_reached(progress, fields.goal_load_kg):
            reached, goal = number(progress.load_reached_kg or 0), number(fields.goal_load_kg or 0)
            lines.append(f"{one.text} {reached} kg for 3 × 8, of a goal of {goal} kg.")
        elif one.id in fields.words and one.word_is_enough:
            lines.append(f"{one.text}{leg} On the trainer's word.")
        elif fields.override_reason:
            lines.append(f"Not shown: {one.text}{leg}")
    return tuple(lines)


def _add_sign_off(store: Store, held: _Held, signed: SignOff, at: datetime, today: date) -> None:
    store.progress.add_sign_offs(held.client, held.row.id, store.actor.user_id, [signed])
    verb = "took back a sign-off of" if signed.taken_back else "overrode a gate of" if signed.override_reason else "signed off"
    store.audit.note(at, verb, "client", held.client.id)
    history.entered(store, held.client, signed.signed_on, today, only_ticks=False)


@only(Role.TRAINER)
def take_back_sign_off(store: Store, client_id: int, sign_off_id: str, id: str, note: str, at: datetime, today: date) -> None:
    """Take a sign-off back from today on, also while a stop waits; what it opened is locked again, and both lines stay to be read."""
    held = _hold(store, _alone(store, client_id), takes_back=True)
    lines = store.progress.sign_offs(held.client)
    signed = next((one for one in lines if one.id == sign_off_id), None)
    if signed is None or signed.taken_back:
        raise NotFound
    if any(one.id == id for one in lines):
        return
    line = next(one for one in _sign_off_lines(lines, is_hers=False) if one.id == sign_off_id)
    if not line.holds:
        raise Conflict("This one does not count any more.")
    if len(note) > LONGEST_TEXT:
        raise Invalid(FieldError("note", f"Use at most {LONGEST_TEXT} characters."))
    moment = _after(at, max(one.at for one in lines))
    back = SignOff(
        id=id,
        stage=signed.stage,
        side=signed.side,
        signed_on=today,
        at=moment,
        received_at=moment,
        note=note.strip(),
        by=store.actor.name,
        taken_back=True,
    )
    _add_sign_off(store, held, back, at, today)


# --- loads ----------------------------------------------------------------------------------------------------------


@only(Role.TRAINER)
def confirm_load(store: Store, client_id: int, exercise: str, load_kg: float, id: str, at: datetime, today: date) -> LoadSet:
    """Confirm a load, the proposed one or less; never more than the proposal allows. The same id twice is one load."""
    client = _alone(store, client_id)
    known = next((one for one in store.progress.loads(client) if one.id == id), None)
    if known is not None:
        return known
    held = _hold(store, client)
    progress = history.progress_now(store, held.found, today)
    proposal = None if progress is None else progress.proposal_of(exercise)
    if proposal is None:
        raise Invalid(FieldError("load_kg", "There is no load to confirm here."))
    problem = may_confirm(proposal, load_kg) if isfinite(load_kg) else "Write a number."
    if problem is not None:
        raise Invalid(FieldError("load_kg", problem))
    load = LoadSet(id, exercise, load_kg, today, at, proposal.because, store.actor.name)
    store.progress.add_loads(held.client, held.row.id, store.actor.user_id, [load], at)
    store.audit.note(at, "confirmed a load of", "client", held.client.id)
    history.entered(store, held.client, today, today, only_ticks=False)
    return load
