"""What the Desk's tests share: a journal in memory that obeys the test, a clock, a listener."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from queue_server.clock import Clock
from queue_server.core import commands as c
from queue_server.core.events import DayOpened, Entry
from queue_server.core.model import Hall
from queue_server.core.plan import Plan
from queue_server.desk import Desk
from queue_server.journal.log import Conflict, Full
from tests.core.story import CHIEF, MONDAY
from tests.core.walks import OPEN


class ManualClock:
    def __init__(self, now: int = MONDAY) -> None:
        self.time = now

    def now(self) -> int:
        return self.time


class MemoryJournal:
    """Entries in a list. `faults`: what the next appends fail with, and whether they write all
    the same; `gate`: an append waits for it; `sickness`: what the next starts fail with."""

    epoch = "memory"

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.appends: list[int] = []
        self.faults: deque[tuple[Exception, bool] | None] = deque()
        self.sickness: deque[Exception] = deque()
        self.gate = asyncio.Event()
        self.gate.set()
        self.room: int | None = None
        """How many more entries fit; None: any number."""
        self.reserve = 0
        self.closed = False

    async def start(self) -> list[Entry]:
        if self.sickness:
            raise self.sickness.popleft()
        opens = [i for i, x in enumerate(self.entries) if isinstance(x.event, DayOpened)]
        return self.entries[opens[-1] if opens else 0 :]

    async def append(self, expected: int, entries: Sequence[Entry]) -> None:
        self.appends.append(len(entries))
        await self.gate.wait()
        fault = self.faults.popleft() if self.faults else None
        if fault is not None and not fault[1]:
            raise fault[0]
        if expected != len(self.entries):
            raise Conflict("version")
        if self.room is not None:
            if len(entries) > self.room:
                raise Full("no room")
            self.room -= len(entries)
        self.entries += entries
        if fault is not None:
            raise fault[0]

    async def read(self, after: int, limit: int) -> list[Entry]:
        return self.entries[after : after + limit]

    async def make_room(self) -> bool:
        given, self.reserve = self.reserve, 0
        if given and self.room is not None:
            self.room += given
        return bool(given)

    async def keep_room(self) -> bool:
        if self.room is None:
            self.reserve = self.reserve or 5
        return self.room is None

    async def close(self) -> None:
        self.closed = True


class Bench:
    """A Desk at work, and all that it told."""

    def __init__(self, journal: Any, clock: Clock, plan: Plan) -> None:
        self.journal, self.clock = journal, clock
        self.told: list[tuple[int, list[int]]] = []
        self.desk = Desk(journal, clock, plan, self.tell)

    def tell(self, hall: Hall, entries: Sequence[Entry]) -> None:
        self.told.append((hall.version, [entry.id for entry in entries]))

    async def issue(self, service: str = "passport", **key: str) -> tuple[Entry, ...]:
        command = c.IssueTicket(service=service, token=f"t{id(key)}")
        return await self.desk.submit(command, **key)

    async def open(self, *counters: str) -> None:
        for counter in counters:
            await self.desk.submit(c.OpenCounter(counter=counter, by=CHIEF))

    async def call(self, counter: str, after: int = 0, **key: str) -> tuple[Entry, ...]:
        command = c.CallNext(counter=counter, after=after, by=CHIEF)
        return await self.desk.submit(command, **key)

    def numbers(self) -> list[str]:
        return [ticket.number for ticket in self.desk.hall.tickets.values()]


@asynccontextmanager
async def serving(
    journal: Any = None, clock: Any = None, plan: Plan = OPEN
) -> AsyncIterator[Bench]:
    bench = Bench(journal or MemoryJournal(), clock or ManualClock(), plan)
    await bench.desk.start()
    try:
        yield bench
    finally:
        await bench.desk.close()


async def settle() -> None:
    """Let everything happen that can happen without anything from outside."""
    for _ in range(20):
        await asyncio.sleep(0)


def begin(act: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return asyncio.ensure_future(act)


async def outcomes(*tasks: asyncio.Task[Any]) -> list[Any]:
    """What each came to: its value, or the code of its refusal."""
    done = await asyncio.gather(*tasks, return_exceptions=True)
    return [getattr(x, "code", type(x).__name__) if isinstance(x, Exception) else x for x in done]
