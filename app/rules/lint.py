"""What is still amiss with an exercise of the library: remarks, never a refusal."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.rules.contraindications import KEYS
from app.rules.documents import Exercise, Library
from app.rules.doses import PROFILES
from app.rules.progress import GATES
from app.rules.vocabulary import Stage


class Flaw(StrEnum):
    """The kinds of remarks, from what a client would miss to what is merely unfinished."""

    WORDING = "wording"
    NO_CUE = "no_cue"
    NO_DOSE = "no_dose"
    DOSE = "dose"
    SIDE = "side"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_GATE = "unknown_gate"
    UNKNOWN_MUSCLE = "unknown_muscle"
    CIRCLE = "circle"
    WRONG_STAGE = "wrong_stage"
    LINK_GONE = "link_gone"
    SAME_NAME = "same_name"
    NO_LINK = "no_link"
    NO_PICTURE = "no_picture"
    HEAVY_PICTURE = "heavy_picture"


FLAWS: Final[Mapping[Flaw, str]] = {
    Flaw.WORDING: "Wording",
    Flaw.NO_CUE: "No cue",
    Flaw.NO_DOSE: "No dose",
    Flaw.DOSE: "Dose out of its range",
    Flaw.SIDE: "Side unclear",
    Flaw.UNKNOWN_KEY: "Unknown contraindication",
    Flaw.UNKNOWN_GATE: "Unknown gate",
    Flaw.UNKNOWN_MUSCLE: "Unknown muscle",
    Flaw.CIRCLE: "Goes round in a circle",
    Flaw.WRONG_STAGE: "Link into a wrong stage",
    Flaw.LINK_GONE: "Link leads nowhere",
    Flaw.SAME_NAME: "Two of one name",
    Flaw.NO_LINK: "No easier or harder one",
    Flaw.NO_PICTURE: "No picture",
    Flaw.HEAVY_PICTURE: "Heavy picture",
}
"""What each kind is called."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is amiss, in which field, and in a sentence."""

    flaw: Flaw
    field: str
    text: str


_TREATMENT: Final = "claims a treatment"
_DIAGNOSIS: Final = "is a diagnosis"
_PROMISE: Final = "is a promise"
_PAIN_RULE: Final = "goes against the pain rule"
_UNLESS_DENIED: Final = r"(?<!not )(?<!never )(?<!n't )(?<!n’t )"
_NEVER: Final[tuple[tuple[str, str], ...]] = (
    (r"fix(es|ing)?(?! (your |the |a )?(eyes?|gaze|band|strap|rope|bar)\b)", _TREATMENT),
    (r"fixed (your|the|her|his|my|any|all)|(is|are|be|been|was|were|gets?|got) fixed(?! (on|to|at|in place)\b)", _TREATMENT),
    (r"cur(e|es|ed|ing|ative)|heal(s|ed|ing)?|treat(s|ed|ing|ment|ments)?|rehab\w*|(?<!physical )therap(y|ies|eutic\w*)", _TREATMENT),
    (r"(reliev\w*|alleviat\w*|eliminat\w*|banish\w*|(get|gets|getting) rid of|takes? away)( [\w-]+){0,3} (pain|aches?)", _TREATMENT),
    (r"(reduces|lessens|eases|soothes)( [\w-]+){0,2} (pain|aches?)", _TREATMENT),
    (r"pain[- ]relief|relief (from|of)( [\w-]+){0,2} (pain|aches?)", _TREATMENT),
    (
        r"(break(s|ing)? (up|down)|dissolv\w*|melt\w*|releas\w*|works? out)( \w+){0,2} (adhesions?|scars?|knots?|fascia)|adhesions?",
        "claims a mechanism that is unproven",
    ),
    (r"diagnos\w*|impingements?|(slipped|bulging|herniated) dis[ck]s?|dis[ck] (problem|bulge|herniation)s?", _DIAGNOSIS),
    (r"sciatica|syndromes?|dysfunction\w*", _DIAGNOSIS),
    (
        r"(weak|tight|stiff|short|lazy|inactive)\w*( [\w-]+){1,3} (caus(e|es|ed|ing)|leads? to|creates?)( [\w-]+){0,3} (pain|aches?)",
        _DIAGNOSIS,
    ),
    (r"(pain|aches?)( \w+){0,2} (caused by|comes? from)|(cause|source|reason) (of|for) your( [\w-]+){0,2} (pain|aches?)", _DIAGNOSIS),
    (r"out of (place|alignment)|misalign\w*|realign\w*", _DIAGNOSIS),
    (r"(correct|improv|straighten|better|perfect|restor)\w*( \w+){0,2} posture|postur(e|al) (correct|improve)\w*", _PROMISE),
    (r"prevent\w*( [\w-]+){0,4} (injur\w+|pain|aches?)|(injury|pain)[- ]prevent\w*|injury[- ]proof\w*|guarantee\w*", _PROMISE),
    (r"protect\w*( [\w-]+){0,3} (from|against)( [\w-]+){0,2} (injur\w+|pain)", _PROMISE),
    (
        rf"{_UNLESS_DENIED}(push|work|power|fight|train|stretch|press)\w* through(( [\w-]+){{0,2}} (pain|discomfort|soreness)| it)",
        _PAIN_RULE,
    ),
    (
        rf"{_UNLESS_DENIED}((push|work|train|stretch|press)\w* into|ignor\w*)( [\w-]+){{0,2}} pain|no pain,? no gain",
        _PAIN_RULE,
    ),
    (
        r"(is|are|be|been|’re|'re|gets?) cleared(?! by\b)|clear(s|ed)? you|cleared (to|for) \w+",
        "is for a health professional to say",
    ),
)
"""Words that no client should read, and why."""

_FORBIDDEN: Final = tuple((re.compile(rf"\b({words})\b", re.IGNORECASE), why) for words, why in _NEVER)
_ONE_SIDED: Final = re.compile(
    r"\b(single|one)[- ](leg(ged)?|foot)\b|\b(each|per|other|weaker|switch|swap|change|alternat\w+) (side|leg|foot|feet)s?\b"
    r"|\b(left|right) (side|leg|hip|knee|foot)\b",
    re.IGNORECASE,
)
_TWO_SIDED: Final = re.compile(r"\bboth (legs|sides|knees|feet|hips) (at once|at the same time)\b", re.IGNORECASE)


_FEW: Final = 3
"""So many others of one name are named."""


def circles(library: Mapping[str, Exercise]) -> Mapping[str, frozenset[str]]:
    """For `regress` and for `progress`, the slugs from which the link is part of a circle.

    The two tell one order from either end: whoever names an easier one is the harder one of that.
    """
    harder: dict[str, list[str]] = {slug: [] for slug in library}
    for slug, one in library.items():
        if one.regress in harder:
            harder[one.regress].append(slug)
        if one.progress in harder:
            harder[slug].append(one.progress)
    knot = _knots(harder)
    return {
        "regress": frozenset(slug for slug, one in library.items() if knot.get(one.regress or "") == knot[slug]),
        "progress": frozenset(slug for slug, one in library.items() if knot.get(one.progress or "") == knot[slug]),
    }


def _knots(leads_to: Mapping[str, Collection[str]]) -> Mapping[str, int]:
    """A number for each, the same one for all that lead to each other (after Kosaraju: once along, once back in the order of return)."""
    returned: dict[str, None] = {}
    seen: set[str] = set()
    for start in leads_to:
        walk = [(start, iter(leads_to[start]))] if start not in seen else []
        seen.add(start)
        while walk:
            at, ahead = walk[-1]
            following = next((other for other in ahead if other not in seen), None)
            if following is None:
                returned[at] = None
                walk.pop()
            else:
                seen.add(following)
                walk.append((following, iter(leads_to[following])))
    comes_from: dict[str, list[str]] = {slug: [] for slug in leads_to}
    for slug, others in leads_to.items():
        for other in others:
            comes_from[other].append(slug)
    knots: dict[str, int] = {}
    for number, start in enumerate(reversed(returned)):
        left = [start] if start not in knots else []
        while left:
            at = left.pop()
            knots[at] = number
            left += [other for other in comes_from[at] if other not in knots]
    return knots


def namesakes(library: Mapping[str, Exercise]) -> Mapping[str, tuple[str, ...]]:
    """For each slug the slugs of others that have the same name; only where there are any."""
    called: dict[str, list[str]] = {}
    for slug, one in library.items():
        called.setdefault(" ".join(one.name.casefold().split()), []).append(slug)
    alike = (slugs for slugs in called.values() if len(slugs) > 1)
    return {slug: tuple(other for other in slugs[: _FEW + 1] if other != slug)[:_FEW] for slugs in alike for slug in slugs}


@dataclass(frozen=True, slots=True)
class Known:
    """What an exercise may rely on beyond its library: slugs that are drawn, words for what exercises work on, how a picture is read."""

    pictures: Collection[str]
    muscles: Collection[str]
    said_in: Callable[[str], tuple[str, ...]]
    """What those who look at an own picture read, from its text."""
    archived: Collection[str] = ()
    """Slugs that new plans leave out and that can be brought back."""


def lint(library: Library, known: Known) -> Mapping[str, tuple[Remark, ...]]:
    """The remarks on each exercise that has any; `library` is what new plans use."""
    rounds, names = circles(library), namesakes(library)
    found = ((slug, remarks(one, library, known, rounds, names)) for slug, one in library.items())
    return {slug: said for slug, said in found if said}


def remarks(
    exercise: Exercise,
    library: Library,
    known: Known,
    rounds: Mapping[str, frozenset[str]] | None = None,
    names: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Remark, ...]:
    """What is amiss with one exercise within a library; its `circles` and `namesakes` are given where they are known already."""
    found = [
        *_wording(exercise, known.said_in(exercise.picture) if exercise.picture else ()),
        *_substance(exercise),
        *misled(exercise, library, circles(library) if rounds is None else rounds, known.archived),
    ]
    others = (namesakes(library) if names is None else names).get(exercise.slug)
    if others:
        found.append(Remark(Flaw.SAME_NAME, "name", f"Another one has this name: {', '.join(others)}."))
    if exercise.regress is None and exercise.progress is None:
        found.append(Remark(Flaw.NO_LINK, "regress", "It names neither an easier nor a harder one."))
    for target in exercise.targets:
        if target not in known.muscles:
            word = target.replace("_", " ")
            found.append(Remark(Flaw.UNKNOWN_MUSCLE, "targets", f"No test and no exercise of the starter library says “{word}”."))
    if not exercise.picture and exercise.slug not in known.pictures:
        found.append(Remark(Flaw.NO_PICTURE, "picture", "There is no picture of it."))
    order = list(Flaw)
    return tuple(sorted(found, key=lambda one: order.index(one.flaw)))


def _wording(exercise: Exercise, in_picture: tuple[str, ...]) -> Iterator[Remark]:
    texts = (
        ("name", (exercise.name,)),
        ("cues", exercise.cues),
        ("faults", exercise.faults),
        ("note", (exercise.note,)),
        ("dose_note", (exercise.dose_note,)),
        ("load_rule", (exercise.load_rule,)),
        ("override.load", ((exercise.override and exercise.override.load) or "",)),
        ("targets", tuple(target.replace("_", " ") for target in exercise.targets)),
        ("equipment", tuple(one.replace("_", " ") for one in exercise.equipment)),
        ("picture", in_picture),
    )
    everything = "\n".join(line for _, lines in texts for line in lines)
    suspect = _forbidden_in(everything)
    for field, lines in texts:
        for line in lines:
            for pattern, why in suspect:
                for hit in pattern.finditer(line):
                    yield Remark(Flaw.WORDING, field, f"“{hit[0]}” {why}.")


@lru_cache(maxsize=8192)
def _forbidden_in(text: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((pattern, why) for pattern, why in _FORBIDDEN if pattern.search(text))


def _substance(exercise: Exercise) -> Iterator[Remark]:
    if not exercise.cues:
        yield Remark(Flaw.NO_CUE, "cues", "It says nowhere how it is done.")
    if exercise.dose not in PROFILES:
        yield Remark(Flaw.NO_DOSE, "dose", "Its dose is none that there is.")
    yield from _dose(exercise)
    words = " ".join((exercise.name, *exercise.cues))
    if not exercise.per_side:
        if exercise.stage is Stage.SINGLE_LEG:
            yield Remark(Flaw.SIDE, "per_side", "It stands among the single-leg work and is not counted on each side.")
        elif (hit := _ONE_SIDED.search(words)) is not None:
            yield Remark(Flaw.SIDE, "per_side", f"It says “{hit[0]}” and is not counted on each side.")
    elif (hit := _TWO_SIDED.search(words)) is not None:
        yield Remark(Flaw.SIDE, "per_side", f"It says “{hit[0]}” and is counted on each side.")
    for key in exercise.contraindications:
        if key not in KEYS:
            yield Remark(Flaw.UNKNOWN_KEY, "contraindications", f"{key} is no contraindication that is asked about.")
    if exercise.gate is not None and exercise.gate not in GATES:
        yield Remark(Flaw.UNKNOWN_GATE, "gate", f"No rule knows the gate {exercise.gate}.")


def _dose(exercise: Exercise) -> Iterator[Remark]:
    """Numbers of its own beyond the dose's limits; fewer repetitions than usual are how something hard begins."""
    profile, own = PROFILES.get(exercise.dose), exercise.override
    if profile is None or own is None:
        return
    for name, number, limits, unit in (
        ("sets", own.sets, profile.allowed_sets, "sets"),
        ("reps", own.reps, profile.allowed_reps and (1, profile.allowed_reps[1]), "repetitions"),
        ("hold_s", own.hold_s, profile.allowed_hold_s, "s"),
        ("total_s", own.total_s, profile.total_s and (1, profile.total_s), "s in all"),
    ):
        if number is not None and limits and not limits[0] <= number <= limits[1]:
            yield Remark(Flaw.DOSE, f"override.{name}", f"{number} {unit}: {profile.name} goes from {limits[0]} to {limits[1]}.")


def misled(
    exercise: Exercise, library: Mapping[str, Exercise], rounds: Mapping[str, frozenset[str]], archived: Collection[str] = ()
) -> Iterator[Remark]:
    """Where an exercise's links lead wrongly: remarked on where it is so, refused where it would be so. `rounds` are the `circles`."""
    order = list(Stage)
    for link, slug, way in (("regress", exercise.regress, "easier"), ("progress", exercise.progress, "harder")):
        if slug is None:
            continue
        other = library.get(slug)
        if other is None:
            gone = "is archived. Bring it back, or name another one" if slug in archived else "is not in the library"
            yield Remark(Flaw.LINK_GONE, link, f"The {way} one, {slug}, {gone}.")
            continue
        steps = order.index(other.stage) - order.index(exercise.stage)
        if slug == exercise.slug:
            yield Remark(Flaw.CIRCLE, link, f"It can't be its own {way} one.")
        elif steps and (steps > 0) is (link == "regress"):
            stage = "a later" if steps > 0 else "an earlier"
            yield Remark(Flaw.WRONG_STAGE, link, f"The {way} one, {other.name}, belongs to {stage} stage.")
        elif exercise.regress == exercise.progress:
            if link == "progress":
                yield Remark(Flaw.CIRCLE, link, f"The easier and the harder one can't be the same, {other.name}.")
        elif exercise.slug in rounds[link]:
            yield Remark(Flaw.CIRCLE, link, f"It goes round in a circle: the {way} one, {other.name}, leads back to this one.")
