"""What the rules ask of a library and whether it can serve: computed from the table of rules and the library, never a written list."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.rules.battery import BATTERY
from app.rules.documents import Exercise, Library
from app.rules.ruleset import ALWAYS, RULESET, Rule, Ruleset
from app.rules.vocabulary import Stage

_Targets: TypeAlias = Mapping[str, tuple[str, ...]]
"""What exercises work on, by slug."""


@dataclass(frozen=True, slots=True)
class Lack:
    """An exercise that rules ask for in a stage and that the library can't serve there."""

    slug: str
    stage: Stage
    rules: tuple[Rule, ...]
    found_in: Stage | None = None
    """Where the library has it instead; None where it has it not at all."""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A target that a row's exercises of a stage worked on once, and that none of them does now."""

    rule: Rule
    stage: Stage
    target: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Of what a test is about, the targets that the exercises added after its finding worked on once, and that none of them does now.

    Rows name exercises and search for no target: what no named exercise ever worked on, no row asks for.
    """

    test: str
    name: str
    targets: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a library lacks, and what of it is never asked for."""

    lacks: tuple[Lack, ...]
    unserved: tuple[Unserved, ...]
    unanswered: tuple[Unanswered, ...]
    unreached: tuple[str, ...]
    """Exercises that no row asks for and that stand in for none, in the library's order."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A row that would lose an exercise, the stage where it asks for it, and what else it asks for there."""

    rule: Rule
    stage: Stage
    left: tuple[str, ...]
    targets_lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What archiving one exercise would do."""

    losses: tuple[Loss, ...]
    emptied: tuple[Stage, ...]
    """Stages for which every new plan has an exercise now, and would have none unless a finding asks for one."""
    easier_for: tuple[str, ...]
    """Exercises whose easier version it is: they would have none."""
    harder_for: tuple[str, ...]
    stand_ins: tuple[str, ...]
    """Others of its stage for the same targets, those nearest to it first: they may be named in its place."""


def asked(ruleset: Ruleset = RULESET) -> Mapping[tuple[str, Stage], tuple[Rule, ...]]:
    """Which rows ask for which exercise in which stage, in the order of the table."""
    found: dict[tuple[str, Stage], list[Rule]] = {}
    for rule in ruleset.rules:
        for part in rule.adds:
            for slug in part.slugs:
                rules = found.setdefault((slug, part.stage), [])
                if rule not in rules:
                    rules.append(rule)
    return {where: tuple(rules) for where, rules in found.items()}


def coverage(library: Library, earlier: Iterable[Exercise], ruleset: Ruleset = RULESET) -> Coverage:
    """What `library` lacks for the rows of `ruleset`; `earlier` are other texts, older or archived, of what exercises work on."""
    lacks = tuple(
        Lack(slug, stage, rules, library[slug].stage if slug in library else None)
        for (slug, stage), rules in asked(ruleset).items()
        if slug not in library or library[slug].stage is not stage
    )
    now = _works_on(library.values())
    once = _works_on((*earlier, *library.values()))
    unserved = tuple(
        Unserved(rule, part.stage, target) for rule in ruleset.rules for part in rule.adds for target in _lost(part.slugs, once, now)
    )
    reached = reach(library, ruleset)
    return Coverage(lacks, unserved, tuple(_unanswered(once, now, ruleset)), tuple(slug for slug in library if slug not in reached))


def _works_on(texts: Iterable[Exercise]) -> _Targets:
    """All that these texts, some of them of one and the same exercise, say that it works on."""
    found: dict[str, dict[str, None]] = {}
    for one in texts:
        found.setdefault(one.slug, {}).update(dict.fromkeys(one.targets))
    return {slug: tuple(targets) for slug, targets in found.items()}


def _lost(slugs: Collection[str], once: _Targets, now: _Targets) -> tuple[str, ...]:
    """The targets that these exercises worked on once and that none of them does now."""
    has = {target for slug in slugs for target in now.get(slug, ())}
    return tuple(target for target in dict.fromkeys(target for slug in slugs for target in once.get(slug, ())) if target not in has)


def reach(library: Library, ruleset: Ruleset = RULESET) -> frozenset[str]:
    """Every exercise that can come into a plan: asked for by a row, or down the ladder of easier ones from such a one."""
    found: set[str] = set()
    for slug, stage in asked(ruleset):
        one = library.get(slug)
        while one is not None and one.slug not in found:
            found.add(one.slug)
            following = library.get(one.regress or "")
            one = following if following is not None and following.stage is stage else None
    return frozenset(found)


def _tests_of(rule: Rule) -> tuple[str, ...]:
    """The tests that a row's condition, or that of one of its parts, speaks of."""
    words = " ".join((rule.when.words, *(part.only.words for part in rule.adds if part.only is not None)))
    named = set(re.findall(r"[A-Z][A-Z0-9_]+", words))
    return tuple(test.id for test in BATTERY if test.id in named)


def _unanswered(once: _Targets, now: _Targets, ruleset: Ruleset) -> Iterator[Unanswered]:
    for test in BATTERY:
        rules = tuple(rule for rule in ruleset.rules if rule.adds and test.id in _tests_of(rule))
        lost = _lost([slug for rule in rules for part in rule.adds for slug in part.slugs], once, now)
        targets = tuple(target for target in test.targets if target in lost)
        if targets:
            yield Unanswered(test.id, test.name, targets, rules)


def _never_empty(library: Library, ruleset: Ruleset) -> tuple[Stage, ...]:
    """The stages for which rows that always hold find something."""
    parts = [part for rule in ruleset.rules if rule.when is ALWAYS for part in rule.adds if part.only is None]
    found = {part.stage for part in parts for slug in part.slugs if slug in library}
    return tuple(stage for stage in Stage if stage in found)


def without(slug: str, library: Library, ruleset: Ruleset = RULESET) -> Effect:
    """What a library would lose with one of its exercises. KeyError when it has no such one."""
    gone = library[slug]
    rest = {name: one for name, one in library.items() if name != slug}
    once, now = _works_on(library.values()), _works_on(rest.values())
    losses = tuple(
        Loss(rule, part.stage, tuple(name for name in part.slugs if name in rest), _lost(part.slugs, once, now))
        for rule in ruleset.rules
        for part in rule.adds
        if slug in part.slugs
    )
    near = {gone.regress, gone.progress}
    candidates = [
        (one.slug in near, len(set(one.targets) & set(gone.targets)), one.per_side is gone.per_side, one)
        for one in rest.values()
        if one.stage is gone.stage and (one.slug in near or not set(one.targets).isdisjoint(gone.targets))
    ]
    candidates.sort(key=lambda found: (-found[1], not found[0], not found[2]))
    return Effect(
        losses=losses,
        emptied=tuple(stage for stage in _never_empty(library, ruleset) if stage not in _never_empty(rest, ruleset)),
        easier_for=tuple(one.slug for one in rest.values() if one.regress == slug),
        harder_for=tuple(one.slug for one in rest.values() if one.progress == slug),
        stand_ins=tuple(found[3].slug for found in candidates[:5]),
    )
