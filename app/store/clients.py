"""Clients, their trainers and their consents."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Client, ClientTrainer, Consent, User


def folded(text: str) -> str:
    """Text as it is compared in a search: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def like(term: str) -> str:
    """A LIKE pattern that finds the term literally anywhere; its escape character is a backslash."""
    escaped = folded(term).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


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

    def page(self, query: str, after: tuple[str, int] | None, limit: int, *, archived: bool | None) -> list[Client]:
        """Clients in order of name, beginning after a (search, id) pair."""
        statement = self._matching(query, archived=archived).order_by(Client.search, Client.id).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(Client.search, Client.id) > after)
        return list(self.session.scalars(statement))

    def count(self, query: str, *, archived: bool | None) -> int:
        return self.session.scalar(select(func.count()).select_from(self._matching(query, archived=archived).subquery())) or 0

    def add(self, client: Client) -> None:
        self.session.add(client)
        self.session.flush()

    def assign(self, client: Client, trainer: User) -> None:
        self.session.add(ClientTrainer(studio_id=client.studio_id, client_id=client.id, user_id=trainer.id))
        self.session.flush()

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
        return next((consent for consent in self.consents(client) if consent.withdrawn_at is None), None)

    def add_consent(self, consent: Consent) -> None:
        self.session.add(consent)
        self.session.flush()

    def user_by_contact(self, email: str) -> User | None:
        """The sign-in of the one client with this contact address; None when there is none, or more than one."""
        found = self.session.scalars(
            select(User).join(Client, Client.user_id == User.id).where(func.lower(Client.email) == email.strip().lower()).limit(2)
        ).all()
        return found[0] if len(found) == 1 else None
