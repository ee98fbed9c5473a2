"""What is measured: a studio with a client for whom everything is tight, and the app that serves her."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI, Request, Response
from sqlalchemy import event

from app.main import create_app
from app.rules.documents import FormCheck
from app.rules.history import gate_keys
from app.rules.vocabulary import Stage
from app.services import practice, screens
from app.services.history import load_plan, recount
from app.settings import Settings
from app.store import Database, Store, migrate
from app.store.accounts import actor_of
from app.web.page import View
from app.web.pages.practice import MyToday, greeting, how_of, my_today_page
from tests.cast import DAY, populate
from tests.clock import Clock
from tests.finished import finish_in, situation
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
    trainer: str
    """The cookie of her trainer."""
    week: int
    """A client who has practised for a week."""
    years: int
    """One who has practised every day for three years."""


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
    week, years = keys["people"]["cara"][1], keys["world"]["shared"]
    for other, days in ((week, 7), (years, 3 * 365)):
        with database.work(actor_of(users["tess"], studio), writes=True) as store:
            live(store, other, days)
    database.close()
    settings = Settings(database_url=url, data_dir=folder, public_url=address)
    return Studio(settings, client_id, cookie, items, keys["people"]["tess"][2], week, years)


def live(store: Store, client_id: int, days: int) -> None:
    """A client's practice of every single day up to today: all sets of what prepares, a check a day, a screen every twelve weeks."""
    client, today = store.clients.get(client_id), DAY
    began = today - timedelta(days=days - 1)
    for screened in range(0, days, 84):
        on = began + timedelta(days=screened)
        finish_in(store, client_id, situation(TIGHT, taken_on=on), moment(on))
    plans = {row.made_on: (row.id, load_plan(row)) for row in store.plans.all(client)}
    events: list[dict[str, object]] = []
    checks: list[FormCheck] = []
    for day in range(days):
        on = began + timedelta(days=day)
        plan_id, plan = plans[max(made_on for made_on in plans if made_on <= on)]
        items = [item for stage in plan.stages[:3] for item in stage.items]
        events += [
            {
                "studio_id": client.studio_id,
                "client_id": client.id,
                "plan_id": plan_id,
                "uuid": str(UUID(int=(day << 32) + (place << 8) + number)),
                "item": item.key,
                "side": item.side,
                "set_number": number,
                "done": True,
                "performed_on": on,
                "at": moment(on),
                "received_at": moment(on),
                "entered_by": client.user_id,
                "pain": 1 if number == 1 else None,
            }
            for place, item in enumerate(items)
            for number in range(1, item.dose.sets + 1)
        ]
        bridge = next(item for item in plan.stages[2].items)
        gate = {one.key: True for one in gate_keys(Stage.STRENGTHENING, bridge.side)}
        checks.append(
            FormCheck(
                str(UUID(int=day)),
                Stage.STRENGTHENING,
                bridge.exercise,
                bridge.side,
                on,
                moment(on),
                moment(on),
                gate,
                {},
                reps=12,
                last_reps=12,
            )
        )
    for start in range(0, len(events), 5000):
        store.practice.append(events[start : start + 5000])
    store.progress.add_checks(client, max(plans.values(), key=lambda one: one[0])[0], store.actor.user_id, checks)
    recount(store, client, today)


def moment(on: date) -> datetime:
    return datetime.combine(on, time(9), UTC)


def serve(studio: Studio) -> FastAPI:
    """The app as it is, and two more routes behind the same walls: the page from memory, and constant bytes of its length.

    Both are answered without a thread, like the page itself on SQLite.
    """
    app = create_app(studio.settings, Clock())
    view, page = from_memory(studio, app)
    constant = view.html(page).encode()

    @app.get("/bench/ceiling")
    async def ceiling() -> Response:
        return view.show(page)

    @app.get("/bench/constant")
    async def unchanging() -> Response:
        return Response(constant, media_type="text/html")

    return app


def from_memory(studio: Studio, app: FastAPI) -> tuple[View, MyToday]:
    """Her day as it is about to be shown."""
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
    return view, page


def count_queries(app: FastAPI) -> "count[int]":
    """A counter of the statements that an app's database is asked."""
    counter = count()
    engine = app.state.hinge.database.engine

    @event.listens_for(engine, "before_cursor_execute")
    def counted(*_: object) -> None:
        next(counter)

    return counter
