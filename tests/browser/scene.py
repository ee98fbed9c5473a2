"""Tess, Cleo and her plan in the live app, for browser tests that begin where she practises."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page

from app.models import AccessLink, Client, Role, User
from app.rules.vocabulary import Sex
from app.services import accounts, clients
from app.services.accounts import Try
from app.store import Database
from app.store.accounts import actor_of, digest
from app.store.scope import Actor
from tests.browser.live import Live
from tests.finished import finish_in, situation


@dataclass(frozen=True)
class Scene:
    """The live app with a studio in it."""

    live: Live
    database: Database
    tess: Actor
    client_id: int

    def screen(self, name: str) -> None:
        """Finish one of the situations' screens for Cleo."""
        at = self.live.clock()
        with self.database.work(self.tess, writes=True) as store:
            finish_in(store, self.client_id, situation(name, taken_on=at.date()), at)

    def and_another(self, name: str) -> "Scene":
        """The same studio, with another client of Tess's."""
        at = self.live.clock()
        with self.database.work(self.tess, writes=True) as store:
            fields = clients.ClientFields(name=name, birth_year=1990, sex=Sex.FEMALE)
            client = clients.add_client(store, fields, at, at.date(), consented_on=at.date())
        return replace(self, client_id=client.id)

    def sign_in_tess(self, page: Page) -> None:
        with self.database.work(writes=True) as store:
            user = store.accounts.user(self.tess.user_id)
            token = accounts.sign_in(store, Try(user.id, user.password_hash, may_try=True), "a browser", self.live.clock())
        self._keep(page, token)

    def sign_in_cleo(self, page: Page) -> None:
        at = self.live.clock()
        with self.database.work(writes=True) as store:
            client = store.clients.get(self.client_id)
            link = AccessLink(
                studio_id=client.studio_id,
                client_id=client.id,
                made_by=self.tess.user_id,
                token_hash=digest(str(uuid4())),
                ends_at=at + timedelta(minutes=1),
                created_at=at,
            )
            store.accounts.add(link)
            token = accounts.start_phone(store, link, client, "a phone", at)
        self._keep(page, token)

    def _keep(self, page: Page, token: str) -> None:
        page.context.add_cookies([{"name": "hinge", "value": token, "url": self.live.url}])


def set_scene(live: Live) -> Scene:
    """A studio with Tess, who trains Cleo."""
    at = live.clock()
    database = live.database
    with database.work(writes=True) as store:
        studio = accounts.add_studio(store, "Northside Studio", "Europe/London", at)
        user = User(
            studio_id=studio.id,
            email="tess@northside.example",
            name="Tess",
            roles=frozenset({Role.TRAINER}),
            password_hash="never used",
            created_at=at,
        )
        store.accounts.add(user)
        tess = actor_of(user, studio)
    with database.work(tess, writes=True) as store:
        fields = clients.ClientFields(name="Cleo Marsh", birth_year=1992, sex=Sex.FEMALE)
        client: Client = clients.add_client(store, fields, at, at.date(), consented_on=at.date())
    return Scene(live, database, tess, client.id)


def lose_reception(page: Page) -> None:
    """Take a page's network away once it has its scripts."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
