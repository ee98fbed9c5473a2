"""Plans as text that a coach can review: `python -m tests.rules.golden` rewrites those of all situations, to be read as a diff."""

import sys
from collections.abc import Iterable
from pathlib import Path

from app.rules.contraindications import KEYS
from app.rules.documents import Assessment, Dose, Item, Plan, StagePlan
from app.rules.plan import build_plan
from app.rules.readiness import assess
from app.rules.ruleset import RULESET, Ruleset
from tests.rules.conftest import read_starter
from tests.rules.situations import SITUATIONS, Situation

FOLDER = Path(__file__).parent / "golden"

CUES = {rule.cue: rule.id for rule in RULESET.rules if rule.cue} | {key.cue: key.id for key in KEYS.values() if key.cue}


STARTER_LIBRARY = read_starter()


def planned(situation: Situation, ruleset: Ruleset = RULESET) -> Plan:
    """The plan of a situation with the starter library."""
    return build_plan(situation.screen, STARTER_LIBRARY, ruleset, situation.clearances)


def render(name: str, situation: Situation, plan: Plan) -> str:
    """One situation, its status and its plan as text."""
    assessment = assess(situation.screen, situation.clearances)
    return "\n".join([name, situation.story, *_status(assessment), "", *_plan(plan)]) + "\n"


def _status(assessment: Assessment) -> Iterable[str]:
    yield f"status: {assessment.status.value}"
    yield "reasons:" if assessment.reasons else "reasons: -"
    yield from (f"  {reason.rule} {reason.level.value}" for reason in assessment.reasons)


def _plan(plan: Plan) -> Iterable[str]:
    if not plan.stages:
        yield "no plan"
        return
    for stage in plan.stages:
        yield from _stage(stage)
    yield "removed:" if plan.removed else "removed: -"
    yield from (f"  {one.exercise}/{one.side.value} {one.key} -> {one.instead or '-'}" for one in plan.removed)
    yield f"habits: {' '.join(habit.rule for habit in plan.habits) or '-'}"
    yield "notes:" if plan.notes else "notes: -"
    yield from (f"  {note}" for note in plan.notes)


def _stage(stage: StagePlan) -> Iterable[str]:
    yield f"{stage.stage.value}: {stage.starts.value}"
    for lock in stage.locks:
        yield f"  lock {lock.rule} {'loaded only' if lock.loaded_only else 'stage'} | until {lock.until}"
    if stage.emptied_by:
        yield f"  emptied by {' '.join(stage.emptied_by)}"
    for item in stage.items:
        yield f"  {_item(item)}"
        yield from (f"    cue {CUES[cue]}" for cue in item.cues)


def _item(item: Item) -> str:
    named = max(
        (reason.finding for reason in item.reasons if reason.finding is not None and reason.rule != "R60"),
        key=lambda finding: finding.grade if isinstance(finding.grade, int) else 0,
        default=None,
    )
    value = "" if named is None or named.value is None else f" {named.value:g}"
    because = "always" if named is None else f"{named.test} {named.side.value}{value} ({named.grade})"
    parts = [
        f"{item.exercise}/{item.side.value}",
        _dose(item.dose),
        _days(item.dose),
        "every session" if item.every_session else "takes turns",
        f"{' '.join(reason.rule for reason in item.reasons)} <- {because}",
    ]
    if item.then is not None:
        parts.append(f"then {item.then.exercise} after {item.then.after_weeks} weeks")
    return " | ".join(parts)


def _dose(dose: Dose) -> str:
    words = f"{dose.sets} x {dose.reps}" if dose.reps is not None else f"{dose.sets} x {dose.hold_s} s"
    if dose.spots:
        words += f", {dose.spots} spot{'s' if dose.spots > 1 else ''}"
    if dose.tempo:
        words += f", tempo {dose.tempo}"
    if dose.rest_s:
        words += f", rest {dose.rest_s} s"
    if dose.height_cm:
        words += f", height {dose.height_cm} cm"
    if dose.load:
        words += f", load {dose.load}"
    return words


def _days(dose: Dose) -> str:
    least, most = dose.per_week
    return f"{least} days a week" if least == most else f"{least}-{most} days a week"


def main() -> int:
    """Rewrite every golden plan, and take away those whose situation is gone."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        if path.stem not in SITUATIONS:
            path.unlink()
    for name, situation in SITUATIONS.items():
        (FOLDER / f"{name}.txt").write_text(render(name, situation, planned(situation)), encoding="utf-8")
    print(f"{len(SITUATIONS)} plans written to {FOLDER}; read them with: git diff {FOLDER.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
