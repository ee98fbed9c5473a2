"""THE RULES: finding to plan, one line per rule with a reason, an origin and the article's claims that it rests on.

A row is read per side: `when` holds on the left, on the right, or (tests without sides, answers) on both. `because` is the
sentence for the client. `adds` go into the plan on the sides where the row holds; `replaces` takes the place of what another
row added there. How rows combine is written in `plan.py`; a value that was not tested meets no condition but `untested`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from app.rules.findings import Graded
from app.rules.vocabulary import Origin, Side, Stage

# --- what a condition can look at ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions read: grades by test and side (a test without sides stands under both), age, sitting, and a stop's answer."""

    grades: Mapping[tuple[str, Side], Graded]
    age: int
    sits_long: bool
    osteoporosis_unloaded: bool
    """Osteoporosis was cleared, and no load is allowed."""


Evidence: TypeAlias = tuple[Graded, ...]
"""The findings that met a condition; empty for one that rests on no finding."""


@dataclass(frozen=True, slots=True)
class When:
    """A condition, in words and as a function of the facts and a side: the evidence when it holds, else None.

    `sided` is false where the side makes no difference, so that it need be asked only once.
    """

    words: str
    met: Callable[[Facts, Side], Evidence | None]
    sided: bool = True


_SIDES: Final = (Side.LEFT, Side.RIGHT)


def graded_in(grades: tuple[int, ...], *tests: str) -> When:
    """Any of `tests` has one of these grades on the side."""
    wanted = frozenset(grades)

    def met(facts: Facts, side: Side) -> Evidence | None:
        found: Evidence = ()
        for test in tests:
            line = facts.grades.get((test, side))
            if line is not None and line.grade in wanted:
                found = (*found, line)
        return found or None

    return When(" or ".join(f"{test}.g in {list(grades)}" for test in tests), met)


def tight(*tests: str) -> When:
    """Any of `tests` has grade 1 or more on the side."""
    return replace(graded_in((1, 2, 3), *tests), words=" or ".join(f"{test}.g >= 1" for test in tests))


def clearly(*tests: str) -> When:
    """Any of `tests` has grade 2 or more on the side."""
    return replace(graded_in((2, 3), *tests), words=" or ".join(f"{test}.g >= 2" for test in tests))


def severe(*tests: str) -> When:
    """Any of `tests` has grade 3 on the side."""
    return replace(graded_in((3,), *tests), words=" or ".join(f"{test}.g == 3" for test in tests))


def within(*tests: str) -> When:
    """Any of `tests` is within reference on the side."""
    return replace(graded_in((0,), *tests), words=" or ".join(f"{test}.g == 0" for test in tests))


def untested(*tests: str) -> When:
    """None of `tests` was tested on the side."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        lines = (facts.grades.get((test, side)) for test in tests)
        return () if all(line is None or line.grade == "nt" for line in lines) else None

    return When(" and ".join(f"{test}.g == nt" for test in tests), met)


def failed(item: str) -> When:
    """An item of the hinge score did not hold."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        line = facts.grades.get(("HINGE8", side))
        items = line.extra.get("failed", ()) if line is not None and line.grade != "x" else ()
        return (line,) if line is not None and isinstance(items, tuple) and item in items else None

    return When(f"HINGE8.{item} == false", met)


def lags(test: str) -> When:
    """The two sides differ by what counts, and this is the worse one."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        line = facts.grades.get((test, side))
        return (line,) if line is not None and line.asymmetry and line.worse is side else None

    return When(f"{test}.asym on its worse side", met)


def any_of(*parts: When) -> When:
    """At least one part holds; the evidence is that of all that do."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        held = [found for part in parts if (found := part.met(facts, side)) is not None]
        return tuple(line for found in held for line in found) if held else None

    return When("(" + " or ".join(part.words for part in parts) + ")", met, any(part.sided for part in parts))


def all_of(*parts: When) -> When:
    """Every part holds."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        lines: list[Graded] = []
        for part in parts:
            found = part.met(facts, side)
            if found is None:
                return None
            lines.extend(found)
        return tuple(lines)

    return When("(" + " and ".join(part.words for part in parts) + ")", met, any(part.sided for part in parts))


def either_side(part: When) -> When:
    """The part holds on the left or on the right; then it holds for both."""

    def met(facts: Facts, _side: Side) -> Evidence | None:
        held = [found for one in _SIDES if (found := part.met(facts, one)) is not None]
        return tuple(line for found in held for line in found) if held else None

    return When(f"{part.words} on either side", met, sided=False)


def both_sides(part: When) -> When:
    """The part holds on the left and on the right; each side cites its own finding."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        own, other = part.met(facts, side), part.met(facts, Side.RIGHT if side is Side.LEFT else Side.LEFT)
        return None if other is None else own

    return When(f"{part.words} on both sides", met)


def neither(part: When) -> When:
    """The part holds on no side."""

    def met(facts: Facts, _side: Side) -> Evidence | None:
        return () if all(part.met(facts, one) is None for one in _SIDES) else None

    return When(f"not {part.words}", met, sided=False)


def uncited(part: When) -> When:
    """The part, without naming a finding for it: for rows that look at the whole person."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        return None if part.met(facts, side) is None else ()

    return When(part.words, met, part.sided)


def _fact(words: str, holds: Callable[[Facts], bool]) -> When:
    def met(facts: Facts, _side: Side) -> Evidence | None:
        return () if holds(facts) else None

    return When(words, met, sided=False)


def aged(years: int) -> When:
    """At least so many years old on the day of the screen."""
    return _fact(f"AGE >= {years}", lambda facts: facts.age >= years)


def waits_for(feature: str) -> When:
    """A condition whose feature does not exist yet: it never holds."""
    return _fact(feature, lambda _facts: False)


ALWAYS: Final = _fact("always", lambda _facts: True)
SITS_LONG: Final = _fact("SIT == high", lambda facts: facts.sits_long)
LOAD_NOT_ALLOWED: Final = _fact("OSTEO == yes and cleared, load not allowed", lambda facts: facts.osteoporosis_unloaded)

SHORT_HAMSTRINGS: Final = any_of(tight("AKE", "PSLR"), all_of(untested("AKE", "PSLR"), clearly("ASLR")))
FORWARD_TILT: Final = graded_in((1,), "APT")
SMR_ELIGIBLE: Final = replace(
    uncited(either_side(any_of(FORWARD_TILT, tight("MTT_HIP", "MTT_KNEE", "MTT_ABD", "ELY", "OBER", "ADD", "AKE", "PSLR", "FIG4")))),
    words="smr_eligible",
)
"""An existing forward tilt, or tightness through hips and knees (the article's criterion; which tests mean it is judgement)."""

FLEXIBILITY_FINDING: Final = replace(
    any_of(
        FORWARD_TILT,
        tight("MTT_HIP", "MTT_KNEE", "ELY", "MTT_ABD", "OBER", "ADD", "FIG4"),
        SHORT_HAMSTRINGS,
        graded_in((1, 2), "HIP_IR"),
    ),
    words="a flexibility finding",
)
"""Any of the findings of R10-R18 and R24."""


# --- what a row does ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Add:
    """Exercises for one stage; `only` narrows the row's own condition for these."""

    stage: Stage
    slugs: tuple[str, ...]
    only: When | None = None


def add(stage: Stage, *slugs: str, only: When | None = None) -> Add:
    """`Add` written as a line of the table."""
    return Add(stage, slugs, only)


@dataclass(frozen=True, slots=True)
class Holds:
    """A lock: the stages, or their loaded exercises only, and until when. `goals` are power goals held back."""

    stages: tuple[Stage, ...]
    until: str
    loaded_only: bool = False
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. `harder` marks a progression: where an easier row meets it on one exercise, the easier one wins."""

    id: str
    when: When
    because: str
    origin: Origin
    claims: tuple[str, ...] = ()
    adds: tuple[Add, ...] = ()
    replaces: str | None = None
    harder: bool = False
    comes_back_after_weeks: int | None = None
    """After so many weeks the replaced exercise takes its place again."""
    cue: str = ""
    cue_at: tuple[str, ...] = ()
    habit: str = ""
    lock: Holds | None = None
    not_indicated: Stage | None = None
    doses: Mapping[str, str] | None = None
    """Dose profiles that give way to others."""
    extra_set_on_worse_side: bool = False
    worse_side_first: bool = False
    note: str = ""
    """For the trainer and the next reader: what of the row is judgement, and what waits."""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The whole table as one value.

    `caps` are the most exercises of a stage in one session; `staples` keep their places every session, `last` is always done last.
    """

    version: str
    rules: tuple[Rule, ...]
    caps: Mapping[Stage, int]
    staples: tuple[str, ...]
    last: tuple[str, ...]

    def without(self, rule: str) -> "Ruleset":
        """The same table less one row; KeyError when there is no such row."""
        if all(row.id != rule for row in self.rules):
            raise KeyError(rule)
        return replace(self, rules=tuple(row for row in self.rules if row.id != rule))

    def slugs(self) -> tuple[str, ...]:
        """Every exercise that a row may ask for, in the order of the table: what a library must not lack."""
        return tuple(dict.fromkeys(slug for row in self.rules for part in row.adds for slug in part.slugs))


FLEX, SMR, STRENGTH = Stage.FLEXIBILITY, Stage.SMR, Stage.STRENGTHENING
DOWEL, WALL, RDL, SINGLE = Stage.DOWEL, Stage.WALL, Stage.RDL, Stage.SINGLE_LEG
STANDING_DRILLS: Final = ("dowel-hinge", "wall-hinge")
WALL_DRILLS: Final = ("wall-hinge-near", "wall-hinge")

RULESET: Final = Ruleset(
    version="2026.1",
    caps={FLEX: 4, SMR: 3, STRENGTH: 5},
    staples=("bridge", "ham-curl", "step-up", "plank"),
    last=("smr-itb",),
    rules=(
        # --- flexibility and SMR ---
        Rule(
            "R10",
            tight("MTT_HIP"),
            because="Because the front of your hip moved less than the range we use: stretch it, roll it, strengthen what opposes it.",
            adds=(add(FLEX, "runners-lunge", "prone-cobra-stretch"), add(SMR, "smr-hipflex"), add(STRENGTH, "bridge", "plank")),
            origin=Origin.ARTICLE,
            claims=("S26", "S34", "S37", "S38", "S39", "S40", "S41", "S42"),
        ),
        Rule(
            "R11",
            clearly("MTT_HIP"),
            because="Because the front of your hip is clearly short of the range we use: an easier start first, then the lunge.",
            adds=(add(FLEX, "half-kneel"),),
            replaces="runners-lunge",
            comes_back_after_weeks=2,
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R12",
            tight("MTT_KNEE", "ELY"),
            because="Because the front of your thigh moved less than the range we use.",
            adds=(add(FLEX, "side-quad"), add(SMR, "smr-quad"), add(STRENGTH, "ham-curl", "bridge")),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S27", "S37", "S39", "S40", "S41"),
            note="which stretch is judgement",
        ),
        Rule(
            "R13",
            tight("MTT_ABD", "OBER"),
            because="Because the outside of your hip and thigh moved less than the range we use.",
            adds=(add(FLEX, "half-kneel"), add(SMR, "smr-tfl", "smr-itb"), add(STRENGTH, "clam")),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S33", "S37"),
            note="stretch and clamshell are judgement",
        ),
        Rule(
            "R14",
            tight("ADD"),
            because="Because your inner thigh moved less than the range we use.",
            adds=(add(FLEX, "add-rock"), add(SMR, "smr-add"), add(STRENGTH, "side-plank")),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S27", "S37"),
            note="which exercises is judgement",
        ),
        Rule(
            "R15",
            SHORT_HAMSTRINGS,
            because="Because the back of your thigh moved less than the range we use.",
            adds=(
                add(FLEX, "strap-ham"),
                add(SMR, "smr-ham", only=tight("AKE", "PSLR")),
                add(STRENGTH, "ham-curl", "bridge"),
            ),
            cue="The hinge ends where your back would start to move.",
            cue_at=STANDING_DRILLS,
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S28", "S40"),
            note="stretch and rolling are judgement",
        ),
        Rule(
            "R16",
            clearly("AKE", "PSLR"),
            because="Because the back of your thigh is clearly short of the range we use: an active, gentler start.",
            adds=(add(FLEX, "ake-slide"),),
            replaces="strap-ham",
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R17",
            tight("FIG4"),
            because="Because your hip opened less than the range we use.",
            adds=(add(FLEX, "fig4", "9090"), add(SMR, "smr-glute"), add(STRENGTH, "clam", "bridge")),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S28", "S40"),
            note="which exercises is judgement",
        ),
        Rule(
            "R24",
            graded_in((1, 2), "HIP_IR"),
            because="Because your hip turned inwards less than the range we use.",
            adds=(add(FLEX, "fig4", "9090"), add(STRENGTH, "clam", "bridge")),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S28", "S40"),
            note="which exercises is judgement; rolling is for the figure-4 test only",
        ),
        Rule(
            "R18",
            FORWARD_TILT,
            because="Because your pelvis tips forward; that is common, and we use it to choose exercises.",
            adds=(add(FLEX, "runners-lunge"), add(STRENGTH, "bridge", "plank")),
            origin=Origin.ARTICLE,
            claims=("S37", "S38"),
        ),
        Rule(
            "R23",
            SMR_ELIGIBLE,
            because="Because your pelvis tips forward, or something around hips and knees is tight: all five places are rolled in turn.",
            adds=(add(SMR, "smr-hipflex", "smr-add", "smr-tfl", "smr-quad", "smr-itb"),),
            origin=Origin.ARTICLE,
            claims=("S37", "S38"),
            note="the article read literally: whoever is eligible gets all five; the turns are judgement",
        ),
        Rule(
            "R19",
            SITS_LONG,
            because="Because you sit more than 7 hours a day.",
            adds=(add(FLEX, "runners-lunge", "side-quad", "9090", "lat-lunge"),),
            habit="Stand or walk a few minutes every 30 to 60 minutes.",
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S27",),
            note="7 hours: Boukabache 2021; the habit is judgement",
        ),
        Rule(
            "R20",
            aged(65),
            because="Because from 65 on longer, gentler holds are advised.",
            doses={"STRETCH": "STRETCH_OLDER"},
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S32",),
            note="the dose is ACSM's (2021), 65 is judgement",
        ),
        Rule(
            "R21",
            replace(all_of(neither(FLEXIBILITY_FINDING), neither(SITS_LONG)), words="no flexibility finding and SIT != high"),
            because="Because nothing was found that needs releasing.",
            not_indicated=FLEX,
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S38",),
        ),
        Rule(
            "R22",
            replace(neither(SMR_ELIGIBLE), words="smr_eligible == false"),
            because="Because there is no forward tilt and no tightness around hips and knees.",
            not_indicated=SMR,
            origin=Origin.ARTICLE,
            claims=("S38",),
        ),
        # --- strengthening: always present, level set by grade ---
        Rule(
            "R30",
            ALWAYS,
            because="Because the muscles that carry a hinge are typically the weaker ones.",
            adds=(add(STRENGTH, "bridge", "ham-curl", "step-up", "plank", "clam"),),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S39", "S40", "S41", "S42"),
            note="that the clamshell covers the piriformis is judgement",
        ),
        Rule(
            "R31",
            any_of(clearly("DLBRIDGE"), severe("SLBRIDGE")),
            because="Because the bridge was hard for you: a low hold first.",
            adds=(add(STRENGTH, "bridge-iso"),),
            replaces="bridge",
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R32",
            both_sides(within("SLBRIDGE")),
            because="Because you hold the single-leg bridge well on both sides.",
            adds=(add(STRENGTH, "sl-bridge"),),
            replaces="bridge",
            harder=True,
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R33",
            any_of(clearly("HAMCURL"), severe("SLHB")),
            because="Because the curl was hard for you: walk the bridge out first.",
            adds=(add(STRENGTH, "bridge-walkout"),),
            replaces="ham-curl",
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R34",
            clearly("STEPDOWN", "SLS"),
            because="Because stepping down or standing on this leg was unsteady: a low, supported step first.",
            adds=(add(STRENGTH, "step-up-low"),),
            replaces="step-up",
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R35",
            tight("STEPDOWN"),
            because="Because your pelvis or knee moved when stepping down on this leg.",
            adds=(add(STRENGTH, "band-walk", "side-plank"),),
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R36",
            severe("PLANK"),
            because="Because the plank was very short: knees down first.",
            adds=(add(STRENGTH, "plank-knee", "dead-bug"),),
            replaces="plank",
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R37",
            within("PLANK"),
            because="Because your plank is strong enough for more.",
            adds=(add(STRENGTH, "plank-reach"),),
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R38",
            any_of(tight("SIDEPLANK"), lags("SIDEPLANK")),
            because="Because the side plank was short or shorter on this side.",
            adds=(add(STRENGTH, "side-plank"),),
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R39",
            clearly("SLS"),
            because="Because standing on this leg was unsteady.",
            adds=(add(STRENGTH, "bird-dog"),),
            habit="Stand on one leg near a rail, 3 times 20 s each side, daily.",
            origin=Origin.JUDGEMENT,
        ),
        # --- pattern ---
        Rule(
            "R40",
            ALWAYS,
            because="Because the hinge is learnt with a dowel and at a wall before any load.",
            adds=(add(DOWEL, "dowel-hinge"), add(WALL, "wall-hinge")),
            origin=Origin.ARTICLE,
            claims=("S43", "S44", "S45", "S46"),
        ),
        Rule(
            "R46",
            ALWAYS,
            because="Because resistance is added to a hinge that you own.",
            adds=(add(RDL, "rdl-dowel", "rdl-kb", "rdl-bb"),),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S47", "S48", "S49", "S50"),
            note="the rungs, one open at a time from the easiest, are judgement",
        ),
        Rule(
            "R47",
            ALWAYS,
            because="Because the single-leg hinge is the step further, for those who go on.",
            adds=(add(SINGLE, "sl-supported", "sl-hinge", "sl-rdl"),),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S51", "S52", "S53", "S54"),
            note="the rungs, one open at a time from the easiest, are judgement",
        ),
        Rule(
            "R41",
            any_of(graded_in((2,), "DOWEL3"), failed("neutral_spine"), severe("HINGE8")),
            because="Because the spine did not stay long in the hinge: kneeling makes it easier to feel.",
            adds=(add(DOWEL, "tall-kneel-hinge"),),
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S21",),
            note="kneeling is judgement",
        ),
        Rule(
            "R42",
            severe("DOWEL3"),
            because="Because the dowel was lost early: hands and knees first, then kneeling.",
            adds=(add(DOWEL, "quad-rock", "tall-kneel-hinge"),),
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R43",
            any_of(failed("order"), waits_for("photo in [SQUAT, SQUAT_LIKE]")),
            because="Because the hinge turned into a squat: start close to the wall.",
            adds=(add(WALL, "wall-hinge-near"),),
            cue="Hips back, shins tall.",
            cue_at=WALL_DRILLS,
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S13", "S18", "S45"),
            note="the close version is from two coaching pages; the picture half waits for pictures",
        ),
        Rule(
            "R44",
            failed("lockout"),
            because="Because the hinge ended leaning back: the glutes finish it.",
            adds=(add(STRENGTH, "bridge"),),
            cue="Finish with the glutes, do not lean back.",
            cue_at=STANDING_DRILLS,
            origin=Origin.ARTICLE,
            claims=("S20",),
        ),
        Rule(
            "R45",
            either_side(all_of(failed("shin"), tight("WBLT"))),
            because="Because the shin moved forward and the ankle is a little stiff.",
            cue="Heel stays heavy; the ankle is not the limit in a hinge.",
            cue_at=STANDING_DRILLS,
            origin=Origin.JUDGEMENT,
        ),
        # --- locks ---
        Rule(
            "R50",
            either_side(graded_in((2,), "ASLR")),
            because="Because a leg raise scored 1: no load on the hinge yet.",
            lock=Holds((RDL, SINGLE), until="the active leg raise scores 2 or more on both sides", loaded_only=True),
            origin=Origin.SOURCE,
            note="FMS practice, as described by Smart Group Training",
        ),
        Rule(
            "R51",
            either_side(severe("SLS")),
            because="Because standing on one leg was very short on at least one side.",
            lock=Holds((SINGLE,), until="single-leg stance is at least a quarter of the age norm on both sides"),
            origin=Origin.JUDGEMENT,
        ),
        Rule(
            "R52",
            LOAD_NOT_ALLOWED,
            because="Because of fragile bones: no load until a professional allows it.",
            lock=Holds((RDL, SINGLE), until="a clearance says that the loaded hinge is allowed", loaded_only=True),
            origin=Origin.SOURCE,
            note="Osteoporosis Canada",
        ),
        Rule(
            "R53",
            waits_for("power training requested and RDL not passed"),
            because="Because power comes after a hinge that is mastered and strengthened.",
            lock=Holds((), until="the Romanian deadlift stage is passed", goals=("deadlift", "squat", "swing", "jump", "clean", "snatch")),
            origin=Origin.ARTICLE,
            claims=("S4", "S5", "S6"),
            note="waits for power goals",
        ),
        # --- sides ---
        Rule(
            "R60",
            ALWAYS,
            because="Because this side lags behind the other: it goes first and gets one set more.",
            worse_side_first=True,
            extra_set_on_worse_side=True,
            origin=Origin.ARTICLE_JUDGEMENT,
            claims=("S54",),
            note="for items whose own finding has the difference, until it is smaller than what counts; only while the dose leaves room",
        ),
    ),
)
"""The table in force."""
