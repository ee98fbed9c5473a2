"""Days done of days planned: weeks, parts of weeks, turns, and what replaces what."""

from datetime import date, timedelta

from app.rules.adherence import Span, adherence
from app.rules.documents import Library, Plan
from app.rules.plan import build_plan
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
