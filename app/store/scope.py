"""Whose rows a person may see: one function that narrows a session, so that the author of a query has nothing to remember."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Dialect, Result, bindparam, column, event, false, select, text
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.selectable import TextualSelect

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
    ends_at: datetime | None = None
    """When this sign-in ends, however often it is used."""
    is_demo: bool = False

    def is_a(self, role: Role) -> bool:
        return role in self.roles

    def local(self, moment: datetime) -> datetime:
        """A moment by the clock on the studio's wall."""
        return moment.astimezone(ZoneInfo(self.timezone))


def narrow(session: Session, actor: Actor) -> None:
    """Add to every ORM statement of this session, joins and loads included, that it sees this actor's rows only.

    A statement with the execution option `kept` is one of columns alone, made at import and asked all the time: it is narrowed like all
    others, but put into SQL once for each kind of actor. Its parameters take no lists.

    Inserts are not narrowed: pass objects you fetched, never ids. Text, Core on a table, bulk updates by primary key and rows
    loaded before this call escape; `tests/store/test_scope.py` bans them.
    """
    session.info["scope"] = _Scope(actor, _criteria(replace(actor, session_id=None, ends_at=None)))


@dataclass(frozen=True, slots=True)
class _Scope:
    """An actor, and what is added to every statement for her."""

    actor: Actor
    criteria: tuple[Any, ...]


@lru_cache(maxsize=1024)
def _criteria(actor: Actor) -> tuple[Any, ...]:
    rules = ((Owned, _in_studio(actor)), (Studio, _own_studio(actor)), *_of_clients(actor))
    return tuple(with_loader_criteria(entity, rule, include_aliases=True) for entity, rule in rules)


@event.listens_for(Session, "do_orm_execute")
def _add_criteria(state: ORMExecuteState) -> Result[Any] | None:
    scope: _Scope | None = state.session.info.get("scope")
    if state.statement.get_execution_options().get("kept"):
        return _ask_kept(state, scope.actor if scope else None)
    if scope is not None:
        state.statement = state.statement.options(*scope.criteria)
    return None


# --- statements that are kept -----------------------------------------------------------------------------------------


class _Place(int):
    """Stands for one of the actor's ids in a statement that is made for all of her kind."""


_SOMEBODY = Actor(user_id=_Place(-1), studio_id=_Place(-2), client_id=_Place(-3), name="", studio="", timezone="", roles=frozenset())
_DIALECTS: Final[Mapping[str, Callable[..., Dialect]]] = {"sqlite": SQLiteDialect, "postgresql": PGDialect}


@dataclass(frozen=True, slots=True)
class _Kept:
    """A statement in SQL, and the parameters that are the actor's ids, with their names in `Actor`."""

    sql: TextualSelect
    ids: tuple[tuple[str, str], ...]


def _ask_kept(state: ORMExecuteState, actor: Actor | None) -> Result[Any]:
    session, asked = state.session, cast("Mapping[str, Any]", state.parameters or {})
    if session.autoflush:
        session.flush()
    connection = session.connection()
    roles, is_client = (None, False) if actor is None else (actor.roles, actor.client_id is not None)
    kept = _kept(state.statement, connection.dialect.name, roles, is_client=is_client)
    return connection.execute(kept.sql, {**asked, **{name: getattr(actor, field) for name, field in kept.ids}})


@lru_cache(maxsize=512)
def _kept(statement: Any, dialect: str, roles: frozenset[Role] | None, *, is_client: bool) -> _Kept:
    if any(one["expr"] is one["entity"] for one in statement.column_descriptions):
        raise TypeError("a statement that is kept is one of columns")
    somebody = replace(_SOMEBODY, roles=roles or frozenset(), client_id=_SOMEBODY.client_id if is_client else None)
    criteria = () if roles is None else _criteria(somebody)
    compiled = statement.options(*criteria).compile(dialect=_DIALECTS[dialect](paramstyle="named"))
    sql, binds, ids = compiled.string, list[BindParameter[Any]](), list[tuple[str, str]]()
    for bind, name in compiled.bind_names.items():
        value = compiled.params[name]
        if isinstance(value, _Place):
            ids.append((name, next(field for field in ("user_id", "studio_id", "client_id") if getattr(_SOMEBODY, field) is value)))
            binds.append(bindparam(name, type_=bind.type))
        elif bind.required:
            binds.append(bindparam(name, type_=bind.type))
        elif bind.expanding:
            each = {f"{name}_{at}": one for at, one in enumerate(value)}
            sql = sql.replace(f"__[POSTCOMPILE_{name}]", ", ".join(f":{one}" for one in each))
            binds += [bindparam(key, one, type_=bind.type) for key, one in each.items()]
        else:
            binds.append(bindparam(name, value, type_=bind.type))
    columns = [column(f"column_{at}", one.type) for at, one in enumerate(statement.selected_columns)]
    return _Kept(text(sql).bindparams(*binds).columns(*columns), tuple(ids))


# --- whose rows they are ----------------------------------------------------------------------------------------------


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
