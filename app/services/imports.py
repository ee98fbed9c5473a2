"""The library in and out: a file is read, shown row by row for what it would do, and then taken in whole or not at all."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from app import models
from app.errors import Conflict, FieldError, Invalid
from app.models import ExerciseVersion, LibraryImport, Role, Studio
from app.rules.documents import Exercise
from app.rules.lint import circles, namesakes
from app.services import library, only
from app.services.exercise_files import Listed, Wrong, read_file, to_csv, to_yaml
from app.services.library import read, search_words, starter, tidied, written
from app.store import Store


class Fate(StrEnum):
    """What becomes of one exercise of a file, in the order in which they are shown."""

    REFUSED = "refused"
    CHANGED = "changed"
    ADDED = "added"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise of a file, and what taking it in would do."""

    line: int
    slug: str
    name: str
    fate: Fate
    changed: tuple[str, ...] = ()
    """The fields that would say something else; `archived` is one of them."""
    wrong: tuple[Wrong, ...] = ()
    exercise: Exercise | None = None
    before: Exercise | None = None
    archived: bool = False
    namesakes: tuple[str, ...] = ()
    """Others that would have the same name, where this one would get it."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file would do to the library as it is now; `mark` stands for all of it."""

    rows: tuple[Row, ...]
    mark: str

    def of(self, fate: Fate) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.fate is fate)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that waits to be taken in."""

    id: int
    name: str
    sent_at: datetime
    run: DryRun


Shelved = Mapping[str, tuple[models.Exercise, Exercise]]


@lru_cache(maxsize=1)
def _read(content: bytes, is_csv: bool) -> tuple[Listed, ...]:  # noqa: FBT001 - what a cache is asked
    """The file that was read last is read once: to take it in holds the database for as long as that takes."""
    return read_file(content, is_csv=is_csv)


# --- what a file would do ---------------------------------------------------------------------------------------------


def _shelved(store: Store) -> Shelved:
    return {row.slug: (row, read(version.document)) for row, version in store.library.all()}


def _dry_run(listed: Iterable[Listed], now: Shelved) -> DryRun:
    entries = tuple((one, _wanted(one, now.get(one.slug))) for one in listed)
    after = {slug: exercise for slug, (_, exercise) in now.items()}
    after |= {one.slug: new for one, new in entries if new is not None}
    rounds = circles(after)
    names = namesakes(after)
    rows = tuple(replace(_row(one, new, now, after, rounds), namesakes=_like(new, now, names)) for one, new in entries)
    seen = sha256()
    for row in rows:
        known = now.get(row.slug)
        seen.update(f"{row.line} {row.slug} {row.fate} {known and (known[0].version, known[0].archived_at)} {row.changed}\n".encode())
    return DryRun(rows, seen.hexdigest())


def _wanted(one: Listed, known: tuple[models.Exercise, Exercise] | None) -> Exercise | None:
    """What an exercise would say; None where it is refused already."""
    new = one.over(known[1]) if known else one.exercise
    return None if new is None else tidied(new)


def _like(new: Exercise | None, now: Shelved, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if new is None or (new.slug in now and now[new.slug][1].name == new.name):
        return ()
    return names.get(new.slug, ())


def _row(one: Listed, new: Exercise | None, now: Shelved, after: Mapping[str, Exercise], rounds: Mapping[str, frozenset[str]]) -> Row:
    known = now.get(one.slug)
    if new is None:
        return Row(one.line, one.slug, "", Fate.REFUSED, wrong=one.wrong if known else (*one.wrong, *one.missing))
    errors = library.complaints(new, after, rounds)
    if errors:
        wrong = tuple(Wrong(one.line_of(error.field), f"{error.field}: {error.message}") for error in errors)
        return Row(one.line, one.slug, new.name, Fate.REFUSED, wrong=wrong)
    if known is None:
        return Row(one.line, one.slug, new.name, Fate.ADDED, exercise=new, archived=one.said.get("archived", False))
    row, old = known
    changed = [field.name for field in fields(Exercise) if getattr(new, field.name) != getattr(old, field.name)]
    was_archived = row.archived_at is not None
    archived = one.said.get("archived", was_archived)
    if archived is not was_archived:
        changed.append("archived")
    fate = Fate.CHANGED if changed else Fate.SAME
    return Row(one.line, one.slug, new.name, fate, tuple(changed), exercise=new, before=old, archived=archived)


def _take_in(
    store: Store, studio_id: int, rows: Iterable[Row], now: Shelved, at: datetime, note: Callable[[str, int], None], author_id: int | None
) -> None:
    """Add what is new behind all that there is, in the order of the file, and change what is different."""
    rows = tuple(rows)
    from_starter = {one.slug: written(one) for one in starter()}
    place = store.library.last_position(studio_id)
    added, edited = [], []
    for row in rows:
        new = row.exercise
        if new is None:
            continue
        if row.fate is Fate.ADDED:
            place += 1
            exercise = models.Exercise(
                studio_id=studio_id,
                slug=new.slug,
                version=1,
                stage=new.stage,
                search=search_words(new),
                position=place,
                starter_slug=new.slug if new.slug in from_starter else None,
                starter_document=from_starter.get(new.slug),
                archived_at=at if row.archived else None,
            )
            first = ExerciseVersion(studio_id=studio_id, version=1, document=written(new), author_id=author_id, created_at=at)
            added.append((exercise, first))
        elif row.fate is Fate.CHANGED:
            exercise, old = now[new.slug]
            if "archived" in row.changed:
                exercise.archived_at = at if row.archived else None
                exercise.merged_into = None
                note("archived" if row.archived else "restored", exercise.id)
            if row.changed != ("archived",):
                edited.append(library.next_version(store, exercise, replace(new, version=old.version + 1), at))
    store.library.add_versions(edited)
    store.library.add(added)
    for exercise, _ in added:
        note("added", exercise.id)


# --- in ---------------------------------------------------------------------------------------------------------------


def stock(store: Store, studio: Studio, at: datetime) -> None:
    """Give a new studio the starter library, as if its file were sent."""
    run = _dry_run(read_file(library.STARTER.read_bytes(), is_csv=False), {})
    _take_in(store, studio.id, run.rows, {}, at, lambda verb, subject: None, None)


@only(Role.ADMIN)
def add(store: Store, exercises: Collection[Exercise], at: datetime, *, archived: bool = False) -> None:
    """Add exercises that the library lacks, as a file of them would; raises Invalid where that makes no sense in this library."""
    now = _shelved(store)
    after = {slug: exercise for slug, (_, exercise) in now.items()} | {one.slug: one for one in exercises}
    rounds = circles(after)
    wrong = [FieldError("", f"{one.name}: {error.message}") for one in exercises for error in library.complaints(one, after, rounds)]
    if wrong:
        raise Invalid(*wrong)
    rows = (Row(0, one.slug, one.name, Fate.ADDED, exercise=one, archived=archived) for one in exercises)
    studio_id, author_id = store.actor.studio_id, store.actor.user_id
    _take_in(store, studio_id, rows, now, at, lambda verb, subject: store.audit.note(at, verb, "exercise", subject), author_id)


@only(Role.ADMIN)
def may_carry(store: Store) -> None:
    """Refuse whoever may not carry the library in and out."""


@only(Role.ADMIN)
def send(store: Store, name: str, content: bytes, at: datetime, *, is_csv: bool) -> int:
    """Keep a file until it is taken in; raises Invalid, with the line, for one that can't be read. Of each admin the last one is kept."""
    _read(content, is_csv)
    store.library.drop_imports_of(store.actor.user_id)
    row = LibraryImport(
        studio_id=store.actor.studio_id,
        name=name,
        is_csv=is_csv,
        content=content.decode("utf-8"),
        author_id=store.actor.user_id,
        sent_at=at,
    )
    store.library.add_import(row)
    store.audit.note(at, "sent", "library file", row.id)
    return row.id


@only(Role.ADMIN)
def look(store: Store, import_id: int) -> Sent:
    """What a file that was sent would do to the library as it is now."""
    row = store.library.sent(import_id)
    return Sent(row.id, row.name, row.sent_at, _dry_run(_read(row.content.encode("utf-8"), row.is_csv), _shelved(store)))


@only(Role.ADMIN)
def take_in(store: Store, import_id: int, mark: str, at: datetime) -> DryRun:
    """Do what was shown, all of it. Raises Conflict where anything is refused, or is no longer what was shown under this mark."""
    store.library.hold()
    row = store.library.sent(import_id)
    now = _shelved(store)
    run = _dry_run(_read(row.content.encode("utf-8"), row.is_csv), now)
    if run.of(Fate.REFUSED):
        raise Conflict("Nothing was taken in: mend what is refused, and send the file again.")
    if run.mark != mark:
        raise Conflict("Nothing was taken in: the library has changed since. This is what the file would do now.")
    studio_id, author_id = store.actor.studio_id, store.actor.user_id
    _take_in(store, studio_id, run.rows, now, at, lambda verb, subject: store.audit.note(at, verb, "exercise", subject), author_id)
    store.library.drop_import(row)
    store.audit.note(at, "took in", "library file", import_id)
    return run


@only(Role.ADMIN)
def discard(store: Store, import_id: int, at: datetime) -> None:
    """Throw a file away that was sent."""
    store.library.drop_import(store.library.sent(import_id))
    store.audit.note(at, "discarded", "library file", import_id)


# --- out --------------------------------------------------------------------------------------------------------------


@only(Role.ADMIN)
def export(store: Store, *, is_csv: bool) -> str:
    """The whole library as a file, archived exercises too, in the library's own order."""
    rows = sorted(store.library.all(), key=lambda pair: (pair[0].position, pair[0].id))
    exercises = ((read(version.document), row.archived_at is not None) for row, version in rows)
    return to_csv(exercises) if is_csv else to_yaml(exercises)
