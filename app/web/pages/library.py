"""Pages of the exercise library: reading and searching it, and the admin's edits."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, BeforeValidator, Field

from app.errors import Conflict, FieldError, Invalid, StaleVersion
from app.figures.documents import LONGEST as LONGEST_PICTURE
from app.models import Role
from app.rules.contraindications import KEYS, Key
from app.rules.documents import DoseOverride, Exercise
from app.rules.doses import PROFILES, days_in_words, dose_for, dose_source, usual_dose_in_words
from app.rules.lint import FLAWS, Remark, namesakes
from app.rules.progress import GATES, STAGE_LABELS
from app.rules.ruleset import Rule
from app.rules.vocabulary import Origin, Side, Stage
from app.services import exercise_drafts, library, starter_updates, upkeep
from app.services.library import LONGEST_SLUG, SLUG, Kept
from app.web.deps import Now, Work
from app.web.figures import Figure, FigurePlace, faults_beside, figure, place_of
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, moment_in_words
from app.web.picture_form import picture_lines
from app.web.schemas import Name, Number, SafeText, ShortText

router = APIRouter(include_in_schema=False)

PAGE_SIZE = 60
MOST = 40
Slug = Annotated[str, Field(pattern=f"^{SLUG.pattern}$", max_length=LONGEST_SLUG)]


# --- an exercise as text ----------------------------------------------------------------------------------------------


def spoken(word: str) -> str:
    """A stored word as a person reads it: foam_roller is "foam roller"."""
    return word.replace("_", " ")


def _number(value: float) -> str:
    return f"{value:.15g}"


def _between(pattern: str) -> Callable[[object], object]:
    def split(text: object) -> object:
        return tuple(part.strip() for part in re.split(pattern, text) if part.strip()) if isinstance(text, str) else text

    return split


def _parameters(text: object) -> object:
    """Lines such as "distance_cm: 25.4 to 30.5", as a mapping of tuples."""
    if not isinstance(text, str):
        return text
    found: dict[str, tuple[float, ...]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, numbers = line.partition(":")
        try:
            values = tuple(float(number.strip().replace(",", ".")) for number in numbers.split(" to "))
        except ValueError:
            values = ()
        if not colon or not name.strip() or not values or any(abs(value) > 1e6 or value != value for value in values):
            raise ValueError("write each line as distance_cm: 25 to 30")
        if name.strip() in found:
            raise ValueError("one of these names stands here twice")
        found[name.strip()] = values
    return found or None


Words = Annotated[tuple[Name, ...], BeforeValidator(_between(",")), Field(max_length=MOST)]
Lines = Annotated[tuple[Name, ...], BeforeValidator(_between("\n")), Field(max_length=MOST)]
Count = Annotated[int | None, Field(ge=1, le=999)]


class DoseForm(BaseModel):
    """The part of the form that is about the dose; the dose's own numbers apart."""

    per_side: bool = False
    dose: Name
    override_sets: Count = None
    override_reps: Count = None
    override_hold_s: Count = None
    override_spots: Count = None
    override_total_s: Count = None
    override_start_height_cm: Count = None
    override_load: ShortText | None = None

    def own(self) -> DoseOverride:
        names = (name for name in DoseForm.model_fields if name.startswith("override_"))
        return DoseOverride(**{name.removeprefix("override_"): getattr(self, name) for name in names})


class ExerciseForm(DoseForm):
    """What the form sends, one field for each of the exercise's."""

    name: Name
    slug: ShortText = ""
    stage: Stage
    origin: Origin
    claims: Words = ()
    targets: Words = ()
    equipment: Words = ()
    loaded: bool = False
    dose_note: SafeText = ""
    note: SafeText = ""
    cues: Lines = ()
    faults: Lines = ()
    contraindications: tuple[ShortText, ...] = ()
    regress: ShortText | None = None
    progress: ShortText | None = None
    load_rule: SafeText = ""
    gate: ShortText | None = None
    params: Annotated[Mapping[Name, tuple[float, ...]] | None, BeforeValidator(_parameters)] = None
    picture: Annotated[str, Field(max_length=LONGEST_PICTURE)] = ""

    def exercise(self) -> Exercise:
        values = {name: value for name, value in self.model_dump().items() if not name.startswith("override_")}
        return Exercise(**values, override=self.own(), version=1)


LABELS: Mapping[str, str] = {
    "name": "Name",
    "stage": "Stage",
    "origin": "Origin",
    "per_side": "Each side by itself",
    "loaded": "Done with weight",
    "targets": "Muscles",
    "equipment": "Equipment",
    "claims": "The article's statements",
    "cues": "Cues",
    "faults": "Faults to watch for",
    "note": "Note",
    "dose": "Dose",
    "override_sets": "Sets",
    "override_reps": "Repetitions",
    "override_hold_s": "Hold",
    "override_spots": "Spots",
    "override_total_s": "At most on one side",
    "override_start_height_cm": "Height to begin with",
    "override_load": "Load",
    "dose_note": "About the dose",
    "contraindications": "Left out when",
    "regress": "Easier",
    "progress": "Harder",
    "load_rule": "When load is allowed",
    "gate": "Gate before load",
    "params": "Numbers of the set-up",
    "picture": "Picture",
}
"""Every field of the form in its order, and what it is called."""


def written(exercise: Exercise) -> Form:
    """An exercise as its form shows it."""
    own = exercise.override or DoseOverride()
    texts: dict[str, object] = {
        "name": exercise.name,
        "stage": exercise.stage,
        "origin": exercise.origin,
        "dose": exercise.dose,
        "dose_note": exercise.dose_note,
        "note": exercise.note,
        "load_rule": exercise.load_rule,
        "regress": exercise.regress,
        "progress": exercise.progress,
        "gate": exercise.gate,
        "claims": ", ".join(exercise.claims),
        "targets": ", ".join(map(spoken, exercise.targets)),
        "equipment": ", ".join(map(spoken, exercise.equipment)),
        "cues": "\n".join(exercise.cues),
        "faults": "\n".join(exercise.faults),
        "params": "\n".join(f"{name}: {' to '.join(map(_number, values))}" for name, values in (exercise.params or {}).items()),
        "picture": exercise.picture,
        "version": exercise.version,
        **{name: getattr(own, name.removeprefix("override_")) for name in LABELS if name.startswith("override_")},
    }
    ticked = {
        "per_side": ("yes",) if exercise.per_side else (),
        "loaded": ("yes",) if exercise.loaded else (),
        "contraindications": exercise.contraindications,
    }
    return Form({**Form.of(**texts).fields, **ticked})


def _lines(form: Form, name: str) -> tuple[str, ...]:
    """What a field says, line by line, for comparing and for reading."""
    values = tuple(value.strip() for value in form.values(name) if value.strip())
    match name:
        case "per_side" | "loaded":
            return ("yes" if values else "no",)
        case "contraindications":
            return tuple(key.label for key in KEYS.values() if key.id in values) + tuple(sorted(set(values) - set(KEYS)))
        case "stage":
            return tuple(STAGE_LABELS[Stage(value)] if value in list(Stage) else value for value in values)
        case "claims" | "targets" | "equipment":
            return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
        case "picture":
            return picture_lines(form.value(name))
        case _:
            return tuple(line.strip() for value in values for line in value.split("\n") if line.strip())


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which there are two texts; `lines` are the two in one, each line with del, ins or span."""

    field: str
    label: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


def difference(name: str, old: Form, new: Form, label: str = "") -> Difference | None:
    before, after = _lines(old, name), _lines(new, name)
    if before == after:
        if name != "picture" or old.value(name) == new.value(name):
            return None
        before, after = (*before, "Details as they were"), (*after, "Details changed")
    lines: list[tuple[str, str]] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += (("span", line) for line in before[start:end])
        else:
            lines += (("del", line) for line in before[start:end])
            lines += (("ins", line) for line in after[new_start:new_end])
    return Difference(name, label or LABELS[name], before, after, tuple(lines))


def differences(old: Form, new: Form) -> tuple[Difference, ...]:
    return tuple(found for name in LABELS if (found := difference(name, old, new)) is not None)


def by_name(work: Work, found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Differences in which easier and harder ones are called by their names."""
    slugs = {slug for one in found if one.field in ("regress", "progress") for slug in (*one.old, *one.new)}
    names = {slug: one.name for slug, one in library.titles(work, slugs).items()} if slugs else {}

    def called(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(line, line) for line in lines)

    return tuple(
        replace(one, old=called(one.old), new=called(one.new), lines=tuple((kind, names.get(line, line)) for kind, line in one.lines))
        if one.field in ("regress", "progress")
        else one
        for one in found
    )


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """Something that is amiss: what kind of thing, in which field (what it is called, and in a form), and in a sentence."""

    label: str
    field: str
    name: str
    text: str


def remark_lines(remarks: Iterable[Remark]) -> tuple[RemarkLine, ...]:
    named = ((one, one.field.replace(".", "_")) for one in remarks)
    return tuple(RemarkLine(FLAWS[one.flaw], LABELS.get(name, ""), name, one.text) for one, name in named)


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One exercise of the list."""

    slug: str
    name: str
    dose: str
    per_side: bool
    loaded: bool
    equipment: str
    origin: Origin
    used_by: int
    picture: FigurePlace | None


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class LibraryPage(Page):
    template: ClassVar[str] = "library/library.html"
    groups: tuple[Group, ...]
    form: Form
    stages: tuple[tuple[str, str], ...]
    archived: bool
    others: int
    """How many there are on the other side of the switch, archived or in use."""
    total: int
    number: int
    pages: int
    before: str | None
    after: str | None
    switch_href: str
    gaps: tuple[str, ...]
    """The names of what rules ask for and new plans won't find."""
    may_write: bool


STAGES = tuple((str(stage), label) for stage, label in STAGE_LABELS.items())


def _line(kept: Kept) -> Line:
    one = kept.exercise
    return Line(
        slug=one.slug,
        name=one.name,
        dose=usual_dose_in_words(one),
        per_side=one.per_side,
        loaded=one.loaded,
        equipment=", ".join(map(spoken, one.equipment)),
        origin=one.origin,
        used_by=kept.used_by,
        picture=place_of(one.slug, Side.BOTH, one.picture, one.version),
    )


def _named(work: Work, slugs: tuple[str, ...]) -> tuple[str, ...]:
    """Exercises by what the library calls them, or the starter library where they never were in this one."""
    names = {one.slug: one.name for one in (*library.starter(), *library.titles(work, slugs).values())} if slugs else {}
    return tuple(names.get(slug, slug) for slug in slugs)


def _is_admin(view: Screenful) -> bool:
    return view.actor is not None and view.actor.is_a(Role.ADMIN)


@router.get("/library", name="library")
def library_list(
    work: Work,
    view: Screenful,
    query: ShortText = "",
    stage: Stage | str = "",
    archived: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    chosen = Stage(stage) if stage in list(Stage) else None
    shelf = library.shelf(work, query, chosen, archived=archived, page=page, size=PAGE_SIZE)
    pages = max(1, -(-shelf.total // PAGE_SIZE))
    if page > pages:
        page = pages
        shelf = library.shelf(work, query, chosen, archived=archived, page=page, size=PAGE_SIZE)
    asked = {"query": query, "stage": chosen or "", "archived": "yes" if archived else ""}

    def address(**changed: object) -> str:
        words = {name: str(value) for name, value in {**asked, **changed}.items() if value}
        return view.url("library") + (f"?{urlencode(words)}" if words else "")

    groups = groupby(shelf.kept, key=lambda kept: kept.exercise.stage)
    return view.show(
        LibraryPage(
            shell=view.shell,
            groups=tuple(Group(STAGE_LABELS[stage], tuple(map(_line, kept))) for stage, kept in groups),
            form=Form.of(**asked),
            stages=STAGES,
            archived=archived,
            others=shelf.others,
            total=shelf.total,
            number=page,
            pages=pages,
            before=address(page=page - 1) if page > 1 else None,
            after=address(page=page + 1) if page * PAGE_SIZE < shelf.total else None,
            switch_href=address(archived="" if archived else "yes"),
            gaps=_named(work, library.gaps(work)) if _is_admin(view) else (),
            may_write=_is_admin(view),
        )
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A neighbour on the ladder; its name is its slug where the library lacks it."""

    slug: str
    name: str
    stage: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class EditionLine:
    version: int
    when: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ExercisePage(Page):
    template: ClassVar[str] = "library/exercise.html"
    exercise: Exercise
    figure: Figure | None
    fault_figures: tuple[Figure, ...]
    newest: int
    is_archived: bool
    used_by: int
    stage: str
    targets: tuple[str, ...]
    equipment: tuple[str, ...]
    dose: str
    days: str
    effort: str
    rest_s: int | None
    gate: str
    """What it waits for before load, empty where it names nothing."""
    dose_source: str
    dose_origin: Origin
    params: tuple[tuple[str, str], ...]
    keys: tuple[Key, ...]
    easier: Link | None
    harder: Link | None
    merged_into: Link | None
    """What it turned out to be a duplicate of."""
    remarks: tuple[RemarkLine, ...]
    drafts: tuple[tuple[int, str], ...]
    """Unpublished edits: the draft's number, and by whom and when."""
    has_update: bool
    """Whether the starter library says something else by now."""
    is_own_wording: bool
    is_out_of_reach: bool
    """Whether no plan can come to hold it."""
    rules: tuple[Rule, ...]
    editions: tuple[EditionLine, ...]
    edition: EditionLine
    changed: tuple[Difference, ...]
    """What this version changed, where it is not the first."""
    may_write: bool
    misfits: tuple[str, ...] = ()
    """Why it can't be as in this version again."""


def _link(slug: str | None, all_of_them: Mapping[str, Exercise]) -> Link | None:
    if slug is None:
        return None
    there = all_of_them.get(slug)
    return Link(slug, there.name if there else slug, STAGE_LABELS[there.stage] if there else "", is_there=there is not None)


def _drafts_of(work: Work, slug: str) -> tuple[tuple[int, str], ...]:
    return tuple((one.id, f"{one.by}, {moment_in_words(work.actor.local(one.at))}") for one in exercise_drafts.drafts(work, slug))


def exercise_page(work: Work, view: Screenful, slug: str, version: int | None = None) -> ExercisePage:
    kept = library.exercise(work, slug, version)
    one = kept.exercise
    editions = tuple(
        EditionLine(line.version, moment_in_words(work.actor.local(line.at)), line.by or "the starter library")
        for line in library.history(work, slug)
    )
    others = library.titles(work, (one.regress, one.progress, kept.merged_into))
    profile, dose = PROFILES[one.dose], dose_for(one)
    former = library.exercise(work, slug, one.version - 1).exercise if one.version > 1 else None
    return ExercisePage(
        shell=view.shell,
        exercise=one,
        figure=figure(slug, own=one.picture),
        fault_figures=faults_beside(slug),
        newest=kept.newest,
        is_archived=kept.archived_at is not None,
        used_by=kept.used_by,
        stage=STAGE_LABELS[one.stage],
        targets=tuple(map(spoken, one.targets)),
        equipment=tuple(map(spoken, one.equipment)),
        dose=usual_dose_in_words(one),
        days=days_in_words(dose),
        effort=profile.effort,
        rest_s=dose.rest_s,
        gate=GATES.get(one.gate, one.gate) if one.gate else "",
        dose_source=dose_source(one.dose),
        dose_origin=profile.origin,
        params=tuple((spoken(name), " to ".join(map(_number, values))) for name, values in (one.params or {}).items()),
        keys=tuple(KEYS[key] for key in one.contraindications if key in KEYS),
        easier=_link(one.regress, others),
        harder=_link(one.progress, others),
        merged_into=_link(kept.merged_into, others),
        remarks=remark_lines(upkeep.remarks_on(work, one)) if _is_admin(view) and one.version == kept.newest else (),
        drafts=_drafts_of(work, slug) if _is_admin(view) else (),
        has_update=_is_admin(view) and starter_updates.changed_since(kept) is not None,
        is_own_wording=_is_admin(view) and starter_updates.is_own_wording(kept),
        is_out_of_reach=_is_admin(view) and kept.archived_at is None and not upkeep.is_reached(work, slug),
        rules=library.asked_by(slug),
        editions=editions,
        edition=next(line for line in editions if line.version == one.version),
        changed=by_name(work, differences(written(former), written(one))) if former else (),
        may_write=_is_admin(view),
    )


# --- the admin's edits ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else saved a newer version, or the same draft, while this one was being edited."""

    by: str
    when: str
    version: int | None
    """None for a draft, of which only the newest text is kept."""
    leave_href: str
    both: tuple[Difference, ...]
    """Fields that both changed, or in which two texts of a draft differ: the other's text is old, one's own is new."""
    kept: tuple[Difference, ...] = ()
    """Fields that only oneself changed: they stand in the form as one wrote them."""
    taken: tuple[Difference, ...] = ()
    """Fields that only the other changed: they stand in the form now as she wrote them."""


@dataclass(frozen=True, slots=True)
class DraftNote:
    """That the form is a draft's: which one, how often it was saved, and by whom last."""

    id: int
    revision: int
    by: str
    when: str


FEW_NEIGHBOURS = 300


@dataclass(frozen=True, kw_only=True)
class EditPage(Page):
    template: ClassVar[str] = "library/edit.html"
    form: Form
    slug: str | None
    """None for a new exercise."""
    name: str
    action: str
    leave_href: str
    clash: Clash | None
    draft: DraftNote | None
    drafts: tuple[tuple[int, str], ...]
    """Drafts that there are of it beside this form: number, and by whom and when."""
    draft_id: int | None
    revision: int | None
    draft_href: str
    remarks: tuple[RemarkLine, ...]
    """What would be amiss with the exercise as the form has it, once that can be read."""
    few: bool
    """Whether the neighbours are few enough to choose from; of more, one is named by its short name."""
    labels: Mapping[str, str]
    figure: Figure | None
    is_own_figure: bool
    dose_said: str
    """The dose as the form has it now, in a sentence."""
    preview_href: str
    stages: tuple[tuple[str, str], ...]
    origins: tuple[tuple[str, str], ...]
    profiles: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]
    neighbours: tuple[tuple[str, str], ...]
    gates: tuple[tuple[str, str], ...]


def told_apart(exercises: Mapping[str, Exercise]) -> Mapping[str, str]:
    """What to call each where one is chosen: by its short name, too, where another has the same name."""
    alike = namesakes(exercises)
    return {slug: f"{one.name} ({slug})" if slug in alike else one.name for slug, one in exercises.items()}


def _bare(dose: str, own: DoseOverride | None = None) -> Exercise:
    """An exercise of which only the dose is known."""
    return Exercise(slug="", version=1, name="", stage=Stage.FLEXIBILITY, origin=Origin.JUDGEMENT, per_side=False, dose=dose, override=own)


def _profile_in_words(name: str) -> str:
    bare = _bare(name)
    return f"{name}: {usual_dose_in_words(bare)}, {days_in_words(dose_for(bare))}"


def dose_said(form: Form) -> str:
    """What a form's dose comes to, or what keeps it from being one."""
    if not form.value("dose"):
        return "No dose is chosen yet."
    try:
        typed = form.read(DoseForm)
    except Invalid as refusal:
        return "That is no dose yet. " + " ".join(f"{LABELS.get(error.field, error.field)}: {error.message}" for error in refusal.errors)
    bare = _bare(typed.dose, typed.own())
    wrong = library.dose_complaints(bare)
    if wrong:
        return "That is no dose yet. " + " ".join(error.message for error in wrong)
    dose = dose_for(bare)
    words = f"{usual_dose_in_words(bare)}{' on each side' if typed.per_side else ''}, {days_in_words(dose)}"
    return words + (f", {dose.rest_s} s rest" if dose.rest_s else "") + "."


PROFILE_CHOICES = tuple((name, _profile_in_words(name)) for name in PROFILES)
KEY_CHOICES = tuple((key.id, key.label) for key in KEYS.values())
ORIGIN_CHOICES = tuple((str(origin), str(origin).replace("+", " and ")) for origin in Origin)


def edit_page(
    work: Work, view: Screenful, form: Form, kept: Kept | None, clash: Clash | None = None, draft: DraftNote | None = None
) -> EditPage:
    """The form of an exercise, new or there already; a draft of it is known by the number that its form carries."""
    all_of_them = library.to_choose_from(work)
    slug = kept.exercise.slug if kept else None
    names = told_apart(all_of_them)
    neighbours = tuple((one.slug, f"{STAGE_LABELS[one.stage]}: {names[one.slug]}") for one in all_of_them.values() if one.slug != slug)
    gates = dict.fromkeys((*GATES, *filter(None, [form.value("gate")])))
    drafted = draft.id if draft else began(form, "draft")
    if drafted is not None:
        draft_href = view.url("keep_draft", draft_id=drafted)
    else:
        draft_href = view.url("begin_draft_of", slug=slug) if slug else view.url("begin_draft")
    return EditPage(
        shell=view.shell,
        form=form,
        draft=draft,
        drafts=_drafts_of(work, slug) if slug and drafted is None else (),
        draft_id=drafted,
        revision=draft.revision if draft else began(form, "revision"),
        draft_href=draft_href,
        remarks=_remarks_on(work, form, kept),
        few=len(neighbours) <= FEW_NEIGHBOURS,
        slug=slug,
        name=kept.exercise.name if kept else (form.value("name").strip() if draft else "") or "New exercise",
        action=view.url("edit_exercise", slug=slug) if slug else view.url("add_exercise"),
        leave_href=view.url("exercise", slug=slug) if slug else view.url("library"),
        clash=clash,
        labels=LABELS,
        figure=figure(slug or form.value("slug").strip(), own=form.value("picture")),
        is_own_figure=bool(form.value("picture")),
        dose_said=dose_said(form),
        preview_href=view.url("preview_exercise", slug=slug) if slug else view.url("preview_new_exercise"),
        stages=STAGES,
        origins=ORIGIN_CHOICES,
        profiles=PROFILE_CHOICES,
        keys=KEY_CHOICES,
        neighbours=neighbours if len(neighbours) <= FEW_NEIGHBOURS else (),
        gates=tuple((gate, GATES.get(gate, gate)) for gate in gates),
    )


def _read(form: Form, before: Exercise | None = None) -> Exercise:
    """What was typed. Contraindications keep the order that they had: the first that holds is the one a plan names."""
    typed = form.read(ExerciseForm, many=("contraindications",)).exercise()
    ordered = dict.fromkeys((*(before.contraindications if before else ()), *typed.contraindications))
    return replace(typed, contraindications=tuple(key for key in ordered if key in typed.contraindications))


def _remarks_on(work: Work, form: Form, kept: Kept | None) -> tuple[RemarkLine, ...]:
    before = kept.exercise if kept else None
    try:
        typed = _read(form, before)
    except Invalid:
        return ()
    slug = before.slug if before else typed.slug
    return () if form.errors else remark_lines(upkeep.remarks_on(work, library.tidied(replace(typed, slug=slug))))


def _refused(form: Form, refusal: Invalid) -> Form:
    """Beside the field, and named in the list on top, in the form's order; the API's override.sets is override_sets here."""
    order = {name: place for place, name in enumerate(LABELS)}
    fields = sorted(((error.field.replace(".", "_"), error.message) for error in refusal.errors), key=lambda one: order.get(one[0], 0))
    return form.with_errors(FieldError(field, f"{LABELS[field]}: {message}" if field in LABELS else message) for field, message in fields)


@router.get("/library/new")
def new_exercise(work: Work, view: Screenful) -> Response:
    return view.show(edit_page(work, view, Form.of(origin=Origin.JUDGEMENT), None))


@router.post("/library/preview")
def preview_new_exercise(work: Work, view: Screenful, form: Typed) -> Response:
    """The form again, with its dose in a sentence; nothing is saved."""
    return view.show(edit_page(work, view, form, None))


@router.post("/library/{slug}/preview")
def preview_exercise(work: Work, view: Screenful, slug: Slug, form: Typed) -> Response:
    """The same of an exercise that there is."""
    return view.show(edit_page(work, view, form, library.exercise(work, slug)))


@router.post("/library")
def add_exercise(work: Work, view: Screenful, form: Typed, at: Now) -> Response:
    try:
        kept = library.add(work, _read(form), at)
        is_done = _published(work, form, at, None)
    except Invalid as refusal:
        return view.again(edit_page(work, view, _refused(form, refusal), None))
    except Conflict as refusal:
        return view.again(edit_page(work, view, form.with_errors([FieldError("slug", str(refusal))]), None), 409)
    return view.to("exercise", slug=kept.exercise.slug, said="exercise-added" if is_done else "draft-stays")


def _published(work: Work, form: Form, at: datetime, slug: str | None) -> bool:
    return exercise_drafts.published(work, began(form, "draft"), at, revision=began(form, "revision"), slug=slug)


@router.get("/library/{slug}")
def exercise(work: Work, view: Screenful, slug: Slug) -> Response:
    return view.show(exercise_page(work, view, slug))


@router.get("/library/{slug}/versions/{version}")
def exercise_version(work: Work, view: Screenful, slug: Slug, version: Number) -> Response:
    return view.show(exercise_page(work, view, slug, version))


@router.get("/library/{slug}/edit")
def edit_exercise_form(work: Work, view: Screenful, slug: Slug) -> Response:
    kept = library.exercise(work, slug)
    return view.show(edit_page(work, view, written(kept.exercise), kept))


@router.post("/library/{slug}/edit")
def edit_exercise(work: Work, view: Screenful, slug: Slug, form: Typed, at: Now) -> Response:
    """Save a new version; when somebody else saved one meanwhile, show hers, one's own and the difference instead."""
    start = began(form)
    before = library.exercise(work, slug)
    try:
        kept = library.edit(work, slug, _read(form, before.exercise), at, based_on=start)
        is_done = _published(work, form, at, slug)
    except Invalid as refusal:
        return view.again(edit_page(work, view, _refused(form, refusal), before))
    except StaleVersion:
        return _clash(work, view, slug, form)
    if not is_done:
        return view.to("exercise", slug=slug, said="draft-stays")
    return view.to("exercise", slug=slug, said="exercise-unchanged" if kept.newest == start else "exercise-saved")


def began(form: Form, name: str = "version") -> int | None:
    """The version that a form began with, or another number that it carries."""
    text = form.value(name)
    return int(text) if re.fullmatch("[1-9][0-9]{0,8}", text) else None


def _clash(work: Work, view: Screenful, slug: str, form: Form) -> Response:
    """The form again, on top of the newest version: what was typed stays, and what only the other changed is taken over."""
    theirs = library.exercise(work, slug)
    ours, newest = form, written(theirs.exercise)
    based_on = began(form)
    is_known = based_on is not None and based_on < theirs.newest
    start = written(library.exercise(work, slug, based_on).exercise) if is_known else newest
    changed_here = {one.field for one in differences(start, ours)}
    changed_there = {one.field for one in differences(start, newest)} if is_known else changed_here
    ours_now = tuple(one for one in differences(newest, ours) if one.field in changed_here)
    taken = tuple(one for one in differences(start, newest) if one.field not in changed_here)
    if not ours_now:
        return view.to("exercise", slug=slug, said="exercise-unchanged")
    merged = Form({**ours.fields, **{name: newest.values(name) for name in ("version", *(one.field for one in taken))}})
    clash = Clash(
        by=theirs.updated_by or "Somebody",
        when=moment_in_words(work.actor.local(theirs.updated_at)),
        version=theirs.newest,
        leave_href=view.url("exercise", slug=slug),
        both=by_name(work, tuple(one for one in ours_now if one.field in changed_there)),
        kept=by_name(work, tuple(one for one in ours_now if one.field not in changed_there)),
        taken=by_name(work, taken),
    )
    return view.again(edit_page(work, view, merged, theirs, clash), 409)


@router.post("/library/{slug}/archive")
def archive_exercise(work: Work, view: Screenful, slug: Slug, at: Now) -> Response:
    library.archive(work, slug, at)
    return view.to("exercise", slug=slug, said="exercise-archived")


@router.post("/library/{slug}/restore")
def restore_exercise(work: Work, view: Screenful, slug: Slug, at: Now) -> Response:
    library.restore(work, slug, at)
    return view.to("exercise", slug=slug, said="exercise-restored")
