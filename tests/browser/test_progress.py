"""Progress in a real browser: Tess logs, signs and confirms a load; Cleo tells how it went, with reception and without."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.models import PracticeEvent
from app.rules.vocabulary import Stage
from tests import ladder
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, lose_reception, set_scene

Phone = Callable[..., Page]
BRIDGE = "#strengthening-bridge"


@pytest.fixture
def scene(live: Live) -> Scene:
    return set_scene(live)


@pytest.fixture
def phone(scene: Scene, open_browser: OpenBrowser) -> Phone:
    """Cleo's phone, signed in."""

    def opened(*, javascript: bool = True) -> Page:
        page = open_browser(phone=True, javascript=javascript)
        scene.sign_in_cleo(page)
        return page

    return opened


def climb(scene: Scene) -> None:
    """Cleo stands where her first load can be confirmed."""
    with scene.database.work(scene.tess, writes=True) as store:
        ladder.climb(store, scene.client_id, scene.live.clock() - ladder.CLIMB)


def told(scene: Scene) -> list[tuple[int | None, str | None, str | None, str | None, float | None, bool]]:
    """Every line of the log: pain, feel, effort, why skipped, load, done."""
    with scene.database.work(writes=False) as store:
        found = store.session.scalars(select(PracticeEvent).order_by(PracticeEvent.id))
        return [(one.pain, one.feel, one.effort, one.skipped, one.load_kg, one.done) for one in found]


# --- Tess -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_logs_two_sessions_and_signs_the_dowel(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    scene.screen("hypermobile-dancer")
    with scene.database.work(scene.tess, writes=True) as store:
        ladder.sign(store, scene.client_id, Stage.STRENGTHENING, scene.live.clock(), why=ladder.WHY)
    page = open_browser(javascript=javascript)
    for _ in range(2):
        scene.live.clock.move(days=1)
        scene.sign_in_tess(page)
        page.goto(f"/clients/{scene.client_id}/progress")
        page.get_by_role("link", name="Log a session").click()
        page.get_by_label("Sets done, Dowel hinge").select_option("3")
        page.get_by_text("What you saw: Dowel hinge").click()
        seen = page.locator("details", has_text="What you saw: Dowel hinge")
        for point in seen.get_by_role("group").get_by_role("checkbox").all():
            point.check()
        seen.get_by_label("Repetitions, fewest in a set").fill("8")
        seen.get_by_label("Hip bend").fill("62,5")
        seen.get_by_label("Feels the hamstring stretch").check()
        if javascript:
            axe(page)
            shots(page, "progress-session")
        page.get_by_role("button", name="Save the session").click()
        expect(page.get_by_text("The session is saved.")).to_be_visible()
    expect(page.get_by_text("all is shown")).to_be_visible()
    if javascript:
        axe(page)
        shots(page, "progress-ready")
    page.get_by_role("button", name="Sign Dowel off").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The wall is open")
    page.locator("#dowel > summary").click()
    if javascript:
        axe(page)
    page.locator("#dowel").get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The dowel is open")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_that_was_typed_for_the_wrong_day_comes_along_to_the_right_one(
    scene: Scene, open_browser: OpenBrowser, *, javascript: bool
) -> None:
    scene.screen("hypermobile-dancer")
    scene.live.clock.move(days=1)
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/session")
    page.get_by_label("Sets done, Hip bridge").select_option("2")
    page.get_by_text("What you saw: Hip bridge").first.click()
    page.get_by_label("Repetitions, fewest in a set").first.fill("8")
    page.get_by_label("Day", exact=True).fill("2026-11-23")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday, 23 November 2026")
    expect(page.get_by_role("alert")).to_contain_text("You typed this for Tuesday, 24 November 2026.")
    expect(page.get_by_label("Sets done, Hip bridge")).to_have_value("2")
    expect(page.get_by_label("Repetitions, fewest in a set").first).to_have_value("8")
    if javascript:
        axe(page)
        shots(page, "progress-session-moved")
    assert told(scene) == []
    page.get_by_label("Repetitions, fewest in a set").first.press("Enter")
    expect(page.get_by_text("The session is saved.")).to_be_visible()
    with scene.database.work(writes=False) as store:
        assert {one.performed_on.day for one in store.session.scalars(select(PracticeEvent))} == {23}


def test_what_is_missing_is_said_and_what_was_typed_stays(scene: Scene, open_browser: OpenBrowser) -> None:
    scene.screen("one-sided-hamstring")
    page = open_browser()
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/progress")
    axe(page)
    shots(page, "progress-first-day")
    page.get_by_text("Sign Flexibility off").first.click()
    form = page.locator("#sign-flexibility")
    form.get_by_label("Note", exact=True).fill("She wants to go on.")
    form.get_by_role("button", name="Sign Flexibility off").click()
    expect(page.get_by_role("alert").first).to_contain_text("This stage can't be signed off yet.")
    expect(form.get_by_label("Note", exact=True)).to_have_value("She wants to go on.")
    axe(page)
    shots(page, "progress-refused")
    form.get_by_label("Sign although something is missing").fill("Measured elsewhere last week.")
    form.get_by_role("button", name="Sign Flexibility off").click()
    expect(page.get_by_text("Signed off.", exact=True)).to_be_visible()
    page.locator("#flexibility > summary").click()
    expect(page.locator("#flexibility")).to_contain_text("because: Measured elsewhere last week.")
    axe(page)
    shots(page, "progress-overridden")


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_confirms_a_load_and_cleo_lifts_it(scene: Scene, open_browser: OpenBrowser, phone: Phone, *, javascript: bool) -> None:
    climb(scene)
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/progress")
    if javascript:
        axe(page)
        shots(page, "progress-load")
    page.get_by_label("Load", exact=True).fill("40")
    page.get_by_role("button", name="Confirm this load").click()
    expect(page.get_by_role("alert")).to_contain_text("At most 12 kg")
    page.get_by_label("Load", exact=True).fill("7,5")
    page.get_by_role("button", name="Confirm this load").click()
    expect(page.locator("#load-rdl-kb")).to_contain_text("7.5 kg")
    mine = phone(javascript=javascript)
    mine.goto("/my/today")
    row = mine.locator("#rdl-rdl-kb")
    expect(row).to_contain_text("7.5 kg")
    row.locator(".tick-main").click()
    expect(row.locator(".set.done")).to_have_count(1)
    row.get_by_text("How").click()
    row.get_by_label("Load", exact=True).fill("6")
    scene.live.clock.move(minutes=1)
    row.get_by_role("button", name="Set 2").click()
    expect(row.locator(".set.done")).to_have_count(2)
    expect(mine.locator(".progress")).to_contain_text("2 of ")
    assert [line[4] for line in told(scene)][-2:] == [7.5, 6.0]
    mine.goto("/my/plan")
    expect(mine.locator("#rdl")).to_contain_text("7.5 kg")
    if javascript:
        axe(mine)
        shots(mine, "my-plan-rdl")


def test_a_stop_out_of_practice_stands_on_top_of_the_roster(scene: Scene, open_browser: OpenBrowser, phone: Phone) -> None:
    scene.screen("hypermobile-dancer")
    mine = phone(javascript=False)
    mine.goto("/my/hurts")
    mine.get_by_label("With which exercise?").select_option(label="Hip bridge")
    mine.get_by_role("radio", name="7", exact=True).check()
    mine.get_by_role("button", name="Note it").click()
    mine.get_by_role("button", name="Report it, and stop").click()
    page = open_browser()
    scene.sign_in_tess(page)
    page.goto("/clients")
    expect(page.get_by_role("heading", name="One client waits for an answer")).to_be_visible()
    expect(page.get_by_text("from practice")).to_be_visible()
    axe(page)
    shots(page, "roster-stopped")
    page.goto(f"/clients/{scene.client_id}/progress")
    expect(page.get_by_role("heading", name="Stopped until a professional has answered")).to_be_visible()
    axe(page)
    shots(page, "progress-stopped")
    page.get_by_role("link", name="See the stop").click()
    expect(page).to_have_url(re.compile("/referrals/"))


# --- Cleo -----------------------------------------------------------------------------------------------------------


def test_cleo_sees_her_path_and_what_unlocks_the_next_stage(scene: Scene, phone: Phone) -> None:
    climb(scene)
    page = phone()
    page.goto("/my/plan")
    card = page.locator("#unlock")
    expect(card).to_contain_text("To unlock the single-leg")
    expect(card).to_contain_text("At least four weeks in this stage.")
    axe(page)
    shots(page, "my-plan-unlock")


@pytest.mark.parametrize("javascript", [True, False])
def test_cleo_says_how_it_was(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    page = phone(javascript=javascript)
    page.goto("/my/today")
    page.locator(f"{BRIDGE} .tick-main").click()
    expect(page.locator(".progress")).to_contain_text("1 of ")
    scene.live.clock.move(minutes=1)
    page.locator(BRIDGE).get_by_text("How").click()
    page.locator(BRIDGE).get_by_role("link", name="Pain, effort, or skip it").click()
    form = page.get_by_role("dialog") if javascript else page.locator("main")
    form.get_by_role("radio", name="0", exact=True).check()
    form.get_by_role("radio", name="Just right").check()
    if javascript:
        axe(page)
        shots(page, "report-dialog")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(BRIDGE)).to_contain_text("no pain")
    assert told(scene)[-1] == (0, None, "ok", None, None, True)


@pytest.mark.parametrize("javascript", [True, False])
def test_cleo_leaves_one_out_and_says_why(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    page = phone(javascript=javascript)
    page.goto("/my/report?item=strengthening/bridge/both")
    if javascript:
        axe(page)
        shots(page, "report")
    page.get_by_role("radio", name="No equipment").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(BRIDGE)).to_contain_text("skipped: no equipment")


@pytest.mark.parametrize("javascript", [True, False])
def test_before_a_report_stops_everything_she_reads_what_it_does(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    page = phone(javascript=javascript)
    page.goto("/my/today")
    page.locator(BRIDGE).get_by_text("How").click()
    page.locator(BRIDGE).get_by_role("link", name="Pain, effort, or skip it").click()
    form = page.get_by_role("dialog") if javascript else page.locator("main")
    form.get_by_role("radio", name="2", exact=True).check()
    form.get_by_role("radio", name="Shooting").check()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("All your exercises lock")).to_be_visible()
    assert told(scene) == []
    axe(page) if javascript else None
    shots(page, f"sure-{'dialog' if javascript else 'page'}")
    form.get_by_role("button", name="Report it, and stop").click()
    expect(page.get_by_text("Your exercises wait here until the answer is in.")).to_be_visible()
    assert told(scene) == [(2, "shooting", None, None, None, False)]
    axe(page) if javascript else None
    shots(page, "stopped-by-practice")


def test_without_reception_what_she_tells_waits_with_its_fields(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    lose_reception(page)
    page.locator(f"{BRIDGE} .tick-main").click()
    page.locator(BRIDGE).get_by_text("How").click()
    page.locator(BRIDGE).get_by_role("link", name="Pain, effort, or skip it").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="2", exact=True).check()
    dialog.get_by_role("radio", name="Too hard").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#sent")).to_have_text("2 not sent yet")
    page.context.set_offline(False)
    expect(page.locator("#sent")).to_have_text("Sent")
    expect(page.locator(BRIDGE)).to_contain_text("hurt 2 of 10")
    assert told(scene)[-1][:3] == (2, None, "too_hard")


def test_the_dialog_asks_again_when_nothing_was_chosen(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    page.locator("#flexibility-strap-ham").get_by_text("How").click()
    page.locator("#flexibility-strap-ham").get_by_role("link", name="Pain, effort, or skip it").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Which side")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Choose at least one thing")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_morning_after_is_one_tap(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    page = phone(javascript=javascript)
    page.goto("/my/today")
    page.locator(f"{BRIDGE} .tick-main").click()
    expect(page.locator(".progress")).to_contain_text("1 of ")
    scene.live.clock.move(days=1)
    page.goto("/my/today")
    question = page.locator("#morning")
    expect(question).to_contain_text("The morning after yesterday")
    if javascript:
        axe(page)
        shots(page, "today-morning")
    question.get_by_role("button", name="6", exact=True).click()
    expect(page.get_by_role("heading", name="Stop here?")).to_be_visible()
    page.get_by_role("link", name="Change what I said").click()
    question.get_by_role("button", name="3", exact=True).click()
    expect(question).to_be_hidden()
    if javascript:
        expect(page.locator("#sent")).to_have_text("Sent")
    page.reload()
    expect(page.locator("#morning")).to_have_count(0)
    assert told(scene)[-1][0] == 3


@pytest.mark.parametrize("javascript", [True, False])
def test_an_earlier_day_is_filled_in(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    scene.live.clock.move(days=2)
    page = phone(javascript=javascript)
    page.goto("/my/today")
    page.get_by_role("link", name="Fill in an earlier day").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 24 November 2026")
    page.locator(f"{BRIDGE} .tick-main").click()
    expect(page.locator(".progress")).to_contain_text("1 of ")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 24 November 2026")
    if javascript:
        axe(page)
        shots(page, "today-earlier")
    page.get_by_role("link", name="Today").first.click()
    expect(page.locator(".progress")).to_contain_text("0 of ")
    with scene.database.work(writes=False) as store:
        event = store.session.scalars(select(PracticeEvent)).one()
    assert event.performed_on == scene.live.clock().date() - timedelta(days=1)


def test_a_load_that_is_typed_while_a_tick_is_on_its_way_stays(scene: Scene, open_browser: OpenBrowser, phone: Phone) -> None:
    climb(scene)
    page = open_browser()
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/progress")
    page.get_by_label("Load", exact=True).fill("7,5")
    page.get_by_role("button", name="Confirm this load").click()
    expect(page.locator("#load-rdl-kb")).to_contain_text("7.5 kg")
    mine = phone()
    mine.goto("/my/today")
    row = mine.locator("#rdl-rdl-kb")
    load = row.get_by_label("Load", exact=True)
    row.get_by_text("How").click()
    held: list[Route] = []
    mine.route("**/my/ticks", lambda route: route.continue_() if held else held.append(route))
    row.locator(".tick-main").click()
    expect(mine.locator("#sent")).to_have_text("Sending")
    load.fill("1")
    held[0].continue_()
    expect(mine.locator(".progress")).to_contain_text("1 of ")
    expect(load).to_be_focused()
    mine.keyboard.type("0")
    expect(load).to_have_value("10")
    row.get_by_role("button", name="Set 2").click()
    expect(mine.locator(".progress")).to_contain_text("2 of ")
    assert [line[4] for line in told(scene)][-2:] == [7.5, 10.0]
