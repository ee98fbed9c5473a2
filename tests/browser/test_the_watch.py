"""The watch over pages is awake: what must fail a browser test does."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.browser.conftest import OpenBrowser, Troubles
from tests.browser.live import address, listener, served
from tests.browser.look import axe, shots

POLICY = {"content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"}
PAGE = '<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>{}</main>'
GREY = "main p { color: #eee; background: #fff }"


def shown(request: Request) -> Response:
    return HTMLResponse(PAGE.format(request.query_params.get("body", "")), headers=POLICY)


def grey(request: Request) -> Response:
    return Response(GREY, media_type="text/css")


def broken(request: Request) -> Response:
    return Response("no", 500)


@pytest.fixture
def url() -> object:
    with listener() as listening, served(Starlette(routes=[Route("/", shown), Route("/grey", grey), Route("/broken", broken)]), listening):
        yield address(listening)


def test_a_good_page_passes(url: str, open_browser: OpenBrowser) -> None:
    page = open_browser(base_url=url)
    page.goto("/")
    axe(page)


@pytest.mark.parametrize(
    "body",
    [
        '<p style="color: red">x',
        "<script>x = 1</script>",
        '<img src="/missing.png" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<iframe title="x" src="/broken"></iframe>',
    ],
)
def test_a_page_that_breaks_a_rule_is_caught(url: str, body: str, open_browser: OpenBrowser, troubles: Troubles) -> None:
    page = open_browser(base_url=url)
    page.goto("/")
    assert not troubles
    page.goto("/?" + f"body={body}")
    page.wait_for_load_state("networkidle")
    assert troubles
    troubles.clear()


def test_poor_contrast_is_caught(url: str, open_browser: OpenBrowser) -> None:
    page = open_browser(base_url=url)
    page.goto('/?body=<link rel="stylesheet" href="/grey"><p>hardly seen')
    with pytest.raises(AssertionError, match="light: color-contrast"):
        axe(page)


def test_a_page_wider_than_the_phone_is_caught(url: str, open_browser: OpenBrowser) -> None:
    page = open_browser(base_url=url, phone=True)
    page.goto('/?body=<svg width="900" height="9"></svg>')
    with pytest.raises(AssertionError, match="px wide on a screen of 390"):
        shots(page, "too-wide")
