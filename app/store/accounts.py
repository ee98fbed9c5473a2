"""People who sign in, their sessions, reset links and tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import AccessLink, ApiToken, AuthSession, Base, Client, ResetLink, Role, Studio, User
from app.store.scope import Actor


def digest(secret: str) -> str:
    """What is kept of a secret that its owner carries."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def stamp(user: User) -> str:
    """Changes with the password, the roles and the account itself: a token made under one stamp dies with it."""
    return digest("|".join((str(user.id), user.password_hash or "", ",".join(sorted(user.roles)), str(user.left_at))))


def actor_of(user: User, studio: Studio, client: Client | None = None) -> Actor:
    return Actor(
        user_id=user.id,
        studio_id=studio.id,
        name=client.name if client else user.name,
        studio=studio.name,
        timezone=studio.timezone,
        roles=user.roles,
        units=user.units,
        client_id=client.id if client else None,
        is_demo=studio.is_demo,
    )


class SignIn(NamedTuple):
    """Whom a session opens the app for, and what may have ended it."""

    actor: Actor
    kind: str
    seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    left_at: datetime | None


_SIGN_IN = (
    select(
        AuthSession.id,
        AuthSession.kind,
        AuthSession.seen_at,
        AuthSession.ends_at,
        AuthSession.ended_at,
        User.id,
        User.name,
        User.roles,
        User.units,
        User.left_at,
        Studio.id,
        Studio.name,
        Studio.timezone,
        Studio.is_demo,
        AuthSession.client_id,
        Client.name,
    )
    .join(User, User.id == AuthSession.user_id)
    .join(Studio, Studio.id == AuthSession.studio_id)
    .outerjoin(Client, Client.id == AuthSession.client_id)
    .where(AuthSession.token_hash == bindparam("token"))
    .execution_options(kept=True)
)
"""Asked at every request."""


@dataclass(frozen=True, slots=True)
class Accounts:
    session: Session

    def studios(self) -> list[Studio]:
        return list(self.session.scalars(select(Studio).order_by(Studio.id)))

    def studio(self) -> Studio:
        """The actor's own studio, for a narrowed session."""
        return self.session.scalars(select(Studio)).one()

    def studio_of(self, user: User) -> Studio:
        """Where somebody works or trains."""
        return self.session.scalars(select(Studio).where(Studio.id == user.studio_id)).one()

    def hold_studio(self) -> None:
        """Let nobody else change who works in the actor's studio until this transaction ends."""
        self.session.execute(select(Studio.id).with_for_update(key_share=True))

    def user(self, user_id: int) -> User:
        found = self.session.scalar(select(User).where(User.id == user_id))
        if found is None:
            raise NotFound
        return found

    def by_email(self, email: str, *, hold: bool = False) -> User | None:
        """Whoever signs in with this address; `hold` keeps others waiting until this transaction ends."""
        statement = select(User).where(User.email == email.strip().lower())
        return self.session.scalar(statement.with_for_update(key_share=True) if hold else statement)

    def staff(self) -> list[User]:
        people = self.session.scalars(select(User).order_by(User.left_at.is_not(None), User.name, User.id))
        return [user for user in people if Role.CLIENT not in user.roles]

    def sign_in_of(self, token: str) -> SignIn | None:
        """The session that a token opens, ended or not, with whom it is."""
        row = self.session.execute(_SIGN_IN, {"token": digest(token)}).one_or_none()
        if row is None:
            return None
        (
            session_id,
            kind,
            seen_at,
            ends_at,
            ended_at,
            user_id,
            name,
            roles,
            units,
            left_at,
            studio_id,
            studio,
            timezone,
            is_demo,
            client_id,
            hers,
        ) = row
        actor = Actor(
            user_id=user_id,
            studio_id=studio_id,
            name=name if hers is None else hers,
            studio=studio,
            timezone=timezone,
            roles=roles,
            units=units,
            client_id=client_id,
            session_id=session_id,
            ends_at=ends_at,
            is_demo=is_demo,
        )
        return SignIn(actor, kind, seen_at, ends_at, ended_at, left_at)

    def token_of(self, token: str) -> tuple[ApiToken, User, Studio, Client | None] | None:
        row = self.session.execute(
            select(ApiToken, User, Studio, Client)
            .join(User, User.id == ApiToken.user_id)
            .join(Studio, Studio.id == ApiToken.studio_id)
            .outerjoin(Client, Client.user_id == User.id)
            .where(ApiToken.token_hash == digest(token))
        ).one_or_none()
        return None if row is None else (row[0], row[1], row[2], row[3])

    def tokens(self, user: User) -> list[ApiToken]:
        return list(self.session.scalars(select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id)))

    def token(self, token_id: int) -> ApiToken:
        found = self.session.scalar(select(ApiToken).where(ApiToken.id == token_id))
        if found is None:
            raise NotFound
        return found

    def sessions_of(self, user: User, at: datetime) -> list[AuthSession]:
        """Where somebody is signed in now, newest first."""
        return list(
            self.session.scalars(
                select(AuthSession)
                .where(AuthSession.user_id == user.id, AuthSession.ended_at.is_(None), AuthSession.ends_at > at)
                .order_by(AuthSession.id.desc())
            )
        )

    def end_sessions(self, user: User, at: datetime, *, but: int | None = None) -> None:
        """Sign somebody out everywhere, but for one session."""
        self.session.execute(
            update(AuthSession)
            .where(AuthSession.user_id == user.id, AuthSession.ended_at.is_(None), AuthSession.id != (but or 0))
            .values(ended_at=at)
            .execution_options(synchronize_session=False)
        )

    def auth_session(self, session_id: int) -> AuthSession:
        found = self.session.scalar(select(AuthSession).where(AuthSession.id == session_id))
        if found is None:
            raise NotFound
        return found

    def reset_link(self, token: str, *, hold: bool = False) -> ResetLink | None:
        """The link with this token, spent or not; `hold` keeps others waiting until this transaction ends."""
        statement = select(ResetLink).where(ResetLink.token_hash == digest(token))
        return self.session.scalar(statement.with_for_update() if hold else statement)

    def reset_links_of(self, user: User) -> list[ResetLink]:
        return list(self.session.scalars(select(ResetLink).where(ResetLink.user_id == user.id, ResetLink.used_at.is_(None))))

    def access_link(self, token: str, *, hold: bool = False) -> tuple[AccessLink, Client, Studio] | None:
        """The link with this token, spent or not, with its people; `hold` keeps others waiting until this transaction ends."""
        statement = (
            select(AccessLink, Client, Studio)
            .join(Client, Client.id == AccessLink.client_id)
            .join(Studio, Studio.id == AccessLink.studio_id)
            .where(AccessLink.token_hash == digest(token))
        )
        row = self.session.execute(statement.with_for_update(of=AccessLink) if hold else statement).one_or_none()
        return None if row is None else (row[0], row[1], row[2])

    def access_links_of(self, client: Client) -> list[AccessLink]:
        """A client's links that could still be opened but for their age."""
        return list(
            self.session.scalars(
                select(AccessLink).where(AccessLink.client_id == client.id, AccessLink.used_at.is_(None), AccessLink.revoked_at.is_(None))
            )
        )

    def add(self, row: Studio | User | AuthSession | ResetLink | ApiToken | AccessLink) -> None:
        """Insert and give the row its id."""
        self.session.add(row)
        self.session.flush()

    def add_person(self, user: User) -> bool:
        """Insert somebody who signs in; False when her address is taken, perhaps in a studio that this session does not see."""
        try:
            with self.session.begin_nested():
                self.add(user)
        except IntegrityError:
            return False
        return True

    def remove_studios(self, studios: Iterable[Studio]) -> None:
        """Delete studios with every row of theirs, children first."""
        ids = [studio.id for studio in studios]
        entities = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
        for table in reversed(Base.metadata.sorted_tables):
            entity = entities[table]
            whose = Studio.id if entity is Studio else entity.studio_id
            self.session.execute(delete(entity).where(whose.in_(ids)).execution_options(synchronize_session=False))
