"""What every page is looked at for: no axe violation, nothing wider than the phone, and pictures to judge by eye."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
RUN_AXE = """
axe.run({resultTypes: ["violations"]}).then(found => found.violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`)
))
"""
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
PHONE, LAPTOP = 390, 1280
SHOTS = os.environ.get("HINGE_SHOTS")
"""A folder for pictures of every page that is looked at; without it none are taken, which is a tenth of what the browser does."""


def axe(page: Page) -> None:
    """Fail if axe finds anything on the page as it stands, in light or in dark."""
    # The page's own policy forbids strangers' scripts; the debugger's connection is not bound by it.
    debugger = page.context.new_cdp_session(page)
    debugger.send("Runtime.evaluate", {"expression": AXE})
    found: list[str] = []
    with as_it_was(page):
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            answer = debugger.send("Runtime.evaluate", {"expression": RUN_AXE, "awaitPromise": True, "returnByValue": True})
            assert "exceptionDetails" not in answer, answer
            found += [f"{scheme}: {line}" for line in answer["result"]["value"]]
    debugger.detach()
    assert not found, f"{page.url}\n" + "\n".join(found)


def shots(page: Page, name: str) -> None:
    """Fail if the page is wider than a phone or a laptop; where pictures are wanted, take it at both widths in light and in dark."""
    with as_it_was(page):
        for width in (PHONE, LAPTOP):
            page.set_viewport_size({"width": width, "height": 844 if width == PHONE else 900})
            needed = page.locator("html").evaluate("html => html.scrollWidth")
            assert needed <= width, f"{page.url} is {needed} px wide on a screen of {width}"
            for scheme in SCHEMES if SHOTS else ():
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True, animations="disabled")


@contextmanager
def as_it_was(page: Page) -> Iterator[None]:
    """Undo what a look changes: the size of the window and what it emulates."""
    size = page.viewport_size
    try:
        yield
    finally:
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        if size:
            page.set_viewport_size(size)
