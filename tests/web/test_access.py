"""Who may do what: every route, every person of the cast, and what a refusal leaves behind.

A line is a method, a path, and the status that each person gets, in the order of PEOPLE. `in` is the way to the sign-in page,
`end` the page that says that a phone's access has ended. In a path, a name in braces is an id of `World`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from httpx2 import Response
from starlette.routing import Route

from app.main import ROUTERS, health
from tests.cast import Cast
from tests.web.access_table import LINES, PEOPLE, Line
from tests.world import contents, world


def all_routes() -> list[tuple[str, str]]:
    return [
        (method, route.path)  # type: ignore[attr-defined]  # every route of ours has a path
        for router in (health, *ROUTERS)
        for route in router.routes
        for method in sorted(route.methods - {"HEAD"})  # type: ignore[attr-defined]  # and methods
    ]


def covers(line: Line, method: str, path: str) -> bool:
    return (line.method, line.route) == (method, path)


def said(response: Response) -> str:
    """The answer in the words of the table."""
    location = response.headers.get("location", "")
    if response.status_code == 303 and location.partition("?")[0] == "/sign-in" and "said=" not in location:
        return "in"
    if response.status_code == 401 and "phone is not signed in" in response.text:
        return "end"
    return str(response.status_code)


def send(cast: Cast, person: str, line: Line, ids: Mapping[str, object]) -> Response:
    path = line.path.format(**ids)
    headers = {name: value.format(**ids) for name, value in line.headers.items()}
    if line.is_api:
        more: dict[str, Any] = {"json": line.filled_json(ids)} if line.json is not None else {}
        if person == "nobody":
            return cast.nobody.request(line.method, path, headers=headers, **more)
        api = cast.people[person].api
        return api.client.request(line.method, path, headers={"authorization": f"Bearer {api.token}", **headers}, **more)
    who = cast.nobody if person == "nobody" else cast.people[person].browser
    return who.request(line.method, path, data=line.filled_data(ids), headers=headers, follow_redirects=False)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.method} {line.path}")
def test_everybody_gets_what_the_table_says(furnished_cast: Cast, line: Line) -> None:
    cast = furnished_cast
    ids = world(cast)
    expected = dict(zip(PEOPLE, line.statuses.split(), strict=True))
    before = contents(cast)
    told = {}
    doers = [person for person in PEOPLE if expected[person][0] in "23" and line.method != "GET"]
    for person in (person for person in PEOPLE if person not in doers):
        told[person] = said(send(cast, person, line, ids))
    assert contents(cast) == before, "somebody was refused, or only looked, and still changed something"
    for person in doers:
        told[person] = said(send(cast, person, line, ids))
        after = contents(cast)
        if after != before:
            assert len(after["audit_event"]) > len(before["audit_event"]), f"{person} changed something that no log tells of"
            cast.reset()
    assert told == expected


@pytest.mark.parametrize(("method", "path"), all_routes())
def test_every_route_stands_in_the_table(method: str, path: str) -> None:
    lines = [line for line in LINES if covers(line, method, path)]
    assert lines, "this route has no line in the access table"
    statuses = " ".join(line.statuses for line in lines).split()
    assert any(status[0] == "2" or status == "303" or status == "307" for status in statuses), "nobody can do this"


def test_nothing_is_served_beside_these_routes(sqlite_cast: Cast) -> None:
    own = {route.path for route in sqlite_cast.app.routes if isinstance(route, Route)}
    assert own == {"/openapi.json"}
    assert own <= {line.route for line in LINES}


@pytest.mark.parametrize("line", [line for line in LINES if "{cleo}" in line.path], ids=lambda line: f"{line.method} {line.path}")
def test_a_strangers_client_and_a_missing_one_are_the_same_404(sqlite_furnished_cast: Cast, line: Line) -> None:
    sqlite_cast = sqlite_furnished_cast
    ids = world(sqlite_cast)
    missing = {**ids, "cleo": 999_999}
    stranger, nothing = send(sqlite_cast, "bea", line, ids), send(sqlite_cast, "bea", line, missing)
    assert (stranger.status_code, nothing.status_code) == (404, 404)
    assert stranger.text == nothing.text


@pytest.mark.parametrize("strange", ["0", "-1", "9223372036854775808", "1e3", "abc", "%00", "01", "+1", "%201", "1.0", "1_0"])
def test_an_id_that_cant_be_one_is_the_same_404(sqlite_cast: Cast, strange: str) -> None:
    assert sqlite_cast.tess.get(f"/clients/{strange}").status_code == 404
    assert sqlite_cast.tess.api.get(f"/clients/{strange}").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("line", [one for one in LINES if one.method == "GET" and not one.is_api], ids=lambda line: line.path)
def test_on_every_page_an_id_stands_once_and_a_label_leads_to_its_own_field(sqlite_furnished_cast: Cast, line: Line) -> None:
    ids = world(sqlite_furnished_cast)
    for person, status in zip(PEOPLE, line.statuses.split(), strict=True):
        answer = send(sqlite_furnished_cast, person, line, ids)
        if status != "200" or "text/html" not in answer.headers["content-type"]:
            continue
        own = Counter(re.findall(r'\sid="([^"]+)"', answer.text))
        assert [one for one, times in own.items() if times > 1] == [], person
        assert [one for one in re.findall(r'<label[^>]*\sfor="([^"]+)"', answer.text) if one not in own] == [], person


def test_nia_who_has_left_is_nobody(sqlite_cast: Cast) -> None:
    assert sqlite_cast.nia.get("/clients").headers["location"].startswith("/sign-in")
    assert sqlite_cast.nia.api.get("/clients").status_code == 401


def test_a_token_opens_no_page(sqlite_cast: Cast) -> None:
    token = sqlite_cast.tess.api.token
    answer = sqlite_cast.nobody.get("/clients", headers={"authorization": f"Bearer {token}"}, follow_redirects=False)
    assert said(answer) == "in"
