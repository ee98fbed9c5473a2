"""Plans for programs: the one in force, and earlier ones as they were."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from app.rules import documents as rules
from app.rules.progress import StageStanding
from app.rules.vocabulary import Grade, Level, Origin, Side, Stage, StageState, Status
from app.services import plans
from app.services.plans import PlanView, ReferralView
from app.web.deps import Today, Work
from app.web.schemas import Key, Number

router = APIRouter(prefix="/api/v1", tags=["plans"])


class DoseBody(BaseModel):
    sets: int
    reps: int | None
    hold_s: int | None
    spots: int | None
    tempo: str | None
    rest_s: int | None
    per_week: tuple[int, int]
    height_cm: int | None
    load: str | None


class ThenBody(BaseModel):
    exercise: str
    after_weeks: int


class FindingRefBody(BaseModel):
    test: str
    side: Side
    grade: Grade
    value: float | None


class ItemReasonBody(BaseModel):
    rule: str
    because: str
    origin: Origin
    claims: tuple[str, ...]
    finding: FindingRefBody | None


class ItemBody(BaseModel):
    key: str
    exercise: str
    name: str
    exercise_version: int
    side: Side
    loaded: bool
    dose: DoseBody
    every_session: bool
    then: ThenBody | None
    cues: tuple[str, ...]
    reasons: tuple[ItemReasonBody, ...]


class LockBody(BaseModel):
    rule: str
    because: str
    until: str
    loaded_only: bool


class CriterionBody(BaseModel):
    id: str
    text: str
    met: bool


class StageBody(BaseModel):
    stage: Stage
    state: StageState
    locked_because: str | None
    locks: tuple[LockBody, ...]
    items: tuple[ItemBody, ...]
    exit: tuple[CriterionBody, ...]
    exit_any: bool


class RemovedBody(BaseModel):
    exercise: str
    side: Side
    key: str
    because: str
    instead: str | None


class HabitBody(BaseModel):
    rule: str
    text: str


class ReasonBody(BaseModel):
    rule: str
    level: Level
    text: str


class ReferralBody(BaseModel):
    """A stop; `level` is that of its most pressing reason, `state` open, sent, answered, not_cleared, cleared or withdrawn."""

    id: int
    level: Level
    reasons: tuple[ReasonBody, ...]
    state: str


class PlanBody(BaseModel):
    """A plan. While the client is stopped it has no number and no stages, and `referral` says why."""

    number: int | None
    status: Status
    ruleset: str
    screen: int
    made_on: date | None
    made_by: str | None
    superseded_by: int | None
    stages: tuple[StageBody, ...]
    removed: tuple[RemovedBody, ...]
    habits: tuple[HabitBody, ...]
    notes: tuple[str, ...]
    referral: ReferralBody | None


def referral_body(referral: ReferralView) -> ReferralBody:
    return ReferralBody(
        id=referral.id,
        level=referral.level,
        reasons=tuple(ReasonBody(rule=one.rule, level=one.level, text=one.text) for one in referral.reasons),
        state=referral.state,
    )


def plan_body(view: PlanView) -> PlanBody:
    """A plan as programs read it."""
    plan = view.plan
    standings = {one.stage: one for one in view.standings}
    return PlanBody(
        number=view.number,
        status=view.status,
        ruleset=view.ruleset,
        screen=view.screen_id,
        made_on=view.made_on,
        made_by=view.made_by,
        superseded_by=view.superseded_by,
        stages=tuple(_stage(one, standings) for one in plan.stages) if plan else (),
        removed=tuple(
            RemovedBody(exercise=one.exercise, side=one.side, key=one.key, because=one.because, instead=one.instead) for one in plan.removed
        )
        if plan
        else (),
        habits=tuple(HabitBody(rule=one.rule, text=one.text) for one in plan.habits) if plan else (),
        notes=plan.notes if plan else (),
        referral=referral_body(view.referral) if view.referral else None,
    )


def _stage(one: rules.StagePlan, standings: Mapping[Stage, StageStanding]) -> StageBody:
    now = standings[one.stage]
    return StageBody(
        stage=one.stage,
        state=now.state,
        locked_because=now.locked_because,
        locks=tuple(LockBody(rule=it.rule, because=it.because, until=it.until, loaded_only=it.loaded_only) for it in one.locks),
        items=tuple(_item(it) for it in one.items),
        exit=tuple(CriterionBody(id=it.id, text=it.text, met=it.id in now.met) for it in one.exit),
        exit_any=one.exit_any,
    )


def _item(item: rules.Item) -> ItemBody:
    dose = item.dose
    return ItemBody(
        key=item.key,
        exercise=item.exercise,
        name=item.name,
        exercise_version=item.exercise_version,
        side=item.side,
        loaded=item.loaded,
        dose=DoseBody(
            sets=dose.sets,
            reps=dose.reps,
            hold_s=dose.hold_s,
            spots=dose.spots,
            tempo=dose.tempo,
            rest_s=dose.rest_s,
            per_week=dose.per_week,
            height_cm=dose.height_cm,
            load=dose.load,
        ),
        every_session=item.every_session,
        then=ThenBody(exercise=item.then.exercise, after_weeks=item.then.after_weeks) if item.then else None,
        cues=item.cues,
        reasons=tuple(
            ItemReasonBody(
                rule=one.rule,
                because=one.because,
                origin=one.origin,
                claims=one.claims,
                finding=FindingRefBody(test=one.finding.test, side=one.finding.side, grade=one.finding.grade, value=one.finding.value)
                if one.finding
                else None,
            )
            for one in item.reasons
        ),
    )


@router.get("/clients/{client_id}/plan", summary="The plan in force, or the stop that keeps the client from it")
def read_plan(work: Work, client_id: Key, today: Today) -> PlanBody:
    return plan_body(plans.current_plan(work, client_id, today))


@router.get("/clients/{client_id}/plans/{number}", summary="A plan by its number, unchanged since it was made")
def read_numbered_plan(work: Work, client_id: Key, number: Number, today: Today) -> PlanBody:
    return plan_body(plans.numbered_plan(work, client_id, number, today))
