"""What a handler may ask for, by type: the store with its transaction, the time, today, a form.

What waits for the database is a plain function and runs in a thread; the rest is async, which spares it the way there and back.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from anyio import CancelScope
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from app.errors import NotSignedIn
from app.services.accounts import SignedIn, actor_of_cookie, actor_of_token, mark_seen
from app.settings import Settings
from app.store import Database, Store
from app.store.scope import Actor
from app.web.security import SAFE, bearer, cookie_name, is_local

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one clock


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the app was made with; lives in `app.state.hinge`."""

    settings: Settings
    database: Database
    clock: Clock


def surroundings(request: Request) -> Surroundings:
    found: Surroundings = request.app.state.hinge
    return found


def now(request: Request) -> datetime:
    """The one place that looks at the clock; a request has one moment."""
    if not hasattr(request.state, "now"):
        request.state.now = surroundings(request).clock()
    moment: datetime = request.state.now
    return moment


def whoever(request: Request) -> Actor | None:
    """Who is signed in, looked up once in a session of its own; None for nobody. A program's token opens no page."""
    if hasattr(request.state, "actor"):
        known: Actor | None = request.state.actor
        return known
    around, at, local = surroundings(request), now(request), is_local(request.headers)
    token = bearer(request.headers)
    is_api = request.url.path.startswith("/api/")
    signed_in: SignedIn | None = None
    if token is not None:
        if is_api:
            with around.database.work(writes=False) as store:
                signed_in = actor_of_token(store, token, at, is_local=local)
    elif cookie := request.cookies.get(cookie_name(around.settings)):
        with around.database.work(writes=False) as store:
            signed_in = actor_of_cookie(store, cookie, at, is_local=local)
        if signed_in is not None and signed_in.is_stale and signed_in.actor.session_id is not None:
            with around.database.work(writes=True) as store:
                mark_seen(store, signed_in.actor.session_id, at)
    request.state.actor = signed_in.actor if signed_in else None
    return signed_in.actor if signed_in else None


async def signed_in(actor: Annotated[Actor | None, Depends(whoever)]) -> None:
    """Refuse a program that nobody stands behind before its body is looked at."""
    if actor is None:
        raise NotSignedIn


async def unit_of_work(request: Request, actor: Annotated[Actor | None, Depends(whoever)]) -> AsyncIterator[Store]:
    """One request, one transaction: returning commits, raising rolls back, and only then does the answer leave.

    Beginning it does not touch the database yet, ending it does, so only the end is sent to a thread.
    """
    work = surroundings(request).database.work(actor, writes=request.method not in SAFE)
    store = work.__enter__()
    try:
        yield store
    except BaseException as error:
        with CancelScope(shield=True):  # a request that is given up still hands its connection back
            await run_in_threadpool(work.__exit__, type(error), error, error.__traceback__)
        raise
    if getattr(request.state, "refused", False):
        await run_in_threadpool(store.undo)
    await run_in_threadpool(work.__exit__, None, None, None)


async def moment(request: Request) -> datetime:
    return now(request)


async def config(request: Request) -> Surroundings:
    return surroundings(request)


async def studio_day(actor: Annotated[Actor | None, Depends(whoever)], at: Annotated[datetime, Depends(moment)]) -> date:
    """The studio's today."""
    return at.astimezone(ZoneInfo(actor.timezone) if actor else ZoneInfo("UTC")).date()


@dataclass(frozen=True, slots=True)
class Doors:
    """Transactions before anybody is signed in, for the few handlers that need more than one or none."""

    around: Surroundings
    is_local: bool

    def reading(self) -> AbstractContextManager[Store]:
        return self.around.database.work(writes=False)

    def writing(self) -> AbstractContextManager[Store]:
        return self.around.database.work(writes=True)

    def store(self, store: Store) -> Store:
        return store


async def doors(request: Request) -> Doors:
    return Doors(surroundings(request), is_local(request.headers))


Work = Annotated[Store, Depends(unit_of_work, scope="function")]
Whoever = Annotated[Actor | None, Depends(whoever)]
Now = Annotated[datetime, Depends(moment)]
Today = Annotated[date, Depends(studio_day)]
Config = Annotated[Surroundings, Depends(config)]
Outside = Annotated[Doors, Depends(doors)]
