"""Referrals: what a stop says, the note to take along, and the answer that unlocks it with its limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app import models
from app.errors import Conflict, FieldError, Invalid
from app.models import Client, Role, User
from app.rules import documents as rules
from app.rules.checks import check_clearance, missing_minimum
from app.rules.documents import Clearance, Finding
from app.rules.readiness import keys_in_force
from app.services import only
from app.services.clients import check_open, get_client
from app.services.plans import (
    ASSESSMENT,
    CLEARANCE,
    PlanView,
    ReferralView,
    clearance_of,
    own_reasons,
    publish,
    read_screen,
    standing_of,
    unanswered,
    view_referral,
)
from app.store import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """A professional's answer as it was logged."""

    professional: str
    clearance: Clearance
    note: str
    logged_by: str
    logged_on: date


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop with everything that its page and its note need."""

    client: Client
    referral: ReferralView
    screened_on: date
    trainer: User
    """Who took the screen."""
    screens: tuple[rules.Screen, ...]
    """The screens that it stops for, oldest first."""
    findings: tuple[Finding, ...]
    keys: tuple[str, ...]
    """The contraindication keys that hold by what was said and measured."""
    answer: Answer | None
    is_complete: bool
    """Whether its screen has what a plan needs."""
    open_id: int | None
    """The stop that waits for an answer now."""
    plan_number: int | None
    """The plan in force, if there is one."""
    former: int | None
    """The plan that is on hold."""
    is_current: bool
    """Whether this stop is what the client's plan page shows."""
    others: tuple["Past", ...]
    """Her other stops, newest first."""


@dataclass(frozen=True, slots=True)
class Past:
    """Another stop of the same client, to be opened."""

    id: int
    stopped_on: date
    state: str


@only(Role.TRAINER)
def read_referral(store: Store, client_id: int, referral_id: int) -> Stop:
    """One stop of a client, open or answered long ago."""
    client = get_client(store, client_id)
    return _stop(store, client, store.referrals.get(client, referral_id))


def _stop(store: Store, client: Client, row: models.Referral) -> Stop:
    screen = store.screens.get(client, row.screen_id)
    document = read_screen(screen)
    rows = unanswered(store, client) if row.state == "open" else (row,)
    screens = [store.screens.get(client, one.screen_id) for one in rows] or [screen]
    documents = tuple(read_screen(one) for one in screens)
    now = standing_of(store, client)
    waiting = store.referrals.waiting(client)
    return Stop(
        client=client,
        referral=view_referral(store, row),
        screened_on=screen.taken_on,
        trainer=store.accounts.user(screen.author_id),
        screens=documents,
        findings=tuple(found for one in screens if one.result is not None for found in ASSESSMENT.validate_json(one.result).findings),
        keys=tuple(dict.fromkeys(one.key for document in documents for one in keys_in_force(document))),
        answer=_answer(store, row),
        is_complete=not missing_minimum(document),
        open_id=waiting.id if waiting is not None else None,
        plan_number=now.number,
        former=now.former,
        is_current=now.referral is not None and now.referral.id == row.id,
        others=tuple(
            Past(one.id, store.actor.local(one.opened_at).date(), one.state) for one in store.referrals.all(client) if one.id != row.id
        ),
    )


def _answer(store: Store, row: models.Referral) -> Answer | None:
    if row.state != "cleared" or row.logged_by is None or row.logged_at is None:
        return None
    return Answer(
        professional=row.professional or "",
        clearance=clearance_of(row),
        note=row.note,
        logged_by=store.accounts.user(row.logged_by).name,
        logged_on=store.actor.local(row.logged_at).date(),
    )


@only(Role.TRAINER)
def clear(
    store: Store,
    client_id: int,
    referral_id: int,
    *,
    professional: str,
    cleared_on: date,
    allowed: Iterable[str],
    not_allowed: Iterable[str],
    note: str,
    at: datetime,
    today: date,
) -> PlanView | None:
    """Log a professional's answer. The plan follows with its limits; None when the screen stopped before it was complete."""
    client = get_client(store, client_id)
    store.clients.hold(client)
    row = store.referrals.get(client, referral_id)
    check_open(client)
    _check_waits(store, client, row)
    screen = store.screens.get(client, row.screen_id)
    document = read_screen(screen)
    view = view_referral(store, row)
    clearance = Clearance(
        cleared_on=cleared_on,
        answers=tuple(reason.rule for reason in view.reasons),
        allowed=tuple(allowed),
        not_allowed=tuple(not_allowed),
        same_screen=True,
    )
    problems = [FieldError(one.field, one.message) for one in check_clearance(clearance, today)]
    if not professional.strip():
        problems.append(FieldError("professional", "Who has answered?"))
    if cleared_on < _stopped_on(store, client):
        problems.append(FieldError("cleared_on", "This is before the screen that it answers."))
    if problems:
        raise Invalid(*problems)
    former = tuple(clearance_of(one) for one in store.referrals.cleared(client))
    row.state = "cleared"
    row.professional = professional.strip()
    row.cleared_on = cleared_on
    row.limits = CLEARANCE.dump_json(clearance).decode()
    row.note = note
    row.logged_by = store.actor.user_id
    row.logged_at = at
    store.audit.note(at, "cleared", "referral", row.id)
    if missing_minimum(document):
        return None
    publish(store, client, screen.id, document, (*former, clearance), at, today)
    return standing_of(store, client)


def _check_waits(store: Store, client: Client, row: models.Referral) -> None:
    """Raise Conflict, saying where to go instead, unless this stop waits for an answer."""
    match row.state:
        case "open":
            return
        case "cleared":
            raise Conflict(f"The answer of {row.professional} of {row.cleared_on} is logged already.")
        case _:
            waiting = store.referrals.waiting(client)
            instead = "Nothing waits for an answer now." if waiting is None else f"Answer stop {waiting.id}, which has taken it over."
            raise Conflict(f"This stop no longer waits for an answer. {instead}")


def _stopped_on(store: Store, client: Client) -> date:
    """The day of the newest screen with reasons of its own, not merely carried over: an answer can't be older."""
    given = tuple(clearance_of(one) for one in store.referrals.cleared(client))
    rows = unanswered(store, client)
    days = [store.screens.get(client, row.screen_id).taken_on for row in rows if own_reasons(store, client, row, given)]
    return max(days, default=date.min)
