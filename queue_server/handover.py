"""Documents change hands: when a ticket that fetches one is served, its application is done.

Hangs behind the Desk: a call never waits for it. What a crash left undone is found in the journal
at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from .core.events import Entry, ServiceFinished, TicketIssued
from .core.model import Hall
from .desk import Desk
from .order import Unavailable
from .tracking.room import Tracking

log = logging.getLogger(__name__)

PAGE = 1000
"""Entries read at a time."""
PAUSE = 5.0
"""Seconds until the next try when the file can't be written."""


class Handover:
    """`start` after the Desk, `told` after every durable group, `close` before the rooms."""

    def __init__(self, desk: Desk, tracking: Tracking) -> None:
        self._desk = desk
        self._tracking = tracking
        self._served: dict[str, str] = {}
        self._new = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def told(self, hall: Hall, entries: Sequence[Entry]) -> None:
        """Note the tickets that were served now."""
        for entry in entries:
            if isinstance(entry.event, ServiceFinished):
                ticket = hall.tickets.get(entry.event.ticket)
                if ticket is not None and self._tracking.pickups.of(ticket.token):
                    self._served[ticket.token] = entry.by
                    self._new.set()

    async def start(self) -> None:
        """Make up for what was served and not handed over, then follow. Raises Unavailable."""
        await self._catch_up()
        self._task = asyncio.create_task(self._run(), name="handover")

    async def close(self) -> None:
        """Stop; what is left is made up for at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._new.wait()
            self._new.clear()
            try:
                await self._hand_over()
            except Unavailable:
                asyncio.get_running_loop().call_later(PAUSE, self._new.set)
            except Exception:
                log.exception("a document was not handed over; it is tried again")
                asyncio.get_running_loop().call_later(PAUSE, self._new.set)

    async def _hand_over(self) -> None:
        for token, by in list(self._served.items()):
            await self._tracking.hand_over(token, by)
            del self._served[token]

    async def _catch_up(self) -> None:
        since = self._tracking.pickups.since()
        if not since:
            return
        tokens: dict[int, str] = {}
        after = await self._version_at(since)
        while entries := await self._desk.read(after, PAGE):
            after = entries[-1].id
            for entry in entries:
                event = entry.event
                if isinstance(event, TicketIssued) and self._tracking.pickups.of(event.token):
                    tokens[entry.id] = event.token
                elif isinstance(event, ServiceFinished) and event.ticket in tokens:
                    self._served[tokens[event.ticket]] = entry.by
        await self._hand_over()
        today = self._desk.hall.tokens
        await self._tracking.pickups.settle(lambda token: token not in today)

    async def _version_at(self, moment: int) -> int:
        """The last version before a moment (epoch ms): ids have no gaps, times don't go back."""
        low, high = 0, self._desk.hall.version
        while low < high:
            middle = (low + high) // 2
            (entry,) = await self._desk.read(middle, 1)
            low, high = (middle + 1, high) if entry.at < moment else (low, middle)
        return low
