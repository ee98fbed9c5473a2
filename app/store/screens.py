"""Screens: drafts as they were typed, and finished ones with their documents."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, aliased

from app.errors import NotFound
from app.models import Client, Screen


@dataclass(frozen=True, slots=True)
class Screens:
    session: Session

    def get(self, client: Client, screen_id: int) -> Screen:
        found = self.session.scalar(select(Screen).where(Screen.id == screen_id, Screen.client_id == client.id))
        if found is None:
            raise NotFound
        return found

    def add(self, screen: Screen) -> None:
        self.session.add(screen)
        self.session.flush()

    def drafts(self, client: Client) -> list[Screen]:
        """Unfinished screens, the last one touched first."""
        return list(
            self.session.scalars(
                select(Screen).where(Screen.client_id == client.id, Screen.finished_at.is_(None)).order_by(Screen.updated_at.desc())
            )
        )

    def discard(self, draft: Screen) -> None:
        self.session.delete(draft)
        self.session.flush()

    def discard_older(self, moment: datetime) -> None:
        """Let drafts go that nobody has touched since then."""
        self.session.execute(
            delete(Screen).where(Screen.finished_at.is_(None), Screen.updated_at < moment).execution_options(synchronize_session=False)
        )

    def finished(self, client: Client, before: int | None = None, limit: int = 200) -> list[Screen]:
        """Finished screens, newest first, mended ones too; `before` is the id to go on from."""
        statement = select(Screen).where(Screen.client_id == client.id, Screen.finished_at.is_not(None))
        if before is not None:
            statement = statement.where(Screen.id < before)
        return list(self.session.scalars(statement.order_by(Screen.id.desc()).limit(limit)))

    def current(self, client: Client) -> Screen | None:
        """The last finished screen that no other one mends."""
        mended = aliased(Screen)
        return self.session.scalar(
            select(Screen)
            .where(
                Screen.client_id == client.id,
                Screen.finished_at.is_not(None),
                ~select(mended.id).where(mended.supersedes_id == Screen.id, mended.finished_at.is_not(None)).exists(),
            )
            .order_by(Screen.finished_at.desc(), Screen.id.desc())
            .limit(1)
        )

    def superseding(self, screen: Screen) -> Screen | None:
        """The screen that mends this one, draft or finished."""
        return self.session.scalar(select(Screen).where(Screen.supersedes_id == screen.id))

    def mended(self, client: Client) -> set[int]:
        """The ids of a client's screens that a finished one mends."""
        rows = self.session.scalars(
            select(Screen.supersedes_id).where(
                Screen.client_id == client.id, Screen.supersedes_id.is_not(None), Screen.finished_at.is_not(None)
            )
        )
        return {found for found in rows if found is not None}
