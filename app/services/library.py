"""The exercise library: what it holds, the admin's edits, and what a plan takes from it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter

from app import models
from app.errors import Conflict, FieldError, Invalid, StaleVersion
from app.figures import Unposable
from app.figures.documents import from_text, to_text
from app.models import ExerciseVersion, Role
from app.rules.contraindications import KEYS
from app.rules.documents import DoseOverride, Exercise, Library, Plan
from app.rules.doses import PROFILES
from app.rules.lint import circles, misled
from app.rules.progress import GATES
from app.rules.ruleset import RULESET, Rule
from app.rules.vocabulary import Stage
from app.services import EVERYONE, STAFF, only
from app.services.exercise_files import MOST_NUMBERS, MOST_PARAMETERS, read_exercises
from app.store import Store
from app.store.clients import folded

STARTER: Final = Path(__file__).resolve().parents[1] / "starter/exercises.yaml"
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG: Final = 80
NOT_A_SLUG: Final = frozenset({"new", "preview", "files", "coverage", "remarks", "drafts"})
"""Words that stand in an exercise's place in addresses."""
LAST_CLAIM: Final = 57
"""The article's statements are counted from S1 to this one."""
_CLAIMS: Final = frozenset(f"S{number}" for number in range(1, LAST_CLAIM + 1))
_FEW: Final = 3
"""So many words that are none of a list are named."""

_DOCUMENT = TypeAdapter(Exercise)


# --- documents ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def read(document: str) -> Exercise:
    """A stored version; the cache is keyed by what it says, so that it can't be out of date."""
    return _DOCUMENT.validate_json(document)


def written(exercise: Exercise) -> str:
    return _DOCUMENT.dump_json(exercise).decode()


def search_words(exercise: Exercise) -> str:
    words = chain((exercise.name, exercise.slug), exercise.targets, exercise.equipment, exercise.cues)
    return folded("\n".join(words).replace("_", " "))


def tidied(exercise: Exercise) -> Exercise:
    """Muscles and equipment are single words: "foam roller" is stored as foam_roller."""
    own = exercise.override
    if own is not None and own.load == "":
        own = replace(own, load=None)
    return replace(
        exercise,
        targets=tuple("_".join(one.split()) for one in exercise.targets),
        equipment=tuple("_".join(one.split()) for one in exercise.equipment),
        override=None if own == DoseOverride() else own,
        params=exercise.params or None,
        picture=_canonical(exercise.picture),
    )


def _canonical(picture: str) -> str:
    """The one text of an own picture, by which two can be told to be the same; what is no picture stays for `complaints`."""
    try:
        return to_text(from_text(picture)) if picture else ""
    except Unposable:
        return picture


# --- what an exercise may say -----------------------------------------------------------------------------------------


def complaints(exercise: Exercise, library: Mapping[str, Exercise], rounds: Mapping[str, frozenset[str]]) -> tuple[FieldError, ...]:
    """A message for each field that makes no sense within this library; `rounds` are its `circles`."""
    links = (FieldError(wrong.field, wrong.text) for wrong in misled(exercise, library, rounds))
    return tuple(chain(_check_words(exercise), _check_picture(exercise), _check_dose(exercise), links))


def _check(exercise: Exercise, library: Mapping[str, Exercise]) -> None:
    errors = complaints(exercise, library, circles(library))
    if errors:
        raise Invalid(*errors)


def _check_words(exercise: Exercise) -> Iterable[FieldError]:
    if exercise.slug in NOT_A_SLUG:
        yield FieldError("slug", "This is the name of a page of the library. Choose another one.")
    elif not SLUG.fullmatch(exercise.slug) or len(exercise.slug) > LONGEST_SLUG:
        yield FieldError("slug", "Use small letters, digits and single hyphens, such as side-plank.")
    if not exercise.name.strip():
        yield FieldError("name", "Fill this in.")
    unknown = [claim for claim in exercise.claims if claim not in _CLAIMS]
    if unknown:
        yield FieldError(
            "claims", f"Write the article's statements as S34, S35: they go from S1 to S{LAST_CLAIM}, and {unknown[0]} is none of them."
        )
    unknown = [key for key in exercise.contraindications if key not in KEYS]
    if unknown:
        yield FieldError("contraindications", f"{', '.join(unknown[:_FEW])}: no such contraindication. These there are: {', '.join(KEYS)}.")
    if exercise.gate is not None and exercise.gate not in GATES:
        yield FieldError("gate", f"No rule knows the gate {exercise.gate}. Choose {' or '.join(GATES)}, or none.")
    for name, words in (
        ("claims", exercise.claims),
        ("targets", exercise.targets),
        ("equipment", exercise.equipment),
        ("contraindications", exercise.contraindications),
    ):
        if len(set(words)) < len(words):
            yield FieldError(name, "One of these stands here twice.")
        if name != "contraindications" and any("," in word or not word for word in words):
            yield FieldError(name, "Write single words, without commas in them.")
    numbers = exercise.params or {}
    if len(numbers) > MOST_PARAMETERS or any(len(one) > MOST_NUMBERS for one in numbers.values()):
        yield FieldError("params", f"At most {MOST_PARAMETERS} of these, with at most {MOST_NUMBERS} numbers each.")


def _check_picture(exercise: Exercise) -> Iterable[FieldError]:
    try:
        if exercise.picture:
            from_text(exercise.picture)
    except Unposable as problem:
        yield FieldError("picture", f"It can't be drawn: {problem}.")


def dose_complaints(exercise: Exercise) -> tuple[FieldError, ...]:
    """What is wrong with an exercise's dose alone."""
    return tuple(_check_dose(exercise))


def _check_dose(exercise: Exercise) -> Iterable[FieldError]:
    profile = PROFILES.get(exercise.dose)
    if profile is None:
        yield FieldError("dose", f"Choose one of: {', '.join(PROFILES)}.")
        return
    own = exercise.override or DoseOverride()
    if own.reps is not None and profile.reps is None:
        yield FieldError("override.reps", f"{profile.name} is held for seconds, it has no repetitions.")
    if own.hold_s is not None and profile.hold_s is None:
        yield FieldError("override.hold_s", f"{profile.name} sets no hold that could be changed.")
    if own.spots is not None and profile.spots is None:
        yield FieldError("override.spots", f"{profile.name} has no spots.")
    if own.total_s is not None and profile.total_s is None:
        yield FieldError("override.total_s", f"{profile.name} has no limit of seconds.")
    for name in ("sets", "reps", "hold_s", "start_height_cm", "spots", "total_s"):
        number = getattr(own, name)
        if number is not None and not 1 <= number <= 999:
            yield FieldError(f"override.{name}", "Write a whole number from 1 to 999.")


# --- what plans take from it --------------------------------------------------------------


@lru_cache(maxsize=1)
def starter() -> tuple[Exercise, ...]:
    """The exercises of the starter file."""
    return read_exercises(STARTER.read_bytes())


def current_library(store: Store) -> Library:
    """Every exercise that new plans may use, by its slug, in the library's order."""
    return MappingProxyType({slug: read(document) for slug, _, document in store.library.current()})


def uses(store: Store, plan: Plan) -> dict[models.Exercise, int]:
    """The library's exercises that a plan holds, each with the version it holds."""
    items = [item for stage in plan.stages for item in stage.items]
    versions = {item.exercise: item.exercise_version for item in (*items, *(item.later for item in items if item.later is not None))}
    return {exercise: versions[exercise.slug] for exercise in store.library.named(versions)}


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of an exercise, with what the library knows about it. A name of None stands for the starter library."""

    exercise: Exercise
    newest: int
    archived_at: datetime | None
    merged_into: str | None
    starter_slug: str | None
    starter_document: str | None
    """What the starter library said of it when that was last taken over or turned down."""
    used_by: int
    """How many plans hold the exercise, in whatever version."""
    created_at: datetime
    created_by: str | None
    updated_at: datetime
    updated_by: str | None


@dataclass(frozen=True, slots=True)
class Edition:
    """One line of an exercise's history."""

    version: int
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the library, by stage, and how many there are in all."""

    kept: tuple[Kept, ...]
    total: int
    others: int
    """How many match on the other side: archived, or in use."""


def _kept(store: Store, rows: list[tuple[models.Exercise, ExerciseVersion]]) -> tuple[Kept, ...]:
    exercises = [exercise for exercise, _ in rows]
    used, first = store.library.used_by(exercises), store.library.first_versions(exercises)
    names = store.library.authors(chain(first.values(), (version for _, version in rows)))
    return tuple(
        Kept(
            exercise=read(version.document),
            newest=row.version,
            archived_at=row.archived_at,
            merged_into=row.merged_into,
            starter_slug=row.starter_slug,
            starter_document=row.starter_document,
            used_by=used.get(row.id, 0),
            created_at=first[row.id].created_at,
            created_by=names.get(first[row.id].author_id or 0),
            updated_at=version.created_at,
            updated_by=names.get(version.author_id or 0),
        )
        for row, version in rows
    )


@only(*STAFF)
def shelf(store: Store, query: str, stage: Stage | None, *, archived: bool, page: int, size: int) -> Shelf:
    """One page, counted from 1, of what matches every word of the query."""
    rows, total, others = store.library.shelf(query, stage, archived=archived, limit=size, skip=(page - 1) * size)
    return Shelf(_kept(store, rows), total, others)


@only(*STAFF)
def exercises(
    store: Store, query: str, stage: Stage | None, *, archived: bool | None, after: str | None, limit: int
) -> tuple[tuple[Kept, ...], str | None]:
    """What matches, beginning behind the exercise `after`, and behind which to go on; raises Invalid when there is no such exercise."""
    start = store.library.find(after) if after is not None else None
    if start is None and after is not None:
        raise Invalid(FieldError("cursor", "Send the cursor that came with the page before."))
    rows = store.library.page(query, stage, archived=archived, limit=limit + 1, after=start)
    return _kept(store, rows[:limit]), rows[limit - 1][0].slug if len(rows) > limit else None


@only(*STAFF)
def exercise(store: Store, slug: str, version: int | None = None) -> Kept:
    """An exercise as it stands now, or as an earlier version said."""
    row = store.library.get(slug)
    return _kept(store, [(row, store.library.version(row, version))])[0]


@only(*EVERYONE)
def picture(store: Store, slug: str, version: int) -> str:
    """The text of the own picture that a version of an exercise has, empty where it has none."""
    return read(store.library.version(store.library.get(slug), version).document).picture


@only(*STAFF)
def history(store: Store, slug: str) -> tuple[Edition, ...]:
    """Every version of an exercise, newest first."""
    versions = store.library.versions(store.library.get(slug))
    names = store.library.authors(versions)
    return tuple(Edition(version.version, version.created_at, names.get(version.author_id or 0)) for version in versions)


@only(*STAFF)
def whole_library(store: Store) -> Mapping[str, Exercise]:
    """Every exercise as it stands now, by stage, archived ones too."""
    return {row.slug: read(version.document) for row, version in store.library.all()}


@only(*STAFF)
def titles(store: Store, slugs: Iterable[str | None]) -> Mapping[str, Exercise]:
    """Those of these exercises that there are, archived ones too."""
    return {slug: read(document) for slug, document in store.library.titles([slug for slug in slugs if slug])}


def asked_by(slug: str) -> tuple[Rule, ...]:
    """The rows of the decision table that ask for an exercise."""
    return tuple(rule for rule in RULESET.rules if any(slug in part.slugs for part in rule.adds))


@only(Role.ADMIN)
def gaps(store: Store) -> tuple[str, ...]:
    """Slugs that the rules may ask for and new plans won't find, in the order of the rules."""
    slugs = RULESET.slugs()
    there = store.library.present(slugs)
    return tuple(slug for slug in slugs if slug not in there)


# --- the admin's edits ------------------------------------------------------------------------------------------------


@only(Role.ADMIN)
def to_choose_from(store: Store) -> Mapping[str, Exercise]:
    """What an edit may name as an easier or harder exercise."""
    return whole_library(store)


@only(Role.ADMIN)
def add(store: Store, fields: Exercise, at: datetime) -> Kept:
    """Add an exercise. An empty slug is made from the name; one that is taken raises Conflict."""
    store.library.hold()
    library = whole_library(store)
    if fields.slug in library:
        raise Conflict(f"There is an exercise {fields.slug} already.")
    new = tidied(replace(fields, slug=fields.slug or _slug(fields.name, library), version=1))
    _check(new, library)
    studio_id = store.actor.studio_id
    row = models.Exercise(
        studio_id=studio_id,
        slug=new.slug,
        version=1,
        stage=new.stage,
        search=search_words(new),
        position=store.library.last_position(studio_id) + 1,
    )
    version = ExerciseVersion(studio_id=studio_id, version=1, document=written(new), author_id=store.actor.user_id, created_at=at)
    store.library.add([(row, version)])
    store.audit.note(at, "added", "exercise", row.id)
    return _kept(store, [(row, version)])[0]


def _slug(name: str, taken: Iterable[str]) -> str:
    ascii_only = unicodedata.normalize("NFKD", folded(name)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only.replace("'", "")).strip("-")[: LONGEST_SLUG - 4].strip("-") or "exercise"
    names = (slug, *(f"{slug}-{number}" for number in range(2, 1000)))
    return next(name for name in names if name not in taken and name not in NOT_A_SLUG)


@only(Role.ADMIN)
def edit(store: Store, slug: str, fields: Exercise, at: datetime, *, based_on: int | None, always: bool = False) -> Kept:
    """Make a new version; an edit that changes nothing makes one only where a version is `always` asked for.

    Raises StaleVersion unless it began with the newest version.
    """
    store.library.hold()
    row = store.library.get(slug)
    version = store.library.version(row)
    if based_on != row.version:
        raise StaleVersion
    now = read(version.document)
    new = tidied(replace(fields, slug=slug, version=now.version))
    if new == now and not always:
        return _kept(store, [(row, version)])[0]
    new = replace(new, version=now.version + 1)
    _check(new, {**whole_library(store), slug: new})
    return _kept(store, [(row, save(store, row, new, at))])[0]


def save(store: Store, row: models.Exercise, new: Exercise, at: datetime) -> ExerciseVersion:
    """Store what an exercise says from now on."""
    version = next_version(store, row, new, at)
    store.library.add_versions([version])
    return version


def next_version(store: Store, row: models.Exercise, new: Exercise, at: datetime) -> ExerciseVersion:
    """What an exercise says from now on, for `add_versions`, which stores any number at once."""
    row.version, row.stage, row.search = new.version, new.stage, search_words(new)
    store.audit.note(at, "edited", "exercise", row.id)
    return ExerciseVersion(
        studio_id=row.studio_id,
        exercise_id=row.id,
        version=new.version,
        document=written(new),
        author_id=store.actor.user_id,
        created_at=at,
    )


@only(Role.ADMIN)
def archive(store: Store, slug: str, at: datetime) -> None:
    """Keep an exercise out of new plans; plans that hold it keep it, and nothing is lost."""
    store.library.hold()
    row = store.library.get(slug)
    if row.archived_at is None:
        row.archived_at = at
        store.audit.note(at, "archived", "exercise", row.id)


@only(Role.ADMIN)
def restore(store: Store, slug: str, at: datetime) -> None:
    """Bring an archived exercise back."""
    store.library.hold()
    row = store.library.get(slug)
    if row.archived_at is not None:
        row.archived_at = row.merged_into = None
        store.audit.note(at, "restored", "exercise", row.id)
