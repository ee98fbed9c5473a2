"""What a handler may ask for, by type: the store with its transaction, the time, today, a form.

Handlers are plain functions and run in a thread; these are async, which spares each of them the way there and back. The one page that is
looked at all day goes the quickest way by itself, through `reading`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, ParamSpec, TypeVar

from anyio import CancelScope
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from app.errors import Busy, NotSignedIn
from app.services.accounts import SignedIn, actor_of_cookie, actor_of_token, mark_seen
from app.settings import Settings
from app.store import Database, Store
from app.store.scope import Actor
from app.web.security import SAFE, bearer, cookie_name, is_api, is_local

P = ParamSpec("P")
R = TypeVar("R")
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


async def whoever(request: Request) -> Actor | None:
    """Who is signed in, looked up once in a session of its own; None for nobody. A program's token opens no page."""
    if hasattr(request.state, "actor"):
        known: Actor | None = request.state.actor
        return known
    around, at = surroundings(request), now(request)
    found = await reading(around, _look_up, request, at)
    if found is not None and found.is_stale and found.actor.session_id is not None:
        await run_in_threadpool(_mark_seen, around, found.actor.session_id, at)
    request.state.actor = found.actor if found else None
    return found.actor if found else None


async def reading(around: Surroundings, read: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Read right here where that is quicker than the way to a thread and back, else in a thread."""
    if around.database.reads_at_once:
        return read(*args, **kwargs)
    return await run_in_threadpool(read, *args, **kwargs)


def _look_up(request: Request, at: datetime) -> SignedIn | None:
    around = surroundings(request)
    local = is_local(request.scope, around.settings)
    token, cookie = bearer(request.headers), request.cookies.get(cookie_name(around.settings))
    if token is not None and not is_api(request.scope):
        return None
    if not token and not cookie:
        return None
    with around.database.work(writes=False) as store:
        if token is not None:
            return actor_of_token(store, token, at, is_local=local)
        return actor_of_cookie(store, cookie or "", at, is_local=local)


def _mark_seen(around: Surroundings, session_id: int, at: datetime) -> None:
    with suppress(Busy), around.database.work(writes=True) as store:  # the next request will do
        mark_seen(store, session_id, at)


async def signed_in(actor: Annotated[Actor | None, Depends(whoever)]) -> None:
    """Refuse a program that nobody stands behind before its body is looked at."""
    if actor is None:
        raise NotSignedIn


async def unit_of_work(request: Request, actor: Annotated[Actor | None, Depends(whoever)]) -> AsyncIterator[Store]:
    """One request, one transaction: returning commits, raising rolls back, and only then does the answer leave.

    Beginning it does not touch the database yet, ending it does.
    """
    around, writes = surroundings(request), request.method not in SAFE
    work = around.database.work(actor, writes=writes)
    store = work.__enter__()
    try:
        yield store
    except BaseException as error:
        with CancelScope(shield=True):  # a request that is given up still hands its connection back
            await run_in_threadpool(work.__exit__, type(error), error, error.__traceback__)
        raise
    if getattr(request.state, "refused", False):
        await run_in_threadpool(store.undo)
    if writes:
        await run_in_threadpool(work.__exit__, None, None, None)
    else:
        await reading(around, work.__exit__, None, None, None)


async def moment(request: Request) -> datetime:
    return now(request)


async def config(request: Request) -> Surroundings:
    return surroundings(request)


async def studio_day(actor: Annotated[Actor | None, Depends(whoever)], at: Annotated[datetime, Depends(moment)]) -> date:
    """The studio's today."""
    return (actor.local(at) if actor else at.astimezone(UTC)).date()


@dataclass(frozen=True, slots=True)
class Doors:
    """Transactions of nobody, or of `who` is signed in, for the few handlers that need more than one or none."""

    around: Surroundings
    is_local: bool

    def reading(self, who: Actor | None = None) -> AbstractContextManager[Store]:
        return self.around.database.work(who, writes=False)

    def writing(self, who: Actor | None = None) -> AbstractContextManager[Store]:
        return self.around.database.work(who, writes=True)


async def doors(request: Request) -> Doors:
    around = surroundings(request)
    return Doors(around, is_local(request.scope, around.settings))


Work = Annotated[Store, Depends(unit_of_work, scope="function")]
Whoever = Annotated[Actor | None, Depends(whoever)]
Now = Annotated[datetime, Depends(moment)]
Today = Annotated[date, Depends(studio_day)]
Config = Annotated[Surroundings, Depends(config)]
Outside = Annotated[Doors, Depends(doors)]
