"""Every bound of the battery, repeated here as plain numbers, so that a changed bound fails; and the examples that came with them."""

from collections.abc import Mapping

import pytest

from app.rules.battery import BATTERY, TESTS
from app.rules.documents import ExtraValue, Person
from app.rules.findings import grade
from app.rules.vocabulary import Grade, Sex, Side

WOMAN, MAN, UNSAID = Person(30, Sex.FEMALE), Person(30, Sex.MALE), Person(30, Sex.UNSPECIFIED)
OLDER = Person(60, Sex.MALE)


def aged(years: int) -> Person:
    return Person(years, Sex.FEMALE)


# test, person, bounds from mild to severe; `lower`: above a bound is one grade worse, `higher`: below it
LOWER_IS_BETTER: list[tuple[str, Person, tuple[float, ...]]] = [
    ("MTT_HIP", WOMAN, (0, 10, 20)),
    ("MTT_ABD", WOMAN, (15, 20, 30)),
    ("ELY", WOMAN, (2, 15)),
    ("AKE", MAN, (20, 33, 60)),
    ("AKE", WOMAN, (20, 23.4, 50)),
    ("AKE", UNSAID, (20, 23.4, 50)),
    ("FIG4", WOMAN, (15, 18, 24)),
    ("APT", WOMAN, (15,)),
    ("STEPDOWN", WOMAN, (1, 3, 5)),
]
HIGHER_IS_BETTER: list[tuple[str, Person, tuple[float, ...]]] = [
    ("MTT_KNEE", WOMAN, (80, 67, 50)),
    ("OBER", WOMAN, (23, 16, 5)),
    ("PSLR", WOMAN, (80, 70, 45)),
    ("ASLR", WOMAN, (3, 2)),
    ("HIP_IR", WOMAN, (30, 20, 15)),
    ("ADD", WOMAN, (40, 30, 20)),
    ("WBLT", WOMAN, (10, 7, 4)),
    ("PLANK", MAN, (77, 45, 20)),
    ("PLANK", WOMAN, (63, 35, 20)),
    ("PLANK", UNSAID, (63, 35, 20)),
    ("PLANK", OLDER, (45, 25, 10)),
    ("PLANK", Person(59, Sex.MALE), (77, 45, 20)),
    ("PLANK", Person(60, Sex.UNSPECIFIED), (45, 25, 10)),
    ("SIDEPLANK", WOMAN, (45, 30, 15)),
    ("SLBRIDGE", WOMAN, (30, 20, 10)),
    ("DLBRIDGE", WOMAN, (15, 10, 5)),
    ("SLHB", WOMAN, (25, 20, 10)),
    ("HAMCURL", WOMAN, (12, 8, 4)),
    ("SLS", aged(18), (33, 22, 11)),
    ("SLS", aged(39), (33, 22, 11)),
    ("SLS", aged(40), (30.75, 20.5, 10.25)),
    ("SLS", aged(59), (30.75, 20.5, 10.25)),
    ("SLS", aged(60), (24, 16, 8)),
    ("SLS", aged(70), (15.75, 10.5, 5.25)),
    ("SLS", aged(80), (6.75, 4.5, 2.25)),
    ("SLS", aged(104), (6.75, 4.5, 2.25)),
    ("DOWEL3", WOMAN, (70, 50, 30)),
    ("HINGE8", WOMAN, (8, 6, 3)),
    ("SLH5", WOMAN, (5, 3, 1)),
]


def near(test: str) -> float:
    return 1 if TESTS[test].unit.whole else 0.1


def expected(value: float, bounds: tuple[float, ...], *, lower: bool) -> int:
    return sum(value > bound if lower else value < bound for bound in bounds)


@pytest.mark.parametrize(("test", "who", "bounds"), LOWER_IS_BETTER)
def test_above_a_bound_is_one_grade_worse(test: str, who: Person, bounds: tuple[float, ...]) -> None:
    for step, bound in enumerate(bounds):
        assert grade(test, bound, who) == step
        for value in (bound - near(test), bound + near(test)):
            assert grade(test, value, who) == expected(value, bounds, lower=True)


@pytest.mark.parametrize(("test", "who", "bounds"), HIGHER_IS_BETTER)
def test_below_a_bound_is_one_grade_worse(test: str, who: Person, bounds: tuple[float, ...]) -> None:
    for step, bound in enumerate(bounds):
        assert grade(test, bound, who) == step
        for value in (bound - near(test), bound + near(test)):
            assert grade(test, value, who) == expected(value, bounds, lower=False)


def test_every_enabled_test_has_its_bounds_checked() -> None:
    assert {test for test, _, _ in [*LOWER_IS_BETTER, *HIGHER_IS_BETTER]} == set(TESTS)
    assert len(BATTERY) == 24
    assert "FAIR" not in TESTS


@pytest.mark.parametrize(
    ("test", "value", "who", "found"),
    [
        ("MTT_HIP", -8, WOMAN, 0),
        ("MTT_HIP", 0, WOMAN, 0),
        ("MTT_HIP", 1, WOMAN, 1),
        ("MTT_HIP", 21, WOMAN, 3),
        ("MTT_KNEE", 67, WOMAN, 1),
        ("MTT_KNEE", 66, WOMAN, 2),
        ("AKE", 24, WOMAN, 2),
        ("AKE", 24, MAN, 1),
        ("PSLR", 80, WOMAN, 0),
        ("OBER", 10, WOMAN, 2),
        ("HIP_IR", 14, WOMAN, 3),
        ("PLANK", 60, MAN, 1),
        ("PLANK", 63, WOMAN, 0),
        ("STEPDOWN", 4, WOMAN, 2),
        ("SLS", 20, aged(65), 1),
        ("ASLR", 1, WOMAN, 2),
    ],
)
def test_the_examples_of_the_domain(test: str, value: float, who: Person, found: Grade) -> None:
    assert grade(test, value, who) == found


@pytest.mark.parametrize(
    ("test", "value", "extra", "found"),
    [
        ("MTT_HIP", 5, {"low_back_flat": True}, 1),
        ("MTT_HIP", 5, {"low_back_flat": False}, "nt"),
        ("ELY", 1, {"pelvis_lifts": False}, 0),
        ("ELY", 1, {"pelvis_lifts": True, "knee_angle_at_lift_deg": 110}, 1),
        ("ELY", 16, {"pelvis_lifts": True, "knee_angle_at_lift_deg": 90}, 2),
        ("ELY", 1, {"pelvis_lifts": True, "knee_angle_at_lift_deg": 89}, 3),
        ("ELY", 1, {"pelvis_lifts": False, "knee_angle_at_lift_deg": 60}, 0),
        ("ASLR", 0, {}, "x"),
        ("APT", None, {"visual": "neutral"}, 0),
        ("APT", None, {"visual": "posterior"}, 0),
        ("APT", None, {"visual": "anterior"}, 1),
        ("APT", 10, {"visual": "anterior"}, 1),
        ("APT", 16, {"visual": "neutral"}, 1),
        ("APT", None, {"visual": "unsure"}, "nt"),
        ("APT", 12, {"visual": "unsure"}, 0),
        ("APT", 16, {"visual": "unsure"}, 1),
        ("DOWEL3", 20, {"lost_contact": "none"}, 0),
        ("DOWEL3", None, {"lost_contact": "none"}, 0),
        ("DOWEL3", 60, {"lost_contact": "head"}, 1),
        ("HINGE8", 7, {"failed": ("order",)}, 2),
        ("HINGE8", 7, {"failed": ("shin",)}, 1),
        ("HINGE8", 2, {"failed": ("order", "shin", "knee", "stretch", "lockout", "hips_back")}, 3),
        ("SLH5", 9, {"square": False}, 1),
        ("SLH5", 9, {"rear_leg_in_line": False}, 1),
        ("SLH5", 9, {"square": True, "rear_leg_in_line": True}, 0),
        ("SLH5", 2, {"square": False}, 2),
    ],
)
def test_what_is_noted_beside_the_value_counts(test: str, value: float | None, extra: Mapping[str, ExtraValue], found: Grade) -> None:
    assert grade(test, value, WOMAN, extra) == found


@pytest.mark.parametrize("test", TESTS)
def test_a_painful_test_is_graded_x_whatever_the_number(test: str) -> None:
    assert grade(test, TESTS[test].input_range[0], WOMAN, {}, pain=1) == "x"
    assert grade(test, None, WOMAN, {}, pain=10) == "x"


@pytest.mark.parametrize("test", TESTS)
def test_without_a_value_nothing_was_tested(test: str) -> None:
    assert grade(test, None, WOMAN) == "nt"


ASYMMETRY: Mapping[str, float] = {
    "MTT_HIP": 7, "MTT_KNEE": 10, "MTT_ABD": 8, "ELY": 4, "OBER": 6, "AKE": 10, "PSLR": 10, "ASLR": 1, "HIP_IR": 10, "FIG4": 4, "ADD": 8,
    "WBLT": 1.5, "SLBRIDGE": 10, "SLHB": 5, "STEPDOWN": 2, "SLS": 10, "SLH5": 2,
}  # fmt: skip


def test_the_difference_between_sides_that_counts() -> None:
    assert {test.id: test.asym for test in BATTERY if test.asym is not None} == ASYMMETRY
    assert {test.id: test.asym_pct for test in BATTERY if test.asym_pct is not None} == {"SIDEPLANK": 10}
    assert {test.id for test in BATTERY if len(test.sides) == 2} == {*ASYMMETRY, "SIDEPLANK"}
    assert all(test.sides in ((Side.LEFT, Side.RIGHT), (Side.BOTH,)) for test in BATTERY)


RANGES: Mapping[str, tuple[float, float]] = {
    "MTT_HIP": (-40, 60), "MTT_KNEE": (0, 140), "MTT_ABD": (-10, 50), "ELY": (0, 60), "OBER": (-20, 50), "AKE": (0, 90), "PSLR": (0, 130),
    "ASLR": (0, 3), "HIP_IR": (0, 70), "FIG4": (0, 50), "ADD": (0, 80), "APT": (-15, 40), "WBLT": (0, 25), "PLANK": (0, 600),
    "SIDEPLANK": (0, 400), "SLBRIDGE": (0, 400), "DLBRIDGE": (0, 50), "SLHB": (0, 80), "HAMCURL": (0, 40), "STEPDOWN": (0, 6),
    "SLS": (0, 45),
    "DOWEL3": (0, 110), "HINGE8": (0, 8), "SLH5": (0, 30),
}  # fmt: skip


def test_the_range_of_each_value_and_what_severe_leads_to() -> None:
    assert {test.id: test.input_range for test in BATTERY} == RANGES
    assert {test.id for test in BATTERY if test.severe == "refer"} == {"MTT_HIP", "MTT_KNEE", "ELY", "AKE", "PSLR", "HIP_IR", "FIG4", "ADD"}
    assert {test.id for test in BATTERY if test.unit.whole} == {"ASLR", "DLBRIDGE", "SLHB", "HAMCURL", "STEPDOWN", "HINGE8"}


def test_the_minimum_screen() -> None:
    minimum = ["MTT_HIP", "MTT_KNEE", "AKE", "FIG4", "ADD", "APT", "PLANK", "DLBRIDGE", "STEPDOWN", "SLS", "DOWEL3", "HINGE8"]
    assert {test.id for test in BATTERY if test.minimum} == set(minimum)


@pytest.mark.parametrize(
    ("test", "who", "words"),
    [
        ("MTT_HIP", WOMAN, "up to 0°"),
        ("MTT_KNEE", WOMAN, "80° or more"),
        ("STEPDOWN", WOMAN, "up to 1 point"),
        ("HINGE8", WOMAN, "8 points"),
        ("ASLR", WOMAN, "score 3"),
        ("PLANK", MAN, "77 s or more"),
        ("PLANK", OLDER, "45 s or more"),
        ("SLS", aged(65), "24 s or more (75 % of the 32 s usual at this age)"),
    ],
)
def test_a_reference_is_said_for_the_person(test: str, who: Person, words: str) -> None:
    assert TESTS[test].reference(who) == words
