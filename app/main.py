"""Makes the app: the one module that knows all others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.store import Database
from app.web import api, errors, pages
from app.web.api import docs
from app.web.deps import Clock, Config, Surroundings, signed_in, utc_now
from app.web.page import STATIC, Addresses, make_environment
from app.web.security import BoundedBody, SameOrigin, Turnstile, Walls

ROUTERS: tuple[APIRouter, ...] = (*pages.ROUTERS, *api.ROUTERS)

health = APIRouter(include_in_schema=False)


@health.api_route("/readyz", methods=["GET", "HEAD"])
def ready(config: Config) -> Response:
    """Whether the database answers."""
    if not config.database.answers():
        return PlainTextResponse("the database does not answer", 503)
    return PlainTextResponse("ready")


class Outside:
    """What is answered without a place at the turnstile: static files and the sign of life."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = StaticFiles(directory=STATIC)
        self.known = frozenset(f"/static/{path.relative_to(STATIC).as_posix()}" for path in STATIC.rglob("*") if path.is_file())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            if scope["path"] == "/healthz":
                await PlainTextResponse("ok")(scope, receive, send)
                return
            if scope["path"] in self.known:
                await self._file(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        keep = "public, max-age=31536000, immutable" if scope.get("query_string") else "no-cache"

        async def with_age(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"cache-control", keep.encode())]  # type: ignore[misc]  # ASGI messages are untyped
            await send(message)

        await self.files({**scope, "path": str(scope["path"]).removeprefix("/static"), "root_path": ""}, receive, with_age)  # type: ignore[arg-type]  # the same


def create_app(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """The app for one database and one clock."""
    database = Database.at(settings.database, connections=settings.connections)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        database.close()

    app = FastAPI(
        title="Hinge Coach",
        description="Guided hip hinge progression. Coaching, not medical advice.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url="/openapi.json",
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False},
    )
    app.state.hinge = Surroundings(settings, database, clock)
    app.state.addresses = Addresses(app)
    app.state.templates = make_environment(app)
    for router in (health, *ROUTERS):
        app.include_router(router, dependencies=[Depends(signed_in)] if router.prefix.startswith("/api/") else [])
    app.openapi = partial(docs.describe, app)  # type: ignore[method-assign]  # how FastAPI says to add to it
    errors.install(app)
    refuse = errors.refuse(app)
    app.user_middleware = [
        Middleware(Walls, settings=settings, refuse=refuse),
        Middleware(errors.LastResort),
        Middleware(Outside),
        Middleware(SameOrigin, settings=settings, refuse=refuse),
        Middleware(BoundedBody, settings=settings, refuse=refuse),
        Middleware(Turnstile, settings=settings),
    ]
    return app
