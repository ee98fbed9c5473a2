"""Somebody strong on her way up the ladder, day by day through the use cases, for tests that begin where a load is lifted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from app.rules.documents import Screen, SeenValue
from app.rules.history import gate_keys
from app.rules.vocabulary import Side, Stage
from app.services import practice, progress
from app.services.practice import Tick
from app.services.progress import CheckFields, SignOffFields
from app.store import Store
from tests.finished import finish_in, situation

WHY: Final = "Trained with me for years elsewhere."
DOWEL: Final = "dowel/dowel-hinge/both"
WALL: Final = "wall/wall-hinge/both"
RDL: Final = "rdl/rdl-dowel/both"
KETTLEBELL: Final = "rdl/rdl-kb/both"
TOUCHES: Final[Mapping[str, SeenValue]] = {
    "wall_distance_cm": 28.0,
    "light_touch": True,
    "shin_deg": 8.0,
    "knee_bend_deg": 20.0,
    "stretch_felt": True,
}
CLIMB: Final = timedelta(days=10)
"""How long it takes from the first screen to the first load."""


def strong(taken: datetime) -> Screen:
    """A screen with everything in reach, every test done, and a body weight."""
    screen = situation("strong-athlete", taken_on=taken.date())
    return replace(screen, person=replace(screen.person, body_weight_kg=80.0))


def id_of(*parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, " ".join(str(part) for part in parts)))


def session(
    store: Store,
    client_id: int,
    item: str,
    at: datetime,
    *,
    sets: int = 3,
    reps: int = 8,
    last_reps: int | None = None,
    load_kg: float | None = None,
    seen: Mapping[str, SeenValue] | None = None,
    failed: tuple[str, ...] = (),
) -> None:
    """Sets of an exercise, and what her trainer saw of it."""
    stage, exercise, side = item.split("/")
    ticks = [
        Tick(id_of(client_id, item, number, at), item, number, at.date(), at, done=True, load_kg=load_kg) for number in range(1, sets + 1)
    ]
    practice.enter(store, client_id, ticks, at, at.date())
    looked = gate(Stage(stage), Side(side), failed)
    fields = CheckFields(id_of("check", client_id, item, at), exercise, Side(side), at.date(), looked, seen or {}, reps, last_reps or reps)
    progress.note_check(store, client_id, fields, at, at.date())


def gate(stage: Stage, side: Side, failed: tuple[str, ...] = ()) -> dict[str, bool]:
    """Every point of form, kept but for those named."""
    return {one.key: one.key not in failed for one in gate_keys(stage, side)}


def sign(store: Store, client_id: int, stage: Stage, at: datetime, *, why: str | None = None) -> str:
    signed = progress.sign_off(
        store, client_id, SignOffFields(id_of("sign", client_id, stage, at), stage, override_reason=why), at, at.date()
    )
    return signed.id


def climb(store: Store, client_id: int, at: datetime) -> datetime:
    """From the first screen at `at` to where the first load can be confirmed; returns the moment, `CLIMB` later."""
    finish_in(store, client_id, strong(at), at)
    sign(store, client_id, Stage.STRENGTHENING, at + timedelta(minutes=1), why=WHY)
    sign(store, client_id, Stage.DOWEL, at + timedelta(days=1), why=WHY)
    for day in (2, 4):
        session(store, client_id, WALL, at + timedelta(days=day), reps=10, seen=TOUCHES)
    sign(store, client_id, Stage.WALL, at + timedelta(days=6))
    session(store, client_id, RDL, at + timedelta(days=8), sets=2)
    return at + CLIMB
