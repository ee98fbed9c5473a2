"""Pages for clients: the list, the profile, consent, and who trains whom."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.errors import Conflict, FieldError, Invalid
from app.models import Client, Consent, User
from app.rules.battery import POUND, number
from app.rules.progress import STAGE_LABELS
from app.rules.vocabulary import Sex, Status
from app.services import access, clients, progress
from app.services.clients import CONSENT_TEXT, CONSENT_VERSION, ClientFields, How, Profile, Standing, standing
from app.services.progress import Attention, StopWaiting
from app.store.clients import Facts
from app.store.scope import Actor
from app.web.deps import Now, Today, Work
from app.web.forms import Form, Model, Typed
from app.web.page import Page, Screenful, View, day_in_words, moment_in_words
from app.web.pages.progress import in_a_sentence
from app.web.pages.referrals import KINDS, LEVELS, emergency_words
from app.web.schemas import Day, Decimal, Key, Name, SafeText, ShortText

router = APIRouter(include_in_schema=False)

PAGE_SIZE: Final = 25
SEXES: Final = ((Sex.FEMALE.value, "Female"), (Sex.MALE.value, "Male"), (Sex.UNSPECIFIED.value, "Not specified"))
HOWS: Final = ((How.SIGNED.value, "Signed on paper"), (How.SPOKEN.value, "Agreed in person, after reading it"))


def in_words(day: date) -> str:
    """A day as people read it: 22 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


# --- the list -------------------------------------------------------------------------------------------------------

CHIPS: Final[Mapping[Standing, tuple[str, str]]] = {
    Standing.WITHDRAWN: ("stop", "consent withdrawn"),
    Standing.ARCHIVED: ("plain", "archived"),
    Standing.NO_CONSENT: ("warn", "no consent yet"),
    Standing.STOPPED: ("stop", "stopped, waiting for an answer"),
    Standing.DRAFT: ("", "screen begun"),
    Standing.UNSCREENED: ("", "not screened yet"),
    Standing.CLEARED: ("warn", "answered, now screen"),
    Standing.PLAN: ("good", "plan"),
}


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    name: str
    birth_year: int
    chip: str
    stands: str
    screened_on: str | None
    flags: tuple[tuple[str, str, str], ...]
    """What asks for the trainer: kinds of chips, words, and where they lead."""


@dataclass(frozen=True, slots=True)
class StopRow:
    """A client who waits for a professional's answer."""

    name: str
    href: str
    why: str
    since: str
    from_practice: bool
    level: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class ClientsPage(Page):
    template: ClassVar[str] = "clients/list.html"
    stops: tuple[StopRow, ...]
    due: tuple[tuple[str, str, str], ...]
    """Who is to be screened again: name, address, since when."""
    due_total: int
    rows: tuple[Row, ...]
    query: str
    archived: bool
    active_total: int
    archived_total: int
    total: int
    page: int
    pages: int
    previous_href: str | None
    next_href: str | None


MOST_DUE: Final = 5


def _row(client: Client, facts: Facts, flags: tuple[tuple[str, str, str], ...]) -> Row:
    chip, stands = CHIPS[standing(facts)]
    if standing(facts) is Standing.PLAN:
        stands = f"plan {facts.plan_number}"
    screened_on = in_words(facts.screened_on) if facts.screened_on else None
    return Row(client.id, client.name, client.birth_year, chip, stands, screened_on, flags)


def _flags(view: View, found: Attention | None, client_id: int) -> tuple[tuple[str, str, str], ...]:
    if found is None:
        return ()
    href = view.url("progress", client_id=client_id)
    return (
        *(("good", f"ready to sign: {in_a_sentence(STAGE_LABELS[stage])}", f"{href}#{stage.value}") for stage in found.ready),
        *(("warn", f"to measure: {in_a_sentence(STAGE_LABELS[one.stage])}", f"{href}#due") for one in found.due if one.stage is not None),
        *((("warn", "to screen again", f"{href}#due"),) if any(one.stage is None for one in found.due) else ()),
    )


def _stop_row(view: View, one: StopWaiting) -> StopRow:
    href = view.url("referral", client_id=one.client_id, referral_id=one.referral_id)
    return StopRow(one.name, href, one.text, in_words(one.on), one.from_practice, LEVELS[one.level], KINDS[one.level])


@router.get("/clients", name="clients")
def list_page(
    work: Work,
    view: Screenful,
    today: Today,
    query: ShortText = "",
    show: Literal["active", "archived"] = "active",
    after: Annotated[Key | None, Query()] = None,
    before: Annotated[Key | None, Query()] = None,
) -> Response:
    archived = show == "archived"
    try:
        found = clients.list_clients(work, query, PAGE_SIZE, archived=archived, after=after, before=before)
    except Invalid:  # an old address: its place in the list is gone
        found = clients.list_clients(work, query, PAGE_SIZE, archived=archived)
    facts = clients.facts_of(work, found.clients)
    asks = {} if archived else progress.roster(work, [one for one in found.clients if standing(facts[one.id]) is Standing.PLAN], today)
    is_top = not (archived or query or found.start)
    late = progress.to_screen_again(work, today, MOST_DUE) if is_top else progress.ToScreen((), 0)

    def href(**place: int | None) -> str | None:
        if None in place.values():
            return None
        words = {"query": query, "show": show if archived else "", **place}
        return view.url("clients") + "?" + urlencode({name: value for name, value in words.items() if value})

    return view.show(
        ClientsPage(
            shell=view.shell,
            stops=tuple(_stop_row(view, one) for one in progress.waiting_stops(work)) if is_top else (),
            due=tuple((name, view.url("client", client_id=client_id), in_words(since)) for client_id, name, since in late.clients),
            due_total=late.total,
            rows=tuple(_row(client, facts[client.id], _flags(view, asks.get(client.id), client.id)) for client in found.clients),
            query=query,
            archived=archived,
            active_total=clients.count_clients(work, archived=False),
            archived_total=clients.count_clients(work, archived=True),
            total=found.total,
            page=-(-found.start // PAGE_SIZE) + 1,
            pages=max(-(-found.start // PAGE_SIZE) + -(-(found.total - found.start) // PAGE_SIZE), 1),
            previous_href=href(before=found.before),
            next_href=href(after=found.after),
        )
    )


# --- adding and changing --------------------------------------------------------------------------------------------

Unit = Literal["kg", "lb"]


class ClientForm(BaseModel):
    name: Name
    birth_year: int
    sex: Sex
    body_weight: Decimal | None = None
    weight_unit: Unit = "kg"
    """As it stood beside the field when the number was typed."""
    email: ShortText | None = None
    phone: ShortText | None = None
    goals: SafeText = ""

    def fields(self) -> ClientFields:
        return ClientFields(
            name=self.name,
            birth_year=self.birth_year,
            sex=self.sex,
            body_weight_kg=self.body_weight if self.body_weight is None or self.weight_unit == "kg" else self.body_weight * POUND.per_unit,
            email=self.email,
            phone=self.phone,
            goals=self.goals,
        )


class ConsentForm(BaseModel):
    consented_on: Day
    how: How


@dataclass(frozen=True, kw_only=True)
class NewClientPage(Page):
    template: ClassVar[str] = "clients/new.html"
    form: Form
    weight_unit: Unit
    sexes: tuple[tuple[str, str], ...] = SEXES
    hows: tuple[tuple[str, str], ...] = HOWS
    consent: tuple[str, ...] = tuple(CONSENT_TEXT.split("\n\n"))
    version: str = CONSENT_VERSION


@dataclass(frozen=True, kw_only=True)
class EditClientPage(Page):
    template: ClassVar[str] = "clients/edit.html"
    client: Client
    form: Form
    weight_unit: Unit
    sexes: tuple[tuple[str, str], ...] = SEXES


def _unit(work: Work) -> Unit:
    return "lb" if work.actor.units == "imperial" else "kg"


def _weight(kilograms: float | None, unit: Unit) -> str | None:
    if kilograms is None:
        return None
    return number(round(kilograms if unit == "kg" else kilograms / POUND.per_unit, 1 if unit == "lb" else 2))


def _typed_unit(work: Work, form: Form) -> Unit:
    return "lb" if form.value("weight_unit", _unit(work)) == "lb" else "kg"


def _read(form: Form, today: date, *, consented: bool = False) -> tuple[ClientForm, ConsentForm | None]:
    """A profile, perhaps with a consent; raises Invalid with all that is wrong, so that nobody mends it in two rounds."""
    errors: list[FieldError] = []
    typed, agreed = _all_that_is_read(form, ClientForm, errors), _all_that_is_read(form, ConsentForm, errors) if consented else None
    if typed is not None and (agreed is not None or not consented):
        return typed, agreed
    # What can't be read stands here as if it were in order, and the rest is looked at all the same.
    fine = {"name": "-", "birth_year": str(today.year - 40), "sex": Sex.UNSPECIFIED.value}
    rest = Form({**form.fields, **{error.field: (fine.get(error.field, ""),) for error in errors}})
    try:
        clients.check(rest.read(ClientForm).fields(), today, consented_on=agreed.consented_on if agreed else None)
    except Invalid as refusal:
        errors += refusal.errors
    raise Invalid(*errors)


def _all_that_is_read(form: Form, model: type[Model], errors: list[FieldError]) -> Model | None:
    try:
        return form.read(model)
    except Invalid as refusal:
        errors += refusal.errors
        return None


def _beside_fields(form: Form, refusal: Invalid) -> Form:
    """The use case's objections, at the names that the form's fields have, in the order of the page."""
    names = {"body_weight_kg": "body_weight"}
    found = [FieldError(names.get(error.field, error.field), error.message) for error in refusal.errors]
    return form.with_errors(sorted(found, key=lambda error: _ORDER.index(error.field) if error.field in _ORDER else 0))


_ORDER: Final = (*ClientForm.model_fields, *ConsentForm.model_fields)


@router.get("/clients/new")
def new_client(work: Work, view: Screenful, today: Today) -> Response:
    clients.count_clients(work, archived=False)
    form = Form.of(consented_on=today.isoformat())
    return view.show(NewClientPage(shell=view.shell, form=form, weight_unit=_unit(work)))


@router.post("/clients")
def add_client(work: Work, view: Screenful, form: Typed, at: Now, today: Today) -> Response:
    try:
        typed, agreed = _read(form, today, consented=bool(form.value("agreed")))
        client = clients.add_client(
            work,
            typed.fields(),
            at,
            today,
            consented_on=agreed.consented_on if agreed else None,
            how=agreed.how.value if agreed else How.SIGNED,
        )
    except Invalid as refusal:
        return view.again(NewClientPage(shell=view.shell, form=_beside_fields(form, refusal), weight_unit=_typed_unit(work, form)))
    return view.to("client", client_id=client.id, said="client-added")


@router.get("/clients/{client_id}/edit")
def edit_client(work: Work, view: Screenful, client_id: Key) -> Response:
    client = clients.trained_client(work, client_id)
    clients.check_open(client)
    unit = _unit(work)
    form = Form.of(
        name=client.name,
        birth_year=client.birth_year,
        sex=client.sex,
        body_weight=_weight(client.body_weight_kg, unit),
        email=client.email,
        phone=client.phone,
        goals=client.goals,
    )
    return view.show(EditClientPage(shell=view.shell, client=client, form=form, weight_unit=unit))


@router.post("/clients/{client_id}/edit")
def save_client(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    client = clients.trained_client(work, client_id)
    try:
        clients.save_client(work, client_id, _read(form, today)[0].fields(), at, today)
    except Invalid as refusal:
        kept = _beside_fields(form, refusal)
        return view.again(EditClientPage(shell=view.shell, client=client, form=kept, weight_unit=_typed_unit(work, form)))
    return view.to("client", client_id=client_id, said="client-saved")


# --- the client's own page ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do now; `posts` makes it a button that sends a form."""

    title: str
    text: str
    label: str
    href: str
    posts: bool = False
    kind: str = ""
    """A kind of banner; blank for a plain card."""


@dataclass(frozen=True, slots=True)
class PastScreen:
    taken_on: str
    href: str
    mended: bool
    plans: tuple[tuple[int, str], ...]
    """Numbers and addresses, the newest first."""
    referrals: tuple[tuple[str, str], ...]
    """The stops that it led to, or practice under its plans: state in words and address, the newest first."""


@dataclass(frozen=True, slots=True)
class PastConsent:
    given: str
    how: str
    version: str
    withdrawn: str | None


@dataclass(frozen=True, kw_only=True)
class ClientPage(Page):
    template: ClassVar[str] = "clients/client.html"
    client: Client
    emergency: tuple[str, ...]
    """What is said before all else while an emergency waits."""
    born: str
    sex: str | None
    weight: str | None
    step: NextStep
    phone_ends: str | None
    """The day on which a phone is signed out, when that is soon."""
    archived: bool
    can_screen: bool
    screens: tuple[PastScreen, ...]
    drafts: tuple[tuple[str, str], ...]
    """When each was last saved, and its address."""
    consents: tuple[PastConsent, ...]
    consented: bool
    trainers: tuple[User, ...]
    me: int
    form: Form
    colleagues: tuple[tuple[str, str], ...]
    problem: str | None


REFERRAL_WORDS: Final[Mapping[str, str]] = {
    "open": "stopped, waiting for an answer",
    "sent": "stopped, waiting for an answer",
    "answered": "stopped, answered but not decided",
    "not_cleared": "stopped, not cleared for now",
    "cleared": "stopped, answered",
    "withdrawn": "stopped, taken over",
}


def _draft_href(view: View, client: Client, draft_id: int) -> str:
    return view.url("edit_screen", client_id=client.id, screen_id=draft_id)


def _next_step(view: View, shown: Profile, me: Actor) -> NextStep:
    client, facts = shown.client, shown.facts
    match standing(facts):
        case Standing.WITHDRAWN:
            return NextStep(
                "The consent is withdrawn",
                "Practice has stopped and the profile is archived. Everything stays readable; a new consent brings it back.",
                "Record a new consent",
                view.url("consent", client_id=client.id),
                kind="warn",
            )
        case Standing.ARCHIVED:
            return NextStep(
                "This profile is archived",
                "It can be read, and nothing is lost. Bring it back to go on.",
                "Bring back",
                view.url("restore_client", client_id=client.id),
                posts=True,
                kind="info",
            )
        case Standing.NO_CONSENT:
            return NextStep(
                "First, the consent",
                f"What a screen brings up is health data. Let {client.name} read the text and agree before you ask anything.",
                "Record consent",
                view.url("consent", client_id=client.id),
            )
        case Standing.STOPPED:
            return NextStep(
                "Stopped until a professional has answered",
                "There is no practice meanwhile. The stop says why, whom to see, and takes the answer.",
                "See the stop",
                view.url("plan", client_id=client.id),
                kind="stop",
            )
        case Standing.DRAFT:
            return NextStep(
                "A screen is begun",
                f"Last saved on {in_words(me.local(shown.drafts[0].updated_at).date())}. Nothing is published before you finish it.",
                "Go on with the screen",
                _draft_href(view, client, shown.drafts[0].id),
            )
        case Standing.UNSCREENED:
            return NextStep(
                "Ready for the first screen",
                "About half an hour: a talk, then the tests. It is saved as you type.",
                "Screen now",
                view.url("new_screen", client_id=client.id),
                posts=True,
            )
        case Standing.CLEARED:
            return NextStep(
                "The answer is in: now the screen",
                "The last screen stopped before it was complete, so there is no plan yet.",
                "Screen now",
                view.url("new_screen", client_id=client.id),
                posts=True,
            )
        case Standing.PLAN:
            return NextStep(
                f"Plan {facts.plan_number} is in force",
                f"Made from the screen of {in_words(facts.taken_on)}." if facts.taken_on else "",
                "Open the plan",
                view.url("plan", client_id=client.id),
            )


def _past_screens(view: View, shown: Profile) -> tuple[PastScreen, ...]:
    client = shown.client
    mended = {screen.supersedes_id for screen in shown.screens}
    return tuple(
        PastScreen(
            taken_on=in_words(screen.taken_on),
            href=view.url("screen", client_id=client.id, screen_id=screen.id),
            mended=screen.id in mended,
            plans=tuple(
                (plan.number, view.url("numbered_plan", client_id=client.id, number=plan.number))
                for plan in shown.plans
                if plan.screen_id == screen.id
            ),
            referrals=tuple(
                (
                    f"{'in practice: ' if found.source == 'practice' else ''}{REFERRAL_WORDS[found.state]}",
                    view.url("referral", client_id=client.id, referral_id=found.id),
                )
                for found in shown.referrals
                if found.screen_id == screen.id
            ),
        )
        for screen in shown.screens
    )


def _past_consent(consent: Consent, me: Actor) -> PastConsent:
    withdrawn = in_words(me.local(consent.withdrawn_at).date()) if consent.withdrawn_at else None
    return PastConsent(in_words(consent.consented_on), consent.how, consent.version, withdrawn)


def _client_page(work: Work, view: View, client_id: int, at: datetime, form: Form | None = None, problem: str | None = None) -> ClientPage:
    shown = clients.profile(work, client_id)
    ends = access.ends_soon(work, shown.client, at)
    client, facts, unit = shown.client, shown.facts, _unit(work)
    weight = _weight(client.body_weight_kg, unit)
    emergency = emergency_words(
        is_one=not facts.is_archived and any(one.waits and one.status == Status.EMERGENCY.value for one in shown.referrals)
    )
    return ClientPage(
        # In an emergency nothing stands before what to do.
        shell=replace(view.shell, flash=None) if emergency else view.shell,
        client=client,
        emergency=emergency,
        born=f"born {client.birth_year}",
        sex=None if client.sex == Sex.UNSPECIFIED.value else client.sex,
        weight=f"{weight} {unit}" if weight else None,
        step=_next_step(view, shown, work.actor),
        phone_ends=None if ends is None or facts.is_archived else day_in_words(work.actor.local(ends).date()),
        archived=facts.is_archived,
        can_screen=standing(facts) in (Standing.PLAN, Standing.STOPPED),
        screens=_past_screens(view, shown),
        drafts=tuple((moment_in_words(work.actor.local(draft.updated_at)), _draft_href(view, client, draft.id)) for draft in shown.drafts),
        consents=tuple(_past_consent(consent, work.actor) for consent in shown.consents),
        consented=bool(facts.consented),
        trainers=shown.trainers,
        me=work.actor.user_id,
        form=form or Form(),
        colleagues=tuple((str(user.id), user.name) for user in shown.colleagues),
        problem=problem,
    )


@router.get("/clients/{client_id}", name="client")
def client_page(work: Work, view: Screenful, client_id: Key, at: Now) -> Response:
    return view.show(_client_page(work, view, client_id, at))


@router.post("/clients/{client_id}/archive")
def archive_client(work: Work, view: Screenful, client_id: Key, at: Now) -> Response:
    clients.archive_client(work, client_id, at)
    return view.to("client", client_id=client_id, said="client-archived")


@router.post("/clients/{client_id}/restore")
def restore_client(work: Work, view: Screenful, client_id: Key, at: Now) -> Response:
    try:
        clients.restore_client(work, client_id, at)
    except Conflict as refusal:
        return view.again(_client_page(work, view, client_id, at, problem=str(refusal)), 409)
    return view.to("client", client_id=client_id, said="client-restored")


# --- consent --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ConsentPage(Page):
    template: ClassVar[str] = "clients/consent.html"
    client: Client
    consent: tuple[str, ...]
    """The paragraphs of the text that is in force, or of the one to agree to."""
    version: str
    in_force: PastConsent | None
    withdrawn: bool
    form: Form
    hows: tuple[tuple[str, str], ...] = HOWS


def _consent_page(work: Work, view: View, client_id: int, form: Form) -> ConsentPage:
    shown = clients.profile(work, client_id)
    last = shown.consents[0] if shown.consents else None
    current = last if last is not None and last.withdrawn_at is None else None
    return ConsentPage(
        shell=view.shell,
        client=shown.client,
        consent=tuple((current.text if current else CONSENT_TEXT).split("\n\n")),
        version=current.version if current else CONSENT_VERSION,
        in_force=_past_consent(current, work.actor) if current else None,
        withdrawn=last is not None and current is None,
        form=form,
    )


@router.get("/clients/{client_id}/consent")
def consent(work: Work, view: Screenful, client_id: Key, today: Today) -> Response:
    form = Form.of(consented_on=today.isoformat())
    return view.show(_consent_page(work, view, client_id, form))


@router.post("/clients/{client_id}/consent")
def record_consent(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now, today: Today) -> Response:
    clients.trained_client(work, client_id)
    try:
        typed = form.read(ConsentForm)
        clients.record_consent(work, client_id, typed.consented_on, typed.how, at, today)
    except Invalid as refusal:
        return view.again(_consent_page(work, view, client_id, form.refused(refusal)))
    except Conflict as refusal:
        return view.again(_client_page(work, view, client_id, at, problem=str(refusal)), 409)
    return view.to("client", client_id=client_id, said="consent-saved")


@router.post("/clients/{client_id}/consent/withdraw")
def withdraw_consent(work: Work, view: Screenful, client_id: Key, at: Now) -> Response:
    try:
        clients.withdraw_consent(work, client_id, at)
    except Conflict as refusal:
        return view.again(_client_page(work, view, client_id, at, problem=str(refusal)), 409)
    return view.to("client", client_id=client_id, said="consent-withdrawn")


# --- who trains whom ------------------------------------------------------------------------------------------------


class ShareForm(BaseModel):
    colleague: Key


@router.post("/clients/{client_id}/trainers")
def share_client(work: Work, view: Screenful, client_id: Key, form: Typed, at: Now) -> Response:
    clients.trained_client(work, client_id)
    try:
        clients.share_client(work, client_id, form.read(ShareForm).colleague, at)
    except Invalid as refusal:
        return view.again(_client_page(work, view, client_id, at, form.refused(refusal)))
    except Conflict as refusal:
        return view.again(_client_page(work, view, client_id, at, problem=str(refusal)), 409)
    return view.to("client", client_id=client_id, said="client-shared")


@router.post("/clients/{client_id}/trainers/{user_id}/stop")
def stop_sharing(work: Work, view: Screenful, client_id: Key, user_id: Key, at: Now) -> Response:
    try:
        clients.stop_sharing(work, client_id, user_id, at)
    except Conflict as refusal:
        return view.again(_client_page(work, view, client_id, at, problem=str(refusal)), 409)
    if user_id == work.actor.user_id:
        return view.to("clients", said="client-handed-over")
    return view.to("client", client_id=client_id, said="client-unshared")
