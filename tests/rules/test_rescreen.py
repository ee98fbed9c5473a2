"""When the next screen is due, of what, and why."""

from datetime import UTC, date, datetime, timedelta

from app.rules.criteria import stage_tests
from app.rules.documents import PracticeEvent, Screened, Stopped
from app.rules.plan import build_plan
from app.rules.progress import Exit, progress
from app.rules.rescreen import Due, carried_over, due, is_for_pain
from app.rules.vocabulary import Side, Stage
from tests.rules.golden import STARTER_LIBRARY
from tests.rules.situations import MAN, TAKEN_ON, hurts, screen

SCREENED = date(2026, 1, 5)


def on(day: int) -> date:
    return SCREENED + timedelta(days=day)


def kinds(found: tuple[Due, ...], day: int) -> list[str]:
    return [one.kind for one in found if one.by(on(day))]


def test_four_weeks_after_the_last_screen_the_next_one_is_due_and_both_see_it_coming() -> None:
    (routine,) = due(SCREENED, on(10), practised_on=on(8))
    assert (routine.kind, routine.on) == ("routine", on(28))
    assert not routine.by(on(27))
    assert routine.by(on(28))


def test_without_a_screen_there_is_nothing_to_repeat() -> None:
    assert due(None, on(10)) == ()


def test_when_only_tests_are_missing_for_a_stage_they_are_named() -> None:
    found = due(SCREENED, on(15), missing={Stage.FLEXIBILITY: [("AKE", Side.LEFT)], Stage.SMR: ()}, practised_on=on(14))
    (stage,) = [one for one in found if one.kind == "stage"]
    assert (stage.stage, stage.on, stage.tests) == (Stage.FLEXIBILITY, on(15), (("AKE", Side.LEFT),))
    assert stage.because == "Flexibility: all that is still missing is to measure again: Active knee extension, left."


def test_after_a_stage_exit_its_tests_alone_are_due_from_that_day() -> None:
    passed = Exit(Stage.STRENGTHENING, on(14), (("PLANK", Side.BOTH), ("STEPDOWN", Side.LEFT), ("STEPDOWN", Side.RIGHT)))
    (found,) = [one for one in due(SCREENED, on(16), exits=[passed], practised_on=on(15)) if one.kind == "exit"]
    assert (found.stage, found.on, found.tests) == (Stage.STRENGTHENING, on(14), passed.tests)
    said = "Strengthening: passed on 19 January, so its tests are measured once more: Front plank; Lateral step-down, left and right."
    assert found.because == said


def test_after_a_stop_for_pain_it_is_due_once_a_professional_has_answered() -> None:
    waits, answered = Stopped(on(5), None, from_practice=True), Stopped(on(5), on(9), from_practice=True)
    assert kinds(due(SCREENED, on(10), pain_stops=[waits]), 10) == []
    assert kinds(due(SCREENED, on(10), pain_stops=[answered]), 10) == ["pain"]
    assert kinds(due(on(9), on(10), pain_stops=[answered]), 10) == [], "there was a screen since"


def test_which_stops_are_for_pain() -> None:
    assert is_for_pain(["PAIN2"])
    assert is_for_pain(["RF15", "RF5"])
    assert is_for_pain(["P3.AKE.left"])
    assert not is_for_pain(["RF15", "P5.SLS.left", "other_chronic_condition"])


def test_two_weeks_without_practice_ask_for_a_screen_even_when_she_is_back() -> None:
    assert kinds(due(SCREENED, on(16), practised_on=on(2)), 16) == []
    (away, _) = due(SCREENED, on(17), practised_on=on(2))
    assert (away.kind, away.on) == ("layoff", on(17))
    assert kinds(due(SCREENED, on(20), practised_on=on(18), away_on=on(17)), 20) == ["layoff"]
    assert kinds(due(on(18), on(20), practised_on=on(18), away_on=on(17)), 20) == [], "a screen answers it"


def away(*days: int, screened: int = 0) -> date | None:
    """Since when somebody had been away long enough before she came back, by the days on which she practised."""
    plan = build_plan(screen(MAN), STARTER_LIBRARY)
    item = plan.stages[2].items[0]
    ticks = [
        PracticeEvent(f"{day}", item.key, item.side, 1, on(day), at, at, done=True)
        for day in days
        for at in [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)]
    ]
    return progress(plan, ticks, (), [Screened(1, on(screened), MAN, ())], on(max(days)), began=SCREENED).away_on


def test_who_practises_daily_is_never_away_however_long_ago_her_screen_was() -> None:
    assert away(*range(60)) is None
    assert away(14, 28, 42, 56) is None
    assert away(15) == on(15), "after the screen"
    assert away(2, 30, 31, *range(33, 90)) == on(17), "the newest break is kept"
    assert away(2, 30, screened=20) is None


def test_what_happened_since_asks_for_one() -> None:
    fall = (on(6), "a fall on the stairs")
    assert kinds(due(SCREENED, on(6), events=[fall]), 6) == ["event"]
    assert kinds(due(on(6), on(7), events=[fall]), 7) == [], "the screen of that day knows of it"
    assert due(SCREENED, on(6), events=[fall])[0].because == "Something happened since the last screen: a fall on the stairs."


def test_the_earliest_comes_first() -> None:
    found = due(SCREENED, on(30), events=[(on(6), "flu")], practised_on=on(27), pain_stops=[Stopped(on(3), on(4), from_practice=True)])
    assert [one.kind for one in found] == ["pain", "event", "routine"]


# --- a screen of some tests alone -------------------------------------------------------------------------------------


def test_the_tests_of_a_stage_are_those_behind_its_items_and_those_it_always_asks_for() -> None:
    plan = build_plan(screen(MAN, AKE=(38, 12), MTT_HIP=(8, -8)), STARTER_LIBRARY)
    assert stage_tests(plan, Stage.FLEXIBILITY) == ("MTT_HIP", "AKE")
    assert set(stage_tests(plan, Stage.SMR)) == {"MTT_HIP", "AKE"}
    assert {"STEPDOWN", "PLANK"} <= set(stage_tests(plan, Stage.STRENGTHENING))
    assert stage_tests(plan, Stage.RDL) == ("ASLR", "HINGE8")
    assert stage_tests(plan, Stage.SINGLE_LEG) == ("SLS", "SLH5")


def test_what_is_kept_has_the_day_of_its_measuring_and_what_hurt_or_stopped_is_measured_anew() -> None:
    before = screen(MAN, AKE=(38, 12), ADD=(hurts(45, 3), 45), MTT_HIP=(45, -8))
    kept = {(one.test, one.side): one.measured_on for one in carried_over(before, ("AKE",), TAKEN_ON + timedelta(days=84))}
    assert set(kept.values()) == {TAKEN_ON}
    for test, side in (("AKE", Side.LEFT), ("AKE", Side.RIGHT), ("ADD", Side.LEFT), ("MTT_HIP", Side.LEFT)):
        assert (test, side) not in kept
    assert ("ADD", Side.RIGHT) in kept
    assert carried_over(before, (), TAKEN_ON + timedelta(days=85)) == ()
