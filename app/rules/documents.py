"""What goes into the rules and what comes out: screen, clearance, exercise, finding, plan, and their parts.

Each is a frozen dataclass and is stored as JSON just as it stands here: tuples, never sets, so that the same input gives the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, TypeAlias

from app.rules.vocabulary import Evidence, Feel, Grade, Level, Origin, Region, Sex, Side, SkipReason, Stage, StageState, Status

ExtraValue: TypeAlias = bool | int | float | str | tuple[str, ...]

_STRICT = {"extra": "forbid", "strict": True}


# --- in: the screen -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Who was screened, as of that day. `age` in years, `body_weight_kg` in kilograms or unknown."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    age: int
    sex: Sex
    body_weight_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Injury:
    """One past injury or operation; `side` is None where a side makes no sense or is not known."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    what: str
    region: Region
    side: Side | None = None
    year: int | None = None
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What the talk brought up.

    `pain_now` is 0-10, `sitting_hours` a usual day's, `contraindications` keys of the contraindication table. None where it was not
    asked, which only a screen that stops may leave so.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    pain_now: int | None = None
    pain_where: tuple[Region, ...] = ()
    sitting_hours: float | None = None
    pregnant: bool | None = None
    osteoporosis: bool | None = None
    injuries: tuple[Injury, ...] = ()
    contraindications: tuple[str, ...] = ()
    hard_bony_stop: bool = False
    suspected_structural: bool = False


@dataclass(frozen=True, slots=True)
class Measurement:
    """One test on one side. `value` in the test's own unit (None where only `extra` was noted); `pain` 0-10, above 0 grades x.

    `measured_on` is the day of a value that was carried over from an earlier screen; None for the day of the screen itself.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    test: str
    side: Side
    value: float | None = None
    pain: int = 0
    extra: Mapping[str, ExtraValue] | None = None
    measured_on: date | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """One finished screen. `readiness` maps the seven question ids to yes (True) or no; `red_flags` are ids RF1-RF19."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    taken_on: date
    person: Person
    readiness: Mapping[str, bool]
    red_flags: tuple[str, ...]
    history: History
    measurements: tuple[Measurement, ...]
    note: str = ""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Clearance:
    """A professional's answer to a stop.

    `answers` are the rule ids of the reasons that it answers. `same_screen` says that it was given for the very screen that is
    being read: then it answers every reason. A clearance for an earlier screen answers only readiness questions and
    clearance-level red flags, for 12 months.
    `allowed` and `not_allowed` are contraindication keys; `allowed` may hold `loaded_hinge`. `without` are exercises (slugs) that hurt in
    two sessions: they stay out for good.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    cleared_on: date
    answers: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    not_allowed: tuple[str, ...] = ()
    same_screen: bool = False
    without: tuple[str, ...] = ()
    schema: int = 1


# --- in: the library ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DoseOverride:
    """Single fields of a dose profile that an exercise changes; None keeps the profile's."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    sets: int | None = None
    reps: int | None = None
    hold_s: int | None = None
    start_height_cm: int | None = None
    load: str | None = None
    spots: int | None = None
    total_s: int | None = None
    """Most seconds on one side in one session."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the library as a plan needs it: one published version."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    slug: str
    version: int
    name: str
    stage: Stage
    origin: Origin
    per_side: bool
    dose: str
    """Name of a dose profile of `doses.py`."""
    loaded: bool = False
    claims: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    override: DoseOverride | None = None
    dose_note: str = ""
    note: str = ""
    cues: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()
    regress: str | None = None
    progress: str | None = None
    load_rule: str = ""
    gate: str | None = None
    """Name of a gate that must be passed before this exercise is loaded."""
    params: Mapping[str, tuple[float, ...]] | None = None
    """Numbers of the set-up by name, such as a distance's least and most."""
    picture: str = ""
    """A picture of its own, as text; without one it is drawn as the starter library's exercise of that slug, if there is one."""
    schema: int = 1


Library: TypeAlias = Mapping[str, Exercise]
"""Slug to exercise, in the library's own order (order decides ties)."""


# --- out: findings and status -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One test on one side, graded. `reference` and `text` are sentences; `gap` is |left - right| in multiples of the test's `asym`.

    `measured_on` is the day of a value carried over from an earlier screen.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    test: str
    side: Side
    value: float | None
    grade: Grade
    reference: str
    origin: Origin
    asymmetry: bool
    worse: Side | None
    text: str
    gap: float = 0.0
    measured_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a screen stopped: the id of the readiness question, red flag or pipeline step, how pressing, and a plain sentence."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    rule: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a screen says before any plan: the status, the unanswered reasons for it, and every finding."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    status: Status
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    schema: int = 1


# --- out: the plan ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingRef:
    """The finding that an item's reason points to."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    test: str
    side: Side
    grade: Grade
    value: float | None


@dataclass(frozen=True, slots=True)
class ItemReason:
    """One rule that asked for an item; `finding` is None for rules that always hold."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    rule: str
    because: str
    origin: Origin
    claims: tuple[str, ...]
    finding: FindingRef | None = None


@dataclass(frozen=True, slots=True)
class Dose:
    """How much: whole numbers, seconds, centimetres; `per_week` is least and most days a week. `profile` names the row it came from."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    profile: str
    sets: int
    reps: int | None
    hold_s: int | None
    spots: int | None
    tempo: str | None
    rest_s: int | None
    per_week: tuple[int, int]
    height_cm: int | None = None
    load: str | None = None


@dataclass(frozen=True, slots=True)
class Then:
    """What takes an item's place after some weeks."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    exercise: str
    after_weeks: int


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise on one side, with its dose and every reason for it.

    `cues` are the rules' own (R15, R43-R45); `how`, `faults`, `equipment` and `picture` are the exercise's, copied so that a plan
    never changes.
    `later` is the item that `then` names, complete, so that a plan needs no library to be practised.
    `turn` is its place among those that take turns (`every_session` false); items that share a place have the same number.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    key: str
    """`stage/slug/side`."""
    exercise: str
    name: str
    exercise_version: int
    side: Side
    loaded: bool
    dose: Dose
    every_session: bool
    then: Then | None
    cues: tuple[str, ...]
    reasons: tuple[ItemReason, ...]
    how: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    picture: str = ""
    later: "Item | None" = None
    turn: int | None = None
    easier: "Item | None" = None
    """The next easier exercise of the stage that nothing forbids, complete: what to do instead on a day when this one hurts."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What holds a stage, or its loaded exercises only, and until when."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    rule: str
    because: str
    until: str
    loaded_only: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must be shown before a stage counts as passed, by what kind of evidence.

    Where one criterion of a stage is enough, those with `always` are needed besides.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    id: str
    text: str
    evidence: Evidence = Evidence.WORD
    always: bool = False


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One stage of a plan, as it was when the plan was made; where the client stands now is worked out when read (`progress.py`).

    `starts` is the state that the rules give a new plan; `emptied_by` names the contraindication keys that took the last item.
    `share` is how many of the items that take turns are due in one session; `exit_any` says that one exit criterion is enough.
    `set_aside` are reasons of lines that the trainer has otherwise, and of those that a key took out with nothing in their place: what was
    found behind them is measured again all the same.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    stage: Stage
    starts: StageState
    locks: tuple[Lock, ...]
    items: tuple[Item, ...]
    exit: tuple[Criterion, ...]
    emptied_by: tuple[str, ...] = ()
    share: int = 0
    exit_any: bool = False
    set_aside: tuple[ItemReason, ...] = ()

    @property
    def findings(self) -> tuple[FindingRef, ...]:
        """What was found behind its lines, those that were left or taken out among them."""
        reasons = (*(reason for item in self.items for reason in item.reasons), *self.set_aside)
        return tuple(reason.finding for reason in reasons if reason.finding is not None)


@dataclass(frozen=True, slots=True)
class Removed:
    """An exercise that a contraindication, pain or the trainer (key `trainer`) took out, and what came instead (a slug, or None)."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    exercise: str
    side: Side
    key: str
    because: str
    instead: str | None


@dataclass(frozen=True, slots=True)
class Habit:
    """A daily habit that a rule asks for."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The staged plan: all seven stages in order, or none when the screen stops.

    `gaps` are slugs that a rule asked for and the library lacks.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    ruleset: str
    stages: tuple[StagePlan, ...]
    removed: tuple[Removed, ...]
    habits: tuple[Habit, ...]
    notes: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    status: Status = Status.PLAN_READY
    schema: int = 1


# --- practice -----------------------------------------------------------------------------------------------------

Effort: TypeAlias = Literal["too_easy", "ok", "too_hard"]

MORNING = "morning"
"""The `item` of a report about the morning after: `pain` then, and `performed_on` the day of the session that it is about."""


@dataclass(frozen=True, slots=True)
class PracticeEvent:
    """One line of the practice log: set `set` of `item` was ticked (`done`), unticked, or `skipped` for a reason on a day.

    `item` is an item's key or `MORNING`, `set` counts from 1. `at` is the phone's clock, `received_at` ours; of the events of one item, set
    and day the latest by (at, received_at, id) holds, of pain and of feel the latest that says one. Pain 0-10 (None is no report, 0 is one
    and takes an earlier one back), load in kilograms.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    id: str
    item: str
    side: Side
    set: int
    performed_on: date
    at: datetime
    received_at: datetime
    done: bool
    pain: int | None = None
    effort: Effort | None = None
    load_kg: float | None = None
    feel: Feel | None = None
    skipped: SkipReason | None = None


# --- what a trainer sees and signs ----------------------------------------------------------------------------------

SeenValue: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class FormCheck:
    """What a trainer saw of one exercise in one session: the ticks of the form gate and what she measured.

    `reps` are the fewest repetitions of any set, `last_reps` those of the last one. `side` is that of an exercise done per side. Of the
    checks of one day, exercise and side the latest by (at, received_at, id) holds; one that is `taken_back` is none.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    id: str
    stage: Stage
    exercise: str
    side: Side
    performed_on: date
    at: datetime
    received_at: datetime
    gate: Mapping[str, bool]
    seen: Mapping[str, SeenValue]
    reps: int | None = None
    last_reps: int | None = None
    note: str = ""
    by: str = ""
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class SignOff:
    """A stage passed on a trainer's word, on one leg or on both; `words` are the ids of the criteria that she vouches for.

    `evidence` are the sentences that she had before her. Of the sign-offs of one stage and side the latest by (at, received_at, id) holds.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    id: str
    stage: Stage
    side: Side
    signed_on: date
    at: datetime
    received_at: datetime
    words: tuple[str, ...] = ()
    goal_load_kg: float | None = None
    note: str = ""
    override_reason: str | None = None
    evidence: tuple[str, ...] = ()
    by: str = ""
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class LoadSet:
    """The load of an exercise that a trainer has confirmed, in kilograms, from the day `set_on` on; `reason` is that of the proposal."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    id: str
    exercise: str
    load_kg: float
    set_on: date
    at: datetime
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Screened:
    """One finished screen as progress reads it: when, of whom, what was found."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    id: int
    taken_on: date
    person: Person
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop: from when to when (None: it waits for an answer), and whether practice rather than a screen brought it up."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = _STRICT

    opened_on: date
    closed_on: date | None
    from_practice: bool = False
