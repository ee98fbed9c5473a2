"""The real app, served from this process to a real browser, with a clock that the test holds."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from app.main import create_app
from app.settings import Settings
from app.store import Database
from app.web.deps import Surroundings
from tests.clock import Clock


@dataclass(frozen=True)
class Live:
    """A running app: where it is, what it was told, its database and its clock."""

    url: str
    settings: Settings
    database: Database
    clock: Clock


@contextmanager
def live_app(database_url: str, data_dir: Path, **more: float) -> Iterator[Live]:
    """Serve the app on a free port of this computer until the block ends."""
    with listener() as listening:
        url = address(listening)
        settings = Settings.model_validate({"database_url": database_url, "data_dir": data_dir, "public_url": url, **more})
        clock = Clock()
        app = create_app(settings, clock)
        with served(app, listening):
            yield Live(url, settings, app.state.hinge.database, clock)


@dataclass(frozen=True)
class House:
    """One server for one test after another: its routes, templates and statements are made ready once."""

    url: str
    settings: Settings
    app: FastAPI
    path: Path

    @contextmanager
    def with_copy_of(self, database: Path, data_dir: Path) -> Iterator[Live]:
        """The running app on a database of its own, with a clock of its own, until the block ends."""
        for old in self.path.parent.glob(f"{self.path.name}*"):
            old.unlink()
        copyfile(database, self.path)
        settings, clock = self.settings.model_copy(update={"data_dir": data_dir}), Clock()
        fresh = Database(self.app.state.hinge.database.engine)
        fresh.close()  # a late request of the test before may have opened the file that is gone
        self.app.state.hinge = Surroundings(settings, fresh, clock)
        try:
            yield Live(self.url, settings, fresh, clock)
        finally:
            fresh.close()


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Serve the app on a free port, with no database yet, until the block ends."""
    with listener() as listening:
        path, url = folder / "at-work.sqlite3", address(listening)
        settings = Settings(database_url=f"sqlite:///{path}", data_dir=folder / "data", public_url=url)
        app = create_app(settings, Clock())
        with served(app, listening):
            yield House(url, settings, app, path)


def listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def served(app: ASGIApp, listening: socket.socket) -> Iterator[None]:
    """Serve any ASGI app on a socket that already listens, in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the app did not start; its log says why")
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
