"""Signing in, one's account and the studio's people in a real browser, looked at and read by axe."""

import pytest
from playwright.sync_api import Page, expect

from app.models import Role
from app.services import accounts
from app.services.passwords import hash_password
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, set_scene

PASSWORD = "correct horse battery staple"


@pytest.fixture
def scene(live: Live) -> Scene:
    """Tess, who is the admin too and has a password."""
    scene = set_scene(live)
    with scene.database.work(writes=True) as store:
        tess = store.accounts.user(scene.tess.user_id)
        tess.password_hash, tess.roles = hash_password(PASSWORD), frozenset({Role.TRAINER, Role.ADMIN})
    return scene


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill("tess@northside.example")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_tess_signs_in_by_keyboard_after_a_slip(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser()
    page.goto("/clients")
    axe(page)
    shots(page, "accounts-sign-in")
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("don't match")
    expect(page.get_by_label("E-mail")).to_have_value("tess@northside.example")
    axe(page)
    shots(page, "accounts-sign-in-refused")
    sign_in(page)
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_what_she_typed_outlives_her_session(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto("/clients/new")
    page.get_by_label("Name or code").fill("Dora Field")
    page.get_by_label("Birth year").fill("1980")
    page.get_by_label("Body weight").fill("62,5")
    page.get_by_label("Female").check()
    scene.live.clock.move(hours=2)
    page.get_by_role("button", name="Add client").click()
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    if javascript:
        axe(page)
        shots(page, "accounts-sign-in-again")
    sign_in(page)
    expect(page.get_by_role("heading", name="Dora Field")).to_be_visible()
    expect(page.get_by_text("62.5 kg")).to_be_visible()


def test_every_page_is_looked_at(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser()
    scene.sign_in_tess(page)
    with scene.database.work(writes=True) as store:
        _, token = accounts.reset_from_shell(store, "tess@northside.example", scene.live.clock())
    person = f"/studio/people/{scene.tess.user_id}"
    for name, path in (
        ("account", "/account"),
        ("studio", "/studio"),
        ("new-person", "/studio/people/new"),
        ("person", person),
        ("reset", f"/reset/{token}"),
        ("reset-used", "/reset/used"),
        ("nothing-here", "/clients/999"),
    ):
        page.goto(path)
        axe(page)
        shots(page, f"accounts-{name}")
    page.goto(person)
    page.get_by_role("button", name="Leave the studio").click()
    expect(page.get_by_role("alert")).to_contain_text("Tess is the last admin")
    axe(page)
    page.get_by_role("button", name="Make a link for a new password").click()
    axe(page)
    shots(page, "accounts-link")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied").or_(page.get_by_role("button", name="Press Ctrl+C"))).to_be_visible()
