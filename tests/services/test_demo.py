"""The demo: what is in it, who signs in, and that it goes without a trace."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models import Base, Plan, PracticeEvent, Role
from app.rules.vocabulary import PREPARING, Stage, StageState
from app.services import accounts, clients, demo, history, progress
from app.services.accounts import Try
from app.services.clients import Standing, standing
from app.services.passwords import matches
from app.settings import Settings
from app.store import Database, Store
from app.store.accounts import actor_of
from app.store.scope import narrow

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database, data_dir=tmp_path / "data")


@pytest.fixture
def sqlite_settings(sqlite_database: str, tmp_path: Path) -> Settings:
    return Settings(database_url=sqlite_database, data_dir=tmp_path / "data")


def sign_ins(lines: tuple[str, ...]) -> dict[str, str]:
    words = [line.split() for line in lines if "@" in line]
    return {email: password for email, password, *_ in words}


def signs_in(settings: Settings, email: str, password: str) -> bool:
    with Database.at(settings.database).work(writes=False) as store:
        user = store.accounts.by_email(email)
        return user is not None and matches(user.password_hash, password)


def stand(store: Store, email: str) -> dict[str, Standing]:
    """Where things stand with each client of a trainer."""
    user = store.accounts.by_email(email)
    assert user
    studio = store.accounts.studio_of(user)
    mine = Store(store.session, actor_of(user, studio))
    rows = [client for client in clients.list_clients(mine, "", 200, archived=None).clients if user in store.clients.trainers(client)]
    facts = clients.facts_of(mine, rows)
    return {client.name: standing(facts[client.id]) for client in rows}


def test_everybody_is_there_and_signs_in_with_what_is_printed(settings: Settings) -> None:
    lines = demo.load_if_empty(settings, AT)
    printed = sign_ins(lines)
    assert list(printed) == ["tess@demo.example", "tom@demo.example", "ada@demo.example", "bea@other.example"]
    assert all(signs_in(settings, email, password) for email, password in printed.items())
    assert len(set(printed.values())) == 4
    assert min(map(len, printed.values())) >= 16
    assert "Give access" in lines[-1]
    with Database.at(settings.database).work(writes=False) as store:
        roles = {email: store.accounts.by_email(email).roles for email in (*printed, "nia@demo.example", "cleo@demo.example")}  # type: ignore[union-attr]  # or it fails
        assert all(studio.is_demo for studio in store.accounts.studios())
        nia = store.accounts.by_email("nia@demo.example")
    assert roles["tess@demo.example"] == roles["tom@demo.example"] == {Role.TRAINER}
    assert roles["ada@demo.example"] == {Role.ADMIN}
    assert roles["bea@other.example"] == {Role.TRAINER, Role.ADMIN}
    assert roles["cleo@demo.example"] == {Role.CLIENT}
    assert nia
    assert nia.left_at


def test_there_is_something_of_everything_to_look_at(settings: Settings) -> None:
    demo.load_if_empty(settings, AT)
    with Database.at(settings.database).work(writes=False) as store:
        tess = stand(store, "tess@demo.example")
        tom = stand(store, "tom@demo.example")
        bea = stand(store, "bea@other.example")
        ticks = store.session.scalars(select(PracticeEvent)).all()
        stages = [len(history.load_plan(row).stages) for row in store.session.scalars(select(Plan))]
    assert tess == {
        "Cleo Marsh": Standing.PLAN,
        "Ines Costa": Standing.PLAN,
        "June Park": Standing.UNSCREENED,
        "Lee Brandt": Standing.NO_CONSENT,
        "Mia Roy": Standing.PLAN,
        "Omar Diaz": Standing.STOPPED,
        "R-104": Standing.ARCHIVED,
        "Sam Ito": Standing.PLAN,
    }
    assert tom == {"Colin": Standing.PLAN}
    assert bea == {"Ben": Standing.UNSCREENED}
    assert len(ticks) > 20
    assert all(tick.performed_on < AT.date() for tick in ticks)
    assert set(stages) == {7}


def test_ines_lifts_her_first_load_after_eight_weeks(sqlite_settings: Settings) -> None:
    demo.load_if_empty(sqlite_settings, AT)
    with Database.at(sqlite_settings.database).work(writes=False) as store:
        user = store.accounts.by_email("tess@demo.example")
        assert user
        studio = store.accounts.studio_of(user)
        tess = Store(store.session, actor_of(user, studio))
        narrow(store.session, tess.actor)
        ines, omar = (clients.list_clients(tess, name, 1, archived=False).clients[0] for name in ("Ines", "Omar"))
        found = progress.progress_of(tess, ines.id, AT.date())
        waiting = progress.waiting_stops(tess)
    assert found.progress
    assert {one.stage: one.state for one in found.progress.stages} == {
        **dict.fromkeys(PREPARING, StageState.PASSED),
        Stage.DOWEL: StageState.PASSED,
        Stage.WALL: StageState.PASSED,
        Stage.RDL: StageState.OPEN,
        Stage.SINGLE_LEG: StageState.LOCKED,
    }
    assert {one.by for one in found.sign_offs} | {one.by for one in found.checks} | {one.by for one in found.loads} == {"Tess"}
    assert (len(found.sign_offs), len(found.loads), len(found.checks)) == (5, 1, 13)
    proposal = found.progress.proposal_of("rdl-kb")
    assert proposal
    assert (found.progress.loads["rdl-kb"], proposal.kind, proposal.load_kg) == (6, "raise", 6.5)
    assert found.row
    assert found.row.number == 2
    assert sum(one.done for one in found.weeks) > 100
    assert all(sum(getattr(one, name) for one in found.weeks) for name in ("excused", "not_reported"))
    assert [one.client_id for one in waiting] == [omar.id]


@pytest.mark.parametrize("email", ["tess@demo.example", "cleo@demo.example", "colin@demo.example", "ben@other.example"])
def test_a_program_can_be_anybody_of_them(sqlite_settings: Settings, email: str) -> None:
    demo.load_if_empty(sqlite_settings, AT)
    database = Database.at(sqlite_settings.database)
    with database.work(writes=True) as store:
        token = accounts.make_token(store, email, 90, AT)
    with database.work(writes=False) as store:
        assert accounts.actor_of_token(store, token, AT, is_local=True)


def test_clients_have_no_password(sqlite_settings: Settings) -> None:
    demo.load_if_empty(sqlite_settings, AT)
    with Database.at(sqlite_settings.database).work(writes=True) as store:
        assert accounts.count_try(store, "cleo@demo.example", AT, is_local=True) == Try(None, None, may_try=False)


def test_the_passwords_stay_the_same_from_start_to_start_and_nobody_else_can_read_them(settings: Settings) -> None:
    first = demo.load_if_empty(settings, AT)
    assert demo.load_if_empty(settings, AT + timedelta(days=3)) == first
    assert (settings.data_dir / demo.SIGN_INS).stat().st_mode & 0o777 == 0o600
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700


def test_every_data_folder_has_passwords_of_its_own(sqlite_settings: Settings, tmp_path: Path) -> None:
    first = sign_ins(demo.load_if_empty(sqlite_settings, AT))
    (sqlite_settings.data_dir / demo.SIGN_INS).unlink()
    second = sign_ins(demo.load_if_empty(sqlite_settings, AT))
    assert not set(first.values()) & set(second.values())
    assert all(signs_in(sqlite_settings, email, password) for email, password in second.items())
    assert not any(signs_in(sqlite_settings, email, password) for email, password in first.items())


def test_what_is_printed_is_true_after_somebody_changed_a_password(sqlite_settings: Settings) -> None:
    printed = sign_ins(demo.load_if_empty(sqlite_settings, AT))
    with Database.at(sqlite_settings.database).work(writes=True) as store:
        user = store.accounts.by_email("tess@demo.example")
        assert user
        user.password_hash = None
    assert sign_ins(demo.load_if_empty(sqlite_settings, AT)) == printed
    assert signs_in(sqlite_settings, "tess@demo.example", printed["tess@demo.example"])


def test_where_real_studios_are_no_demo_is_loaded(settings: Settings) -> None:
    database = Database.at(settings.database)
    with database.work(writes=True) as store:
        accounts.add_studio(store, "Southside", "Europe/London", AT)
    assert demo.load_if_empty(settings, AT) == ()
    with database.work(writes=False) as store:
        assert [studio.name for studio in store.accounts.studios()] == ["Southside"]
    assert not settings.data_dir.exists()


def test_it_goes_without_a_trace_and_leaves_real_studios_alone(settings: Settings) -> None:
    def rows() -> dict[str, int]:
        with database.work(writes=False) as store:
            return {table.name: len(store.session.execute(select(table)).all()) for table in Base.metadata.sorted_tables}

    demo.load_if_empty(settings, AT)
    database = Database.at(settings.database)
    full = rows()
    assert not {"screen", "plan", "referral", "practice_event", "exercise", "audit_event", "consent"} & {
        name for name, n in full.items() if not n
    }
    with database.work(writes=True) as store:
        accounts.add_from_shell(store, "Southside", "UTC", "Sue", "sue@south.example", frozenset({Role.TRAINER}), AT)
    mixed = rows()
    with database.work(writes=True) as store:
        assert demo.remove(store, settings)
    assert rows() == {name: mixed[name] - full[name] for name in full}
    assert not (settings.data_dir / demo.SIGN_INS).exists()
    with database.work(writes=True) as store:
        assert not demo.remove(store, settings)
    assert demo.load_if_empty(settings, AT) == ()


def test_it_loads_in_less_than_three_seconds_of_work(sqlite_settings: Settings) -> None:
    began = time.process_time()
    demo.load_if_empty(sqlite_settings, AT)
    assert time.process_time() - began < 3
