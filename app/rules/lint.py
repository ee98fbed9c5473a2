"""What is still amiss with an exercise of the library: remarks, never a refusal."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.rules.contraindications import KEYS
from app.rules.documents import Exercise, Library
from app.rules.doses import PROFILES
from app.rules.vocabulary import Stage


class Flaw(StrEnum):
    """The kinds of remarks, from what a client would miss to what is merely unfinished."""

    WORDING = "wording"
    NO_CUE = "no_cue"
    NO_DOSE = "no_dose"
    SIDE = "side"
    UNKNOWN_KEY = "unknown_key"
    CIRCLE = "circle"
    WRONG_STAGE = "wrong_stage"
    LINK_GONE = "link_gone"
    NO_LINK = "no_link"
    NO_PICTURE = "no_picture"


FLAWS: Final[Mapping[Flaw, str]] = {
    Flaw.WORDING: "Wording",
    Flaw.NO_CUE: "No cue",
    Flaw.NO_DOSE: "No dose",
    Flaw.SIDE: "Side unclear",
    Flaw.UNKNOWN_KEY: "Unknown contraindication",
    Flaw.CIRCLE: "Goes round in a circle",
    Flaw.WRONG_STAGE: "Link into a wrong stage",
    Flaw.LINK_GONE: "Link leads nowhere",
    Flaw.NO_LINK: "No easier or harder one",
    Flaw.NO_PICTURE: "No picture",
}
"""What each kind is called."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is amiss, in which field, and in a sentence."""

    flaw: Flaw
    field: str
    text: str


_NEVER: Final[tuple[tuple[str, str], ...]] = (
    (r"fix(es|ing)?|cur(e|es|ed|ing)|heal(s|ed|ing)?|treat(s|ed|ing|ment|ments)?|rehab\w*", "claims a treatment"),
    (r"break(s|ing)? (up|down) (\w+ )?(adhesions?|scars?|scar tissue|knots?|fascia)|adhesions?", "claims a mechanism that is unproven"),
    (r"diagnos\w*|impingements?|(slipped|bulging|herniated) dis[ck]s?|dis[ck] problems?|\w* ?syndrome|dysfunction\w*", "is a diagnosis"),
    (r"out of (place|alignment)|misalign\w*|realign\w*", "is a diagnosis"),
    (r"(correct|improve|straighten)\w* (your |the )?posture|prevent(s|ing)? (injur\w+|pain)|injury[- ]proof|guarantee\w*", "is a promise"),
    (r"(push|work) through( it| the pain| pain)|no pain,? no gain", "goes against the pain rule"),
    (r"(is|are) cleared|clears? you", "is for a health professional to say"),
)
"""Words that no client should read, and why."""

_FORBIDDEN: Final = tuple((re.compile(rf"\b({words})\b", re.IGNORECASE), why) for words, why in _NEVER)
_ONE_SIDED: Final = re.compile(
    r"\b(single|one)[- ]leg(ged)?\b|\b(each|per|weaker|switch|change) (side|leg)s?\b|\b(left|right) (side|leg|hip|knee|foot)\b",
    re.IGNORECASE,
)
_TWO_SIDED: Final = re.compile(r"\bboth (legs|sides|knees|feet|hips) (at once|at the same time)\b", re.IGNORECASE)


def circles(library: Mapping[str, Exercise]) -> Mapping[str, frozenset[str]]:
    """For `regress` and for `progress`, the slugs from which the link leads back to where it began."""
    return {link: _circles({slug: getattr(one, link) for slug, one in library.items()}) for link in ("regress", "progress")}


def _circles(leads_to: Mapping[str, str | None]) -> frozenset[str]:
    found: set[str] = set()
    done: set[str] = set()
    for start in leads_to:
        walked: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in walked and at not in done:
            walked[at] = len(walked)
            at = leads_to.get(at)
        if at is not None and at in walked:
            found.update(slug for slug, place in walked.items() if place >= walked[at])
        done.update(walked)
    return frozenset(found)


def lint(library: Library, pictures: Collection[str]) -> Mapping[str, tuple[Remark, ...]]:
    """The remarks on each exercise that has any; `library` is what new plans use, `pictures` the slugs that are drawn."""
    rounds = circles(library)
    found = ((slug, remarks(one, library, pictures, rounds)) for slug, one in library.items())
    return {slug: said for slug, said in found if said}


def remarks(
    exercise: Exercise, library: Library, pictures: Collection[str], rounds: Mapping[str, frozenset[str]] | None = None
) -> tuple[Remark, ...]:
    """What is amiss with one exercise within a library; `rounds` are the library's `circles`, where they are known already."""
    found = [
        *_wording(exercise),
        *_substance(exercise),
        *_links(exercise, library, circles(library) if rounds is None else rounds),
    ]
    if not exercise.picture and exercise.slug not in pictures:
        found.append(Remark(Flaw.NO_PICTURE, "picture", "There is no picture of it."))
    order = list(Flaw)
    return tuple(sorted(found, key=lambda one: order.index(one.flaw)))


def _wording(exercise: Exercise) -> Iterator[Remark]:
    texts = (
        ("name", (exercise.name,)),
        ("cues", exercise.cues),
        ("faults", exercise.faults),
        ("note", (exercise.note,)),
        ("dose_note", (exercise.dose_note,)),
        ("load_rule", (exercise.load_rule,)),
    )
    for field, lines in texts:
        for line in lines:
            for pattern, why in _FORBIDDEN:
                for hit in pattern.finditer(line):
                    yield Remark(Flaw.WORDING, field, f"“{hit[0]}” {why}.")


def _substance(exercise: Exercise) -> Iterator[Remark]:
    if not exercise.cues:
        yield Remark(Flaw.NO_CUE, "cues", "It says nowhere how it is done.")
    if exercise.dose not in PROFILES:
        yield Remark(Flaw.NO_DOSE, "dose", "Its dose is none that there is.")
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


def _links(exercise: Exercise, library: Library, rounds: Mapping[str, frozenset[str]]) -> Iterator[Remark]:
    if exercise.regress is None and exercise.progress is None:
        yield Remark(Flaw.NO_LINK, "regress", "It names neither an easier nor a harder one.")
    order = list(Stage)
    for link, slug, way in (("regress", exercise.regress, "easier"), ("progress", exercise.progress, "harder")):
        if slug is None:
            continue
        other = library.get(slug)
        if other is None:
            yield Remark(Flaw.LINK_GONE, link, f"The {way} one, {slug}, is not in the library.")
            continue
        steps = order.index(other.stage) - order.index(exercise.stage)
        if steps and (steps > 0) is (link == "regress"):
            yield Remark(
                Flaw.WRONG_STAGE, link, f"The {way} one, {other.name}, belongs to {'a later' if steps > 0 else 'an earlier'} stage."
            )
        if exercise.slug in rounds[link]:
            yield Remark(Flaw.CIRCLE, link, f"The {way} one, {other.name}, leads back to this one.")
