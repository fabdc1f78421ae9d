"""Contacts that citizens gave: how to reach the holder of a ticket, sealed, for a short time.

Each is encrypted (AES-256-GCM, key in `contacts.key`) and bound to its row; rows are found by a
hash, so the file alone names nobody. A contact has a time at which it is deleted, at most a day
after it was given or last needed; deleting overwrites (`Store(private=True)`) and `scrub` takes
it out of the write-ahead log. No backup holds this file or its key.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from ..store import Steps, Store, Transaction
from .addresses import Kind

log = logging.getLogger(__name__)

DAY = 24 * 3_600_000
KEY = 32
"""Bytes of the key."""
NONCE = 12
SWEEPS_KEPT = 90 * DAY

STEPS: Steps = (
    (
        "CREATE TABLE contacts (subject TEXT NOT NULL, kind TEXT NOT NULL, sealed BLOB NOT NULL,"
        " until INTEGER NOT NULL, PRIMARY KEY (subject, kind)) STRICT",
        "CREATE INDEX ending ON contacts (until)",
        "CREATE TABLE sweeps (at INTEGER NOT NULL, deleted INTEGER NOT NULL, kept INTEGER NOT NULL)"
        " STRICT",
    ),
)


class Sweep(Struct, frozen=True):
    """A clean-up: when (epoch ms), how many contacts were deleted, how many are left."""

    at: int
    deleted: int
    kept: int


def subject_of(secret: str) -> str:
    """The name under which the contact of a secret's holder is kept: a ticket's token."""
    return hashlib.sha256(f"contact\0{secret}".encode()).hexdigest()[:32]


class Contacts:
    """Over an open private `Store`; `key` is 32 secret bytes. Call `load` first."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store = store
        self._cipher = AESGCM(key)
        self._ends: dict[tuple[str, str], int] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Know who can be reached. What another key sealed is deleted: nobody can read it."""
        unreadable = []
        for subject, kind, sealed, until in await self._store.read(
            "SELECT subject, kind, sealed, until FROM contacts"
        ):
            try:
                self._open(subject, kind, sealed)
            except InvalidTag:
                unreadable.append((subject, kind))
            else:
                self._ends[subject, kind] = until
        if unreadable:
            log.error("contacts: %d of another key, deleted", len(unreadable))
            await self._delete(unreadable)

    def has(self, subject: str, kind: Kind) -> bool:
        """Whether the holder can be reached in that way."""
        return (subject, kind) in self._ends

    async def give(self, subject: str, given: Mapping[Kind, str], until: int) -> None:
        """Keep contacts until a time (epoch ms); they replace others of their kind."""
        sealed = {kind: self._seal(subject, kind, value) for kind, value in given.items()}
        sql = "INSERT OR REPLACE INTO contacts VALUES (?, ?, ?, ?)"
        async with self._changing:
            await self._store.write(*((sql, (subject, k, s, until)) for k, s in sealed.items()))
            self._ends.update({(subject, kind): until for kind in sealed})

    async def of(self, subject: str) -> dict[Kind, str]:
        """What is known of a holder."""
        rows = await self._store.read(
            "SELECT kind, sealed FROM contacts WHERE subject = ?", (subject,)
        )
        return {kind: self._open(subject, kind, sealed) for kind, sealed in rows}

    async def end(self, ends: Mapping[str, int]) -> None:
        """Some holders' visits are over: their contacts go at that time, or earlier already."""
        async with self._changing:
            known = {(s, k): min(end, ends[s]) for (s, k), end in self._ends.items() if s in ends}
            changed = {row: end for row, end in known.items() if end != self._ends[row]}
            if not changed:
                return
            sql = "UPDATE contacts SET until = ? WHERE subject = ? AND kind = ?"
            await self._store.write(*((sql, (end, *row)) for row, end in changed.items()))
            self._ends.update(changed)

    async def forget(self, subject: str, kind: Kind | None = None) -> int:
        """Delete a holder's contacts now: one kind, or all; how many there were."""
        async with self._changing:
            rows = [row for row in self._ends if row[0] == subject and kind in (None, row[1])]
            await self._delete(rows)
        return len(rows)

    async def sweep(self, now: int) -> int:
        """Delete what has reached its time; how many. Its log holds counts and nothing else."""
        async with self._changing:
            rows = [row for row, end in self._ends.items() if end <= now]
            if rows:
                await self._delete(rows, now)
                log.info("contacts: %d deleted, %d kept", len(rows), len(self._ends))
        return len(rows)

    async def sweeps(self, limit: int = 20) -> list[Sweep]:
        """The last clean-ups that found something, newest first."""
        rows = await self._store.read(
            "SELECT at, deleted, kept FROM sweeps ORDER BY at DESC LIMIT ?", (limit,)
        )
        return [Sweep(*row) for row in rows]

    async def swept(self, since: int, until: int) -> int:
        """How many reached their time and were deleted in [since, until), in epoch ms."""
        sql = "SELECT coalesce(sum(deleted), 0) FROM sweeps WHERE at >= ? AND at < ?"
        return int((await self._store.read(sql, (since, until)))[0][0])

    @property
    def kept(self) -> int:
        """How many there are now."""
        return len(self._ends)

    async def _delete(self, rows: list[tuple[str, str]], at: int = 0) -> None:
        """Out of the table, the file's free pages and the write-ahead log. `at`: note a sweep."""
        if not rows:
            return

        async def change(file: Transaction) -> None:
            for row in rows:
                await file.write("DELETE FROM contacts WHERE subject = ? AND kind = ?", row)
            if at:
                ((kept,),) = await file.read("SELECT count(*) FROM contacts")
                await file.write("INSERT INTO sweeps VALUES (?, ?, ?)", (at, len(rows), kept))
                await file.write("DELETE FROM sweeps WHERE at < ?", (at - SWEEPS_KEPT,))

        await self._store.carry_out(change)
        for row in rows:
            self._ends.pop(row, None)
        await self._store.scrub()

    def _seal(self, subject: str, kind: str, value: str) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, value.encode(), _bound(subject, kind))

    def _open(self, subject: str, kind: str, sealed: bytes) -> str:
        nonce, rest = sealed[:NONCE], sealed[NONCE:]
        return self._cipher.decrypt(nonce, rest, _bound(subject, kind)).decode()


def _bound(subject: str, kind: str) -> bytes:
    """What a sealed value is bound to: another row's can't be put in its place."""
    return f"{subject}/{kind}".encode()
