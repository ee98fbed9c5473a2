"""Drafts of exercises: an edit as it was typed, kept until it is published or thrown away; no plan and no trainer ever sees one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from app.errors import StaleVersion
from app.models import ExerciseDraft, Role
from app.services import only
from app.store import Store

_TYPED = TypeAdapter(dict[str, tuple[str, ...]])

Typed = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft: of which exercise (None for a new one), what was typed, and who saved it last."""

    id: int
    slug: str | None
    typed: Typed
    revision: int
    by: str
    at: datetime

    @property
    def name(self) -> str:
        """What it calls itself, or would replace."""
        return (self.typed.get("name", ("",)) or ("",))[-1].strip() or self.slug or "without a name"


def _draft(store: Store, row: ExerciseDraft, names: Mapping[int, str]) -> Draft:
    slug = store.library.slug_of(row.exercise_id) if row.exercise_id is not None else None
    return Draft(row.id, slug, _TYPED.validate_json(row.typed), row.revision, names.get(row.author_id, "Somebody"), row.updated_at)


@only(Role.ADMIN)
def drafts(store: Store, slug: str | None = None) -> tuple[Draft, ...]:
    """Every draft of the studio, or those of one exercise; the latest first."""
    rows = store.library.drafts(store.library.get(slug) if slug is not None else None)
    names = store.library.names(row.author_id for row in rows)
    return tuple(_draft(store, row, names) for row in rows)


@only(Role.ADMIN)
def draft(store: Store, draft_id: int) -> Draft:
    row = store.library.draft(draft_id)
    return _draft(store, row, store.library.names([row.author_id]))


@only(Role.ADMIN)
def begin(store: Store, typed: Typed, at: datetime, *, slug: str | None) -> int:
    """Keep what was typed as a new draft."""
    row = ExerciseDraft(
        studio_id=store.actor.studio_id,
        exercise_id=store.library.get(slug).id if slug is not None else None,
        typed=_TYPED.dump_json(dict(typed)).decode(),
        revision=1,
        author_id=store.actor.user_id,
        updated_at=at,
    )
    store.library.add_draft(row)
    store.audit.note(at, "drafted", "exercise draft", row.id)
    return row.id


@only(Role.ADMIN)
def keep(store: Store, draft_id: int, typed: Typed, at: datetime, *, revision: int | None) -> Draft:
    """Save a draft over itself. Raises StaleVersion unless it began with the draft as it is."""
    store.library.hold()
    row = store.library.draft(draft_id)
    if revision != row.revision:
        raise StaleVersion
    row.typed, row.revision = _TYPED.dump_json(dict(typed)).decode(), row.revision + 1
    row.author_id, row.updated_at = store.actor.user_id, at
    store.audit.note(at, "drafted", "exercise draft", row.id)
    return draft(store, draft_id)


@only(Role.ADMIN)
def put_picture(store: Store, draft_id: int, picture: str, at: datetime, *, revision: int | None) -> Draft:
    """Give a draft a picture of its own, or none, and leave the rest of it as it is. Raises what `keep` raises."""
    store.library.hold()
    typed = {name: values for name, values in draft(store, draft_id).typed.items() if name != "picture"}
    return keep(store, draft_id, typed | ({"picture": (picture,)} if picture else {}), at, revision=revision)


@only(Role.ADMIN)
def discard(store: Store, draft_id: int, at: datetime) -> None:
    """Throw a draft away."""
    store.library.hold()
    store.library.drop_draft(store.library.draft(draft_id))
    store.audit.note(at, "discarded", "exercise draft", draft_id)


@only(Role.ADMIN)
def published(store: Store, draft_id: int | None, at: datetime, *, revision: int | None, slug: str | None) -> bool:
    """Drop a draft whose text has just become an exercise's, and say whether it is done with.

    A draft that somebody saved since, or of another exercise (`slug`, None for a new one), stays where it is.
    """
    row = next((row for row in store.library.drafts() if row.id == draft_id), None)
    if row is None:
        return True
    of = store.library.slug_of(row.exercise_id) if row.exercise_id is not None else None
    if (row.revision, of) != (revision, slug):
        return False
    store.library.drop_draft(row)
    store.audit.note(at, "published", "exercise draft", row.id)
    return True
