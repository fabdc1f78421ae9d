"""A small hall with a real Desk, journal and office, behind a real server, for tests of web and
API. Nothing of the other surfaces is in it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from queue_server import api
from queue_server.catalogue import Catalogue, example
from queue_server.config import Config, HallSection, HoursSection
from queue_server.desk import Desk
from queue_server.folder import Folder
from queue_server.house import House
from queue_server.journal.sqlite import SqliteJournal
from queue_server.live.statistics import Counts, Statistics
from queue_server.rooms import open_rooms
from queue_server.web.front import Front
from queue_server.web.office import Office

ROOT = Path(__file__).parents[2]
START = 1_795_399_200_000
"""Monday, 23 November 2026, 09:00 in Jakarta."""
MINUTE = 60_000
PASSWORD = "kuda laut ungu 7"


@dataclass
class Hands:
    """A clock that tests turn."""

    at: int = START

    def now(self) -> int:
        return self.at


def catalogue() -> Catalogue:
    """Two agencies, three services, three counters in two zones."""

    def service(id: str, agency: str, prefix: str) -> dict[str, Any]:
        return {
            "id": id, "agency": agency, "prefix": prefix,
            "name": {"id": f"Layanan {id}", "en": f"Service {id}"},
            "requirements": ["KTP-el asli"], "procedure": ["Ambil nomor"],
            "duration": {"minutes": 10}, "cost": {"rupiah": 0},
            "product": "Kartu", "complaints": "Meja pengaduan",
        }  # fmt: skip

    def counter(id: str, zone: str, *services: str) -> dict[str, Any]:
        name = {"id": f"Loket {id}", "en": f"Counter {id}"}
        return {"id": id, "name": name, "zone": zone, "services": services, "number": int(id)}

    return example({
        "name": {"id": "MPP Uji", "en": "Test Hall"},
        "zones": [{"id": z, "name": {"id": f"Zona {z}", "en": f"Zone {z}"}} for z in ("a", "b")],
        "agencies": [
            {"id": "dukcapil", "kind": "regional", "short": "Dukcapil",
             "name": {"id": "Dinas Dukcapil", "en": "Civil Registry"}},
            {"id": "imigrasi", "kind": "vertical", "short": "Imigrasi",
             "name": {"id": "Kantor Imigrasi", "en": "Immigration"}},
        ],
        "services": [
            service("ktp", "dukcapil", "A"), service("kk", "dukcapil", "B"),
            service("paspor", "imigrasi", "P"),
        ],
        "counters": [
            counter("1", "a", "ktp", "kk"), counter("2", "a", "ktp"), counter("5", "b", "paspor"),
        ],
        "priorities": [
            {"id": "lansia", "name": {"id": "Lansia", "en": "Elderly"}, "credit_minutes": 10}
        ],
        "english": {"KTP-el asli": "Original e-KTP"},
    })  # fmt: skip


@dataclass
class Place:
    """A served house: its address, its parts, secrets by role, and clients for them."""

    url: str
    house: House
    clock: Hands
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self, token: str = "", **headers: str) -> httpx2.AsyncClient:
        """A client with an API token, if one is given; nothing of the environment."""
        if token:
            headers["Authorization"] = f"Bearer {self.tokens.get(token, token)}"
        return httpx2.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=30)

    async def user(self, name: str, role: str, password: str = PASSWORD) -> int:
        """A user who has changed the one-time password; the id."""
        office = self.house.office
        once = await office.add_user(name, role)
        user = next(user for user in await office.users() if user.name == name)
        await office.change_password(user.id, once, password)
        return user.id

    @contextlib.asynccontextmanager
    async def signed_in(
        self, name: str, password: str = PASSWORD
    ) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser with its cookies after the sign-in."""
        async with self.client() as client:
            form = {"name": name, "password": password}
            answer = await client.post("/sign-in", data=form, headers={"Origin": self.url})
            assert answer.status_code == 303, answer.text
            yield client


@contextlib.asynccontextmanager
async def open_place(
    folder: Path,
    *,
    extra: Sequence[BaseRoute] | Callable[[House], Sequence[BaseRoute]] = (),
    always: bool = False,
    clock: Hands | None = None,
    static: Path = ROOT / "static",
    surfaces: Sequence[Path] = (),
    **middleware: Any,
) -> AsyncIterator[Place]:
    """The house in a folder, served on a free port; closed in the opposite order."""
    clock = clock or Hands()
    hall = HallSection(name="MPP Uji", place="Jl. Uji 1")
    config = Config(hall=hall, hours=HoursSection(always=always))
    found = catalogue()
    plan = found.plan(config.rule_hours(), config.rule_policy())
    async with (
        Office(folder / "office.db", hours=config.sessions.hours) as office,
        open_rooms(config, Folder(folder), clock) as rooms,
    ):
        desk = Desk(SqliteJournal(folder / "journal.db", reserve=4096), clock, plan, _tell)
        front = Front.make(
            office=office, static=static, surfaces=surfaces,
            languages=config.languages.pages, zone=config.hall.timezone, hall=config.hall.name,
        )  # fmt: skip
        house = House(
            clock=clock, desk=desk, office=office, rooms=rooms, voice=None,
            hub=cast(Any, QuietHub()), newest=found, front=front,
            folder=Folder(folder), url="http://antrean.test",
        )  # fmt: skip
        try:
            archive = rooms.floor.archive
            archive.read, archive.hall = desk.read, lambda: desk.hall
            await desk.start()
            more = extra(house) if callable(extra) else extra
            app = Starlette(
                routes=[*front.routes(), *api.routes(house), *more],
                middleware=front.middleware(**middleware),
                exception_handlers=front.handlers(),
            )
            async with serving(app) as url:
                place = Place(url, house, clock)
                for role in ("admin", "supervisor", "operator", "kiosk", "display", "integration"):
                    place.tokens[role] = await office.add_token(role, role)
                yield place
        finally:
            await desk.close()


@contextlib.asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """An application behind uvicorn on a free port."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, http="httptools", ws="websockets-sansio", lifespan="off", log_config=None,
            access_log=False, proxy_headers=True, forwarded_allow_ips="127.0.0.1",
        )  # fmt: skip
        server = uvicorn.Server(config)
        server.config.load()
        task = asyncio.create_task(server._serve([sock]))
        while not server.started:
            await asyncio.sleep(0.005)
            assert not task.done(), task.result()
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def _tell(hall: object, entries: object) -> None:
    """Nobody listens."""


class QuietHub:
    """A hub without listeners."""

    def touch(self, topics: object) -> None:
        """Nobody is shown anything."""

    def statistics(self) -> Statistics:
        return Counts().statistics(connections=0, by_kind={"zone": 2}, paused=0, waiting=0)
