"""Pages for signing in and out, one's own account, and the people of a studio."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.responses import RedirectResponse

from app.errors import Conflict, FieldError, Invalid, NotFound, NotSignedIn
from app.models import Role, User
from app.services import accounts
from app.services.accounts import LONGEST_DAY, NO_MATCH, OwnAccount
from app.services.passwords import hash_new
from app.settings import Settings
from app.store.scope import Actor
from app.web.deps import Config, Now, Outside, Whoever, Work
from app.web.errors import SignInAgain
from app.web.forms import Form, Typed
from app.web.page import Page, Screenful, local_path
from app.web.schemas import Key, Name, Secret, ShortText
from app.web.security import cookie_name

router = APIRouter(include_in_schema=False)


# --- signing in and out ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SignIn(Page):
    template: ClassVar[str] = "accounts/sign_in.html"
    form: Form
    next_path: str
    needs_https: bool


class SignInForm(BaseModel):
    sign_in_email: ShortText
    sign_in_password: Secret


def device(user_agent: str) -> str:
    """A browser in words that its owner recognises: "Chrome on Android"."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "CriOS": "Chrome", "Safari/": "Safari"}
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "a Mac", "Linux": "Linux"}
    browser = next((name for mark, name in browsers.items() if mark in user_agent), "A browser")
    system = next((name for mark, name in systems.items() if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser


def keep_cookie(response: Response, settings: Settings, token: str, keep: timedelta) -> None:
    """Hand a browser its session token; over plain http only on this computer itself."""
    if settings.is_https or settings.is_loopback:
        response.set_cookie(
            cookie_name(settings),
            token,
            max_age=int(keep.total_seconds()),
            httponly=True,
            samesite="lax",
            path="/",
            secure=settings.is_https,
        )


def drop_cookie(response: Response, settings: Settings) -> None:
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.is_https, httponly=True, samesite="lax")


@router.get("/")
def start(actor: Whoever, view: Screenful) -> Response:
    """Wherever somebody's work is."""
    if actor is None:
        return view.to("sign_in")
    if actor.client_id is not None:
        return view.to("my_today")
    return view.to("clients" if actor.is_a(Role.TRAINER) else "library")


@router.get("/sign-in")
def sign_in(actor: Whoever, view: Screenful, config: Config, next: str = "/") -> Response:  # noqa: A002 - the address says next
    if actor is not None:
        return RedirectResponse(local_path(next), 303)
    needs_https = not (config.settings.is_https or config.settings.is_loopback)
    return view.show(SignIn(shell=view.shell, form=Form(), next_path=local_path(next), needs_https=needs_https))


@router.post("/sign-in")
def sign_in_post(request: Request, doors: Outside, who: Whoever, view: Screenful, form: Typed, at: Now, config: Config) -> Response:
    """Count the try, check the password, start the session: three steps, so that no transaction waits for the hashing."""
    settings = config.settings
    resume = form.value("resume")
    next_path = local_path(resume or form.value("next_path", "/"))
    try:
        typed = form.read(SignInForm)
        with doors.writing() as store:
            attempt = accounts.count_try(store, typed.sign_in_email, at, is_local=doors.is_local)
        if not accounts.is_right(attempt, typed.sign_in_password):
            raise Invalid(FieldError("sign_in_password", NO_MATCH))
    except Invalid as refusal:
        if resume:
            return view.again(SignInAgain(shell=view.shell, resume=next_path, form=form.refused(refusal)))
        return view.again(SignIn(shell=view.shell, form=form.refused(refusal), next_path=next_path, needs_https=False))
    with doors.writing() as store:
        token = accounts.sign_in(store, attempt, device(request.headers.get("user-agent", "")), at, who=who)
    response = RedirectResponse(next_path, 307 if resume else 303)
    keep_cookie(response, settings, token, LONGEST_DAY)
    return response


@router.post("/sign-out")
def sign_out(work: Work, view: Screenful, config: Config, at: Now) -> Response:
    accounts.sign_out(work, at)
    is_client = work.actor.client_id is not None
    response = view.to("my_today") if is_client else view.to("sign_in", said="signed-out")
    drop_cookie(response, config.settings)
    return response


@router.post("/sign-out-everywhere")
def sign_out_everywhere(work: Work, view: Screenful, config: Config, at: Now) -> Response:
    accounts.sign_out_everywhere(work, at)
    response = view.to("sign_in", said="signed-out-everywhere")
    drop_cookie(response, config.settings)
    return response


# --- one's own account ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    template: ClassVar[str] = "accounts/account.html"
    user: User
    sessions: tuple[tuple[str, str, bool], ...]
    """Device, when it was last seen, and whether it is this one."""
    form: Form


class PasswordForm(BaseModel):
    old_password: Secret
    new_password: Secret


def _account_page(me: Actor, view: Screenful, own: OwnAccount, form: Form) -> AccountPage:
    sessions = tuple((one.label, f"{me.local(one.seen_at):%d %b, %H:%M}", one.id == me.session_id) for one in own.sessions)
    return AccountPage(shell=view.shell, user=own.user, sessions=sessions, form=form)


@router.get("/account")
def account(work: Work, view: Screenful, at: Now) -> Response:
    own = accounts.own_account(work, at)
    return view.show(_account_page(work.actor, view, own, Form.of(units=own.user.units)))


@router.post("/account/password")
def change_password(doors: Outside, who: Whoever, view: Screenful, form: Typed, at: Now) -> Response:
    """Look up, check the old password and hash the new one, change it: three steps, so that no transaction waits for the hashing."""
    if who is None:
        raise NotSignedIn
    with doors.reading(who) as store:
        own = accounts.own_account(store, at)
    try:
        typed = form.read(PasswordForm)
        new = accounts.new_password(own.user, typed.old_password, typed.new_password)
        with doors.writing(who) as store:
            accounts.change_password(store, new, at)
    except Invalid as refusal:
        kept = Form({"units": (own.user.units,)}).refused(refusal)
        return view.again(_account_page(who, view, own, kept))
    return view.to("account", said="password-changed")


@router.post("/account/units")
def set_units(work: Work, view: Screenful, form: Typed, at: Now) -> Response:
    own = accounts.own_account(work, at)
    try:
        accounts.set_units(work, form.value("units"), at)
    except Invalid as refusal:
        return view.again(_account_page(work.actor, view, own, form.refused(refusal)))
    return view.to("account", said="units-saved")


# --- the people of a studio -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StudioPage(Page):
    template: ClassVar[str] = "accounts/studio.html"
    people: tuple[User, ...]


@dataclass(frozen=True, kw_only=True)
class NewPerson(Page):
    template: ClassVar[str] = "accounts/new_person.html"
    form: Form


@dataclass(frozen=True, kw_only=True)
class PersonPage(Page):
    template: ClassVar[str] = "accounts/person.html"
    person: User
    form: Form
    problem: str | None
    is_self: bool


@dataclass(frozen=True, kw_only=True)
class LinkPage(Page):
    """Shows a link once: of its token only a digest is kept, so this page answers the POST itself."""

    template: ClassVar[str] = "accounts/link.html"
    person: User
    link: str


class PersonForm(BaseModel):
    name: Name
    email: ShortText


def _roles(form: Form) -> frozenset[Role]:
    return frozenset(role for role in Role if role.value in form.values("roles"))


def _link_page(view: Screenful, config: Config, user: User, token: str) -> Response:
    link = config.settings.public_url + view.url("reset_password", token=token)
    return view.show(LinkPage(shell=view.shell, person=user, link=link))


@router.get("/studio")
def studio(work: Work, view: Screenful) -> Response:
    return view.show(StudioPage(shell=view.shell, people=accounts.people(work)))


@router.get("/studio/people/new")
def new_person(work: Work, view: Screenful) -> Response:
    accounts.people(work)
    return view.show(NewPerson(shell=view.shell, form=Form.of(roles=Role.TRAINER)))


@router.post("/studio/people")
def add_person(work: Work, view: Screenful, form: Typed, config: Config, at: Now) -> Response:
    try:
        typed = form.read(PersonForm)
        user, token = accounts.add_person(work, typed.name, typed.email, _roles(form), at)
    except Invalid as refusal:
        return view.again(NewPerson(shell=view.shell, form=form.refused(refusal)))
    return _link_page(view, config, user, token)


def _person_page(work: Work, view: Screenful, user_id: int, form: Form | None = None, problem: str | None = None) -> PersonPage:
    user = accounts.person(work, user_id)
    shown = form or Form({"roles": tuple(sorted(user.roles))})
    return PersonPage(shell=view.shell, person=user, form=shown, problem=problem, is_self=user.id == work.actor.user_id)


@router.get("/studio/people/{user_id}")
def person(work: Work, view: Screenful, user_id: Key) -> Response:
    return view.show(_person_page(work, view, user_id))


@router.post("/studio/people/{user_id}/roles")
def set_roles(work: Work, view: Screenful, user_id: Key, form: Typed, at: Now) -> Response:
    try:
        accounts.set_roles(work, user_id, _roles(form), at)
    except Invalid as refusal:
        return view.again(_person_page(work, view, user_id, form.refused(refusal)))
    except Conflict as refusal:
        return view.again(_person_page(work, view, user_id, problem=str(refusal)), 409)
    return view.to("person", user_id=user_id, said="roles-saved")


@router.post("/studio/people/{user_id}/reset-link")
def make_reset_link(work: Work, view: Screenful, user_id: Key, config: Config, at: Now) -> Response:
    user, token = accounts.make_reset_link(work, user_id, at)
    return _link_page(view, config, user, token)


@router.post("/studio/people/{user_id}/leave")
def leave(work: Work, view: Screenful, user_id: Key, at: Now) -> Response:
    try:
        accounts.leave(work, user_id, at)
    except Conflict as refusal:
        return view.again(_person_page(work, view, user_id, problem=str(refusal)), 409)
    return view.to("person", user_id=user_id, said="person-left")


@router.post("/studio/people/{user_id}/come-back")
def come_back(work: Work, view: Screenful, user_id: Key, at: Now) -> Response:
    accounts.come_back(work, user_id, at)
    return view.to("person", user_id=user_id, said="person-back")


# --- a link for a new password --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ResetPage(Page):
    template: ClassVar[str] = "accounts/reset.html"
    name: str | None
    """Whose password it sets; None when the link is used, too old or unknown."""
    form: Form
    token: str


class ResetForm(BaseModel):
    new_password: Secret


@router.get("/reset/{token}")
def reset_password(doors: Outside, view: Screenful, token: str, at: Now) -> Response:
    with doors.reading() as store:
        user = accounts.reset_person(store, token, at, is_local=doors.is_local)
    page = ResetPage(shell=view.shell, name=user.name if user else None, form=Form(), token=token)
    return view.show(page, 200 if user else 404)


@router.post("/reset/{token}")
def reset_password_post(doors: Outside, view: Screenful, token: str, form: Typed, at: Now) -> Response:
    with doors.reading() as store:
        user = accounts.reset_person(store, token, at, is_local=doors.is_local)
    try:
        if user is None:
            raise NotFound
        hashed = hash_new(form.read(ResetForm).new_password)
        with doors.writing() as store:
            accounts.use_reset_link(store, token, hashed, at, is_local=doors.is_local)
    except Invalid as refusal:
        return view.again(ResetPage(shell=view.shell, name=user.name if user else None, form=form.refused(refusal), token=token))
    except NotFound:
        return view.again(ResetPage(shell=view.shell, name=None, form=Form(), token=token), 404)
    return view.to("sign_in", said="password-set")
