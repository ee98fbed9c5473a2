"""Practice for programs: ticks in, and what was done."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.rules.documents import Effort
from app.rules.vocabulary import Feel, Side, SkipReason
from app.services import practice
from app.services.practice import Added, Practised, Tick
from app.web.deps import Now, Today, Work
from app.web.schemas import Day, Key, ShortText

router = APIRouter(prefix="/api/v1", tags=["practice"])


def _moment(value: object) -> object:
    """A moment in ISO 8601 with its zone, and nothing else that could be read as one."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("write a moment with its zone, such as 2026-11-23T18:30:00Z")
    return moment


LOAD = (
    "The load that was lifted. A set done of a loaded exercise without it keeps the load that was sent for that set before, or else takes "
    "the one that the trainer has confirmed and the client was shown on that day, if there is one; 0 says that it was done without."
)


class TickBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[UUID, Field(strict=False)]
    item: ShortText
    side: Annotated[Side | None, Field(strict=False)] = None
    set: Annotated[int, Field(ge=1, le=1000)]
    performed_on: Day
    at: Annotated[datetime, BeforeValidator(_moment)]
    done: bool
    pain: Annotated[int, Field(ge=0, le=10)] | None = None
    effort: Effort | None = None
    load_kg: Annotated[float | None, Field(ge=0, le=1000, allow_inf_nan=False, description=LOAD)] = None
    feel: Annotated[Feel | None, Field(strict=False)] = None
    """How a pain felt; whatever is named here stops everything."""
    skipped: Annotated[SkipReason | None, Field(strict=False)] = None
    """Why a set was left out; then `done` is false."""


class TicksBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    ticks: Annotated[list[TickBody], Field(max_length=practice.MOST_TICKS)]


class MissingBody(BaseModel):
    id: str
    text: str


class RefusedBody(BaseModel):
    id: str
    reason: str
    missing: list[MissingBody] | None = None
    """What has to be shown first, for an exercise that is locked; left out for others."""


class AddedBody(BaseModel):
    accepted: list[str]
    known: list[str]
    refused: list[RefusedBody]
    stopped: bool = False
    """True when a report has stopped everything; left out otherwise."""


class DoneItemBody(BaseModel):
    item: str
    side: Side
    done_sets: int
    of_sets: int
    pain: int | None
    skipped: SkipReason | None = None
    load_kg: float | None = None
    entered_by: list[str] = []
    """Who entered some of it for her."""


class DayBody(BaseModel):
    date: date
    items: list[DoneItemBody]
    morning: int | None = None
    """The pain of the morning after, where it was told."""


class ItemAdherenceBody(BaseModel):
    item: str
    side: Side
    days_done: int
    days_planned: int
    partly: int
    excused: int
    not_reported: int


class WeekBody(BaseModel):
    """All items of a week together: planned days, and what became of them."""

    monday: date
    days_planned: int
    done: int
    partly: int
    excused: int
    not_reported: int


class AdherenceBody(BaseModel):
    """Days done of days planned, never counted above the plan; `formula` says how."""

    first: date
    last: date
    days_done: int
    days_planned: int
    items: list[ItemAdherenceBody]
    weeks: list[WeekBody]
    formula: str


class PracticeBody(BaseModel):
    days: list[DayBody]
    adherence: AdherenceBody


def _added(added: Added) -> AddedBody:
    refused = [
        RefusedBody.model_validate(
            {"id": one.id, "reason": one.reason}
            | ({"missing": [MissingBody(id=missing.id, text=missing.text) for missing in one.missing]} if one.missing else {})
        )
        for one in added.refused
    ]
    stopped = {"stopped": True} if added.stopped else {}
    return AddedBody(accepted=list(added.accepted), known=list(added.known), refused=refused, **stopped)


def _said(**fields: Any) -> dict[str, Any]:
    """What there is something to say about; the rest is left out."""
    return {name: value for name, value in fields.items() if value is not None}


def _practice(done: Practised) -> PracticeBody:
    items = [ItemAdherenceBody.model_validate(one, from_attributes=True) for one in done.adherence]
    return PracticeBody(
        days=[
            DayBody(
                **_said(morning=day.morning),
                date=day.date,
                items=[
                    DoneItemBody.model_validate(
                        {"item": one.item, "side": one.side, "done_sets": one.done_sets, "of_sets": one.of_sets, "pain": one.pain}
                        | _said(skipped=one.skipped, load_kg=one.load_kg, entered_by=list(one.entered_by) or None)
                    )
                    for one in day.items
                ],
            )
            for day in done.days
        ],
        adherence=AdherenceBody(
            first=done.first,
            last=done.last,
            days_done=sum(one.days_done for one in items),
            days_planned=sum(one.days_planned for one in items),
            items=items,
            weeks=[WeekBody.model_validate(one, from_attributes=True) for one in done.weeks],
            formula=done.formula,
        ),
    )


@router.post("/clients/{client_id}/ticks", response_model_exclude_unset=True)
def add_ticks(work: Work, client_id: Key, body: TicksBody, at: Now, today: Today) -> AddedBody:
    """Ticks, unticks and skips, each with an id made where it was made; sending one twice is harmless.

    With the item `morning` a tick tells of the morning after the session of `performed_on`: not done, set 1, pain 0 to 10.
    """
    ticks = [
        Tick(
            id=str(one.id),
            item=one.item,
            set=one.set,
            performed_on=one.performed_on,
            at=one.at,
            done=one.done,
            side=one.side,
            pain=one.pain,
            effort=one.effort,
            load_kg=one.load_kg,
            feel=one.feel,
            skipped=one.skipped,
        )
        for one in body.ticks
    ]
    return _added(practice.add_ticks(work, client_id, ticks, at, today))


@router.get("/clients/{client_id}/practice", response_model_exclude_unset=True)
def get_practice(
    work: Work,
    client_id: Key,
    today: Today,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
) -> PracticeBody:
    """The days on which something was entered, and days done of days planned; the last four weeks unless said otherwise."""
    return _practice(practice.practised(work, client_id, first, last, today))
