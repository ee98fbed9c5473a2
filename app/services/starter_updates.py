"""What the starter library says by now: what is new in it, and what it changed of what a studio took, beside the studio's own wording."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from app.errors import NotFound
from app.models import Role
from app.rules.documents import DoseOverride, Exercise
from app.services import imports, library, only
from app.services.library import Kept, read, starter, written
from app.store import Store

_OWN = "override."
_SAID = (
    *(one.name for one in fields(Exercise) if one.name not in ("slug", "version", "override")),
    *(_OWN + one.name for one in fields(DoseOverride)),
)
"""What an exercise says, field by field; of the dose, each number that it changes by itself."""


def _said(exercise: Exercise) -> Mapping[str, object]:
    own = exercise.override or DoseOverride()
    return {name: getattr(own, name.removeprefix(_OWN)) if name.startswith(_OWN) else getattr(exercise, name) for name in _SAID}


def _saying(exercise: Exercise, changed: Mapping[str, object]) -> Exercise:
    numbers = {name.removeprefix(_OWN): value for name, value in changed.items() if name.startswith(_OWN)}
    own = replace(exercise.override or DoseOverride(), **numbers)  # type: ignore[arg-type]  # by their own names
    rest = {name: value for name, value in changed.items() if not name.startswith(_OWN)}
    return replace(exercise, override=None if own == DoseOverride() else own, **rest)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Update:
    """Three texts of one exercise: the starter's when it was taken over, the starter's now, and the studio's own."""

    before: Exercise
    now: Exercise
    ours: Exercise

    def changed(self) -> Mapping[str, object]:
        """What the starter library has changed and the studio says otherwise, by field."""
        before, ours = _said(self.before), _said(self.ours)
        return {name: value for name, value in _said(self.now).items() if value not in (before[name], ours[name])}

    def contested(self) -> tuple[str, ...]:
        """The fields that both have changed, each in its own way."""
        before, ours = _said(self.before), _said(self.ours)
        return tuple(name for name in self.changed() if ours[name] != before[name])

    def merged(self, theirs: Collection[str] = ()) -> Exercise:
        """The studio's text with what only the starter library has changed, and with `theirs` of the fields that both have."""
        contested = self.contested()
        taken = {name: value for name, value in self.changed().items() if name not in contested or name in theirs}
        return _saying(self.ours, taken)


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
    return Update(read(kept.starter_document), now, kept.exercise)


def is_own_wording(kept: Kept) -> bool:
    """Whether an exercise of the starter library says something of the studio's own."""
    return kept.starter_document is not None and _said(read(kept.starter_document)) != _said(kept.exercise)


@only(Role.ADMIN)
def take_over(store: Store, slug: str, at: datetime, *, based_on: int | None, theirs: Collection[str] = ()) -> Kept:
    """Let an exercise say what only the starter library has changed, and `theirs` of what both have.

    New exercises of the starter library to which that leads come with it. Raises what `library.edit` raises.
    """
    store.library.hold()
    now = library.exercise(store, slug)
    found = changed_since(now)
    merged = found.merged(theirs) if found else now.exercise
    imports.add(store, with_neighbours(merged, newcomers(store))[1:], at)
    kept = library.edit(store, slug, merged, at, based_on=based_on)
    _seen(store, slug, at, "took over")
    return kept


@only(Role.ADMIN)
def turn_down(store: Store, slug: str, at: datetime) -> None:
    """Keep our own wording, and say no more of this update."""
    _seen(store, slug, at, "turned down")


# --- what is new ------------------------------------------------------------------------------------------------------


@only(Role.ADMIN)
def newcomers(store: Store) -> Mapping[str, Exercise]:
    """The starter library's exercises that the studio has neither taken nor turned down, by slug."""
    there = {slug for slug, _ in store.library.titles(list(_starter()))}
    return {slug: one for slug, one in _starter().items() if slug not in there}


def with_neighbours(one: Exercise, new: Mapping[str, Exercise]) -> tuple[Exercise, ...]:
    """An exercise, and those of the new ones to which its easier and harder links lead, and theirs."""
    found = {one.slug: one}
    waiting = [one]
    while waiting:
        at = waiting.pop()
        for slug in (at.regress, at.progress):
            if slug is not None and slug in new and slug not in found:
                found[slug] = new[slug]
                waiting.append(new[slug])
    return tuple(found.values())


@only(Role.ADMIN)
def add_newcomer(store: Store, slug: str, at: datetime) -> None:
    """Take a new exercise of the starter library, and those to which it leads."""
    store.library.hold()
    imports.add(store, with_neighbours(*_newcomer(store, slug)), at)


@only(Role.ADMIN)
def decline_newcomer(store: Store, slug: str, at: datetime) -> None:
    """Put a new exercise of the starter library into the archive, where it is no longer offered and can be found.

    A link to what the library lacks is left out: nothing there may lead nowhere.
    """
    store.library.hold()
    one, new = _newcomer(store, slug)
    links = {name: None for name, other in (("regress", one.regress), ("progress", one.progress)) if other in new}
    imports.add(store, (replace(one, **links),), at, archived=True)  # type: ignore[arg-type]  # by their own names
    store.audit.note(at, "turned down", "exercise", store.library.get(slug).id)


def _newcomer(store: Store, slug: str) -> tuple[Exercise, Mapping[str, Exercise]]:
    new = newcomers(store)
    if slug not in new:
        raise NotFound
    return new[slug], new


def _seen(store: Store, slug: str, at: datetime, verb: str) -> None:
    row = store.library.get(slug)
    now = _starter().get(row.starter_slug or "")
    if now is not None and (row.starter_document is None or read(row.starter_document) != now):
        row.starter_document = written(now)
        store.audit.note(at, verb, "exercise", row.id)
