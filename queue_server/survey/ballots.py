"""Today's ballots: who has answered, and the box in which answers lie until it is opened.

The file says of no answer whose it is, and not in which order answers came:

- a visit that has answered leaves a mark, a keyed hash of its ticket; the key lives one day;
- box and marks are emptied and filled anew, in the order of random ids, with every ballot: what
  the pages hold is a function of what is in them, not of when it came; the write-ahead log is
  cut off after every write;
- it is opened when `least` ballots are in it, or the day is over: so nobody who watches the
  figures sees one answer arrive.

The file is left out of backups: a key that a backup keeps is not destroyed.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from ..store import Steps, Store, Transaction

STEPS: Steps = (
    (
        "CREATE TABLE day (date TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE spent (mark BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
        "CREATE TABLE box (id BLOB PRIMARY KEY, ballot BLOB NOT NULL) STRICT, WITHOUT ROWID",
    ),
)
CHUNK = 1000
"""Rows of one statement."""
DIGITS = 8
"""Of a code: 200 that are open at once leave a guess two chances in a million."""


class Visit(Struct, frozen=True):
    """What an answer may know of the visit: where, and for what; never whose."""

    service: str
    agency: str
    counter: str


class Ballot(Struct, frozen=True):
    """A filled questionnaire. `date` and `band` (of hours) are all that is kept of the time."""

    visit: Visit
    date: str
    band: str
    scores: dict[str, int]
    traits: dict[str, str] = {}
    suggestion: str = ""
    complaint: str = ""


class Spent(Exception):
    """This visit has answered already."""


class Ballots:
    """The day's file. `today` gives the hall's date."""

    def __init__(self, path: Path, today: Callable[[], str]) -> None:
        self._store = Store(path, STEPS, private=True)
        self._today = today
        self._day = ""
        self._key = b""

    async def open(self) -> None:
        """Open the file and find the key. Raises sqlite3.Error, ValueError."""
        await self._store.open()
        rows = await self._store.read("SELECT date, key FROM day")
        if rows:
            self._day, self._key = rows[0]

    async def close(self) -> None:
        """Close the file."""
        await self._store.close()

    @property
    def over(self) -> bool:
        """Whether the file's day is not today."""
        return self._day != self._today()

    async def begin_day(self) -> None:
        """Destroy the key and the marks of the day before; begin with a key of its own."""
        day, key = self._today(), secrets.token_bytes(32)
        await self._store.write(
            ("DELETE FROM spent", ()), ("DELETE FROM day", ()),
            ("INSERT INTO day VALUES (?, ?)", (day, key)),
        )  # fmt: skip
        await self._store.scrub()
        self._day, self._key = day, key

    def code(self, ticket: int) -> str:
        """A served ticket's code, the same all day; "" while the day has not begun."""
        if self.over:
            return ""
        number = int.from_bytes(self._hash(f"code {ticket}")[:8], "big")
        return f"{number % 10**DIGITS:0{DIGITS}}"

    def find(self, code: str, tickets: Iterable[int]) -> int:
        """The ticket among these that a code is of, or 0."""
        given = "".join(filter(str.isdigit, code[:20]))
        if len(given) != DIGITS or not given.isascii() or self.over:
            return 0
        return next((one for one in tickets if hmac.compare_digest(self.code(one), given)), 0)

    async def is_spent(self, ticket: int) -> bool:
        """Whether a visit has answered."""
        return bool(
            await self._store.read("SELECT 1 FROM spent WHERE mark = ?", [self._mark(ticket)])
        )

    async def put(self, ticket: int, ballot: Ballot) -> int:
        """Put a ballot into the box; how many are in it now. Raises Spent, Unavailable."""
        mark = self._mark(ticket)

        async def change(transaction: Transaction) -> int:
            if await transaction.read("SELECT 1 FROM spent WHERE mark = ?", [mark]):
                raise Spent
            packed = msgspec.msgpack.encode(ballot)
            await _add(transaction, "spent", (mark,))
            return await _add(transaction, "box", (secrets.token_bytes(16), packed))

        count = await self._store.carry_out(change)
        await self._store.scrub()
        return count

    async def read_box(self) -> list[tuple[bytes, Ballot]]:
        """What is in the box, by random id."""
        rows = await self._store.read("SELECT id, ballot FROM box ORDER BY id")
        return [(id, msgspec.msgpack.decode(packed, type=Ballot)) for id, packed in rows]

    async def count(self) -> int:
        """How many are in the box."""
        return int((await self._store.read("SELECT count(*) FROM box"))[0][0])

    async def remove(self, ids: Iterable[bytes]) -> None:
        """Take out what has been archived."""
        await self._store.write(*(("DELETE FROM box WHERE id = ?", (id,)) for id in ids))
        await self._store.scrub()

    def _mark(self, ticket: int) -> bytes:
        return self._hash(f"spent {ticket}")[:16]

    def _hash(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), "sha256")


async def _add(transaction: Transaction, table: str, row: tuple[bytes, ...]) -> int:
    """Empty a table and fill it anew with one row more, in the order of the ids; how many."""
    rows = await transaction.read(f"SELECT * FROM {table}")  # noqa: S608  # one of two names
    everything = sorted([*map(tuple, rows), row])
    await transaction.write(f"DELETE FROM {table}")  # noqa: S608  # as above
    places = f"({', '.join('?' * len(row))})"
    for start in range(0, len(everything), CHUNK):
        some = everything[start : start + CHUNK]
        values = [value for one in some for value in one]
        every = ", ".join([places] * len(some))
        await transaction.write(f"INSERT INTO {table} VALUES {every}", values)  # noqa: S608  # as above
    return len(everything)
