"""Plans for programs: the fields that outside programs rely on, and what a stop leaves of them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import Cast
from tests.finished import finish, situation

TIGHT = "desk-worker-with-a-tilt"
STAGES = ["flexibility", "smr", "strengthening", "dowel", "wall", "rdl", "single_leg"]


@pytest.fixture
def cast(sqlite_cast: Cast) -> Cast:
    return sqlite_cast


def get(cast: Cast, path: str = "/plan", who: str = "tess", status: int = 200) -> Any:
    answer = cast.people[who].api.get(f"/clients/{cast.cleo.client_id}{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


def item(plan: Any, key: str) -> Any:
    return next(one for stage in plan["stages"] for one in stage["items"] if one["key"] == key)


def test_a_plan_has_every_field_of_the_contract(cast: Cast) -> None:
    screen, _ = finish(cast, situation("severe-hip-flexors"))
    finish(cast, situation(TIGHT), mends=screen)
    plan = get(cast)
    assert {name: plan[name] for name in ("number", "status", "ruleset", "made_on", "made_by", "referral")} == {
        "number": 1,
        "status": "PLAN_READY",
        "ruleset": "2026.1",
        "made_on": "2026-11-23",
        "made_by": "Tess",
        "referral": None,
    }
    assert [stage["stage"] for stage in plan["stages"]] == STAGES
    for stage in plan["stages"]:
        assert {"stage", "state", "locked_because", "locks", "items", "exit"} <= set(stage)
        assert stage["state"] in ("open", "locked", "passed", "not_indicated", "optional")
        assert all(set(one) == {"id", "text", "met"} for one in stage["exit"])
    assert {"removed", "habits", "notes", "screen"} <= set(plan)


def test_an_item_has_every_field_of_the_contract(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    assert item(get(cast), "flexibility/strap-ham/left") == {
        "key": "flexibility/strap-ham/left",
        "exercise": "strap-ham",
        "name": "Supine hamstring stretch with strap",
        "exercise_version": 1,
        "side": "left",
        "loaded": False,
        "dose": {
            "sets": 4,
            "reps": None,
            "hold_s": 30,
            "spots": None,
            "tempo": None,
            "rest_s": 10,
            "per_week": [3, 7],
            "height_cm": None,
            "load": None,
        },
        "every_session": True,
        "then": None,
        "cues": [],
        "reasons": [
            {
                "rule": "R15",
                "because": "Because the back of your thigh moved less than the range we use.",
                "origin": "article+judgement",
                "claims": ["S28", "S40"],
                "finding": {"test": "AKE", "side": "left", "grade": 1, "value": 30.0},
            },
            {
                "rule": "R60",
                "because": "Because this side lags behind the other: it goes first and gets one set more.",
                "origin": "article+judgement",
                "claims": ["S54"],
                "finding": {"test": "AKE", "side": "left", "grade": 1, "value": 30.0},
            },
        ],
    }


def test_what_always_holds_names_no_finding(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    assert item(get(cast), "wall/wall-hinge/both")["reasons"][0]["finding"] is None


def test_then_locks_and_removed_are_told(cast: Cast) -> None:
    finish(cast, situation("everything-tight"))
    assert item(get(cast), "flexibility/half-kneel/left")["then"] == {"exercise": "runners-lunge", "after_weeks": 2}
    finish(cast, situation("leg-raise-score-one"))
    locks = [lock for stage in get(cast)["stages"] for lock in stage["locks"]]
    assert [(lock["rule"], lock["loaded_only"]) for lock in locks] == [("R50", True), ("R50", True)]
    finish(cast, situation("cannot-kneel"))
    assert get(cast)["removed"][0] == {
        "exercise": "runners-lunge",
        "side": "left",
        "key": "knee_kneeling_pain",
        "because": "Because kneeling hurts.",
        "instead": "supine-thomas",
    }


def test_while_nothing_was_screened_there_is_nothing(cast: Cast) -> None:
    assert get(cast, status=404)["status"] == 404
    assert get(cast, who="cleo", status=404)["status"] == 404


def test_a_stop_has_no_number_and_no_stages(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    _, outcome = finish(cast, situation("urgent-red-flag"))
    assert outcome.referral is not None
    plan = get(cast)
    assert (plan["number"], plan["stages"], plan["status"]) == (None, [], "URGENT_REFER")
    assert plan["referral"]["id"] == outcome.referral.id
    assert (plan["referral"]["level"], plan["referral"]["state"]) == ("urgent", "open")
    assert all(set(reason) == {"rule", "level", "text"} for reason in plan["referral"]["reasons"])


def test_the_client_reads_her_plan_but_no_red_flag(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    assert get(cast, who="cleo") == get(cast)
    finish(cast, replace(situation("painful-test"), red_flags=("RF13",)))
    assert [reason["rule"] for reason in get(cast, who="cleo")["referral"]["reasons"]] == ["P3.AKE.left"]
    assert [reason["rule"] for reason in get(cast)["referral"]["reasons"]] == ["RF13", "P3.AKE.left"]


def test_an_earlier_plan_is_unchanged_for_ever(cast: Cast) -> None:
    finish(cast, situation(TIGHT))
    before = get(cast)
    finish(cast, situation("strong-athlete"))
    assert get(cast, "/plans/1") == {**before, "superseded_by": 2}
    finish(cast, situation("painful-test"))
    assert get(cast, "/plans/1") == {**before, "superseded_by": 2}
    assert get(cast, "/plans/2")["number"] == 2


def test_an_edit_of_the_library_leaves_the_plan_as_it_was(cast: Cast) -> None:
    finish(cast, situation("one-sided-hamstring"))
    before = get(cast)
    answer = cast.ada.api.get("/exercises/strap-ham")
    edited = {name: value for name, value in answer.json().items() if name not in BOOKKEEPING}
    saved = cast.ada.api.put("/exercises/strap-ham", {**edited, "name": "Another name"}, headers={"if-match": '"1"'})
    assert saved.status_code == 200, saved.text
    assert get(cast) == before


BOOKKEEPING = ("slug", "version", "archived", "used_by", "created_at", "created_by", "updated_at", "updated_by")


def test_the_description_of_the_api_knows_the_plan(cast: Cast) -> None:
    described = cast.nobody.get("/openapi.json").json()
    answer = described["paths"]["/api/v1/clients/{client_id}/plan"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/PlanBody")
