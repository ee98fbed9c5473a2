"""Pages of what is not in the library yet: drafts, and what the starter library says by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Response

from app.errors import FieldError, Invalid, StaleVersion
from app.rules.documents import Exercise
from app.services import exercise_drafts, library, starter_updates
from app.services.exercise_drafts import Draft
from app.services.starter_updates import Update
from app.web.deps import Now, Work
from app.web.figures import Figure, figure
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, View, moment_in_words
from app.web.pages.library import (
    Clash,
    Difference,
    DraftNote,
    ExerciseForm,
    Slug,
    began,
    by_name,
    difference,
    differences,
    edit_page,
    written,
)
from app.web.schemas import Key

router = APIRouter(include_in_schema=False)

KEPT = (*ExerciseForm.model_fields, "slug", "version")
"""What of a form a draft keeps."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    id: int
    name: str
    slug: str | None
    by: str
    when: str


@dataclass(frozen=True, kw_only=True)
class DraftsPage(Page):
    template: ClassVar[str] = "library/drafts.html"
    drafts: tuple[DraftLine, ...]
    updates: tuple[tuple[str, str], ...]
    newcomers: tuple[tuple[str, str], ...]
    """What is new in the starter library, by slug and name."""


def _line(work: Work, draft: Draft) -> DraftLine:
    return DraftLine(draft.id, draft.name, draft.slug, draft.by, moment_in_words(work.actor.local(draft.at)))


@router.get("/library/drafts")
def exercise_drafts_list(work: Work, view: Screenful) -> Response:
    return view.show(
        DraftsPage(
            shell=view.shell,
            drafts=tuple(_line(work, one) for one in exercise_drafts.drafts(work)),
            updates=starter_updates.updates(work),
            newcomers=tuple((slug, one.name) for slug, one in starter_updates.newcomers(work).items()),
        )
    )


def _typed(form: Form) -> dict[str, tuple[str, ...]]:
    return {name: form.values(name) for name in KEPT if form.values(name)}


def _kept(view: View, draft_id: int, form: Form) -> Response:
    """On with the draft, or with its picture where that was asked for."""
    if form.value("then") == "picture":
        return view.to("edit_picture", draft_id=draft_id)
    return view.to("exercise_draft", draft_id=draft_id, said="draft-kept")


@router.post("/library/drafts")
def begin_draft(work: Work, view: Screenful, form: Typed, at: Now) -> Response:
    """Keep a new exercise as a draft."""
    return _kept(view, exercise_drafts.begin(work, _typed(form), at, slug=None), form)


@router.post("/library/{slug}/draft")
def begin_draft_of(work: Work, view: Screenful, slug: Slug, form: Typed, at: Now) -> Response:
    """Keep an edit of an exercise as a draft."""
    return _kept(view, exercise_drafts.begin(work, _typed(form), at, slug=slug), form)


def _page(work: Work, view: Screenful, draft: Draft, form: Form, clash: Clash | None = None) -> Page:
    note = DraftNote(draft.id, draft.revision, draft.by, moment_in_words(work.actor.local(draft.at)))
    return edit_page(work, view, form, library.exercise(work, draft.slug) if draft.slug else None, clash, draft=note)


@router.get("/library/drafts/{draft_id}")
def exercise_draft(work: Work, view: Screenful, draft_id: Key) -> Response:
    draft = exercise_drafts.draft(work, draft_id)
    return view.show(_page(work, view, draft, Form(draft.typed)))


@router.post("/library/drafts/{draft_id}")
def keep_draft(work: Work, view: Screenful, draft_id: Key, form: Typed, at: Now) -> Response:
    revision = began(form, "revision")
    try:
        exercise_drafts.keep(work, draft_id, _typed(form), at, revision=revision)
    except StaleVersion:
        return _clash(work, view, exercise_drafts.draft(work, draft_id), form)
    return _kept(view, draft_id, form)


def _clash(work: Work, view: Screenful, theirs: Draft, form: Form) -> Response:
    """The form again with what was typed, beside the draft as somebody saved it meanwhile; where both say the same, it is kept."""
    hers = Form(theirs.typed)
    form = Form({**form.fields, "picture": hers.values("picture")}, form.errors)  # it is never typed here: its own page puts it there
    short_name = difference("slug", hers, form, "Short name in addresses")
    found = (*((short_name,) if short_name else ()), *differences(hers, form))
    if not found:
        return _kept(view, theirs.id, form)
    clash = Clash(
        by=theirs.by,
        when=moment_in_words(work.actor.local(theirs.at)),
        version=None,
        leave_href=view.url("exercise_draft", draft_id=theirs.id),
        both=by_name(work, found),
    )
    return view.again(_page(work, view, theirs, form, clash), 409)


@router.post("/library/drafts/{draft_id}/discard")
def discard_exercise_draft(work: Work, view: Screenful, draft_id: Key, at: Now) -> Response:
    exercise_drafts.discard(work, draft_id, at)
    return view.to("exercise_drafts_list", said="draft-discarded")


# --- the starter library ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StarterPage(Page):
    template: ClassVar[str] = "library/starter.html"
    slug: str
    name: str
    version: int
    changed: tuple[Difference, ...]
    """What the starter library has changed."""
    ours: tuple[Difference, ...]
    """What the studio itself had changed before."""
    result: tuple[Difference, ...]
    """What taking it over would change here in any case."""
    contested: tuple[Difference, ...]
    """What both have changed: the studio's text is old, the starter library's is new."""
    form: Form


OURS, THEIRS = "ours", "theirs"


def _asked(field: str) -> str:
    """The name under which the form asks for a field that both have changed; override.sets is override_sets in forms."""
    return f"choose_{field.replace('.', '_')}"


def _starter_page(view: Screenful, slug: str, found: Update, form: Form) -> StarterPage:
    before, now, ours, merged = map(written, (found.before, found.now, found.ours, found.merged()))
    contested = {_asked(field) for field in found.contested()}
    return StarterPage(
        shell=view.shell,
        slug=slug,
        name=found.ours.name,
        version=found.ours.version,
        changed=differences(before, now),
        ours=differences(before, ours),
        result=differences(ours, merged),
        contested=tuple(one for one in differences(ours, now) if _asked(one.field) in contested),
        form=Form({**dict.fromkeys(contested, (OURS,)), **form.fields}, form.errors),
    )


@dataclass(frozen=True, kw_only=True)
class NewcomerPage(Page):
    template: ClassVar[str] = "library/newcomer.html"
    slug: str
    name: str
    figure: Figure | None
    rules: int
    """How many rules would ask for it."""
    says: tuple[Difference, ...]
    along: tuple[str, ...]
    """The names of other new exercises that would come with it."""
    form: Form


def _newcomer_page(view: Screenful, new: Mapping[str, Exercise], slug: str, form: Form) -> NewcomerPage:
    one = new[slug]
    return NewcomerPage(
        shell=view.shell,
        slug=slug,
        name=one.name,
        figure=figure(slug, own=one.picture),
        rules=len(library.asked_by(slug)),
        says=differences(Form(), written(one)),
        along=tuple(other.name for other in starter_updates.with_neighbours(one, new)[1:]),
        form=form,
    )


@router.get("/library/{slug}/starter")
def starter_update(work: Work, view: Screenful, slug: Slug) -> Response:
    new = starter_updates.newcomers(work)
    if slug in new:
        return view.show(_newcomer_page(view, new, slug, Form()))
    found = starter_updates.update_of(work, slug)
    return view.to("exercise", slug=slug) if found is None else view.show(_starter_page(view, slug, found, Form()))


@router.post("/library/{slug}/starter")
def settle_starter_update(work: Work, view: Screenful, slug: Slug, form: Typed, at: Now) -> Response:
    """Take over what the starter library has changed or added, or keep our own."""
    new = starter_updates.newcomers(work)
    if slug in new:
        return _settle_newcomer(work, view, new, slug, form, at)
    found = starter_updates.update_of(work, slug)
    if found is None:
        return view.to("exercise", slug=slug)
    wrong = _unknown_choices(form, found)
    if wrong:
        return view.again(_starter_page(view, slug, found, form.with_errors(wrong)))
    if form.value("choice") == "keep":
        starter_updates.turn_down(work, slug, at)
        return view.to("exercise", slug=slug, said="update-turned-down")
    theirs = tuple(field for field in found.contested() if form.value(_asked(field)) == THEIRS)
    try:
        starter_updates.take_over(work, slug, at, based_on=began(form), theirs=theirs)
    except Invalid as refusal:
        return view.again(_starter_page(view, slug, found, form.with_errors(FieldError("", one.message) for one in refusal.errors)))
    except StaleVersion:
        problem = FieldError("", "Somebody edited the exercise meanwhile: look again.")
        return view.again(_starter_page(view, slug, found, form.with_errors([problem])), 409)
    return view.to("exercise", slug=slug, said="update-taken-over")


def _unknown_choices(form: Form, found: Update) -> tuple[FieldError, ...]:
    """What is no answer to what the page asks; where nothing is chosen of a field, it stays as it is."""
    names = [_asked(field) for field in found.contested() if form.value(_asked(field)) not in ("", OURS, THEIRS)]
    wrong = [FieldError(name, "Choose one of the two.") for name in names]
    if form.value("choice") not in ("take", "keep"):
        wrong.append(FieldError("", "Take it over, or keep yours."))
    return tuple(wrong)


def _settle_newcomer(work: Work, view: Screenful, new: Mapping[str, Exercise], slug: str, form: Form, at: Now) -> Response:
    choice = form.value("choice")
    if choice not in ("take", "keep"):
        return view.again(_newcomer_page(view, new, slug, form.with_errors([FieldError("", "Add it, or leave it out.")])))
    if choice == "keep":
        starter_updates.decline_newcomer(work, slug, at)
        return view.to("exercise", slug=slug, said="newcomer-declined")
    try:
        starter_updates.add_newcomer(work, slug, at)
    except Invalid as refusal:
        return view.again(_newcomer_page(view, new, slug, form.refused(refusal)))
    return view.to("exercise", slug=slug, said="newcomer-added")
