"""Stops for programs: logging a professional's answer."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.services import referrals
from app.web.api.plans import PlanBody, ReferralBody, plan_body, referral_body
from app.web.deps import Now, Today, Work
from app.web.schemas import Day, Key, Name, SafeText, ShortText

router = APIRouter(prefix="/api/v1", tags=["referrals"])


class ClearanceIn(BaseModel):
    """A professional's answer: contraindication keys that are allowed (or `loaded_hinge`), and those that are not."""

    model_config = ConfigDict(extra="forbid")

    professional: Name
    cleared_on: Day
    allowed: Annotated[tuple[ShortText, ...], Field(max_length=100)]
    not_allowed: Annotated[tuple[ShortText, ...], Field(max_length=100)]
    note: SafeText = ""


class ClearanceOut(BaseModel):
    """The answered stop and the plan that follows; `plan` is null when the screen stopped before it was complete: screen again."""

    referral: ReferralBody
    plan: PlanBody | None


@router.post("/clients/{client_id}/referrals/{referral_id}/clearance", summary="Log a professional's answer to a stop")
def clear(work: Work, client_id: Key, referral_id: Key, typed: ClearanceIn, at: Now, today: Today) -> ClearanceOut:
    plan = referrals.clear(
        work,
        client_id,
        referral_id,
        professional=typed.professional,
        cleared_on=typed.cleared_on,
        allowed=typed.allowed,
        not_allowed=typed.not_allowed,
        note=typed.note,
        at=at,
        today=today,
    )
    stop = referrals.read_referral(work, client_id, referral_id)
    return ClearanceOut(referral=referral_body(stop.referral), plan=plan_body(plan) if plan else None)
