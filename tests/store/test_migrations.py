"""The migrations: to the tables of today and back, with rows in every table, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer, String, insert, inspect, select

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
    with database.work(writes=False) as store:
        counts = {table.name: len(store.session.execute(select(table)).all()) for table in Base.metadata.sorted_tables}
    database.close()
    return counts


def test_the_migrations_lead_to_the_tables_of_models(bare_database: str) -> None:
    migrate.upgrade(bare_database)
    migrate.check(bare_database)


def test_up_and_down_and_up_with_rows_in_every_table(bare_database: str) -> None:
    migrate.upgrade(bare_database)
    counts = fill(bare_database)
    assert set(counts.values()) == {1}
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


def test_a_database_that_cant_be_reached_says_why_in_one_line() -> None:
    with pytest.raises(migrate.Unreachable) as refused:
        migrate.upgrade("postgresql://nobody@127.0.0.1:1/nothing")
    assert "\n" not in str(refused.value)
