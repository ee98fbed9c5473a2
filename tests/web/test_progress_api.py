"""Progress for programs: what the contract promises of sign-offs, and the routes beside it."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from app.rules.history import gate_keys
from app.rules.vocabulary import Side, Stage
from tests import ladder
from tests.cast import Cast
from tests.finished import finish, situation
from tests.ladder import WHY
from tests.services.test_referrals import clear
from tests.world import contents

LADDER_GATE = {one.key: True for one in gate_keys(Stage.WALL, Side.BOTH)}


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    """Cleo is strong, and nothing but strengthening stands before the dowel."""
    finish(sqlite_cast, ladder.strong(sqlite_cast.clock()))
    return sqlite_cast


@pytest.fixture
def lifting(sqlite_cast: Cast) -> Cast:
    with sqlite_cast.work("tess") as store:
        ladder.climb(store, sqlite_cast.cleo.client_id or 0, sqlite_cast.clock())
    sqlite_cast.clock.move(days=ladder.CLIMB.days)
    return sqlite_cast


def post(cast: Cast, what: str, body: object, who: str = "tess", status: int = 201) -> Any:
    answer = cast.people[who].api.post(f"/clients/{cast.cleo.client_id}/{what}", body)
    assert answer.status_code == status, answer.text
    return answer.json()


def get(cast: Cast, what: str, who: str = "tess") -> Any:
    answer = cast.people[who].api.get(f"/clients/{cast.cleo.client_id}/{what}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def states(cast: Cast, what: str = "plan") -> dict[str, str]:
    return {one["stage"]: one["state"] for one in get(cast, what)["stages"]}


def test_a_sign_off_without_evidence_is_a_409_that_says_what_is_missing(cast: Cast) -> None:
    before = contents(cast)
    problem = post(cast, "sign-offs", {"stage": "strengthening", "evidence": {}}, status=409)
    assert problem["status"] == 409
    assert [set(one) for one in problem["missing"]] == [{"id", "text"}] * len(problem["missing"])
    assert "strengthening.bridge" in {one["id"] for one in problem["missing"]}
    assert contents(cast) == before


def test_with_a_reason_the_stage_is_passed_and_the_plan_says_so(cast: Cast) -> None:
    signed = post(cast, "sign-offs", {"stage": "strengthening", "evidence": {"note": "Strong."}, "override_reason": WHY})
    assert (signed["stage"], signed["side"], signed["by"], signed["override_reason"], signed["note"]) == (
        "strengthening",
        "both",
        "Tess",
        WHY,
        "Strong.",
    )
    assert states(cast)["strengthening"] == "passed"
    assert states(cast, "progress") == states(cast)
    assert states(cast, "plans/1") == states(cast)


def test_what_is_met_stands_in_the_plan(lifting: Cast) -> None:
    rdl = next(one for one in get(lifting, "plan")["stages"] if one["stage"] == "rdl")
    assert rdl["state"] == "open"
    assert {one["id"]: one["met"] for one in rdl["exit"]} == {"rdl.weeks": False, "rdl.sets": False, "rdl.load": False, "rdl.pain": False}
    wall = next(one for one in get(lifting, "plan")["stages"] if one["stage"] == "wall")
    assert all(one["met"] for one in wall["exit"])


def test_a_sign_off_that_is_sent_again_is_answered_the_same_also_while_a_stop_waits(lifting: Cast) -> None:
    evidence = {"exercise": "rdl-dowel", "form_gate": LADDER_GATE, "reps": 8, "last_reps": 8}
    body = {"id": str(uuid4()), "stage": "rdl", "evidence": evidence, "override_reason": WHY}
    signed = post(lifting, "sign-offs", body)
    today = lifting.clock().date().isoformat()
    sharp = {"id": str(uuid4()), "item": ladder.RDL, "set": 1, "performed_on": today, "at": f"{today}T08:00:00Z", "done": False}
    assert post(lifting, "ticks", {"ticks": [{**sharp, "pain": 3, "feel": "sharp"}]}, who="cleo", status=200)["stopped"]
    before = contents(lifting)
    assert post(lifting, "sign-offs", body) == signed
    assert contents(lifting) == before
    post(lifting, "sign-offs", {**body, "id": str(uuid4())}, status=409)
    assert post(lifting, f"sign-offs/{signed['id']}/take-back", {}, status=200)["halted"] == "stopped"


def test_evidence_with_form_is_a_check_and_goes_with_a_refusal(lifting: Cast) -> None:
    before = contents(lifting)
    evidence = {"exercise": "rdl-dowel", "form_gate": LADDER_GATE, "reps": 8, "last_reps": 8}
    post(lifting, "sign-offs", {"stage": "rdl", "evidence": evidence}, status=409)
    assert contents(lifting) == before
    post(lifting, "sign-offs", {"stage": "rdl", "evidence": {**evidence, "goal_load_kg": 20}, "override_reason": WHY})
    assert states(lifting)["rdl"] == "passed"


@pytest.mark.parametrize(
    ("evidence", "field"),
    [
        ({"exercise": "no-such"}, "evidence.exercise"),
        ({"exercise": "rdl-dowel", "form_gate": {"neutral": True}}, "evidence.form_gate"),
        ({"exercise": "rdl-dowel", "form_gate": {"neutral": 1}}, "evidence.form_gate.neutral"),
        ({"exercise": "rdl-dowel", "form_gate": LADDER_GATE, "measured": {"shin_deg": 5}}, "evidence.measured.shin_deg"),
        ({"exercise": "rdl-dowel", "form_gate": LADDER_GATE, "performed_on": "2030-01-01"}, "evidence.performed_on"),
        ({"reps": -1}, "evidence.reps"),
        ({"goal_load_kg": "20"}, "evidence.goal_load_kg"),
        ({"words": ["wall.touches"]}, "evidence.words"),
        ({"unknown": 1}, "evidence.unknown"),
    ],
)
def test_evidence_that_makes_no_sense_is_a_422_that_names_the_field(lifting: Cast, evidence: dict[str, Any], field: str) -> None:
    before = contents(lifting)
    problem = post(lifting, "sign-offs", {"stage": "rdl", "evidence": evidence, "override_reason": WHY}, status=422)
    assert field in {one["field"] for one in problem["errors"]}
    assert contents(lifting) == before


def test_a_client_cannot_sign_off_nor_anybody_elses_trainer(cast: Cast) -> None:
    body = {"stage": "strengthening", "evidence": {}, "override_reason": WHY}
    for who, status in (("cleo", 403), ("ada", 403), ("tom", 404), ("bea", 404), ("colin", 403)):
        post(cast, "sign-offs", body, who, status)


def test_the_same_id_twice_is_one_sign_off(cast: Cast) -> None:
    body = {"id": str(uuid4()), "stage": "strengthening", "evidence": {}, "override_reason": WHY}
    assert post(cast, "sign-offs", body) == post(cast, "sign-offs", body)


def test_a_sign_off_is_taken_back(cast: Cast) -> None:
    signed = post(cast, "sign-offs", {"stage": "strengthening", "evidence": {}, "override_reason": WHY})
    cast.clock.move(minutes=1)
    after = post(cast, f"sign-offs/{signed['id']}/take-back", {"note": "Too soon."}, status=200)
    assert {one["stage"]: one["state"] for one in after["stages"]}["strengthening"] == "open"
    post(cast, f"sign-offs/{uuid4()}/take-back", {}, status=404)
    post(cast, "sign-offs/7/take-back", {}, status=404)


def test_a_check_is_noted_on_a_side_and_taken_back(lifting: Cast) -> None:
    body = {"exercise": "wall-hinge", "form_gate": LADDER_GATE, "reps": 10, "measured": {"wall_distance_cm": 27, "light_touch": True}}
    check = post(lifting, "form-checks", body)
    assert (check["stage"], check["side"], check["measured"]) == ("wall", "both", {"wall_distance_cm": 27.0, "light_touch": True})
    post(lifting, f"form-checks/{check['id']}/take-back", {}, status=200)
    locked = {**body, "exercise": "sl-supported", "side": "left", "form_gate": {**LADDER_GATE, "square": True}, "measured": {}}
    assert post(lifting, "form-checks", locked, status=409)["missing"]


def test_a_load_is_confirmed_up_to_what_is_allowed(lifting: Cast) -> None:
    (proposal,) = get(lifting, "progress")["proposals"]
    assert (proposal["exercise"], proposal["load_kg"]) == ("rdl-kb", 8.0)
    problem = post(lifting, "loads", {"exercise": "rdl-kb", "load_kg": proposal["at_most_kg"] + 1}, status=422)
    assert [one["field"] for one in problem["errors"]] == ["load_kg"]
    assert post(lifting, "loads", {"exercise": "rdl-kb", "load_kg": 8})["reason"] == proposal["because"]
    assert get(lifting, "progress", "cleo")["loads"] == {"rdl-kb": 8.0}


def test_an_item_of_a_locked_stage_is_refused_in_a_batch_and_from_a_form(cast: Cast) -> None:
    wall = "wall/wall-hinge/both"
    tick = {"id": str(uuid4()), "item": wall, "set": 1, "performed_on": "2026-11-23", "at": "2026-11-23T08:00:00Z", "done": True}
    (refused,) = post(cast, "ticks", {"ticks": [tick]}, "cleo", 200)["refused"]
    assert refused["missing"]
    answer = cast.cleo.post("/my/ticks", {"tick": f"{wall} 1 1", "on": "2026-11-23"})
    assert answer.status_code == 409


def test_without_a_plan_there_is_nowhere_to_stand(sqlite_cast: Cast) -> None:
    found = get(sqlite_cast, "progress")
    assert (found["plan"], found["halted"], found["stages"]) == (None, "unscreened", [])
    problem = post(sqlite_cast, "sign-offs", {"stage": "wall", "evidence": {}}, status=409)
    assert problem["detail"]


def test_a_stopped_client_can_not_be_signed_off(cast: Cast) -> None:
    finish(cast, situation("painful-test", taken_on=cast.clock().date()))
    assert get(cast, "progress")["halted"] == "stopped"
    problem = post(cast, "sign-offs", {"stage": "strengthening", "evidence": {}, "override_reason": WHY}, status=409)
    assert [one["id"] for one in problem["missing"]] == ["stop"]


def test_while_an_answered_stop_waits_for_its_screen_no_load_is_told(lifting: Cast) -> None:
    post(lifting, "loads", {"exercise": "rdl-kb", "load_kg": 6})
    screen = replace(ladder.strong(lifting.clock()), red_flags=("RF13",), measurements=())
    _, outcome = finish(lifting, screen)
    assert outcome.referral is not None
    clear(lifting, outcome.referral.id, cleared_on=lifting.clock().date())
    found = get(lifting, "progress", "cleo")
    assert (found["halted"], found["loads"], found["proposals"]) == ("cleared", {}, [])
    assert {one["state"] for one in found["stages"]} <= {"locked", "passed", "not_indicated"}
    assert "A complete screen comes first." in {one["locked_because"] for one in found["stages"]}
    assert "open" not in {one["state"] for one in get(lifting, "plans/1")["stages"]}
