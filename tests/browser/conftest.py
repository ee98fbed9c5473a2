"""A real browser on the real app; whatever a page complains about fails the test that opened it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebError
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browser.live import House, Live, house
from tests.browser.look import LAPTOP, PHONE
from tests.machine import find

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": str(find("chromium")), "args": list(FLAGS)}


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house")) as built:
        yield built


@pytest.fixture
def live(_house: House, _migrated_sqlite: Path, tmp_path: Path) -> Iterator[Live]:
    """The app with an empty database, its address, and its clock."""
    with _house.with_copy_of(_migrated_sqlite, tmp_path / "data") as running:
        yield running


class Troubles(list[str]):
    """What pages complained about. A test that provokes a complaint reads it here and clears it."""

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # A refused form (422) or a lost network also "fails to load"; what must not is judged by its answer, below.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.append(message.text)

    def _on_error(self, error: WebError) -> None:
        self.append(str(error.error))

    def _on_response(self, response: Response) -> None:
        expected_to_refuse = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not expected_to_refuse):
            self.append(f"{response.status} {response.url}")


@pytest.fixture
def troubles() -> Iterator[Troubles]:
    """Script errors, broken policies, failed answers and missing files of every page of the test; there must be none."""
    found = Troubles()
    yield found
    assert not found, "\n".join(found)


class OpenBrowser(Protocol):
    """Somebody's own browser: a phone or a laptop, with or without JavaScript."""

    def __call__(self, *, phone: bool = False, javascript: bool = True, base_url: str | None = None) -> Page: ...


@pytest.fixture
def open_browser(request: pytest.FixtureRequest, troubles: Troubles, new_context: CreateContextCallback) -> OpenBrowser:
    """Open a browser for one more person: no cookies, an empty page, addresses relative to the live app."""

    def opened(*, phone: bool = False, javascript: bool = True, base_url: str | None = None) -> Page:
        context = new_context(
            base_url=base_url or request.getfixturevalue("live").url,
            viewport={"width": PHONE, "height": 844} if phone else {"width": LAPTOP, "height": 900},
            has_touch=phone,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(10_000)
        troubles.watch(context)
        return context.new_page()

    return opened


@pytest.fixture
def page(live: Live, open_browser: OpenBrowser) -> Page:
    """One laptop on the live app."""
    return open_browser()
