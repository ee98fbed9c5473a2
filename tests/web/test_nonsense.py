"""Nonsense from outside: two thousand generated requests, by every role, over things that exist, and none is our mistake."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Cast
from tests.web.access_table import LINES, PEOPLE, Line
from tests.web.test_access import said, send
from tests.world import contents, world

REQUESTS = 2000
SEED = 20261123

STRANGE_JSON: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3.5, 1e308, -0.0, 10**18, 2**63, "", " ", "x", "12", "12,,5", "null",
    "\u0000", "\ud800", "\u202e", "é" * 300,
    "=cmd()",
    "<script>", "' or 1=1", "2026-02-30", "9999-12-31", "0000-00-00", [], [[]], [None], {}, {"a": 1}, ["left", "left"], "both", "FAIR",
)  # fmt: skip
STRANGE_TEXT = (
    "",
    " ",
    "x",
    "-1",
    "0",
    "1e308",
    "NaN",
    "12,,5",
    "9" * 400,
    "\u0000",
    "é" * 300,
    "\u202e",
    "<b>",
    "%",
    "\\",
    "2026-02-30",
    "on",
    "yes",
)


def mutated(chance: random.Random, value: Any) -> Any:
    """A JSON document with one thing in it changed, dropped, doubled or added."""
    match value:
        case dict() if value and chance.random() < 0.9:
            key = chance.choice(sorted(value))
            turn = chance.random()
            if turn < 0.15:
                return {name: inner for name, inner in value.items() if name != key}
            if turn < 0.25:
                return {**value, "surprise": chance.choice(STRANGE_JSON)}
            return {**value, key: mutated(chance, value[key])}
        case list() if value and chance.random() < 0.8:
            index = chance.randrange(len(value))
            turn = chance.random()
            if turn < 0.2:
                return [*value, value[index]]
            return [*value[:index], mutated(chance, value[index]), *value[index + 1 :]]
        case _:
            return chance.choice(STRANGE_JSON)


def variants(chance: random.Random, line: Line) -> Iterator[Line]:
    """Endless variations of one line of the access table."""
    while True:
        if line.json is not None:
            yield replace(line, json=mutated(chance, line.json))
        elif line.data:
            name = chance.choice(sorted(line.data))
            yield replace(line, data={**line.data, name: chance.choice(STRANGE_TEXT)})
        else:
            yield replace(
                line,
                path=line.path
                + "?"
                + chance.choice(("query=%00", "query=%ED%A0%80", "cursor=x", "limit=-1", "on=never", "stage=x", "version=0")),
            )


class _Unfilled(dict[str, object]):
    """Leaves braces of generated text alone."""

    def __missing__(self, name: str) -> str:
        return name


def ask(cast: Cast, person: str, line: Line, ids: Mapping[str, object]) -> str:
    try:
        return said(send(cast, person, line, ids))
    except (ValueError, KeyError, UnicodeError):  # what can't even be sent
        return "-"


@pytest.mark.slow
def test_two_thousand_generated_requests(sqlite_furnished_cast: Cast, record_property: Callable[[str, object], None]) -> None:
    sqlite_cast = sqlite_furnished_cast
    chance = random.Random(SEED)
    ids = _Unfilled(world(sqlite_cast))
    fine: Counter[str] = Counter()
    asked = 0
    broken = []
    share = -(-REQUESTS // len(LINES))
    for line in LINES:
        route = f"{line.method} {line.route}"
        allowed = [person for person, status in zip(PEOPLE, line.statuses.split(), strict=True) if status[0] in "23"]
        for person, one in [
            *((person, line) for person in allowed[:1]),
            *(
                (chance.choice(allowed if allowed and chance.random() < 0.75 else PEOPLE), v)
                for v, _ in zip(variants(chance, line), range(share), strict=False)
            ),
        ]:
            answered = ask(sqlite_cast, person, one, ids)
            asked += 1
            fine[route] += answered[0] in "23"  # the way to the sign-in page is none of these
            if answered[0] == "5":
                broken.append((person, route, answered, one.json or one.data or one.path))
        if line.method != "GET":
            sqlite_cast.reset()
    for route, number in sorted(fine.items()):
        record_property("told", f"{number:5d} done by generated requests: {route}")
    assert broken == []
    assert asked >= REQUESTS
    assert [route for route, number in fine.items() if number == 0] == []


HOSTILE: Mapping[str, bytes] = {
    "NaN": b'{"name": "x", "birth_year": NaN, "sex": "female"}',
    "Infinity": b'{"name": "x", "birth_year": 1990, "sex": "female", "body_weight_kg": Infinity}',
    "a lone surrogate": b'{"name": "\\ud800", "birth_year": 1990, "sex": "female"}',
    "NUL": b'{"name": "a\\u0000b", "birth_year": 1990, "sex": "female"}',
    "a 4,000-digit integer": b'{"name": "x", "birth_year": ' + b"9" * 4000 + b', "sex": "female"}',
    "a 5,000-digit integer": b'{"name": "x", "birth_year": ' + b"9" * 5000 + b', "sex": "female"}',
    "a string of almost 1 MB": b'{"name": "' + b"x" * 990_000 + b'", "birth_year": 1990, "sex": "female"}',
    "a string of more than 1 MB": b'{"name": "' + b"x" * 1_100_000 + b'", "birth_year": 1990, "sex": "female"}',
    "a deep nest": b"[" * 100_000,
    "broken JSON": b'{"name": ',
    "bytes that are no text": b'{"name": "\xff\xfe"}',
    "a list": b"[]",
    "nothing": b"",
    "a date as a number": b'{"name": "x", "birth_year": 1990, "sex": "female", "consented_on": 5}',
    "a number as text": b'{"name": "x", "birth_year": "1990", "sex": "female"}',
    "an unknown field": b'{"name": "x", "birth_year": 1990, "sex": "female", "admin": true}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_body_is_refused_and_a_normal_write_works_right_after(cast: Cast, what: str) -> None:
    before = contents(cast)
    refused = cast.tess.api.client.post(
        "/api/v1/clients",
        content=HOSTILE[what],
        headers={"authorization": f"Bearer {cast.tess.api.token}", "content-type": "application/json"},
    )
    assert 400 <= refused.status_code < 500, refused.text[:300]
    assert refused.headers["content-type"] == "application/problem+json"
    assert len(refused.content) < 2000
    assert contents(cast) == before
    written = cast.tess.api.post("/clients", json={"name": "Zoe", "birth_year": 1990, "sex": "female"})
    assert written.status_code == 201, json.dumps(written.json())


@pytest.mark.parametrize(
    "field", [b"sign_in_email=%00", b"sign_in_email=%ED%A0%80", b"\xff=\xff", b"a=1&" * 3000, b"sign_in_email=" + b"x" * 900_000]
)
def test_a_hostile_form_is_refused(sqlite_cast: Cast, field: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert 400 <= sqlite_cast.nobody.post("/sign-in", content=field, headers=headers).status_code < 500
    assert sqlite_cast.tess.post("/account/units", {"units": "imperial"}).status_code == 303
