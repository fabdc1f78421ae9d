"""A disk that outlives processes, and a journal on it that fails when told to.

What is written is in the cache: it survives a kill -9, and a power cut only once it is synced.
A group of rows is a transaction: a torn one is dropped by the next start. The chain and the
encoding are the real ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from random import Random

from queue_server.core.events import Entry, Started
from queue_server.journal.log import Conflict, Damaged, Full, Unknown
from queue_server.journal.rows import Row, from_rows, to_rows, verified

ROOMY = 10**9
RESERVE = 40
"""Entries that the reserve holds."""


class Disk:
    """Rows; how many are committed (whole transactions), how many are synced."""

    def __init__(self, synced: Callable[[Sequence[Row]], None]) -> None:
        self.rows: list[Row] = []
        self.committed = 0
        self.durable = 0
        self.room = ROOMY
        self.reserve = RESERVE
        self._synced = synced

    def write(self, rows: Sequence[Row], *, torn: bool = False) -> None:
        del self.rows[self.committed :]
        self.rows += rows
        if not torn:
            self.committed = len(self.rows)
            self.room -= len(rows)

    def sync(self) -> None:
        fresh = self.rows[self.durable : self.committed]
        self.durable = self.committed
        self._synced(fresh)

    def power_cut(self) -> None:
        """What was not synced is gone."""
        del self.rows[self.durable :]
        self.committed = self.durable


class SimJournal:
    """One process's journal. `fault` names what happens to its next append."""

    epoch = "simulated"

    def __init__(self, disk: Disk, dice: Random, now: Callable[[], int]) -> None:
        self.disk, self.dice, self.now = disk, dice, now
        self.fault = ""
        self.slow = 0.0
        self.sick = 0
        """How many more starts fail."""
        self.dead = False
        self.fenced = True
        self.appending = False
        self._torn: list[Row] = []

    async def start(self) -> list[Entry]:
        await self._pass(0.01)
        if self.sick:
            self.sick -= 1
            raise self.dice.choice((Unknown, Unknown, Damaged))("sick")
        del self.disk.rows[self.disk.committed :]
        self._keep_room()
        rows = self.disk.rows
        first = max((i for i, row in enumerate(rows) if row[1]), default=0)
        before = rows[first - 1][3] if first else 0
        return list(from_rows(verified(rows[first:], first, before)))

    async def append(self, expected: int, entries: Sequence[Entry]) -> None:
        self.appending = True
        try:
            await self._append(expected, entries)
        finally:
            self.appending = False

    async def _append(self, expected: int, entries: Sequence[Entry]) -> None:
        disk, fault, self.fault = self.disk, self.fault, ""
        previous = disk.rows[disk.committed - 1][3] if disk.committed else 0
        rows = to_rows(previous, entries)
        self._torn = rows[: len(rows) // 2]
        await self._pass(0.002)
        self._torn = []
        if fault == "conflict":
            foreign = Entry(disk.committed + 1, self._last_time(), "other", Started())
            disk.write(to_rows(previous, [foreign]))
            disk.sync()
        if self.fenced and expected != disk.committed:
            raise Conflict("another writer has the place")
        if fault == "unknown":
            raise Unknown("not written, but who knows")
        if fault == "full" or len(rows) > disk.room:
            raise Full("no space")
        disk.write(rows)
        await self._pass(0.003)
        if fault == "unsynced":
            raise Unknown("written, the sync failed")
        disk.sync()
        if fault == "written":
            raise Unknown("written and synced, the answer was lost")
        await self._pass(0.001)

    async def read(self, after: int, limit: int) -> list[Entry]:
        await self._pass(0.001)
        end = min(after + limit, self.disk.committed)
        return list(from_rows(self.disk.rows[after:end]))

    async def make_room(self) -> bool:
        await self._pass(0.001)
        given, self.disk.reserve = self.disk.reserve, 0
        self.disk.room += given
        return bool(given)

    async def keep_room(self) -> bool:
        await self._pass(0.001)
        return self._keep_room()

    async def close(self) -> None:
        await self._pass(0.001)

    def die(self) -> None:
        """kill -9: nothing of this process reaches the disk any more; perhaps half a write did."""
        if self._torn and not self.dead:
            self.disk.write(self._torn, torn=True)
        self.dead = True

    async def _pass(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.dice.random() + self.slow * self.dice.random())
        if self.dead:
            await asyncio.get_running_loop().create_future()  # never

    def _keep_room(self) -> bool:
        if not self.disk.reserve and self.disk.room > 4 * RESERVE:
            self.disk.reserve = RESERVE
            self.disk.room -= RESERVE
        return bool(self.disk.reserve)

    def _last_time(self) -> int:
        rows = self.disk.rows[: self.disk.committed]
        return next(from_rows(rows[-1:])).at if rows else self.now()
