"""Starting it: what is set up once, what becomes of the process, and what one hears when it can't start."""

import os
import runpy
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


class Clone:
    """A folder with `run`, empty lock files, and an app that only says which process it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = folder / "tools"
        shutil.copy(ROOT / "run", folder)
        (folder / "app").mkdir()
        (folder / "app/__main__.py").write_text("import os, sys\nprint(os.getpid(), *sys.argv[1:])\n")
        for name in ("requirements.txt", "requirements-dev.txt"):
            (folder / name).write_text("")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Run it without uv, and without any network."""
        environment = os.environ | {"PATH": "/usr/bin:/bin", "PIP_NO_INDEX": "1"}
        return subprocess.Popen(
            [sys.executable, self.folder / "run", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[str, str]:
        output, errors = self.start(*arguments).communicate(timeout=120)
        return output, errors


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return Clone(tmp_path_factory.mktemp("clone"))


@pytest.mark.slow
def test_two_at_once_set_up_once_and_later_ones_not_at_all(clone: Clone) -> None:
    shutil.rmtree(clone.folder / ".venv", ignore_errors=True)
    first, second = clone.start(), clone.start("--port", "8001")
    answers = [process.communicate(timeout=120) for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert sorted(errors for _, errors in answers) == ["", "Setting up .venv ...\n"]
    assert clone.run("--", "user", "add")[1] == ""


@pytest.mark.slow
def test_it_becomes_what_it_starts(clone: Clone) -> None:
    clone.run()
    process = clone.start("--port", "8001")
    assert process.communicate(timeout=60)[0] == f"{process.pid} serve --demo --port 8001\n"
    process = clone.start("--", "token", "--help")
    assert process.communicate(timeout=60)[0] == f"{process.pid} token --help\n"


@pytest.mark.slow
def test_what_was_left_half_made_is_made_again(clone: Clone) -> None:
    clone.run()
    (clone.folder / ".venv/complete").unlink()
    left_over = clone.folder / ".venv/left-over"
    left_over.touch()
    assert clone.run()[1] == "Setting up .venv ...\n"
    assert not left_over.exists()


@pytest.mark.slow
def test_a_changed_lock_file_is_noticed(clone: Clone) -> None:
    clone.run()
    (clone.folder / "requirements.txt").write_text("# changed\n")
    assert clone.run()[1] == "Setting up .venv ...\n"
    assert clone.run()[1] == ""


@pytest.mark.slow
def test_a_set_up_that_fails_says_so_and_is_tried_again(clone: Clone) -> None:
    (clone.folder / "requirements.txt").write_text(f"hinge-coach-nowhere==1.0 --hash=sha256:{'0' * 64}\n")
    output, errors = clone.run()
    assert output == ""
    assert errors.splitlines()[-1].startswith("Could not set up .venv.")
    (clone.folder / "requirements.txt").write_text("")
    output, errors = clone.run()
    assert "serve --demo" in output


def test_an_old_python_is_told_which_it_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is 3\.9"):
        runpy.run_path(str(ROOT / "run"), run_name="__main__")


def test_an_unknown_verb_lists_the_known_ones() -> None:
    done = subprocess.run([sys.executable, ROOT / "run", "tset"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "There is no ./run tset" in done.stderr
    assert "./run check" in done.stderr


def test_a_machine_without_chromium_is_told_what_to_install() -> None:
    command = [sys.executable, "-m", "tests.machine", "pytest"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": "/nowhere"}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "chromium is missing; the tests need it. On Debian: apt-get install chromium\n"


def serve(data: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", "serve", *arguments],
        cwd=ROOT,
        env=os.environ | {"HINGE_DATA_DIR": str(data)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def complaint(process: subprocess.Popen[str]) -> str:
    """The one line on stderr of a start that failed with 1."""
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    (line,) = errors.splitlines()
    return line


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield str(listener.getsockname()[1])


@pytest.fixture
def free() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


@pytest.mark.slow
def test_a_port_in_use_is_said_in_one_line_and_nothing_is_made(tmp_path: Path, taken: str) -> None:
    data = tmp_path / "data"
    assert taken in complaint(serve(data, "--demo", "--port", taken))
    assert not data.exists()


@pytest.mark.slow
def test_without_anybody_a_start_says_how_the_first_person_comes_in(tmp_path: Path, free: str) -> None:
    process = serve(tmp_path / "data", "--port", free)
    try:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)][1].startswith("Nobody can sign in yet.")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_of_two_started_at_once_one_has_the_port_and_the_other_says_so(tmp_path: Path, free: str) -> None:
    both = [serve(tmp_path / name, "--port", free) for name in ("one", "other")]
    try:
        until = time.monotonic() + 60
        while all(process.poll() is None for process in both) and time.monotonic() < until:
            time.sleep(0.1)
        (late,) = (process for process in both if process.poll() is not None)
        assert free in complaint(late)
    finally:
        for process in both:
            process.kill()
            process.communicate()


@pytest.mark.slow
def test_a_data_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path, free: str) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    data = in_the_way / "data"
    assert str(data) in complaint(serve(data, "--demo", "--port", free))
    mode = in_the_way.stat().st_mode
    assert str(in_the_way) in complaint(serve(in_the_way, "--demo", "--port", free))
    assert (in_the_way.read_text(), in_the_way.stat().st_mode) == ("not a folder", mode)


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://somebody@127.0.0.1/hinge",
        "postgresql://somebody:secret@127.0.0.1:1/hinge",
        "sqlite:////nowhere/at/all/hinge.sqlite3",
    ],
)
def test_a_broken_database_url_is_said_in_one_line_without_its_password(tmp_path: Path, free: str, url: str) -> None:
    data = tmp_path / "new" / "data"
    line = complaint(serve(data, "--demo", "--port", free, HINGE_DATABASE_URL=url))
    assert "database" in line.lower()
    assert "secret" not in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "left_there",
    [
        "create table studio (id integer)",
        "create table alembic_version (version_num varchar(32)); insert into alembic_version values ('of_tomorrow')",
    ],
)
def test_a_database_that_is_not_ours_is_said_in_one_line_and_stays_as_it_is(tmp_path: Path, free: str, left_there: str) -> None:
    database = tmp_path / "else.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(left_there)
        before = list(connection.iterdump())
    assert "database" in complaint(serve(tmp_path / "data", "--port", free, HINGE_DATABASE_URL=f"sqlite:///{database}"))
    assert not (tmp_path / "data").exists()
    with closing(sqlite3.connect(database)) as connection:
        assert list(connection.iterdump()) == before


@pytest.mark.slow
def test_it_serves_keeps_its_data_to_itself_and_ends_when_told(tmp_path: Path, free: str) -> None:
    data = tmp_path / "data"
    process = serve(data, "--demo", "--port", free)
    try:
        answer = first_answer(f"http://127.0.0.1:{free}/healthz", process)
        assert answer == 200
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        sys.stderr.write(errors)
    assert "Traceback" not in errors


def first_answer(url: str, process: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own server
                status: int = answer.status
                return status
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it never answered")
