"""Referrals: what a stop says, its way to a professional and back, the note to take along, and the answer that unlocks it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from app import models
from app.errors import Conflict, FieldError, Invalid
from app.models import Client, Role, User
from app.rules import documents as rules
from app.rules.checks import check_clearance, missing_minimum
from app.rules.contraindications import PAINFUL, SETS_KEYS
from app.rules.documents import Clearance, Finding, Removed
from app.rules.history import days
from app.rules.pain import RULES, PainAction, PracticeStop
from app.rules.readiness import keys_in_force
from app.rules.vocabulary import Feel, Side
from app.services import only
from app.services.changes import rebuilt_plan
from app.services.clients import check_open, get_client
from app.services.history import load_plan
from app.services.library import current_library
from app.services.plans import (
    ASSESSMENT,
    CLEARANCE,
    PlanView,
    ReferralView,
    clearance_of,
    mended_by,
    own_reasons,
    practice_stops,
    publish,
    read_screen,
    standing_of,
    unanswered,
    view_referral,
)
from app.store import Store

GOES = frozenset(rule.id for rule in RULES if rule.action is PainAction.OUT)
"""The rules of pain by which an exercise stays out."""

REPORTS_OF = timedelta(days=27)
"""How far back a note tells what was reported of an exercise."""

MOST_REPORTS = 8
"""How much of it: a note is one sheet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A professional's answer as it was logged."""

    professional: str
    clearance: Clearance
    note: str
    logged_by: str
    logged_on: date


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that has happened on the way of a stop: it was opened, sent, answered, not cleared or cleared.

    `whom` is to whom it was sent or who answered, `words` what was said; `by` noted it on `noted_on`. `id` is that of a step.
    """

    step: str
    on: date
    whom: str = ""
    words: str = ""
    by: str = ""
    noted_on: date | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Hurt:
    """What was reported of an exercise on one day of practice, or without one of the morning after: pain of 10, and how it felt."""

    exercise: str
    side: Side
    on: date
    pain: int | None
    feel: Feel | None


@dataclass(frozen=True, slots=True)
class Past:
    """Another stop of the same client, to be opened."""

    id: int
    stopped_on: date
    state: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop with everything that its page and its letter need."""

    client: Client
    referral: ReferralView
    stopped_on: date
    """The day of its screen, or on which practice stopped."""
    trainer: User
    """Whom a professional may ask: who took the screen, or whoever reads this, if that one has her no longer."""
    trainers: tuple[User, ...]
    """Who sees all this."""
    way: tuple[Mark, ...]
    """What has happened so far, oldest first."""
    screens: tuple[rules.Screen, ...]
    """The screens that it stops for, oldest first."""
    findings: tuple[Finding, ...]
    hurt: tuple[Hurt, ...]
    """What was reported of the exercises or mornings that it stops for, newest first."""
    keys: tuple[str, ...]
    """The contraindication keys that hold by what was said and measured."""
    question: str | None
    """What the letter asks in the trainer's own words."""
    remark: str
    answer: Answer | None
    removed: tuple[Removed, ...]
    """What the answer's limits took out of the plan that followed."""
    names: Mapping[str, str] = field(repr=False)
    """What the library calls its exercises, by slug."""
    is_complete: bool
    """Whether its screen has what a plan needs."""
    waiting_id: int | None
    """The stop that waits for an answer now."""
    plan_number: int | None
    """The plan in force, if there is one."""
    former: int | None
    """The plan that is on hold."""
    is_current: bool
    """Whether this stop is what the client's plan page shows."""
    others: tuple[Past, ...]
    """Her other stops, newest first."""


@only(Role.TRAINER)
def read_referral(store: Store, client_id: int, referral_id: int) -> Stop:
    """One stop of a client, waiting or answered long ago."""
    client = get_client(store, client_id)
    return _stop(store, client, store.referrals.get(client, referral_id))


def _stop(store: Store, client: Client, row: models.Referral) -> Stop:
    screen = store.screens.get(client, row.screen_id)
    document = read_screen(screen)
    rows = unanswered(store, client) if row.waits else (row,)
    screens = [store.screens.get(client, one.screen_id) for one in rows if one.practice is None]
    stops = tuple(stop for one in rows for stop in practice_stops(one))
    documents = tuple(read_screen(one) for one in screens)
    now = standing_of(store, client, None)
    waiting = store.referrals.waiting(client)
    trainers = tuple(store.clients.trainers(client))
    author = screen.author_id if screen.author_id in {one.id for one in trainers} else store.actor.user_id
    stopped_on = screen.taken_on if row.practice is None else store.actor.local(row.opened_at).date()
    return Stop(
        client=client,
        referral=view_referral(store, row),
        stopped_on=stopped_on,
        trainer=store.accounts.user(author),
        trainers=trainers,
        way=(Mark("opened", stopped_on), *_way(store, row)),
        screens=documents,
        findings=tuple(found for one in screens if one.result is not None for found in ASSESSMENT.validate_json(one.result).findings),
        hurt=_hurt(store, client, stops),
        keys=tuple(dict.fromkeys((*_sets(stops), *(one.key for held in documents or (document,) for one in keys_in_force(held))))),
        question=row.question,
        remark=row.remark,
        answer=_answer(store, row),
        removed=_removed(store, row),
        names={slug: exercise.name for slug, exercise in current_library(store).items()},
        is_complete=not missing_minimum(document),
        waiting_id=waiting.id if waiting is not None else None,
        plan_number=now.number,
        former=now.former,
        is_current=now.referral is not None and now.referral.id == row.id,
        others=tuple(
            Past(one.id, store.actor.local(one.opened_at).date(), one.state) for one in store.referrals.all(client) if one.id != row.id
        ),
    )


def _way(store: Store, row: models.Referral) -> Iterable[Mark]:
    """What has happened to a stop since it was opened, without what was taken back."""
    day = store.actor.local
    for step in store.referrals.steps(row):
        by = store.accounts.user(step.entered_by).name
        yield Mark(step.step, step.happened_on, step.whom, step.words, by, day(step.entered_at).date(), step.id)
    answer = _answer(store, row)
    if answer is not None:
        yield Mark("cleared", answer.clearance.cleared_on, answer.professional, "", answer.logged_by, answer.logged_on)


def _sets(stops: Iterable[PracticeStop]) -> tuple[str, ...]:
    """The keys that what practice brought up sets, as the same red flag of a screen does."""
    return tuple(dict.fromkeys(key for stop in stops for key in SETS_KEYS.get(stop.rule, ())))


def _hurt(store: Store, client: Client, stops: tuple[PracticeStop, ...]) -> tuple[Hurt, ...]:
    """What was reported of the exercises or mornings that practice stopped for, in the weeks up to the stop, newest first."""
    if not stops:
        return ()
    exercises, last = {stop.exercise for stop in stops}, max(stop.on for stop in stops)
    log = days(entry.event for entry in store.practice.log(client, last - REPORTS_OF, last))
    reports = (
        one
        for day in reversed(log)
        for one in (
            Hurt("", Side.BOTH, day.on, day.morning, day.morning_feel),
            *(Hurt(item.exercise, item.side, day.on, item.pain, item.feel) for item in day.items),
        )
        if one.exercise in exercises and (one.pain or one.feel is not None)
    )
    return tuple(islice(reports, MOST_REPORTS))


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


def _removed(store: Store, row: models.Referral) -> tuple[Removed, ...]:
    """What is not in the plan that followed an answer because of its limits."""
    plan = store.referrals.plan_after(row)
    if plan is None:
        return ()
    limits = {*clearance_of(row).not_allowed, PAINFUL.id}
    return tuple(one for one in load_plan(plan).removed if one.key in limits)


# --- the way to an answer -------------------------------------------------------------------------------------------


def _waiting_row(store: Store, client_id: int, referral_id: int) -> tuple[Client, models.Referral]:
    """A stop that waits, held so that nobody else moves it; raises Conflict for any other."""
    client = get_client(store, client_id)
    store.clients.hold(client)
    row = store.referrals.get(client, referral_id)
    check_open(client)
    _check_waits(store, client, row)
    return client, row


@only(Role.TRAINER)
def send(store: Store, client_id: int, referral_id: int, *, to: str, on: date, at: datetime, today: date) -> None:
    """Note that a stop was handed to a professional: to whom and when."""
    client, row = _waiting_row(store, client_id, referral_id)
    problems = [] if to.strip() else [FieldError("sent_to", "To whom was it sent?")]
    _refuse(*problems, *_misdated(store, client, row, "sent_on", on, today))
    _step(store, client, row, "sent", on, to, "", at)


@only(Role.TRAINER)
def hear(
    store: Store, client_id: int, referral_id: int, *, professional: str, on: date, words: str, refused: bool, at: datetime, today: date
) -> None:
    """Note what a professional wrote back without clearing: nothing about training yet, or that it is `refused` for now."""
    client, row = _waiting_row(store, client_id, referral_id)
    problems = [] if professional.strip() else [FieldError("answered_by", "Who has answered?")]
    if not words.strip():
        problems.append(FieldError("answer", "What was the answer?"))
    _refuse(*problems, *_misdated(store, client, row, "answered_on", on, today))
    _step(store, client, row, "not_cleared" if refused else "answered", on, professional, words, at)


def _step(store: Store, client: Client, row: models.Referral, step: str, on: date, whom: str, words: str, at: datetime) -> None:
    row.state = step
    store.referrals.add_step(
        models.ReferralStep(
            studio_id=client.studio_id,
            client_id=client.id,
            referral_id=row.id,
            step=step,
            happened_on=on,
            whom=whom.strip(),
            words=words.strip(),
            entered_by=store.actor.user_id,
            entered_at=at,
        )
    )
    store.audit.note(at, step.replace("_", " "), "referral", row.id)


@only(Role.TRAINER)
def take_back(store: Store, client_id: int, referral_id: int, step_id: int, at: datetime) -> None:
    """Take the last step of a stop back, as a mistake; raises Conflict when it is no longer the last one."""
    _, row = _waiting_row(store, client_id, referral_id)
    steps = store.referrals.steps(row)
    if not steps or steps[-1].id != step_id:
        raise Conflict("That step is not the last one any more, so it stays.")
    steps[-1].taken_back_by, steps[-1].taken_back_at = store.actor.user_id, at
    row.state = steps[-2].step if len(steps) > 1 else "open"
    store.audit.note(at, "took a step back", "referral", row.id)


@only(Role.TRAINER)
def write_letter(store: Store, client_id: int, referral_id: int, *, question: str, remark: str, at: datetime) -> None:
    """Keep what the letter asks and remarks, in the trainer's own words; an empty question is the usual one."""
    _, row = _waiting_row(store, client_id, referral_id)
    row.question, row.remark = question.strip() or None, remark.strip()
    store.audit.note(at, "wrote the letter of", "referral", row.id)


def _refuse(*problems: FieldError) -> None:
    if problems:
        raise Invalid(*problems)


def _misdated(store: Store, client: Client, row: models.Referral, name: str, on: date, today: date) -> Iterable[FieldError]:
    """What is wrong with the day of a step: it lies before the stop, before the step that came last, or in the future."""
    steps = store.referrals.steps(row)
    if on > today:
        yield FieldError(name, "This day has not come yet.")
    elif on < _stopped_on(store, client):
        yield FieldError(name, "This is before what it answers." if name != "sent_on" else "This is before the stop.")
    elif steps and on < steps[-1].happened_on:
        yield FieldError(name, f"This is before the last step, which was on {steps[-1].happened_on}.")


# --- the answer that unlocks ----------------------------------------------------------------------------------------


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
    """Log a professional's answer. The plan follows with its limits; None when the screen stopped before it was complete.

    What hurt in two sessions stays out, and a red flag that practice brought up sets its keys, unless the answer allows them. Lines that
    the trainer left as they were at that screen stay so where none of this takes them.
    """
    client, row = _waiting_row(store, client_id, referral_id)
    screen = store.screens.get(client, row.screen_id)
    document = read_screen(screen)
    view = view_referral(store, row)
    stops = tuple(stop for one in unanswered(store, client) for stop in practice_stops(one))
    may, may_not = tuple(allowed), tuple(not_allowed)
    clearance = Clearance(
        cleared_on=cleared_on,
        answers=tuple(dict.fromkeys(reason.rule for reason in view.reasons)),
        allowed=may,
        not_allowed=(*may_not, *(key for key in _sets(stops) if key not in may and key not in may_not)),
        same_screen=True,
        without=tuple(dict.fromkeys(stop.exercise for stop in stops if stop.rule in GOES)),
    )
    problems = [FieldError(one.field, one.message) for one in check_clearance(clearance, today)]
    if not professional.strip():
        problems.append(FieldError("professional", "Who has answered?"))
    if cleared_on <= today:
        problems += _misdated(store, client, row, "cleared_on", cleared_on, today)
    _refuse(*problems)
    same = mended_by(store, client, screen)
    former = tuple(clearance_of(one, same_screen=one.screen_id in same) for one in store.referrals.cleared(client))
    row.state = "cleared"
    row.professional = professional.strip()
    row.cleared_on = cleared_on
    row.limits = CLEARANCE.dump_json(clearance).decode()
    row.note = note
    row.logged_by = store.actor.user_id
    row.logged_at = at
    store.progress.forget(client)
    store.audit.note(at, "cleared", "referral", row.id)
    if missing_minimum(document):
        return None
    given = (*former, clearance)
    publish(store, client, screen.id, document, given, at, today, rebuilt_plan(store, client, screen, document, given))
    return standing_of(store, client, today)


def _check_waits(store: Store, client: Client, row: models.Referral) -> None:
    """Raise Conflict, saying where to go instead, unless this stop waits for an answer."""
    if row.waits:
        return
    if row.state == "cleared":
        raise Conflict(f"The answer of {row.professional} of {row.cleared_on} is logged already.")
    waiting = store.referrals.waiting(client)
    instead = "Nothing waits for an answer now." if waiting is None else f"Answer stop {waiting.id}, which has taken it over."
    raise Conflict(f"This stop no longer waits for an answer. {instead}")


def _stopped_on(store: Store, client: Client) -> date:
    """The newest day on which something stopped her that was not merely carried over: an answer can't be older."""
    given = tuple(clearance_of(one) for one in store.referrals.cleared(client))
    found: list[date] = []
    for row in unanswered(store, client):
        if row.practice is not None:
            found += [stop.on for stop in practice_stops(row)]
        elif own_reasons(store, client, row, given):
            found.append(store.screens.get(client, row.screen_id).taken_on)
    return max(found, default=date.min)
