"""The composition root: the one place that knows every part, and in which order they start."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

import admin.routes
import citizens.paper
import citizens.routes
import citizens.topics
import counters.dashboards
import counters.routes
import counters.supervising
import counters.topic
import displays.routes
import displays.topic

from . import announce, api, chores, oversight
from .bookkeeping import Bookkeeper
from .catalogue import Catalogue, first_catalogue
from .clock import Clock, SystemClock
from .config import Config
from .core.events import Entry
from .core.model import Hall
from .core.plan import MINUTE
from .desk import Desk
from .feed import Feed, TopicKind
from .folder import Folder
from .glance import Glances
from .handover import Handover
from .house import House
from .journal.sqlite import SqliteJournal
from .live.batch import open_batch
from .live.connection import Permit
from .live.hub import Hub
from .live.limits import Limits
from .live.route import Authorize, LiveRoute, Refused
from .oidc import routes as sso
from .reporting import Reporter
from .retention import Retention
from .reviews import Reviews
from .rooms import Rooms, open_rooms
from .speech.engine import SpeechConfig, find_engine, why_none
from .speech.voice import Voice
from .staff import Staff
from .web.front import HERE as WORDS
from .web.front import Front
from .web.i18n import Translations
from .web.office import Office
from .web.visit import Visit, identity_of, language_of, visit_of

ROOT = Path(__file__).resolve().parent.parent
SURFACES = tuple(ROOT / name for name in ("displays", "counters", "citizens", "admin"))
STATIC = ROOT / "static"
GUARDED = ("counter:", "floor:", "dashboard:", "screen:")
"""Topics that not everybody may follow."""


@contextlib.asynccontextmanager
async def open_house(
    file: Config, folder: Folder, base: Path, *, clock: Clock | None = None, url: str = "",
    environ: Mapping[str, str] = {},
) -> AsyncIterator[House]:  # fmt: skip
    """A house whose Desk runs; the caller holds the folder. Closed in the opposite order.

    `environ`: what stands above the settings that are made in the browser, as above `file`.
    """
    clock = clock or SystemClock()
    catalogue = folder.catalogue()
    if catalogue is None:
        catalogue = first_catalogue(file.hall.catalogue, base, file.hall.name)
        folder.store(catalogue)
        if catalogue.services:  # what is still empty is no choice of anybody's
            folder.adopt(catalogue)
    async with (
        Office(folder.office, hours=file.sessions.hours) as office,
        open_rooms(file, folder, clock, environ) as rooms,
    ):
        config = rooms.settings.config
        office.hours = config.sessions.hours
        office.one_time_days = config.sessions.one_time_days
        listeners: list[Callable[[Hall, Sequence[Entry]], None]] = []

        def tell(hall: Hall, entries: Sequence[Entry]) -> None:
            for listener in listeners:
                listener(hall, entries)

        plan = catalogue.plan(config.rule_hours(), config.rule_policy())
        desk = Desk(SqliteJournal(folder.journal), clock, plan, tell)
        house = _house(config, clock, desk, office, rooms, catalogue, folder, base, url)
        handover = Handover(desk, rooms.tracking)
        bookkeeper, reviews = Bookkeeper(house), Reviews(desk)
        retention = Retention(house)
        reporter = Reporter(house, folder.reports)
        dashboards = counters.dashboards.topics
        glances = Glances(house, lambda: house.hub.touch(dashboards(house)))
        listeners += [*_listeners(house), handover.told]
        office.listeners.append(house.hub.review)
        rooms.settings.checks.append(rooms.check)
        rooms.settings.listeners += [rooms.configure, _follows_settings(house)]
        try:
            await desk.start()
            await handover.start()
            in_force = house.hall.plan.catalogue
            if in_force not in house.catalogues:  # the new one waits for tomorrow
                house.catalogues[in_force] = folder.document(in_force)
            _print(house, base)
            _watch(house)
            _light(house)
            _report(house)
            await bookkeeper.start()
            rooms.backups.start()
            retention.start()
            reviews.start()
            reporter.start()
            glances.start()
            async with rooms.notify.following(desk, lambda: house.catalogue, house.url):
                yield house
        finally:
            await glances.close()
            await reporter.close()
            await rooms.reports.close()  # it reads the journal
            await retention.close()
            await reviews.close()
            await bookkeeper.close()
            await house.hub.close()
            await desk.close()
            await handover.close()
            if house.voice is not None:
                await house.voice.close()


def _house(
    config: Config, clock: Clock, desk: Desk, office: Office, rooms: Rooms, catalogue: Catalogue,
    folder: Folder, base: Path, url: str,
) -> House:  # fmt: skip
    front = Front.make(
        office=office, static=STATIC, surfaces=SURFACES, languages=config.languages.pages,
        zone=config.hall.timezone, hall=config.hall.name,
        sso=config.oidc.name if config.oidc.issuer else "",
    )  # fmt: skip
    limits = Limits(
        heartbeat_seconds=config.live.heartbeat_seconds, stalled_seconds=config.live.stalled_seconds
    )
    voice = _voice(config, folder, base)
    house = House(
        clock=clock, desk=desk, office=office, rooms=rooms, voice=voice,
        newest=catalogue, catalogues={catalogue.hash: catalogue},
        front=front, folder=folder, url=url.rstrip("/"), hub=None,  # type: ignore[arg-type]  # two lines on
    )  # fmt: skip
    feed = Feed(
        _topics(house),
        lambda: house.hall,
        lambda call: announce.announcement(house, call),
        now=clock.now,
        epoch=lambda: desk.epoch,
        build=front.assets.build,
    )
    house.hub = Hub(feed, limits, batch=open_batch())
    return house


def _topics(house: House) -> list[TopicKind]:
    return [
        *displays.topic.topics(house),
        counters.topic.CounterTopic(house),
        counters.topic.FloorTopic(house),
        counters.dashboards.DashboardTopic(house),
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


def _watch(house: House) -> None:
    """Alarms: what a hall that runs looks like, and who is told of them."""
    watch = house.rooms.floor.watch
    watch.scene = lambda: oversight.scene(house)
    watch.listeners.append(lambda: house.hub.touch(counters.topic.floors(house)))
    watch.listeners.append(lambda: house.hub.touch(counters.dashboards.topics(house)))
    watch.start()
    archive = house.rooms.floor.archive
    archive.read, archive.hall = house.desk.read, lambda: house.hall


def _print(house: House, base: Path) -> None:
    """Papers are printed as soon as there is a hall to say what stands on them."""
    printing = house.rooms.printing
    printing.composer = citizens.paper.Composer(house, base)
    printing.listeners.append(lambda: house.hub.touch(counters.topic.floors(house)))
    printing.start()


def _light(house: House) -> None:
    """Panels show the durable hall from now on."""
    panels = house.rooms.panels
    panels.start(lambda: house.hall)


def _report(house: House) -> None:
    """Reports follow the journal, behind everything else."""
    house.rooms.reports.promises = lambda: {
        one.id: one.duration.minutes * MINUTE
        for one in house.catalogue.services.values()
        if one.duration.known and one.duration.minutes and not one.duration.working_days
    }
    house.rooms.reports.follow(house.desk)


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

    return [screens, voices, house.rooms.panels.heard, house.rooms.notify.heard]


def _follows_settings(house: House) -> Callable[[Config], Awaitable[None]]:
    """The house itself: its name, its sign-ins, the plan, and then every screen."""

    async def follow(config: Config) -> None:
        house.front.templates.name(config.hall.name)
        house.office.hours = config.sessions.hours
        house.office.one_time_days = config.sessions.one_time_days
        async with house.importing:
            plan = house.plan_for(house.catalogue)
            if plan != house.hall.plan:
                await house.desk.change_plan(plan)
        house.hub.touch_all()

    return follow


def translations(config: Config) -> Translations:
    """The words of all surfaces. Raises ConfigError: a language without any."""
    return Translations([WORDS, *SURFACES], config.languages.pages)


# The application ------------------------------------------------------------------------------


def application(house: House, folder: Folder) -> Starlette:
    """Every route of the hall."""
    routes: list[BaseRoute] = [
        *house.front.routes(changed=Staff(house).changed_password),
        *sso.routes(house),
        *api.routes(house),
        *displays.routes.routes(house),
        *counters.routes.routes(house),
        *counters.supervising.routes(house),
        *counters.dashboards.routes(house),
        *citizens.routes.routes(house),
        *admin.routes.routes(house),
        *chores.routes(house, folder),
        Route("/audio/{name}", _audio(house)),
        WebSocketRoute("/live", LiveRoute(house.hub, _authorize(house))),
    ]
    middleware = [
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
        *house.front.middleware(
            frame_ancestors=house.config.displays.frame_ancestors,
            origins=(house.config.server.url,) if house.config.server.url else (),
        ),
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


def _authorize(house: House) -> Authorize:
    """Boards, lines and a ticket's own topic are public; consoles, the floor and what only a
    registered screen follows are not. People's permits are asked for again and again."""

    async def authorize(socket: WebSocket, topics: list[str]) -> Refused | Permit | None:
        guarded = [topic for topic in topics if topic.startswith(GUARDED)]
        if not guarded:
            return None
        identity = await identity_of(socket)
        english = language_of(socket) == "en"
        if identity is None:
            said = "Sign in first." if english else "Masuk dahulu."
            return Refused(401, "unauthenticated", said, "topic")
        for topic in guarded:
            of_screen = topic.startswith("screen:")
            may_watch = displays.topic.may_watch if of_screen else counters.topic.may_watch
            if not may_watch(house, identity, topic):
                said = "You may not watch {}." if english else "Anda tidak boleh melihat {}."
                return Refused(403, "forbidden", said.format(topic), "topic")
        return _permit(house, visit_of(socket), guarded)

    return authorize


def _permit(house: House, visit: Visit, guarded: list[str]) -> Permit | None:
    """Whether whoever opened a socket may still follow what people follow."""
    people = [topic for topic in guarded if not topic.startswith("screen:")]

    def permit() -> bool:
        identity = visit.again()
        if identity is None:
            return False
        return all(counters.topic.may_watch(house, identity, topic) for topic in people)

    return permit if people else None
