"""What a plan changes about the one before it, and the lines that a trainer has otherwise than the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from app import models
from app.errors import FieldError, Invalid, NotFound
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.diff import TRAINER, Choice, ItemWay, Keep, PlanDiff, diff, plan_with_choices, refusal_of
from app.rules.documents import Clearance, Finding
from app.rules.plan import barred, build_plan
from app.rules.ruleset import RULESET
from app.rules.vocabulary import Side
from app.services import library, only
from app.services.clients import get_client
from app.services.drafts import Line, Lines
from app.services.history import load_plan
from app.services.library import current_library
from app.services.plain_text import one_line, safe
from app.services.plans import ASSESSMENT, Preview, mended_by
from app.store import Store
from app.store.plans import Published


@dataclass(frozen=True, slots=True)
class Changes:
    """What a plan changes about plan `number`: `before` and `after` side by side.

    `otherwise` is what is left to the trainer instead, by line; `fixed` says of the lines that change why nothing is. `barred` is what must
    not be in any plan of hers.
    """

    number: int
    made_on: date
    before: rules.Plan
    after: rules.Plan
    diff: PlanDiff
    otherwise: Mapping[str, tuple[Keep, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    barred: frozenset[tuple[str, Side]] = frozenset()

    def still(self, lines: Lines) -> Lines:
        """Of lines that were to be otherwise once, those that still can be."""
        return {key: line for key, line in lines.items() if line.keep in self.otherwise.get(key, ())}


_WAYS: Final[Mapping[ItemWay, tuple[Keep, ...]]] = {
    "added": ("neither",),
    "removed": ("before",),
    "dose": ("before", "neither"),
    "kept": ("neither",),
}


def changes_of(store: Store, client: Client, document: rules.Screen, preview: Preview, mends: models.Screen | None) -> Changes | None:
    """What the plan of a screen would change by the rules; None for a stop, and where there was no plan before."""
    row = _before(store, client, mends)
    return None if row is None else changes_to(store, client, row, document, preview)


def changes_to(store: Store, client: Client, row: models.Plan | Published, document: rules.Screen, preview: Preview) -> Changes | None:
    """What the plan of a screen would change by the rules about an earlier plan; None for a stop."""
    after = preview.plan
    if after is None:
        return None
    before = load_plan(row)
    held = _barred(store, document, before, preview.library, preview.clearances)
    found = diff(before, after, findings_of(store, client, row.screen_id), preview.assessment.findings)
    otherwise: dict[str, tuple[Keep, ...]] = {}
    fixed = {}
    for one in found.items:
        why = {keep: refusal_of(before, after, Choice(one.key, keep, "x"), held) for keep in _WAYS[one.way]}
        otherwise[one.key] = tuple(keep for keep, refusal in why.items() if not refusal)
        if one.way != "kept" and all(why.values()):
            fixed[one.key] = why[_WAYS[one.way][0]]
    return Changes(row.number, row.made_on, before, after, found, otherwise, fixed, held)


def _barred(
    store: Store, document: rules.Screen, before: rules.Plan, shelf: rules.Library, clearances: tuple[Clearance, ...]
) -> frozenset[tuple[str, Side]]:
    """What must not be in any plan of hers, of what the library holds, and of what the plan before holds and is archived by now."""
    held = {one.exercise for stage in before.stages for item in stage.items for one in (item, item.easier, item.later) if one is not None}
    gone = held - shelf.keys()
    return barred(document, {**shelf, **library.titles(store, gone)} if gone else shelf, clearances)


LONGEST_REASON: Final = 300
"""Characters of a reason for a line that is otherwise; the client reads it on her plan."""


def check_reasons(lines: Lines) -> None:
    """Raise Invalid beside a reason that is too long to read in a plan, or that no page should carry."""
    if wrong := [FieldError(f"line.{key}", said) for key, line in lines.items() if (said := _complaint(line.reason))]:
        raise Invalid(*wrong)


def _complaint(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        return f"Use at most {LONGEST_REASON} characters."
    try:
        plain = safe(reason)
    except ValueError as problem:
        return f"The reason {problem}."
    try:
        one_line(plain)
    except ValueError:
        return "Write the reason in one line."
    return ""


def chosen_plan(store: Store, changes: Changes, lines: Lines) -> rules.Plan:
    """The plan with the lines that the trainer has otherwise; Invalid beside one without a reason, or that is not left to her.

    What was said of a line in the plan before, and is said again, stays the word of whoever said it.
    """
    former = _lines_of(store, changes.before)
    choices = []
    for key, line in lines.items():
        said = former.get(key)
        again = said is not None and line == _as_typed(said)
        choices.append(Choice(key, line.keep, said.reason if said is not None and again else _said(store.actor.name, line)))
    refusals = {one.item: refusal_of(changes.before, changes.after, one, changes.barred) for one in choices}
    if any(refusals.values()):
        raise Invalid(*(FieldError(f"line.{key}", refusal) for key, refusal in refusals.items() if refusal))
    return plan_with_choices(changes.before, changes.after, choices, barred=changes.barred)


def _said(by: str, line: Line) -> str:
    """A trainer's reason as it stands in the plan; nothing while she has given none."""
    reason = line.reason.strip()
    return f"{_KEPT[line.keep]} by {by}: {reason}" if reason else ""


_KEPT: Final[Mapping[Keep, str]] = {"before": "Kept", "neither": "Left out"}


def _as_typed(said: Line) -> Line:
    return Line(said.keep, said.reason.partition(": ")[2])


def lines_of(store: Store, plan: rules.Plan) -> Lines:
    """The lines of a plan that the trainer has otherwise than the rules, with the reasons as they were typed."""
    return {key: _as_typed(said) for key, said in _lines_of(store, plan).items()}


def _lines_of(store: Store, plan: rules.Plan) -> Lines:
    """The lines of a plan that the trainer has otherwise, with what stands beside them: by whom, and why."""
    kept = {item.key: item.reasons for stage in plan.stages for item in stage.items}
    lines = {key: Line("before", one.because) for key, reasons in kept.items() for one in reasons if one.rule == TRAINER}
    left_out = [one for one in plan.removed if one.key == TRAINER]
    stages = {slug: one.stage for slug, one in current_library(store).items()} | _ASKED_IN if left_out else {}
    return lines | {
        f"{stages[one.exercise]}/{one.exercise}/{one.side}": Line("neither", one.because) for one in left_out if one.exercise in stages
    }


_ASKED_IN: Final = {slug: part.stage for rule in RULESET.rules for part in rule.adds for slug in part.slugs}
"""The stage in which the rules ask for an exercise, whichever the library counts it to."""


def rebuilt_plan(
    store: Store, client: Client, screen: models.Screen, document: rules.Screen, clearances: tuple[Clearance, ...]
) -> rules.Plan:
    """The plan of a screen made again, with the lines that the trainer has otherwise in the newest one made of it before.

    What the screen's clearances, a lock or pain take out goes, whatever was said of it then.
    """
    shelf = current_library(store)
    plan = build_plan(document, shelf, RULESET, clearances)
    former = [one for id in mended_by(store, client, screen) if (one := store.plans.of_screen(id)) is not None]
    if not former:
        return plan
    before = load_plan(max(former, key=lambda one: one.number))
    held = _barred(store, document, before, shelf, clearances)
    choices = (Choice(key, line.keep, line.reason) for key, line in _lines_of(store, before).items())
    return plan_with_choices(before, plan, (one for one in choices if not refusal_of(before, plan, one, held)), barred=held)


def _before(store: Store, client: Client, mends: models.Screen | None, number: int | None = None) -> models.Plan | None:
    """The newest plan, or the newest before a number, that was not made from a screen which is mended."""
    return store.plans.before(client, number, mended_by(store, client, mends) if mends is not None else ())


def findings_of(store: Store, client: Client, screen_id: int) -> tuple[Finding, ...]:
    """What a finished screen found."""
    result = store.screens.get(client, screen_id).result
    return ASSESSMENT.validate_json(result).findings if result is not None else ()


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """A published plan beside the one before it; `changes` is None for the first one."""

    client: Client
    number: int
    made_on: date
    made_by: str
    changes: Changes | None


@only(Role.TRAINER)
def plan_changes(store: Store, client_id: int, number: int) -> PlanChanges:
    """What a plan changed about the one before it, worked out from both as they were published."""
    client = get_client(store, client_id)
    return _published(store, client, store.plans.numbered(client, number))


@only(Role.CLIENT)
def my_changes(store: Store) -> PlanChanges:
    """What the client's newest plan changed; NotFound while she has none."""
    client = get_client(store, store.actor.client_id or 0)
    row = store.plans.latest(client)
    if row is None:
        raise NotFound
    return _published(store, client, row)


def _published(store: Store, client: Client, row: models.Plan) -> PlanChanges:
    screen = store.screens.get(client, row.screen_id)
    mends = store.screens.get(client, screen.supersedes_id) if screen.supersedes_id is not None else None
    older = _before(store, client, mends, row.number)
    found = None
    if older is not None:
        before, after = load_plan(older), load_plan(row)
        sides = diff(before, after, findings_of(store, client, older.screen_id), findings_of(store, client, row.screen_id))
        if older.screen_id == row.screen_id:
            sides = replace(sides, findings=())  # nothing was measured in between
        found = Changes(older.number, older.made_on, before, after, sides)
    return PlanChanges(client, row.number, row.made_on, store.accounts.user(row.made_by).name, found)
