"""The office's tables, in numbered steps: `PRAGMA user_version` counts those that are done."""

from __future__ import annotations

import aiosqlite

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE users (
             id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE,
             role TEXT NOT NULL, password TEXT NOT NULL, must_change INTEGER NOT NULL,
             created INTEGER NOT NULL) STRICT""",
        """CREATE TABLE sessions (
             hash BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
             created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT""",
        "CREATE INDEX sessions_of ON sessions(user)",
        """CREATE TABLE tokens (
             id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
             role TEXT NOT NULL, created INTEGER NOT NULL) STRICT""",
    ),
)
"""Ids are never used again (AUTOINCREMENT): the journal names people by them for years."""


async def migrate(db: aiosqlite.Connection) -> None:
    """Bring the file up to the last step, each step in one transaction.

    Raises ValueError when a newer release wrote the file.
    """
    async with db.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    done = int(row[0]) if row else 0
    if done > len(STEPS):
        raise ValueError(f"office.db is of a newer release: step {done}, not {len(STEPS)}")
    for number, statements in enumerate(STEPS[done:], done + 1):
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
