"""What a week of a plan holds on paper: everything that may come up in it, those that take turns too."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.documents import Item, Plan, StagePlan
from app.rules.progress import Progress, stage_states
from app.rules.today import due_items
from app.rules.vocabulary import Stage, StageState


@dataclass(frozen=True, slots=True)
class WeekItem:
    """One item of a week; `changes_to` takes its place on the day `changes_on` of that same week."""

    item: Item
    changes_to: Item | None = None
    changes_on: date | None = None


@dataclass(frozen=True, slots=True)
class WeekStage:
    """One stage that is open or optional in the week, or of which something stays due."""

    stage: Stage
    state: StageState
    items: tuple[WeekItem, ...]


def week(plan: Plan, made_on: date, monday: date, progress: Progress | None = None) -> tuple[WeekStage, ...]:
    """The stages and items of the week that begins on `monday`, of a plan made on `made_on`.

    `progress` says where the client stands when it is printed; without it nothing has been signed off.
    """
    states = {one.stage: one.state for one in (stage_states(plan) if progress is None else progress.standings)}
    sunday = monday + timedelta(days=6)
    weeks = max((monday - made_on).days, 0) // 7
    found: list[WeekStage] = []
    for stage in plan.stages:
        if progress is not None or states[stage.stage] in (StageState.OPEN, StageState.OPTIONAL):
            items = tuple(_week_item(item, made_on, weeks, sunday) for item in _all_turns(stage, weeks, progress))
            if items:
                found.append(WeekStage(stage.stage, states[stage.stage], items))
    return tuple(found)


def _all_turns(stage: StagePlan, weeks: int, progress: Progress | None) -> tuple[Item, ...]:
    """What is due in any of the stage's sessions, in the plan's order, the side that goes first in front."""
    turns = 1 + max((item.turn for item in stage.items if item.turn is not None), default=0)
    due = {item.key: item for session in range(turns) for item in due_items(stage, weeks, session, progress)}
    place = {slug: at for at, slug in reversed(list(enumerate(_slugs(stage))))}
    return tuple(sorted(due.values(), key=lambda item: place[item.exercise]))


def _slugs(stage: StagePlan) -> list[str]:
    return [slug for item in stage.items for slug in (item.exercise, item.later.exercise if item.later is not None else item.exercise)]


def _week_item(item: Item, made_on: date, weeks: int, sunday: date) -> WeekItem:
    if item.then is None or item.later is None or weeks >= item.then.after_weeks:
        return WeekItem(item)
    day = made_on + timedelta(weeks=item.then.after_weeks)
    return WeekItem(item, item.later, day) if day <= sunday else WeekItem(item)
