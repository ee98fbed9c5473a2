"""One request, one transaction: it ends before the answer leaves, and only one place ends it."""

import ast
from pathlib import Path

from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from tests.cast import HERE, Cast

APP = Path(__file__).resolve().parents[2] / "app"


def test_what_was_done_is_kept_before_the_answer_leaves(cast: Cast) -> None:
    kept_by_then = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def look_first(message: Message) -> None:
            if message["type"] == "http.response.start":
                with cast.database.work(writes=False) as store:
                    kept_by_then.append(store.accounts.user(cast.tess.user_id).units)
            await send(message)

        await cast.app(scope, receive, look_first)

    tess = TestClient(watched, base_url=HERE, headers={"origin": HERE}, cookies={"hinge": cast.tess.browser.cookies["hinge"]})
    assert tess.post("/account/units", data={"units": "imperial"}, follow_redirects=False).status_code == 303
    assert kept_by_then == ["imperial"]


def test_nobody_else_commits() -> None:
    """Sessions are made and ended in store/engine.py, units of work in web/deps.py and on the command line."""
    for path in sorted(APP.rglob("*.py")):
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not called & {"commit"}, path
