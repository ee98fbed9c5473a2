"""Referrals: stops that wait for a professional's answer, and those that have it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Client, Plan, Referral, ReferralStep


@dataclass(frozen=True, slots=True)
class Referrals:
    session: Session

    def get(self, client: Client, referral_id: int) -> Referral:
        found = self.session.scalar(select(Referral).where(Referral.id == referral_id, Referral.client_id == client.id))
        if found is None:
            raise NotFound
        return found

    def add(self, referral: Referral) -> None:
        self.session.add(referral)
        self.session.flush()

    def withdraw(self, referral: Referral) -> None:
        """Let a stop wait no longer: it was mended, or a newer one has taken it over."""
        referral.state = "withdrawn"
        self.session.flush()

    def waiting(self, client: Client) -> Referral | None:
        """The one stop that waits for an answer, if there is one."""
        return self.session.scalar(select(Referral).where(Referral.client_id == client.id, Referral.waits))

    def all_waiting(self) -> list[tuple[Client, Referral]]:
        """Every stop that waits for an answer, with whose it is, the newest first; not those of archived clients."""
        rows = self.session.execute(
            select(Client, Referral)
            .join(Referral, Referral.client_id == Client.id)
            .where(Referral.waits, Client.archived_at.is_(None))
            .order_by(Referral.opened_at.desc(), Referral.id.desc())
        )
        return [(row[0], row[1]) for row in rows]

    def of_screen(self, screen_id: int) -> Referral | None:
        """The stop that a screen led to."""
        return self.session.scalar(select(Referral).where(Referral.screen_id == screen_id, Referral.source == "screen"))

    def steps(self, referral: Referral) -> list[ReferralStep]:
        """The way of a stop so far, oldest first, without what was taken back."""
        return list(
            self.session.scalars(
                select(ReferralStep)
                .where(ReferralStep.referral_id == referral.id, ReferralStep.taken_back_at.is_(None))
                .order_by(ReferralStep.id)
            )
        )

    def plan_after(self, referral: Referral) -> Plan | None:
        """The plan that was published with the answer to a stop."""
        if referral.logged_at is None:
            return None
        return self.session.scalar(
            select(Plan).where(Plan.client_id == referral.client_id, Plan.made_at == referral.logged_at).order_by(Plan.id.desc()).limit(1)
        )

    def add_step(self, step: ReferralStep) -> None:
        self.session.add(step)
        self.session.flush()

    def cleared(self, client: Client) -> list[Referral]:
        """Answered stops, the latest clearance first."""
        return list(
            self.session.scalars(
                select(Referral)
                .where(Referral.client_id == client.id, Referral.state == "cleared")
                .order_by(Referral.cleared_on.desc(), Referral.id.desc())
            )
        )

    def all(self, client: Client) -> list[Referral]:
        """Newest first."""
        return list(self.session.scalars(select(Referral).where(Referral.client_id == client.id).order_by(Referral.id.desc())))
