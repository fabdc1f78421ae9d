"""What the journal's tests share: a day of entries, and connections that break when told."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from queue_server.core import events as e
from queue_server.journal.sqlite import SqliteJournal
from tests.core.story import PLAN


def entries(first: int, last: int) -> list[e.Entry]:
    """Entries of a day that opens with entry 2."""
    made = {
        1: e.Entry(1, 1000, "system", e.Started()),
        2: e.Entry(2, 1000, "system", e.DayOpened("2026-11-23", PLAN)),
    }
    return [made.get(id) or ticket(id) for id in range(first, last + 1)]


def ticket(id: int) -> e.Entry:
    """A number taken, with a key: entry `id`."""
    event = e.TicketIssued(f"A-{id:03}", id, f"token{id}", "passport")
    return e.Entry(id, 1000 + id, "kiosk", event, f"key{id}", "digest", 1)


@asynccontextmanager
async def opened(path: Path, *, reserve: int = 0, last: int = 0) -> AsyncIterator[SqliteJournal]:
    """A started journal, with entries up to `last` when it is new; closed at the end."""
    journal = SqliteJournal(path, reserve=reserve)
    await journal.start()
    if last:
        await journal.append(0, entries(1, last))
    try:
        yield journal
    finally:
        await journal.close()


def sqlite_error(code: int, text: str = "injected") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


class Breaking:
    """A connection that fails at a statement, after carrying it out or before."""

    def __init__(
        self, db: sqlite3.Connection, errors: dict[str, sqlite3.Error], *, carried_out: bool = False
    ) -> None:
        self.db, self.errors, self.carried_out = db, errors, carried_out

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
        error = self.errors.get(sql.split()[0])
        if error is not None:
            if self.carried_out:
                self.db.execute(sql, *more)
            raise error
        return self.db.execute(sql, *more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)
