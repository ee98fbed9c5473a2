"""Practice for programs: what the contract promises of ticks and of the days behind them."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.models import PracticeEvent
from app.services import practice as use_cases
from app.services import progress
from tests import ladder
from tests.cast import Cast
from tests.finished import finish, situation

STRAP, WALL = "flexibility/strap-ham/left", "wall/wall-hinge/both"


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    finish(sqlite_cast, situation("minimum-only"))
    return sqlite_cast


def tick(**changes: Any) -> dict[str, Any]:
    fields = {"item": STRAP, "set": 1, "performed_on": "2026-11-23", "at": "2026-11-23T08:00:00Z", "done": True}
    return {"id": str(uuid4()), **fields, **changes}


def post(cast: Cast, *ticks: dict[str, Any], who: str = "cleo", status: int = 200) -> Any:
    answer = cast.people[who].api.post(f"/clients/{cast.cleo.client_id}/ticks", {"ticks": list(ticks)})
    assert answer.status_code == status, answer.text
    return answer.json()


def practice(cast: Cast, query: str = "", who: str = "cleo", status: int = 200) -> Any:
    answer = cast.people[who].api.get(f"/clients/{cast.cleo.client_id}/practice{query}")
    assert answer.status_code == status, answer.text
    return answer.json()


def test_ticks_are_accepted_then_known_and_each_refusal_has_its_reason(cast: Cast) -> None:
    good, locked, early = tick(side="left"), tick(item=WALL, side="both"), tick(performed_on="2026-11-24")
    answer = post(cast, good, locked, early)
    assert answer["accepted"] == [good["id"]]
    assert answer["known"] == []
    first, second = answer["refused"]
    assert first["id"] == locked["id"]
    assert [set(one) for one in first["missing"]] == [{"id", "text"}] * 3
    assert second == {"id": early["id"], "reason": "This day has not come yet."}
    assert post(cast, good) == {"accepted": [], "known": [good["id"]], "refused": []}


@pytest.mark.parametrize("at", ["2027-11-23T08:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_program_with_a_wrong_clock_moves_no_time_of_ours(cast: Cast, at: str) -> None:
    wrong = tick(at=at)
    assert post(cast, wrong, tick(set=2))["accepted"][0] == wrong["id"]
    with cast.work("tess", writes=False) as store:
        events = list(store.session.scalars(select(PracticeEvent)))
    assert {event.received_at for event in events} == {cast.clock()}
    assert all(use_cases.EARLIEST <= event.at <= cast.clock() for event in events)


def test_tess_may_send_them_too(cast: Cast) -> None:
    assert post(cast, tick(), who="tess")["accepted"]


def test_a_program_that_sends_no_load_reads_the_one_that_cleo_was_shown(sqlite_cast: Cast) -> None:
    her = sqlite_cast.cleo.client_id or 0
    with sqlite_cast.work("tess") as store:
        ladder.climb(store, her, sqlite_cast.clock())
        at = sqlite_cast.clock() + ladder.CLIMB
        progress.confirm_load(store, her, "rdl-kb", 7.5, str(uuid4()), at, at.date())
    sqlite_cast.clock.move(days=ladder.CLIMB.days + 1)
    on = sqlite_cast.clock().date().isoformat()
    assert post(sqlite_cast, *(tick(item=ladder.KETTLEBELL, set=number, performed_on=on) for number in (1, 2)))["accepted"]
    (day,) = practice(sqlite_cast, f"?from={on}&to={on}")["days"]
    assert [one["load_kg"] for one in day["items"]] == [7.5]
    described = sqlite_cast.nobody.get("/openapi.json").json()["components"]["schemas"]["TickBody"]["properties"]["load_kg"]
    assert "the client was shown on that day" in described["description"]


def test_every_optional_field_is_taken(cast: Cast) -> None:
    assert post(cast, tick(side="left", pain=2, effort="too_easy", load_kg=20, feel=None, skipped=None))["accepted"]
    assert post(cast, tick(set=2, side=None, pain=None, effort=None, load_kg=None))["accepted"]
    assert post(cast, tick(set=3, done=False, skipped="no_time"))["accepted"]
    assert post(cast, tick(set=2, pain=10, feel="sharp"))["stopped"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "no uuid"},
        {"id": 7},
        {"set": 0},
        {"set": "1"},
        {"set": 1.5},
        {"set": True},
        {"set": 10**4000},
        {"done": 1},
        {"done": "true"},
        {"pain": 11},
        {"pain": -1},
        {"pain": 2.5},
        {"pain": "3"},
        {"effort": "hard"},
        {"feel": "odd"},
        {"skipped": "lazy"},
        {"skipped": True},
        {"load_kg": -1},
        {"load_kg": "20"},
        {"side": "middle"},
        {"performed_on": "23.11.2026"},
        {"performed_on": 20261123},
        {"performed_on": "2026-11-23T08:00:00Z"},
        {"at": "2026-11-23T08:00:00"},
        {"at": "2026-11-23"},
        {"at": 1763884800},
        {"at": "1763884800"},
        {"item": None},
        {"item": "a\u0000b"},
        {"item": "x" * 300},
        {"extra": 1},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_422_and_changes_nothing(cast: Cast, wrong: dict[str, Any]) -> None:
    answer = post(cast, tick(), tick(**wrong), status=422)
    assert answer["errors"][0]["field"].startswith("ticks.1.")
    assert practice(cast)["days"] == []


@pytest.mark.parametrize("field", ["id", "item", "set", "performed_on", "at", "done"])
def test_a_missing_field_is_named(cast: Cast, field: str) -> None:
    one = tick()
    del one[field]
    assert [error["field"] for error in post(cast, one, status=422)["errors"]] == [f"ticks.0.{field}"]


def test_five_hundred_are_taken_and_one_more_is_not(cast: Cast) -> None:
    assert len(post(cast, *(tick(done=bool(number % 2)) for number in range(500)))["accepted"]) == 500
    assert post(cast, *(tick() for _ in range(501)), status=422)["errors"][0]["field"] == "ticks"


def test_moments_at_the_edge_of_time_are_clamped(cast: Cast) -> None:
    edges = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-23T08:00:00.123456+05:30")
    assert len(post(cast, *(tick(at=edge) for edge in edges))["accepted"]) == 3


def test_practice_gives_days_and_adherence(cast: Cast) -> None:
    post(cast, tick(), tick(set=2, pain=1))
    found = practice(cast, "?from=2026-11-23&to=2026-11-29", who="tess")
    assert found["days"] == [
        {"date": "2026-11-23", "items": [{"item": STRAP, "side": "left", "done_sets": 2, "of_sets": 3, "pain": 1}]},
    ]
    assert set(found["adherence"]) == {"first", "last", "days_done", "days_planned", "items", "weeks", "formula"}
    assert found["adherence"]["days_done"] == 0, "of one day of the week none is planned"
    assert practice(cast) == practice(cast, "?from=2026-10-27&to=2026-11-23")


def test_before_the_first_plan_there_is_nothing_yet(sqlite_cast: Cast) -> None:
    found = practice(sqlite_cast, who="tess")
    assert found["days"] == []
    figures = found["adherence"]
    assert figures.pop("formula")
    assert figures == {"first": "2026-10-27", "last": "2026-11-23", "days_done": 0, "days_planned": 0, "items": [], "weeks": []}


@pytest.mark.parametrize("query", ["?from=2026-11-24&to=2026-11-23", "?from=2020-01-01&to=2026-11-23", "?from=yesterday", "?to=20261123"])
def test_a_range_that_makes_no_sense_is_422(cast: Cast, query: str) -> None:
    practice(cast, query, status=422)


def test_cleos_ticks_are_nobody_elses(cast: Cast) -> None:
    post(cast, tick())
    for who in ("tom", "colin", "bea", "ben"):
        post(cast, tick(), who=who, status=404 if who != "ada" else 403)
        practice(cast, who=who, status=404)
    post(cast, tick(), who="ada", status=403)
