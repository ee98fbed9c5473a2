"""A screen that cannot be finished says why, field by field."""

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.rules.battery import MINIMUM
from app.rules.checks import check_clearance, check_measurements, check_screen, missing_minimum
from app.rules.documents import Clearance, ExtraValue, History, Injury, Measurement, Screen
from app.rules.readiness import READINESS, TALK, assess
from app.rules.vocabulary import Region, Side
from tests.rules.situations import SITUATIONS, TAKEN_ON, WOMAN, noted, screen


def fields(one: Screen, today: date = TAKEN_ON, clearances: tuple[Clearance, ...] = ()) -> list[str]:
    return [problem.field for problem in check_screen(one, today, stops=bool(assess(one, clearances).reasons))]


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_situation_may_be_finished(name: str) -> None:
    assert fields(SITUATIONS[name].screen, clearances=SITUATIONS[name].clearances) == []


L, R, B = Side.LEFT, Side.RIGHT, Side.BOTH


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (Measurement("FAIR", L, 1), "measurements.0.test"),
        (Measurement("AKE", B, 10), "measurements.AKE.both"),
        (Measurement("PLANK", L, 10), "measurements.PLANK.left"),
        (Measurement("AKE", L, 91), "measurements.AKE.left.value"),
        (Measurement("AKE", L, -0.5), "measurements.AKE.left.value"),
        (Measurement("AKE", L, float("nan")), "measurements.AKE.left.value"),
        (Measurement("AKE", L, float("inf")), "measurements.AKE.left.value"),
        (Measurement("AKE", L), "measurements.AKE.left.value"),
        (Measurement("AKE", L, 10, pain=11), "measurements.AKE.left.pain"),
        (Measurement("STEPDOWN", L, 1.5), "measurements.STEPDOWN.left.value"),
        (Measurement("DLBRIDGE", B, 9.5), "measurements.DLBRIDGE.both.value"),
        (Measurement("ASLR", L, 2.5), "measurements.ASLR.left.value"),
        (Measurement("AKE", L, 10, extra={"mood": "good"}), "measurements.AKE.left.extra.mood"),
        (Measurement("MTT_HIP", L, 10), "measurements.MTT_HIP.left.extra.low_back_flat"),
        (Measurement("MTT_HIP", L, 10, extra={"low_back_flat": "yes"}), "measurements.MTT_HIP.left.extra.low_back_flat"),
        (Measurement("ELY", L, 5, extra={"pelvis_lifts": True}), "measurements.ELY.left.extra.knee_angle_at_lift_deg"),
        (
            Measurement("ELY", L, 5, extra={"pelvis_lifts": True, "knee_angle_at_lift_deg": 151}),
            "measurements.ELY.left.extra.knee_angle_at_lift_deg",
        ),
        (
            Measurement("ELY", L, 5, extra={"pelvis_lifts": True, "knee_angle_at_lift_deg": True}),
            "measurements.ELY.left.extra.knee_angle_at_lift_deg",
        ),
        (Measurement("APT", B, 5), "measurements.APT.both.extra.visual"),
        (Measurement("APT", B, 5, extra={"visual": "sideways"}), "measurements.APT.both.extra.visual"),
        (Measurement("DOWEL3", B, extra={"lost_contact": "head"}), "measurements.DOWEL3.both.value"),
        (Measurement("DOWEL3", B, 60, extra={"lost_contact": "knee"}), "measurements.DOWEL3.both.extra.lost_contact"),
        (Measurement("DOWEL3", B, 60, extra={"reps_clean_of_5": 2.5}), "measurements.DOWEL3.both.extra.reps_clean_of_5"),
        (Measurement("HINGE8", B, 7), "measurements.HINGE8.both.value"),
        (Measurement("HINGE8", B, 7, extra={"failed": ("shin", "knee")}), "measurements.HINGE8.both.value"),
        (Measurement("HINGE8", B, 7, extra={"failed": ("elbow",)}), "measurements.HINGE8.both.extra.failed"),
        (Measurement("HINGE8", B, 6, extra={"failed": ("shin", "shin")}), "measurements.HINGE8.both.extra.failed"),
    ],
)
def test_a_measurement_that_cannot_be(one: Measurement, field: str) -> None:
    assert field in [problem.field for problem in check_measurements((one,))]


@pytest.mark.parametrize(
    ("test", "side", "value", "extra"),
    [
        ("APT", B, None, {"visual": "unsure"}),
        ("APT", B, 12, {"visual": "neutral"}),
        ("DOWEL3", B, 72, None),
        ("DOWEL3", B, None, {"lost_contact": "none"}),
        ("HINGE8", B, 8, None),
        ("HINGE8", B, 6, {"failed": ("shin", "lockout")}),
        ("SLH5", L, 4.5, {"square": False}),
        ("ELY", R, 5, {"pelvis_lifts": False}),
        ("ASLR", R, 0, None),
        ("AKE", R, 12.5, None),
    ],
)
def test_a_measurement_that_is_fine(test: str, side: Side, value: float | None, extra: Mapping[str, ExtraValue] | None) -> None:
    assert check_measurements((Measurement(test, side, value, extra=extra),)) == ()


def test_a_test_that_hurt_needs_no_number() -> None:
    assert check_measurements((Measurement("MTT_HIP", L, None, pain=4), Measurement("HINGE8", B, None, pain=2))) == ()


def test_the_same_test_and_side_twice() -> None:
    twice = check_measurements((Measurement("AKE", L, 10), Measurement("AKE", L, 12)))
    assert [problem.field for problem in twice] == ["measurements.AKE.left"]


def test_an_empty_screen_names_every_missing_field() -> None:
    empty = replace(screen(WOMAN), readiness={}, measurements=())
    expected = [f"readiness.{one.id}" for one in READINESS]
    expected += [f"measurements.{test.id}.{side.value}" for test in MINIMUM for side in test.sides]
    assert fields(empty) == expected
    assert [problem.field for problem in missing_minimum(empty)] == expected


def test_a_back_that_did_not_stay_flat_leaves_the_minimum_incomplete() -> None:
    assert fields(screen(WOMAN, MTT_HIP=(noted(-8, low_back_flat=False), -8))) == ["measurements.MTT_HIP.left"]


def test_a_tilt_that_nobody_is_sure_of_is_allowed() -> None:
    assert fields(screen(WOMAN, APT=noted(visual="unsure"))) == []


@pytest.mark.parametrize("stop", [{"red_flags": ("RF1",)}, {"red_flags": ("RF13",)}, {"yes": (READINESS[0].id,)}, {"pregnant": True}])
def test_a_screen_that_stops_may_be_incomplete(stop: dict[str, object]) -> None:
    assert fields(replace(screen(WOMAN, **stop), measurements=())) == []  # type: ignore[arg-type]  # one answer at a time


def test_a_painful_test_ends_the_screen() -> None:
    assert fields(replace(screen(WOMAN), measurements=(Measurement("AKE", L, None, pain=3),))) == []


def test_what_was_cleared_before_is_no_excuse_for_an_incomplete_screen() -> None:
    one = replace(screen(WOMAN, red_flags=("RF13",)), measurements=())
    answered = Clearance(TAKEN_ON - timedelta(days=30), ("RF13",))
    assert len(fields(one, clearances=(answered,))) > 10


def test_a_child_is_not_screened() -> None:
    assert fields(screen(replace(WOMAN, age=17))) == ["person.age"]
    assert fields(screen(replace(WOMAN, age=18))) == []


def test_a_day_that_has_not_come() -> None:
    assert fields(screen(WOMAN), TAKEN_ON - timedelta(days=1)) == ["taken_on"]


def with_history(**changes: object) -> Screen:
    one = screen(WOMAN)
    return replace(one, history=replace(one.history, **changes))  # type: ignore[arg-type]  # one field at a time


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (with_history(pain_now=11, pain_where=(Region.OTHER,)), "history.pain_now"),
        (with_history(pain_now=2), "history.pain_where"),
        (with_history(sitting_hours=25.0), "history.sitting_hours"),
        (with_history(sitting_hours=float("nan")), "history.sitting_hours"),
        (with_history(contraindications=("bad_mood",)), "history.contraindications"),
        (with_history(contraindications=("wrist_pain", "wrist_pain")), "history.contraindications"),
        (with_history(injuries=(Injury(" ", Region.HIP),)), "history.injuries.0.what"),
        (with_history(injuries=(Injury("strain", Region.HIP, year=2027),)), "history.injuries.0.year"),
        (replace(screen(WOMAN), red_flags=("RF20",)), "red_flags"),
        (replace(screen(WOMAN), readiness={**screen(WOMAN).readiness, "shoe_size": True}), "readiness.shoe_size"),
    ],
)
def test_an_answer_that_cannot_be(one: Screen, field: str) -> None:
    assert fields(one) == [field]


def test_a_professionals_answer_is_checked_too() -> None:
    good = Clearance(TAKEN_ON, ("RF15",), allowed=("loaded_hinge",), not_allowed=("wrist_pain",))
    assert check_clearance(good, TAKEN_ON) == ()
    bad = Clearance(TAKEN_ON, (), allowed=("wrist_pain", "everything"), not_allowed=("wrist_pain", "loaded_hinge"))
    assert [problem.field for problem in check_clearance(bad, TAKEN_ON - timedelta(days=1))] == [
        "cleared_on",
        "allowed",
        "not_allowed",
        "not_allowed",
    ]


def test_the_talk_asks_for_every_field_of_the_history() -> None:
    assert {one.field for one in TALK} == {field.name for field in dataclass_fields(History)}


OLD, LATER = "This is older than 12 weeks: measure it anew.", "This was measured after the day of the screen."


@pytest.mark.parametrize(("days", "message"), [(0, None), (1, None), (84, None), (85, OLD), (-1, LATER)])
def test_a_value_is_carried_over_for_twelve_weeks(days: int, message: str | None) -> None:
    one = screen(WOMAN)
    first, *others = one.measurements
    kept = replace(one, measurements=(replace(first, measured_on=TAKEN_ON - timedelta(days=days)), *others))
    found = {problem.field: problem.message for problem in check_screen(kept, TAKEN_ON, stops=True)}
    assert found == ({f"measurements.{first.test}.{first.side.value}.measured_on": message} if message else {})
