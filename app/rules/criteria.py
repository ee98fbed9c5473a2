"""What each exit criterion asks for and by what it is shown: the evidence in words, and in words what is still to do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Final

from app.rules.battery import BATTERY, TESTS, ScreenTest, number
from app.rules.documents import FindingRef, FormCheck, Plan, StagePlan
from app.rules.findings import whereabouts
from app.rules.history import on_day, passes
from app.rules.track import COUNTED, SIDES, Counted, Measure, Rung, Track, is_level, legs_are_equal, open_rungs, state_of
from app.rules.vocabulary import PREPARING, Side, Stage, StageState

DWELL_DAYS: Final = 14
DWELL_SESSIONS: Final = 6
"""D.3 and D.6, 16: two weeks or six sessions, to stay and before a test says something new (judgement)."""
RDL_DAYS: Final = 28
FOUR_WEEKS: Final = timedelta(days=28)
SHARE_TICKED: Final = (4, 5)
"""D.3: at least four weeks, 80 % of the sessions (judgement)."""
HIP_BEND_DEG: Final = 50
"""D.3: WAITER_PP, MONN12."""
SHIN_DEG: Final = 10
KNEE_BEND_DEG: Final = (10, 30)
"""D.3, exit of the wall stage; S13 names both without numbers (judgement)."""
PRESSURE_MOST: Final = 3
PAIN_MOST: Final = 2
"""D.3, of 10 (judgement)."""
SHARE_OF_BODY_WEIGHT: Final = (1, 4)
"""D.3: 25 % of body weight (judgement; the lighter of the loads of SCHELL13)."""


ALWAYS_ASKED: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.FLEXIBILITY: (),
    Stage.SMR: (),
    Stage.STRENGTHENING: ("STEPDOWN", "PLANK"),
    Stage.DOWEL: ("DOWEL3",),
    Stage.WALL: ("HINGE8",),
    Stage.RDL: ("HINGE8", "ASLR"),
    Stage.SINGLE_LEG: ("SLS", "SLH5"),
}
"""The tests that passing a stage, or opening the one after it, asks for in any plan (source: D.3)."""


def stage_lines(plan: Plan, stage: Stage) -> tuple[tuple[str, Side], ...]:
    """The tests of one stage with their sides, in the order of the battery: those behind its items, and those that it always asks for.

    Rolling is judged by the tests of flexibility as well.
    """
    parts = (Stage.FLEXIBILITY, Stage.SMR) if stage is Stage.SMR else (stage,)
    behind = {(found.test, found.side) for one in plan.stages if one.stage in parts for found in one.findings if found.grade != 0}
    return tuple((test.id, side) for test in BATTERY for side in test.sides if (test.id, side) in behind or test.id in ALWAYS_ASKED[stage])


def stage_tests(plan: Plan, stage: Stage) -> tuple[str, ...]:
    """The tests of one stage, in the order of the battery."""
    return tuple(dict.fromkeys(test for test, _ in stage_lines(plan, stage)))


@dataclass(frozen=True, slots=True)
class View:
    """What a criterion is judged by."""

    track: Track
    plan: Plan
    today: date
    without: frozenset[str]

    def state(self, stage: Stage) -> StageState:
        return state_of(self.track, stage, without=self.without)

    def is_practised(self, stage: Stage) -> bool:
        state = self.state(stage)
        return state in (StageState.OPEN, StageState.OPTIONAL) or (state is StageState.PASSED and stage is Stage.RDL)

    def top(self, stage: Stage) -> Rung | None:
        rungs = open_rungs(self.track, stage, self.today, without=self.without)
        return rungs[-1] if rungs else None

    def stage(self, stage: Stage) -> StagePlan | None:
        return next((one for one in self.plan.stages if one.stage is stage), None)

    def findings(self) -> tuple[FindingRef, ...]:
        """The findings outside reference that flexibility rests on, worst first."""
        stage = self.stage(Stage.FLEXIBILITY)
        behind = stage.findings if stage is not None else ()
        return tuple({(one.test, one.side): one for one in behind if one.grade in (1, 2, 3, "x")}.values())

    def trained(self) -> frozenset[tuple[str, Side]]:
        """The tests and sides that a stretch or roll of the plan rests on; what was taken out left its findings without one."""
        stages = [one for one in (self.stage(Stage.FLEXIBILITY), self.stage(Stage.SMR)) if one is not None]
        behind = (reason.finding for one in stages for item in one.items for reason in item.reasons)
        return frozenset((one.test, one.side) for one in behind if one is not None)


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether it is shown, by what, what is still to do, whether only the trainer's word is, and which tests alone are."""

    met: bool
    shown: str
    missing: str = ""
    word_is_enough: bool = False
    tests: tuple[tuple[str, Side], ...] = ()


def _listed(names: Iterable[str]) -> str:
    words = list(names)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _times(count: int) -> str:
    return f"{count} session" if count == 1 else f"{count} sessions"


def _row(criterion: str) -> Counted:
    return next(row for row in COUNTED if row.criterion == criterion)


def _counted(view: View, criterion: str, side: Side) -> Shown:
    """Sessions in a row of what holds the place of an exercise."""
    row = _row(criterion)
    if not view.track.course.places.get(criterion, ()):
        return _by_word("Nothing that the plan may hold shows this")
    found = _row_days(view.track, row, side)
    met = len(found) >= row.in_a_row
    shown = f"Seen on {_listed(on_day(day) for day in found)}." if found else ""
    dose = f"{row.sets} × {row.reps} seen by a trainer"
    missing = f"One session with {dose}." if row.once else f"{row.in_a_row} sessions in a row with {dose}: {len(found)} so far."
    return Shown(met=met, shown=shown, missing=missing)


def _by_word(because: str) -> Shown:
    return Shown(met=False, shown="", missing=f"{because}: it passes on the trainer's word.", word_is_enough=True)


def _row_days(track: Track, row: Counted, side: Side) -> tuple[date, ...]:
    def of(one: Side) -> tuple[date, ...]:
        return track.rows.get(f"{row.criterion}/{one}", ())

    if side is not Side.BOTH:
        return of(side)
    together, legs = of(Side.BOTH), min((of(leg) for leg in SIDES), key=len)
    return together if len(together) >= len(legs) else legs


def _place_check(view: View, criterion: str, side: Side = Side.BOTH) -> FormCheck | None:
    """The newest check of what holds the place of a criterion's exercise."""
    found = [check for slug in view.track.course.places.get(criterion, ()) if (check := view.track.newest_of(slug, side)) is not None]
    return max(found, key=lambda check: check.performed_on, default=None)


def _flexibility_dwell(view: View, _side: Side) -> Shown:
    asked = view.track.asked_for(Stage.FLEXIBILITY)
    stayed, sessions = (view.today - asked.on).days, view.track.sessions.get(Stage.FLEXIBILITY, 0) - asked.sessions
    return Shown(
        met=stayed >= DWELL_DAYS or sessions >= DWELL_SESSIONS,
        shown=f"{_days(stayed)} and {_times(sessions)} so far.",
        missing=f"Two weeks are over on {on_day(asked.on + timedelta(days=DWELL_DAYS))}; "
        f"{_times(max(DWELL_SESSIONS - sessions, 1))} more will do as well.",
    )


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _regraded(view: View, stage: Stage) -> Shown:
    findings = view.findings()
    if not findings:
        return Shown(met=True, shown="There is no range to measure again.")
    trained = view.trained()
    unmeasured: list[tuple[ScreenTest, Side]] = []
    lacks: list[str] = []
    again: list[tuple[str, Side]] = []
    shown: list[str] = []
    lacking: list[tuple[str, Side]] = []
    for finding in findings:
        name = _named(finding.test, finding.side)
        known = view.track.measure(finding.test, finding.side)
        if known is None or known.on == known.first_on or not _is_later(known, stage):
            unmeasured.append((TESTS[finding.test], finding.side))
        else:
            shown.append(
                f"{name}: {_amount(finding.test, known.value)} on {on_day(known.on)}, after {_amount(finding.test, known.first_value)}."
            )
            if known.grade in (0, 1):
                continue
            lacks.append(f"{name}: still clearly outside the range we use on {on_day(known.on)}.")
        lacking.append((finding.test, finding.side))
        if _may_measure(view, known, stage):
            again.append((finding.test, finding.side))
    tests = tuple(again) if len(again) == len(lacks) + len(unmeasured) else ()
    if unmeasured:
        lacks.insert(0, f"Measure again, two weeks or six sessions after the first time: {whereabouts(unmeasured)}.")
    on_word = bool(lacking) and trained.isdisjoint(lacking)
    if on_word:
        lacks.append(
            "The plan has no stretch and no rolling for this, so it passes on the trainer's word as well, with a note that says why."
        )
    return Shown(met=not lacks, shown=" ".join(shown), missing=" ".join(lacks), word_is_enough=on_word, tests=tests)


def _may_measure(view: View, known: Measure | None, stage: Stage) -> bool:
    """Whether it is late enough to measure again: two weeks or six sessions after the last time (D.6, 16)."""
    if known is None or (view.today - known.on).days >= DWELL_DAYS:
        return True
    if stage not in PREPARING:
        return False
    return view.track.sessions.get(stage, 0) - known.sessions[PREPARING.index(stage)] >= DWELL_SESSIONS


def _is_later(known: Measure, stage: Stage) -> bool:
    place = PREPARING.index(stage)
    return (known.on - known.first_on).days >= DWELL_DAYS or known.sessions[place] - known.first_sessions[place] >= DWELL_SESSIONS


def _named(test: str, side: Side) -> str:
    known = TESTS.get(test)
    name = test if known is None else known.short
    return name if side is Side.BOTH else f"{name}, {side}"


def _amount(test: str, value: float | None) -> str:
    known = TESTS.get(test)
    if value is None:
        return "seen"
    return number(value) if known is None else known.amount(value)


def _four_weeks(view: View, _side: Side) -> Shown:
    stage, track = view.stage(Stage.FLEXIBILITY), view.track
    per_week = min((item.dose.per_week[0] for item in (stage.items if stage is not None else ())), default=3)
    share, of = SHARE_TICKED
    wanted = ceil(4 * per_week * share / of)
    blocks = [0, 0, 0, 0]
    for day in track.flexibility_days:
        back = (view.today - day).days
        if 0 <= back < FOUR_WEEKS.days:
            blocks[back // 7] += 1
    ticked = sum(min(block, per_week) for block in blocks)
    lacks: list[str] = []
    over = track.asked_for(Stage.FLEXIBILITY).on + FOUR_WEEKS
    if view.today < over:
        lacks.append(f"Four weeks are over on {on_day(over)}.")
    if ticked < wanted:
        lacks.append(f"{wanted} of {4 * per_week} sessions of the last four weeks: {ticked} so far.")
    worst = _worst(view)
    if worst is None or not _is_better(*worst):
        lacks.append("The tightest range has to change by at least the test's noise.")
    shown = f"{ticked} of {4 * per_week} sessions in the last four weeks."
    if lacks:
        return Shown(met=False, shown=shown if ticked >= wanted else "", missing=" ".join(lacks))
    return Shown(met=False, shown=shown, missing="It passes on the trainer's word, with a note that says why.", word_is_enough=True)


def _worst(view: View) -> tuple[ScreenTest, Measure] | None:
    """The worst finding as it was first measured: the highest grade, then the bigger gap, then the battery's order."""
    named = {(one.test, one.side) for one in view.findings()}
    found = [
        (test, known)
        for test in BATTERY
        for side in test.sides
        if (test.id, side) in named and (known := view.track.measure(test.id, side)) is not None
    ]
    return max(found, key=lambda one: (_rank(one[1]), one[1].first_gap), default=None)


def _rank(known: Measure) -> int:
    return known.first_grade if isinstance(known.first_grade, int) else 4


def _is_better(test: ScreenTest, known: Measure) -> bool:
    if known.value is None or known.first_value is None or known.on == known.first_on:
        return False
    noise = test.asym if test.asym is not None else (test.asym_pct or 0) * max(abs(known.first_value), abs(known.value)) / 100
    change = known.first_value - known.value if test.better == "lower" else known.value - known.first_value
    return change > 0 and change >= noise


def _pressure(view: View, _side: Side) -> Shown:
    felt = view.track.pressures
    good = [day for day, one in felt if one is not None and one <= PRESSURE_MOST]
    shown = " ".join(f"{number(one)} of 10 on {on_day(day)}." for day, one in felt if one is not None)
    return Shown(
        met=len(felt) >= 2 and len(good) == len(felt),
        shown=shown,
        missing=f"Two sessions in which a trainer notes a pressure of {PRESSURE_MOST} of 10 or less.",
    )


def _strengthening_dwell(view: View, _side: Side) -> Shown:
    stayed = (view.today - view.track.began).days
    until = view.track.began + timedelta(days=DWELL_DAYS)
    return Shown(met=stayed >= DWELL_DAYS, shown=f"{_days(stayed)} so far.", missing=f"Two weeks are over on {on_day(until)}.")


def _curl(view: View, side: Side) -> Shown:
    found = _counted(view, "strengthening.curl", side)
    newest = _place_check(view, "strengthening.curl")
    if found.met and newest is not None and not passes(newest):
        return replace(found, met=False, missing=f"Not clean on {on_day(newest.performed_on)}: one more look.")
    return found


def _step_up(view: View, _side: Side) -> Shown:
    row = _row("strengthening.step_up")
    found = _counted(view, row.criterion, Side.BOTH)
    if found.word_is_enough:
        return found
    lacking = [leg for leg in SIDES if not _row_days(view.track, row, leg)]
    test = _mild(view, "STEPDOWN", SIDES)
    words = [f"One session with {row.sets} × {row.reps} seen by a trainer, {_listed(lacking)}."] if lacking else []
    return Shown(
        met=not lacking and test.met,
        shown=" ".join(filter(None, (found.shown, test.shown))),
        missing=" ".join([*words, *([] if test.met else [test.missing])]),
        tests=() if lacking else test.tests,
    )


def _mild(view: View, test: str, sides: tuple[Side, ...]) -> Shown:
    """The newest grade of a test on these sides is 0 or 1; not tested is not shown."""
    known = {side: view.track.measure(test, side) for side in sides}
    lacking = [side for side, one in known.items() if one is None or one.grade not in (0, 1)]
    said = (f"{_named(test, side)}: {_amount(test, one.value)} on {on_day(one.on)}." for side, one in known.items() if one is not None)
    late = all(_may_measure(view, known[side], Stage.STRENGTHENING) for side in lacking)
    return Shown(
        met=not lacking,
        shown=" ".join(said),
        missing=f"{_listed(_named(test, side) for side in lacking)}: within reference or only mildly outside it." if lacking else "",
        tests=tuple((test, side) for side in lacking) if late else (),
    )


def _plank(view: View, _side: Side) -> Shown:
    stage = view.stage(Stage.STRENGTHENING)
    holds = {item.exercise for item in stage.items} if stage is not None else set()
    if holds.isdisjoint(_PLANKS) and not any(one.exercise in _PLANKS and one.instead in holds for one in view.plan.removed):
        return _by_word("The plan holds no plank")
    return _mild(view, "PLANK", (Side.BOTH,))


_PLANKS: Final = ("plank", "plank-knee")


def _depth(view: View, _side: Side) -> Shown:
    check = _place_check(view, "dowel.contacts")
    bend = _number(check, "hip_bend_deg")
    felt = check is not None and check.seen.get("stretch_felt") is True
    met = bend is not None and bend >= HIP_BEND_DEG and felt
    words = ["no angle" if bend is None else f"{number(bend)}°", "stretch felt" if felt else "stretch not felt"]
    shown = "" if check is None else f"{_seen_on(check)}: {', '.join(words)}."
    missing = f"A trainer sees a hip bend of {HIP_BEND_DEG}° or more, and the stretch is felt."
    return _worded(view, "dowel.contacts", Shown(met, shown, missing))


def _top(view: View, _side: Side) -> Shown:
    check = _place_check(view, "dowel.contacts")
    met = check is not None and check.gate.get("lockout", False) and check.gate.get("pain", False)
    shown = "" if check is None else f"{_seen_on(check)}."
    missing = "A trainer sees each repetition end tall, without leaning back, with pain 0 to 2 of 10."
    return _worded(view, "dowel.contacts", Shown(met, shown, missing))


def _shape(view: View, _side: Side) -> Shown:
    check = _place_check(view, "wall.touches")
    shin, knee = _number(check, "shin_deg"), _number(check, "knee_bend_deg")
    least, most = KNEE_BEND_DEG
    met = shin is not None and abs(shin) <= SHIN_DEG and knee is not None and least <= knee <= most
    parts = [f"{name} {number(value)}°" for name, value in (("shin", shin), ("knee bend", knee)) if value is not None]
    shown = f"{_seen_on(check)}: {_listed(parts)}." if check is not None and parts else ""
    missing = f"A trainer measures a shin within {SHIN_DEG}° and a knee bend of {least}-{most}°."
    return _worded(view, "wall.touches", Shown(met, shown, missing))


def _stretch(view: View, _side: Side) -> Shown:
    check = _place_check(view, "wall.touches")
    met = check is not None and check.seen.get("stretch_felt") is True and check.gate.get("order", False)
    shown = "" if check is None else f"{_seen_on(check)}."
    missing = "The stretch is felt, and a trainer sees knees, hips and shoulders in order."
    return _worded(view, "wall.touches", Shown(met, shown, missing))


def _worded(view: View, criterion: str, found: Shown) -> Shown:
    """Where nothing holds the place, the trainer's word is enough."""
    return found if view.track.course.places.get(criterion, ()) else replace(found, word_is_enough=True)


def _seen_on(check: FormCheck) -> str:
    return f"Seen on {on_day(check.performed_on)}"


def _number(check: FormCheck | None, name: str) -> float | None:
    value = None if check is None else check.seen.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _weeks(view: View, _side: Side) -> Shown:
    opened = view.track.opened.get(Stage.RDL)
    if opened is None:
        return Shown(met=False, shown="", missing="Four weeks from the day on which it opens.")
    until = opened + timedelta(days=RDL_DAYS)
    return Shown(met=view.today >= until, shown=f"Open since {on_day(opened)}.", missing=f"Four weeks are over on {on_day(until)}.")


def _load(view: View, _side: Side) -> Shown:
    stage = view.stage(Stage.RDL)
    if stage is not None and not any(item.loaded for item in stage.items):
        return _by_word("The plan holds no load")
    best, person = view.track.best_kg, view.track.person
    weight = None if person is None else person.body_weight_kg
    shown = "" if best is None or view.track.best_on is None else f"{number(best)} kg for 3 × 8 on {on_day(view.track.best_on)}."
    if weight is None:
        missing = "A quarter of body weight (not weighed yet), or the goal load that the trainer states."
        return Shown(met=False, shown=shown, missing=missing)
    share, of = SHARE_OF_BODY_WEIGHT
    wanted = round(weight * share / of, 1)
    met = best is not None and best >= wanted
    return Shown(met=met, shown=shown, missing=f"{number(wanted)} kg for 3 × 8, or the goal load that the trainer states.")


def _rdl_pain(view: View, _side: Side) -> Shown:
    """Of the three newest sessions that a trainer saw, those of the row of three: pain in it and on each morning after (judgement)."""
    seen = view.track.seen
    lacks: list[str] = []
    if len(seen) < 3:
        lacks.append(f"Three sessions seen by a trainer: {len(seen)} so far.")
    if any((one.pain or 0) > PAIN_MOST or not one.gate_pain for one in seen):
        lacks.append("Three sessions in a row with pain 0 to 2 of 10.")
    if any((one.morning or 0) > PAIN_MOST for one in seen):
        lacks.append("Mornings after with pain 0 to 2 of 10.")
    untold = [on_day(one.on) for one in seen if one.morning is None]
    if untold:
        lacks.append(f"The morning after {_listed(untold)} is still to be told: no report is not 0.")
    said = [on_day(one.on) for one in seen if one.morning is not None]
    return Shown(met=not lacks, shown=f"Morning after reported for {_listed(said)}." if said else "", missing=" ".join(lacks))


def _slh5(view: View, side: Side) -> Shown:
    known = view.track.measure("SLH5", side)
    shown = "" if known is None else f"{_amount('SLH5', known.value)} on {on_day(known.on)}."
    tests = (("SLH5", side),) if _may_measure(view, known, Stage.SINGLE_LEG) else ()
    return Shown(met=known is not None and known.grade == 0, shown=shown, missing=f"Held for 5 s at 45°, {side}.", tests=tests)


def _level(view: View, side: Side) -> Shown:
    check = view.track.newest_of("sl-hinge", side)
    shown = "" if check is None else f"{_seen_on(check)}."
    missing = f"A trainer sees the pelvis level in the newest check, {side}."
    return _worded(view, "single_leg.hinge", Shown(is_level(view.track, side), shown, missing))


def _equal(view: View, _side: Side) -> Shown:
    checks = [view.track.newest_of("sl-hinge", leg) for leg in SIDES]
    seen = [
        f"{leg.capitalize()}: {one.reps} on {on_day(one.performed_on)}." for leg, one in zip(SIDES, checks, strict=True) if one is not None
    ]
    missing = "The newest check of each leg passes, with at most one repetition between them."
    return _worded(view, "single_leg.hinge", Shown(legs_are_equal(view.track), " ".join(seen), missing))


def _of_row(criterion: str) -> Callable[[View, Side], Shown]:
    return lambda view, side: _counted(view, criterion, side)


_SHOWN: Final[Mapping[str, Callable[[View, Side], Shown]]] = {
    "flexibility.dwell": _flexibility_dwell,
    "flexibility.regraded": lambda view, _side: _regraded(view, Stage.FLEXIBILITY),
    "flexibility.four_weeks": _four_weeks,
    "smr.regraded": lambda view, _side: _regraded(view, Stage.SMR),
    "smr.pressure": _pressure,
    "strengthening.dwell": _strengthening_dwell,
    "strengthening.bridge": _of_row("strengthening.bridge"),
    "strengthening.curl": _curl,
    "strengthening.step_up": _step_up,
    "strengthening.plank": _plank,
    "dowel.contacts": _of_row("dowel.contacts"),
    "dowel.depth": _depth,
    "dowel.top": _top,
    "wall.touches": _of_row("wall.touches"),
    "wall.shape": _shape,
    "wall.stretch": _stretch,
    "rdl.weeks": _weeks,
    "rdl.sets": _of_row("rdl.sets"),
    "rdl.load": _load,
    "rdl.pain": _rdl_pain,
    "single_leg.hinge": _of_row("single_leg.hinge"),
    "single_leg.slh5": _slh5,
    "single_leg.level": _level,
    "single_leg.equal": _equal,
    "single_leg.sets": _of_row("single_leg.sets"),
}


def shown(criterion: str, view: View, side: Side) -> Shown:
    """How an exit criterion stands, on a leg or (both) altogether; KeyError for an unknown one."""
    return _SHOWN[criterion](view, side)
