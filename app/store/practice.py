"""Practice events: an append-only log of ticks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Client, Plan, PracticeEvent


@dataclass(frozen=True, slots=True)
class Practice:
    session: Session

    def of_plan(self, plan: Plan) -> list[PracticeEvent]:
        return list(self.session.scalars(select(PracticeEvent).where(PracticeEvent.plan_id == plan.id).order_by(PracticeEvent.id)))

    def between(self, client: Client, first: date, last: date) -> list[PracticeEvent]:
        """A client's events performed from `first` to `last`, both included."""
        return list(
            self.session.scalars(
                select(PracticeEvent)
                .where(PracticeEvent.client_id == client.id, PracticeEvent.performed_on.between(first, last))
                .order_by(PracticeEvent.id)
            )
        )

    def known(self, client: Client, uuids: Iterable[str]) -> set[str]:
        """Which of these event ids have arrived already."""
        return set(
            self.session.scalars(
                select(PracticeEvent.uuid).where(PracticeEvent.client_id == client.id, PracticeEvent.uuid.in_(tuple(uuids)))
            )
        )

    def append(self, events: Iterable[PracticeEvent]) -> None:
        self.session.add_all(events)
        self.session.flush()
