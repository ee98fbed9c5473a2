"""Refusals as answers: a page for people, problem details for programs."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from traceback import format_tb
from typing import Any, ClassVar
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Busy, Conflict, FieldError, Invalid, NotAllowed, NotFound, NotSignedIn, Refusal, StaleVersion
from app.web.forms import Form, read_form
from app.web.page import Page, View
from app.web.schemas import plain_message
from app.web.security import UPLOADS, is_api

log = logging.getLogger("hinge")

NOT_HERE = NotFound.sentence
LONGEST_NAME = 60
MOST_ERRORS = 100
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    template: ClassVar[str] = "error.html"
    title: str
    sentence: str
    errors: tuple[FieldError, ...]
    next_href: str
    next_label: str


@dataclass(frozen=True, kw_only=True)
class SignInAgain(Page):
    """The session ended while somebody was typing: sign in here, and what was typed is sent again."""

    template: ClassVar[str] = "accounts/sign_in_again.html"
    resume: str
    form: Form


@dataclass(frozen=True, kw_only=True)
class AccessEnded(Page):
    template: ClassVar[str] = "practice/access_ended.html"
    was_sent: bool
    """Whether it answers something that was sent, which is not noted."""


TITLES: Mapping[int, str] = {
    400: "That can't be read",
    401: "Please sign in",
    403: "Not open to you",
    404: "Nothing here",
    405: "Not like that",
    408: "Too slow",
    409: "Not now",
    412: "Changed in the meantime",
    413: "Too much at once",
    422: "Have another look",
    428: "Say which version",
    500: "Our mistake",
    503: "In a moment",
}


def problem(status: int, detail: str, **more: object) -> JSONResponse:
    """Problem details (RFC 9457)."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def page(request: Request, status: int, sentence: str, errors: tuple[FieldError, ...] = ()) -> Response:
    view = View(request, getattr(request.state, "actor", None))
    title = TITLES.get(status) or HTTPStatus(status).phrase
    path = request.url.path
    href, label = (path, "Choose another file") if status == 413 and path in UPLOADS else (view.url("start"), "Go to the start page")
    return view.show(ErrorPage(shell=view.shell, title=title, sentence=sentence, errors=errors, next_href=href, next_label=label), status)


def answer(request: Request, status: int, sentence: str, errors: tuple[FieldError, ...] = (), **more: object) -> Response:
    if is_api(request.scope):
        listed = {"errors": [{"field": error.field, "message": error.message} for error in errors]} if errors or status == 422 else {}
        return problem(status, sentence, **listed, **more)
    return page(request, status, sentence, errors)


def refuse(app: FastAPI) -> Any:
    """An answer from outside the app itself, for the walls."""

    def refusal(scope: Scope, status: int, sentence: str) -> ASGIApp:
        return answer(Request({**scope, "app": app, "state": {}}), status, sentence)

    return refusal


def status_of(refusal: Refusal) -> int:
    match refusal:
        case NotSignedIn():
            return 401
        case NotAllowed():
            return 403
        case NotFound():
            return 404
        case StaleVersion():
            return 412
        case Conflict():
            return 409
        case Invalid():
            return 422
        case Busy():
            return 503
        case _:
            return 400


async def _signed_out(request: Request, refusal: NotSignedIn) -> Response:
    """Programs get 401; a person signs in and comes back, with what she typed."""
    if is_api(request.scope) or "hx-request" in request.headers or request.headers.get("accept") == "application/json":
        return problem(401, str(refusal))
    view = View(request, None)
    if request.url.path.startswith("/my"):
        return view.show(AccessEnded(shell=view.shell, was_sent=request.method not in ("GET", "HEAD")), 401)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(str(request.app.url_path_for("sign_in")) + "?" + _query(path), 303)
    return view.show(SignInAgain(shell=view.shell, resume=path, form=await read_form(request)), 401)


def _query(path: str) -> str:
    return urlencode({"next": path}) if path != "/" else ""


async def _refused(request: Request, error: Refusal) -> Response:
    if isinstance(error, NotSignedIn):
        return await _signed_out(request, error)
    more: dict[str, object] = {}
    if isinstance(error, Conflict) and error.missing:
        more["missing"] = [{"id": missing.id, "text": missing.text} for missing in error.missing]
    refusal = answer(request, status_of(error), str(error), error.errors if isinstance(error, Invalid) else (), **more)
    if isinstance(error, Busy):
        refusal.headers["retry-after"] = "5"
    return refusal


def _field(location: Sequence[int | str]) -> str:
    """The path to a field. The name of one that there is not is the only thing said back, and only when it is one that can be read."""
    parts = (str(part) for part in location if part not in ("body", "query", "header", "path"))
    return ".".join(part if len(part) <= LONGEST_NAME and part.isprintable() else "?" for part in parts)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    """A request that does not fit its types; the input is never echoed. An id that can't be one is simply not there."""
    problems = error.errors()
    if any(one["loc"][0] == "path" for one in problems):
        return answer(request, 404, NOT_HERE)
    listed = tuple(FieldError(_field(one["loc"]), plain_message(one)) for one in problems[:MOST_ERRORS])
    return answer(request, 422, Invalid.sentence, listed)


async def _http(request: Request, error: HTTPException) -> Response:
    sentences = {404: NOT_HERE, 405: "This address does not take that kind of request."}
    refusal = answer(request, error.status_code, sentences.get(error.status_code, "This request can't be read."))
    if error.status_code == 405:
        refusal.headers["allow"] = ", ".join(_taken(request))
    return refusal


def _taken(request: Request) -> tuple[str, ...]:
    """The methods that an address takes; each of its routes by itself knows only its own."""
    routes = request.app.routes
    return tuple(
        method for method in METHODS if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    )


class LastResort:
    """Answers a request that broke, and logs where.

    Nothing goes on to the server, which would log it whole: what a database or a parser says of a failure quotes what it was given.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is the same
            broke_at = _places(error)
        else:
            return
        log.error("a request failed\n%s", broke_at)
        if not has_begun:
            sentence = "Something went wrong here, and nothing was changed. Try again; if it stays, tell whoever runs this."
            await answer(Request(scope), 500, sentence)(scope, receive, send)


def _places(error: BaseException) -> str:
    """The types of an error and of what led to it, each with the lines of code it came through, and without a word of what they say."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    told = [_places(one) for one in (earlier, *within) if one is not None]
    kind = type(error)
    return "\n".join((*told, f"{kind.__module__}.{kind.__qualname__}, from", "".join(format_tb(error.__traceback__))))


def install(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refused)  # type: ignore[arg-type]  # Starlette types a handler by Exception alone
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]  # the same
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]  # the same
