"""A week on paper: one A4 page whatever is tight, nothing too small to read, left and right in one row."""

import re
import zlib
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenBrowser
from tests.browser.live import Live
from tests.browser.look import SHOTS, axe, shots
from tests.browser.scene import Scene, set_scene

SMALLEST_PX = 12
"""9 pt."""
FULLEST, EMPTIEST = "everything-tight", "long-sitter-nothing-tight"
FONT_SIZES = """
() => { const found = {}; const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) { const text = walker.currentNode.data.trim();
    if (text) found[parseFloat(getComputedStyle(walker.currentNode.parentElement).fontSize)] = text; } return found; }
"""


@pytest.fixture
def scene(live: Live) -> Scene:
    return set_scene(live)


@pytest.fixture
def tess(scene: Scene, open_browser: OpenBrowser) -> Page:
    page = open_browser()
    scene.sign_in_tess(page)
    return page


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has, its packed objects looked into."""
    text = pdf
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            text += zlib.decompress(packed)
        except zlib.error:
            continue
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", text))


@pytest.mark.parametrize("name", [FULLEST, EMPTIEST, "minimum-only", "seventy-year-old-with-poor-balance", "weak-everything"])
def test_a_week_is_one_page_that_can_be_read(scene: Scene, tess: Page, name: str) -> None:
    scene.screen(name)
    tess.goto(f"/clients/{scene.client_id}/plan/print")
    tess.emulate_media(media="print")
    sizes = {float(size): text for size, text in tess.evaluate(FONT_SIZES).items()}
    assert min(sizes) >= SMALLEST_PX, sizes[min(sizes)]
    pdf = tess.pdf(format="A4", prefer_css_page_size=True)
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        Path(SHOTS, f"week-{name}.pdf").write_bytes(pdf)
    assert pages_of(pdf) == 1


def test_the_count_of_pages_counts(tess: Page) -> None:
    tess.goto("/sign-in")
    assert pages_of(tess.pdf(width="8cm", height="5cm")) > 1


def test_the_week_says_what_it_must(scene: Scene, tess: Page) -> None:
    scene.screen(FULLEST)
    tess.goto(f"/clients/{scene.client_id}/plan/print")
    axe(tess)
    shots(tess, "week")
    sheet = tess.locator("main").inner_text()
    assert "Week of 23 to 29 November 2026" in sheet
    assert "Northside Studio" in sheet
    assert "Stop if you feel sharp pain, tingling, numbness or dizziness, and tell your trainer." in sheet
    step_up = tess.locator(".week-item", has_text="Step-up")
    assert step_up.locator("tbody th").all_inner_texts() == ["left", "right"]
    assert step_up.locator("tbody td").count() == 14
    assert "3 × 8, slow: 3 s down, 1 s hold, 1 s up, step 20 cm high" in step_up.inner_text()


def test_the_week_in_which_an_exercise_is_replaced_says_so(scene: Scene, tess: Page) -> None:
    scene.live.clock.move(days=2)
    scene.sign_in_tess(tess)
    scene.screen(FULLEST)
    made = date(2026, 11, 25)
    assert scene.live.clock().date() == made
    tess.goto(f"/clients/{scene.client_id}/plan/print?week=2026-12-10")
    assert "from Wednesday on Runner's lunge" in tess.locator("main").inner_text()
    tess.get_by_role("link", name="Week after").click()
    names = tess.locator(".week-item h3").all_inner_texts()
    assert "Runner's lunge" in names
    assert not any("Half-kneeling" in name for name in names)


def test_cleo_prints_her_own_week(scene: Scene, open_browser: OpenBrowser) -> None:
    scene.screen(EMPTIEST)
    page = open_browser(phone=True)
    scene.sign_in_cleo(page)
    page.goto("/my/plan/print")
    assert "Cleo Marsh" in page.locator("main").inner_text()
