"""What the starter library says by now of an exercise that a studio took from it, beside the studio's own wording."""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from app.models import Role
from app.rules.documents import Exercise
from app.services import library, only
from app.services.library import Kept, read, starter, written
from app.store import Store

_SAID = tuple(field.name for field in fields(Exercise) if field.name not in ("slug", "version"))


@dataclass(frozen=True, slots=True)
class Update:
    """Three texts of one exercise: the starter's when it was taken over, the starter's now, and the studio's own."""

    before: Exercise
    now: Exercise
    ours: Exercise
    merged: Exercise
    """The studio's text, with whatever the starter library has changed."""


def _starter() -> dict[str, Exercise]:
    return {one.slug: one for one in starter()}


@only(Role.ADMIN)
def updates(store: Store) -> tuple[tuple[str, str], ...]:
    """Slug and name of every exercise of which the starter library says something else by now."""
    there = _starter()
    return tuple(
        (slug, there[origin].name)
        for slug, origin, document in store.library.from_starter()
        if origin in there and there[origin] != read(document)
    )


@only(Role.ADMIN)
def update_of(store: Store, slug: str) -> Update | None:
    """What there is to take over or to turn down of an exercise."""
    return changed_since(library.exercise(store, slug))


def changed_since(kept: Kept) -> Update | None:
    """What the starter library has changed about an exercise since it was taken over or turned down; None where nothing."""
    now = _starter().get(kept.starter_slug or "")
    if now is None or kept.starter_document is None or now == read(kept.starter_document):
        return None
    before, ours = read(kept.starter_document), kept.exercise
    changed = {name: getattr(now, name) for name in _SAID if getattr(now, name) != getattr(before, name)}
    return Update(before, now, ours, replace(ours, **changed))


def is_own_wording(kept: Kept) -> bool:
    """Whether an exercise of the starter library says something of the studio's own."""
    if kept.starter_document is None:
        return False
    base = read(kept.starter_document)
    return any(getattr(base, name) != getattr(kept.exercise, name) for name in _SAID)


@only(Role.ADMIN)
def take_over(store: Store, slug: str, at: datetime, *, based_on: int | None) -> Kept:
    """Let an exercise say what the starter library has changed; what it did not change stays our own. Raises what `library.edit` raises."""
    now = library.exercise(store, slug)
    found = changed_since(now)
    kept = library.edit(store, slug, found.merged if found else now.exercise, at, based_on=based_on)
    _seen(store, slug, at, "took over")
    return kept


@only(Role.ADMIN)
def turn_down(store: Store, slug: str, at: datetime) -> None:
    """Keep our own wording, and say no more of this update."""
    _seen(store, slug, at, "turned down")


def _seen(store: Store, slug: str, at: datetime, verb: str) -> None:
    row = store.library.get(slug)
    now = _starter().get(row.starter_slug or "")
    if now is not None and (row.starter_document is None or read(row.starter_document) != now):
        row.starter_document = written(now)
        store.audit.note(at, verb, "exercise", row.id)
