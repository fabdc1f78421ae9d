"""The journal's interface: what the Desk relies on, whatever the engine.

An append is certain to have happened when it returns. It fails in three ways only, and each
tells the Desk what it may still believe.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..core.events import Entry


class JournalError(Exception):
    """An append that did not return."""


class Conflict(JournalError):
    """Certainly not written: another writer has the place. This state is stale: read again."""


class Full(JournalError):
    """Certainly not written: no space. Refuse, and go on."""


class Unknown(JournalError):
    """Perhaps written (an I/O error, a failed sync): believe nothing, start again."""


class Damaged(Exception):
    """The journal's rows do not verify. Nothing is served from it; the message says where."""


class Journal(Protocol):
    """An open journal. One writer; entries are dense from id 1."""

    @property
    def epoch(self) -> str:
        """The journal's own random name: cursors of another epoch mean nothing here."""

    async def start(self) -> list[Entry]:
        """Open or reopen, recover, verify the day's chain; entries since the last DayOpened."""

    async def append(self, expected: int, entries: Sequence[Entry]) -> None:
        """Make entries durable as expected+1 ... Raises Conflict, Full, Unknown."""

    async def read(self, after: int, limit: int) -> list[Entry]:
        """Up to `limit` durable entries after an id, oldest first."""

    async def make_room(self) -> bool:
        """Give the reserved space back after Full; False when there was none left to give."""

    async def keep_room(self) -> bool:
        """Put the reserve aside again, if the disk has plenty; whether it is there."""

    async def close(self) -> None:
        """Checkpoint and close."""
