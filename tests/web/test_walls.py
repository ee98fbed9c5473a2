"""The outer walls: unknown hosts, other sites, bodies that never end, and too many at once."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from sqlalchemy import event, text
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.store import Database
from tests.browser.live import Live, live_app
from tests.cast import DAY, HERE, Cast, browser


@pytest.fixture
def served(sqlite_cast: Cast, tmp_path: Path) -> Iterator[Live]:
    with live_app(sqlite_cast.settings.database, tmp_path / "data") as running:
        yield running


def test_an_unknown_host_is_400(sqlite_cast: Cast) -> None:
    for host in ("evil.example", "", "127.0.0.1.evil.example", "[::1"):
        assert sqlite_cast.nobody.get("/sign-in", headers={"host": host}).status_code == 400
    for host in ("127.0.0.1:9", "localhost", "[::1]:8000"):
        assert sqlite_cast.nobody.get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "cross-site", "origin": HERE}, 403),
        ({"sec-fetch-site": "same-site", "origin": HERE}, 403),
        ({"origin": HERE}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_form_from_another_site_does_nothing(sqlite_cast: Cast, headers: dict[str, str], status: int) -> None:
    client = browser(sqlite_cast.app, hinge=sqlite_cast.tess.browser.cookies["hinge"])
    del client.headers["origin"]
    assert client.post("/sign-out", headers=headers, follow_redirects=False).status_code == status
    still_in = sqlite_cast.tess.get("/account").status_code == 200
    assert still_in == (status == 403)


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://Coach.example:443/", "https://coach.example"),
        ("http://coach.example:80", "http://coach.example"),
        ("https://coach.example:8443", "https://coach.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_page_of_ours_is_known_however_our_address_is_written(sqlite_cast: Cast, written: str, origin: str) -> None:
    settings = Settings(database_url=sqlite_cast.settings.database, public_url=written)
    assert settings.public_url == origin
    client = TestClient(create_app(settings, sqlite_cast.clock), base_url=origin)
    wrong = {"sign_in_email": "nobody@x.example", "sign_in_password": "wrong"}
    assert client.post("/sign-in", data=wrong, headers={"origin": origin}).status_code == 422
    assert client.post("/sign-in", data=wrong, headers={"origin": f"{origin}1"}).status_code == 403


@pytest.mark.parametrize(
    "written",
    [
        *("https://me:secret@coach.example", "https://me@coach.example", "https://coach.example/app", "https://coach.example?a"),
        *("https://coach.example#a", "https://coach.example:99999", "https://coach.example:x", "https://[::1", "https://ü.example"),
        *("ftp://coach.example", "https://", "a b"),
    ],
)
def test_an_address_that_no_page_can_have_is_refused_in_one_line(written: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(public_url=written)
    assert "write it as https://name" in refusal.value.errors()[0]["msg"]


def test_a_program_needs_no_origin_and_its_cookie_is_never_read(sqlite_cast: Cast) -> None:
    client = browser(sqlite_cast.app, hinge=sqlite_cast.tess.browser.cookies["hinge"])
    del client.headers["origin"]
    answer = client.post("/api/v1/clients", json={}, headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert client.post("/api/v1/clients", json={}).status_code == 403  # with a cookie and from nowhere
    assert sqlite_cast.nobody.post("/api/v1/clients", json={}).status_code == 401


def test_every_page_carries_the_strict_headers_and_is_not_stored(sqlite_cast: Cast) -> None:
    for path in ("/sign-in", "/account", "/nothing-here", "/api/v1/clients"):
        headers = sqlite_cast.tess.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_a_static_file_with_its_hash_may_be_kept_and_one_without_is_asked_for_again(sqlite_cast: Cast) -> None:
    assert "immutable" in sqlite_cast.nobody.get("/static/css/hinge.css?v=1").headers["cache-control"]
    assert sqlite_cast.nobody.get("/static/css/hinge.css").headers["cache-control"] == "no-cache"
    for escape in ("/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/static/css/../../pyproject.toml", "/static/css"):
        assert sqlite_cast.nobody.get(escape).status_code == 404


def test_health_answers_get_and_head(sqlite_cast: Cast) -> None:
    for path in ("/healthz", "/readyz"):
        assert sqlite_cast.nobody.get(path).status_code == 200
        assert sqlite_cast.nobody.head(path).status_code == 200


def test_a_body_that_is_too_large_is_413(sqlite_cast: Cast) -> None:
    assert sqlite_cast.nobody.post("/sign-in", content=b"x" * 1_000_001).status_code == 413


def test_a_body_that_never_ends_is_408(sqlite_cast: Cast, tmp_path: Path) -> None:
    settings = Settings(database_url=sqlite_cast.settings.database, data_dir=tmp_path, public_url=HERE, body_seconds=0.3)
    with live_app(settings.database, tmp_path / "data", body_seconds=0.3) as running, half_sent(running) as connection:
        connection.settimeout(5)
        assert b" 408 " in connection.recv(1000)


class half_sent:  # noqa: N801  # reads as a phrase
    """A POST whose body is announced and only half delivered."""

    def __init__(self, live: Live) -> None:
        self.live = live

    def __enter__(self) -> socket.socket:
        host, port = self.live.url.removeprefix("http://").split(":")
        self.connection = socket.create_connection((host, int(port)))
        head = f"POST /sign-in HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {self.live.url}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nsign_in_email=te"
        self.connection.sendall(head.encode())
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.close()


@pytest.mark.slow
def test_while_bodies_are_half_sent_everybody_else_is_answered(served: Live) -> None:
    held = [half_sent(served) for _ in range(20)]
    for one in held:
        one.__enter__()
    time.sleep(0.2)
    wrong = {"sign_in_email": "nobody@x.example", "sign_in_password": "wrong"}
    with httpx2.Client(base_url=served.url, headers={"origin": served.url}, timeout=5) as client:
        assert client.get("/sign-in").status_code == 200
        assert client.post("/sign-in", data=wrong).status_code == 422
    for one in held:
        one.__exit__()


@pytest.mark.slow
def test_two_hundred_requests_at_once_are_all_answered(served: Live) -> None:
    barrier = threading.Barrier(200)

    def ask(number: int) -> int:
        with httpx2.Client(base_url=served.url, timeout=60) as client:
            barrier.wait()
            return client.get("/readyz" if number % 2 else "/sign-in").status_code

    with ThreadPoolExecutor(200) as pool:
        assert list(pool.map(ask, range(200))) == [200] * 200


def impatient(connection: Any, _: object) -> None:
    connection.execute("PRAGMA busy_timeout=1")


@pytest.fixture
def busy_cast(sqlite_cast: Cast) -> Iterator[Cast]:
    """The cast while somebody else is storing something large."""
    sqlite_cast.database.close()
    event.listen(sqlite_cast.database.engine, "connect", impatient)
    with Database.at(sqlite_cast.settings.database).work(writes=True) as store:
        store.accounts.studios()
        yield sqlite_cast
    event.remove(sqlite_cast.database.engine, "connect", impatient)
    sqlite_cast.database.close()


def test_while_something_large_is_stored_pages_open_and_forms_are_asked_to_come_back(busy_cast: Cast) -> None:
    busy_cast.clock.move(minutes=5)
    assert busy_cast.tess.get("/clients").status_code == 200
    for refused in (
        busy_cast.tess.post(f"/clients/{busy_cast.cleo.client_id}/archive"),
        busy_cast.tess.api.post("/clients", {"name": "Dora", "birth_year": 1990, "sex": "female"}),
    ):
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "5"
        assert "Try again in a few seconds" in refused.text


# --- when something breaks ------------------------------------------------------------------------------------------

BREAKS = {
    "sqlite": "CREATE TRIGGER never BEFORE INSERT ON client_event BEGIN SELECT RAISE(ABORT, 'never'); END",
    "postgresql": "ALTER TABLE client_event ADD CONSTRAINT never CHECK (false) NOT VALID",
}
"""After which nothing can be noted; PostgreSQL says of each row what was in it."""


def test_what_breaks_is_logged_by_its_place_and_with_no_word_about_cleo(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with cast.database.work(writes=True) as store:
        store.session.execute(text(BREAKS[cast.database.engine.dialect.name]))
    tess = TestClient(cast.app, base_url=HERE, headers={"origin": HERE}, cookies={"hinge": cast.tess.browser.cookies["hinge"]})
    # This one raises what goes on to the server.
    noted = {"kind": "pregnancy", "happened_on": DAY.isoformat(), "event_note": "canary"}
    answer = tess.post(f"/clients/{cast.cleo.client_id}/events", data=noted)
    assert answer.status_code == 500
    assert "nothing was changed" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    told = "\n".join(logging.Formatter().format(record) for record in caplog.records if not record.name.startswith("http"))
    assert "note_event" in told
    assert "sqlalchemy.exc." in told
    assert "canary" not in told
    assert "pregnancy" not in told
