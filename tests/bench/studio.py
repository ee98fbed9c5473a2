"""What is measured: a studio with a client for whom everything is tight, and the app that serves her."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI, Request, Response
from sqlalchemy import event

from app.main import create_app
from app.services import practice, screens
from app.settings import Settings
from app.store import Database, migrate
from app.store.accounts import actor_of
from app.web.page import View
from app.web.pages.practice import greeting, how_of, my_today_page
from tests.cast import DAY, populate
from tests.clock import Clock
from tests.screening import sent

TIGHT = "everything-tight"


@dataclass(frozen=True)
class Studio:
    """Where it is served and what opens it."""

    settings: Settings
    client_id: int
    cookie: str
    items: tuple[tuple[str, int], ...]
    """The keys of what is due, with their sets."""


def build(url: str, folder: Path, address: str) -> Studio:
    """Fill an empty database: the cast, and Cleo screened with everything tight and halfway through her day."""
    migrate.upgrade(url)
    database = Database.at(url)
    keys = populate(database)
    at = Clock()()
    _, client_id, cookie, _ = keys["people"]["cleo"]
    with database.work(writes=False) as store:
        users = {name: store.accounts.user(keys["people"][name][0]) for name in ("tess", "cleo")}
        studio = store.accounts.studios()[0]
        client = store.clients.get(client_id)
    with database.work(actor_of(users["tess"], studio), writes=True) as store:
        screens.log_screen(store, client_id, sent(TIGHT), at, DAY)
    cleo = actor_of(users["cleo"], studio, client)
    with database.work(cleo, writes=False) as store:
        due = practice.my_day(store, DAY)
    assert due.plan is not None
    items = tuple((item.key, item.dose.sets) for stage in due.plan.stages[:3] for item in stage.items)
    with database.work(cleo, writes=True) as store:
        ticks = [
            practice.Tick(id=str(UUID(int=number)), item=key, set=1, performed_on=DAY, at=at, done=True)
            for number, (key, _) in enumerate(items[:10])
        ]
        practice.add_ticks(store, client_id, ticks, at, DAY)
    database.close()
    settings = Settings(database_url=url, data_dir=folder, public_url=address)
    return Studio(settings, client_id, cookie, items)


def serve(studio: Studio) -> FastAPI:
    """The app as it is, and two more routes behind the same walls: the page from memory, and constant bytes of its length.

    Both are answered without a thread, like the page itself on SQLite.
    """
    app = create_app(studio.settings, Clock())
    database: Database = app.state.hinge.database
    with database.work(writes=False) as store:
        client = store.clients.get(studio.client_id)
        user = store.accounts.user(client.user_id)
        actor = actor_of(user, store.accounts.studios()[0], client)
    with database.work(actor, writes=False) as store:
        day = practice.my_day(store, DAY)
    assert day.plan is not None
    assert day.row is not None
    view = View(Request({"type": "http", "path": "/my/today", "query_string": b"", "headers": [], "app": app}), actor)
    page = my_today_page(
        view.shell,
        day,
        how=how_of(actor.studio_id, day.row.id, day.plan),
        greeting=greeting(actor.name, actor.local(Clock()())),
    )
    assert page is not None
    constant = view.html(page).encode()

    @app.get("/bench/ceiling")
    async def ceiling() -> Response:
        return view.show(page)

    @app.get("/bench/constant")
    async def unchanging() -> Response:
        return Response(constant, media_type="text/html")

    return app


def count_queries(app: FastAPI) -> "count[int]":
    """A counter of the statements that an app's database is asked."""
    counter = count()
    engine = app.state.hinge.database.engine

    @event.listens_for(engine, "before_cursor_execute")
    def counted(*_: object) -> None:
        next(counter)

    return counter
