"""What is read of the bookings: all of it durable."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from ..clock import Clock
from ..config import BookingSection
from ..store import Store
from . import codes, schema
from .ledger import TAKES
from .model import COLUMNS, Audit, Booking, of_row
from .rules import Key

COUNTED = "SELECT pool, day, start, count(*) FROM bookings"
AUDIT = "SELECT id, at, who, what, booking, detail FROM audit"


class Shelf:
    """The file, its reading side. `await open()` before use, `await close()` in the end."""

    def __init__(self, path: Path, section: BookingSection, seal: codes.Seal, clock: Clock) -> None:
        self.seal = seal
        self.changed = asyncio.Event()
        """Set by every change: there may be something to tell."""
        self._section = section
        self._clock = clock
        self._store = Store(path, schema.STEPS, private=True)

    def configure(self, section: BookingSection) -> None:
        """Follow settings that have changed."""
        self._section = section

    async def open(self) -> None:
        """Open the file. Raises sqlite3.Error, ValueError."""
        await self._store.open()

    async def close(self) -> None:
        """Finish what is under way."""
        await self._store.close()

    async def of_token(self, token: str) -> Booking | None:
        """The booking behind a secret link."""
        return await self._one("token = ?", token)

    async def find(self, text: str) -> Booking | None:
        """The booking of a scanned address, a token or a typed code; never a mere hold."""
        given = codes.typed(text)
        where = "(code = ? OR token = ?) AND state NOT IN ('held', 'dropped')"
        return await self._one(where, given, given)

    async def of_day(self, day: str) -> list[Booking]:
        """All of a date that were ever booked, by time."""
        where = "day = ? AND state NOT IN ('held', 'dropped') ORDER BY start, id"
        return await self._many(where, day)

    async def of_device(self, device: str) -> list[Booking]:
        """What a device has booked and not used yet, by time."""
        if not device:
            return []
        return await self._many("device = ? AND state = 'booked' ORDER BY begins, id", device)

    async def unsettled(self) -> list[Booking]:
        """Claimed bookings whose number isn't written here yet: a crash came between."""
        return await self._many("state = 'checked_in' AND ticket = 0")

    async def taken(self, first: str, last: str, pool: str = "") -> dict[Key, int]:
        """Places taken in the sessions from one date to another (of a pool, or of all)."""
        where = f"day BETWEEN ? AND ? AND {TAKES} AND ? IN ('', pool)"
        rows = await self._store.read(
            f"{COUNTED} WHERE {where} GROUP BY pool, day, start",
            (first, last, self._clock.now(), pool),
        )
        return {Key(*row[:3]): row[3] for row in rows}

    async def quotas(self, first: str, last: str) -> dict[Key, int]:
        """The sessions whose quota the staff has set, with it."""
        rows = await self._store.read(
            "SELECT pool, day, start, quota FROM quotas WHERE day BETWEEN ? AND ?", (first, last)
        )
        return {Key(*row[:3]): row[3] for row in rows}

    async def no_shows(self, phone: str) -> int:
        """How often who has this number booked and did not come, as far as it is remembered."""
        if not phone:
            return 0
        sql = "SELECT count(*) FROM bookings WHERE phone = ? AND state = 'expired'"
        return int((await self._store.read(sql, (phone,)))[0][0])

    async def history(self, booking: int) -> list[Audit]:
        """What happened to a booking, oldest first."""
        rows = await self._store.read(f"{AUDIT} WHERE booking = ? ORDER BY id", (booking,))
        return [Audit(*row) for row in rows]

    # Telling ------------------------------------------------------------------------------

    async def untold(self, limit: int = 100) -> list[tuple[Audit, Booking]]:
        """What the outside has not been told yet, oldest first."""
        rows = await self._store.read(f"{AUDIT} WHERE told = 0 ORDER BY id LIMIT ?", (limit,))
        found = [Audit(*row) for row in rows]
        marks = ", ".join("?" * len(found))
        known = await self._many(f"id IN ({marks})", *(audit.booking for audit in found))
        by_id = {one.id: one for one in known}
        return [(audit, by_id[audit.booking]) for audit in found if audit.booking in by_id]

    async def told(self, ids: Sequence[int]) -> None:
        """The outside has been told, durably."""
        await self._store.write(*(("UPDATE audit SET told = 1 WHERE id = ?", (id,)) for id in ids))

    # Numbers from afar --------------------------------------------------------------------

    async def remote_of(self, device: str, day: str) -> list[str]:
        """The tokens of the numbers that a device took from afar on a date, oldest first."""
        sql = "SELECT token FROM remote WHERE device = ? AND day = ? ORDER BY at"
        return [row[0] for row in await self._store.read(sql, (device, day))] if device else []

    async def _one(self, where: str, *values: object) -> Booking | None:
        return next(iter(await self._many(where, *values)), None)

    async def _many(self, where: str, *values: object) -> list[Booking]:
        sql = f"SELECT {COLUMNS} FROM bookings WHERE {where}"  # noqa: S608  # literals of this room
        return [of_row(row) for row in await self._store.read(sql, values)]
