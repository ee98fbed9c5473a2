"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "first_tables"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "studio",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio")),
    )
    op.create_table(
        "exercise",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starter_slug", sa.String(length=80), nullable=True),
        sa.Column("starter_version", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_exercise_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercise")),
        sa.UniqueConstraint("studio_id", "id", name=op.f("uq_exercise_studio_id_id")),
        sa.UniqueConstraint("studio_id", "slug", name=op.f("uq_exercise_studio_id_slug")),
    )
    with op.batch_alter_table("exercise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exercise_studio_id_stage_position"), ["studio_id", "stage", "position"], unique=False)

    op.create_table(
        "user",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("units", sa.String(length=10), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.CheckConstraint("units in ('metric', 'imperial')", name=op.f("ck_user_units")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_user_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("studio_id", "id", name=op.f("uq_user_studio_id_id")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["studio_id", "user_id"], ["user.studio_id", "user.id"], name=op.f("fk_api_token_studio_id_user_id_user")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_api_token_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["studio_id", "actor_id"], ["user.studio_id", "user.id"], name=op.f("fk_audit_event_studio_id_actor_id_user")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_audit_event_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_studio_id_at"), ["studio_id", "at"], unique=False)

    op.create_table(
        "client",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search", sa.String(length=1000), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("sex", sa.String(length=12), nullable=False),
        sa.Column("body_weight_kg", sa.Double(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.CheckConstraint("sex in ('female', 'male', 'unspecified')", name=op.f("ck_client_sex")),
        sa.ForeignKeyConstraint(
            ["studio_id", "created_by"], ["user.studio_id", "user.id"], name=op.f("fk_client_studio_id_created_by_user")
        ),
        sa.ForeignKeyConstraint(["studio_id", "user_id"], ["user.studio_id", "user.id"], name=op.f("fk_client_studio_id_user_id_user")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_client_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("studio_id", "id", name=op.f("uq_client_studio_id_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_client_user_id")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_studio_id_archived_at_search"), ["studio_id", "archived_at", "search"], unique=False)

    op.create_table(
        "exercise_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("exercise_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["studio_id", "author_id"], ["user.studio_id", "user.id"], name=op.f("fk_exercise_version_studio_id_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "exercise_id"],
            ["exercise.studio_id", "exercise.id"],
            name=op.f("fk_exercise_version_studio_id_exercise_id_exercise"),
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_exercise_version_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercise_version")),
        sa.CheckConstraint("version > 0", name=op.f("ck_exercise_version_version")),
        sa.UniqueConstraint("exercise_id", "version", name=op.f("uq_exercise_version_exercise_id_version")),
    )
    op.create_table(
        "reset_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("made_by", ID, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["studio_id", "made_by"], ["user.studio_id", "user.id"], name=op.f("fk_reset_link_studio_id_made_by_user")),
        sa.ForeignKeyConstraint(["studio_id", "user_id"], ["user.studio_id", "user.id"], name=op.f("fk_reset_link_studio_id_user_id_user")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_reset_link_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reset_link_token_hash")),
    )
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reset_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "access_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_access_link_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "made_by"], ["user.studio_id", "user.id"], name=op.f("fk_access_link_studio_id_made_by_user")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_access_link_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_link_token_hash")),
    )
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_link_client_id"), ["client_id"], unique=False)

    op.create_table(
        "auth_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("studio_id", ID, nullable=False),
        sa.CheckConstraint("kind in ('staff', 'phone') and (client_id is null) = (kind = 'staff')", name=op.f("ck_auth_session_kind")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_auth_session_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "user_id"], ["user.studio_id", "user.id"], name=op.f("fk_auth_session_studio_id_user_id_user")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_auth_session_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_session")),
        sa.UniqueConstraint("studio_id", "id", name=op.f("uq_auth_session_studio_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_auth_session_token_hash")),
    )
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auth_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "client_trainer",
        sa.Column("client_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_client_trainer_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "user_id"], ["user.studio_id", "user.id"], name=op.f("fk_client_trainer_studio_id_user_id_user")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_client_trainer_studio_id_studio")),
        sa.PrimaryKeyConstraint("client_id", "user_id", name=op.f("pk_client_trainer")),
    )
    with op.batch_alter_table("client_trainer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_trainer_user_id"), ["user_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_consent_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "recorded_by"], ["user.studio_id", "user.id"], name=op.f("fk_consent_studio_id_recorded_by_user")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_consent_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_client_id"), ["client_id"], unique=False)

    op.create_table(
        "screen",
        sa.Column("id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("supersedes_id", ID, nullable=True),
        sa.Column("supersede_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.CheckConstraint("(finished_at is null) = (document is null)", name=op.f("ck_screen_finished_has_document")),
        sa.CheckConstraint("(finished_at is null) = (result is null)", name=op.f("ck_screen_finished_has_result")),
        sa.CheckConstraint("supersedes_id is null or supersede_reason is not null", name=op.f("ck_screen_supersedes_with_reason")),
        sa.ForeignKeyConstraint(["studio_id", "author_id"], ["user.studio_id", "user.id"], name=op.f("fk_screen_studio_id_author_id_user")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_screen_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "supersedes_id"], ["screen.studio_id", "screen.id"], name=op.f("fk_screen_studio_id_supersedes_id_screen")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_screen_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
        sa.UniqueConstraint("studio_id", "id", name=op.f("uq_screen_studio_id_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_screen_supersedes_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screen_client_id_finished_at"), ["client_id", "finished_at"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("screen_id", ID, nullable=False),
        sa.Column("ruleset", sa.String(length=20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_plan_number")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_plan_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(["studio_id", "made_by"], ["user.studio_id", "user.id"], name=op.f("fk_plan_studio_id_made_by_user")),
        sa.ForeignKeyConstraint(
            ["studio_id", "screen_id"], ["screen.studio_id", "screen.id"], name=op.f("fk_plan_studio_id_screen_id_screen")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_plan_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("client_id", "number", name=op.f("uq_plan_client_id_number")),
        sa.UniqueConstraint("studio_id", "id", name=op.f("uq_plan_studio_id_id")),
    )
    op.create_table(
        "referral",
        sa.Column("id", ID, nullable=False),
        sa.Column("screen_id", ID, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("professional", sa.String(length=200), nullable=True),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("logged_by", ID, nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.CheckConstraint("(state = 'cleared') = (cleared_on is not null)", name=op.f("ck_referral_cleared_has_date")),
        sa.CheckConstraint("(state = 'cleared') = (limits is not null)", name=op.f("ck_referral_cleared_has_limits")),
        sa.CheckConstraint("state in ('open', 'cleared', 'withdrawn')", name=op.f("ck_referral_state")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_referral_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "logged_by"], ["user.studio_id", "user.id"], name=op.f("fk_referral_studio_id_logged_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "screen_id"], ["screen.studio_id", "screen.id"], name=op.f("fk_referral_studio_id_screen_id_screen")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_referral_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("screen_id", name=op.f("uq_referral_screen_id")),
        sa.UniqueConstraint("studio_id", "id", name=op.f("uq_referral_studio_id_id")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(
            "uq_referral_open",
            ["client_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "plan_exercise",
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("exercise_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["studio_id", "exercise_id"],
            ["exercise.studio_id", "exercise.id"],
            name=op.f("fk_plan_exercise_studio_id_exercise_id_exercise"),
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "plan_id"], ["plan.studio_id", "plan.id"], name=op.f("fk_plan_exercise_studio_id_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_plan_exercise_studio_id_studio")),
        sa.PrimaryKeyConstraint("plan_id", "exercise_id", name=op.f("pk_plan_exercise")),
    )
    with op.batch_alter_table("plan_exercise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_exercise_exercise_id"), ["exercise_id"], unique=False)

    op.create_table(
        "practice_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("effort", sa.String(length=10), nullable=True),
        sa.Column("load_kg", sa.Double(), nullable=True),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("studio_id", ID, nullable=False),
        sa.CheckConstraint("effort in ('too_easy', 'ok', 'too_hard')", name=op.f("ck_practice_event_effort")),
        sa.CheckConstraint("side in ('left', 'right', 'both')", name=op.f("ck_practice_event_side")),
        sa.CheckConstraint("pain between 0 and 10", name=op.f("ck_practice_event_pain")),
        sa.CheckConstraint("set_number > 0", name=op.f("ck_practice_event_set_number")),
        sa.ForeignKeyConstraint(
            ["studio_id", "client_id"], ["client.studio_id", "client.id"], name=op.f("fk_practice_event_studio_id_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "entered_by"], ["user.studio_id", "user.id"], name=op.f("fk_practice_event_studio_id_entered_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["studio_id", "plan_id"], ["plan.studio_id", "plan.id"], name=op.f("fk_practice_event_studio_id_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_practice_event_studio_id_studio")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_event")),
        sa.UniqueConstraint("client_id", "uuid", name=op.f("uq_practice_event_client_id_uuid")),
    )
    with op.batch_alter_table("practice_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_event_client_id_performed_on"), ["client_id", "performed_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("practice_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_event_client_id_performed_on"))

    op.drop_table("practice_event")
    with op.batch_alter_table("plan_exercise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_exercise_exercise_id"))

    op.drop_table("plan_exercise")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index("uq_referral_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.drop_table("referral")
    op.drop_table("plan")
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_screen_client_id_finished_at"))

    op.drop_table("screen")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_client_id"))

    op.drop_table("consent")
    with op.batch_alter_table("client_trainer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_trainer_user_id"))

    op.drop_table("client_trainer")
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auth_session_user_id"))

    op.drop_table("auth_session")
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_link_client_id"))

    op.drop_table("access_link")
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reset_link_user_id"))

    op.drop_table("reset_link")
    op.drop_table("exercise_version")
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_studio_id_archived_at_search"))

    op.drop_table("client")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_studio_id_at"))

    op.drop_table("audit_event")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_user_id"))

    op.drop_table("api_token")
    op.drop_table("user")
    with op.batch_alter_table("exercise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exercise_studio_id_stage_position"))

    op.drop_table("exercise")
    op.drop_table("studio")
