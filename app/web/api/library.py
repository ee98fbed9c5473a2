"""The exercise library for programs: its exercises, and edits that say which version they began with."""

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from app.errors import NotAllowed
from app.models import Role
from app.rules.documents import DoseOverride, Exercise
from app.rules.vocabulary import Origin, Stage
from app.services import library
from app.services.exercise_files import MOST_NUMBERS, MOST_PARAMETERS
from app.services.library import LONGEST_SLUG, SLUG, Kept
from app.web.deps import Now, Whoever, Work
from app.web.errors import problem
from app.web.schemas import Name, SafeText, ShortText

router = APIRouter(prefix="/api/v1", tags=["exercises"])

MOST = 40
Slug = Annotated[str, Field(pattern=f"^{SLUG.pattern}$", max_length=LONGEST_SLUG)]
Lines = Annotated[tuple[Name, ...], Field(max_length=MOST)]
Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Parameters = Annotated[
    dict[Name, Annotated[tuple[Finite, ...], Field(min_length=1, max_length=MOST_NUMBERS)]], Field(max_length=MOST_PARAMETERS)
]


class OverrideBody(BaseModel):
    """Single fields of the dose profile that an exercise changes; null keeps the profile's."""

    model_config = ConfigDict(extra="forbid")

    sets: StrictInt | None = None
    reps: StrictInt | None = None
    hold_s: StrictInt | None = None
    start_height_cm: StrictInt | None = None
    load: ShortText | None = None
    spots: StrictInt | None = None
    total_s: StrictInt | None = None


class WholeExercise(BaseModel):
    """The writable fields, all of them."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    stage: Stage
    origin: Origin
    per_side: StrictBool
    dose: Name
    loaded: StrictBool
    claims: Lines
    targets: Lines
    equipment: Lines
    override: OverrideBody | None
    dose_note: SafeText
    note: SafeText
    cues: Lines
    faults: Lines
    contraindications: Lines
    regress: ShortText | None
    progress: ShortText | None
    load_rule: SafeText
    gate: Name | None
    params: Parameters | None

    def exercise(self, slug: str, picture: str = "") -> Exercise:
        values: dict[str, Any] = {name: getattr(self, name) for name in WholeExercise.model_fields}
        values["override"] = DoseOverride(**self.override.model_dump()) if self.override else None
        return Exercise(slug=slug, version=1, picture=picture, **values)


class NewExercise(WholeExercise):
    """A new exercise; without a slug one is made from the name."""

    slug: Name | None = None
    loaded: StrictBool = False
    claims: Lines = ()
    targets: Lines = ()
    equipment: Lines = ()
    override: OverrideBody | None = None
    dose_note: SafeText = ""
    note: SafeText = ""
    cues: Lines = ()
    faults: Lines = ()
    contraindications: Lines = ()
    regress: ShortText | None = None
    progress: ShortText | None = None
    load_rule: SafeText = ""
    gate: Name | None = None
    params: Parameters | None = None


class ExerciseBody(WholeExercise):
    """The writable fields, and what the library knows about the exercise. A name of null stands for the starter library."""

    slug: str
    version: int
    archived: bool
    used_by: int
    created_at: datetime
    created_by: str | None
    updated_at: datetime
    updated_by: str | None


class ExercisePage(BaseModel):
    items: tuple[ExerciseBody, ...]
    next: str | None


def body(kept: Kept) -> ExerciseBody:
    fields: dict[str, Any] = {name: getattr(kept.exercise, name) for name in WholeExercise.model_fields}
    own = kept.exercise.override
    if own is not None:
        fields["override"] = OverrideBody(**{name: getattr(own, name) for name in OverrideBody.model_fields})
    # Stored values were checked when they came in; a rule that is made stricter later must not make them unreadable.
    return ExerciseBody.model_construct(
        **fields,
        slug=kept.exercise.slug,
        version=kept.exercise.version,
        archived=kept.archived_at is not None,
        used_by=kept.used_by,
        created_at=kept.created_at,
        created_by=kept.created_by,
        updated_at=kept.updated_at,
        updated_by=kept.updated_by,
    )


def tagged(response: Response, kept: Kept) -> ExerciseBody:
    response.headers["etag"] = f'"{kept.exercise.version}"'
    return body(kept)


def admins(actor: Whoever) -> None:
    """Who may not write is told so before her request is read."""
    if actor is not None and not actor.is_a(Role.ADMIN):
        raise NotAllowed


ETAG: dict[str, Any] = {"headers": {"ETag": {"description": "The version, in quotes.", "schema": {"type": "string"}}}}
_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*')


def versions(if_match: str) -> tuple[str, ...] | None:
    """The tags of an If-Match header, weak ones too; None when it is none."""
    found = [_TAG.fullmatch(part) for part in if_match.split(",")]
    return tuple(one[1] for one in found if one) if all(found) else None


@router.get("/exercises")
def list_exercises(
    work: Work,
    query: Annotated[ShortText, Query(description="Words that all stand in the name, the cues, the muscles or the equipment.")] = "",
    stage: Stage | None = None,
    archived: Annotated[bool, Query(description="Archived exercises instead of those in use.")] = False,  # noqa: FBT002 - a query parameter
    cursor: Annotated[Slug | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ExercisePage:
    """The library by stage, one page at a time."""
    kept, following = library.exercises(work, query, stage, archived=archived, after=cursor, limit=limit)
    return ExercisePage.model_construct(items=tuple(body(one) for one in kept), next=following)


@router.post("/exercises", status_code=201, responses={201: ETAG}, dependencies=[Depends(admins)])
def add_exercise(work: Work, new: NewExercise, response: Response, at: Now) -> ExerciseBody:
    """Add an exercise. A slug that is taken is a 409."""
    kept = library.add(work, new.exercise(new.slug or ""), at)
    response.headers["location"] = f"/api/v1/exercises/{kept.exercise.slug}"
    return tagged(response, kept)


@router.get("/exercises/{slug}", responses={200: ETAG})
def get_exercise(work: Work, slug: Slug, response: Response) -> ExerciseBody:
    """One exercise as it stands now."""
    return tagged(response, library.exercise(work, slug))


@router.put("/exercises/{slug}", responses={200: ETAG}, response_model=ExerciseBody, dependencies=[Depends(admins)])
def put_exercise(
    work: Work,
    slug: Slug,
    whole: WholeExercise,
    response: Response,
    at: Now,
    if_match: Annotated[str | None, Header(description="The ETag that the edit began with: missing is 428, stale 412.")] = None,
) -> ExerciseBody | Response:
    """Replace what an exercise says, as a new version; its picture stays. Plans made before keep theirs."""
    now = library.exercise(work, slug)
    if if_match is None:
        return problem(428, f'Send If-Match with the version that your edit began with, such as "{now.exercise.version}".')
    if if_match.strip() == "*":
        based_on: int | None = now.exercise.version
    else:
        sent = versions(if_match)
        if sent is None:
            return problem(400, 'Write If-Match as the ETag that came with the exercise, such as "1".')
        based_on = now.exercise.version if str(now.exercise.version) in sent else None
    return tagged(response, library.edit(work, slug, whole.exercise(slug, now.exercise.picture), at, based_on=based_on, always=True))


@router.post("/exercises/{slug}/archive", dependencies=[Depends(admins)])
def archive_exercise(work: Work, slug: Slug, at: Now) -> ExerciseBody:
    """Keep an exercise out of new plans. It is never deleted."""
    library.archive(work, slug, at)
    return body(library.exercise(work, slug))


@router.post("/exercises/{slug}/restore", dependencies=[Depends(admins)])
def restore_exercise(work: Work, slug: Slug, at: Now) -> ExerciseBody:
    """Bring an archived exercise back."""
    library.restore(work, slug, at)
    return body(library.exercise(work, slug))
