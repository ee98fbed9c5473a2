"""Progress for programs: where a client stands, sign-offs with their evidence, what a trainer saw, and loads that she confirms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.errors import Invalid
from app.rules import documents as rules
from app.rules.progress import CriterionStanding, StageProgress
from app.rules.vocabulary import Evidence, Side, Stage, StageState
from app.services import progress
from app.services.progress import CheckFields, ProgressView, SignOffFields, form_meant
from app.store import Store
from app.web.deps import Now, Today, Work
from app.web.schemas import Day, Key, SafeText, ShortText

router = APIRouter(prefix="/api/v1", tags=["progress"])

T = TypeVar("T")
_MOST = 40
Amount = Annotated[float, Field(strict=True, ge=-10_000, le=10_000, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Gate = Annotated[dict[ShortText, StrictBool], Field(max_length=_MOST)]
Measured = Annotated[dict[ShortText, StrictBool | Amount | ShortText], Field(max_length=_MOST)]


# --- in -------------------------------------------------------------------------------------------------------------


class EvidenceIn(BaseModel):
    """What the trainer saw just now, and what she vouches for.

    With an exercise, points of form, repetitions or measured values it is noted as a check of that session, too: then `form_gate` answers
    each of the stage's points. `words` are ids of criteria that pass on her word.
    """

    model_config = ConfigDict(extra="forbid")

    performed_on: Day | None = None
    exercise: ShortText | None = None
    form_gate: Gate | None = None
    reps: Whole | None = None
    last_reps: Whole | None = None
    measured: Measured = Field(default_factory=dict)
    words: Annotated[tuple[ShortText, ...], Field(max_length=_MOST)] = ()
    goal_load_kg: Amount | None = None
    note: SafeText = ""


class SignOffIn(BaseModel):
    """A stage to be passed; with an `id` of the caller's own, sending it twice is harmless."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    stage: Stage
    side: Side = Side.BOTH
    evidence: EvidenceIn
    override_reason: SafeText | None = None


class CheckIn(BaseModel):
    """What a trainer saw of one exercise on one side in one session; for self-massage the stage alone, without an exercise."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    stage: Stage | None = None
    exercise: ShortText = ""
    side: Side = Side.BOTH
    performed_on: Day | None = None
    form_gate: Gate = Field(default_factory=dict)
    reps: Whole | None = None
    last_reps: Whole | None = None
    measured: Measured = Field(default_factory=dict)
    note: SafeText = ""


class LoadIn(BaseModel):
    """A load to be confirmed: the proposed one, or less."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    exercise: ShortText
    load_kg: Amount


class TakeBackIn(BaseModel):
    """What was mistaken is taken back by another line; nothing is deleted."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    note: SafeText = ""


# --- out ------------------------------------------------------------------------------------------------------------


class SignOffBody(BaseModel):
    id: str
    stage: Stage
    side: Side
    signed_on: date
    by: str
    words: tuple[str, ...]
    goal_load_kg: float | None
    note: str
    override_reason: str | None
    evidence: tuple[str, ...]
    """What was shown at that moment, as sentences."""


class CheckBody(BaseModel):
    id: str
    stage: Stage
    exercise: str
    side: Side
    performed_on: date
    by: str
    form_gate: dict[str, bool]
    measured: dict[str, bool | float | str]
    reps: int | None
    last_reps: int | None
    note: str


class LoadBody(BaseModel):
    id: str
    exercise: str
    load_kg: float
    set_on: date
    by: str
    reason: str


class MissingBody(BaseModel):
    id: str
    text: str


class CriterionBody(BaseModel):
    """One exit criterion, for one leg or both; `shown` says by what, `missing` what is still to do."""

    id: str
    side: Side
    text: str
    evidence: Evidence
    always: bool
    met: bool
    shown: str
    missing: str | None


class RungBody(BaseModel):
    exercise: str
    name: str
    open: bool
    due: bool
    waits: tuple[MissingBody, ...]


class StageBody(BaseModel):
    stage: Stage
    state: StageState
    locked_because: str | None
    exit_any: bool
    criteria: tuple[CriterionBody, ...]
    waits: tuple[MissingBody, ...]
    rungs: tuple[RungBody, ...]
    legs: tuple[Side, ...]
    opened_on: date | None
    passed_on: date | None
    passed_by: str | None
    override_reason: str | None
    fell_because: str | None


class ProposalBody(BaseModel):
    exercise: str
    load_kg: float | None
    at_most_kg: float
    kind: str
    because: str


class DueBody(BaseModel):
    on: date
    because: str
    tests: tuple[str, ...]


class ProgressBody(BaseModel):
    """Where a client stands in her newest plan; without a plan `plan` is null and there are no stages."""

    plan: int | None
    halted: str | None
    """Why she does not practise now: archived, unscreened, stopped, cleared."""
    stages: tuple[StageBody, ...]
    proposals: tuple[ProposalBody, ...]
    loads: dict[str, float]
    rescreen: tuple[DueBody, ...]


def _sign_off(one: rules.SignOff) -> SignOffBody:
    return SignOffBody(
        id=one.id,
        stage=one.stage,
        side=one.side,
        signed_on=one.signed_on,
        by=one.by,
        words=one.words,
        goal_load_kg=one.goal_load_kg,
        note=one.note,
        override_reason=one.override_reason,
        evidence=one.evidence,
    )


def _criterion(one: CriterionStanding) -> CriterionBody:
    return CriterionBody(
        id=one.id,
        side=one.side,
        text=one.text,
        evidence=one.evidence,
        always=one.always,
        met=one.met,
        shown=one.shown,
        missing=one.missing,
    )


def _stage(one: StageProgress) -> StageBody:
    return StageBody(
        stage=one.stage,
        state=one.state,
        locked_because=one.locked_because,
        exit_any=one.exit_any,
        criteria=tuple(_criterion(it) for it in one.criteria),
        waits=tuple(MissingBody(id=it.id, text=it.text) for it in one.waits),
        rungs=tuple(
            RungBody(
                exercise=it.exercise,
                name=it.name,
                open=it.is_open,
                due=it.is_due,
                waits=tuple(MissingBody(id=lack.id, text=lack.text) for lack in it.waits),
            )
            for it in one.rungs
        ),
        legs=one.legs,
        opened_on=one.opened_on,
        passed_on=one.passed_on,
        passed_by=one.passed_by or None,
        override_reason=one.override_reason,
        fell_because=one.fell_because,
    )


def _progress(view: ProgressView) -> ProgressBody:
    found = view.progress
    now = found if view.halt is None else None
    return ProgressBody(
        plan=view.row.number if view.row is not None else None,
        halted=view.halt.value if view.halt is not None else None,
        stages=tuple(_stage(one) for one in found.stages) if found is not None else (),
        proposals=() if now is None else tuple(ProposalBody.model_validate(one, from_attributes=True) for one in now.proposals),
        loads=dict(now.loads) if now is not None else {},
        rescreen=tuple(
            DueBody(on=one.on, because=one.because, tests=tuple(dict.fromkeys(test for test, _ in one.tests))) for one in view.due
        ),
    )


# --- routes ---------------------------------------------------------------------------------------------------------


def _named(use_case: Callable[[], T], names: Mapping[str, str], measured: str) -> T:
    """What `use_case` refuses is told by the names that the program used."""
    try:
        return use_case()
    except Invalid as refusal:
        raise Invalid(
            *(
                replace(one, field=names.get(one.field, one.field if one.field in _OWN else f"{measured}.{one.field}"))
                for one in refusal.errors
            )
        ) from None


_OWN = ("stage", "side", "override_reason", "exercise", "performed_on", "reps", "last_reps", "note", "load_kg")
_IN_EVIDENCE = {
    "gate": "evidence.form_gate",
    **{name: f"evidence.{name}" for name in ("exercise", "performed_on", "reps", "last_reps", "note", "words", "goal_load_kg")},
}


@router.get("/clients/{client_id}/progress", summary="Where a client stands, by what evidence, and what is missing")
def read_progress(work: Work, client_id: Key, today: Today) -> ProgressBody:
    return _progress(progress.progress_of(work, client_id, today))


@router.post(
    "/clients/{client_id}/sign-offs",
    status_code=201,
    summary="Sign a stage off",
    responses={409: {"description": "Something is missing: `missing` says what."}},
)
def sign_off(work: Work, client_id: Key, body: SignOffIn, at: Now, today: Today) -> SignOffBody:
    """Pass a stage on the evidence that is there, with what was seen just now; a typed reason stands in for the rest where it may."""
    given = body.evidence
    check = _check_in(work, client_id, body, today)
    fields = SignOffFields(
        id=str(body.id or uuid4()),
        stage=body.stage,
        side=body.side,
        words=given.words,
        goal_load_kg=given.goal_load_kg,
        note=given.note,
        override_reason=body.override_reason,
        check=check,
    )
    return _sign_off(_named(lambda: progress.sign_off(work, client_id, fields, at, today), _IN_EVIDENCE, "evidence.measured"))


def _check_in(work: Store, client_id: int, body: SignOffIn, today: date) -> CheckFields | None:
    """What was seen just now as a check; None where nothing of the kind was sent."""
    given = body.evidence
    if given.exercise is None and given.form_gate is None and given.reps is None and given.last_reps is None and not given.measured:
        return None
    view = progress.progress_of(work, client_id, today)
    form = _named(lambda: form_meant(view, body.stage, body.side, given.exercise), _IN_EVIDENCE, "")
    return CheckFields(
        id=str(body.id or uuid4()),
        exercise=form.exercise if form is not None else given.exercise or "",
        side=form.side if form is not None else body.side,
        performed_on=given.performed_on or today,
        gate=given.form_gate or {},
        seen=given.measured,
        reps=given.reps,
        last_reps=given.last_reps,
        note=given.note,
        stage=body.stage,
    )


@router.post("/clients/{client_id}/sign-offs/{sign_off_id}/take-back", summary="Take a sign-off back from today on")
def take_back_sign_off(work: Work, client_id: Key, sign_off_id: UUID, body: TakeBackIn, at: Now, today: Today) -> ProgressBody:
    progress.take_back_sign_off(work, client_id, str(sign_off_id), str(body.id or uuid4()), body.note, at, today)
    return _progress(progress.progress_of(work, client_id, today))


@router.post("/clients/{client_id}/form-checks", status_code=201, summary="Note what was seen in a session")
def note_check(work: Work, client_id: Key, body: CheckIn, at: Now, today: Today) -> CheckBody:
    fields = CheckFields(
        id=str(body.id or uuid4()),
        exercise=body.exercise,
        side=body.side,
        performed_on=body.performed_on or today,
        gate=body.form_gate,
        seen=body.measured,
        reps=body.reps,
        last_reps=body.last_reps,
        note=body.note,
        stage=body.stage,
    )
    check = _named(lambda: progress.note_check(work, client_id, fields, at, today), {"gate": "form_gate"}, "measured")
    return CheckBody(
        id=check.id,
        stage=check.stage,
        exercise=check.exercise,
        side=check.side,
        performed_on=check.performed_on,
        by=check.by,
        form_gate=dict(check.gate),
        measured=dict(check.seen),
        reps=check.reps,
        last_reps=check.last_reps,
        note=check.note,
    )


@router.post("/clients/{client_id}/form-checks/{check_id}/take-back", summary="Take a form check back")
def take_back_check(work: Work, client_id: Key, check_id: UUID, body: TakeBackIn, at: Now, today: Today) -> ProgressBody:
    progress.take_back_check(work, client_id, str(check_id), str(body.id or uuid4()), at, today)
    return _progress(progress.progress_of(work, client_id, today))


@router.post("/clients/{client_id}/loads", status_code=201, summary="Confirm a load, never more than the proposal allows")
def confirm_load(work: Work, client_id: Key, body: LoadIn, at: Now, today: Today) -> LoadBody:
    load = progress.confirm_load(work, client_id, body.exercise, body.load_kg, str(body.id or uuid4()), at, today)
    return LoadBody(id=load.id, exercise=load.exercise, load_kg=load.load_kg, set_on=load.set_on, by=load.by, reason=load.reason)
