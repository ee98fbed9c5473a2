"""Whose rows a person may see: one function that narrows a session, so that the author of a query has nothing to remember."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, false, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from app.models import AuditEvent, Client, ClientTrainer, OfClient, Owned, Role, Studio


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: a member of staff, or a client on her phone."""

    user_id: int
    studio_id: int
    name: str
    studio: str
    timezone: str
    roles: frozenset[Role]
    units: str = "metric"
    client_id: int | None = None
    session_id: int | None = None
    is_demo: bool = False

    def is_a(self, role: Role) -> bool:
        return role in self.roles

    def local(self, moment: datetime) -> datetime:
        """A moment by the clock on the studio's wall."""
        return moment.astimezone(ZoneInfo(self.timezone))


def narrow(session: Session, actor: Actor) -> None:
    """Add to every ORM statement of this session, joins and loads included, that it sees this actor's rows only.

    A statement made once at import, with the execution option `kept`, is narrowed once for each actor.
    Inserts are not narrowed: pass objects you fetched, never ids. Text, Core on a table, bulk updates by primary key and rows
    loaded before this call escape; `tests/store/test_scope.py` bans them.
    """
    session.info["scope"] = _scope_of(replace(actor, session_id=None))


@dataclass(frozen=True, slots=True)
class _Scope:
    """One actor's criteria, and the statements that are put together once for all, with these criteria added."""

    criteria: tuple[Any, ...]
    kept: dict[Any, Any] = field(default_factory=dict)

    def narrowed(self, statement: Any) -> Any:
        if not statement.get_execution_options().get("kept"):
            return statement.options(*self.criteria)
        if statement not in self.kept:
            self.kept[statement] = statement.options(*self.criteria)
        return self.kept[statement]


@lru_cache(maxsize=1024)
def _scope_of(actor: Actor) -> _Scope:
    rules = ((Owned, _in_studio(actor)), (Studio, _own_studio(actor)), *_of_clients(actor))
    return _Scope(tuple(with_loader_criteria(entity, rule, include_aliases=True) for entity, rule in rules))


@event.listens_for(Session, "do_orm_execute")
def _add_criteria(state: ORMExecuteState) -> None:
    scope: _Scope | None = state.session.info.get("scope")
    if scope is not None:
        state.statement = scope.narrowed(state.statement)


def _in_studio(actor: Actor) -> Callable[[Any], Any]:
    studio = actor.studio_id
    return lambda cls: cls.studio_id == studio


def _own_studio(actor: Actor) -> Callable[[Any], Any]:
    studio = actor.studio_id
    return lambda cls: cls.id == studio


def _of_clients(actor: Actor) -> tuple[tuple[type[Any], Callable[[Any], Any]], ...]:
    """A client sees herself, a trainer the clients assigned to her, an admin as such nobody; the audit log is the admin's."""
    audit = () if actor.is_a(Role.ADMIN) else ((AuditEvent, lambda cls: false()),)
    if actor.client_id is not None:
        client = actor.client_id
        return ((OfClient, lambda cls: cls.client_id == client), (Client, lambda cls: cls.id == client), *audit)
    if actor.is_a(Role.TRAINER):
        user = actor.user_id
        assigned = ClientTrainer.__table__
        return (
            (OfClient, lambda cls: cls.client_id.in_(select(assigned.c.client_id).where(assigned.c.user_id == user))),
            (Client, lambda cls: cls.id.in_(select(assigned.c.client_id).where(assigned.c.user_id == user))),
            *audit,
        )
    return ((OfClient, lambda cls: false()), (Client, lambda cls: false()), *audit)
