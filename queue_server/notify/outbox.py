"""The outbox: messages and their deliveries in one file, durable before anybody is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ..store import Steps, Store, Transaction
from .messages import Delivery, Message, State

DAY = 24 * 3_600_000
KEPT = {"delivered": 7 * DAY, "dead": 30 * DAY}
"""Milliseconds for which a settled delivery stays in the log."""

STEPS: Steps = (
    (
        "CREATE TABLE messages (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
        " kind TEXT NOT NULL, at INTEGER NOT NULL, subject TEXT NOT NULL, data TEXT NOT NULL)"
        " STRICT",
        "CREATE TABLE deliveries (channel TEXT NOT NULL,"
        " seq INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE, state TEXT NOT NULL,"
        " tries INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, since INTEGER NOT NULL,"
        " tried INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '',"
        " PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID",
        "CREATE INDEX waiting ON deliveries (channel, seq) WHERE state = 'waiting'",
        "CREATE INDEX of_message ON deliveries (seq)",
        "CREATE TABLE followed (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL,"
        " version INTEGER NOT NULL) STRICT",
    ),
)
COLUMNS = (
    "d.seq, d.channel, d.state, d.tries, d.due, d.since, d.tried, d.answer,"
    " m.id, m.kind, m.at, m.subject, m.data"
)
FROM = f"SELECT {COLUMNS} FROM deliveries d JOIN messages m ON m.seq = d.seq"  # noqa: S608  # constants


class Counted(Struct, frozen=True):
    """How much of a channel is in which state, and when something was last delivered (ms; 0)."""

    waiting: int = 0
    delivered: int = 0
    dead: int = 0
    last: int = 0


class Outbox:
    """Over an open `Store`. Raises Unavailable when it can't be written."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(
        self, queued: Iterable[tuple[Message, Sequence[str]]], now: int,
        followed: tuple[str, int] | None = None,
    ) -> int:  # fmt: skip
        """Add messages, each for its channels, and move the cursor, as one; how many were new.

        A message whose id is there already is not added again.
        """
        queued = list(queued)

        async def change(file: Transaction) -> int:
            added = 0
            for message, channels in queued:
                added += await _add(file, message, channels, now)
            if followed is not None:
                await file.write("INSERT OR REPLACE INTO followed VALUES (1, ?, ?)", followed)
            return added

        return await self._store.carry_out(change)

    async def followed(self) -> tuple[str, int] | None:
        """The journal's epoch, and the entry up to which it was followed; None: never yet."""
        rows = await self._store.read("SELECT epoch, version FROM followed")
        return (str(rows[0][0]), int(rows[0][1])) if rows else None

    async def head(self, channel: str) -> Delivery | None:
        """The oldest message that waits for a channel, due or not."""
        rows = await self._store.read(
            f"{FROM} WHERE d.channel = ? AND d.state = 'waiting' ORDER BY d.seq LIMIT 1", (channel,)
        )
        return _delivery(rows[0]) if rows else None

    async def due(self, channel: str, now: int, limit: int) -> list[Delivery]:
        """The oldest messages of a channel that may be tried now."""
        rows = await self._store.read(
            f"{FROM} WHERE d.channel = ? AND d.state = 'waiting' AND d.due <= ?"
            " ORDER BY d.seq LIMIT ?", (channel, now, limit),
        )  # fmt: skip
        return [_delivery(row) for row in rows]

    async def next_due(self, channel: str) -> int | None:
        """When the next of a channel's messages may be tried (epoch ms)."""
        rows = await self._store.read(
            "SELECT min(due) FROM deliveries WHERE channel = ? AND state = 'waiting'", (channel,)
        )
        return None if rows[0][0] is None else int(rows[0][0])

    async def settle(
        self, delivery: Delivery, state: State, now: int, answer: str, due: int = 0
    ) -> None:
        """Note what an attempt came to."""
        sql = (
            "UPDATE deliveries SET state = ?, tries = tries + 1, tried = ?, answer = ?, due = ?"
            " WHERE channel = ? AND seq = ?"
        )
        values = (state, now, answer, due, delivery.channel, delivery.seq)
        await self._store.write((sql, values))

    async def revive(self, channel: str, now: int, seq: int = 0) -> None:
        """Queue a channel's dead letters again: one, or all."""
        sql = (
            "UPDATE deliveries SET state = 'waiting', tries = 0, due = ?, since = ?"
            " WHERE channel = ? AND state = 'dead'"
        )
        one = ((sql + " AND seq = ?"), (now, now, channel, seq))
        await self._store.write(one if seq else (sql, (now, now, channel)))

    async def bury(self, channels: Sequence[str], now: int) -> None:
        """What waits for a channel that is not configured any more is dead."""
        marks = ",".join("?" * len(channels))
        sql = (
            "UPDATE deliveries SET state = 'dead', answer = 'not configured', tried = ?"  # noqa: S608  # only marks
            f" WHERE state = 'waiting' AND channel NOT IN ({marks})"
        )
        await self._store.write((sql, (now, *channels)))

    async def forget_old(self, now: int) -> None:
        """Take settled deliveries out of the log when their time has come."""
        await self._store.write(
            *(
                ("DELETE FROM deliveries WHERE state = ? AND tried < ?", (state, now - kept))
                for state, kept in KEPT.items()
            ),
            (
                "DELETE FROM messages WHERE seq NOT IN (SELECT seq FROM deliveries) AND at < ?",
                (now - DAY,),
            ),
        )

    async def log(self, *, dead: bool = False, limit: int = 100) -> list[Delivery]:
        """The last attempts, newest first; or the dead letters."""
        state = "d.state = 'dead'" if dead else "d.tries > 0"
        rows = await self._store.read(
            f"{FROM} WHERE {state} ORDER BY d.tried DESC, d.seq DESC LIMIT ?", (limit,)
        )
        return [_delivery(row) for row in rows]

    async def counts(self) -> dict[str, Counted]:
        """Each channel's deliveries by state."""
        rows = await self._store.read(
            "SELECT channel, sum(state = 'waiting'), sum(state = 'delivered'), sum(state = 'dead'),"
            " max(iif(state = 'delivered', tried, 0)) FROM deliveries GROUP BY channel"
        )
        return {row[0]: Counted(*row[1:]) for row in rows}


async def _add(file: Transaction, message: Message, channels: Sequence[str], now: int) -> int:
    if await file.read("SELECT 1 FROM messages WHERE id = ?", (message.id,)):
        return 0
    data = msgspec.json.encode(message.data).decode()
    seq = await file.write(
        "INSERT INTO messages (id, kind, at, subject, data) VALUES (?, ?, ?, ?, ?)",
        (message.id, message.kind, message.at, message.subject, data),
    )
    sql = "INSERT INTO deliveries (channel, seq, state, due, since) VALUES (?, ?, 'waiting', ?, ?)"
    for channel in channels:
        await file.write(sql, (channel, seq, now, now))
    return 1


def _delivery(row: Any) -> Delivery:
    seq, channel, state, tries, due, since, tried, answer, id, kind, at, subject, data = row
    message = Message(id, kind, at, msgspec.json.decode(data), subject)
    return Delivery(seq, channel, message, state, tries, due, since, tried, answer)
