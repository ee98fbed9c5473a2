"""A client's phone: the link that signs it in once, and the devices that are signed in."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.errors import Conflict, NotFound
from app.models import AccessLink, AuthSession, Client, Role
from app.services import clients, only
from app.services.accounts import ENDS_SOON, end_former, start_phone
from app.store import Store
from app.store.accounts import digest
from app.store.scope import Actor

LINK_LASTS = timedelta(minutes=10)
NOT_HER_PHONE = "You are signed in as staff in this browser. Open the link on her phone: here it would sign you out of your work."


@dataclass(frozen=True, slots=True)
class Access:
    """Where a client is signed in, newest first, and until when her last link can still be opened."""

    client: Client
    devices: tuple[AuthSession, ...]
    open_until: datetime | None


@only(Role.TRAINER)
def access(store: Store, client_id: int, at: datetime) -> Access:
    client = clients.get_client(store, client_id)
    devices = tuple(one for one in store.accounts.sessions_of(store.accounts.user(client.user_id), at) if one.client_id == client.id)
    ends = [link.ends_at for link in store.accounts.access_links_of(client) if at < link.ends_at]
    return Access(client, devices, max(ends, default=None))


@only(Role.TRAINER)
def ends_soon(store: Store, client: Client, at: datetime) -> datetime | None:
    """When the first of a client's phones is signed out, if that is soon."""
    ends = min((one.ends_at for one in store.accounts.sessions_of(store.accounts.user(client.user_id), at)), default=None)
    return ends if ends is not None and ends - at <= ENDS_SOON else None


@only(Role.TRAINER)
def make_link(store: Store, client_id: int, at: datetime) -> tuple[Client, str]:
    """A link that signs one phone in, once, within ten minutes; a former one ends. Returns its token, which is kept nowhere."""
    client = store.clients.get(client_id)
    store.clients.hold(client)
    clients.check_open(client)
    _end_links(store, client, at)
    token = secrets.token_urlsafe(32)
    link = AccessLink(
        studio_id=client.studio_id,
        client_id=client.id,
        made_by=store.actor.user_id,
        token_hash=digest(token),
        ends_at=at + LINK_LASTS,
        created_at=at,
    )
    store.accounts.add(link)
    store.audit.note(at, "made access link for", "client", client.id)
    return client, token


@only(Role.TRAINER)
def end_link(store: Store, client_id: int, at: datetime) -> None:
    """Take back a link that nobody has opened yet."""
    client = store.clients.get(client_id)
    if _end_links(store, client, at):
        store.audit.note(at, "ended access link of", "client", client.id)


def _end_links(store: Store, client: Client, at: datetime) -> int:
    links = store.accounts.access_links_of(client)
    for link in links:
        link.revoked_at = at
    return len(links)


@only(Role.TRAINER)
def end_device(store: Store, client_id: int, session_id: int, at: datetime) -> None:
    """Sign one of a client's devices out."""
    client = store.clients.get(client_id)
    device = store.accounts.auth_session(session_id)
    if device.client_id != client.id:
        raise NotFound
    if device.ended_at is None:
        device.ended_at = at
        store.audit.note(at, "ended a device of", "client", client.id)


# --- before anybody is signed in ------------------------------------------------------------------------------------


def welcome(store: Store, token: str, at: datetime, *, is_local: bool) -> Client | None:
    """Whose phone a link would sign in now; None when it is used, too old, taken back or unknown. Looking does not use it."""
    found = _openable(store, token, at, is_local=is_local)
    return found[1] if found else None


def _openable(store: Store, token: str, at: datetime, *, is_local: bool, hold: bool = False) -> tuple[AccessLink, Client] | None:
    found = store.accounts.access_link(token, hold=hold)
    if found is None:
        return None
    link, client, studio = found
    is_spent = link.used_at is not None or link.revoked_at is not None or at >= link.ends_at
    return None if is_spent or client.archived_at is not None or (studio.is_demo and not is_local) else (link, client)


def open_link(store: Store, token: str, label: str, at: datetime, *, who: Actor | None, is_local: bool) -> str:
    """Use a link up and sign this phone in; returns its session's token.

    `who` is signed in on this browser already: staff are refused and the link stays whole; a client's former session here ends.
    """
    if who is not None and who.client_id is None:
        raise Conflict(NOT_HER_PHONE)
    found = _openable(store, token, at, is_local=is_local, hold=True)
    if found is None:
        raise NotFound("This link was used, taken back, or is older than ten minutes.")
    end_former(store, who, at)
    return start_phone(store, *found, label, at)
