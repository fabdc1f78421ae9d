"""The office's SQLite file: WAL, `synchronous=FULL`, one connection, writes one at a time."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from .problems import Problem
from .schema import migrate

log = logging.getLogger(__name__)

Write = tuple[str, Sequence[object]]
"""A statement and its values."""


class Store:
    """Open before use, close in the end: aiosqlite's thread keeps a process alive."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: aiosqlite.Connection | None = None
        self._writing = asyncio.Lock()

    async def open(self) -> None:
        """Open the file and bring it up to date. Raises sqlite3.Error, ValueError."""
        self._path.touch(mode=0o600)  # its sidecars get the same mode from SQLite
        db = await aiosqlite.connect(self._path, isolation_level=None)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                await db.execute(f"PRAGMA {pragma}")
            await migrate(db)
        except BaseException:
            await db.close()
            raise
        self._db = db

    async def close(self) -> None:
        """Finish the write that is under way, then close."""
        async with self._writing:
            if self._db is not None:
                await self._db.close()
                self._db = None

    async def read(self, sql: str) -> list[Any]:
        """All rows. Raises sqlite3.Error."""
        assert self._db is not None, "open before use"
        return list(await self._db.execute_fetchall(sql))

    async def write(self, *writes: Write) -> int:
        """Carry the statements out as one transaction; the last row's id.

        The caller's cancellation can't leave half of it. Raises Problem 503.
        """
        try:
            return await asyncio.shield(self._write(writes))
        except sqlite3.Error as error:
            log.error("office.db cannot be written: %s", error)
            raise Problem(503, "office_unavailable", headers={"Retry-After": "5"}) from None

    async def _write(self, writes: Sequence[Write]) -> int:
        async with self._writing:
            assert self._db is not None, "open before use"
            await self._db.execute("BEGIN IMMEDIATE")
            try:
                last = 0
                for sql, values in writes:
                    async with self._db.execute(sql, tuple(values)) as cursor:
                        last = cursor.lastrowid or 0
                await self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has rolled it back already
                    await self._db.execute("ROLLBACK")
                raise
            return last
