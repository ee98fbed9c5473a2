"""What a new screen changed: findings better, worse or unchanged, and the plan side by side, each line tied to the finding behind it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from app.rules.battery import TESTS, ScreenTest, number
from app.rules.contraindications import label_of
from app.rules.documents import Finding, FindingRef, Item, ItemReason, Plan, Removed, StagePlan
from app.rules.doses import days_in_words, dose_in_words
from app.rules.findings import grade_word
from app.rules.ruleset import RULESET, SMR_ELIGIBLE, Ruleset
from app.rules.track import COUNTED, RUNG_STAGES, course
from app.rules.vocabulary import PREPARING, Grade, Origin, Side, Stage, StageState

Way: TypeAlias = Literal["better", "worse", "different", "unchanged", "new", "not_measured"]
ItemWay: TypeAlias = Literal["added", "removed", "kept", "dose"]
CauseKind: TypeAlias = Literal["finding", "key", "answer", "trainer", "library", "rules", "place"]


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One test on one side, before and now. `noise` is how much two measurements may differ, in the test's unit (None: not known)."""

    test: str
    side: Side
    before: Finding | None
    after: Finding | None
    way: Way
    noise: float | None
    text: str

    @property
    def moved(self) -> bool:
        """Whether the rules read it differently now: another grade, or measured in only one of the two screens."""
        return _grade(self.before) != _grade(self.after)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a line of the plan is as it is now: the finding that changed and the rule that reads it, or what else it was."""

    kind: CauseKind
    text: str
    rule: str | None = None
    finding: FindingChange | None = None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item side by side; `text` says why, so that it can be said aloud."""

    key: str
    stage: Stage
    way: ItemWay
    before: Item | None
    after: Item | None
    causes: tuple[Cause, ...]
    text: str


@dataclass(frozen=True, slots=True)
class StageChange:
    """What came or went for a whole stage: a lock, or that it is needed."""

    stage: Stage
    text: str


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Everything that changed between two plans and the findings behind them; what stayed is listed too."""

    findings: tuple[FindingChange, ...]
    items: tuple[ItemChange, ...]
    stages: tuple[StageChange, ...]

    @property
    def changed(self) -> tuple[ItemChange, ...]:
        """The items that are not as they were."""
        return tuple(one for one in self.items if one.way != "kept")

    @property
    def is_empty(self) -> bool:
        """Nothing is different: no finding, no item, no stage."""
        return not self.changed and not self.stages and all(one.way in ("unchanged", "not_measured") for one in self.findings)


def diff(
    before: Plan,
    after: Plan,
    findings_before: Iterable[Finding],
    findings_after: Iterable[Finding],
    ruleset: Ruleset = RULESET,
) -> PlanDiff:
    """What `after` changes about `before`. A change smaller than the test's noise is unchanged, and says so."""
    changes = compare(findings_before, findings_after)
    reader = _Reader(before, after, {(one.test, one.side): one for one in changes}, ruleset)
    return PlanDiff(changes, tuple(reader.items()), tuple(_stage_changes(before, after)))


# --- findings -----------------------------------------------------------------------------------------------------


def compare(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[FindingChange, ...]:
    """Each test and side that was measured in either screen, in the order of the battery."""
    old = {(one.test, one.side): one for one in before}
    new = {(one.test, one.side): one for one in after}
    order = {test: place for place, test in enumerate(TESTS)}
    sides = list(Side)
    keys = sorted({*old, *new}, key=lambda key: (order.get(key[0], len(order)), key[0], sides.index(key[1])))
    return tuple(_change(test, side, old.get((test, side)), new.get((test, side))) for test, side in keys if _known(old, new, test, side))


def _known(old: Mapping[tuple[str, Side], Finding], new: Mapping[tuple[str, Side], Finding], test: str, side: Side) -> bool:
    return any(one is not None and one.grade != "nt" for one in (old.get((test, side)), new.get((test, side))))


def _grade(finding: Finding | None) -> Grade:
    return "nt" if finding is None else finding.grade


def noise_of(test: ScreenTest, before: float, after: float) -> float | None:
    """By how much two measurements of a test may differ and still count as the same, in its unit; None where no figure is known.

    `asym_pct` is of the larger of the two values.
    """
    if test.asym is not None:
        return test.asym
    return None if test.asym_pct is None else test.asym_pct * max(abs(before), abs(after)) / 100


def _change(id: str, side: Side, before: Finding | None, after: Finding | None) -> FindingChange:
    test = TESTS.get(id)
    noise = None
    if test is not None and before is not None and after is not None and before.value is not None and after.value is not None:
        noise = noise_of(test, before.value, after.value)
    way = _way(test, before, after, noise)
    bare = FindingChange(id, side, before, after, way, noise, "")
    return replace(bare, text=f"{_capital(_phrase(bare))}{_verdict(bare)}.")


def _way(test: ScreenTest | None, before: Finding | None, after: Finding | None, noise: float | None) -> Way:
    if after is None or after.grade == "nt" or after.measured_on is not None:
        return "not_measured"
    if before is None or before.grade == "nt":
        return "new"
    if "x" in (before.grade, after.grade):
        return "unchanged" if before.grade == after.grade else "worse" if after.grade == "x" else "better"
    if test is not None and test.usual_text:
        return "unchanged" if before.grade == after.grade else "different"
    if noise is not None and test is not None and before.value is not None and after.value is not None:
        step = after.value - before.value
        if step == 0 or round(abs(step), 6) < round(noise, 6):
            return "unchanged"
        return "better" if (step < 0) == (test.better == "lower") else "worse"
    if before.grade == after.grade:
        return "unchanged"
    return "better" if _rank(after.grade) < _rank(before.grade) else "worse"


def _rank(grade: Grade) -> int:
    return grade if isinstance(grade, int) else 4


def _phrase(one: FindingChange) -> str:
    """What happened to a finding, to stand in the middle of a sentence."""
    test = TESTS.get(one.test)
    name = one.test if test is None else test.short
    name += "" if one.side is Side.BOTH else f" on the {one.side.value}"
    old, new = _amount(test, one.before), _amount(test, one.after)
    if one.way == "not_measured":
        return f"{name} was not measured again"
    if one.way == "new":
        return f"{name} was painful" if _grade(one.after) == "x" else f"{name} was measured for the first time: {new}"
    if _grade(one.after) == "x":
        return f"{name} is painful as before" if _grade(one.before) == "x" else f"{name} was painful this time"
    if _grade(one.before) == "x":
        return f"{name} does not hurt any more: {new}"
    if one.before is not None and one.after is not None and one.before.value == one.after.value and old == new:
        return f"{name} is {new} as before"
    words = f"{name} went from {old} to {new}"
    if one.noise is None or test is None:
        return words
    return words + (f", which is less than the {_noise(test, one.noise)} by which two measurements may differ" if _small(one) else "")


def _small(one: FindingChange) -> bool:
    return one.way == "unchanged"


def _verdict(one: FindingChange) -> str:
    test = TESTS.get(one.test)
    match one.way:
        case "better" | "worse" as word:
            if "x" in (_grade(one.before), _grade(one.after)):
                return f": {word}"
            if one.noise is None or test is None:
                return f": {word}, across a line of the range we use"
            return f": {word}, as it is at least the {_noise(test, one.noise)} by which two measurements may differ"
        case "different":
            return ": different"
        case "unchanged":
            return ": unchanged" if one.noise is not None else ": unchanged, in the same part of the range we use"
        case "new":
            return ""
        case "not_measured":
            stands = one.after or one.before
            return "" if stands is None or stands.grade in ("nt", "x") else f"; the last time it was {_amount(test, stands)}"


def _amount(test: ScreenTest | None, finding: Finding | None) -> str:
    if finding is None:
        return "not measured"
    if finding.value is None or test is None:
        return grade_word(finding.test, finding.grade) if test is not None else str(finding.value)
    return test.amount(finding.value)


def _noise(test: ScreenTest, noise: float) -> str:
    return test.amount(noise) if test.asym_pct is None else f"{number(round(noise, 1))} {test.unit.symbol} ({number(test.asym_pct)} %)"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- items --------------------------------------------------------------------------------------------------------


def _items(plan: Plan) -> dict[str, tuple[Stage, Item]]:
    return {item.key: (stage.stage, item) for stage in plan.stages for item in stage.items}


def _named(item: Item) -> str:
    return item.name if item.side is Side.BOTH else f"{item.name}, {item.side.value}"


def _touches(one: Side, other: Side) -> bool:
    return one is other or Side.BOTH in (one, other)


class _Reader:
    """Two plans side by side, and what is known about why they differ."""

    def __init__(self, before: Plan, after: Plan, changes: Mapping[tuple[str, Side], FindingChange], ruleset: Ruleset) -> None:
        self.before = before
        self.after = after
        self.changes = changes
        self.rules = {rule.id: rule for rule in ruleset.rules}
        self.old = _items(before)
        self.new = _items(after)

    def items(self) -> Iterable[ItemChange]:
        for stage in Stage:
            for key, (at, item) in self.new.items():
                if at is stage:
                    yield self._came(stage, item) if key not in self.old else self._stayed(stage, self.old[key][1], item)
            for key, (at, item) in self.old.items():
                if at is stage and key not in self.new:
                    yield self._went(stage, item)

    def _came(self, stage: Stage, item: Item) -> ItemChange:
        partners = [one for key, (at, one) in self.old.items() if at is stage and key not in self.new and self._swap(one, item)]
        causes = self._trainer(item) or self._barred_instead(item) or self._moved(item, partners, self.after)
        if not causes:
            causes = self._back(item) or self._otherwise(item, self.after)
        place = f", in place of {partners[0].name}" if partners else ""
        return ItemChange(item.key, stage, "added", None, item, causes, _sentence(f"{_named(item)} is new{place}", causes))

    def _went(self, stage: Stage, item: Item) -> ItemChange:
        partners = [one for key, (at, one) in self.new.items() if at is stage and key not in self.old and self._swap(item, one)]
        causes = self._barred(item) or self._trainer(item) or self._moved(item, partners, self.before)
        causes = causes or self._otherwise(item, self.before)
        place = f", {partners[0].name} takes its place" if partners else ""
        return ItemChange(item.key, stage, "removed", item, None, causes, _sentence(f"{_named(item)} goes{place}", causes))

    def _stayed(self, stage: Stage, old: Item, new: Item) -> ItemChange:
        ways = list(_dose_changes(old, new))
        if not ways:
            causes = self._still(old, new)
            return ItemChange(new.key, stage, "kept", old, new, causes, _sentence(f"{_named(new)} stays", causes))
        causes = self._dose_causes(old, new)
        return ItemChange(new.key, stage, "dose", old, new, causes, _sentence(f"{_named(new)} changes, {'; '.join(ways)}", causes))

    def _swap(self, old: Item, new: Item) -> bool:
        """Whether one of the two has the other's place: a rule in one of them replaces the other."""
        if not _touches(old.side, new.side):
            return False
        return any(self._replaces(reason.rule) == (old.exercise, new.exercise) for reason in new.reasons) or any(
            self._replaces(reason.rule) == (new.exercise, old.exercise) for reason in old.reasons
        )

    def _replaces(self, rule: str) -> tuple[str, str] | None:
        """The exercise that a rule replaces, and the one that takes its place."""
        row = self.rules.get(rule)
        return None if row is None or row.replaces is None else (row.replaces, row.adds[0].slugs[0])

    def _moved(self, item: Item, partners: Iterable[Item], plan: Plan) -> tuple[Cause, ...]:
        """The findings that moved and the rules that read them: those in which an item and the one in its place differ, else its own."""
        reasons = list(item.reasons)
        others = [reason for one in partners for reason in one.reasons]
        if others:
            own, other = {one.rule for one in item.reasons}, {one.rule for one in others}
            reasons = [one for one in item.reasons if one.rule not in other] + [one for one in others if one.rule not in own]
        found = self._tied(reasons)
        return found or self._tied(self._person(item, plan))

    def _tied(self, reasons: Iterable[ItemReason]) -> tuple[Cause, ...]:
        found: dict[tuple[str, Side], Cause] = {}
        for reason in sorted(reasons, key=lambda one: one.rule == SIDES):
            change = None if reason.finding is None else self._of(reason.finding)
            if change is not None and change.moved:
                found.setdefault((change.test, change.side), Cause("finding", f"{_why(change)} ({reason.rule})", reason.rule, change))
        return tuple(found.values())

    def _of(self, ref: FindingRef) -> FindingChange | None:
        return self.changes.get((ref.test, ref.side))

    def _person(self, item: Item, plan: Plan) -> list[ItemReason]:
        """For rolling that is there for the whole person: the findings of flexibility and rolling, as this row's."""
        whole = next((one for one in item.reasons if one.rule in self.rules and self.rules[one.rule].when is SMR_ELIGIBLE), None)
        if whole is None:
            return []
        parts = [stage for stage in plan.stages if stage.stage in (Stage.FLEXIBILITY, Stage.SMR)]
        cited = [reason.finding for stage in parts for one in stage.items for reason in one.reasons if reason.finding is not None]
        return [replace(whole, finding=finding) for finding in cited]

    def _barred(self, item: Item) -> tuple[Cause, ...]:
        gone = next((one for one in self.after.removed if one.exercise == item.exercise and _touches(one.side, item.side)), None)
        if gone is None:
            return ()
        found = [Cause("trainer" if gone.key == TRAINER else "key", _because(gone.because), gone.key)]
        for (test, side), change in self.changes.items():
            if test == MEASURED_KEYS.get(gone.key) and change.moved and (gone.key == "balance_risk" or _touches(side, item.side)):
                found.append(Cause("finding", f"{_why(change)} ({gone.key})", gone.key, change))
        return tuple(found)

    def _barred_instead(self, item: Item) -> tuple[Cause, ...]:
        known = {(one.exercise, one.side, one.key) for one in self.before.removed}
        return tuple(
            Cause("key", f"it comes in place of what is left out, {_because(one.because)}", one.key)
            for one in self.after.removed
            if one.instead == item.exercise and _touches(one.side, item.side) and (one.exercise, one.side, one.key) not in known
        )[:1]

    def _stood_in(self, item: Item) -> tuple[Cause, ...]:
        still = {(one.exercise, one.side) for one in self.after.removed}
        return tuple(
            Cause("key", f"it no longer stands in for what was left out ({label_of(one.key)})", one.key)
            for one in self.before.removed
            if one.instead == item.exercise and _touches(one.side, item.side) and (one.exercise, one.side) not in still
        )[:1]

    def _back(self, item: Item) -> tuple[Cause, ...]:
        return tuple(
            Cause("trainer", "your trainer left it out last time", TRAINER)
            if one.key == TRAINER
            else Cause("key", f"what kept it out does not hold any more ({label_of(one.key)})", one.key)
            for one in self.before.removed
            if item.exercise in (one.exercise, one.instead) and _touches(one.side, item.side)
        )[:1]

    def _trainer(self, item: Item) -> tuple[Cause, ...]:
        return tuple(Cause("trainer", one.because[:1].lower() + one.because[1:], TRAINER) for one in item.reasons if one.rule == TRAINER)

    def _otherwise(self, item: Item, plan: Plan) -> tuple[Cause, ...]:
        """What else it may be: the library, the rules, or an answer; no finding changed."""
        if self.before.ruleset != self.after.ruleset:
            return (Cause("rules", f"no finding changed: the rules did ({self.before.ruleset}, now {self.after.ruleset})"),)
        other = self.after if plan is self.before else self.before
        if item.exercise in other.gaps:
            return (Cause("library", "no finding changed: the library lacked it in one of the two plans"),)
        asked = next((one for one in item.reasons if one.finding is None), item.reasons[0] if item.reasons else None)
        if asked is None:
            return ()
        start = "this does not hold any more: " if plan is self.before else ""
        return (Cause("answer", f"no finding changed; {start}{_because(asked.because).rstrip('.')} ({asked.rule})", asked.rule),)

    def _dose_causes(self, old: Item, new: Item) -> tuple[Cause, ...]:
        found: list[Cause] = list(self._trainer(new))
        rules = {one.rule for one in old.reasons} ^ {one.rule for one in new.reasons}
        differing = [one for one in (*old.reasons, *new.reasons) if one.rule in rules]
        if old.dose != new.dose:
            found += self._sides(new, differing)
            found += [Cause("answer", _because(one.because), one.rule) for one in differing if self._doses(one.rule)]
            plank = self.changes.get(("PLANK", Side.BOTH))
            if plank is not None and old.dose.profile == new.dose.profile == HELD_BY_PLANK and old.dose.hold_s != new.dose.hold_s:
                found.append(Cause("finding", f"{_why(plank)}; half of the best plank is held", None, plank))
        if _following(old) != _following(new):
            found += self._tied(one for one in differing if one.rule != SIDES)
        if old.every_session != new.every_session and not found:
            found.append(Cause("place", "more has to fit into one session" if new.turn is not None else "there is room in every session"))
        if not found and old.exercise_version != new.exercise_version:
            found.append(Cause("library", _version(old, new)))
        return tuple(found) or self._otherwise(new, self.after)

    def _doses(self, rule: str) -> bool:
        return rule in self.rules and self.rules[rule].doses is not None

    def _sides(self, new: Item, reasons: Collection[ItemReason]) -> Iterable[Cause]:
        """The difference between the sides that came or went, or that counts for another exercise now."""
        for reason in reasons:
            if reason.rule != SIDES or reason.finding is None or reason.finding.test not in TESTS:
                continue
            test = TESTS[reason.finding.test]
            sides = [one for side in (Side.LEFT, Side.RIGHT) if (one := self.changes.get((test.id, side))) is not None]
            if len(sides) < 2:
                continue
            now = " and ".join(f"{_amount(test, one.after)} {one.side}" for one in sides)
            if _worse(sides, "before") is not None and _worse(sides, "before") is _worse(sides, "after"):
                yield from self._barred_instead(new) or self._stood_in(new) or self._tied(one for one in reasons if one.rule != SIDES)
                text = f"the difference in {test.short.lower()}, {now}, counts for it {'now' if reason in new.reasons else 'no longer'}"
            else:
                counts = "" if test.asym is None else f"; {test.amount(test.asym)} of difference count"
                text = f"{test.short} is {now} now{counts}"
            yield Cause("finding", f"{text} ({SIDES})", SIDES, self._of(reason.finding))

    def _still(self, old: Item, new: Item) -> tuple[Cause, ...]:
        found: list[Cause] = list(self._trainer(new))
        cited = [one for one in new.reasons if one.finding is not None]
        worst = max(cited, key=lambda one: _rank(one.finding.grade) if one.finding is not None else 0, default=None)
        change = self._of(worst.finding) if worst is not None and worst.finding is not None else None
        if not found and worst is not None and change is not None:
            found.append(Cause("finding", f"{_why(change)} ({worst.rule})", worst.rule, change))
        elif not found and new.reasons:
            found.append(Cause("answer", _because(new.reasons[0].because), new.reasons[0].rule))
        if old.exercise_version != new.exercise_version:
            found.append(Cause("library", _version(old, new)))
        return tuple(found)


def _worse(sides: Iterable[FindingChange], when: Literal["before", "after"]) -> Side | None:
    """The side that a test shows as the worse one, before or after."""
    found = (one.before if when == "before" else one.after for one in sides)
    return next((one.worse for one in found if one is not None and one.worse is not None), None)


TRAINER: Final = "trainer"
"""The rule of a line that a trainer keeps against the rules."""

MEASURED_KEYS: Final[Mapping[str, str]] = {"balance_risk": "SLS", "balance_risk_severe": "SLS"}
"""Keys that follow from a test of the screen."""

SIDES: Final = "R60"
HELD_BY_PLANK: Final = "HOLD_CORE"


def _why(change: FindingChange) -> str:
    """A finding's change as a reason for a line: the phrase, and whether it counts."""
    words = _phrase(change)
    test = TESTS.get(change.test)
    if change.way in ("better", "worse") and "x" not in (_grade(change.before), _grade(change.after)):
        if change.noise is not None and test is not None:
            return f"{words}, at least the {_noise(test, change.noise)} by which two measurements may differ"
        return f"{words}, across a line of the range we use"
    if change.way == "unchanged" and change.moved:
        return f"{words}, but across a line of the range we use"
    return words


def _version(old: Item, new: Item) -> str:
    return f"the library has a newer version of it ({old.exercise_version}, now {new.exercise_version})"


def _dose_changes(old: Item, new: Item) -> Iterable[str]:
    """What is different about how much and how often, in words."""
    was, now = dose_in_words(old.dose), dose_in_words(new.dose)
    if was != now or old.dose != new.dose:
        yield f"{was} before, {now} now" if was != now else f"{now} as before, other rests"
    if old.dose.per_week != new.dose.per_week:
        yield f"{days_in_words(old.dose)} before, {days_in_words(new.dose)} now"
    if old.every_session != new.every_session:
        yield "every session now" if new.every_session else "it takes turns now"
    if _following(old) != _following(new):
        yield "another exercise follows it now" if new.then is not None else "nothing follows it now"


def _following(item: Item) -> str | None:
    return None if item.then is None else item.then.exercise


def _because(words: str) -> str:
    """A sentence that begins with Because, to stand after a colon."""
    return f"b{words[1:]}" if words.startswith("Because ") else words


def _sentence(start: str, causes: Iterable[Cause]) -> str:
    said = "; ".join(cause.text.rstrip(".") for cause in tuple(causes)[:MOST_CAUSES])
    return f"{start}: {said}." if said else f"{start}."


MOST_CAUSES: Final = 3
"""How many causes a sentence names; the others stand beside it."""


def _stage_changes(before: Plan, after: Plan) -> Iterable[StageChange]:
    old = {one.stage: one for one in before.stages}
    for one in after.stages:
        was = old.get(one.stage)
        if was is None:
            continue
        for lock in one.locks:
            if lock.rule not in {held.rule for held in was.locks}:
                yield StageChange(one.stage, f"{_held(loaded_only=lock.loaded_only)} waits. {lock.because} Until {lock.until}.")
        for lock in was.locks:
            if lock.rule not in {held.rule for held in one.locks}:
                yield StageChange(one.stage, f"{_held(loaded_only=lock.loaded_only)} waits no longer for this: {lock.until}.")
        if (was.starts is StageState.NOT_INDICATED) != (one.starts is StageState.NOT_INDICATED):
            needed = one.starts is not StageState.NOT_INDICATED
            yield StageChange(one.stage, "This stage is needed now." if needed else "This stage is not needed any more.")


def _held(*, loaded_only: bool) -> str:
    return "Load in this stage" if loaded_only else "This stage"


# --- kept against the rules ---------------------------------------------------------------------------------------


Keep: TypeAlias = Literal["before", "after", "neither"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a trainer does with one line of a diff, with her reason: keep it as it was `before`, take it as it is `after`, or `neither`."""

    item: str
    keep: Keep
    reason: str = ""


class RefusedChoice(Exception):
    """A choice about `item` that the rules do not leave to the trainer, and why, in a sentence."""

    def __init__(self, item: str, why: str) -> None:
        super().__init__(f"{item}: {why}")
        self.item = item
        self.why = why


def plan_with_choices(before: Plan, after: Plan, choices: Iterable[Choice], *, barred: Collection[tuple[str, Side]]) -> Plan:
    """`after` with the lines that the trainer keeps as they were in `before`, less those that she leaves out; each carries her reason.

    `barred` are exercises and sides that must not be in any plan (`plan.barred`). Raises `RefusedChoice` for a line that neither plan has,
    for one kept or left out without a reason, for an exercise that is barred, for one that a lock of `after` holds, for a step of the
    ladder that is to be in neither (a drill before one that only `after` has may be), and for a turn where nothing takes turns. Their
    order says nothing.
    """
    plan = after
    for choice in sorted(choices, key=lambda one: one.item):
        old, new = _items(before).get(choice.item), _items(after).get(choice.item)
        if old is None and new is None:
            raise RefusedChoice(choice.item, "This line is in neither of the two plans.")
        if choice.keep == "after" or (choice.keep == "before" and old is not None and new is not None and not _differ(old[1], new[1])):
            continue
        if not after.stages:
            raise RefusedChoice(choice.item, "Everything waits for an answer: nothing can be kept.")
        reason = choice.reason.strip()
        if not reason:
            raise RefusedChoice(choice.item, f"A reason is needed to {'keep this' if choice.keep == 'before' else 'leave this out'}.")
        if old is None or choice.keep == "neither":
            if new is None:
                raise RefusedChoice(choice.item, "The rules leave this out already.")
            if new[0] not in PREPARING and (old is not None or _is_step(after, *new)):
                raise RefusedChoice(choice.item, A_STEP)
            plan = _without(plan, before, choice.item, reason)
        else:
            _refuse(after, *old, barred)
            item = _kept(old[1], reason, barred)
            if new is not None and not _differ(_items(_with_item(after, before, old[0], item))[choice.item][1], new[1]):
                raise RefusedChoice(choice.item, NO_TURNS)
            kept = _with_item(plan, before, old[0], item)
            if new is None or _differ(_items(kept)[choice.item][1], new[1]):  # not where all else that takes turns is left out
                plan = kept
    return plan


def refusal_of(before: Plan, after: Plan, choice: Choice, barred: Collection[tuple[str, Side]]) -> str:
    """Why `plan_with_choices` would refuse a choice, in a sentence; nothing where it would not."""
    try:
        plan_with_choices(before, after, [choice], barred=barred)
    except RefusedChoice as refused:
        return refused.why
    return ""


A_STEP: Final = "The hinge is learned step by step: none of them is left out. A stage opens early by an override on the progress page."


NO_TURNS: Final = "Nothing in this stage takes turns now: this comes every session."


def _is_step(plan: Plan, stage: Stage, item: Item) -> bool:
    """Whether a step of the ladder is shown by an item of a plan: a rung, or what holds the place that an exit criterion names."""
    places = course(plan).places
    return stage in RUNG_STAGES or any(item.exercise in places.get(row.criterion, ()) for row in COUNTED if row.stage is stage)


def _differ(old: Item, new: Item) -> bool:
    return any(_dose_changes(old, new))


def _refuse(after: Plan, stage: Stage, item: Item, barred: Collection[tuple[str, Side]]) -> None:
    gone = next((one for one in after.removed if one.exercise == item.exercise and _touches(one.side, item.side)), None)
    if gone is not None:
        raise RefusedChoice(item.key, f"This is left out for a reason that holds. {gone.because}")
    if _is_barred(item, barred):
        raise RefusedChoice(item.key, "This is left out for a reason that holds.")
    for one in after.stages:
        if one.stage is stage:
            for lock in one.locks:
                if item.loaded or not lock.loaded_only:
                    raise RefusedChoice(item.key, f"A lock holds this. {lock.because} Until {lock.until}.")


def going_on(plan: Plan, before: Plan, days: int) -> Plan:
    """`plan` in the place of `before`, which was in force for `days`: what follows an exercise comes no later than it would have come.

    What is left of the wait is told in whole weeks, rounded up.
    """
    waits = {key: item.then for key, (_, item) in _items(before).items()}

    def on(item: Item) -> Item:
        was = waits.get(item.key)
        if item.then is None or was is None or was.exercise != item.then.exercise:
            return item
        left = max(-((days - 7 * was.after_weeks) // 7), 0)
        return item if left == item.then.after_weeks else replace(item, then=replace(was, after_weeks=left))

    return replace(plan, stages=tuple(replace(stage, items=tuple(on(item) for item in stage.items)) for stage in plan.stages))


def _is_barred(item: Item, barred: Collection[tuple[str, Side]]) -> bool:
    return any(slug == item.exercise and _touches(side, item.side) for slug, side in barred)


def _kept(item: Item, reason: str, barred: Collection[tuple[str, Side]]) -> Item:
    """The item as it was, on the trainer's word alone; without what must not follow it or stand in for it."""
    easier = None if item.easier is None or _is_barred(item.easier, barred) else item.easier
    later = None if item.later is None or _is_barred(item.later, barred) else item.later
    said = ItemReason(TRAINER, reason, Origin.JUDGEMENT, ())
    return replace(item, reasons=(said,), easier=easier, later=later, then=None if later is None else item.then)


def _without(plan: Plan, before: Plan, key: str, reason: str) -> Plan:
    """The plan less one item, which stands among what is left out, with the trainer's reason."""
    at, item = _items(plan)[key]
    was = next((one for one in before.stages if one.stage is at), None)
    stages = tuple(_less(one, was, key) if one.stage is at else one for one in plan.stages)
    return replace(plan, stages=stages, removed=(*plan.removed, Removed(item.exercise, item.side, TRAINER, reason, None)))


def _less(stage: StagePlan, was: StagePlan | None, key: str) -> StagePlan:
    """A stage less one item; one that was not needed before and is empty is not needed now."""
    items = _in_turn(one for one in stage.items if one.key != key)
    if not items and was is not None and was.starts is StageState.NOT_INDICATED:
        return replace(stage, items=(), starts=was.starts, exit=was.exit, share=0)
    return _aside(replace(stage, items=items), next(one for one in stage.items if one.key == key))


def _aside(stage: StagePlan, item: Item) -> StagePlan:
    """A stage that still knows what was found behind an item that it no longer has."""
    return replace(stage, set_aside=(*stage.set_aside, *(one for one in item.reasons if one.finding is not None)))


def _in_turn(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items with the turns numbered anew, so that no number is missing."""
    kept = tuple(items)
    numbers = {turn: number for number, turn in enumerate(sorted({one.turn for one in kept if one.turn is not None}))}
    return tuple(one if one.turn is None else replace(one, turn=numbers[one.turn]) for one in kept)


def _with_item(plan: Plan, before: Plan, stage: Stage, item: Item) -> Plan:
    """The plan with an item of the plan before: in the place of its own, else where it stood among the others."""
    was = next(one for one in before.stages if one.stage is stage)
    return replace(plan, stages=tuple(_put(one, was, item) if one.stage is stage else one for one in plan.stages))


def _put(stage: StagePlan, was: StagePlan, item: Item) -> StagePlan:
    own = next((one for one in stage.items if one.key == item.key), None)
    if item.turn is not None:
        turns = [one.turn for one in stage.items if one.turn is not None]
        turn = own.turn if own is not None and own.turn is not None else 1 + max(turns) if turns else None
        item = replace(item, turn=turn, every_session=turn is None)
    if own is not None:
        return _aside(replace(stage, items=_in_turn(item if one is own else one for one in stage.items)), own)
    order = [one.key for one in was.items]
    following = order[order.index(item.key) + 1 :]
    place = next((index for index, one in enumerate(stage.items) if one.key in following), len(stage.items))
    needed = stage.starts is not StageState.NOT_INDICATED
    return replace(
        stage,
        items=(*stage.items[:place], item, *stage.items[place:]),
        starts=stage.starts if needed else was.starts,
        exit=stage.exit if needed else was.exit,
        emptied_by=(),
    )
