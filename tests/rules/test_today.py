"""What is due on a day, and what the log says is done."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.rules.documents import Plan, PracticeEvent
from app.rules.progress import StageStanding, stage_states
from app.rules.today import Today, latest, today
from app.rules.vocabulary import Side, Stage, StageState
from tests.rules.golden import planned
from tests.rules.situations import SITUATIONS

MADE_ON = date(2026, 11, 23)  # a Monday
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def plan_of(name: str) -> Plan:
    return planned(SITUATIONS[name])


def tick(
    item: str, number: int = 1, day: int = 0, *, done: bool = True, at: int = 0, id: str = "a", pain: int | None = None
) -> PracticeEvent:
    """Set `number` of `item` on the day `day` of the plan, `at` minutes after noon."""
    when = NOON + timedelta(days=day, minutes=at)
    return PracticeEvent(id, item, Side(item.rsplit("/", 1)[1]), number, MADE_ON + timedelta(days=day), when, when, done=done, pain=pain)


def keys(one: Today, stage: Stage | None = None) -> list[str]:
    return [due.item.key for part in one.stages if stage in (None, part.stage) for due in part.items]


def on(day: int) -> date:
    return MADE_ON + timedelta(days=day)


def test_only_open_and_optional_stages_are_due() -> None:
    day = today(plan_of("one-sided-hamstring"), MADE_ON, (), MADE_ON)
    assert [part.stage for part in day.stages] == [Stage.FLEXIBILITY, Stage.SMR, Stage.STRENGTHENING, Stage.DOWEL]
    assert day.stages[-1].state is StageState.OPTIONAL
    assert keys(day, Stage.FLEXIBILITY) == ["flexibility/strap-ham/left"]


def test_a_stop_has_nothing_due() -> None:
    day = today(plan_of("painful-test"), MADE_ON, (), MADE_ON)
    assert day.nothing_due
    assert not day.all_done
    assert not day.week_done


def test_sets_are_counted_and_the_next_one_is_known() -> None:
    item = "flexibility/strap-ham/left"
    day = today(plan_of("one-sided-hamstring"), MADE_ON, [tick(item, 1), tick(item, 2, pain=2, id="b")], MADE_ON)
    due = day.stages[0].items[0]
    assert (due.done, due.of, due.next_set) == (2, 4, 3)
    assert due.sets[1].pain == 2
    assert day.done == 2
    dowel = day.stages[-1]
    assert (dowel.stage, dowel.state) == (Stage.DOWEL, StageState.OPTIONAL)
    assert day.of == sum(one.of for one in day.items) - dowel.items[0].of, "a dowel that may be tried is not asked for"


def test_a_week_is_done_without_the_dowel_that_may_be_tried() -> None:
    plan = plan_of("one-sided-hamstring")
    items = [item for stage in plan.stages if stage.stage is not Stage.DOWEL for item in stage.items]
    events = [tick(item.key, day=day, id=f"{day}-{item.key}") for day in range(7) for item in items]
    assert today(plan, MADE_ON, events, on(6)).week_done
    strap = "flexibility/strap-ham/left"
    assert not today(plan, MADE_ON, [one for one in events if one.item != strap], on(6)).week_done


def test_an_untick_takes_a_tick_back_and_an_older_event_changes_nothing() -> None:
    item = "flexibility/strap-ham/left"
    first, untick, late = tick(item, at=0), tick(item, done=False, at=5, id="b"), tick(item, at=3, id="c")
    for events in ([first, untick, late], [late, untick, first], [untick, first, untick, late, first]):
        assert today(plan_of("one-sided-hamstring"), MADE_ON, events, MADE_ON).done == 0


def test_of_two_events_at_once_the_one_received_later_holds_then_the_greater_id() -> None:
    item = "flexibility/strap-ham/left"
    one, other = tick(item, id="a"), tick(item, id="b", done=False)
    assert next(iter(latest([other, one]).values())) is other
    assert next(iter(latest([one, other]).values())) is other


def test_everything_ticked_is_all_done() -> None:
    plan = plan_of("one-sided-hamstring")
    due = today(plan, MADE_ON, (), MADE_ON).items
    events = [tick(one.item.key, mark.number, id=f"{index}-{mark.number}") for index, one in enumerate(due) for mark in one.sets]
    assert today(plan, MADE_ON, events, MADE_ON).all_done


def test_what_takes_turns_moves_on_with_each_day_on_which_the_stage_was_ticked() -> None:
    plan = plan_of("one-sided-hamstring")
    smr = [set(keys(today(plan, MADE_ON, (), MADE_ON), Stage.SMR))]
    events: list[PracticeEvent] = []
    for day in (0, 2, 3):
        events.append(tick("smr/smr-ham/left", day=day, id=str(day)))
        smr.append(set(keys(today(plan, MADE_ON, events, on(day + 1)), Stage.SMR)))
    assert smr[0] == {
        f"smr/{name}" for name in ("smr-ham/left", "smr-hipflex/left", "smr-hipflex/right", "smr-quad/left", "smr-quad/right")
    }
    assert smr[1] == {f"smr/{name}" for name in ("smr-ham/left", "smr-tfl/left", "smr-tfl/right", "smr-add/left", "smr-add/right")}
    assert smr[2] == {f"smr/{name}" for name in ("smr-ham/left", "smr-itb/left", "smr-itb/right", "smr-hipflex/left", "smr-hipflex/right")}
    assert smr[3] == {f"smr/{name}" for name in ("smr-ham/left", "smr-quad/left", "smr-quad/right", "smr-tfl/left", "smr-tfl/right")}


def test_ticks_of_the_same_day_do_not_move_the_turns() -> None:
    plan = plan_of("one-sided-hamstring")
    before = keys(today(plan, MADE_ON, (), MADE_ON), Stage.SMR)
    assert keys(today(plan, MADE_ON, [tick("smr/smr-ham/left")], MADE_ON), Stage.SMR) == before


def test_ticks_of_another_stage_do_not_move_the_turns() -> None:
    plan = plan_of("one-sided-hamstring")
    before = keys(today(plan, MADE_ON, (), on(1)), Stage.SMR)
    assert keys(today(plan, MADE_ON, [tick("flexibility/strap-ham/left")], on(1)), Stage.SMR) == before


@pytest.mark.parametrize(("day", "name"), [(0, "half-kneel"), (13, "half-kneel"), (14, "runners-lunge"), (60, "runners-lunge")])
def test_the_lunge_takes_its_place_after_two_weeks(day: int, name: str) -> None:
    due = keys(today(plan_of("everything-tight"), MADE_ON, (), on(day)), Stage.FLEXIBILITY)
    assert f"flexibility/{name}/left" in due
    assert f"flexibility/{name}/right" in due


def test_a_week_that_is_done_hides_nothing() -> None:
    plan = plan_of("one-sided-hamstring")
    item = "flexibility/strap-ham/left"
    events = [tick(item, day=day, id=str(day)) for day in (0, 2, 4)]
    due = today(plan, MADE_ON, events, on(5)).stages[0].items[0]
    assert (due.item.key, due.days_this_week, due.of_days) == (item, 3, 3)
    assert today(plan, MADE_ON, events, on(7)).stages[0].items[0].days_this_week == 0


def test_ticks_before_the_plan_take_nobodys_turn() -> None:
    plan = plan_of("one-sided-hamstring")
    early = tick("smr/smr-ham/left", day=-1)
    assert keys(today(plan, MADE_ON, [early], on(1))) == keys(today(plan, MADE_ON, (), on(1)))


def test_what_was_done_this_week_counts_under_a_plan_that_was_made_in_the_middle_of_it() -> None:
    plan = plan_of("one-sided-hamstring")
    item = "flexibility/strap-ham/left"
    events = [tick(item, day=day, id=str(day)) for day in (-1, 0, 1)]
    for told in (today(plan, on(2), events, on(3)), today(plan, on(2), (), on(3), ticked_before=[(on(day), item) for day in (-1, 0, 1)])):
        assert [one.days_this_week for one in told.items if one.item.key == item] == [2]
        assert keys(told) == keys(today(plan, on(2), (), on(3)))


def passed(plan: Plan, *states: tuple[Stage, StageState]) -> list[StageStanding]:
    known = dict(states)
    return [StageStanding(one.stage, known.get(one.stage, one.state), None) for one in stage_states(plan)]


def test_a_lock_on_load_leaves_what_is_done_without() -> None:
    plan = plan_of("leg-raise-score-one")
    standings = passed(plan, (Stage.RDL, StageState.OPEN), (Stage.SINGLE_LEG, StageState.OPTIONAL))
    day = today(plan, MADE_ON, (), MADE_ON, standings)
    assert keys(day, Stage.RDL) == ["rdl/rdl-dowel/both"]
    assert not any(due.item.loaded for due in day.items)


def test_rungs_open_one_at_a_time_from_the_easiest() -> None:
    plan = plan_of("strong-athlete")
    day = today(plan, MADE_ON, (), MADE_ON, passed(plan, (Stage.RDL, StageState.OPEN), (Stage.SINGLE_LEG, StageState.OPTIONAL)))
    assert keys(day, Stage.RDL) == ["rdl/rdl-dowel/both"]
    assert keys(day, Stage.SINGLE_LEG) == ["single_leg/sl-supported/left", "single_leg/sl-supported/right"]


def test_the_worse_side_comes_first() -> None:
    due = keys(today(plan_of("right-hamstring-shorter"), MADE_ON, (), MADE_ON), Stage.FLEXIBILITY)
    assert due[0].endswith("/right")
