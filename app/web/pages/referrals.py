"""Pages of a stop: what to say, whom to see, the note to take along, where it stands, and the forms for each step to the answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.errors import Conflict, Invalid
from app.rules.battery import TESTS
from app.rules.contraindications import KEYS, LOADED_HINGE
from app.rules.findings import where
from app.rules.pain import FEEL_WORDS
from app.rules.readiness import ADVICE, named_finding, whom_to_see
from app.rules.vocabulary import Level, Side, Status
from app.services import referrals
from app.services.plans import PlanView
from app.services.referrals import Stop
from app.web.deps import Now, Today, Work
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, day_in_words
from app.web.schemas import Day, Key, Name, SafeText

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason to stop in plain words, how pressing it is, and who should answer it."""

    text: str
    level: str
    kind: str
    see: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that a professional may allow or not: a contraindication key or the loaded hinge."""

    id: str
    label: str
    effect: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """The answer that was given."""

    professional: str
    cleared_on: str
    allowed: tuple[str, ...]
    not_allowed: tuple[str, ...]
    note: str
    logged: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to an answer, taken or still to come; `undo` is the id of one that may be taken back."""

    title: str
    text: str
    words: str
    noted: str
    is_done: bool
    undo: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported of one exercise on one day."""

    on: str
    exercise: str
    pain: str
    feel: str


@dataclass(frozen=True, slots=True)
class Gone:
    """One exercise that the limits took out, why, and what came instead."""

    name: str
    side: str | None
    because: str
    instead: str | None


@dataclass(frozen=True, kw_only=True)
class StopPage(Page):
    template: ClassVar[str] = "referrals/referral.html"
    client_id: int
    client_name: str
    is_archived: bool
    referral_id: int
    screen_id: int
    state: str
    waits: bool
    from_practice: bool
    is_emergency: bool
    heading: str
    say: tuple[str, ...]
    see: str
    trainer: str
    stopped_on: str
    reasons: tuple[Why, ...]
    hurt: tuple[Reported, ...]
    """What was reported in practice, newest first."""
    way: tuple[Step, ...]
    asked: tuple[Limit, ...]
    """What this stop is about, asked first."""
    others: tuple[Limit, ...]
    others_open: bool
    """Whether something was said about the others."""
    steps: tuple[str, ...]
    """The forms of what may come next, the likeliest first."""
    open_step: str
    """The form that is not folded."""
    main_step: str
    """The form with the page's main button; blank while the note comes first."""
    sent: Form
    heard: Form
    form: Form
    problem: str | None
    answer: Logged | None
    gone: tuple[Gone, ...]
    screen_next: bool
    """Whether the answer leaves a screen to be done before there is a plan."""
    plan_number: int | None
    former: int | None
    taken_over_by: int | None
    stops: tuple[tuple[int, str, str], ...]
    """The client's other stops: id, day, state in words."""


KINDS: Mapping[Level, str] = {Level.EMERGENCY: "pain", Level.URGENT: "severe", Level.CLEARANCE: "mild", Level.REFER: "moderate"}
LEVELS: Mapping[Level, str] = {
    Level.EMERGENCY: "emergency",
    Level.URGENT: "urgent",
    Level.CLEARANCE: "clearance first",
    Level.REFER: "refer",
}
_STATES: Mapping[str, str] = {
    "open": "waits to be handed over",
    "sent": "waits for an answer",
    "answered": "answered, not yet decided",
    "not_cleared": "not cleared for now",
    "cleared": "answered",
    "withdrawn": "taken back or taken over",
}
_HEADINGS: Mapping[str, str] = {
    "sent": "Handed over: the answer is awaited",
    "answered": "Answered: training is not decided yet",
    "not_cleared": "Not cleared for now",
}
"""What stands over a stop that has left its first state; until then it is what to say."""

_TITLES: Mapping[str, str] = {
    "opened": "Stopped",
    "sent": "Handed over",
    "answered": "Answered",
    "not_cleared": "Not cleared for now",
    "cleared": "Cleared",
}
_TO_COME: Mapping[str, tuple[str, ...]] = {
    "open": ("Handed over", "Answered", "Cleared or not"),
    "sent": ("Answered", "Cleared or not"),
    "answered": ("Cleared or not",),
    "not_cleared": ("Another answer",),
}
_NEXT: Mapping[str, tuple[str, ...]] = {
    "open": ("send", "hear", "clear"),
    "sent": ("hear", "clear", "send"),
    "answered": ("clear", "hear", "send"),
    "not_cleared": ("send", "hear", "clear"),
}
"""Which form comes first in each state; every one can be filled in at any time."""

_BOTH_WAYS = (("", "Not mentioned"), ("allowed", "May be trained with"), ("not_allowed", "Leave out what it touches"))
_LOADED = Limit(
    LOADED_HINGE, "The loaded hinge", "Allowed: it lifts what fragile bones lock.", (("", "Not mentioned"), ("allowed", "Allowed"))
)


def _limits(stop: Stop) -> tuple[tuple[Limit, ...], tuple[Limit, ...]]:
    """What may be allowed or not: first what this stop is about, then the rest of the table."""
    table = {key.id: Limit(key.id, key.label, f"Left out: {key.effect}.", _BOTH_WAYS) for key in KEYS.values()}
    bones = any(LOADED_HINGE in limit or "osteoporosis" in limit for limit in stop.keys)
    asked = tuple(table[key] for key in KEYS if key in stop.keys)
    others = tuple(limit for key, limit in table.items() if key not in stop.keys)
    return ((_LOADED, *asked), others) if bones else (asked, (*others, _LOADED))


def emergency_words(*, is_one: bool) -> tuple[str, ...]:
    """What stands before everything else while an emergency waits: a heading, then sentences; nothing otherwise."""
    advice = ADVICE[Status.EMERGENCY]
    return (advice.heading, *advice.say) if is_one else ()


def see_beyond(say: Iterable[str], whom: Iterable[str]) -> str:
    """Whom to see, unless what is said says it already."""
    said = " ".join(say)
    return "; ".join(one for one in whom if one not in said)


def label(key: str) -> str:
    """A key of a clearance in words."""
    return _LOADED.label if key == LOADED_HINGE else KEYS[key].label if key in KEYS else key


def _logged(stop: Stop) -> Logged | None:
    answer = stop.answer
    if answer is None:
        return None
    return Logged(
        professional=answer.professional,
        cleared_on=day_in_words(answer.clearance.cleared_on),
        allowed=tuple(label(key) for key in answer.clearance.allowed),
        not_allowed=tuple(label(key) for key in answer.clearance.not_allowed),
        note=answer.note,
        logged=f"{day_in_words(answer.logged_on)} by {answer.logged_by}",
    )


def _way(stop: Stop) -> Iterable[Step]:
    """The way to an answer: what has happened, the last step of it to be taken back, and what is still to come."""
    last = stop.way[-1]
    for mark in stop.way:
        whom = f" to {mark.whom}" if mark.step == "sent" else f" by {mark.whom}" if mark.whom else ""
        if mark.step == "opened":
            whom = ", in practice" if stop.referral.from_practice else ", with the screen"
        noted = f"noted {day_in_words(mark.noted_on)} by {mark.by}" if mark.noted_on else ""
        undo = mark.id if mark is last and stop.referral.waits and stop.client.archived_at is None else None
        yield Step(_TITLES[mark.step], f"{day_in_words(mark.on)}{whom}", mark.words, noted, is_done=True, undo=undo)
    for title in _TO_COME.get(stop.referral.state, ()):
        yield Step(title, "", "", "", is_done=False)


def _hurt(stop: Stop) -> Iterable[Reported]:
    for one in stop.hurt:
        side = "" if one.side is Side.BOTH else f", {one.side.value}"
        pain = "no number given" if one.pain is None else f"{one.pain} of 10"
        feel = "" if one.feel is None else FEEL_WORDS[one.feel]
        what = f"{stop.names.get(one.exercise, one.exercise)}{side}" if one.exercise else "The morning after the session"
        yield Reported(day_in_words(one.on), what, pain, feel)


def _gone(stop: Stop) -> Iterable[Gone]:
    for one in stop.removed:
        name, instead = stop.names.get(one.exercise, one.exercise), one.instead
        side = None if one.side is Side.BOTH else one.side.value
        yield Gone(name, side, one.because, None if instead is None else stop.names.get(instead, instead))


@dataclass(frozen=True, slots=True)
class Forms:
    """The three forms of a stop that waits, and which of them was just refused."""

    sent: Form
    heard: Form
    cleared: Form
    refused: str = ""
    problem: str | None = None


def _forms(stop: Stop, today: date) -> Forms:
    """The forms before anything is typed: what is known stands in them already, and no limit was mentioned."""
    whom, last = next((mark.whom for mark in reversed(stop.way) if mark.whom), ""), stop.way[-1]
    decides = last if last.step == "answered" else None
    limits = {f"limit-{key}": ("",) for key in (LOADED_HINGE, *KEYS)}
    cleared = Form.of(professional=decides.whom if decides else "", cleared_on=decides.on if decides else None)
    return Forms(
        sent=Form.of(sent_on=today),
        heard=Form.of(answered_by=whom, answered_on=today, verdict="answered"),
        cleared=Form({**limits, **cleared.fields}),
    )


def _page(view: Screenful, stop: Stop, forms: Forms) -> StopPage:
    referral = stop.referral
    advice = ADVICE[referral.status]
    is_emergency = referral.status is Status.EMERGENCY and referral.waits
    asked, others = _limits(stop)
    steps = _NEXT.get(referral.state, ())
    return StopPage(
        # In an emergency nothing stands before what to do.
        shell=replace(view.shell, flash=None) if is_emergency else view.shell,
        client_id=stop.client.id,
        client_name=stop.client.name,
        is_archived=stop.client.archived_at is not None,
        referral_id=referral.id,
        screen_id=referral.screen_id,
        state=referral.state,
        waits=referral.waits,
        from_practice=referral.from_practice,
        is_emergency=is_emergency,
        heading=advice.heading if is_emergency else _HEADINGS.get(referral.state, advice.heading),
        say=advice.say,
        see=see_beyond(advice.say, dict.fromkeys(whom_to_see(one) for one in referral.reasons)),
        trainer=advice.trainer,
        stopped_on=day_in_words(stop.stopped_on),
        reasons=tuple(Why(one.text, LEVELS[one.level], KINDS[one.level], whom_to_see(one)) for one in referral.reasons),
        hurt=tuple(_hurt(stop)),
        way=tuple(_way(stop)),
        asked=asked,
        others=others,
        others_open=any(forms.cleared.value(f"limit-{limit.id}") for limit in others),
        steps=steps,
        open_step=forms.refused or "".join(steps[:1]),
        main_step="" if referral.state == "open" and not is_emergency else "".join(steps[:1]),
        sent=forms.sent,
        heard=forms.heard,
        form=forms.cleared,
        problem=forms.problem,
        answer=_logged(stop),
        gone=tuple(_gone(stop)),
        screen_next=stop.is_current and referral.state == "cleared",
        plan_number=stop.plan_number,
        former=stop.former,
        taken_over_by=stop.waiting_id if referral.state == "withdrawn" else None,
        stops=tuple((other.id, day_in_words(other.stopped_on), _STATES[other.state]) for other in stop.others),
    )


def show_stop(work: Work, view: Screenful, client_id: int, plan: PlanView, today: date) -> Response:
    """A client's plan page while there is no plan: the stop that keeps her from it, or what comes next after its answer."""
    stop = referrals.read_referral(work, client_id, plan.referral.id if plan.referral else 0)
    return view.show(_page(view, stop, _forms(stop, today)))


@router.get("/clients/{client_id}/referrals/{referral_id}", name="referral")
def referral_page(work: Work, view: Screenful, client_id: Key, referral_id: Key, today: Today) -> Response:
    stop = referrals.read_referral(work, client_id, referral_id)
    return view.show(_page(view, stop, _forms(stop, today)))


def _again(
    work: Work, view: Screenful, client_id: int, referral_id: int, which: str, form: Form, refusal: Invalid | Conflict, today: date
) -> Response:
    """The page with the form that was refused as it was typed, and why."""
    stop = referrals.read_referral(work, client_id, referral_id)
    blank = _forms(stop, today)
    if isinstance(refusal, Conflict):
        forms, status = replace(blank, problem=str(refusal)), 409
    else:
        forms, status = replace(blank, refused=which), 422
        form = form.refused(refusal)
    match which:
        case "send":
            forms = replace(forms, sent=form)
        case "hear":
            forms = replace(forms, heard=form)
        case "clear":
            forms = replace(forms, cleared=form)
        case _:
            pass
    return view.again(_page(view, stop, forms), status)


# --- the way to an answer -------------------------------------------------------------------------------------------


class SentForm(BaseModel):
    sent_to: Name
    sent_on: Day


@router.post("/clients/{client_id}/referrals/{referral_id}/sent")
def send_referral(work: Work, view: Screenful, client_id: Key, referral_id: Key, form: Typed, at: Now, today: Today) -> Response:
    try:
        typed = form.read(SentForm)
        referrals.send(work, client_id, referral_id, to=typed.sent_to, on=typed.sent_on, at=at, today=today)
    except (Invalid, Conflict) as refusal:
        return _again(work, view, client_id, referral_id, "send", form, refusal, today)
    return view.to("referral", client_id=client_id, referral_id=referral_id, said="referral-sent")


class HeardForm(BaseModel):
    answered_by: Name
    answered_on: Day
    answer: SafeText
    verdict: Literal["answered", "not_cleared"]


@router.post("/clients/{client_id}/referrals/{referral_id}/answer")
def hear_referral(work: Work, view: Screenful, client_id: Key, referral_id: Key, form: Typed, at: Now, today: Today) -> Response:
    try:
        typed = form.read(HeardForm)
        referrals.hear(
            work,
            client_id,
            referral_id,
            professional=typed.answered_by,
            on=typed.answered_on,
            words=typed.answer,
            refused=typed.verdict == "not_cleared",
            at=at,
            today=today,
        )
    except (Invalid, Conflict) as refusal:
        return _again(work, view, client_id, referral_id, "hear", form, refusal, today)
    return view.to("referral", client_id=client_id, referral_id=referral_id, said="referral-answered")


class StepForm(BaseModel):
    step: Key


@router.post("/clients/{client_id}/referrals/{referral_id}/back")
def take_referral_back(work: Work, view: Screenful, client_id: Key, referral_id: Key, form: Typed, at: Now, today: Today) -> Response:
    try:
        referrals.take_back(work, client_id, referral_id, form.read(StepForm).step, at)
    except (Invalid, Conflict) as refusal:
        return _again(work, view, client_id, referral_id, "", form, refusal, today)
    return view.to("referral", client_id=client_id, referral_id=referral_id, said="referral-back")


# --- the answer that unlocks ----------------------------------------------------------------------------------------


class ClearanceForm(BaseModel):
    professional: Name
    cleared_on: Day
    note: SafeText = ""


def _limited(form: Form, word: str) -> tuple[str, ...]:
    return tuple(key for key in (LOADED_HINGE, *KEYS) if form.value(f"limit-{key}") == word)


@router.post("/clients/{client_id}/referrals/{referral_id}/clearance")
def clear_referral(work: Work, view: Screenful, client_id: Key, referral_id: Key, form: Typed, at: Now, today: Today) -> Response:
    try:
        typed = form.read(ClearanceForm)
        referrals.clear(
            work,
            client_id,
            referral_id,
            professional=typed.professional,
            cleared_on=typed.cleared_on,
            allowed=_limited(form, "allowed"),
            not_allowed=_limited(form, "not_allowed"),
            note=typed.note,
            at=at,
            today=today,
        )
    except (Invalid, Conflict) as refusal:
        return _again(work, view, client_id, referral_id, "clear", form, refusal, today)
    return view.to("referral", client_id=client_id, referral_id=referral_id, said="clearance-logged")


# --- the note to take along -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """One test that the stop is about."""

    what: str
    value: str
    reference: str
    pain: str


@dataclass(frozen=True, kw_only=True)
class NotePage(Page):
    template: ClassVar[str] = "referrals/note.html"
    client_id: int
    referral_id: int
    studio: str
    date: str
    code: str
    seen: tuple[str, ...]
    measured: tuple[Measured, ...]
    hurt: tuple[Reported, ...]
    pain: str
    stopped: str
    to: tuple[str, ...]
    question: str
    remark: str
    limits: tuple[str, ...]
    trainer: str
    contact: str
    who: str
    """Who can see this sheet."""
    form: Form | None
    """Question and remark, as long as they may still be changed."""
    is_open: bool
    problem: str | None


_QUESTIONS: Mapping[Status, str] = {
    Status.EMERGENCY: "When may exercise be taken up again, and with which limits?",
    Status.URGENT_REFER: "What should be known before exercise is taken up again? When may that be, and with which limits?",
    Status.NEEDS_CLEARANCE: "May this person train the hip hinge as described below? With which limits?",
    Status.REFER: "Would you look at what is described here? May this person train the hip hinge as described below? With which limits?",
    Status.PLAN_READY: "",
}


def initials(name: str) -> str:
    """A name as it goes on a note: "Cleo Marsh" is "C. M."; a code, which has a digit, stays as it is."""
    if any(letter.isdigit() for letter in name):
        return name
    return " ".join(f"{word[0].upper()}." for word in name.split())


def _told(text: str) -> str:
    """A reason as it is told to somebody else than the client."""
    return text.replace(" for you", "").replace(", so we stop here", "")


def _pain(stop: Stop) -> str:
    """Pain from 0 to 10 and where: at rest, of the newest screen that has any, and the worst in practice or after it."""
    told = []
    for screen in reversed(stop.screens):
        history = screen.history
        if history.pain_now:
            places = ", ".join(place.value for place in history.pain_where) or "place not noted"
            told.append(f"{history.pain_now} of 10 at rest: {places}")
            break
    else:
        told += ["0 of 10 at rest"] if stop.screens else []
    worst = max((one for one in stop.hurt if one.pain is not None), key=lambda one: one.pain or 0, default=None)
    if worst is not None:
        when = "in practice" if worst.exercise else "the morning after practice"
        told.append(f"up to {worst.pain} of 10 {when}: {'see the remark' if stop.remark else 'place not noted'}")
    return "; ".join(told) or "no number given"


def _measured(stop: Stop) -> tuple[Measured, ...]:
    """The tests that the reasons name, with value, reference and pain."""
    pains = {(one.test, one.side): one.pain for screen in stop.screens for one in screen.measurements if one.pain}
    lines = []
    for reason in stop.referral.reasons:
        found = named_finding(reason, stop.findings)
        if found is None or found.test not in TESTS:
            continue
        test, pain = TESTS[found.test], pains.get((found.test, found.side), 0)
        value = "not measured" if found.value is None else test.amount(found.value)
        lines.append(Measured(where(test, found.side), value, found.reference, f"{pain} of 10 in this movement" if pain else "none"))
    return tuple(lines)


def _note(view: Screenful, stop: Stop, form: Form | None = None, problem: str | None = None) -> NotePage:
    held = f"Plan {stop.former} is on hold. " if stop.former is not None else ""
    question = stop.question or _QUESTIONS[stop.referral.status]
    writes = stop.referral.waits and stop.client.archived_at is None
    names = ", ".join(trainer.name for trainer in stop.trainers)
    return NotePage(
        shell=view.shell,
        client_id=stop.client.id,
        referral_id=stop.referral.id,
        studio=view.shell.studio or "",
        date=day_in_words(stop.stopped_on),
        code=initials(stop.client.name),
        seen=tuple(_told(reason.text) for reason in stop.referral.reasons),
        measured=_measured(stop),
        hurt=tuple(_hurt(stop)),
        pain=_pain(stop),
        stopped=f"{held}All hip hinge training has stopped, and stays so until an answer is logged.",
        to=tuple(dict.fromkeys(whom_to_see(reason) for reason in stop.referral.reasons)),
        question=question,
        remark=stop.remark,
        limits=tuple(limit.label for limit in _limits(stop)[0]),
        trainer=stop.trainer.name,
        contact=stop.trainer.email or "",
        who=f"The person it is about, {names}, and whoever is given this sheet",
        form=(form or Form.of(question=question, remark=stop.remark)) if writes else None,
        is_open=form is not None,
        problem=problem,
    )


@router.get("/clients/{client_id}/referrals/{referral_id}/note", name="referral_note")
def note_page(work: Work, view: Screenful, client_id: Key, referral_id: Key) -> Response:
    return view.show(_note(view, referrals.read_referral(work, client_id, referral_id)))


class LetterForm(BaseModel):
    question: Annotated[SafeText, Field(max_length=1000)] = ""
    remark: Annotated[SafeText, Field(max_length=1000)] = ""


@router.post("/clients/{client_id}/referrals/{referral_id}/note")
def write_referral_note(work: Work, view: Screenful, client_id: Key, referral_id: Key, form: Typed, at: Now) -> Response:
    try:
        typed = form.read(LetterForm)
        usual = _QUESTIONS[referrals.read_referral(work, client_id, referral_id).referral.status]
        question = "" if typed.question == usual else typed.question
        referrals.write_letter(work, client_id, referral_id, question=question, remark=typed.remark, at=at)
    except Invalid as refusal:
        return view.again(_note(view, referrals.read_referral(work, client_id, referral_id), form.refused(refusal)))
    except Conflict as refusal:
        return view.again(_note(view, referrals.read_referral(work, client_id, referral_id), problem=str(refusal)), 409)
    return view.to("referral_note", client_id=client_id, referral_id=referral_id)
