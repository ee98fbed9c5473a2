"""Where a client stands in a plan: the state of each stage, why it is locked, and what must be shown before it counts as passed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.rules.contraindications import KEYS
from app.rules.documents import Criterion, Plan, StagePlan
from app.rules.vocabulary import LADDER, PREPARING, Stage, StageState

STAGE_LABELS: Final[Mapping[Stage, str]] = {
    Stage.FLEXIBILITY: "Flexibility",
    Stage.SMR: "Self-massage (SMR)",
    Stage.STRENGTHENING: "Strengthening",
    Stage.DOWEL: "Dowel",
    Stage.WALL: "Wall",
    Stage.RDL: "Romanian deadlift",
    Stage.SINGLE_LEG: "Single-leg",
}

EXIT: Final[Mapping[Stage, tuple[Criterion, ...]]] = {
    Stage.FLEXIBILITY: (
        Criterion("flexibility.regraded", "Measured again, each of these ranges is within reference or only mildly outside it."),
        Criterion(
            "flexibility.four_weeks",
            "Four weeks done, at least 80 % of the sessions ticked, the tightest range changed by more than the test's noise, "
            "and your trainer signs it with a reason.",
        ),
    ),
    Stage.SMR: (
        Criterion("smr.regraded", "Measured again, each of these ranges is within reference or only mildly outside it."),
        Criterion("smr.pressure", "Pressure on the spots feels like 3 of 10 or less in two sessions."),
    ),
    Stage.STRENGTHENING: (
        Criterion(
            "strengthening.bridge",
            "Bridge, 2 × 12 at 4 s down, 2 s hold, 1 s up, without back or hamstrings taking over, in two sessions in a row.",
        ),
        Criterion("strengthening.curl", "Hamstring curl or bridge walk-out, 2 × 8, clean."),
        Criterion("strengthening.step_up", "Step-up, 2 × 8 each side, and the step-down within reference or only mildly outside it."),
        Criterion("strengthening.plank", "Plank within reference or only mildly outside it."),
    ),
    Stage.DOWEL: (
        Criterion("dowel.contacts", "3 × 8 with all three contacts kept on every repetition, in two sessions in a row."),
        Criterion("dowel.depth", "Hip bend of at least 50°, and the hamstring stretch is felt."),
        Criterion("dowel.top", "No lean back at the top; pain 0 to 2 of 10."),
    ),
    Stage.WALL: (
        Criterion("wall.touches", "Heels 25 to 30 cm (10-12 in) from the wall, 3 × 10 light touches, in two sessions in a row."),
        Criterion("wall.shape", "Shin within 10° of upright, knee bend 10-30°."),
        Criterion("wall.stretch", "The hamstring stretch is felt; from the floor up: knees, hips, shoulders."),
    ),
    Stage.RDL: (
        Criterion("rdl.weeks", "At least four weeks in this stage."),
        Criterion("rdl.sets", "3 × 8 with 3 s on the way down, no bounce, every point of form kept, in three sessions in a row."),
        Criterion("rdl.load", "A load of at least a quarter of your body weight, or the goal load that your trainer states."),
        Criterion("rdl.pain", "Pain 0 to 2 of 10 during it and the next day."),
    ),
    Stage.SINGLE_LEG: (
        Criterion("single_leg.gate", "Both legs pass the single-leg gate before any load."),
        Criterion("single_leg.sets", "2 × 8 each side with the same load, in three sessions in a row."),
    ),
}
"""Exit criteria as sentences for the client.

The article names the contacts, the distance, the order and both legs; the numbers are judgement.
"""

ONE_IS_ENOUGH: Final = (Stage.FLEXIBILITY, Stage.SMR)
"""Stages whose exit needs any one criterion; the others need all."""


@dataclass(frozen=True, slots=True)
class StageStanding:
    """Where a client stands in one stage: `locked_because` in plain words, `met` the ids of the exit criteria that are shown."""

    stage: Stage
    state: StageState
    locked_because: str | None
    met: tuple[str, ...] = ()


def stage_states(plan: Plan) -> tuple[StageStanding, ...]:
    """The standing in each stage of `plan` as long as nothing has been signed off, in the order of the stages."""
    return tuple(StageStanding(one.stage, one.starts, _locked_because(plan, one)) for one in plan.stages)


def _locked_because(plan: Plan, one: StagePlan) -> str | None:
    words: list[str] = []
    if one.emptied_by:
        what = "; ".join(KEYS[key].label for key in one.emptied_by if key in KEYS)
        words.append(f"Nothing is left here ({what}). It passes on your trainer's word.")
    if one.starts is StageState.LOCKED:
        words.extend(f"{lock.because} Until {lock.until}." for lock in one.locks if not lock.loaded_only)
        words.append(_opens_when(plan, one.stage))
    return " ".join(words) or None


def _opens_when(plan: Plan, stage: Stage) -> str:
    place = LADDER.index(stage)
    if place:
        return f"Opens when the {_label(LADDER[place - 1])} stage is passed."
    needed = [_label(one.stage) for one in plan.stages if one.stage in PREPARING and one.starts is not StageState.NOT_INDICATED]
    names = needed[0] if len(needed) == 1 else f"{', '.join(needed[:-1])} and {needed[-1]}"
    return f"Opens when {names} {'is' if len(needed) == 1 else 'are'} passed."


def _label(stage: Stage) -> str:
    label = STAGE_LABELS[stage]
    return label if stage is Stage.RDL else label[0].lower() + label[1:]
