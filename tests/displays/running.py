"""A running hall for the boards: the real feed, hub, pages and sockets over a hall in memory.

`stop` and `start` are a server that goes away and comes back on the same port.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import wave
from collections.abc import AsyncIterator, Iterator
from math import pi, sin
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from displays.routes import routes
from displays.topic import topics
from queue_server.catalogue import Catalogue
from queue_server.config import Config
from queue_server.core import commands as c
from queue_server.core.calendar import local
from queue_server.core.events import Entry
from queue_server.core.model import Call
from queue_server.feed import Feed
from queue_server.house import House
from queue_server.live.hub import Hub
from queue_server.live.limits import Limits
from queue_server.live.protocol import LiveProtocol
from queue_server.live.route import LiveRoute
from queue_server.web.front import Front
from queue_server.web.office import Office

from .day import Day

ROOT = Path(__file__).resolve().parents[2]
CLIP = 0.4
"""Seconds that a test's announcement lasts."""


class Announcement(Struct):
    """A call as the feed describes it."""

    id: int
    number: str
    counter: str
    counter_name: str
    at: str
    text: dict[str, str]
    audio: str | None


class Server(uvicorn.Server):
    """Signals stay with the tests; `up` is set once it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Running(Day):
    """A day whose boards can be opened at `url`. `silent`: counters whose calls have no audio."""

    def __init__(self, office: Office, config: Config, catalogue: Catalogue | None = None) -> None:
        super().__init__(catalogue, config)
        self.silent: set[str] = set()
        self.broken: set[str] = set()
        self.front = Front.make(
            office=office, static=ROOT / "static", surfaces=[ROOT / "displays"],
            languages=config.languages.pages, zone=config.hall.timezone, hall=config.hall.name,
        )  # fmt: skip
        self._server: Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._hub: Hub | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where it listens, or listened."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Serve, on the port of the last time."""
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", self._port))
        self._port = sock.getsockname()[1]
        self._server = Server(
            uvicorn.Config(
                self._application(), ws=LiveProtocol, lifespan="off", log_config=None,
                timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        self._task = asyncio.create_task(self._server.serve(sockets=[sock]))
        await self._server.up.wait()

    async def stop(self) -> None:
        """Go away; may be said twice."""
        if self._server is None or self._hub is None or self._task is None:
            return
        hub, self._hub = self._hub, None
        await hub.close()
        self._server.should_exit = True
        await self._task
        self._server = None

    def do(self, command: c.Command) -> list[Entry]:
        entries = super().do(command)
        if getattr(self, "_hub", None) is not None:
            self.tell(entries)
        return entries

    def tell(self, entries: list[Entry]) -> None:
        """What the Desk does after a commit."""
        assert self._hub is not None
        feed = cast(Feed, self._hub.source)
        topics = feed.touched(entries)
        if topics is None:
            self._hub.touch_all()
        else:
            self._hub.touch(topics)

    def deploy(self, build: str) -> None:
        """From the next start on this is another build."""
        self.front.assets.build = build
        for environment in self.front.templates._environments.values():
            environment.globals["build"] = build

    def _application(self) -> Starlette:
        house = cast(House, self._house())
        feed = Feed(
            topics(house), lambda: self.hall, self._describe, now=lambda: self.now,
            epoch=lambda: "epoch", build=self.front.assets.build,
        )  # fmt: skip
        self._hub = Hub(feed, Limits())
        return Starlette(
            routes=[
                *self.front.routes(),
                *routes(house),
                Route("/audio/{name}", self._audio),
                WebSocketRoute("/live", LiveRoute(self._hub, _everybody)),
            ],
            middleware=self.front.middleware(),
            exception_handlers=self.front.handlers(),
        )

    def _house(self) -> SimpleNamespace:
        house = super()._house()
        house.front = getattr(self, "front", None)
        house.rooms = SimpleNamespace(screens=None)  # none is registered here
        return house

    def _describe(self, call: Call) -> Announcement:
        name = self.hall.place(call.counter).name
        audio = None if call.counter in self.silent else f"/audio/{call.id}-{call.counter}.wav"
        return Announcement(
            call.id, call.number, call.counter, name,
            local(call.at, self.hall.plan.hours).isoformat(timespec="seconds"),
            {"id": f"Nomor antrean {call.number}, silakan menuju {name}"}, audio,
        )  # fmt: skip

    async def _audio(self, request: Request) -> Response:
        name = request.path_params["name"]
        if any(name.endswith(f"-{counter}.wav") for counter in self.broken):
            return Response(status_code=404)
        return Response(tone(CLIP), media_type="audio/wav")


def tone(seconds: float, rate: int = 8000) -> bytes:
    """A quiet tone as a WAV file."""
    samples = (int(3000 * sin(2 * pi * 440 * i / rate)) for i in range(int(seconds * rate)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return out.getvalue()


@contextlib.asynccontextmanager
async def running(
    folder: Path, config: Config | None = None, catalogue: Catalogue | None = None
) -> AsyncIterator[Running]:
    """A running hall, stopped afterwards."""
    async with Office(folder / "office.db") as office:
        hall = Running(office, config or Config(), catalogue)
        await hall.start()
        try:
            yield hall
        finally:
            await hall.stop()


async def _everybody(socket: Any, topics: list[str]) -> None:
    return None
