"""What stops a screen, how pressing it is, and which answers of a professional lift it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.rules.battery import BATTERY, SevereAction
from app.rules.documents import Clearance, Measurement, Screen
from app.rules.readiness import ADVICE, READINESS, RED_FLAGS, assess, keys_in_force, red_flags, whom_to_see
from app.rules.vocabulary import Level, Region, Side, Status
from tests.rules.situations import TAKEN_ON, WOMAN, hurts, screen

LEVELS = {
    **{f"RF{n}": Status.EMERGENCY for n in range(1, 5)},
    **{f"RF{n}": Status.URGENT_REFER for n in range(5, 13)},
    **{f"RF{n}": Status.NEEDS_CLEARANCE for n in range(13, 20)},
}


def rules(one: Screen, *clearances: Clearance) -> tuple[str, ...]:
    return tuple(reason.rule for reason in assess(one, clearances).reasons)


def earlier(*answers: str, on: date = TAKEN_ON, allowed: tuple[str, ...] = (), not_allowed: tuple[str, ...] = ()) -> Clearance:
    return Clearance(cleared_on=on, answers=answers, allowed=allowed, not_allowed=not_allowed)


def test_nothing_to_stop_for() -> None:
    assert assess(screen(WOMAN)).status is Status.PLAN_READY


@pytest.mark.parametrize(("flag", "status"), LEVELS.items())
def test_every_red_flag_stops_at_its_level(flag: str, status: Status) -> None:
    found = assess(screen(WOMAN, red_flags=(flag,)))
    assert found.status is status
    assert [reason.rule for reason in found.reasons] == [flag]
    assert found.reasons[0].text


def test_there_are_seven_questions_and_nineteen_flags() -> None:
    assert len(READINESS) == 7
    assert [flag.id for flag in RED_FLAGS] == list(LEVELS)


@pytest.mark.parametrize("question", [one.id for one in READINESS])
def test_a_yes_to_any_question_needs_a_clearance(question: str) -> None:
    found = assess(screen(WOMAN, yes=(question,)))
    assert found.status is Status.NEEDS_CLEARANCE
    assert [reason.rule for reason in found.reasons] == [question]


@pytest.mark.parametrize("test", BATTERY, ids=lambda test: test.id)
def test_any_painful_test_refers(test: object) -> None:
    one = next(row for row in BATTERY if row is test)
    painful = Measurement(one.id, one.sides[0], None, pain=1)
    others = tuple(row for row in screen(WOMAN).measurements if row.test != one.id)
    found = assess(replace(screen(WOMAN), measurements=(*others, painful)))
    assert found.status is Status.REFER
    assert [reason.rule for reason in found.reasons] == [f"P3.{one.id}.{one.sides[0].value}"]


@pytest.mark.parametrize("place", [Region.BACK, Region.HIP, Region.GROIN, Region.KNEE, Region.THIGH])
def test_resting_pain_of_four_in_a_place_that_counts_refers(place: Region) -> None:
    assert rules(screen(WOMAN, pain_now=4, pain_where=(place,))) == ("P4",)
    assert rules(screen(WOMAN, pain_now=3, pain_where=(place,))) == ()


def test_resting_pain_elsewhere_does_not_stop() -> None:
    assert rules(screen(WOMAN, pain_now=9, pain_where=(Region.OTHER,))) == ()


@pytest.mark.parametrize("test", [test for test in BATTERY if test.severe is SevereAction.REFER], ids=lambda test: test.id)
def test_a_severe_result_refers_where_the_table_says_so(test: object) -> None:
    one = next(row for row in BATTERY if row is test)
    worst = one.input_range[1] if one.better == "lower" else one.input_range[0]
    extra = (
        {"low_back_flat": True}
        if one.id == "MTT_HIP"
        else {"pelvis_lifts": True, "knee_angle_at_lift_deg": 60}
        if one.id == "ELY"
        else None
    )
    others = tuple(row for row in screen(WOMAN).measurements if row.test != one.id)
    found = assess(replace(screen(WOMAN), measurements=(*others, Measurement(one.id, Side.LEFT, worst, extra=extra))))
    assert found.status is Status.REFER
    assert [reason.rule for reason in found.reasons] == [f"P5.{one.id}.left"]


@pytest.mark.parametrize("tick", ["hard_bony_stop", "suspected_structural"])
def test_what_the_trainer_ticks_refers(tick: str) -> None:
    one = screen(WOMAN)
    found = assess(replace(one, history=replace(one.history, **{tick: True})))  # type: ignore[arg-type]  # one of two yes-or-no fields
    assert found.status is Status.REFER
    assert [reason.rule for reason in found.reasons] == [f"P6.{tick}"]


def test_the_most_pressing_reason_gives_the_status_and_comes_first() -> None:
    found = assess(
        screen(
            WOMAN, yes=(READINESS[0].id,), red_flags=("RF13", "RF7", "RF2"), pain_now=6, pain_where=(Region.HIP,), AKE=(hurts(30, 4), 10)
        )
    )
    assert found.status is Status.EMERGENCY
    assert [reason.rule for reason in found.reasons] == ["RF2", "RF7", READINESS[0].id, "RF13", "P3.AKE.left", "P4"]


@pytest.mark.parametrize(
    ("key", "flag"),
    [
        ("nerve_symptoms", "RF5"),
        ("hip_replacement", "RF14"),
        ("spondylolisthesis", "RF14"),
        ("knee_surgery", "RF13"),
        ("recent_abdominal_surgery", "RF13"),
        ("hernia", "RF14"),
        ("osteoporosis_loaded", "RF15"),
        ("pregnancy", "RF16"),
        ("pregnancy_supine", "RF16"),
        ("pregnancy_late", "RF16"),
    ],
)
def test_a_ticked_key_counts_as_its_red_flag(key: str, flag: str) -> None:
    assert red_flags(screen(WOMAN, contraindications=(key,))) == (flag,)


def test_pregnancy_and_osteoporosis_are_red_flags_by_their_answers() -> None:
    assert red_flags(screen(WOMAN, pregnant=True, osteoporosis=True)) == ("RF15", "RF16")


def held(one: Screen, *clearances: Clearance) -> set[tuple[str, str]]:
    return {(key.key, key.side.value) for key in keys_in_force(one, clearances)}


def test_flags_set_keys_and_a_clearance_lifts_them() -> None:
    pregnant = screen(WOMAN, pregnant=True)
    assert held(pregnant) == {("pregnancy", "both"), ("pregnancy_supine", "both"), ("pregnancy_late", "both")}
    assert held(pregnant, earlier("RF16", allowed=("pregnancy_supine",))) == {("pregnancy", "both"), ("pregnancy_late", "both")}
    assert held(screen(WOMAN, red_flags=("RF5", "RF17"))) == {("nerve_symptoms", "both"), ("hip_groin_pinch", "both")}


def test_the_loaded_hinge_lifts_the_key_of_fragile_bones() -> None:
    one = screen(WOMAN, osteoporosis=True)
    assert held(one) == {("osteoporosis_loaded", "both")}
    assert held(one, earlier("RF15", allowed=("loaded_hinge",))) == set()


def test_poor_balance_holds_for_the_person_and_very_poor_balance_for_the_leg() -> None:
    assert held(screen(WOMAN, SLS=(20, 45))) == {("balance_risk", "both")}
    assert held(screen(WOMAN, SLS=(5, 45))) == {("balance_risk", "both"), ("balance_risk_severe", "left")}


def test_knee_pain_of_three_is_a_key() -> None:
    assert held(screen(WOMAN, pain_now=3, pain_where=(Region.KNEE,))) == {("knee_acute_pain", "both")}
    assert held(screen(WOMAN, pain_now=2, pain_where=(Region.KNEE,))) == set()


def test_what_is_not_allowed_is_a_key_and_the_later_answer_holds() -> None:
    one = screen(WOMAN)
    no, yes = earlier(not_allowed=("wrist_pain",)), earlier(on=TAKEN_ON + timedelta(days=1), allowed=("wrist_pain",))
    assert held(one, no) == {("wrist_pain", "both")}
    assert held(one, no, yes) == held(one, yes, no) == set()


def test_an_earlier_answer_does_not_lift_what_this_screen_measured() -> None:
    one = screen(WOMAN, SLS=(20, 45))
    assert held(one, earlier(allowed=("balance_risk",))) == {("balance_risk", "both")}
    assert held(one, replace(earlier(allowed=("balance_risk",)), same_screen=True)) == set()


def test_a_clearance_for_this_screen_answers_every_reason() -> None:
    one = screen(WOMAN, red_flags=("RF1", "RF13"), pain_now=8, pain_where=(Region.BACK,), AKE=(hurts(80, 5), 70))
    assert assess(one, [replace(earlier(), same_screen=True)]).status is Status.PLAN_READY


def test_an_earlier_clearance_answers_flags_and_questions_for_twelve_months() -> None:
    one = screen(WOMAN, red_flags=("RF13",), yes=(READINESS[3].id,))
    assert rules(one, earlier("RF13")) == (READINESS[3].id,)
    both = ("RF13", READINESS[3].id)
    assert rules(one, earlier(*both)) == ()
    assert rules(one, earlier(*both, on=date(2025, 11, 22))) == ()
    assert rules(one, earlier(*both, on=date(2025, 11, 21))) == (READINESS[3].id, "RF13")


@pytest.mark.parametrize("flag", ["RF1", "RF5"])
def test_an_emergency_or_urgent_flag_stops_again(flag: str) -> None:
    assert rules(screen(WOMAN, red_flags=(flag,)), earlier(flag)) == (flag,)


def test_pain_and_severe_results_stop_again() -> None:
    one = screen(WOMAN, AKE=(70, hurts(30, 2)))
    assert rules(one, earlier("P5.AKE.left", "P3.AKE.right")) == ("P3.AKE.right", "P5.AKE.left")


def test_there_is_something_to_say_and_somebody_to_see_at_every_status() -> None:
    assert set(ADVICE) == set(Status)
    assert "emergency" in ADVICE[Status.EMERGENCY].say[0]
    reasons = assess(screen(WOMAN, red_flags=tuple(LEVELS), pain_now=7, pain_where=(Region.HIP,), AKE=(70, hurts(20, 1)))).reasons
    assert {whom_to_see(reason) for reason in reasons if reason.level is Level.REFER} == {
        "a physical therapist or doctor",
        "a physical therapist or an orthopedic specialist",
    }
    assert all(whom_to_see(reason) for reason in reasons)
