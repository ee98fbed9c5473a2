"""The exercise routes of the API: whole bodies, versions as ETags, pages by cursor."""

from threading import Thread
from typing import Any

import pytest

from tests.cast import Cast
from tests.world import contents

FIELDS = {
    "name", "stage", "origin", "per_side", "dose", "loaded", "claims", "targets", "equipment", "override", "dose_note", "note", "cues",
    "faults", "contraindications", "regress", "progress", "load_rule", "gate", "params",
}  # fmt: skip
KNOWN = {"slug", "version", "archived", "used_by", "created_at", "created_by", "updated_at", "updated_by"}


def writable(cast: Cast, slug: str = "plank") -> dict[str, Any]:
    return {name: value for name, value in cast.ada.api.get(f"/exercises/{slug}").json().items() if name in FIELDS}


def put(cast: Cast, body: Any, tag: str | None = '"1"', slug: str = "plank") -> Any:
    return cast.ada.api.put(f"/exercises/{slug}", body, headers={} if tag is None else {"if-match": tag})


def test_an_exercise_is_exactly_its_fields_and_what_the_library_knows(sqlite_cast: Cast) -> None:
    answer = sqlite_cast.tess.api.get("/exercises/smr-itb")
    body = answer.json()
    assert set(body) == FIELDS | KNOWN
    assert answer.headers["etag"] == '"1"'
    assert (body["version"], body["archived"], body["used_by"], body["created_by"]) == (1, False, 0, None)
    assert body["override"] == {
        "sets": None,
        "reps": None,
        "hold_s": None,
        "start_height_cm": None,
        "load": None,
        "spots": 1,
        "total_s": 30,
    }
    assert sqlite_cast.tess.api.get("/exercises/wall-hinge").json()["params"] == {"distance_in": [10.0, 12.0], "distance_cm": [25.4, 30.5]}


def test_what_was_read_can_be_put_back_and_makes_a_version_as_every_put_does(sqlite_cast: Cast) -> None:
    for item in sqlite_cast.ada.api.get("/exercises?limit=100").json()["items"]:
        answer = put(sqlite_cast, {name: item[name] for name in FIELDS}, slug=item["slug"])
        assert answer.status_code == 200, (item["slug"], answer.json())
        assert answer.headers["etag"] == '"2"'
        assert {name: answer.json()[name] for name in FIELDS} == {name: item[name] for name in FIELDS}


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"7", "1"', '"7" , W/"1"', "*"])
def test_a_put_makes_a_new_version(cast: Cast, tag: str) -> None:
    answer = put(cast, {**writable(cast), "name": "Plank", "cues": ["Look down"]}, tag)
    assert answer.status_code == 200, answer.json()
    assert answer.headers["etag"] == '"2"'
    body = answer.json()
    assert (body["version"], body["name"], body["cues"], body["updated_by"]) == (2, "Plank", ["Look down"], "Ada")
    assert cast.tess.api.get("/exercises/plank").json() == body


@pytest.mark.parametrize(("tag", "status"), [(None, 428), ('"2"', 412), ('W/"0"', 412), ('"01"', 412), ("1", 400), ('"1', 400), ("", 400)])
def test_a_put_that_does_not_say_the_newest_version_is_refused(cast: Cast, tag: str | None, status: int) -> None:
    body = {**writable(cast), "name": "Plank"}
    before = contents(cast)
    answer = put(cast, body, tag)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert contents(cast) == before


def test_a_put_is_whole(sqlite_cast: Cast) -> None:
    body = writable(sqlite_cast)
    for field in sorted(FIELDS):
        answer = put(sqlite_cast, {name: value for name, value in body.items() if name != field})
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"field": field, "message": "Fill this in."}]


MISFITS: tuple[tuple[str, object], ...] = (
    ("per_side", 1), ("per_side", "yes"), ("loaded", None), ("name", 3), ("name", ""), ("name", "a\nb"), ("name", "a\u0000b"),
    ("name", "x" * 201), ("stage", "stretching"), ("origin", "me"), ("cues", "one"), ("cues", [""]), ("cues", ["x"] * 41),
    ("dose", "LOTS"), ("override", {"sets": "3"}), ("override", {"sets": 3.0}), ("override", {"sets": True}),
    ("override", {"sets": 10**30}), ("cues", None),
    ("override", {"surprise": 1}), ("override", []), ("params", {"a": [10**400]}), ("params", {"a": []}), ("params", {"": [1]}),
    ("params", {"a": ["1"]}), ("regress", "nowhere"), ("regress", ""), ("progress", "plank"), ("contraindications", ["bad_mood"]),
    ("claims", ["S0"]), ("note", "\u202e"), ("surprise", 1), ("slug", "other"), ("version", 2),
    ("archived", True),
)  # fmt: skip


def test_what_does_not_fit_is_refused(sqlite_cast: Cast) -> None:
    body, before = writable(sqlite_cast), contents(sqlite_cast)
    for field, value in MISFITS:
        answer = put(sqlite_cast, {**body, field: value})
        assert answer.status_code == 422, (field, value, answer.text)
        assert {error["field"].split(".")[0] for error in answer.json()["errors"]} == {field}
    assert contents(sqlite_cast) == before


def test_ada_adds_an_exercise_with_the_least_that_is_needed(cast: Cast) -> None:
    least = {"name": "Hinge hold", "stage": "dowel", "origin": "judgement", "per_side": False, "dose": "SKILL"}
    answer = cast.ada.api.post("/exercises", least)
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/exercises/hinge-hold"
    assert answer.headers["etag"] == '"1"'
    assert cast.tess.api.get("/exercises/hinge-hold").json() == answer.json()
    assert answer.json()["created_by"] == "Ada"
    before = contents(cast)
    assert cast.ada.api.post("/exercises", {**least, "slug": "plank"}).status_code == 409
    assert cast.ada.api.post("/exercises", {**least, "slug": "Not A Slug"}).status_code == 422
    assert contents(cast) == before


def test_the_list_goes_on_where_it_ended(cast: Cast) -> None:
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = cast.tess.api.get("/exercises", params={"limit": 20, **({"cursor": following} if following else {})}).json()
        assert set(page) == {"items", "next"}
        seen += [item["slug"] for item in page["items"]]
        following = page["next"]
    assert len(seen) == len(set(seen)) == 51


def test_the_list_is_searched(sqlite_cast: Cast) -> None:
    def slugs(**words: object) -> list[str]:
        answer = sqlite_cast.tess.api.get("/exercises", params=words)
        assert answer.status_code == 200, answer.json()
        return [item["slug"] for item in answer.json()["items"]]

    assert slugs(stage="wall") == ["wall-hinge-near", "wall-hinge"]
    assert slugs(query="elbows long line", stage="strengthening") == ["plank"]
    assert slugs(archived=True) == []
    assert sqlite_cast.ada.api.post("/exercises/plank/archive").json()["archived"] is True
    assert slugs(archived=True) == ["plank"]
    assert "plank" not in slugs(limit=100)
    assert sqlite_cast.ada.api.post("/exercises/plank/restore").json()["archived"] is False


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=nowhere", "cursor=%00", "stage=x", "query=%00", "archived=maybe"]
)
def test_a_list_that_can_not_be_is_refused(sqlite_cast: Cast, query: str) -> None:
    answer = sqlite_cast.tess.api.get(f"/exercises?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"]


@pytest.mark.parametrize("slug", ["nowhere", "PLANK", "%00", "a" * 100, "%F0%9F%92%A9", "-"])
def test_what_is_no_exercise_is_a_404(sqlite_cast: Cast, slug: str) -> None:
    assert sqlite_cast.ada.api.get(f"/exercises/{slug}").status_code == 404
    assert put(sqlite_cast, writable(sqlite_cast), slug=slug).status_code == 404


def test_who_may_not_write_is_told_so_before_her_request_is_read(sqlite_cast: Cast) -> None:
    assert sqlite_cast.tess.api.put("/exercises/plank", {}).status_code == 403
    assert sqlite_cast.tess.api.post("/exercises", {}).status_code == 403
    assert sqlite_cast.cleo.api.get("/exercises").status_code == 403
    assert sqlite_cast.nobody.put("/api/v1/exercises/plank", json={}).status_code == 401


def test_of_two_at_the_same_moment_one_wins_and_the_other_is_told(cast: Cast) -> None:
    body = writable(cast)
    answers: list[int] = []
    threads = [Thread(target=lambda n=n: answers.append(put(cast, {**body, "note": f"note {n}"}).status_code)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412]
    assert cast.ada.api.get("/exercises/plank").json()["version"] == 2
