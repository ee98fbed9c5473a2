"""Clients, their trainers and their consents."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.errors import NotFound
from app.models import Client, ClientEvent, ClientTrainer, Consent, Plan, PracticeEvent, Referral, Screen, User
from app.store.screens import current_screen_id, screened_on

_UNACCENTED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"} | dict.fromkeys("’‘ʼ", "'")
)
"""Letters that no decomposition takes apart, and the apostrophes that phones and word processors write."""


def folded(text: str) -> str:
    """Text as it is compared in a search: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_UNACCENTED)


def searchable(name: str, *contact: str) -> str:
    """What a client is found by; the name comes first, since the list is ordered by it."""
    digits = "".join(letter for letter in contact[-1] if letter.isdigit()) if contact else ""
    return folded(" ".join(part for part in (name, *contact, digits) if part))[:1000]


def like(term: str) -> str:
    """A LIKE pattern that finds the term literally anywhere; its escape character is a backslash."""
    escaped = folded(term).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides where things stand with one client."""

    is_archived: bool
    consented: bool | None
    """Whether the last consent is in force; None where there never was one."""
    consented_on: date | None
    is_stopped: bool
    draft_id: int | None
    screen_id: int | None
    """The current screen: the last finished one that no other mends."""
    taken_on: date | None
    """Its day."""
    screened_on: date | None
    """The day of the newest screen: another one than the current, where that was back-dated."""
    plan_number: int | None
    plan_screen_id: int | None


def _are(client_ids: Sequence[int] | None) -> ColumnElement[bool]:
    """These clients; without any named, all in practice."""
    if client_ids is not None:
        return Client.id.in_(client_ids)
    stop = aliased(Referral)
    waits = select(stop.id).where(stop.client_id == Client.id, stop.waits).correlate(Client).exists()
    return and_(Client.archived_at.is_(None), ~waits)


@dataclass(frozen=True, slots=True)
class Clients:
    session: Session

    def get(self, client_id: int) -> Client:
        found = self.session.scalar(select(Client).where(Client.id == client_id))
        if found is None:
            raise NotFound
        return found

    def _matching(self, query: str, *, archived: bool | None) -> Select[Client]:
        statement = select(Client)
        if archived is not None:
            statement = statement.where(Client.archived_at.is_not(None) if archived else Client.archived_at.is_(None))
        for word in query.split():
            statement = statement.where(Client.search.like(like(word), escape="\\"))
        return statement

    def everybody(self) -> list[Client]:
        """Every client that may be seen, archived ones too."""
        return list(self.session.scalars(select(Client).order_by(Client.id)))

    def known(self, client_id: int) -> Client | None:
        return self.session.scalar(select(Client).where(Client.id == client_id))

    def page(self, query: str, limit: int, *, archived: bool | None, edge: Client | None = None, backwards: bool = False) -> list[Client]:
        """Clients in order of name, those next to the edge: after it, or before it when going backwards."""
        statement, place = self._matching(query, archived=archived), tuple_(Client.search, Client.id)
        if edge is not None:
            here = (edge.search, edge.id)
            statement = statement.where(place < here if backwards else place > here)
        if not backwards:
            return list(self.session.scalars(statement.order_by(Client.search, Client.id).limit(limit)))
        rows = self.session.scalars(statement.order_by(Client.search.desc(), Client.id.desc()).limit(limit)).all()
        return list(reversed(rows))

    def count(self, query: str, *, archived: bool | None, until: Client | None = None) -> int:
        """How many clients match; only those that come before one of them, where it is given."""
        statement = self._matching(query, archived=archived)
        if until is not None:
            statement = statement.where(tuple_(Client.search, Client.id) < (until.search, until.id))
        return self.session.scalar(select(func.count()).select_from(statement.subquery())) or 0

    def facts(self, clients: Sequence[Client]) -> dict[int, Facts]:
        """By client id, in one query however many there are."""
        draft = select(func.max(Screen.id)).where(Screen.client_id == Client.id, Screen.finished_at.is_(None)).correlate(Client)
        plan = select(func.max(Plan.id)).where(Plan.client_id == Client.id).correlate(Client).scalar_subquery()
        consent = select(func.max(Consent.id)).where(Consent.client_id == Client.id).correlate(Client).scalar_subquery()
        stopped = select(Referral.id).where(Referral.client_id == Client.id, Referral.waits).correlate(Client).exists()
        rows = self.session.execute(
            select(
                Client.id,
                Client.archived_at,
                Consent.id,
                Consent.consented_on,
                Consent.withdrawn_at,
                Screen.id,
                Screen.taken_on,
                screened_on(),
                Plan.number,
                Plan.screen_id,
                draft.scalar_subquery(),
                stopped,
            )
            .outerjoin(Consent, Consent.id == consent)
            .outerjoin(Screen, Screen.id == current_screen_id())
            .outerjoin(Plan, Plan.id == plan)
            .where(Client.id.in_([client.id for client in clients]))
        )
        return {
            client_id: Facts(
                is_archived=archived_at is not None,
                consented=None if consent_id is None else withdrawn_at is None,
                consented_on=consented_on if withdrawn_at is None else None,
                is_stopped=bool(is_stopped),
                draft_id=draft_id,
                screen_id=screen_id,
                taken_on=taken_on,
                screened_on=newest_on,
                plan_number=plan_number,
                plan_screen_id=plan_screen_id,
            )
            for (
                client_id,
                archived_at,
                consent_id,
                consented_on,
                withdrawn_at,
                screen_id,
                taken_on,
                newest_on,
                plan_number,
                plan_screen_id,
                draft_id,
                is_stopped,
            ) in rows
        }

    def screened_until(self, last: date) -> list[tuple[int, str, date, date | None]]:
        """Clients in practice whose newest screen was taken on `last` or before: id, name, its day, and the newest with a set ticked."""
        stop, done = aliased(Referral), aliased(PracticeEvent)
        waits = select(stop.id).where(stop.client_id == Client.id, stop.waits).correlate(Client).exists()
        found = select(Client.id, Client.name, screened_on().label("on")).where(Client.archived_at.is_(None), ~waits).subquery()
        practised_on = (
            select(done.performed_on).where(done.client_id == found.c.id, done.done).order_by(done.performed_on.desc()).limit(1)
        ).scalar_subquery()
        rows = self.session.execute(select(found.c.id, found.c.name, found.c.on, practised_on).where(found.c.on <= last))
        return [(client_id, name, on, practised) for client_id, name, on, practised in rows]

    def practised_since(self, client_ids: Collection[int], first: date) -> dict[int, list[date]]:
        """By client the days from `first` on with a set ticked, in order."""
        rows = self.session.execute(
            select(PracticeEvent.client_id, PracticeEvent.performed_on)
            .where(PracticeEvent.client_id.in_(client_ids), PracticeEvent.performed_on >= first, PracticeEvent.done)
            .distinct()
            .order_by(PracticeEvent.performed_on)
        )
        found: dict[int, list[date]] = {}
        for client_id, on in rows:
            found.setdefault(client_id, []).append(on)
        return found

    def add(self, client: Client) -> None:
        self.session.add(client)
        self.session.flush()

    def hold(self, client: Client) -> None:
        """Let nobody else change this client until this transaction ends, and read her anew: somebody may just have done so.

        Everything that changes her, or must not happen while she is put away, comes after this. Rows that point to her may still be added.
        """
        held = select(Client).where(Client.id == client.id).with_for_update(key_share=True)
        if self.session.scalar(held.execution_options(populate_existing=True)) is None:
            raise NotFound

    def assign(self, client: Client, trainer: User) -> None:
        self.session.add(ClientTrainer(studio_id=client.studio_id, client_id=client.id, user_id=trainer.id))
        self.session.flush()

    def unassign(self, client: Client, trainer: User) -> None:
        self.session.execute(
            delete(ClientTrainer)
            .where(ClientTrainer.client_id == client.id, ClientTrainer.user_id == trainer.id)
            .execution_options(synchronize_session=False)
        )

    def trainers(self, client: Client) -> list[User]:
        return list(
            self.session.scalars(
                select(User)
                .join(ClientTrainer, ClientTrainer.user_id == User.id)
                .where(ClientTrainer.client_id == client.id)
                .order_by(User.name, User.id)
            )
        )

    def consents(self, client: Client) -> list[Consent]:
        """What a client has agreed to, newest first."""
        return list(self.session.scalars(select(Consent).where(Consent.client_id == client.id).order_by(Consent.id.desc())))

    def consent_in_force(self, client: Client) -> Consent | None:
        newest = next(iter(self.consents(client)), None)
        return newest if newest is not None and newest.withdrawn_at is None else None

    def add_consent(self, consent: Consent) -> None:
        self.session.add(consent)
        self.session.flush()

    # --- what happened to her -----------------------------------------------------------------------------------------

    def events(self, client: Client) -> list[tuple[ClientEvent, str]]:
        """What happened to a client and was not taken back, the newest first, each with the name of whoever noted it."""
        rows = self.session.execute(
            select(ClientEvent, User.name)
            .join(User, User.id == ClientEvent.entered_by)
            .where(ClientEvent.client_id == client.id, ClientEvent.taken_back_at.is_(None))
            .order_by(ClientEvent.happened_on.desc(), ClientEvent.id.desc())
        )
        return [(event, by) for event, by in rows]

    def event(self, client: Client, event_id: int) -> ClientEvent:
        found = self.session.scalar(select(ClientEvent).where(ClientEvent.id == event_id, ClientEvent.client_id == client.id))
        if found is None:
            raise NotFound
        return found

    def add_event(self, event: ClientEvent) -> None:
        self.session.add(event)
        self.session.flush()

    def events_since_screens(self, client_ids: Sequence[int] | None = None) -> list[tuple[int, str, date, date, str]]:
        """What happened to these clients, or all in practice, after the newest screen: id, name, day of that screen, day and kind."""
        on = screened_on()
        rows = self.session.execute(
            select(Client.id, Client.name, on, ClientEvent.happened_on, ClientEvent.kind)
            .join(ClientEvent, ClientEvent.client_id == Client.id)
            .where(_are(client_ids), ClientEvent.taken_back_at.is_(None), ClientEvent.happened_on > on)
        )
        return [(client_id, name, screened, happened, kind) for client_id, name, screened, happened, kind in rows]

    def stops_since_screens(self, client_ids: Sequence[int] | None = None) -> list[tuple[int, str, date, datetime, datetime, str]]:
        """Their stops that were cleared since: id, name, day of the newest screen, when it began, when it was answered, and its reasons."""
        on = screened_on()
        rows = self.session.execute(
            select(Client.id, Client.name, on, Referral.opened_at, Referral.logged_at, Referral.reasons)
            .join(Referral, Referral.client_id == Client.id)
            .where(_are(client_ids), Referral.state == "cleared", func.date(Referral.logged_at) >= on)
        )
        return [
            (client_id, name, screened, opened, logged, reasons)
            for client_id, name, screened, opened, logged, reasons in rows
            if logged is not None
        ]

    def user_by_contact(self, email: str) -> User | None:
        """The sign-in of the one client with this contact address; None when there is none, or more than one."""
        found = self.session.scalars(
            select(User).join(Client, Client.user_id == User.id).where(func.lower(Client.email) == email.strip().lower()).limit(2)
        ).all()
        return found[0] if len(found) == 1 else None
