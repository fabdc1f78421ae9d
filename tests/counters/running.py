"""A real hall for the counters' tests: journal, desk, hub, pages, on a free loopback port."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

import counters.routes
import counters.topic
from queue_server.catalogue import Catalogue
from queue_server.config import Config, HoursSection
from queue_server.core import commands as c
from queue_server.core.events import Entry
from queue_server.core.model import Call, Hall, Ticket
from queue_server.desk import Desk
from queue_server.feed import Feed
from queue_server.house import House
from queue_server.journal.sqlite import SqliteJournal
from queue_server.live.hub import Hub
from queue_server.live.limits import Limits
from queue_server.live.protocol import LiveProtocol
from queue_server.live.route import LiveRoute, Refused
from queue_server.web.front import Front
from queue_server.web.identity import Identity, Role
from queue_server.web.office import Office
from queue_server.web.visit import COOKIE, identity_of

from ..core.story import MONDAY

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "loket-dan-antrean-2026"


class HandClock:
    """Stands still until it is moved. Epoch milliseconds."""

    def __init__(self, now: int = MONDAY) -> None:
        self.time = now

    def now(self) -> int:
        return self.time

    def pass_minutes(self, minutes: float) -> None:
        self.time += int(minutes * 60_000)


@dataclass
class Running:
    """A hall that serves at `url`."""

    house: House
    clock: HandClock
    url: str
    server: uvicorn.Server | None = None
    _tokens: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def hall(self) -> Hall:
        return self.house.hall

    async def take(self, service: str, priority: str = "", language: str = "id") -> Ticket:
        """A citizen takes a number."""
        token = f"token-{next(self._tokens)}"
        command = c.IssueTicket(service=service, token=token, priority=priority, language=language)
        await self.house.desk.submit(command)
        found = self.hall.ticket_by_token(token)
        assert found is not None
        return found

    async def does(self, command: c.Command) -> tuple[Entry, ...]:
        """Somebody else does this."""
        return await self.house.desk.submit(command)

    async def staff(self, name: str, role: Role = "operator") -> tuple[Identity, str]:
        """A new colleague, signed in: the identity and the session cookie's secret."""
        office = self.house.office
        first = await office.add_user(name, role)
        signed_in = await office.sign_in(name, first, "test")
        user = signed_in.session.user
        signed_in = await office.change_password(user.id, first, PASSWORD)
        return signed_in.session.identity, signed_in.secret

    def cookie(self, secret: str) -> dict[str, str]:
        """As Playwright's `add_cookies` takes it."""
        return {"name": COOKIE, "value": secret, "url": self.url}


@contextlib.asynccontextmanager
async def running(
    folder: Path, *, config: Config | None = None, catalogue: str = "mpp-lampung-selatan"
) -> AsyncIterator[Running]:
    """A hall that runs until the end of the block, on its own event loop turn."""
    config = config or Config(hours=HoursSection(always=True))
    clock = HandClock()
    known = Catalogue.load(ROOT / "catalogues" / f"{catalogue}.toml")
    async with Office(folder / "office.db") as office:
        house = _house(config, clock, known, office, folder)
        await house.desk.start()
        try:
            async with served(_application(house)) as (url, server):
                yield Running(house, clock, url, server)
        finally:
            await house.hub.close()
            await house.desk.close()


def _house(
    config: Config, clock: HandClock, catalogue: Catalogue, office: Office, folder: Path
) -> House:
    def tell(hall: Hall, entries: Sequence[Entry]) -> None:
        touched = feed.touched(entries)
        house.hub.touch_all() if touched is None else house.hub.touch(touched)

    front = Front.make(
        office=office, static=ROOT / "static", surfaces=[ROOT / "counters"],
        languages=config.languages.pages, zone=config.hall.timezone, hall="MPP Lampung Selatan",
    )  # fmt: skip
    plan = catalogue.plan(config.rule_hours(), config.rule_policy())
    desk = Desk(SqliteJournal(folder / "journal.db"), clock, plan, tell)
    house = House(
        config=config, clock=clock, desk=desk, office=office, voice=None, catalogue=catalogue,
        front=front, url="", hub=None,  # type: ignore[arg-type]  # a few lines on
    )  # fmt: skip
    feed = Feed(
        [counters.topic.CounterTopic(house), counters.topic.FloorTopic(house)],
        lambda: house.hall, _describe, now=clock.now, epoch=lambda: desk.epoch,
        build=front.assets.build,
    )  # fmt: skip
    house.hub = Hub(feed, Limits(heartbeat_seconds=1))
    return house


def _describe(call: Call) -> msgspec.Struct:
    return call


def _application(house: House) -> Starlette:
    async def authorize(socket: WebSocket, topics: list[str]) -> Refused | None:
        identity = await identity_of(socket)
        if identity is None:
            return Refused(401, "unauthenticated", "Masuk dahulu.", "topic")
        allowed = all(counters.topic.may_watch(house, identity, topic) for topic in topics)
        return None if allowed else Refused(403, "forbidden", "Tidak boleh.", "topic")

    return Starlette(
        routes=[
            *house.front.routes(), *counters.routes.routes(house),
            WebSocketRoute("/live", LiveRoute(house.hub, authorize)),
        ],
        middleware=house.front.middleware(), exception_handlers=house.front.handlers(),
    )  # fmt: skip


@contextlib.asynccontextmanager
async def served(
    app: Starlette, port: int = 0
) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """The application on a free port of this machine, and its server."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen(128)
        sock.setblocking(False)
        server = uvicorn.Server(
            uvicorn.Config(app, ws=LiveProtocol, lifespan="off", log_config=None, access_log=False,
                           timeout_graceful_shutdown=1)
        )  # fmt: skip
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        task = asyncio.create_task(server._serve(sockets=[sock]))
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}", server
        finally:
            server.should_exit = True
            await task


def token() -> str:
    """A nonce as the console makes them."""
    return secrets.token_hex(16)
