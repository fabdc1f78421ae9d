"""A printing room with virtual printers, at a test's pace."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from queue_server.config import PrinterSection
from queue_server.core.model import Ticket
from queue_server.printing import Job, Printing
from queue_server.printing import deliver as delivering
from queue_server.printing import worker as working

from .printer import PATIENCE

START = 1_795_399_200_000
URL = "https://antrean.example/t/"


class Hands:
    """A clock that tests turn. Epoch milliseconds."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> int:
        return self.at


class Composer:
    """Papers of a few lines."""

    def ticket(self, ticket: Ticket) -> str:
        return (
            f"<paper><copy>SALINAN</copy><number>{ticket.number}</number>"
            f"<line>{ticket.number}</line><qr>{URL}{ticket.token}</qr></paper>"
        )

    def test(self, name: str) -> str:
        return f"<paper><line>{name}</line></paper>"


class Room:
    """A printing room, and what happens to it."""

    def __init__(self, path: Path, clock: Hands, printers: dict[str, PrinterSection]) -> None:
        self.clock = clock
        self.printing = Printing(path, printers, 10, clock)
        self.printing.composer = Composer()
        self._changed = asyncio.Event()
        self.printing.listeners.append(self._changed.set)

    async def print(self, number: str, printer: str = "depan", key: str = "") -> Job:
        key = key or f"key-{number}-{printer}"
        return await self.printing.print_ticket(ticket(number), printer, key=key, by="k")

    async def until(self, seen: Callable[[], object]) -> None:
        """Wait until it is so; looked at after every change."""
        async with asyncio.timeout(PATIENCE):
            while not seen():
                self._changed.clear()
                await self._changed.wait()

    async def until_job(self, id: int, state: str, reason: str = "") -> Job:
        """Wait until the job is in that state, for that reason."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._changed.clear()
                job = await self.printing.find(id)
                assert job is not None
                if (job.state, job.reason) == (state, reason):
                    return job
                await self._changed.wait()


def ticket(number: str) -> Ticket:
    return Ticket(
        id=1, number=number, token=f"token-of-{number}", service="s", line="s", status="waiting",
        issued=START, joined=START,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def room(path: Path, clock: Hands, **printers: PrinterSection) -> AsyncIterator[Room]:
    """Open and printing, closed at the end."""
    made = Room(path, clock, printers)
    await made.printing.open()
    made.printing.start()
    try:
        yield made
    finally:
        await made.printing.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """People mend printers in seconds, tests in hundredths."""
    monkeypatch.setattr(working, "LOOK_BLOCKED", 0.02)
    monkeypatch.setattr(working, "BACKOFF", (0.02,))
    monkeypatch.setattr(delivering, "LOOK", 0.02)
    monkeypatch.setattr(delivering, "TRIAL", 0.3)
