"""People over weeks, each a text that a coach can review: what happened on which day, and where she must stand then.

`python -m tests.rules.histories NAME` prints where a history's person stands at each checkpoint, beside what was expected. The texts in
`histories/` are worked out by hand from the rules; nothing here writes them.
"""

import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from app.rules import rescreen
from app.rules.documents import (
    MORNING,
    Clearance,
    FormCheck,
    Item,
    LoadSet,
    Measurement,
    Plan,
    PracticeEvent,
    Screen,
    Screened,
    SeenValue,
    SignOff,
    Stopped,
)
from app.rules.findings import findings
from app.rules.history import DayRecord, days, gate_keys
from app.rules.loading import may_confirm
from app.rules.plan import build_plan
from app.rules.progress import Progress, StageProgress, can_sign, due_tests, progress, standing
from app.rules.today import today as due_on
from app.rules.track import Track, replay, start
from app.rules.vocabulary import Feel, Side, SkipReason, Stage, StageState
from tests.rules.golden import STARTER_LIBRARY
from tests.rules.situations import ALWAYS_NOTED, SITUATIONS

FOLDER: Final = Path(__file__).parent / "histories"
DAY0: Final = date(2026, 1, 5)
FLAGS: Final = ("stretch_felt", "light_touch", "pelvis_level", "sore_over_72h")
TRAINER: Final = "Tess"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: on which day, what, and the words after it."""

    day: int
    verb: str
    words: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where she must stand on a day, as lines."""

    day: int
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One history: who, from what screen, and its steps and checkpoints in the order of the text."""

    name: str
    sentence: str
    person: str
    steps: tuple[Step | Checkpoint, ...]


def read(path: Path) -> Story:
    """A history from its file."""
    return parse(path.stem, path.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Story:
    """A history from its text; ValueError for a line that makes no sense."""
    lines = [line.rstrip() for line in text.splitlines()]
    steps: list[Step | Checkpoint] = []
    person = ""
    for line in lines[1:]:
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("person:"):
            person = line.removeprefix("person:").split("  ")[0].split("#")[0].strip()
        elif line.startswith(" "):
            last = steps[-1]
            if not isinstance(last, Checkpoint):
                raise ValueError(f"{name}: {line!r} follows no checkpoint")
            steps[-1] = replace(last, expected=(*last.expected, line.strip()))
        elif found := re.fullmatch(r"d(\d+)\?", line):
            steps.append(Checkpoint(int(found[1]), ()))
        elif found := re.fullmatch(r"d(\d+) (\S+) ?(.*)", line):
            steps.append(Step(int(found[1]), found[2], tuple(shlex.split(found[3])), line))
        else:
            raise ValueError(f"{name}: {line!r}")
    return Story(name, lines[0], person, tuple(steps))


def stories() -> tuple[Story, ...]:
    """Every history that is written."""
    return tuple(read(path) for path in sorted(FOLDER.glob("*.txt")))


# --- a person over time ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Life:
    """What has happened so far. `without` names rules that are left out; `refused` collects what did not go as the text says."""

    screen: Screen
    clearances: tuple[Clearance, ...] = ()
    without: frozenset[str] = frozenset()
    events: list[PracticeEvent] = field(default_factory=list)
    checks: list[FormCheck] = field(default_factory=list)
    sign_offs: list[SignOff] = field(default_factory=list)
    loads: list[LoadSet] = field(default_factory=list)
    screens: list[Screened] = field(default_factory=list)
    stops: list[Stopped] = field(default_factory=list)
    happened: list[tuple[date, str]] = field(default_factory=list)
    plans: list[tuple[date, Plan]] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    count: int = 0
    walked: Track | None = None
    known: tuple[DayRecord, ...] = ()

    @property
    def plan(self) -> Plan:
        return self.plans[-1][1]

    def plan_on(self, day: int) -> Plan:
        """The plan that was in force on a day."""
        return next(plan for made_on, plan in reversed(self.plans) if made_on <= self.on(day))

    def on(self, day: int) -> date:
        return DAY0 + timedelta(days=day)

    def stamp(self, on: date) -> tuple[str, datetime]:
        self.count += 1
        return f"{self.count:06}", datetime(on.year, on.month, on.day, 12, tzinfo=UTC) + timedelta(seconds=self.count)

    def progress(self, day: int) -> Progress:
        """Where she stands on a day; the days before it are walked once, as long as nothing else is told of them."""
        on = self.on(day)
        told = days(self.events, checks=self.checks, sign_offs=self.sign_offs, loads=self.loads, screens=self.screens, stops=self.stops)
        before = tuple(one for one in told if one.on < on)
        if self.walked is None or before[: len(self.known)] != self.known:
            self.walked, self.known = start(self.plan, DAY0), ()
        self.walked = replay(before[len(self.known) :], self.walked, without=self.without)
        self.known = before
        track = replay((one for one in told if one.on == on), self.walked, without=self.without)
        return standing(track, self.plan, on, without=self.without)

    def told_at_once(self, day: int) -> Progress:
        """The same, worked out from the start."""
        return progress(
            self.plan,
            self.events,
            self.sign_offs,
            self.screens,
            self.on(day),
            checks=self.checks,
            loads=self.loads,
            stops=self.stops,
            began=DAY0,
            without=self.without,
        )

    def take_screen(self, screen: Screen, on: date) -> None:
        self.screen = screen
        self.screens.append(Screened(len(self.screens) + 1, on, screen.person, findings(screen)))
        self.replan(on)

    def replan(self, on: date) -> None:
        plan = build_plan(self.screen, STARTER_LIBRARY, clearances=self.clearances)
        if plan.stages:
            self.plans.append((on, plan))
            self.walked = None

    def differ(self, step: Step, said: str) -> None:
        self.differences.append(f"{step.line}: {said}")


def who(story: Story, on: date = DAY0) -> tuple[Screen, tuple[Clearance, ...]]:
    """The first screen of a history's person, on day 0, and what a professional had answered to it."""
    found = re.fullmatch(r"situation ([\w-]+)(?:, (\d+) years)?(?:, (\S+) kg)?", story.person)
    if found is None:
        raise ValueError(f"{story.name}: {story.person!r}")
    situation = SITUATIONS[found[1]]
    person = situation.screen.person
    if found[2]:
        person = replace(person, age=int(found[2]))
    if found[3]:
        person = replace(person, body_weight_kg=None if found[3] == "-" else float(found[3]))
    return replace(situation.screen, taken_on=on, person=person), tuple(replace(one, cleared_on=on) for one in situation.clearances)


def begin(story: Story, without: frozenset[str] = frozenset()) -> Life:
    """The person of a history on day 0."""
    screen, clearances = who(story)
    life = Life(screen, clearances, without)
    life.take_screen(screen, DAY0)
    if clearances:
        life.stops.append(Stopped(DAY0, DAY0))
    return life


def lived(text: str, without: frozenset[str] = frozenset()) -> Life:
    """Somebody after all that a text tells; AssertionError when something was refused, or accepted, against it."""
    story = parse("told here", text)
    life = begin(story, without)
    for step in story.steps:
        if isinstance(step, Step):
            for day, words in repeated(step):
                VERBS[step.verb](life, replace(step, day=day, words=words))
    if life.differences:
        raise AssertionError("\n".join(life.differences))
    return life


@dataclass(frozen=True, slots=True)
class Reached:
    """A step or checkpoint: what was expected, what came out, and the RDL's sets and tempo; of a step only what went otherwise."""

    day: int
    expected: tuple[str, ...]
    got: tuple[str, ...]
    dose: tuple[int, str] = (0, "")


def play(story: Story, without: frozenset[str] = frozenset()) -> Iterator[Reached]:
    """Where the person of a history stands after each of its steps."""
    life = begin(story, without)
    for step in story.steps:
        if isinstance(step, Checkpoint):
            now = life.progress(step.day)
            if not without and now != life.told_at_once(step.day):
                raise AssertionError(f"{story.name} d{step.day}: told at once, she stands elsewhere")
            yield Reached(step.day, step.expected, tuple(stands(life, now, step.day)), (now.rdl_sets, now.rdl_tempo))
        else:
            for day, words in repeated(step):
                VERBS[step.verb](life, replace(step, day=day, words=words))
            yield Reached(step.day, (), tuple(life.differences))
            life.differences.clear()


def repeated(step: Step) -> Iterable[tuple[int, tuple[str, ...]]]:
    """`x3` is three times, every second day; `x6/7` six times, every seventh."""
    times = re.fullmatch(r"x(\d+)(?:/(\d+))?", step.words[-1]) if step.words else None
    if times is None:
        return [(step.day, step.words)]
    return [(step.day + number * int(times[2] or 2), step.words[:-1]) for number in range(int(times[1]))]


# --- what a line does -----------------------------------------------------------------------------------------------


def items(plan: Plan, what: str) -> list[Item]:
    """The items of `stage`, `stage/exercise` or `stage/exercise/side`."""
    every = [one for stage in plan.stages for item in stage.items for one in (item, item.later, item.easier) if one is not None]
    found = {one.key: one for one in every if one.key == what or one.key.startswith(f"{what}/")}
    if what in set(Stage):
        found = {item.key: item for stage in plan.stages if stage.stage == what for item in stage.items}
    if not found:
        raise ValueError(f"nothing like {what!r} in the plan")
    return list(found.values())


def sets_and_load(words: Sequence[str]) -> tuple[int | None, float | None, list[str]]:
    rest = list(words)
    sets = int(rest.pop(0)) if rest and rest[0].isdigit() else None
    if rest and rest[0] in ("sets", "set"):
        rest.pop(0)
    load = None
    if len(rest) > 1 and rest[1] == "kg":
        load = float(rest[0])
        del rest[:2]
    return sets, load, rest


def _practise(life: Life, step: Step, *, done: bool) -> list[str]:
    sets, load, rest = sets_and_load(step.words[1:])
    on = life.on(step.day)
    for item in items(life.plan_on(step.day), step.words[0]):
        for number in range(1, (sets or item.dose.sets) + 1):
            id, at = life.stamp(on)
            life.events.append(PracticeEvent(id, item.key, item.side, number, on, at, at, done=done, load_kg=load))
    return rest


def tick(life: Life, step: Step) -> None:
    _practise(life, step, done=True)


def untick(life: Life, step: Step) -> None:
    _practise(life, step, done=False)


def skip(life: Life, step: Step) -> None:
    on = life.on(step.day)
    for item in items(life.plan_on(step.day), step.words[0]):
        for number in range(1, item.dose.sets + 1):
            id, at = life.stamp(on)
            reason = SkipReason(step.words[1])
            life.events.append(PracticeEvent(id, item.key, item.side, number, on, at, at, done=False, skipped=reason))


def report(life: Life, step: Step) -> None:
    """Pain or a feel with the first set; the set's load stays as it was told before."""
    on = life.on(step.day)
    for item in items(life.plan_on(step.day), step.words[0]):
        id, at = life.stamp(on)
        known = [one.load_kg for one in life.events if (one.performed_on, one.item, one.set) == (on, item.key, 1)]
        event = PracticeEvent(id, item.key, item.side, 1, on, at, at, done=True, load_kg=known[-1] if known else None)
        if step.verb == "pain":
            life.events.append(replace(event, pain=int(step.words[1])))
        else:
            life.events.append(replace(event, feel=Feel(step.words[1])))


def morning(life: Life, step: Step) -> None:
    on = life.on(step.day)
    id, at = life.stamp(on + timedelta(days=1))
    life.events.append(PracticeEvent(id, MORNING, Side.BOTH, 1, on, at, at, done=False, pain=int(step.words[0])))


def check(life: Life, step: Step) -> None:
    _check(life, step.day, step.words[0], step.words[1:])


def session(life: Life, step: Step) -> None:
    rest = _practise(life, step, done=True)
    _check(life, step.day, step.words[0], rest)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a trainer saw, as a line says it."""

    failed: tuple[str, ...]
    seen: Mapping[str, SeenValue]
    reps: int | None
    last_reps: int | None
    note: str


def looked(words: Sequence[str]) -> Looked:
    """`ok reps 8 last 10 hip_bend_deg 60 stretch_felt`, `fail control`, `note "..."`."""
    failed: list[str] = []
    numbers: dict[str, int] = {}
    seen: dict[str, SeenValue] = {}
    note = ""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "fail":
            failed.append(rest.pop(0))
        elif word in ("reps", "last"):
            numbers[word] = int(rest.pop(0))
        elif word == "note":
            note = rest.pop(0)
        elif word in FLAGS:
            seen[word] = True
        elif word != "ok":
            seen[word] = _value(rest.pop(0))
    return Looked(tuple(failed), seen, numbers.get("reps"), numbers.get("last"), note)


def looked_at(plan: Plan, what: str) -> tuple[Stage, str, list[Side]]:
    """Stage, exercise and sides of `stage`, `stage/exercise` or `stage/exercise/side`."""
    stage, _, exercise = what.partition("/")
    exercise, _, leg = exercise.partition("/")
    sides = [Side(leg)] if leg else [Side.BOTH] if not exercise else sorted({item.side for item in items(plan, what)})
    return Stage(stage), exercise, sides


def _check(life: Life, day: int, what: str, words: Sequence[str]) -> None:
    stage, exercise, sides = looked_at(life.plan_on(day), what)
    told = looked(words)
    for side in sides:
        id, at = life.stamp(life.on(day))
        gate = {one.key: one.key not in told.failed for one in gate_keys(stage, side)}
        life.checks.append(
            FormCheck(
                id,
                stage,
                exercise,
                side,
                life.on(day),
                at,
                at,
                gate=gate,
                seen=told.seen,
                reps=told.reps,
                last_reps=told.last_reps,
                note=told.note,
                by=TRAINER,
            )
        )


def _value(word: str) -> SeenValue:
    try:
        return float(word)
    except ValueError:
        return word


@dataclass(frozen=True, slots=True)
class Signing:
    """A sign-off that is tried; `refused` are the ids that must be missing: none for whatever reason, None when it must be accepted."""

    stage: Stage
    side: Side
    words: tuple[str, ...]
    note: str
    goal_load_kg: float | None
    override_reason: str | None
    refused: tuple[str, ...] | None

    def goes_otherwise(self, missing: Iterable[str]) -> str:
        """What is missing, where that is not what must be; else nothing."""
        ids = tuple(missing)
        is_so = bool(ids) if self.refused == () else set(ids) == set(self.refused or ())
        return "" if is_so else f"missing {' '.join(ids) or '-'}"


def signing(step: Step) -> Signing:
    """`sign stage[/leg] [words ID...] [note "..."] [goal KG] [refused ID...]`; `override stage "reason" [refused ID...]`."""
    rest = list(step.words)
    name, _, leg = rest.pop(0).partition("/")
    override = rest.pop(0) if step.verb == "override" else None
    words: list[str] = []
    refused: list[str] | None = None
    note, goal = "", None
    into: list[str] | None = None
    while rest:
        word = rest.pop(0)
        if word == "words":
            into = words
        elif word == "refused":
            into = refused = []
        elif word == "note":
            note = rest.pop(0)
        elif word == "goal":
            goal = float(rest.pop(0))
            if rest and rest[0] == "kg":
                rest.pop(0)
        elif into is not None:
            into.append(word)
        else:
            raise ValueError(step.line)
    return Signing(
        Stage(name), Side(leg) if leg else Side.BOTH, tuple(words), note, goal, override, None if refused is None else tuple(refused)
    )


def sign(life: Life, step: Step) -> None:
    one = signing(step)
    missing = can_sign(
        life.progress(step.day),
        one.stage,
        one.side,
        words=one.words,
        note=one.note,
        goal_load_kg=one.goal_load_kg,
        override_reason=one.override_reason,
    )
    if said := one.goes_otherwise(it.id for it in missing):
        life.differ(step, said)
    if not missing:
        id, at = life.stamp(life.on(step.day))
        life.sign_offs.append(
            SignOff(
                id, one.stage, one.side, life.on(step.day), at, at, one.words, one.goal_load_kg, one.note, one.override_reason, by=TRAINER
            )
        )


def take_back(life: Life, step: Step) -> None:
    name, _, leg = step.words[0].partition("/")
    id, at = life.stamp(life.on(step.day))
    side = Side(leg) if leg else Side.BOTH
    life.sign_offs.append(SignOff(id, Stage(name), side, life.on(step.day), at, at, by=TRAINER, taken_back=True))


def screened(life: Life, step: Step) -> None:
    on = life.on(step.day)
    life.take_screen(next_screen(life.screen, step.words, on), on)


def next_screen(former: Screen, words: Sequence[str], on: date) -> Screen:
    """The former screen with these values; what is not named keeps the day on which it was measured, unless all was measured anew."""
    text = " ".join(words)
    everything = text == "all" or text.startswith("all ")
    text = text.removeprefix("all").strip(" ,") if everything else text
    told: dict[tuple[str, Side], Measurement] = {}
    person = former.person
    for part in filter(None, (part.strip() for part in text.split(","))):
        test, *rest = part.split()
        if test == "weight":
            person = replace(person, body_weight_kg=float(rest[0]))
            continue
        side = Side(rest.pop(0)) if rest[0] in set(Side) else Side.BOTH
        value, *failed = rest
        extra = {**ALWAYS_NOTED.get(test, {}), **({"failed": tuple(failed)} if failed else {})}
        told[test, side] = Measurement(test, side, float(value), extra=extra or None)
    kept: list[Measurement] = []
    for one in former.measurements:
        new = told.pop((one.test, one.side), None)
        if new is not None:
            kept_extra = {name: value for name, value in (one.extra or {}).items() if name != "failed"}
            kept.append(replace(new, extra={**kept_extra, **(new.extra or {})} or None))
        else:
            kept.append(replace(one, measured_on=None if everything else one.measured_on or former.taken_on))
    return replace(former, taken_on=on, person=person, measurements=(*kept, *told.values()))


def stop(life: Life, step: Step) -> None:
    life.stops.append(Stopped(life.on(step.day), None))


def cleared(life: Life, step: Step) -> None:
    """The answer to whatever waits: limits in the plan from then on, and what hurt twice stays out."""
    on = life.on(step.day)
    now = life.progress(step.day)
    waiting = {one.on for one in now.stops} - {one.opened_on for one in life.stops if one.closed_on is None and one.from_practice}
    opened = [one for one in life.stops if one.closed_on is None]
    closed = [replace(one, closed_on=on) for one in opened]
    life.stops = [one for one in life.stops if one.closed_on is not None] + closed
    life.stops += [Stopped(day, on, from_practice=True) for day in sorted(waiting)]
    allowed, barred = limits(step.words)
    life.clearances = (
        *life.clearances,
        Clearance(on, tuple(one.rule for one in now.stops), allowed, barred, same_screen=True, without=now.painful),
    )
    life.replan(on)


def limits(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`allowed KEY...` or `not KEY...`: what an answer allows, and what it does not."""
    kind, keys = "".join(words[:1]), tuple(word.rstrip(",") for word in words[1:])
    return keys if kind == "allowed" else (), keys if kind == "not" else ()


def confirm(life: Life, step: Step) -> None:
    exercise = step.words[0].split("/")[-1]
    kg = float(step.words[1])
    proposal = life.progress(step.day).proposal_of(exercise)
    no = "there is nothing to confirm" if proposal is None else may_confirm(proposal, kg)
    if (no is not None) != ("refused" in step.words):
        life.differ(step, no or "accepted")
    if no is None:
        id, at = life.stamp(life.on(step.day))
        life.loads.append(LoadSet(id, exercise, kg, life.on(step.day), at, by=TRAINER))


def agreed(life: Life, step: Step) -> None:
    """A load that was confirmed, however it came about."""
    id, at = life.stamp(life.on(step.day))
    life.loads.append(LoadSet(id, step.words[0].split("/")[-1], float(step.words[1]), life.on(step.day), at, by=TRAINER))


def event(life: Life, step: Step) -> None:
    life.happened.append((life.on(step.day), " ".join(step.words)))


VERBS: Final[dict[str, Callable[[Life, Step], None]]] = {
    "tick": tick,
    "untick": untick,
    "skip": skip,
    "pain": report,
    "feel": report,
    "morning": morning,
    "check": check,
    "session": session,
    "sign": sign,
    "override": sign,
    "unsign": take_back,
    "screen": screened,
    "stop": stop,
    "cleared": cleared,
    "load": confirm,
    "agreed": agreed,
    "event": event,
}


# --- where she stands, as text --------------------------------------------------------------------------------------


def shown(now: Progress, plan: Plan, due: Iterable[Stage], tests: Iterable[rescreen.Due]) -> Iterable[str]:
    """Where she stands on a day: the stages with something due, and what is to be measured again."""
    for one in now.stages:
        yield _state(one, now)
    yield f"due: {' '.join(_due(now, due)) or '-'}"
    yield f"load: {_load(now)}"
    if now.is_stopped:
        yield f"stop: {' '.join(one.rule for one in now.stops) or 'screen'}"
    if now.held:
        yield f"held: {'; '.join(_held(now, plan))}"
    if now.is_halved:
        yield "halved: yes"
    if now.is_slack:
        yield "slack: yes"
    if not now.is_stopped:
        yield from _rescreen(tests, now.on)


def _state(one: StageProgress, now: Progress) -> str:
    parts = [f"{one.stage}: {one.state}"]
    if one.state is StageState.OPEN or (one.state is StageState.OPTIONAL and one.rungs):
        met = [it.key for it in one.criteria if it.met]
        missing = [it.key for it in one.missing] + (["practice.missed"] if now.is_slack else [])
        parts += [f"met {' '.join(met)}"] if met else []
        parts += [f"missing {' '.join(missing)}"] if missing else []
    if one.waits:
        parts.append(f"waits {' '.join(it.id for it in one.waits)}")
    if one.fell is not None and not now.is_stopped:
        parts.append(f"fell: {one.fell.why}")
    if one.state is not StageState.LOCKED:
        waiting = [it.id for before, rung in pairwise(one.rungs) if before.earned_on and not rung.is_open for it in rung.waits]
        parts += [f"rung waits {' '.join(waiting)}"] if waiting else []
    return "; ".join(parts)


def _due(now: Progress, due: Iterable[Stage]) -> Iterable[str]:
    for stage in due:
        rung = now.rung_due(stage) if now.of(stage).rungs else None
        yield f"{stage}({rung})" if rung is not None else stage.value


def _load(now: Progress) -> str:
    said = [f"{one.exercise} {'none' if one.load_kg is None else f'{one.load_kg:g} kg'}, {one.kind}" for one in now.proposals]
    return "; ".join(said) or "-"


def _held(now: Progress, plan: Plan) -> Iterable[str]:
    found: dict[str, str] = {}
    for key in now.held:
        one: Item | None = next(iter(item for item in items(plan, key) if item.key == key))
        name = one.exercise if one is not None else key
        while one is not None and (one.key in now.held or one.exercise in now.painful):
            one = one.easier
        found[name] = "-" if one is None else one.exercise
    return [f"{name} -> {instead}" for name, instead in found.items()]


def _rescreen(due: Iterable[rescreen.Due], on: date) -> Iterable[str]:
    found = tuple(due)
    stages = [one.stage.value for one in found if one.stage is not None]
    if any(one.stage is None and one.by(on) for one in found):
        yield "rescreen: due"
    elif stages:
        yield f"rescreen: {' '.join(stages)}"


def stands(life: Life, now: Progress, day: int) -> Iterable[str]:
    """Where somebody stands on a day, by what has happened."""
    made_on, plan = life.plans[-1]
    due = due_on(plan, made_on, life.events, life.on(day), progress=now)
    tests = rescreen.due(
        life.screens[-1].taken_on,
        life.on(day),
        missing=due_tests(now),
        exits=now.exits,
        pain_stops=[one for one in life.stops if one.opened_on > DAY0],
        practised_on=now.practised_on,
        away_on=now.away_on,
        events=life.happened,
    )
    return shown(now, plan, [one.stage for one in due.stages], tests)


def differing(story: Story, without: frozenset[str] = frozenset()) -> str:
    """What a history expected and what came out, line by line; empty where they are the same."""
    said: list[str] = []
    for one in play(story, without):
        if one.expected != one.got:
            said.append(f" d{one.day}")
            said += [f"   - {line}" for line in one.expected if line not in one.got]
            said += [f"   + {line}" for line in one.got if line not in one.expected]
    return "\n".join(said)


def main(names: Sequence[str]) -> int:
    """Print what differs in every history, or in those named."""
    wrong = {story.name: said for story in stories() if (not names or story.name in names) and (said := differing(story))}
    sys.stdout.writelines(f"== {name}\n{said}\n" for name, said in wrong.items())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
