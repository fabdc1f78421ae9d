"""The record of every change that is no act at the hall: settings, catalogue, people, devices.

Who, when, from where, what it was before and after. Append-only, twice over: the file's own
triggers refuse to change or delete a row, and each row's checksum goes over the row before, so
that `verify` finds what was altered behind the program's back.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Raw, Struct

from .clock import Clock
from .store import Steps, Store, Transaction
from .web.identity import Identity

Json = None | bool | int | float | str | Sequence["Json"] | dict[str, "Json"]
Act = Literal[
    "create", "change", "retire", "remove", "import", "reset", "revoke", "run", "export", "erase"
]
SYSTEM = Identity("system", "", "admin")
"""What the program does of itself: a scheduled backup, an erasure that was due."""
STEPS: Steps = (
    (
        """CREATE TABLE changes (
             id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL,
             name TEXT NOT NULL, address TEXT NOT NULL, what TEXT NOT NULL, act TEXT NOT NULL,
             before TEXT NOT NULL, after TEXT NOT NULL, why TEXT NOT NULL,
             chain BLOB NOT NULL) STRICT""",
        "CREATE INDEX changes_at ON changes (at)",
        "CREATE INDEX changes_what ON changes (what)",
        """CREATE TRIGGER changes_stay BEFORE UPDATE ON changes
             BEGIN SELECT RAISE(ABORT, 'what was recorded is not changed'); END""",
        """CREATE TRIGGER changes_remain BEFORE DELETE ON changes
             BEGIN SELECT RAISE(ABORT, 'what was recorded is not deleted'); END""",
    ),
)
FIND = r"""SELECT id, at, by, name, address, what, act, before, after, why FROM changes
  WHERE at >= :since AND (:until = 0 OR at < :until) AND (by = :who OR name LIKE :name ESCAPE '\')
    AND what LIKE :what ESCAPE '\' AND (:before = 0 OR id < :before)
    AND (what LIKE :text ESCAPE '\' OR before LIKE :text ESCAPE '\' OR after LIKE :text ESCAPE '\'
         OR name LIKE :text ESCAPE '\' OR why LIKE :text ESCAPE '\')
  ORDER BY id DESC LIMIT :limit"""
NEWEST = r"""SELECT id, at, by, name, address, what, act, before, after, why FROM changes
  WHERE id IN (SELECT max(id) FROM changes WHERE what LIKE ? ESCAPE '\' GROUP BY what)"""


class Change(Struct, frozen=True):
    """One change. `at` is epoch ms, `by` an actor's id and `name` what they were called then,
    `address` where they were ("" for the program itself), `before` and `after` JSON."""

    id: int
    at: int
    by: str
    name: str
    address: str
    what: str
    act: str
    before: Raw
    after: Raw
    why: str = ""


class Search(Struct, frozen=True):
    """Which changes: of [since, until) in epoch ms, by somebody (id or part of the name), of what
    begins so, with a text
    anywhere; older than the change `before` (0: the newest)."""

    since: int = 0
    until: int = 0
    who: str = ""
    what: str = ""
    text: str = ""
    before: int = 0


class Changes:
    """Open before use, close in the end."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._store = Store(path, STEPS)
        self._clock = clock

    async def open(self) -> None:
        """Raises sqlite3.Error, ValueError."""
        await self._store.open()

    async def close(self) -> None:
        """Close the file."""
        await self._store.close()

    async def record(
        self, by: Identity, address: str, what: str, act: Act, before: Json = None,
        after: Json = None, why: str = "",
    ) -> int:  # fmt: skip
        """Add a change durably; its id. `what` is a dotted name such as `catalogue.service.sim`;
        `before` and `after` hold no secret. Raises Unavailable."""
        return await self.record_all(by, address, [(what, act, before, after)], why)

    async def record_all(
        self, by: Identity, address: str, changes: Iterable[tuple[str, Act, Json, Json]],
        why: str = "",
    ) -> int:  # fmt: skip
        """Add several changes that were one deed, each as (what, act, before, after): all of them
        or none; the last one's id, 0 without any. Raises Unavailable."""
        rows = [(what, act, _text(was), _text(now)) for what, act, was, now in changes]

        async def append(transaction: Transaction) -> int:
            last = await transaction.read("SELECT id, chain FROM changes ORDER BY id DESC LIMIT 1")
            id, chain = last[0] if last else (0, b"")
            at = self._clock.now()
            for what, act, was, now in rows:
                id += 1
                row = (id, at, by.id, by.name, address, what, act, was, now, why)
                chain = _link(chain, row)
                await transaction.write(
                    "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, chain)
                )
            return id if rows else 0

        return await self._store.carry_out(append)

    async def find(self, search: Search, limit: int = 50) -> list[Change]:
        """The changes that are looked for, newest first."""
        wanted = msgspec.structs.asdict(search) | {
            "what": f"{_escaped(search.what)}%", "text": f"%{_escaped(search.text)}%",
            "name": f"%{_escaped(search.who)}%", "limit": limit,
        }  # fmt: skip
        rows = await self._store.read(FIND, wanted)
        return [_change(row) for row in rows]

    async def newest(self, prefix: str) -> dict[str, Change]:
        """For every name that begins so, its last change."""
        rows = await self._store.read(NEWEST, (f"{_escaped(prefix)}%",))
        return {found.what: found for found in map(_change, rows)}


def altered(path: Path) -> Iterator[str]:
    """What somebody altered in a file of changes, a sentence each."""
    chain, expected = b"", 1
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            for *row, kept in db.execute("SELECT * FROM changes ORDER BY id"):
                if row[0] != expected or _link(chain, row) != kept:
                    yield f"change {expected} is not as it was recorded"
                    return
                chain, expected = kept, expected + 1
    except sqlite3.Error as error:
        yield str(error)


def _link(chain: bytes, row: Sequence[object]) -> bytes:
    return hashlib.sha256(chain + msgspec.json.encode(row)).digest()


def _text(value: Json) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _change(row: Sequence[Any]) -> Change:
    id, at, by, name, address, what, act, before, after, why = row
    return Change(id, at, by, name, address, what, act, Raw(before), Raw(after), why)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
