"""A screen goes in, findings come out: one grade per test and side, and the difference between the sides."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from app.rules.battery import BATTERY, TESTS, ScreenTest, cuts_for
from app.rules.documents import ExtraValue, Finding, Measurement, Person, Screen
from app.rules.vocabulary import Grade, Side

GRADE_WORDS: Final[Mapping[Grade, str]] = {
    0: "within",
    1: "mild",
    2: "moderate",
    3: "severe",
    "x": "painful",
    "nt": "not tested",
}
"""A grade's word on a chip."""

_SAID: Final[Mapping[Grade, str]] = {
    1: "a little outside the range we use",
    2: "clearly outside the range we use",
    3: "far outside the range we use",
}


class Graded(NamedTuple):
    """One measured test and side with its grade; `gap` is |left - right| in multiples of the difference that counts."""

    test: ScreenTest
    side: Side
    value: float | None
    grade: Grade
    extra: Mapping[str, ExtraValue]
    pain: int
    asymmetry: bool
    worse: Side | None
    gap: float
    measured_on: date | None


def grade(test: str, value: float | None, person: Person, extra: Mapping[str, ExtraValue] | None = None, pain: int = 0) -> Grade:
    """The grade of one value: 0 within reference, 1 mild, 2 moderate, 3 severe, x painful, nt not tested.

    `value` in the test's unit and as it was entered, `pain` 0-10. KeyError for an unknown test. Source: the bounds of `battery.py`.
    """
    return _grade(TESTS[test], value, person, extra or {}, pain)


def _grade(test: ScreenTest, value: float | None, person: Person, extra: Mapping[str, ExtraValue], pain: int) -> Grade:
    if pain > 0:
        return "x"
    if test.void_when is not None and test.void_when.of(value, extra):
        return "nt"
    found: int | None = None
    if value is not None:
        cuts = cuts_for(test.bounds, person)
        found = sum(value > cut for cut in cuts) if test.better == "lower" else sum(value < cut for cut in cuts)
    for line in test.then:
        if all(said.of(value, extra) for said in line.when):
            if line.exactly is not None:
                if not isinstance(line.exactly, int):
                    return line.exactly
                found = line.exactly
            elif line.at_least is not None:
                found = max(found or 0, line.at_least)
    match found:
        case 0 | 1 | 2 | 3:
            return found
        case _:
            return "nt"


def grade_word(test: str, found: Grade) -> str:
    """The word for a grade of a test, as a chip shows it."""
    own = TESTS[test].grade_words
    return own[found] if isinstance(found, int) and found < len(own) else GRADE_WORDS[found]


def graded(screen: Screen) -> tuple[Graded, ...]:
    """Every measured test and side of `screen`, graded, in the order of the battery, left before right. Unknown tests are left out."""
    taken: dict[tuple[str, Side], Measurement] = {(one.test, one.side): one for one in screen.measurements}
    lines: list[Graded] = []
    for test in BATTERY:
        rows = [one for side in test.sides if (one := taken.get((test.id, side))) is not None]
        if not rows:
            continue
        grades = [_grade(test, one.value, screen.person, one.extra or {}, one.pain) for one in rows]
        asymmetry, worse, gap = _sides(test, rows, grades)
        lines.extend(
            Graded(test, one.side, one.value, found, one.extra or {}, one.pain, asymmetry, worse, gap, one.measured_on)
            for one, found in zip(rows, grades, strict=True)
        )
    return tuple(lines)


def _sides(test: ScreenTest, rows: list[Measurement], grades: list[Grade]) -> tuple[bool, Side | None, float]:
    """Whether two measured sides differ by what counts, which is worse then, and by how many times it."""
    if len(rows) < 2 or any(isinstance(found, str) for found in grades):
        return False, None, 0.0
    left, right = rows[0].value, rows[1].value
    if left is None or right is None or left == right:
        return False, None, 0.0
    noise = test.asym if test.asym is not None else (test.asym_pct or 0) * max(left, right) / 100
    if noise <= 0:
        return False, None, 0.0
    gap = round(abs(left - right) / noise, 6)
    if gap < 1:
        return False, None, gap
    return True, (Side.LEFT if (left > right) == (test.better == "lower") else Side.RIGHT), gap


def findings(screen: Screen) -> tuple[Finding, ...]:
    """The findings of `screen`, one per measured test and side, in the order of the battery; sentences follow the wording rules."""
    return tuple(_finding(one, screen.person) for one in graded(screen))


def _finding(one: Graded, person: Person) -> Finding:
    return Finding(
        test=one.test.id,
        side=one.side,
        value=one.value,
        grade=one.grade,
        reference=one.test.reference(person),
        origin=one.test.origin,
        asymmetry=one.asymmetry,
        worse=one.worse,
        text=_text(one, person),
        gap=one.gap,
        measured_on=one.measured_on,
    )


def where(test: ScreenTest, side: Side) -> str:
    """A test and its side as a sentence begins: "Figure-4 height, left"."""
    return test.short if side is Side.BOTH else f"{test.short}, {side.value}"


def whereabouts(lines: Iterable[tuple[ScreenTest, Side]]) -> str:
    """Tests and their sides in a row, each test once: "Figure-4 height, left and right; Front plank"."""
    sides: dict[str, list[str]] = {}
    for test, side in lines:
        sides.setdefault(test.short, []).extend(() if side is Side.BOTH else (side.value,))
    return "; ".join(f"{name}, {' and '.join(found)}" if found else name for name, found in sides.items())


def _text(one: Graded, person: Person) -> str:
    start = where(one.test, one.side)
    value = "" if one.value is None else f" {one.test.amount(one.value)}"
    reference = f"Reference: {one.test.reference(person)}."
    match one.grade:
        case "x":
            return f"{start}: this was painful for you{_of_ten(one.pain)}, so we stopped here."
        case "nt":
            return f"{start}: not tested."
        case 0:
            said = "within the range we use"
        case 1 if one.test.usual_text:
            return f"{start}:{value or ' tipped forward to the eye'}. {one.test.usual_text}"
        case other:
            said = _SAID[other]
    words = f"{start}:{value}, {said}. {reference}" if value else f"{start}: {said}. {reference}"
    if one.asymmetry and one.worse is one.side:
        words += f" The {one.side.value} side is the one that lags."
    return words


def _of_ten(pain: int) -> str:
    return f" ({pain} of 10)" if pain else ""
