"""Screens for programs: log a finished one, read what was found."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.rules.documents import Finding, History, Injury, Measurement
from app.rules.vocabulary import Grade, Origin, Region, Side, Status
from app.services import plans, screens
from app.services.drafts import MOST_INJURIES, ScreenFields
from app.services.screens import ScreenView
from app.web.api.plans import PlanBody, ReasonBody, ReferralBody, plan_body
from app.web.deps import Now, Today, Work
from app.web.schemas import Day, Key, SafeText, ShortText

router = APIRouter(prefix="/api/v1", tags=["screens"])

MOST = 200
Word = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9_]+$")]
Truth = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]
Figure = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1_000_000, le=1_000_000)]
Words = Annotated[tuple[Word, ...], Field(max_length=MOST)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InjuryIn(_In):
    what: ShortText
    region: Region
    side: Side | None = None
    year: Whole | None = None
    cleared: Truth = False


class HistoryIn(_In):
    pain_now: Whole | None = Field(default=None, description="0-10")
    pain_where: Annotated[tuple[Region, ...], Field(max_length=len(Region))] = ()
    sitting_hours: Figure | None = Field(default=None, description="hours on a usual day")
    pregnant: Truth | None = None
    osteoporosis: Truth | None = None
    injuries: Annotated[tuple[InjuryIn, ...], Field(max_length=MOST_INJURIES)] = ()
    contraindications: Words = Field(default=(), description="keys of the contraindication table")
    hard_bony_stop: Truth = False
    suspected_structural: Truth = False


class MeasurementIn(_In):
    test: Word
    side: Side
    value: Figure | None = Field(default=None, description="in the test's own unit; points, repetitions and scores are whole")
    pain: Whole = Field(default=0, description="0-10; above 0 the test counts as painful, whatever the value")
    extra: dict[Word, Truth | Whole | Figure | Word | Words] | None = Field(default=None, max_length=MOST)
    measured_on: Day | None = Field(
        default=None, description="the day of a value that is carried over from an earlier screen: at most 12 weeks before this one"
    )


class ScreenIn(_In):
    """A finished screen. Everything of the minimum screen is needed unless the screen stops."""

    taken_on: Day
    readiness: dict[Word, Truth] = Field(default_factory=dict, max_length=MOST, description="the seven readiness questions by their ids")
    red_flags: Words | None = Field(default=None, description="the ids of those that hold; an empty list says that none does")
    history: HistoryIn = Field(default_factory=HistoryIn)
    measurements: Annotated[tuple[MeasurementIn, ...], Field(max_length=MOST)] = ()
    note: SafeText = ""


class FindingBody(BaseModel):
    test: str
    side: Side
    value: float | None
    grade: Grade
    reference: str
    origin: Origin
    asymmetry: bool
    worse: Side | None
    text: str
    measured_on: date | None = Field(description="the day of a value that was carried over from an earlier screen, else null")


class LoggedBody(BaseModel):
    """A screen just logged. `plan` is null when it stops; `referral` is then what waits for an answer."""

    id: int
    status: Status
    reasons: tuple[ReasonBody, ...]
    findings: tuple[FindingBody, ...]
    plan: PlanBody | None
    referral: ReferralBody | None


class MeasurementBody(BaseModel):
    test: str
    side: Side
    value: float | None
    pain: int
    extra: dict[str, bool | int | float | str | tuple[str, ...]] | None
    measured_on: date | None


class ClientScreenBody(BaseModel):
    """A screen as the client reads it. `plan` is the number of the plan that was made from it."""

    id: int
    taken_on: date
    finished_at: datetime
    by: str
    status: Status
    reasons: tuple[ReasonBody, ...]
    findings: tuple[FindingBody, ...]
    measurements: tuple[MeasurementBody, ...]
    plan: int | None
    referral: int | None
    supersedes: int | None
    superseded_by: int | None


class InjuryBody(BaseModel):
    what: str
    region: Region
    side: Side | None
    year: int | None
    cleared: bool


class HistoryBody(BaseModel):
    pain_now: int | None
    pain_where: tuple[Region, ...]
    sitting_hours: float | None
    pregnant: bool | None
    osteoporosis: bool | None
    injuries: tuple[InjuryBody, ...]
    contraindications: tuple[str, ...]
    hard_bony_stop: bool
    suspected_structural: bool


class ScreenBody(ClientScreenBody):
    """A screen as its trainers read it: with what was said, the note, and why it mends another one."""

    readiness: dict[str, bool]
    red_flags: tuple[str, ...]
    history: HistoryBody
    note: str
    supersede_reason: str | None


class ScreenList(BaseModel):
    items: tuple[ScreenBody | ClientScreenBody, ...]
    next: str | None


def _fields(body: ScreenIn) -> ScreenFields:
    said = body.history
    return ScreenFields(
        taken_on=body.taken_on,
        readiness=body.readiness,
        red_flags=body.red_flags,
        history=History(
            pain_now=said.pain_now,
            pain_where=said.pain_where,
            sitting_hours=said.sitting_hours,
            pregnant=said.pregnant,
            osteoporosis=said.osteoporosis,
            injuries=tuple(Injury(one.what, one.region, one.side, one.year, one.cleared) for one in said.injuries),
            contraindications=said.contraindications,
            hard_bony_stop=said.hard_bony_stop,
            suspected_structural=said.suspected_structural,
        ),
        measurements=tuple(
            Measurement(one.test, one.side, one.value, one.pain, one.extra, None if one.measured_on == body.taken_on else one.measured_on)
            for one in body.measurements
        ),
        note=body.note,
    )


def _findings(found: tuple[Finding, ...]) -> tuple[FindingBody, ...]:
    return tuple(FindingBody.model_validate(one, from_attributes=True) for one in found)


def screen_body(screen: ScreenView) -> ScreenBody | ClientScreenBody:
    shown = ClientScreenBody(
        id=screen.id,
        taken_on=screen.taken_on,
        finished_at=screen.finished_at,
        by=screen.author,
        status=screen.status,
        reasons=tuple(ReasonBody(rule=one.rule, level=one.level, text=one.text) for one in screen.reasons),
        findings=_findings(screen.findings),
        measurements=tuple(MeasurementBody.model_validate(one, from_attributes=True) for one in screen.measurements),
        plan=screen.plan,
        referral=screen.referral,
        supersedes=screen.supersedes,
        superseded_by=screen.superseded_by,
    )
    talk = screen.talk
    if talk is None:
        return shown
    return ScreenBody(
        **dict(shown),
        readiness=talk.readiness,
        red_flags=talk.red_flags,
        history=HistoryBody.model_validate(talk.history, from_attributes=True),
        note=talk.note,
        supersede_reason=screen.supersede_reason,
    )


@router.post("/clients/{client_id}/screens", status_code=201, summary="Log a finished screen, and get what it leads to")
def create_screen(work: Work, client_id: Key, body: ScreenIn, at: Now, today: Today) -> LoggedBody:
    logged = screens.log_screen(work, client_id, _fields(body), at, today)
    found, stands = logged.outcome.assessment, plan_body(plans.current_plan(work, client_id, today))
    return LoggedBody(
        id=logged.row.id,
        status=found.status,
        reasons=tuple(ReasonBody(rule=one.rule, level=one.level, text=one.text) for one in found.reasons),
        findings=_findings(found.findings),
        plan=stands if logged.outcome.plan is not None else None,
        referral=stands.referral if logged.outcome.plan is None else None,
    )


@router.get("/clients/{client_id}/screens", summary="Finished screens, newest first")
def read_screens(
    work: Work, client_id: Key, cursor: Annotated[Key | None, Query()] = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> ScreenList:
    found, after = screens.list_screens(work, client_id, limit, cursor)
    return ScreenList(items=tuple(screen_body(one) for one in found), next=None if after is None else str(after))


@router.get("/clients/{client_id}/screens/{screen_id}", summary="One finished screen")
def read_screen(work: Work, client_id: Key, screen_id: Key) -> ScreenBody | ClientScreenBody:
    return screen_body(screens.get_screen(work, client_id, screen_id))
