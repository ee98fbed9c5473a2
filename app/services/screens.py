"""Screens: drafts that lose nothing, finished screens with what they led to, and mending one that was mistyped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from pydantic import TypeAdapter

from app import models
from app.errors import Conflict, FieldError, Invalid, NotFound, StaleVersion
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.battery import BATTERY
from app.rules.checks import Problem, check_measurements, check_screen
from app.rules.criteria import stage_tests
from app.rules.documents import History, Measurement, Reason
from app.rules.findings import Graded, graded
from app.rules.rescreen import carried_over
from app.rules.vocabulary import Level, Stage, StageState, Status
from app.services import changes, only, plans
from app.services.changes import Changes
from app.services.clients import BY_API, check_open, consent_in_force, ensure_consent, get_client, person_on
from app.services.drafts import (
    DRAFT_DAYS,
    LONGEST,
    UNITS,
    Fields,
    Lines,
    Reading,
    ScreenFields,
    Typed,
    kept,
    read,
    typed_again,
    typed_in_part,
)
from app.services.history import load_plan
from app.services.library import current_library
from app.services.plans import ASSESSMENT, SCREEN, Outcome, Preview
from app.store import Store
from app.store.screens import Context

TYPED: Final[TypeAdapter[Typed]] = TypeAdapter(Typed)


# --- finishing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Logged:
    """A finished screen and what came of it."""

    row: models.Screen
    document: rules.Screen
    outcome: Outcome


@only(Role.TRAINER)
def log_screen(store: Store, client_id: int, fields: ScreenFields, at: datetime, today: date) -> Logged:
    """Log a finished screen at once. Where no consent was ever recorded, it states one as of its day."""
    client = get_client(store, client_id)
    store.clients.hold(client)
    check_open(client)
    document = _document(client, fields)
    row = models.Screen(
        studio_id=client.studio_id, client_id=client.id, author_id=store.actor.user_id, taken_on=fields.taken_on, created_at=at
    )
    _check(store, client, document, None, _unasked(fields), today)
    ensure_consent(store, client, fields.taken_on, at, BY_API)
    return _finish(store, client, row, document, None, at, today)


def _document(client: Client, fields: ScreenFields) -> rules.Screen:
    return rules.Screen(
        taken_on=fields.taken_on,
        person=person_on(client, fields.taken_on),
        readiness=fields.readiness,
        red_flags=fields.red_flags or (),
        history=fields.history,
        measurements=fields.measurements,
        note=fields.note,
    )


def _unasked(fields: ScreenFields) -> tuple[Problem, ...]:
    return () if fields.red_flags is not None else (Problem("red_flags", "Please ask; an empty list says that none holds."),)


def _problems(
    store: Store, client: Client, document: rules.Screen, mends: models.Screen | None, unasked: Iterable[Problem], today: date
) -> tuple[Problem, ...]:
    """What keeps a screen from being finished. One that stops, by its own answers or an open stop, may be incomplete."""
    stops = plans.weigh(store, client, document, mends).assessment.status is not Status.PLAN_READY
    return (*(() if stops else unasked), *check_screen(document, today, stops=stops))


def _check(
    store: Store, client: Client, document: rules.Screen, mends: models.Screen | None, unasked: Iterable[Problem], today: date
) -> None:
    problems = _problems(store, client, document, mends, unasked, today)
    if problems:
        raise Invalid(*(FieldError(one.field, one.message) for one in problems))


def _finish(
    store: Store,
    client: Client,
    row: models.Screen,
    document: rules.Screen,
    mends: models.Screen | None,
    at: datetime,
    today: date,
    plan: rules.Plan | None = None,
) -> Logged:
    """Turn a row of a client who is held into a finished screen, and settle what it leads to.

    `plan` is what the trainer has made of the plan by the rules.
    """
    moment = store.screens.next_moment(client, at)
    result = ASSESSMENT.dump_json(plans.weigh(store, client, document, mends).assessment).decode()
    row.taken_on, row.typed = document.taken_on, None
    row.document, row.result = SCREEN.dump_json(document).decode(), result
    row.updated_at = row.finished_at = moment
    store.screens.add(row)
    store.screens.discard_older(at - DRAFT_DAYS)
    store.audit.note(at, "finished", "screen", row.id)
    return Logged(row, document, plans.settle(store, client, row, document, at, today, plan))


# --- finished screens -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said before any test; for trainers only."""

    readiness: dict[str, bool]
    red_flags: tuple[str, ...]
    history: History
    note: str


@dataclass(frozen=True, slots=True)
class ScreenView:
    """A finished screen. For a client `talk` and `supersede_reason` are None, and the reasons are those seen in her movement."""

    id: int
    taken_on: date
    finished_at: datetime
    author: str
    status: Status
    reasons: tuple[Reason, ...]
    findings: tuple[rules.Finding, ...]
    measurements: tuple[Measurement, ...]
    person: rules.Person
    talk: Talk | None
    supersedes: int | None
    supersede_reason: str | None
    superseded_by: int | None
    plan: int | None
    """The number of the plan that was made from it."""
    referral: int | None


def _views(store: Store, rows: list[models.Screen]) -> tuple[ScreenView, ...]:
    beside = store.screens.context(rows)
    return tuple(_view(row, beside[row.id], for_client=store.actor.client_id is not None) for row in rows)


def _view(row: models.Screen, beside: Context, *, for_client: bool) -> ScreenView:
    if row.document is None or row.result is None or row.finished_at is None:
        raise NotFound
    document, result = SCREEN.validate_json(row.document), ASSESSMENT.validate_json(row.result)
    talk = Talk(dict(document.readiness), document.red_flags, document.history, document.note)
    return ScreenView(
        id=row.id,
        taken_on=row.taken_on,
        finished_at=row.finished_at,
        author=beside.author,
        status=result.status,
        reasons=tuple(reason for reason in result.reasons if not for_client or reason.level is Level.REFER),
        findings=result.findings,
        measurements=document.measurements,
        person=document.person,
        talk=None if for_client else talk,
        supersedes=row.supersedes_id,
        supersede_reason=None if for_client else row.supersede_reason,
        superseded_by=beside.mended_by,
        plan=beside.plan,
        referral=beside.referral,
    )


@only(Role.TRAINER, Role.CLIENT)
def get_screen(store: Store, client_id: int, screen_id: int) -> ScreenView:
    """A finished screen; a draft is not there yet."""
    return _views(store, [store.screens.get(get_client(store, client_id), screen_id)])[0]


@only(Role.TRAINER, Role.CLIENT)
def list_screens(store: Store, client_id: int, limit: int, before: int | None = None) -> tuple[tuple[ScreenView, ...], int | None]:
    """Finished screens, newest first, and the id to go on from, if there are more."""
    rows = store.screens.finished(get_client(store, client_id), before, limit + 1)
    return _views(store, rows[:limit]), rows[limit - 1].id if len(rows) > limit else None


@dataclass(frozen=True, slots=True)
class ScreenPage:
    """A finished screen as its trainer reads it; `may_mend` for the one that stands now, `draft` is the mending under way."""

    client: Client
    screen: ScreenView
    may_mend: bool
    draft: int | None


@only(Role.TRAINER)
def screen_for_trainer(store: Store, client_id: int, screen_id: int) -> ScreenPage:
    """A finished screen, and what can be done about it; Unfinished for a draft."""
    client = get_client(store, client_id)
    row = store.screens.get(client, screen_id)
    if row.document is None:
        raise Unfinished
    current, next_one = store.screens.current(client), store.screens.superseding(row)
    draft = next_one.id if next_one is not None and next_one.finished_at is None else None
    may_mend = current is not None and current.id == row.id and client.archived_at is None
    return ScreenPage(client, _views(store, [row])[0], may_mend, draft)


# --- drafts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with everything that its page shows; `last` is the client's screen before this one."""

    client: Client
    row: models.Screen
    author: str
    typed: Typed
    reading: Reading
    document: rules.Screen
    """What has been typed so far and can be read."""
    graded: tuple[Graded, ...]
    problems: tuple[Problem, ...]
    """Everything that keeps it from being finished."""
    preview: Preview
    """What finishing would do, as far as it goes."""
    names: Mapping[str, str]
    """Exercises by slug."""
    last: rules.Screen | None


class DraftThere(Conflict):
    """Drafts of this client's are under way already."""

    sentence = "A draft is under way already. Go on with it, or start another one."

    def __init__(self, client: Client, drafts: tuple[models.Screen, ...]) -> None:
        super().__init__()
        self.client = client
        self.drafts = drafts


class Finished(Conflict):
    """A screen is no draft any more."""

    sentence = "This screen is finished and never changes. A mistake in it is mended by a new one."


class Unfinished(NotFound):
    """A screen is a draft still."""


class StaleDraft(StaleVersion):
    """Somebody has saved this draft on another page in the meantime."""

    sentence = "This draft was changed on another page in the meantime. Nothing is lost: choose what to keep."

    def __init__(self, client: Client, mine: Fields, theirs: Fields, revision: int) -> None:
        super().__init__()
        self.client = client
        self.mine = mine
        self.theirs = theirs
        self.revision = revision


def _is_kept(row: models.Screen, at: datetime) -> bool:
    return row.finished_at is not None or row.updated_at >= at - DRAFT_DAYS


def _draft_row(store: Store, client: Client, screen_id: int, at: datetime, *, hold: bool = False) -> models.Screen:
    row = store.screens.get(client, screen_id, hold=hold)
    if not _is_kept(row, at):
        raise NotFound
    if row.finished_at is not None:
        raise Finished
    return row


def _typed(row: models.Screen) -> Typed:
    return TYPED.validate_json(row.typed) if row.typed is not None else Typed()


def _mended(store: Store, client: Client, row: models.Screen) -> models.Screen | None:
    return store.screens.get(client, row.supersedes_id) if row.supersedes_id is not None else None


@only(Role.TRAINER)
def drafts(store: Store, client_id: int, at: datetime) -> tuple[models.Screen, ...]:
    """A client's drafts, the last one touched first."""
    return tuple(store.screens.drafts(get_client(store, client_id), at - DRAFT_DAYS))


@dataclass(frozen=True, slots=True)
class InPart:
    """A screen of one stage's tests alone: what is measured, and of the last screen what is kept, each with its day, and what is not."""

    stage: Stage
    tests: tuple[str, ...]
    kept: tuple[Measurement, ...]
    anew: tuple[Measurement, ...]
    """What is too old to be kept, or hurt, or stopped the last screen."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new screen may be: a whole one, or `parts`; `chosen` is the part that was asked for. `last` is the day of the last screen."""

    client: Client
    last: date | None
    parts: tuple[Stage, ...]
    chosen: InPart | None


@only(Role.TRAINER)
def new_draft(store: Store, client_id: int, stage: Stage | None, today: date) -> Beginning:
    """What there is to choose from before a screen is begun."""
    client = get_client(store, client_id)
    check_open(client)
    current, plan = store.screens.current(client), _plan_of(store, client)
    if current is None or plan is None:
        return Beginning(client, None if current is None else current.taken_on, (), None)
    needed = tuple(one.stage for one in plan.stages if one.starts is not StageState.NOT_INDICATED and stage_tests(plan, one.stage))
    return Beginning(
        client, current.taken_on, needed, _in_part(plan, plans.read_screen(current), stage, today) if stage in needed else None
    )


def _plan_of(store: Store, client: Client) -> rules.Plan | None:
    row = store.plans.latest(client)
    return None if row is None else load_plan(row)


def _in_part(plan: rules.Plan, last: rules.Screen, stage: Stage, on: date) -> InPart:
    tests = stage_tests(plan, stage)
    kept = carried_over(last, tests, on)
    there = {(one.test, one.side) for one in kept}
    return InPart(
        stage, tests, kept, tuple(one for one in last.measurements if one.test not in tests and (one.test, one.side) not in there)
    )


@only(Role.TRAINER)
def start_draft(store: Store, client_id: int, at: datetime, today: date, *, another: bool, stage: Stage | None = None) -> models.Screen:
    """Start a screen; while one is under way, only on request. With a `stage` only its tests are measured, and all else is kept."""
    client = get_client(store, client_id)
    _check_may_screen(store, client)
    store.screens.discard_older(at - DRAFT_DAYS)
    under_way = tuple(store.screens.drafts(client))
    if under_way and not another:
        raise DraftThere(client, under_way)
    if stage is None:
        return _add_draft(store, client, Typed(store.actor.units, {"taken_on": (today.isoformat(),)}), at, today)
    part = new_draft(store, client_id, stage, today).chosen
    current = store.screens.current(client)
    if part is None or current is None:
        raise Conflict("There is nothing to measure again for this stage alone. Start a whole screen.")
    return _add_draft(store, client, typed_in_part(plans.read_screen(current), part.tests, store.actor.units, today), at, today)


def _check_may_screen(store: Store, client: Client) -> None:
    check_open(client)
    if consent_in_force(store, client) is None:
        raise Conflict("Consent comes first: record it on the client's page, then screen.")


def _add_draft(
    store: Store, client: Client, typed: Typed, at: datetime, taken_on: date, mends: models.Screen | None = None, reason: str | None = None
) -> models.Screen:
    row = models.Screen(
        studio_id=client.studio_id,
        client_id=client.id,
        author_id=store.actor.user_id,
        taken_on=taken_on,
        typed=TYPED.dump_json(typed).decode(),
        supersedes_id=mends.id if mends is not None else None,
        supersede_reason=reason,
        revision=0,
        created_at=at,
        updated_at=at,
    )
    store.screens.add(row)
    store.audit.note(at, "started", "screen", row.id)
    return row


@only(Role.TRAINER)
def get_draft(store: Store, client_id: int, screen_id: int, at: datetime, today: date) -> Draft:
    """A draft as it stands; Conflict when it is finished."""
    client = get_client(store, client_id)
    return _draft(store, client, _draft_row(store, client, screen_id, at), today)


def _draft(store: Store, client: Client, row: models.Screen, today: date) -> Draft:
    typed, mends, last = _typed(row), _mended(store, client, row), _last(store, client, row)
    reading = read(typed, row.taken_on, last)
    document = _document(client, reading.fields)
    wrong = {one.field for one in check_measurements(document.measurements)}
    sound = rules.Screen(
        taken_on=document.taken_on,
        person=document.person,
        readiness=document.readiness,
        red_flags=document.red_flags,
        history=document.history,
        measurements=tuple(one for one in document.measurements if not any(_spoils(name, one) for name in wrong)),
    )
    return Draft(
        client=client,
        row=row,
        author=store.accounts.user(row.author_id).name,
        typed=typed,
        reading=reading,
        document=document,
        graded=graded(sound),
        problems=_draft_problems(store, client, row, mends, reading, document, today),
        preview=plans.preview(store, client, sound, supersedes=mends),
        names={slug: exercise.name for slug, exercise in current_library(store).items()},
        last=last,
    )


def _last(store: Store, client: Client, row: models.Screen) -> rules.Screen | None:
    """The screen before a draft: the one that it mends, else the client's latest."""
    found = _mended(store, client, row) or store.screens.current(client)
    return None if found is None or found.document is None else plans.read_screen(found)


def _spoils(name: str, one: Measurement) -> bool:
    """Whether a problem is about what was noted of a measurement, not about what is still to be noted."""
    start = f"measurements.{one.test}.{one.side.value}."
    return name.startswith(start) and (not name.startswith(f"{start}extra.") or name.removeprefix(f"{start}extra.") in (one.extra or {}))


def _draft_problems(
    store: Store,
    client: Client,
    row: models.Screen,
    mends: models.Screen | None,
    reading: Reading,
    document: rules.Screen,
    today: date,
) -> tuple[Problem, ...]:
    found = _problems(store, client, document, mends, reading.unasked, today)
    if row.supersedes_id is not None and not reading.reason:
        found = (Problem("supersede_reason", "Why is the screen mended?"), *found)
    if reading.fields.note and len(reading.fields.note) > LONGEST:
        found = (*found, Problem("note", f"Use at most {LONGEST} characters."))
    return reading.beside(found)


@only(Role.TRAINER)
def save_draft(store: Store, client_id: int, screen_id: int, fields: Fields, revision: int, stamp: str, at: datetime) -> models.Screen:
    """Keep what was typed, just as it was typed. An older save never overwrites a newer one of another page: StaleDraft.

    `stamp` is `page:count` of a page that saves as it is typed into; its own later saves follow each other even when an answer got lost.
    """
    client = get_client(store, client_id)
    check_open(client)
    row = _draft_row(store, client, screen_id, at, hold=True)
    before, fields = _typed(row), kept(fields)
    _check_length(fields)
    if before.fields == fields:
        return row
    page, count = _parts(stamp)
    last_page, last_count = _parts(before.stamp)
    if page and page == last_page:
        if count <= last_count:
            return row
    elif revision != row.revision:
        raise StaleDraft(client, fields, before.fields, row.revision)
    if not page or page != last_page:  # once for each page that is typed into, not for each of its saves
        store.audit.note(at, "saved", "screen", row.id)
    typed = replace(before, fields=fields, stamp=f"{page}:{count}")
    row.typed = TYPED.dump_json(typed).decode()
    row.taken_on = read(typed, row.taken_on).fields.taken_on
    row.revision += 1
    row.updated_at = at
    return row


def _parts(stamp: str) -> tuple[str, int]:
    page, _, count = stamp.partition(":")
    return (page[:40], int(count)) if count.isascii() and count.isdigit() and len(count) < 9 else ("", 0)


def _check_length(fields: Fields) -> None:
    long = [name for name, values in fields.items() if any(len(value) > LONGEST for value in values)]
    if long:
        raise Invalid(*(FieldError(name, f"Use at most {LONGEST} characters.") for name in long))


@dataclass(frozen=True, slots=True)
class Previewed:
    """A draft with what finishing it would do. `plan` is the one that would be published, with the `lines` that are to be otherwise."""

    draft: Draft
    changes: Changes | None
    plan: rules.Plan | None
    lines: Lines


@only(Role.TRAINER)
def preview_draft(store: Store, client_id: int, screen_id: int, at: datetime, today: date) -> Previewed:
    """What finishing a draft would do, and what it would change about the plan before."""
    client = get_client(store, client_id)
    draft = _draft(store, client, _draft_row(store, client, screen_id, at), today)
    mends = _mended(store, client, draft.row)
    found = changes.changes_of(store, client, draft.document, draft.preview, mends)
    lines = {} if found is None else found.still(draft.typed.lines)
    explained = {key: line for key, line in lines.items() if line.reason.strip()}
    return Previewed(draft, found, _to_publish(store, client, draft.document, draft.preview, mends, found, explained), lines)


def _to_publish(
    store: Store,
    client: Client,
    document: rules.Screen,
    preview: Preview,
    mends: models.Screen | None,
    found: Changes | None,
    lines: Lines,
) -> rules.Plan | None:
    """The plan with the trainer's lines; where nothing stands beside it, with those of the plan that it takes the place of."""
    if found is not None:
        return changes.chosen_plan(store, found, lines)
    if preview.plan is None or mends is None:
        return preview.plan
    return changes.rebuilt_plan(store, client, mends, document, preview.clearances)


@only(Role.TRAINER)
def choose_lines(store: Store, client_id: int, screen_id: int, lines: Lines, at: datetime, today: date) -> None:
    """Keep with a draft which lines of the plan are to be otherwise; a reason may still be missing."""
    client = get_client(store, client_id)
    check_open(client)
    row = _draft_row(store, client, screen_id, at, hold=True)
    changes.check_reasons(lines)
    before, found = _typed(row), preview_draft(store, client_id, screen_id, at, today)
    fixed = {} if found.changes is None else found.changes.fixed
    if wrong := [FieldError(f"line.{key}", fixed[key]) for key in lines if key in fixed]:
        raise Invalid(*wrong)
    row.typed = TYPED.dump_json(replace(before, lines={} if found.changes is None else found.changes.still(lines))).decode()
    row.updated_at = at
    store.audit.note(at, "chose", "screen", row.id)


@only(Role.TRAINER)
def finish_draft(
    store: Store,
    client_id: int,
    screen_id: int,
    revision: int,
    at: datetime,
    today: date,
    *,
    against: int | None = None,
    lines: Lines | None = None,
) -> Logged:
    """Finish a draft as it was previewed: its plan is published, or its stop opened.

    `against` is the number of the plan that the preview compared with; `lines` are to be otherwise, each for its reason. Without `lines`
    those hold that the draft has kept.
    """
    client = get_client(store, client_id)
    store.clients.hold(client)
    _check_may_screen(store, client)
    row = _draft_row(store, client, screen_id, at, hold=True)
    if row.revision != revision:
        raise StaleVersion("The draft was changed after this preview. Look at it again, then finish.")
    mends, current = _mended(store, client, row), store.screens.current(client)
    if mends is not None and (current is None or current.id != mends.id):
        raise Conflict("The screen that this one mends is no longer the latest one, so that it can't take its place.")
    typed = _typed(row)
    reading = read(typed, row.taken_on, _last(store, client, row))
    document = _document(client, reading.fields)
    problems = _draft_problems(store, client, row, mends, reading, document, today)
    if problems:
        raise Invalid(*(FieldError(one.field, one.message) for one in problems))
    preview = plans.preview(store, client, document, supersedes=mends)
    found = changes.changes_of(store, client, document, preview, mends)
    if against is not None and (found is None or found.number != against):
        raise StaleVersion("Something about this client has changed after this preview. Look at it again, then finish.")
    if lines is None:
        lines = {} if found is None else found.still(typed.lines)
    changes.check_reasons(lines)
    plan = _to_publish(store, client, document, preview, mends, found, lines)
    if mends is not None:
        row.supersede_reason = reading.reason
    return _finish(store, client, row, document, mends, at, today, plan)


@dataclass(frozen=True, slots=True)
class Discarded:
    """What a discarded draft held, handed back once, so that it can be undone."""

    client: Client
    typed: Typed
    mends: int | None


@only(Role.TRAINER)
def discard_draft(store: Store, client_id: int, screen_id: int, at: datetime) -> Discarded:
    """Let a draft go."""
    client = get_client(store, client_id)
    row = _draft_row(store, client, screen_id, at, hold=True)
    found = Discarded(client, _typed(row), row.supersedes_id)
    store.audit.note(at, "discarded", "screen", row.id)
    store.screens.discard(row)
    return found


@only(Role.TRAINER)
def restore_draft(store: Store, client_id: int, typed: Typed, mends: int | None, at: datetime, today: date) -> models.Screen:
    """Undo a discarding: a new draft with everything that was typed."""
    client = get_client(store, client_id)
    _check_may_screen(store, client)
    fields = kept(typed.fields)
    _check_length(fields)
    places = {f"{test.id}.{side.value}" for test in BATTERY for side in test.sides}
    unmeasured = tuple(place for place in dict.fromkeys(typed.kept) if place in places)
    mended = None if mends is None else _may_mend(store, client, mends)
    reason = None if mended is None else Typed(fields=fields).value("supersede_reason")
    if mended is not None and store.screens.superseding(mended) is not None:
        raise Conflict("This screen is being mended in another draft.")
    taken_on = read(Typed(fields=fields), today).fields.taken_on
    units = typed.units if typed.units in UNITS else store.actor.units
    return _add_draft(store, client, Typed(units, fields, kept=unmeasured), at, taken_on, mended, reason)


def _may_mend(store: Store, client: Client, screen_id: int) -> models.Screen:
    row, current = store.screens.get(client, screen_id, hold=True), store.screens.current(client)
    if row.document is None:
        raise NotFound
    if current is None or current.id != row.id:
        raise Conflict("Only the latest screen can be mended. Later ones rest on this one as it was.")
    return row


@only(Role.TRAINER)
def mend_screen(store: Store, client_id: int, screen_id: int, reason: str, at: datetime) -> models.Screen:
    """Start a draft that mends a finished screen, or go on with the one that does. Only the screen that stands now can be mended."""
    client = get_client(store, client_id)
    _check_may_screen(store, client)
    store.screens.discard_older(at - DRAFT_DAYS)
    row = _may_mend(store, client, screen_id)
    if not reason.strip():
        raise Invalid(FieldError("reason", "Why is the screen mended?"))
    under_way = store.screens.superseding(row)
    if under_way is not None:
        return under_way
    typed = typed_again(plans.read_screen(row), store.actor.units)
    fields = {**typed.fields, "supersede_reason": (reason.strip(),)}
    plan = store.plans.of_screen(row.id)
    lines = {} if plan is None else changes.lines_of(store, load_plan(plan))
    return _add_draft(store, client, replace(typed, fields=fields, lines=lines), at, row.taken_on, row, reason.strip())
