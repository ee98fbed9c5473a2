"""A re-screen in a real browser: one stage's tests, what changes, a line kept for a reason; by keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.rules.documents import Screen
from app.services import screens
from app.services.drafts import ScreenFields
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, set_scene
from tests.rescreening import took

BEFORE = took(AKE=(22, 12), MTT_HIP=(8, 2), FIG4=(17, 12), ADD=(35, 45), STEPDOWN=(3, 1))
NOW = {"AKE": ("12", "12"), "MTT_HIP": ("7", "2"), "FIG4": ("24", "12"), "ADD": ("28", "45")}
STRAP = "Supine hamstring stretch with strap, left"


@pytest.fixture
def scene(live: Live) -> Scene:
    found = set_scene(live)
    log(found, BEFORE)
    live.clock.move(days=28)
    return found


def log(scene: Scene, one: Screen) -> None:
    at = scene.live.clock()
    fields = ScreenFields(at.date(), one.readiness, one.red_flags, one.history, one.measurements)
    with scene.database.work(scene.tess, writes=True) as store:
        screens.log_screen(store, scene.client_id, fields, at, at.date())


def begin(scene: Scene, page: Page) -> None:
    """From the page of what to measure into the draft."""
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/screens/new?tests=flexibility")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name=re.compile("Screen again in part"))).to_be_visible()


def fill(page: Page) -> None:
    """What is asked anew, and what is measured again."""
    for answer in page.locator('input[name^="readiness."][value=no]').all():
        answer.check(force=True)
    page.get_by_label("None of these: asked, and none holds").check(force=True)
    page.locator('[id="f-history.pain_now"]').fill("0")
    page.locator('input[name="history.pregnant"][value=no]').check(force=True)
    for test, sides in NOW.items():
        for side, value in zip(("left", "right"), sides, strict=True):
            page.locator(f'[id="f-measurements.{test}.{side}.value"]').fill(value)
            flat = page.locator(f'[id="f-measurements.{test}.{side}.extra.low_back_flat"]')
            if flat.count():
                flat.select_option("yes")


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_screens_a_stage_again_and_keeps_a_line(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    page = open_browser(javascript=javascript)
    begin(scene, page)
    expect(page.get_by_text("kept from 23 November 2026").first).to_be_visible()
    fill(page)
    page.get_by_role("button", name="Preview and finish").click()
    expect(page.get_by_role("heading", name="What changes in the plan")).to_be_visible()
    strap = page.locator("li", has=page.get_by_role("heading", name=re.compile(STRAP)))
    expect(strap).to_contain_text("went from 22° to 12°")
    strap.get_by_text("Do otherwise").click()
    strap.get_by_text("Keep it", exact=True).click()
    if javascript:
        expect(page.locator("#saved")).to_contain_text(re.compile(r"Choices saved \d\d:\d\d"))
        page.reload()
        expect(strap.get_by_role("radio", name="Keep it")).to_be_checked()
    page.get_by_role("button", name="Finish and publish").click()
    expect(page.get_by_role("heading", name="One line has to be put right")).to_be_visible()
    expect(strap.get_by_role("radio", name="Keep it")).to_be_checked()
    expect(strap.locator(".error")).to_contain_text("A reason is needed")
    strap.get_by_label("Keep it, because").fill("It does her good.")
    page.get_by_role("button", name="Save the choices").last.click()
    expect(page.get_by_text("Your choices are saved with the draft.")).to_be_visible()
    expect(strap.get_by_label("Keep it, because")).to_have_value("It does her good.")
    page.get_by_role("button", name="Finish and publish").click()
    expect(page.get_by_text("The screen is finished and the plan is published.")).to_be_visible()
    expect(page.get_by_text("Kept by Tess: It does her good.").first).to_be_visible()


def test_a_line_is_kept_by_keyboard_alone(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser()
    begin(scene, page)
    fill(page)
    page.get_by_role("button", name="Preview and finish").click()
    strap = page.locator("li", has=page.get_by_role("heading", name=re.compile(STRAP)))
    strap.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(strap.get_by_role("radio", name="Let it go")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(strap.get_by_role("radio", name="Keep it")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("It does her good.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your choices are saved with the draft.")).to_be_visible()
    expect(strap.get_by_label("Keep it, because")).to_have_value("It does her good.")


def test_every_page_of_a_rescreen_is_looked_at(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser()

    def look(name: str) -> None:
        page.mouse.move(0, 0)
        axe(page)
        shots(page, f"rescreen-{name}")

    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/screens/new?tests=flexibility")
    look("new")
    page.get_by_role("button", name="Begin").click()
    fill(page)
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    look("draft")
    page.get_by_role("button", name="Preview and finish").click()
    strap = page.locator("li", has=page.get_by_role("heading", name=re.compile(STRAP)))
    strap.get_by_text("Do otherwise").click()
    look("changes")
    strap.get_by_text("Keep it", exact=True).click()
    page.get_by_role("button", name="Finish and publish").click()
    expect(page.get_by_role("heading", name="One line has to be put right")).to_be_visible()
    look("refused")
    strap.get_by_label("Keep it, because").fill("It does her good.")
    page.get_by_role("button", name="Finish and publish").click()
    expect(page.get_by_text("The screen is finished and the plan is published.")).to_be_visible()
    page.goto(f"/clients/{scene.client_id}/plans/2/changes")
    look("read-again")
    phone = open_browser(phone=True)
    scene.sign_in_cleo(phone)
    phone.goto("/my/plan")
    phone.get_by_role("link", name="What changed").click()
    expect(phone.get_by_role("heading", name="What changed")).to_be_visible()
    axe(phone)
    shots(phone, "rescreen-own")
