"""A fresh, migrated database for each test that asks: SQLite in a file, PostgreSQL in a cluster that lives as long as the run."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.machine import find

SQLITE = pytest.param("sqlite", marks=pytest.mark.sqlite)
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database with every table; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def bare_database(request: pytest.FixtureRequest) -> str:
    """The URL of a database without any table, for tests of the migrations."""
    url: str = request.getfixturevalue(f"bare_{request.param}_database")
    return url


@pytest.fixture
def sqlite_database(tmp_path: Path, _migrated_sqlite: Path) -> str:
    """The URL of a migrated SQLite database."""
    return f"sqlite:///{shutil.copyfile(_migrated_sqlite, tmp_path / 'hinge.sqlite3')}"


@pytest.fixture
def bare_sqlite_database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bare.sqlite3'}"


@pytest.fixture
def postgresql_database(postgres_url: str, _migrated_postgresql: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database."""
    yield from clone_postgresql(postgres_url, _migrated_postgresql)


@pytest.fixture
def bare_postgresql_database(postgres_url: str) -> Iterator[str]:
    yield from clone_postgresql(postgres_url, "template0")


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite3"
    _migrate()(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _migrated_postgresql(postgres_url: str) -> str:
    maintain(postgres_url, "CREATE DATABASE migrated")
    _migrate()(f"{postgres_url}/migrated")
    return "migrated"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a private cluster, without a database's name. A missing PostgreSQL is an error, never a skip."""
    with cluster(durable=False) as url:
        yield url


@contextmanager
def cluster(*, durable: bool) -> Iterator[str]:
    """A PostgreSQL of its own in a temporary folder, until the block ends; `durable` waits for the disk at every commit."""
    # PostgreSQL refuses to run as root, and its user must be able to reach the folder.
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="hinge-postgresql-"))
    os.chown(folder, user.pw_uid, user.pw_gid)
    as_user: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:
        as_user |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
    data, port = folder / "data", _free_port()
    initdb = find("initdb")
    subprocess.run(
        [initdb, "--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
        check=True,
        **as_user,
    )
    settings = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        **({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
        "shared_buffers": "32MB",
        "max_connections": "100",
        "autovacuum": "off",
    }
    arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    log = folder / "log"
    with log.open("w") as stderr:
        command = [str(initdb.with_name("postgres")), "-D", str(data), *arguments]
        server = subprocess.Popen(command, stderr=stderr, preexec_fn=_end_with_the_tests, **as_user)
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}"
        _wait_for(url, server, log)
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth a checkpoint
        server.wait()
        shutil.rmtree(folder)


_numbers = count(1)


def clone_postgresql(cluster: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    copy_postgresql(cluster, template, name)
    yield f"{cluster}/{name}"
    drop_postgresql(cluster, name)


def copy_postgresql(cluster: str, template: str, name: str) -> None:
    with psycopg.connect(f"{cluster}/postgres") as connection:
        # Since 15 a copy goes through the log unless told otherwise, which takes eight times as long.
        strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
    maintain(cluster, f"CREATE DATABASE {name} TEMPLATE {template} {strategy}")


def drop_postgresql(cluster: str, name: str) -> None:
    maintain(cluster, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def maintain(cluster: str, statement: str) -> None:
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _end_with_the_tests() -> None:
    """Ask Linux to end PostgreSQL even when the tests are killed and can't."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


def _migrate() -> Callable[[str], None]:
    from app.store.migrate import upgrade  # here, so that the tests of the rules wait for no SQLAlchemy

    return upgrade


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[Any], log: Path) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"{url}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test has recorded to be told, and how many ran on each database, so that a run which left one out shows it."""
    ran = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome) if report.when == "call"]
    for line in (value for report in ran for name, value in report.user_properties if name == "told"):
        terminalreporter.write_line(str(line))
    counts = {name: sum(name in report.keywords for report in ran) for name in ("sqlite", "postgresql")}
    if any(counts.values()):
        terminalreporter.write_line(", ".join(f"{name}: {number} tests" for name, number in counts.items()))
