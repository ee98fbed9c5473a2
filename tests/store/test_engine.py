"""Connections: what SQLite is told on each, and what a reading and a writing transaction may do."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from app.errors import Busy
from app.models import Studio
from app.store import Database, Store, engine

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    found = Database.at(database, connections=4)
    yield found
    found.close()


def open_studio(store: Store, name: str) -> None:
    store.accounts.add(Studio(name=name, timezone="UTC", created_at=AT))


def names(database: Database) -> list[str]:
    with database.work(writes=False) as store:
        return [studio.name for studio in store.accounts.studios()]


def test_sqlite_keeps_what_it_promised_and_checks_what_points_where(sqlite_database: str) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with engine.make_engine(sqlite_database).connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted


def test_a_sqlite_whose_log_can_lose_commits_is_used_without_it(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SAFE_WAL", (99,))
    with engine.make_engine(sqlite_database).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"


def test_a_reading_transaction_cant_write_and_the_next_one_can(opened: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), opened.work(writes=False) as store:
        open_studio(store, "Northside")
    assert names(opened) == []
    with opened.work(writes=True) as store:
        open_studio(store, "Northside")
    assert names(opened) == ["Northside"]


def test_who_would_wait_too_long_for_another_writer_is_asked_to_come_back(sqlite_database: str) -> None:
    first, second = Database.at(sqlite_database), Database.at(sqlite_database)
    event.listen(second.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    with first.work(writes=True) as store:
        open_studio(store, "Northside")
        with pytest.raises(Busy), second.work(writes=True) as other:
            open_studio(other, "Riverbank")
        assert names(second) == []
    with second.work(writes=True) as other:
        open_studio(other, "Riverbank")
    assert names(first) == ["Northside", "Riverbank"]


def test_who_reads_does_not_wait_for_who_writes(opened: Database) -> None:
    with opened.work(writes=True) as store:
        open_studio(store, "Northside")
        assert names(opened) == []
    assert names(opened) == ["Northside"]


def test_two_who_read_first_and_then_write_both_get_through(sqlite_database: str) -> None:
    """A transaction that only takes its lock when it writes would fail at once, whatever the time it may wait."""
    opened, together = Database.at(sqlite_database), threading.Barrier(8)

    def read_then_write(number: int) -> None:
        together.wait()
        with opened.work(writes=True) as store:
            open_studio(store, f"{number} after {len(store.accounts.studios())}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read_then_write, range(8)))
    assert sorted(name[-1] for name in names(opened)) == list("01234567")
    opened.close()
