"""A stop in a real browser, from what hurt to the clearance with its limits, the note to take along among its steps."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.rules.pain import PracticeStop
from app.rules.vocabulary import Level
from app.services import plans
from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import axe, shots
from tests.browser.scene import Scene, set_scene


@pytest.fixture
def scene(live: Live) -> Scene:
    return set_scene(live)


def says(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def on(scene: Scene, days: int = 0) -> str:
    return (scene.live.clock().date() - timedelta(days=days)).isoformat()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_painful_test_to_a_clearance_with_limits(scene: Scene, open_browser: OpenBrowser, *, javascript: bool) -> None:
    def look(name: str) -> None:
        if javascript:
            axe(page)
            shots(page, f"stop-{name}")

    scene.screen("painful-test")
    scene.live.clock.move(days=9)
    page = open_browser(javascript=javascript)
    scene.sign_in_tess(page)
    page.goto(f"/clients/{scene.client_id}/plan")
    says(page, "We stop here for now.")

    page.get_by_role("link", name="Note to take along").click()
    page.get_by_text("Change the question, add a remark").click()
    page.get_by_label("Our question").fill("May Cleo bend at the hips with straight knees?")
    page.get_by_label("Remark").fill("It hurts at the back of the left thigh.")
    page.get_by_role("button", name="Keep it with the note").click()
    for part in ("May Cleo bend at the hips with straight knees?", "It hurts at the back of the left thigh."):
        expect(page.locator("main")).to_contain_text(part)
    look("the-note")
    page.emulate_media(media="print")
    expect(page.get_by_text("Change the question, add a remark")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Back").click()

    page.get_by_label("Handed to").fill("Dr Young, physiotherapist")
    page.get_by_label("Handed over on").fill(on(scene, 8))
    page.get_by_role("button", name="It is handed over").click()
    says(page, "Handed over: the answer is awaited")
    look("sent")

    page.get_by_label("Who replied").fill("Dr Young, physiotherapist")
    page.get_by_label("Date of the reply").fill(on(scene, 9))
    page.get_by_role("button", name="Note the reply").click()
    expect(page.locator("#f-answer-error, #f-answered_on-error").first).to_be_visible()
    expect(page.get_by_label("Who replied")).to_have_value("Dr Young, physiotherapist")
    page.get_by_label("What was said").fill("Rest for a week, then come again.")
    page.get_by_label("Date of the reply").fill(on(scene, 5))
    page.get_by_label("Not cleared for now").check()
    page.get_by_role("button", name="Note the reply").click()
    says(page, "Not cleared for now")
    look("not-cleared")

    page.get_by_role("button", name=re.compile("^Undo")).click()
    says(page, "Handed over: the answer is awaited")
    page.get_by_label("What was said").fill("Rest for a week, then come again.")
    page.get_by_label("Date of the reply").fill(on(scene, 5))
    page.get_by_role("button", name="Note the reply").click()
    says(page, "Answered: training is not decided yet")
    look("heard")

    expect(page.get_by_label("Who answered")).to_have_value("Dr Young, physiotherapist")
    page.get_by_label("Date of the answer").fill(on(scene))
    page.get_by_text("Other limits").click()
    page.get_by_role("group", name="Shoulder pain").get_by_label("Leave out").check()
    page.get_by_role("button", name="Log the clearance").click()
    expect(page.get_by_role("heading", name="What the limits took out of the plan")).to_be_visible()
    expect(page.locator("#left-out li").first).to_contain_text("Because your shoulder hurts")
    look("cleared")
    page.get_by_role("link", name="Open the plan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("open")


def test_what_hurt_in_practice_is_told_with_what_was_reported(scene: Scene, open_browser: OpenBrowser) -> None:
    scene.screen("weak-everything")
    at = scene.live.clock()
    with scene.database.work(scene.tess, writes=True) as store:
        client = store.clients.get(scene.client_id)
        plan = store.plans.latest(client)
        assert plan is not None
        item = "strengthening/bridge-iso/both"
        row = {"studio_id": client.studio_id, "client_id": client.id, "plan_id": plan.id, "item": item, "side": "both", "set_number": 1}
        row |= {"done": True, "at": at, "received_at": at, "entered_by": client.user_id, "performed_on": at.date(), "uuid": "1"}
        store.practice.append([{**row, "pain": 6, "feel": "sharp"}])
        stops = [
            PracticeStop("RF5", Level.URGENT, "Numbness or tingling down a leg.", at.date(), item, "bridge-iso"),
            PracticeStop("PAIN5", Level.REFER, "Pain of 6 of 10 in practice, so we stop here.", at.date(), item, "bridge-iso"),
        ]
        plans.open_from_practice(store, client, plan, stops, at)
    tess, cleo = open_browser(), open_browser(phone=True)
    scene.sign_in_tess(tess)
    scene.sign_in_cleo(cleo)
    tess.goto(f"/clients/{scene.client_id}/plan")
    says(tess, "Stop. Please see a doctor first.")
    tess.get_by_text("What was reported in practice").click()
    expect(tess.locator("main")).to_contain_text("6 of 10, sharp")
    axe(tess)
    shots(tess, "stop-practice")
    tess.get_by_role("link", name="Note to take along").click()
    expect(tess.get_by_role("row", name="sharp")).to_contain_text("6 of 10")
    axe(tess)
    shots(tess, "stop-practice-note")
    cleo.goto("/my/plan")
    expect(cleo.locator("main")).to_contain_text("Pain of 6 of 10 in practice")
    axe(cleo)
    shots(cleo, "stop-practice-cleo")
    tess.goto(f"/clients/{scene.client_id}")
    expect(tess.locator("main")).to_contain_text("in practice: stopped")


def test_an_emergency_is_the_first_thing_on_her_pages(scene: Scene, open_browser: OpenBrowser) -> None:
    scene.screen("emergency-red-flag")
    tess = open_browser()
    scene.sign_in_tess(tess)
    tess.set_viewport_size({"width": 390, "height": 844})
    for name, path in (("profile", ""), ("progress", "/progress")):
        tess.goto(f"/clients/{scene.client_id}{path}")
        expect(tess.locator("main").get_by_role("heading").first).to_have_text("Stop. This can be an emergency.")
        expect(tess.get_by_text("Call the local emergency number")).to_be_in_viewport()
        axe(tess)
        shots(tess, f"emergency-{name}")
    tess.goto("/clients")
    expect(tess.locator("main").get_by_text("emergency", exact=True)).to_be_visible()
    shots(tess, "emergency-roster")
