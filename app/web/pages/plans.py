"""Pages that show a plan: the trainer's with every reason, an earlier one as it was, and the client's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter, Response

from app.rules.battery import TESTS, number
from app.rules.documents import Dose, Finding, FindingRef, Item, ItemReason, Lock, Plan, Removed, StagePlan, Then
from app.rules.doses import days_in_words, dose_in_words, dose_source
from app.rules.findings import grade_word, where
from app.rules.progress import STAGE_LABELS, Progress, StageStanding
from app.rules.readiness import ADVICE, Advice, whom_to_see
from app.rules.vocabulary import Grade, Origin, Side, Stage, StageState, Status
from app.services import adjustments, plans
from app.services.plans import PlanView, TrainerView
from app.services.progress import due_screens
from app.web.deps import Today, Work
from app.web.figures import FigurePlace, place_of
from app.web.page import Page, Screenful, day_in_words
from app.web.pages.progress import (
    CriterionRow,
    RungRow,
    Unlock,
    ahead_of,
    criteria_rows,
    criteria_to_come,
    headline,
    rung_rows,
    short_day,
    state_note,
    unlock,
)
from app.web.pages.referrals import see_beyond, show_stop
from app.web.schemas import Key, Number

router = APIRouter(include_in_schema=False)


# --- what a template shows of a plan --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding behind a line: what was measured, and against which reference. `kind` is the chip's class."""

    what: str
    amount: str
    kind: str
    word: str
    reference: str
    origin: Origin
    source: str
    lags: bool


@dataclass(frozen=True, slots=True)
class Because:
    """One link of the chain: a rule, its sentence, whose word it is, and what was seen."""

    rule: str
    because: str
    origin: Origin
    claims: str
    seen: Seen | None


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One line of a plan; two sides share it where everything that is said of them is the same.

    `how_much` and `slowly` are the dose in two breaths, `then` what comes instead and when.
    """

    key: str
    exercise: str
    name: str
    sides: tuple[Side, ...]
    how_much: str
    slowly: str
    days: str
    why: str
    chain: tuple[Because, ...]
    dose: str
    dose_source: str
    cues: tuple[str, ...]
    how: tuple[str, ...]
    takes_turns: bool
    then: str
    held: str
    """What holds a loaded exercise while its stage goes on without load."""
    picture: FigurePlace | None = None
    load: str = ""
    """The load that the trainer has confirmed."""
    now: str = ""
    """The dose of a loaded exercise now, where it is another than the plan's."""
    later: "ItemCard | None" = None


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage. `note` stands under its dot, `summary` in its head, `criteria` are what passes it and what is shown of that."""

    id: str
    number: int
    name: str
    state: str
    next: bool
    note: str
    href: str
    summary: str
    locked_because: str
    locks: tuple[Lock, ...]
    items: tuple[ItemCard, ...]
    criteria: tuple[CriterionRow, ...]
    exit_any: bool
    rungs: tuple[RungRow, ...] = ()
    fell: str = ""
    """Why it fell back."""

    @property
    def is_shut(self) -> bool:
        return self.state in (StageState.LOCKED, StageState.NOT_INDICATED)


@dataclass(frozen=True, slots=True)
class Gone:
    """An exercise that was left out: on which sides, why, and what came instead."""

    name: str
    sides: tuple[Side, ...]
    because: str
    instead: str | None


_KINDS: Mapping[Grade, str] = {0: "within", 1: "mild", 2: "moderate", 3: "severe", "x": "pain", "nt": "not-tested"}

_Findings = Mapping[tuple[str, Side], Finding]


def stage_cards(
    plan: Plan, standings: Iterable[StageStanding], findings: Iterable[Finding], progress: Progress | None = None
) -> tuple[StageCard, ...]:
    """The stages of a plan with every reason spelt out; `findings` are those of its screen. `progress` says what is shown so far."""
    found = {(one.test, one.side): one for one in findings}
    by_stage = {one.stage: one for one in plan.stages}
    shown = [(by_stage[standing.stage], standing) for standing in standings if standing.stage in by_stage]
    ahead = ahead_of((standing.stage, standing.state) for _, standing in shown)
    return tuple(_stage_card(number, one, standing, ahead, found, progress) for number, (one, standing) in enumerate(shown, 1))


def _stage_card(
    number: int, one: StagePlan, standing: StageStanding, ahead: Stage | None, found: _Findings, progress: Progress | None
) -> StageCard:
    is_next = one.stage is ahead
    own = progress.of(one.stage) if progress is not None else None
    return StageCard(
        id=one.stage.value,
        number=number,
        name=STAGE_LABELS[one.stage],
        state=standing.state.value,
        next=is_next,
        note=state_note(standing.state, own, is_next=is_next),
        href=f"#{one.stage.value}",
        summary=_summary(one, found),
        locked_because=standing.locked_because or "",
        locks=one.locks,
        items=_together(_item_card(item, one, found, progress) for item in one.items),
        criteria=criteria_rows(own) if own is not None else criteria_to_come(one.exit, standing.met),
        exit_any=one.exit_any,
        rungs=rung_rows(own) if own is not None and standing.state in _UNDER_WAY else (),
        fell=own.fell_because or "" if own is not None else "",
    )


_UNDER_WAY = (StageState.OPEN, StageState.OPTIONAL, StageState.PASSED)


def _summary(one: StagePlan, found: _Findings) -> str:
    """How many exercises, how many of them take turns, and which side goes first."""
    count = len({item.exercise for item in one.items})
    words = [f"{count} exercise{'' if count == 1 else 's'}"] if count else []
    turns = _turns(one)
    if turns:
        words.append(f"{turns} take turns, {one.share} at a time")
    named = (reason.finding for item in one.items if item.side is not Side.BOTH for reason in item.reasons if reason.finding)
    worse = {finding.worse for ref in named if (finding := found.get((ref.test, ref.side))) is not None and finding.worse is not None}
    if len(worse) == 1:
        words.append(f"{worse.pop().value} side first")
    return " · ".join(words)


def _turns(one: StagePlan) -> int:
    """How many places take turns; none where all of them come in every session."""
    turns = len({item.turn for item in one.items if item.turn is not None})
    return turns if turns > one.share else 0


def _item_card(item: Item, stage: StagePlan, found: _Findings, progress: Progress | None) -> ItemCard:
    dose = dose_in_words(item.dose)
    how_much, _, slowly = dose.partition(", ")
    hold = next((lock for lock in stage.locks if lock.loaded_only), None) if item.loaded else None
    return ItemCard(
        key=item.key,
        exercise=item.exercise,
        name=item.name,
        sides=(item.side,),
        how_much=how_much,
        slowly=slowly,
        days=days_in_words(item.dose),
        why=why(item, found),
        chain=tuple(_because(reason, found) for reason in item.reasons),
        dose=_whole_dose(item.dose),
        dose_source=dose_source(item.dose.profile),
        cues=item.cues,
        how=item.how,
        takes_turns=not item.every_session and _turns(stage) > 0,
        then=f"{_when(item.then)}: {item.later.name}" if item.then and item.later else "",
        held=f"Not yet: no load until {hold.until}." if hold else "",
        load=f"{number(progress.loads[item.exercise])} kg" if progress is not None and item.exercise in progress.loads else "",
        now=_dose_now(item, progress) if progress is not None and item.exercise in progress.loads else "",
        picture=place_of(item.exercise, item.side, item.picture, item.exercise_version),
        later=_item_card(item.later, stage, found, progress) if item.later else None,
    )


def _when(then: Then) -> str:
    weeks = then.after_weeks
    return f"After {weeks} week{'' if weeks == 1 else 's'}" if weeks else "Now"


def _dose_now(item: Item, progress: Progress) -> str:
    if progress.rung_due(Stage.RDL) != item.exercise:
        return ""
    now = replace(item.dose, sets=progress.rdl_sets, tempo=progress.rdl_tempo)
    return "" if now == item.dose else f"now {dose_in_words(now)}"


def _together(cards: Iterable[ItemCard]) -> tuple[ItemCard, ...]:
    """Left and right of one exercise as one line where dose, reason and all else are the same; else each for itself."""
    shown: list[ItemCard] = []
    for card in cards:
        place = next((at for at, other in enumerate(shown) if _is_same(card, other)), None)
        if place is None:
            shown.append(card)
        else:
            first = shown[place]
            more = tuple(link for link in card.chain if link not in first.chain)
            shown[place] = replace(first, sides=first.sides + card.sides, chain=first.chain + more)
    return tuple(shown)


def _is_same(card: ItemCard, other: ItemCard) -> bool:
    a, b = (replace(one, key="", sides=(), chain=(), picture=None, later=None) for one in (card, other))
    return a == b


def _whole_dose(dose: Dose) -> str:
    rest = f", {dose.rest_s} s rest" if dose.rest_s else ""
    return f"{dose_in_words(dose)}{rest}; {days_in_words(dose)}."


def why(item: Item, found: _Findings) -> str:
    """One sentence: that of the reason with the highest grade, with what was measured."""
    named = [(reason, reason.finding) for reason in item.reasons if reason.finding is not None]
    if not named:
        return item.reasons[0].because
    reason, finding = max(named, key=lambda one: one[1].grade if isinstance(one[1].grade, int) else 0)
    start, colon, rest = reason.because.rstrip(".").partition(":")
    return f"{start}{_measured(finding, found)}{colon}{rest}."


def _measured(ref: FindingRef, found: _Findings) -> str:
    test, finding = TESTS.get(ref.test), found.get((ref.test, ref.side))
    if test is None or ref.value is None or finding is None:
        return ""
    side = "" if ref.side is Side.BOTH else f"{ref.side.value} "
    return f" ({side}{test.amount(ref.value)}, reference {finding.reference})"


def _because(reason: ItemReason, found: _Findings) -> Because:
    seen = _seen(reason.finding, found) if reason.finding is not None else None
    return Because(reason.rule, reason.because, reason.origin, " ".join(reason.claims), seen)


def _seen(ref: FindingRef, found: _Findings) -> Seen | None:
    test, finding = TESTS.get(ref.test), found.get((ref.test, ref.side))
    if test is None or finding is None:
        return None
    return Seen(
        what=where(test, ref.side),
        amount="" if ref.value is None else test.amount(ref.value),
        kind=_KINDS[ref.grade],
        word=grade_word(ref.test, ref.grade),
        reference=finding.reference,
        origin=finding.origin,
        source=test.source,
        lags=finding.asymmetry and finding.worse is ref.side,
    )


def left_out(plan: Plan, names: Mapping[str, str]) -> tuple[Gone, ...]:
    """What contraindications took out of a plan; `names` is slug to name."""
    own = {item.exercise: item.name for stage in plan.stages for item in stage.items}

    def name(slug: str) -> str:
        return own.get(slug) or names.get(slug) or slug.replace("-", " ").capitalize()

    shown: dict[Removed, tuple[Side, ...]] = {}
    for one in plan.removed:
        whatever_side = replace(one, side=Side.BOTH)
        shown[whatever_side] = (*shown.get(whatever_side, ()), one.side)
    return tuple(
        Gone(name(one.exercise), sides, one.because, None if one.instead is None else name(one.instead)) for one, sides in shown.items()
    )


# --- the trainer's page ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PlanPage(Page):
    template: ClassVar[str] = "plans/plan.html"
    client_id: int
    client_name: str
    number: int
    made: str
    ruleset: str
    screen_id: int
    headline: str
    superseded_by: int | None
    on_hold: bool
    """Whether a stop keeps the newest plan from being practised."""
    is_archived: bool
    is_due: bool
    """Whether the same screen leads to another plan today."""
    stages: tuple[StageCard, ...]
    removed: tuple[Gone, ...]
    habits: tuple[str, ...]
    notes: tuple[str, ...]
    gaps: tuple[str, ...]
    earlier: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True)
class NoPlanPage(Page):
    """Nothing has been screened yet."""

    template: ClassVar[str] = "plans/none.html"
    client_id: int
    client_name: str


def _plan_page(view: Screenful, found: TrainerView, shown: PlanView, plan: Plan, *, is_due: bool) -> PlanPage:
    cards = stage_cards(plan, shown.standings, found.findings, shown.progress)
    number = shown.number or 0
    return PlanPage(
        shell=view.shell,
        client_id=found.client.id,
        client_name=found.client.name,
        number=number,
        made=f"{day_in_words(shown.made_on)} by {shown.made_by}" if shown.made_on else "",
        ruleset=shown.ruleset,
        screen_id=shown.screen_id,
        headline=headline(cards),
        superseded_by=shown.superseded_by,
        on_hold=found.is_on_hold and shown.superseded_by is None,
        is_archived=found.client.archived_at is not None,
        is_due=is_due,
        stages=cards,
        removed=left_out(plan, found.names),
        habits=tuple(habit.text for habit in plan.habits),
        notes=plan.notes,
        gaps=plans.lacking(plan),
        earlier=tuple((other, day_in_words(made_on)) for other, made_on in found.numbers if other != number),
    )


@router.get("/clients/{client_id}/plan", name="plan")
def plan_page(work: Work, view: Screenful, client_id: Key, today: Today) -> Response:
    found = plans.plan_for_trainer(work, client_id, today)
    if found.view is None:
        return view.show(NoPlanPage(shell=view.shell, client_id=found.client.id, client_name=found.client.name))
    if found.view.plan is None:
        return show_stop(work, view, client_id, found.view, today)
    return view.show(_plan_page(view, found, found.view, found.view.plan, is_due=adjustments.is_due(work, client_id)))


@router.get("/clients/{client_id}/plans/{number}", name="numbered_plan")
def numbered_plan_page(work: Work, view: Screenful, client_id: Key, number: Number, today: Today) -> Response:
    found = plans.plan_for_trainer(work, client_id, today, number)
    if found.view is None or found.view.plan is None:
        raise LookupError("a numbered plan has a document")
    is_due = found.view.superseded_by is None and adjustments.is_due(work, client_id)
    return view.show(_plan_page(view, found, found.view, found.view.plan, is_due=is_due))


# --- the client's own page ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MyPlan(Page):
    template: ClassVar[str] = "plans/my_plan.html"
    headline: str
    number: int
    made: str
    stages: tuple[StageCard, ...]
    unlock: Unlock | None
    due: tuple[tuple[str, str], ...]
    """When the next screens are due, and why."""
    removed: tuple[Gone, ...]
    habits: tuple[str, ...]
    say: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MyPlanRests(Page):
    """There is no plan to practise: none yet, a stop, an answered stop, or a profile that was put away."""

    template: ClassVar[str] = "plans/my_plan_rests.html"
    kind: str
    """none, stopped, cleared or archived"""
    is_emergency: bool
    heading: str
    say: tuple[str, ...]
    see: str
    seen: tuple[str, ...]


_REST: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "none": ("No plan yet", ("Your trainer screens you first. Your plan then stands here, with a reason for every line.",)),
    "cleared": (
        "Next: your screen",
        ("A health professional has answered. Your trainer takes the screen next; then your plan stands here.",),
    ),
    "archived": ("Your plan rests", ("Your profile is put away for now. Ask your trainer when you want to go on.",)),
}


def _rests(view: Screenful, kind: str) -> MyPlanRests:
    heading, say = _REST[kind]
    return MyPlanRests(shell=view.shell, kind=kind, is_emergency=False, heading=heading, say=say, see="", seen=())


def _stopped(view: Screenful, found: PlanView) -> MyPlanRests:
    advice: Advice = ADVICE[found.status]
    seen = found.referral.reasons if found.referral else ()
    whom = dict.fromkeys(whom_to_see(reason) for reason in seen) if found.status is Status.REFER else (advice.see,)
    return MyPlanRests(
        shell=view.shell,
        kind="stopped",
        is_emergency=found.status is Status.EMERGENCY,
        heading=advice.heading,
        say=advice.say,
        see=see_beyond(advice.say, whom),
        seen=tuple(reason.text for reason in seen),
    )


@router.get("/my/plan", name="my_plan")
def my_plan(work: Work, view: Screenful, today: Today) -> Response:
    own = plans.my_plan(work, today)
    found = own.view
    if own.client.archived_at is not None:
        return view.show(_rests(view, "archived"))
    if found is None:
        return view.show(_rests(view, "none"))
    if found.plan is None:
        stopped = found.referral is not None and found.referral.waits
        return view.show(_stopped(view, found) if stopped else _rests(view, "cleared"))
    cards = stage_cards(found.plan, found.standings, own.findings, found.progress)
    page = MyPlan(
        shell=view.shell,
        headline=headline(cards),
        number=found.number or 0,
        made=f"{day_in_words(found.made_on)} with {found.made_by}" if found.made_on else "",
        stages=tuple(replace(card, locks=()) for card in cards),
        unlock=unlock(found.progress) if found.progress is not None else None,
        due=tuple((short_day(one.on), one.because) for one in due_screens(work, own.client, today)),
        removed=left_out(found.plan, own.names),
        habits=tuple(habit.text for habit in found.plan.habits),
        say=ADVICE[found.status].say,
    )
    return view.show(page)
