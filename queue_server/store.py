"""A room's own SQLite file: WAL, `synchronous=FULL`, one connection that writes, one that reads.

A room that remembers something besides the journal (users, bookings, applications, answers, print
jobs) has one file of its own, named after it. What is read is durable: the reading connection
sees no transaction that is still open.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from .order import Unavailable

log = logging.getLogger(__name__)

Write = tuple[str, Sequence[object]]
"""A statement and its values."""
Steps = tuple[tuple[str, ...], ...]
"""A file's schema as numbered steps of statements: `PRAGMA user_version` counts those done."""
T = TypeVar("T")


class Transaction:
    """What a change may do while it holds the file: it sees its own writes, nobody else does."""

    def __init__(self, db: aiosqlite.Connection) -> None:
        self._db = db

    async def read(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """All rows."""
        return list(await self._db.execute_fetchall(sql, tuple(values)))

    async def write(self, sql: str, values: Sequence[object] = ()) -> int:
        """Carry a statement out; the last row's id."""
        async with self._db.execute(sql, tuple(values)) as cursor:
            return cursor.lastrowid or 0


class Store:
    """Open before use, close in the end: aiosqlite's threads keep a process alive.

    `private`: what is deleted is overwritten in the file (`secure_delete`); `scrub` then takes it
    out of the write-ahead log too. For personal data.
    """

    def __init__(self, path: Path, steps: Steps, *, private: bool = False) -> None:
        self._path = path
        self._steps = steps
        self._private = private
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._writing = asyncio.Lock()

    async def open(self) -> None:
        """Open the file and bring it up to date. Raises sqlite3.Error, ValueError."""
        self._path.touch(mode=0o600)  # its sidecars get the same mode from SQLite
        db = await aiosqlite.connect(self._path, isolation_level=None)
        try:
            pragmas = ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"]
            for pragma in (*pragmas, *(["secure_delete=ON"] if self._private else [])):
                await db.execute(f"PRAGMA {pragma}")
            await migrate(db, self._steps, self._path.name)
            self._reader = await aiosqlite.connect(
                f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
            )
        except BaseException:
            await db.close()
            raise
        self._writer = db

    async def close(self) -> None:
        """Finish the write that is under way, then close."""
        async with self._writing:
            for db in (self._reader, self._writer):
                if db is not None:
                    await db.close()
            self._reader = self._writer = None

    async def read(
        self, sql: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[Any]:
        """All rows. Raises sqlite3.Error."""
        assert self._reader is not None, "open before use"
        given: Any = dict(values) if isinstance(values, Mapping) else tuple(values)
        return list(await self._reader.execute_fetchall(sql, given))

    async def write(self, *writes: Write) -> int:
        """Carry the statements out as one transaction; the last row's id. Raises Unavailable."""

        async def change(transaction: Transaction) -> int:
            last = 0
            for sql, values in writes:
                last = await transaction.write(sql, values)
            return last

        return await self.carry_out(change)

    async def carry_out(self, change: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run a change as one transaction, alone: what it read still holds when it writes.

        What the change raises rolls it back and is raised here. The caller's cancellation can't
        leave half of it. Raises Unavailable (503) when the file can't be written.
        """
        try:
            return await asyncio.shield(self._carry_out(change))
        except sqlite3.IntegrityError:
            raise  # a rule of the schema, not of the disk: the caller knows what it means
        except sqlite3.Error as error:
            log.error("%s cannot be written: %s", self._path.name, error)
            raise Unavailable("storage_unavailable", retry_after=5) from None

    async def scrub(self) -> None:
        """Take what was deleted out of the write-ahead log."""
        async with self._writing:
            assert self._writer is not None, "open before use"
            await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _carry_out(self, change: Callable[[Transaction], Awaitable[T]]) -> T:
        async with self._writing:
            db = self._writer
            assert db is not None, "open before use"
            await db.execute("BEGIN IMMEDIATE")
            try:
                outcome = await change(Transaction(db))
                await db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # a full disk has rolled it back already
                    await db.execute("ROLLBACK")
                raise
            return outcome


async def migrate(db: aiosqlite.Connection, steps: Steps, name: str) -> None:
    """Bring the file up to the last step, each step in one transaction.

    Raises ValueError when a newer release wrote the file.
    """
    async with db.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    done = int(row[0]) if row else 0
    if done > len(steps):
        raise ValueError(f"{name} is of a newer release: step {done}, not {len(steps)}")
    for number, statements in enumerate(steps[done:], done + 1):
        await db.execute("BEGIN IMMEDIATE")
        try:
            # One by one: executescript would commit the transaction that is open.
            for statement in statements:
                await db.execute(statement)
            await db.execute(f"PRAGMA user_version = {number}")
            await db.execute("COMMIT")
        except BaseException:
            await db.execute("ROLLBACK")
            raise
