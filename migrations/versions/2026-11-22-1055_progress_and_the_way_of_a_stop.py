"""Pain and skips in practice, checks, sign-offs, loads and events, the way of a stop to its answer, and the summary of a long history."""

import sqlalchemy as sa
from alembic import op

revision = "progress_and_the_way_of_a_stop"
down_revision = "first_tables"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STAGE = "stage in ('flexibility', 'smr', 'strengthening', 'dowel', 'wall', 'rdl', 'single_leg')"
SIDE = "side in ('left', 'right', 'both')"
OPEN = sa.text("state = 'open'")
WAITING = sa.text("state in ('open', 'sent', 'answered', 'not_cleared')")

NEW_EVENT_CHECKS = {
    "ck_practice_event_feel": "feel in ('sharp', 'catching', 'shooting', 'tingling', 'below_knee')",
    "ck_practice_event_skipped": "skipped in ('no_time', 'no_equipment', 'unwell', 'pain', 'other')",
    "ck_practice_event_skipped_is_not_done": "skipped is null or not done",
}
OLD_REFERRAL_STATE = "state in ('open', 'cleared', 'withdrawn')"
NEW_REFERRAL_CHECKS = {
    "ck_referral_state": "state in ('open', 'sent', 'answered', 'not_cleared', 'cleared', 'withdrawn')",
    "ck_referral_source": "source in ('screen', 'practice')",
    "ck_referral_practice_says_what": "(source = 'practice') = (practice is not null)",
}


def of_client(table: str, *pointing: tuple[str, str]) -> tuple[sa.schema.SchemaItem, ...]:
    """What every table about a client has: whose its rows are, and keys that can't point into another studio."""
    return (
        sa.Column("client_id", ID, nullable=False, autoincrement=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f(f"fk_{table}_studio_id_studio")),
        *(
            sa.ForeignKeyConstraint(
                ["studio_id", column], [f"{other}.studio_id", f"{other}.id"], name=op.f(f"fk_{table}_studio_id_{column}_{other}")
            )
            for column, other in (("client_id", "client"), *pointing)
        ),
    )


def logged(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What every append-only line of what a trainer saw and signed has."""
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        *of_client(table, ("plan_id", "plan"), ("entered_by", "user")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("client_id", "uuid", name=op.f(f"uq_{table}_client_id_uuid")),
    )


def upgrade() -> None:
    with op.batch_alter_table("practice_event") as event:
        event.add_column(sa.Column("feel", sa.String(length=12), nullable=True))
        event.add_column(sa.Column("skipped", sa.String(length=12), nullable=True))
        for name, condition in NEW_EVENT_CHECKS.items():
            event.create_check_constraint(op.f(name), condition)

    op.drop_index("uq_referral_open", "referral")
    with op.batch_alter_table("referral") as referral:
        referral.add_column(sa.Column("source", sa.String(length=10), nullable=False, server_default="screen"))
        referral.add_column(sa.Column("practice", sa.Text(), nullable=True))
        referral.add_column(sa.Column("question", sa.Text(), nullable=True))
        referral.add_column(sa.Column("remark", sa.Text(), nullable=False, server_default=""))
        referral.drop_constraint(op.f("uq_referral_screen_id"), type_="unique")
        referral.drop_constraint(op.f("ck_referral_state"), type_="check")
        for name, condition in NEW_REFERRAL_CHECKS.items():
            referral.create_check_constraint(op.f(name), condition)
    with op.batch_alter_table("referral") as referral:
        referral.alter_column("source", existing_type=sa.String(length=10), existing_nullable=False, server_default=None)
        referral.alter_column("remark", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.create_index(op.f("ix_referral_client_id"), "referral", ["client_id"])
    op.create_index(op.f("ix_referral_screen_id"), "referral", ["screen_id"])
    op.create_index("uq_referral_waiting", "referral", ["client_id"], unique=True, sqlite_where=WAITING, postgresql_where=WAITING)

    op.create_table(
        "referral_step",
        sa.Column("id", ID, nullable=False),
        sa.Column("referral_id", ID, nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("whom", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", ID, nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("step in ('sent', 'answered', 'not_cleared')", name=op.f("ck_referral_step_step")),
        sa.CheckConstraint("(taken_back_by is null) = (taken_back_at is null)", name=op.f("ck_referral_step_taken_back")),
        *of_client("referral_step", ("referral_id", "referral"), ("entered_by", "user"), ("taken_back_by", "user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_step")),
    )
    op.create_index(op.f("ix_referral_step_referral_id"), "referral_step", ["referral_id"])

    op.create_table(
        "form_check",
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=True),
        sa.Column("last_reps", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.CheckConstraint(STAGE, name=op.f("ck_form_check_stage")),
        sa.CheckConstraint(SIDE, name=op.f("ck_form_check_side")),
        sa.CheckConstraint("reps >= 0 and last_reps >= 0", name=op.f("ck_form_check_reps")),
        *logged("form_check"),
    )
    op.create_index(op.f("ix_form_check_client_id_performed_on"), "form_check", ["client_id", "performed_on"])

    op.create_table(
        "sign_off",
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("goal_load_kg", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.CheckConstraint(STAGE, name=op.f("ck_sign_off_stage")),
        sa.CheckConstraint(SIDE, name=op.f("ck_sign_off_side")),
        sa.CheckConstraint("goal_load_kg > 0", name=op.f("ck_sign_off_goal_load_kg")),
        *logged("sign_off"),
    )
    op.create_index(op.f("ix_sign_off_client_id_signed_on"), "sign_off", ["client_id", "signed_on"])

    op.create_table(
        "load_set",
        sa.Column("exercise", sa.String(length=80), nullable=False),
        sa.Column("load_kg", sa.Double(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("load_kg > 0", name=op.f("ck_load_set_load_kg")),
        *logged("load_set"),
    )
    op.create_index(op.f("ix_load_set_client_id_set_on"), "load_set", ["client_id", "set_on"])

    op.create_table(
        "client_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", ID, nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('illness', 'fall', 'surgery', 'pregnancy')", name=op.f("ck_client_event_kind")),
        sa.CheckConstraint("(taken_back_by is null) = (taken_back_at is null)", name=op.f("ck_client_event_taken_back")),
        *of_client("client_event", ("entered_by", "user"), ("taken_back_by", "user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_event")),
    )
    op.create_index(op.f("ix_client_event_client_id_happened_on"), "client_event", ["client_id", "happened_on"])

    op.create_table(
        "history_summary",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("log_mark", sa.BigInteger(), nullable=False),
        sa.Column("recent", sa.Text(), nullable=False),
        *of_client("history_summary"),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_history_summary")),
    )


def downgrade() -> None:
    """What waits is open again. There is a place for one stop of each screen, the newest, and none for the morning after."""
    for table in ("history_summary", "client_event", "load_set", "sign_off", "form_check", "referral_step"):
        op.drop_table(table)

    for index in ("uq_referral_waiting", "ix_referral_screen_id", "ix_referral_client_id"):
        op.drop_index(index, "referral")
    referral = sa.table("referral", sa.column("id"), sa.column("screen_id"), sa.column("state"))
    newest = sa.select(sa.func.max(referral.c.id)).group_by(referral.c.screen_id)
    op.execute(referral.delete().where(referral.c.id.not_in(newest)))
    waits = referral.c.state.in_(["sent", "answered", "not_cleared"])
    op.execute(referral.update().where(waits).values(state="open"))
    with op.batch_alter_table("referral") as old:
        for name in NEW_REFERRAL_CHECKS:
            old.drop_constraint(op.f(name), type_="check")
        old.create_check_constraint(op.f("ck_referral_state"), OLD_REFERRAL_STATE)
        old.create_unique_constraint(op.f("uq_referral_screen_id"), ["screen_id"])
        for column in ("source", "practice", "question", "remark"):
            old.drop_column(column)
    op.create_index("uq_referral_open", "referral", ["client_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)

    event = sa.table("practice_event", sa.column("item"))
    op.execute(event.delete().where(event.c.item == "morning"))
    with op.batch_alter_table("practice_event") as log:
        for name in NEW_EVENT_CHECKS:
            log.drop_constraint(op.f(name), type_="check")
        log.drop_column("feel")
        log.drop_column("skipped")
