"""What happens to bookings by themselves: holds run out, unused ones expire, the outside is told.

One task of the house. The audit is the outbox: what happened is durable before anybody is told,
and is told again after a crash, with the same id.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import Any

from .arrivals import numbered
from .booking.codes import spelled
from .booking.model import Audit, Booking
from .core.calendar import local
from .house import House
from .notify.contacts import subject_of
from .order import Unavailable
from .retention import noted

log = logging.getLogger(__name__)

PERIOD = 30.0
"""Seconds between two looks at the clock."""
HOUR = 3_600_000
OVER = frozenset({"cancelled", "expired", "checked_in"})
"""After these a booking's contact is needed no more, but for the message that says so."""


class Bookkeeper:
    """`start` once the Desk runs, `close` before it stops."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._task: asyncio.Task[None] | None = None
        self._forgot = ""

    async def start(self) -> None:
        """Settle what a crash left between booking and ticket, then look after the rest."""
        for found in await self._house.rooms.bookings.unsettled():
            await self._settle(found, give_up=True)
        self._task = asyncio.create_task(self._run(), name="bookkeeper")

    async def close(self) -> None:
        """Stop; what is left is done after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """What the time has brought."""
        bookings, now = self._house.rooms.bookings, self._house.clock.now()
        for found in await bookings.unsettled():
            # Nothing can be under way for an hour: only then may it be given up.
            await self._settle(found, give_up=found.ends + HOUR < now)
        await bookings.sweep()
        if self._forgot != self._house.hall.day:
            gone = await bookings.forget()
            await noted(self._house, "bookings", gone, "booking.keep_days")
            self._forgot = self._house.hall.day

    async def tell(self) -> None:
        """Tell the outside what it does not know yet."""
        bookings = self._house.rooms.bookings
        while untold := await bookings.untold():
            for audit, found in untold:
                await self._tell(audit, found)
            await bookings.told([audit.id for audit, _ in untold])

    async def _tell(self, audit: Audit, found: Booking) -> None:
        notify, subject = self._house.rooms.notify, subject_of(found.token)
        await notify.emit(
            f"booking.{audit.what}", self._news(audit, found), subject=subject,
            id=f"{self._house.desk.epoch}-b{audit.id}",
        )  # fmt: skip
        if audit.what in OVER:
            await notify.contacts.end({subject: self._house.clock.now() + HOUR})

    async def _run(self) -> None:
        changed = self._house.rooms.bookings.changed
        while True:
            changed.clear()
            try:
                await self.look()
                await self.tell()
            except (Unavailable, sqlite3.Error) as reason:
                log.warning("bookings are looked after later: %s", reason)
            except Exception:
                # Whatever it was, the next look finds the same: nothing is lost meanwhile.
                log.exception("bookings could not be looked after")
            try:
                async with asyncio.timeout(PERIOD):
                    await changed.wait()
            except TimeoutError:
                continue

    async def _settle(self, found: Booking, *, give_up: bool) -> None:
        """A booking that was claimed has its number, or has none and stands again."""
        bookings, ticket = self._house.rooms.bookings, numbered(self._house.hall, found)
        if ticket is not None:
            await bookings.settle(found.id, ticket.id, "system")
        elif give_up:
            await bookings.release(found.id, found.attempt)

    def _news(self, audit: Audit, found: Booking) -> dict[str, Any]:
        """What a message says: no name, no number; the page's address is the holder's secret."""
        hours = self._house.hall.plan.hours
        return {
            "booking": found.opaque,
            "code": spelled(found.code),
            "service": found.service,
            "agency": found.agency,
            "starts_at": local(found.begins, hours).isoformat(timespec="seconds"),
            "ends_at": local(found.ends, hours).isoformat(timespec="seconds"),
            "reason": audit.detail or None,
            "language": found.language,
            "url": f"{self._house.url}/booking/{found.token}",
            "ticket": found.ticket or None,
        }
