"""Pages of a stop, without any exercise: what to say, whom to see, the note to take along, and the form for the answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.errors import Conflict, Invalid
from app.rules.battery import TESTS
from app.rules.contraindications import KEYS, LOADED_HINGE
from app.rules.documents import Screen
from app.rules.findings import where
from app.rules.readiness import ADVICE, named_finding, whom_to_see
from app.rules.vocabulary import Level, Status
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


@dataclass(frozen=True, kw_only=True)
class StopPage(Page):
    template: ClassVar[str] = "referrals/referral.html"
    client_id: int
    client_name: str
    is_archived: bool
    referral_id: int
    screen_id: int
    state: str
    is_emergency: bool
    heading: str
    say: tuple[str, ...]
    see: str
    trainer: str
    stopped_on: str
    reasons: tuple[Why, ...]
    asked: tuple[Limit, ...]
    """What this stop is about, asked first."""
    others: tuple[Limit, ...]
    others_open: bool
    """Whether something was said about the others."""
    form: Form
    problem: str | None
    answer: Logged | None
    screen_next: bool
    """Whether the answer leaves a screen to be done before there is a plan."""
    plan_number: int | None
    former: int | None
    taken_over_by: int | None
    stops: tuple[tuple[int, str, str], ...]
    """The client's other stops: id, day, state in words."""


_KINDS: Mapping[Level, str] = {Level.EMERGENCY: "pain", Level.URGENT: "severe", Level.CLEARANCE: "mild", Level.REFER: "moderate"}
_LEVELS: Mapping[Level, str] = {
    Level.EMERGENCY: "emergency",
    Level.URGENT: "urgent",
    Level.CLEARANCE: "clearance first",
    Level.REFER: "refer",
}
_STATES: Mapping[str, str] = {"open": "waits for an answer", "cleared": "answered", "withdrawn": "taken back or taken over"}

_BOTH_WAYS = (("", "Not mentioned"), ("allowed", "Allowed"), ("not_allowed", "Leave out"))
_LOADED = Limit(LOADED_HINGE, "The loaded hinge", "lifts what fragile bones lock", (("", "Not mentioned"), ("allowed", "Allowed")))


def _limits(stop: Stop) -> tuple[tuple[Limit, ...], tuple[Limit, ...]]:
    """What may be allowed or not: first what this stop is about, then the rest of the table."""
    table = {key.id: Limit(key.id, key.label, key.effect, _BOTH_WAYS) for key in KEYS.values()}
    bones = any(LOADED_HINGE in limit or "osteoporosis" in limit for limit in stop.keys)
    asked = tuple(table[key] for key in KEYS if key in stop.keys)
    others = tuple(limit for key, limit in table.items() if key not in stop.keys)
    return ((_LOADED, *asked), others) if bones else (asked, (*others, _LOADED))


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


def _page(view: Screenful, stop: Stop, form: Form, problem: str | None = None) -> StopPage:
    referral = stop.referral
    advice = ADVICE[referral.status]
    is_emergency = referral.status is Status.EMERGENCY and referral.state == "open"
    asked, others = _limits(stop)
    return StopPage(
        # In an emergency nothing stands before what to do.
        shell=replace(view.shell, flash=None) if is_emergency else view.shell,
        client_id=stop.client.id,
        client_name=stop.client.name,
        is_archived=stop.client.archived_at is not None,
        referral_id=referral.id,
        screen_id=referral.screen_id,
        state=referral.state,
        is_emergency=is_emergency,
        heading=advice.heading,
        say=advice.say,
        see=see_beyond(advice.say, dict.fromkeys(whom_to_see(one) for one in referral.reasons)),
        trainer=advice.trainer,
        stopped_on=day_in_words(stop.screened_on),
        reasons=tuple(Why(one.text, _LEVELS[one.level], _KINDS[one.level], whom_to_see(one)) for one in referral.reasons),
        asked=asked,
        others=others,
        others_open=any(form.value(f"limit-{limit.id}") for limit in others),
        form=form,
        problem=problem,
        answer=_logged(stop),
        screen_next=stop.is_current and referral.state == "cleared",
        plan_number=stop.plan_number,
        former=stop.former,
        taken_over_by=stop.open_id if referral.state == "withdrawn" else None,
        stops=tuple((other.id, day_in_words(other.stopped_on), _STATES[other.state]) for other in stop.others),
    )


def show_stop(work: Work, view: Screenful, client_id: int, plan: PlanView) -> Response:
    """A client's plan page while there is no plan: the stop that keeps her from it, or what comes next after its answer."""
    stop = referrals.read_referral(work, client_id, plan.referral.id if plan.referral else 0)
    return view.show(_page(view, stop, _blank()))


@router.get("/clients/{client_id}/referrals/{referral_id}", name="referral")
def referral_page(work: Work, view: Screenful, client_id: Key, referral_id: Key) -> Response:
    return view.show(_page(view, referrals.read_referral(work, client_id, referral_id), _blank()))


class ClearanceForm(BaseModel):
    professional: Name
    cleared_on: Day
    note: SafeText = ""


def _blank() -> Form:
    """The form before anything is typed: nothing was mentioned."""
    return Form({f"limit-{key}": ("",) for key in (LOADED_HINGE, *KEYS)})


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
    except Invalid as refusal:
        return view.again(_page(view, referrals.read_referral(work, client_id, referral_id), form.refused(refusal)))
    except Conflict as refusal:
        return view.again(_page(view, referrals.read_referral(work, client_id, referral_id), form, str(refusal)), 409)
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
    pain: str
    stopped: str
    to: tuple[str, ...]
    question: str
    limits: tuple[str, ...]
    trainer: str
    contact: str


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


def _pain(screens: Iterable[Screen]) -> str:
    """Pain from 0 to 10 and where, of the newest screen that has any."""
    for screen in reversed(tuple(screens)):
        history = screen.history
        if history.pain_now:
            places = ", ".join(place.value for place in history.pain_where) or "place not noted"
            return f"{history.pain_now} of 10 at rest: {places}"
    return "0 of 10 at rest"


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


@router.get("/clients/{client_id}/referrals/{referral_id}/note", name="referral_note")
def note_page(work: Work, view: Screenful, client_id: Key, referral_id: Key) -> Response:
    stop = referrals.read_referral(work, client_id, referral_id)
    status = stop.referral.status
    held = f"Plan {stop.former} is on hold. " if stop.former is not None else ""
    page = NotePage(
        shell=view.shell,
        client_id=stop.client.id,
        referral_id=stop.referral.id,
        studio=view.shell.studio or "",
        date=day_in_words(stop.screened_on),
        code=initials(stop.client.name),
        seen=tuple(_told(reason.text) for reason in stop.referral.reasons),
        measured=_measured(stop),
        pain=_pain(stop.screens),
        stopped=f"{held}All hip hinge training has stopped, and stays so until an answer is logged.",
        to=tuple(dict.fromkeys(whom_to_see(reason) for reason in stop.referral.reasons)),
        question=_QUESTIONS[status],
        limits=tuple(limit.label for limit in _limits(stop)[0]),
        trainer=stop.trainer.name,
        contact=stop.trainer.email or "",
    )
    return view.show(page)
