"""THE DOSES: how much of what, the range that is allowed, and whose word it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.rules.documents import Dose, DoseOverride, Exercise
from app.rules.vocabulary import Origin, Side


@dataclass(frozen=True, slots=True)
class Profile:
    """One dose: sets of repetitions or of holds in seconds, tempo as down-pause-up-top in seconds, days a week from least to most.

    `allowed_*` are the published or chosen limits, `total_s` the most seconds on one side in one session; None where none is stated.
    """

    name: str
    sets: int
    per_week: tuple[int, int]
    source: str
    origin: Origin
    reps: int | None = None
    hold_s: int | None = None
    spots: int | None = None
    tempo: str | None = None
    rest_s: int | None = None
    load: str | None = None
    effort: str = ""
    allowed_sets: tuple[int, int] | None = None
    allowed_hold_s: tuple[int, int] | None = None
    allowed_reps: tuple[int, int] | None = None
    total_s: int | None = None
    holds_to_allowed: bool = False
    """An exercise's own hold is moved into `allowed_hold_s` (the older adult's profile)."""
    half_of_plank: tuple[int, int] | None = None
    """The hold is half of the best plank, rounded down, and not outside these seconds."""


_TABLE: Final[tuple[Profile, ...]] = (
    Profile(
        "STRETCH",
        sets=3,
        hold_s=30,
        rest_s=10,
        per_week=(3, 7),
        effort="tightness or slight discomfort, never pain",
        allowed_hold_s=(10, 30),
        allowed_sets=(2, 4),
        total_s=120,
        source="Holds of 10-30 s, at least 2-3 days a week, daily is best (ACSM 2021); 2-4 times, about 60 s per stretch (Garber "
        "2011, summary)",
        origin=Origin.SOURCE,
    ),
    Profile(
        "STRETCH_OLDER",
        sets=2,
        hold_s=45,
        rest_s=15,
        per_week=(3, 7),
        effort="tightness only",
        allowed_hold_s=(30, 60),
        allowed_sets=(2, 4),
        total_s=120,
        holds_to_allowed=True,
        source="Holds of 30-60 s for older adults (ACSM 2021); the article on age and elasticity",
        origin=Origin.SOURCE,
    ),
    Profile("MOBILITY", sets=2, reps=8, tempo="2-2-2-0", rest_s=20, per_week=(3, 7), source="Our choice", origin=Origin.JUDGEMENT),
    Profile(
        "SMR",
        sets=1,
        hold_s=30,
        spots=2,
        rest_s=0,
        per_week=(3, 7),
        effort="up to 6 of 10 discomfort, breathing easy; ease off above",
        allowed_hold_s=(20, 90),
        allowed_sets=(1, 3),
        total_s=120,
        source="1-3 sets of 30-120 s, 2-4 s per pass (Behm 2020); hold a tender spot 20-30 s, lighter and up to 90 s when very "
        "tender (trainers' answers)",
        origin=Origin.SOURCE,
    ),
    Profile(
        "ACTIVATE",
        sets=2,
        reps=12,
        tempo="4-2-1-0",
        rest_s=45,
        per_week=(3, 3),
        allowed_reps=(10, 15),
        allowed_sets=(1, 3),
        source="Tempo 4-2-1 of stabilisation endurance training (NASM, second-hand); 2-3 days a week (ACSM 2009); repetitions ours",
        origin=Origin.SOURCE_JUDGEMENT,
    ),
    Profile(
        "STRENGTH",
        sets=3,
        reps=10,
        tempo="3-1-1-0",
        rest_s=90,
        per_week=(2, 3),
        effort="2-3 repetitions in reserve",
        allowed_reps=(8, 12),
        allowed_sets=(1, 3),
        source="8-12 repetitions, 2-3 days a week for beginners (ACSM 2009); at least 2 days, 2-3 sets, no need to train to "
        "failure (ACSM 2026)",
        origin=Origin.SOURCE,
    ),
    Profile(
        "HOLD_CORE",
        sets=3,
        rest_s=45,
        per_week=(3, 5),
        half_of_plank=(10, 60),
        source="Half of the best plank of the screen, 10 to 60 s: our choice",
        origin=Origin.JUDGEMENT,
    ),
    Profile(
        "HOLD_10",
        sets=6,
        hold_s=10,
        rest_s=20,
        per_week=(3, 5),
        source="Six holds of 10 s, later rounds of 4 and 2 (after McGill, second-hand)",
        origin=Origin.SOURCE,
    ),
    Profile(
        "SKILL",
        sets=3,
        reps=8,
        tempo="3-1-2-1",
        rest_s=45,
        per_week=(3, 5),
        load="none",
        allowed_reps=(6, 12),
        allowed_sets=(1, 4),
        source="1-3 times 8-16, 8-10 or 12-15 repetitions (three coaching pages); the middle is our choice",
        origin=Origin.SOURCE_JUDGEMENT,
    ),
    Profile(
        "RDL",
        sets=2,
        reps=8,
        tempo="3-1-1-1",
        rest_s=120,
        per_week=(2, 2),
        effort="2-3 repetitions in reserve",
        allowed_reps=(6, 12),
        allowed_sets=(2, 4),
        source="A slow way down is the article's; 2-3 s down (coaching page); 8-12 repetitions (ACSM 2009); 3 s, 8 repetitions "
        "and 2 sets to begin ours",
        origin=Origin.ARTICLE_JUDGEMENT,
    ),
    Profile(
        "SL",
        sets=2,
        reps=6,
        tempo="3-1-2-1",
        rest_s=60,
        per_week=(2, 3),
        source="8-10 repetitions, 2-3 sets for the kickstand (coaching page); fewer for the free version is ours",
        origin=Origin.SOURCE_JUDGEMENT,
    ),
)

PROFILES: Final[Mapping[str, Profile]] = {profile.name: profile for profile in _TABLE}
"""Every dose profile by its name."""

_NOTHING: Final = DoseOverride()


def dose_for(exercise: Exercise, *, profile: str | None = None, plank_s: float | None = None, extra_set: bool = False) -> Dose:
    """The dose of `exercise`: its profile (or the one given instead) with its own changes.

    `plank_s` is the best plank of the screen in seconds; unknown counts as the least hold. `extra_set` adds one set where the profile's
    allowed sets and its seconds per side leave room; where a profile states no limit there is room. KeyError for an unknown profile.
    """
    row = PROFILES[profile or exercise.dose]
    return _measured_out(row.name, exercise.override or _NOTHING, None if row.half_of_plank is None else plank_s, extra_set)


@lru_cache(maxsize=4096)
def _measured_out(profile: str, own: DoseOverride, plank_s: float | None, extra_set: bool) -> Dose:  # noqa: FBT001 - the cache wants it
    row = PROFILES[profile]
    hold = row.hold_s if own.hold_s is None else own.hold_s
    if row.half_of_plank is not None:
        least, most = row.half_of_plank
        hold = min(max(int((plank_s or 0) // 2), least), most)
    if row.holds_to_allowed and hold is not None and row.allowed_hold_s is not None:
        hold = min(max(hold, row.allowed_hold_s[0]), row.allowed_hold_s[1])
    sets = row.sets if own.sets is None else own.sets
    spots = row.spots if own.spots is None else own.spots
    if extra_set and _has_room(row, own, sets + 1, hold, spots):
        sets += 1
    return Dose(
        profile=row.name,
        sets=sets,
        reps=row.reps if own.reps is None else own.reps,
        hold_s=hold,
        spots=spots,
        tempo=row.tempo,
        rest_s=row.rest_s,
        per_week=row.per_week,
        height_cm=own.start_height_cm,
        load=row.load if own.load is None else own.load,
    )


def _has_room(row: Profile, own: DoseOverride, sets: int, hold: int | None, spots: int | None) -> bool:
    if row.allowed_sets is not None and sets > row.allowed_sets[1]:
        return False
    most = row.total_s if own.total_s is None else own.total_s
    return most is None or hold is None or sets * hold * (spots or 1) <= most


def dose_in_words(dose: Dose, side: Side | None = None) -> str:
    """A dose as a person reads it: "3 × 30 s", "2 × 12, slow: 4 s down, 2 s hold, 1 s up", "1 × 30 s on each of 2 spots"."""
    words = f"{dose.sets} × {dose.reps}" if dose.reps is not None else f"{dose.sets} × {dose.hold_s} s"
    if dose.spots is not None and dose.spots > 1:
        words += f" on each of {dose.spots} spots"
    if side in (Side.LEFT, Side.RIGHT):
        words += f" on the {side.value}"
    if dose.tempo is not None:
        words += f", slow: {_tempo_in_words(dose)}"
    if dose.height_cm is not None:
        words += f", step {dose.height_cm} cm high"
    if dose.load == "none":
        words += ", without load"
    elif dose.load is not None:
        words += f", {dose.load}"
    return words


def _tempo_in_words(dose: Dose) -> str:
    out, back = ("there", "back") if dose.profile == "MOBILITY" else ("down", "up")
    down, pause, up, top = (dose.tempo or "0-0-0-0").split("-")
    parts = ((down, out), (pause, "hold"), (up, back), (top, "at the top"))
    return ", ".join(f"{seconds} s {what}" for seconds, what in parts if seconds != "0")


def days_in_words(dose: Dose) -> str:
    """How often: "3 to 7 days a week", "2 days a week"."""
    least, most = dose.per_week
    return f"{least} days a week" if least == most else f"{least} to {most} days a week"


def dose_source(profile: str) -> str:
    """Where a dose comes from, as a sentence for the chain of reasons."""
    return f"{PROFILES[profile].source}."


def usual_dose_in_words(exercise: Exercise) -> str:
    """The dose of an exercise before any screen: "3 × 30 s", "3 × 10 to 60 s" where the screen decides. KeyError for an unknown profile."""
    row = PROFILES[exercise.dose]
    if row.half_of_plank is not None:
        least, most = row.half_of_plank
        return f"{dose_for(exercise).sets} × {least} to {most} s"
    return dose_in_words(dose_for(exercise))
