"""Pages on which an admin looks after the library: remarks, coverage, what archiving would do, duplicates, and going back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Response

from app.errors import Conflict, FieldError, Invalid, StaleVersion
from app.rules.coverage import Loss
from app.rules.documents import Exercise
from app.rules.lint import FLAWS
from app.rules.progress import STAGE_LABELS
from app.rules.ruleset import Rule
from app.services import library, upkeep
from app.services.upkeep import Archiving
from app.web.deps import Now, Work
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful
from app.web.pages.library import (
    FEW_NEIGHBOURS,
    LABELS,
    PAGE_SIZE,
    RemarkLine,
    Slug,
    began,
    exercise_page,
    remark_lines,
    spoken,
    told_apart,
)
from app.web.schemas import Number

router = APIRouter(include_in_schema=False)


# --- long lists in pages ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaf:
    """Which page of a long list is shown, and where those beside it are."""

    number: int
    pages: int
    total: int
    before: str | None
    after: str | None

    @property
    def part(self) -> slice:
        return slice((self.number - 1) * PAGE_SIZE, self.number * PAGE_SIZE)


def _leaf(address: str, page: int, total: int) -> Leaf:
    """A page of `total` lines; a number past the last is the last."""
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(page, pages)
    before, after = (f"{address}?page={other}" if 1 <= other <= pages else None for other in (number - 1, number + 1))
    return Leaf(number, pages, total, before, after)


PageNumber = Annotated[int, Query(ge=1, le=1000)]


# --- remarks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remarked:
    slug: str
    name: str
    stage: str
    remarks: tuple[RemarkLine, ...]


@dataclass(frozen=True, kw_only=True)
class RemarksPage(Page):
    template: ClassVar[str] = "library/remarks.html"
    exercises: tuple[Remarked, ...]
    leaf: Leaf
    counts: tuple[tuple[str, int], ...]


@router.get("/library/remarks")
def library_remarks(work: Work, view: Screenful, page: PageNumber = 1) -> Response:
    found = upkeep.remarks_of_all(work)
    leaf = _leaf(view.url("library_remarks"), page, len(found))
    flaws = [one.flaw for _, said in found for one in said]
    return view.show(
        RemarksPage(
            shell=view.shell,
            exercises=tuple(Remarked(one.slug, one.name, STAGE_LABELS[one.stage], remark_lines(said)) for one, said in found[leaf.part]),
            leaf=leaf,
            counts=tuple((label, flaws.count(flaw)) for flaw, label in FLAWS.items() if flaw in flaws),
        )
    )


# --- coverage ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LackLine:
    """What rules ask for and the library lacks: where it is instead, or that it waits in the archive; neither where it never was."""

    slug: str
    name: str
    stage: str
    rules: tuple[Rule, ...]
    found_in: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Targets that something asks for, where, and by which rule."""

    what: str
    stage: str
    targets: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class NameLine:
    slug: str
    name: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class CoveragePage(Page):
    template: ClassVar[str] = "library/coverage.html"
    lacks: tuple[LackLine, ...]
    unserved: tuple[TargetLine, ...]
    unanswered: tuple[TargetLine, ...]
    unreached: tuple[NameLine, ...]
    leaf: Leaf
    """Of those that no rule reaches."""


@router.get("/library/coverage")
def library_coverage(work: Work, view: Screenful, page: PageNumber = 1) -> Response:
    found, shelf = upkeep.covered(work)
    leaf = _leaf(view.url("library_coverage"), page, len(found.unreached))
    there = library.titles(work, (one.slug for one in found.lacks))
    names = {one.slug: one.name for one in (*library.starter(), *there.values())}
    by_row: dict[tuple[str, str], list[str]] = {}
    rules = {one.rule.id: one.rule for one in found.unserved}
    for one in found.unserved:
        by_row.setdefault((one.rule.id, STAGE_LABELS[one.stage]), []).append(spoken(one.target))
    return view.show(
        CoveragePage(
            shell=view.shell,
            lacks=tuple(
                LackLine(
                    slug=one.slug,
                    name=names.get(one.slug, one.slug),
                    stage=STAGE_LABELS[one.stage],
                    rules=one.rules,
                    found_in=STAGE_LABELS[one.found_in] if one.found_in else "",
                    is_there=one.slug in there,
                )
                for one in found.lacks
            ),
            unserved=tuple(TargetLine(rule, stage, ", ".join(targets), (rules[rule],)) for (rule, stage), targets in by_row.items()),
            unanswered=tuple(TargetLine(one.name, "", ", ".join(map(spoken, one.targets)), one.rules) for one in found.unanswered),
            unreached=_names(found.unreached[leaf.part], shelf),
            leaf=leaf,
        )
    )


def _names(slugs: Iterable[str], shelf: Mapping[str, Exercise]) -> tuple[NameLine, ...]:
    return tuple(NameLine(slug, shelf[slug].name, STAGE_LABELS[shelf[slug].stage]) for slug in slugs)


# --- archiving, and duplicates ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LossLine:
    rule: Rule
    stage: str
    left: tuple[NameLine, ...]
    targets_lost: str


@dataclass(frozen=True, kw_only=True)
class ArchivePage(Page):
    template: ClassVar[str] = "library/archive.html"
    slug: str
    name: str
    form: Form
    is_archived: bool
    losses: tuple[LossLine, ...]
    emptied: tuple[str, ...]
    """Stages that new plans would have nothing for."""
    easier_for: tuple[NameLine, ...]
    harder_for: tuple[NameLine, ...]
    stand_ins: tuple[NameLine, ...]
    used_by: int
    current_plans: int
    clients: tuple[tuple[int, str], ...]
    few: bool
    """Whether those of its stage are few enough to choose from; of more, one is named by its short name."""
    others: tuple[tuple[str, str], ...]


def _archive_page(view: Screenful, found: Archiving, form: Form) -> ArchivePage:
    shelf, effect, one = found.names, found.effect, found.kept.exercise
    names = told_apart(shelf)
    others = tuple((other.slug, names[other.slug]) for other in shelf.values() if other.stage is one.stage and other.slug != one.slug)
    return ArchivePage(
        shell=view.shell,
        slug=one.slug,
        name=one.name,
        form=form,
        is_archived=found.kept.archived_at is not None,
        losses=tuple(_loss(loss, shelf) for loss in effect.losses),
        emptied=tuple(STAGE_LABELS[stage] for stage in effect.emptied),
        easier_for=_names(effect.easier_for, shelf),
        harder_for=_names(effect.harder_for, shelf),
        stand_ins=_names(effect.stand_ins, shelf),
        used_by=found.kept.used_by,
        current_plans=found.current_plans,
        clients=found.clients,
        few=len(others) <= FEW_NEIGHBOURS,
        others=others if len(others) <= FEW_NEIGHBOURS else (),
    )


def _loss(loss: Loss, shelf: Mapping[str, Exercise]) -> LossLine:
    return LossLine(loss.rule, STAGE_LABELS[loss.stage], _names(loss.left, shelf), ", ".join(map(spoken, loss.targets_lost)))


@router.get("/library/{slug}/archive")
def archive_form(work: Work, view: Screenful, slug: Slug) -> Response:
    return view.show(_archive_page(view, upkeep.archiving(work, slug), Form()))


@router.post("/library/{slug}/merge")
def merge_exercise(work: Work, view: Screenful, slug: Slug, form: Typed, at: Now) -> Response:
    other = form.value("other").strip()
    try:
        upkeep.same_as(work, slug, other, at)
    except Invalid as refusal:
        return view.again(_archive_page(view, upkeep.archiving(work, slug), form.refused(refusal)))
    except Conflict as refusal:
        problem = form.with_errors([FieldError("other", str(refusal))])
        return view.again(_archive_page(view, upkeep.archiving(work, slug), problem), 409)
    return view.to("exercise", slug=other, said="exercise-merged")


# --- going back -------------------------------------------------------------------------------------------------------


@router.post("/library/{slug}/versions/{version}/restore")
def restore_version(work: Work, view: Screenful, slug: Slug, version: Number, form: Typed, at: Now) -> Response:
    """Make what an earlier version said the newest one; `version` in the form is the newest that was shown."""
    start = began(form)
    try:
        kept = upkeep.go_back(work, slug, version, at, based_on=start)
    except Invalid as refusal:
        misfits = tuple(f"{LABELS.get(error.field, error.field)}: {error.message}" for error in refusal.errors)
    except StaleVersion:
        misfits = ("Somebody saved a newer version meanwhile. Look at it first.",)
    else:
        return view.to("exercise", slug=slug, said="exercise-unchanged" if kept.newest == start else "exercise-back")
    return view.again(replace(exercise_page(work, view, slug, version), misfits=misfits), 409)
