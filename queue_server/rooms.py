"""The rooms that remember something besides the journal: opened together, closed together.

Each has a SQLite file of its own in the data folder (`Folder.room`). A room knows no surface and
no Desk; what it needs of the hall it is handed.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from .clock import Clock
from .config import Config
from .folder import Folder


@dataclass(slots=True)
class Rooms:
    """What `house.rooms` offers."""


@contextlib.asynccontextmanager
async def open_rooms(config: Config, folder: Folder, clock: Clock) -> AsyncIterator[Rooms]:
    """Every room, ready. Raises sqlite3.Error, ValueError when a file cannot be used."""
    async with contextlib.AsyncExitStack():
        yield Rooms()
