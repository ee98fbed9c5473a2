"""Where a client stands in a plan: the state of each stage, why it is locked, and what must be shown before it counts as passed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, assert_never

from app.rules import loading, pain
from app.rules.battery import BATTERY, Section, number
from app.rules.contraindications import label_of
from app.rules.coverage import asked
from app.rules.criteria import DWELL_DAYS, Shown, View, shown, stage_lines
from app.rules.documents import (
    Criterion,
    FormCheck,
    Item,
    LoadSet,
    Plan,
    PracticeEvent,
    Screened,
    SignOff,
    StagePlan,
    Stopped,
)
from app.rules.history import days, on_day, passes
from app.rules.loading import KETTLEBELL, EasierWeek, Proposal
from app.rules.pain import PracticeStop
from app.rules.track import (
    FAILS_TO_FALL,
    HINGE8_LEAST,
    LIGHTEST_BAR_KG,
    RUNG_STAGES,
    SIDES,
    SLS_LEAST_S,
    Fall,
    Rung,
    Track,
    before_is_passed,
    due_rung,
    lacks_load,
    open_rungs,
    replay,
    rung_waits,
    start,
    waits,
)
from app.rules.vocabulary import LADDER, PREPARING, Evidence, Grade, Side, Stage, StageState

STAGE_LABELS: Final[Mapping[Stage, str]] = {
    Stage.FLEXIBILITY: "Flexibility",
    Stage.SMR: "Self-massage (SMR)",
    Stage.STRENGTHENING: "Strengthening",
    Stage.DOWEL: "Dowel",
    Stage.WALL: "Wall",
    Stage.RDL: "Romanian deadlift",
    Stage.SINGLE_LEG: "Single-leg",
}

UPKEEP_ITEMS: Final = 2
SLACK_WEEKS: Final = 3
SLACK_SESSIONS: Final = 3
SLACK_ITEMS: Final = 3
LEAST_REASON: Final = 10
"""Fewest letters of a typed reason for an override (judgement)."""


# --- the table ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StageRule:
    """One stage of D.3: when it opens, what passes it, and what a trainer may do about it.

    `exit_any` says that one criterion is enough besides those that are always needed. `may_override` names whether a typed reason may stand
    in for what is missing, `never` the criteria for which it never does. `falls` says what sets its sign-off aside.
    """

    stage: Stage
    entry: str
    exit: tuple[Criterion, ...]
    origin: str
    exit_any: bool = False
    no_need: str = ""
    may_override: bool = True
    never: tuple[str, ...] = ()
    falls: str = ""


def _when(id: str, text: str, evidence: Evidence, *, always: bool = False) -> Criterion:
    return Criterion(id, text, evidence, always)


STAGES: Final[tuple[StageRule, ...]] = (
    StageRule(
        Stage.FLEXIBILITY,
        entry="There is a plan.",
        no_need="No flexibility finding and no long sitting (R21).",
        exit_any=True,
        exit=(
            _when("flexibility.dwell", "At least two weeks or six sessions in this stage.", Evidence.TIME, always=True),
            _when(
                "flexibility.regraded",
                "Measured again, each of these ranges is within reference or only mildly outside it.",
                Evidence.REGRADE,
            ),
            _when(
                "flexibility.four_weeks",
                "Four weeks done, at least 80 % of the sessions ticked, the tightest range changed by at least the test's noise, "
                "and the trainer signs it with a reason.",
                Evidence.WORD,
            ),
        ),
        origin="D.3 ST1 (S26-S38); numbers judgement",
    ),
    StageRule(
        Stage.SMR,
        entry="There is a plan, and a tilt or tightness through hips and knees.",
        no_need="Not indicated (R22).",
        exit_any=True,
        exit=(
            _when("smr.regraded", "Measured again, each of these ranges is within reference or only mildly outside it.", Evidence.REGRADE),
            _when("smr.pressure", "Pressure on the spots feels like 3 of 10 or less in two sessions.", Evidence.MEASURE),
        ),
        origin="D.3 ST2 (S37 S38); numbers judgement",
    ),
    StageRule(
        Stage.STRENGTHENING,
        entry="There is a plan.",
        exit=(
            _when("strengthening.dwell", "At least two weeks in this stage.", Evidence.TIME, always=True),
            _when(
                "strengthening.bridge",
                "Bridge, 2 × 12 at 4 s down, 2 s hold, 1 s up, without back or hamstrings taking over, in two sessions in a row.",
                Evidence.FORM,
            ),
            _when("strengthening.curl", "Hamstring curl or bridge walk-out, 2 × 8, clean.", Evidence.FORM),
            _when(
                "strengthening.step_up",
                "Step-up, 2 × 8 each side, and the step-down within reference or only mildly outside it.",
                Evidence.FORM,
            ),
            _when("strengthening.plank", "Plank within reference or only mildly outside it.", Evidence.REGRADE),
        ),
        origin="D.3 ST3 (S39-S42); numbers judgement",
    ),
    StageRule(
        Stage.DOWEL,
        entry="All preparing stages are passed or not indicated; with DOWEL3 0 or 1 it may be practised earlier, which does not count.",
        exit=(
            _when("dowel.contacts", "3 × 8 with all three contacts kept on every repetition, in two sessions in a row.", Evidence.FORM),
            _when("dowel.depth", "Hip bend of at least 50°, and the hamstring stretch is felt.", Evidence.MEASURE),
            _when("dowel.top", "No lean back at the top; pain 0 to 2 of 10.", Evidence.FORM),
        ),
        falls="three failed checks in a row at the wall; two worse mornings in a row at the wall",
        origin="D.3 ST4 (S14 S20 S23); numbers judgement",
    ),
    StageRule(
        Stage.WALL,
        entry="The dowel stage is passed.",
        may_override=False,
        exit=(
            _when(
                "wall.touches", "Heels 25 to 30 cm (10-12 in) from the wall, 3 × 10 light touches, in two sessions in a row.", Evidence.FORM
            ),
            _when("wall.shape", "Shin within 10° of upright, knee bend 10-30°.", Evidence.MEASURE),
            _when("wall.stretch", "The hamstring stretch is felt; from the floor up: knees, hips, shoulders.", Evidence.FORM),
        ),
        falls="three failed checks in a row at the lowest RDL rung; two worse mornings in a row in the RDL; a stop that was answered",
        origin="D.3 ST5 (S17 S45 S46); numbers judgement",
    ),
    StageRule(
        Stage.RDL,
        entry="The wall stage is passed, and the hinge scores 7 or more. Load waits for the active leg raise.",
        exit=(
            _when("rdl.weeks", "At least four weeks in this stage.", Evidence.TIME),
            _when(
                "rdl.sets",
                "3 × 8 with 3 s on the way down, no bounce, every point of form kept, in three sessions in a row.",
                Evidence.FORM,
            ),
            _when(
                "rdl.load",
                "A load of at least a quarter of body weight, or the goal load that the trainer states.",
                Evidence.MEASURE,
            ),
            _when("rdl.pain", "Pain 0 to 2 of 10 in these three sessions and on the morning after each.", Evidence.TICKS),
        ),
        falls="three failed checks in a row at the lowest single-leg rung; two worse mornings in a row there; a stop that was answered",
        origin="D.3 ST6 (S47-S50); numbers judgement",
    ),
    StageRule(
        Stage.SINGLE_LEG,
        entry="The RDL is passed, R51 does not hold it, and she stands on either leg for 10 s. Always optional.",
        exit=(
            _when("single_leg.hinge", "Free single-leg hinge, 2 × 8 without load, in two sessions in a row, on each leg.", Evidence.FORM),
            _when("single_leg.slh5", "Single-leg hinge held for 5 s at 45° on each leg.", Evidence.REGRADE),
            _when("single_leg.level", "The pelvis stays level on each leg.", Evidence.MEASURE),
            _when("single_leg.equal", "Both legs keep the form, with at most one repetition between them.", Evidence.FORM),
            _when("single_leg.sets", "2 × 8 each side with the same load, in three sessions in a row.", Evidence.FORM),
        ),
        never=("single_leg.hinge", "single_leg.slh5", "single_leg.level", "single_leg.equal"),
        falls="a stop that was answered",
        origin="D.3 ST7 and SL_LOAD_GATE (S51-S54; 5 s at 45 degrees: MONN12); numbers judgement",
    ),
)
"""The seven stages. The article names the contacts, the distance, the order and both legs; the numbers are judgement."""

_RULE: Final = {one.stage: one for one in STAGES}

EXIT: Final[Mapping[Stage, tuple[Criterion, ...]]] = {one.stage: one.exit for one in STAGES}
"""Exit criteria as sentences for the client."""

ONE_IS_ENOUGH: Final = tuple(one.stage for one in STAGES if one.exit_any)
"""Stages whose exit needs any one criterion; the others need all."""

NOTED: Final = ("flexibility.regraded", "flexibility.four_weeks", "smr.regraded")
"""Criteria for which a trainer's word needs a note that says why (D.3; for what a key leaves untrained judgement)."""

PER_LEG: Final = ("single_leg.hinge", "single_leg.slh5", "single_leg.level")
"""Criteria that are shown by each leg."""

GATE: Final = (*PER_LEG, "single_leg.equal")
"""The parts of the single-leg gate (S53): all of them, before any load on one leg."""

GATES: Final[Mapping[str, str]] = {"SL_LOAD_GATE": "The single-leg gate, on both legs"}
"""What an exercise may name as its gate before load; whatever it names, all that loads one leg waits for this one."""

FALLS: Final = ("fall.form", "fall.morning", "fall.stop")
ENTRIES: Final = (
    "stop",
    "dowel.order",
    "wall.order",
    "rdl.order",
    "single_leg.order",
    "rdl.hinge8",
    "single_leg.balance",
    "R51",
)
RUNG_RULES: Final = ("rungs", "rdl.aslr", "rdl.kettlebell", "rdl.first_load", "single_leg.gate", "R50", "rdl.recheck_wall", "rdl.rescreen")
OTHERS: Final = ("practice.missed", "upkeep", "override.wall", "override.gate")
RULE_IDS: Final = (*(criterion.id for one in STAGES for criterion in one.exit), *ENTRIES, *RUNG_RULES, *FALLS, *OTHERS)
"""Every rule of this module by its id: what `without` may name.

R52 holds load as R50 does; with it the same key takes every loaded exercise out of the plan, so no history can tell.
"""

STRENGTH_TESTS: Final = (*(test.id for test in BATTERY if test.section is Section.STRENGTH), "STEPDOWN")
"""Tests whose clear findings ask for two weeks of strengthening: those of strength, and the step-down, named by its exit (judgement)."""


def exit_for(stage: Stage, grades: Iterable[Grade]) -> tuple[Criterion, ...]:
    """The exit criteria of a stage: a time to stay is asked only where a finding is clear enough for it.

    `grades` are those of the findings behind the stage; of strengthening those of every test of strength, whether an exercise rests on it
    or not (D.3: any strength grade).
    """
    stays = any(grade in (2, 3) for grade in grades)
    return tuple(one for one in EXIT[stage] if stays or one.evidence is not Evidence.TIME or stage in LADDER)


# --- what comes out -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that has to be shown first: its id and a sentence."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class CriterionStanding:
    """One exit criterion, for one leg or for both.

    `shown` says by what it is shown so far, with days; `missing` what is still to do, None when it is met. `word_is_enough` says that only
    the trainer's word is missing; `tests` names the tests and sides that alone are, once measuring them again makes sense.
    """

    id: str
    text: str
    side: Side
    evidence: Evidence
    always: bool
    met: bool
    shown: str
    missing: str | None
    word_is_enough: bool = False
    tests: tuple[tuple[str, Side], ...] = ()

    @property
    def key(self) -> str:
        """The id, with the leg where there is one."""
        return self.id if self.side is Side.BOTH else f"{self.id}/{self.side}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a trainer should look at; `is_old` says that she has screened since."""

    text: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class RungStanding:
    """One exercise of a stage whose exercises open one at a time; `waits` says for what, `is_due` that it is the one to practise.

    One that is open may wait, too: for its first load.
    """

    exercise: str
    name: str
    loaded: bool
    is_open: bool
    is_due: bool
    earned_on: date | None
    waits: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class StageProgress:
    """One stage: where she stands and why, what is shown and what is missing, and how it was passed or fell back.

    `waits` are entry conditions other than the stage before. `legs` are the legs signed off, for the single leg.
    """

    stage: Stage
    state: StageState
    locked_because: str | None
    criteria: tuple[CriterionStanding, ...]
    exit_any: bool = False
    waits: tuple[Missing, ...] = ()
    rungs: tuple[RungStanding, ...] = ()
    opened_on: date | None = None
    passed_on: date | None = None
    passed_by: str = ""
    note: str = ""
    override_reason: str | None = None
    legs: tuple[Side, ...] = ()
    fell: Fall | None = None
    fell_because: str | None = None

    @property
    def missing(self) -> tuple[CriterionStanding, ...]:
        """The criteria that keep it from being passed; none where one that is met is enough."""
        return _lacking(self, ())


@dataclass(frozen=True, slots=True)
class StageStanding:
    """Where a client stands in one stage: `locked_because` in plain words, `met` the ids of the exit criteria that are shown."""

    stage: Stage
    state: StageState
    locked_because: str | None
    met: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exit:
    """A stage that was passed on the day `on`, and the tests and sides of it that are to be measured since."""

    stage: Stage
    on: date
    tests: tuple[tuple[str, Side], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a client stands on a day.

    `stops` are those that practice brought up and nobody has answered; `is_stopped` counts those of a screen too. `held` are keys of items
    that rest today, `painful` exercises that stay out, `upkeep` keys of items that stay due in passed stages, `evened` tests whose sides
    differ no longer, `exits` what is to be measured since a stage was passed. `practised_on` and `away_on` are the newest day with a set
    done and the day on which the newest break before it had become a lay-off. `loads` is what she is shown for each loaded exercise in kg.
    `notes` are for the trainer.
    """

    on: date
    stages: tuple[StageProgress, ...]
    is_stopped: bool = False
    stops: tuple[PracticeStop, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    loads: Mapping[str, float] = field(default_factory=dict)
    load_reached_kg: float | None = None
    rdl_sets: int = 2
    rdl_tempo: str = "3-1-1-1"
    easier_week: EasierWeek | None = None
    easier_week_on_one_leg: EasierWeek | None = None
    is_halved: bool = False
    held: tuple[str, ...] = ()
    painful: tuple[str, ...] = ()
    is_slack: bool = False
    upkeep: tuple[str, ...] = ()
    screened_on: date | None = None
    practised_on: date | None = None
    away_on: date | None = None
    weaker_leg: Side | None = None
    evened: tuple[str, ...] = ()
    exits: tuple[Exit, ...] = ()
    notes: tuple[Note, ...] = ()
    without: frozenset[str] = frozenset()

    def of(self, stage: Stage) -> StageProgress:
        """The standing of one stage; KeyError where the plan has none."""
        for one in self.stages:
            if one.stage is stage:
                return one
        raise KeyError(stage)

    def easier_week_of(self, stage: Stage) -> EasierWeek | None:
        """The easier week of a stage with load that lasts now."""
        return {Stage.RDL: self.easier_week, Stage.SINGLE_LEG: self.easier_week_on_one_leg}.get(stage)

    def until_screened(self) -> "Progress":
        """The same with nothing to practise: whatever is open waits for a complete screen."""
        because = Missing("screen", "A complete screen comes first.")
        stages = (
            replace(one, state=StageState.LOCKED, locked_because=because.text, waits=(because,))
            if one.state in (StageState.OPEN, StageState.OPTIONAL)
            else one
            for one in self.stages
        )
        return replace(self, stages=tuple(stages), proposals=(), loads={})

    @property
    def standings(self) -> tuple[StageStanding, ...]:
        """The small face: state, why locked, and what is met of each stage."""
        return tuple(
            StageStanding(
                one.stage,
                one.state,
                one.locked_because,
                tuple(it.id for it in _unique(one.criteria) if all(other.met for other in one.criteria if other.id == it.id)),
            )
            for one in self.stages
        )

    def proposal_of(self, exercise: str) -> Proposal | None:
        """The next load of an exercise; None where none is to be confirmed."""
        return next((one for one in self.proposals if one.exercise == exercise), None)

    def rung_due(self, stage: Stage) -> str | None:
        """The exercise to practise of a stage whose exercises open one at a time."""
        return next((one.exercise for one in self.of(stage).rungs if one.is_due), None)


def _unique(criteria: Iterable[CriterionStanding]) -> tuple[CriterionStanding, ...]:
    return tuple({one.id: one for one in criteria}.values())


def stage_states(plan: Plan) -> tuple[StageStanding, ...]:
    """The standing in each stage of `plan` as long as nothing has been signed off, in the order of the stages."""
    return tuple(StageStanding(one.stage, one.starts, _locked_because(plan, one)) for one in plan.stages)


def _locked_because(plan: Plan, one: StagePlan) -> str | None:
    words = _why_empty(plan, one)
    if one.starts is StageState.LOCKED:
        words.extend(f"{lock.because} Until {lock.until}." for lock in one.locks if not lock.loaded_only)
        words.append(_opens_when(plan, one.stage))
    return " ".join(words) or None


def _why_empty(plan: Plan, one: StagePlan) -> list[str]:
    """Why a stage that asks for something has nothing to do, and what helps; of one that the trainer emptied her own words stand below."""
    if one.emptied_by:
        what = "; ".join(label_of(key) for key in one.emptied_by)
        return [f"Nothing is left here ({what}). It passes on the trainer's word."]
    if one.items or one.starts is StageState.NOT_INDICATED or not any((slug, one.stage) in asked() for slug in plan.gaps):
        return []
    lacked = "When this plan was made, the library lacked the exercises that the rules name for this stage."
    return [f"{lacked} Once an admin has brought one back, a new plan has it."]


def _opens_when(plan: Plan, stage: Stage, passed: Iterable[Stage] = ()) -> str:
    place = LADDER.index(stage)
    if place:
        return f"Opens when the {_label(LADDER[place - 1])} stage is passed."
    needed = [
        _label(one.stage)
        for one in plan.stages
        if one.stage in PREPARING and one.starts is not StageState.NOT_INDICATED and one.stage not in passed
    ]
    names = needed[0] if len(needed) == 1 else f"{', '.join(needed[:-1])} and {needed[-1]}"
    return f"Opens when {names} {'is' if len(needed) == 1 else 'are'} passed."


def _label(stage: Stage) -> str:
    label = STAGE_LABELS[stage]
    return label if stage is Stage.RDL else label[0].lower() + label[1:]


# --- progress -------------------------------------------------------------------------------------------------------


def progress(
    plan: Plan,
    events: Iterable[PracticeEvent],
    sign_offs: Iterable[SignOff],
    screens: Iterable[Screened],
    today: date,
    *,
    checks: Iterable[FormCheck] = (),
    loads: Iterable[LoadSet] = (),
    stops: Iterable[Stopped] = (),
    began: date,
    without: frozenset[str] = frozenset(),
) -> Progress:
    """Where a client stands on `today`, after everything that happened up to then; in whatever order and however often it is told.

    `began` is the day of her first plan. Nothing after `today` counts.
    """
    told = days(events, checks=checks, sign_offs=sign_offs, loads=loads, screens=screens, stops=stops)
    track = replay((day for day in told if day.on <= today), start(plan, began), without=without)
    return standing(track, plan, today, without=without)


def standing(track: Track, plan: Plan, today: date, *, without: frozenset[str] = frozenset()) -> Progress:
    """What a track says on a day, which is not before its last one."""
    view = View(track, plan, today, without)
    stages = tuple(_stage(view, one) for one in plan.stages)
    stopped = track.is_stopped and "stop" not in without
    one_sided = [one.exercise for one in track.one_sided.exercises]
    confirmed = {slug: loading.shown_kg(track.load, slug, today, without=without) for slug in loading.LOADED}
    confirmed |= {slug: loading.shown_kg(track.one_sided, slug, today, without=without) for slug in one_sided}
    return Progress(
        on=today,
        stages=stages,
        is_stopped=stopped,
        stops=track.pain.stops,
        proposals=tuple(_proposals(view)),
        loads={slug: kg for slug, kg in confirmed.items() if kg is not None and not stopped},
        load_reached_kg=track.best_kg,
        rdl_sets=loading.target_sets(track.load, today, without=without),
        rdl_tempo=loading.tempo(track.load, today, without=without),
        easier_week=loading.easier_week(track.load, today, without=without),
        easier_week_on_one_leg=loading.easier_week(track.one_sided, today, without=without),
        is_halved=pain.halved(track.pain, today),
        held=pain.held(track.pain, today),
        painful=track.pain.painful_exercises,
        is_slack=_is_slack(view),
        upkeep=_upkeep(view),
        screened_on=track.screened_on,
        practised_on=track.practised_on,
        away_on=track.away_on,
        weaker_leg=weaker_leg(track),
        evened=tuple(dict.fromkeys(key.split("/")[0] for key, one in track.measures.items() if not one.asymmetry)),
        exits=tuple(_exits(view, stages)),
        notes=tuple(_notes(view)),
        without=without,
    )


def _exits(view: View, stages: Iterable[StageProgress]) -> Iterable[Exit]:
    """What passing a stage asks to be measured again (D.5), in the order of the stages.

    What was measured less than two weeks before the sign-off, or since, is not: by D.6, 16 it would say nothing new (judgement).
    """
    for one in stages:
        if one.passed_on is not None:
            lines = ((test, side, view.track.measure(test, side)) for test, side in stage_lines(view.plan, one.stage))
            tests = tuple((test, side) for test, side, known in lines if known is None or (one.passed_on - known.on).days >= DWELL_DAYS)
            if tests:
                yield Exit(one.stage, one.passed_on, tests)


# --- criteria -------------------------------------------------------------------------------------------------------


def _stage(view: View, one: StagePlan) -> StageProgress:
    track, stage = view.track, one.stage
    state = view.state(stage)
    rule = _RULE[stage]
    waiting = _entry(view, one, state)
    signed = [track.signed[key] for key in track.signed if key.split("/")[0] == stage]
    passed = max(signed, key=lambda it: it.on) if signed and state is StageState.PASSED else None
    fell = next((it for it in reversed(track.falls) if it.stage is stage and it.rung is None and not it.is_note), None)
    fell = None if state is StageState.PASSED or (signed and fell and max(it.on for it in signed) >= fell.on) else fell
    return StageProgress(
        stage=stage,
        state=state,
        locked_because=_why_locked(view, one, state, waiting),
        criteria=() if state is StageState.NOT_INDICATED else tuple(_criteria(view, one)),
        exit_any=rule.exit_any,
        waits=waiting,
        rungs=tuple(_rungs(view, one)) if stage in RUNG_STAGES else (),
        opened_on=_opened_on(view, stage, state),
        passed_on=passed.on if passed else None,
        passed_by=passed.by if passed else "",
        note=passed.note if passed else "",
        override_reason=passed.override_reason if passed else None,
        legs=tuple(leg for leg in SIDES if f"{stage}/{leg}" in track.signed) if stage is Stage.SINGLE_LEG else (),
        fell=fell,
        fell_because=_fell_because(fell) if fell else None,
    )


def _opened_on(view: View, stage: Stage, state: StageState) -> date | None:
    if state is StageState.NOT_INDICATED:
        return None
    return view.track.asked_for(stage).on if stage in PREPARING else view.track.opened.get(stage)


def _grades(track: Track, one: StagePlan) -> Iterable[Grade]:
    """The grades by which a stage has a time to stay, unless it is empty.

    Of strengthening a grade that was clear at first counts: a new one says something two weeks later.
    """
    if one.stage is not Stage.STRENGTHENING:
        return tuple(found.grade for found in one.findings) if one.items else ()
    known = (known for test in STRENGTH_TESTS for side in Side if (known := track.measures.get(f"{test}/{side}")) is not None)
    return tuple(grade for measure in known for grade in (measure.first_grade, measure.grade))


def _criteria(view: View, one: StagePlan) -> Iterable[CriterionStanding]:
    for criterion in exit_for(one.stage, _grades(view.track, one)):
        for side in SIDES if criterion.id in PER_LEG else (Side.BOTH,):
            found = shown(criterion.id, view, side)
            if criterion.id in view.without:
                found = Shown(met=True, shown="")
            elif not found.met and one.emptied_by and not one.items:
                found = replace(found, word_is_enough=True, tests=())
            yield CriterionStanding(
                criterion.id,
                criterion.text,
                side,
                criterion.evidence,
                criterion.always,
                met=found.met,
                shown=found.shown,
                missing=None if found.met else found.missing,
                word_is_enough=not found.met and found.word_is_enough,
                tests=() if found.met else found.tests,
            )


# --- locked, rungs, falls -------------------------------------------------------------------------------------------

_STOPPED: Final = Missing("stop", "A professional's answer comes first.")


def _entry(view: View, one: StagePlan, state: StageState) -> tuple[Missing, ...]:
    """What a locked stage waits for, other than the stages before it."""
    if state is not StageState.LOCKED:
        return ()
    if view.track.is_stopped and "stop" not in view.without:
        return (_STOPPED,)
    if one.stage not in RUNG_STAGES or not before_is_passed(view.track, one.stage, without=view.without):
        return ()
    texts = {
        "rdl.hinge8": f"The hinge scores {HINGE8_LEAST} or more of 8 when it is measured.",
        "single_leg.balance": f"Standing on one leg for {SLS_LEAST_S} s or more, on both sides.",
    }
    texts |= {lock.rule: f"{lock.because} Until {lock.until}." for lock in one.locks}
    return tuple(Missing(id, texts[id]) for id in waits(view.track, one.stage, without=view.without))


def _why_locked(view: View, one: StagePlan, state: StageState, waiting: tuple[Missing, ...]) -> str | None:
    words = _why_empty(view.plan, one) if state is not StageState.PASSED else []
    if state is StageState.LOCKED:
        words.extend(missing.text for missing in waiting)
        if not waiting:
            words.extend(f"{lock.because} Until {lock.until}." for lock in one.locks if not lock.loaded_only)
            passed = [stage for stage in PREPARING if stage in view.track.signed]
            words.append(_opens_when(view.plan, one.stage, passed))
    return " ".join(words) or None


_RUNG_TEXTS: Final[Mapping[str, str]] = {
    "rdl.aslr": "The active leg raise has to be measured on both sides before any load.",
    "rdl.kettlebell": f"The bar comes after 3 × 8 with {LIGHTEST_BAR_KG:g} kg or more with the kettlebell, seen by a trainer.",
    "rdl.first_load": "A trainer confirms the first load; until then the one before it is practised.",
    "rdl.recheck_wall": "After a break of three weeks the wall hinge is checked once more.",
    "rdl.rescreen": "After a break of more than four weeks a new screen comes first.",
    "single_leg.gate": "Both legs pass the single-leg gate before any load.",
}


def _rungs(view: View, one: StagePlan) -> Iterable[RungStanding]:
    track, stage = view.track, one.stage
    is_practised = view.is_practised(stage)
    opened = {rung.exercise for rung in open_rungs(track, stage, view.today, without=view.without)} if is_practised else set()
    due = due_rung(track, stage, view.today, without=view.without) if is_practised else None
    texts = {**_RUNG_TEXTS, **{lock.rule: f"{lock.because} Until {lock.until}." for lock in one.locks}}
    if KETTLEBELL not in {rung.exercise for rung in track.course.rungs.get(stage, ())} - set(track.pain.painful_exercises):
        texts["rdl.kettlebell"] += " This plan has no kettlebell: the bar waits until a plan has one again."
    names = {item.exercise: item.name for item in one.items}
    for rung in track.course.rungs.get(stage, ()):
        waiting = rung_waits(track, stage, rung, view.today, without=view.without)
        if rung.exercise in opened:
            waiting = ("rdl.first_load",) if lacks_load(track, rung, without=view.without) else ()
        yield RungStanding(
            rung.exercise,
            names.get(rung.exercise, rung.exercise),
            rung.loaded,
            is_open=rung.exercise in opened,
            is_due=rung == due,
            earned_on=track.earned.get(rung.exercise),
            waits=tuple(Missing(id, texts.get(id, id)) for id in waiting),
        )


def _fell_because(fall: Fall) -> str:
    match fall.why:
        case "form":
            why = f"form was not kept in {FAILS_TO_FALL} checks in a row"
        case "morning":
            why = "the morning after was worse twice in a row"
        case "stop":
            why = "there was a stop, and a professional has answered"
        case never:
            assert_never(never)
    return f"On {on_day(fall.on)} we went back to this stage, because {why}. What is shown from then on counts."


def _proposals(view: View) -> Iterable[Proposal]:
    """The next loads of what is practised, and of what is open and waits for its first; of the RDL, and on one leg."""
    for stage in RUNG_STAGES:
        if not view.is_practised(stage):
            continue
        for rung in dict.fromkeys((due_rung(view.track, stage, view.today, without=view.without), view.top(stage))):
            found = None if rung is None else _proposal(view, stage, rung)
            if found is not None:
                yield found


def _proposal(view: View, stage: Stage, rung: Rung) -> Proposal | None:
    track = view.track
    fell = _fallen_rung(view, stage, rung)
    if not rung.loaded:
        if fell is None or "LOAD_REGRESS" in view.without:
            return None
        return Proposal(
            fell, None, 0.0, "regress", "Form was not kept in three checks in a row: the exercise before it first, without load."
        )
    return loading.propose(
        track.one_sided if rung.per_side else track.load,
        exercise=rung.exercise,
        regressed=fell is not None,
        person=track.person,
        cleared_condition=track.cleared,
        today=view.today,
        one_sided=rung.per_side,
        without=view.without,
    )


def _fallen_rung(view: View, stage: Stage, rung: Rung) -> str | None:
    """The loaded exercise just above `rung` that fell to it, until checks of `rung` pass or the stage opens anew."""
    track = view.track
    rungs = track.course.rungs.get(stage, ())
    above = [one.exercise for one in rungs[rungs.index(rung) + 1 :][:1] if one.loaded]
    newest = [track.newest_of(rung.exercise, side) for side in (SIDES if rung.per_side else (Side.BOTH,))]
    opened = track.opened.get(stage)
    for one in track.falls:
        is_over = (opened is not None and opened > one.on) or all(
            check is not None and check.performed_on > one.on and passes(check) for check in newest
        )
        if one.rung in above and not is_over:
            return one.rung
    return None


KNEE_BEND_TOLERATED_DEG: Final = 5
KNEE_BEND_FLAGGED_DEG: Final = 10
"""D.4: how much more the knees may bend with load than without, and from where on a trainer is told (VIG15; numbers judgement)."""


def _knee_bend(view: View) -> Iterable[Note]:
    """Whether the knees bend much more with load: the newest measured RDL with load beside the newest measured hinge without."""
    names = {item.exercise: item for stage in view.plan.stages for item in stage.items}
    seen = [
        (check.performed_on, bend, names[check.exercise].loaded)
        for check in view.track.newest.values()
        if check.exercise in names and isinstance(bend := check.seen.get("knee_bend_deg"), (int, float)) and not isinstance(bend, bool)
    ]
    loaded, free = ([(on, bend) for on, bend, is_loaded in seen if is_loaded is wanted] for wanted in (True, False))
    if not loaded or not free:
        return
    (on, bend), (_, before) = max(loaded), max(free)
    if bend - before >= KNEE_BEND_FLAGGED_DEG:
        text = (
            f"{on_day(on)}: the knees bent {number(bend)}° with load, {number(before)}° without. "
            f"Up to {KNEE_BEND_TOLERATED_DEG}° more is usual; {KNEE_BEND_FLAGGED_DEG}° or more is worth a look at the hinge."
        )
        screened_on = view.track.screened_on
        yield Note(text, screened_on is not None and on < screened_on)


def _notes(view: View) -> Iterable[Note]:
    yield from _knee_bend(view)
    screened_on = view.track.screened_on
    for fall in view.track.falls:
        is_old = screened_on is not None and fall.on < screened_on
        if fall.is_note:
            text = "three checks in a row failed at the dowel, or two mornings were worse: look at the drill."
        elif fall.rung is not None:
            text = f"three checks of this exercise in a row failed ({fall.rung}), so the one before it is due again."
        else:
            continue
        yield Note(f"{on_day(fall.on)}: {text}", is_old)


# --- sides, upkeep, slack -------------------------------------------------------------------------------------------


def weaker_leg(track: Track) -> Side | None:
    """The leg that goes first: by the newest checks of the free hinge, then by the tests on one leg; None where they do not differ."""
    left, right = (track.newest_of("sl-hinge", leg) for leg in SIDES)
    if left is not None and right is not None:
        ranks = [(passes(one), one.reps or 0) for one in (left, right)]
        if ranks[0] != ranks[1]:
            return Side.LEFT if ranks[0] < ranks[1] else Side.RIGHT
    for test in ("SLH5", "SLS"):
        known = track.measure(test, Side.LEFT)
        if known is not None and known.asymmetry and known.worse is not None:
            return known.worse
    return None


def _is_slack(view: View) -> bool:
    """Each of the last three full weeks since the plan began has fewer than half of its sessions; days of a stop are excused."""
    if "practice.missed" in view.without:
        return False
    monday = view.today - timedelta(days=view.today.weekday())
    for back in range(1, SLACK_WEEKS + 1):
        first = monday - timedelta(weeks=back)
        last = first + timedelta(days=6)
        if first < view.track.began or any(opened <= last and closed >= first for opened, closed in view.track.stop_spans):
            return False
        if 2 * sum(first <= day <= last for day in view.track.active_days) >= SLACK_SESSIONS:
            return False
    return True


def _upkeep(view: View) -> tuple[str, ...]:
    """The keys of what stays due in passed stages: two exercises of strengthening, and stretches that a newer screen asks for."""
    if "upkeep" in view.without:
        return ()
    keys: list[str] = []
    for one in view.plan.stages:
        if view.state(one.stage) is not StageState.PASSED:
            continue
        if one.stage is Stage.STRENGTHENING:
            first = list(dict.fromkeys(item.exercise for item in one.items if item.every_session))[:UPKEEP_ITEMS]
            keys.extend(item.key for item in one.items if item.exercise in first)
        elif one.stage in PREPARING:
            signed = view.track.signed[one.stage]
            keys.extend(item.key for item in one.items if _asks_anew(view, item, signed.on))
    return tuple(keys)


def _asks_anew(view: View, item: Item, since: date) -> bool:
    for reason in item.reasons:
        if reason.finding is not None:
            known = view.track.measure(reason.finding.test, reason.finding.side)
            if known is not None and known.on > since and known.grade in (2, 3):
                return True
    return False


# --- signing --------------------------------------------------------------------------------------------------------


def _lacking(one: StageProgress, words: Iterable[str], side: Side = Side.BOTH) -> tuple[CriterionStanding, ...]:
    """The criteria that are missing, with the trainer's word for `words`, on a leg or on both."""
    vouched = set(words)

    def is_met(it: CriterionStanding) -> bool:
        return it.met or (it.word_is_enough and it.id in vouched)

    asked = [it for it in one.criteria if side is Side.BOTH or it.side in (side, Side.BOTH)]
    always = [it for it in asked if it.always or not one.exit_any]
    either = [it for it in asked if one.exit_any and not it.always]
    lacks = [it for it in always if not is_met(it)]
    if either and not any(is_met(it) for it in either):
        lacks += either
    return tuple(it for it in asked if it in lacks)


def due_tests(progress: Progress) -> Mapping[Stage, tuple[tuple[str, Side], ...]]:
    """For each open stage to which nothing but a test is lacking, the tests and sides that are to be measured again now."""
    found: dict[Stage, tuple[tuple[str, Side], ...]] = {}
    for one in progress.stages:
        if one.state is StageState.OPEN or (one.state is StageState.OPTIONAL and one.stage is Stage.SINGLE_LEG):
            lacks = [it for it in one.missing if it.always or not one.exit_any]
            either = [it for it in one.missing if one.exit_any and not it.always and it.tests]
            if all(it.tests for it in lacks) and (either or not one.exit_any):
                tests = tuple(dict.fromkeys(test for it in (*lacks, *either) for test in it.tests))
                if tests:
                    found[one.stage] = tests
    return found


def blocking(progress: Progress, stage: Stage) -> tuple[Missing, ...]:
    """What has to be shown before a locked stage opens: what it waits for, else the stages before it; nothing when it is open."""
    one = progress.of(stage)
    if one.state not in (StageState.LOCKED, StageState.OPTIONAL) or (one.state is StageState.OPTIONAL and stage is Stage.SINGLE_LEG):
        return ()
    if one.waits:
        return one.waits
    before = PREPARING if stage is Stage.DOWEL else LADDER[LADDER.index(stage) - 1 : LADDER.index(stage)]
    open_before = [it for it in progress.stages if it.stage in before and it.state not in (StageState.PASSED, StageState.NOT_INDICATED)]
    found = [Missing(f"{it.stage}.passed", f"The {_label(it.stage)} stage is not passed yet.") for it in open_before]
    return tuple(found)


def can_sign(
    progress: Progress,
    stage: Stage,
    side: Side = Side.BOTH,
    *,
    words: Iterable[str] = (),
    note: str = "",
    goal_load_kg: float | None = None,
    override_reason: str | None = None,
) -> tuple[Missing, ...]:
    """What keeps a trainer from signing a stage off (for the single leg: one leg or both); nothing when she may.

    `words` are ids of criteria that she vouches for; ranges (`NOTED`) need a `note` with them. A reason of at least ten letters
    stands in for what is missing where D.3 allows it: never past a stop or a lock, never at the wall, never for the single-leg gate.
    """
    one = progress.of(stage)
    match one.state:
        case StageState.LOCKED:
            return blocking(progress, stage)
        case StageState.OPTIONAL if stage is not Stage.SINGLE_LEG:
            return blocking(progress, stage)
        case StageState.PASSED | StageState.NOT_INDICATED:
            return (Missing(f"{stage}.open", f"The {_label(stage)} stage is not open."),)
        case _:
            pass
    vouched = [id for id in words if id not in NOTED or note.strip()]
    found = [it for it in _lacking(one, vouched, side) if not (it.id == "rdl.load" and goal_is_reached(progress, goal_load_kg))]
    lacks = [Missing(it.key, it.missing or it.text) for it in found]
    if progress.is_slack:
        because = "Three weeks with less than half of the sessions: first practise again, with three exercises."
        lacks.append(Missing("practice.missed", because))
    if override_reason is None or not lacks:
        return tuple(lacks)
    if len(override_reason.strip()) < LEAST_REASON:
        return (*lacks, Missing("override.reason", f"A reason of at least {LEAST_REASON} letters."))
    rule = _RULE[stage]
    if not rule.may_override and "override.wall" not in progress.without:
        return tuple(lacks)
    never = () if "override.gate" in progress.without else rule.never
    return tuple(it for it in lacks if it.id.split("/")[0] in never)


def goal_is_reached(progress: Progress, goal_kg: float | None) -> bool:
    """Whether the goal load that a trainer states was carried in a session that counts."""
    return goal_kg is not None and progress.load_reached_kg is not None and progress.load_reached_kg >= goal_kg
