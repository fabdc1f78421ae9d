"""The journal in SQLite: WAL, `synchronous=FULL`, one writing connection in one thread.

Only this connection ever checkpoints; readers open `mode=ro` (SQLite up to 3.51.2 can corrupt
a WAL that two connections reset at once). Rules and figures: docs/durability.md.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from ..core.events import Entry
from .log import Conflict, Damaged, Full, JournalError, Unknown
from .rows import Row, from_rows, to_rows, verified

SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
  id INTEGER PRIMARY KEY, opens INTEGER NOT NULL, body BLOB NOT NULL, crc INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS opens ON journal(id) WHERE opens;
CREATE TABLE IF NOT EXISTS about (epoch TEXT NOT NULL, last INTEGER NOT NULL) STRICT;
"""
# `about.last` is the newest entry's id, on a page of its own: a lost tail shows by it.
FORMAT = 1
"""`PRAGMA user_version` of the files that this release writes."""
PAGE = 2000
"""Rows read at a time: a long cursor would keep the WAL from being reset."""
RESERVE = 16 * 1024 * 1024
"""Bytes kept aside, given back when the disk is full so that calls go on."""
NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
"""How SQLite says at a start that the disk is full: the second when it can't make its index."""

T = TypeVar("T")


class SqliteJournal:
    """A journal in one file. Every method runs its SQLite work in the writer's thread."""

    def __init__(self, path: Path, *, reserve: int = RESERVE) -> None:
        self.path = path
        self._reserve = path.with_name("reserve")
        self._reserve_size = reserve
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._db: sqlite3.Connection | None = None
        self._epoch = ""
        self._crc = 0
        self._last = 0

    @property
    def epoch(self) -> str:
        return self._epoch

    async def start(self) -> list[Entry]:
        return await self._run(self._start)

    async def append(self, expected: int, entries: Sequence[Entry]) -> None:
        await self._run(lambda: self._append(expected, entries))

    async def read(self, after: int, limit: int) -> list[Entry]:
        return await self._run(lambda: self._read(after, limit))

    async def make_room(self) -> bool:
        return await self._run(self._make_room)

    async def keep_room(self) -> bool:
        return await self._run(self._keep_room)

    async def close(self) -> None:
        await self._run(self._close)
        self._thread.shutdown()

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # In the writer's thread ---------------------------------------------------------------

    def _start(self) -> list[Entry]:
        self._abandon()
        try:
            db = self._db = connect(self.path)
            # A crash before may have left commits that were never synced: make them so.
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._epoch = _about(db)[0]
            rows = list(_day(db))
        except sqlite3.Error as error:
            kind = Full if _code(error) in NO_ROOM else Unknown
            raise kind(f"the journal cannot be opened: {error}") from error
        except UnicodeDecodeError as error:  # sqlite3 trips over a message that quotes garbage
            raise Damaged(f"the journal cannot be opened: {error.object!r}") from error
        self._last, self._crc = (rows[-1][0], rows[-1][3]) if rows else (0, 0)
        self._keep_room(2)
        return list(from_rows(rows))

    def _append(self, expected: int, entries: Sequence[Entry]) -> None:
        db = self._db
        if db is None:
            raise Unknown("the journal is closed")
        if expected != self._last:
            raise Conflict(f"expected version {expected}, found {self._last}")
        rows = to_rows(self._crc, entries)
        try:
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO journal VALUES (?, ?, ?, ?)", rows)
            db.execute("UPDATE about SET last = ?", (rows[-1][0],))
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(db, error) from error
        self._last, self._crc = rows[-1][0], rows[-1][3]

    def _failed(self, db: sqlite3.Connection, error: sqlite3.Error) -> JournalError:
        """What may be believed after a failed append. Certain only after a clean rollback."""
        try:
            if db.in_transaction:
                db.execute("ROLLBACK")
        except sqlite3.Error:
            self._abandon()
            return Unknown(f"the journal could not be written: {error}")
        if _code(error) == sqlite3.SQLITE_FULL:
            return Full("the disk is full")
        if _code(error) == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
            return Conflict("another process wrote to the journal")
        self._abandon()
        return Unknown(f"the journal could not be written: {error}")

    def _read(self, after: int, limit: int) -> list[Entry]:
        if self._db is None:
            raise Unknown("the journal is closed")
        try:
            rows = _page(self._db, after, limit)
            before = _crc(self._db, after) if rows else 0
        except sqlite3.Error as error:
            raise Unknown(f"the journal could not be read: {error}") from error
        return list(from_rows(verified(rows, after, before)))

    def _make_room(self) -> bool:
        if not self._reserve.exists():
            return False
        self._reserve.unlink()
        return True

    def _keep_room(self, times: int = 4) -> bool:
        """Where the reserve's size is free so many times: while it runs, a disk that has just
        become a little less full is left alone."""
        if not self._reserve_size or self._reserve.exists():
            return True
        disk = os.statvfs(self.path.parent)
        size = min(self._reserve_size, disk.f_blocks * disk.f_frsize // 8)  # a small disk's share
        if disk.f_bavail * disk.f_frsize < times * size:
            return False
        try:
            with open(self._reserve, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, size)
        except OSError:  # a quota, or others were faster: half a reserve is none
            self._reserve.unlink(missing_ok=True)
            return False
        return True

    def _abandon(self) -> None:
        """Nothing of this connection is believed any more; `start` opens another."""
        db, self._db = self._db, None
        if db is not None:
            with suppress(sqlite3.Error):  # what it could not say, the next start will find
                db.close()

    def _close(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):  # no room for it now: the next start tries again
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._abandon()


def connect(path: Path) -> sqlite3.Connection:
    """The writing connection, with its tables made. Raises sqlite3.Error, Damaged."""
    path.touch(mode=0o600)  # it holds the secrets of phone pages; its sidecars get the same mode
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db, path.name)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection, name: str) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA wal_autocheckpoint=1000")
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found not in (0, FORMAT):
        raise Damaged(f"{name} has format {found}; this release reads format {FORMAT}")
    if found == 0:
        db.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";"):
            db.execute(statement)
        db.execute("INSERT INTO about VALUES (?, 0)", (secrets.token_hex(8),))
        db.execute(f"PRAGMA user_version={FORMAT}")
        db.execute("COMMIT")


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that reads beside the writer, and neither writes nor checkpoints."""
    uri = path.absolute().as_uri() + "?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def walk(db: sqlite3.Connection, after: int = 0, crc: int = 0) -> Iterator[Row]:
    """Every row after one, verified to the end, a page at a time. Raises Damaged."""
    _, last = _about(db)  # read first: a writer may go on meanwhile
    while rows := _page(db, after, PAGE):
        yield from verified(rows, after, crc)
        after, crc = rows[-1][0], rows[-1][3]
    if after < last:
        raise Damaged(f"journal: entries {after + 1} to {last} are missing")


def _about(db: sqlite3.Connection) -> tuple[str, int]:
    """The journal's name, and its last entry's id as the last append left it."""
    match db.execute("SELECT epoch, last FROM about").fetchone():
        case (str(epoch), int(last)):
            return epoch, last
    raise Damaged("journal: its own name is missing")


def _page(db: sqlite3.Connection, after: int, limit: int) -> list[Row]:
    query = "SELECT id, opens, body, crc FROM journal WHERE id > ? ORDER BY id LIMIT ?"
    return db.execute(query, (after, limit)).fetchall()


def _crc(db: sqlite3.Connection, id: int) -> int:
    """The checksum that the row after `id` is chained to."""
    if id == 0:
        return 0
    match db.execute("SELECT crc FROM journal WHERE id = ?", (id,)).fetchone():
        case (int(crc),):
            return crc
    raise Damaged(f"journal: entry {id} is missing")


def _day(db: sqlite3.Connection) -> Iterator[Row]:
    """The verified rows from the last opening of a day on."""
    (first,) = db.execute("SELECT coalesce(max(id), 1) FROM journal WHERE opens").fetchone()
    return walk(db, first - 1, _crc(db, first - 1))


def _code(error: sqlite3.Error) -> int:
    """SQLite's extended result code; 0 when the error is not SQLite's own."""
    return getattr(error, "sqlite_errorcode", 0)
