"""The migrations: to the tables of today and back, with rows in every table, on both databases."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Insert,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import WAITING, Base, Exercise, PlanExercise, Referral, Role, Roles
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
        "step": "sent",
        "source": "practice",
        "stage": "rdl",
        "feel": "sharp",
        "skipped": None,
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


def row(table: Table, **more: object) -> Insert:
    """One row of a table, which points to the row 1 of each other."""
    own: dict[str, dict[str, object]] = {"screen": {"supersedes_id": None}, "client_event": {"kind": "fall"}}
    return insert(table).values({column.name: filled_in(column) for column in table.columns} | own.get(table.name, {}) | more)


def fill(url: str) -> dict[str, int]:
    """Put one row into every table, each pointing to the others' row 1."""
    database = Database.at(url)
    with database.work(writes=True) as store:
        for table in Base.metadata.sorted_tables:
            store.session.execute(row(table))
    database.close()
    return counts(url)


@contextmanager
def rows(url: str) -> Iterator[Session]:
    """What the tables hold, to be read and changed past every narrowing."""
    database = Database.at(url)
    try:
        with database.work(writes=True) as store:
            yield store.session
    finally:
        database.close()


def layout(url: str) -> MetaData:
    """The tables that there are, whatever `models.py` says."""
    found = MetaData()
    with rows(url) as session:
        found.reflect(session.connection())
    found.remove(found.tables["alembic_version"])
    return found


def counted(url: str) -> dict[str, int]:
    """How many rows each table has that there is."""
    found = layout(url)
    with rows(url) as session:
        return {table.name: len(session.execute(select(table)).all()) for table in found.sorted_tables}


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


UNANSWERED = {"cleared_on": None, "limits": None}


def test_what_was_kept_before_the_progress_is_kept_with_it_and_without_it(bare_database: str) -> None:
    """Up and down by that one migration: no row is lost that has a place, and no stop is lifted."""
    migrate.upgrade(bare_database, "first_tables")
    before = layout(bare_database)
    with rows(bare_database) as session:
        for table in before.sorted_tables:
            session.execute(row(table))
        session.execute(row(before.tables["user"], id=2, email="y"))
        session.execute(row(before.tables["client"], id=2, user_id=2))
        session.execute(row(before.tables["screen"], id=2, client_id=2))
        session.execute(row(before.tables["referral"], id=2, client_id=2, screen_id=2, state="open", **UNANSWERED))
    kept = counted(bare_database)

    migrate.upgrade(bare_database)
    assert {name: number for name, number in counted(bare_database).items() if number} == kept
    stops, events = Base.metadata.tables["referral"], Base.metadata.tables["practice_event"]
    with rows(bare_database) as session:
        found = session.execute(select(Referral.state, Referral.source, Referral.practice).order_by(Referral.id)).all()
        assert [tuple(one) for one in found] == [("cleared", "screen", None), ("open", "screen", None)]
        session.execute(update(Referral).where(Referral.id == 2).values(state="withdrawn"))
        session.execute(row(stops, id=3, client_id=2, screen_id=2, source="practice", practice="{}", state="sent", **UNANSWERED))
        session.execute(row(events, id=2, uuid="2", item="morning"))
        session.execute(row(events, id=3, uuid="3", done=False, skipped="unwell"))

    migrate.downgrade(bare_database, "first_tables")
    assert counted(bare_database) == kept | {"practice_event": 2}
    with rows(bare_database) as session:
        assert session.execute(select(Referral.id, Referral.state).order_by(Referral.id)).all() == [(1, "cleared"), (3, "open")]
    migrate.upgrade(bare_database)
    migrate.check(bare_database)


def test_a_library_kept_before_remembers_what_the_starter_said_and_which_plan_is_current(bare_database: str) -> None:
    migrate.upgrade(bare_database, "progress_and_the_way_of_a_stop")
    before = layout(bare_database)
    with rows(bare_database) as session:
        for table in before.sorted_tables:
            session.execute(row(table, archived_at=None) if table.name == "client" else row(table))
        session.execute(row(before.tables["exercise"], id=2, slug="own", stage="dowel", starter_slug=None, starter_version=None))
        session.execute(row(before.tables["plan"], id=2, number=2))
        session.execute(row(before.tables["plan_exercise"], plan_id=2))
        session.execute(row(before.tables["user"], id=2, email="archived"))
        session.execute(row(before.tables["client"], id=2, user_id=2))
        session.execute(row(before.tables["plan"], id=3, client_id=2))
        session.execute(row(before.tables["plan_exercise"], plan_id=3))
    kept = counted(bare_database)
    migrate.upgrade(bare_database)
    assert {name: number for name, number in counted(bare_database).items() if number} == kept
    with rows(bare_database) as session:
        exercises = session.execute(select(Exercise.slug, Exercise.rung, Exercise.starter_document).order_by(Exercise.id)).all()
        used = session.execute(select(PlanExercise.plan_id, PlanExercise.is_current).order_by(PlanExercise.plan_id)).all()
    assert [tuple(one) for one in exercises] == [("x", 5, "{}"), ("own", 3, None)]
    assert [tuple(one) for one in used] == [(1, False), (2, True), (3, False)]
    migrate.downgrade(bare_database, "progress_and_the_way_of_a_stop")
    assert counted(bare_database) == kept
    migrate.upgrade(bare_database)
    migrate.check(bare_database)


def test_a_client_has_one_stop_that_waits_whatever_it_waits_for(database: str) -> None:
    tables = Base.metadata.tables
    with rows(database) as session:
        for name in ("studio", "user", "client", "screen"):
            session.execute(row(tables[name]))
    for first, second in product(WAITING, WAITING):
        with rows(database) as session:
            session.execute(row(tables["referral"], state=first, **UNANSWERED))
            with pytest.raises(IntegrityError, match="referral"):
                session.execute(row(tables["referral"], id=2, state=second, **UNANSWERED))
            session.rollback()


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
