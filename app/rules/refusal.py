"""Why an exercise of a plan can't be practised yet, and what has to be shown first."""

from dataclasses import dataclass

from app.rules.documents import Item, StagePlan
from app.rules.progress import Missing, Progress, StageProgress, blocking
from app.rules.track import RUNG_STAGES
from app.rules.vocabulary import LADDER, PREPARING, Stage, StageState


@dataclass(frozen=True, slots=True)
class Refusal:
    """A plain sentence, and what is missing by id and sentence."""

    because: str
    missing: tuple[Missing, ...]


def refusal(progress: Progress, stage: StagePlan, exercise: str, *, loaded: bool) -> Refusal | None:
    """Why an exercise of `stage` can't be practised where she stands in `progress`; None when it can.

    A locked stage, one that nothing asks for, a rung whose turn has not come, and a lock on load each say what they wait for. What was
    passed may be practised.
    """
    one = progress.of(stage.stage)
    if one.state is StageState.LOCKED:
        return Refusal(one.locked_because or "This stage is locked.", locked_by(progress, stage.stage))
    if one.state is StageState.NOT_INDICATED:
        return Refusal("Nothing asks for this stage now.", ())
    rung = next((it for it in one.rungs if it.exercise == exercise), None)
    if rung is not None:
        if rung.is_open:
            return None
        missing = rung.waits or (_turn(one, exercise),)
        return Refusal(" ".join(it.text for it in missing), missing)
    locks = [lock for lock in stage.locks if lock.loaded_only] if loaded else []
    if not locks:
        return None
    return Refusal(
        " ".join(f"{lock.because} Until {lock.until}." for lock in locks),
        tuple(Missing(lock.rule, f"Until {lock.until}.") for lock in locks),
    )


def item_refusal(progress: Progress, stage: StagePlan, item: Item) -> Refusal | None:
    """The same of an item of the plan."""
    return refusal(progress, stage, item.exercise, loaded=item.loaded)


def most_sets(item: Item, stage: Stage, progress: Progress) -> int:
    """The most sets of an item that may be asked for: those of its dose, or of the weeks of loading, and one more for the weaker leg."""
    sets = max(item.dose.sets, progress.rdl_sets) if stage is Stage.RDL else item.dose.sets
    return sets + 1 if stage in RUNG_STAGES and item.side is progress.weaker_leg else sets


def locked_by(progress: Progress, stage: Stage) -> tuple[Missing, ...]:
    """What a locked stage waits for, down to the criteria of the stages before it."""
    found: list[Missing] = []
    before = PREPARING if stage not in LADDER or stage is Stage.DOWEL else LADDER[LADDER.index(stage) - 1 : LADDER.index(stage)]
    waits = blocking(progress, stage)
    for one in waits:
        behind = next((it for it in progress.stages if it.stage in before and one.id == f"{it.stage}.passed"), None)
        criteria = () if behind is None else tuple(Missing(it.key, it.missing or it.text) for it in behind.missing)
        found += criteria or (one,)
    return tuple(found)


def _turn(one: StageProgress, exercise: str) -> Missing:
    """What opens a rung: the one before it, in one session that went well."""
    slugs = [it.exercise for it in one.rungs]
    before = [it for it in one.rungs[: slugs.index(exercise)] if not it.is_open or it.earned_on is None]
    name = before[0].name if before else "the exercise before it"
    return Missing(f"{one.stage}.rung", f"Opens after one good session of {name} seen by a trainer.")
