"""A small catalogue for stories at counters, and a real hall with operators for the pages."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counters.views import Console, console
from queue_server.catalogue import Catalogue, example
from queue_server.core import commands as c
from queue_server.core.events import Entry
from queue_server.core.model import Hall, Ticket
from queue_server.core.plan import MINUTE, Plan, Policy
from queue_server.floor.day import gather
from queue_server.house import House
from queue_server.web.identity import Identity, Role, actor
from queue_server.web.visit import COOKIE

from .. import hall as halls
from ..core.story import HOURS, MONDAY, Story

PASSWORD = "loket dan antrean 2026"


def _text(name: str) -> dict[str, str]:
    return {"id": name, "en": f"{name} (en)"}


def _service(id: str, prefix: str, agency: str) -> dict[str, Any]:
    return {
        "id": id, "agency": agency, "prefix": prefix, "name": _text(f"Layanan {id}"),
        "requirements": ["KTP-el"], "procedure": ["Datang"], "duration": {"minutes": 10},
        "cost": {"rupiah": 0}, "product": "Surat", "complaints": "Meja informasi",
    }  # fmt: skip


def _counter(number: int, zone: str, *services: str) -> dict[str, Any]:
    return {
        "id": number, "name": _text(f"Loket {number}"), "zone": zone, "services": services,
        "number": number,
    }  # fmt: skip


CATALOGUE: Catalogue = example(
    {
        "name": _text("Mal"),
        "zones": [{"id": "a", "name": _text("Zona A")}, {"id": "b", "name": _text("Zona B")}],
        "agencies": [
            {"id": "imigrasi", "kind": "vertical", "name": _text("Imigrasi"), "short": "Imigrasi"},
            {"id": "bapenda", "kind": "regional", "name": _text("Bapenda"), "short": "Bapenda"},
        ],
        "services": [
            _service("passport", "A", "imigrasi"), _service("tax", "B", "bapenda"),
            _service("permit", "C", "bapenda"),
        ],
        "counters": [
            _counter(1, "a", "passport"), _counter(2, "a", "passport", "tax"),
            _counter(3, "b", "permit"),
        ],
        "priorities": [
            {"id": "elder", "name": _text("Lansia"), "credit_minutes": 10, "icon": "elder"}
        ],
        "reasons": [
            {"id": "rapat", "name": _text("Rapat"), "acts": ["break", "close"]},
            {"id": "fotokopi", "name": _text("Fotokopi"), "acts": ["park"]},
        ],
    }
)  # fmt: skip
PLAN: Plan = CATALOGUE.plan(HOURS, Policy())


def shown(story: Story, counter: str = "1", language: str = "id") -> Console:
    """The console of a counter in a story."""
    hall = story.hall
    return console(hall, CATALOGUE, gather(hall), counter, story.now, language)


class HandClock:
    """Stands still until it is moved. Epoch milliseconds."""

    def __init__(self, now: int = MONDAY) -> None:
        self.time = now

    def now(self) -> int:
        return self.time

    def forward(self, minutes: float) -> None:
        self.time += int(minutes * MINUTE)


@dataclass
class Place:
    """A real hall whose counters are worked at."""

    running: halls.Running
    clock: HandClock
    _tokens: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def house(self) -> House:
        return self.running.house

    @property
    def hall(self) -> Hall:
        return self.house.hall

    @property
    def url(self) -> str:
        return self.running.url

    @property
    def services(self) -> tuple[str, ...]:
        """What counter 5 gives: where these tests work."""
        return self.hall.plan.counters["5"].services

    async def take(self, service: str = "", priority: str = "", language: str = "id") -> Ticket:
        """A citizen takes a number."""
        token = f"token-{next(self._tokens)}"
        await self.does(
            c.IssueTicket(
                service=service or self.services[0], token=token, priority=priority,
                language=language,
            )
        )  # fmt: skip
        found = self.hall.ticket_by_token(token)
        assert found is not None
        return found

    async def queue(self, count: int) -> list[Ticket]:
        """Citizens for counter 5, over all its services."""
        return [await self.take(self.services[i % len(self.services)]) for i in range(count)]

    async def does(self, command: c.Command) -> tuple[Entry, ...]:
        """Somebody does this, away from any page."""
        return await self.house.desk.submit(command)

    async def staff(self, name: str, role: Role = "operator") -> tuple[Identity, str]:
        """A colleague, signed in: the identity and the session's secret."""
        office = self.house.office
        first = await office.add_user(name, role)
        signed_in = await office.sign_in(name, first, "test")
        signed_in = await office.change_password(signed_in.session.user.id, first, PASSWORD)
        return signed_in.session.identity, signed_in.secret

    async def opened(self, identity: Identity, counter: str = "5") -> None:
        """They open a counter."""
        await self.does(c.OpenCounter(counter=counter, by=actor(identity)))

    def current(self, counter: str = "5") -> Ticket | None:
        """The ticket at a counter."""
        return self.hall.tickets.get(self.hall.counters[counter].current)

    def called(self) -> list[Ticket]:
        """Every ticket that was called today."""
        return [ticket for ticket in self.hall.tickets.values() if ticket.calls]

    def cookie(self, secret: str) -> Any:
        """As Playwright's `add_cookies` takes it."""
        return {"name": COOKIE, "value": secret, "url": self.url}


@contextlib.asynccontextmanager
async def place(path: Path, **variables: str) -> AsyncIterator[Place]:
    """The real application, on a clock that stands still until a test moves it."""
    clock = HandClock()
    async with halls.running(path, halls.config(**variables), clock) as running:
        yield Place(running, clock)
