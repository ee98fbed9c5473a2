"""The page on which a trainer adjusts the plan in force: line by line, and to the library of today."""

from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter, Response

from app.errors import Invalid, StaleVersion
from app.services import adjustments
from app.services.adjustments import Adjustment, NothingToAdjust, Unadjusted
from app.web.deps import Now, Today, Work
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, day_in_words
from app.web.pages.changes import ChangesPart, changes_part, read_lines, typed_lines
from app.web.schemas import Key

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class AdjustPage(Page):
    template: ClassVar[str] = "plans/adjust.html"
    client_id: int
    client_name: str
    screened: str
    seen: str
    problem: str
    is_due: bool
    """Whether the library or the rules have changed since the plan was made."""
    changes: ChangesPart


def _page(view: Screenful, found: Adjustment, form: Form | None = None, problem: str = "") -> AdjustPage:
    sides = replace(found.changes, diff=replace(found.changes.diff, findings=()))
    units = view.actor.units if view.actor else ""
    return AdjustPage(
        shell=view.shell,
        client_id=found.client.id,
        client_name=found.client.name,
        screened=day_in_words(found.screen.taken_on),
        seen=found.seen,
        problem=problem,
        is_due=found.is_due,
        changes=changes_part(sides, units, form=form or typed_lines(found.lines), choosing=True),
    )


@router.get("/clients/{client_id}/plan/adjust", name="adjust")
def adjust_page(work: Work, view: Screenful, client_id: Key) -> Response:
    try:
        found = adjustments.adjustment(work, client_id)
    except NothingToAdjust:
        return view.to("plan", client_id=client_id)
    return view.show(_page(view, found))


@router.post("/clients/{client_id}/plan/adjust", name="adjust_plan")
def adjust_plan(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    """Publish the plan with what is otherwise."""
    try:
        adjustments.adjust_plan(work, client_id, form.value("seen"), read_lines(form) or {}, at, today)
    except Invalid as refusal:
        return view.again(_page(view, adjustments.adjustment(work, client_id), form.refused(refusal)))
    except (StaleVersion, Unadjusted) as refusal:
        return view.again(_page(view, adjustments.adjustment(work, client_id), form, str(refusal)), 409)
    return view.to("plan", client_id=client_id, said="plan-adjusted")
