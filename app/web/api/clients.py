"""Clients for programs: add one, list one's own, read one."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from app.models import Client
from app.rules.vocabulary import Sex
from app.services import clients
from app.services.clients import ClientFields
from app.store.clients import Facts
from app.web.deps import Now, Today, Work
from app.web.schemas import Day, Key, Name, SafeText, ShortText

router = APIRouter(prefix="/api/v1", tags=["clients"])


class NewClient(BaseModel):
    """A client to be added; `name` may be a code. `consented_on` is the day on which she agreed to the consent text."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    birth_year: StrictInt
    sex: Sex
    body_weight_kg: Annotated[float, Field(strict=True, allow_inf_nan=False)] | None = None
    email: ShortText | None = None
    phone: ShortText | None = None
    goals: SafeText = ""
    consented_on: Day | None = None


class ClientBody(BaseModel):
    id: int
    name: str
    birth_year: int
    sex: Sex
    body_weight_kg: float | None
    email: str | None
    phone: str | None
    goals: str
    consented_on: date | None
    """The day of the consent that is in force; null where there is none, or where it was withdrawn."""
    archived: bool
    created_at: datetime


class ClientList(BaseModel):
    items: tuple[ClientBody, ...]
    next: str | None


def client_body(client: Client, facts: Facts) -> ClientBody:
    return ClientBody(
        id=client.id,
        name=client.name,
        birth_year=client.birth_year,
        sex=Sex(client.sex),
        body_weight_kg=client.body_weight_kg,
        email=client.email,
        phone=client.phone,
        goals=client.goals,
        consented_on=facts.consented_on,
        archived=facts.is_archived,
        created_at=client.created_at,
    )


@router.post("/clients", status_code=201)
def create_client(work: Work, body: NewClient, response: Response, at: Now, today: Today) -> ClientBody:
    """Add a client; whoever adds her becomes her trainer."""
    fields = ClientFields(
        name=body.name,
        birth_year=body.birth_year,
        sex=body.sex,
        body_weight_kg=body.body_weight_kg,
        email=body.email or None,
        phone=body.phone or None,
        goals=body.goals,
    )
    client = clients.add_client(work, fields, at, today, consented_on=body.consented_on)
    response.headers["location"] = f"/api/v1/clients/{client.id}"
    return client_body(client, clients.facts_of(work, [client])[client.id])


@router.get("/clients")
def read_clients(
    work: Work,
    query: ShortText = "",
    cursor: Annotated[Key | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    archived: Annotated[bool | None, Query(description="Only archived clients, or only the others.")] = None,
) -> ClientList:
    """One's own clients in order of name; the query's words are looked for in name, e-mail and phone, without case and accents."""
    found = clients.list_clients(work, query, limit, archived=archived, after=cursor)
    facts = clients.facts_of(work, found.clients)
    items = tuple(client_body(client, facts[client.id]) for client in found.clients)
    return ClientList(items=items, next=None if found.after is None else str(found.after))


@router.get("/clients/{client_id}")
def read_client(work: Work, client_id: Key) -> ClientBody:
    """One client, for her trainers and for herself."""
    client = clients.get_client(work, client_id)
    return client_body(client, clients.facts_of(work, [client])[client.id])
