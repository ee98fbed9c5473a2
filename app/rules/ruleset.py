"""THE RULES: finding to plan, one line per rule with a reason, an origin and the article's claims that it rests on.

A row is read per side: `when` holds on the left, on the right, or (tests without sides, answers) on both. `because` is the sentence for the
client. `adds` go into the plan on the sides where the row holds; `replaces` takes the place of what another row added there. How rows combine
is written in `plan.py`; a value that was not tested meets no condition but `untested`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from app.rules.findings import Graded
from app.rules.vocabulary import Origin, Side, Stage, StageState

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
    """A condition, in words and as a function of the facts and a side: the evidence when it holds, else None."""

    words: str
    met: Callable[[Facts, Side], Evidence | None]


_SIDES: Final = (Side.LEFT, Side.RIGHT)


def graded_in(grades: tuple[int, ...], *tests: str) -> When:
    """Any of `tests` has one of these grades on the side."""
    wanted = frozenset(grades)

    def met(facts: Facts, side: Side) -> Evidence | None:
        found = tuple(line for test in tests if (line := facts.grades.get((test, side))) is not None and line.grade in wanted)
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

    return When("(" + " or ".join(part.words for part in parts) + ")", met)


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

    return When("(" + " and ".join(part.words for part in parts) + ")", met)


def either_side(part: When) -> When:
    """The part holds on the left or on the right; then it holds for both."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        held = [found for one in _SIDES if (found := part.met(facts, one)) is not None]
        return tuple(dict.fromkeys(id(line) for found in held for line in found)) and _unique(held) if held else None

    return When(f"{part.words} on either side", met)


def both_sides(part: When) -> When:
    """The part holds on the left and on the right."""

    def met(facts: Facts, side: Side) -> Evidence | None:
        held = [found for one in _SIDES if (found := part.met(facts, one)) is not None]
        return _unique(held) if len(held) == len(_SIDES) else None

    return When(f"{part.words} on both sides", met)
