"""Why a supervisor did something, in words: kept beside the journal, never in it.

A reason is written before its act, under the act's idempotency key; the journal's entry carries
the same key. So an act that stands has its reason, and a reason whose act was refused is taken
away again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..store import Steps, Store

STEPS: Steps = (
    (
        "CREATE TABLE reasons (key TEXT PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL)"
        " STRICT, WITHOUT ROWID",
    ),
)
MOST = 200
"""Characters of a reason."""


class Reasons:
    """The file of reasons. Open before use, close in the end."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, STEPS, private=True)

    async def open(self) -> None:
        """Raises sqlite3.Error, ValueError."""
        await self._store.open()

    async def close(self) -> None:
        await self._store.close()

    async def keep(self, key: str, at: int, text: str) -> None:
        """Before the act; the same key again keeps the first. Raises Unavailable."""
        await self._store.write(
            ("INSERT INTO reasons VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (key, at, text))
        )

    async def drop(self, key: str) -> None:
        """The act did not come about. Raises Unavailable."""
        await self._store.write(("DELETE FROM reasons WHERE key = ?", (key,)))

    async def of(self, keys: Iterable[str]) -> dict[str, str]:
        """The reasons of these keys, as far as there are any."""
        wanted = tuple(dict.fromkeys(keys))
        found: dict[str, str] = {}
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            places = ",".join("?" * len(some))
            sql = f"SELECT key, text FROM reasons WHERE key IN ({places})"  # noqa: S608 - places only
            found |= dict(await self._store.read(sql, some))
        return found
