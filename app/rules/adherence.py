"""How much of what a plan asked for was done: days done of days planned, for each item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Final

from app.rules.documents import Item, Plan
from app.rules.progress import stage_states
from app.rules.vocabulary import Side, StageState

_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Span:
    """A plan and the days on which it was the one in force, both included; `made_on` is when it began."""

    plan: Plan
    made_on: date
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ItemAdherence:
    """One item: on how many days it was ticked, never counted above what was planned, of how many days planned."""

    item: str
    side: Side
    days_done: int
    days_planned: int


def adherence(spans: Iterable[Span], ticked: Mapping[str, Iterable[date]]) -> tuple[ItemAdherence, ...]:
    """Days done of days planned for each item of an open stage, in the order of the plans.

    `ticked` gives for an item's key the days on which at least one set of it was ticked. A week is Monday to Sunday and plans the lower
    number of `per_week`; a part of a week, and an item that takes turns, its share of that; the sum is rounded down. More than planned in
    one week does not make up for another. An item that replaces another after some weeks is planned from then on. What comes to nothing is
    left out (judgement).
    """
    done: dict[str, int] = {}
    planned: dict[str, Fraction] = {}
    sides: dict[str, Side] = {}
    for span in spans:
        for first, last in _weeks(span.first, span.last):
            days = (last - first).days + 1
            for item, share in _planned_items(span.plan, (first - span.made_on).days // _WEEK):
                wanted = item.dose.per_week[0] * share * days / _WEEK
                was = sum(first <= day <= last for day in ticked.get(item.key, ()))
                sides[item.key] = item.side
                planned[item.key] = planned.get(item.key, Fraction(0)) + wanted
                done[item.key] = done.get(item.key, 0) + min(was, ceil(wanted))
    whole = {key: int(total) for key, total in planned.items() if total >= 1}
    return tuple(ItemAdherence(key, sides[key], min(done[key], most), most) for key, most in whole.items())


def _weeks(first: date, last: date) -> Iterable[tuple[date, date]]:
    while first <= last:
        sunday = first + timedelta(days=_WEEK - 1 - first.weekday())
        yield first, min(sunday, last)
        first = sunday + timedelta(days=1)


def _planned_items(plan: Plan, week: int) -> Iterable[tuple[Item, Fraction]]:
    """The items of the open stages in that week of the plan, and in what share of the sessions each is due."""
    states = {one.stage: one.state for one in stage_states(plan)}
    for stage in plan.stages:
        if states[stage.stage] is StageState.OPEN:
            places = 1 + max((item.turn for item in stage.items if item.turn is not None), default=0)
            for item in stage.items:
                comes = item.then is not None and item.later is not None and week >= item.then.after_weeks
                share = Fraction(1) if item.turn is None else Fraction(min(stage.share, places), places)
                yield item.later if comes and item.later is not None else item, share
