"""The plans of all situations are as written, and every row of the table is needed by at least one of them."""

import pytest

from app.rules.documents import Plan
from app.rules.ruleset import RULESET
from tests.rules.golden import FOLDER, planned, render
from tests.rules.situations import SITUATIONS

WAITING = {"R53"}
"""Rows whose feature does not exist yet."""


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_plan_is_the_one_that_was_worked_out(name: str) -> None:
    written = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert render(name, SITUATIONS[name], planned(SITUATIONS[name])) == written


def test_every_written_plan_has_its_situation() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(SITUATIONS)


@pytest.fixture(scope="module")
def plans() -> dict[str, tuple[object, ...]]:
    return {name: bare(planned(situation)) for name, situation in SITUATIONS.items()}


@pytest.mark.parametrize("rule", [rule.id for rule in RULESET.rules if rule.id not in WAITING])
def test_each_row_earns_its_place(rule: str, plans: dict[str, tuple[object, ...]]) -> None:
    without = RULESET.without(rule)
    assert any(bare(planned(SITUATIONS[name], without)) != plan for name, plan in plans.items()), f"no plan needs {rule}"


@pytest.mark.parametrize("rule", sorted(WAITING))
def test_a_row_that_waits_changes_nothing_yet(rule: str, plans: dict[str, tuple[object, ...]]) -> None:
    without = RULESET.without(rule)
    assert all(bare(planned(SITUATIONS[name], without)) == plan for name, plan in plans.items())


def bare(plan: Plan) -> tuple[object, ...]:
    """Items, sides, doses, states, locks, cues and habits: neither reasons, nor the order, nor whose turn it is."""
    return (
        plan.habits,
        tuple(
            (stage.stage, stage.starts, stage.locks, {item.key: (item.dose, item.then, item.cues) for item in stage.items})
            for stage in plan.stages
        ),
    )


def test_there_are_thirty_eight_rows() -> None:
    assert len(RULESET.rules) == len({rule.id for rule in RULESET.rules}) == 38
