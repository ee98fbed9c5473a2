"""THE LOADS of the Romanian deadlift: where they start, how they rise and fall, and what a trainer may confirm; a fold over days.

Loads are in kilograms and in steps of half a kilogram, rounded down. A proposal is never a prescription: the trainer confirms it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor
from typing import ClassVar, Final, Literal, TypeAlias, assert_never

from app.rules.battery import number
from app.rules.documents import Person
from app.rules.history import DayRecord, on_day, passes
from app.rules.vocabulary import Origin, Side, Stage

Kind: TypeAlias = Literal["first", "stay", "repeat", "reduce", "regress", "deload", "layoff", "hold", "raise", "weigh"]


# --- the table ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoadRule:
    """One line of the table with its numbers: per cent, kilograms, days, weeks, sessions, repetitions; None where it has none.

    `percent` is what is proposed (less than 0 takes away), `most_percent` and `most_kg` the most that may be confirmed.
    """

    id: str
    text: str
    origin: Origin
    percent: int = 0
    most_percent: int = 0
    most_kg: float = 0
    least_kg: float = 0
    days: int = 0
    every_days: int = 0
    in_a_row: int = 0
    reps: int = 0
    from_age: int = 0


RULES: Final[tuple[LoadRule, ...]] = (
    LoadRule(
        "LOAD_FIRST",
        "First load: a tenth of body weight, at most 15 % of it and 16 kg; it should feel easy (5 of 10 or less).",
        Origin.JUDGEMENT,
        percent=10,
        most_percent=15,
        most_kg=16,
    ),
    LoadRule(
        "LOAD_CAREFUL",
        "First load from 60 years on, or with an answer from a professional on record: 5 % of body weight, at most 10 %.",
        Origin.JUDGEMENT,
        percent=5,
        most_percent=10,
        most_kg=16,
        from_age=60,
    ),
    LoadRule(
        "LOAD_BAR",
        "First load on the bar: what the kettlebell carried for 3 × 8 and still carries; none below the lightest empty bar of 15 kg.",
        Origin.JUDGEMENT,
        least_kg=15,
        reps=8,
    ),
    LoadRule(
        "LOAD_RAISE",
        "Two sessions in a row with form kept, every set done, and two repetitions more than asked in the last set: 5 % more.",
        Origin.SOURCE_JUDGEMENT,
        percent=5,
        most_percent=10,
        in_a_row=2,
        reps=2,
    ),
    LoadRule(
        "LOAD_SMALL",
        "Where 5 % is less than half a kilogram: the next half kilogram, as long as that is 10 % or less.",
        Origin.SOURCE_JUDGEMENT,
        percent=2,
        most_percent=10,
    ),
    LoadRule("LOAD_WEEK", "Never more than one raise in 7 days.", Origin.JUDGEMENT, days=7),
    LoadRule("LOAD_REPEAT", "Form not kept once: the same load again.", Origin.JUDGEMENT, in_a_row=1),
    LoadRule("LOAD_REDUCE", "Form not kept in two sessions in a row: 10 % less.", Origin.JUDGEMENT, percent=-10, in_a_row=2),
    LoadRule(
        "LOAD_REGRESS", "Form not kept in three sessions in a row, or a pain rule: the exercise before.", Origin.JUDGEMENT, in_a_row=3
    ),
    LoadRule(
        "LOAD_DELOAD",
        "After every six weeks one easier week: half of the sets and 10 % less load, on the same days.",
        Origin.SOURCE_JUDGEMENT,
        percent=-10,
        days=7,
        every_days=49,
    ),
    LoadRule(
        "LOAD_BELOW",
        "Two sessions in a row with fewer sets than asked: an easier week from the next day.",
        Origin.SOURCE_JUDGEMENT,
        days=7,
        in_a_row=2,
    ),
    LoadRule("LOAD_SORE", "Sore for more than 72 hours: an easier week from the next day.", Origin.SOURCE_JUDGEMENT, days=7),
    LoadRule("LOAD_OFF1", "One to two weeks off: 10 % less, until a load is confirmed.", Origin.JUDGEMENT, percent=-10, days=7),
    LoadRule(
        "LOAD_OFF3",
        "Three to four weeks off: 20 % less, until a load is confirmed; the wall hinge is checked first.",
        Origin.JUDGEMENT,
        percent=-20,
        days=21,
    ),
    LoadRule(
        "LOAD_OFF5",
        "More than four weeks off: a new screen first, then 20 % less, until a load is confirmed.",
        Origin.JUDGEMENT,
        percent=-20,
        days=29,
    ),
    LoadRule("LOAD_SETS1", "Weeks 1 and 2 with load: 2 × 8, 3 s down.", Origin.JUDGEMENT),
    LoadRule("LOAD_SETS3", "Weeks 3 and 4 with load: 3 × 8, 4 s down.", Origin.JUDGEMENT),
    LoadRule("LOAD_SETS5", "From week 5 with load: 3 × 8 to 10, 3 s down.", Origin.JUDGEMENT),
    LoadRule(
        "LOAD_ONE_SIDED",
        "On one leg, once both have passed the gate: one load for both sides, by the same rules, with the sets of the plan.",
        Origin.ARTICLE_JUDGEMENT,
    ),
    LoadRule(
        "LOAD_LESSER",
        "Of two sides the one that did less counts: its load, sets, repetitions and form; where one carried less, both carry that.",
        Origin.ARTICLE_JUDGEMENT,
    ),
)
"""The table in force. Raises of 2 to 10 % and two more repetitions twice are published; so is an easier week about every sixth."""

_RULE: Final = {rule.id: rule for rule in RULES}

STEP_KG: Final = 0.5
"""The smallest step (judgement)."""

_BAR_SETS: Final = 3

KETTLEBELL: Final = "rdl-kb"
BAR: Final = "rdl-bb"
LOADED: Final = (KETTLEBELL, BAR)
"""The exercises for both sides at once whose load is proposed, from the easiest."""

_SIDES: Final = (Side.LEFT, Side.RIGHT)

REST_S: Final = 120
SESSIONS_PER_WEEK: Final = 2


@dataclass(frozen=True, slots=True)
class Sets:
    """What one session asks for: sets of `reps` repetitions, up to `most_reps` later on, at a tempo of down-pause-up-top in seconds."""

    sets: int
    reps: int
    most_reps: int
    tempo: str
    rule: str


_WEEKS: Final = (
    (0, Sets(2, 8, 8, "3-1-1-1", "LOAD_SETS1")),
    (2, Sets(3, 8, 8, "4-1-1-1", "LOAD_SETS3")),
    (4, Sets(3, 8, 10, "3-1-1-1", "LOAD_SETS5")),
)


def sets_for(week: int, without: frozenset[str] = frozenset()) -> Sets:
    """Sets, repetitions and tempo in a week since the first session with load; weeks count from 0."""
    rows = [row for _, row in _WEEKS if row.rule not in without]
    return next((row for start, row in reversed(_WEEKS) if week >= start and row.rule not in without), rows[0] if rows else _WEEKS[0][1])


# --- the fold -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExerciseLoad:
    """One exercise: the load that the trainer confirmed last, and what the sessions since have shown.

    `before_kg` is the load in force when the last break began, None where there was none; `raised_on` the day of the last raise. `earned`
    counts the checked sessions in a row at this load that ask for a raise, `failed` the checked ones in a row without form; `reached_kg` is
    the greatest load that counts of a session of three sets of eight with form kept, `lesser_kg` what one side carried last where it was
    less than the other. `was` is how things stood before the day `set_on`, so that a load mistyped can be put right on that same day.
    `back_kg` is the smaller load with which to come back after a break of `off_days`, from the first session after it until a load is
    confirmed.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid", "strict": True}

    exercise: str
    load_kg: float | None = None
    before_kg: float | None = None
    raised_on: date | None = None
    earned: int = 0
    failed: int = 0
    reached_kg: float | None = None
    lesser_kg: float | None = None
    set_on: date | None = None
    was: "ExerciseLoad | None" = None
    back_kg: float | None = None
    off_days: int = 0

    @property
    def in_force_kg(self) -> float | None:
        """The load to work with: the one confirmed last, or less after a break as long as none has been confirmed since."""
        return self.load_kg if self.back_kg is None else self.back_kg


@dataclass(frozen=True, slots=True)
class LoadTrack:
    """What the sessions with load mean so far: those of the Romanian deadlift, or those on one leg.

    `first_on`, `last_on` and `earlier_on` are the days of the first session with load, the last one and the one before it; `below` counts
    those in a row with too few sets. `easier_from` begins an easier week that the calendar did not ask for, by the rule `easier_by`.
    `walled_on` and `screened_on` are the newest days of a wall check with form kept and of a screen.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid", "strict": True}

    exercises: tuple[ExerciseLoad, ...] = ()
    first_on: date | None = None
    last_on: date | None = None
    earlier_on: date | None = None
    below: int = 0
    easier_from: date | None = None
    easier_by: str = ""
    walled_on: date | None = None
    screened_on: date | None = None

    def of(self, exercise: str) -> ExerciseLoad:
        """What is known of one exercise."""
        return next((one for one in self.exercises if one.exercise == exercise), ExerciseLoad(exercise))


@dataclass(frozen=True, slots=True)
class _Session:
    """One exercise on one day; of two sides the one that did less. `form` is None when nobody looked, `half` when at one side only."""

    done: int
    load_kg: float | None
    is_uneven: bool
    form: Literal["kept", "lost", "half"] | None
    reps: int
    last_reps: int


def walk(
    track: LoadTrack,
    day: DayRecord,
    person: Person | None,  # noqa: ARG001
    *,
    doses: Mapping[str, tuple[int, int]] | None = None,
    without: frozenset[str] = frozenset(),
) -> LoadTrack:
    """One day more: its screens, sessions and checks, then the load that the trainer confirmed last. Days come in order, each once.

    Without `doses` the track is that of the exercises in `LOADED`; with them, of these one-sided ones, each with its sets and repetitions.
    A session with load is a day with a set done, on both sides where there are two; its load is the least one over its sets. Where that is
    the very load confirmed on this day, the session counts as one at the new load.
    """
    if day.screens:
        track = replace(track, screened_on=day.on)
    if any(check.stage is Stage.WALL and passes(check) for check in day.checks):
        track = replace(track, walled_on=day.on)
    exercises = LOADED if doses is None else tuple(sorted(doses))
    sides = (Side.BOTH,) if doses is None else _SIDES
    sessions = {exercise: _session(day, exercise, sides, without) for exercise in exercises}
    if any(session.done for session in sessions.values()):
        track = replace(track, first_on=track.first_on or day.on, last_on=day.on, earlier_on=track.last_on)
        gap = _break(track, day.on, without)
        if gap is not None:
            off = days_off(track, day.on)
            track = replace(track, exercises=tuple(_come_back(one, gap, off) for one in track.exercises))
    easier = deload(track, day.on, without=without)
    asked = {exercise: _asked(track, exercise, doses, day.on, without) for exercise in exercises}
    confirmed = {load_set.exercise: load_set.load_kg for load_set in day.loads if load_set.exercise in sessions}
    for exercise, session in sessions.items():
        load = confirmed.get(exercise)
        if load is not None and session.done and session.load_kg == load:
            track = _with(track, _confirmed(track, exercise, confirmed.pop(exercise), day.on))
        known = track.of(exercise)
        if session.done:
            lesser = session.is_uneven and (session.load_kg or 0) < (shown_kg(track, exercise, day.on, without=without) or 0)
            known = replace(known, before_kg=known.in_force_kg, lesser_kg=session.load_kg if lesser else None)
        counted = counts_kg(track, exercise, session.load_kg, day)
        track = _with(track, _checked(known, session, asked[exercise], counted, easier=easier))
    short = {session.done < asked[exercise].sets for exercise, session in sessions.items() if session.done}
    track = _easier_week(track, day, short=all(short) if short else None, easier=easier, without=without)
    for exercise, load in confirmed.items():
        track = _with(track, _confirmed(track, exercise, load, day.on))
    return track


def _come_back(known: ExerciseLoad, gap: LoadRule, off_days: int) -> ExerciseLoad:
    """The first session after a break: the smaller load holds until one is confirmed, and with that what earns the next begins anew.

    So does what takes from it: sessions without form count at the load that is in force.
    """
    less = _less_after(known, gap)
    return known if less is None else replace(known, back_kg=less, off_days=off_days, failed=0)


def _less_after(known: ExerciseLoad, gap: LoadRule) -> float | None:
    """The load after a break, of the one in force when it began; None where there was none, or what holds since is not more."""
    if known.before_kg is None or known.in_force_kg is None:
        return None
    less = _cut(known.before_kg, gap.percent)
    return less if less < known.in_force_kg else None


def _session(day: DayRecord, exercise: str, sides: tuple[Side, ...], without: frozenset[str]) -> _Session:
    fewest, every = (max, any) if "LOAD_LESSER" in without else (min, all)
    items = {item.side: item for item in day.items if item.exercise == exercise and item.done}
    worked = [items[side] for side in sides if side in items]
    checks = [check for side in sides if (check := day.check_of(exercise, side)) is not None]
    loads = [item.load_kg for item in worked if item.load_kg is not None]
    kept = bool(checks) and every(passes(check) for check in checks)
    is_half = len(checks) < len(sides) and "LOAD_LESSER" not in without
    return _Session(
        done=fewest([items[side].done if side in items else 0 for side in sides]),
        load_kg=fewest(loads) if loads and len(loads) == len(worked) else None,
        is_uneven=len(set(loads)) > 1,
        form=None if not checks else "lost" if not kept else "half" if is_half else "kept",
        reps=fewest([check.reps or 0 for check in checks], default=0),
        last_reps=fewest([check.last_reps or 0 for check in checks], default=0),
    )


def _asked(track: LoadTrack, exercise: str, doses: Mapping[str, tuple[int, int]] | None, on: date, without: frozenset[str]) -> Sets:
    if doses is None:
        return sets_in(track, on, without=without)
    sets, reps = doses[exercise]
    return Sets(eased(track, sets, on, without=without), reps, reps, "", "LOAD_ONE_SIDED")


def forget_reached(track: LoadTrack) -> LoadTrack:
    """The same, with nothing reached so far: what is carried from then on counts."""
    return replace(track, exercises=tuple(replace(one, reached_kg=None) for one in track.exercises))


def forget_loads(track: LoadTrack) -> LoadTrack:
    """The same with no load confirmed, as after a stop: a first load comes again, by the rule for it (judgement)."""
    return replace(track, exercises=())


def _with(track: LoadTrack, known: ExerciseLoad) -> LoadTrack:
    if known == track.of(known.exercise):
        return track
    others = [one for one in track.exercises if one.exercise != known.exercise]
    return replace(track, exercises=tuple(sorted((*others, known), key=lambda one: one.exercise)))


def _checked(known: ExerciseLoad, session: _Session, asked: Sets, counted: float | None, *, easier: bool) -> ExerciseLoad:
    match session.form:
        case None:
            return known
        case "lost":
            return replace(known, earned=0, failed=known.failed + 1)
        case "half":
            return replace(known, earned=0)
        case "kept":
            known = replace(known, failed=0)
        case never:
            assert_never(never)
    if not session.done:
        return replace(known, earned=0)
    load = session.load_kg
    if counted is not None and session.done >= _BAR_SETS and session.reps >= _RULE["LOAD_BAR"].reps:
        known = replace(known, reached_kg=max(counted, known.reached_kg or 0))
    if easier or load is None or known.load_kg is None or load < known.load_kg:
        return known
    enough = session.done >= asked.sets and session.last_reps >= asked.reps + _RULE["LOAD_RAISE"].reps
    return replace(known, earned=known.earned + 1 if enough else 0)


def _easier_week(track: LoadTrack, day: DayRecord, *, short: bool | None, easier: bool, without: frozenset[str]) -> LoadTrack:
    """Start an easier week on the day after, when sets were missed twice in a row (`short`) or the soreness stayed too long."""
    below = track.below
    if short is not None and not easier:
        below = below + 1 if short else 0
    missed = "LOAD_BELOW" not in without and below >= _RULE["LOAD_BELOW"].in_a_row
    sore = "LOAD_SORE" not in without and any(check.seen.get("sore_over_72h") is True for check in day.checks)
    if missed or sore:
        return replace(track, below=0, easier_from=day.on + timedelta(days=1), easier_by="LOAD_SORE" if sore else "LOAD_BELOW")
    return replace(track, below=below)


def _confirmed(track: LoadTrack, exercise: str, load_kg: float, on: date) -> ExerciseLoad:
    known = track.of(exercise)
    if known.load_kg == load_kg and known.back_kg is None:
        return known
    raised = known.load_kg is not None and load_kg > known.load_kg
    resting = track.last_on != on and days_off(track, on) >= _RULE["LOAD_OFF1"].days
    return replace(
        known,
        load_kg=load_kg,
        before_kg=known.before_kg if resting else load_kg,
        raised_on=on if raised else known.raised_on,
        earned=0,
        failed=0,
        lesser_kg=None,
        set_on=on,
        was=replace(known, was=None),
        back_kg=None,
        off_days=0,
    )


def counts_kg(track: LoadTrack, exercise: str, load_kg: float | None, day: DayRecord) -> float | None:
    """What counts of a load that was ticked on a day: never more than the trainer has confirmed, and nothing where she has confirmed none.

    `track` is that before the day; what was confirmed on the very day is in `day`.
    """
    today = [one.load_kg for one in day.loads if one.exercise == exercise][-1:]
    confirmed = [kg for kg in (track.of(exercise).load_kg, *today) if kg is not None]
    return None if load_kg is None or not confirmed else min(load_kg, max(confirmed))


def _before(known: ExerciseLoad, on: date) -> ExerciseLoad:
    """How things stood before a load was confirmed on that very day."""
    return known.was if known.was is not None and known.set_on == on else known


# --- what holds on a day ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EasierWeek:
    """A week with half of the sets and less load: its last day, and what it is and why, as a sentence."""

    until: date
    says: str


_EASIER_BECAUSE: Final[Mapping[str, str]] = {
    "LOAD_DELOAD": "after six weeks with load",
    "LOAD_BELOW": "after two sessions in a row with fewer sets than asked",
    "LOAD_SORE": "after more than 72 hours of soreness",
}


def easier_week(track: LoadTrack, on: date, *, without: frozenset[str] = frozenset()) -> EasierWeek | None:
    """The easier week in which the day lies."""
    days = _RULE["LOAD_BELOW"].days
    if track.easier_from is not None and 0 <= (on - track.easier_from).days < days:
        return _easier(track.easier_by, track.easier_from + timedelta(days=days - 1))
    row = _RULE["LOAD_DELOAD"]
    if track.first_on is None or row.id in without:
        return None
    day = (on - track.first_on).days % row.every_days
    return _easier(row.id, on + timedelta(days=row.every_days - 1 - day)) if day >= row.every_days - row.days else None


def _easier(rule: str, until: date) -> EasierWeek:
    because = _EASIER_BECAUSE.get(rule, "after the last sessions")
    return EasierWeek(until, f"An easier week {because}: half of the sets and {-_RULE['LOAD_DELOAD'].percent} % less load.")


def deload(track: LoadTrack, on: date, *, without: frozenset[str] = frozenset()) -> bool:
    """Whether the day lies in an easier week."""
    return easier_week(track, on, without=without) is not None


def sets_in(track: LoadTrack, on: date, *, without: frozenset[str] = frozenset()) -> Sets:
    """Sets, repetitions and tempo of a session on that day; half of the sets, rounded up, in an easier week."""
    week = 0 if track.first_on is None else max((on - track.first_on).days, 0) // 7
    asked = sets_for(week, without)
    return replace(asked, sets=eased(track, asked.sets, on, without=without))


def eased(track: LoadTrack, sets: int, on: date, *, without: frozenset[str] = frozenset()) -> int:
    """Sets on that day: half of them, rounded up, in an easier week."""
    return ceil(sets / 2) if deload(track, on, without=without) else sets


def target_sets(track: LoadTrack, on: date, *, without: frozenset[str] = frozenset()) -> int:
    """How many sets a session on that day asks for."""
    return sets_in(track, on, without=without).sets


def tempo(track: LoadTrack, on: date, *, without: frozenset[str] = frozenset()) -> str:
    """The tempo of a session on that day: down, pause, up, top in seconds."""
    return sets_in(track, on, without=without).tempo


def shown_kg(track: LoadTrack, exercise: str, on: date, *, without: frozenset[str] = frozenset()) -> float | None:
    """The load that the client is shown: the one confirmed last, or less in an easier week or after a break. None while none is confirmed.

    Of an easier week and a break the one that asks for less holds: they are not taken together (judgement).
    """
    known = track.of(exercise)
    if known.load_kg is None:
        return None
    gap = _lasting(track, on, without)
    least = [known.load_kg, known.back_kg, _less_after(known, gap) if gap is not None else None]
    if deload(track, on, without=without):
        least.append(_cut(known.load_kg, _RULE["LOAD_DELOAD"].percent))
    return min(kg for kg in least if kg is not None)


def days_off(track: LoadTrack, on: date) -> int:
    """Whole days without a session with load, with that day as the next one."""
    last = track.earlier_on if track.last_on == on else track.last_on
    return 0 if last is None else max((on - last).days - 1, 0)


def waits(track: LoadTrack, on: date, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What loaded exercises wait for after a break: `rdl.recheck_wall` or `rdl.rescreen`; a screen or check counts once it is a break."""
    row = _break(track, on, without)
    if row is None or row.id == "LOAD_OFF1":
        return ()
    last = track.earlier_on if track.last_on == on else track.last_on
    shown = track.screened_on if row.id == "LOAD_OFF5" else track.walled_on
    if last is not None and shown is not None and (shown - last).days > _RULE["LOAD_OFF1"].days:
        return ()
    return ("rdl.rescreen",) if row.id == "LOAD_OFF5" else ("rdl.recheck_wall",)


def _break(track: LoadTrack, on: date, without: frozenset[str]) -> LoadRule | None:
    off = days_off(track, on)
    rows = [_RULE[name] for name in ("LOAD_OFF5", "LOAD_OFF3", "LOAD_OFF1") if name not in without]
    return next((row for row in rows if off >= row.days), None)


def _lasting(track: LoadTrack, on: date, without: frozenset[str]) -> LoadRule | None:
    """The break that has not ended by a session on that very day."""
    return None if track.last_on == on else _break(track, on, without)


# --- the proposal -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next load of an exercise, the most that may be confirmed, of what kind it is and why; None where nothing can be proposed."""

    exercise: str
    load_kg: float | None
    at_most_kg: float
    kind: Kind
    because: str

    @property
    def changes(self) -> bool:
        """Whether the trainer has something to confirm."""
        return self.kind in ("first", "reduce", "layoff", "raise")


def propose(
    track: LoadTrack,
    *,
    exercise: str,
    regressed: bool,
    person: Person | None,
    cleared_condition: bool,
    today: date,
    one_sided: bool = False,
    without: frozenset[str] = frozenset(),
) -> Proposal | None:
    """The next load of `exercise`, the highest rung that is open; None for an exercise without a rule for its load.

    `regressed` says that the rung above has just fallen, `cleared_condition` that an answer from a professional is on record. Of a
    `one_sided` exercise the load is for either side.
    """
    if ("LOAD_ONE_SIDED" in without) if one_sided else (exercise not in LOADED):
        return None
    known = track.of(exercise)
    was = _before(known, today)
    if was.load_kg is None:
        is_bar = exercise == BAR and "LOAD_BAR" not in without
        found = (
            _first_on_the_bar(track, today, without) if is_bar else _first(exercise, person, without, cleared_condition=cleared_condition)
        )
    else:
        found = _after(was, was.load_kg, track, today, without)
        if regressed and "LOAD_REGRESS" not in without and found.kind not in ("layoff", "reduce"):
            found = Proposal(exercise, was.load_kg, was.load_kg, "regress", "The exercise above did not go well: this one again first.")
    if was is known or known.load_kg is None:
        return found
    return Proposal(exercise, known.load_kg, max(found.at_most_kg, known.load_kg), "stay", "Confirmed today.")


def _first_on_the_bar(track: LoadTrack, today: date, without: frozenset[str]) -> Proposal:
    """As much as the kettlebell carried and carries on that day: more was never shown, and less than an empty bar there is not."""
    least = _RULE["LOAD_BAR"].least_kg
    carried = (track.of(KETTLEBELL).reached_kg, shown_kg(track, KETTLEBELL, today, without=without))
    load = _down(min(kg or 0 for kg in carried))
    if load < least:
        return Proposal(
            BAR, None, 0.0, "hold", f"The bar begins with what the kettlebell carries for 3 × 8, and that is less than {_kg(least)}."
        )
    return Proposal(BAR, load, load, "first", f"First load on the bar: what the kettlebell carried before, {_kg(load)}.")


def _first(exercise: str, person: Person | None, without: frozenset[str], *, cleared_condition: bool) -> Proposal:
    if person is None or person.body_weight_kg is None:
        return Proposal(exercise, None, 0.0, "weigh", "The first load is a share of body weight: please weigh first.")
    row, careful = _RULE["LOAD_FIRST"], _RULE["LOAD_CAREFUL"]
    if careful.id not in without and (cleared_condition or person.age >= careful.from_age):
        row = careful
    if row.id in without:
        return Proposal(exercise, None, 0.0, "weigh", "There is no rule for a first load.")
    most = min(_share(person.body_weight_kg, row.most_percent), row.most_kg)
    load = min(_share(person.body_weight_kg, row.percent), most)
    return Proposal(exercise, load, most, "first", f"First load: {row.percent} % of body weight. It should feel easy.")


def _after(known: ExerciseLoad, load: float, track: LoadTrack, today: date, without: frozenset[str]) -> Proposal:
    def say(kind: Kind, kg: float, because: str, at_most: float | None = None) -> Proposal:
        return Proposal(known.exercise, kg, kg if at_most is None else at_most, kind, because)

    gap = _lasting(track, today, without)
    less = None if gap is None else _less_after(known, gap)
    if gap is not None and less is not None:
        return say("layoff", less, f"{days_off(track, today)} days off: {-gap.percent} % less to come back.")
    load = load if known.back_kg is None else known.back_kg
    reduce = _RULE["LOAD_REDUCE"]
    if reduce.id not in without and known.failed >= reduce.in_a_row:
        return say("reduce", _cut(load, reduce.percent), "Form was not kept, or it hurt, in two sessions in a row: 10 % less.")
    if known.lesser_kg is not None and known.lesser_kg < load:
        return say("reduce", known.lesser_kg, "One side carried less: both sides use what the weaker one can do.")
    if known.back_kg is not None:
        return say("layoff", load, f"{known.off_days} days off before: {_kg(load)} to come back, until a load is confirmed.")
    easier = easier_week(track, today, without=without)
    if easier is not None:
        return say("deload", _cut(load, _RULE["LOAD_DELOAD"].percent), easier.says, load)
    if "LOAD_REPEAT" not in without and known.failed:
        return say("repeat", load, "Form was not kept, or it hurt, in the last session: the same load again.")
    if "LOAD_RAISE" not in without and known.earned >= _RULE["LOAD_RAISE"].in_a_row:
        return _raised(known, load, today, without)
    return say("stay", load, "The same load until two sessions in a row end with two repetitions to spare.")


def _raised(known: ExerciseLoad, load: float, today: date, without: frozenset[str]) -> Proposal:
    week = _RULE["LOAD_WEEK"]
    if week.id not in without and known.raised_on is not None and (today - known.raised_on).days < week.days:
        free = known.raised_on + timedelta(days=week.days)
        return Proposal(known.exercise, load, load, "stay", f"Not more than one raise in 7 days: the next one from {on_day(free)} on.")
    row, small = _RULE["LOAD_RAISE"], _RULE["LOAD_SMALL"]
    most = _share(load, 100 + row.most_percent)
    more = _share(load, 100 + row.percent)
    if more < load * (100 + small.percent) / 100:
        if small.id in without or load + STEP_KG > load * (100 + small.most_percent) / 100:
            return Proposal(known.exercise, load, load, "hold", "No step is small enough: add repetitions first.")
        more = load + STEP_KG
    because = f"Two sessions in a row with two repetitions to spare: {_kg(more)}."
    return Proposal(known.exercise, more, max(more, most), "raise", because)


def may_confirm(proposal: Proposal | None, load_kg: float) -> str | None:
    """What keeps a trainer from confirming a load, as a sentence; None when she may. Less than proposed is always allowed."""
    if proposal is None:
        return "There is no load to confirm here."
    if proposal.load_kg is None:
        return proposal.because
    if load_kg <= 0:
        return "More than 0 kg."
    if load_kg > proposal.at_most_kg:
        return f"At most {_kg(proposal.at_most_kg)}. {proposal.because}"
    return None


def _down(kg: float) -> float:
    """Rounded down to the smallest step."""
    return floor(round(kg / STEP_KG, 6)) * STEP_KG


def _share(kg: float, percent: int) -> float:
    return _down(kg * percent / 100)


def _cut(kg: float, percent: int) -> float:
    """Less by so many per cent (below 0), at least the smallest step."""
    return max(_share(kg, 100 + percent), STEP_KG)


def _kg(kg: float) -> str:
    return f"{number(kg)} kg"
