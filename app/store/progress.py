"""What a trainer saw and signed, a client's screens and stops as progress reads them, and the summary of a long history."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, bindparam, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from app.models import Client, FormCheck, HistorySummary, LoadSet, PracticeEvent, Referral, Screen, SignOff, User
from app.rules import documents as rules
from app.rules.vocabulary import Sex, Side, Stage
from app.store.plans import Trainee

_Lines: TypeAlias = type[FormCheck] | type[SignOff] | type[LoadSet]
_ASSESSMENT: TypeAdapter[rules.Assessment] = TypeAdapter(rules.Assessment)


class Summary(NamedTuple):
    """A history summed up until a day, that day included; `log_mark` is what `Progress.log_mark` said when it was made.

    `recent` goes on from there, up to the day before the last one with something new.
    """

    until: date
    document: str
    log_mark: int
    recent: str = "{}"


def _lines(table: Any, day: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(table.uuid, day, table.at, User.name, *columns)
        .join(User, User.id == table.entered_by)
        .where(table.client_id == bindparam("client"), day >= bindparam("since"))
        .order_by(table.id)
    )


_CHECKS = _lines(
    FormCheck,
    FormCheck.performed_on,
    FormCheck.received_at,
    FormCheck.stage,
    FormCheck.exercise,
    FormCheck.side,
    FormCheck.gate,
    FormCheck.seen,
    FormCheck.reps,
    FormCheck.last_reps,
    FormCheck.note,
    FormCheck.taken_back,
)
_SIGN_OFFS = _lines(
    SignOff,
    SignOff.signed_on,
    SignOff.received_at,
    SignOff.stage,
    SignOff.side,
    SignOff.words,
    SignOff.goal_load_kg,
    SignOff.note,
    SignOff.override_reason,
    SignOff.evidence,
    SignOff.taken_back,
)
_LOADS = _lines(LoadSet, LoadSet.set_on, LoadSet.exercise, LoadSet.load_kg, LoadSet.reason)
_NEWEST_CHECKS = _CHECKS.order_by(None).order_by(FormCheck.performed_on.desc(), FormCheck.id.desc()).limit(bindparam("most"))
_NEWEST_LOADS = _LOADS.order_by(None).order_by(LoadSet.set_on.desc(), LoadSet.id.desc()).limit(bindparam("most"))


def _screened() -> Select[*tuple[Any, ...]]:
    return (
        select(Screen.id, Screen.taken_on, Screen.finished_at, _mended_at(Screen.id), Screen.document, Screen.result)
        .where(Screen.client_id == bindparam("client"), Screen.taken_on >= bindparam("since"), Screen.finished_at.is_not(None))
        .order_by(Screen.id)
    )


def _mended_at(screen_id: Any) -> Any:
    """When the screen was finished that mends another one."""
    mending = aliased(Screen)
    return select(mending.finished_at).where(mending.supersedes_id == screen_id).scalar_subquery()


def _stops() -> Select[*tuple[Any, ...]]:
    return (
        select(Referral.state, Referral.source, Referral.opened_at, Referral.logged_at, _mended_at(Referral.screen_id))
        .where(Referral.client_id == bindparam("client"))
        .order_by(Referral.id)
    )


def _log_mark() -> Select[*tuple[Any, ...]]:
    client: ColumnElement[int] = bindparam("client")
    until: ColumnElement[date] = bindparam("until")
    mending, mended = aliased(Screen), aliased(Screen)
    counts = [
        select(func.count(PracticeEvent.id)).where(PracticeEvent.client_id == client, PracticeEvent.performed_on <= until),
        select(func.count(FormCheck.id)).where(FormCheck.client_id == client, FormCheck.performed_on <= until),
        select(func.count(SignOff.id)).where(SignOff.client_id == client, SignOff.signed_on <= until),
        select(func.count(LoadSet.id)).where(LoadSet.client_id == client, LoadSet.set_on <= until),
        select(func.count(Screen.id)).where(Screen.client_id == client, Screen.taken_on <= until, Screen.finished_at.is_not(None)),
        select(func.count(mending.id))
        .join(mended, mended.id == mending.supersedes_id)
        .where(mending.client_id == client, mending.finished_at.is_not(None), or_(mended.taken_on <= until, mending.taken_on <= until)),
        select(func.count(Referral.id)).where(Referral.client_id == client),
        select(func.count(Referral.id)).where(Referral.client_id == client, ~Referral.waits),
    ]
    first, *others = (one.scalar_subquery() for one in counts)
    return select(sum(others, first))


_SCREENED, _STOPS, _LOG_MARK = _screened(), _stops(), _log_mark()
_SUMMARY = select(HistorySummary.until, HistorySummary.document, HistorySummary.log_mark, HistorySummary.recent).where(
    HistorySummary.client_id == bindparam("client")
)


@lru_cache(maxsize=4096)
def _read(document: str, result: str) -> tuple[rules.Person, tuple[rules.Finding, ...]]:
    """Kept by their very text: finished screens never change."""
    person = json.loads(document)["person"]
    return rules.Person(person["age"], Sex(person["sex"]), person["body_weight_kg"]), _ASSESSMENT.validate_json(result).findings


@dataclass(frozen=True, slots=True)
class Progress:
    session: Session

    def checks(self, client: Client | Trainee, since: date = date.min) -> tuple[rules.FormCheck, ...]:
        """Every line of what was seen in sessions from `since` on, in the order in which they arrived, taken back or not."""
        return self._checks(_CHECKS, {"client": client.id, "since": since})

    def newest_checks(self, client: Client | Trainee, most: int) -> tuple[rules.FormCheck, ...]:
        """The newest lines of what was seen, by session."""
        return self._checks(_NEWEST_CHECKS, {"client": client.id, "since": date.min, "most": most})

    def _checks(self, statement: Select[*tuple[Any, ...]], asked: Mapping[str, object]) -> tuple[rules.FormCheck, ...]:
        return tuple(
            rules.FormCheck(
                id=uuid,
                stage=Stage(stage),
                exercise=exercise,
                side=Side(side),
                performed_on=day,
                at=at,
                received_at=received_at,
                gate=json.loads(gate),
                seen=json.loads(seen),
                reps=reps,
                last_reps=last_reps,
                note=note,
                by=by,
                taken_back=taken_back,
            )
            for uuid, day, at, by, received_at, stage, exercise, side, gate, seen, reps, last_reps, note, taken_back in (
                self.session.execute(statement, asked)
            )
        )

    def sign_offs(self, client: Client | Trainee, since: date = date.min) -> tuple[rules.SignOff, ...]:
        """Every sign-off from `since` on, in the order in which they arrived, taken back or not."""
        return tuple(
            rules.SignOff(
                id=uuid,
                stage=Stage(stage),
                side=Side(side),
                signed_on=day,
                at=at,
                received_at=received_at,
                words=tuple(json.loads(words)),
                goal_load_kg=goal_load_kg,
                note=note,
                override_reason=override_reason,
                evidence=tuple(json.loads(evidence)),
                by=by,
                taken_back=taken_back,
            )
            for uuid, day, at, by, received_at, stage, side, words, goal_load_kg, note, override_reason, evidence, taken_back in (
                self.session.execute(_SIGN_OFFS, {"client": client.id, "since": since})
            )
        )

    def loads(self, client: Client | Trainee, since: date = date.min) -> tuple[rules.LoadSet, ...]:
        """Every load that was confirmed from `since` on, in the order in which they arrived."""
        return self._loads(_LOADS, {"client": client.id, "since": since})

    def newest_loads(self, client: Client | Trainee, most: int) -> tuple[rules.LoadSet, ...]:
        """The newest confirmed loads, the last one first."""
        return self._loads(_NEWEST_LOADS, {"client": client.id, "since": date.min, "most": most})

    def _loads(self, statement: Select[*tuple[Any, ...]], asked: Mapping[str, object]) -> tuple[rules.LoadSet, ...]:
        return tuple(
            rules.LoadSet(uuid, exercise, load_kg, day, at, reason, by)
            for uuid, day, at, by, exercise, load_kg, reason in self.session.execute(statement, asked)
        )

    def screened(self, client: Client | Trainee, since: date = date.min) -> tuple[rules.Screened, ...]:
        """Her finished screens taken from `since` on that no other one mends."""
        return tuple(screen for screen, _, mended_at in self.screens_noted(client, since) if mended_at is None)

    def screens_noted(
        self, client: Client | Trainee, since: date = date.min
    ) -> tuple[tuple[rules.Screened, datetime, datetime | None], ...]:
        """All her finished screens taken from `since` on, when each was finished, and when the one that mends it."""
        rows = self.session.execute(_SCREENED, {"client": client.id, "since": since})
        return tuple(
            (rules.Screened(id, taken_on, *_read(document, result)), finished_at, mended_at)
            for id, taken_on, finished_at, mended_at, document, result in rows
        )

    def stops(self, client: Client | Trainee, local: Callable[[datetime], datetime]) -> tuple[rules.Stopped, ...]:
        """Her stops, oldest first, by the studio's `local` days: each with those that it took over; what was only mistyped is none."""
        return tuple(stop for stop, mended_on in self.stops_noted(client, local) if mended_on is None)

    def stops_noted(self, client: Client | Trainee, local: Callable[[datetime], datetime]) -> tuple[tuple[rules.Stopped, date | None], ...]:
        """The same with those that were only mistyped, each with the day on which its screen was mended."""
        found: list[tuple[rules.Stopped, date | None]] = []
        taken_over: list[tuple[date, bool]] = []
        for state, source, opened_at, logged_at, mended_at in self.session.execute(_STOPS, {"client": client.id}):
            this = (local(opened_at).date(), source == "practice")
            if state == "withdrawn" and source != "practice" and mended_at is not None:
                found.append((rules.Stopped(this[0], None), local(mended_at).date()))
            elif state == "withdrawn":
                taken_over.append(this)
            else:
                closed_on = local(logged_at).date() if logged_at is not None else None
                together = (*taken_over, this)
                taken_over = []
                stop = rules.Stopped(min(on for on, _ in together), closed_on, any(practice for _, practice in together))
                found.append((stop, None))
        return tuple(found)

    def add_checks(self, client: Client | Trainee, plan_id: int, entered_by: int, checks: Iterable[rules.FormCheck]) -> set[str]:
        """Append what a trainer saw and return the ids of those that were new; the same id twice is one line."""
        return self._append(
            FormCheck,
            client,
            plan_id,
            entered_by,
            [
                {
                    "uuid": one.id,
                    "stage": one.stage.value,
                    "exercise": one.exercise,
                    "side": one.side.value,
                    "performed_on": one.performed_on,
                    "at": one.at,
                    "received_at": one.received_at,
                    "gate": json.dumps(dict(one.gate)),
                    "seen": json.dumps(dict(one.seen)),
                    "reps": one.reps,
                    "last_reps": one.last_reps,
                    "note": one.note,
                    "taken_back": one.taken_back,
                }
                for one in checks
            ],
        )

    def add_sign_offs(self, client: Client | Trainee, plan_id: int, entered_by: int, sign_offs: Iterable[rules.SignOff]) -> set[str]:
        """Append sign-offs and return the ids of those that were new."""
        return self._append(
            SignOff,
            client,
            plan_id,
            entered_by,
            [
                {
                    "uuid": one.id,
                    "stage": one.stage.value,
                    "side": one.side.value,
                    "signed_on": one.signed_on,
                    "at": one.at,
                    "received_at": one.received_at,
                    "words": json.dumps(one.words),
                    "evidence": json.dumps(one.evidence),
                    "goal_load_kg": one.goal_load_kg,
                    "note": one.note,
                    "override_reason": one.override_reason,
                    "taken_back": one.taken_back,
                }
                for one in sign_offs
            ],
        )

    def add_loads(
        self, client: Client | Trainee, plan_id: int, entered_by: int, loads: Iterable[rules.LoadSet], received_at: datetime
    ) -> set[str]:
        """Append confirmed loads and return the ids of those that were new."""
        return self._append(
            LoadSet,
            client,
            plan_id,
            entered_by,
            [
                {
                    "uuid": one.id,
                    "exercise": one.exercise,
                    "load_kg": one.load_kg,
                    "set_on": one.set_on,
                    "at": one.at,
                    "received_at": received_at,
                    "reason": one.reason,
                }
                for one in loads
            ],
        )

    def _append(
        self, table: _Lines, client: Client | Trainee, plan_id: int, entered_by: int, lines: Iterable[Mapping[str, object]]
    ) -> set[str]:
        whose = {"studio_id": client.studio_id, "client_id": client.id, "plan_id": plan_id, "entered_by": entered_by}
        rows = [{**whose, **line} for line in lines]
        if not rows:
            return set()
        statement = self._dialect.insert(table).on_conflict_do_nothing(index_elements=[table.client_id, table.uuid]).returning(table.uuid)
        return set(self.session.scalars(statement, rows))

    @property
    def _dialect(self) -> Any:
        return sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql

    # --- the summary ----------------------------------------------------------------------------------------------

    def log_mark(self, client: Client | Trainee, until: date) -> int:
        """How much has happened by a day: it only ever grows, and grows with whatever changes the days until then, however late."""
        return int(self.session.execute(_LOG_MARK, {"client": client.id, "until": until}).scalar_one())

    def summary(self, client: Client | Trainee) -> Summary | None:
        """What was summed up, out of date or not; None where nothing was."""
        found = self.session.execute(_SUMMARY, {"client": client.id}).one_or_none()
        return None if found is None else Summary(*found)

    def keep(self, client: Client | Trainee, summary: Summary) -> None:
        """Put a summary in the place of the one that there is."""
        values = {"until": summary.until, "document": summary.document, "log_mark": summary.log_mark, "recent": summary.recent}
        statement = self._dialect.insert(HistorySummary).values(studio_id=client.studio_id, client_id=client.id, **values)
        self.session.execute(statement.on_conflict_do_update(index_elements=[HistorySummary.client_id], set_=values))

    def forget(self, client: Client | Trainee) -> None:
        """Let a client's summary go; nothing is lost that can't be read again."""
        self.session.execute(
            delete(HistorySummary).where(HistorySummary.client_id == client.id).execution_options(synchronize_session=False)
        )
