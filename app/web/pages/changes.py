"""What a plan changes about the one before it, for the trainer line by line and for the client in short."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from fastapi import APIRouter, Response

from app.rules.battery import TESTS
from app.rules.diff import FindingChange, ItemChange, PlanDiff
from app.rules.documents import Finding, Item
from app.rules.doses import dose_in_words
from app.rules.findings import grade_word
from app.rules.progress import STAGE_LABELS
from app.rules.vocabulary import Grade, Side, Stage
from app.services import changes
from app.services.changes import Changes
from app.services.drafts import unit_in, value_in
from app.web.deps import Work
from app.web.forms import Form
from app.web.page import Page, Screenful, day_in_words
from app.web.schemas import Key, Number

router = APIRouter(include_in_schema=False)

_KINDS: Final[Mapping[Grade, str]] = {0: "within", 1: "mild", 2: "moderate", 3: "severe", "x": "pain", "nt": "not-tested"}
_WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "better": ("good", "better"),
    "worse": ("warn", "worse"),
    "different": ("", "different"),
    "new": ("", "first time"),
    "unchanged": ("plain", "unchanged"),
    "not_measured": ("plain", "not again"),
}
_LINE_WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "added": ("good", "new"),
    "removed": ("warn", "goes"),
    "dose": ("", "changes"),
    "kept": ("plain", "stays"),
}
KEEP: Final = "before"
TAKE: Final = "after"


@dataclass(frozen=True, slots=True)
class Chip:
    kind: str
    word: str


def chip(test: str, grade: Grade) -> Chip:
    """The word for a grade, and its colour."""
    return Chip(_KINDS[grade], grade_word(test, grade) if test in TESTS else str(grade))


@dataclass(frozen=True, slots=True)
class Value:
    amount: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One test on one side, before and now."""

    what: str
    side: Side
    before: Value | None
    now: Value | None
    way: Chip
    text: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the plan. `choices` are what she may do with it: value, words; none where it is not left to her, and `fixed` says why."""

    name: str
    id: str
    label: str
    side: Side
    way: Chip
    dose: str
    text: str
    choices: tuple[tuple[str, str], ...]
    chosen: str
    reason: str
    error: str
    fixed: str


@dataclass(frozen=True, slots=True)
class StageRows:
    name: str
    notes: tuple[str, ...]
    lines: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True)
class ChangesPart:
    """What changed, for a template. `again` are sentences of what was not measured again, `stays` of the lines that are as before."""

    number: int
    made: str
    summary: str
    found: tuple[FindingRow, ...]
    again: tuple[str, ...]
    stages: tuple[StageRows, ...]
    stays: tuple[str, ...]
    errors: tuple[tuple[str, str], ...]
    """What is wrong with the choices: where, and what."""


def changes_part(found: Changes, units: str, *, form: Form | None = None, choosing: bool = False) -> ChangesPart:
    """What changed, as a page shows it; with `choosing` each line can be left as it was, as `form` says."""
    sides = found.diff
    rows = {one.key: _line(one, found, form or Form(), choosing=choosing) for one in sides.items if one.way != "kept" or _by_trainer(one)}
    return ChangesPart(
        number=found.number,
        made=day_in_words(found.made_on),
        summary=summary(sides),
        found=tuple(_finding(one, units) for one in _by_way(sides.findings) if one.way != "not_measured"),
        again=tuple(one.text for one in sides.findings if one.way == "not_measured"),
        stages=tuple(_stages(sides, rows)),
        stays=tuple(one.text for one in sides.items if one.key not in rows),
        errors=tuple((row.id, f"{row.label}: {row.error}") for row in rows.values() if row.error),
    )


def _by_trainer(one: ItemChange) -> bool:
    return any(cause.kind == "trainer" for cause in one.causes)


def _by_way(findings: Iterable[FindingChange]) -> list[FindingChange]:
    return sorted(findings, key=lambda one: list(_WAYS).index(one.way))


def _stages(sides: PlanDiff, rows: Mapping[str, LineRow]) -> Iterable[StageRows]:
    for stage in Stage:
        lines = tuple(rows[one.key] for one in sides.items if one.stage is stage and one.key in rows)
        notes = tuple(one.text for one in sides.stages if one.stage is stage)
        if lines or notes:
            yield StageRows(STAGE_LABELS[stage], notes, lines)


def summary(sides: PlanDiff) -> str:
    """How many lines are new, go, change and stay."""
    counts = [(sum(one.way == way for one in sides.items), words) for way, (_, words) in _LINE_WAYS.items()]
    plural = {"goes": "go", "changes": "change", "stays": "stay"}
    parts = [f"{count} {word if count == 1 else plural.get(word, word)}" for count, word in counts if count]
    return f"{', '.join(parts)}." if sides.changed or sides.stages else "No line of the plan changes."


def _finding(one: FindingChange, units: str) -> FindingRow:
    test = TESTS.get(one.test)
    return FindingRow(
        what=test.short if test else one.test,
        side=one.side,
        before=_value(one.before, units),
        now=_value(one.after, units),
        way=Chip(*_WAYS[one.way]),
        text=one.text,
    )


def _value(finding: Finding | None, units: str) -> Value | None:
    if finding is None:
        return None
    test, amount = TESTS.get(finding.test), ""
    if test is not None and finding.value is not None:
        amount = unit_in(test.unit, units).amount(value_in(finding.value, test.unit, units))
    return Value(amount, chip(finding.test, finding.grade))


def _line(one: ItemChange, found: Changes, form: Form, *, choosing: bool) -> LineRow:
    item = one.after or one.before
    assert item is not None  # noqa: S101 - a line is in one of the two plans
    name, fixed = f"line.{one.key}", found.fixed.get(one.key, "")
    may = choosing and not fixed and one.way != "kept"
    return LineRow(
        name=one.key,
        id=one.key.replace("/", "-"),
        label=item.name if item.side is Side.BOTH else f"{item.name}, {item.side.value}",
        side=item.side,
        way=Chip("plain", "kept") if one.way == "kept" else Chip(*_LINE_WAYS[one.way]),
        dose=dose_in_words(item.dose),
        text=one.text,
        choices=_choices(one.before, one.after) if may else (),
        chosen=KEEP if form.value(name) == KEEP else TAKE,
        reason=form.value(f"reason.{one.key}"),
        error=form.error(name) or "",
        fixed=fixed if choosing else "",
    )


def _choices(before: Item | None, after: Item | None) -> tuple[tuple[str, str], ...]:
    match before, after:
        case None, _:
            return ((TAKE, "Take it"), (KEEP, "Leave it out"))
        case _, None:
            return ((TAKE, "Let it go"), (KEEP, "Keep it"))
        case _:
            return ((TAKE, "Take the new one"), (KEEP, "Keep the old one"))


def typed_lines(lines: Mapping[str, str]) -> Form:
    """The choices of a draft as a form; a line that is kept without a reason is flagged."""
    fields = {f"line.{key}": (KEEP,) for key in lines} | {f"reason.{key}": (reason,) for key, reason in lines.items()}
    return Form(fields)


def read_lines(form: Form) -> dict[str, str] | None:
    """The lines that stay as they were, with their reasons; None where the form has no lines at all."""
    keys = [name.removeprefix("line.") for name in form.fields if name.startswith("line.")]
    if not keys:
        return None
    return {key: form.value(f"reason.{key}").strip() for key in keys if form.value(f"line.{key}") == KEEP}


# --- read again -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ChangesPage(Page):
    template: ClassVar[str] = "plans/changes.html"
    client_id: int
    client_name: str
    number: int
    made: str
    by: str
    changes: ChangesPart | None


@router.get("/clients/{client_id}/plans/{number}/changes")
def plan_changes(work: Work, view: Screenful, client_id: Key, number: Number) -> Response:
    found = changes.plan_changes(work, client_id, number)
    page = ChangesPage(
        shell=view.shell,
        client_id=found.client.id,
        client_name=found.client.name,
        number=found.number,
        made=day_in_words(found.made_on),
        by=found.made_by,
        changes=None if found.changes is None else changes_part(found.changes, work.actor.units),
    )
    return view.show(page)


@dataclass(frozen=True, kw_only=True)
class MyChangesPage(Page):
    """What changed for a client: what was measured, and the lines that are not as before."""

    template: ClassVar[str] = "plans/my_changes.html"
    number: int
    before: int | None
    made: str
    found: tuple[tuple[Chip, str], ...]
    lines: tuple[tuple[Chip, str], ...]
    stays: int


@router.get("/my/plan/changes")
def my_changes(work: Work, view: Screenful) -> Response:
    told = changes.my_changes(work)
    sides = PlanDiff((), (), ()) if told.changes is None else told.changes.diff
    page = MyChangesPage(
        shell=view.shell,
        number=told.number,
        before=None if told.changes is None else told.changes.number,
        made=day_in_words(told.made_on),
        found=tuple((Chip(*_WAYS[one.way]), one.text) for one in _by_way(sides.findings) if one.way != "not_measured"),
        lines=tuple((Chip(*_LINE_WAYS[one.way]), _without_rules(one)) for one in sides.items if one.way != "kept" or _by_trainer(one)),
        stays=sum(one.way == "kept" for one in sides.items),
    )
    return view.show(page)


def _without_rules(one: ItemChange) -> str:
    """The sentence about a line without the names of rules, which say nothing to a client."""
    text = one.text
    for cause in one.causes:
        text = text.replace(f" ({cause.rule})", "")
    return text
