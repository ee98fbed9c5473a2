"""What a report of pain does: to an exercise, a session, the next session, a stage; and what stands in for an exercise that hurts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules import pain
from app.rules.contraindications import PAINFUL, label_of
from app.rules.documents import MORNING, Clearance, Item, Library, Plan, PracticeEvent, Stopped
from app.rules.history import days
from app.rules.pain import PainTrack
from app.rules.plan import build_plan
from app.rules.vocabulary import Feel, Level, Side
from tests.rules.situations import SITUATIONS

MONDAY = date(2026, 1, 5)
KB, DOWEL, HINGE_LEFT, HINGE_RIGHT = "rdl/rdl-kb/both", "rdl/rdl-dowel/both", "single_leg/sl-hinge/left", "single_leg/sl-hinge/right"


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def said(
    day: int, pain: int | None = None, item: str = KB, *, feel: Feel | None = None, number: int = 1, done: bool = True
) -> PracticeEvent:
    """One set of an item on a day, with what was said about pain."""
    when = datetime(2026, 1, 5, 18, tzinfo=UTC) + timedelta(days=day)
    side = Side.BOTH if item == MORNING else Side(item.rsplit("/", 1)[1])
    return PracticeEvent(f"{day}-{item}-{number}", item, side, number, on(day), when, when, done=done, pain=pain, feel=feel)


def morning(day: int, pain: int) -> PracticeEvent:
    """The report, a day later, about the morning after the session of that day."""
    return said(day, pain, MORNING, done=False)


def walked(*events: PracticeEvent, stops: tuple[Stopped, ...] = (), without: frozenset[str] = frozenset()) -> PainTrack:
    track = PainTrack()
    for day in days(events, stops=stops):
        track = pain.walk(track, day, without=without)
    return track


def stopped(*events: PracticeEvent, stops: tuple[Stopped, ...] = (), without: frozenset[str] = frozenset()) -> list[str]:
    return [stop.rule for stop in walked(*events, stops=stops, without=without).stops]


# --- the session --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("report", "held"), [(None, ()), (0, ()), (2, ()), (3, (KB,)), (4, (KB,))])
def test_at_three_or_four_of_ten_the_exercise_rests_that_day(report: int | None, held: tuple[str, ...]) -> None:
    track = walked(said(0, report))
    assert pain.held(track, on(0)) == held
    assert pain.held(track, on(1)) == (), "tomorrow it is tried again"
    assert track.stops == ()


def test_the_worst_set_of_the_day_counts() -> None:
    assert pain.held(walked(said(0, 4, number=1), said(0, 0, number=2)), on(0)) == (KB,)


def test_only_the_leg_that_hurts_rests() -> None:
    assert pain.held(walked(said(0, 3, HINGE_LEFT), said(0, 0, HINGE_RIGHT)), on(0)) == (HINGE_LEFT,)


@pytest.mark.parametrize("report", [5, 10])
def test_from_five_of_ten_everything_stops(report: int) -> None:
    (stop,) = walked(said(0, report)).stops
    assert (stop.rule, stop.level, stop.item, stop.exercise, stop.on) == ("PAIN5", Level.REFER, KB, "rdl-kb", on(0))
    assert f"{report} of 10" in stop.text


@pytest.mark.parametrize(
    ("feel", "reported"),
    [
        (Feel.SHARP, "Sharp pain"),
        (Feel.CATCHING, "Catching pain"),
        (Feel.SHOOTING, "Shooting pain"),
        (Feel.TINGLING, "Tingling"),
        (Feel.BELOW_KNEE, "Pain below the knee"),
    ],
)
def test_a_feel_that_is_never_trained_around_stops_as_the_red_flag_does_and_says_what_was_reported_and_no_more(
    feel: Feel, reported: str
) -> None:
    (stop,) = walked(said(0, 1, feel=feel)).stops
    assert (stop.rule, stop.level) == ("RF5", Level.URGENT)
    assert stop.text == f"{reported} was reported in practice on 5 January. It is treated as a red flag, so we stop here."


def test_of_one_leg_it_is_said_which_and_of_a_known_exercise_its_name() -> None:
    (stop,) = walked(said(1, 2, HINGE_LEFT, feel=Feel.SHARP)).stops
    assert "was reported in practice on 6 January (left side)." in stop.text
    assert "on 6 January (Single-leg hinge, left side)." in pain.named(stop, {"sl-hinge": "Single-leg hinge"}).text
    (other,) = walked(said(0, 6)).stops
    assert pain.named(other, {"rdl-kb": "Kettlebell RDL"}) == other


def test_each_thing_that_was_felt_is_told() -> None:
    track = walked(said(0, 1, feel=Feel.SHARP), said(0, 0, HINGE_LEFT, feel=Feel.TINGLING), replace(morning(0, 1), feel=Feel.CATCHING))
    assert [(stop.item, stop.feel) for stop in track.stops] == [
        (KB, Feel.SHARP),
        (HINGE_LEFT, Feel.TINGLING),
        (MORNING, Feel.CATCHING),
    ]


def test_the_more_pressing_reason_comes_first() -> None:
    assert stopped(said(0, 7, feel=Feel.SHOOTING)) == ["RF5", "PAIN5"]


def test_pain_with_a_set_that_was_broken_off_is_a_report_too() -> None:
    assert stopped(said(0, 6, done=False)) == ["PAIN5"]


def later(event: PracticeEvent) -> PracticeEvent:
    """The same set, said a day later."""
    return replace(event, id=f"{event.id}z", received_at=event.received_at + timedelta(days=1))


def test_who_says_nothing_of_pain_takes_no_report_back() -> None:
    for bare in (said(0), said(0, done=False)):
        assert stopped(said(0, 8, feel=Feel.SHARP, done=False), later(bare)) == ["RF5", "PAIN5"]
        assert pain.held(walked(said(0, 4), later(bare)), on(0)) == (KB,)
    assert stopped(said(0, 3), later(said(0)), said(3, 3)) == ["PAIN2"]


def test_a_report_is_taken_back_by_a_report_of_nought() -> None:
    for report in (said(0, 8), said(0, 4), said(0, feel=Feel.SHARP), said(0, 3, feel=Feel.TINGLING)):
        assert walked(report, later(said(0, 0))) == walked(said(0, 0))


def test_a_number_said_later_leaves_what_it_felt_like() -> None:
    assert stopped(said(0, 3, feel=Feel.SHOOTING), later(said(0, 2))) == ["RF5"]


# --- in a row -----------------------------------------------------------------------------------------------------------


def test_what_hurts_in_two_sessions_in_a_row_goes_and_is_looked_at() -> None:
    track = walked(said(0, 3), said(3, 4))
    assert [(stop.rule, stop.level, stop.exercise) for stop in track.stops] == [("PAIN2", Level.REFER, "rdl-kb")]
    assert track.painful_exercises == ("rdl-kb",)


def test_a_reported_nought_between_them_breaks_the_row() -> None:
    assert stopped(said(0, 3), said(3, 0), said(6, 3)) == []


def test_no_report_between_them_is_not_a_nought() -> None:
    assert stopped(said(0, 3), said(3, None), said(6, 3)) == ["PAIN2"]


def test_another_exercise_that_hurts_does_not_count_for_it() -> None:
    assert stopped(said(0, 3), said(3, 3, DOWEL)) == []


def test_the_left_leg_once_and_the_right_leg_once_are_the_same_exercise_twice() -> None:
    assert stopped(said(0, 3, HINGE_LEFT), said(3, 3, HINGE_RIGHT)) == ["PAIN2"]


def test_the_answer_to_a_stop_answers_all_that_came_before_it() -> None:
    first = Stopped(on(0), on(10), from_practice=True)
    track = walked(said(0, 3), said(3, 3), stops=(first,))
    assert track.stops == ()
    assert track.painful_exercises == ("rdl-kb",), "it stays out all the same"


def test_a_stop_on_the_day_of_an_answer_to_an_older_one_waits() -> None:
    assert stopped(said(0, 6), said(10, 6, DOWEL), stops=(Stopped(on(0), on(10), from_practice=True),)) == ["PAIN5"]


def test_a_stop_answered_on_its_own_day_does_not_wait() -> None:
    assert stopped(said(0, 6), stops=(Stopped(on(0), on(0), from_practice=True),)) == []


# --- the morning after --------------------------------------------------------------------------------------------------


def test_two_points_worse_the_next_morning_halve_the_next_session_once() -> None:
    track = walked(said(0, 1), morning(0, 3))
    assert [pain.halved(track, on(day)) for day in (0, 1, 4)] == [False, True, True]
    track = walked(said(0, 1), morning(0, 3), said(2, 0))
    assert [pain.halved(track, on(day)) for day in (2, 3)] == [True, False], "that session used it up"
    assert [pain.halved_sets(sets) for sets in (1, 2, 3, 4)] == [1, 1, 2, 2]


def test_one_point_worse_is_nothing() -> None:
    assert not pain.halved(walked(said(0, 1), morning(0, 2)), on(1))


def test_a_morning_without_a_report_of_the_session_compares_with_nothing() -> None:
    assert not pain.halved(walked(said(0, None), morning(0, 4)), on(1))


def test_soreness_of_five_of_ten_in_the_morning_is_pain_and_stops() -> None:
    assert stopped(said(0, 3), morning(0, 4)) == []
    for session in ((), (said(0),), (said(0, 4),)):
        (stop,) = walked(*session, morning(0, 5)).stops
        assert (stop.rule, stop.level, stop.item, stop.exercise, stop.on) == ("PAIN5", Level.REFER, MORNING, "", on(0))
        assert stop.text == "Pain of 5 of 10 the morning after, so we stop here."


def test_a_feel_that_is_never_trained_around_stops_the_morning_after_too() -> None:
    (stop,) = walked(said(0), replace(morning(0, 1), feel=Feel.SHOOTING)).stops
    assert (stop.rule, stop.level, stop.item) == ("RF5", Level.URGENT, MORNING)
    assert stop.text.startswith("Shooting pain was reported the morning after the session of 5 January.")


def test_a_morning_taken_back_by_nought_is_none() -> None:
    assert walked(said(0), replace(morning(0, 7), feel=Feel.SHARP), later(morning(0, 0))) == walked(said(0), morning(0, 0))


def test_two_worse_mornings_in_a_row_let_a_stage_fall_and_the_row_begins_anew() -> None:
    twice = (said(0, 0), morning(0, 2), said(2, 0), morning(2, 2))
    assert walked(*twice).falls_on == on(2)
    assert walked(*twice, said(4, 0), morning(4, 2)).falls_on == on(2)
    assert walked(*twice, said(4, 0), morning(4, 2), said(6, 0), morning(6, 2)).falls_on == on(6)


def test_a_good_morning_between_them_breaks_the_row_and_one_not_reported_does_not() -> None:
    assert walked(said(0, 0), morning(0, 2), said(2, 0), morning(2, 1), said(4, 0), morning(4, 2)).falls_on is None
    assert walked(said(0, 0), morning(0, 2), said(2, 0), said(4, 0), morning(4, 2)).falls_on == on(4)


# --- each rule ----------------------------------------------------------------------------------------------------------

EARNS = {
    "PAIN0": (said(0, 3), said(3, 0), said(6, 3)),
    "PAIN3": (said(0, 3),),
    "PAIN5": (said(0, 5),),
    "RF5": (said(0, 0, feel=Feel.SHARP),),
    "MORNING": (said(0, 0), morning(0, 2)),
    "MORNING2": (said(0, 0), morning(0, 2), said(2, 0), morning(2, 2)),
    "PAIN2": (said(0, 3), said(3, 3)),
}


def test_every_rule_is_tried() -> None:
    assert [rule.id for rule in pain.RULES] == list(EARNS)


@pytest.mark.parametrize("rule", EARNS)
def test_a_rule_taken_away_changes_what_happens(rule: str) -> None:
    assert walked(*EARNS[rule], without=frozenset({rule})) != walked(*EARNS[rule])


reports = st.tuples(st.integers(0, 12), st.sampled_from([KB, DOWEL, HINGE_LEFT]), st.none() | st.integers(0, 10), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(reports, max_size=12), st.randoms(use_true_random=False))
def test_neither_the_order_of_the_reports_nor_repeats_make_a_difference(
    lines: list[tuple[int, str, int | None, bool]], luck: object
) -> None:
    events = [replace(said(day, score, item, done=done), id=str(index)) for index, (day, item, score, done) in enumerate(lines)]
    mixed = [*events, *events[:3]]
    luck.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert walked(*mixed) == walked(*events)


# --- what stands in -----------------------------------------------------------------------------------------------------


def item(plan: Plan, key: str) -> Item:
    return next(one for stage in plan.stages for one in stage.items if one.key == key)


def test_an_exercise_that_rests_gives_way_to_its_easier_one_with_its_own_dose(library: Library) -> None:
    plan = build_plan(SITUATIONS["one-sided-hamstring"].screen, library)
    step_up = item(plan, "strengthening/step-up/left")
    low = pain.instead(step_up, {step_up.key})
    assert low is not None
    assert (low.key, low.easier) == ("strengthening/step-up-low/left", None)
    assert low.dose.height_cm != step_up.dose.height_cm
    assert low.reasons == step_up.reasons
    assert pain.instead(step_up, ()) is step_up
    assert pain.instead(step_up, {step_up.key, low.key}) is None, "when that hurts too, nothing is due"


def test_the_lowest_rung_has_nothing_easier(library: Library) -> None:
    plan = build_plan(SITUATIONS["one-sided-hamstring"].screen, library)
    assert item(plan, "rdl/rdl-dowel/both").easier is None
    assert item(plan, "single_leg/sl-supported/left").easier is None, "what is easier belongs to another stage"


def test_an_easier_one_is_of_the_same_stage_and_nothing_forbids_it(library: Library) -> None:
    for situation in SITUATIONS.values():
        plan = build_plan(situation.screen, library, clearances=situation.clearances)
        out = {(gone.exercise, gone.side) for gone in plan.removed}
        for stage in plan.stages:
            for easier in (one.easier for one in stage.items if one.easier is not None):
                assert easier.key == f"{stage.stage}/{easier.exercise}/{easier.side}"
                assert library[easier.exercise].stage is stage.stage
                assert (easier.exercise, easier.side) not in out


def test_what_hurt_twice_is_left_out_of_later_plans_and_says_so(library: Library) -> None:
    screen = SITUATIONS["one-sided-hamstring"].screen
    plan = build_plan(screen, library, clearances=[Clearance(screen.taken_on, (), without=("rdl-kb", "step-up"))])
    keys = {one.key for stage in plan.stages for one in stage.items}
    assert "rdl/rdl-kb/both" not in keys
    assert {"rdl/rdl-dowel/both", "strengthening/step-up-low/left"} <= keys
    gone = {(one.exercise, one.side): (one.key, one.because, one.instead) for one in plan.removed}
    assert gone[("rdl-kb", Side.BOTH)] == ("painful", "Because it hurt in two sessions.", "rdl-dowel")
    assert gone[("step-up", Side.LEFT)] == ("painful", "Because it hurt in two sessions.", "step-up-low")
    instead = item(plan, "rdl/rdl-bb/both").easier
    assert instead is not None
    assert instead.exercise == "rdl-dowel", "not the painful one"
    assert label_of("painful") == PAINFUL.label


def test_it_stays_out_for_good_however_old_the_answer(library: Library) -> None:
    screen = SITUATIONS["one-sided-hamstring"].screen
    old = Clearance(screen.taken_on - timedelta(days=3 * 365), (), without=("plank",))
    assert {one.exercise for one in build_plan(screen, library, clearances=[old]).removed} == {"plank"}


def test_every_limit_of_an_answer_that_took_something_out_says_what_and_why(library: Library) -> None:
    screen = SITUATIONS["everything-tight"].screen
    whole = build_plan(screen, library)
    limited = build_plan(screen, library, clearances=[Clearance(screen.taken_on, (), not_allowed=("knee_kneeling_pain", "wrist_pain"))])
    had = {(one.exercise, one.side) for stage in whole.stages for one in stage.items}
    has = {(one.exercise, one.side) for stage in limited.stages for one in stage.items}
    gone = {(one.exercise, one.side): one for one in limited.removed}
    assert had - has
    assert had - has <= set(gone)
    assert {one.because for one in limited.removed} <= {"Because kneeling hurts.", "Because your wrist hurts on all fours."}
