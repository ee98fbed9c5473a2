"""Cleo ticks on her phone, with JavaScript and without; Tess gives her access and ticks for her."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Dialog, Page, Route, expect
from sqlalchemy import func, select

from app.models import PracticeEvent
from app.services import access
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, lose_reception, set_scene

Phone = Callable[..., Page]


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


def events(scene: Scene) -> int:
    with scene.database.work(writes=False) as store:
        return store.session.scalar(select(func.count()).select_from(PracticeEvent)) or 0


@pytest.mark.parametrize("javascript", [True, False])
def test_cleo_ticks_her_sets_and_takes_one_back(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    page = phone(javascript=javascript)
    page.goto("/my/today")
    stretch = page.locator("#flexibility-strap-ham")
    for done in range(1, 7):
        stretch.locator(".tick-main").click()
        expect(stretch.locator(".set.done")).to_have_count(done)
        expect(page.locator(".progress")).to_contain_text(f"{done} of ")
    expect(stretch).to_have_class(re.compile("done"))
    scene.live.clock.move(minutes=1)
    stretch.get_by_text("How").click()
    stretch.get_by_role("button", name="Left 2").click()
    expect(stretch.locator(".set.done")).to_have_count(5)
    expect(page.locator(".progress")).to_contain_text("5 of ")
    page.reload()
    expect(stretch.locator(".set.done")).to_have_count(5)
    assert events(scene) == 7


def test_the_page_of_the_day_looks_well(scene: Scene, phone: Phone) -> None:
    scene.screen("everything-tight")
    page = phone()
    page.goto("/my/today")
    axe(page)
    shots(page, "today")
    page.locator(".tick-main").first.click()
    expect(page.locator(".set.done")).to_have_count(1)
    page.locator("summary").first.click()
    axe(page)
    shots(page, "today-open")


def test_one_tick_sent_twice_is_one_tick(scene: Scene, phone: Phone) -> None:
    """The answer to the first sending is lost on the way; what is sent again is known."""
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/my/ticks", lose_the_first)
    page.locator(".tick-main").first.click()
    expect(page.locator("#sent")).to_have_text("1 not sent yet")
    expect(page.locator("#sent")).to_have_text("Sent")
    expect(page.locator(".progress")).to_contain_text("1 of ")
    assert lost == [303]
    assert events(scene) == 1


def test_a_form_sent_twice_without_javascript_is_one_tick(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone(javascript=False)
    page.goto("/my/today")
    form: dict[str, str | float | bool] = {
        "on": page.locator("#ticks [name=on]").input_value(),
        "seen": page.locator("#ticks [name=seen]").input_value(),
        "tick": page.locator(".tick-main").first.get_attribute("value") or "",
    }
    for _ in range(2):
        assert page.request.post("/my/ticks", form=form, headers={"origin": scene.live.url}).ok
    assert events(scene) == 1


def test_without_reception_ticks_wait_and_say_so(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    lose_reception(page)
    main = page.locator("#flexibility-strap-ham .tick-main")
    main.click()
    main.click()
    expect(page.locator("#sent")).to_have_text("2 not sent yet")
    expect(page.locator("#flexibility-strap-ham .set.done")).to_have_count(2)
    expect(page.locator("#flexibility-strap-ham")).to_have_class(re.compile("pending"))
    shots(page, "today-offline")
    page.context.set_offline(False)
    expect(page.locator("#sent")).to_have_text("Sent")
    expect(page.locator(".progress")).to_contain_text("2 of ")
    expect(page.locator(".pending")).to_have_count(0)
    assert events(scene) == 2


def tick_without_reception(page: Page, times: int) -> None:
    """Tick the first exercise on a phone that has no network any more."""
    lose_reception(page)
    row = page.locator("#flexibility-strap-ham")
    before = row.locator(".set.done").count()
    for done in range(1, times + 1):
        row.locator(".tick-main").click()
        expect(row.locator(".set.done")).to_have_count(before + done)
    expect(page.locator("#sent")).to_have_text(f"{times} not sent yet")


def end_access(scene: Scene) -> None:
    """Tess signs every phone of Cleo's out."""
    with scene.database.work(scene.tess, writes=True) as store:
        for one in access.access(store, scene.client_id, scene.live.clock()).devices:
            access.end_device(store, scene.client_id, one.id, scene.live.clock())


def watch_dialogs(page: Page) -> list[str]:
    """What the browser asks, to which everybody says yes."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message or dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return asked


def test_what_was_ticked_before_access_ended_waits_and_is_sent_when_it_is_back(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    tick_without_reception(page, 3)
    end_access(scene)
    page.context.set_offline(False)
    ended = page.locator("#ended")
    expect(ended).to_contain_text("Not sent yet: 3.")
    expect(ended).to_contain_text("Ask your trainer for a new link")
    expect(page.locator("#flexibility-strap-ham .set.done")).to_have_count(3)
    axe(page)
    shots(page, "today-access-ended")

    asked = watch_dialogs(page)
    page.goto("/my/today")
    assert asked == ["beforeunload"]
    expect(page.get_by_role("heading", name="This phone is not signed in")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Not sent yet: 3. It waits on this phone")
    axe(page)
    shots(page, "access-ended-waiting")
    assert events(scene) == 0

    scene.sign_in_cleo(page)
    page.goto("/my/today")
    expect(page.locator("#sent")).to_have_text("Sent")
    expect(page.locator(".progress")).to_contain_text("3 of ")
    assert events(scene) == 3
    page.reload()
    page.wait_for_load_state("networkidle")
    assert asked == ["beforeunload"]
    assert events(scene) == 3


@pytest.mark.parametrize("keeps", [True, False])
def test_what_waits_on_an_open_page_is_sent_from_it_once_the_phone_is_signed_in_again(scene: Scene, phone: Phone, *, keeps: bool) -> None:
    """Also in a browser that keeps nothing, where the page is all there is."""
    scene.screen("minimum-only")
    page = phone()
    if not keeps:
        page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page.goto("/my/today")
    tick_without_reception(page, 2)
    end_access(scene)
    page.context.set_offline(False)
    expect(page.locator("#ended")).to_be_visible()
    scene.sign_in_cleo(page)
    page.locator("#flexibility-strap-ham .tick-main").click()
    expect(page.locator("#sent")).to_have_text("Sent")
    expect(page.locator("#ended")).to_be_hidden()
    assert events(scene) == 3


def test_what_waits_outlives_the_page_and_shows_as_ticked_when_it_is_opened_again(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    tick_without_reception(page, 2)
    watch_dialogs(page)
    # While it is closed the browser gives it reception, as no dead spot would.
    page.evaluate("() => { fetch = () => new Promise(() => {}); }")
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.context.set_offline(False)
    again.route("**/my/ticks", lambda route: route.abort())
    again.goto("/my/today")
    expect(again.locator("#sent")).to_have_text("2 not sent yet")
    expect(again.locator("#flexibility-strap-ham .set.done")).to_have_count(2)
    assert events(scene) == 0
    again.unroute("**/my/ticks")
    expect(again.locator("#sent")).to_have_text("Sent")
    assert events(scene) == 2


def test_what_cleo_left_on_a_phone_is_never_sent_for_whoever_has_it_next(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    cora = scene.and_another("Cora Lund")
    cora.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    tick_without_reception(page, 2)
    cora.sign_in_cleo(page)
    page.context.set_offline(False)
    expect(page.locator("#ended")).to_contain_text("Not sent yet: 2.")
    other = page.context.new_page()
    other.goto("/my/today")
    expect(other.get_by_role("heading", name="Good morning, Cora")).to_be_visible()
    other.locator(".tick-main").first.click()
    expect(other.locator("#sent")).to_have_text("Sent")
    expect(other.locator(".progress")).to_contain_text("1 of ")
    assert events(scene) == 1
    page.close(run_before_unload=False)
    other.close()

    back = page.context.new_page()
    scene.sign_in_cleo(back)
    back.goto("/my/today")
    expect(back.get_by_role("heading", name="Good morning, Cleo")).to_be_visible()
    expect(back.locator(".progress")).to_contain_text("2 of ")
    assert events(scene) == 3


PUT = """(entry) => new Promise((resolve, reject) => {
    const asked = indexedDB.open("hinge", 1);
    asked.onsuccess = () => {
        const transaction = asked.result.transaction("outbox", "readwrite");
        transaction.objectStore("outbox").put(entry);
        transaction.oncomplete = () => { asked.result.close(); resolve(); };
    };
    asked.onerror = () => reject(asked.error);
})"""


def test_what_somebody_else_left_on_a_phone_goes_when_it_would_not_count_any_more(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    page.wait_for_load_state("networkidle")
    for days in (13, 15):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()  # noqa: TID251 - the browser's own clock
        page.evaluate(PUT, {"id": str(days), "at": at, "whose": "nobody", "to": "/my/ticks", "body": ""})
    page.reload()
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.goto("/my/today")
    expect(page.get_by_text("Not sent yet: 1.")).to_be_visible()


def test_signing_out_leaves_nothing_on_the_phone_and_says_so_first(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    page.route("**/my/ticks", lambda route: route.abort())
    page.locator(".tick-main").first.click()
    expect(page.locator("#sent")).to_have_text("1 not sent yet")
    asked = watch_dialogs(page)
    page.get_by_text("Sign out", exact=True).click()
    page.get_by_role("button", name="Sign out on this phone").click()
    expect(page.get_by_role("heading", name="This phone is not signed in")).to_be_visible()
    assert asked == ["1 not sent yet. If you sign out now, that is lost. Sign out all the same?"]
    expect(page.get_by_text("Not sent yet")).to_be_hidden()
    page.unroute("**/my/ticks")
    scene.sign_in_cleo(page)
    page.goto("/my/today")
    page.wait_for_load_state("networkidle")
    assert events(scene) == 0


def test_what_tess_ticks_after_her_session_ended_waits_until_she_has_signed_in_in_another_tab(
    scene: Scene, open_browser: OpenBrowser
) -> None:
    scene.screen("minimum-only")
    laptop = open_browser()
    scene.sign_in_tess(laptop)
    laptop.goto(f"/clients/{scene.client_id}/practice")
    laptop.context.clear_cookies()
    laptop.locator("#strengthening-bridge .tick-main").click()
    expect(laptop.locator("#ended")).to_contain_text("Not sent yet: 1.")
    axe(laptop)
    scene.sign_in_tess(laptop)
    laptop.locator("#strengthening-bridge .tick-main").click()
    expect(laptop.locator("#sent")).to_have_text("Sent")
    expect(laptop.locator("#strengthening-bridge")).to_contain_text("entered by Tess")
    assert events(scene) == 2


def test_a_load_that_is_no_number_is_said_and_not_dropped(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    page.locator("#strengthening-bridge").get_by_text("How").click()
    page.locator("#strengthening-bridge [data-report]").click()
    dialog = page.locator("#report")
    dialog.locator("[name=load_kg]").evaluate("field => { field.closest('[data-load]').hidden = false; field.value = 'twelve'; }")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Write the load as a number")
    assert events(scene) == 0


def test_a_stop_while_the_page_is_open_is_shown_instead_of_it(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    scene.live.clock.move(minutes=1)
    scene.screen("painful-test")
    page.locator(".tick-main").first.click()
    expect(page.get_by_role("heading", name="We stop here for now.")).to_be_visible()
    assert events(scene) == 0


def test_where_it_was_on_the_page_stays(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    step = page.locator("#strengthening-step-up")
    step.get_by_text("How").click()
    button = step.get_by_role("button", name="Right 2")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".progress")).to_contain_text("1 of ")
    expect(button).to_be_focused()
    expect(step.locator("details")).to_have_attribute("open", "")


@pytest.mark.parametrize("javascript", [True, False])
def test_cleo_says_that_it_hurts(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    page = phone(javascript=javascript)
    page.goto("/my/today")
    page.locator("#strengthening-bridge").get_by_text("How").click()
    page.locator("#strengthening-bridge").get_by_role("link", name="This hurts").click()
    expect(page.get_by_label("With which exercise?")).to_have_value("strengthening/bridge/both")
    if javascript:
        axe(page)
        shots(page, "hurts")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("radio", name="3", exact=True).check()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Hip bridge hurt 3 of 10: this exercise rests today")).to_be_visible()
    expect(page.locator("#strengthening-bridge-iso")).to_contain_text("instead of Hip bridge, which rests")
    expect(page.locator(".progress")).to_contain_text("0 of ")


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_ticks_for_cleo_who_sees_who_it_was(scene: Scene, open_browser: OpenBrowser, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    scene.live.clock.move(days=1)
    laptop = open_browser(javascript=javascript)
    scene.sign_in_tess(laptop)
    laptop.goto(f"/clients/{scene.client_id}/practice")
    laptop.get_by_role("link", name="Day before").click()
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Monday 23 November 2026")
    laptop.locator("#strengthening-bridge .tick-main").click()
    expect(laptop.locator("#strengthening-bridge")).to_contain_text("entered by Tess")
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Monday 23 November 2026")
    if javascript:
        axe(laptop)
        shots(laptop, "practice")
    laptop.get_by_role("link", name="Day after").click()
    laptop.locator("#strengthening-bridge .tick-main").click()
    expect(laptop.locator("#strengthening-bridge")).to_contain_text("entered by Tess")
    page = phone()
    page.goto("/my/today")
    expect(page.locator("#strengthening-bridge")).to_contain_text("entered by Tess")


@pytest.mark.parametrize("javascript", [True, False])
def test_tess_gives_access_and_cleos_phone_opens_her_plan(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    laptop, telephone = open_browser(javascript=javascript), open_browser(phone=True, javascript=javascript)
    scene.sign_in_tess(laptop)
    laptop.goto(f"/clients/{scene.client_id}/access")
    if javascript:
        axe(laptop)
        shots(laptop, "access")
    laptop.get_by_role("button", name="Make a link").click()
    link = laptop.get_by_label("Link", exact=True).input_value()
    expect(laptop.get_by_role("img", name="The link as a code")).to_be_visible()
    if javascript:
        axe(laptop)
        shots(laptop, "access-link")

    laptop.goto(link)
    expect(laptop.get_by_role("heading", name="Open it on the client’s phone")).to_be_visible()
    if javascript:
        axe(laptop)
        shots(laptop, "welcome-staff")

    telephone.goto(link)
    telephone.goto(link)
    if javascript:
        axe(telephone)
        shots(telephone, "welcome")
    telephone.get_by_role("button", name="Open my plan here").click()
    expect(telephone.get_by_role("heading", name="Good morning, Cleo")).to_be_visible()

    stranger = open_browser(phone=True, javascript=javascript)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This link is spent")).to_be_visible()
    if javascript:
        axe(stranger)
        shots(stranger, "welcome-spent")

    laptop.goto(f"/clients/{scene.client_id}/access")
    laptop.get_by_role("button", name="Sign it out").click()
    expect(laptop.get_by_text("None yet.")).to_be_visible()
    telephone.goto("/my/today")
    expect(telephone.get_by_role("heading", name="This phone is not signed in")).to_be_visible()
    if javascript:
        axe(telephone)
        shots(telephone, "access-ended")


CALM = {
    "calm-unscreened": (None, "Your plan is not made yet"),
    "calm-stopped": ("painful-test", "We stop here for now."),
    "calm-emergency": ("emergency-red-flag", "Stop. This can be an emergency."),
    "calm-clearance": ("heart-medicine", "An OK from a health professional comes first."),
}


@pytest.mark.parametrize("name", CALM)
def test_a_day_with_nothing_to_tick_says_why_and_what_comes_next(scene: Scene, phone: Phone, name: str) -> None:
    situation, heading = CALM[name]
    if situation:
        scene.screen(situation)
    page = phone()
    page.goto("/my/today")
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    expect(page.locator("main").get_by_role("link")).to_have_count(1)
    axe(page)
    shots(page, name)


def days_of(scene: Scene) -> list[int]:
    """The days of the month that the log is about, in the order in which it was written."""
    with scene.database.work(writes=False) as store:
        return [on.day for on in store.session.scalars(select(PracticeEvent.performed_on).order_by(PracticeEvent.id))]


def test_a_page_that_is_open_over_midnight_goes_on_with_the_new_day(scene: Scene, phone: Phone) -> None:
    """What is ticked on the rows of the old day counts for it, what is ticked on those of the new day for that."""
    scene.screen("minimum-only")
    scene.live.clock.move(hours=14, minutes=50)
    page = phone()
    page.goto("/my/today")
    main = page.locator("#flexibility-strap-ham .tick-main")
    main.click()
    expect(page.locator(".progress")).to_contain_text("1 of ")
    scene.live.clock.move(minutes=20)
    main.click()
    expect(page.get_by_text("A new day has begun: that tick counts for the day before.")).to_be_visible()
    expect(page.locator(".progress")).to_contain_text("0 of ")
    main.click()
    expect(page.locator(".progress")).to_contain_text("1 of ")
    assert days_of(scene) == [23, 23, 24]


def test_of_many_ticks_that_waited_the_one_that_does_not_count_is_told(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    lose_reception(page)
    row = page.locator("#flexibility-strap-ham .tick-main")
    row.evaluate("button => { button.value = 'rdl/rdl-kb/both 1 1'; }")
    row.click()
    page.locator("#strengthening-bridge .tick-main").click()
    page.context.set_offline(False)
    expect(page.locator(".progress")).to_contain_text("1 of ")
    expect(page.get_by_role("heading", name="That does not count")).to_be_in_viewport()
    assert events(scene) == 1
    page.locator("#strengthening-bridge .tick-main").click()
    expect(page.locator(".progress")).to_contain_text("2 of ")
    expect(page.get_by_role("heading", name="That does not count")).to_have_count(0)


def test_a_report_that_is_refused_says_why(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    bridge = page.locator("#strengthening-bridge")
    bridge.get_by_text("How").click()
    bridge.locator("[data-report]").click()
    dialog = page.locator("#report")
    dialog.locator("[name=load_kg]").evaluate("field => { field.closest('[data-load]').hidden = false; field.value = '5000'; }")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="That does not count")).to_be_in_viewport()
    expect(page.locator("#today")).to_contain_text("Load: The most possible is 1000.")
    expect(page.locator(".pending")).to_have_count(0)
    axe(page)
    assert events(scene) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_a_tick_of_an_earlier_day_that_does_not_count_leaves_her_on_that_day(scene: Scene, phone: Phone, *, javascript: bool) -> None:
    scene.screen("minimum-only")
    scene.live.clock.move(days=2)
    page = phone(javascript=javascript)
    page.goto("/my/today?on=2026-11-24")
    button = page.locator("#flexibility-strap-ham .tick-main")
    button.evaluate("button => { button.value = 'rdl/rdl-kb/both 1 1'; }")
    button.click()
    expect(page.get_by_role("heading", name="That does not count")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 24 November 2026")
    button.click()
    expect(page.locator(".progress")).to_contain_text("1 of ")
    assert days_of(scene) == [24]


def test_who_signs_out_without_reception_stays_signed_in_and_loses_nothing(scene: Scene, phone: Phone) -> None:
    scene.screen("minimum-only")
    page = phone()
    page.goto("/my/today")
    tick_without_reception(page, 2)
    asked = watch_dialogs(page)
    page.get_by_text("Sign out", exact=True).click()
    with page.expect_event("dialog", lambda dialog: dialog.message.startswith("That did not arrive")):
        page.get_by_role("button", name="Sign out on this phone").click()
    expect(page.get_by_role("heading", name="Good morning, Cleo")).to_be_visible()
    expect(page.locator("#sent")).to_have_text("2 not sent yet")
    page.context.set_offline(False)
    expect(page.locator("#sent")).to_have_text("Sent")
    assert [text.partition(".")[0] for text in asked] == [
        "2 not sent yet",
        "That did not arrive, so this phone is still signed in, and nothing is lost",
    ]
    assert events(scene) == 2


def test_a_link_that_is_tapped_twice_opens_her_plan(scene: Scene, open_browser: OpenBrowser) -> None:
    """The second tap would find the link spent, and the answer to the first, with the phone's sign-in, would be dropped."""
    scene.screen("minimum-only")
    with scene.database.work(scene.tess, writes=True) as store:
        _, token = access.make_link(store, scene.client_id, scene.live.clock())
    page = open_browser(phone=True)
    page.goto(f"/welcome/{token}")
    page.wait_for_load_state("networkidle")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": 500, "downloadThroughput": -1, "uploadThroughput": -1})
    page.get_by_role("button", name="Open my plan here").dblclick(delay=50, no_wait_after=True)
    expect(page.get_by_role("heading", name="Good morning, Cleo")).to_be_visible()
