"""All SQL, and whose rows a person may see: one `Store` for each unit of work, one file for each noun."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import NotSignedIn
from app.store.accounts import Accounts
from app.store.audit import Audit
from app.store.clients import Clients
from app.store.library import LibraryShelf
from app.store.plans import Plans
from app.store.practice import Practice
from app.store.referrals import Referrals
from app.store.scope import Actor
from app.store.screens import Screens


@dataclass(frozen=True, slots=True)
class Store:
    """One transaction, narrowed to what its actor may see; `actor` is None before anybody is signed in."""

    session: Session
    who: Actor | None

    @property
    def actor(self) -> Actor:
        """Whoever is signed in; raises NotSignedIn."""
        if self.who is None:
            raise NotSignedIn
        return self.who

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
        return Plans(self.session)

    @property
    def practice(self) -> Practice:
        return Practice(self.session)

    @property
    def referrals(self) -> Referrals:
        return Referrals(self.session)

    @property
    def library(self) -> LibraryShelf:
        return LibraryShelf(self.session)

    @property
    def audit(self) -> Audit:
        return Audit(self.session, self.who)
