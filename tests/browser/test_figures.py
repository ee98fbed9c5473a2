"""Pictures in a real browser: they move twice and stop, wait for a fold to open, and stand still for those who ask for less motion."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import SCHEMES, axe, shots
from tests.browser.scene import Scene, lose_reception, set_scene

AT = "svg => svg.getCurrentTime()"
TURNS = """
svg => [...svg.querySelectorAll("[data-joint]")].map(one => one.getCTM())
    .map(it => [it.a, it.b, it.e, it.f].map(Math.round).join(" ")).join()
"""


@pytest.fixture
def scene(live: Live) -> Scene:
    scene = set_scene(live)
    scene.screen("everything-tight")
    return scene


@pytest.fixture
def tess(scene: Scene, open_browser: OpenBrowser) -> Page:
    page = open_browser()
    scene.sign_in_tess(page)
    return page


@pytest.fixture
def cleo(scene: Scene, open_browser: OpenBrowser) -> Page:
    page = open_browser(phone=True)
    scene.sign_in_cleo(page)
    page.goto("/my/today")
    return page


def test_a_movement_pauses_goes_on_and_plays_again_by_keyboard(tess: Page) -> None:
    tess.goto("/library/wall-hinge")
    button, svg = tess.get_by_role("button", name="Pause"), tess.locator(".moving svg")
    button.focus()
    tess.keyboard.press("Enter")
    before = svg.evaluate(AT)
    tess.wait_for_timeout(150)
    assert svg.evaluate(AT) == before
    tess.keyboard.press("Enter")
    svg.evaluate("svg => svg.setCurrentTime(9.95)")
    again = tess.get_by_role("button", name="Play again")
    expect(again).to_be_focused()
    ended = svg.evaluate(TURNS)
    tess.wait_for_timeout(300)
    assert svg.evaluate(TURNS) == ended, "after two repetitions it is still"
    tess.keyboard.press("Enter")
    expect(tess.get_by_role("button", name="Pause")).to_be_focused()
    assert svg.evaluate(AT) < 2
    svg.evaluate("svg => svg.setCurrentTime(2.5)")
    assert svg.evaluate(TURNS) != ended


def test_an_exercise_as_a_picture(tess: Page) -> None:
    tess.goto("/library/wall-hinge")
    expect(tess.get_by_role("img", name="Wall hinge")).to_be_visible()
    expect(tess.get_by_role("img", name="Fault: ")).to_have_count(2)
    axe(tess)
    shots(tess, "exercise-figure")
    tess.goto("/library")
    axe(tess)


def test_who_wants_less_motion_sees_stills(tess: Page, scene: Scene, open_browser: OpenBrowser) -> None:
    tess.emulate_media(reduced_motion="reduce")
    tess.goto("/library/wall-hinge")
    expect(tess.locator(".still svg")).to_be_visible()
    expect(tess.locator(".moving svg")).to_be_hidden()
    expect(tess.get_by_role("button", name="Pause")).to_be_hidden()
    phone = open_browser(phone=True)
    phone.emulate_media(reduced_motion="reduce")
    scene.sign_in_cleo(phone)
    phone.goto("/my/today")
    phone.locator("summary").first.click()
    expect(phone.locator(".tick-how svg.fig")).to_be_visible()
    assert phone.locator(".tick-how animateTransform").count() == 0
    expect(phone.get_by_role("button", name="Pause")).to_be_hidden()


def test_a_fold_that_opened_before_the_scripts_came_gets_its_picture_when_they_do(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser(phone=True)
    scene.sign_in_cleo(page)
    held: list[Route] = []
    page.route("**/ticks.mjs*", lambda route: held.append(route))
    page.goto("/my/today", wait_until="commit")
    page.locator("summary").first.click()
    expect(page.locator(".tick-how").first).to_be_visible()
    assert page.locator("svg.fig").count() == 0
    held[0].continue_()
    expect(page.locator(".tick-how svg.fig")).to_be_visible()


def test_without_scripts_pictures_move_and_stop_by_themselves(scene: Scene, open_browser: OpenBrowser) -> None:
    page = open_browser(phone=True, javascript=False)
    scene.sign_in_cleo(page)
    page.goto("/my/today")
    page.locator("summary", has_text="Half-kneeling").click()
    page.locator("li.tick", has_text="Half-kneeling").get_by_role("link", name="See it done").click()
    expect(page.get_by_role("img", name="Half-kneeling")).to_be_visible()
    assert page.locator(".moving animateTransform[repeatCount='2'][fill='freeze']").count() > 0
    expect(page.locator("button")).to_be_hidden()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", name=re.compile("Cleo"))).to_be_visible()


def test_a_fold_brings_its_picture_and_a_tick_leaves_it_alone(cleo: Page) -> None:
    asked: list[str] = []
    cleo.on("request", lambda request: asked.append(request.url) if ".svg" in request.url and "/figures/" in request.url else None)
    row = cleo.locator("li.tick", has_text="Half-kneeling")
    assert asked == []
    row.locator("summary").focus()
    cleo.keyboard.press("Enter")
    svg = row.locator("svg.fig")
    expect(svg).to_be_visible()
    assert len(asked) == 1
    assert "/figures/half-kneel/left/moving.svg?v=" in asked[0]
    cleo.locator("summary", has_text="Side-lying").click()
    expect(cleo.locator(".tick-how svg.fig")).to_have_count(2)
    axe(cleo)
    shots(cleo, "today-figures")
    row.get_by_role("button", name="Pause").click()
    before = svg.evaluate(AT)
    with cleo.expect_response(lambda response: response.request.method == "POST"):
        row.locator(".set-button").first.click()
    expect(row.locator(".set-button").first).to_have_attribute("aria-pressed", "true")
    expect(cleo.locator("#sent")).to_have_text("Sent")
    expect(row.get_by_role("button", name="Play")).to_be_visible()
    assert svg.evaluate(AT) == pytest.approx(before, abs=0.05)
    assert len(asked) == 2, "a picture that is there is not asked for again"


def test_what_has_played_is_not_played_again_by_a_tick(cleo: Page) -> None:
    row = cleo.locator("li.tick", has_text="Half-kneeling")
    row.locator("summary").click()
    svg = row.locator("svg.fig")
    svg.evaluate("svg => svg.setCurrentTime(9.95)")
    expect(row.get_by_role("button", name="Play again")).to_be_visible()
    with cleo.expect_response(lambda response: response.request.method == "POST"):
        row.locator(".set-button").first.click()
    expect(cleo.locator("#sent")).to_have_text("Sent")
    assert svg.evaluate(AT) > 9.9
    expect(row.get_by_role("button", name="Play again")).to_be_visible()


def test_without_a_network_the_fold_keeps_its_words_and_a_link(cleo: Page) -> None:
    lose_reception(cleo)
    row = cleo.locator("li.tick", has_text="Half-kneeling")
    row.locator("summary").click()
    expect(row.get_by_role("link", name="See it done")).to_be_visible()
    expect(row.locator(".tick-how")).to_contain_text("Kneel tall")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_colours_follow_the_page(tess: Page, scheme: str) -> None:
    tess.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tess.goto("/library/wall-hinge")
    colour = tess.locator(".moving .fig-wall").first.evaluate("one => getComputedStyle(one).fill")
    assert colour == {"light": "rgb(203, 211, 220)", "dark": "rgb(58, 70, 82)"}[scheme]


def test_a_printed_week_shows_every_picture(tess: Page, scene: Scene) -> None:
    tess.goto(f"/clients/{scene.client_id}/plan/print")
    pictures = tess.locator(".week-item img")
    assert pictures.count() > 20
    assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
