"""Clients by program: what goes in, what comes out, and what is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response

from tests.cast import DAY, Cast
from tests.world import contents

DORA: dict[str, Any] = {"name": "Dora", "birth_year": 1980, "sex": "female"}


def fields(answer: Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["field"] for error in answer.json()["errors"]]


def test_a_client_is_added_and_read_back(cast: Cast) -> None:
    sent = {**DORA, "body_weight_kg": 62.5, "email": "dora@mail.example", "consented_on": DAY.isoformat()}
    answer = cast.tess.api.post("/clients", sent)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert answer.headers["location"] == f"/api/v1/clients/{body['id']}"
    assert body.items() >= {**sent, "archived": False, "phone": None, "goals": ""}.items()
    assert cast.tess.api.get(f"/clients/{body['id']}").json() == body
    assert cast.tom.api.get(f"/clients/{body['id']}").status_code == 404


def test_the_least_that_is_needed(sqlite_cast: Cast) -> None:
    body = sqlite_cast.tess.api.post("/clients", {"name": "R-104", "birth_year": 1990, "sex": "unspecified"}).json()
    assert (body["body_weight_kg"], body["email"], body["consented_on"], body["archived"]) == (None, None, None, False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"birth_year": "1980"}, "birth_year"),
        ({"birth_year": 1980.5}, "birth_year"),
        ({"birth_year": True}, "birth_year"),
        ({"birth_year": 10**400}, "birth_year"),
        ({"birth_year": DAY.year - 17}, "birth_year"),
        ({"birth_year": 1850}, "birth_year"),
        ({"sex": "F"}, "sex"),
        ({"sex": None}, "sex"),
        ({"body_weight_kg": "62.5"}, "body_weight_kg"),
        ({"body_weight_kg": True}, "body_weight_kg"),
        ({"body_weight_kg": float("nan")}, "body_weight_kg"),
        ({"body_weight_kg": float("inf")}, "body_weight_kg"),
        ({"body_weight_kg": 10**400}, "body_weight_kg"),
        ({"body_weight_kg": 5}, "body_weight_kg"),
        ({"email": "dora"}, "email"),
        ({"consented_on": (DAY + timedelta(days=1)).isoformat()}, "consented_on"),
        ({"consented_on": "2026-11-20T00:00:00"}, "consented_on"),
        ({"consented_on": 1760000000}, "consented_on"),
        ({"shoe_size": 39}, "shoe_size"),
        ({"id": 1}, "id"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(sqlite_cast: Cast, wrong: dict[str, Any], field: str) -> None:
    before = contents(sqlite_cast)
    sent = json.dumps({**DORA, **wrong})
    answer = sqlite_cast.tess.api._send("POST", "/clients", content=sent, headers={"content-type": "application/json"})  # noqa: SLF001 - raw bytes
    assert fields(answer) == [field]
    assert contents(sqlite_cast) == before


def test_every_missing_field_is_named(sqlite_cast: Cast) -> None:
    assert fields(sqlite_cast.tess.api.post("/clients", {})) == ["name", "birth_year", "sex"]


def test_the_reason_for_refusing_a_minor_is_the_norms(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.tess.api.post("/clients", {**DORA, "birth_year": DAY.year - 10})
    assert "the norms are for adults" in answer.json()["errors"][0]["message"]


def test_pages_of_two_hold_everybody_once(cast: Cast) -> None:
    for number in range(5):
        assert cast.tess.api.post("/clients", {**DORA, "name": f"Page {number}"}).status_code == 201
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        found = cast.tess.api.get("/clients", params={"query": "PAGE", "limit": 2, **more}).json()
        seen += [item["name"] for item in found["items"]]
        cursor = found["next"]
    assert seen == [f"Page {number}" for number in range(5)]


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=0", "cursor=999999", "cursor=", "cursor=" + "9" * 4000, "limit=0", "limit=201", "limit=x"]
)
def test_a_bad_cursor_or_limit_is_422(sqlite_cast: Cast, query: str) -> None:
    assert fields(sqlite_cast.tess.api.get(f"/clients?{query}")) == [query.partition("=")[0]]


def test_a_cursor_that_is_toms_client_is_as_bad(sqlite_cast: Cast) -> None:
    assert fields(sqlite_cast.tess.api.get(f"/clients?cursor={sqlite_cast.colin.client_id}")) == ["cursor"]


def test_archived_clients_say_so(sqlite_cast: Cast) -> None:
    cara = sqlite_cast.cara.client_id
    sqlite_cast.tess.post(f"/clients/{cara}/archive")
    assert sqlite_cast.tess.api.get(f"/clients/{cara}").json()["archived"] is True
    assert [item["id"] for item in sqlite_cast.tess.api.get("/clients?archived=true").json()["items"]] == [cara]


def test_a_withdrawn_consent_is_no_consent(sqlite_cast: Cast) -> None:
    cara = sqlite_cast.cara.client_id
    assert sqlite_cast.tess.api.get(f"/clients/{cara}").json()["consented_on"] == DAY.isoformat()
    sqlite_cast.tess.post(f"/clients/{cara}/consent/withdraw")
    assert sqlite_cast.tess.api.get(f"/clients/{cara}").json()["consented_on"] is None


def test_a_client_reads_herself_and_lists_nobody(cast: Cast) -> None:
    assert cast.cleo.api.get(f"/clients/{cast.cleo.client_id}").json()["name"] == "Cleo"
    assert cast.cleo.api.get(f"/clients/{cast.cara.client_id}").status_code == 404
    assert cast.cleo.api.get("/clients").status_code == 403
    assert cast.cleo.api.post("/clients", DORA).status_code == 403
