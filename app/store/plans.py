"""Published plans: snapshots, numbered per client."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.errors import NotFound
from app.models import Client, Exercise, Plan, PlanExercise, Referral, Screen, User


class Standing(NamedTuple):
    """Where a client stands: her current screen, her newest plan with who made it, and the stop that waits for an answer.

    `was_stopped` says that the plan came out of a stop that was answered.
    """

    client: Client
    screen_id: int | None
    plan: Plan | None
    made_by: str | None
    referral: Referral | None
    was_stopped: bool


def _standing() -> Select[Any]:
    newest, screen, mending, answered = aliased(Plan), aliased(Screen), aliased(Screen), aliased(Referral)
    number = select(func.max(newest.number)).where(newest.client_id == Client.id).correlate(Client).scalar_subquery()
    current = (
        select(screen.id)
        .where(
            screen.client_id == Client.id,
            screen.finished_at.is_not(None),
            ~select(mending.id).where(mending.supersedes_id == screen.id, mending.finished_at.is_not(None)).exists(),
        )
        .order_by(screen.finished_at.desc(), screen.id.desc())
        .limit(1)
        .correlate(Client)
        .scalar_subquery()
    )
    was_stopped = select(answered.id).where(answered.screen_id == Plan.screen_id, answered.state == "cleared").correlate(Plan).exists()
    return (
        select(Client, current, Plan, User.name, Referral, was_stopped)
        .select_from(Client)
        .outerjoin(Plan, and_(Plan.client_id == Client.id, Plan.number == number))
        .outerjoin(User, User.id == Plan.made_by)
        .outerjoin(Referral, and_(Referral.client_id == Client.id, Referral.state == "open"))
        .where(Client.id == bindparam("client"))
        .execution_options(kept=True)
    )


_STANDING = _standing()
"""Made once: putting it together takes longer than asking it."""


@dataclass(frozen=True, slots=True)
class Plans:
    session: Session

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

    def all(self, client: Client) -> list[Plan]:
        """Newest first."""
        return list(self.session.scalars(select(Plan).where(Plan.client_id == client.id).order_by(Plan.number.desc())))

    def numbers(self, client: Client) -> tuple[tuple[int, date], ...]:
        """Number and day of every plan, newest first."""
        rows = self.session.execute(select(Plan.number, Plan.made_on).where(Plan.client_id == client.id).order_by(Plan.number.desc()))
        return tuple((row[0], row[1]) for row in rows)

    def standing(self, client_id: int) -> Standing:
        """Where a client stands, in one statement."""
        row = self.session.execute(_STANDING, {"client": client_id}).one_or_none()
        if row is None:
            raise NotFound
        return Standing(*row)

    def next_number(self, client: Client) -> int:
        return (self.session.scalar(select(func.max(Plan.number)).where(Plan.client_id == client.id)) or 0) + 1

    def publish(self, plan: Plan, uses: dict[Exercise, int]) -> None:
        """Insert a plan, and which version of which exercise it uses."""
        self.session.add(plan)
        self.session.flush()
        self.session.add_all(
            PlanExercise(studio_id=plan.studio_id, plan_id=plan.id, exercise_id=exercise.id, version=version)
            for exercise, version in uses.items()
        )
        self.session.flush()
