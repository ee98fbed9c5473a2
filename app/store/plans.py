"""Published plans: snapshots, numbered per client."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Client, Exercise, Plan, PlanExercise


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
