"""What a client has shown so far, day by day: sessions in a row, newest checks, measurements, sign-offs, rungs, and what fell back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias, assert_never

from app.rules import loading, pain
from app.rules.battery import TESTS
from app.rules.documents import Finding, FormCheck, Person, Plan, Screened, SignOff, StagePlan
from app.rules.findings import Graded
from app.rules.history import DayRecord, ItemDay, passes
from app.rules.loading import BAR, KETTLEBELL, LoadTrack
from app.rules.pain import PainTrack
from app.rules.ruleset import FLEXIBILITY_FINDING, RULESET, SITS_LONG, SMR_ELIGIBLE, Facts
from app.rules.vocabulary import LADDER, PREPARING, Grade, Side, Stage, StageState

SIDES: Final = (Side.LEFT, Side.RIGHT)
RUNG_STAGES: Final = (Stage.RDL, Stage.SINGLE_LEG)
"""Stages whose exercises open one at a time, from the easiest (judgement)."""

SET_ASIDE: Final = (Stage.WALL, Stage.RDL, Stage.SINGLE_LEG)
"""D.3: the stages that are shown anew after a stop."""
FAILS_TO_FALL: Final = 3
"""D.3 and D.5: the form gate fails in three sessions."""
LEAST_RUNG_REPS: Final[Mapping[Stage, int]] = {Stage.RDL: 8, Stage.SINGLE_LEG: 6}
"""Fewest repetitions in a set of the session that opens the next rung: those of the doses (judgement)."""
LIGHTEST_BAR_KG: Final = 15.0
"""D.4: the bar comes when the kettlebells weigh as much as the lightest empty one; no other rung and no word stands in (judgement)."""
HINGE8_LEAST: Final = 7
"""D.3, entry of the RDL stage (judgement)."""
SLS_LEAST_S: Final = 10
"""D.3, entry of the single-leg stage (judgement)."""
LAYOFF_DAYS: Final = 14
"""So many days without a set done ask for a new screen (judgement)."""
_KEPT: Final = timedelta(days=28)
"""How far back single days are looked at (four weeks, and three full weeks before this one)."""

RowSides: TypeAlias = Literal["own", "legs", "whole"]
"""How sides make a row: each side of the exercise its own, each leg its own, or both together."""


# --- what is counted ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """Sessions that a criterion counts: `sets` of at least `reps` of any of `exercises`, seen to be good, so many `in_a_row`.

    `once` is for a criterion that later sessions do not take back.
    """

    criterion: str
    stage: Stage
    exercises: tuple[str, ...]
    sets: int
    reps: int
    in_a_row: int
    sides: RowSides = "own"
    once: bool = False
    origin: str = "D.3; numbers judgement"


RDL_EXERCISES: Final = ("rdl-dowel", "rdl-kb", "rdl-bb", "rdl-bstance")

EASIEST: Final = ("rdl-dowel", "sl-supported")
"""The exercises with which the stages of rungs begin."""

COUNTED: Final[tuple[Counted, ...]] = (
    Counted("strengthening.bridge", Stage.STRENGTHENING, ("bridge", "bridge-iso", "sl-bridge"), sets=2, reps=12, in_a_row=2),
    Counted("strengthening.curl", Stage.STRENGTHENING, ("ham-curl", "bridge-walkout"), sets=2, reps=8, in_a_row=1, once=True),
    Counted("strengthening.step_up", Stage.STRENGTHENING, ("step-up", "step-up-low"), sets=2, reps=8, in_a_row=1, sides="legs", once=True),
    Counted("dowel.contacts", Stage.DOWEL, ("dowel-hinge",), sets=3, reps=8, in_a_row=2, origin="S23; numbers judgement"),
    Counted("wall.touches", Stage.WALL, ("wall-hinge",), sets=3, reps=10, in_a_row=2, origin="S45 S46; numbers judgement"),
    Counted("rdl.sets", Stage.RDL, RDL_EXERCISES, sets=3, reps=8, in_a_row=3, sides="whole", origin="S49 S50; numbers judgement"),
    Counted("single_leg.hinge", Stage.SINGLE_LEG, ("sl-hinge",), sets=2, reps=8, in_a_row=2, sides="legs", origin="S53; numbers judgement"),
    Counted("single_leg.sets", Stage.SINGLE_LEG, ("sl-rdl",), sets=2, reps=8, in_a_row=3, sides="whole", origin="D.3; numbers judgement"),
)
"""The criteria that rest on sessions."""

WALL_DISTANCE_CM: Final = (25.0, 30.5)
"""S45: 10-12 inches."""
WALL_DISTANCE_NOTED_CM: Final = (20.0, 36.0)
"""D.3: 8-14 inches, with the trainer's note."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One exercise of a stage whose exercises open one at a time; `sets` are those of its dose, without an extra set for one side."""

    exercise: str
    sets: int
    loaded: bool
    per_side: bool
    reps: int = 0


_GONE: Final = Rung(KETTLEBELL, sets=0, loaded=True, per_side=False)
"""The kettlebell of an earlier plan: what it carried then still opens the bar."""


@dataclass(frozen=True, slots=True)
class Course:
    """What the walk needs to know of a plan.

    `by_habit` are stages that a habit asks for, whatever is found. `rungs` are in the plan's order; `places` say which exercises hold the
    place that a criterion names; `locks` are ids of locks on a whole stage, `load_locks` of those on its loaded exercises.
    """

    not_indicated: tuple[Stage, ...]
    by_habit: tuple[Stage, ...]
    dowel_early: bool
    rungs: Mapping[Stage, tuple[Rung, ...]]
    places: Mapping[str, tuple[str, ...]]
    locks: Mapping[Stage, tuple[str, ...]]
    load_locks: Mapping[Stage, tuple[str, ...]]


def course(plan: Plan) -> Course:
    """What the walk needs to know of `plan`."""
    stages = {one.stage: one for one in plan.stages}
    return Course(
        not_indicated=tuple(one.stage for one in plan.stages if one.starts is StageState.NOT_INDICATED),
        by_habit=tuple(one.stage for one in plan.stages if _rules_of(one) & _HABITS),
        dowel_early=Stage.DOWEL in stages and stages[Stage.DOWEL].starts is StageState.OPTIONAL,
        rungs={stage: _rungs(stages[stage]) for stage in RUNG_STAGES if stage in stages},
        places={row.criterion: _place(plan, stages[row.stage], row.exercises) for row in COUNTED if row.stage in stages},
        locks={one.stage: tuple(lock.rule for lock in one.locks if not lock.loaded_only) for one in plan.stages if one.locks},
        load_locks={one.stage: tuple(lock.rule for lock in one.locks if lock.loaded_only) for one in plan.stages if one.locks},
    )


_HABITS: Final = {row.id for row in RULESET.rules if row.when is SITS_LONG}


def _rules_of(stage: StagePlan) -> set[str]:
    return {reason.rule for item in stage.items for reason in item.reasons}


def _rungs(stage: StagePlan) -> tuple[Rung, ...]:
    found: dict[str, Rung] = {}
    for item in stage.items:
        known = found.get(item.exercise)
        sets = item.dose.sets if known is None else min(known.sets, item.dose.sets)
        found[item.exercise] = Rung(item.exercise, sets, item.loaded, item.side is not Side.BOTH, item.dose.reps or 0)
    return tuple(found.values())


def _place(plan: Plan, stage: StagePlan, exercises: tuple[str, ...]) -> tuple[str, ...]:
    """Which exercises hold the place of `exercises`: all of them where the plan has one, or what came instead of one that was taken out.

    So what was shown with the easier one still counts when a new screen brings the harder one.
    """
    there = {item.exercise for item in stage.items} | {item.later.exercise for item in stage.items if item.later is not None}
    held = exercises if not there.isdisjoint(exercises) else ()
    instead = tuple(one.instead for one in plan.removed if one.exercise in exercises and one.instead in there and one.instead is not None)
    return tuple(dict.fromkeys(held or instead))


# --- the track ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measure:
    """What a test on one side said first and what it says now; `*sessions` count those of the preparing stages before that day.

    First is the day on which it was outside reference for the first time since it was within.
    """

    first_on: date
    first_value: float | None
    first_grade: Grade
    first_gap: float
    first_sessions: tuple[int, ...]
    on: date
    value: float | None
    grade: Grade
    sessions: tuple[int, ...]
    asymmetry: bool
    worse: Side | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Since when screens have asked for a preparing stage without a break, and on how many days it had been practised before."""

    on: date
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-off that holds."""

    on: date
    by: str
    note: str
    override_reason: str | None


Why: TypeAlias = Literal["form", "morning", "stop"]

READING: Final = 3
"""Which reading of the days this is: a track that was kept by another one can't be read, and is made anew from the log."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A stage fell back: its sign-off is set aside since the day `on`; `why` is the form gate, the mornings, or a stop.

    `rung` is the exercise that was left for the one below it, where a rung fell and not a stage. Nothing falls from the dowel: then it is
    only a note to the trainer (`is_note`).
    """

    stage: Stage
    on: date
    why: Why
    rung: str | None = None
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One RDL session that was checked: the worst pain reported with it and the morning after (None: no report), and the gate."""

    on: date
    pain: int | None
    morning: int | None
    gate_pain: bool


@dataclass(frozen=True, slots=True)
class Track:
    """Everything that later days build on, after the last day walked (`until`), for one plan; JSON-able, never longer with time.

    `load` is about the loaded exercises of both sides at once, `one_sided` about those on one leg. Keys: `rows` criterion/side, `newest`
    and `fails` exercise/side, `signed` stage or stage/leg, `measures` test/side, `earned` the exercise whose session opened the next rung,
    `opened` the ladder's stages. `practised_on` is the newest day with a set done, `away_on` the day on which the newest break between two
    such days, or after a screen, had become a lay-off.
    """

    began: date
    course: Course
    reading: Literal[3]
    until: date | None = None
    person: Person | None = None
    screened_on: date | None = None
    cleared: bool = False
    stopped: tuple[date, ...] = ()
    pain: PainTrack = field(default_factory=PainTrack)
    load: LoadTrack = field(default_factory=LoadTrack)
    one_sided: LoadTrack = field(default_factory=LoadTrack)
    asked: Mapping[Stage, Asked] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    sessions: Mapping[Stage, int] = field(default_factory=dict)
    flexibility_days: tuple[date, ...] = ()
    active_days: tuple[date, ...] = ()
    practised_on: date | None = None
    away_on: date | None = None
    stop_spans: tuple[tuple[date, date], ...] = ()
    rows: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    newest: Mapping[str, FormCheck] = field(default_factory=dict)
    pressures: tuple[tuple[date, float | None], ...] = ()
    fails: Mapping[str, int] = field(default_factory=dict)
    earned: Mapping[str, date] = field(default_factory=dict)
    opened: Mapping[Stage, date] = field(default_factory=dict)
    signed: Mapping[str, Signed] = field(default_factory=dict)
    falls: tuple[Fall, ...] = ()
    best_kg: float | None = None
    best_on: date | None = None
    seen: tuple[Seen, ...] = ()

    def measure(self, test: str, side: Side) -> Measure | None:
        """What a test says of a side; one without sides says it of both."""
        return self.measures.get(f"{test}/{side}") or self.measures.get(f"{test}/{Side.BOTH}")

    def newest_of(self, exercise: str, side: Side) -> FormCheck | None:
        """The newest check of an exercise on a side; one noted for both sides counts for either."""
        found = [one for key in (side, Side.BOTH) if (one := self.newest.get(f"{exercise}/{key}")) is not None]
        return max(found, key=lambda one: one.performed_on, default=None)

    def asked_for(self, stage: Stage) -> Asked:
        """Since when a preparing stage counts: the plan's beginning, or the later screen that first asked for it."""
        return (None if stage in self.course.by_habit else self.asked.get(stage)) or Asked(self.began)

    @property
    def is_stopped(self) -> bool:
        """Whether a stop waits for an answer."""
        return bool(self.stopped or self.pain.stops)


def start(plan: Plan, began: date) -> Track:
    """The track of `plan` before anything happened; `began` is the day of the client's first plan."""
    return Track(began, course(plan), READING)


def replay(days: Iterable[DayRecord], track: Track, *, without: frozenset[str] = frozenset()) -> Track:
    """The track after `days`, in order, each later than the last one walked."""
    for day in days:
        track = walk(track, day, without=without)
    return track


# --- states ---------------------------------------------------------------------------------------------------------


def signed(track: Track, stage: Stage) -> bool:
    """Whether a sign-off of `stage` holds; for the single leg, of both legs."""
    if stage is Stage.SINGLE_LEG:
        return all(f"{stage}/{leg}" in track.signed for leg in SIDES)
    return stage in track.signed


def state_of(track: Track, stage: Stage, *, without: frozenset[str] = frozenset(), stopped: bool | None = None) -> StageState:
    """Where she stands in `stage` (D.3). While a stop waits everything is locked; `stopped` False leaves that out."""
    if (track.is_stopped if stopped is None else stopped) and "stop" not in without:
        return StageState.LOCKED
    if stage in track.course.not_indicated and not signed(track, stage):
        return StageState.NOT_INDICATED
    if stage in PREPARING:
        return StageState.PASSED if signed(track, stage) else StageState.OPEN
    ready = before_is_passed(track, stage, without=without)
    if stage is Stage.DOWEL:
        if signed(track, stage):
            return StageState.PASSED
        if ready:
            return StageState.OPEN
        return StageState.OPTIONAL if track.course.dowel_early else StageState.LOCKED
    if not ready:
        return StageState.LOCKED
    if signed(track, stage):
        return StageState.PASSED
    if waits(track, stage, without=without):
        return StageState.LOCKED
    return StageState.OPTIONAL if stage is Stage.SINGLE_LEG else StageState.OPEN


def before_is_passed(track: Track, stage: Stage, *, without: frozenset[str] = frozenset()) -> bool:
    """Whether what must be passed before `stage` is: the preparing stages for the dowel, then the stage before with all before it."""
    if f"{stage}.order" in without:
        return True
    if stage is Stage.DOWEL:
        return all(one in track.course.not_indicated or signed(track, one) for one in PREPARING)
    below = LADDER[: LADDER.index(stage)]
    return all(signed(track, one) for one in below)


def waits(track: Track, stage: Stage, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Ids of the entry conditions of `stage` that are not shown, other than the order of the stages (D.3)."""
    found: list[str] = []
    if stage is Stage.RDL:
        hinge = track.measure("HINGE8", Side.BOTH)
        if hinge is None or (hinge.value or 0) < HINGE8_LEAST:
            found.append("rdl.hinge8")
    elif stage is Stage.SINGLE_LEG:
        found.extend(track.course.locks.get(stage, ()))
        balance = [track.measure("SLS", leg) for leg in SIDES]
        if any(one is None or (one.value or 0) < SLS_LEAST_S for one in balance):
            found.append("single_leg.balance")
    return tuple(one for one in found if one not in without)


def counts(track: Track, stage: Stage, *, without: frozenset[str] = frozenset()) -> bool:
    """Whether practice of `stage` counts toward it: open, passed, or the optional single leg; not the dowel practised early (D.3)."""
    match state_of(track, stage, without=without):
        case StageState.OPEN | StageState.PASSED:
            return True
        case StageState.OPTIONAL:
            return stage is Stage.SINGLE_LEG
        case StageState.LOCKED | StageState.NOT_INDICATED:
            return False


# --- rungs ----------------------------------------------------------------------------------------------------------


def gate_missing(track: Track, *, without: frozenset[str] = frozenset()) -> tuple[tuple[str, Side], ...]:
    """What the single-leg gate lacks (S53), as criterion and leg (both for what is asked of the two together)."""
    wanted = _row("single_leg.hinge").in_a_row
    lacks = [("single_leg.hinge", leg) for leg in SIDES if len(track.rows.get(f"single_leg.hinge/{leg}", ())) < wanted]
    lacks += [("single_leg.slh5", leg) for leg in SIDES if (one := track.measure("SLH5", leg)) is None or one.grade != 0]
    lacks += [("single_leg.level", leg) for leg in SIDES if not is_level(track, leg)]
    if not legs_are_equal(track):
        lacks.append(("single_leg.equal", Side.BOTH))
    return tuple(one for one in lacks if one[0] not in without)


def is_level(track: Track, leg: Side) -> bool:
    """Whether the pelvis was level in the newest check of a leg's free hinge."""
    check = track.newest_of("sl-hinge", leg)
    return check is not None and check.seen.get("pelvis_level") is True


def legs_are_equal(track: Track) -> bool:
    """Whether the newest checks of both legs pass with at most one repetition between them."""
    left, right = (track.newest_of("sl-hinge", leg) for leg in SIDES)
    if left is None or right is None or left.reps is None or right.reps is None:
        return False
    return abs(left.reps - right.reps) <= 1 and passes(left) and passes(right)


def rung_waits(track: Track, stage: Stage, rung: Rung, on: date, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Ids of what a loaded rung waits for, other than the rung before it."""
    if not rung.loaded:
        return ()
    found = [*track.course.load_locks.get(stage, ())]
    if stage is Stage.RDL and any(track.measure("ASLR", leg) is None for leg in SIDES):
        found.append("rdl.aslr")
    if rung.exercise == BAR and KETTLEBELL not in track.earned:
        found.append("rdl.kettlebell")
    if rung.per_side and gate_missing(track, without=without):
        found.append("single_leg.gate")
    is_resumed = rung.per_side and track.one_sided.last_on is not None
    found.extend(loading.waits(track.one_sided if is_resumed else track.load, on, without=without))
    return tuple(one for one in found if one not in without)


def open_rungs(track: Track, stage: Stage, on: date, *, without: frozenset[str] = frozenset()) -> tuple[Rung, ...]:
    """The rungs of `stage` that are open on a day, lowest first, as long as the stage itself is."""
    found: list[Rung] = []
    for rung in track.course.rungs.get(stage, ()):
        if rung.exercise in track.pain.painful_exercises:
            continue
        if rung_waits(track, stage, rung, on, without=without):
            break
        if found and found[-1].exercise not in track.earned and "rungs" not in without:
            break
        found.append(rung)
    return tuple(found)


def lacks_load(track: Track, rung: Rung, *, without: frozenset[str] = frozenset()) -> bool:
    """Whether a trainer still has to confirm the first load of a rung; never of one that has no rule for its load."""
    if not rung.loaded or "rdl.first_load" in without or not (rung.per_side or rung.exercise in loading.LOADED):
        return False
    return (track.one_sided if rung.per_side else track.load).of(rung.exercise).load_kg is None


def due_rung(track: Track, stage: Stage, on: date, *, without: frozenset[str] = frozenset()) -> Rung | None:
    """The rung to practise on a day: the highest open one whose load, where it has one, a trainer has confirmed (D.4; judgement)."""
    ready = (rung for rung in reversed(open_rungs(track, stage, on, without=without)) if not lacks_load(track, rung, without=without))
    return next(ready, None)


def dose_sets(track: Track, stage: Stage, rung: Rung, on: date, *, without: frozenset[str] = frozenset()) -> int:
    """How many sets of a rung are asked for on a day: by the weeks of loading for the loaded RDL, halved after a worse morning."""
    sets = rung.sets
    if rung.loaded and rung.per_side:
        sets = loading.eased(track.one_sided, rung.sets, on, without=without)
    elif rung.loaded and stage is Stage.RDL:
        sets = loading.target_sets(track.load, on, without=without)
    return pain.halved_sets(sets) if pain.halved(track.pain, on) else sets


# --- one day --------------------------------------------------------------------------------------------------------


def walk(track: Track, day: DayRecord, *, without: frozenset[str] = frozenset()) -> Track:
    """The track after one more day, which is later than all before it.

    Within the day: screens, stops, practice with what was checked, the morning after, loads, sign-offs. Where a stop both began and was
    answered on the day, it sets aside what was signed and confirmed on it as well. Where the client told of pain, that goes before the
    gate's tick. `without` names rules that are left out, for tests. Raises ValueError for a day that is not later.
    """
    if track.until is not None and day.on <= track.until:
        raise ValueError(f"{day.on} is not after {track.until}")
    is_answered = any(stop.opened_on == day.on for stop in day.closed)
    if is_answered and "fall.stop" not in without:
        day = replace(day, loads=())
    draft = _Draft(track, day.as_told(), without)
    for screen in day.screens:
        draft.screened(screen)
    before = [one for one in day.sign_offs if one.stage in SET_ASIDE and is_answered]
    for one in before:
        draft.sign(one)
    draft.stops()
    draft.practised()
    draft.forms()
    draft.mornings()
    draft.loads()
    for one in day.sign_offs:
        if one not in before:
            draft.sign(one)
    return draft.done()


class _Draft:
    """One day in the making: the track as it is so far, and the day."""

    __slots__ = ("counting", "day", "track", "without")

    def __init__(self, track: Track, day: DayRecord, without: frozenset[str]) -> None:
        self.track = replace(track, until=day.on)
        self.day = day
        self.without = without
        self.counting: frozenset[Stage] = frozenset()

    def screened(self, screen: Screened) -> None:
        sessions = self.track.sessions
        at = tuple(sessions.get(stage, 0) for stage in PREPARING)
        measures = dict(self.track.measures)
        for one in screen.findings:
            if one.grade == "nt":
                continue
            key, on = f"{one.test}/{one.side}", one.measured_on or screen.taken_on
            known = measures.get(key)
            is_back = known is not None and known.grade == 0 and one.grade != 0 and on > known.on
            if known is None or is_back or (one.measured_on is None and on == known.first_on):
                measures[key] = Measure(
                    on, one.value, one.grade, one.gap, at, on, one.value, one.grade, at, asymmetry=one.asymmetry, worse=one.worse
                )
            elif one.measured_on is not None and on == known.on:
                measures[key] = replace(known, asymmetry=one.asymmetry, worse=one.worse)
            elif on >= known.on:
                measures[key] = replace(
                    known, on=on, value=one.value, grade=one.grade, sessions=at, asymmetry=one.asymmetry, worse=one.worse
                )
        self.track = replace(self.track, asked=self.asked(screen), measures=measures, person=screen.person, screened_on=screen.taken_on)

    def asked(self, screen: Screened) -> Mapping[Stage, Asked]:
        """Which preparing stages a screen asks for by what was found, each since when."""
        before, sessions = self.track.asked, self.track.sessions
        since = max(screen.taken_on, self.track.began)
        return {stage: before.get(stage) or Asked(since, sessions.get(stage, 0)) for stage in _asks_for(screen.findings)}

    def stops(self) -> None:
        day, track = self.day, self.track
        waiting = [*track.stopped, *(stop.opened_on for stop in day.opened if not stop.from_practice)]
        for stop in day.closed:
            never_waited = stop.from_practice and stop in day.opened
            if stop.opened_on in waiting and not never_waited:
                waiting.remove(stop.opened_on)
        spans = (*track.stop_spans, *((stop.opened_on, day.on) for stop in day.closed))
        self.track = replace(
            track,
            stopped=tuple(waiting),
            cleared=track.cleared or bool(day.closed),
            stop_spans=tuple(one for one in spans if day.on - one[1] < _KEPT),
            pain=replace(track.pain, stops=()) if day.closed else track.pain,
        )
        if day.closed and "fall.stop" not in self.without:
            for stage in SET_ASIDE:
                self.set_aside(stage, "stop")
            track = self.track
            self.track = replace(track, load=loading.forget_loads(track.load), one_sided=loading.forget_loads(track.one_sided))

    def practised(self) -> None:
        day = self.day
        before = self.track
        self.counting = frozenset(stage for stage in Stage if counts(before, stage, without=self.without))
        done = {one.stage for one in day.items if one.done}
        sessions = {**before.sessions}
        was_there = max((on for on in (before.screened_on, before.practised_on) if on is not None), default=day.on)
        away_on = was_there + timedelta(days=LAYOFF_DAYS + 1)
        for stage in done & self.counting:
            sessions[stage] = sessions.get(stage, 0) + 1
        flexible, active = before.flexibility_days, before.active_days
        if Stage.FLEXIBILITY in done & self.counting:
            flexible = (*flexible, day.on)
        if done or any(one.skipped is not None for one in day.items):
            active = (*active, day.on)
        self.track = replace(
            before,
            sessions=sessions,
            flexibility_days=_since(flexible, day.on),
            active_days=_since(active, day.on),
            practised_on=day.on if done else before.practised_on,
            away_on=away_on if done and away_on <= day.on else before.away_on,
        )

    def forms(self) -> None:
        if self.day.checks and self.counting:
            tops = {stage: rungs[-1] for stage in RUNG_STAGES if stage in self.counting and (rungs := self._open(stage))}
            self.rows()
            self.newest()
            self.load_reached()
            for stage, rung in tops.items():
                self.earn(stage, rung)
            if Stage.RDL in self.counting and all(one.exercise != KETTLEBELL for one in self.track.course.rungs.get(Stage.RDL, ())):
                self.earn(Stage.RDL, _GONE)
            self.fails()

    def _open(self, stage: Stage) -> tuple[Rung, ...]:
        return open_rungs(self.track, stage, self.day.on, without=self.without)

    def rows(self) -> None:
        rows = dict(self.track.rows)
        for row in COUNTED:
            if row.stage not in self.counting:
                continue
            exercises = self.track.course.places.get(row.criterion, ())
            sides = {"own": (Side.BOTH, *SIDES), "legs": SIDES, "whole": (Side.BOTH,)}[row.sides]
            for side in sides:
                results = [one for slug in exercises if (one := self.qualifies(row, slug, side)) is not None]
                key = f"{row.criterion}/{side}"
                if any(results):
                    rows[key] = (*rows.get(key, ()), self.day.on)[-row.in_a_row :]
                elif results and not row.once:
                    rows.pop(key, None)
        self.track = replace(self.track, rows=rows)

    def newest(self) -> None:
        newest = dict(self.track.newest)
        pressures = self.track.pressures
        for check in self.day.checks:
            if check.stage not in self.counting:
                continue
            if check.stage is Stage.SMR:
                felt = check.seen.get("pressure")
                pressures = (*pressures, (self.day.on, float(felt) if isinstance(felt, (int, float)) else None))[-2:]
            else:
                newest[f"{check.exercise}/{check.side}"] = check
        seen = self.track.seen
        checked = [one for one in self.day.checks if one.stage is Stage.RDL]
        if checked and Stage.RDL in self.counting:
            worst = max((one.pain for one in self.day.items if one.stage is Stage.RDL and one.pain is not None), default=None)
            kept = all(one.gate.get("pain", False) for one in checked)
            seen = (*seen, Seen(self.day.on, worst, self.day.morning, kept))[-3:]
        self.track = replace(self.track, newest=newest, pressures=pressures, seen=seen)

    def load_reached(self) -> None:
        if Stage.RDL not in self.counting:
            return
        row = _row("rdl.sets")
        for one in self.day.items:
            kg = self.counts_kg(one) if one.stage is Stage.RDL else None
            if kg is not None and kg > (self.track.best_kg or 0) and self.qualifies(row, one.exercise, Side.BOTH):
                self.track = replace(self.track, best_kg=kg, best_on=self.day.on)

    def qualifies(self, row: Counted, exercise: str, side: Side) -> bool | None:
        """Whether the day's sessions of an exercise on a side count for `row`; None when nobody looked."""
        good = _qualifies(self.day, row, exercise, side)
        if not good or row.criterion != "single_leg.sets":
            return good
        done = [one for one in self.day.items if one.exercise == exercise and one.done]
        return len({one.load_kg for one in done}) == 1 and all(self.counts_kg(one) is not None for one in done)

    def counts_kg(self, item: ItemDay) -> float | None:
        """What counts of the load of an item: no more than was confirmed."""
        track = self.track.load if item.side is Side.BOTH else self.track.one_sided
        return loading.counts_kg(track, item.exercise, item.load_kg, self.day)

    def earn(self, stage: Stage, rung: Rung) -> None:
        """One qualifying session of the highest open rung opens the next, and nothing more that day."""
        if rung.exercise in self.track.earned:
            return
        sets, reps = dose_sets(self.track, stage, rung, self.day.on, without=self.without), LEAST_RUNG_REPS[stage]
        kg = 0.0
        if rung.exercise == KETTLEBELL:
            row = _row("rdl.sets")
            sets, reps, kg = row.sets, row.reps, LIGHTEST_BAR_KG
        sides = SIDES if rung.per_side else (Side.BOTH,)
        carried = min((self.counts_kg(one) or 0.0 for one in self.day.items if one.exercise == rung.exercise and one.done), default=0.0)
        if carried >= kg and all(_good(self.day, rung.exercise, side, sets, reps) for side in sides):
            self.track = replace(self.track, earned={**self.track.earned, rung.exercise: self.day.on})

    def fails(self) -> None:
        fails = dict(self.track.fails)
        fallen: list[FormCheck] = []
        for check in self.day.checks:
            if check.stage not in LADDER or check.stage not in self.counting:
                continue
            key = f"{check.exercise}/{check.side}"
            count = 0 if passes(check) else fails.get(key, 0) + 1
            if count >= FAILS_TO_FALL:
                fallen.append(check)
                count = 0
            fails[key] = count
        self.track = replace(self.track, fails={key: count for key, count in fails.items() if count})
        if "fall.form" in self.without:
            return
        for stage, exercise in dict.fromkeys((one.stage, one.exercise) for one in fallen):
            self.fall_from(stage, exercise)

    def fall_from(self, stage: Stage, exercise: str) -> None:
        """Three checks in a row failed: the rung below, or where there is none the stage before.

        An exercise that the plan has no more had one below it, unless it is the easiest: what fell as a rung falls as no stage later.
        """
        rungs = [one.exercise for one in self.track.course.rungs.get(stage, ())]
        is_gone = stage in RUNG_STAGES and exercise not in (*rungs, *EASIEST)
        place = rungs.index(exercise) if exercise in rungs else 0
        fails = {key: count for key, count in self.track.fails.items() if not key.startswith(f"{exercise}/")}
        anew = {exercise, *rungs[max(place - 1, 0) :], *([KETTLEBELL] if exercise == BAR else [])}
        earned = {slug: on for slug, on in self.track.earned.items() if slug not in anew}
        self.track = replace(self.track, fails=fails, earned=earned)
        if place or is_gone:
            self._note(Fall(stage, self.day.on, "form", rung=exercise))
        else:
            self.fall_below(stage, "form")

    def fall_below(self, stage: Stage, why: Why) -> None:
        if stage is Stage.DOWEL:
            self._note(Fall(stage, self.day.on, why, is_note=True))
        else:
            self.forget(stage)
            self.set_aside(LADDER[LADDER.index(stage) - 1], why)

    def mornings(self) -> None:
        self.track = replace(self.track, pain=pain.walk(self.track.pain, self.day, without=self.without))
        if self.track.pain.falls_on == self.day.on and "fall.morning" not in self.without:
            practised = [stage for stage in LADDER if any(one.stage is stage and one.done for one in self.day.items)]
            if practised:
                self.fall_below(practised[-1], "morning")
            if practised and practised[-1] is not Stage.DOWEL:
                self.track = replace(self.track, pain=replace(self.track.pain, halve_after=None))

    def loads(self) -> None:
        opened = tuple(stop.opened_on for stop in self.day.opened if stop.from_practice and stop not in self.day.closed)
        track, day, without = self.track, self.day, self.without
        rungs = [rung for stage in track.course.rungs.values() for rung in stage if rung.loaded and rung.per_side]
        doses = {rung.exercise: (rung.sets, rung.reps) for rung in rungs}
        self.track = replace(
            track,
            load=loading.walk(track.load, day, track.person, without=without),
            one_sided=loading.walk(track.one_sided, day, track.person, doses=doses, without=without),
            stopped=(*track.stopped, *opened),
        )

    def set_aside(self, stage: Stage, why: Why) -> None:
        """A sign-off of `stage` counts no longer."""
        names = [name for name in self.track.signed if name.split("/")[0] == stage]
        self.forget(stage)
        if names:
            self.track = replace(self.track, signed={name: one for name, one in self.track.signed.items() if name not in names})
            self._note(Fall(stage, self.day.on, why))

    def forget(self, stage: Stage) -> None:
        """The criteria and rungs of `stage` count only what comes after this day."""
        track = self.track
        own = tuple(row.criterion for row in COUNTED if row.stage is stage)
        slugs = {one.exercise for one in track.newest.values() if one.stage is stage}
        is_rdl = stage is Stage.RDL
        rungs = {one.exercise for one in track.course.rungs.get(stage, ())} | ({KETTLEBELL} if is_rdl else set())
        self.track = replace(
            track,
            rows={key: days for key, days in track.rows.items() if key.split("/")[0] not in own},
            newest={key: one for key, one in track.newest.items() if one.stage is not stage},
            fails={key: count for key, count in track.fails.items() if key.split("/")[0] not in slugs},
            earned={slug: on for slug, on in track.earned.items() if slug not in rungs},
            opened={one: on for one, on in track.opened.items() if one is not stage},
            best_kg=None if is_rdl else track.best_kg,
            best_on=None if is_rdl else track.best_on,
            seen=() if is_rdl else track.seen,
            load=loading.forget_reached(track.load) if is_rdl else track.load,
        )

    def _note(self, fall: Fall) -> None:
        kept = tuple(one for one in self.track.falls if (one.stage, one.rung, one.is_note) != (fall.stage, fall.rung, fall.is_note))
        self.track = replace(self.track, falls=(*kept, fall))

    def sign(self, one: SignOff) -> None:
        name = f"{one.stage}/{one.side}" if one.stage is Stage.SINGLE_LEG else one.stage.value
        held = {key: value for key, value in self.track.signed.items() if key != name}
        if not one.taken_back:
            held[name] = Signed(self.day.on, one.by, one.note, one.override_reason)
        self.track = replace(self.track, signed=held)

    def done(self) -> Track:
        track = self.track
        opened: dict[Stage, date] = {}
        for stage in LADDER:
            if not before_is_passed(track, stage, without=self.without):
                continue
            if stage in track.opened:
                opened[stage] = track.opened[stage]
            elif state_of(track, stage, without=self.without, stopped=False) is not StageState.LOCKED:
                opened[stage] = self.day.on
        return replace(track, opened=opened)


_ASKED_BY: Final = {Stage.FLEXIBILITY: FLEXIBILITY_FINDING, Stage.SMR: SMR_ELIGIBLE}


def _asks_for(findings: Iterable[Finding]) -> tuple[Stage, ...]:
    """The preparing stages that findings ask for; strengthening is always there."""
    grades = {
        (one.test, side): Graded(TESTS[one.test], side, one.value, one.grade, {}, 0, one.asymmetry, one.worse, one.gap, one.measured_on)
        for one in findings
        if one.test in TESTS
        for side in (SIDES if one.side is Side.BOTH else (one.side,))
    }
    facts = Facts(grades, age=0, sits_long=False, osteoporosis_unloaded=False)
    return tuple(stage for stage, when in _ASKED_BY.items() if any(when.met(facts, side) is not None for side in SIDES))


def _row(criterion: str) -> Counted:
    return next(row for row in COUNTED if row.criterion == criterion)


def _since(days: tuple[date, ...], on: date) -> tuple[date, ...]:
    return tuple(one for one in days if on - one < _KEPT)


def _qualifies(day: DayRecord, row: Counted, exercise: str, side: Side) -> bool | None:
    """The same, whatever was lifted."""
    match row.sides:
        case "own":
            if not any(one.exercise == exercise and one.side is side for one in day.checks):
                return None
            good = _good(day, exercise, side, row.sets, row.reps)
        case "legs":
            good = _good(day, exercise, side, row.sets, row.reps)
        case "whole":
            good = _whole(day, exercise, row.sets, row.reps)
        case never:
            assert_never(never)
    if not good:
        return good
    if row.criterion == "wall.touches":
        return _touches(day.check_of(exercise, side))
    return good


def _good(day: DayRecord, exercise: str, side: Side, sets: int, reps: int) -> bool | None:
    """Whether a day has so many sets of an exercise on a side, seen to be good; None when nobody looked."""
    check = day.check_of(exercise, side)
    if check is None:
        return None
    return passes(check) and (check.reps or 0) >= reps and day.sets_of(exercise, side) >= sets


def _whole(day: DayRecord, exercise: str, sets: int, reps: int) -> bool | None:
    """The same of both sides together; one side alone is seen, and is not enough."""
    if day.check_of(exercise, Side.BOTH) is not None:
        return _good(day, exercise, Side.BOTH, sets, reps)
    legs = [_good(day, exercise, leg, sets, reps) for leg in SIDES]
    return None if legs == [None, None] else all(legs)


def _touches(check: FormCheck | None) -> bool:
    """Light touches, from the article's distance, or a little off it with a note."""
    if check is None or check.seen.get("light_touch") is not True:
        return False
    distance = check.seen.get("wall_distance_cm")
    if not isinstance(distance, (int, float)):
        return False
    least, most = WALL_DISTANCE_NOTED_CM if check.note.strip() else WALL_DISTANCE_CM
    return least <= distance <= most
