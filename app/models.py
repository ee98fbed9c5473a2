"""Every table, on one page, and the Owned mixins that say whose each row is."""

from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    or_,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, validates

from app.rules.vocabulary import Stage


class Role(StrEnum):
    """What a person does here; a person may have several."""

    TRAINER = "trainer"
    ADMIN = "admin"
    CLIENT = "client"


class Utc(TypeDecorator[datetime]):
    """A moment, always with its zone in Python and always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Roles(TypeDecorator[frozenset[Role]]):
    """A set of roles, stored as their names in order."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Role] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Role] | None:
        return None if value is None else frozenset(Role(name) for name in value.split(",") if name)


ID = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """All tables; constraint names follow one convention, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Owned:
    """A row of one studio. Other rows point to it by (studio_id, id), so that none can point into another studio."""

    @declared_attr
    @classmethod
    def studio_id(cls) -> Mapped[int]:
        return mapped_column(ID, ForeignKey("studio.id"), nullable=False)


class OfClient(Owned):
    """A row about one client; seen by her, and by the trainers she is assigned to."""

    @declared_attr
    @classmethod
    def client_id(cls) -> Mapped[int]:
        return mapped_column(ID, nullable=False)


def _in_studio(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["studio_id", column], [f"{table}.studio_id", f"{table}.id"])


WAITING = ("open", "sent", "answered", "not_cleared")
"""The states of a stop that waits: while it is in one of them, nothing is practised."""

_STILL_WAITS = text("state in ('open', 'sent', 'answered', 'not_cleared')")
_STAGE = "stage in ('flexibility', 'smr', 'strengthening', 'dowel', 'wall', 'rdl', 'single_leg')"
_SIDE = "side in ('left', 'right', 'both')"


class Studio(Base):
    __tablename__ = "studio"

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(64))
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(Utc)


class User(Owned, Base):
    """Somebody who can be signed in. A client's name stands in her profile alone, where her trainers see it."""

    __tablename__ = "user"
    __table_args__ = (UniqueConstraint("studio_id", "id"), CheckConstraint("units in ('metric', 'imperial')", name="units"))

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[frozenset[Role]] = mapped_column(Roles)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    wrong_tries: Mapped[int] = mapped_column(Integer, default=0)
    wait_until: Mapped[datetime | None] = mapped_column(Utc)
    units: Mapped[str] = mapped_column(String(10), default="metric")
    left_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)


class AuthSession(Owned, Base):
    """One browser or phone that is signed in; of the token only its SHA-256 is kept."""

    __tablename__ = "auth_session"
    __table_args__ = (
        _in_studio("user_id", "user"),
        _in_studio("client_id", "client"),
        UniqueConstraint("studio_id", "id"),
        Index(None, "user_id"),
        CheckConstraint("kind in ('staff', 'phone') and (client_id is null) = (kind = 'staff')", name="kind"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ID)
    client_id: Mapped[int | None] = mapped_column(ID)
    kind: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class ResetLink(Owned, Base):
    """A single-use address with which a person sets a new password."""

    __tablename__ = "reset_link"
    __table_args__ = (_in_studio("user_id", "user"), _in_studio("made_by", "user"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ID)
    made_by: Mapped[int | None] = mapped_column(ID)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)


class ApiToken(Owned, Base):
    """A program's sign-in; `stamp` ties it to the password and roles that it was made with."""

    __tablename__ = "api_token"
    __table_args__ = (_in_studio("user_id", "user"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ID)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    stamp: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)


class Client(Owned, Base):
    """A client's profile. `search` is the name and contact folded for searching; `user_id` is her own sign-in."""

    __tablename__ = "client"
    __table_args__ = (
        _in_studio("user_id", "user"),
        _in_studio("created_by", "user"),
        UniqueConstraint("studio_id", "id"),
        UniqueConstraint("user_id"),
        Index(None, "studio_id", "archived_at", "search"),
        CheckConstraint("sex in ('female', 'male', 'unspecified')", name="sex"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ID)
    name: Mapped[str] = mapped_column(String(200))
    search: Mapped[str] = mapped_column(String(1000))
    birth_year: Mapped[int] = mapped_column(Integer)
    sex: Mapped[str] = mapped_column(String(12))
    body_weight_kg: Mapped[float | None]
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    goals: Mapped[str] = mapped_column(Text, default="")
    archived_at: Mapped[datetime | None] = mapped_column(Utc)
    created_by: Mapped[int] = mapped_column(ID)
    created_at: Mapped[datetime] = mapped_column(Utc)


class ClientTrainer(OfClient, Base):
    __tablename__ = "client_trainer"
    __table_args__ = (_in_studio("client_id", "client"), _in_studio("user_id", "user"), Index(None, "user_id"))

    client_id: Mapped[int] = mapped_column(ID, primary_key=True)
    user_id: Mapped[int] = mapped_column(ID, primary_key=True)


class Consent(OfClient, Base):
    """What a client agreed to, word for word, and until when; kept when withdrawn."""

    __tablename__ = "consent"
    __table_args__ = (_in_studio("client_id", "client"), _in_studio("recorded_by", "user"), Index(None, "client_id"))

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    consented_on: Mapped[date] = mapped_column(Date)
    how: Mapped[str] = mapped_column(String(80))
    recorded_by: Mapped[int] = mapped_column(ID)
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)


class AccessLink(OfClient, Base):
    """The address that signs a client's phone in, once."""

    __tablename__ = "access_link"
    __table_args__ = (_in_studio("client_id", "client"), _in_studio("made_by", "user"), Index(None, "client_id"))

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    made_by: Mapped[int] = mapped_column(ID)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)


class Screen(OfClient, Base):
    """One logged screen. A draft keeps what was typed; a finished one has its document and result, and never changes again."""

    __tablename__ = "screen"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("author_id", "user"),
        _in_studio("supersedes_id", "screen"),
        UniqueConstraint("studio_id", "id"),
        UniqueConstraint("supersedes_id"),
        Index(None, "client_id", "finished_at"),
        CheckConstraint("(finished_at is null) = (document is null)", name="finished_has_document"),
        CheckConstraint("(finished_at is null) = (result is null)", name="finished_has_result"),
        CheckConstraint("supersedes_id is null or supersede_reason is not null", name="supersedes_with_reason"),
        # A page that still shows a discarded draft must never save into a later one of the same id.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    author_id: Mapped[int] = mapped_column(ID)
    taken_on: Mapped[date] = mapped_column(Date)
    typed: Mapped[str | None] = mapped_column(Text)
    """A draft's form fields as they were typed, as JSON; None once finished."""
    document: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    """The Assessment, as JSON."""
    supersedes_id: Mapped[int | None] = mapped_column(ID)
    supersede_reason: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    """Counts the saves of a draft, so that an older save never overwrites a newer one."""
    created_at: Mapped[datetime] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)


class Plan(OfClient, Base):
    """A published plan: a snapshot that never changes; the next one gets the next number."""

    __tablename__ = "plan"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("screen_id", "screen"),
        _in_studio("made_by", "user"),
        UniqueConstraint("studio_id", "id"),
        UniqueConstraint("client_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    screen_id: Mapped[int] = mapped_column(ID)
    ruleset: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ID)
    made_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Utc)


class Referral(OfClient, Base):
    """A stop and its answer. At most one waits for an answer for each client; a newer stop takes an older one over.

    It came out of its screen, or out of practice under the plan of that screen.
    """

    __tablename__ = "referral"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("screen_id", "screen"),
        _in_studio("logged_by", "user"),
        UniqueConstraint("studio_id", "id"),
        Index(None, "client_id"),
        Index(None, "screen_id"),
        Index("uq_referral_waiting", "client_id", unique=True, sqlite_where=_STILL_WAITS, postgresql_where=_STILL_WAITS),
        CheckConstraint("state in ('open', 'sent', 'answered', 'not_cleared', 'cleared', 'withdrawn')", name="state"),
        CheckConstraint("source in ('screen', 'practice')", name="source"),
        CheckConstraint("(source = 'practice') = (practice is not null)", name="practice_says_what"),
        CheckConstraint("(state = 'cleared') = (cleared_on is not null)", name="cleared_has_date"),
        CheckConstraint("(state = 'cleared') = (limits is not null)", name="cleared_has_limits"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    screen_id: Mapped[int] = mapped_column(ID)
    source: Mapped[str] = mapped_column(String(10), default="screen")
    status: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[str] = mapped_column(Text)
    """The Reasons, as JSON, with those of an older stop that it took over."""
    practice: Mapped[str | None] = mapped_column(Text)
    """What practice itself brought up, as JSON; a screen's own reasons are read from the screen."""
    state: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime] = mapped_column(Utc)
    question: Mapped[str | None] = mapped_column(Text)
    """What the letter asks, where the trainer has put it in words of her own."""
    remark: Mapped[str] = mapped_column(Text, default="")
    professional: Mapped[str | None] = mapped_column(String(200))
    cleared_on: Mapped[date | None] = mapped_column(Date)
    limits: Mapped[str | None] = mapped_column(Text)
    """The Clearance, as JSON."""
    note: Mapped[str] = mapped_column(Text, default="")
    logged_by: Mapped[int | None] = mapped_column(ID)
    logged_at: Mapped[datetime | None] = mapped_column(Utc)

    @hybrid_property
    def waits(self) -> bool:
        """Whether it waits for an answer, and nothing is practised."""
        return self.state in WAITING

    @waits.inplace.expression
    @classmethod
    def _waits(cls) -> ColumnElement[bool]:
        return or_(*(cls.state == state for state in WAITING))


class ReferralStep(OfClient, Base):
    """One step of a stop on its way to an answer: to whom it was sent, or what came back. A mistaken one is taken back, never deleted."""

    __tablename__ = "referral_step"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("referral_id", "referral"),
        _in_studio("entered_by", "user"),
        _in_studio("taken_back_by", "user"),
        Index(None, "referral_id"),
        CheckConstraint("step in ('sent', 'answered', 'not_cleared')", name="step"),
        CheckConstraint("(taken_back_by is null) = (taken_back_at is null)", name="taken_back"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    referral_id: Mapped[int] = mapped_column(ID)
    step: Mapped[str] = mapped_column(String(12))
    happened_on: Mapped[date] = mapped_column(Date)
    whom: Mapped[str] = mapped_column(String(200))
    """To whom it was sent, or who answered."""
    words: Mapped[str] = mapped_column(Text, default="")
    entered_by: Mapped[int] = mapped_column(ID)
    entered_at: Mapped[datetime] = mapped_column(Utc)
    taken_back_by: Mapped[int | None] = mapped_column(ID)
    taken_back_at: Mapped[datetime | None] = mapped_column(Utc)


class PracticeEvent(OfClient, Base):
    """One tick, untick or skip of one set, or a report of pain; append only, and its id is made where it was ticked."""

    __tablename__ = "practice_event"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("plan_id", "plan"),
        _in_studio("entered_by", "user"),
        UniqueConstraint("client_id", "uuid"),
        Index(None, "client_id", "performed_on"),
        CheckConstraint("pain between 0 and 10", name="pain"),
        CheckConstraint("set_number > 0", name="set_number"),
        CheckConstraint("effort in ('too_easy', 'ok', 'too_hard')", name="effort"),
        CheckConstraint(_SIDE, name="side"),
        CheckConstraint("feel in ('sharp', 'catching', 'shooting', 'tingling', 'below_knee')", name="feel"),
        CheckConstraint("skipped in ('no_time', 'no_equipment', 'unwell', 'pain', 'other')", name="skipped"),
        CheckConstraint("skipped is null or not done", name="skipped_is_not_done"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    plan_id: Mapped[int] = mapped_column(ID)
    item: Mapped[str] = mapped_column(String(200))
    side: Mapped[str] = mapped_column(String(5))
    set_number: Mapped[int] = mapped_column(Integer)
    done: Mapped[bool] = mapped_column(Boolean)
    performed_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    entered_by: Mapped[int] = mapped_column(ID)
    pain: Mapped[int | None] = mapped_column(Integer)
    effort: Mapped[str | None] = mapped_column(String(10))
    load_kg: Mapped[float | None]
    feel: Mapped[str | None] = mapped_column(String(12))
    skipped: Mapped[str | None] = mapped_column(String(12))


class FormCheck(OfClient, Base):
    """What a trainer saw of one exercise in one session; append only, taken back by another line."""

    __tablename__ = "form_check"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("plan_id", "plan"),
        _in_studio("entered_by", "user"),
        UniqueConstraint("client_id", "uuid"),
        Index(None, "client_id", "performed_on"),
        CheckConstraint(_STAGE, name="stage"),
        CheckConstraint(_SIDE, name="side"),
        CheckConstraint("reps >= 0 and last_reps >= 0", name="reps"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    plan_id: Mapped[int] = mapped_column(ID)
    stage: Mapped[str] = mapped_column(String(20))
    exercise: Mapped[str] = mapped_column(String(80))
    """Its slug; empty where a whole stage was looked at."""
    side: Mapped[str] = mapped_column(String(5))
    performed_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    entered_by: Mapped[int] = mapped_column(ID)
    gate: Mapped[str] = mapped_column(Text)
    """Which points of the form gate were kept, as JSON."""
    seen: Mapped[str] = mapped_column(Text)
    """What was measured or seen beside it, as JSON."""
    reps: Mapped[int | None] = mapped_column(Integer)
    last_reps: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    taken_back: Mapped[bool] = mapped_column(Boolean, default=False)


class SignOff(OfClient, Base):
    """A stage passed on a trainer's word, with the evidence that she had before her; append only, taken back by another line."""

    __tablename__ = "sign_off"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("plan_id", "plan"),
        _in_studio("entered_by", "user"),
        UniqueConstraint("client_id", "uuid"),
        Index(None, "client_id", "signed_on"),
        CheckConstraint(_STAGE, name="stage"),
        CheckConstraint(_SIDE, name="side"),
        CheckConstraint("goal_load_kg > 0", name="goal_load_kg"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    plan_id: Mapped[int] = mapped_column(ID)
    stage: Mapped[str] = mapped_column(String(20))
    side: Mapped[str] = mapped_column(String(5))
    signed_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    entered_by: Mapped[int] = mapped_column(ID)
    words: Mapped[str] = mapped_column(Text)
    """The ids of the criteria that she vouches for, as JSON."""
    evidence: Mapped[str] = mapped_column(Text)
    """The sentences that she read, as JSON."""
    goal_load_kg: Mapped[float | None]
    note: Mapped[str] = mapped_column(Text, default="")
    override_reason: Mapped[str | None] = mapped_column(Text)
    taken_back: Mapped[bool] = mapped_column(Boolean, default=False)


class ClientEvent(OfClient, Base):
    """Something that happened to a client and asks for another screen; append only, and a mistaken one is taken back."""

    __tablename__ = "client_event"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("entered_by", "user"),
        _in_studio("taken_back_by", "user"),
        Index(None, "client_id", "happened_on"),
        CheckConstraint("kind in ('illness', 'fall', 'surgery', 'pregnancy')", name="kind"),
        CheckConstraint("(taken_back_by is null) = (taken_back_at is null)", name="taken_back"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    happened_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(200), default="")
    """For her trainers alone."""
    entered_by: Mapped[int] = mapped_column(ID)
    at: Mapped[datetime] = mapped_column(Utc)
    taken_back_by: Mapped[int | None] = mapped_column(ID)
    taken_back_at: Mapped[datetime | None] = mapped_column(Utc)


class LoadSet(OfClient, Base):
    """The load of an exercise that a trainer has confirmed; append only."""

    __tablename__ = "load_set"
    __table_args__ = (
        _in_studio("client_id", "client"),
        _in_studio("plan_id", "plan"),
        _in_studio("entered_by", "user"),
        UniqueConstraint("client_id", "uuid"),
        Index(None, "client_id", "set_on"),
        CheckConstraint("load_kg > 0", name="load_kg"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    plan_id: Mapped[int] = mapped_column(ID)
    exercise: Mapped[str] = mapped_column(String(80))
    load_kg: Mapped[float]
    set_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    entered_by: Mapped[int] = mapped_column(ID)
    reason: Mapped[str] = mapped_column(Text, default="")


class HistorySummary(OfClient, Base):
    """A client's long history summed up to a day, so that opening her page reads the rest only; derived, never the truth."""

    __tablename__ = "history_summary"
    __table_args__ = (_in_studio("client_id", "client"),)

    client_id: Mapped[int] = mapped_column(ID, primary_key=True, autoincrement=False)
    until: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(Text)
    log_mark: Mapped[int] = mapped_column(BigInteger)
    """How many lines of the log it has seen: another number of them until that day means that it is out of date."""
    recent: Mapped[str] = mapped_column(Text)
    """The same up to the day before the last one with something new, so that a look at the day reads that day and no more."""


class Exercise(Owned, Base):
    """One exercise of a studio's library; what it says stands in its versions. `search` and `stage` are the newest version's."""

    __tablename__ = "exercise"
    __table_args__ = (
        UniqueConstraint("studio_id", "id"),
        UniqueConstraint("studio_id", "slug"),
        Index(None, "studio_id", "rung", "position"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(String(20))
    rung: Mapped[int] = mapped_column(Integer)
    """Where its stage stands among the stages: what the library is ordered by, then `position`."""
    search: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    starter_slug: Mapped[str | None] = mapped_column(String(80))
    starter_document: Mapped[str | None] = mapped_column(Text)
    """What the starter library said of it when that was last taken over or turned down; another text there now is an update."""
    merged_into: Mapped[str | None] = mapped_column(String(80))
    """The slug of the exercise that this one turned out to be a duplicate of."""
    archived_at: Mapped[datetime | None] = mapped_column(Utc)

    @validates("stage")
    def _rung_of(self, _: str, stage: str) -> str:
        self.rung = list(Stage).index(Stage(stage))
        return stage


class ExerciseVersion(Owned, Base):
    """What an exercise said from one edit to the next; never changed."""

    __tablename__ = "exercise_version"
    __table_args__ = (
        _in_studio("exercise_id", "exercise"),
        _in_studio("author_id", "user"),
        UniqueConstraint("exercise_id", "version"),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ID)
    version: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ID)
    created_at: Mapped[datetime] = mapped_column(Utc)


class ExerciseDraft(Owned, Base):
    """An edit that is not published yet, of a new exercise or of one that there is: the form as it was typed."""

    __tablename__ = "exercise_draft"
    __table_args__ = (
        _in_studio("exercise_id", "exercise"),
        _in_studio("author_id", "user"),
        # A page that still shows a discarded draft must never save into a later one of the same id.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    exercise_id: Mapped[int | None] = mapped_column(ID)
    typed: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    """Counts the saves, so that nobody overwrites what she has not seen."""
    author_id: Mapped[int] = mapped_column(ID)
    updated_at: Mapped[datetime] = mapped_column(Utc)


class LibraryImport(Owned, Base):
    """A file of exercises that was sent and can be read, until it is taken in or thrown away."""

    __tablename__ = "library_import"
    __table_args__ = (_in_studio("author_id", "user"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    is_csv: Mapped[bool] = mapped_column(Boolean)
    content: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ID)
    sent_at: Mapped[datetime] = mapped_column(Utc)


class PlanExercise(Owned, Base):
    """Which exercises a plan uses: what is in use can't vanish, and the library counts it without opening a plan."""

    __tablename__ = "plan_exercise"
    __table_args__ = (_in_studio("plan_id", "plan"), _in_studio("exercise_id", "exercise"), Index(None, "exercise_id"))

    plan_id: Mapped[int] = mapped_column(ID, primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ID, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    is_current: Mapped[bool] = mapped_column(Boolean, default=True)
    """Whether the plan is its client's newest, and she is not archived; kept here, where an admin, who sees no plan, may count."""


class AuditEvent(Owned, Base):
    """Who did what to whom; append only, without a word about health."""

    __tablename__ = "audit_event"
    __table_args__ = (_in_studio("actor_id", "user"), Index(None, "studio_id", "at"))

    id: Mapped[int] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
    actor_id: Mapped[int | None] = mapped_column(ID)
    verb: Mapped[str] = mapped_column(String(40))
    noun: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(ID)
