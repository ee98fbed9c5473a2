"""What an admin looks after in the library: remarks, coverage, what archiving would do, duplicates, and earlier versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from app.errors import Conflict, FieldError, Invalid
from app.figures import PICTURES, Unposable
from app.figures.documents import from_text, words_of
from app.figures.editing import too_heavy
from app.models import Role
from app.rules import coverage
from app.rules.battery import BATTERY
from app.rules.coverage import Coverage, Effect
from app.rules.documents import Exercise, Library
from app.rules.lint import Flaw, Known, Remark, circles, lint, remarks
from app.services import library, only
from app.services.library import Kept, complaints, current_library
from app.store import Store


@dataclass(frozen=True, slots=True)
class Archiving:
    """What archiving an exercise would do, and whose plans hold it."""

    kept: Kept
    effect: Effect
    current_plans: int
    """How many clients' newest plans use it."""
    clients: tuple[tuple[int, str], ...]
    """Those of them whom the actor trains: id and name."""
    names: Mapping[str, Exercise]


@lru_cache(maxsize=1)
def _known() -> Known:
    tested = {target for test in BATTERY for target in test.targets}
    return Known(PICTURES.keys(), tested | {target for one in library.starter() for target in one.targets}, words_of)


def _known_in(store: Store, shelf: Library, linking: Iterable[Exercise]) -> Known:
    """The same, and what of that to which these lead is archived."""
    gone = {slug for one in linking for slug in (one.regress, one.progress) if slug and slug not in shelf}
    return replace(_known(), archived=frozenset(slug for slug, _ in store.library.titles(gone))) if gone else _known()


@only(Role.ADMIN)
def remarks_of_all(store: Store) -> tuple[tuple[Exercise, tuple[Remark, ...]], ...]:
    """Every exercise in use about which something is amiss, in the library's order."""
    shelf = current_library(store)
    return tuple((shelf[slug], said) for slug, said in lint(shelf, _known_in(store, shelf, shelf.values())).items())


@only(Role.ADMIN)
def remarks_on(store: Store, exercise: Exercise) -> tuple[Remark, ...]:
    """What is amiss with one exercise, be it in use or not, and how heavy its picture is: to find that out of very many takes too long."""
    shelf = {**current_library(store), exercise.slug: exercise}
    return (*remarks(exercise, shelf, _known_in(store, shelf, (exercise,))), *_weighed(exercise))


def _weighed(exercise: Exercise) -> tuple[Remark, ...]:
    try:
        heavy = too_heavy(from_text(exercise.picture)) if exercise.picture else ""
    except Unposable:
        return ()
    return (Remark(Flaw.HEAVY_PICTURE, "picture", heavy),) if heavy else ()


@only(Role.ADMIN)
def is_reached(store: Store, slug: str) -> bool:
    """Whether a plan can come to hold an exercise: rules ask for it, or it is the easier version of one that they ask for."""
    return bool(library.asked_by(slug)) or slug in coverage.reach(current_library(store))


@only(Role.ADMIN)
def covered(store: Store) -> tuple[Coverage, Library]:
    """What the library lacks for the rules, what of it no rule reaches, and the library itself."""
    shelf = current_library(store)
    archived = (one for slug, one in library.whole_library(store).items() if slug not in shelf)
    return coverage.coverage(shelf, (*library.starter(), *archived)), shelf


@only(Role.ADMIN)
def archiving(store: Store, slug: str) -> Archiving:
    """What archiving an exercise would do."""
    row = store.library.get(slug)
    kept = library.exercise(store, slug)
    shelf = {**current_library(store), slug: kept.exercise}
    return Archiving(
        kept=kept,
        effect=coverage.without(slug, shelf),
        current_plans=store.library.current_plans(row),
        clients=tuple(store.library.clients_with(row)),
        names=shelf,
    )


@only(Role.ADMIN)
def same_as(store: Store, slug: str, other: str, at: datetime) -> None:
    """Archive a duplicate in favour of another exercise: whatever named it as easier or harder names the other one from now on.

    Plans keep what they were made with. Raises Conflict where the two can't be one, or rules ask for the duplicate and would find nothing;
    Invalid where the other would then be named wrongly.
    """
    store.library.hold()
    duplicate, kept = store.library.get(slug), store.library.find(other)
    if kept is None or kept.archived_at is not None:
        raise Conflict("The other one is not in the library." if other else "Choose the other one.")
    if duplicate.id == kept.id:
        raise Conflict("That is the same exercise already.")
    shelf = dict(library.whole_library(store))
    gone = shelf[slug]
    rules = library.asked_by(slug)
    if rules:
        named = ", ".join(rule.id for rule in rules)
        raise Conflict(
            f"Rules ask for {gone.name} by its short name ({named}) and would find nothing. Merge the other one into it instead."
        )
    changed = {}
    for one in shelf.values():
        if one.slug != slug and slug in (one.regress, one.progress):
            changed[one.slug] = replace(
                one,
                version=one.version + 1,
                regress=_instead(one.slug, one.regress, slug, other, gone.regress),
                progress=_instead(one.slug, one.progress, slug, other, gone.progress),
            )
    after = {**shelf, **changed}
    rounds = circles(after)
    errors = [FieldError("other", f"{one.name}: {error.message}") for one in changed.values() for error in complaints(one, after, rounds)]
    if errors:
        raise Invalid(*errors)
    for one in changed.values():
        library.save(store, store.library.get(one.slug), one, at)
    duplicate.archived_at, duplicate.merged_into = duplicate.archived_at or at, other
    store.audit.note(at, "merged", "exercise", duplicate.id)


def _instead(own: str, link: str | None, duplicate: str, other: str, beyond: str | None) -> str | None:
    """Where a link to a duplicate leads from now on; from the other one itself it leads to what the duplicate led to."""
    if link != duplicate:
        return link
    return beyond if own == other else other


@only(Role.ADMIN)
def go_back(store: Store, slug: str, version: int, at: datetime, *, based_on: int | None) -> Kept:
    """Let an exercise say again what it said in an earlier version, as a new one. Raises what `library.edit` raises."""
    return library.edit(store, slug, library.exercise(store, slug, version).exercise, at, based_on=based_on)
