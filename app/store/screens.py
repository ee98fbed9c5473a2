"""Screens: drafts as they were typed, and finished ones with their documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.errors import NotFound
from app.models import Client, Plan, Referral, Screen, User


def current_screen_id(client_id: InstrumentedAttribute[int] | int = Client.id) -> ScalarSelect[int]:
    """A client's current screen, which her plan is made from: the one that was finished last and that no finished one mends."""
    screen = aliased(Screen)
    return (
        select(screen.id)
        .where(screen.client_id == client_id, _counts(screen))
        .order_by(screen.finished_at.desc(), screen.id.desc())
        .limit(1)
        .correlate(Client)
        .scalar_subquery()
    )


def screened_on() -> ScalarSelect[date]:
    """The day of a client's newest screen by the days on which they were taken, from which the rules count when the next one is due.

    It need not be her current one: a back-dated screen is finished last, and none the newer for it.
    """
    screen = aliased(Screen)
    return select(func.max(screen.taken_on)).where(screen.client_id == Client.id, _counts(screen)).correlate(Client).scalar_subquery()


def _counts(screen: type[Screen]) -> ColumnElement[bool]:
    """Whether a screen is finished, and mended by no finished one."""
    mending = aliased(Screen)
    is_mended = select(mending.id).where(mending.supersedes_id == screen.id, mending.finished_at.is_not(None)).exists()
    return and_(screen.finished_at.is_not(None), ~is_mended)


@dataclass(frozen=True, slots=True)
class Context:
    """What stands beside a finished screen: whose it is, the finished one that mends it, and what it led to."""

    author: str
    mended_by: int | None
    plan: int | None
    """The number of the newest plan that was made from it."""
    referral: int | None


@dataclass(frozen=True, slots=True)
class Screens:
    session: Session

    def get(self, client: Client, screen_id: int, *, hold: bool = False) -> Screen:
        """A screen, draft or finished; `hold` keeps others from changing it until this transaction ends."""
        statement = select(Screen).where(Screen.id == screen_id, Screen.client_id == client.id)
        found = self.session.scalar(statement.with_for_update() if hold else statement)
        if found is None:
            raise NotFound
        return found

    def add(self, screen: Screen) -> None:
        self.session.add(screen)
        self.session.flush()

    def drafts(self, client: Client, since: datetime | None = None) -> list[Screen]:
        """Unfinished screens, the last one touched first; `since` leaves out those that nobody has touched from then on."""
        statement = select(Screen).where(Screen.client_id == client.id, Screen.finished_at.is_(None))
        if since is not None:
            statement = statement.where(Screen.updated_at >= since)
        return list(self.session.scalars(statement.order_by(Screen.updated_at.desc(), Screen.id.desc())))

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

    def next_moment(self, client: Client, at: datetime) -> datetime:
        """When a screen that is finished now was finished: `at`, but after every other one, also where it had to wait for them."""
        last = self.session.scalar(select(func.max(Screen.finished_at)).where(Screen.client_id == client.id))
        return at if last is None or last < at else last + timedelta(microseconds=1)

    def current(self, client: Client) -> Screen | None:
        """The last finished screen that no other one mends."""
        return self.session.scalar(select(Screen).where(Screen.id == current_screen_id(client.id)))

    def superseding(self, screen: Screen) -> Screen | None:
        """The screen that mends this one, draft or finished."""
        return self.session.scalar(select(Screen).where(Screen.supersedes_id == screen.id))

    def context(self, screens: Iterable[Screen]) -> dict[int, Context]:
        """By screen id, in one query."""
        mending = aliased(Screen)
        rows = self.session.execute(
            select(Screen.id, User.name, mending.id, func.max(Plan.number), func.max(Referral.id))
            .join(User, User.id == Screen.author_id)
            .outerjoin(mending, and_(mending.supersedes_id == Screen.id, mending.finished_at.is_not(None)))
            .outerjoin(Plan, Plan.screen_id == Screen.id)
            .outerjoin(Referral, and_(Referral.screen_id == Screen.id, Referral.source == "screen"))
            .where(Screen.id.in_([screen.id for screen in screens]))
            .group_by(Screen.id, User.name, mending.id)
        )
        return {row[0]: Context(*row[1:]) for row in rows}

    def mended(self, client: Client) -> set[int]:
        """The ids of a client's screens that a finished one mends."""
        rows = self.session.scalars(
            select(Screen.supersedes_id).where(
                Screen.client_id == client.id, Screen.supersedes_id.is_not(None), Screen.finished_at.is_not(None)
            )
        )
        return {found for found in rows if found is not None}
