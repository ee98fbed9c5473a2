"""Clients in a real browser: Tess adds one by keyboard, records her consent, archives her and takes it back."""

import pytest
from playwright.sync_api import Page, expect

from app.rules.vocabulary import Sex
from app.services import clients
from app.services.clients import ClientFields
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, set_scene


@pytest.fixture
def scene(live: Live) -> Scene:
    return set_scene(live)


def add(scene: Scene, name: str, *, agrees: bool = True) -> int:
    at = scene.live.clock()
    with scene.database.work(scene.tess, writes=True) as store:
        fields = ClientFields(name=name, birth_year=1980, sex=Sex.UNSPECIFIED, goals="Walk uphill.")
        return clients.add_client(store, fields, at, at.date(), consented_on=at.date() if agrees else None).id


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        label = page.locator(":focus").evaluate("node => node.labels?.[0]?.textContent ?? node.textContent")
        if label.strip().removesuffix("*").strip().startswith(name):
            return
    raise AssertionError(f"Tab never reaches {name}")


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_adds_a_client_by_keyboard(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto("/clients")
    tab_to(page, "Add client")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/new")
    for label, typed in (("Name or code", "Dora Field"), ("Birth year", "2012"), ("Body weight", "62,5")):
        tab_to(page, label)
        page.keyboard.type(typed)
    tab_to(page, "Female")
    page.keyboard.press("Space")
    tab_to(page, "The client has read the text")
    page.keyboard.press("Space")
    page.get_by_label("Signed on paper").press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("the norms are for adults")
    expect(page.get_by_label("Body weight")).to_have_value("62,5")
    if javascript:
        axe(page)
    page.get_by_label("Birth year").fill("1980")
    page.get_by_role("button", name="Add client").press("Enter")
    expect(page.get_by_role("heading", name="Dora Field")).to_be_visible()
    expect(page.get_by_text("born 1980, female, 62.5 kg")).to_be_visible()
    expect(page.get_by_role("heading", name="Ready for the first screen")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_consent_withdrawn_and_given_anew(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}")
    page.get_by_role("link", name="Read or withdraw").click()
    page.get_by_role("button", name="Withdraw the consent").click()
    expect(page.get_by_role("heading", name="The consent is withdrawn")).to_be_visible()
    if javascript:
        axe(page)
        shots(page, "clients-withdrawn")
    page.get_by_role("link", name="Record a new consent").click()
    page.get_by_text("Signed on paper").click()
    page.get_by_role("button", name="Record consent").click()
    expect(page.get_by_role("heading", name="Ready for the first screen")).to_be_visible()


def test_archiving_is_undone_where_it_was_done(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser(phone=True)
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}")
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_role("heading", name="This profile is archived")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("Back on your list.")).to_be_visible()


def test_every_page_is_looked_at(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser()
    scene.sign_in_tess(page)
    unagreed = add(scene, "Fay", agrees=False)
    for number in range(30):
        add(scene, f"R-{number}")
    scene.screen("everything-tight")
    for name, path in (
        ("list", "/clients"),
        ("nobody", "/clients?query=zz"),
        ("none-archived", "/clients?show=archived"),
        ("new", "/clients/new"),
        ("edit", f"/clients/{scene.client_id}/edit"),
        ("with-plan", f"/clients/{scene.client_id}"),
        ("without-consent", f"/clients/{unagreed}"),
        ("consent", f"/clients/{scene.client_id}/consent"),
        ("no-consent", f"/clients/{unagreed}/consent"),
    ):
        page.goto(path)
        axe(page)
        shots(page, f"clients-{name}")


def test_a_stopped_client_is_looked_at(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser()
    scene.sign_in_tess(page)
    scene.screen("painful-test")
    page.goto(f"/clients/{scene.client_id}")
    expect(page.get_by_role("heading", name="Stopped until a professional has answered")).to_be_visible()
    axe(page)
    shots(page, "clients-stopped")
    page.get_by_role("link", name="See the stop").click()
    page.wait_for_url("**/plan")
