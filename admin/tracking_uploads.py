"""Uploaded spreadsheets between the look at them and the deed: in memory only, for what staff
upload may hold what the hall must not keep."""

from __future__ import annotations

import secrets
from collections import OrderedDict

from msgspec import Struct
from msgspec.structs import replace

from .tracking_sheet import Upload

MOST = 20
KEPT = 60 * 60_000
"""Milliseconds until an upload is forgotten."""


class Pending(Struct, frozen=True):
    """Somebody's upload. `done`: how many changes it has made, -1: none yet."""

    by: str
    at: int
    name: str
    upload: Upload
    done: int = -1


class Uploads:
    """Each under a random id."""

    def __init__(self) -> None:
        self._pending: OrderedDict[str, Pending] = OrderedDict()

    def keep(self, by: str, at: int, name: str, upload: Upload) -> str:
        """The id of a new one; the oldest make room."""
        id = secrets.token_urlsafe(16)
        self._pending[id] = Pending(by, at, name, upload)
        while len(self._pending) > MOST:
            self._pending.popitem(last=False)
        return id

    def of(self, id: str, by: str, now: int) -> Pending | None:
        """Somebody's own upload; None when it is forgotten, or another's."""
        found = self._pending.get(id)
        if found is None or found.by != by or now - found.at > KEPT:
            return None
        return found

    def finish(self, id: str, count: int) -> None:
        """It has made its changes: its rows are forgotten, the count is remembered."""
        found = self._pending[id]
        self._pending[id] = replace(found, upload=Upload((), 0), done=count)
