"""Screens by program: what goes in, what comes out, and what is refused."""

import json
from typing import Any

import pytest
from httpx2 import Response

from app.rules import battery
from app.rules.battery import BATTERY, MINIMUM
from app.rules.readiness import READINESS
from tests.cast import DAY, Cast
from tests.screening import STOPPED, body
from tests.world import contents


def post(cast: Cast, sent: object, client: str = "cleo", who: str = "tess") -> Response:
    return cast.people[who].api.post(f"/clients/{cast.people[client].client_id}/screens", sent)


def fields(answer: Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["field"] for error in answer.json()["errors"]]


def measured(test: str, side: str, **more: Any) -> dict[str, Any]:
    return {"test": test, "side": side, **more}


def with_one(sent: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """The body with one measurement in place of the same test and side."""
    others = [it for it in sent["measurements"] if (it["test"], it["side"]) != (one["test"], one["side"])]
    return {**sent, "measurements": [*others, one]}


def without(sent: dict[str, Any], *tests: str) -> dict[str, Any]:
    return {**sent, "measurements": [one for one in sent["measurements"] if one["test"] not in tests]}


# --- what comes of it -------------------------------------------------------------------------------------------------


def test_a_screen_makes_a_plan(cast: Cast) -> None:
    answer = post(cast, body())
    assert answer.status_code == 201, answer.text
    logged = answer.json()
    assert set(logged) == {"id", "status", "reasons", "findings", "plan", "referral"}
    assert (logged["status"], logged["reasons"], logged["referral"]) == ("PLAN_READY", [], None)
    finding = {"test", "side", "value", "grade", "reference", "origin", "asymmetry", "worse", "text", "measured_on"}
    assert set(logged["findings"][0]) == finding
    plan = logged["plan"]
    assert (plan["number"], plan["screen"], plan["made_by"], plan["made_on"]) == (1, logged["id"], "Tess", DAY.isoformat())
    assert plan == cast.tess.api.get(f"/clients/{cast.cleo.client_id}/plan").json()


def test_a_screen_that_stops_has_no_plan(cast: Cast) -> None:
    logged = post(cast, body(STOPPED)).json()
    assert (logged["status"], logged["plan"]) == ("REFER", None)
    assert logged["reasons"]
    assert set(logged["reasons"][0]) == {"rule", "level", "text"}
    assert logged["referral"]["state"] == "open"


def test_without_a_consent_on_record_the_screen_states_one(cast: Cast) -> None:
    client = cast.tess.api.post("/clients", {"name": "New", "birth_year": 1990, "sex": "female"}).json()["id"]
    assert cast.tess.api.post(f"/clients/{client}/screens", body(taken_on="2026-11-20")).status_code == 201
    with cast.work("tess", writes=False) as store:
        consent = store.clients.consents(store.clients.get(client))[0]
        assert (consent.consented_on.isoformat(), consent.how) == ("2026-11-20", "stated by the trainer, by API")


def test_the_example_of_the_contract_is_understood(sqlite_cast: Cast) -> None:
    sent = body()
    sent["red_flags"] = ["RF13"]
    sent["history"] |= {
        "injuries": [{"what": "hamstring strain", "region": "thigh", "side": "left", "year": 2024, "cleared": True}],
        "contraindications": ["knee_kneeling_pain"],
    }
    logged = post(sqlite_cast, sent).json()
    assert logged["status"] == "NEEDS_CLEARANCE"


def test_screens_are_listed_newest_first_and_page_by_page(cast: Cast) -> None:
    made = [post(cast, body()).json()["id"] for _ in range(3)]
    path = f"/clients/{cast.cleo.client_id}/screens"
    first = cast.tess.api.get(path, params={"limit": 2}).json()
    assert [one["id"] for one in first["items"]] == [made[2], made[1]]
    assert isinstance(first["next"], str), "a cursor is text in every list"
    second = cast.tess.api.get(path, params={"limit": 2, "cursor": first["next"]}).json()
    assert ([one["id"] for one in second["items"]], second["next"]) == ([made[0]], None)


def test_her_trainer_reads_everything(cast: Cast) -> None:
    sent = body(note="Slept badly.")
    made = post(cast, sent).json()["id"]
    read = cast.tess.api.get(f"/clients/{cast.cleo.client_id}/screens/{made}").json()
    assert {key: read[key] for key in ("readiness", "red_flags", "note", "taken_on")} == {
        key: sent[key] for key in ("readiness", "red_flags", "note", "taken_on")
    }
    assert read["measurements"] == sent["measurements"]
    assert read["history"] == sent["history"]
    assert (read["plan"], read["by"], read["superseded_by"]) == (1, "Tess", None)


def test_the_client_reads_findings_and_values_alone(cast: Cast) -> None:
    sent = body("urgent-red-flag", note="Do not tell.")
    made = post(cast, sent).json()["id"]
    path = f"/clients/{cast.cleo.client_id}/screens"
    for read in (cast.cleo.api.get(f"{path}/{made}").json(), cast.cleo.api.get(path).json()["items"][0]):
        assert {"findings", "measurements", "status"} <= set(read)
        assert not {"readiness", "red_flags", "history", "note", "supersede_reason"} & set(read)
        assert "Do not tell" not in json.dumps(read)
        assert "RF" not in json.dumps(read["reasons"])


def test_nobody_else_reads_it(cast: Cast) -> None:
    made = post(cast, body()).json()["id"]
    path = f"/clients/{cast.cleo.client_id}/screens"
    for who in ("tom", "bea", "ben", "colin"):
        assert cast.people[who].api.get(path).status_code == 404
        assert cast.people[who].api.get(f"{path}/{made}").status_code == 404
    assert cast.cleo.api.post(path, body()).status_code == 403


def test_a_draft_is_not_there_yet(cast: Cast) -> None:
    cast.tess.post(f"/clients/{cast.cleo.client_id}/screens")
    path = f"/clients/{cast.cleo.client_id}/screens"
    assert cast.tess.api.get(path).json() == {"items": [], "next": None}
    assert cast.tess.api.get(f"{path}/1").status_code == 404


# --- what is refused --------------------------------------------------------------------------------------------------


def test_an_incomplete_screen_names_every_missing_field(cast: Cast) -> None:
    expected = {f"readiness.{one.id}" for one in READINESS} | {"red_flags"}
    expected |= {f"history.{name}" for name in ("pain_now", "sitting_hours", "pregnant", "osteoporosis")}
    expected |= {f"measurements.{test.id}.{side.value}" for test in MINIMUM for side in test.sides}
    before = contents(cast)
    assert set(fields(post(cast, {"taken_on": DAY.isoformat()}))) == expected
    assert contents(cast) == before


def test_a_screen_that_stops_may_be_incomplete(cast: Cast) -> None:
    flag = post(cast, {"taken_on": DAY.isoformat(), "red_flags": ["RF1"]})
    assert (flag.status_code, flag.json()["status"], flag.json()["plan"]) == (201, "EMERGENCY", None)
    hurt = post(cast, {"taken_on": DAY.isoformat(), "red_flags": [], "measurements": [measured("AKE", "left", pain=3)]}, client="cara")
    assert (hurt.status_code, hurt.json()["status"]) == (201, "REFER")


def test_while_a_stop_waits_for_its_answer_the_next_screen_may_be_incomplete_too(cast: Cast) -> None:
    post(cast, body("urgent-red-flag"))
    assert post(cast, {"taken_on": DAY.isoformat(), "red_flags": []}).json()["status"] == "URGENT_REFER"


def test_each_test_of_the_minimum_is_needed(sqlite_cast: Cast) -> None:
    for test in MINIMUM:
        missing = [f"measurements.{test.id}.{side.value}" for side in test.sides]
        assert fields(post(sqlite_cast, without(body(), test.id))) == missing


IMPOSSIBLE_ANSWERS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"taken_on": "2026-11-24"}, "taken_on"),
    ({"taken_on": "24.11.2026"}, "taken_on"),
    ({"taken_on": 20261122}, "taken_on"),
    ({"taken_on": None}, "taken_on"),
    ({"surprise": 1}, "surprise"),
    ({"readiness": {"chest_pain_at_rest_or_activity": 0}}, "readiness.chest_pain_at_rest_or_activity"),
    ({"readiness": {"chest_pain_at_rest_or_activity": "no"}}, "readiness.chest_pain_at_rest_or_activity"),
    ({"readiness": {"likes_music": True}}, "readiness.likes_music"),
    ({"red_flags": ["RF99"]}, "red_flags"),
    ({"red_flags": ["RF18", "RF18"]}, "red_flags"),
    ({"history": {"pain_now": 3, "pain_where": []}}, "history.pain_where"),
    ({"history": {"pain_now": 3, "pain_where": ["elbow"]}}, "history.pain_where.0"),
    ({"history": {"pain_now": 11, "pain_where": ["back"]}}, "history.pain_now"),
    ({"history": {"pain_now": "3"}}, "history.pain_now"),
    ({"history": {"pain_now": 2.5}}, "history.pain_now"),
    ({"history": {"sitting_hours": 25}}, "history.sitting_hours"),
    ({"history": {"pregnant": 0}}, "history.pregnant"),
    ({"history": {"contraindications": ["sunburn"]}}, "history.contraindications"),
    ({"history": {"injuries": [{"what": "", "region": "back"}]}}, "history.injuries.0.what"),
    ({"history": {"injuries": [{"what": "fall", "region": "back", "year": 2027}]}}, "history.injuries.0.year"),
    ({"history": {"injuries": [{"what": "fall", "region": "back", "doctor": "x"}]}}, "history.injuries.0.doctor"),
    ({"measurements": "none"}, "measurements"),
    ({"note": "\u0000"}, "note"),
)


def test_answers_that_cannot_be(sqlite_cast: Cast) -> None:
    before = contents(sqlite_cast)
    for change, field in IMPOSSIBLE_ANSWERS:
        sent = body()
        for key, value in change.items():
            sent[key] = {**sent[key], **value} if isinstance(value, dict) else value
        assert field in fields(post(sqlite_cast, sent))
    assert contents(sqlite_cast) == before


IMPOSSIBLE_MEASUREMENTS: tuple[tuple[dict[str, Any], str], ...] = (
    (measured("FAIR", "left", value=1), f"measurements.{len(body()['measurements'])}.test"),
    (measured("AKE", "both", value=10), "measurements.AKE.both"),
    (measured("AKE", "left", value=91), "measurements.AKE.left.value"),
    (measured("STEPDOWN", "left", value=1.5), "measurements.STEPDOWN.left.value"),
    (measured("DLBRIDGE", "both", value=9.5), "measurements.DLBRIDGE.both.value"),
    (measured("HINGE8", "both", value=7, extra={"failed": []}), "measurements.HINGE8.both.value"),
    (measured("HINGE8", "both", value=7, extra={"failed": ["elbow"]}), "measurements.HINGE8.both.extra.failed"),
    (measured("MTT_HIP", "left", value=3), "measurements.MTT_HIP.left.extra.low_back_flat"),
    (measured("MTT_HIP", "left", value=3, extra={"low_back_flat": False}), "measurements.MTT_HIP.left"),
    (measured("MTT_HIP", "left", value=3, extra={"low_back_flat": 1}), "measurements.MTT_HIP.left.extra.low_back_flat"),
    (measured("MTT_HIP", "left", value=3, extra={"low_back_flat": True, "x": 1}), "measurements.MTT_HIP.left.extra.x"),
    (measured("ELY", "left", value=3, extra={"pelvis_lifts": True}), "measurements.ELY.left.extra.knee_angle_at_lift_deg"),
    (measured("APT", "both"), "measurements.APT.both.extra.visual"),
    (measured("AKE", "left"), "measurements.AKE.left.value"),
    (measured("AKE", "left", value=10, pain=11), "measurements.AKE.left.pain"),
    (measured("DOWEL3", "both", value=60, extra={"lost_contact": "foot"}), "measurements.DOWEL3.both.extra.lost_contact"),
)


def test_measurements_that_cannot_be(sqlite_cast: Cast) -> None:
    for one, field in IMPOSSIBLE_MEASUREMENTS:
        assert field in fields(post(sqlite_cast, with_one(body(), one)))


def test_the_same_test_and_side_twice(sqlite_cast: Cast) -> None:
    sent = body()
    assert "measurements.AKE.left" in fields(
        post(sqlite_cast, {**sent, "measurements": [*sent["measurements"], measured("AKE", "left", value=3)]})
    )


def test_only_numbers_are_numbers(sqlite_cast: Cast) -> None:
    strange: tuple[object, ...] = ("12", True, [], "12,5", {"a": 1})
    for value in strange:
        errors = fields(post(sqlite_cast, with_one(body(), measured("AKE", "left", value=value))))
        assert any(error.startswith("measurements.") and error.endswith(".value") for error in errors)


def test_numbers_beyond_reason(sqlite_cast: Cast) -> None:
    for text in ("NaN", "Infinity", "1e400", "9" * 4000):
        assert _raw(sqlite_cast, json.dumps(with_one(body(), measured("AKE", "left", value=-77))).replace("-77", text)) == 422


def _raw(cast: Cast, sent: str) -> int:
    path = f"/clients/{cast.cleo.client_id}/screens"
    return cast.tess.api.post(path, None, content=sent, headers={"content-type": "application/json"}).status_code


@pytest.mark.parametrize("name", ["\ud800", "a b", "x" * 5000])
def test_strange_names_are_refused(sqlite_cast: Cast, name: str) -> None:
    sent = body()
    for strange in (
        {**sent, name: 1},
        {**sent, "readiness": {**sent["readiness"], name: True}},
        with_one(sent, measured("MTT_HIP", "left", value=3, extra={name: True})),
        with_one(sent, measured(name, "left", value=3)),
    ):
        assert _raw(sqlite_cast, json.dumps(strange)) == 422
    assert post(sqlite_cast, sent).status_code == 201


def test_the_norms_are_for_adults(sqlite_cast: Cast) -> None:
    client = sqlite_cast.tess.api.post("/clients", {"name": "Young", "birth_year": 2008, "sex": "male"}).json()["id"]
    answer = sqlite_cast.tess.api.post(f"/clients/{client}/screens", body(taken_on="2025-11-20"))
    assert fields(answer) == ["person.age"]


def test_an_archived_client_is_not_screened(sqlite_cast: Cast) -> None:
    from app.services import clients

    with sqlite_cast.work("tess") as store:
        clients.archive_client(store, sqlite_cast.cleo.client_id or 0, sqlite_cast.clock())
    assert post(sqlite_cast, body()).status_code == 409


def test_every_test_of_the_battery_can_be_sent(cast: Cast) -> None:
    sent = body("everything-tight")
    have = {one["test"] for one in sent["measurements"]}
    for test in BATTERY:
        if test.id not in have:
            value = test.input_range[1] if test.better == "higher" else test.input_range[0]
            sent["measurements"] += [measured(test.id, side.value, value=value) for side in test.sides]
    answer = post(cast, sent)
    assert answer.status_code == 201, answer.text
    assert {one["test"] for one in answer.json()["findings"]} == set(battery.TESTS)


# --- values of an earlier day -----------------------------------------------------------------------------------------


def test_a_value_of_an_earlier_day_keeps_its_day(cast: Cast) -> None:
    sent = body()
    kept, of_the_day = sent["measurements"][0], sent["measurements"][1]
    kept["measured_on"], of_the_day["measured_on"] = "2026-11-01", sent["taken_on"]
    logged = post(cast, sent)
    assert logged.status_code == 201, logged.text
    days = {(one["test"], one["side"]): one["measured_on"] for one in logged.json()["findings"]}
    assert days.pop((kept["test"], kept["side"])) == "2026-11-01"
    assert set(days.values()) == {None}
    for who in (cast.tess, cast.cleo):
        shown = who.api.get(f"/clients/{cast.cleo.client_id}/screens/{logged.json()['id']}").json()
        assert [one["test"] for one in shown["measurements"] if one["measured_on"] == "2026-11-01"] == [kept["test"]]


@pytest.mark.parametrize("day", ["2026-11-24", "2026-08-30", "yesterday", 20261101])
def test_a_day_after_the_screen_or_long_before_it_is_refused(sqlite_cast: Cast, day: object) -> None:
    before = contents(sqlite_cast)
    sent = body(taken_on="2026-11-23")
    sent["measurements"][0]["measured_on"] = day
    (field,) = fields(post(sqlite_cast, sent))
    assert field.endswith("measured_on")
    assert contents(sqlite_cast) == before
