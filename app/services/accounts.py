"""Signing in and out, passwords, the people of a studio, and tokens for programs."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from app.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound, NotSignedIn
from app.models import AccessLink, ApiToken, AuthSession, Client, ResetLink, Role, Studio, User
from app.services import EVERYONE, STAFF, imports, only
from app.services.drafts import DRAFT_DAYS
from app.services.passwords import PasswordHash, hash_new, matches
from app.store import Store
from app.store.accounts import actor_of, digest, stamp
from app.store.scope import Actor

IDLE = timedelta(minutes=60)
LONGEST_DAY = timedelta(hours=12)
PHONE_DAYS = timedelta(days=30)
ENDS_SOON = timedelta(days=7)
"""How long before a phone is signed out it is said."""
RESET_HOURS = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=1)
FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=15)
NO_MATCH = "That e-mail and password don't match, or there were too many tries: check both, wait a minute, and try again."
NOT_YOURS = "That is not your password now."

STAFF_ROLES = frozenset({Role.TRAINER, Role.ADMIN})


# --- signing in -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Try:
    """A counted try to sign in; the password is checked after its transaction has ended, since that takes a while."""

    user_id: int | None
    password_hash: str | None
    may_try: bool


def count_try(store: Store, email: str, at: datetime, *, is_local: bool) -> Try:
    """Count a try before the password is looked at, so that many at once are no way around the delay."""
    user = store.accounts.by_email(email, hold=True)
    if user is None or user.left_at is not None or user.password_hash is None:
        return Try(None, None, may_try=False)
    studio = store.accounts.studio_of(user)
    if studio.is_demo and not is_local:
        return Try(None, None, may_try=False)
    if user.wait_until is not None and at < user.wait_until:
        return Try(user.id, None, may_try=False)
    user.wrong_tries += 1
    if user.wrong_tries > FREE_TRIES:
        seconds = 2 ** min(user.wrong_tries - FREE_TRIES, 10)
        user.wait_until = at + min(timedelta(seconds=seconds), LONGEST_WAIT)
    return Try(user.id, user.password_hash, may_try=True)


def is_right(attempt: Try, password: str) -> bool:
    return matches(attempt.password_hash, password) and attempt.may_try


def sign_in(store: Store, attempt: Try, label: str, at: datetime, *, who: Actor | None = None) -> str:
    """Start a session for somebody whose password was right, and return its token.

    `who` is signed in on this browser already: this session ends.
    """
    if attempt.user_id is None:
        raise NotSignedIn
    user = store.accounts.user(attempt.user_id)
    if user.left_at is not None or user.password_hash != attempt.password_hash:
        raise NotSignedIn
    user.wrong_tries, user.wait_until = 0, None
    end_former(store, who, at)
    token = secrets.token_urlsafe(32)
    session = AuthSession(
        studio_id=user.studio_id,
        user_id=user.id,
        client_id=None,
        kind="staff",
        token_hash=digest(token),
        label=label,
        created_at=at,
        seen_at=at,
        ends_at=at + LONGEST_DAY,
    )
    store.accounts.add(session)
    store.audit.note(at, "signed in", "session", session.id, user.studio_id, user.id)
    # Nobody works for longer than a day without passing here, so that no studio's forgotten drafts stay.
    store.screens.discard_older(at - DRAFT_DAYS)
    return token


def end_former(store: Store, who: Actor | None, at: datetime) -> None:
    """End the session of a browser whose cookie is about to be another one's: it could not be signed out any more."""
    if who is not None and who.session_id is not None:
        store.accounts.auth_session(who.session_id).ended_at = at


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a cookie or a token opens; `is_stale` asks for its last-seen time to be written."""

    actor: Actor
    is_stale: bool = False


def actor_of_cookie(store: Store, token: str, at: datetime, *, is_local: bool) -> SignedIn | None:
    found = store.accounts.sign_in_of(token)
    if found is None:
        return None
    if found.ended_at is not None or at >= found.ends_at or found.left_at is not None:
        return None
    if found.kind == "staff" and at >= found.seen_at + IDLE:
        return None
    if found.actor.is_demo and not is_local:
        return None
    return SignedIn(found.actor, is_stale=at >= found.seen_at + SEEN_EVERY)


def mark_seen(store: Store, session_id: int, at: datetime) -> None:
    store.accounts.auth_session(session_id).seen_at = at


def actor_of_token(store: Store, token: str, at: datetime, *, is_local: bool) -> SignedIn | None:
    found = store.accounts.token_of(token)
    if found is None:
        return None
    row, user, studio, client = found
    if row.revoked_at is not None or at >= row.ends_at or user.left_at is not None or row.stamp != stamp(user):
        return None
    if studio.is_demo and not is_local:
        return None
    if Role.CLIENT in user.roles and client is None:
        return None
    return SignedIn(actor_of(user, studio, client))


@only(*EVERYONE)
def sign_out(store: Store, at: datetime) -> None:
    """End this session."""
    session_id = store.actor.session_id
    if session_id is not None:
        store.accounts.auth_session(session_id).ended_at = at
        store.audit.note(at, "signed out", "session", session_id)


@only(*EVERYONE)
def sign_out_everywhere(store: Store, at: datetime) -> None:
    """End every session of whoever is signed in, this one too."""
    user = store.accounts.user(store.actor.user_id)
    store.accounts.end_sessions(user, at)
    store.audit.note(at, "signed out everywhere", "user", user.id)


# --- one's own account ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnAccount:
    user: User
    sessions: tuple[AuthSession, ...]


@only(*STAFF)
def own_account(store: Store, at: datetime) -> OwnAccount:
    user = store.accounts.user(store.actor.user_id)
    return OwnAccount(user, tuple(store.accounts.sessions_of(user, at)))


@only(*STAFF)
def set_units(store: Store, units: str, at: datetime) -> None:
    """Show and read lengths and weights in metric or imperial units; what is stored stays SI."""
    if units not in ("metric", "imperial"):
        raise Invalid(FieldError("units", "Choose metric or imperial."))
    store.accounts.user(store.actor.user_id).units = units
    store.audit.note(at, "set units", "user", store.actor.user_id)


@dataclass(frozen=True, slots=True)
class NewPassword:
    """The hash of a password that takes the place of the one with the `former` hash."""

    former: str | None
    hashed: PasswordHash


def new_password(user: User, old: str, new: str) -> NewPassword:
    """A password that somebody may change to, since she knows her old one; worked out before the transaction that changes it."""
    if not matches(user.password_hash, old):
        raise Invalid(FieldError("old_password", NOT_YOURS))
    return NewPassword(user.password_hash, hash_new(new))


@only(*STAFF)
def change_password(store: Store, new: NewPassword, at: datetime) -> None:
    """Replace one's own password; everywhere else one is signed out."""
    user = store.accounts.user(store.actor.user_id)
    if user.password_hash != new.former:
        raise Invalid(FieldError("old_password", NOT_YOURS))
    user.password_hash = new.hashed
    store.accounts.end_sessions(user, at, but=store.actor.session_id)
    store.audit.note(at, "changed password", "user", user.id)


# --- the people of a studio -----------------------------------------------------------------------------------------


def _check_person(name: str, email: str, roles: frozenset[Role]) -> None:
    errors = []
    if not name:
        errors.append(FieldError("name", "Write a name."))
    if "@" not in email.strip("@") or " " in email or len(email) > 254:
        errors.append(FieldError("email", "Write an e-mail address, such as name@studio.example."))
    if not roles or not roles <= STAFF_ROLES:
        errors.append(FieldError("roles", "Choose trainer, admin, or both."))
    if errors:
        raise Invalid(*errors)


def _add_person(store: Store, studio_id: int, name: str, email: str, roles: frozenset[Role], at: datetime) -> User:
    name, email = name.strip(), email.strip().lower()
    _check_person(name, email, roles)
    user = User(studio_id=studio_id, name=name, email=email, roles=roles, created_at=at)
    if not store.accounts.add_person(user):
        raise Invalid(FieldError("email", "Somebody signs in with this address already."))
    return user


def _new_reset_link(store: Store, user: User, made_by: int | None, at: datetime) -> str:
    for link in store.accounts.reset_links_of(user):
        link.used_at = at
    token = secrets.token_urlsafe(32)
    store.accounts.add(
        ResetLink(
            studio_id=user.studio_id, user_id=user.id, made_by=made_by, token_hash=digest(token), ends_at=at + RESET_HOURS, created_at=at
        )
    )
    return token


@only(Role.ADMIN)
def people(store: Store) -> tuple[User, ...]:
    """The studio's staff; those who have left last."""
    return tuple(store.accounts.staff())


def _staff_member(store: Store, user_id: int) -> User:
    user = store.accounts.user(user_id)
    if Role.CLIENT in user.roles:
        raise NotFound
    return user


@only(Role.ADMIN)
def person(store: Store, user_id: int) -> User:
    return _staff_member(store, user_id)


@only(Role.ADMIN)
def add_person(store: Store, name: str, email: str, roles: frozenset[Role], at: datetime) -> tuple[User, str]:
    """Add a trainer or admin; returns also the token of a link with which she sets her password."""
    user = _add_person(store, store.actor.studio_id, name, email, roles, at)
    store.audit.note(at, "added", "user", user.id)
    return user, _new_reset_link(store, user, store.actor.user_id, at)


@only(Role.ADMIN)
def make_reset_link(store: Store, user_id: int, at: datetime) -> tuple[User, str]:
    """A single-use link for a new password, good for a day; a former one ends."""
    user = _staff_member(store, user_id)
    if user.left_at is not None:
        raise Conflict(f"{user.name} has left. Bring her back first.")
    store.audit.note(at, "made reset link for", "user", user.id)
    return user, _new_reset_link(store, user, store.actor.user_id, at)


def _would_strand(store: Store, user: User) -> bool:
    """Whether the studio has no other admin than this one."""
    others = (other for other in store.accounts.staff() if other.id != user.id and other.left_at is None)
    return Role.ADMIN in user.roles and not any(Role.ADMIN in other.roles for other in others)


@only(Role.ADMIN)
def set_roles(store: Store, user_id: int, roles: frozenset[Role], at: datetime) -> User:
    """Change what somebody does here; the last admin stays one. Her tokens end, her sessions carry the new roles."""
    store.accounts.hold_studio()
    user = _staff_member(store, user_id)
    if not roles or not roles <= STAFF_ROLES:
        raise Invalid(FieldError("roles", "Choose trainer, admin, or both."))
    if Role.ADMIN not in roles and _would_strand(store, user):
        raise Conflict(f"{user.name} is the last admin. Make somebody else an admin first.")
    user.roles = roles
    store.audit.note(at, "set roles of", "user", user.id)
    return user


@only(Role.ADMIN)
def leave(store: Store, user_id: int, at: datetime) -> User:
    """Somebody has left: she is signed out everywhere and can't sign in; what she did keeps her name."""
    store.accounts.hold_studio()
    user = _staff_member(store, user_id)
    if _would_strand(store, user):
        raise Conflict(f"{user.name} is the last admin. Make somebody else an admin first.")
    if user.left_at is None:
        user.left_at = at
        store.accounts.end_sessions(user, at)
        store.audit.note(at, "left", "user", user.id)
    return user


@only(Role.ADMIN)
def come_back(store: Store, user_id: int, at: datetime) -> User:
    """Undo that somebody has left."""
    user = _staff_member(store, user_id)
    user.left_at = None
    store.audit.note(at, "came back", "user", user.id)
    return user


# --- a link for a new password --------------------------------------------------------------------------------------


def reset_person(store: Store, token: str, at: datetime, *, is_local: bool) -> User | None:
    """Whose password a link may set now; None when it is used, too old or unknown."""
    link = store.accounts.reset_link(token)
    if link is None or link.used_at is not None or at >= link.ends_at:
        return None
    user = store.accounts.user(link.user_id)
    studio = store.accounts.studio_of(user)
    return None if user.left_at is not None or (studio.is_demo and not is_local) else user


def use_reset_link(store: Store, token: str, hashed: PasswordHash, at: datetime, *, is_local: bool) -> None:
    """Set a new password, of which this is the hash, by a link, once, and sign its person out everywhere."""
    store.accounts.reset_link(token, hold=True)
    user = reset_person(store, token, at, is_local=is_local)
    if user is None:
        raise NotFound("This link was used or is too old. Ask your admin for a new one.")
    for link in store.accounts.reset_links_of(user):
        link.used_at = at
    user.password_hash = hashed
    user.wrong_tries, user.wait_until = 0, None
    store.accounts.end_sessions(user, at)
    store.audit.note(at, "set password by link", "user", user.id, user.studio_id, user.id)


# --- a client's phone -----------------------------------------------------------------------------------------------


def start_phone(store: Store, link: AccessLink, client: Client, label: str, at: datetime) -> str:
    """Consume an access link and sign its client's phone in for 30 days; returns the token."""
    link.used_at = at
    token = secrets.token_urlsafe(32)
    session = AuthSession(
        studio_id=client.studio_id,
        user_id=client.user_id,
        client_id=client.id,
        kind="phone",
        token_hash=digest(token),
        label=label,
        created_at=at,
        seen_at=at,
        ends_at=at + PHONE_DAYS,
    )
    store.accounts.add(session)
    store.audit.note(at, "opened access for", "client", client.id, client.studio_id, client.user_id)
    return token


# --- from the command line ------------------------------------------------------------------------------------------


def add_studio(store: Store, name: str, timezone: str, at: datetime, *, is_demo: bool = False) -> Studio:
    studio = Studio(name=name, timezone=timezone, is_demo=is_demo, created_at=at)
    store.accounts.add(studio)
    imports.stock(store, studio, at)
    return studio


def add_from_shell(
    store: Store, studio_name: str | None, timezone: str, name: str, email: str, roles: frozenset[Role], at: datetime
) -> tuple[User, str]:
    """Add a person from the command line, with a studio of her own if there is none of that name; returns also her link's token."""
    if timezone not in available_timezones():
        raise Invalid(FieldError("timezone", f"There is no time zone {timezone}; write it as Europe/Madrid."))
    studios = [studio for studio in store.accounts.studios() if not studio.is_demo]
    if studio_name is None and len(studios) > 1:
        raise Invalid(FieldError("studio", "There are several studios: say which with --studio."))
    wanted = studio_name or (studios[0].name if studios else "Studio")
    studio = next((studio for studio in studios if studio.name == wanted), None) or add_studio(store, wanted, timezone, at)
    user = _add_person(store, studio.id, name, email, roles, at)
    store.audit.note(at, "added", "user", user.id, studio.id)
    return user, _new_reset_link(store, user, None, at)


def _token_owner(store: Store, email: str) -> User:
    user = store.accounts.by_email(email) or store.clients.user_by_contact(email)
    if user is None or user.left_at is not None:
        raise NotFound(f"Nobody here has the address {email}.")
    return user


def reset_from_shell(store: Store, email: str, at: datetime) -> tuple[User, str]:
    user = _token_owner(store, email)
    if Role.CLIENT in user.roles:
        raise NotAllowed("Clients have no password: their trainer gives them access.")
    store.audit.note(at, "made reset link for", "user", user.id, user.studio_id)
    return user, _new_reset_link(store, user, None, at)


def give_token(store: Store, user: User, days: int, at: datetime) -> str:
    """A token for a program that acts as this person; dead with her account, her roles or her password."""
    token = secrets.token_urlsafe(32)
    row = ApiToken(
        studio_id=user.studio_id,
        user_id=user.id,
        token_hash=digest(token),
        stamp=stamp(user),
        ends_at=at + timedelta(days=days),
        created_at=at,
    )
    store.accounts.add(row)
    store.audit.note(at, "made", "token", row.id, user.studio_id, user.id)
    return token


def make_token(store: Store, email: str, days: int, at: datetime) -> str:
    """A token for whoever has this address."""
    return give_token(store, _token_owner(store, email), days, at)


def tokens_of(store: Store, email: str) -> tuple[ApiToken, ...]:
    return tuple(store.accounts.tokens(_token_owner(store, email)))


def revoke_token(store: Store, token_id: int, at: datetime) -> None:
    token = store.accounts.token(token_id)
    if token.revoked_at is None:
        token.revoked_at = at
        store.audit.note(at, "revoked", "token", token.id, token.studio_id)
