"""Days done of days planned: weeks, parts of weeks, turns, and what replaces what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.adherence import FORMULA, ItemWeek, Span, adherence, by_week, per_week, totals
from app.rules.documents import Library, Plan, PracticeEvent
from app.rules.history import DayRecord, days
from app.rules.plan import build_plan
from app.rules.vocabulary import Side, SkipReason, Stage, StageState
from tests.rules.situations import SITUATIONS

MONDAY = date(2026, 11, 23)
BRIDGE, HALF_KNEEL, LUNGE = "strengthening/bridge/both", "flexibility/half-kneel/left", "flexibility/runners-lunge/left"


def everything_tight(library: Library) -> Plan:
    return build_plan(SITUATIONS["everything-tight"].screen, library)


def planned(plan: Plan, days: int, **ticked: int) -> dict[str, tuple[int, int]]:
    """Days done and planned by item over so many days from the plan's own Monday; `bridge` says on how many she did it."""
    done = {BRIDGE: [MONDAY + timedelta(days=day) for day in range(ticked.get("bridge", 0))]}
    span = Span(plan, MONDAY, MONDAY, MONDAY + timedelta(days=days - 1))
    return {one.item: (one.days_done, one.days_planned) for one in adherence([span], done)}


def test_a_whole_week_asks_for_the_lower_number_of_days(library: Library) -> None:
    assert planned(everything_tight(library), 7, bridge=2)[BRIDGE] == (2, 3)


def test_more_than_planned_is_never_counted_above(library: Library) -> None:
    assert planned(everything_tight(library), 7, bridge=7)[BRIDGE] == (3, 3)


def test_one_busy_week_does_not_make_up_for_another(library: Library) -> None:
    assert planned(everything_tight(library), 14, bridge=7)[BRIDGE] == (3, 6)


def test_a_part_of_a_week_asks_for_its_share_rounded_down(library: Library) -> None:
    plan = everything_tight(library)
    assert BRIDGE not in planned(plan, 2)
    assert planned(plan, 3)[BRIDGE] == (0, 1)
    assert planned(plan, 10)[BRIDGE] == (0, 4)


def test_what_takes_turns_is_planned_for_its_share_of_the_sessions(library: Library) -> None:
    plan = everything_tight(library)
    assert "flexibility/add-rock/left" not in planned(plan, 7), "three sessions, one of five turns"
    assert planned(plan, 28)["flexibility/add-rock/left"] == (0, 2)
    assert planned(plan, 28)["strengthening/clam/left"] == (0, 6), "three sessions, one of two turns"


def test_what_replaces_an_exercise_is_planned_from_then_on(library: Library) -> None:
    found = planned(everything_tight(library), 28)
    assert found[HALF_KNEEL] == (0, 6)
    assert found[LUNGE] == (0, 6)


def test_a_locked_or_optional_stage_is_not_planned(library: Library) -> None:
    stages = {key.partition("/")[0] for key in planned(everything_tight(library), 28)}
    assert stages == {"flexibility", "smr", "strengthening"}


# --- four figures -------------------------------------------------------------------------------------------------------

STEP = "strengthening/step-up/left"


def entries(*lines: tuple[int, str, int]) -> tuple[DayRecord, ...]:
    """Sets done of an item on a day of the plan; none is a set skipped for a reason."""
    told = []
    for day, item, sets in lines:
        when = datetime(2026, 11, 23, 18, tzinfo=UTC) + timedelta(days=day)
        for number in range(1, max(sets, 1) + 1):
            skipped = None if sets else SkipReason.UNWELL
            told.append(
                PracticeEvent(
                    f"{day}-{item}-{number}",
                    item,
                    Side(item.rsplit("/", 1)[1]),
                    number,
                    MONDAY + timedelta(days=day),
                    when,
                    when,
                    done=sets > 0,
                    skipped=skipped,
                )
            )
    return days(told)


def whole(plan: Plan, weeks: int = 1) -> Span:
    return Span(plan, MONDAY, MONDAY, MONDAY + timedelta(days=7 * weeks - 1))


def of(weeks: tuple[ItemWeek, ...], item: str) -> tuple[int, int, int, int]:
    """Done, partly done, excused, not reported."""
    (one,) = [one for one in totals(weeks) if one.item == item]
    return one.days_done - one.partly, one.partly, one.excused, one.not_reported


def test_done_partly_excused_and_not_reported_are_four_things(library: Library) -> None:
    span = whole(everything_tight(library))
    assert of(by_week([span], entries((0, BRIDGE, 2))), BRIDGE) == (1, 0, 0, 2)
    assert of(by_week([span], entries((0, BRIDGE, 1))), BRIDGE) == (0, 1, 0, 2)
    assert of(by_week([span], entries((0, BRIDGE, 0))), BRIDGE) == (0, 0, 1, 2)
    assert of(by_week([span], entries((0, BRIDGE, 2), (2, BRIDGE, 1), (4, BRIDGE, 0))), BRIDGE) == (1, 1, 1, 0)
    assert of(by_week([span], ()), BRIDGE) == (0, 0, 0, 3)


def test_who_does_more_than_planned_needs_no_excuse(library: Library) -> None:
    told = entries(*((day, BRIDGE, 2) for day in range(5)), (5, BRIDGE, 0))
    assert of(by_week([whole(everything_tight(library))], told), BRIDGE) == (3, 0, 0, 0)


def test_the_easier_version_on_a_day_of_pain_counts_for_the_exercise(library: Library) -> None:
    plan = build_plan(SITUATIONS["one-sided-hamstring"].screen, library)
    weeks = by_week([whole(plan)], entries((0, STEP, 0), (0, "strengthening/step-up-low/left", 3), (2, STEP, 3)))
    assert of(weeks, STEP) == (2, 0, 0, 0)
    assert not [one for one in weeks if one.item == "strengthening/step-up-low/left"]


def test_a_week_adds_up_over_its_items(library: Library) -> None:
    weeks = by_week([whole(everything_tight(library), 2)], entries((0, BRIDGE, 2), (1, LUNGE, 1), (8, BRIDGE, 0)))
    first, second = per_week(weeks)
    assert (first.monday, second.monday) == (MONDAY, MONDAY + timedelta(days=7))
    assert (first.done, first.partly, first.excused) == (1, 0, 0), "the lunge is planned only after two weeks"
    assert (second.done, second.partly, second.excused) == (0, 0, 1)
    assert first.done + first.partly + first.excused + first.not_reported == first.days_planned > 20


def test_an_edit_in_the_middle_of_a_week_changes_nothing_about_what_stays_in_the_plan(library: Library) -> None:
    """Three busy days, then a new plan that keeps the bridge."""
    plan = everything_tight(library)
    told = entries((0, BRIDGE, 2), (1, BRIDGE, 2), (2, BRIDGE, 2))
    cut = MONDAY + timedelta(days=3)
    edited = [Span(plan, MONDAY, MONDAY, cut - timedelta(days=1)), Span(plan, cut, cut, MONDAY + timedelta(days=6))]
    assert of(by_week(edited, told), BRIDGE) == of(by_week([whole(plan)], told), BRIDGE) == (3, 0, 0, 0)


def test_a_stage_that_opened_later_is_planned_from_then_on_and_one_rung_at_a_time(library: Library) -> None:
    plan = everything_tight(library)
    states = dict.fromkeys(Stage, StageState.PASSED) | {Stage.RDL: StageState.OPEN, Stage.SINGLE_LEG: StageState.LOCKED}
    span = replace(whole(plan), states=states, rungs={Stage.RDL: "rdl-kb"}, upkeep=(BRIDGE,))
    assert {one.item for one in totals(by_week([span], ()))} == {"rdl/rdl-kb/both", BRIDGE}


def test_old_weeks_need_be_counted_only_once(library: Library) -> None:
    plan = everything_tight(library)
    told = entries((0, BRIDGE, 2), (9, BRIDGE, 1), (16, LUNGE, 2), (17, BRIDGE, 0))
    cut = MONDAY + timedelta(days=14)
    early = by_week([Span(plan, MONDAY, MONDAY, cut - timedelta(days=1))], told)
    late = by_week([Span(plan, MONDAY, cut, cut + timedelta(days=13))], told)
    together = by_week([whole(plan, 4)], told)
    assert totals((*early, *late)) == totals(together)
    assert per_week((*early, *late)) == per_week(together)


lines = st.lists(st.tuples(st.integers(0, 27), st.sampled_from([BRIDGE, HALF_KNEEL, LUNGE, STEP]), st.integers(0, 3)), max_size=30)


@settings(max_examples=50, deadline=None)
@given(lines, lines)
def test_nothing_that_comes_later_changes_a_week_that_is_past(
    library: Library, before: list[tuple[int, str, int]], after: list[tuple[int, str, int]]
) -> None:
    """Two weeks, and then two weeks more of whatever, in another plan."""
    plan, other = everything_tight(library), build_plan(SITUATIONS["one-sided-hamstring"].screen, library)
    cut = MONDAY + timedelta(days=14)
    past = {(day, item): sets for day, item, sets in before if day < 14}
    later = {(day, item): sets for day, item, sets in after if day >= 14}
    first = [Span(plan, MONDAY, MONDAY, cut - timedelta(days=1))]
    was = by_week(first, entries(*((*at, sets) for at, sets in past.items())))
    now = by_week(
        [*first, Span(other, cut, cut, cut + timedelta(days=13))],
        entries(*((*at, sets) for at, sets in {**past, **later}.items())),
    )
    assert [one for one in now if one.monday < cut] == list(was)
    assert per_week(now)[:2] == per_week(was)


def test_the_short_form_and_the_weeks_agree(library: Library) -> None:
    """What the interface for programs has always said comes from the same sums."""
    told = entries((0, BRIDGE, 2), (1, BRIDGE, 1), (3, HALF_KNEEL, 1), (8, BRIDGE, 0))
    spans = [whole(everything_tight(library), 2)]
    ticked = {BRIDGE: [MONDAY, MONDAY + timedelta(days=1)], HALF_KNEEL: [MONDAY + timedelta(days=3)]}
    short = [(one.item, one.days_done, one.days_planned) for one in adherence(spans, ticked)]
    assert short == [(one.item, one.days_done, one.days_planned) for one in totals(by_week(spans, told))]


def test_the_formula_is_a_sentence_for_the_page() -> None:
    assert FORMULA.startswith("Days with at least one set done, of the days planned.")
