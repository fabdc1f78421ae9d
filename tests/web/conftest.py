"""A served house: one for the whole module, or one of a test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from queue_server.web.forms import read_form
from queue_server.web.identity import STAFF, STEWARDS
from queue_server.web.visit import identity_of, language_of, require

from .house import Place, open_place


async def staff(request: Request) -> Response:
    """A page of staff, and a form on it."""
    form = await read_form(request) if request.method == "POST" else {}
    identity = await require(request, STAFF)
    return PlainTextResponse(f"{identity.id} {identity.role} {form.get('x', '')}".strip())


async def stewards(request: Request) -> Response:
    return PlainTextResponse((await require(request, STEWARDS)).name)


async def broken(request: Request) -> Response:
    raise ZeroDivisionError("nobody foresaw this")


async def language(request: Request) -> Response:
    return PlainTextResponse(language_of(request))


async def size(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def listen(socket: WebSocket) -> None:
    await socket.accept()
    identity = await identity_of(socket)
    await socket.send_text(identity.id if identity else "-")
    await socket.close()


EXTRA = (
    Route("/staff", staff, methods=["GET", "POST"]),
    Route("/stewards", stewards),
    Route("/broken", broken),
    Route("/api/v1/broken", broken),
    Route("/language", language),
    Route("/size", size, methods=["POST"]),
    Route("/large/size", size, methods=["POST"]),
    Route("/displays/a", language),
    WebSocketRoute("/listen", listen),
)


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """For tests that leave nothing behind."""
    folder = tmp_path_factory.mktemp("house")
    bodies = {"/large/": 1_000_000}
    async with open_place(
        folder, extra=EXTRA, bodies=bodies, origins=("https://antrean.example",)
    ) as place:
        yield place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A new house."""
    async with open_place(tmp_path, extra=EXTRA) as place:
        yield place
