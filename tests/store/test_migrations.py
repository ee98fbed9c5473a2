"""The migrations: to the tables of today and back, with rows in every table, on both databases."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, Float, Integer, String, insert, inspect, select

from app.models import Base, Role, Roles
from app.store import Database, migrate


def filled_in(column: Column[Any]) -> Any:
    """A value that fits a column and every check of its table."""
    if isinstance(column.type, Roles):
        return frozenset({Role.TRAINER})
    fixed = {
        "units": "metric",
        "sex": "female",
        "kind": "phone",
        "state": "cleared",
        "side": "left",
        "effort": "ok",
        "pain": 3,
        "timezone": "UTC",
        "document": "{}",
        "result": "{}",
    }
    if column.name in fixed:
        return fixed[column.name]
    match column.type:
        case Boolean():
            return True
        case Date():
            return date(2026, 11, 23)
        case Float():
            return 1.5
        case String():
            return "x"
        case Integer():
            return 1
        case _:
            if isinstance(getattr(column.type, "impl", column.type), DateTime):
                return datetime(2026, 11, 23, 9, tzinfo=UTC)
            return 1


def fill(url: str) -> dict[str, int]:
    """Put one row into every table, each pointing to the others' row 1."""
    database = Database.at(url)
    with database.work(writes=True) as store:
        for table in Base.metadata.sorted_tables:
            values = {column.name: filled_in(column) for column in table.columns}
            if table.name == "screen":
                values["supersedes_id"] = None
            store.session.execute(insert(table).values(values))
    database.close()
    return counts(url)


def counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    database = Database.at(url)
    with database.work(writes=False) as store:
        found = {table.name: len(store.session.execute(select(table)).all()) for table in Base.metadata.sorted_tables}
    database.close()
    return found


def test_the_migrations_lead_to_the_tables_of_models(bare_database: str) -> None:
    migrate.upgrade(bare_database)
    migrate.check(bare_database)


def test_up_and_down_and_up_with_rows_in_every_table(bare_database: str) -> None:
    migrate.upgrade(bare_database)
    assert set(fill(bare_database).values()) == {1}
    migrate.upgrade(bare_database)
    assert not migrate.is_empty(bare_database)
    migrate.downgrade(bare_database)
    database = Database.at(bare_database)
    with database.work(writes=False) as store:
        assert set(inspect(store.session.connection()).get_table_names()) <= {"alembic_version"}
    database.close()
    migrate.upgrade(bare_database)
    migrate.check(bare_database)
    assert migrate.is_empty(bare_database)


def test_every_constraint_has_its_name_from_the_convention(database: str) -> None:
    opened = Database.at(database)
    with opened.work(writes=False) as store:
        tables = inspect(store.session.connection())
        found = [
            (table, str(one["name"]))
            for table in Base.metadata.tables
            for one in (
                *tables.get_foreign_keys(table),
                *tables.get_unique_constraints(table),
                *tables.get_check_constraints(table),
                *tables.get_indexes(table),
            )
        ]
    opened.close()
    assert [name for table, name in found if not name.startswith(tuple(f"{kind}_{table}" for kind in ("ix", "uq", "ck", "fk")))] == []


def test_every_check_of_the_models_is_in_the_database(database: str) -> None:
    """Alembic compares tables, columns, keys and indexes, but not these."""
    opened = Database.at(database)
    with opened.work(writes=False) as store:
        tables = inspect(store.session.connection())
        kept = {(table, one["name"]) for table in Base.metadata.tables for one in tables.get_check_constraints(table)}
    opened.close()
    wanted = {
        (table.name, one.name) for table in Base.metadata.tables.values() for one in table.constraints if isinstance(one, CheckConstraint)
    }
    assert kept == wanted


HEADER = """
import sqlalchemy as sa
from alembic import op

revision = "of_tomorrow"
down_revision = "{head}"
branch_labels = depends_on = None

"""
HALF_WAY = """
def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.Integer))
    op.execute("insert into half values (1)")
    op.execute("insert into nowhere values (1)")
"""
REBUILT = """
def upgrade() -> None:
    with op.batch_alter_table("client", recreate="always") as table:
        table.alter_column("goals", existing_type=sa.Text(), nullable=True)
"""


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds one more migration to those that there are."""

    def add(steps: str) -> None:
        folder = Path(shutil.copytree(migrate.MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__")))
        head = ScriptDirectory(str(folder)).get_current_head()
        (folder / "versions" / "2027-01-01-0000_of_tomorrow.py").write_text(HEADER.format(head=head) + steps)
        monkeypatch.setattr(migrate, "MIGRATIONS", folder)

    return add


def test_a_migration_that_fails_half_way_leaves_nothing(
    bare_database: str, tomorrow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.upgrade(bare_database)
    fill(bare_database)
    tomorrow(HALF_WAY)
    with pytest.raises(migrate.Unreachable, match="nowhere"):
        migrate.upgrade(bare_database)
    monkeypatch.undo()
    opened = Database.at(bare_database)
    with opened.work(writes=False) as store:
        assert not inspect(store.session.connection()).has_table("half")
    opened.close()
    migrate.check(bare_database)  # which wants the newest migration of today to be the last one


def test_a_table_that_is_rebuilt_keeps_the_rows_that_point_to_it(bare_sqlite_database: str, tomorrow: Callable[[str], None]) -> None:
    migrate.upgrade(bare_sqlite_database)
    before = fill(bare_sqlite_database)
    tomorrow(REBUILT)
    migrate.upgrade(bare_sqlite_database)
    assert counts(bare_sqlite_database) == before


def test_a_database_that_cant_be_reached_says_why_in_one_line() -> None:
    with pytest.raises(migrate.Unreachable) as refused:
        migrate.upgrade("postgresql://nobody@127.0.0.1:1/nothing")
    assert "\n" not in str(refused.value)
