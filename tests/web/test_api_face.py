"""The API's common face: it describes itself, answers with problem details, and nonsense breaks nothing."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.main import ROUTERS
from tests.cast import Cast

HOSTILE: dict[str, bytes] = {
    "NaN": b'{"name": NaN}',
    "a NaN in an unknown field": b'{"surprise": NaN, "nested": {"x": [-Infinity]}}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a lone surrogate as a field": b'{"\\ud800": 1}',
    "NUL": b'{"name": "a\\u0000b"}',
    "NUL as a field": b'{"\\u0000": 1}',
    "a 4,000-digit integer": b'{"name": ' + b"9" * 4000 + b"}",
    "a 5,000-digit integer": b'{"name": ' + b"9" * 5000 + b"}",
    "almost 1 MB": b'{"name": "' + b"x" * 990_000 + b'"}',
    "a field of almost 1 MB": b'{"' + b"x" * 990_000 + b'": 1}',
    "more than 1 MB": b'{"name": "' + b"x" * 1_100_000 + b'"}',
    "a deep nest": b'{"a":' * 50_000,
    "broken": b"{",
    "no text": b"\xff",
    "a list": b"[]",
    "null": b"null",
    "nothing": b"",
}


def description(cast: Cast) -> dict[str, Any]:
    answer = cast.nobody.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_every_route_is_described_with_its_token_and_its_refusals(sqlite_cast: Cast) -> None:
    schema = description(sqlite_cast)
    described = {(method.upper(), path) for path, operations in schema["paths"].items() for method in operations}
    served = {
        (method, route.path)  # type: ignore[attr-defined]  # every route of ours has a path
        for router in ROUTERS
        for route in router.routes
        if route.path.startswith("/api/")  # type: ignore[attr-defined]  # the same
        for method in route.methods - {"HEAD"}  # type: ignore[attr-defined]  # and methods
    }
    assert described == served
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert operation["security"] == [{"token": []}]
            assert {"401", "403", "404", "422"} <= set(operation["responses"]), path
            success = next(answer for status, answer in operation["responses"].items() if status in ("200", "201"))
            answered = success["content"]["application/json"]["schema"]
            assert {"$ref", "anyOf"} & set(answered), f"{path} does not say what it answers"


def test_every_reference_of_the_description_leads_somewhere(sqlite_cast: Cast) -> None:
    schema = description(sqlite_cast)
    text = json.dumps(schema)
    names = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert names <= set(schema["components"]["schemas"])
    assert "HTTPValidationError" not in text


def test_the_page_about_it_asks_no_other_server(sqlite_cast: Cast) -> None:
    page = sqlite_cast.nobody.get("/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("<!doctype html>", "")
    assert "script-src 'self'" in page.headers["content-security-policy"]


def refused_everywhere(cast: Cast, body: bytes) -> None:
    """Send it to every route that takes a body, as a trainer and as an admin; then write something normal."""
    for path, operations in description(cast)["paths"].items():
        for method, operation in operations.items():
            if "requestBody" not in operation:
                continue
            for person in (cast.tess, cast.ada):
                ids = {"sign_off_id": UUID(int=1), "check_id": UUID(int=1)}
                address = path.format(slug="plank", client_id=cast.cleo.client_id, referral_id=1, number=1, screen_id=1, **ids)
                headers = {"authorization": f"Bearer {person.api.token}", "content-type": "application/json", "if-match": '"1"'}
                answer = person.api.client.request(method, address, content=body, headers=headers)
                assert 400 <= answer.status_code < 500, (method, path, person.name, answer.status_code)
                assert answer.headers["content-type"] == "application/problem+json"
                problem = answer.json()
                assert {"type", "title", "status", "detail"} <= set(problem)
                assert problem["status"] == answer.status_code
                assert len(answer.content) < 20_000
                if answer.status_code == 422:
                    assert problem["errors"], (method, path, person.name)
    assert cast.ada.api.post("/exercises/plank/archive").status_code == 200
    assert cast.tess.api.post("/clients", {"name": "Zoe", "birth_year": 1990, "sex": "female"}).status_code == 201


@pytest.mark.parametrize("what", HOSTILE)
def test_nonsense_is_refused_by_every_route_and_a_normal_write_works_right_after(sqlite_cast: Cast, what: str) -> None:
    refused_everywhere(sqlite_cast, HOSTILE[what])


@pytest.mark.postgresql
@pytest.mark.parametrize("what", ["a lone surrogate", "a lone surrogate as a field", "NUL", "a 4,000-digit integer"])
def test_what_trips_a_driver_never_reaches_postgresql(postgresql_cast: Cast, what: str) -> None:
    refused_everywhere(postgresql_cast, HOSTILE[what])


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v1/clients/0", "/api/v1/clients/9223372036854775808", "/api/v1/clients/x"])
def test_what_is_not_there_is_the_same_404(sqlite_cast: Cast, path: str) -> None:
    answer = sqlite_cast.tess.api.client.get(path, headers={"authorization": f"Bearer {sqlite_cast.tess.api.token}"})
    stranger = sqlite_cast.tess.api.get(f"/clients/{sqlite_cast.colin.client_id}")
    assert (answer.status_code, answer.json()) == (404, stranger.json())


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/clients", "GET, POST"), ("/exercises/plank", "GET, PUT"), ("/clients/1/ticks", "POST"), ("/clients/1/plan", "GET")],
)
def test_an_address_says_which_methods_it_takes(sqlite_cast: Cast, path: str, allowed: str) -> None:
    answer = sqlite_cast.nobody.delete(f"/api/v1{path}")
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert answer.headers["content-type"] == "application/problem+json"
