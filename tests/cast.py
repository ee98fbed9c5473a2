"""The cast: two studios with everybody in them, a browser and a program for each, in a database of their own."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.main import create_app
from app.models import AccessLink, Client, Role, User
from app.rules.vocabulary import Sex
from app.services import accounts, clients
from app.services.accounts import Try
from app.services.passwords import hash_password
from app.settings import Settings
from app.store import Database, Store
from app.store.accounts import actor_of, digest
from app.store.engine import make_engine
from app.store.scope import Actor
from app.web.deps import Surroundings
from tests.clock import Clock
from tests.databases import POSTGRESQL, SQLITE, copy_postgresql, drop_postgresql

HERE = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery staple"
DAY = date(2026, 11, 23)
"""The day on which the clock of the tests starts."""


@dataclass(frozen=True)
class Program:
    """Somebody's program, signed in by token. Paths are beneath /api/v1."""

    client: TestClient
    token: str

    def _send(self, method: str, path: str, **more: Any) -> Response:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, **more: Any) -> Response:
        return self._send("GET", path, **more)

    def post(self, path: str, json: object = None, **more: Any) -> Response:
        return self._send("POST", path, json=json, **more)

    def put(self, path: str, json: object = None, **more: Any) -> Response:
        return self._send("PUT", path, json=json, **more)


@dataclass(frozen=True)
class Person:
    """One of the cast: her browser, signed in, and her program."""

    name: str
    user_id: int
    client_id: int | None
    browser: TestClient
    api: Program

    def get(self, path: str, **more: Any) -> Response:
        return self.browser.get(path, follow_redirects=False, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> Response:
        """Post a form as a browser would from one of our own pages."""
        return self.browser.post(path, data=data, follow_redirects=False, **more)


@dataclass(frozen=True)
class Cast:
    """Tess trains Cleo (screened), Cara (not yet) and Fay (no consent yet), and Sia together with Tom. Tom trains Colin.

    Ada keeps the library; Bea trains Ben elsewhere; Nia has left.
    """

    app: FastAPI
    database: Database
    settings: Settings
    clock: Clock
    keys: Mapping[str, Any]
    restore: Callable[[], None]
    people: dict[str, Person] = field(default_factory=dict)

    def reset(self) -> None:
        """Make the database what it was at first, and sign everybody in again."""
        self.database.close()
        self.restore()
        for name, person in self.people.items():
            person.browser.cookies.clear()
            person.browser.cookies.set("hinge", self.keys["people"][name][2])

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def nobody(self) -> TestClient:
        """A browser in which nobody is signed in."""
        return browser(self.app)

    def actor(self, name: str) -> Actor:
        """Whom a store works for, for tests beneath the web."""
        with self.database.work(writes=False) as store:
            person = self.people[name]
            user = store.accounts.user(person.user_id)
            studio = store.accounts.studio_of(user)
            return actor_of(user, studio, store.clients.get(person.client_id) if person.client_id else None)

    def work(self, name: str, *, writes: bool = True) -> Any:
        """A unit of work as one of the cast."""
        return self.database.work(self.actor(name), writes=writes)


STAFF: dict[str, tuple[str, frozenset[Role]]] = {
    "tess": ("Northside", frozenset({Role.TRAINER})),
    "tom": ("Northside", frozenset({Role.TRAINER})),
    "ada": ("Northside", frozenset({Role.ADMIN})),
    "nia": ("Northside", frozenset({Role.TRAINER})),
    "bea": ("Riverbank", frozenset({Role.TRAINER, Role.ADMIN})),
}
CLIENTS: dict[str, str] = {"cleo": "tess", "cara": "tess", "colin": "tom", "ben": "bea"}


def browser(app: FastAPI, *, peer: str = "127.0.0.1", **cookies: str) -> TestClient:
    """A browser on this computer, or on the one with the address `peer`."""
    client = _asking(app, peer, origin=HERE)
    client.cookies.update(cookies)
    return client


def _asking(app: FastAPI, peer: str = "127.0.0.1", **headers: str) -> TestClient:
    client = TestClient(app, base_url=HERE, headers=headers, raise_server_exceptions=False, client=(peer, 50000))
    client.portal = next(iter(_LOOPS), None)
    return client


_LOOPS: list[BlockingPortal] = []


@pytest.fixture(scope="session", autouse=True)
def _loop() -> Iterator[None]:
    """One event loop in which the app answers all requests; a new one for each of them takes a third of its time."""
    with start_blocking_portal() as portal:
        _LOOPS.append(portal)
        yield
        _LOOPS.clear()


def populate(database: Database) -> dict[str, Any]:
    """Fill an empty database with the cast; returns what opens their sessions."""
    at = Clock()()
    password_hash = hash_password(PASSWORD)
    users: dict[str, User] = {}
    profiles: dict[str, Client] = {}
    keys: dict[str, Any] = {}
    with database.work(writes=True) as store:
        studios = {name: accounts.add_studio(store, name, "Europe/London", at) for name in ("Northside", "Riverbank")}
        for name, (studio, roles) in STAFF.items():
            user = User(
                studio_id=studios[studio].id,
                email=f"{name}@{studio.lower()}.example",
                name=name.title(),
                roles=roles,
                password_hash=password_hash,
                created_at=at,
            )
            store.accounts.add(user)
            users[name] = user
    for name, trainer in CLIENTS.items():
        studio_row = studios[STAFF[trainer][0]]
        with database.work(actor_of(users[trainer], studio_row), writes=True) as store:
            fields = clients.ClientFields(name=name.title(), birth_year=1992, sex=Sex.FEMALE, body_weight_kg=64.0)
            profiles[name] = clients.add_client(store, fields, at, DAY, consented_on=DAY)
            users[name] = store.accounts.user(profiles[name].user_id)
    with database.work(actor_of(users["tess"], studios["Northside"]), writes=True) as store:
        fay = clients.add_client(store, clients.ClientFields(name="Fay", birth_year=1975, sex=Sex.UNSPECIFIED), at, DAY, consented_on=None)
        shared = clients.add_client(store, clients.ClientFields(name="Sia", birth_year=1988, sex=Sex.FEMALE), at, DAY, consented_on=DAY)
        clients.share_client(store, shared.id, users["tom"].id, at)
    with database.work(writes=True) as store:
        for name, user in users.items():
            if name in profiles:
                keys[name] = (user.id, profiles[name].id, _phone(store, profiles[name], at), accounts.give_token(store, user, 90, at))
            else:
                keys[name] = (
                    user.id,
                    None,
                    accounts.sign_in(store, Try(user.id, user.password_hash, may_try=True), "a browser", at),
                    accounts.give_token(store, user, 90, at),
                )
        store.accounts.user(users["nia"].id).left_at = at
    with database.work(actor_of(users["ada"], studios["Northside"]), writes=True) as store:
        _, reset = accounts.make_reset_link(store, users["tom"].id, at)
    return {"people": keys, "world": {"reset": reset, "fay": fay.id, "shared": shared.id}}


def _phone(store: Store, client: Client, at: Any) -> str:
    link = AccessLink(
        studio_id=client.studio_id,
        client_id=client.id,
        made_by=client.created_by,
        token_hash=digest(f"link {client.id}"),
        ends_at=at,
        created_at=at,
    )
    store.accounts.add(link)
    return accounts.start_phone(store, link, client, "a phone", at)


@pytest.fixture(scope="session")
def _sqlite_cast(tmp_path_factory: pytest.TempPathFactory, _migrated_sqlite: Path) -> tuple[Path, dict[str, Any]]:
    path = Path(shutil.copyfile(_migrated_sqlite, tmp_path_factory.mktemp("cast") / "cast.sqlite3"))
    database = Database.at(f"sqlite:///{path}")
    keys = populate(database)
    database.close()
    return path, keys


@pytest.fixture(scope="session")
def _postgresql_cast(postgres_url: str, _migrated_postgresql: str) -> dict[str, Any]:
    copy_postgresql(postgres_url, _migrated_postgresql, "cast_of_all")
    database = Database.at(f"{postgres_url}/cast_of_all")
    keys = populate(database)
    database.close()
    return keys


@pytest.fixture
def sqlite_cast(tmp_path: Path, _sqlite_cast: tuple[Path, dict[str, Any]]) -> Iterator[Cast]:
    """The cast on SQLite alone, for tests that no database can make a difference to."""
    yield from _sqlite_copy(tmp_path, *_sqlite_cast)


@pytest.fixture
def postgresql_cast(tmp_path: Path, postgres_url: str, _postgresql_cast: dict[str, Any]) -> Iterator[Cast]:
    yield from _postgresql_copy(tmp_path, postgres_url, "cast_of_all", _postgresql_cast)


def _sqlite_copy(folder: Path, template: Path, keys: dict[str, Any]) -> Iterator[Cast]:
    at_work = template.with_name("at-work.sqlite3")

    def restore() -> None:
        for old in template.parent.glob("at-work.sqlite3*"):
            old.unlink()
        shutil.copyfile(template, at_work)

    restore()
    yield from _assemble(f"sqlite:///{at_work}", folder, keys, restore)


def _postgresql_copy(folder: Path, cluster: str, template: str, keys: dict[str, Any]) -> Iterator[Cast]:
    name = f"{template}_at_work"

    def restore() -> None:
        drop_postgresql(cluster, name)
        copy_postgresql(cluster, template, name)

    restore()
    yield from _assemble(f"{cluster}/{name}", folder, keys, restore)


@pytest.fixture(scope="session")
def _sqlite_furnished(tmp_path_factory: pytest.TempPathFactory, _sqlite_cast: tuple[Path, dict[str, Any]]) -> tuple[Path, dict[str, Any]]:
    template, keys = _sqlite_cast
    folder = tmp_path_factory.mktemp("furnished")
    path = Path(shutil.copyfile(template, folder / "furnished.sqlite3"))
    return path, _furnished(f"sqlite:///{path}", folder, keys)


@pytest.fixture(scope="session")
def _postgresql_furnished(tmp_path_factory: pytest.TempPathFactory, postgres_url: str, _postgresql_cast: dict[str, Any]) -> dict[str, Any]:
    copy_postgresql(postgres_url, "cast_of_all", "furnished")
    return _furnished(f"{postgres_url}/furnished", tmp_path_factory.mktemp("furnished"), _postgresql_cast)


def _furnished(url: str, folder: Path, keys: dict[str, Any]) -> dict[str, Any]:
    """Give the cast plans, a stop, a draft and a link, once for all tests."""
    from tests.world import furnish

    for cast in _assemble(url, folder, keys, lambda: None):
        keys = {**keys, "world": {**keys["world"], **furnish(cast)}}
    return keys


@pytest.fixture
def sqlite_furnished_cast(tmp_path: Path, _sqlite_furnished: tuple[Path, dict[str, Any]]) -> Iterator[Cast]:
    """The cast with a plan, a stop, a draft and a link to look at, on SQLite alone."""
    yield from _sqlite_copy(tmp_path, *_sqlite_furnished)


@pytest.fixture
def postgresql_furnished_cast(tmp_path: Path, postgres_url: str, _postgresql_furnished: dict[str, Any]) -> Iterator[Cast]:
    yield from _postgresql_copy(tmp_path, postgres_url, "furnished", _postgresql_furnished)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def furnished_cast(request: pytest.FixtureRequest) -> Cast:
    """The cast with a plan, a stop, a draft and a link: once on SQLite and once on PostgreSQL."""
    found: Cast = request.getfixturevalue(f"{request.param}_furnished_cast")
    return found


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def cast(request: pytest.FixtureRequest) -> Cast:
    """The cast in a database of their own: once on SQLite and once on PostgreSQL."""
    found: Cast = request.getfixturevalue(f"{request.param}_cast")
    return found


@lru_cache(maxsize=1)
def _app() -> FastAPI:
    """The real app, put together once: half of what a first request takes is making its routes and templates ready."""
    return create_app(Settings(public_url=HERE))


@cache
def _engine(url: str) -> Engine:
    """Kept from test to test with the statements that it compiled: making those anew took two fifths of the time of all tests."""
    return make_engine(url)


def _assemble(url: str, folder: Path, keys: dict[str, Any], restore: Callable[[], None]) -> Iterator[Cast]:
    settings = Settings(database_url=url, data_dir=folder / "data", public_url=HERE)
    clock = Clock()
    app, database = _app(), Database(_engine(url))
    app.state.hinge = Surroundings(settings, database, clock)
    cast = Cast(app, database, settings, clock, keys, restore)
    for name, (user_id, client_id, cookie, token) in keys["people"].items():
        program = Program(_asking(app), token)
        cast.people[name] = Person(name.title(), user_id, client_id, browser(app, hinge=cookie), program)
    yield cast
    database.close()
