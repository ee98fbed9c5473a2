"""A studio's exercises and their versions."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Exercise, ExerciseVersion, PlanExercise
from app.store.clients import like


@dataclass(frozen=True, slots=True)
class LibraryShelf:
    session: Session

    def get(self, slug: str) -> Exercise:
        found = self.session.scalar(select(Exercise).where(Exercise.slug == slug))
        if found is None:
            raise NotFound
        return found

    def find(self, slug: str) -> Exercise | None:
        return self.session.scalar(select(Exercise).where(Exercise.slug == slug))

    def version(self, exercise: Exercise, number: int | None = None) -> ExerciseVersion:
        """One version of an exercise; the newest unless numbered."""
        found = self.session.scalar(
            select(ExerciseVersion).where(
                ExerciseVersion.exercise_id == exercise.id, ExerciseVersion.version == (exercise.version if number is None else number)
            )
        )
        if found is None:
            raise NotFound
        return found

    def versions(self, exercise: Exercise) -> list[ExerciseVersion]:
        """Newest first."""
        return list(
            self.session.scalars(
                select(ExerciseVersion).where(ExerciseVersion.exercise_id == exercise.id).order_by(ExerciseVersion.version.desc())
            )
        )

    def current(self) -> list[tuple[Exercise, ExerciseVersion]]:
        """Every exercise that is not archived with its newest version, in the library's order."""
        rows = self.session.execute(
            select(Exercise, ExerciseVersion)
            .join(ExerciseVersion, and_(ExerciseVersion.exercise_id == Exercise.id, ExerciseVersion.version == Exercise.version))
            .where(Exercise.archived_at.is_(None))
            .order_by(Exercise.position, Exercise.id)
        )
        return [(row[0], row[1]) for row in rows]

    def current_mark(self) -> tuple[int, int]:
        """Changes whenever an exercise is added, edited, archived or brought back: what a cache of the library is keyed by."""
        newest, shown = self.session.execute(
            select(
                select(func.max(ExerciseVersion.id)).scalar_subquery(),
                select(func.count()).select_from(Exercise).where(Exercise.archived_at.is_(None)).scalar_subquery(),
            )
        ).one()
        return newest or 0, shown or 0

    def _matching(self, query: str, stage: str | None, *, archived: bool | None) -> Select[Exercise]:
        statement = select(Exercise)
        if archived is not None:
            statement = statement.where(Exercise.archived_at.is_not(None) if archived else Exercise.archived_at.is_(None))
        if stage is not None:
            statement = statement.where(Exercise.stage == stage)
        for word in query.split():
            statement = statement.where(Exercise.search.like(like(word), escape="\\"))
        return statement

    def page(
        self, query: str, stage: str | None, after: tuple[int, int] | None, limit: int, *, archived: bool | None
    ) -> list[tuple[Exercise, ExerciseVersion]]:
        """Exercises in the library's order with their newest versions, beginning after a (position, id) pair."""
        statement = (
            self._matching(query, stage, archived=archived)
            .add_columns(ExerciseVersion)
            .join(ExerciseVersion, and_(ExerciseVersion.exercise_id == Exercise.id, ExerciseVersion.version == Exercise.version))
            .order_by(Exercise.position, Exercise.id)
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(tuple_(Exercise.position, Exercise.id) > after)
        return [(row[0], row[1]) for row in self.session.execute(statement)]

    def count(self, query: str, stage: str | None, *, archived: bool | None) -> int:
        return self.session.scalar(select(func.count()).select_from(self._matching(query, stage, archived=archived).subquery())) or 0

    def used_by(self, exercises: Iterable[Exercise]) -> dict[int, int]:
        """How many plans use each exercise, by its id; those that no plan uses are left out."""
        rows = self.session.execute(
            select(PlanExercise.exercise_id, func.count())
            .where(PlanExercise.exercise_id.in_([exercise.id for exercise in exercises]))
            .group_by(PlanExercise.exercise_id)
        )
        return {row[0]: row[1] for row in rows}

    def last_position(self) -> int:
        return self.session.scalar(select(func.max(Exercise.position))) or 0

    def add(self, exercise: Exercise, version: ExerciseVersion) -> None:
        """Insert a new exercise with its first version; the version is told its exercise's id."""
        self.session.add(exercise)
        self.session.flush()
        version.exercise_id = exercise.id
        self.session.add(version)
        self.session.flush()

    def add_version(self, version: ExerciseVersion) -> None:
        self.session.add(version)
        self.session.flush()
