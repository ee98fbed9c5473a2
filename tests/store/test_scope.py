"""Whose rows a person may see: every shape of statement, asked as the other studio's trainer, finds none of the first one's words."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CTE, Select, and_, bindparam, delete, exists, func, literal, or_, select, union, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app.models import AuditEvent, AuthSession, Base, Client, ClientTrainer, Consent, OfClient, Owned, Role, Studio, User
from tests.cast import Cast

CANARIES = ("Cleo", "Cara", "Colin", "Tess", "Tom", "Ada", "Northside")
ROOT = Path(__file__).resolve().parents[2]


def _cte() -> CTE:
    return select(Client.id, Client.name).cte("everybody")


def shapes() -> dict[str, Callable[[Session], Any]]:
    """Statements as an author may write them, none of which names a studio."""
    other, another = aliased(Client), aliased(User)
    inner = select(Client.name).subquery()
    entity = aliased(Client, select(Client).subquery())
    everybody = _cte()
    return {
        "entity": lambda s: [c.name for c in s.scalars(select(Client))],
        "column": lambda s: s.scalars(select(Client.name)).all(),
        "columns": lambda s: s.execute(select(Client.id, Client.name)).all(),
        "count": lambda s: [name for name in ["Cleo"] if (s.scalar(select(func.count()).select_from(Client)) or 0) > 1],
        "where true": lambda s: s.scalars(select(Client.name).where(literal(value=True))).all(),
        "or": lambda s: s.scalars(select(Client.name).where(or_(Client.id > 0, Client.name == "Cleo"))).all(),
        "by id": lambda s: [s.scalar(select(Client.name).where(Client.id == number)) for number in range(1, 9)],
        "alias": lambda s: s.scalars(select(other.name)).all(),
        "alias entity": lambda s: [c.name for c in s.scalars(select(other))],
        "self join": lambda s: s.execute(select(Client.name, other.name).join(other, other.id != Client.id)).all(),
        "self join, aliased side": lambda s: s.scalars(select(other.name).join(Client, other.id >= Client.id)).all(),
        "join": lambda s: s.execute(select(Client.name, User.name).join(User, User.studio_id > 0)).all(),
        "outer join": lambda s: s.execute(select(Client.name, another.name).outerjoin(another, another.id > 0)).all(),
        "join the other way": lambda s: s.execute(select(User.name, Client.name).join(Client, Client.id > 0)).all(),
        "subquery": lambda s: s.scalars(select(inner.c.name)).all(),
        "alias of a subquery": lambda s: [c.name for c in s.scalars(select(entity))],
        "scalar subquery": lambda s: s.scalars(select(select(func.max(Client.name)).scalar_subquery())).all(),
        "correlated": lambda s: s.execute(
            select(User.id, select(func.min(Client.name)).where(Client.id >= User.id).scalar_subquery())
        ).all(),
        "in": lambda s: s.scalars(select(User.name).where(User.id.in_(select(Client.user_id)))).all(),
        "not in": lambda s: s.scalars(select(Client.name).where(Client.id.not_in([0]))).all(),
        "exists": lambda s: ["Cleo"] if s.scalar(select(exists().where(Client.name == "Cleo"))) else [],
        "exists over alias": lambda s: ["Cleo"] if s.scalar(select(select(other.id).where(other.name == "Cleo").exists())) else [],
        "cte": lambda s: s.scalars(select(everybody.c.name)).all(),
        "union": lambda s: s.scalars(union(select(Client.name), select(User.name))).all(),
        "union all of entities": lambda s: [
            c.name for c in s.scalars(select(Client).from_statement(union_all(select(Client), select(Client))))
        ],
        "group by": lambda s: s.execute(select(Client.name, func.count()).group_by(Client.name)).all(),
        "having": lambda s: s.execute(select(Client.name).group_by(Client.name).having(func.count() > 0)).all(),
        "distinct": lambda s: s.scalars(select(Client.name).distinct()).all(),
        "window": lambda s: s.execute(select(Client.name, func.row_number().over(order_by=Client.id))).all(),
        "and_": lambda s: s.scalars(select(Client.name).where(and_(Client.id > 0, Client.id < 99))).all(),
        "legacy query": lambda s: [c.name for c in s.query(Client)],
        "legacy query of columns": lambda s: s.query(Client.name).all(),
        "get": lambda s: [c.name for c in (s.get(Client, number) for number in range(1, 9)) if c is not None],
        "studio": lambda s: s.scalars(select(Studio.name)).all(),
        "people": lambda s: s.scalars(select(User.name)).all(),
        "consents": lambda s: s.scalars(select(Client.name).join(Consent, Consent.client_id > 0)).all(),
        "assignments": lambda s: s.scalars(select(Client.name).join(ClientTrainer, ClientTrainer.user_id > 0)).all(),
        "sessions": lambda s: s.scalars(select(User.name).join(AuthSession, AuthSession.id > 0)).all(),
        "update returning": lambda s: s.scalars(update(Client).values(goals="mine now").returning(Client.name)).all(),
        "delete returning": lambda s: s.scalars(delete(Consent).returning(Consent.how)).all() and s.scalars(select(Client.name)).all(),
    }


@pytest.mark.parametrize("shape", shapes())
def test_bea_finds_nothing_of_the_other_studio(cast: Cast, shape: str) -> None:
    with cast.work("bea") as store:
        found = str(shapes()[shape](store.session))
        store.undo()
    assert not [canary for canary in CANARIES if canary in found]


@pytest.mark.parametrize("shape", ["entity", "alias", "self join", "cte", "union", "subquery", "update returning"])
def test_the_same_statements_find_tess_her_own(cast: Cast, shape: str) -> None:
    with cast.work("tess") as store:
        found = str(shapes()[shape](store.session))
        store.undo()
    assert "Cleo" in found
    assert "Ben" not in found
    assert "Colin" not in found


KEPT: dict[str, Select[*tuple[Any, ...]]] = {
    "columns": select(Client.id, Client.name),
    "by parameter": select(Client.name).where(Client.id >= bindparam("least")),
    "alias": select(aliased(Client).name),
    "outer join": select(User.name, Client.name).outerjoin(Client, Client.user_id == User.id),
    "correlated": select(User.id, select(func.min(Client.name)).where(Client.id >= User.id).scalar_subquery()),
    "exists": select(User.name, select(Client.id).where(Client.user_id == User.id).exists()),
    "a list": select(Client.name, Client.created_at).where(Client.sex.in_(("female", "male", "unspecified"))).order_by(Client.id).limit(2),
    "subquery": select(select(Client.name.label("name")).subquery().c.name),
    "audit": select(AuditEvent.id),
}


@pytest.mark.parametrize("shape", KEPT)
def test_a_statement_that_is_kept_finds_everybody_what_it_would_find_otherwise(cast: Cast, shape: str) -> None:
    """Two of a kind share its SQL, so each asks twice, after the other."""
    ordinary, asked = KEPT[shape], {"least": 2}
    kept = ordinary.execution_options(kept=True)
    for name in ("tess", "tom", "bea", "ada", "cleo", "ben") * 2:
        with cast.work(name) as store:
            found = store.session.execute(kept, asked).all()
            assert sorted(found, key=str) == sorted(store.session.execute(ordinary, asked).all(), key=str), name
    with cast.database.work(writes=False) as store:
        found = store.session.execute(kept, asked).all()
        assert sorted(found, key=str) == sorted(store.session.execute(ordinary, asked).all(), key=str)


def test_a_statement_that_is_kept_sees_what_this_session_has_changed(cast: Cast) -> None:
    with cast.work("tess") as store:
        store.clients.get(cast.cleo.client_id or 0).name = "Cleopatra"
        assert "Cleopatra" in store.session.scalars(select(Client.name).execution_options(kept=True)).all()
        store.undo()


def test_a_statement_that_is_kept_is_one_of_columns(cast: Cast) -> None:
    with cast.work("tess") as store, pytest.raises(TypeError):
        store.session.scalars(select(Client).execution_options(kept=True))


def test_an_update_of_everything_changes_only_tesss_clients(cast: Cast) -> None:
    with cast.work("tess") as store:
        store.session.execute(update(Client).values(goals="a barbell"))
    with cast.database.work(writes=False) as store:
        goals = {client.name: client.goals for client in store.session.scalars(select(Client))}
    assert {goals[name] for name in ("Cleo", "Cara")} == {"a barbell"}
    assert {goals[name] for name in ("Colin", "Ben")} == {""}


def test_ada_keeps_the_library_and_sees_no_client(cast: Cast) -> None:
    with cast.work("ada") as store:
        assert store.session.scalars(select(Client.name)).all() == []
        assert store.session.scalars(select(Consent.id)).all() == []


def test_cleo_sees_herself_alone(cast: Cast) -> None:
    with cast.work("cleo") as store:
        assert store.session.scalars(select(Client.name)).all() == ["Cleo"]
        assert {consent.client_id for consent in store.session.scalars(select(Consent))} == {cast.cleo.client_id}


def test_only_an_admin_reads_the_audit_log(cast: Cast) -> None:
    with cast.work("ada") as store:
        assert store.session.scalars(select(AuditEvent.id)).all()
    with cast.work("tess") as store:
        assert store.session.scalars(select(AuditEvent.id)).all() == []


def test_no_row_can_point_into_another_studio(cast: Cast) -> None:
    """The second wall: even an insert, which is not narrowed, can't."""
    with cast.database.work(writes=True) as store:
        ben = store.session.scalars(select(Client).where(Client.name == "Ben")).one()
        tess = store.accounts.user(cast.tess.user_id)
        store.session.add(ClientTrainer(studio_id=tess.studio_id, client_id=ben.id, user_id=tess.id))
        with pytest.raises(IntegrityError):
            store.session.flush()
        store.undo()


def test_every_table_says_whose_its_rows_are() -> None:
    owned = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Owned)}
    assert {mapper.class_ for mapper in Base.registry.mappers} - owned == {Studio}
    about_a_client = {mapper.class_ for mapper in Base.registry.mappers if "client_id" in mapper.columns}
    assert {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, OfClient)} == about_a_client - {AuthSession}


def test_roles_are_kept_as_a_set(cast: Cast) -> None:
    assert cast.actor("bea").roles == {Role.TRAINER, Role.ADMIN}


BANNED_CALLS = {"bulk_update_mappings", "bulk_insert_mappings", "bulk_save_objects", "merge", "exec_driver_sql", "connection"}
EXEMPT = {"engine.py", "migrate.py", "__init__.py", "scope.py"}
"""Where connections are made, before anybody's rows are read, and where the narrowing itself is done."""


def test_what_escapes_the_narrowing_is_not_used() -> None:
    """Text, bulk updates by primary key and Core on a table go past the criteria; `get` finds rows loaded before narrowing."""
    offences = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        if path.name == "models.py" or (path.parent.name == "store" and path.name in EXEMPT):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ""
            if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy" and any(one.name == "text" for one in node.names):
                offences.append(f"{path.name}:{node.lineno} text")
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                on_session = (
                    isinstance(node.func, ast.Attribute)
                    and getattr(node.func.value, "attr", getattr(node.func.value, "id", "")) == "session"
                )
                if name in BANNED_CALLS or (name == "get" and on_session):
                    offences.append(f"{path.name}:{node.lineno} {name}")
            if isinstance(node, ast.Attribute) and node.attr == "__table__":
                offences.append(f"{path.name}:{node.lineno} __table__")
    assert offences == []
