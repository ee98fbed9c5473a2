"""Published plans: snapshots, numbered per client."""

from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, select, update
from sqlalchemy.orm import Session, aliased

from app.errors import NotFound
from app.models import Client, Exercise, HistorySummary, Plan, PlanExercise, Referral
from app.store.screens import current_screen_id


class Trainee(NamedTuple):
    """What of a client's profile her practice needs."""

    id: int
    studio_id: int
    user_id: int
    name: str
    archived_at: datetime | None


class Published(NamedTuple):
    """A published plan with its document."""

    id: int
    number: int
    screen_id: int
    ruleset: str
    made_by: int
    made_on: date
    document: str


class Listed(NamedTuple):
    """A published plan without its document."""

    id: int
    number: int
    made_on: date
    made_at: datetime


class Stop(NamedTuple):
    """A stop that waits for an answer."""

    id: int
    status: str


class Standing(NamedTuple):
    """Where a client stands: her current screen, her newest plan, and the stop that waits for an answer.

    `was_stopped` says that the plan came out of a stop that was answered. `recent` is her history summed up to a few days ago, `began`
    the day of her first plan.
    """

    client: Trainee
    screen_id: int | None
    plan: Published | None
    stop: Stop | None
    was_stopped: bool
    recent: str | None = None
    began: date | None = None


def _standing() -> Select[*tuple[Any, ...]]:
    answered, first = aliased(Referral), aliased(Plan)
    was_stopped = select(answered.id).where(answered.screen_id == Plan.screen_id, answered.state == "cleared").correlate(Plan).exists()
    began = select(func.min(first.made_on)).where(first.client_id == Client.id).correlate(Client).scalar_subquery()
    return (
        select(Client.id, Client.studio_id, Client.user_id, Client.name, Client.archived_at)
        .add_columns(began)
        .add_columns(current_screen_id(), was_stopped, HistorySummary.recent, Referral.id, Referral.status)
        .add_columns(Plan.id, Plan.made_at, Plan.number, Plan.screen_id, Plan.ruleset, Plan.made_by, Plan.made_on)
        .select_from(Client)
        .outerjoin(Plan, Plan.client_id == Client.id)
        .outerjoin(Referral, and_(Referral.client_id == Client.id, Referral.waits))
        .outerjoin(HistorySummary, HistorySummary.client_id == Client.id)
        .where(Client.id == bindparam("client"))
        .order_by(Plan.number.desc())
        .limit(1)
        .execution_options(kept=True)
    )


_STANDING = _standing()
"""Without the document, which takes longer to fetch than all else."""

_LISTED = (
    select(Plan.id, Plan.number, Plan.made_on, Plan.made_at)
    .where(Plan.client_id == bindparam("client"))
    .order_by(Plan.number)
    .execution_options(kept=True)
)
_IN_FORCE = (
    select(Plan.made_at, Plan.id, Plan.number, Plan.screen_id, Plan.ruleset, Plan.made_by, Plan.made_on)
    .where(Plan.client_id == bindparam("client"), Plan.made_on <= bindparam("day"))
    .order_by(Plan.number.desc())
    .limit(1)
    .execution_options(kept=True)
)
_DOCUMENT = select(Plan.document).where(Plan.id == bindparam("plan")).execution_options(kept=True)


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one database's plans that were asked for before: a published plan never changes.

    Kept by id and moment of publishing, since an id may come again where a demo was removed. A transaction that may still be rolled back
    `adds` none.
    """

    kept: MutableMapping[tuple[int, datetime], str] = field(default_factory=dict)
    adds: bool = True

    def of(self, session: Session, plan_id: int, made_at: datetime) -> str:
        """The document of a plan that this session has just found."""
        found = self.kept.get((plan_id, made_at))
        if found is None:
            found = session.execute(_DOCUMENT, {"plan": plan_id}).scalar_one()
            self._keep(plan_id, made_at, found)
        return found

    def of_many(self, session: Session, published: Mapping[int, datetime]) -> dict[int, str]:
        """The documents of plans that this session has just found, in one statement at most; `published` says when each was."""
        known = {plan_id: document for plan_id, at in published.items() if (document := self.kept.get((plan_id, at))) is not None}
        unknown = [plan_id for plan_id in published if plan_id not in known]
        for plan_id, document in session.execute(select(Plan.id, Plan.document).where(Plan.id.in_(unknown))) if unknown else ():
            known[plan_id] = document
            self._keep(plan_id, published[plan_id], document)
        return known

    def _keep(self, plan_id: int, made_at: datetime, document: str) -> None:
        if self.adds:
            if len(self.kept) >= _MOST_KEPT:
                self.kept.clear()
            self.kept[plan_id, made_at] = document


_MOST_KEPT = 512


@dataclass(frozen=True, slots=True)
class Plans:
    session: Session
    documents: Documents = field(default_factory=Documents)

    def latest(self, client: Client) -> Plan | None:
        return self.session.scalar(select(Plan).where(Plan.client_id == client.id).order_by(Plan.number.desc()).limit(1))

    def numbered(self, client: Client, number: int) -> Plan:
        found = self.session.scalar(select(Plan).where(Plan.client_id == client.id, Plan.number == number))
        if found is None:
            raise NotFound
        return found

    def of_screen(self, screen_id: int) -> Plan | None:
        """The newest plan that was made from a screen."""
        return self.session.scalar(select(Plan).where(Plan.screen_id == screen_id).order_by(Plan.number.desc()).limit(1))

    def before(self, client: Client, number: int | None, without: Collection[int]) -> Plan | None:
        """The newest plan, or the newest before a number, that was made from none of the screens `without`."""
        statement = select(Plan).where(Plan.client_id == client.id, Plan.screen_id.not_in(without))
        if number is not None:
            statement = statement.where(Plan.number < number)
        return self.session.scalar(statement.order_by(Plan.number.desc()).limit(1))

    def all(self, client: Client) -> list[Plan]:
        """Newest first."""
        return list(self.session.scalars(select(Plan).where(Plan.client_id == client.id).order_by(Plan.number.desc())))

    def listed(self, client: Client | Trainee) -> tuple[Listed, ...]:
        """Every plan of hers, oldest first."""
        rows = self.session.execute(_LISTED, {"client": client.id})
        return tuple(Listed(*row) for row in rows)

    def in_force(self, client: Client | Trainee, day: date) -> Published | None:
        """The newest of a client's plans that was made by a day."""
        row = self.session.execute(_IN_FORCE, {"client": client.id, "day": day}).one_or_none()
        if row is None:
            return None
        made_at, plan_id, number, screen_id, ruleset, made_by, made_on = row
        return Published(plan_id, number, screen_id, ruleset, made_by, made_on, self.documents.of(self.session, plan_id, made_at))

    def document(self, plan: Listed) -> str:
        """The document of one of a client's plans."""
        return self.documents.of(self.session, plan.id, plan.made_at)

    def numbers(self, client: Client) -> tuple[tuple[int, date], ...]:
        """Number and day of every plan, newest first."""
        rows = self.session.execute(select(Plan.number, Plan.made_on).where(Plan.client_id == client.id).order_by(Plan.number.desc()))
        return tuple((row[0], row[1]) for row in rows)

    def standing(self, client_id: int) -> Standing:
        """Where a client stands, in one statement, and one more for a plan that was not asked for before."""
        row = self.session.execute(_STANDING, {"client": client_id}).one_or_none()
        if row is None:
            raise NotFound
        *hers, began, screen_id, was_stopped, recent, stop_id, status, plan_id, made_at, number, its_screen, ruleset, made_by, made_on = row
        stop = None if stop_id is None else Stop(stop_id, status)
        plan = None
        if plan_id is not None:
            document = self.documents.of(self.session, plan_id, made_at)
            plan = Published(plan_id, number, its_screen, ruleset, made_by, made_on, document)
        return Standing(Trainee(*hers), screen_id, plan, stop, was_stopped, recent, began)

    def newest_of(self, client_ids: Collection[int]) -> dict[int, tuple[Published, str | None]]:
        """By client her newest plan and what is summed up of her history, in two statements however many they are."""
        later = aliased(Plan)
        rows = self.session.execute(
            select(Plan.made_at, HistorySummary.recent, Plan.client_id)
            .add_columns(Plan.id, Plan.number, Plan.screen_id, Plan.ruleset, Plan.made_by, Plan.made_on)
            .outerjoin(HistorySummary, HistorySummary.client_id == Plan.client_id)
            .where(
                Plan.client_id.in_(client_ids),
                ~select(later.id).where(later.client_id == Plan.client_id, later.number > Plan.number).exists(),
            )
        ).all()
        documents = self.documents.of_many(self.session, {row[3]: row[0] for row in rows})
        found: dict[int, tuple[Published, str | None]] = {}
        for _, recent, client_id, plan_id, number, screen_id, ruleset, made_by, made_on in rows:
            found[client_id] = Published(plan_id, number, screen_id, ruleset, made_by, made_on, documents[plan_id]), recent
        return found

    def next_number(self, client: Client) -> int:
        return (self.session.scalar(select(func.max(Plan.number)).where(Plan.client_id == client.id)) or 0) + 1

    def mark_current(self, client: Client, *, is_current: bool) -> None:
        """Whether the client's newest plan counts among the current ones that use an exercise."""
        newest = select(Plan.id).where(Plan.client_id == client.id).order_by(Plan.number.desc()).limit(1).scalar_subquery()
        self.session.execute(
            update(PlanExercise)
            .where(PlanExercise.plan_id == newest)
            .values(is_current=is_current)
            .execution_options(synchronize_session=False)
        )

    def publish(self, plan: Plan, uses: dict[Exercise, int]) -> None:
        """Insert a client's newest plan, and which version of which exercise it uses."""
        former = select(Plan.id).where(Plan.client_id == plan.client_id)
        self.session.execute(
            update(PlanExercise)
            .where(PlanExercise.plan_id.in_(former))
            .values(is_current=False)
            .execution_options(synchronize_session=False)
        )
        self.session.add(plan)
        self.session.flush()
        self.session.add_all(
            PlanExercise(studio_id=plan.studio_id, plan_id=plan.id, exercise_id=exercise.id, version=version)
            for exercise, version in uses.items()
        )
        self.session.flush()
