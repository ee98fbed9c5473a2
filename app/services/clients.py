"""Clients: profiles, consent, who trains whom, and what comes next for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.errors import Conflict, FieldError, Invalid, NotFound
from app.models import Client, ClientEvent, Consent, Plan, Referral, Role, Screen, User
from app.rules.battery import POUND
from app.rules.checks import ADULT_FROM
from app.rules.documents import Person
from app.rules.rescreen import EVENTS
from app.rules.vocabulary import Sex
from app.services import only
from app.store import Store
from app.store.clients import Facts, searchable

OLDEST: Final = 110
LIGHTEST_KG: Final = 25.0
HEAVIEST_KG: Final = 350.0
"""What can't be a person's age or weight, so that a slip of the finger is noticed."""

CONSENT_VERSION: Final = "2026-11"
CONSENT_TEXT: Final = """\
I agree that my trainer and this studio keep health data about me: my answers about health, pain, injuries, operations, medication and \
pregnancy, my body weight, what the tests measure, the plan that is made from it, and what I tick off.

It is used to choose my exercises and to change them, and for nothing else. The trainers who work with me can see it. Nobody outside \
the studio is given it, unless I hand it over myself, such as a note for my doctor.

I can ask my trainer at any time to show me what is kept, to give me a copy, to correct it or to delete it.

Agreeing is my choice. I can withdraw at any time by telling my trainer: from then on my practice stops and my profile is put away. \
What was done before that stays as it was.

I understand that the screen looks at how I move. It is coaching, not a medical test, and takes no doctor's place."""
"""What a client agrees to, word for word. A changed text needs a new version; consents on record keep the text they were given."""

BY_API: Final = "stated by the trainer, by API"


class How(StrEnum):
    """How a client agreed, as her trainer records it."""

    SIGNED = "signed on paper"
    SPOKEN = "agreed in person"


@dataclass(frozen=True, slots=True)
class ClientFields:
    """What a trainer writes about a client. `name` may be a code; weight is in kilograms."""

    name: str
    birth_year: int
    sex: Sex
    body_weight_kg: float | None = None
    email: str | None = None
    phone: str | None = None
    goals: str = ""


class Standing(StrEnum):
    """Where things stand with a client, by what has to come next."""

    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"
    NO_CONSENT = "no_consent"
    STOPPED = "stopped"
    DRAFT = "draft"
    UNSCREENED = "unscreened"
    CLEARED = "cleared"
    """A stop was answered, and the screen has still to be done."""
    PLAN = "plan"


def standing(facts: Facts) -> Standing:
    """The most pressing thing first."""
    if facts.is_archived:
        return Standing.WITHDRAWN if facts.consented is False else Standing.ARCHIVED
    if not facts.consented:
        return Standing.NO_CONSENT
    if facts.is_stopped:
        return Standing.STOPPED
    if facts.draft_id is not None:
        return Standing.DRAFT
    if facts.screen_id is None:
        return Standing.UNSCREENED
    return Standing.PLAN if facts.plan_screen_id == facts.screen_id else Standing.CLEARED


# --- what a profile may say -----------------------------------------------------------------------------------------


def _age_problem(birth_year: int, today: date) -> str | None:
    if birth_year > today.year:
        return "This year has not come yet."
    if today.year - birth_year < ADULT_FROM:
        return f"Under {ADULT_FROM}: the norms are for adults, so there is no screen here."
    if today.year - birth_year > OLDEST:
        return "Look at the year again: write all four figures, such as 1992."
    return None


def check(fields: ClientFields, today: date, *, consented_on: date | None = None) -> None:
    """Raise Invalid with everything that a profile must not say, and a consent given with it."""
    errors = []
    if not fields.name.strip():
        errors.append(FieldError("name", "Write a name or a code."))
    if problem := _age_problem(fields.birth_year, today):
        errors.append(FieldError("birth_year", problem))
    weight = fields.body_weight_kg
    if weight is not None and not LIGHTEST_KG <= weight <= HEAVIEST_KG:
        kilos = f"{LIGHTEST_KG:.0f} and {HEAVIEST_KG:.0f} kg"
        pounds = f"{LIGHTEST_KG / POUND.per_unit:.0f} and {HEAVIEST_KG / POUND.per_unit:.0f} lb"
        errors.append(FieldError("body_weight_kg", f"Look at the number again: between {kilos} ({pounds})."))
    if fields.email is not None and not _looks_like_email(fields.email):
        errors.append(FieldError("email", "Write an e-mail address, such as name@mail.example."))
    if fields.phone is not None and (len(fields.phone) > 40 or sum(letter.isdigit() for letter in fields.phone) < 3):
        errors.append(FieldError("phone", "Write a phone number."))
    if consented_on is not None and (text := _day_problem(consented_on, None if problem else fields.birth_year, today)):
        errors.append(FieldError("consented_on", text))
    if errors:
        raise Invalid(*errors)


def _looks_like_email(text: str) -> bool:
    mailbox, _, host = text.partition("@")
    return bool(mailbox and host) and "@" not in host and not any(letter.isspace() for letter in text) and len(text) <= 254


def _day_problem(on: date, birth_year: int | None, today: date) -> str | None:
    if on > today:
        return "This day has not come yet."
    if birth_year is not None and on.year - birth_year < ADULT_FROM:
        return f"That was before the age of {ADULT_FROM}. Look at the date again."
    return None


def _fill(client: Client, fields: ClientFields) -> None:
    client.name = fields.name.strip()
    client.birth_year = fields.birth_year
    client.sex = fields.sex.value
    client.body_weight_kg = None if fields.body_weight_kg is None else round(fields.body_weight_kg, 2)
    client.email = fields.email or None
    client.phone = fields.phone or None
    client.goals = fields.goals.strip()
    client.search = searchable(client.name, client.email or "", client.phone or "")


# --- adding, reading, changing --------------------------------------------------------------------------------------


@only(Role.TRAINER)
def add_client(store: Store, fields: ClientFields, at: datetime, today: date, *, consented_on: date | None, how: str = BY_API) -> Client:
    """Add a client; whoever adds her becomes her trainer."""
    check(fields, today, consented_on=consented_on)
    trainer = store.accounts.user(store.actor.user_id)
    user = User(studio_id=trainer.studio_id, email=None, name="", roles=frozenset({Role.CLIENT}), created_at=at)
    store.accounts.add(user)
    client = Client(studio_id=trainer.studio_id, user_id=user.id, created_by=trainer.id, created_at=at)
    _fill(client, fields)
    store.clients.add(client)
    store.clients.assign(client, trainer)
    store.audit.note(at, "added", "client", client.id)
    if consented_on is not None:
        _record(store, client, consented_on, at, how)
    return client


@only(Role.TRAINER, Role.CLIENT)
def get_client(store: Store, client_id: int) -> Client:
    """A client, for her trainers and for herself; anybody else's is not there."""
    return store.clients.get(client_id)


@only(Role.TRAINER)
def trained_client(store: Store, client_id: int) -> Client:
    """A client of one's own."""
    return store.clients.get(client_id)


@only(Role.TRAINER)
def save_client(store: Store, client_id: int, fields: ClientFields, at: datetime, today: date) -> Client:
    """Change a profile. Screens keep the age, sex and weight of their own day."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    check_open(client)
    check(fields, today)
    _fill(client, fields)
    store.audit.note(at, "changed", "client", client.id)
    return client


@only(Role.TRAINER)
def archive_client(store: Store, client_id: int, at: datetime) -> Client:
    """Put a profile away: it can be read, and brought back."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    if client.archived_at is None:
        _put_away(store, client, at)
        store.audit.note(at, "archived", "client", client.id)
    return client


@only(Role.TRAINER)
def restore_client(store: Store, client_id: int, at: datetime) -> Client:
    """Bring a profile back; after a withdrawal only a new consent does that."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    _refuse_withdrawn(store.clients.consents(client))
    if client.archived_at is not None:
        _bring_back(store, client)
        store.audit.note(at, "restored", "client", client.id)
    return client


def _put_away(store: Store, client: Client, at: datetime) -> None:
    client.archived_at = client.archived_at or at
    store.plans.mark_current(client, is_current=False)


def _bring_back(store: Store, client: Client) -> None:
    client.archived_at = None
    store.plans.mark_current(client, is_current=True)


def check_open(client: Client) -> None:
    """Raise Conflict if a client's profile is put away; a withdrawn consent puts it away, too."""
    if client.archived_at is not None:
        raise Conflict(f"{client.name}'s profile is archived. Bring it back first.")


def person_on(client: Client, day: date) -> Person:
    """A client as the rules know her, as of a day."""
    return Person(age=day.year - client.birth_year, sex=Sex(client.sex), body_weight_kg=client.body_weight_kg)


# --- consent --------------------------------------------------------------------------------------------------------


def _record(store: Store, client: Client, on: date, at: datetime, how: str) -> Consent:
    consent = Consent(
        studio_id=client.studio_id,
        client_id=client.id,
        version=CONSENT_VERSION,
        text=CONSENT_TEXT,
        consented_on=on,
        how=how,
        recorded_by=store.actor.user_id,
        recorded_at=at,
    )
    store.clients.add_consent(consent)
    store.audit.note(at, "recorded consent of", "client", client.id)
    return consent


def consent_in_force(store: Store, client: Client) -> Consent | None:
    return store.clients.consent_in_force(client)


def ensure_consent(store: Store, client: Client, on: date, at: datetime, how: str) -> Consent:
    """The consent in force of a client who is held; where none was ever given, one is recorded as of that day."""
    consents = store.clients.consents(client)
    _refuse_withdrawn(consents)
    check_open(client)
    return consents[0] if consents else _record(store, client, on, at, how)


def _was_withdrawn(consents: Sequence[Consent]) -> bool:
    """Whether the newest consent is not in force any more."""
    return bool(consents) and consents[0].withdrawn_at is not None


def _refuse_withdrawn(consents: Sequence[Consent]) -> None:
    if _was_withdrawn(consents):
        raise Conflict("The consent was withdrawn. A new consent brings the profile back.")


@only(Role.TRAINER)
def record_consent(store: Store, client_id: int, on: date, how: How, at: datetime, today: date) -> Consent:
    """Record that a client agreed to the text as it stands now. After a withdrawal this brings her back."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    consents = store.clients.consents(client)
    was_withdrawn = _was_withdrawn(consents)
    if not was_withdrawn:
        check_open(client)
    if consents and not was_withdrawn:
        raise Conflict("The consent is on record already.")
    if problem := _day_problem(on, client.birth_year, today):
        raise Invalid(FieldError("consented_on", problem))
    if was_withdrawn:
        _bring_back(store, client)
    return _record(store, client, on, at, how.value)


@only(Role.TRAINER)
def withdraw_consent(store: Store, client_id: int, at: datetime) -> Client:
    """A client takes her consent back: practice stops and the profile is put away. Possible from an archived profile, too."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    consent = store.clients.consent_in_force(client)
    if consent is None:
        raise Conflict("There is no consent on record that could be withdrawn.")
    consent.withdrawn_at = at
    _put_away(store, client, at)
    store.audit.note(at, "withdrew consent of", "client", client.id)
    return client


# --- who trains whom ------------------------------------------------------------------------------------------------


def _trains_here(user: User) -> bool:
    return Role.TRAINER in user.roles and user.left_at is None


@only(Role.TRAINER)
def share_client(store: Store, client_id: int, user_id: int, at: datetime) -> User:
    """Let a colleague work with a client, too."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    check_open(client)
    colleague = store.accounts.user(user_id)
    if not _trains_here(colleague):
        raise NotFound
    if all(trainer.id != colleague.id for trainer in store.clients.trainers(client)):
        store.clients.assign(client, colleague)
        store.audit.note(at, f"shared with {colleague.id}", "client", client.id)
    return colleague


@only(Role.TRAINER)
def stop_sharing(store: Store, client_id: int, user_id: int, at: datetime) -> User:
    """Take a trainer off a client, oneself perhaps; somebody who works here always stays."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    check_open(client)
    trainers = store.clients.trainers(client)
    leaving = next((trainer for trainer in trainers if trainer.id == user_id), None)
    if leaving is None:
        raise NotFound
    if not any(_trains_here(trainer) for trainer in trainers if trainer.id != leaving.id):
        raise Conflict(f"{leaving.name} is the only trainer of {client.name}. Share with a colleague first.")
    store.clients.unassign(client, leaving)
    store.audit.note(at, f"unshared from {leaving.id}", "client", client.id)
    return leaving


# --- what happened to her -------------------------------------------------------------------------------------------

LONGEST_EVENT_NOTE: Final = 200


@only(Role.TRAINER)
def note_event(store: Store, client_id: int, kind: str, happened_on: date, note: str, at: datetime, today: date) -> ClientEvent:
    """Note what happened to a client and asks for another screen; the same thing on the same day twice is one event."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    check_open(client)
    note = note.strip()
    errors = []
    if kind not in EVENTS:
        errors.append(FieldError("kind", "Choose what happened."))
    if happened_on > today:
        errors.append(FieldError("happened_on", "This day has not come yet."))
    elif happened_on < store.actor.local(client.created_at).date():
        errors.append(FieldError("happened_on", "This is before the profile was added. Ask about it in the next screen."))
    if len(note) > LONGEST_EVENT_NOTE:
        errors.append(FieldError("note", f"Use at most {LONGEST_EVENT_NOTE} characters."))
    if errors:
        raise Invalid(*errors)
    for known, _ in store.clients.events(client):
        if (known.kind, known.happened_on) == (kind, happened_on):
            if known.note != note:
                raise Conflict("This is noted already for that day. Take it back first, then note it anew.")
            return known
    event = ClientEvent(
        studio_id=client.studio_id,
        client_id=client.id,
        kind=kind,
        happened_on=happened_on,
        note=note,
        entered_by=store.actor.user_id,
        at=at,
    )
    store.clients.add_event(event)
    store.audit.note(at, "noted an event of", "client", client.id)
    return event


@only(Role.TRAINER)
def take_back_event(store: Store, client_id: int, event_id: int, at: datetime) -> None:
    """Take back an event that was noted by mistake; a second time changes nothing."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    check_open(client)
    event = store.clients.event(client, event_id)
    if event.taken_back_at is not None:
        return
    event.taken_back_by, event.taken_back_at = store.actor.user_id, at
    store.audit.note(at, "took back an event of", "client", client.id)


# --- the list and the page ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of clients, where it begins, and the ids to go on from in either direction."""

    clients: tuple[Client, ...]
    start: int
    """How many come before."""
    total: int
    before: int | None
    after: int | None


@only(Role.TRAINER)
def list_clients(
    store: Store, query: str, limit: int, *, archived: bool | None, after: int | None = None, before: int | None = None
) -> Slice:
    """One's own clients in order of name; `after` and `before` are ids of clients, as an earlier page gave them."""
    place = after or before
    edge = None if place is None else store.clients.known(place)
    if place is not None and edge is None:
        raise Invalid(FieldError("cursor", "This place in the list is not there any more. Start again without it."))
    backwards = after is None and before is not None
    rows = store.clients.page(query, limit, archived=archived, edge=edge, backwards=backwards)
    total = store.clients.count(query, archived=archived)
    start = store.clients.count(query, archived=archived, until=rows[0]) if rows else total
    return Slice(
        clients=tuple(rows),
        start=start,
        total=total,
        before=rows[0].id if rows and start > 0 else None,
        after=rows[-1].id if rows and start + len(rows) < total else None,
    )


@only(Role.TRAINER)
def count_clients(store: Store, *, archived: bool) -> int:
    return store.clients.count("", archived=archived)


@only(Role.TRAINER, Role.CLIENT)
def facts_of(store: Store, clients: Sequence[Client]) -> dict[int, Facts]:
    """What decides where things stand, for each client by her id."""
    return store.clients.facts(clients)


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a client's own page shows."""

    client: Client
    facts: Facts
    consents: tuple[Consent, ...]
    trainers: tuple[User, ...]
    colleagues: tuple[User, ...]
    """Those with whom she could be shared."""
    drafts: tuple[Screen, ...]
    screens: tuple[Screen, ...]
    plans: tuple[Plan, ...]
    referrals: tuple[Referral, ...]


@only(Role.TRAINER)
def profile(store: Store, client_id: int) -> Profile:
    client = store.clients.get(client_id)
    trainers = tuple(store.clients.trainers(client))
    known = {trainer.id for trainer in trainers}
    return Profile(
        client=client,
        facts=store.clients.facts([client])[client.id],
        consents=tuple(store.clients.consents(client)),
        trainers=trainers,
        colleagues=tuple(user for user in store.accounts.staff() if _trains_here(user) and user.id not in known),
        drafts=tuple(store.screens.drafts(client)),
        screens=tuple(store.screens.finished(client)),
        plans=tuple(store.plans.all(client)),
        referrals=tuple(store.referrals.all(client)),
    )
