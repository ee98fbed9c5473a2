"""Pages: a frozen dataclass each, and the one way in which they become HTML or a redirect."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import URL
from starlette.responses import HTMLResponse, RedirectResponse

from app.models import Role
from app.services.accounts import ENDS_SOON
from app.store.scope import Actor
from app.web.deps import Whoever, now

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"

SAYINGS: Mapping[str, str] = {
    "signed-out": "You are signed out.",
    "signed-out-everywhere": "You are signed out on every device.",
    "password-set": "Your new password is set. Sign in with it.",
    "password-changed": "Your password is changed. Everywhere else you are signed out.",
    "units-saved": "Your units are saved.",
    "roles-saved": "The roles are saved.",
    "person-left": "Marked as left, and signed out everywhere.",
    "person-back": "Back again. Make a reset link if the password is forgotten.",
    "client-added": "Added to your list.",
    "client-shared": "Shared: your colleague sees everything about this client now.",
    "client-unshared": "No longer shared.",
    "client-handed-over": "Handed over: the client is no longer on your list.",
    "client-saved": "The profile is saved.",
    "client-archived": "Archived. Nothing is lost: you can bring the profile back here.",
    "client-restored": "Back on your list.",
    "consent-saved": "The consent is on record.",
    "consent-withdrawn": "The consent is withdrawn: practice has stopped and the profile is archived.",
    "draft-saved": "The draft is saved.",
    "draft-restored": "The draft is back, with everything that was typed.",
    "choices-saved": "Your choices are saved with the draft.",
    "screen-was-finished": "This screen was finished already; nothing was done twice.",
    "screen-finished": "The screen is finished and the plan is published.",
    "screen-stopped": "The screen is finished. It stops here until a professional has answered.",
    "plan-adjusted": "The adjusted plan is published.",
    "clearance-logged": "The clearance is logged.",
    "referral-sent": "Noted: handed over.",
    "referral-answered": "The answer is noted. Nothing is practised until there is a clearance.",
    "referral-back": "Taken back: one step earlier.",
    "link-ended": "The link no longer opens anything.",
    "device-ended": "That device is signed out.",
    "phone-signed-in": "This phone is signed in for 30 days. Nobody needs a password.",
    "ticked-earlier": "A new day has begun: that tick counts for the day before. Here is today.",
    "pain-noted": "Noted. Leave that exercise for today, and tell your trainer.",
    "report-noted": "Noted for your trainer.",
    "skip-noted": "Left out, and noted why.",
    "morning-noted": "Noted: how the morning after was.",
    "pain-stopped": "Reported. Your trainer sees it first of all.",
    "practice-stopped": "Saved. This report stops the plan until a professional has answered.",
    "session-logged": "The session is saved.",
    "stage-signed": "Signed off.",
    "sign-off-taken-back": "The sign-off is taken back. It stays in the history.",
    "check-taken-back": "Taken back. It stays in the history.",
    "event-noted": "Noted. It asks for a screen, unless one was taken since.",
    "event-taken-back": "Taken back.",
    "load-confirmed": "The load is confirmed.",
    "exercise-added": "Added to the library.",
    "exercise-saved": "Saved as a new version. Plans made before keep theirs.",
    "exercise-unchanged": "Nothing was different, so there is no new version.",
    "exercise-archived": "Archived: new plans won't use it. You can bring it back here.",
    "exercise-restored": "Back in the library.",
    "exercise-merged": "Merged: whatever named the duplicate names this one now. The duplicate is archived.",
    "exercise-back": "The earlier text is back, as a new version.",
    "draft-kept": "Kept as a draft. Plans and trainers see nothing of it until you publish.",
    "draft-stays": "Published as you sent it. The draft stays: what it says was saved from somewhere else.",
    "draft-discarded": "The draft is gone.",
    "picture-kept": "The picture is in the draft. Plans and trainers see it when you publish.",
    "update-taken-over": "Taken over from the starter library. Your own words stay where you kept them.",
    "newcomer-added": "Added from the starter library. New plans use it where a rule asks for it.",
    "newcomer-declined": "It stands in the archive. You can bring it back here.",
    "update-turned-down": "Your own wording stays.",
    "library-taken-in": "Taken in, all of it. Plans made before keep what they were made with.",
    "library-file-discarded": "Discarded. The library is as it was.",
}
"""What a page may say after a redirect, by the word in its address."""


@dataclass(frozen=True, slots=True)
class NavLink:
    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """What the layout around every page shows."""

    studio: str | None
    name: str | None
    nav: tuple[NavLink, ...]
    sign_out: bool
    flash: str | None
    is_demo: bool
    account: str | None = None
    """Where somebody keeps her own account; clients have none."""
    theme: str = "auto"
    ends: str | None = None
    """The day on which a client's phone is signed out, when that is soon."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page's template gets exactly the names of its fields."""

    template: ClassVar[str]
    shell: Shell


@lru_cache(maxsize=512)
def _static_version(path: str) -> str:
    return sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def static(path: str) -> str:
    """The address of a static file; it changes with the file, so that a browser may keep it for ever."""
    return f"/static/{path}?v={_static_version(path)}"


def make_environment(app: FastAPI) -> Environment:
    """Templates for one app: strict about names, escaping everything."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.do"],
    )

    environment.globals |= {"url_for": app.state.addresses, "static": static}
    return environment


class Addresses:
    """Addresses by a route's name; each is worked out once, since the app looks through all its routes for one."""

    def __init__(self, app: FastAPI) -> None:
        self._found = lru_cache(maxsize=4096)(lambda name, path: str(app.url_path_for(name, **dict(path))))

    def __call__(self, name: str, /, **path: object) -> str:
        return self._found(name, tuple(path.items()))


def _links(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Where somebody's work is: what the way there is called, and the route's name."""
    if actor.client_id is not None:
        return (("Today", "my_today"), ("My plan", "my_plan"), ("This hurts", "hurts"))
    return (
        *((("Clients", "clients"),) if actor.is_a(Role.TRAINER) else ()),
        ("Library", "library"),
        *((("Studio", "studio"),) if actor.is_a(Role.ADMIN) else ()),
    )


@dataclass(frozen=True, slots=True)
class View:
    """How a handler answers a person: with a page, the same page again, or the way to another one."""

    request: Request
    actor: Actor | None

    @property
    def shell(self) -> Shell:
        actor = self.actor
        return Shell(
            studio=actor.studio if actor else None,
            name=actor.name if actor else None,
            nav=tuple(self._nav_link(label, name) for label, name in _links(actor)) if actor else (),
            sign_out=actor is not None,
            flash=SAYINGS.get(self.request.query_params.get("said", "")),
            is_demo=actor.is_demo if actor else False,
            account=self.url("account") if actor and actor.client_id is None else None,
            ends=_ends_soon(actor, now(self.request)) if actor and actor.client_id is not None else None,
        )

    def _nav_link(self, label: str, name: str) -> NavLink:
        href, path = self.url(name), self.request.url.path
        return NavLink(label, href, current=path == href or path.startswith(href + "/"))

    def html(self, page: Page) -> str:
        environment: Environment = self.request.app.state.templates
        return environment.get_template(page.template).render({field.name: getattr(page, field.name) for field in fields(page)})

    def show(self, page: Page, status: int = 200) -> HTMLResponse:
        return HTMLResponse(self.html(page), status)

    def again(self, page: Page, status: int = 422) -> HTMLResponse:
        """The same form with what was typed and what is wrong; the transaction is rolled back."""
        self.request.state.refused = True
        return self.show(page, status)

    def url(self, name: str, /, **path: object) -> str:
        addresses: Addresses = self.request.app.state.addresses
        return addresses(name, **path)

    def to(
        self, name: str, /, *, said: str | None = None, anchor: str = "", query: Mapping[str, str] | None = None, **path: object
    ) -> RedirectResponse:
        """After a POST: go and see."""
        words = {**(query or {}), **({"said": said} if said else {})}
        address = self.url(name, **path) + (f"?{urlencode(words)}" if words else "") + (f"#{anchor}" if anchor else "")
        return RedirectResponse(address, 303)


async def view(request: Request, actor: Whoever) -> View:
    return View(request, actor)


Screenful = Annotated[View, Depends(view)]


def _ends_soon(actor: Actor, at: datetime) -> str | None:
    soon = actor.ends_at is not None and actor.ends_at - at <= ENDS_SOON
    return day_in_words(actor.local(actor.ends_at).date()) if actor.ends_at is not None and soon else None


def day_in_words(on: date) -> str:
    """A day as it is read out: 22 November 2026."""
    return f"{on.day} {on:%B %Y}"


def moment_in_words(at: datetime) -> str:
    """A moment as it is read out, by its own clock: 22 November 2026, 14:02."""
    return f"{day_in_words(at.date())}, {at:%H:%M}"


def local_path(address: str) -> str:
    """An address as a path on this very site; the start page when it is none."""
    url = URL(address)
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and not url.netloc and "\\" not in address
    return address if is_ours and address.isprintable() else "/"
