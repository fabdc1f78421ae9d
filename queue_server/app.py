"""The composition root: the one place that knows every part, and in which order they start."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

import citizens.routes
import citizens.topics
import counters.routes
import counters.topic
import displays.routes
import displays.topic

from . import announce, api, chores
from .catalogue import Catalogue, first_catalogue
from .clock import Clock, SystemClock
from .config import Config
from .core.events import Entry
from .core.model import Hall
from .desk import Desk
from .feed import Feed, TopicKind
from .folder import Folder
from .house import House
from .journal.sqlite import SqliteJournal
from .live.hub import Hub
from .live.limits import Limits
from .live.protocol import LiveProtocol
from .live.route import LiveRoute, Refused
from .speech.engine import SpeechConfig, find_engine, why_none
from .speech.voice import Voice
from .web.front import Front
from .web.office import Office
from .web.visit import identity_of, language_of

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
SURFACES = tuple(ROOT / name for name in ("displays", "counters", "citizens"))
STATIC = ROOT / "static"
BACKLOG = 4096
"""Connections that may wait to be accepted: a hall full of phones comes back at once."""
GRACE = 5
"""Seconds that open requests have at a stop."""

Beside = Callable[[House], Awaitable[None]]


def serve(
    config: Config,
    folder: Folder,
    base: Path,
    host: str | None = None,
    port: int | None = None,
    *,
    clock: Clock | None = None,
    beside: Beside | None = None,
) -> int:
    """Serve a hall until SIGTERM or SIGINT; the exit code.

    `base`: where configured paths start from. `beside`: something to run as long as it serves.
    Raises Held, CatalogueError, Damaged, JournalError, OSError (the port is taken).
    """
    with folder.hold(), listening(host or config.server.host, _port(config, port)) as sock:
        uvloop.run(_serve(config, folder, base, sock, clock or SystemClock(), beside))
    return 0


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens with a backlog for a whole hall. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError as error:
            raise OSError(f"server.port: {host}:{port} cannot be used: {error.strerror}") from None
        sock.listen(BACKLOG)
        sock.setblocking(False)
        yield sock


@contextlib.asynccontextmanager
async def open_house(
    config: Config, folder: Folder, base: Path, *, clock: Clock | None = None, url: str = ""
) -> AsyncIterator[House]:
    """A house whose Desk runs; the caller holds the folder. Closed in the opposite order."""
    clock = clock or SystemClock()
    catalogue = folder.catalogue()
    if catalogue is None:
        catalogue = first_catalogue(config.hall.catalogue, base)
        folder.store(catalogue)
        folder.adopt(catalogue)
    async with Office(folder.office, hours=config.sessions.hours) as office:
        listeners: list[Callable[[Hall, Sequence[Entry]], None]] = []

        def tell(hall: Hall, entries: Sequence[Entry]) -> None:
            for listener in listeners:
                listener(hall, entries)

        plan = catalogue.plan(config.rule_hours(), config.rule_policy())
        desk = Desk(SqliteJournal(folder.journal), clock, plan, tell)
        house = _house(config, clock, desk, office, catalogue, folder, base, url)
        listeners += _listeners(house)
        try:
            await desk.start()
            yield house
        finally:
            await house.hub.close()
            await desk.close()
            if house.voice is not None:
                await house.voice.close()


def _house(
    config: Config, clock: Clock, desk: Desk, office: Office, catalogue: Catalogue,
    folder: Folder, base: Path, url: str,
) -> House:  # fmt: skip
    front = Front.make(
        office=office, static=STATIC, surfaces=SURFACES, languages=config.languages.pages,
        zone=config.hall.timezone, hall=config.hall.name,
    )  # fmt: skip
    limits = Limits(
        heartbeat_seconds=config.live.heartbeat_seconds, stalled_seconds=config.live.stalled_seconds
    )
    voice = _voice(config, folder, base)
    house = House(
        config=config, clock=clock, desk=desk, office=office, voice=voice, catalogue=catalogue,
        front=front, url=url.rstrip("/"), hub=None,  # type: ignore[arg-type]  # two lines on
    )  # fmt: skip
    feed = Feed(
        _topics(house),
        lambda: house.hall,
        lambda call: announce.announcement(house, call),
        now=clock.now,
        epoch=lambda: desk.epoch,
        build=front.assets.build,
    )
    house.hub = Hub(feed, limits)
    return house


def _topics(house: House) -> list[TopicKind]:
    return [
        displays.topic.ZoneTopic(house),
        counters.topic.CounterTopic(house),
        counters.topic.FloorTopic(house),
        citizens.topics.LineTopic(house),
        citizens.topics.TicketTopic(house),
    ]


def _voice(config: Config, folder: Folder, base: Path) -> Voice | None:
    speech = config.speech
    if not speech.enabled:
        return None
    folder.audio.mkdir(exist_ok=True)
    how = SpeechConfig(
        engine=speech.engine, command=speech.command, voices=speech.voices, speed=speech.speed,
        scratch=folder.audio,
    )  # fmt: skip
    return Voice(
        folder.audio,
        find_engine(how),
        clips=base / speech.clips if speech.clips else None,
        chime=STATIC / "audio" / "chime.wav",
        cache_bytes=speech.cache_megabytes * 1024 * 1024,
        no_engine=why_none(how),
    )


def _listeners(house: House) -> list[Callable[[Hall, Sequence[Entry]], None]]:
    """Who is told after a commit, in this order: first the screens."""

    def screens(hall: Hall, entries: Sequence[Entry]) -> None:
        feed = house.hub.source
        assert isinstance(feed, Feed)
        topics = feed.touched(entries)
        if topics is None:
            house.hub.touch_all()
        else:
            house.hub.touch(topics)

    def voices(hall: Hall, entries: Sequence[Entry]) -> None:
        announce.prepare(house, hall, entries)

    return [screens, voices]


# The application ------------------------------------------------------------------------------


def application(house: House, folder: Folder) -> Starlette:
    """Every route of the hall."""
    routes: list[BaseRoute] = [
        *house.front.routes(),
        *api.routes(house),
        *displays.routes.routes(house),
        *counters.routes.routes(house),
        *citizens.routes.routes(house),
        *chores.routes(house, folder),
        Route("/audio/{name}", _audio(house)),
        WebSocketRoute("/live", LiveRoute(house.hub, _authorize(house))),
    ]
    middleware = [
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
        *house.front.middleware(frame_ancestors=house.config.displays.frame_ancestors),
    ]
    return Starlette(
        routes=routes, middleware=middleware, exception_handlers=house.front.handlers()
    )


def _audio(house: House) -> Callable[[Request], Awaitable[Response]]:
    async def audio(request: Request) -> Response:
        """An announcement: rendered already, or now."""
        path = await house.voice.path_for(request.path_params["name"]) if house.voice else None
        if path is None:
            return PlainTextResponse("", 404)
        return FileResponse(path, headers={"cache-control": "public, max-age=31536000, immutable"})

    return audio


def _authorize(house: House) -> Callable[[WebSocket, list[str]], Awaitable[Refused | None]]:
    """Boards, lines and a ticket's own topic are public; consoles and the floor are not."""

    async def authorize(socket: WebSocket, topics: list[str]) -> Refused | None:
        guarded = [topic for topic in topics if topic.startswith(("counter:", "floor:"))]
        if not guarded:
            return None
        identity = await identity_of(socket)
        english = language_of(socket) != "id"
        if identity is None:
            said = "Sign in first." if english else "Masuk dahulu."
            return Refused(401, "unauthorized", said, "topic")
        for topic in guarded:
            if not counters.topic.may_watch(house, identity, topic):
                said = f"You may not watch {topic}." if english else f"Anda tidak boleh melihat {topic}."
                return Refused(403, "forbidden", said, "topic")
        return None

    return authorize


# The process ----------------------------------------------------------------------------------


class Server(uvicorn.Server):
    """uvicorn's server inside a house: after a signal there is still a journal to close."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


def server(app: Starlette, config: Config) -> Server:
    """A server for an application of `application`."""
    return Server(
        uvicorn.Config(
            app,
            ws=LiveProtocol,
            http="httptools",
            lifespan="off",
            log_config=None,
            access_log=False,
            backlog=BACKLOG,
            proxy_headers=True,
            forwarded_allow_ips=config.server.proxies,
            timeout_graceful_shutdown=GRACE,
            server_header=False,
        )
    )


async def _serve(
    config: Config, folder: Folder, base: Path, sock: socket.socket, clock: Clock,
    beside: Beside | None,
) -> None:  # fmt: skip
    local = address(sock)
    url = config.server.url or local
    async with open_house(config, folder, base, clock=clock, url=url) as house:
        running = server(application(house, folder), config)
        serving = asyncio.create_task(running.serve(sockets=[sock]), name="server")
        folder.announce(local)
        await _print_addresses(house, local)
        # What is there now stays: the collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        company = asyncio.ensure_future(beside(house)) if beside else None
        try:
            await serving
        finally:
            if company is not None:
                company.cancel()
                await asyncio.gather(company, return_exceptions=True)


def address(sock: socket.socket) -> str:
    """The URL of a listening socket as this machine reaches it."""
    host, port = sock.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _print_addresses(house: House, local: str) -> None:
    """Where everything is, and the first administrator's password: on stdout, flushed."""
    lines = [
        f"Antrean · {house.config.hall.name}",
        f"  board    {local}/displays/hall",
        f"  console  {local}/counters",
        f"  kiosk    {local}/kiosk",
        f"  phone    {local}/t/…  (behind the QR code of a ticket)",
        f"  services {local}/services",
        f"  floor    {local}/supervisor",
        f"  API      {local}/api/v1/openapi.json",
    ]
    password = await _first_password(house.office)
    if password:
        lines += ["", f"  sign in as admin with the one-time password {password}"]
    print("\n".join(lines), flush=True)


async def _first_password(office: Office) -> str:
    """The first administrator's password: a new one at each start until it has been used."""
    users = await office.users()
    if not users:
        return await office.add_user("admin", "admin")
    if len(users) == 1 and users[0].must_change:
        return await office.reset_password(users[0].id)
    return ""


def _port(config: Config, port: int | None) -> int:
    return config.server.port if port is None else port
