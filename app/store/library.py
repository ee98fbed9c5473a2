"""A studio's exercises and their versions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, and_, case, delete, func, select, tuple_
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Client, Exercise, ExerciseDraft, ExerciseVersion, LibraryImport, Plan, PlanExercise, Studio, User
from app.store.clients import like

_ORDER = (Exercise.rung, Exercise.position, Exercise.id)
"""How a person reads the library: by stage. The rules' ties are decided by position alone."""


_FEW = 100
"""So few hits are fetched at once, sorted and counted here: the texts are then looked through only once."""


@dataclass(frozen=True, slots=True)
class LibraryShelf:
    session: Session

    def hold(self) -> None:
        """Let nobody else change this studio's library until this transaction ends. SQLite lets one transaction write at a time anyway."""
        self.session.execute(select(Studio.id).with_for_update(key_share=True)).all()

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

    def current(self) -> list[tuple[str, int, str]]:
        """Slug, version and document of every exercise that is not archived, in the library's order."""
        rows = self.session.execute(
            select(Exercise.slug, Exercise.version, ExerciseVersion.document)
            .join(ExerciseVersion, and_(ExerciseVersion.exercise_id == Exercise.id, ExerciseVersion.version == Exercise.version))
            .where(Exercise.archived_at.is_(None))
            .order_by(Exercise.position, Exercise.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def all(self) -> list[tuple[Exercise, ExerciseVersion]]:
        """Every exercise with its newest version, archived ones too."""
        return self._with_versions(select(Exercise))

    def named(self, slugs: Collection[str]) -> list[Exercise]:
        return list(self.session.scalars(select(Exercise).where(Exercise.slug.in_(slugs)).order_by(Exercise.position, Exercise.id)))

    def _with_versions(self, exercises: Select[Exercise]) -> list[tuple[Exercise, ExerciseVersion]]:
        rows = self.session.execute(
            exercises.add_columns(ExerciseVersion)
            .join(ExerciseVersion, and_(ExerciseVersion.exercise_id == Exercise.id, ExerciseVersion.version == Exercise.version))
            .order_by(*_ORDER)
        )
        return [(row[0], row[1]) for row in rows]

    def _matching(self, query: str, stage: str | None, *, archived: bool | None) -> Select[Exercise]:
        statement = select(Exercise)
        if archived is not None:
            statement = statement.where(Exercise.archived_at.is_not(None) if archived else Exercise.archived_at.is_(None))
        if stage is not None:
            statement = statement.where(Exercise.stage == stage)
        for word in query.replace("_", " ").split():  # as `search` has it: foam_roller is looked for as foam roller
            statement = statement.where(Exercise.search.like(like(word), escape="\\"))
        return statement

    def page(
        self, query: str, stage: str | None, *, archived: bool | None, limit: int, after: Exercise | None = None
    ) -> list[tuple[Exercise, ExerciseVersion]]:
        """Exercises by stage with their newest versions, beginning behind one of them."""
        matching = self._matching(query, stage, archived=archived).with_only_columns(Exercise.id)
        if after is not None:
            matching = matching.where(tuple_(*_ORDER) > (after.rung, after.position, after.id))
        return self._of(self.session.scalars(matching.order_by(*_ORDER).limit(limit)))

    def shelf(
        self, query: str, stage: str | None, *, archived: bool, limit: int, skip: int
    ) -> tuple[list[tuple[Exercise, ExerciseVersion]], int, int]:
        """Exercises by stage behind the first `skip`, how many there are in all, and how many are on the other side of the archive."""
        everywhere = self._matching(query, stage, archived=None)
        found = self.session.execute(everywhere.with_only_columns(Exercise.archived_at.is_not(None), *_ORDER).limit(_FEW)).all()
        if len(found) < _FEW:
            here = [row[1:] for row in found if row[0] == archived]
            wanted = [row[2] for row in sorted(tuple(row) for row in here)[skip : skip + limit]]
            return self._of(wanted), len(here), len(found) - len(here)
        away = case((Exercise.archived_at.is_not(None), 1), else_=0)
        everything, kept_out = self.session.execute(everywhere.with_only_columns(func.count(), func.coalesce(func.sum(away), 0))).one()
        total = kept_out if archived else everything - kept_out
        size = max(0, min(limit, total - skip))
        ids = self._matching(query, stage, archived=archived).with_only_columns(Exercise.id).limit(size)
        if skip <= total // 2:
            ids = ids.order_by(*_ORDER).offset(skip)
        else:  # from the other end, which is nearer
            ids = ids.order_by(*(one.desc() for one in _ORDER)).offset(max(0, total - skip - size))
        return self._of(self.session.scalars(ids)), total, everything - total

    def _of(self, ids: Iterable[int]) -> list[tuple[Exercise, ExerciseVersion]]:
        """Whole rows of these ids, which alone were sorted and skipped: with their texts that takes several times as long."""
        wanted = list(ids)
        return self._with_versions(select(Exercise).where(Exercise.id.in_(wanted))) if wanted else []

    def used_by(self, exercises: Iterable[Exercise]) -> dict[int, int]:
        """How many plans use each exercise, by its id; those that no plan uses are left out."""
        rows = self.session.execute(
            select(PlanExercise.exercise_id, func.count())
            .where(PlanExercise.exercise_id.in_([exercise.id for exercise in exercises]))
            .group_by(PlanExercise.exercise_id)
        )
        return {row[0]: row[1] for row in rows}

    def current_plans(self, exercise: Exercise) -> int:
        """How many clients' newest plans use an exercise."""
        return (
            self.session.scalar(
                select(func.count()).select_from(PlanExercise).where(PlanExercise.exercise_id == exercise.id, PlanExercise.is_current)
            )
            or 0
        )

    def clients_with(self, exercise: Exercise) -> list[tuple[int, str]]:
        """Those of the actor's clients whose newest plan uses an exercise, by name."""
        rows = self.session.execute(
            select(Client.id, Client.name)
            .join(Plan, Plan.client_id == Client.id)
            .join(PlanExercise, PlanExercise.plan_id == Plan.id)
            .where(PlanExercise.exercise_id == exercise.id, PlanExercise.is_current)
            .order_by(Client.search, Client.id)
        )
        return [(row[0], row[1]) for row in rows]

    def titles(self, slugs: Collection[str]) -> list[tuple[str, str]]:
        """Slug and newest document of those that there are, archived ones too."""
        rows = self.session.execute(
            select(Exercise.slug, ExerciseVersion.document)
            .join(ExerciseVersion, and_(ExerciseVersion.exercise_id == Exercise.id, ExerciseVersion.version == Exercise.version))
            .where(Exercise.slug.in_(slugs))
        )
        return [(row[0], row[1]) for row in rows]

    def present(self, slugs: Collection[str]) -> frozenset[str]:
        """Those of these slugs that new plans may use."""
        return frozenset(self.session.scalars(select(Exercise.slug).where(Exercise.slug.in_(slugs), Exercise.archived_at.is_(None))))

    def last_position(self, studio_id: int) -> int:
        return self.session.scalar(select(func.max(Exercise.position)).where(Exercise.studio_id == studio_id)) or 0

    def first_versions(self, exercises: Iterable[Exercise]) -> dict[int, ExerciseVersion]:
        """The version with which each exercise came into the library, by the exercise's id."""
        rows = self.session.scalars(
            select(ExerciseVersion).where(
                ExerciseVersion.exercise_id.in_([exercise.id for exercise in exercises]), ExerciseVersion.version == 1
            )
        )
        return {row.exercise_id: row for row in rows}

    def authors(self, versions: Iterable[ExerciseVersion]) -> dict[int, str]:
        """The names of those who wrote these versions, by their ids."""
        return self.names(version.author_id for version in versions if version.author_id is not None)

    def add(self, exercises: Iterable[tuple[Exercise, ExerciseVersion]]) -> None:
        """Insert exercises, each with its first version, which is told its exercise's id."""
        pairs = list(exercises)
        self.session.add_all(exercise for exercise, _ in pairs)
        self.session.flush()
        for exercise, version in pairs:
            version.exercise_id = exercise.id
        self.session.add_all(version for _, version in pairs)
        self.session.flush()

    def add_versions(self, versions: Iterable[ExerciseVersion]) -> None:
        self.session.add_all(versions)
        self.session.flush()

    def slug_of(self, exercise_id: int) -> str:
        return self.session.scalars(select(Exercise.slug).where(Exercise.id == exercise_id)).one()

    def from_starter(self) -> list[tuple[str, str, str]]:
        """Slug, the starter's slug and the starter's text when last taken over, of all that came from the starter library, in order."""
        rows = self.session.execute(
            select(Exercise.slug, Exercise.starter_slug, Exercise.starter_document)
            .where(Exercise.starter_slug.is_not(None), Exercise.starter_document.is_not(None), Exercise.archived_at.is_(None))
            .order_by(*_ORDER)
        )
        return [(row[0], row[1] or "", row[2] or "") for row in rows]

    def names(self, user_ids: Iterable[int]) -> dict[int, str]:
        """The names of people by their ids."""
        ids = set(user_ids)
        return {row[0]: row[1] for row in self.session.execute(select(User.id, User.name).where(User.id.in_(ids)))} if ids else {}

    # --- drafts ---

    def drafts(self, exercise: Exercise | None = None) -> list[ExerciseDraft]:
        """All of them, or those of one exercise; the latest first."""
        statement = select(ExerciseDraft).order_by(ExerciseDraft.updated_at.desc(), ExerciseDraft.id.desc())
        if exercise is not None:
            statement = statement.where(ExerciseDraft.exercise_id == exercise.id)
        return list(self.session.scalars(statement))

    def draft(self, draft_id: int) -> ExerciseDraft:
        found = self.session.scalar(select(ExerciseDraft).where(ExerciseDraft.id == draft_id))
        if found is None:
            raise NotFound
        return found

    def add_draft(self, row: ExerciseDraft) -> None:
        self.session.add(row)
        self.session.flush()

    def drop_draft(self, row: ExerciseDraft) -> None:
        self.session.delete(row)
        self.session.flush()

    # --- files on their way in ---

    def add_import(self, row: LibraryImport) -> None:
        self.session.add(row)
        self.session.flush()

    def sent(self, import_id: int) -> LibraryImport:
        found = self.session.scalar(select(LibraryImport).where(LibraryImport.id == import_id))
        if found is None:
            raise NotFound
        return found

    def drop_import(self, row: LibraryImport) -> None:
        self.session.delete(row)
        self.session.flush()

    def drop_imports_of(self, user_id: int) -> None:
        self.session.execute(delete(LibraryImport).where(LibraryImport.author_id == user_id))
