"""What a plan changes about the one before it, and the lines that a trainer leaves as they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app import models
from app.errors import FieldError, Invalid, NotFound
from app.models import Client, Role
from app.rules import documents as rules
from app.rules.diff import TRAINER, Choice, PlanDiff, RefusedChoice, diff, plan_with_choices
from app.rules.documents import Clearance, Finding
from app.rules.plan import barred, build_plan
from app.rules.ruleset import RULESET
from app.services import only
from app.services.clients import get_client
from app.services.history import load_plan
from app.services.library import current_library
from app.services.plans import ASSESSMENT, Preview, mended_by
from app.store import Store

Lines = Mapping[str, str]
"""Lines of the plan before that stay as they were, by item, each with the trainer's reason."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a plan changes about plan `number`; `fixed` are the changed lines that are not left to the trainer, and why."""

    number: int
    made_on: date
    before: rules.Plan
    diff: PlanDiff
    fixed: Mapping[str, str]


def changes_of(store: Store, client: Client, document: rules.Screen, preview: Preview, mends: models.Screen | None) -> Changes | None:
    """What the plan of a screen would change by the rules; None for a stop, and where there was no plan before."""
    row = _before(store, client, mends)
    if preview.plan is None or row is None:
        return None
    before = load_plan(row)
    found = diff(before, preview.plan, _findings(store, client, row.screen_id), preview.assessment.findings)
    held = barred(document, current_library(store), preview.clearances)
    fixed = {}
    for one in found.changed:
        try:
            plan_with_choices(before, preview.plan, [Choice(one.key, "before", "x")], barred=held)
        except RefusedChoice as refused:
            fixed[one.key] = refused.why
    return Changes(row.number, row.made_on, before, found, fixed)


def chosen_plan(store: Store, document: rules.Screen, preview: Preview, changes: Changes | None, lines: Lines) -> rules.Plan | None:
    """The plan with the lines that the trainer leaves as they were; Invalid beside one without a reason, or that is not left to her."""
    if preview.plan is None or changes is None or not lines:
        return preview.plan
    new = {one.key for one in changes.diff.items if one.way == "added"}
    by = store.actor.name
    choices = [Choice(key, "before", _said(by, reason.strip(), left_out=key in new)) for key, reason in lines.items()]
    held = barred(document, current_library(store), preview.clearances)
    plan, wrong = preview.plan, []
    for one in choices:
        try:
            plan_with_choices(changes.before, preview.plan, [one], barred=held)
        except RefusedChoice as refused:
            wrong.append(FieldError(f"line.{refused.item}", refused.why))
    if wrong:
        raise Invalid(*wrong)
    return plan_with_choices(changes.before, plan, choices, barred=held)


def _said(by: str, reason: str, *, left_out: bool) -> str:
    """A trainer's reason as it stands in the plan; nothing while she has given none."""
    return f"{'Left out' if left_out else 'Kept'} by {by}: {reason}" if reason else ""


def lines_of(store: Store, plan: rules.Plan) -> Lines:
    """The lines of a plan that were left as they were, with the reasons as they were typed."""
    return {key: because.partition(": ")[2] for key, because in _words_of(store, plan).items()}


def _words_of(store: Store, plan: rules.Plan) -> Lines:
    """The lines of a plan that were left as they were, with what stands beside them: by whom, and why."""
    kept = {item.key: item.reasons for stage in plan.stages for item in stage.items}
    lines = {key: one.because for key, reasons in kept.items() for one in reasons if one.rule == TRAINER}
    library = current_library(store)
    for gone in plan.removed:
        if gone.key == TRAINER and gone.exercise in library:
            lines[f"{library[gone.exercise].stage}/{gone.exercise}/{gone.side}"] = gone.because
    return lines


def rebuilt_plan(
    store: Store, client: Client, screen: models.Screen, document: rules.Screen, clearances: tuple[Clearance, ...]
) -> rules.Plan:
    """The plan of a screen made again, with the lines that were left as they were in the newest one made of it before.

    What the screen's clearances, a lock or pain take out goes, whatever was said of it then.
    """
    library = current_library(store)
    plan = build_plan(document, library, RULESET, clearances)
    former = [one for id in mended_by(store, client, screen) if (one := store.plans.of_screen(id)) is not None]
    if not former:
        return plan
    before = load_plan(max(former, key=lambda one: one.number))
    held = barred(document, library, clearances)
    choices = []
    for key, because in _words_of(store, before).items():
        choice = Choice(key, "before", because)
        try:
            plan_with_choices(before, plan, [choice], barred=held)
        except RefusedChoice:
            continue
        choices.append(choice)
    return plan_with_choices(before, plan, choices, barred=held)


def _before(store: Store, client: Client, mends: models.Screen | None, number: int | None = None) -> models.Plan | None:
    """The newest plan, or the newest before a number, that was not made from a screen which is mended."""
    return store.plans.before(client, number, mended_by(store, client, mends) if mends is not None else ())


def _findings(store: Store, client: Client, screen_id: int) -> tuple[Finding, ...]:
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
        before = load_plan(older)
        sides = diff(before, load_plan(row), _findings(store, client, older.screen_id), _findings(store, client, row.screen_id))
        found = Changes(older.number, older.made_on, before, sides, {})
    return PlanChanges(client, row.number, row.made_on, store.accounts.user(row.made_by).name, found)
