"""A screen typed in a real browser: by keyboard, past a reload and the end of a session, on two devices, and without JavaScript."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from app.services import screens
from app.services.passwords import hash_password
from tests.browser.conftest import OpenBrowser, Troubles
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, lose_reception, set_scene
from tests.cast import PASSWORD
from tests.screening import STOPPED, typed


@pytest.fixture
def scene(live: Live) -> Scene:
    found = set_scene(live)
    with found.database.work(writes=True) as store:
        store.accounts.user(found.tess.user_id).password_hash = hash_password(PASSWORD)
    return found


@dataclass(frozen=True)
class Drafting:
    """Tess in a browser, with a draft of Cleo's open."""

    scene: Scene
    page: Page
    path: str

    def value(self, test: str) -> Locator:
        return field(self.page, f"measurements.{test}.value")

    def chip(self, test: str) -> Locator:
        return self.page.locator(f'[id="chip-measurements.{test}"]')

    def saved(self) -> None:
        expect(self.page.locator("#saved")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))


def field(page: Page, name: str) -> Locator:
    return page.locator(f'[id="f-{name}"]')


def start(scene: Scene, open_browser: OpenBrowser, *, name: str | None = None, phone: bool = False, javascript: bool = True) -> Drafting:
    """A new draft, empty or with a situation typed in, open in a browser of Tess's."""
    at = scene.live.clock()
    with scene.database.work(scene.tess, writes=True) as store:
        row = screens.start_draft(store, scene.client_id, at, at.date(), another=True)
        if name is not None:
            screens.save_draft(store, scene.client_id, row.id, typed(name), 0, "", at)
        path = f"/clients/{scene.client_id}/screens/{row.id}"
    return open_draft(scene, open_browser, path, phone=phone, javascript=javascript)


def open_draft(scene: Scene, open_browser: OpenBrowser, path: str, *, phone: bool = False, javascript: bool = True) -> Drafting:
    page = open_browser(phone=phone, javascript=javascript)
    scene.sign_in_tess(page)
    page.goto(f"{path}/edit", wait_until="networkidle")  # then its scripts are there
    return Drafting(scene, page, path)


def test_tess_types_a_screen_by_keyboard_and_a_reload_keeps_it(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    tess.value("MTT_KNEE.left").focus()
    page.keyboard.type("71")
    page.keyboard.press("Tab")
    page.keyboard.type("82")
    page.keyboard.press("Tab")
    expect(tess.value("AKE.left")).to_be_focused()
    page.keyboard.type("22,5")
    page.keyboard.press("Enter")
    expect(tess.value("FIG4.left")).to_be_focused()
    page.keyboard.type("14")
    tess.value("AKE.right").focus()
    page.keyboard.type("12,,5")
    expect(tess.chip("MTT_KNEE.left")).to_have_text("mild")
    expect(tess.chip("AKE.left")).to_have_text("mild")
    expect(field(page, "measurements.AKE.right.value-error")).to_have_text("Write a number, such as 12 or 12,5.")
    expect(tess.value("AKE.right")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#count-lying")).to_have_text("4 of 10")
    expect(page.locator("#leads")).to_contain_text("Active knee extension, left")
    tess.saved()
    page.reload()
    for test, text in {"MTT_KNEE.left": "71", "MTT_KNEE.right": "82", "AKE.left": "22,5", "AKE.right": "12,,5", "FIG4.left": "14"}.items():
        expect(tess.value(test)).to_have_value(text)


@pytest.mark.parametrize("leaves", ["reload", "link", "sign out"])
def test_who_leaves_right_after_typing_loses_nothing(scene: Scene, open_browser: OpenBrowser, leaves: str) -> None:
    """A link and a button of the page wait until it is kept; of a reload the browser asks, and meanwhile it is kept."""
    tess = start(scene, open_browser)
    page = tess.page
    asked = 0

    def leave(dialog: Dialog) -> None:
        nonlocal asked
        asked += 1
        for _ in range(100):
            if kept(tess) == text:
                break
            page.wait_for_timeout(50)
        dialog.accept()

    page.on("dialog", leave)
    for text in ("21", "22", "23"):
        tess.value("MTT_HIP.left").fill(text)
        if leaves == "reload":
            page.keyboard.press("Shift")  # a browser asks only for somebody who is there
            page.reload(wait_until="networkidle")
        elif leaves == "link":
            page.get_by_role("link", name="Clients").first.click()
            page.wait_for_url("**/clients")
        else:
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_url("**/sign-in*")
        assert kept(tess) == text
        if leaves == "sign out":
            scene.sign_in_tess(page)
        if leaves != "reload":
            page.goto(f"{tess.path}/edit", wait_until="networkidle")
        expect(tess.value("MTT_HIP.left")).to_have_value(text)
    assert asked == (3 if leaves == "reload" else 0)


def kept(tess: Drafting) -> str:
    """What the database has of the one value."""
    at = tess.scene.live.clock()
    with tess.scene.database.work(tess.scene.tess, writes=False) as store:
        draft = screens.get_draft(store, tess.scene.client_id, int(tess.path.rsplit("/", 1)[1]), at, at.date())
    return draft.typed.value("measurements.MTT_HIP.left.value")


def test_the_procedure_and_the_pain_are_a_key_away(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    tess.value("ADD.right").focus()
    page.keyboard.press("?")
    expect(page.get_by_text("Carry the straight leg sideways")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Carry the straight leg sideways")).to_be_hidden()
    page.keyboard.press("p")
    expect(field(page, "measurements.ADD.right.pain")).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(tess.value("ADD.right")).to_be_focused()
    expect(tess.chip("ADD.right")).to_have_text("painful")
    expect(page.locator("#stops")).to_have_text("We stop here for now.")


def test_a_session_that_ended_meanwhile_loses_nothing(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    scene.live.clock.move(minutes=61)
    tess.value("AKE.left").focus()
    page.keyboard.type("12,,5")
    panel = page.get_by_role("dialog", name="Your session has ended")
    expect(panel).to_be_visible()
    axe(page)
    panel.get_by_label("E-mail").fill("tess@northside.example")
    panel.get_by_label("Password").fill("not this one")
    panel.get_by_role("button", name="Sign in and save").click()
    expect(panel.get_by_role("alert")).to_contain_text("don't match")
    panel.get_by_label("Password").fill(PASSWORD)
    panel.get_by_role("button", name="Sign in and save").click()
    expect(panel).to_be_hidden()
    tess.saved()
    page.reload()
    expect(tess.value("AKE.left")).to_have_value("12,,5")


def test_what_is_typed_before_the_script_is_there_is_saved_too(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/draft.mjs*", hold)
    with page.expect_request("**/draft.mjs*"):
        page.reload()
    tess.value("AKE.left").fill("26")
    waiting[0].continue_()
    tess.saved()
    page.reload()
    expect(tess.value("AKE.left")).to_have_value("26")


def test_without_reception_the_page_keeps_what_was_typed_and_saves_it_later(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    lose_reception(page)
    tess.value("AKE.left").fill("26")
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection")
    page.context.set_offline(False)
    tess.saved()
    page.reload()
    expect(tess.value("AKE.left")).to_have_value("26")


def test_who_leaves_without_reception_is_asked_and_may_stay(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    lose_reception(page)
    tess.value("AKE.left").fill("26")
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Clients").first.click(no_wait_after=True)
    asked.value.dismiss()
    expect(tess.value("AKE.left")).to_have_value("26")
    page.context.set_offline(False)
    tess.saved()
    page.get_by_role("link", name="Clients").first.click()
    page.wait_for_url("**/clients")


@pytest.mark.parametrize("key", [False, True])
def test_who_goes_on_without_reception_stays_on_the_page_with_what_was_typed(scene: Scene, open_browser: OpenBrowser, *, key: bool) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    lose_reception(page)
    tess.value("MTT_HIP.left").fill("26")
    if key:
        field(page, "taken_on").press("Enter", no_wait_after=True)
    else:
        page.get_by_role("button", name="Preview and finish").click(no_wait_after=True)
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection")
    page.context.set_offline(False)
    tess.saved()
    assert kept(tess) == "26"
    page.get_by_role("button", name="Preview and finish").click()
    expect(page.get_by_role("heading", name="To put right", exact=True)).to_be_visible()


def test_what_the_server_could_not_save_is_tried_again(scene: Scene, open_browser: OpenBrowser, troubles: Troubles) -> None:
    tess = start(scene, open_browser)
    page = tess.page
    page.route(f"**{tess.path}", lambda route: route.fulfill(status=503), times=1)
    tess.value("MTT_HIP.left").fill("26")
    expect(page.locator("#saved")).to_contain_text("Not saved: something went wrong here. It is tried again")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved \d\d:\d\d"), timeout=10_000)
    assert kept(tess) == "26"
    troubles.clear()


def test_a_page_that_was_stopped_on_its_way_goes_on_saving(scene: Scene, open_browser: OpenBrowser) -> None:
    """Tess asks for the preview, nothing comes, she stops it and types on."""
    tess = start(scene, open_browser)
    page = tess.page
    page.route(f"**{tess.path}", lambda route: route.abort("aborted"), times=1)
    page.get_by_role("button", name="Preview and finish").click(no_wait_after=True)
    tess.value("MTT_HIP.left").fill("26")
    tess.saved()
    assert kept(tess) == "26"


def test_who_leaves_two_versions_without_choosing_is_asked(scene: Scene, open_browser: OpenBrowser) -> None:
    laptop = start(scene, open_browser)
    tablet = open_draft(scene, open_browser, laptop.path)
    page = tablet.page
    laptop.value("AKE.left").fill("26")
    laptop.saved()
    tablet.value("AKE.left").fill("21")
    page.get_by_role("link", name="Clients").first.click()
    expect(page.get_by_role("heading", name="This draft was changed on another page, too")).to_be_visible()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Clients").first.click(no_wait_after=True)
    page.get_by_role("button", name="Keep what is chosen").click()
    expect(tablet.value("AKE.left")).to_have_value("21")
    assert asked == ["beforeunload"]


def test_nothing_stays_in_the_browser(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    tess.value("AKE.left").fill("77")
    tess.saved()
    stored = tess.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, location.href])")
    assert "77" not in stored.partition("http")[0]
    assert tess.page.url.endswith(f"{tess.path}/edit")
    assert tess.page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert tess.page.evaluate("caches.keys().then(all => all.length)") == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_on_two_devices_both_versions_are_shown(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    laptop = start(scene, open_browser)
    tablet = open_draft(scene, open_browser, laptop.path, javascript=javascript)
    laptop.value("AKE.left").fill("26")
    laptop.saved()
    tablet.value("AKE.left").fill("21")
    tablet.value("AKE.right").fill("12,,5")
    if not javascript:
        tablet.page.get_by_role("button", name="Save draft").last.click()
    expect(tablet.page.get_by_role("heading", name="This draft was changed on another page, too")).to_be_visible()
    if javascript:
        axe(tablet.page)
        shots(tablet.page, "screen-two")
    tablet.page.get_by_role("group", name="Active knee extension, left").get_by_text("26").click()
    tablet.page.get_by_role("button", name="Keep what is chosen").click()
    expect(tablet.value("AKE.left")).to_have_value("26")
    expect(tablet.value("AKE.right")).to_have_value("12,,5")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_draft_is_finished_read_and_mended(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    tess = start(scene, open_browser, name="everything-tight", javascript=javascript)
    page = tess.page
    page.get_by_role("button", name="Preview and finish").click()
    expect(page.get_by_role("heading", name="Nothing is published yet")).to_be_visible()
    page.get_by_role("link", name="Back to the screen").click()
    page.get_by_role("button", name="Preview and finish").click()
    page.get_by_role("button", name="Finish and publish").click()
    expect(page.get_by_text("The screen is finished and the plan is published.")).to_be_visible()
    page.goto(tess.path)
    page.get_by_label("What was wrong").fill("The wrong leg.")
    page.get_by_role("button", name="Mend this screen").click()
    expect(page.get_by_role("heading", name=re.compile("Mending the screen"))).to_be_visible()
    tess.value("AKE.left").fill("31")
    page.get_by_role("button", name="Preview and finish").click()
    page.get_by_role("button", name="Finish and publish").click()
    page.goto(tess.path)
    expect(page.get_by_role("heading", name="Mended by a later one")).to_be_visible()


def test_without_javascript_a_draft_survives_the_end_of_the_session(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser, javascript=False)
    page = tess.page
    tess.value("AKE.left").fill("12,,5")
    scene.live.clock.move(minutes=61)
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.get_by_role("heading", name="Sign in again")).to_be_visible()
    page.get_by_label("E-mail").fill("tess@northside.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in and send it").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(tess.value("AKE.left")).to_have_value("12,,5")
    expect(page.get_by_text("Write a number, such as 12 or 12,5.")).to_be_visible()


def test_without_javascript_an_injury_gets_another_row(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser, javascript=False)
    page = tess.page
    field(page, "history.injuries.0.what").fill("hamstring strain")
    field(page, "history.injuries.0.region").select_option("thigh")
    page.get_by_role("button", name="Another one").click()
    expect(field(page, "history.injuries.0.what")).to_have_value("hamstring strain")
    expect(field(page, "history.injuries.1.what")).to_be_visible()


def test_what_is_missing_is_reached_from_the_list(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser)
    tess.page.get_by_role("button", name="Preview and finish").click()
    tess.page.get_by_role("link", name=re.compile("Active knee extension, right is missing")).first.click()
    expect(tess.page.locator("#errors")).to_contain_text("things to put right")
    expect(field(tess.page, "measurements.AKE.left.value-error")).to_be_visible()


def test_every_page_is_looked_at(scene: Scene, open_browser: OpenBrowser) -> None:
    tess = start(scene, open_browser, name="everything-tight")
    page = tess.page

    def look(name: str) -> None:
        page.mouse.move(0, 0)
        axe(page)
        shots(page, f"screen-{name}")

    tess.value("AKE.right").fill("12,,5")
    tess.saved()
    look("typed")
    page.get_by_role("button", name="Preview and finish").click()
    expect(page.get_by_role("heading", name="To put right", exact=True)).to_be_visible()
    look("missing")
    page.get_by_role("link", name="Back to the screen").click()
    look("problems")
    tess.value("AKE.right").fill("40")
    page.get_by_role("button", name="Preview and finish").click()
    expect(page.get_by_role("heading", name="Nothing is published yet")).to_be_visible()
    look("preview")
    page.get_by_role("button", name="Finish and publish").click()
    page.goto(tess.path)
    look("read")
    page.get_by_label("What was wrong").fill("The wrong leg.")
    page.get_by_role("button", name="Mend this screen").click()
    page.get_by_role("button", name="Discard this draft").click()
    expect(page.get_by_role("heading", name="The draft is gone")).to_be_visible()
    look("discarded")
    page.get_by_role("button", name="Undo: bring it back").click()
    expect(page.get_by_text("The draft is back, with everything that was typed.")).to_be_visible()
    stop = start(scene, open_browser, name=STOPPED)
    stop.page.get_by_role("button", name="Preview and finish").click()
    expect(stop.page.get_by_role("button", name="Finish and stop here")).to_be_visible()
    axe(stop.page)
    shots(stop.page, "screen-stop")
