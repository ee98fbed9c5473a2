"""Practice events: an append-only log of ticks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, false, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Client, PracticeEvent, User
from app.rules import documents as rules
from app.rules.vocabulary import Feel, Side, SkipReason
from app.store.plans import Trainee


class Entry(NamedTuple):
    """One line of the log: the event, the plan that it counts to, and who entered it if it was not the client herself."""

    event: rules.PracticeEvent
    plan_id: int
    entered_by: str | None


_COLUMNS = (
    PracticeEvent.uuid,
    PracticeEvent.item,
    PracticeEvent.side,
    PracticeEvent.set_number,
    PracticeEvent.performed_on,
    PracticeEvent.at,
    PracticeEvent.received_at,
    PracticeEvent.done,
    PracticeEvent.pain,
    PracticeEvent.effort,
    PracticeEvent.load_kg,
    PracticeEvent.feel,
    PracticeEvent.skipped,
)


_LOG = (
    select(*_COLUMNS, PracticeEvent.plan_id, User.name)
    .outerjoin(User, (User.id == PracticeEvent.entered_by) & (User.id != bindparam("herself")))
    .where(PracticeEvent.client_id == bindparam("client"), PracticeEvent.performed_on.between(bindparam("first"), bindparam("last")))
    .order_by(PracticeEvent.id)
    .execution_options(kept=True)
)


_place = (
    func.row_number()
    .over(
        partition_by=(PracticeEvent.performed_on, PracticeEvent.item, PracticeEvent.set_number),
        order_by=(PracticeEvent.at.desc(), PracticeEvent.received_at.desc(), PracticeEvent.uuid.desc()),
    )
    .label("place")
)
_held = (
    select(PracticeEvent.performed_on, PracticeEvent.item, PracticeEvent.done, _place)
    .where(
        PracticeEvent.client_id == bindparam("client"),
        PracticeEvent.performed_on >= bindparam("first"),
        PracticeEvent.performed_on < bindparam("before"),
    )
    .subquery()
)
_TICKED = select(_held.c.performed_on, _held.c.item).where(_held.c.place == 1, _held.c.done).distinct().execution_options(kept=True)
"""A long log is summed up where it lies: of each set the event that holds, as `rules.today.latest` has it."""


def columns_of(event: rules.PracticeEvent) -> dict[str, Any]:
    """What an event says, by column: `_COLUMNS` name its fields in their own order."""
    return {column.key: getattr(event, field.name) for column, field in zip(_COLUMNS, fields(event), strict=True)}


def _event(values: Sequence[Any]) -> rules.PracticeEvent:
    uuid, item, side, number, performed_on, at, received_at, done, pain, effort, load_kg, felt, why = values
    feel, skipped = Feel(felt) if felt else None, SkipReason(why) if why else None
    return rules.PracticeEvent(uuid, item, Side(side), number, performed_on, at, received_at, done, pain, effort, load_kg, feel, skipped)


@dataclass(frozen=True, slots=True)
class Practice:
    session: Session

    def log(self, client: Client | Trainee, first: date, last: date) -> tuple[Entry, ...]:
        """A client's events performed from `first` to `last`, both included, in the order in which they arrived."""
        asked = {"client": client.id, "herself": client.user_id, "first": first, "last": last}
        rows = self.session.execute(_LOG, asked)
        return tuple(Entry(_event(values), plan_id, entered_by) for *values, plan_id, entered_by in rows)

    def hurting(self, client: Client | Trainee, days: Collection[date], *, over: int) -> tuple[rules.PracticeEvent, ...]:
        """All that was told of those of the days on which more pain than that was told of, or how it felt."""
        if not days:
            return ()
        hers = and_(PracticeEvent.client_id == client.id, PracticeEvent.performed_on.in_(days))
        painful = select(PracticeEvent.performed_on).where(hers, or_(PracticeEvent.pain > over, PracticeEvent.feel.is_not(None)))
        rows = self.session.execute(select(*_COLUMNS).where(hers, PracticeEvent.performed_on.in_(painful)).order_by(PracticeEvent.id))
        return tuple(_event(values) for values in rows)

    def ticked(self, client: Client | Trainee, first: date, before: date) -> tuple[tuple[date, str], ...]:
        """On which days from `first` until the day before `before` at least one set of which item was ticked."""
        if first >= before:
            return ()
        rows = self.session.execute(_TICKED, {"client": client.id, "first": first, "before": before})
        return tuple((row[0], row[1]) for row in rows)

    def logs(self, firsts: Mapping[int, date], last: date) -> dict[int, list[rules.PracticeEvent]]:
        """The same of several clients at once, each from her own first day on, by client, without who entered it."""
        hers = (and_(PracticeEvent.client_id == client_id, PracticeEvent.performed_on >= first) for client_id, first in firsts.items())
        rows = self.session.execute(
            select(*_COLUMNS, PracticeEvent.client_id)
            .where(or_(false(), *hers), PracticeEvent.performed_on <= last)
            .order_by(PracticeEvent.id)
        )
        found: dict[int, list[rules.PracticeEvent]] = {}
        for *values, client_id in rows:
            found.setdefault(client_id, []).append(_event(values))
        return found

    def known(self, client: Client, uuids: Iterable[str]) -> set[str]:
        """Which of these event ids have arrived already."""
        return set(
            self.session.scalars(
                select(PracticeEvent.uuid).where(PracticeEvent.client_id == client.id, PracticeEvent.uuid.in_(tuple(uuids)))
            )
        )

    def append(self, events: Sequence[Mapping[str, object]]) -> set[str]:
        """Add events, given by their columns, and return the ids of those that were new; the same id twice is one event."""
        if not events:
            return set()
        dialect = sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql
        statement = (
            dialect.insert(PracticeEvent)
            .on_conflict_do_nothing(index_elements=[PracticeEvent.client_id, PracticeEvent.uuid])
            .returning(PracticeEvent.uuid)
        )
        return set(self.session.scalars(statement, list(events)))
