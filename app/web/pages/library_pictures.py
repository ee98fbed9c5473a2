"""The editor of an exercise's picture: joints by numbers or by hand, with what that looks like; it is kept with the exercise's draft."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter, Response
from markupsafe import Markup

from app.errors import FieldError, Invalid, StaleVersion
from app.figures import PICTURES, Picture, Unposable, draw
from app.figures.documents import MOST_PARTS, from_text, to_text
from app.figures.editing import STANDING, STARTS, alone, decided, is_mirrored, out_of_reach, start, too_heavy
from app.services import exercise_drafts
from app.services.exercise_drafts import Draft
from app.web.deps import Now, Work
from app.web.figures import Figure, picture_of
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, View
from app.web.pages.library import began
from app.web.picture_form import (
    ANYWHERE,
    ARROW_FIELDS,
    BONES,
    FLOORS,
    KINDS,
    PARTS,
    SECONDS,
    VIEWS,
    GearFields,
    NumberField,
    PoseFields,
    count_of,
    filled,
    gear_fields,
    labels_of,
    pose_fields,
    pose_label,
    read_picture,
    rows,
    view_of,
)
from app.web.schemas import Key, ShortText

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PosePicture:
    """One pose as it is drawn, and the angles that its contacts decide."""

    number: int
    label: str
    svg: Markup
    decided: str
    note: str
    is_mirrored: bool
    """Whether what is called near turns the other way."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form comes to: each pose by itself, and the whole as pages will show it."""

    poses: tuple[PosePicture, ...]
    figure: Figure
    note: str
    """What makes it lighter, where it is too heavy."""


@dataclass(frozen=True, kw_only=True)
class PicturePage(Page):
    template: ClassVar[str] = "library/picture.html"
    form: Form
    name: str
    draft_id: int
    revision: int
    shown: Shown | None
    """As it was before, while something that was typed can't be drawn."""
    starts: tuple[tuple[str, str], ...]
    copies: tuple[tuple[str, str], ...]
    views: tuple[tuple[str, str], ...]
    floors: tuple[tuple[str, str], ...]
    poses: tuple[PoseFields, ...]
    gear: tuple[GearFields, ...]
    arrow: tuple[NumberField, ...]
    seconds: NumberField
    body_parts: tuple[tuple[str, str], ...]
    anywhere: tuple[tuple[str, str], ...]
    bones: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    labels: Mapping[str, str]
    without: str
    """What giving up the own picture leads back to."""


@dataclass(frozen=True, kw_only=True)
class PicturePreview(Page):
    """The drawing alone, for a page that is there already."""

    template: ClassVar[str] = "library/picture_alone.html"
    form: Form
    shown: Shown | None


def _drawn(picture: Picture, ids: str, *, animated: bool = False) -> Markup:
    return Markup(draw(picture, ids=ids, animated=animated))  # noqa: S704 - drawn by us, and what it says is escaped


def _show(picture: Picture) -> Shown:
    count = len(picture.poses)
    poses = tuple(
        PosePicture(
            number,
            pose_label(number, count),
            _drawn(alone(picture, number), f"pose{number}"),
            " ".join(sorted(decided(pose))),
            _note(out_of_reach(picture, number)),
            is_mirrored(picture.view),
        )
        for number, pose in enumerate(picture.poses)
    )
    moving = _drawn(picture, "moving", animated=True) if count > 1 else None
    return Shown(poses, Figure(picture.title, picture.seen, _drawn(picture, "still"), moving), too_heavy(picture))


def _note(missed: int) -> str:
    return f"A contact is out of reach by {missed} cm." if missed else ""


def _before(form: Form) -> Shown | None:
    try:
        return _show(from_text(form.value("base")))
    except Unposable:
        return None


def _own(draft: Draft) -> str:
    return (draft.typed.get("picture") or ("",))[-1]


def _slug(draft: Draft) -> str:
    return draft.slug or (draft.typed.get("slug") or ("",))[-1].strip()


def _page(view: View, draft: Draft, form: Form, picture: Picture | None) -> PicturePage:
    """The editor with a form as it was typed, and the picture that it comes to, if it does."""
    count, seen = count_of(form), view_of(form)
    poses = tuple(
        pose_fields(
            number,
            count,
            seen,
            picture.poses[number] if picture and number < len(picture.poses) else None,
            min(rows(form, f"poses.{number}.pins", "part") + (picture is not None), MOST_PARTS),
        )
        for number in range(count)
    )
    gear = gear_fields(min(rows(form, "gear", "kind") + (picture is not None), MOST_PARTS))
    return PicturePage(
        shell=view.shell,
        form=form,
        name=draft.name,
        draft_id=draft.id,
        revision=draft.revision,
        shown=_show(picture) if picture else _before(form),
        starts=tuple((name, label) for name, (label, _) in STARTS.items()),
        copies=tuple(sorted(((slug, one.title) for slug, one in PICTURES.items()), key=lambda pair: pair[1])),
        views=tuple((one.value, label.capitalize()) for one, label in VIEWS.items()),
        floors=tuple((one.value, label.capitalize()) for one, label in FLOORS.items()),
        poses=poses,
        gear=gear,
        arrow=ARROW_FIELDS,
        seconds=SECONDS,
        body_parts=PARTS,
        anywhere=ANYWHERE,
        bones=BONES,
        kinds=KINDS,
        labels=labels_of(poses, gear),
        without="Back to our picture" if _slug(draft) in PICTURES else "Without a picture",
    )


def _read(form: Form) -> tuple[Form, Picture | None]:
    """What was typed as the form shows it: set straight where it can be drawn, with what is wrong where it can't."""
    try:
        picture = read_picture(form)
    except Invalid as refusal:
        return form.refused(refusal), None
    return filled(picture), picture


@router.get("/library/drafts/{draft_id}/picture")
def edit_picture(work: Work, view: Screenful, draft_id: Key, begin: ShortText = "") -> Response:
    """The editor, begun with what the draft says, or with another picture or pose."""
    draft = exercise_drafts.draft(work, draft_id)
    now = picture_of(_slug(draft), _own(draft))
    picture = start(begin) or now or STANDING
    if begin in STARTS or now is None:
        picture = replace(picture, title=draft.name[:100])
    return view.show(_page(view, draft, filled(picture), picture))


@router.post("/library/drafts/{draft_id}/picture/preview")
def preview_picture(work: Work, view: Screenful, draft_id: Key, form: Typed) -> Response:
    """What was typed, drawn; the page again, or to a script the drawing alone. Nothing is kept."""
    draft = exercise_drafts.draft(work, draft_id)
    read, picture = _read(form)
    if form.value("alone"):
        page: Page = PicturePreview(shell=view.shell, form=read, shown=_show(picture) if picture else None)
    else:
        page = replace(_page(view, draft, read, picture), revision=began(form, "revision") or draft.revision)
    return view.show(page) if picture else view.again(page)


@router.post("/library/drafts/{draft_id}/picture")
def keep_picture(work: Work, view: Screenful, draft_id: Key, form: Typed, at: Now) -> Response:
    """Put the picture into the draft, or give its own picture up."""
    revision = began(form, "revision")
    read, picture = _read(form)
    without = form.value("choice") == "without"
    if picture is None and not without:
        draft = exercise_drafts.draft(work, draft_id)
        return view.again(replace(_page(view, draft, read, None), revision=revision or draft.revision))
    try:
        exercise_drafts.put_picture(work, draft_id, "" if without or picture is None else to_text(picture), at, revision=revision)
    except StaleVersion:
        draft = exercise_drafts.draft(work, draft_id)
        problem = FieldError("", f"{draft.by} saved this draft meanwhile. What you set stands here: save it again to put it over hers.")
        return view.again(_page(view, draft, read.with_errors([problem]), picture), 409)
    return view.to("exercise_draft", draft_id=draft_id, said="picture-kept")
