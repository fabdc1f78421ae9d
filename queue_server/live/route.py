"""`/live?topic=…&topic=…&as=json|html&epoch=E&after=N`: who may listen to what, decided before
the handshake is answered.

`epoch` and `after` are the cursor: the highest version that the client was sent, in any message.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from .connection import Cursor, Permit
from .hub import Hub
from .protocol import EXTENSION, descriptor_of
from .source import Form

SENTENCES = {
    "no_topic": {
        "id": "Sebutkan paling sedikit satu topik, misalnya topic=zone:aula.",
        "en": "Name at least one topic, for example topic=zone:hall.",
    },
    "too_many_topics": {
        "id": "Paling banyak {most} topik per sambungan; ini {found}.",
        "en": "At most {most} topics a connection; these are {found}.",
    },
    "bad_form": {
        "id": "Isi `as` harus json atau html.",
        "en": "`as` must be json or html.",
    },
    "bad_cursor": {
        "id": "Isi `after` harus satu bilangan bulat mulai 0.",
        "en": "`after` must be one whole number from 0.",
    },
    "unknown_topic": {
        "id": "Topik {topic} tidak ada.",
        "en": "There is no topic {topic}.",
    },
    "no_live_feed": {
        "id": "Server ini dijalankan tanpa siaran langsung: mulai dengan `antrean serve`.",
        "en": "This server runs without the live feed: start it with `antrean serve`.",
    },
    "stopping": {
        "id": "Server sedang berhenti: sambungkan lagi sebentar lagi.",
        "en": "The server is stopping: connect again in a moment.",
    },
}
"""What a refused client is told, in each language, by code."""

_FORMS = {"json", "html"}

_TITLES = {404: "Not Found", 422: "Unprocessable Content", 500: "Internal Server Error"} | {
    401: "Unauthorized",
    403: "Forbidden",
    503: "Service Unavailable",
}

_HEADERS = {401: {"www-authenticate": "Bearer"}, 503: {"retry-after": "2"}}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a handshake is refused: an HTTP status from 400, a stable code, a sentence.

    `field`: the query parameter that is wrong, if one is.
    """

    status: int
    code: str
    detail: str
    field: str | None = None


Authorize = Callable[[WebSocket, list[str]], Awaitable[Refused | Permit | None]]
"""Decides for a handshake and its topics: origin, session or token, role. None lets it in for
good, a permit for as long as it holds."""


class Wanted(NamedTuple):
    """What a client asks for."""

    topics: list[str]
    form: Form
    cursor: Cursor | None


class LiveRoute:
    """The ASGI endpoint: `WebSocketRoute("/live", LiveRoute(hub, authorize))`."""

    def __init__(self, hub: Hub, authorize: Authorize) -> None:
        self._hub = hub
        self._authorize = authorize

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        language = _language(socket)
        wanted = _read(socket.query_params, self._hub.limits.topics_per_connection, language)
        if isinstance(wanted, Wanted):
            decided = await self._decided(socket, wanted.topics, language)
            if not isinstance(decided, Refused):
                await self._join(socket, wanted, decided)
                return
            refused = decided
        else:
            refused = wanted
        if "websocket.http.response" in scope.get("extensions", {}):
            await socket.send_denial_response(_problem(refused))
        else:
            await socket.close()  # 403 without a word: such a server can say no more

    async def _decided(
        self, socket: WebSocket, topics: list[str], language: str
    ) -> Refused | Permit | None:
        """Permission first: who may not ask does not learn what there is."""
        permit = await self._authorize(socket, topics)
        if isinstance(permit, Refused):
            return permit
        if self._hub.closed:
            return _refusal(503, "stopping", language)
        if EXTENSION not in socket.scope.get("extensions", {}):
            return _refusal(500, "no_live_feed", language)
        for topic in topics:
            if not self._hub.source.knows(topic):
                return _refusal(404, "unknown_topic", language, "topic", topic=topic)
        return permit

    async def _join(self, socket: WebSocket, wanted: Wanted, permit: Permit | None) -> None:
        hub = self._hub
        await socket.accept()
        socket.scope["extensions"][EXTENSION].hand_over(
            lambda transport: hub.join(
                transport,
                *wanted,
                answers_pings=True,
                descriptor=descriptor_of(transport),
                permit=permit,
            ),
            hub.limits.write_buffer_bytes,
        )


def _read(query: QueryParams, most: int, language: str) -> Wanted | Refused:
    topics = list(dict.fromkeys(query.getlist("topic")))
    forms = query.getlist("as")
    after = query.getlist("after")
    if not all(topics) or not topics:
        return _refusal(422, "no_topic", language, "topic")
    if len(topics) > most:
        found = str(len(topics))
        return _refusal(422, "too_many_topics", language, "topic", most=str(most), found=found)
    if len(forms) > 1 or not _FORMS.issuperset(forms):
        return _refusal(422, "bad_form", language, "as")
    if len(after) > 1 or not all(map(_is_version, after)):
        return _refusal(422, "bad_cursor", language, "after")
    epoch = query.get("epoch")
    cursor = Cursor(epoch, int(after[0])) if epoch is not None and after else None
    return Wanted(topics, "html" if forms == ["html"] else "json", cursor)


def _is_version(text: str) -> bool:
    # Stricter than int(), which takes spaces, signs, underscores and other scripts' digits.
    return text.isascii() and text.isdigit() and len(text) <= 18


def _refusal(
    status: int, code: str, language: str, field: str | None = None, **words: str
) -> Refused:
    return Refused(status, code, SENTENCES[code][language].format(**words), field)


def _language(socket: WebSocket) -> str:
    wanted = socket.headers.get("accept-language", "")
    return "en" if wanted[:2].lower() == "en" else "id"


def _problem(refused: Refused) -> Response:
    """RFC 9457."""
    body: dict[str, object] = {
        "status": refused.status,
        "title": _TITLES.get(refused.status, "Refused"),
        "detail": refused.detail,
        "code": refused.code,
    }
    if refused.field is not None:
        body["errors"] = [{"field": refused.field, "message": refused.detail}]
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"cache-control": "no-store", "content-type": "application/problem+json"}
    headers |= _HEADERS.get(refused.status, {})
    return Response(content, refused.status, headers)
