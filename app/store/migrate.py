"""Bringing a database to the newest table layout, and back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, event, inspect, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError

from app.models import Studio
from app.store.engine import make_engine, transaction

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


class Unreachable(Exception):
    """The database can't be opened, or holds something else; says why in one line."""

    def __init__(self, error: Exception) -> None:
        reason = str(getattr(error, "orig", None) or error).strip()
        super().__init__(reason.splitlines()[0] if reason else type(error).__name__)


def _reachable(url: str) -> Engine:
    """An engine whose database answered once."""
    try:
        engine = make_engine(url, connections=1)
        with engine.connect():
            return engine
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise Unreachable(error) from error


def _run(url: str, what: str, revision: str) -> None:
    """Run migrations in one transaction.

    On SQLite with foreign keys off, since rebuilding a table would else empty its children, and checked before the commit.
    """
    engine = _reachable(url)
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:

        @event.listens_for(engine, "connect")
        def foreign_keys_off(connection: DBAPIConnection, _: object) -> None:
            connection.cursor().execute("PRAGMA foreign_keys=OFF")

        engine.dispose()  # so that the next connection hears of it

    try:
        with engine.execution_options(writes=True).begin() as connection:
            match what:
                case "upgrade":
                    command.upgrade(_config(connection), revision)
                case "downgrade":
                    command.downgrade(_config(connection), revision)
                case _:
                    command.check(_config(connection))
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration would leave rows that point nowhere: {broken[:3]}")
    finally:
        engine.dispose()


def upgrade(url: str, revision: str = "head") -> None:
    try:
        _run(url, "upgrade", revision)
    except (CommandError, SQLAlchemyError) as error:
        raise Unreachable(error) from error


def downgrade(url: str, revision: str = "base") -> None:
    _run(url, "downgrade", revision)


def check(url: str) -> None:
    """Raise unless the migrations lead to the tables of `models.py`."""
    _run(url, "check", "")


def is_empty(url: str) -> bool:
    """Whether nobody has a studio here yet."""
    engine = make_engine(url, connections=1)
    try:
        with transaction(engine, writes=False) as session:
            return not inspect(session.connection()).has_table("studio") or session.scalar(select(Studio.id).limit(1)) is None
    finally:
        engine.dispose()
