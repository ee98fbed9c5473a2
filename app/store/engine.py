"""Connections: one engine for SQLite or PostgreSQL, whose transactions say at their start whether they write."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.errors import Busy

SAFE_WAL = (3, 51, 3)
"""The first SQLite whose write-ahead log survives a reset with two connections at work."""


def _sqlite_module() -> Any:
    try:
        from pysqlite3 import dbapi2
    except ImportError:  # no wheel for this machine
        import sqlite3 as dbapi2  # the same interface, from the standard library
    return dbapi2


def journal_mode() -> str:
    """SQLite's journal: the write-ahead log where this machine's SQLite has a safe one."""
    return "WAL" if _sqlite_module().sqlite_version_info >= SAFE_WAL else "DELETE"


def make_engine(url: str, *, connections: int = 10) -> Engine:
    """An engine for the URL. `connections` is the most it will hold at once."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=connections, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    module = _sqlite_module()
    engine = create_engine(
        parsed,
        module=module,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", f"journal_mode={journal_mode()}", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = bool(connection.get_execution_options().get("writes", True))
        cursor = connection.connection.cursor()
        if connection.info.get("writes") is not writes:
            cursor.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
            connection.info["writes"] = writes
        try:
            cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except module.OperationalError as problem:
            if "locked" in str(problem):
                raise Busy from problem
            raise
        finally:
            cursor.close()

    return engine


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Session]:
    """One transaction: leaving it commits, raising in it rolls back. A reading one can't write."""
    with Session(_bound(engine, writes), expire_on_commit=False) as session, session.begin():
        yield session


@lru_cache(maxsize=64)
def _bound(engine: Engine, writes: bool) -> Engine:  # noqa: FBT001 - a cache's key
    """The engine for one kind of transaction."""
    return engine.execution_options(**{"writes": writes} if engine.dialect.name == "sqlite" else {"postgresql_readonly": not writes})
