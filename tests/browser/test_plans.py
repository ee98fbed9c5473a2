"""A plan, a stop and its answer in a real browser: looked at, read by axe, and gone through without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, set_scene


@pytest.fixture
def scene(live: Live) -> Scene:
    return set_scene(live)


def open_all(page: Page) -> None:
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")


@pytest.mark.parametrize("name", ["everything-tight", "weak-everything"])
def test_the_plan_and_her_own_page_can_be_looked_at(scene: Scene, open_browser: OpenBrowser, name: str) -> None:
    scene.screen(name)
    tess, cleo = open_browser(), open_browser(phone=True)
    scene.sign_in_tess(tess)
    scene.sign_in_cleo(cleo)
    tess.goto(f"/clients/{scene.client_id}/plan")
    axe(tess)
    shots(tess, f"plan-{name}")
    open_all(tess)
    axe(tess)
    cleo.goto("/my/plan")
    axe(cleo)
    shots(cleo, f"my-plan-{name}")


@pytest.mark.parametrize("name", ["emergency-red-flag", "osteoporosis-cleared-to-load", "painful-test"])
def test_a_stop_can_be_looked_at(scene: Scene, open_browser: OpenBrowser, name: str) -> None:
    scene.screen(name)
    tess, cleo = open_browser(), open_browser(phone=True)
    scene.sign_in_tess(tess)
    scene.sign_in_cleo(cleo)
    tess.goto(f"/clients/{scene.client_id}/plan")
    axe(tess)
    shots(tess, f"stop-{name}")
    tess.get_by_role("link", name="Note to take along").click()
    axe(tess)
    shots(tess, f"note-{name}")
    cleo.goto("/my/plan")
    axe(cleo)
    shots(cleo, f"my-stop-{name}")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_an_emergency_is_read_without_scrolling(scene: Scene, open_browser: OpenBrowser, width: int, height: int) -> None:
    scene.screen("emergency-red-flag")
    tess, cleo = open_browser(), open_browser(phone=True)
    scene.sign_in_tess(tess)
    scene.sign_in_cleo(cleo)
    tess.goto(f"/clients/{scene.client_id}/plan")
    cleo.goto("/my/plan")
    for page in (tess, cleo):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("main h1")).to_be_in_viewport(ratio=1)
        expect(page.locator("main p").first).to_contain_text("go to an emergency department now")
        expect(page.locator("main p").first).to_be_in_viewport(ratio=1)
        expect(page.locator("main :is(h1, h2, p, a, button)").first).to_have_text("Stop. This can be an emergency.")
    expect(tess.locator(".banner.emergency")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_logs_an_answer_and_the_plan_follows(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    scene.screen("osteoporosis-cleared-to-load")
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/plan")
    page.get_by_text("Log a clearance with its limits").click()
    page.get_by_label("Who answered").fill("Dr Young")
    page.get_by_role("group", name="The loaded hinge").get_by_label("Allowed", exact=True).check()
    page.get_by_role("button", name="Log the clearance").click()
    expect(page.locator("#f-cleared_on-error")).to_be_visible()
    expect(page.get_by_label("Who answered")).to_have_value("Dr Young")
    if javascript:
        axe(page)
    page.get_by_label("Date of the answer").fill(scene.live.clock().date().isoformat())
    page.get_by_role("button", name="Log the clearance").click()
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    if javascript:
        axe(page)
        shots(page, "stop-answered")
    page.get_by_role("link", name="Open the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("open, the dowel"))


def test_the_chain_of_a_line_opens_by_keyboard(scene: Scene, open_browser: OpenBrowser) -> None:
    scene.screen("one-sided-hamstring")
    page = open_browser()
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/plan")
    fold = page.locator("#flexibility .items details").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.get_by_text("Active knee extension, left")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_leaves_a_line_out_of_the_plan_and_puts_it_back(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    scene.screen("everything-tight")
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/plan")
    page.get_by_role("link", name="Adjust").click()
    plank = page.locator("li", has=page.get_by_role("heading", name=re.compile("Front plank")))
    page.get_by_text("Strengthening, as before").click()
    plank.get_by_text("Do otherwise").click()
    plank.get_by_text("Leave it out", exact=True).click()
    page.get_by_role("button", name="Publish plan 2").click()
    expect(page.get_by_role("heading", name="One line has to be put right")).to_be_visible()
    expect(plank.get_by_role("radio", name="Leave it out")).to_be_checked()
    if javascript:
        axe(page)
        shots(page, "adjust-refused")
    plank.get_by_label("Leave it out, because").fill("Her wrists.")
    plank.get_by_label("Leave it out, because").press("Enter")  # publishes nothing yet
    expect(plank.get_by_label("Leave it out, because")).to_have_value("Her wrists.")
    page.get_by_role("button", name="Publish plan 2").click()
    expect(page.get_by_text("The adjusted plan is published.")).to_be_visible()
    expect(page.get_by_text("Left out by Tess: Her wrists.")).to_be_visible()
    page.get_by_role("link", name="Adjust").click()
    if javascript:
        axe(page)
        shots(page, "adjust")
    plank.get_by_text("Take it", exact=True).click()
    page.get_by_role("button", name="Publish plan 3").click()
    expect(page.get_by_text("The adjusted plan is published.")).to_be_visible()
    expect(page.get_by_text("Left out by Tess")).to_have_count(0)
