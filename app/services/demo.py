"""The demo studios: people with random passwords for each data folder, and clients to look at."""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias
from uuid import uuid4

import yaml
from pydantic import BaseModel, ConfigDict

from app.models import Client, Role, Studio, User
from app.rules.documents import History, Measurement, SeenValue
from app.rules.readiness import READINESS
from app.rules.vocabulary import Region, Sex, Side, SkipReason, Stage
from app.services import accounts, clients, practice, progress, screens
from app.services.clients import ClientFields, How
from app.services.drafts import ScreenFields
from app.services.passwords import hash_password, matches
from app.services.practice import Tick
from app.services.progress import CheckFields, SignOffFields
from app.settings import Settings
from app.store import Database, Store
from app.store.accounts import actor_of
from app.store.scope import Actor, narrow

DEMO: Final = Path(__file__).resolve().parents[1] / "starter" / "demo.yaml"
SIGN_INS: Final = "demo-sign-ins.txt"
HEADING: Final = "# Sign-ins of the demo people of this data folder; they work on this computer only.\n"
HINT: Final = 'A client has no password: her trainer opens her profile and chooses "Give access", which signs her phone in.'


# --- what the file says ---------------------------------------------------------------------------------------------


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Person(_Part):
    name: str
    email: str
    roles: tuple[Role, ...]
    has_left: bool = False


class _Noted(_Part):
    """One test on one side; whatever else is noted goes into `extra`, a list of items as a tuple."""

    model_config = ConfigDict(extra="allow", frozen=True)
    value: float | None = None
    pain: int = 0


_Shown: TypeAlias = float | _Noted
_Found: TypeAlias = Mapping[str, _Shown | tuple[_Shown, _Shown]]
"""By test: one for both sides at once, or left and right."""


class _Screen(_Part):
    days_ago: int
    sitting_hours: float
    pain_now: int = 0
    pain_where: tuple[Region, ...] = ()
    found: _Found
    note: str = ""


class _Saw(_Part):
    """What the trainer saw of one exercise: the repetitions of every set, and what she measured."""

    reps: int
    last_reps: int | None = None
    seen: Mapping[str, SeenValue] = {}
    note: str = ""


class _Later(_Part):
    """A day after the first screen: what the client ticked and told, and what her trainer saw, screened, signed and confirmed."""

    days_ago: int
    ticked: bool = True
    skipped: Mapping[str, SkipReason] = {}
    morning: int | None = None
    saw: Mapping[str, _Saw] = {}
    found: _Found = {}
    signed: Mapping[Stage, str] = {}
    load_kg: Mapping[str, float] = {}


class _Client(_Part):
    name: str
    trainer: str
    age: int
    sex: Sex
    email: str | None = None
    phone: str | None = None
    weight_kg: float | None = None
    goals: str = ""
    agreed_days_ago: int | None = None
    archived: bool = False
    screen: _Screen | None = None
    practised: int = 0
    later: tuple[_Later, ...] = ()


class _Studio(_Part):
    name: str
    people: tuple[_Person, ...]
    clients: tuple[_Client, ...]


class _Demo(_Part):
    ordinary: _Found
    studios: tuple[_Studio, ...]


# --- loading and removing -------------------------------------------------------------------------------------------


def load_if_empty(settings: Settings, at: datetime) -> tuple[str, ...]:
    """Fill an empty database with the demo; returns the sign-ins to print, none where only real studios are.

    The passwords belong to the data folder: where its file is gone or no longer right, they are set anew.
    """
    database = Database.at(settings.database, connections=1)
    try:
        with database.work(writes=True) as store:
            if not store.accounts.studios():
                _load(store, at)
        with database.work(writes=True) as store:
            shown = [studio for studio in store.accounts.studios() if studio.is_demo]
            return _sign_ins(store, shown, settings.data_dir / SIGN_INS) if shown else ()
    finally:
        database.close()


def remove(store: Store, settings: Settings) -> bool:
    """Delete the demo studios with all that is in them, and the file with their passwords; False where there is no demo."""
    studios = [studio for studio in store.accounts.studios() if studio.is_demo]
    store.accounts.remove_studios(studios)
    (settings.data_dir / SIGN_INS).unlink(missing_ok=True)
    return bool(studios)


def _load(store: Store, at: datetime) -> None:
    demo = _Demo.model_validate(yaml.safe_load(DEMO.read_text(encoding="utf-8")))
    actors: dict[str, Actor] = {}
    for described in demo.studios:
        studio = accounts.add_studio(store, described.name, "UTC", at, is_demo=True)
        for person in described.people:
            user = User(studio_id=studio.id, name=person.name, email=person.email, roles=frozenset(person.roles), created_at=at)
            user.left_at = at if person.has_left else None
            store.accounts.add(user)
            actors[person.email] = actor_of(user, studio)
    for described in demo.studios:
        for described_client in described.clients:
            trainer = actors[described_client.trainer]
            narrow(store.session, trainer)
            row = _load_client(Store(store.session, trainer), described_client, demo.ordinary, at)
            client = replace(trainer, user_id=row.user_id, name=row.name, roles=frozenset({Role.CLIENT}), client_id=row.id)
            _live(store, _Pair(trainer, client), described_client, demo.ordinary, at)


def _load_client(store: Store, described: _Client, ordinary: _Found, at: datetime) -> Client:
    """Add one client as her trainer would have done, on the days on which it would have happened."""
    began = at - timedelta(days=described.agreed_days_ago or 0)
    fields = ClientFields(
        name=described.name,
        birth_year=at.year - described.age,
        sex=described.sex,
        body_weight_kg=described.weight_kg,
        email=described.email,
        phone=described.phone,
        goals=described.goals,
    )
    agreed = None if described.agreed_days_ago is None else began.date()
    client = clients.add_client(store, fields, began, began.date(), consented_on=agreed, how=How.SIGNED)
    if described.email is not None:
        store.accounts.user(client.user_id).email = described.email
    if described.screen is not None:
        _log_screen(store, client, described.screen, ordinary, at)
    if described.archived:
        clients.archive_client(store, client.id, at)
    return client


def _log_screen(store: Store, client: Client, described: _Screen, ordinary: _Found, at: datetime) -> None:
    then = at - timedelta(days=described.days_ago)
    fields = ScreenFields(
        taken_on=then.date(),
        readiness={question.id: False for question in READINESS},
        red_flags=(),
        history=History(
            pain_now=described.pain_now,
            pain_where=described.pain_where,
            sitting_hours=described.sitting_hours,
            pregnant=False,
            osteoporosis=False,
        ),
        measurements=tuple(_measurements({**ordinary, **described.found})),
        note=described.note,
    )
    screens.log_screen(store, client.id, fields, then, then.date())


@dataclass(frozen=True, slots=True)
class _Pair:
    """A trainer and one of her clients, as whom things are done by turns."""

    trainer: Actor
    client: Actor

    def as_trainer(self, store: Store) -> Store:
        narrow(store.session, self.trainer)
        return Store(store.session, self.trainer)

    def as_client(self, store: Store) -> Store:
        narrow(store.session, self.client)
        return Store(store.session, self.client)


def _live(store: Store, pair: _Pair, described: _Client, ordinary: _Found, at: datetime) -> None:
    """All that happened after the first screen, day by day, by the one who did it."""
    days = [*described.later, *(_Later(days_ago=ago) for ago in range(described.practised, 0, -1))]
    for day in days:
        then = at - timedelta(days=day.days_ago)
        _practise(pair.as_client(store), day, then)
        _train(pair.as_trainer(store), pair.client.client_id or 0, described, day, ordinary, at)


def _practise(store: Store, day: _Later, then: datetime) -> None:
    """Tick, as the client, all that is due on a day but what she skipped, and tell how the morning was."""
    client_id, today = store.actor.client_id or 0, then.date()
    if day.morning is not None and (session := practice.my_day(store, today).untold) is not None:
        practice.report_morning(store, client_id, session, day.morning, str(uuid4()), then, today)
    due = practice.my_day(store, today).due if day.ticked else None
    if due is None:
        return
    ticks = []
    for one in due.items:
        reason = day.skipped.get(one.item.exercise)
        ticks += [
            Tick(
                id=str(uuid4()),
                item=one.item.key,
                set=mark.number,
                performed_on=today,
                at=then,
                done=reason is None,
                side=one.item.side,
                load_kg=one.load_kg if reason is None else None,
                skipped=reason,
            )
            for mark in one.sets
        ]
    practice.enter(store, client_id, ticks, then, today)


def _train(store: Store, client_id: int, described: _Client, day: _Later, ordinary: _Found, at: datetime) -> None:
    """Note what the trainer saw on a day, screen again, sign stages off, and confirm loads."""
    then = at - timedelta(days=day.days_ago)
    today = then.date()
    for form in progress.progress_of(store, client_id, today).forms if day.saw else ():
        saw = day.saw.get(form.exercise)
        if saw is not None:
            gate = {one.key: True for one in form.gate}
            last = saw.last_reps or saw.reps
            check = CheckFields(str(uuid4()), form.exercise, form.side, today, gate, saw.seen, saw.reps, last, saw.note)
            progress.note_check(store, client_id, check, then, today)
    if day.found and described.screen is not None:
        again = described.screen.model_copy(update={"days_ago": day.days_ago, "found": day.found, "note": ""})
        _log_screen(store, store.clients.get(client_id), again, ordinary, at)
    for stage, note in day.signed.items():
        progress.sign_off(store, client_id, SignOffFields(str(uuid4()), stage, note=note), then, today)
    for exercise, load in day.load_kg.items():
        progress.confirm_load(store, client_id, exercise, load, str(uuid4()), then, today)


def _measurements(found: _Found) -> Iterator[Measurement]:
    for test, shown in found.items():
        sides = ((Side.LEFT, shown[0]), (Side.RIGHT, shown[1])) if isinstance(shown, tuple) else ((Side.BOTH, shown),)
        for side, one in sides:
            noted = one if isinstance(one, _Noted) else _Noted(value=one)
            extra = {name: tuple(value) if isinstance(value, list) else value for name, value in (noted.model_extra or {}).items()}
            yield Measurement(test, side, noted.value, noted.pain, extra or None)


# --- sign-ins -------------------------------------------------------------------------------------------------------


def _sign_ins(store: Store, studios: Iterable[Studio], path: Path) -> tuple[str, ...]:
    """The lines to print, after seeing to it that what they say is true."""
    kept = _read(path)
    lines = []
    for studio in studios:
        for user in sorted(store.accounts.staff(), key=lambda user: user.id):
            if user.studio_id != studio.id or user.left_at is not None or user.email is None:
                continue
            password = kept.get(user.email) or _new_password()
            if user.password_hash is None or not matches(user.password_hash, password):
                user.password_hash = hash_password(password)
                user.wrong_tries, user.wait_until = 0, None
            lines.append(f"{user.email:<20} {password}   {' and '.join(sorted(user.roles, reverse=True))}, {studio.name}")
    _write(path, HEADING + "".join(f"{line}\n" for line in lines))
    return (f"Demo sign-ins, on this computer only (kept in {path}):", *(f"  {line}" for line in lines), HINT)


def _new_password() -> str:
    """Sixteen letters in four groups that can be read out: about fifty bits of chance."""
    syllables = [secrets.choice("bdfghjklmnprstvz") + secrets.choice("aeiou") for _ in range(8)]
    return "-".join("".join(syllables[start : start + 2]) for start in range(0, 8, 2))


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    pairs = [line.split() for line in lines if not line.startswith("#")]
    return {pair[0]: pair[1] for pair in pairs if len(pair) > 1}


def _write(path: Path, text: str) -> None:
    """Replace the file as a whole; nobody else can read it at any moment."""
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") == text and path.stat().st_mode & 0o777 == 0o600:
        return
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
