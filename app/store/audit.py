"""The audit log: who did what to whom."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.models import AuditEvent
from app.store.scope import Actor


@dataclass(frozen=True, slots=True)
class Audit:
    session: Session
    who: Actor | None

    def note(
        self, at: datetime, verb: str, noun: str, subject: int | None, studio_id: int | None = None, actor_id: int | None = None
    ) -> None:
        """Add one line in this transaction. Without somebody signed in, `studio_id` and `actor_id` must say whose it is."""
        studio = self.who.studio_id if self.who else studio_id
        if studio is None:
            raise ValueError("an audit line needs its studio")
        actor = self.who.user_id if self.who else actor_id
        self.session.add(AuditEvent(studio_id=studio, at=at, actor_id=actor, verb=verb, noun=noun, subject_id=subject))
