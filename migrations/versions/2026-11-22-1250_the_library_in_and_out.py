"""Drafts of exercises, files on their way into the library, duplicates, and what the starter library said when it was taken over."""

import sqlalchemy as sa
from alembic import op

revision = "the_library_in_and_out"
down_revision = "progress_and_the_way_of_a_stop"
branch_labels = None
depends_on = None

STAGES = ("flexibility", "smr", "strengthening", "dowel", "wall", "rdl", "single_leg")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def of_studio(table: str, *pointing: tuple[str, str]) -> tuple[sa.schema.SchemaItem, ...]:
    """What every table of a studio has: whose its rows are, and keys that can't point into another one."""
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f(f"fk_{table}_studio_id_studio")),
        *(
            sa.ForeignKeyConstraint(
                ["studio_id", column], [f"{other}.studio_id", f"{other}.id"], name=op.f(f"fk_{table}_studio_id_{column}_{other}")
            )
            for column, other in pointing
        ),
    )


def upgrade() -> None:
    with op.batch_alter_table("exercise") as exercise:
        exercise.add_column(sa.Column("starter_document", sa.Text(), nullable=True))
        exercise.add_column(sa.Column("merged_into", sa.String(length=80), nullable=True))
        exercise.add_column(sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "update exercise set starter_document = (select document from exercise_version"
        " where exercise_version.exercise_id = exercise.id and exercise_version.version = exercise.starter_version)"
    )
    for rung, stage in enumerate(STAGES):
        op.execute(f"update exercise set rung = {rung} where stage = '{stage}'")  # noqa: S608 - our own seven words
    op.drop_index(op.f("ix_exercise_studio_id_stage_position"), "exercise")
    with op.batch_alter_table("exercise") as exercise:
        exercise.drop_column("starter_version")
        exercise.alter_column("rung", existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    op.create_index(op.f("ix_exercise_studio_id_rung_position"), "exercise", ["studio_id", "rung", "position"])
    with op.batch_alter_table("plan_exercise") as used:
        used.add_column(sa.Column("is_current", sa.Boolean(), nullable=False, server_default=sa.true()))
    plan = sa.table("plan", sa.column("id"), sa.column("client_id"), sa.column("number"))
    client = sa.table("client", sa.column("id"), sa.column("archived_at"))
    newer = plan.alias()
    superseded = sa.select(plan.c.id).where(
        sa.select(newer.c.id).where(newer.c.client_id == plan.c.client_id, newer.c.number > plan.c.number).exists()
        | sa.select(client.c.id).where(client.c.id == plan.c.client_id, client.c.archived_at.is_not(None)).exists()
    )
    used_by = sa.table("plan_exercise", sa.column("plan_id"), sa.column("is_current"))
    op.execute(used_by.update().where(used_by.c.plan_id.in_(superseded)).values(is_current=sa.false()))
    with op.batch_alter_table("plan_exercise") as used:
        used.alter_column("is_current", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.create_table(
        "exercise_draft",
        sa.Column("exercise_id", ID, nullable=True),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        *of_studio("exercise_draft", ("exercise_id", "exercise"), ("author_id", "user")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "library_import",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_csv", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        *of_studio("library_import", ("author_id", "user")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("library_import")
    op.drop_table("exercise_draft")
    with op.batch_alter_table("plan_exercise") as used:
        used.drop_column("is_current")
    with op.batch_alter_table("exercise") as exercise:
        exercise.add_column(sa.Column("starter_version", sa.Integer(), nullable=True))
    op.execute("update exercise set starter_version = 1 where starter_slug is not null")
    op.drop_index(op.f("ix_exercise_studio_id_rung_position"), "exercise")
    with op.batch_alter_table("exercise") as exercise:
        exercise.drop_column("rung")
        exercise.drop_column("starter_document")
        exercise.drop_column("merged_into")
    op.create_index(op.f("ix_exercise_studio_id_stage_position"), "exercise", ["studio_id", "stage", "position"])
