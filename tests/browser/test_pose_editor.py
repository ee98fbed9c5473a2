"""The pose editor in a real browser: Ada builds a new exercise with a pose from nothing, publishes it, and Tess finds it."""

import re

from playwright.sync_api import Locator, Page, expect

from app.models import Role
from tests.browser.look import PHONE, axe, shots
from tests.browser.test_library import SignedIn, sign_in, tab_to

__all__ = ["sign_in"]


def joint(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name)


def drawn(page: Page, pose: int) -> str:
    return page.locator(f'[data-pose="poses.{pose}"] svg').first.inner_html()


def pull(page: Page, name: str, x: float, y: float) -> None:
    """Drag a joint so far over the page."""
    handle = joint(page, name)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    begin = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*begin)
    page.mouse.down()
    for step in (0.25, 0.5, 0.75, 1):
        page.mouse.move(begin[0] + x * step, begin[1] + y * step)
    page.mouse.up()


def test_ada_builds_an_exercise_with_a_pose_from_nothing_and_tess_finds_it(sign_in: SignedIn) -> None:
    ada = sign_in("Ada")
    ada.goto("/library/new")
    ada.get_by_label("Name", exact=False).first.fill("Hands-up hinge")
    ada.get_by_label("Stage", exact=False).select_option("dowel")
    ada.get_by_label("Dose", exact=False).first.select_option("SKILL")
    ada.get_by_label("Cues").fill("Hips back, arms long")
    tab_to(ada, "Make a picture")
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", name="Picture of Hands-up hinge")).to_be_visible()
    ada.get_by_label("Begin with").select_option("standing")
    ada.get_by_role("button", name="Begin", exact=True).click()
    expect(ada.get_by_label("Title")).to_have_value("Hands-up hinge")

    lean = joint(ada, "End, Lean")
    lean.focus()
    before = drawn(ada, 1)
    for key, value in (("PageUp", "10"), ("PageUp", "20"), ("ArrowRight", "21"), ("ArrowDown", "20"), ("Home", "-180"), ("End", "180")):
        ada.keyboard.press(key)
        expect(lean).to_have_attribute("aria-valuenow", value)
    field = ada.locator('[name="poses.1.lean"]')
    expect(field).to_have_value("180")
    field.fill("181")
    expect(ada.locator('[id="f-poses.1.lean-error"]')).to_have_text("Write a number from -180 to 180.")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("50")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(lean).to_have_attribute("aria-valuenow", "50")
    ada.wait_for_function("before => document.querySelector('[data-pose=\"poses.1\"] svg').innerHTML !== before", arg=before)
    lean.focus()
    ada.keyboard.press("ArrowUp")
    expect(field).to_have_value("51")
    expect(lean).to_be_focused()

    arm = ada.locator('[name="poses.1.near_arm.shoulder"]')
    start = float(arm.input_value())
    pull(ada, "End, Shoulder, near", 120, -120)
    expect(arm).not_to_have_value(f"{start:g}")
    assert abs(float(arm.input_value()) - start) > 40
    pulled = arm.input_value()
    ada.get_by_role("button", name="Undo").click()
    expect(arm).to_have_value(f"{start:g}")
    arm.fill(pulled)

    foot = joint(ada, "End, contact 2, far foot")
    foot.focus()
    for _ in range(10):
        ada.keyboard.press("ArrowRight")
    across, up = (ada.locator(f'[name="poses.1.pins.1.{name}"]') for name in "xy")
    expect(across).to_have_value("12.6")
    expect(foot).to_have_attribute("aria-valuetext", "12.6 across, 6.6 up")
    expect(foot).to_have_attribute("cx", "12.6")
    pull(ada, "End, contact 2, far foot", 30, 1)
    expect(across).not_to_have_value("12.6")
    assert float(across.input_value()) > 20
    assert up.input_value() == "6.6", "what is pulled level stays level"
    foot.press("End")
    expect(ada.get_by_text(re.compile(r"A contact is out of reach by \d+ cm"))).to_be_visible()
    for _ in range(12):
        ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("out of reach")).to_have_count(0)
    expect(joint(ada, "End, Hip, near")).to_be_hidden()  # the balance decides it

    ada.get_by_label("What is seen").fill("Standing, then the hips go back with long arms.")
    axe(ada)
    shots(ada, "pose-editor")
    ada.get_by_role("button", name="Keep it in the draft").click()
    expect(ada.get_by_text("The picture is in the draft.")).to_be_visible()
    expect(ada.get_by_text("A picture of its own.")).to_be_visible()
    axe(ada)
    ada.get_by_role("button", name=re.compile("^(Publish|Add to the library)$")).click()
    expect(ada.get_by_role("heading", name="Hands-up hinge", exact=True)).to_be_visible()

    tess = sign_in("Tess", Role.TRAINER)
    tess.goto("/library?query=hands-up")
    picture = tess.locator("table img")
    expect(picture).to_have_count(1)
    tess.wait_for_function("() => document.querySelector('table img').naturalWidth > 0")
    tess.get_by_role("link", name="Hands-up hinge").click()
    expect(tess.get_by_role("img", name=re.compile("Hands-up hinge")).first).to_be_visible()
    axe(tess)


def test_a_joint_is_pulled_by_touch_and_the_page_stays_where_it_is(sign_in: SignedIn) -> None:
    ada = sign_in("Ada")
    ada.set_viewport_size({"width": PHONE, "height": 844})
    ada.goto("/library/dead-bug/edit")
    ada.get_by_role("button", name="Change the picture").click()
    knee = ada.locator('[name="poses.0.near_leg.knee"]')
    expect(knee).to_have_value("90")
    foot = joint(ada, "Start, Knee, near")
    foot.scroll_into_view_if_needed()
    box = foot.bounding_box()
    assert box is not None
    x, y, scrolled = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, ada.evaluate("scrollY")
    hand = ada.context.new_cdp_session(ada)
    hand.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for moved in (20, 40, 60, 80):
        hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - moved}]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(knee).not_to_have_value("90")
    assert float(knee.input_value()) < 70, "the foot went up"
    assert ada.evaluate("scrollY") == scrolled


def test_why_something_is_not_drawn_is_said_as_it_is(sign_in: SignedIn) -> None:
    ada = sign_in("Ada")
    ada.goto("/library/dead-bug/edit")
    ada.get_by_role("button", name="Change the picture").click()
    lean = ada.locator('[name="poses.1.lean"]')
    ring = joint(ada, "End, contact 1, hip")
    ring.press("Home")
    expect(ring).to_have_attribute("cx", "-300")
    lean.fill("-80")
    expect(ada.locator("[data-said]")).to_have_text("")
    draft = ada.url.removesuffix("/picture")
    assert ada.request.post(f"{draft}/discard", headers={"origin": "/".join(draft.split("/")[:3])}).ok
    lean.fill("-70")
    expect(ada.locator("[data-said]")).to_have_text("Not drawn: this draft was published or thrown away meanwhile.")
    ada.context.clear_cookies()
    lean.fill("-60")
    expect(ada.locator("[data-said]")).to_have_text("Not drawn: sign in again in another tab, then go on here.")
