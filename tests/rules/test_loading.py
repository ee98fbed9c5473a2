"""How a load starts, rises, waits, falls and comes back; what a trainer may confirm."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules import loading, pain
from app.rules.documents import FormCheck, LoadSet, Person, PracticeEvent, Screened
from app.rules.history import days, gate_keys
from app.rules.loading import LoadTrack, Proposal, may_confirm, sets_for
from app.rules.vocabulary import Sex, Side, Stage
from tests.rules.test_words import NEVER

MONDAY = date(2026, 1, 5)
CLEO = Person(34, Sex.FEMALE, 64.0)
NONE: frozenset[str] = frozenset()


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def at(day: int, hour: int = 18) -> datetime:
    return datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)


@dataclass(frozen=True)
class Session:
    """One session on a day: sets done, with what load, whether form was kept (None: nobody looked), repetitions in the last set."""

    day: int
    kg: float | None
    sets: int = 2
    ok: bool | None = True
    last: int = 10
    exercise: str = "rdl-kb"
    reps: int = 8
    sore: bool = False


@dataclass(frozen=True)
class Sets:
    """The trainer confirms a load on a day."""

    day: int
    kg: float
    exercise: str = "rdl-kb"


@dataclass(frozen=True)
class Wall:
    """A wall hinge with form kept."""

    day: int


@dataclass(frozen=True)
class NewScreen:
    day: int


Line = Session | Sets | Wall | NewScreen


def events(one: Session) -> list[PracticeEvent]:
    key = f"rdl/{one.exercise}/both"
    return [
        PracticeEvent(f"{one.day}-{number}", key, Side.BOTH, number, on(one.day), at(one.day), at(one.day), done=True, load_kg=one.kg)
        for number in range(1, one.sets + 1)
    ]


def check(one: Session) -> FormCheck:
    gate = {point.key: True for point in gate_keys(Stage.RDL, Side.BOTH)} | ({} if one.ok else {"control": False})
    seen = {"sore_over_72h": True} if one.sore else {}
    return FormCheck(
        f"c{one.day}", Stage.RDL, one.exercise, Side.BOTH, on(one.day), at(one.day), at(one.day), gate, seen, one.reps, one.last
    )


def wall(day: int) -> FormCheck:
    gate = {point.key: True for point in gate_keys(Stage.WALL, Side.BOTH)}
    return FormCheck(f"w{day}", Stage.WALL, "wall-hinge", Side.BOTH, on(day), at(day), at(day), gate, {}, 10, 10)


def walked(lines: Sequence[Line], without: frozenset[str] = NONE, person: Person = CLEO) -> LoadTrack:
    sessions = [one for one in lines if isinstance(one, Session)]
    told = days(
        [event for one in sessions for event in events(one)],
        checks=[*(check(one) for one in sessions if one.ok is not None), *(wall(one.day) for one in lines if isinstance(one, Wall))],
        loads=[
            LoadSet(f"l{index}", one.exercise, one.kg, on(one.day), at(one.day, 20))
            for index, one in enumerate(lines)
            if isinstance(one, Sets)
        ],
        screens=[Screened(one.day, on(one.day), person, ()) for one in lines if isinstance(one, NewScreen)],
    )
    track = LoadTrack()
    for day in told:
        track = loading.walk(track, day, person, without=without)
    return track


def proposed(
    lines: Sequence[Line],
    day: int,
    exercise: str = "rdl-kb",
    *,
    person: Person | None = CLEO,
    answered: bool = False,
    regressed: bool = False,
    without: frozenset[str] = NONE,
) -> Proposal:
    found = loading.propose(
        walked(lines, without),
        exercise=exercise,
        regressed=regressed,
        person=person,
        cleared_condition=answered,
        today=on(day),
        without=without,
    )
    assert found is not None
    return found


def words(found: Proposal) -> str:
    load = "none" if found.load_kg is None else f"{found.load_kg:g} kg"
    return f"{found.exercise} {load}, {found.kind}"


def lifted(kg: float, *sessions: int, sets: int = 2) -> list[Line]:
    """The load confirmed on day 0, and sessions with it in which form was kept and two repetitions were spare."""
    return [Sets(0, kg), *(Session(day, kg, sets) for day in sessions)]


# --- first loads --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kg", "age", "answered", "load", "most"),
    [
        (64.0, 34, False, 6.0, 9.5),
        (64.0, 59, False, 6.0, 9.5),
        (64.0, 60, False, 3.0, 6.0),
        (64.0, 34, True, 3.0, 6.0),
        (120.0, 34, False, 12.0, 16.0),
        (170.0, 34, False, 16.0, 16.0),
        (170.0, 70, False, 8.5, 16.0),
    ],
)
def test_the_first_load_is_a_share_of_body_weight(*, kg: float, age: int, answered: bool, load: float, most: float) -> None:
    found = proposed([], 0, person=replace(CLEO, age=age, body_weight_kg=kg), answered=answered)
    assert (found.load_kg, found.at_most_kg, found.kind) == (load, most, "first")


@pytest.mark.parametrize("person", [None, replace(CLEO, body_weight_kg=None)])
def test_without_a_weight_there_is_nothing_to_propose(person: Person | None) -> None:
    found = proposed([], 0, person=person)
    assert words(found) == "rdl-kb none, weigh"
    assert may_confirm(found, 2.0) == "The first load is a share of body weight: please weigh first."


def test_a_load_that_nobody_confirmed_is_no_load_to_go_on_from() -> None:
    assert words(proposed([Session(0, 30.0), Session(3, 30.0)], 4)) == "rdl-kb 6 kg, first"


def test_the_bar_begins_with_what_the_kettlebell_reached_and_with_an_empty_bar_at_least() -> None:
    reached: list[Line] = [Sets(0, 16.0), Session(1, 16.0, sets=3), Session(4, 16.0, sets=3)]
    assert words(proposed(reached, 5, "rdl-bb")) == "rdl-bb 16 kg, first"
    assert proposed(reached, 5, "rdl-bb").at_most_kg == 16.0
    heavy = [Session(1, 60.0, sets=3), Session(3, 60.0, sets=3)]
    assert words(proposed([Sets(0, 18.0), *heavy], 5, "rdl-bb")) == "rdl-bb 18 kg, first", "no more than was confirmed"


def test_there_is_no_load_for_the_bar_that_the_kettlebell_has_not_carried_and_does_not_carry_now() -> None:
    heavy: list[Line] = [Session(1, 60.0, sets=3), Session(3, 60.0, sets=3)]
    light: list[Line] = [Sets(0, 14.5), Session(1, 14.5, sets=3)]
    reached: list[Line] = [Sets(0, 16.0), Session(1, 16.0, sets=3), Session(4, 16.0, sets=3)]
    for lines, day in (([], 5), (heavy, 5), (light, 5), ([*reached, Sets(5, 14.5)], 6), (reached, 12)):
        found = proposed(lines, day, "rdl-bb")
        assert (words(found), found.at_most_kg, found.changes) == ("rdl-bb none, hold", 0, False)
        assert may_confirm(found, 2.0) == "The bar begins with what the kettlebell carries for 3 × 8, and that is less than 15 kg."
    assert words(proposed([Sets(0, 18.0), *heavy, Sets(4, 16.0)], 5, "rdl-bb")) == "rdl-bb 16 kg, first"


def test_an_exercise_without_a_rule_for_its_load_gets_no_proposal() -> None:
    assert loading.propose(LoadTrack(), exercise="rdl-dowel", regressed=False, person=CLEO, cleared_condition=False, today=MONDAY) is None


# --- raising ------------------------------------------------------------------------------------------------------------


def test_two_sessions_in_a_row_with_two_repetitions_to_spare_earn_five_per_cent() -> None:
    found = proposed(lifted(12.0, 0, 3), 3)
    assert words(found) == "rdl-kb 12.5 kg, raise"
    assert found.at_most_kg == 13.0, "13.2 kg rounded down"


def test_one_such_session_is_not_enough() -> None:
    assert words(proposed(lifted(12.0, 0), 3)) == "rdl-kb 12 kg, stay"


@pytest.mark.parametrize(
    "second",
    [
        Session(3, 12.0, last=9),
        Session(3, 12.0, sets=1),
        Session(3, 12.0, ok=None),
        Session(3, 10.0),
    ],
    ids=["one repetition short", "a set short", "nobody looked", "with less load"],
)
def test_a_second_session_must_show_it_all(second: Session) -> None:
    assert words(proposed([*lifted(12.0, 0), second], 4)) == "rdl-kb 12 kg, stay"


def test_a_session_that_nobody_saw_does_not_break_the_row() -> None:
    assert proposed([*lifted(12.0, 0), Session(3, 12.0, ok=None), Session(5, 12.0)], 5).kind == "raise"


def test_one_that_was_seen_and_fell_short_does() -> None:
    assert proposed([*lifted(12.0, 0), Session(3, 12.0, last=8), Session(5, 12.0)], 5).kind == "stay"


def test_from_the_third_week_on_three_sets_are_asked_for() -> None:
    assert proposed([*lifted(12.0, 0, 7), Session(14, 12.0, sets=2), Session(16, 12.0, sets=2)], 16).kind == "stay"
    assert proposed([*lifted(12.0, 0, 4, 8), Session(14, 12.0, sets=3), Session(16, 12.0, sets=3)], 16).kind == "raise"


def test_there_is_never_more_than_one_raise_in_seven_days() -> None:
    raised: list[Line] = [*lifted(12.0, 0, 2), Sets(2, 12.5), Session(4, 12.5), Session(6, 12.5)]
    found = proposed(raised, 8)
    assert (found.kind, found.at_most_kg) == ("stay", 12.5)
    assert "the next one from 14 January on" in found.because
    assert proposed(raised, 9).kind == "raise"


def test_a_new_load_begins_a_new_row() -> None:
    assert proposed([*lifted(12.0, 0, 3), Sets(3, 12.5), Session(6, 12.5)], 12).kind == "stay"


@pytest.mark.parametrize(
    ("kg", "said"),
    [
        (4.0, "4 kg, hold"),
        (4.5, "4.5 kg, hold"),
        (5.0, "5.5 kg, raise"),
        (9.5, "10 kg, raise"),
        (10.0, "10.5 kg, raise"),
        (24.0, "25 kg, raise"),
    ],
)
def test_where_five_per_cent_is_no_step_the_next_one_up_must_not_be_too_big(kg: float, said: str) -> None:
    assert words(proposed(lifted(kg, 0, 3), 3)) == f"rdl-kb {said}"


def test_a_session_on_the_day_on_which_its_load_was_confirmed_counts_at_that_load() -> None:
    assert proposed([Session(0, 12.0), Sets(0, 12.0), Session(3, 12.0)], 3).kind == "raise"
    assert proposed([Session(0, 10.0), Sets(0, 12.0), Session(3, 12.0)], 3).kind == "stay"


# --- form not kept ------------------------------------------------------------------------------------------------------


def test_form_not_kept_once_means_the_same_load_again() -> None:
    assert words(proposed([*lifted(12.0, 0, 3), Session(6, 12.0, ok=False)], 7)) == "rdl-kb 12 kg, repeat"


def test_form_not_kept_twice_in_a_row_means_ten_per_cent_less() -> None:
    lines = [*lifted(12.0, 0), Session(3, 12.0, ok=False), Session(6, 12.0, ok=False)]
    assert words(proposed(lines, 7)) == "rdl-kb 10.5 kg, reduce"
    assert words(proposed([*lines, Sets(7, 10.5)], 8)) == "rdl-kb 10.5 kg, stay"


def test_form_kept_in_between_begins_anew() -> None:
    lines = [*lifted(12.0, 0), Session(3, 12.0, ok=False), Session(5, 12.0, last=8), Session(7, 12.0, ok=False)]
    assert proposed(lines, 8).kind == "repeat"


def test_after_a_fall_from_the_rung_above_the_exercise_before_comes_first() -> None:
    assert words(proposed(lifted(12.0, 0, 3), 4, regressed=True)) == "rdl-kb 12 kg, regress"


# --- easier weeks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "easier"), [(41, 0), (42, 1), (48, 1), (49, 0), (90, 0), (91, 1), (97, 1), (98, 0)])
def test_after_every_six_weeks_comes_an_easier_one(day: int, easier: int) -> None:
    track = walked(lifted(12.0, *range(0, day, 7)))
    assert loading.deload(track, on(day)) is bool(easier)
    assert loading.shown_kg(track, "rdl-kb", on(day)) == (10.5 if easier else 12.0)
    assert loading.target_sets(track, on(day)) == (2 if easier else 3)


def test_in_an_easier_week_nothing_has_to_be_confirmed_and_the_former_load_comes_back() -> None:
    lines = lifted(12.0, *range(0, 40, 7), 40, 43, 46)
    found = proposed(lines, 44)
    assert (words(found), found.changes) == ("rdl-kb 10.5 kg, deload", False)
    assert loading.shown_kg(walked(lines), "rdl-kb", on(49)) == 12.0


def test_sets_missed_twice_in_a_row_bring_an_easier_week_from_the_next_day() -> None:
    track = walked([*lifted(12.0, 0), Session(3, 12.0, sets=1), Session(6, 12.0, sets=1)])
    assert [loading.deload(track, on(day)) for day in (6, 7, 13, 14)] == [False, True, True, False]
    assert loading.target_sets(track, on(7)) == 1
    assert not loading.deload(walked([*lifted(12.0, 0), Session(3, 12.0, sets=1), Session(6, 12.0)]), on(7))


def test_sore_for_more_than_three_days_brings_one_too() -> None:
    track = walked([*lifted(12.0, 0), Session(3, 12.0, sore=True)])
    assert [loading.deload(track, on(day)) for day in (3, 4, 10, 11)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("lines", "day", "until", "why"),
    [
        (lifted(12.0, 0), 44, 48, "after six weeks with load"),
        ([*lifted(12.0, 0), Session(3, 12.0, sets=1), Session(6, 12.0, sets=1)], 9, 13, "with fewer sets than asked"),
        ([*lifted(12.0, 0), Session(3, 12.0, sore=True)], 4, 10, "after more than 72 hours of soreness"),
    ],
)
def test_an_easier_week_says_why_and_until_when(lines: list[Sets | Session], day: int, until: int, why: str) -> None:
    found = loading.easier_week(walked(lines), on(day))
    assert found is not None
    assert found.until == on(until)
    assert why in found.says


def test_fewer_sets_in_an_easier_week_are_as_asked() -> None:
    track = walked([*lifted(12.0, 0, 38, 41), Session(43, 10.5, sets=2), Session(46, 10.5, sets=2)])
    assert not loading.deload(track, on(49))


# --- breaks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "said"), [(7, "12 kg, stay"), (8, "10.5 kg, layoff"), (21, "10.5 kg, layoff"), (22, "9.5 kg, layoff"), (40, "9.5 kg, layoff")]
)
def test_a_break_takes_some_of_the_load(gap: int, said: str) -> None:
    assert words(proposed([Sets(0, 12.0), Session(3, 12.0, last=8)], 3 + gap)) == f"rdl-kb {said}"


def test_the_load_for_coming_back_is_confirmed_once() -> None:
    lines = [*lifted(12.0, 0, 3), Sets(14, 10.5)]
    assert words(proposed(lines, 15)) == "rdl-kb 10.5 kg, stay"
    assert words(proposed(lines, 26)) == "rdl-kb 9.5 kg, layoff", "less still when the break goes on"


def test_the_smaller_load_stays_proposed_and_shown_whatever_is_lifted_until_one_is_confirmed() -> None:
    back: list[Line] = [*lifted(12.0, 0, 3), Session(14, 12.0), Session(16, 12.0, sets=3), Session(18, 10.5, sets=3)]
    for day in (13, 15, 17, 19, 25):
        lines = [one for one in back if one.day < day]
        found = proposed(lines, day)
        assert (words(found), found.at_most_kg) == ("rdl-kb 10.5 kg, layoff", 10.5)
        assert loading.shown_kg(walked(lines), "rdl-kb", on(day)) == 10.5
    assert "10 days off before: 10.5 kg to come back" in proposed(back, 19).because
    assert words(proposed([*back, Sets(19, 10.5)], 20)) == "rdl-kb 10.5 kg, stay"
    assert words(proposed([*back, Sets(19, 9.0)], 20)) == "rdl-kb 9 kg, stay"
    assert loading.shown_kg(walked([*back, Sets(19, 9.0)]), "rdl-kb", on(20)) == 9.0


def test_what_was_earned_before_a_break_raises_nothing_after_it() -> None:
    lines = [*lifted(12.0, 0, 3), Sets(12, 10.5), Session(13, 10.5)]
    assert words(proposed(lines, 14)) == "rdl-kb 10.5 kg, stay"
    assert words(proposed([*lines, Session(15, 10.5, sets=3)], 16)) == "rdl-kb 11 kg, raise"


def test_a_break_after_a_break_takes_from_the_load_that_was_in_force() -> None:
    lines = [*lifted(12.0, 0, 3), Session(14, 10.5)]
    assert words(proposed(lines, 24)) == "rdl-kb 9 kg, layoff"
    assert words(proposed([*lines, Session(24, 10.5)], 25)) == "rdl-kb 9 kg, layoff"


def test_form_not_kept_twice_at_the_smaller_load_takes_ten_per_cent_from_that_one() -> None:
    back: list[Line] = [*lifted(12.0, 0, 3), Session(14, 10.5, ok=False)]
    assert words(proposed(back, 15)) == "rdl-kb 10.5 kg, layoff"
    assert words(proposed([*back, Session(16, 10.5, ok=False)], 17)) == "rdl-kb 9 kg, reduce"
    assert words(proposed([*back, Session(16, 10.5)], 17)) == "rdl-kb 10.5 kg, layoff"


def test_sessions_without_form_before_a_break_take_nothing_from_the_smaller_load_after_it() -> None:
    lines = [*lifted(12.0, 0), Session(2, 12.0, ok=False), Session(4, 12.0, ok=False), Session(15, 10.5, ok=None)]
    assert words(proposed(lines[:4], 5)) == "rdl-kb 10.5 kg, reduce"
    assert words(proposed(lines, 16)) == "rdl-kb 10.5 kg, layoff"
    assert words(proposed([*lines, Session(17, 10.5, ok=False)], 18)) == "rdl-kb 10.5 kg, layoff"


def test_after_a_fall_from_the_rung_above_a_break_and_lost_form_take_from_the_load_all_the_same() -> None:
    lines = lifted(12.0, 0, 3)
    away = proposed(lines, 14, regressed=True)
    assert (words(away), away.at_most_kg) == ("rdl-kb 10.5 kg, layoff", 10.5)
    assert words(proposed([*lines, Session(14, 10.5)], 15, regressed=True)) == "rdl-kb 10.5 kg, layoff"
    failed = [Session(5, 12.0, ok=False), Session(7, 12.0, ok=False)]
    assert words(proposed([*lines, *failed], 8, regressed=True)) == "rdl-kb 10.5 kg, reduce"


def test_confirmed_on_the_day_of_coming_back_is_what_she_is_shown_on_that_day() -> None:
    lines = [*lifted(12.0, 0, 3), Session(14, 10.5), Sets(14, 10.5)]
    assert loading.shown_kg(walked(lines), "rdl-kb", on(14)) == 10.5
    assert words(proposed(lines, 15)) == "rdl-kb 10.5 kg, stay"
    before = [*lifted(12.0, 0, 3), Sets(12, 10.5), Session(14, 10.5)]
    assert (words(proposed(before, 14)), loading.shown_kg(walked(before), "rdl-kb", on(14))) == ("rdl-kb 10.5 kg, stay", 10.5)


def test_a_break_takes_nothing_from_a_first_load_that_is_confirmed_after_it() -> None:
    bar = [*lifted(20.0, 0), Session(3, 20.0, sets=3)]
    assert words(proposed(bar, 14, exercise="rdl-bb")) == "rdl-bb 18 kg, first"
    bar.append(Sets(14, 18.0, exercise="rdl-bb"))
    for lines in (bar, [*bar, Session(15, 18.0, exercise="rdl-bb")]):
        assert words(proposed(lines, 16, exercise="rdl-bb")) == "rdl-bb 18 kg, stay"
        assert loading.shown_kg(walked(lines), "rdl-bb", on(16)) == 18.0
    assert words(proposed([*bar, Session(15, 18.0, exercise="rdl-bb")], 24, exercise="rdl-bb")) == "rdl-bb 16 kg, layoff"


def test_of_an_easier_week_and_a_break_what_asks_for_less_is_shown() -> None:
    lines = lifted(12.0, *range(0, 36, 7))
    assert [loading.shown_kg(walked(lines), "rdl-kb", on(day)) for day in (42, 43, 57)] == [10.5, 10.5, 9.5]


@pytest.mark.parametrize(("gap", "waits"), [(21, ()), (22, ("rdl.recheck_wall",)), (29, ("rdl.recheck_wall",)), (30, ("rdl.rescreen",))])
def test_after_three_weeks_the_wall_is_checked_and_after_four_there_is_a_screen(gap: int, waits: tuple[str, ...]) -> None:
    assert loading.waits(walked(lifted(12.0, 0)), on(gap)) == waits


def test_a_check_at_the_wall_or_a_screen_after_the_break_lifts_it() -> None:
    assert loading.waits(walked([*lifted(12.0, 0), Wall(23)]), on(24)) == ()
    assert loading.waits(walked([*lifted(12.0, 0), Wall(3)]), on(24)) == ("rdl.recheck_wall",), "before it was a break"
    assert loading.waits(walked([*lifted(12.0, 0), Wall(32)]), on(33)) == ("rdl.rescreen",)
    assert loading.waits(walked([*lifted(12.0, 0), NewScreen(32)]), on(33)) == ()


# --- what may be confirmed ----------------------------------------------------------------------------------------------


def test_less_than_proposed_may_always_be_confirmed_and_more_than_the_cap_never() -> None:
    found = proposed(lifted(12.0, 0, 3), 3)
    assert [may_confirm(found, kg) for kg in (2.0, 12.5, 13.0)] == [None, None, None]
    assert (may_confirm(found, 13.5) or "").startswith("At most 13 kg.")
    assert may_confirm(found, 0) == "More than 0 kg."
    assert may_confirm(None, 5) == "There is no load to confirm here."


def test_a_load_that_was_mistyped_can_be_put_right_on_the_same_day_only() -> None:
    lines = [*lifted(12.0, 0, 3), Sets(3, 1.0)]
    found = proposed(lines, 3)
    assert (words(found), found.at_most_kg) == ("rdl-kb 1 kg, stay", 13.0)
    assert proposed(lines, 4).at_most_kg == 1.0
    assert proposed([Sets(0, 1.0)], 0).at_most_kg == 9.5


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (0, (2, 8, 8, "3-1-1-1")),
        (1, (2, 8, 8, "3-1-1-1")),
        (2, (3, 8, 8, "4-1-1-1")),
        (3, (3, 8, 8, "4-1-1-1")),
        (4, (3, 8, 10, "3-1-1-1")),
        (90, (3, 8, 10, "3-1-1-1")),
    ],
)
def test_sets_and_tempo_go_by_the_weeks_with_load(week: int, said: tuple[int, int, int, str]) -> None:
    found = sets_for(week)
    assert (found.sets, found.reps, found.most_reps, found.tempo) == said


# --- on one leg ---------------------------------------------------------------------------------------------------------

ONE_LEG = {"sl-rdl": (2, 6)}


@dataclass(frozen=True)
class Leg:
    """What one leg did in a session; `ok` None: nobody looked."""

    kg: float | None = 8.0
    sets: int = 2
    ok: bool | None = True
    last: int = 8


def one_legged(*sessions: tuple[int, Leg, Leg], kg: float = 8.0, without: frozenset[str] = NONE) -> LoadTrack:
    """The load confirmed on day 0, and then what left and right did on some days."""
    sides = [(day, side, leg) for day, *legs in sessions for side, leg in zip((Side.LEFT, Side.RIGHT), legs, strict=True)]
    ticks = [
        PracticeEvent(f"{day}-{side}-{n}", f"single_leg/sl-rdl/{side}", side, n, on(day), at(day), at(day), done=True, load_kg=leg.kg)
        for day, side, leg in sides
        for n in range(1, leg.sets + 1)
    ]
    checks = [
        FormCheck(
            f"{day}-{side}",
            Stage.SINGLE_LEG,
            "sl-rdl",
            side,
            on(day),
            at(day),
            at(day),
            {point.key: True for point in gate_keys(Stage.SINGLE_LEG, side)} | ({} if leg.ok else {"square": False}),
            {},
            6,
            leg.last,
        )
        for day, side, leg in sides
        if leg.ok is not None
    ]
    track = LoadTrack()
    for day in days(ticks, checks=checks, loads=[LoadSet("l", "sl-rdl", kg, MONDAY, at(0, 7))]):
        track = loading.walk(track, day, CLEO, doses=ONE_LEG, without=without)
    return track


def on_one_leg(track: LoadTrack, day: int, without: frozenset[str] = NONE) -> str:
    found = loading.propose(
        track,
        exercise="sl-rdl",
        regressed=False,
        person=CLEO,
        cleared_condition=False,
        today=on(day),
        one_sided=True,
        without=without,
    )
    return "-" if found is None else words(found)


def test_on_one_leg_the_first_load_is_that_of_the_deadlift() -> None:
    assert on_one_leg(LoadTrack(), 0) == "sl-rdl 6 kg, first"


def test_both_legs_earn_the_next_load_together() -> None:
    assert on_one_leg(one_legged((1, Leg(), Leg()), (3, Leg(), Leg())), 4) == "sl-rdl 8.5 kg, raise"


@pytest.mark.parametrize(
    "left",
    [Leg(last=7), Leg(sets=1), Leg(sets=0), Leg(sets=0, ok=None), Leg(ok=None)],
    ids=["one repetition short", "a set short", "no set", "left out", "not looked at"],
)
def test_one_leg_that_falls_short_keeps_the_load(left: Leg) -> None:
    assert on_one_leg(one_legged((1, Leg(), Leg()), (3, left, Leg())), 4) == "sl-rdl 8 kg, stay"
    assert on_one_leg(one_legged((1, Leg(), Leg()), (3, Leg(), left)), 4) == "sl-rdl 8 kg, stay"
    assert on_one_leg(one_legged((1, Leg(), Leg()), (3, left, Leg()), (5, Leg(), Leg())), 6) == "sl-rdl 8 kg, stay"


def test_form_that_one_leg_does_not_keep_counts_for_both() -> None:
    assert on_one_leg(one_legged((1, Leg(ok=False), Leg())), 2) == "sl-rdl 8 kg, repeat"
    assert on_one_leg(one_legged((1, Leg(ok=False), Leg()), (3, Leg(), Leg(ok=False))), 4) == "sl-rdl 7 kg, reduce"


def test_what_the_weaker_leg_carried_is_proposed_for_both() -> None:
    assert on_one_leg(one_legged((1, Leg(kg=6.0), Leg())), 2) == "sl-rdl 6 kg, reduce"
    assert on_one_leg(one_legged((1, Leg(kg=6.0), Leg()), (3, Leg(), Leg())), 4) == "sl-rdl 8 kg, stay", "since then alike"
    assert on_one_leg(one_legged((1, Leg(kg=6.0), Leg(kg=6.0))), 2) == "sl-rdl 8 kg, stay", "both took less of their own accord"


def test_more_than_was_confirmed_stays_as_it_was_told_and_the_next_load_goes_by_what_was_confirmed() -> None:
    track = one_legged((1, Leg(kg=8.0), Leg(kg=12.0)), (3, Leg(kg=12.0), Leg(kg=12.0)))
    assert on_one_leg(track, 4) == "sl-rdl 8.5 kg, raise"


def test_what_the_weaker_leg_carried_after_a_break_is_proposed_for_both() -> None:
    good, weak = Leg(kg=7.0), Leg(kg=5.0)
    assert on_one_leg(one_legged((0, Leg(), Leg()), (14, good, good)), 15) == "sl-rdl 7 kg, layoff"
    assert on_one_leg(one_legged((0, Leg(), Leg()), (14, good, weak)), 15) == "sl-rdl 5 kg, reduce"


def test_on_one_leg_the_easier_week_and_the_break_are_its_own() -> None:
    track = one_legged((1, Leg(), Leg()), (40, Leg(), Leg()))
    assert (loading.deload(track, on(43)), loading.eased(track, 2, on(43)), loading.eased(track, 2, on(42))) == (True, 1, 2)
    assert on_one_leg(one_legged((1, Leg(), Leg(sets=0)), (3, Leg(), Leg())), 11) == "sl-rdl 7 kg, layoff"
    assert loading.waits(track, on(62)) == ("rdl.recheck_wall",)


# --- each rule ----------------------------------------------------------------------------------------------------------

STEADY = lifted(12.0, 0, 3)
EARNS: dict[str, tuple[Sequence[Line], int, str]] = {
    "LOAD_FIRST": ([], 0, "rdl-kb"),
    "LOAD_CAREFUL": ([], 0, "rdl-kb"),
    "LOAD_BAR": ([], 0, "rdl-bb"),
    "LOAD_RAISE": (STEADY, 3, "rdl-kb"),
    "LOAD_SMALL": (lifted(5.0, 0, 3), 3, "rdl-kb"),
    "LOAD_WEEK": ([*lifted(12.0, 0, 2), Sets(2, 12.5), Session(4, 12.5), Session(6, 12.5)], 7, "rdl-kb"),
    "LOAD_REPEAT": ([*STEADY, Session(6, 12.0, ok=False)], 7, "rdl-kb"),
    "LOAD_REDUCE": ([*STEADY, Session(6, 12.0, ok=False), Session(8, 12.0, ok=False)], 9, "rdl-kb"),
    "LOAD_REGRESS": (STEADY, 4, "rdl-kb"),
    "LOAD_DELOAD": (lifted(12.0, 0, 40), 43, "rdl-kb"),
    "LOAD_BELOW": ([*lifted(12.0, 0), Session(3, 12.0, sets=1), Session(6, 12.0, sets=1)], 7, "rdl-kb"),
    "LOAD_SORE": ([*lifted(12.0, 0), Session(3, 12.0, sore=True)], 4, "rdl-kb"),
    "LOAD_OFF1": (STEADY, 15, "rdl-kb"),
    "LOAD_OFF3": (STEADY, 27, "rdl-kb"),
    "LOAD_OFF5": (STEADY, 40, "rdl-kb"),
    "LOAD_SETS1": ([*lifted(12.0, 0), Session(2, 12.0)], 2, "rdl-kb"),
    "LOAD_SETS3": ([*lifted(12.0, 0, 7), Session(14, 12.0), Session(16, 12.0)], 16, "rdl-kb"),
    "LOAD_SETS5": ([*lifted(12.0, 0, 21)], 30, "rdl-kb"),
}
ON_ONE_LEG = {
    "LOAD_ONE_SIDED": (),
    "LOAD_LESSER": ((1, Leg(kg=6.0), Leg()),),
}


def test_every_rule_is_tried() -> None:
    assert [rule.id for rule in loading.RULES] == [*EARNS, *ON_ONE_LEG]


@pytest.mark.parametrize("rule", EARNS)
def test_a_rule_taken_away_changes_what_happens(rule: str) -> None:
    lines, day, exercise = EARNS[rule]
    person = replace(CLEO, age=70) if rule == "LOAD_CAREFUL" else CLEO

    def seen(without: frozenset[str]) -> tuple[object, ...]:
        track = walked(lines, without)
        return (
            proposed(lines, day, exercise, person=person, regressed=rule == "LOAD_REGRESS", without=without),
            loading.waits(track, on(day), without=without),
            loading.sets_in(track, on(day), without=without),
        )

    assert seen(frozenset({rule})) != seen(NONE)


@pytest.mark.parametrize("rule", ON_ONE_LEG)
def test_a_rule_for_one_leg_taken_away_changes_what_happens(rule: str) -> None:
    without = frozenset({rule})
    sessions = ON_ONE_LEG[rule]
    assert on_one_leg(one_legged(*sessions, without=without), 2, without) != on_one_leg(one_legged(*sessions), 2)


# --- whatever happens ---------------------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 3), st.booleans() | st.none(), st.integers(6, 12), st.floats(0.5, 1.2), st.booleans()),
    max_size=24,
)


@settings(max_examples=80, deadline=None)
@given(steps, st.floats(40, 140), st.integers(18, 90))
def test_no_load_is_above_its_cap_and_no_two_raises_are_within_seven_days(
    history: list[tuple[int, int, bool | None, int, float, bool]], weight: float, age: int
) -> None:
    """A trainer who always confirms as much as she may, in whatever way the sessions go."""
    person = replace(CLEO, age=age, body_weight_kg=weight)
    lines: list[Line] = []
    raises: list[int] = []
    day, load = 0, None
    for gap, sets, ok, last, part, confirms in history:
        day += gap
        if load is not None:
            lines.append(Session(day, round(load * part, 1), sets, ok, last))
        found = proposed(lines, day, person=person)
        if found.kind == "first":
            assert found.at_most_kg <= min(0.15 * weight, 16)
        if load is not None:
            assert found.at_most_kg <= load * 1.1
        assert found.load_kg is not None
        assert found.load_kg <= found.at_most_kg
        assert may_confirm(found, found.at_most_kg + 0.5) is not None
        if confirms and may_confirm(found, found.at_most_kg) is None:
            if load is not None and found.at_most_kg > load:
                raises.append(day)
            load = found.at_most_kg
            lines.append(Sets(day, load))
    assert all(later - earlier >= 7 for earlier, later in pairwise(raises))


@pytest.mark.parametrize("word", NEVER)
def test_no_rule_of_load_or_pain_promises_or_names_an_illness(word: str) -> None:
    said = [rule.text for rule in loading.RULES] + [text for rule in pain.RULES for text in (rule.text, rule.says)]
    said += [proposed(lines, day, exercise).because for lines, day, exercise in EARNS.values()]
    assert [text for text in said if word in text.lower()] == []
