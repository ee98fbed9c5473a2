"""All SQL, and whose rows a person may see: one `Store` for each unit of work, one file for each noun."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.errors import NotSignedIn
from app.store.accounts import Accounts
from app.store.audit import Audit
from app.store.clients import Clients
from app.store.engine import journal_mode, make_engine, transaction
from app.store.library import LibraryShelf
from app.store.plans import Documents, Plans
from app.store.practice import Practice
from app.store.progress import Progress
from app.store.referrals import Referrals
from app.store.scope import Actor, narrow
from app.store.screens import Screens


@dataclass(frozen=True, slots=True)
class Store:
    """One transaction, narrowed to what its actor may see; `actor` is None before anybody is signed in."""

    session: Session
    who: Actor | None
    documents: Documents = field(default_factory=Documents)

    @property
    def actor(self) -> Actor:
        """Whoever is signed in; raises NotSignedIn."""
        if self.who is None:
            raise NotSignedIn
        return self.who

    def undo(self) -> None:
        """Take back all that this transaction did so far."""
        self.session.rollback()

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.session)

    @property
    def clients(self) -> Clients:
        return Clients(self.session)

    @property
    def screens(self) -> Screens:
        return Screens(self.session)

    @property
    def plans(self) -> Plans:
        return Plans(self.session, self.documents)

    @property
    def practice(self) -> Practice:
        return Practice(self.session)

    @property
    def progress(self) -> Progress:
        return Progress(self.session)

    @property
    def referrals(self) -> Referrals:
        return Referrals(self.session)

    @property
    def library(self) -> LibraryShelf:
        return LibraryShelf(self.session)

    @property
    def audit(self) -> Audit:
        return Audit(self.session, self.who)


@dataclass(frozen=True, slots=True)
class Database:
    """Where units of work come from."""

    engine: Engine
    documents: dict[tuple[int, datetime], str] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def at(url: str, *, connections: int = 10) -> "Database":
        return Database(make_engine(url, connections=connections))

    @contextmanager
    def work(self, who: Actor | None = None, *, writes: bool) -> Iterator[Store]:
        """One transaction as somebody: leaving it commits, raising in it rolls back. Without somebody it sees every studio."""
        with transaction(self.engine, writes=writes) as session:
            if who is not None:
                narrow(session, who)
            yield Store(session, who, Documents(self.documents, adds=not writes))

    @property
    def reads_at_once(self) -> bool:
        """Whether a read neither crosses a network nor waits for a writer: SQLite with its write-ahead log."""
        return self.engine.dialect.name == "sqlite" and journal_mode() == "WAL"

    def answers(self) -> bool:
        """Whether the database can be reached."""
        try:
            with transaction(self.engine, writes=False) as session:
                session.connection().exec_driver_sql("SELECT 1")
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the answer is the same
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()
        self.documents.clear()
