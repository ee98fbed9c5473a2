"""What a plan changes about the one before it, for the trainer line by line and for the client in short."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, get_args

from fastapi import APIRouter, Response

from app.rules.battery import TESTS
from app.rules.diff import FindingChange, ItemChange, ItemWay, PlanDiff, StageChange
from app.rules.documents import Finding
from app.rules.doses import dose_in_words
from app.rules.findings import grade_word
from app.rules.progress import STAGE_LABELS
from app.rules.vocabulary import Grade, Side, Stage
from app.services import changes
from app.services.changes import Changes
from app.services.drafts import Line, Lines, Otherwise, unit_in, value_in
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
TAKE: Final = "after"
_TAKE: Final[Mapping[ItemWay, str]] = {"added": "Take it", "removed": "Let it go", "dose": "Take the new one", "kept": "Keep it"}
OTHERWISE: Final[tuple[Otherwise, ...]] = get_args(Otherwise)
_KEEP: Final[Mapping[ItemWay, str]] = {"removed": "Keep it", "dose": "Keep the old one"}


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
    """One line of the plan. `choices` are what she may do with it: value, words; none where it is not left to her, and `fixed` says why.

    `asks` goes before her reason for anything but the first of them.
    """

    name: str
    id: str
    label: str
    side: Side
    way: Chip
    dose: str
    text: str
    choices: tuple[tuple[str, str], ...]
    asks: str
    chosen: str
    reason: str
    error: str
    fixed: str


@dataclass(frozen=True, slots=True)
class StageRows:
    """Lines of one stage; `opens` where one of them is otherwise, or wrong."""

    name: str
    notes: tuple[str, ...]
    lines: tuple[LineRow, ...]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class ChangesPart:
    """What changed, for a template. `again` are sentences of what was not measured again, `stays` the lines that are as before.

    `newer` are those of them that the library words or draws otherwise by now.
    """

    number: int
    made: str
    summary: str
    found: tuple[FindingRow, ...]
    again: tuple[str, ...]
    stages: tuple[StageRows, ...]
    stays: tuple[StageRows, ...]
    newer: tuple[str, ...]
    errors: tuple[tuple[str, str], ...]
    """What is wrong with the choices: where, and what."""


def changes_part(found: Changes, units: str, *, form: Form | None = None, choosing: bool = False) -> ChangesPart:
    """What changed, as a page shows it; with `choosing` each line can be otherwise, as `form` says."""
    sides = found.diff
    rows = {one.key: _line(one, found, form or Form(), choosing=choosing) for one in sides.items}
    moves = {one.key for one in sides.items if one.way != "kept" or _by_trainer(one)}
    return ChangesPart(
        number=found.number,
        made=day_in_words(found.made_on),
        summary=summary(sides),
        found=tuple(_finding(one, units) for one in _by_way(sides.findings) if one.way != "not_measured"),
        again=tuple(one.text for one in sides.findings if one.way == "not_measured"),
        stages=tuple(_stages(sides, {key: row for key, row in rows.items() if key in moves}, sides.stages)),
        stays=tuple(_stages(sides, {key: row for key, row in rows.items() if key not in moves}, ())),
        newer=tuple(rows[one.key].label for one in sides.items if one.way == "kept" and _is_newer(one)),
        errors=tuple((row.id, f"{row.label}: {row.error}") for row in rows.values() if row.error),
    )


def _is_newer(one: ItemChange) -> bool:
    return one.before is not None and one.after is not None and one.before.exercise_version != one.after.exercise_version


def _by_trainer(one: ItemChange) -> bool:
    return any(cause.kind == "trainer" for cause in one.causes)


def _by_way(findings: Iterable[FindingChange]) -> list[FindingChange]:
    return sorted(findings, key=lambda one: list(_WAYS).index(one.way))


def _stages(sides: PlanDiff, rows: Mapping[str, LineRow], told: Iterable[StageChange]) -> Iterable[StageRows]:
    for stage in Stage:
        lines = tuple(rows[one.key] for one in sides.items if one.stage is stage and one.key in rows)
        notes = tuple(one.text for one in told if one.stage is stage)
        if lines or notes:
            yield StageRows(STAGE_LABELS[stage], notes, lines, any(row.chosen != TAKE or row.error for row in lines))


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
    otherwise = {keep: "Leave it out" if keep == "neither" else _KEEP[one.way] for keep in found.otherwise.get(one.key, ()) if choosing}
    chosen = form.value(name)
    return LineRow(
        name=one.key,
        id=one.key.replace("/", "-"),
        label=item.name if item.side is Side.BOTH else f"{item.name}, {item.side.value}",
        side=item.side,
        way=Chip("plain", "kept") if _by_trainer(one) and one.way == "kept" else Chip(*_LINE_WAYS[one.way]),
        dose=dose_in_words(item.dose),
        text=one.text,
        choices=((TAKE, _TAKE[one.way]), *otherwise.items()) if otherwise else (),
        asks=f"{' or '.join(otherwise.values()).capitalize()}, because" if otherwise else "",
        chosen=chosen if chosen in otherwise else TAKE,
        reason=form.value(f"reason.{one.key}"),
        error=form.error(name) or "",
        fixed=fixed if choosing else "",
    )


def typed_lines(lines: Lines) -> Form:
    """The choices of a draft as a form; a line that is to be otherwise without a reason is flagged."""
    fields = {f"line.{key}": (line.keep,) for key, line in lines.items()}
    return Form(fields | {f"reason.{key}": (line.reason,) for key, line in lines.items()})


def read_lines(form: Form) -> dict[str, Line] | None:
    """The lines that are to be otherwise, with their reasons; None where the form has no lines at all."""
    chosen = {name.removeprefix("line."): form.value(name) for name in form.fields if name.startswith("line.")}
    if not chosen:
        return None
    return {key: Line(keep, form.value(f"reason.{key}").strip()) for key, value in chosen.items() for keep in OTHERWISE if value == keep}


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
