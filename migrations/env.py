"""How Alembic reaches the database: by the connection it is handed, else by the app's own settings."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from app.models import Base, Roles, Utc
from app.settings import Settings
from app.store.engine import make_engine


def render(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain ones they are stored as, so that a migration never changes with the code."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Roles):
        return "sa.String(length=40)"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    with make_engine(Settings().database, connections=1).begin() as opened:
        run(opened)
