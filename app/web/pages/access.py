"""Pages that give a client's phone access: the link with its code, her devices, and what the link opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import segno
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.errors import Conflict, NotFound
from app.services import access as phones
from app.services.accounts import PHONE_DAYS
from app.web.deps import Config, Now, Outside, Whoever, Work
from app.web.page import Page, Screenful
from app.web.pages.accounts import device, keep_cookie
from app.web.schemas import Key

router = APIRouter(include_in_schema=False)


# --- for the trainer ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Device:
    """One device that is signed in, when it was last seen, in the studio's time, and the day on which it is signed out."""

    id: int
    label: str
    seen: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class AccessPage(Page):
    template: ClassVar[str] = "practice/access.html"
    client_id: int
    name: str
    devices: tuple[Device, ...]
    open_until: str | None
    """Until when the last link can still be opened; None when there is none."""
    is_archived: bool
    only_here: bool
    needs_https: bool


@dataclass(frozen=True, kw_only=True)
class AccessLinkPage(Page):
    """Shows a link once: of its token only a digest is kept, so this page answers the POST itself."""

    template: ClassVar[str] = "practice/access_link.html"
    client_id: int
    name: str
    link: str
    code: Markup
    """The link as a picture that a phone's camera reads."""
    until: str
    only_here: bool


@router.get("/clients/{client_id}/access")
def access(work: Work, view: Screenful, client_id: Key, config: Config, at: Now) -> Response:
    found = phones.access(work, client_id, at)
    me, settings = work.actor, config.settings
    return view.show(
        AccessPage(
            shell=view.shell,
            client_id=found.client.id,
            name=found.client.name,
            devices=tuple(
                Device(one.id, one.label, f"{me.local(one.seen_at):%d %b, %H:%M}", f"{me.local(one.ends_at):%d %b}")
                for one in found.devices
            ),
            open_until=f"{me.local(found.open_until):%H:%M}" if found.open_until else None,
            is_archived=found.client.archived_at is not None,
            only_here=settings.is_loopback,
            needs_https=not (settings.is_https or settings.is_loopback),
        )
    )


@router.post("/clients/{client_id}/access")
def make_access_link(work: Work, view: Screenful, client_id: Key, config: Config, at: Now) -> Response:
    client, token = phones.make_link(work, client_id, at)
    link = config.settings.public_url + view.url("welcome", token=token)
    code = Markup(segno.make(link, error="m", micro=False).svg_inline(omitsize=True, border=2))  # noqa: S704 - drawn here, not typed
    return view.show(
        AccessLinkPage(
            shell=view.shell,
            client_id=client.id,
            name=client.name,
            link=link,
            code=code,
            until=f"{work.actor.local(at + phones.LINK_LASTS):%H:%M}",
            only_here=config.settings.is_loopback,
        )
    )


@router.post("/clients/{client_id}/access/end-link")
def end_access_link(work: Work, view: Screenful, client_id: Key, at: Now) -> Response:
    phones.end_link(work, client_id, at)
    return view.to("access", client_id=client_id, said="link-ended")


@router.post("/clients/{client_id}/devices/{session_id}/end")
def end_device(work: Work, view: Screenful, client_id: Key, session_id: Key, at: Now) -> Response:
    phones.end_device(work, client_id, session_id, at)
    return view.to("access", client_id=client_id, said="device-ended")


# --- for the phone --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class WelcomePage(Page):
    """What a link opens. Looking at it uses nothing up, since previews of messages look, too."""

    template: ClassVar[str] = "practice/welcome.html"
    name: str | None
    """Whose plan it opens; None when the link is used, taken back, too old or unknown."""
    token: str
    staff: str | None
    """Who is signed in as staff in this browser and so can't open it here."""


def _welcome(view: Screenful, doors: Outside, token: str, at: datetime) -> WelcomePage:
    with doors.reading() as store:
        client = phones.welcome(store, token, at, is_local=doors.is_local)
    staff = view.actor.name if view.actor and view.actor.client_id is None else None
    return WelcomePage(shell=view.shell, name=client.name if client else None, token=token, staff=staff)


@router.get("/welcome/{token}")
def welcome(doors: Outside, view: Screenful, token: str, at: Now) -> Response:
    page = _welcome(view, doors, token, at)
    return view.show(page, 200 if page.name else 404)


@router.post("/welcome/{token}")
def welcome_post(request: Request, doors: Outside, view: Screenful, who: Whoever, token: str, config: Config, at: Now) -> Response:
    label = device(request.headers.get("user-agent", ""))
    try:
        with doors.writing() as store:
            session = phones.open_link(store, token, label, at, who=who, is_local=doors.is_local)
    except Conflict:
        return view.show(_welcome(view, doors, token, at), 409)
    except NotFound:
        return view.show(_welcome(view, doors, token, at), 404)
    response = view.to("my_today", said="phone-signed-in")
    keep_cookie(response, config.settings, session, PHONE_DAYS)
    return response
