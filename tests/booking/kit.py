"""A room of bookings on disk, with a clock that stands still, and sessions to book."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from queue_server.booking.bookings import Bookings
from queue_server.booking.codes import Seal
from queue_server.booking.model import Booking, Who
from queue_server.booking.rules import Key, Session
from queue_server.config import BookingSection
from queue_server.core.plan import MINUTE
from tests.citizens.hall import HandClock
from tests.core.story import clock

NOW = clock("2026-11-24 07:00")
SESSION = Session(
    Key("dukcapil", "2026-11-25", 540), 600, 2,
    clock("2026-11-25 09:00"), clock("2026-11-25 10:00"),
)  # fmt: skip
"""Wednesday 09:00-10:00, two places."""


def other(minutes: int, quota: int = 2) -> Session:
    """A session of an hour that begins so many minutes after `SESSION`."""
    key = replace(SESSION.key, start=SESSION.key.start + minutes)
    shift = minutes * MINUTE
    return Session(key, SESSION.end + minutes, quota, SESSION.begins + shift, SESSION.ends + shift)


class Desk:
    """The room, and the acts that tests repeat."""

    def __init__(self, room: Bookings, time: HandClock) -> None:
        self.room = room
        self.time = time
        self._made = 0

    async def hold(self, session: Session = SESSION, key: str = "", **who: Any) -> Booking:
        self._made += 1
        key = key or f"form-{self._made}"
        return await self.room.hold(session, "ktp", "dukcapil", Who(**who), key)

    async def book(self, session: Session = SESSION, key: str = "", **who: Any) -> Booking:
        return await self.room.book(session, "ktp", "dukcapil", Who(**who), key, "digest")

    async def state(self, found: Booking) -> str:
        again = await self.room.of_token(found.token)
        assert again is not None
        return again.state

    def later(self, minutes: int) -> None:
        self.time.time += minutes * MINUTE


@contextlib.asynccontextmanager
async def opened(folder: Path, **settings: Any) -> AsyncIterator[Desk]:
    """The room over `bookings.db` of a folder."""
    time = HandClock(NOW)
    section = BookingSection(**settings)
    room = Bookings(folder / "bookings.db", section, Seal(b"k" * 32), time)
    await room.open()
    try:
        yield Desk(room, time)
    finally:
        await room.close()
