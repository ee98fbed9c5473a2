"""The main job from end to end in the demo: screened, planned, given access, ticked on a phone, and an exercise edited."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.services import demo
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe
from tests.screening import typed


@pytest.fixture
def passwords(live: Live) -> dict[str, str]:
    """The demo's sign-ins, as `./run` prints them."""
    Path(live.settings.data_dir).mkdir(mode=0o700, exist_ok=True)
    printed = "\n".join(demo.load_if_empty(live.settings, live.clock()))
    return dict(re.findall(r"(\S+@\S+)\s+(\S+)", printed))


def sign_in(page: Page, email: str, passwords: dict[str, str]) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(passwords[email])
    page.get_by_role("button", name="Sign in").click()


def fill_in(page: Page, name: str, values: tuple[str, ...]) -> None:
    """Type, tick or choose, whatever the field is."""
    fields = page.locator(f'#draft [name="{name}"]')
    kind = fields.first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        for value in values:
            page.locator(f'#draft [name="{name}"][value="{value}"]').check(force=True)
    elif fields.first.evaluate("element => element.tagName") == "SELECT":
        fields.first.select_option(values[-1])
    else:
        fields.first.fill(values[-1])


def words(part: Locator) -> str:
    return " ".join((part.text_content() or "").split())


@pytest.mark.slow
@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_new_client_to_her_first_tick(live: Live, passwords: dict[str, str], open_browser: OpenBrowser, *, javascript: bool) -> None:
    tess = open_browser(javascript=javascript)
    sign_in(tess, "tess@demo.example", passwords)

    tess.get_by_role("link", name="Add client").first.click()
    tess.get_by_label("Name or code").fill("Nadja Ruiz")
    tess.get_by_label("Birth year").fill("1990")
    tess.get_by_text("Female", exact=True).click()
    tess.get_by_label("The client has read the text and agrees").check()
    tess.get_by_text("Signed on paper").click()
    tess.get_by_label("Agreed on").fill(live.clock().date().isoformat())
    tess.get_by_text("signed on paper", exact=False).last.click()
    tess.get_by_role("button", name="Add client").click()
    expect(tess.get_by_role("heading", level=1)).to_contain_text("Nadja Ruiz")
    client = tess.url.partition("?")[0]

    tess.get_by_role("button", name=re.compile("screen", re.IGNORECASE)).first.click()
    for name, values in typed().items():
        fill_in(tess, name, values)
    tess.get_by_role("button", name="Preview and finish").click()
    expect(tess.get_by_text("Nothing is published yet").first).to_be_visible()
    tess.get_by_role("button", name="Finish and publish").click()
    tess.goto(f"{client}/plan")
    expect(tess.get_by_role("heading", name="Runner's lunge").first).to_be_visible()
    tess.get_by_text("Why, in full").first.click()
    expect(tess.locator(".chain").first).to_contain_text("R1")
    if javascript:
        axe(tess)

    tess.get_by_role("link", name="Give access").click()
    tess.get_by_role("button", name="Make a link").click()
    link = tess.locator("input[readonly]").input_value()

    nadja = open_browser(phone=True, javascript=javascript)
    nadja.goto(link)
    nadja.get_by_role("button", name="Open my plan here").click()
    expect(nadja.get_by_role("heading", level=1)).to_contain_text("Nadja")
    row = nadja.locator(".tick").first
    row.locator(".tick-main").click()
    expect(nadja.locator(".tick").first.locator(".set.done")).to_have_count(1)
    expect(nadja.locator(".progress")).to_contain_text("1 of ")

    tess.goto(f"{client}/plan")
    before = {page: words(page.locator("main")) for page in (tess, nadja)}
    assert "Long step, front knee over ankle" in before[nadja]
    ada = open_browser(javascript=javascript)
    sign_in(ada, "ada@demo.example", passwords)
    ada.goto("/library/runners-lunge/edit")
    ada.get_by_label("Cues").fill("Long step, slowly\nTuck the tail")
    ada.get_by_role("button", name="Save as a new version").first.click()
    expect(ada.get_by_text("Long step, slowly").first).to_be_visible()

    for page in before:
        page.reload()
    told = words(tess.locator(".banner", has_text="The same screen leads to another plan today"))
    assert words(tess.locator("main")).replace(f"{told} ", "") == before[tess], "her plan is as it was, and says that it could be newer"
    assert words(nadja.locator("main")) == before[nadja]
