"""The outermost layer of every request: who visits, from which site, how much is sent, and what
browsers may do with the answer. Pure ASGI: nothing is buffered, sockets pass through it too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .answers import Answers
from .forms import host_of
from .office import Office
from .problems import Problem
from .visit import KEY, Visit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
BODY = 64 * 1024
"""Bytes of a request's body, where nothing else is said."""
FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that, browsers send `Origin: null` along with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), browsing-topics=()",
}


class Security:
    """`frame_ancestors`: sites that may show /displays in a frame. `origins`: other names that
    this server is reached by. `bodies`: path prefix -> bytes where more than `BODY` may come."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        office: Office,
        answers: Answers,
        languages: Sequence[str],
        frame_ancestors: Sequence[str] = (),
        origins: Sequence[str] = (),
        bodies: Mapping[str, int] | None = None,
    ) -> None:
        self.app = app
        self._office = office
        self._answers = answers
        self._languages = languages
        self._framed = " ".join(["'self'", *frame_ancestors])
        self._framed_elsewhere = bool(frame_ancestors)
        self._hosts = frozenset(host_of(origin) for origin in origins) - {""}
        self._bodies = dict(bodies or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        visit = scope[KEY] = Visit(scope, self._office, self._languages)
        foreign = visit.bearer is None and self._is_foreign(scope)
        if scope["type"] == "websocket":
            if foreign:
                await send({"type": "websocket.close", "code": 1008})  # before accept: a 403
            else:
                await self.app(scope, receive, send)
            return
        headers = self._headers(scope)
        guarded = _Guarded(self._most(scope["path"]), receive, send, headers)
        try:
            if foreign:
                raise Problem(403, "cross_site")
            guarded.check_length(scope)
            await self.app(scope, guarded.receive, guarded.send)
        except ClientDisconnect:
            return
        except Exception as error:
            # The last wall: the answer is a problem, whatever nobody foresaw.
            if guarded.started:
                raise
            response = self._answers.of(Request(scope), error)
            await response(scope, guarded.receive, guarded.send)

    def _is_foreign(self, scope: Scope) -> bool:
        """Whether another site's page made this unsafe request or opened this socket.

        Every browser of the last years says so in one of these headers; a program that sends
        none of them carries no one else's cookies.
        """
        if scope["type"] == "http" and scope["method"] in SAFE:
            return False
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if site in ("same-origin", "none"):
            return False
        origin = headers.get("origin") or headers.get("referer")
        if origin is None:
            return site is not None
        host = host_of(origin)
        if site is None and host and host == headers.get("host", "").lower():
            return False
        return host not in self._hosts

    def _most(self, path: str) -> int:
        for prefix, most in self._bodies.items():
            if path.startswith(prefix):
                return most
        return BODY

    def _headers(self, scope: Scope) -> dict[str, str]:
        displays = scope["path"].startswith("/displays")
        ancestors = self._framed if displays else "'none'"
        headers = dict(FIXED)
        host = Headers(scope=scope).get("host", "")
        # Browsers of hall TVs don't count a socket to the same host as 'self'.
        sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
        headers["Content-Security-Policy"] = (
            f"default-src 'self'; connect-src 'self'{sockets}; object-src 'none'; "
            f"base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
        )
        if not displays:
            headers["X-Frame-Options"] = "DENY"
        elif not self._framed_elsewhere:
            headers["X-Frame-Options"] = "SAMEORIGIN"
        if scope.get("scheme") == "https":
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return headers


class _Guarded:
    """One request's channels: counts what comes in, dresses what goes out."""

    def __init__(self, most: int, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
        self.started = False
        self._most = most
        self._came = 0
        self._receive = receive
        self._send = send
        self._headers = headers

    def check_length(self, scope: Scope) -> None:
        """Refuse what says that it will be too large. Raises Problem 413."""
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or int(said[:20]) > self._most:
            raise self._too_large()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._came += len(message.get("body", b""))
            if self._came > self._most and not self.started:
                raise self._too_large()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    def _too_large(self) -> Problem:
        return Problem(413, "too_large", headers={"Connection": "close"}, most=self._most)
