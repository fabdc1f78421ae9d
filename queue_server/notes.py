"""Notes of the operators on tickets: what the next counter should know.

People write what they should not, so this is a room of its own: nothing of it enters the journal,
what looks like somebody's number is refused, and everything is erased some hours after its day.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from .clock import Clock
from .core.calendar import at, local
from .core.language import in_language
from .core.plan import Hours
from .core.refusals import Refusal
from .guard import personal, tidy
from .order import KeyReused, Unavailable
from .store import Store, Transaction

log = logging.getLogger(__name__)

SENTENCES: dict[str, dict[str, str]] = {
    "note_empty": {
        "id": "Catatan masih kosong: tulis sesuatu, atau kembali.",
        "en": "The note is empty: write something, or go back.",
    },
    "note_long": {
        "id": "Catatan paling banyak {most} karakter; kini {now}.",
        "en": "A note has at most {most} characters; this one has {now}.",
    },
    "note_full": {
        "id": "Nomor ini sudah punya {most} catatan: itu yang terbanyak.",
        "en": "This ticket has {most} notes already: there is room for no more.",
    },
    "personal_data": {
        "id": "Jangan tulis NIK, nomor KK, nomor telepon, nomor panjang, atau surel di catatan: "
        "cukup tulis urusannya.",
        "en": "Do not write NIK, family card, phone or other long numbers, or e-mail addresses "
        "in a note: what it is about is enough.",
    },
}
"""Every code with its sentences; docs/protocol.md lists them."""

LONGEST = 300
"""Characters of a note."""
MOST = 20
"""Notes on one ticket."""
HOUR = 3_600_000
EVERY = 60.0
"""Seconds between looks for notes that are due."""
STEPS = (
    (
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL, text TEXT NOT NULL, "
        "by TEXT NOT NULL, counter TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, "
        "key TEXT UNIQUE) STRICT",
        "CREATE INDEX notes_until ON notes (until)",
    ),
    ("ALTER TABLE notes ADD COLUMN digest TEXT NOT NULL DEFAULT ''",),
)


class NoteRefused(Refusal):
    """What is written cannot be a note."""

    def sentence(self, language: str) -> str:
        return in_language(SENTENCES[self.code], language).format(**self.details)


class Note(Struct, frozen=True):
    """What somebody wrote (`by`: an actor's id) at a counter; `at` and `until` are epoch ms."""

    ticket: int
    text: str
    by: str
    counter: str
    at: int
    until: int


class Notes:
    """The notes of today's tickets: few, so they are at hand in memory and safe in the file.

    `keep` is how many hours after the end of its day a note is erased.
    """

    def __init__(self, path: Path, clock: Clock, hours: Hours, keep: int) -> None:
        self._store = Store(path, STEPS, private=True)
        self._clock, self._hours, self._keep = clock, hours, keep
        self._notes: dict[int, tuple[Note, ...]] = {}
        self._sweeper: asyncio.Task[None] | None = None
        self.erased = 0
        """How many have been erased since the start."""

    def configure(self, hours: Hours, keep: int) -> None:
        """Keep what is written from now on so long."""
        self._hours, self._keep = hours, keep

    async def open(self) -> None:
        """Erase what is due, and read the rest. Raises sqlite3.Error, ValueError."""
        await self._store.open()
        await self.sweep()
        rows = await self._store.read(
            "SELECT ticket, text, by, counter, at, until FROM notes ORDER BY id"
        )
        for row in rows:
            self._remember(Note(*row))
        self._sweeper = asyncio.create_task(self._sweep_on(), name="notes")

    async def close(self) -> None:
        """Stop, then close the file."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeper
        await self._store.close()

    def of(self, ticket: int) -> tuple[Note, ...]:
        """The notes on a ticket, oldest first; none that is past its time."""
        now = self._clock.now()
        return tuple(note for note in self._notes.get(ticket, ()) if note.until > now)

    async def add(
        self, ticket: int, text: str, by: str, counter: str, key: str = "", digest: str = ""
    ) -> Note:
        """Write a note; the same key (with the same digest of the request) is the same note.

        Raises NoteRefused, KeyReused, Unavailable.
        """
        said = checked(text)
        now = self._clock.now()
        note = Note(ticket, said, by, counter, now, self._until(now))

        async def change(transaction: Transaction) -> Note | None:
            first = await _first(transaction, key, digest) if key else None
            if first is not None:
                return first
            have = await transaction.read("SELECT count(*) FROM notes WHERE ticket = ?", (ticket,))
            if have[0][0] >= MOST:
                raise NoteRefused("note_full", most=MOST)
            await transaction.write(
                "INSERT INTO notes (ticket, text, by, counter, at, until, key, digest) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (ticket, said, by, counter, note.at, note.until, key or None, digest),
            )
            return None

        first = await self._store.carry_out(change)
        if first is None:
            self._remember(note)
        return first or note

    async def sweep(self) -> None:
        """Erase what is past its time, from the file and its write-ahead log. Raises
        Unavailable."""
        now = self._clock.now()
        due = await self._store.read("SELECT count(*) FROM notes WHERE until <= ?", (now,))
        if not due[0][0]:
            return
        await self._store.write(("DELETE FROM notes WHERE until <= ?", (now,)))
        await self._store.scrub()
        self.erased += due[0][0]
        kept = {ticket: self.of(ticket) for ticket in self._notes}
        self._notes = {ticket: notes for ticket, notes in kept.items() if notes}

    async def forget(self, ticket: int) -> int:
        """Erase a ticket's notes now; how many. Raises Unavailable."""
        rows = await self._store.read("SELECT count(*) FROM notes WHERE ticket = ?", (ticket,))
        if rows[0][0]:
            await self._store.write(("DELETE FROM notes WHERE ticket = ?", (ticket,)))
            await self._store.scrub()
            self._notes.pop(ticket, None)
        return int(rows[0][0])

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.sweep()
            except Unavailable:
                log.warning("notes that are due could not be erased; trying again")
            except Exception:  # the task's top: what is due must go, so it goes on
                log.exception("notes that are due could not be erased; trying again")

    def _remember(self, note: Note) -> None:
        self._notes[note.ticket] = (*self._notes.get(note.ticket, ()), note)

    def _until(self, now: int) -> int:
        """Midnight after the day, and the hours that notes are kept after it."""
        tomorrow = local(now, self._hours).date() + timedelta(days=1)
        return int(at(tomorrow, 0, self._hours).timestamp() * 1000) + self._keep * HOUR


@contextlib.asynccontextmanager
async def open_notes(path: Path, clock: Clock, hours: Hours, keep: int) -> AsyncIterator[Notes]:
    """The room, ready. Raises sqlite3.Error, ValueError when its file cannot be used."""
    notes = Notes(path, clock, hours, keep)
    try:
        await notes.open()
        yield notes
    finally:
        await notes.close()


async def _first(transaction: Transaction, key: str, digest: str) -> Note | None:
    """The note that a key was for before. Raises KeyReused: it came with another request."""
    rows = await transaction.read(
        "SELECT ticket, text, by, counter, at, until, digest FROM notes WHERE key = ?", (key,)
    )
    if not rows:
        return None
    *fields, known = rows[0]
    if known != digest:
        raise KeyReused
    return Note(*fields)


def checked(text: str) -> str:
    """A note as it is kept. Raises NoteRefused: empty, too long, or somebody's number in it."""
    said = tidy(text)
    if not said:
        raise NoteRefused("note_empty")
    if len(said) > LONGEST:
        raise NoteRefused("note_long", most=LONGEST, now=len(said))
    if personal(said):
        raise NoteRefused("personal_data")
    return said
