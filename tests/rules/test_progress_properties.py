"""What holds of every history, whatever somebody does in whatever order."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.rules.documents import MORNING, FormCheck, LoadSet, Plan, PracticeEvent, Screened, SignOff, Stopped
from app.rules.history import DayRecord, Line, days, gate_keys, late
from app.rules.progress import Progress, can_sign, progress, standing
from app.rules.today import today
from app.rules.track import Track, gate_missing, replay, start
from app.rules.vocabulary import Feel, Side, SkipReason, Stage, StageState
from app.rules.week import week
from tests.rules.histories import DAY0, Life, lived
from tests.rules.test_progress import (
    ATHLETE,
    DOWEL,
    DOWEL_SIGNED,
    RDL,
    RDL_SIGNED,
    SINGLE_LEG,
    STRONG,
    STRONG_SIGNED,
    WALL,
    WALL_SIGNED,
)

MANY = settings(max_examples=50, deadline=None)
TRACK = TypeAdapter(Track)

FULL = lived(SINGLE_LEG + "d50 sign single_leg\n")
PLAN = FULL.plan
ITEMS = [item for stage in PLAN.stages for item in stage.items]
LAST = 60


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that was ever entered for somebody."""

    events: tuple[PracticeEvent, ...] = ()
    checks: tuple[FormCheck, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    loads: tuple[LoadSet, ...] = ()
    screens: tuple[Screened, ...] = ()
    stops: tuple[Stopped, ...] = ()

    def days(self) -> tuple[DayRecord, ...]:
        return days(self.events, checks=self.checks, sign_offs=self.sign_offs, loads=self.loads, screens=self.screens, stops=self.stops)

    def progress(self, day: int = LAST) -> Progress:
        return progress(
            PLAN,
            self.events,
            self.sign_offs,
            self.screens,
            on(day),
            checks=self.checks,
            loads=self.loads,
            stops=self.stops,
            began=DAY0,
        )

    def track(self) -> Track:
        return replay(self.days(), start(PLAN, DAY0))


def of(life: Life) -> Told:
    return Told(tuple(life.events), tuple(life.checks), tuple(life.sign_offs), tuple(life.loads), tuple(life.screens), tuple(life.stops))


def on(day: int) -> date:
    return DAY0 + timedelta(days=day)


def stamp(day: int, minute: int) -> datetime:
    return datetime(2026, 1, 5, 8, tzinfo=UTC) + timedelta(days=day, minutes=minute)


DAYS = st.integers(0, LAST)
MINUTES = st.integers(0, 600)


@st.composite
def ticks(draw: st.DrawFn) -> PracticeEvent:
    """Any line of the practice log, well meant or not."""
    day, at = draw(DAYS), draw(MINUTES)
    when = stamp(day, at)
    id = f"t{draw(st.integers(0, 10**6))}"
    if draw(st.sampled_from([False] * 9 + [True])):
        return PracticeEvent(id, MORNING, Side.BOTH, 1, on(day), when, when, done=False, pain=draw(st.integers(0, 6)))
    item = draw(st.sampled_from(ITEMS))
    done = draw(st.sampled_from([True, True, True, False]))
    return PracticeEvent(
        id,
        item.key,
        item.side,
        draw(st.integers(1, 3)),
        on(day),
        when,
        when,
        done=done,
        pain=draw(st.sampled_from([None] * 8 + [0, 1, 3, 4, 6])),
        load_kg=draw(st.sampled_from([None, 8.0, 16.0])) if item.loaded else None,
        feel=draw(st.sampled_from([None] * 40 + list(Feel))),
        skipped=None if done else draw(st.sampled_from([None, *SkipReason])),
    )


@st.composite
def looks(draw: st.DrawFn) -> FormCheck:
    day, at, item = draw(DAYS), draw(MINUTES), draw(st.sampled_from(ITEMS))
    stage = Stage(item.key.split("/")[0])
    kept = draw(st.sampled_from([True, True, False]))
    return FormCheck(
        f"c{draw(st.integers(0, 10**6))}",
        stage,
        item.exercise,
        item.side,
        on(day),
        stamp(day, at),
        stamp(day, at),
        gate={one.key: kept for one in gate_keys(stage, item.side)},
        seen={"pelvis_level": True, "stretch_felt": True, "light_touch": True, "wall_distance_cm": 28.0, "hip_bend_deg": 60.0},
        reps=draw(st.sampled_from([6, 8, 12])),
        last_reps=10,
        taken_back=draw(st.sampled_from([False] * 5 + [True])),
    )


@st.composite
def signatures(draw: st.DrawFn) -> SignOff:
    day, at = draw(DAYS), draw(MINUTES)
    stage = draw(st.sampled_from(Stage))
    side = draw(st.sampled_from(Side)) if stage is Stage.SINGLE_LEG else Side.BOTH
    back = draw(st.sampled_from([False] * 4 + [True]))
    return SignOff(f"s{draw(st.integers(0, 10**6))}", stage, side, on(day), stamp(day, at), stamp(day, at), taken_back=back)


@st.composite
def stops(draw: st.DrawFn) -> Stopped:
    opened = draw(DAYS)
    closed = draw(st.one_of(st.none(), st.integers(opened, LAST)))
    return Stopped(on(opened), None if closed is None else on(closed), from_practice=draw(st.booleans()))


@st.composite
def histories(draw: st.DrawFn) -> Told:
    """A person who got all the way, with some of it left out and anything else mixed in."""
    full = of(FULL)

    def some(lines: Sequence[object]) -> list[int]:
        left_out = draw(st.lists(st.integers(0, max(len(lines) - 1, 0)), max_size=3))
        return [at for at in range(len(lines)) if at not in left_out]

    return Told(
        events=(*(full.events[at] for at in some(full.events)), *draw(st.lists(ticks(), max_size=12, unique_by=lambda one: one.id))),
        checks=(*(full.checks[at] for at in some(full.checks)), *draw(st.lists(looks(), max_size=6, unique_by=lambda one: one.id))),
        sign_offs=(
            *(full.sign_offs[at] for at in some(full.sign_offs)),
            *draw(st.lists(signatures(), max_size=3, unique_by=lambda one: one.id)),
        ),
        loads=full.loads,
        screens=full.screens,
        stops=tuple(draw(st.lists(stops(), max_size=1))) if draw(st.sampled_from([False, False, True])) else (),
    )


@MANY
@given(histories(), st.randoms(use_true_random=False))
def test_neither_order_nor_repeats_make_a_difference(told: Told, chance: random.Random) -> None:
    mixed = replace(
        told,
        events=tuple(chance.sample(told.events, len(told.events))) + told.events[:5],
        checks=tuple(chance.sample(told.checks, len(told.checks))) + told.checks[:2],
        sign_offs=tuple(chance.sample(told.sign_offs, len(told.sign_offs))) + told.sign_offs[:2],
        screens=tuple(chance.sample(told.screens, len(told.screens))) + told.screens[:1],
        stops=told.stops + told.stops[:1],
    )
    assert mixed.progress() == told.progress()


@MANY
@given(histories(), DAYS)
def test_a_stored_track_and_the_days_after_it_are_the_same_as_all_of_them(told: Told, day: int) -> None:
    found = told.days()
    stored = TRACK.dump_json(replay((one for one in found if one.on <= on(day)), start(PLAN, DAY0)))
    later = replay((one for one in found if one.on > on(day)), TRACK.validate_json(stored))
    assert later == told.track()
    assert standing(later, PLAN, on(LAST)) == told.progress()


@MANY
@given(histories(), ticks())
def test_a_tick_that_is_taken_back_leaves_no_trace(told: Told, tick: PracticeEvent) -> None:
    tick = replace(tick, pain=None, feel=None)
    at = (tick.performed_on, tick.item, tick.set)
    events = tuple(one for one in told.events if (one.performed_on, one.item, one.set) != at)
    if tick.item == MORNING:
        return
    untick = PracticeEvent(
        f"{tick.id}u", tick.item, tick.side, tick.set, tick.performed_on, tick.at, tick.received_at + timedelta(minutes=1), done=False
    )
    assert replace(told, events=(*events, tick, untick)).track() == replace(told, events=events).track()


@MANY
@given(histories())
def test_nothing_loads_without_a_sign_off_of_the_wall_nor_one_leg_without_both(told: Told) -> None:
    now, track = told.progress(), told.track()
    signed = {one.stage for one in told.sign_offs if not one.taken_back}
    rdl = now.of(Stage.RDL)
    if rdl.state in (StageState.OPEN, StageState.PASSED):
        assert {Stage.DOWEL, Stage.WALL} <= signed
        assert now.of(Stage.WALL).state is StageState.PASSED
    loaded = [(one, rung) for one in now.stages for rung in one.rungs if rung.loaded and rung.is_open]
    for one, rung in loaded:
        assert now.of(Stage.WALL).state is StageState.PASSED
        assert {lack.id for lack in rung.waits} <= {"rdl.first_load"}
        if rung.is_due:
            assert rung.waits == ()
            assert rung.exercise in now.loads
        if one.stage is Stage.SINGLE_LEG:
            assert gate_missing(track) == ()
            assert {f"{one.stage}.hinge/{leg}" for leg in ("left", "right")} <= set(track.rows)
    for proposal in now.proposals:
        assert any(rung.exercise == proposal.exercise for _, rung in loaded)


@MANY
@given(histories())
def test_without_a_sign_off_nothing_loaded_opens_whatever_is_ticked(told: Told) -> None:
    now = replace(told, sign_offs=tuple(one for one in told.sign_offs if one.stage is not Stage.WALL)).progress()
    assert now.of(Stage.RDL).state is StageState.LOCKED
    assert now.of(Stage.SINGLE_LEG).state is StageState.LOCKED
    assert not any(rung.is_open for one in now.stages for rung in one.rungs)


@MANY
@given(histories(), DAYS)
def test_a_stop_prescribes_nothing(told: Told, day: int) -> None:
    stopped = replace(told, stops=(*told.stops, Stopped(on(day), None)))
    now = stopped.progress()
    assert now.is_stopped
    assert today(PLAN, DAY0, told.events, on(LAST), progress=now).nothing_due
    assert week(PLAN, DAY0, on(LAST), now) == ()
    assert now.proposals == ()
    assert now.loads == {}
    assert all(can_sign(now, one.stage, override_reason="because I say so") for one in now.stages)


GATES: tuple[tuple[Stage, str, int], ...] = (
    (Stage.STRENGTHENING, ATHLETE + STRONG, 2),
    (Stage.DOWEL, ATHLETE + STRONG_SIGNED + DOWEL, 6),
    (Stage.WALL, ATHLETE + DOWEL_SIGNED + WALL, 10),
    (Stage.RDL, ATHLETE + WALL_SIGNED + RDL, 38),
    (Stage.SINGLE_LEG, SINGLE_LEG, 50),
)
LIVES = {stage: of(lived(text)) for stage, text, _ in GATES}


@MANY
@given(gate=st.sampled_from(GATES), chance=st.randoms(use_true_random=False), of_ticks=st.booleans())
def test_taking_any_one_qualifying_session_away_closes_the_gate_again(
    *, gate: tuple[Stage, str, int], chance: random.Random, of_ticks: bool
) -> None:
    stage, _, day = gate
    told = LIVES[stage]
    assert can_sign(told.progress(day), stage) == ()
    sessions = {(one.performed_on, one.exercise) for one in told.checks if one.stage is stage and one.exercise not in LADDERS}
    gone, exercise = chance.choice(sorted(sessions))
    if of_ticks:
        keys = {f"{stage}/{exercise}/{side}" for side in Side}
        less = replace(told, events=tuple(one for one in told.events if one.performed_on != gone or one.item not in keys))
    else:
        less = replace(told, checks=tuple(one for one in told.checks if (one.performed_on, one.exercise) != (gone, exercise)))
    assert can_sign(less.progress(day), stage)


LADDERS = ("rdl-dowel", "sl-supported")
"""Rungs that no criterion asks for."""


@MANY
@given(day=st.sampled_from([42, 44]), leg=st.sampled_from(["left", "right"]), of_ticks=st.booleans())
def test_taking_a_session_of_either_leg_away_closes_the_load_again(*, day: int, leg: str, of_ticks: bool) -> None:
    told = of(lived(SINGLE_LEG[: SINGLE_LEG.index("d46")]))
    assert told.progress(45).of(Stage.SINGLE_LEG).rungs[-1].is_open
    key, gone = f"single_leg/sl-hinge/{leg}", on(day)
    if of_ticks:
        less = replace(told, events=tuple(one for one in told.events if (one.performed_on, one.item) != (gone, key)))
    else:
        less = replace(
            told,
            checks=tuple(one for one in told.checks if (one.performed_on, one.exercise, one.side) != (gone, "sl-hinge", Side(leg))),
        )
    assert not less.progress(45).of(Stage.SINGLE_LEG).rungs[-1].is_open


def test_a_track_is_no_longer_after_three_years_than_after_one() -> None:
    def size(count: int) -> int:
        told = of(lived(ATHLETE + RDL_SIGNED))
        events = [
            PracticeEvent(f"{day}-{item.key}", item.key, item.side, 1, on(day), stamp(day, 0), stamp(day, 0), done=True, pain=day % 3)
            for day in range(45, count)
            for item in ITEMS
        ]
        checks = [replace(told.checks[-1], id=f"c{day}", performed_on=on(day)) for day in range(45, count, 3)]
        return len(TRACK.dump_json(replace(told, events=(*told.events, *events), checks=(*told.checks, *checks)).track()))

    one, three = size(365), size(3 * 365)
    assert abs(three - one) < 200
    assert three < 30_000


def test_a_track_is_plain_json() -> None:
    text = TRACK.dump_json(of(FULL).track())
    assert TRACK.validate_json(text) == of(FULL).track()
    assert isinstance(json.loads(text), dict)
    assert isinstance(PLAN, Plan)


# --- what was known when --------------------------------------------------------------------------------------------


def read(lines: Sequence[Line], end: date) -> dict[date, DayRecord]:
    """Every day up to `end` as it was known then."""
    told = late(lines)
    known = {line.on: DayRecord(line.on) for line in lines} | {day.on: day for day in days_of(lines)}
    found = (told.as_of(day, end) for day in known.values() if day.on <= end)
    return {day.on: day for day in found if day != DayRecord(day.on)}


@st.composite
def told_late(draw: st.DrawFn) -> Line:
    what = draw(st.one_of(ticks(), looks()))
    return Line(what.performed_on, what.performed_on + timedelta(days=draw(st.sampled_from([0, 0, 1, 5, 14, 40]))), what)


@MANY
@given(st.lists(told_late(), max_size=30), DAYS)
def test_what_is_told_after_a_day_changes_nothing_of_what_was_known_at_its_end(lines: list[Line], day: int) -> None:
    then = [line for line in lines if line.came <= on(day)]
    assert read(lines, on(day)) == read(then, on(day))


@MANY
@given(st.lists(told_late(), max_size=30), DAYS)
def test_in_the_end_everything_is_known_and_nothing_is_told_of_days_that_are_clear(lines: list[Line], day: int) -> None:
    end = on(LAST + 40)
    assert read(lines, end) == {day.on: day for day in days_of(lines)}
    clear = late(lines).clear(on(day))
    assert clear <= on(day)
    assert all(line.came <= on(day) for line in lines if line.on <= clear)


def days_of(lines: Sequence[Line]) -> tuple[DayRecord, ...]:
    events = [line.what for line in lines if isinstance(line.what, PracticeEvent)]
    return days(events, checks=[line.what for line in lines if isinstance(line.what, FormCheck)])
