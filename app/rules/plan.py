"""A screen, a library and the table of rules go in; the staged, explained plan comes out.

How rows combine: every row that holds adds its items, a replacement takes the place and the reasons of what it replaces,
contraindications then take items out or make them easier, and what does not fit into a session takes turns.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from app.rules.battery import BATTERY
from app.rules.contraindications import KEYS, PAINFUL, InForce
from app.rules.documents import (
    Clearance,
    Dose,
    Exercise,
    FindingRef,
    Habit,
    Item,
    ItemReason,
    Library,
    Lock,
    Plan,
    Removed,
    Screen,
    StagePlan,
    Then,
)
from app.rules.doses import dose_for
from app.rules.findings import Graded, graded
from app.rules.progress import ONE_IS_ENOUGH, STRENGTH_TESTS, exit_for
from app.rules.readiness import SITS_LONG_ABOVE_H, keys_from, reasons_to_stop, red_flags, status_of
from app.rules.ruleset import RULESET, Evidence, Facts, Rule, Ruleset
from app.rules.vocabulary import LADDER, Grade, Side, Stage, StageState

_SIDES: Final = (Side.LEFT, Side.RIGHT)


class _Held(NamedTuple):
    """A row that holds, its place in the table, and its evidence on each side where it does."""

    place: int
    rule: Rule
    sides: Mapping[Side, Evidence]


class _Named(NamedTuple):
    """What an item is served by: grade, gap and row of the finding that is named, and that finding (None where no finding asked)."""

    grade: int
    gap: float
    place: int
    line: Graded | None


def _grade(line: Graded) -> int:
    return line.grade if isinstance(line.grade, int) else 0


def _worst(lines: tuple[Graded, ...]) -> Graded:
    """Of several findings the one with the highest grade; then the bigger gap, then the worse side, then the first."""
    if len(lines) == 1:
        return lines[0]
    return max(lines, key=lambda line: (_grade(line), line.gap, line.worse is line.side))


_NOTHING: Final = (0, 0.0)


class _Draft:
    """An item in the making."""

    __slots__ = ("comes_back", "exercise", "held_on", "named", "reasons", "said", "shown", "side", "stage", "stands_for")

    def __init__(self, exercise: Exercise, stage: Stage, side: Side) -> None:
        self.exercise = exercise
        self.stage = stage
        self.side = side
        self.held_on: set[Side] = set()
        self.reasons: dict[int, dict[Side, Evidence]] = {}
        self.stands_for: set[str] = {exercise.slug}
        self.comes_back: tuple[str, int] | None = None
        self.shown: dict[int, Graded | None] = {}
        self.said: tuple[ItemReason, ...] | None = None
        self.named = _Named(0, 0.0, 0, None)

    def give(self, place: int, side: Side, evidence: Evidence) -> None:
        """One more reason: the row at `place` holds on `side`."""
        self.held_on.add(side)
        found = self.reasons.get(place)
        if found is None:
            self.reasons[place] = {side: evidence}
        else:
            found[side] = evidence

    def take_over(self, other: "_Draft", side: Side) -> None:
        """Take place and reasons of `other`; an item for one side takes only that side's reasons from one for both."""
        sides = other.held_on if side is Side.BOTH else other.held_on & {side}
        for place, found in other.reasons.items():
            for one in sides & found.keys():
                self.give(place, one, found[one])
        self.stands_for |= other.stands_for
        if other.comes_back is not None:
            self.comes_back = other.comes_back

    def settle(self) -> None:
        """Choose the finding that each reason shows, and the one that names the item: highest grade, then gap, then row."""
        best: tuple[int, float] = (-1, 0.0)
        for place in sorted(self.reasons) if len(self.reasons) > 1 else self.reasons:
            found = self.reasons[place]
            if self.side is not Side.BOTH:
                lines = found[self.side]
            elif len(found) == 1:
                (lines,) = found.values()
            else:
                lines = found[Side.LEFT] + found[Side.RIGHT]
            line = _worst(lines) if lines else None
            self.shown[place] = line
            weight = _NOTHING if line is None else (_grade(line), line.gap)
            if weight > best:
                best = weight
                self.named = _Named(weight[0], weight[1], place, line)


_Drafts = dict[tuple[str, Side], _Draft]


class _Barred(NamedTuple):
    """What takes exercises out: the keys in force, and the exercises that hurt."""

    keys: tuple[InForce, ...]
    painful: frozenset[str]


def build_plan(screen: Screen, library: Library, ruleset: Ruleset = RULESET, clearances: Iterable[Clearance] = ()) -> Plan:
    """The plan that `screen` leads to: the same input gives the same plan, to the byte.

    `library` is slug to exercise in its own order; `clearances` are professionals' answers, in any order. A screen that stops gives a plan
    without stages and its status. Slugs that the library lacks are listed as gaps.
    """
    lines = graded(screen)
    given = tuple(clearances)
    stop = reasons_to_stop(screen, lines, given)
    if stop:
        return Plan(ruleset.version, (), (), (), (), status=status_of(stop))
    keys = keys_from(screen, lines, given)
    facts = _facts(screen, lines, keys)
    held = _rows_that_hold(ruleset, facts, library)
    drafts = _add(held, facts, library)
    _replace(held, drafts, library)
    not_indicated = {row.rule.not_indicated for row in held}
    drafts = {at: one for at, one in drafts.items() if one.stage not in not_indicated}
    places = {slug: place for place, slug in enumerate(library)}
    barred = _Barred(keys, frozenset(slug for one in given for slug in one.without))
    removed, lost = _take_out(drafts, barred, library, places)
    maker = _Maker(lines, library, ruleset, held, barred, places)
    by_stage: dict[Stage, list[_Draft]] = {stage: [] for stage in Stage}
    for one in drafts.values():
        by_stage[one.stage].append(one)
    return Plan(
        ruleset=ruleset.version,
        stages=tuple(
            _stage(stage, members, maker, removed, [one for one in lost if one.stage is stage], not_indicated=stage in not_indicated)
            for stage, members in by_stage.items()
        ),
        removed=tuple(one for _, one in removed),
        habits=tuple(Habit(row.rule.id, row.rule.habit) for row in held if row.rule.habit),
        notes=tuple(_notes(screen, lines)),
        gaps=tuple(dict.fromkeys(slug for row in held for part in row.rule.adds for slug in part.slugs if slug not in library)),
    )


def barred(screen: Screen, library: Library, clearances: Iterable[Clearance] = ()) -> frozenset[tuple[str, Side]]:
    """Every exercise (slug) and side that a key in force, or pain in two sessions, keeps out of a plan from `screen`."""
    given = tuple(clearances)
    held = _Barred(keys_from(screen, graded(screen), given), frozenset(slug for one in given for slug in one.without))
    return frozenset(
        (exercise.slug, side)
        for exercise in library.values()
        for side in (_SIDES if exercise.per_side else (Side.BOTH,))
        if _hit(exercise, side, held) is not None
    )


def _facts(screen: Screen, lines: Iterable[Graded], keys: Iterable[InForce]) -> Facts:
    grades: dict[tuple[str, Side], Graded] = {}
    for line in lines:
        for side in _SIDES if line.side is Side.BOTH else (line.side,):
            grades[line.test.id, side] = line
    return Facts(
        grades=grades,
        age=screen.person.age,
        sits_long=(screen.history.sitting_hours or 0) > SITS_LONG_ABOVE_H,
        osteoporosis_unloaded="RF15" in red_flags(screen) and any(one.key == "osteoporosis_loaded" for one in keys),
    )


# --- rows ---------------------------------------------------------------------------------------------------------


def _rows_that_hold(ruleset: Ruleset, facts: Facts, library: Library) -> list[_Held]:
    """The rows that hold, in the order of the table; a harder row steps back where an easier one replaces the same exercise."""
    held: list[_Held] = []
    for place, rule in enumerate(ruleset.rules):
        sides: dict[Side, Evidence] = {}
        if (found := rule.when.met(facts, Side.LEFT)) is not None:
            sides[Side.LEFT] = found
        if not rule.when.sided:
            if found is not None:
                sides[Side.RIGHT] = found
        elif (found := rule.when.met(facts, Side.RIGHT)) is not None:
            sides[Side.RIGHT] = found
        if sides:
            held.append(_Held(place, rule, sides))
    easier = [row for row in held if row.rule.replaces is not None and not row.rule.harder]
    kept: list[_Held] = []
    for row in held:
        if row.rule.harder:
            blocked: set[Side] = set()
            for other in easier:
                if other.rule.replaces == row.rule.replaces:
                    shared = library.get(other.rule.replaces or "")
                    blocked |= set(_SIDES) if shared is None or not shared.per_side else other.sides.keys()
            row = row._replace(sides={side: found for side, found in row.sides.items() if side not in blocked})
        if row.sides:
            kept.append(row)
    return kept


def _add(held: Iterable[_Held], facts: Facts, library: Library) -> _Drafts:
    drafts: _Drafts = {}
    for row in held:
        for part in row.rule.adds:
            sides = row.sides
            if part.only is not None:
                sides = {side: found for side in sides if (found := part.only.met(facts, side)) is not None}
            for slug in part.slugs:
                exercise = library.get(slug)
                if exercise is None:
                    continue
                if exercise.per_side:
                    for side, found in sides.items():
                        _at(drafts, exercise, part.stage, side).give(row.place, side, found)
                else:
                    both = _at(drafts, exercise, part.stage, Side.BOTH)
                    for side, found in sides.items():
                        both.give(row.place, side, found)
    return drafts


def _at(drafts: _Drafts, exercise: Exercise, stage: Stage, side: Side) -> _Draft:
    """The draft of `exercise` for `side`, or for both sides together where the exercise is done so."""
    where = side if exercise.per_side else Side.BOTH
    draft = drafts.get((exercise.slug, where))
    if draft is None:
        draft = drafts[exercise.slug, where] = _Draft(exercise, stage, where)
    return draft


def _replace(held: Iterable[_Held], drafts: _Drafts, library: Library) -> None:
    """Let replacements take place and reasons; the first exercise that a row adds is the one that holds the place."""
    for row in held:
        replaced = library.get(row.rule.replaces or "")
        if replaced is None:
            continue
        instead = library.get(row.rule.adds[0].slugs[0])
        for side in row.sides if replaced.per_side else (Side.BOTH,):
            old = drafts.pop((replaced.slug, side), None)
            if old is None or instead is None:
                continue
            for one in row.sides if side is Side.BOTH else (side,):
                new = _at(drafts, instead, old.stage, one)
                new.take_over(old, new.side)
                if row.rule.comes_back_after_weeks is not None:
                    new.comes_back = (replaced.slug, row.rule.comes_back_after_weeks)


# --- contraindications --------------------------------------------------------------------------------------------


def _take_out(
    drafts: _Drafts, barred: _Barred, library: Library, places: Mapping[str, int]
) -> tuple[list[tuple[Stage, Removed]], list[_Draft]]:
    """Take out what a key hits or what hurt, put the next easier one of the stage in its place, and say so, by stages and library.

    What went and left nothing in its place comes out as well.
    """
    if not any(barred):
        return [], []
    lost: list[_Draft] = []
    removed: dict[tuple[str, Side], tuple[Stage, Removed]] = {}
    hit = [(one, key) for one in drafts.values() if (key := _hit(one.exercise, one.side, barred)) is not None]
    for one, _ in hit:
        del drafts[one.exercise.slug, one.side]
    for one, key in hit:
        easier = _easier(one.exercise, one.stage, one.held_on if one.side is Side.BOTH else {one.side}, barred, library)
        removed[one.exercise.slug, one.side] = (one.stage, _removed(one.exercise, one.side, key, easier))
        for other in _regressions(one.exercise, one.stage, library):
            if other is easier:
                break
            side = one.side if other.per_side else Side.BOTH
            also = _hit(other, side, barred)
            if also is not None:
                removed.setdefault((other.slug, side), (one.stage, _removed(other, side, also, easier)))
        if easier is None:
            lost.append(one)
        else:
            for side in sorted(one.held_on) if one.side is Side.BOTH else (one.side,):
                new = _at(drafts, easier, one.stage, side)
                new.take_over(one, new.side)
    for one in drafts.values():
        if one.comes_back is None:
            continue
        later = library[one.comes_back[0]]
        found = _hit(later, one.side, barred)
        if found is not None:
            easier = _easier(later, one.stage, {one.side}, barred, library)
            removed.setdefault((later.slug, one.side), (one.stage, _removed(later, one.side, found, easier)))
            weeks = one.comes_back[1]
            one.comes_back = None if easier is None or easier.slug == one.exercise.slug else (easier.slug, weeks)
    order = list(Stage)
    said = sorted(removed.values(), key=lambda one: (order.index(one[0]), places[one[1].exercise], _SIDE_ORDER[one[1].side]))
    return said, lost


_SIDE_ORDER: Final = {Side.LEFT: 0, Side.RIGHT: 1, Side.BOTH: 2}


def _removed(exercise: Exercise, side: Side, key: InForce, easier: Exercise | None) -> Removed:
    return Removed(exercise.slug, side, key.key, key.because, None if easier is None else easier.slug)


_HURT: Final = InForce(PAINFUL.id, Side.BOTH, PAINFUL.because)


def _hit(exercise: Exercise, side: Side, barred: _Barred) -> InForce | None:
    if exercise.slug in barred.painful:
        return _HURT
    for name in exercise.contraindications:
        for key in barred.keys:
            if key.key == name and key.hits(side):
                return key
    return None


def _easier(exercise: Exercise, stage: Stage, sides: Iterable[Side], barred: _Barred, library: Library) -> Exercise | None:
    """The next easier exercise of the same stage that nothing bars."""
    for one in _regressions(exercise, stage, library):
        if all(_hit(one, side if one.per_side else Side.BOTH, barred) is None for side in sides):
            return one
    return None


def _regressions(exercise: Exercise, stage: Stage, library: Library) -> list[Exercise]:
    """The easier exercises of a stage before one on its ladder, the next one first."""
    found: list[Exercise] = []
    one = library.get(exercise.regress or "")
    while one is not None and one.stage is stage and one is not exercise and one not in found:
        found.append(one)
        one = library.get(one.regress or "")
    return found


# --- items --------------------------------------------------------------------------------------------------------


class _Maker:
    """What all items of one plan share."""

    def __init__(
        self,
        lines: tuple[Graded, ...],
        library: Library,
        ruleset: Ruleset,
        held: list[_Held],
        barred: _Barred,
        places: Mapping[str, int],
    ) -> None:
        self.lines = lines
        self.library = library
        self.ruleset = ruleset
        self.held = held
        self.barred = barred
        self.places = places
        self.cues = [(row.rule.cue, row.rule.cue_at) for row in held if row.rule.cue]
        self.stage_cues = [(KEYS[one.key].cue, KEYS[one.key].cue_stages) for one in barred.keys if KEYS[one.key].cue]
        self.swaps = [(row.place, row.rule.doses) for row in held if row.rule.doses is not None]
        self.sides_differ = any(line.asymmetry for line in lines)
        self.extra_set_place = next((row.place for row in held if row.rule.extra_set_on_worse_side), None)
        self.worse_first = any(row.rule.worse_side_first for row in held)
        self.doses: dict[tuple[str, bool], Dose] = {}
        self.easier: dict[str, list[Exercise]] = {}
        self.reasons: dict[tuple[int, tuple[str, Side] | None], ItemReason] = {}
        self.plank_s: float | None = None
        self.dowel_early = False
        for line in lines:
            if line.test.id == "PLANK" and isinstance(line.grade, int):
                self.plank_s = line.value
            elif line.test.id == "DOWEL3":
                self.dowel_early = line.grade in (0, 1)

    def side_rank(self, draft: _Draft) -> int:
        line = draft.named.line
        if self.worse_first and line is not None and line.worse is not None:
            return 0 if line.worse is draft.side else 1
        return _SIDE_ORDER[draft.side]

    def hops(self, exercise: Exercise, stage: Stage) -> int:
        """How many easier exercises of its stage stand before one on its ladder."""
        return len(self._regressions(exercise, stage))

    def _regressions(self, exercise: Exercise, stage: Stage) -> list[Exercise]:
        found = self.easier.get(exercise.slug)
        if found is None:
            found = self.easier[exercise.slug] = _regressions(exercise, stage, self.library)
        return found

    def reasons_of(self, draft: _Draft) -> tuple[ItemReason, ...]:
        """The reasons of a draft, without those that only its dose has."""
        return tuple([self._reason(place, line) for place, line in draft.shown.items()])

    def grades(self, stage: Stage, items: Iterable[Item], aside: Iterable[ItemReason]) -> tuple[Grade, ...]:
        """The grades by which a stage has a time to stay (`exit_for`), unless it is empty."""
        if stage is Stage.STRENGTHENING:
            return tuple(line.grade for line in self.lines if line.test.id in STRENGTH_TESTS)
        reasons = [reason for item in items for reason in item.reasons]
        return tuple(one.finding.grade for one in (*reasons, *aside) if one.finding is not None) if reasons else ()

    def item(self, draft: _Draft, *, turn: int | None) -> Item:
        lagging = self._lagging(draft) if self.sides_differ else None
        cues = self._cues(draft) if draft.stage in LADDER else ()
        if draft.comes_back is None:
            return self._with_easier(draft, draft.exercise, lagging, turn, cues)
        later = self._with_easier(draft, self.library[draft.comes_back[0]], lagging, turn, cues)
        return self._with_easier(draft, draft.exercise, lagging, turn, cues, Then(*draft.comes_back), later)

    def _with_easier(
        self,
        draft: _Draft,
        exercise: Exercise,
        lagging: Graded | None,
        turn: int | None,
        cues: tuple[str, ...],
        then: Then | None = None,
        later: Item | None = None,
    ) -> Item:
        easier = None
        for one in self._regressions(exercise, draft.stage):
            side = self._side_of_easier(draft, one)
            if side is not None and _hit(one, side, self.barred) is None:
                easier = self._item(draft, one, side, lagging if side is draft.side else None, turn, cues)
                break
        return self._item(draft, exercise, draft.side, lagging, turn, cues, then, later, easier)

    def _side_of_easier(self, draft: _Draft, easier: Exercise) -> Side | None:
        """The side of the one item that can stand in; None where it would take two, one for each side."""
        if not easier.per_side:
            return Side.BOTH
        if draft.side is not Side.BOTH:
            return draft.side
        return next(iter(draft.held_on)) if len(draft.held_on) == 1 else None

    def _item(
        self,
        draft: _Draft,
        exercise: Exercise,
        side: Side,
        lagging: Graded | None,
        turn: int | None,
        cues: tuple[str, ...],
        then: Then | None = None,
        later: Item | None = None,
        easier: Item | None = None,
    ) -> Item:
        dose, dose_reasons = self._dose(exercise, lagging)
        if dose_reasons:
            shown = sorted([*draft.shown.items(), *dose_reasons], key=lambda one: one[0])
            reasons = tuple([self._reason(place, line) for place, line in shown])
        elif draft.said is not None:
            reasons = draft.said
        else:
            reasons = draft.said = self.reasons_of(draft)
        return Item(
            key=f"{draft.stage.value}/{exercise.slug}/{side.value}",
            exercise=exercise.slug,
            name=exercise.name,
            exercise_version=exercise.version,
            side=side,
            loaded=exercise.loaded,
            dose=dose,
            every_session=turn is None,
            then=then,
            cues=cues,
            reasons=reasons,
            how=exercise.cues,
            faults=exercise.faults,
            equipment=exercise.equipment,
            picture=exercise.picture,
            later=later,
            turn=turn,
            easier=easier,
        )

    def _cues(self, draft: _Draft) -> tuple[str, ...]:
        said = [text for text, at in self.cues if not draft.stands_for.isdisjoint(at)]
        said += [text for text, stages in self.stage_cues if draft.stage in stages]
        return tuple(said)

    def _dose(self, exercise: Exercise, lagging: Graded | None) -> tuple[Dose, list[tuple[int, Graded | None]]]:
        """The dose, and the rows that changed it with the finding that they rest on."""
        profile = exercise.dose
        changed: list[tuple[int, Graded | None]] = []
        for place, swap in self.swaps:
            if profile in swap:
                profile = swap[profile]
                changed.append((place, None))
        dose = self._measured_out(exercise, profile, extra_set=False)
        if lagging is not None and self.extra_set_place is not None:
            more = self._measured_out(exercise, profile, extra_set=True)
            if more != dose:
                return more, [*changed, (self.extra_set_place, lagging)]
        return dose, changed

    def _measured_out(self, exercise: Exercise, profile: str, *, extra_set: bool) -> Dose:
        at = (exercise.slug, extra_set)
        dose = self.doses.get(at)
        if dose is None:
            dose = self.doses[at] = dose_for(exercise, profile=profile, plank_s=self.plank_s, extra_set=extra_set)
        return dose

    def _lagging(self, draft: _Draft) -> Graded | None:
        """The finding of the item's own that shows its side as the worse one."""
        if draft.side is Side.BOTH:
            return None
        for found in draft.reasons.values():
            for line in found[draft.side]:
                if line.worse is draft.side:
                    return line
        return None

    def _reason(self, place: int, line: Graded | None) -> ItemReason:
        at = (place, None if line is None else (line.test.id, line.side))
        reason = self.reasons.get(at)
        if reason is None:
            rule = self.ruleset.rules[place]
            finding = None if line is None else FindingRef(line.test.id, line.side, line.grade, line.value)
            reason = self.reasons[at] = ItemReason(rule.id, rule.because, rule.origin, rule.claims, finding)
        return reason


def _stage(
    stage: Stage,
    drafts: list[_Draft],
    maker: _Maker,
    removed: Iterable[tuple[Stage, Removed]],
    lost: list[_Draft],
    *,
    not_indicated: bool,
) -> StagePlan:
    for draft in (*drafts, *lost):
        draft.settle()
    if stage in LADDER:
        drafts.sort(key=lambda one: (maker.hops(one.exercise, stage), maker.places[one.exercise.slug], maker.side_rank(one)))
    else:
        first = {one.exercise.slug for one in drafts if one.named.line is not None} if stage is Stage.SMR else set()
        drafts.sort(key=lambda one: _order(one, maker, first))
    turns, share = _turns(stage, drafts, maker)
    items = tuple([maker.item(draft, turn=turns.get(draft.exercise.slug)) for draft in drafts])
    aside = dict.fromkeys(reason for draft in lost for reason in maker.reasons_of(draft) if reason.finding is not None)
    gone = () if drafts else tuple(dict.fromkeys(one.key for at, one in removed if at is stage))
    return StagePlan(
        stage=stage,
        starts=_starts(stage, maker, not_indicated=not_indicated, emptied=bool(gone)),
        locks=tuple(
            Lock(row.rule.id, row.rule.because, row.rule.lock.until, row.rule.lock.loaded_only)
            for row in maker.held
            if row.rule.lock is not None and stage in row.rule.lock.stages
        ),
        items=items,
        exit=() if not_indicated else exit_for(stage, maker.grades(stage, items, aside)),
        emptied_by=gone,
        share=share,
        exit_any=stage in ONE_IS_ENOUGH,
        set_aside=tuple(aside),
    )


def _order(draft: _Draft, maker: _Maker, first: set[str]) -> tuple[bool, bool, int, float, int, int, int]:
    """Grade, then gap between the sides, then the row's place, then the library's order; worse side first, else left.

    Both sides of the exercises in `first` come before all others: tissues with a finding of their own.
    """
    slug, named = draft.exercise.slug, draft.named
    place = (maker.places[slug], maker.side_rank(draft))
    return slug in maker.ruleset.last, slug not in first, -named.grade, -named.gap, named.place, *place


def _starts(stage: Stage, maker: _Maker, *, not_indicated: bool, emptied: bool) -> StageState:
    if not_indicated:
        return StageState.NOT_INDICATED
    if stage not in LADDER:
        return StageState.OPEN
    if stage is Stage.DOWEL and maker.dowel_early and not emptied:
        return StageState.OPTIONAL
    return StageState.LOCKED


def _turns(stage: Stage, drafts: list[_Draft], maker: _Maker) -> tuple[dict[str, int], int]:
    """Which exercises take turns (slug to number), and how many of them are due at once.

    An easier or harder version on the other side shares the place of its exercise.
    """
    cap = maker.ruleset.caps.get(stage)
    if cap is None:
        return {}, 0
    groups: dict[str, list[_Draft]] = {}
    for one in drafts:
        groups.setdefault(one.exercise.slug, []).append(one)
    if len(groups) <= cap:
        return {}, 0
    places: list[list[_Draft]] = []
    for members in groups.values():
        one_sided = len(members) == 1 and members[0].side is not Side.BOTH
        shared = next((place for place in places if _other_version(members[0], place)), None) if one_sided else None
        if shared is None:
            places.append(members)
        else:
            shared.extend(members)
    if len(places) <= cap:
        return {}, 0
    if stage is Stage.STRENGTHENING:
        staples = set(maker.ruleset.staples)
        steady = [place for place in places if any(staples & one.stands_for for one in place)]
    else:
        steady = [place for place in places if any(one.named.line is not None for one in place)][: cap - 1]
    turning = [place for place in places if all(place is not one for one in steady)]
    return {one.exercise.slug: turn for turn, place in enumerate(turning) for one in place}, cap - len(steady)


def _other_version(one: _Draft, place: list[_Draft]) -> bool:
    """Whether this is an easier or harder version, on the other side, of the one thing that holds a place."""
    other = place[0]
    if len(place) > 1 or other.side in (one.side, Side.BOTH):
        return False
    links = (one.exercise.regress, one.exercise.progress, other.exercise.regress, other.exercise.progress)
    return one.exercise.slug in links or other.exercise.slug in links


# --- notes --------------------------------------------------------------------------------------------------------


def _notes(screen: Screen, lines: tuple[Graded, ...]) -> Iterable[str]:
    for side in _SIDES:
        clear = sum(1 for line in lines if line.side is side and line.grade in (2, 3))
        if clear >= 2 and any(injury.side in (side, Side.BOTH) for injury in screen.history.injuries):
            yield (
                f"Two or more tests on the {side.value} are clearly outside the range we use, and there was an injury on that side: "
                "consider a physical therapist."
            )
    for test in BATTERY:
        if test.mention is not None and screen.person.age >= test.mention.from_age:
            values = [line.value for line in lines if line.test is test and line.value is not None]
            if values and max(values) < test.mention.best_below:
                yield test.mention.text
