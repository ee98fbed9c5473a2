"""THE PAIN RULES: what a report of pain does to an exercise, a session, the next session and a stage; a fold over days.

Stricter than a clinic's traffic lights, because a trainer does not treat (judgement). A reported 0 is a report; no report is not 0.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import ceil
from typing import ClassVar, Final

from app.rules.documents import MORNING, Item
from app.rules.history import DayRecord, ItemDay, on_day
from app.rules.readiness import RED_FLAGS
from app.rules.vocabulary import Feel, Level, Origin, Side


class PainAction(StrEnum):
    """What a rule does."""

    LOG = "log"
    HOLD = "hold"
    STOP = "stop"
    HALVE = "halve"
    FALL = "fall"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class PainRule:
    """One line of the table: from `least` to `most` of 10 (or points of rise), in so many sessions in a row, does `action`.

    `text` is the condition for the trainer, `says` what the client reads.
    """

    id: str
    text: str
    action: PainAction
    says: str
    origin: Origin
    least: int = 0
    most: int = 10
    in_a_row: int = 1


RULES: Final[tuple[PainRule, ...]] = (
    PainRule(
        "PAIN0",
        "0 to 2 of 10",
        PainAction.LOG,
        "Carry on; it is noted.",
        Origin.JUDGEMENT,
        most=2,
    ),
    PainRule(
        "PAIN3",
        "3 or 4 of 10 with one exercise",
        PainAction.HOLD,
        "This exercise rests today; its easier version takes its place, as long as that is 0 to 2 of 10.",
        Origin.JUDGEMENT,
        least=3,
        most=4,
    ),
    PainRule(
        "PAIN5",
        "5 of 10 or more, in the session or the morning after",
        PainAction.STOP,
        "The session ends here. No hinge work until a professional has looked at it.",
        Origin.JUDGEMENT,
        least=5,
    ),
    PainRule(
        "RF5",
        "sharp, catching, shooting, tingling, or below the knee",
        PainAction.STOP,
        "The session ends here. Please see a doctor before we continue.",
        Origin.JUDGEMENT,
    ),
    PainRule(
        "MORNING",
        "2 or more points worse the next morning",
        PainAction.HALVE,
        "It was worse the morning after: half of the sets next time.",
        Origin.SOURCE_JUDGEMENT,
        least=2,
    ),
    PainRule(
        "MORNING2",
        "2 or more points worse the next morning, twice in a row",
        PainAction.FALL,
        "It was worse the morning after twice in a row: back to the stage before.",
        Origin.SOURCE_JUDGEMENT,
        least=2,
        in_a_row=2,
    ),
    PainRule(
        "PAIN2",
        "the same exercise at 3 of 10 or more in two sessions in a row",
        PainAction.OUT,
        "This exercise hurt in two sessions in a row: it goes, and a professional looks at it first.",
        Origin.JUDGEMENT,
        least=3,
        in_a_row=2,
    ),
)
"""The table in force. Two points are the least change that matters on a scale of ten (published); the rest is judgement."""

FEEL_WORDS: Final[Mapping[Feel, str]] = {
    Feel.SHARP: "sharp",
    Feel.CATCHING: "catching",
    Feel.SHOOTING: "shooting",
    Feel.TINGLING: "tingling",
    Feel.BELOW_KNEE: "below the knee",
}
"""How a pain that is never trained around is named on the form."""

FEEL_REPORTED: Final[Mapping[Feel, str]] = {
    Feel.SHARP: "Sharp pain",
    Feel.CATCHING: "Catching pain",
    Feel.SHOOTING: "Shooting pain",
    Feel.TINGLING: "Tingling",
    Feel.BELOW_KNEE: "Pain below the knee",
}
"""The same where it is told what was reported."""

GOES: Final = next(rule.id for rule in RULES if rule.action is PainAction.OUT)
"""The rule by which an exercise stays out."""

_RULE: Final = {rule.id: rule for rule in RULES}
_RF5: Final = next(flag for flag in RED_FLAGS if flag.id == "RF5")


@dataclass(frozen=True, slots=True)
class PracticeStop:
    """What stopped everything: the rule, how pressing, a sentence, and the item and exercise that were reported on a day.

    Of the morning after the item is `MORNING`, and there is no exercise. `feel` is what was reported where that is why.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid", "strict": True}

    rule: str
    level: Level
    text: str
    on: date
    item: str
    exercise: str
    feel: Feel | None = None


@dataclass(frozen=True, slots=True)
class PainTrack:
    """What the reports of the days so far still mean.

    `stops` wait for an answer. `painful_exercises` hurt in two sessions in a row and stay out. `falls_on` is the newest day whose worse
    morning was the second in a row. `row` counts for an exercise the sessions in a row that hurt, `rises` the worse mornings in a row;
    `held_items` rest on the day `held_on`; the session after `halve_after` has half of the sets, and `halved_on` is that session's day.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid", "strict": True}

    stops: tuple[PracticeStop, ...] = ()
    painful_exercises: tuple[str, ...] = ()
    falls_on: date | None = None
    row: tuple[tuple[str, int], ...] = ()
    rises: int = 0
    held_on: date | None = None
    held_items: tuple[str, ...] = ()
    halve_after: date | None = None
    halved_on: date | None = None


def walk(track: PainTrack, day: DayRecord, *, without: frozenset[str] = frozenset()) -> PainTrack:
    """One day more; days come in order, each once. `without` names rules that are switched off.

    Of an exercise the highest report of the day counts, on either side. A session is a day with a set done; a session of one exercise is a
    day with a report on it. An answer to a stop that comes on the day of a stop is for those before it, unless it is for that day's own.
    """
    answered = _answered(track, day)
    reported = _reported(day)
    if not reported and not at_once(day) and not any(item.done for item in day.items):
        return answered
    row, went = _rows(track, reported, without)
    rises, falls_on, halve_after, halved_on = _mornings(track, day, reported, without)
    held = tuple(item.key for item in reported if _hits("PAIN3", item.pain, without))
    return PainTrack(
        stops=()
        if _answers_itself(day)
        else (*answered.stops, *at_once(day, without=without), *(gone(item.exercise, item.key, day.on) for item in went)),
        painful_exercises=tuple(dict.fromkeys((*track.painful_exercises, *(item.exercise for item in went)))),
        falls_on=falls_on,
        row=row,
        rises=rises,
        held_on=day.on if held else None,
        held_items=held,
        halve_after=halve_after,
        halved_on=halved_on,
    )


def held(track: PainTrack, on: date) -> tuple[str, ...]:
    """The keys of the items that rest on that very day."""
    return track.held_items if track.held_on == on else ()


def halved(track: PainTrack, on: date) -> bool:
    """Whether a session on that day has half of the sets: a morning was worse, and no session has come between."""
    return track.halve_after is not None and on > track.halve_after and track.halved_on in (None, on)


def halved_sets(sets: int) -> int:
    """Half of the sets, rounded up."""
    return ceil(sets / 2)


def instead(item: Item, resting: Collection[str]) -> Item | None:
    """What is due in place of an item when the items with the keys `resting` rest: itself, its easier one, or nothing."""
    if item.key not in resting:
        return item
    return item.easier if item.easier is not None and item.easier.key not in resting else None


def _hits(rule: str, pain: int | None, without: frozenset[str]) -> bool:
    row = _RULE[rule]
    return rule not in without and pain is not None and row.least <= pain <= row.most


def _answers_itself(day: DayRecord) -> bool:
    return any(stop.from_practice and stop.opened_on == day.on for stop in day.closed)


def _answered(track: PainTrack, day: DayRecord) -> PainTrack:
    return replace(track, stops=()) if day.closed and track.stops else track


def _rows(
    track: PainTrack, reported: Collection[ItemDay], without: frozenset[str]
) -> tuple[tuple[tuple[str, int], ...], tuple[ItemDay, ...]]:
    """In how many sessions in a row each exercise has hurt now, and the worst item of each that goes for it."""
    row = dict(track.row)
    worst: dict[str, ItemDay] = {}
    for item in reported:
        known = worst.get(item.exercise)
        if known is None or (item.pain or 0) > (known.pain or 0):
            worst[item.exercise] = item
    went: list[ItemDay] = []
    for slug, item in worst.items():
        if _hits(GOES, item.pain, without):
            row[slug] = row.get(slug, 0) + 1
            if row[slug] >= _RULE[GOES].in_a_row:
                went.append(item)
                del row[slug]
        elif _hits("PAIN0", item.pain, without):
            row.pop(slug, None)
    return tuple(sorted(row.items())), tuple(went)


def _mornings(
    track: PainTrack, day: DayRecord, reported: Collection[ItemDay], without: frozenset[str]
) -> tuple[int, date | None, date | None, date | None]:
    rises, falls_on, halve_after, halved_on = track.rises, track.falls_on, track.halve_after, track.halved_on
    if not any(item.done for item in day.items):
        return rises, falls_on, halve_after, halved_on
    if halved(track, day.on):
        halved_on = day.on
    if day.morning is None or not reported:
        return rises, falls_on, halve_after, halved_on
    rise = day.morning - max(item.pain or 0 for item in reported)
    if _hits("MORNING", rise, without):
        halve_after, halved_on = day.on, None
    rises = rises + 1 if _hits("MORNING2", rise, without) else 0
    if rises >= _RULE["MORNING2"].in_a_row:
        rises, falls_on = 0, day.on
    return rises, falls_on, halve_after, halved_on


def at_once(day: DayRecord, *, without: frozenset[str] = frozenset()) -> tuple[PracticeStop, ...]:
    """What stops everything by one day's reports alone, of the session or the morning after; the most pressing first."""
    found: list[PracticeStop] = []
    if "RF5" not in without:
        felt = [(item.key, item.exercise, item.feel) for item in day.items]
        for item, exercise, feel in (*felt, (MORNING, "", day.morning_feel)):
            if feel is not None:
                found.append(PracticeStop(_RF5.id, _RF5.level, _as_reported(feel, item, day.on), day.on, item, exercise, feel))
    worst = max(_reported(day), key=lambda item: item.pain or 0, default=None)
    if worst is not None and _hits("PAIN5", worst.pain, without):
        text = f"Pain of {worst.pain} of 10 in practice, so we stop here."
        found.append(PracticeStop("PAIN5", Level.REFER, text, day.on, worst.key, worst.exercise))
    if _hits("PAIN5", day.morning, without):
        text = f"Pain of {day.morning} of 10 the morning after, so we stop here."
        found.append(PracticeStop("PAIN5", Level.REFER, text, day.on, MORNING, ""))
    return tuple(found)


def _as_reported(feel: Feel, item: str, on: date, name: str = "") -> str:
    """What was reported, and that it counts as the red flag: D.5 treats it as one, which does not say that more was seen."""
    if item == MORNING:
        where = f"the morning after the session of {on_day(on)}"
    else:
        side = item.rsplit("/", 1)[1]
        what = ", ".join(part for part in (name, "" if side == Side.BOTH else f"{side} side") if part)
        where = f"in practice on {on_day(on)}{f' ({what})' if what else ''}"
    return f"{FEEL_REPORTED[feel]} was reported {where}. It is treated as a red flag, so we stop here."


def named(stop: PracticeStop, names: Mapping[str, str]) -> PracticeStop:
    """The same, with the name of the exercise where its sentence tells what was reported of one; `names` by slug."""
    if stop.feel is None:
        return stop
    return replace(stop, text=_as_reported(stop.feel, stop.item, stop.on, names.get(stop.exercise, "")))


def gone(exercise: str, item: str, on: date) -> PracticeStop:
    """The stop for an exercise that hurt in two sessions in a row, reported last with `item` on a day."""
    text = "The same exercise was painful in two sessions in a row, so we stop here."
    return PracticeStop(GOES, Level.REFER, text, on, item, exercise)


def _reported(day: DayRecord) -> list[ItemDay]:
    return [item for item in day.items if item.pain is not None]
