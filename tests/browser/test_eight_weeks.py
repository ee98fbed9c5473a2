"""Cleo's eight weeks in the demo, in two browsers with the clock moved: from flexibility to a first load, the single leg still locked."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.rules.vocabulary import Stage
from app.services import clients, demo, screens
from app.services.drafts import ScreenFields
from app.store import Store
from app.store.accounts import actor_of
from app.store.scope import narrow
from tests import ladder
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, set_scene
from tests.rescreening import took

BRIDGE = "#strengthening-bridge"
TOUCHES = {"Heels from the wall": "28", "Shin from upright": "6", "Knee bend": "18"}


@pytest.fixture
def scene(live: Live) -> Scene:
    """The demo, with Tess's and Cleo's browsers ready to be signed in."""
    Path(live.settings.data_dir).mkdir(mode=0o700, exist_ok=True)
    demo.load_if_empty(live.settings, live.clock())
    database = live.database
    with database.work(writes=False) as store:
        user = store.accounts.by_email("tess@demo.example")
        assert user
        tess = actor_of(user, store.accounts.studio_of(user))
        narrow(store.session, tess)
        (cleo,) = clients.list_clients(Store(store.session, tess), "Cleo", 2, archived=False).clients
        return Scene(live, database, tess, cleo.id)


def look(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    axe(page)
    shots(page, f"weeks-{name}")


def told(page: Page, sentence: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(sentence).first).to_be_visible()


def says(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


class Tess:
    """Tess at her laptop; she signs in again every day."""

    def __init__(self, scene: Scene, page: Page) -> None:
        self.scene, self.page = scene, page

    def at(self, place: str) -> Page:
        self.scene.sign_in_tess(self.page)
        self.page.goto(f"/clients/{self.scene.client_id}/{place}")
        return self.page

    def session(self, *done: tuple[str, str, int, dict[str, str]]) -> None:
        """Log sets of exercises, and that the form was kept in so many repetitions."""
        page = self.at("session")
        for name, sets, reps, measured in done:
            page.get_by_label(f"Sets done, {name}").select_option(sets)
            page.get_by_text(f"What you saw: {name}").click()
            seen = page.locator("details", has_text=f"What you saw: {name}")
            for point in seen.get_by_role("checkbox").all():
                point.set_checked("sore" not in (point.get_attribute("name") or ""))
            seen.get_by_label("Repetitions, fewest in a set").fill(str(reps))
            for label, value in measured.items():
                seen.get_by_role("textbox", name=label).fill(value)
        page.get_by_role("button", name="Save the session").click()
        told(page, "The session is saved.")

    def signs(self, stage: str, *, refused: str = "") -> None:
        page = self.page
        fold = page.locator(f"#sign-{stage}")
        if fold.get_attribute("open") is None:
            fold.locator("> summary").click()
        fold.get_by_role("button", name=re.compile("^Sign .* off$")).click()
        if refused:
            expect(page.get_by_role("alert").first).to_contain_text("This stage can't be signed off yet.")
            expect(page.get_by_role("alert").first).to_contain_text(refused)
        else:
            told(page, "Signed off.")


class Cleo:
    """Cleo with her phone."""

    def __init__(self, scene: Scene, page: Page) -> None:
        self.page = page
        scene.sign_in_cleo(page)

    def at(self, place: str) -> Page:
        self.page.goto(f"/my/{place}")
        self.page.wait_for_load_state("networkidle")  # with its scripts: the phone's clock is not the server's
        return self.page

    def ticks(self, row: Locator, *, expected: str) -> None:
        row.locator(".tick-main").click()
        expect(self.page.locator(".progress")).to_contain_text(expected)

    def practises(self) -> None:
        """One set of every exercise and all that are loaded, by the page's own form and without waiting for each."""
        page = self.at("today")
        ticked = page.evaluate(
            """async () => {
                const form = document.getElementById("ticks");
                const buttons = [...document.querySelectorAll("button.tick-main, #rdl-rdl-kb .set-button[aria-pressed=false]")];
                const values = new Set(buttons.map(button => button.value));
                for (const tick of values) {
                    const body = new FormData(form);
                    body.set("tick", tick);
                    await fetch(form.action, {method: "POST", body: new URLSearchParams(body), redirect: "manual"});
                }
                return values.size;
            }"""
        )
        assert ticked


def go_to(scene: Scene, day: date) -> None:
    scene.live.clock.move(days=(day - scene.live.clock().date()).days)


def screened_again(scene: Scene) -> None:
    """Four weeks on everything is in reach; what the load asks for is measured as well."""
    one = took(MTT_HIP=(4, 2), AKE=(12, 10), PLANK=75, ASLR=(2, 2), SLS=(45, 45))
    at = scene.live.clock()
    fields = ScreenFields(at.date(), one.readiness, one.red_flags, one.history, one.measurements)
    with scene.database.work(scene.tess, writes=True) as store:
        screens.log_screen(store, scene.client_id, fields, at, at.date())


@pytest.mark.slow
def test_eight_weeks_from_flexibility_to_the_first_load(scene: Scene, open_browser: OpenBrowser) -> None:
    first = scene.live.clock().date()
    tess, cleo = Tess(scene, open_browser()), Cleo(scene, open_browser(phone=True))

    # The first days: ticks, one taken back, one left out for a reason, the morning after, a day filled in.
    page = cleo.at("today")
    bridge = page.locator(BRIDGE)
    cleo.ticks(bridge, expected="1 of ")
    scene.live.clock.move(minutes=1)
    bridge.get_by_text("How").click()
    bridge.get_by_role("button", name="Set 1").click()
    expect(page.locator(".progress")).to_contain_text("0 of ")
    scene.live.clock.move(minutes=1)
    cleo.ticks(bridge, expected="1 of ")
    plank = page.locator("#strengthening-plank")
    plank.get_by_text("How").click()
    plank.get_by_role("link", name="Pain, effort, or skip it").click()
    page.get_by_role("dialog").get_by_role("radio", name="No time").check()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(plank).to_contain_text("skipped: no time")
    look(page, "today")

    go_to(scene, first + timedelta(days=2))
    page = cleo.at("today")
    expect(page.locator("#morning")).to_contain_text("The morning after Monday")
    page.locator("#morning").get_by_role("button", name="1", exact=True).click()
    expect(page.locator("#morning")).to_be_hidden()
    page.get_by_role("link", name="Fill in an earlier day").click()
    says(page, "Tuesday 24 November 2026")
    cleo.ticks(page.locator(BRIDGE), expected="1 of ")

    # Tess logs two sessions; what is missing for a sign-off is said, and nothing is signed.
    tess.session(("Hip bridge", "2", 12, {}))
    page = tess.page
    tess.signs("flexibility", refused="Measure again, two weeks or six sessions after the first time: ")
    look(page, "refused")
    go_to(scene, first + timedelta(days=4))
    tess.session(("Hip bridge", "2", 12, {}), ("Hamstring curl", "2", 8, {}), ("Step-up, left", "2", 8, {}), ("Step-up, right", "2", 8, {}))
    expect(page.locator("#strengthening tr", has_text="Bridge, 2 × 12")).to_contain_text("Seen on 25 November and 27 November.")
    cleo.at("today")
    told(cleo.page, "entered by Tess")

    for day in (7, 9, 11, 14, 16, 18):
        go_to(scene, first + timedelta(days=day))
        cleo.practises()

    # Four weeks after the first screen, everything is measured again, and the preparing stages are signed.
    go_to(scene, first + timedelta(days=21))
    screened_again(scene)
    tess.at("progress")
    look(page, "ready")
    for stage in (Stage.FLEXIBILITY, Stage.SMR, Stage.STRENGTHENING):
        tess.signs(stage)
    says(page, "The dowel is open")
    page = cleo.at("plan")
    expect(page.locator("#unlock")).to_contain_text("To unlock the wall")
    look(page, "unlock-the-wall")

    page = tess.page
    for day in (22, 24):
        go_to(scene, first + timedelta(days=day))
        cleo.practises()
        tess.session(("Dowel hinge", "3", 8, {"Hip bend": "62,5"}))
    tess.signs(Stage.DOWEL)
    go_to(scene, first + timedelta(days=28))
    tess.session(("Wall hinge", "3", 10, TOUCHES))
    expect(page.locator("#sign-wall").get_by_label("Sign although something is missing")).to_have_count(0)
    tess.signs(Stage.WALL, refused="2 sessions in a row with 3 × 10 seen by a trainer: 1 so far.")
    go_to(scene, first + timedelta(days=30))
    tess.session(("Wall hinge", "3", 10, TOUCHES))
    tess.signs(Stage.WALL)
    says(page, "The Romanian deadlift is open")

    # The first load: no more than the rules allow, then lifted.
    go_to(scene, first + timedelta(days=32))
    tess.session(("RDL pattern", "2", 8, {}))
    load = page.locator("#load-rdl-kb")
    load.get_by_label("Load", exact=True).fill("20")
    load.get_by_role("button", name="Confirm this load").click()
    expect(load.get_by_role("alert")).to_contain_text("At most 9.5 kg")
    look(page, "too-much")
    load.get_by_label("Load", exact=True).fill("6")
    load.get_by_role("button", name="Confirm this load").click()
    expect(load.locator("dd").first).to_have_text("6 kg")
    go_to(scene, first + timedelta(days=35))
    page = cleo.at("today")
    told(page, "Ask your trainer to give you access again")
    scene.sign_in_cleo(page)
    page = cleo.at("today")
    row = page.locator("#rdl-rdl-kb")
    expect(row).to_contain_text("2 × 8 · 6 kg")
    cleo.ticks(row, expected="1 of ")
    scene.live.clock.move(minutes=1)
    cleo.ticks(row, expected="2 of ")
    look(page, "first-load")
    for day in (37, 42, 44):
        go_to(scene, first + timedelta(days=day))
        cleo.practises()

    # Eight weeks after the first screen: what is shown of the deadlift, and why the single leg is locked, leg by leg.
    go_to(scene, first + timedelta(days=47))
    page = cleo.at("plan")
    expect(page.locator("#unlock")).to_contain_text("To unlock the single-leg")
    expect(page.locator("#unlock")).to_contain_text("At least four weeks in this stage.")
    expect(page.locator("#single_leg")).to_contain_text("Opens when the Romanian deadlift stage is passed.")
    page.locator("#single_leg").get_by_text("To pass this stage").click()
    for leg in ("left", "right"):
        expect(page.locator("#single_leg")).to_contain_text(f"Held for 5 s at 45°, {leg}.")
    look(page, "locked")
    page = tess.at("progress")
    expect(page.locator("#load-rdl-kb dd").first).to_have_text("6 kg")
    single = page.locator("#single_leg")
    if single.get_attribute("open") is None:
        single.locator("> summary").click()
    hinge = single.locator("tr", has_text="Free single-leg hinge")
    for leg in ("Left", "Right"):
        expect(hinge.locator(f'[data-label="{leg}"]')).to_contain_text("2 sessions in a row with 2 × 8")
    expect(single.get_by_role("button", name="Sign Single-leg off")).to_have_count(0)
    look(page, "eight-weeks")


# --- by keyboard, and before there is any progress --------------------------------------------------------------------


def climb(scene: Scene) -> None:
    """Cleo stands where her first load can be confirmed."""
    with scene.database.work(scene.tess, writes=True) as store:
        ladder.climb(store, scene.client_id, scene.live.clock())
    scene.live.clock.move(days=ladder.CLIMB.days)


def tab_to(page: Page, wanted: Locator, *, at_most: int = 80) -> None:
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{at_most} times Tab, and never there: {wanted}")


def test_by_keyboard_alone_a_load_is_confirmed_and_why_a_stage_is_locked_is_read(live: Live, open_browser: OpenBrowser) -> None:
    scene = set_scene(live)
    climb(scene)
    page = Tess(scene, open_browser()).at("progress")
    single = page.locator("#single_leg > summary")
    tab_to(page, single)
    page.keyboard.press("Enter")
    expect(page.locator("#single_leg")).to_contain_text("Opens when the Romanian deadlift stage is passed.")
    field = page.locator("#load-rdl-kb").get_by_label("Load", exact=True)
    tab_to(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type("7,5")
    page.keyboard.press("Enter")
    expect(page.locator("#load-rdl-kb dd").first).to_have_text("7.5 kg")


def test_by_keyboard_alone_cleo_ticks_says_how_it_was_and_tells_of_the_morning(live: Live, open_browser: OpenBrowser) -> None:
    scene = set_scene(live)
    scene.screen("minimum-only")
    page = Cleo(scene, open_browser(phone=True)).at("today")
    row = page.locator(BRIDGE)
    tab_to(page, row.locator(".tick-main"))
    page.keyboard.press("Space")
    expect(page.locator(".progress")).to_contain_text("1 of ")
    scene.live.clock.move(minutes=1)
    tab_to(page, row.locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, row.get_by_role("link", name="Pain, effort, or skip it"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    tab_to(page, dialog.get_by_role("radio", name="0", exact=True))
    page.keyboard.press("Space")
    tab_to(page, dialog.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(row).to_contain_text("no pain")
    scene.live.clock.move(days=1)
    page.goto("/my/today")
    tab_to(page, page.locator("#morning").get_by_role("button", name="0", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("#morning")).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_before_there_is_a_plan_progress_says_what_comes_first(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    for name, sentence in (("Omar Diaz", "Stopped until a professional has answered"), ("June Park", "There is no plan yet")):
        page.goto("/clients")
        page.get_by_role("row", name=re.compile(name)).get_by_role("link").first.click()
        page.goto(page.url.partition("?")[0] + "/progress")
        expect(page.get_by_role("heading", name=sentence)).to_be_visible()
        if javascript:
            look(page, f"without-a-plan-{name[:4].lower()}")
