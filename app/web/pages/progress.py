"""Pages for progress: where a client stands in each stage and why, what her trainer signs, the loads, and what she kept up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar, Final, Protocol
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.errors import Conflict, FieldError, Invalid, Missing
from app.rules.adherence import ItemAdherence, WeekAdherence
from app.rules.battery import number
from app.rules.documents import Criterion
from app.rules.history import SeenKey
from app.rules.loading import Proposal
from app.rules.progress import LEAST_REASON, STAGE_LABELS, CriterionStanding, Progress, RungStanding, StageProgress, blocking, can_sign
from app.rules.rescreen import EVENTS
from app.rules.vocabulary import LADDER, PREPARING, Side, Stage, StageState, Status
from app.services import clients, progress
from app.services.history import Halt
from app.services.progress import CheckFields, CheckForm, CheckLine, EventLine, LoadLine, ProgressView, SignOffFields, SignOffLine
from app.web.deps import Now, Today, Work
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, day_in_words
from app.web.pages.referrals import emergency_words
from app.web.schemas import Day, Decimal, Key, SafeText, ShortText

router = APIRouter(include_in_schema=False)

LINES: Final = UUID("6c0f3a52-54a1-4c53-9a5e-1f8f6f0f7c11")
"""The space of the ids of what comes from plain forms."""
HISTORY_SIZE: Final = 10
LEGS: Final = (Side.LEFT, Side.RIGHT)


def short_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def id_of(*parts: object) -> str:
    """The id of what a form writes: the same form sent twice gives the same one."""
    return str(uuid5(LINES, " ".join(str(part) for part in parts)))


# --- where she stands -----------------------------------------------------------------------------------------------


class Stated(Protocol):
    """A stage as a path and a headline show it."""

    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def next(self) -> bool: ...


_NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven")


def in_a_sentence(name: str) -> str:
    """A stage's name in the middle of a sentence."""
    return name if name == STAGE_LABELS[Stage.RDL] else name[0].lower() + name[1:]


def headline(stages: Iterable[Stated]) -> str:
    """Where things stand, as a sentence: "Three stages open, the dowel is next"."""
    found = tuple(stages)
    count = sum(1 for one in found if one.state == StageState.OPEN)
    opened = f"{_NUMBERS[count]} stage{'' if count == 1 else 's'} open"
    ahead = next((one for one in found if one.next), None)
    if ahead is None:
        return "Every stage is passed" if not count else f"{opened}, the ladder is passed"
    name = in_a_sentence(ahead.name)
    if not count:
        return f"The {name} may be tried" if ahead.state == StageState.OPTIONAL else f"The {name} is next"
    match StageState(ahead.state):
        case StageState.OPTIONAL:
            return f"{opened}, the {name} may be tried"
        case StageState.OPEN:
            return f"{opened}, the {name} among them" if count > 1 else f"The {name} is open"
        case _:
            return f"{opened}, the {name} is next"


def ahead_of(states: Iterable[tuple[Stage, StageState]]) -> Stage | None:
    """The first stage of the ladder that is not passed."""
    return next((stage for stage, state in states if stage in LADDER and state is not StageState.PASSED), None)


_NOTES: Final[Mapping[StageState, str]] = {
    StageState.OPEN: "open",
    StageState.LOCKED: "locked",
    StageState.PASSED: "passed",
    StageState.NOT_INDICATED: "not needed",
    StageState.OPTIONAL: "may be tried",
}


def state_note(state: StageState, one: StageProgress | None, *, is_next: bool) -> str:
    """What stands under a stage's dot."""
    if state is StageState.OPEN and one is not None and one.criteria and not one.exit_any:
        return f"{sum(it.met for it in one.criteria)} of {len(one.criteria)} shown"
    if state is StageState.PASSED and one is not None and one.passed_on is not None:
        return f"passed {one.passed_on.day} {one.passed_on:%b}"
    return "opens next" if is_next and state is StageState.LOCKED else _NOTES[state]


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion on one side: whether it is met, what shows it, and what is still to do."""

    side: str
    met: bool
    shown: str
    missing: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion: for both legs at once, or for the left and the right."""

    id: str
    text: str
    always: bool
    cells: tuple[Shown, ...]

    @property
    def met(self) -> bool:
        return all(cell.met for cell in self.cells)


@dataclass(frozen=True, slots=True)
class RungRow:
    name: str
    kind: str
    """The chip's class."""
    word: str
    notes: tuple[str, ...]


def criteria_rows(one: StageProgress) -> tuple[CriterionRow, ...]:
    """The criteria of a stage, left and right of one beside each other."""
    rows: dict[str, list[CriterionStanding]] = {}
    for it in one.criteria:
        rows.setdefault(it.id, []).append(it)
    return tuple(
        CriterionRow(
            id,
            cells[0].text,
            cells[0].always,
            tuple(Shown("" if it.side is Side.BOTH else it.side.value, it.met, it.shown, it.missing or "") for it in cells),
        )
        for id, cells in rows.items()
    )


def criteria_to_come(criteria: Iterable[Criterion], met: Sequence[str]) -> tuple[CriterionRow, ...]:
    """The criteria of a stage without what shows them; `met` are the ids of those that are."""
    return tuple(CriterionRow(it.id, it.text, it.always, (Shown("", met=it.id in met, shown="", missing=""),)) for it in criteria)


def rung_rows(one: StageProgress) -> tuple[RungRow, ...]:
    return tuple(_rung_row(rung) for rung in one.rungs)


def _rung_row(rung: RungStanding) -> RungRow:
    kind, word = ("", "to practise") if rung.is_due else ("good", "open") if rung.is_open else ("plain", "not yet")
    notes = (f"Earned the next one on {day_in_words(rung.earned_on)}.",) if rung.earned_on else ()
    return RungRow(rung.name, kind, word, (*notes, *(it.text for it in rung.waits)))


@dataclass(frozen=True, slots=True)
class Unlock:
    """What opens the next stage of the ladder: criteria of the stages before it, stage by stage, and what it waits for besides."""

    title: str
    parts: tuple[tuple[str, str, tuple[CriterionRow, ...]], ...]
    """The stage's name, whether all or one of them is needed, and its criteria."""
    waits: tuple[str, ...]


def unlock(found: Progress) -> Unlock | None:
    """The card of the next locked stage; None while a stop waits, or when nothing is locked."""
    stage = next((one.stage for one in found.stages if one.stage in LADDER and one.state in (StageState.LOCKED, StageState.OPTIONAL)), None)
    ahead = ahead_of((one.stage, one.state) for one in found.stages)
    if found.is_stopped or stage is None or ahead is None:
        return None
    place = LADDER.index(stage)
    if found.of(stage).state is StageState.OPTIONAL and stage is not Stage.DOWEL:
        return None
    before = PREPARING if not place else (LADDER[place - 1],)
    open_before = [one for one in found.stages if one.stage in before and one.state is StageState.OPEN]
    parts = tuple((STAGE_LABELS[one.stage], "one of these" if one.exit_any else "", criteria_rows(one)) for one in open_before)
    waits = tuple(it.text for it in found.of(stage).waits)
    if not parts and not waits:
        waits = tuple(it.text for it in blocking(found, stage))
    return Unlock(f"To unlock the {in_a_sentence(STAGE_LABELS[stage])}", parts, waits)


# --- the trainer's page ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckFace:
    """The fields of one form check; `prefix` begins their names."""

    prefix: str
    name: str
    gate: tuple[tuple[str, str], ...]
    seen: tuple[SeenKey, ...]
    reps: bool


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is missing: all of `every`, and of `either` one."""

    every: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


def lacks_of(one: StageProgress | None, missing: Iterable[tuple[str, str]]) -> Lacks:
    """What keeps a stage from being passed, as ids and sentences; criteria of which one is enough stand apart."""
    found = dict(missing)
    choice = [it.key for it in one.criteria if not it.always and it.key in found] if one is not None and one.exit_any else []
    if len(choice) < 2:
        return Lacks(tuple(found.values()))
    return Lacks(tuple(text for id, text in found.items() if id not in choice), tuple(found[id] for id in choice))


@dataclass(frozen=True, slots=True)
class SignFace:
    """The form that signs a stage off."""

    legs: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    exercises: tuple[tuple[str, str], ...]
    """What was looked at today, by exercise and side."""
    check: CheckFace | None
    goal: bool
    may_override: bool
    besides: tuple[str, ...]
    """What is missing besides criteria."""
    form: Form
    ready: bool


@dataclass(frozen=True, slots=True)
class StageFace:
    """One stage as its trainer sees it."""

    id: str
    number: int
    name: str
    state: str
    next: bool
    note: str
    href: str
    since: str
    signed: tuple["SignedFace", ...]
    fell: str
    locked_because: str
    criteria: tuple[CriterionRow, ...]
    per_side: bool
    exit_any: bool
    rungs: tuple[RungRow, ...]
    sign: SignFace | None

    @property
    def is_shut(self) -> bool:
        return self.state in (StageState.LOCKED, StageState.NOT_INDICATED)


@dataclass(frozen=True, slots=True)
class SignedFace:
    """A sign-off that counts."""

    id: str
    side: str
    on: str
    by: str
    note: str
    override_reason: str
    words: tuple[str, ...]
    goal: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadFace:
    """The next load of an exercise: the proposal and the form that confirms it or another."""

    exercise: str
    name: str
    now: str
    proposed: str
    at_most: str
    because: str
    asks: bool
    """Whether there is something to confirm."""
    sets: str
    form: Form


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened; `undo` is where it can be taken back."""

    on: str
    words: str
    by: str
    note: str
    undo: str | None


@dataclass(frozen=True, slots=True)
class EventForm:
    """What happened is noted with this."""

    kinds: tuple[tuple[str, str], ...]
    form: Form


@dataclass(frozen=True, slots=True)
class WeekRow:
    week: str
    planned: int
    done: int
    partly: int
    excused: int
    not_reported: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    name: str
    side: str
    planned: int
    done: int
    partly: int
    excused: int
    not_reported: int


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line of the history: a check, a sign-off or a load; `undo` is where a check can be taken back."""

    on: str
    what: str
    kind: str
    word: str
    by: str
    details: tuple[str, ...]
    undo: str | None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProgressPage(Page):
    template: ClassVar[str] = "progress/progress.html"
    emergency: tuple[str, ...]
    """What is said before all else while an emergency waits."""
    client_id: int
    client_name: str
    headline: str
    plan_number: int
    on_hold: str | None
    """Why nothing is practised now."""
    stop: tuple[str, str] | None
    """What a stop says first, and where it stands."""
    can_log: bool
    can_take_back: bool
    problem: str | None
    missing: Lacks
    """What kept a form from being taken."""
    notices: tuple[tuple[str, str], ...]
    earlier: tuple[str, ...]
    """Notes from before the newest screen."""
    stages: tuple[StageFace, ...]
    loads: tuple[LoadFace, ...]
    due: tuple[tuple[str, str, str], ...]
    """When, why, and the stage whose tests alone are due."""
    screen_due: bool
    """Whether the whole screen is due by now."""
    events: tuple[EventRow, ...]
    happened: EventForm | None
    weeks: tuple[WeekRow, ...]
    items: tuple[ItemRow, ...]
    formula: str
    lines: tuple[PastLine, ...]
    page: int
    pages: int
    total: int
    previous_href: str | None
    next_href: str | None
    seen: str
    """The newest line that this page knows: it tells one form from the next."""
    least_reason: int


@dataclass(frozen=True, kw_only=True)
class NoProgressPage(Page):
    """There is no plan yet; `stop` is what a stop says first, and where it stands."""

    template: ClassVar[str] = "progress/none.html"
    emergency: tuple[str, ...]
    """What is said before all else while an emergency waits."""
    client_id: int
    client_name: str
    stop: tuple[str, str] | None
    problem: str | None
    events: tuple[EventRow, ...]
    happened: EventForm | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the page that was not taken: which one, what was typed, why."""

    part: str
    form: Form
    problem: str | None = None
    missing: tuple[Missing, ...] = ()


def check_face(one: CheckForm, prefix: str) -> CheckFace:
    """The fields for what a trainer saw of one exercise."""
    return CheckFace(prefix, check_name(one), tuple((it.key, it.text) for it in one.gate), one.seen, one.reps)


def check_name(one: CheckForm) -> str:
    name = one.name or STAGE_LABELS[one.stage]
    return name if one.side is Side.BOTH else f"{name}, {one.side}"


def check_key(one: CheckForm) -> str:
    """Exercise and side as one word."""
    return f"{one.exercise or one.stage}/{one.side}"


def _progress_page(view: Screenful, found: ProgressView, page: int = 1, refused: Refused | None = None) -> Page:
    events = tuple(_event_row(view, found, it) for it in found.events)
    happened = _event_form(found, refused) if found.client.archived_at is None else None
    emergency = emergency_words(is_one=found.referral is not None and found.referral.status is Status.EMERGENCY)
    # In an emergency nothing stands before what to do.
    shell = replace(view.shell, flash=None) if emergency else view.shell
    if found.row is None or found.progress is None:
        return NoProgressPage(
            shell=shell,
            emergency=emergency,
            client_id=found.client.id,
            client_name=found.client.name,
            stop=_stop(view, found),
            problem=refused.problem if refused else None,
            events=events,
            happened=happened,
        )
    stands = found.progress
    stages = _stage_faces(found, stands, refused)
    lines = _past_lines(view, found)
    pages = max(-(-len(lines) // HISTORY_SIZE), 1)
    page = min(page, pages)
    return ProgressPage(
        shell=shell,
        emergency=emergency,
        client_id=found.client.id,
        client_name=found.client.name,
        headline="Practice has stopped" if stands.is_stopped else "The screen is next" if found.halt is Halt.CLEARED else headline(stages),
        plan_number=found.row.number,
        on_hold=_HALTS.get(found.halt.value) if found.halt is not None else None,
        stop=_stop(view, found),
        can_log=found.halt is None,
        can_take_back=_can_take_back(found),
        problem=refused.problem if refused else None,
        missing=_refused_for(stands, refused),
        notices=tuple(_notices(stands, found.names)),
        earlier=tuple(_with_names(one.text, found.names) for one in stands.notes if one.is_old),
        stages=stages,
        loads=tuple(_load_face(found, stands, it, refused) for it in stands.proposals) if found.halt is None else (),
        due=tuple((short_day(it.on), it.because, it.stage or "") for it in found.due),
        screen_due=found.client.archived_at is None and any(it.stage is None and it.by(found.today) for it in found.due),
        events=events,
        happened=happened,
        weeks=tuple(_week_row(it) for it in found.weeks),
        items=tuple(_item_row(it, found.names) for it in found.items),
        formula=found.formula,
        lines=lines[(page - 1) * HISTORY_SIZE : page * HISTORY_SIZE],
        page=page,
        pages=pages,
        total=len(lines),
        previous_href=f"?page={page - 1}#history" if page > 1 else None,
        next_href=f"?page={page + 1}#history" if page < pages else None,
        seen=_newest(found),
        least_reason=LEAST_REASON,
    )


def _refused_for(stands: Progress, refused: Refused | None) -> Lacks:
    if refused is None:
        return Lacks()
    stage = next((one for one in stands.stages if one.stage == refused.part), None)
    return lacks_of(stage, ((it.id, it.text) for it in refused.missing))


def _event_row(view: Screenful, found: ProgressView, one: EventLine) -> EventRow:
    client = found.client
    undo = view.url("take_back_event", client_id=client.id, event_id=one.id) if client.archived_at is None else None
    return EventRow(short_day(one.on), one.words[:1].upper() + one.words[1:], one.by, one.note, undo)


def _event_form(found: ProgressView, refused: Refused | None) -> EventForm:
    typed = refused.form if refused is not None and refused.part == "event" else Form.of(happened_on=found.today.isoformat())
    return EventForm(tuple((kind, words[:1].upper() + words[1:]) for kind, words in EVENTS.items()), typed)


_HALTS: Final[Mapping[str, str]] = {
    "archived": "The profile is archived. Everything stays readable; bring it back to go on.",
    "stopped": "Practice has stopped until a professional has answered. Nothing can be signed off meanwhile.",
    "cleared": "A professional has answered. Screen next: the plan follows from it.",
    "unscreened": "There is no plan in force.",
}


def _newest(found: ProgressView) -> str:
    """Ids of the newest lines."""
    return id_of(*(lines[0].id if lines else "" for lines in (found.sign_offs, found.checks, found.loads)))


def _stop(view: Screenful, found: ProgressView) -> tuple[str, str] | None:
    referral = found.referral
    if referral is None:
        return None
    first = referral.reasons[0].text if referral.reasons else ""
    return first, view.url("referral", client_id=found.client.id, referral_id=referral.id)


def _notices(stands: Progress, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """What a trainer should know first: kinds of banners, and sentences."""
    if stands.is_slack:
        yield "warn", "Three weeks with less than half of the sessions: three exercises are due, and a sign-off needs a reason."
    for one in stands.notes:
        if not one.is_old:
            yield "warn", _with_names(one.text, names)
    for key in stands.held:
        yield "info", f"{names.get(key.split('/')[1], key)} rests today: it hurt 3 or 4 of 10."
    if stands.is_halved:
        yield "info", "The morning after the last session was worse: half of the sets next time."
    for slug in stands.painful:
        yield "warn", f"{names.get(slug, slug)} hurt in two sessions in a row and stays out."
    for stage in LADDER:
        easier = stands.easier_week_of(stage)
        if easier is not None:
            yield "info", f"{STAGE_LABELS[stage]}: {in_a_sentence(easier.says)} Until {day_in_words(easier.until)}."


def _with_names(text: str, names: Mapping[str, str]) -> str:
    """A note with exercises called as the plan calls them."""
    for slug, name in names.items():
        text = text.replace(f"({slug})", f"({name})")
    return text


def _stage_faces(found: ProgressView, stands: Progress, refused: Refused | None) -> tuple[StageFace, ...]:
    ahead = None if stands.is_stopped else ahead_of((one.stage, one.state) for one in stands.stages)
    return tuple(_stage_face(found, stands, count, one, ahead, refused) for count, one in enumerate(stands.stages, 1))


def _stage_face(
    found: ProgressView, stands: Progress, count: int, one: StageProgress, ahead: Stage | None, refused: Refused | None
) -> StageFace:
    is_next = one.stage is ahead
    rows = criteria_rows(one)
    return StageFace(
        id=one.stage.value,
        number=count,
        name=STAGE_LABELS[one.stage],
        state=one.state.value,
        next=is_next,
        note=state_note(one.state, one, is_next=is_next),
        href=f"#{one.stage.value}",
        since=_since(one),
        signed=tuple(_signed(it, one) for it in found.sign_offs if it.stage is one.stage and _counts(it, one)),
        fell=one.fell_because or "",
        locked_because=one.locked_because or "",
        criteria=rows,
        per_side=any(len(row.cells) > 1 for row in rows),
        exit_any=one.exit_any,
        rungs=rung_rows(one),
        sign=_sign_face(found, stands, one, refused),
    )


def _since(one: StageProgress) -> str:
    """Since when she is there, and by whom it was signed."""
    match one.state:
        case StageState.PASSED:
            by = f" by {one.passed_by}" if one.passed_by else ""
            return f"on {day_in_words(one.passed_on)}{by}" if one.passed_on else ""
        case StageState.OPEN | StageState.OPTIONAL:
            return f"since {day_in_words(one.opened_on)}" if one.opened_on else ""
        case _:
            return ""


def _can_take_back(found: ProgressView) -> bool:
    """A mistake may be taken back also while practice is on hold."""
    return found.client.archived_at is None


def _counts(line: SignOffLine, one: StageProgress) -> bool:
    """Whether a sign-off holds and no fall has set it aside."""
    return line.holds and (one.fell is None or line.on > one.fell.on)


def _signed(line: SignOffLine, one: StageProgress) -> SignedFace:
    texts = {it.id: it.text for it in one.criteria}
    return SignedFace(
        id=line.id,
        side="" if line.side is Side.BOTH else line.side.value,
        on=day_in_words(line.on),
        by=line.by,
        note=line.note,
        override_reason=line.override_reason or "",
        words=tuple(texts.get(word, word) for word in line.words),
        goal=f"{number(line.goal_load_kg)} kg" if line.goal_load_kg else "",
        evidence=line.evidence,
    )


def _sign_face(found: ProgressView, stands: Progress, one: StageProgress, refused: Refused | None) -> SignFace | None:
    """The form of a stage that may be signed now: one that is open, or the single leg once it may be practised."""
    may_sign = one.state is StageState.OPEN or (one.state is StageState.OPTIONAL and one.stage is Stage.SINGLE_LEG)
    if found.halt is not None or not may_sign:
        return None
    forms = [form for form in found.forms if form.stage is one.stage]
    form = replace(refused.form if refused is not None and refused.part == one.stage else Form(), at=f"{one.stage}.")
    missing = can_sign(stands, one.stage)
    overridden = can_sign(stands, one.stage, override_reason="-" * LEAST_REASON)
    legs: tuple[tuple[str, str], ...] = ()
    if one.stage is Stage.SINGLE_LEG:
        legs = tuple((leg.value, leg.value.capitalize()) for leg in LEGS if leg not in one.legs)
        legs = (("both", "Both legs"), *legs) if len(legs) == len(LEGS) else legs
    return SignFace(
        legs=legs,
        words=tuple((it.id, it.text) for it in one.criteria if it.word_is_enough),
        exercises=tuple((check_key(it), check_name(it)) for it in forms),
        check=replace(check_face(_widest(forms), "check"), name="") if forms else None,
        goal=any(it.id == "rdl.load" and not it.met for it in one.criteria),
        may_override=bool(missing) and len(overridden) < len(missing),
        besides=tuple(it.text for it in missing if it.id not in {criterion.key for criterion in one.criteria}),
        form=form,
        ready=not missing,
    )


def _widest(forms: Sequence[CheckForm]) -> CheckForm:
    """One form with all that any of a stage's exercises asks for."""
    gate = {it.key: it for form in forms for it in form.gate}
    seen = {it.key: it for form in forms for it in form.seen}
    return replace(forms[0], gate=tuple(gate.values()), seen=tuple(seen.values()), reps=any(form.reps for form in forms))


def _load_face(found: ProgressView, stands: Progress, proposal: Proposal, refused: Refused | None) -> LoadFace:
    now = stands.loads.get(proposal.exercise)
    is_refused = refused is not None and refused.part == "load" and refused.form.value("exercise") == proposal.exercise
    typed = refused.form if refused is not None and is_refused else Form.of(load_kg=_kg(proposal.load_kg))
    return LoadFace(
        exercise=proposal.exercise,
        name=found.names.get(proposal.exercise, proposal.exercise),
        now="" if now is None else f"{number(now)} kg",
        proposed="" if proposal.load_kg is None else f"{number(proposal.load_kg)} kg",
        at_most=f"{number(proposal.at_most_kg)} kg" if proposal.at_most_kg else "",
        because=proposal.because,
        asks=proposal.changes,
        sets=f"{stands.rdl_sets} set{'' if stands.rdl_sets == 1 else 's'}, tempo {stands.rdl_tempo}"
        if stands.rung_due(Stage.RDL) == proposal.exercise
        else "",
        form=typed,
    )


def _kg(load: float | None) -> str:
    return "" if load is None else number(load)


def _week_row(one: WeekAdherence) -> WeekRow:
    return WeekRow(short_day(one.monday), one.days_planned, one.done, one.partly, one.excused, one.not_reported)


def _item_row(one: ItemAdherence, names: Mapping[str, str]) -> ItemRow:
    slug = one.item.split("/")[1]
    name, side = names.get(slug, slug), "" if one.side is Side.BOTH else one.side.value
    return ItemRow(name, side, one.days_planned, one.days_done - one.partly, one.partly, one.excused, one.not_reported)


# --- the history ----------------------------------------------------------------------------------------------------


def _past_lines(view: Screenful, found: ProgressView) -> tuple[PastLine, ...]:
    """Checks, sign-offs and loads, the newest first."""
    dated = [
        *((it.on, 0, _past_sign_off(it)) for it in found.sign_offs),
        *((it.on, 1, _past_check(view, found, it)) for it in found.checks),
        *((it.on, 2, _past_load(it, found.names)) for it in found.loads),
    ]
    return tuple(line for _, _, line in sorted(dated, key=lambda it: (it[0], -it[1]), reverse=True))


def _past_sign_off(one: SignOffLine) -> PastLine:
    leg = "" if one.side is Side.BOTH else f", {one.side}"
    kind, word = ("plain", "taken back") if one.taken_back else ("good", "signed off") if one.holds else ("plain", "signed, set aside")
    if one.override_reason and not one.taken_back:
        kind, word = "warn", "signed with a reason"
    details = [f"Reason: {one.override_reason}"] if one.override_reason else []
    details += [one.note] if one.note else []
    return PastLine(short_day(one.on), f"{STAGE_LABELS[one.stage]}{leg}", kind, word, one.by, tuple(details), None, one.evidence)


def _past_check(view: Screenful, found: ProgressView, one: CheckLine) -> PastLine:
    name = found.names.get(one.exercise, STAGE_LABELS[one.stage])
    side = "" if one.side is Side.BOTH else f", {one.side}"
    kind, word = ("plain", "taken back") if one.taken_back else ("good", "form kept") if one.passed else ("warn", "form not kept")
    details = [f"{one.reps} repetitions or more in each set" + (f", {one.last_reps} in the last" if one.last_reps is not None else "")]
    texts = {it.key: it for form in found.forms for it in form.seen}
    points = {it.key: it.text for form in found.forms for it in form.gate}
    lost = [points.get(key, key) for key, kept in one.gate.items() if not kept]
    details = (details if one.reps is not None else []) + ([f"Not kept: {'; '.join(lost)}"] if lost and not one.taken_back else [])
    details += [f"{found.client.name} told of more pain"] if one.hurt and not one.taken_back else []
    details += [_seen_in_words(texts.get(key), key, value) for key, value in one.seen.items()]
    details += [one.note] if one.note else []
    can_undo = _can_take_back(found) and not one.taken_back
    undo = view.url("take_back_check", client_id=found.client.id, check_id=one.id) if can_undo else None
    return PastLine(short_day(one.on), f"{name}{side}", kind, word, one.by, tuple(details), undo)


def _seen_in_words(known: SeenKey | None, key: str, value: object) -> str:
    text = known.text if known is not None else key.replace("_", " ")
    if isinstance(value, bool):
        return f"{text}: {'yes' if value else 'no'}"
    said = number(value) if isinstance(value, (int, float)) else str(value)
    if known is None or not known.unit:
        return f"{text}: {dict(known.choices).get(said, said) if known is not None else said}"
    return f"{text}: {said}{'' if known.unit == '°' else ' '}{known.unit}"


def _past_load(one: LoadLine, names: Mapping[str, str]) -> PastLine:
    return PastLine(
        short_day(one.on),
        names.get(one.exercise, one.exercise),
        "",
        f"{number(one.load_kg)} kg confirmed",
        one.by,
        (one.reason,) if one.reason else (),
        None,
    )


@router.get("/clients/{client_id}/progress", name="progress")
def progress_page(work: Work, view: Screenful, client_id: Key, today: Today, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
    return view.show(_progress_page(view, _hers(work, client_id, today), page))


def _hers(work: Work, client_id: int, today: date) -> ProgressView:
    """Where a client of one's own stands."""
    clients.trained_client(work, client_id)
    return progress.progress_of(work, client_id, today)


# --- signing off ----------------------------------------------------------------------------------------------------


class SignForm(BaseModel):
    stage: Stage
    side: Side = Side.BOTH
    words: tuple[ShortText, ...] = ()
    goal_load_kg: Decimal | None = None
    note: SafeText = ""
    override_reason: SafeText | None = None
    looked: ShortText = ""
    """Exercise and side of what was looked at."""
    seen: ShortText = ""


def read_check(form: Form, one: CheckForm, prefix: str, on: date, id: str) -> CheckFields:
    """What was typed into the fields of a check; raises Invalid with the fields' own names."""
    errors: list[FieldError] = []
    seen: dict[str, bool | int | float | str] = {}

    def figure(name: str) -> float | None:
        try:
            return form.number(f"{prefix}.{name}")
        except Invalid as refusal:
            errors.extend(refusal.errors)
            return None

    for it in one.seen:
        typed = form.value(f"{prefix}.{it.key}").strip()
        if it.kind == "flag":
            seen[it.key] = typed == "yes"
        elif it.kind == "choice":
            if typed:
                seen[it.key] = typed
        elif (value := figure(it.key)) is not None:
            seen[it.key] = value
    reps, last = figure("reps"), figure("last_reps")
    for name, count in (("reps", reps), ("last_reps", last)):
        if count is not None and count != int(count):
            errors.append(FieldError(f"{prefix}.{name}", "Write a whole number."))
    if errors:
        raise Invalid(*errors)
    kept = form.values(f"{prefix}.gate")
    return CheckFields(
        id=id,
        stage=one.stage,
        exercise=one.exercise,
        side=one.side,
        performed_on=on,
        gate={it.key: it.key in kept for it in one.gate},
        seen=seen,
        reps=None if reps is None else int(reps),
        last_reps=None if last is None else int(last),
        note=form.value(f"{prefix}.note").strip(),
    )


def beside(prefix: str, refusal: Invalid, names: Iterable[str]) -> Invalid:
    """A check's objections at the names that its fields have in a form."""
    own = {*names, "gate", "reps", "last_reps", "note", "exercise", "side", "performed_on"}
    return Invalid(*(FieldError(f"{prefix}.{one.field}" if one.field in own else one.field, one.message) for one in refusal.errors))


@router.post("/clients/{client_id}/sign-offs", name="sign_off")
def sign_off(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    found = _hers(work, client_id, today)
    part = form.value("stage")
    try:
        typed = form.read(SignForm, many=("words",))
        made = id_of("sign", work.actor.user_id, client_id, typed.stage, typed.side, typed.seen)
        check = _looked_at(form, found, typed, today, id_of("check", made))
        fields = SignOffFields(
            id=made,
            stage=typed.stage,
            side=typed.side,
            words=typed.words,
            goal_load_kg=typed.goal_load_kg,
            note=typed.note,
            override_reason=typed.override_reason,
            check=check,
        )
        try:
            progress.sign_off(work, client_id, fields, at, today)
        except Invalid as refusal:
            raise beside("check", refusal, check.seen if check is not None else ()) from None
    except Invalid as refusal:
        return view.again(_progress_page(view, found, refused=Refused(part, form.refused(refusal))))
    except Conflict as refusal:
        return view.again(_progress_page(view, found, refused=Refused(part, form, str(refusal), refusal.missing)), 409)
    return view.to("progress", client_id=client_id, said="stage-signed", anchor=part)


def _looked_at(form: Form, found: ProgressView, typed: SignForm, today: date, id: str) -> CheckFields | None:
    """What was seen today, when an exercise was named for it."""
    one = next((it for it in found.forms if it.stage is typed.stage and check_key(it) == typed.looked), None)
    if one is not None:
        return read_check(form, one, "check", today, id)
    if any(name.startswith("check.") and any(value.strip() for value in values) for name, values in form.fields.items()):
        raise Invalid(FieldError("looked", "Choose what you looked at."))
    return None


class TakeBackForm(BaseModel):
    note: SafeText = ""
    seen: ShortText = ""


@router.post("/clients/{client_id}/sign-offs/{sign_off_id}/take-back")
def take_back_sign_off(work: Work, view: Screenful, client_id: Key, sign_off_id: UUID, form: Typed, at: Now, today: Today) -> Response:
    typed = form.read(TakeBackForm)
    made = id_of("take back", work.actor.user_id, client_id, sign_off_id)
    progress.take_back_sign_off(work, client_id, str(sign_off_id), made, typed.note, at, today)
    return view.to("progress", client_id=client_id, said="sign-off-taken-back")


@router.post("/clients/{client_id}/checks/{check_id}/take-back")
def take_back_check(work: Work, view: Screenful, client_id: Key, check_id: UUID, at: Now, today: Today) -> Response:
    made = id_of("take back", work.actor.user_id, client_id, check_id)
    progress.take_back_check(work, client_id, str(check_id), made, at, today)
    return view.to("progress", client_id=client_id, said="check-taken-back", anchor="history")


class LoadForm(BaseModel):
    exercise: ShortText
    load_kg: Decimal
    seen: ShortText = ""


@router.post("/clients/{client_id}/loads", name="confirm_load")
def confirm_load(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    found = _hers(work, client_id, today)
    try:
        typed = form.read(LoadForm)
        made = id_of("load", work.actor.user_id, client_id, typed.exercise, typed.load_kg, typed.seen)
        progress.confirm_load(work, client_id, typed.exercise, typed.load_kg, made, at, today)
    except Invalid as refusal:
        return view.again(_progress_page(view, found, refused=Refused("load", form.refused(refusal))))
    except Conflict as refusal:
        return view.again(_progress_page(view, found, refused=Refused("load", form, str(refusal), refusal.missing)), 409)
    return view.to("progress", client_id=client_id, said="load-confirmed", anchor=f"load-{typed.exercise}")


# --- what happened --------------------------------------------------------------------------------------------------


class HappenedForm(BaseModel):
    kind: ShortText
    happened_on: Day
    event_note: ShortText = ""


@router.post("/clients/{client_id}/events", name="note_event")
def note_event(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    found = _hers(work, client_id, today)
    try:
        typed = form.read(HappenedForm)
        clients.note_event(work, client_id, typed.kind, typed.happened_on, typed.event_note, at, today)
    except Invalid as refusal:
        return view.again(_progress_page(view, found, refused=Refused("event", form.refused(refusal))))
    except Conflict as refusal:
        return view.again(_progress_page(view, found, refused=Refused("event", form, str(refusal), refusal.missing)), 409)
    return view.to("progress", client_id=client_id, said="event-noted", anchor="due")


@router.post("/clients/{client_id}/events/{event_id}/take-back")
def take_back_event(work: Work, view: Screenful, client_id: Key, event_id: Key, at: Now) -> Response:
    clients.take_back_event(work, client_id, event_id, at)
    return view.to("progress", client_id=client_id, said="event-taken-back", anchor="due")
