"""A page costs the same number of queries for ten clients and for a thousand, and a batch the same for two ticks and for many."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, insert

from app.models import Client, ClientTrainer, Role, User
from tests.cast import DAY, Cast
from tests.finished import finish, situation
from tests.world import world

PAGES = {
    "tess": (
        "/clients",
        "/clients?query=client",
        "/clients/{cleo}",
        "/clients/{cleo}/plan",
        "/clients/{cleo}/practice",
        "/clients/{cleo}/progress",
        "/clients/{cleo}/session",
        "/clients/{lifter}/progress",
        "/library",
    ),
    "cleo": ("/my/today", "/my/report?item={item}", "/my/plan"),
    "ada": ("/library", "/library/bridge", "/studio"),
}
PROGRAMS = ("/clients?limit=200", "/clients/{cleo}", "/clients/{cleo}/plan", "/clients/{cleo}/screens", "/clients/{cleo}/practice")


@contextmanager
def counted(cast: Cast) -> Iterator[list[str]]:
    """The statements that are asked inside the block."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(cast.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(cast.database.engine, "before_cursor_execute", note)


def costs(cast: Cast) -> dict[str, int]:
    ids = world(cast)
    found = {}
    for who, paths in PAGES.items():
        for path in paths:
            with counted(cast) as asked:
                assert cast.people[who].get(path.format(**ids)).status_code == 200
            found[f"{who} {path}"] = len(asked)
    for path in PROGRAMS:
        with counted(cast) as asked:
            assert cast.tess.api.get(path.format(**ids)).status_code == 200
        found[f"api {path}"] = len(asked)
    return found


def add_clients(cast: Cast, number: int) -> None:
    """Many clients of Tess's at once, straight into the tables."""
    at = cast.clock()
    tess = cast.actor("tess")
    first = 10_000
    ids = range(first, first + number)
    with cast.database.work(writes=True) as store:
        store.session.execute(
            insert(User),
            [{"id": n, "studio_id": tess.studio_id, "name": "", "roles": frozenset({Role.CLIENT}), "created_at": at} for n in ids],
        )
        store.session.execute(
            insert(Client),
            [
                {
                    "id": n,
                    "studio_id": tess.studio_id,
                    "user_id": n,
                    "name": f"Client {n}",
                    "search": f"client {n}",
                    "birth_year": 1990,
                    "sex": "female",
                    "created_by": tess.user_id,
                    "created_at": at,
                }
                for n in ids
            ],
        )
        store.session.execute(insert(ClientTrainer), [{"studio_id": tess.studio_id, "client_id": n, "user_id": tess.user_id} for n in ids])


@pytest.mark.slow
def test_a_thousand_clients_cost_as_many_queries_as_ten(furnished_cast: Cast) -> None:
    costs(furnished_cast)  # what is remembered from the first look on
    add_clients(furnished_cast, 10)
    few = costs(furnished_cast)
    furnished_cast.reset()
    add_clients(furnished_cast, 1000)
    costs(furnished_cast)
    assert costs(furnished_cast) == few
    assert max(few.values()) <= 18, few


BATCHES: dict[str, dict[str, object]] = {
    "sets of a locked item taken back": {"item": "wall/wall-hinge/both", "done": False},
    "sets of a day under an earlier plan": {"item": "strengthening/bridge/both", "performed_on": DAY.isoformat()},
    "sets done and taken back under an earlier plan": {"item": "wall/wall-hinge/both", "performed_on": DAY.isoformat(), "done": False},
    "sets of days under two plans": {"item": "strengthening/bridge/both", "performed_on": "every day"},
}


@pytest.mark.parametrize("batch", BATCHES)
def test_a_long_batch_of_ticks_asks_as_often_as_a_short_one(sqlite_cast: Cast, batch: str) -> None:
    finish(sqlite_cast, situation("hypermobile-dancer"))
    sqlite_cast.clock.move(days=7)
    finish(sqlite_cast, situation("one-sided-hamstring", taken_on=sqlite_cast.clock().date()))
    sqlite_cast.clock.move(days=4)
    today = sqlite_cast.clock().date()

    def ticks(number: int) -> list[dict[str, object]]:
        usual = {"set": 1, "performed_on": today.isoformat(), "at": sqlite_cast.clock().isoformat(), "done": True}
        made = [{"id": str(uuid4()), **usual, **BATCHES[batch]} for _ in range(number)]
        for count, one in enumerate(made):
            if one["performed_on"] == "every day":
                one["performed_on"] = (DAY + timedelta(days=count * 10 // (number - 1))).isoformat()
        return made

    asked = []
    for number in (2, 2, 60):
        with counted(sqlite_cast) as statements:
            answer = sqlite_cast.cleo.api.post(f"/clients/{sqlite_cast.cleo.client_id}/ticks", {"ticks": ticks(number)})
        assert answer.status_code == 200
        asked.append(len(statements))
    _, few, many = asked
    assert many <= few, (few, many)
