"""The outer walls, as small pure ASGI pieces: host, headers, bounded body, same-origin gate, turnstile."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import LOOPBACK, Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORWARDED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})
"""What proxies say beside all that begins with X-Forwarded-."""
UPLOADS = frozenset({"/library/files"})
"""Where a file may be sent, which is larger than a form."""
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def cookie_name(settings: Settings) -> str:
    """Over https the browser itself pins the cookie to this host; over plain http it is only used on this computer."""
    return "__Host-hinge" if settings.is_https else "hinge"


def is_api(scope: Scope) -> bool:
    return str(scope["path"]).startswith("/api/")


def bearer(headers: Headers) -> str | None:
    """The token that a program sent, or None."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def is_local(scope: Scope, settings: Settings) -> bool:
    """Whether a request was made on this computer, to this computer, by no proxy's hand, and this computer is all that we are reached on.

    The host is what the other end says of us, so that the address it really comes from is looked at, too.
    """
    headers, peer = Headers(scope=scope), scope.get("client")
    forwarded = any(name in FORWARDED or name.startswith("x-forwarded-") for name in headers)
    return (
        settings.is_loopback
        and peer is not None
        and peer[0].removeprefix("::ffff:") in LOOPBACK
        and not forwarded
        and hostname(headers) in LOOPBACK
    )


def hostname(headers: Headers) -> str:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


class Walls:
    """What every request meets first: a known host, and on the way out the headers that keep a page to itself."""

    def __init__(self, app: ASGIApp, *, settings: Settings, refuse: Callable[[Scope, int, str], ASGIApp]) -> None:
        self.app = app
        self.refuse = refuse
        self.hosts = LOOPBACK | {settings.host}
        self.is_https = settings.is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                if self.is_https:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        app = self.app
        if hostname(Headers(scope=scope)) not in self.hosts:
            app = self.refuse(scope, 400, "This address is not one that Hinge Coach answers to. Set HINGE_PUBLIC_URL to it.")
        await app(scope, receive, with_headers)


class SameOrigin:
    """The one gate against other sites: an unsafe request that may carry our cookie must come from our own pages."""

    def __init__(self, app: ASGIApp, *, settings: Settings, refuse: Callable[[Scope, int, str], ASGIApp]) -> None:
        self.app = app
        self.refuse = refuse
        self.origin = settings.public_url
        self.cookie = cookie_name(settings)

    def passes(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if scope["method"] in SAFE or bearer(headers) is not None:
            return True
        if is_api(scope) and self.cookie not in cookie_parser(headers.get("cookie", "")):
            return True
        site = headers.get("sec-fetch-site")
        return site in ("same-origin", "none") if site is not None else headers.get("origin") == self.origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and not self.passes(scope):
            app = self.refuse(scope, 403, "This was sent from another site, so nothing was done. Open the page here and try again.")
        await app(scope, receive, send)


class BoundedBody:
    """Read a request's body whole, within a size and a time, before anything inside waits for it."""

    def __init__(self, app: ASGIApp, *, settings: Settings, refuse: Callable[[Scope, int, str], ASGIApp]) -> None:
        self.app = app
        self.refuse = refuse
        self.most = settings.max_body_bytes
        self.most_of_a_file = settings.max_upload_bytes
        self.seconds = settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        is_file = scope["path"] in UPLOADS
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._read(receive, self.most_of_a_file if is_file else self.most)
        except TimeoutError:
            await self.refuse(scope, 408, "The request did not arrive in time.")(scope, receive, send)
            return
        except OverflowError:
            file_size = f"The file is larger than {self.most_of_a_file // 1_000_000} MB."
            await self.refuse(scope, 413, file_size if is_file else "That is more than fits into one request.")(scope, receive, send)
            return
        if body is None:
            return
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self.app(scope, replay, send)

    async def _read(self, receive: Receive, most: int) -> bytes | None:
        """The whole body, or None when the other end went away."""
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise OverflowError
            if not message.get("more_body", False):
                return b"".join(parts)


class Turnstile:
    """Let at most as many requests in as there are database connections, so that none waits for one inside."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.places = asyncio.Semaphore(settings.connections)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        async with self.places:
            await self.app(scope, receive, send)
