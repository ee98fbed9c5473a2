"""What happened, reduced to what holds and laid out day by day, so that neither order nor repeats make a difference."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, Protocol, TypeAlias, TypeVar

from app.rules.documents import MORNING, FormCheck, LoadSet, PracticeEvent, Screened, SignOff, Stopped
from app.rules.vocabulary import LADDER, Feel, Side, SkipReason, Stage

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - a list of words
)


def on_day(day: date) -> str:
    """A day as it is said: 5 January."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


@dataclass(frozen=True, slots=True)
class GateKey:
    """One point of the form gate that a trainer ticks; `stages` are those in which it is asked."""

    key: str
    text: str
    origin: str
    stages: tuple[Stage, ...]
    one_sided_only: bool = False


FORM_GATE: Final[tuple[GateKey, ...]] = (
    GateKey("clean", "clean repetitions, nothing else takes over", "judgement", (Stage.STRENGTHENING,)),
    GateKey("neutral", "spine neutral, no contact lost if a dowel is used", "S11 S14 S23", LADDER),
    GateKey("shin_knee", "shin tall, knee bend unchanged", "S13 S48", LADDER),
    GateKey("control", "at least 3 s on the way down, no bounce", "S49 S50; 3 s judgement", LADDER),
    GateKey("order", "knees lower than hips, hips lower than shoulders at the bottom", "S17", LADDER),
    GateKey("lockout", "stands tall, no hyperextension", "S20", LADDER),
    GateKey("pain", "pain 0 to 2 of 10", "judgement", LADDER),
    GateKey("square", "hips and torso square", "S52", (Stage.RDL, Stage.SINGLE_LEG), one_sided_only=True),
)
"""The form gate (D.3): a set counts only when every point holds. Of pain the client has a word, too (`hurt_of`)."""

PAIN_KEPT: Final = 2
"""D.3, of 10: more does not keep the gate's point on pain (judgement)."""


def gate_keys(stage: Stage, side: Side) -> tuple[GateKey, ...]:
    """The points of the form gate that are asked for an exercise of `stage`, done on `side` (both for one that is not done per side)."""
    one_sided = stage is Stage.SINGLE_LEG or side is not Side.BOTH
    return tuple(one for one in FORM_GATE if stage in one.stages and (one_sided or not one.one_sided_only))


SeenKind: TypeAlias = Literal["number", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class SeenKey:
    """One thing that a trainer measures or notes beside the ticks, in the stages where it is asked.

    A number has a `unit` and a range of what is plausible, a choice its values with their words.
    """

    key: str
    text: str
    kind: SeenKind
    stages: tuple[Stage, ...]
    origin: str
    unit: str = ""
    least: float = 0
    most: float = 0
    choices: tuple[tuple[str, str], ...] = ()


SEEN_KEYS: Final[tuple[SeenKey, ...]] = (
    SeenKey("pressure", "pressure on the spots feels like", "number", (Stage.SMR,), "D.3; judgement", unit="of 10", most=10),
    SeenKey("hip_bend_deg", "hip bend", "number", (Stage.DOWEL,), "WAITER_PP, MONN12", unit="°", most=130),
    SeenKey(
        "lost_contact",
        "contact lost",
        "choice",
        (Stage.DOWEL,),
        "S23",
        choices=(("none", "none"), ("head", "head"), ("thoracic", "upper back"), ("tailbone", "tailbone")),
    ),
    SeenKey("wall_distance_cm", "heels from the wall", "number", (Stage.WALL,), "S45", unit="cm", least=5, most=80),
    SeenKey("light_touch", "touches lightly", "flag", (Stage.WALL,), "S46"),
    SeenKey("shin_deg", "shin from upright", "number", (Stage.WALL,), "S13; 10 degrees judgement", unit="°", most=60),
    SeenKey("knee_bend_deg", "knee bend", "number", (Stage.WALL, Stage.RDL), "S13, VIG15; 10-30 degrees judgement", unit="°", most=120),
    SeenKey("stretch_felt", "feels the hamstring stretch", "flag", (Stage.DOWEL, Stage.WALL), "S14"),
    SeenKey("pelvis_level", "pelvis within 5° of level", "flag", (Stage.SINGLE_LEG,), "S53; judgement"),
    SeenKey("sore_over_72h", "still sore from the last time after 72 h", "flag", (Stage.RDL, Stage.SINGLE_LEG), "ACE_PAIN, DOMS_AU"),
)
"""What a trainer measures where a criterion asks for it."""


def seen_keys(stage: Stage) -> tuple[SeenKey, ...]:
    """What is measured or noted with a check of `stage`."""
    return tuple(one for one in SEEN_KEYS if stage in one.stages)


def passes(check: FormCheck) -> bool:
    """Whether every point of the form gate is kept, and no contact with the dowel was lost."""
    kept = all(check.gate.get(one.key, False) for one in gate_keys(check.stage, check.side))
    return kept and check.seen.get("lost_contact", "none") == "none"


class _Logged(Protocol):
    @property
    def at(self) -> datetime: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def id(self) -> str: ...


_Line = TypeVar("_Line", bound=_Logged)
_Key = TypeVar("_Key", bound=Hashable)


def holding(lines: Iterable[tuple[_Key, _Line]]) -> Mapping[_Key, _Line]:
    """Of the lines with one key the one that holds: the latest by (at, received_at, id)."""
    holds: dict[_Key, _Line] = {}
    for key, line in lines:
        known = holds.get(key)
        if known is None or (line.at, line.received_at, line.id) > (known.at, known.received_at, known.id):
            holds[key] = line
    return holds


def told(events: Iterable[PracticeEvent]) -> Mapping[tuple[date, str, int], PracticeEvent]:
    """What holds of each day, item and set: of ticks, skips and loads the latest event, of pain and of feel the latest that says one.

    A report is a fact of its own: what says nothing of pain takes none back. A report of 0 does, and takes back what it felt like.
    """
    lines = [((one.performed_on, one.item, one.set), one) for one in events]
    pains = holding((key, one) for key, one in lines if one.pain is not None)
    feels = holding((key, one) for key, one in lines if one.feel is not None or one.pain == 0)
    return {
        key: replace(one, pain=pains[key].pain if key in pains else None, feel=feels[key].feel if key in feels else None)
        if key in pains or key in feels
        else one
        for key, one in holding(lines).items()
    }


@dataclass(frozen=True, slots=True)
class ItemDay:
    """One item on one day: `done` sets, the highest pain reported (None: no report), and the least load over the done sets in kg."""

    key: str
    stage: Stage
    exercise: str
    side: Side
    done: int
    pain: int | None = None
    feel: Feel | None = None
    load_kg: float | None = None
    skipped: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One day on which something happened. `morning` and `morning_feel` tell of the morning after, where it was reported."""

    on: date
    items: tuple[ItemDay, ...] = ()
    morning: int | None = None
    morning_feel: Feel | None = None
    checks: tuple[FormCheck, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    loads: tuple[LoadSet, ...] = ()
    screens: tuple[Screened, ...] = ()
    opened: tuple[Stopped, ...] = ()
    closed: tuple[Stopped, ...] = ()

    def check_of(self, exercise: str, side: Side) -> FormCheck | None:
        """The check of an exercise on a side; one noted for both sides counts for either."""
        found = {one.side: one for one in self.checks if one.exercise == exercise}
        return found.get(side) or found.get(Side.BOTH)

    def hurt_of(self, check: FormCheck) -> bool:
        """Whether the client told of more pain with the checked exercise than the gate allows.

        D.5 has a pain of 3 or 4 for the exercise that hurt: of one side that side's report counts, of both together either's; what is
        never trained around is too much at any number. What she told of other exercises changes nothing (judgement).
        """
        own = (
            one for one in self.items if one.exercise == check.exercise and (Side.BOTH in (one.side, check.side) or one.side is check.side)
        )
        return any((one.pain or 0) > PAIN_KEPT or one.feel is not None for one in own)

    def as_told(self) -> "DayRecord":
        """The day with the gate's point on pain not kept where the client told otherwise."""
        checks = tuple(
            replace(one, gate={**one.gate, "pain": False}) if one.gate.get("pain") and self.hurt_of(one) else one for one in self.checks
        )
        return self if checks == self.checks else replace(self, checks=checks)

    def sets_of(self, exercise: str, side: Side) -> int:
        """How many sets of an exercise are done on a side; `both` counts the side with fewer."""
        done = {one.side: one.done for one in self.items if one.exercise == exercise}
        if side is Side.BOTH and Side.BOTH not in done:
            return min(done.get(Side.LEFT, 0), done.get(Side.RIGHT, 0))
        return done.get(side, done.get(Side.BOTH, 0))


@dataclass(slots=True)
class _Day:
    sets: dict[str, dict[int, PracticeEvent]] = field(default_factory=dict)
    morning: int | None = None
    morning_feel: Feel | None = None
    checks: list[FormCheck] = field(default_factory=list)
    sign_offs: list[SignOff] = field(default_factory=list)
    loads: list[LoadSet] = field(default_factory=list)
    screens: list[Screened] = field(default_factory=list)
    opened: list[Stopped] = field(default_factory=list)
    closed: list[Stopped] = field(default_factory=list)


def days(
    events: Iterable[PracticeEvent],
    *,
    checks: Iterable[FormCheck] = (),
    sign_offs: Iterable[SignOff] = (),
    loads: Iterable[LoadSet] = (),
    screens: Iterable[Screened] = (),
    stops: Iterable[Stopped] = (),
) -> tuple[DayRecord, ...]:
    """Every day on which something happened, in order, with what holds of it; a tick undone, or a check taken back, has left no trace.

    A sign-off that is taken back stands on the day of its taking back.
    """
    found: dict[date, _Day] = {}

    def day(on: date) -> _Day:
        return found.setdefault(on, _Day())

    for (on, item, number), event in told(events).items():
        if item == MORNING:
            if event.pain is not None or event.feel is not None:
                day(on).morning, day(on).morning_feel = event.pain, event.feel
        elif event.done or event.pain is not None or event.feel is not None or event.skipped is not None:
            day(on).sets.setdefault(item, {})[number] = event
    for (on, _, _), check in holding(((one.performed_on, one.exercise, one.side), one) for one in checks).items():
        if not check.taken_back:
            day(on).checks.append(check)
    for signed in _signed(sign_offs):
        day(signed.signed_on).sign_offs.append(signed)
    for load in {one.id: one for one in loads}.values():
        day(load.set_on).loads.append(load)
    for screen in {one.id: one for one in screens}.values():
        day(screen.taken_on).screens.append(screen)
    for stop in dict.fromkeys(stops):
        day(stop.opened_on).opened.append(stop)
        if stop.closed_on is not None:
            day(stop.closed_on).closed.append(stop)
    return tuple(_record(on, found[on]) for on in sorted(found))


def _signed(sign_offs: Iterable[SignOff]) -> Iterable[SignOff]:
    """The sign-offs that hold, and those that take one back, each from its day on; one for both legs is one for each.

    Who writes later overrules what was written before for that day and the days after it.
    """
    legs = {(one.id, one.side): one for sign_off in sign_offs for one in _per_leg(sign_off)}
    first: dict[tuple[Stage, Side], date] = {}
    for one in sorted(legs.values(), key=lambda one: (one.at, one.received_at, one.id), reverse=True):
        known = first.get((one.stage, one.side))
        if known is None or one.signed_on < known:
            first[one.stage, one.side] = one.signed_on
            yield one


def _per_leg(sign_off: SignOff) -> tuple[SignOff, ...]:
    if sign_off.stage is Stage.SINGLE_LEG and sign_off.side is Side.BOTH:
        return replace(sign_off, side=Side.LEFT), replace(sign_off, side=Side.RIGHT)
    return (sign_off,)


def _record(on: date, found: _Day) -> DayRecord:
    return DayRecord(
        on,
        items=tuple(_item_day(key, tuple(sets[number] for number in sorted(sets))) for key, sets in sorted(found.sets.items())),
        morning=found.morning,
        morning_feel=found.morning_feel,
        checks=tuple(sorted(found.checks, key=lambda one: (one.exercise, one.side))),
        sign_offs=tuple(sorted(found.sign_offs, key=lambda one: (one.at, one.received_at, one.id))),
        loads=tuple(sorted(found.loads, key=lambda one: (one.at, one.id))),
        screens=tuple(sorted(found.screens, key=lambda one: one.id)),
        opened=tuple(found.opened),
        closed=tuple(found.closed),
    )


def _item_day(key: str, sets: Sequence[PracticeEvent]) -> ItemDay:
    stage, exercise, side = key.split("/")
    done = [one for one in sets if one.done]
    loads = [one.load_kg for one in done if one.load_kg is not None]
    return ItemDay(
        key,
        Stage(stage),
        exercise,
        Side(side),
        done=len(done),
        pain=max((one.pain for one in sets if one.pain is not None), default=None),
        feel=next((one.feel for one in sets if one.feel is not None), None),
        load_kg=min(loads, default=None),
        skipped=next((one.skipped for one in sets if one.skipped is not None), None),
    )


# --- what was known when --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """Something told of the day `on`: known from the end of the day `came`, until that of the day on which it was `gone` as a mistake."""

    on: date
    came: date
    what: PracticeEvent | FormCheck | Screened | Stopped
    gone: date | None = None

    @property
    def late(self) -> tuple[date, ...]:
        """The days after its own on which it changed what was known of that."""
        return tuple(one for one in (self.came, self.gone) if one is not None and one > self.on)

    def is_known(self, end: date) -> bool:
        """Whether it was known, and held, at the end of a day that is not before its own."""
        return (self.came <= end or self.came <= self.on) and (self.gone is None or end < self.gone)


@dataclass(frozen=True, slots=True)
class Late:
    """What was told later than on the day that it is about: the lines of those days, and how far back that reaches which came on a day."""

    lines: Mapping[date, tuple[Line, ...]]
    back: Mapping[date, date]

    def as_of(self, day: DayRecord, end: date) -> DayRecord:
        """A day as it was known at the end of the day `end`."""
        lines = self.lines.get(day.on)
        if lines is None:
            return day
        known = [one.what for one in lines if one.is_known(end)]
        found = days(
            (one for one in known if isinstance(one, PracticeEvent)),
            checks=(one for one in known if isinstance(one, FormCheck)),
            screens=(one for one in known if isinstance(one, Screened)),
            stops=(one for one in known if isinstance(one, Stopped)),
        )
        told = next((one for one in found if one.on == day.on), DayRecord(day.on))
        return replace(told, sign_offs=day.sign_offs, loads=day.loads, closed=day.closed)

    def clear(self, last: date) -> date:
        """The last day, not after `last`, about which and the days before it nothing was told after `last`."""
        return min((on - timedelta(days=1) for came, on in self.back.items() if on <= last < came), default=last)


def late(lines: Iterable[Line]) -> Late:
    """What of `lines` was told late, with all else about the days that it is about."""
    by_day: dict[date, list[Line]] = {}
    back: dict[date, date] = {}
    for line in lines:
        by_day.setdefault(line.on, []).append(line)
        for came in line.late:
            back[came] = min(line.on, back.get(came, line.on))
    return Late({on: tuple(those) for on, those in by_day.items() if any(line.late for line in those)}, back)
