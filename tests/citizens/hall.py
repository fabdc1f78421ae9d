"""A real hall for the citizens' tests: journal, desk, hub, pages, on a free loopback port.

`stop` and `start` are a server that goes away and comes back on the same port, with the same
hall. The clock stands still until it is moved.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import WebSocketRoute

from citizens.paper import Composer
from citizens.routes import routes
from citizens.topics import LineTopic, TicketTopic
from queue_server.catalogue import Catalogue
from queue_server.config import Config, PrinterSection, PrintingSection
from queue_server.core import commands as c
from queue_server.core.events import Entry
from queue_server.core.model import Hall, Ticket
from queue_server.desk import Desk
from queue_server.feed import Feed
from queue_server.folder import Folder
from queue_server.house import House
from queue_server.journal.sqlite import SqliteJournal
from queue_server.live.hub import Hub
from queue_server.live.limits import Limits
from queue_server.live.protocol import LiveProtocol
from queue_server.live.route import LiveRoute
from queue_server.rooms import Rooms, open_rooms
from queue_server.web.front import Front
from queue_server.web.office import Office

from ..core.story import clock

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Catalogue.load(ROOT / "catalogues" / "mpp-lampung-selatan.toml")
TUESDAY = clock("2026-11-24 09:41")
CHIEF = c.Actor("chief", steward=True)
SERVICE = "ktp-el-rekam"


class HandClock:
    """Stands still until it is moved. Epoch milliseconds."""

    def __init__(self, now: int = TUESDAY) -> None:
        self.time = now

    def now(self) -> int:
        return self.time


class Server(uvicorn.Server):
    """Signals stay with the tests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Announcement(Struct):
    """A call as the feed describes it."""

    id: int
    number: str
    counter: str


class Running:
    """A hall whose pages are at `url`."""

    def __init__(
        self, folder: Path, office: Office, rooms: Rooms, config: Config, clock: HandClock
    ) -> None:
        self.clock = clock
        self.listens = True
        self._tokens = itertools.count(1)
        self._port = 0
        self._server: Server | None = None
        self._task: asyncio.Task[None] | None = None
        front = Front.make(
            office=office, static=ROOT / "static", surfaces=[ROOT / "citizens"],
            languages=config.languages.pages, zone=config.hall.timezone, hall=config.hall.name,
        )  # fmt: skip
        plan = CATALOGUE.plan(config.rule_hours(), config.rule_policy())
        self.desk = Desk(SqliteJournal(folder / "journal.db"), self.clock, plan, self._tell)
        self.house = House(
            clock=self.clock, desk=self.desk, office=office, rooms=rooms, voice=None,
            newest=CATALOGUE, front=front, folder=Folder(folder),
            url="https://antrean.example", hub=None,  # type: ignore[arg-type]  # made at start
        )  # fmt: skip

    @property
    def hall(self) -> Hall:
        return self.desk.hall

    @property
    def url(self) -> str:
        """Where it listens, or listened."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Serve, on the port of the last time."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", self._port))
        self._port = sock.getsockname()[1]
        sock.listen(64)
        app = self._application()
        how = uvicorn.Config(
            app, ws=LiveProtocol, lifespan="off", log_config=None, timeout_graceful_shutdown=1
        )
        self._server = Server(how)
        self._task = asyncio.create_task(self._server.serve(sockets=[sock]))
        while not self._server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Go away; may be said twice."""
        if self._server is None or self._task is None:
            return
        await self.house.hub.close()
        self._server.should_exit = True
        await self._task
        self._server = None

    def _application(self) -> Starlette:
        house = self.house
        feed = Feed(
            [LineTopic(house), TicketTopic(house)], lambda: self.hall,
            lambda call: Announcement(call.id, call.number, call.counter), now=self.clock.now,
            epoch=lambda: self.desk.epoch, build=house.front.assets.build,
        )  # fmt: skip
        house.hub = Hub(feed, Limits())
        return Starlette(
            routes=[
                *house.front.routes(),
                *routes(house),
                WebSocketRoute("/live", LiveRoute(house.hub, _everybody)),
            ],
            middleware=[Middleware(GZipMiddleware, minimum_size=1000), *house.front.middleware()],
            exception_handlers=house.front.handlers(),
        )

    def _tell(self, hall: Hall, entries: Sequence[Entry]) -> None:
        if self.house.hub is None:
            return
        feed = self.house.hub.source
        assert isinstance(feed, Feed)
        topics = feed.touched(entries)
        if topics is None:
            self.house.hub.touch_all()
        else:
            self.house.hub.touch(topics)

    # What happens in the hall ---------------------------------------------------------------

    async def do(self, command: c.Command) -> tuple[Entry, ...]:
        return await self.desk.submit(command)

    async def take(self, service: str = SERVICE, **more: Any) -> Ticket:
        """Somebody takes a number."""
        token = f"token-{next(self._tokens):03}-of-a-citizen"
        entries = await self.do(c.IssueTicket(service=service, token=token, **more))
        return self.hall.tickets[entries[0].id]

    async def open(self, *counters: str) -> None:
        for counter in counters:
            await self.do(c.OpenCounter(counter=counter, by=CHIEF))

    async def call(self, counter: str = "1", ticket: Ticket | None = None) -> Ticket:
        """The next one, or `ticket`, to a counter."""
        after = self.hall.counters[counter].current
        await self.do(
            c.CallNext(counter=counter, after=after, ticket=ticket.id if ticket else 0, by=CHIEF)
        )
        return self.hall.tickets[self.hall.counters[counter].current]

    async def act(self, kind: type[c.AtTicket], counter: str = "1", **more: Any) -> None:
        """An act on the counter's current ticket."""
        ticket = self.hall.counters[counter].current
        await self.do(kind(counter=counter, ticket=ticket, by=CHIEF, **more))

    def fresh(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now."""
        return self.hall.tickets[ticket.id]


@contextlib.asynccontextmanager
async def running(
    folder: Path,
    now: int = TUESDAY,
    printers: dict[str, PrinterSection] | None = None,
    template: str = "",
    **kiosk: Any,
) -> AsyncIterator[Running]:
    """A running hall, closed afterwards. `template`: the papers'; `kiosk`: that section."""
    config = Config(printers=printers or {}, printing=PrintingSection(template=template))
    section = msgspec.structs.replace(config.kiosk, **kiosk)
    config = msgspec.structs.replace(config, kiosk=section)
    clock = HandClock(now)
    async with (
        Office(folder / "office.db") as office,
        open_rooms(config, Folder(folder), clock) as rooms,
    ):
        hall = Running(folder, office, rooms, config, clock)
        await hall.desk.start()
        try:
            rooms.printing.composer = Composer(hall.house, ROOT)
            rooms.printing.start()
            await hall.start()
            yield hall
        finally:
            await hall.stop()
            await hall.desk.close()


async def _everybody(socket: Any, topics: list[str]) -> None:
    return None
