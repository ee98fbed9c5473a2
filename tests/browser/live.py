"""The real app, served from this process to a real browser, with a clock that the test holds."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from app.main import create_app
from app.settings import Settings
from tests.clock import Clock


@dataclass(frozen=True)
class Live:
    """A running app: where it is, what it was told, and its clock."""

    url: str
    settings: Settings
    clock: Clock


@contextmanager
def live_app(database_url: str, data_dir: Path, **more: float) -> Iterator[Live]:
    """Serve the app on a free port of this computer until the block ends."""
    with listener() as listening:
        url = address(listening)
        settings = Settings.model_validate({"database_url": database_url, "data_dir": data_dir, "public_url": url, **more})
        clock = Clock()
        with served(create_app(settings, clock), listening):
            yield Live(url, settings, clock)


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
