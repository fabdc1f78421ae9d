"""Print jobs, durable: what is to be printed, where, and how far it has come.

A job that is `printing` has been claimed: from then on a paper may exist, whatever happens. So a
paper that is printed after that, of this job or of another of the same ticket, is marked a copy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from ..order import KeyReused
from ..store import Steps, Store, Transaction
from .status import Reason

State = Literal["queued", "printing", "printed", "failed", "expired", "cancelled"]
STEPS: Mapping[State, frozenset[State]] = {
    "queued": frozenset({"printing", "failed", "expired", "cancelled"}),
    "printing": frozenset({"queued", "printed", "failed", "expired", "cancelled"}),
    "printed": frozenset(),
    "failed": frozenset({"queued"}),
    "expired": frozenset({"queued"}),
    "cancelled": frozenset({"queued"}),
}
"""Every step that a job can take."""
OPEN: frozenset[State] = frozenset({"queued", "printing"})
KEPT = 7 * 24 * 3_600_000
"""Milliseconds after which a job is forgotten."""

SCHEMA: Steps = (
    (
        """CREATE TABLE jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
            printer TEXT NOT NULL, ticket TEXT NOT NULL, number TEXT NOT NULL,
            markup TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
            sent INTEGER NOT NULL DEFAULT 0, copy INTEGER NOT NULL DEFAULT 0,
            ordered TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
            updated INTEGER NOT NULL) STRICT""",
        "CREATE INDEX jobs_open ON jobs (printer, state, id)",
        "CREATE INDEX jobs_ticket ON jobs (ticket, id)",
        "CREATE INDEX jobs_updated ON jobs (updated)",
    ),
)
SELECT = (
    "SELECT id, printer, ticket, number, state, reason, sent, copy, created, expires, updated,"
    " markup FROM jobs"
)


class Job(Struct, frozen=True):
    """A paper to print. `ticket` is its token, "" for a test. Times are epoch milliseconds.

    `sent`: a paper of this job may exist. `copy`: it was printed as a copy.
    """

    id: int
    printer: str
    ticket: str
    number: str
    state: State
    reason: Reason
    sent: bool
    copy: bool
    created: int
    expires: int
    updated: int
    markup: str


class New(Struct, frozen=True):
    """A job to add. The same `key` is the same job; `digest` tells what else was asked with it."""

    key: str
    printer: str
    ticket: str
    number: str
    markup: str
    ordered: str
    digest: str = ""


class Jobs:
    """The job file. Every method raises Unavailable when it can't be written."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, SCHEMA, private=True)
        self.tally: dict[tuple[str, State], int] = {}
        """How many jobs each printer has in each state, as of the last change."""

    async def open(self) -> None:
        """Open the file. Raises sqlite3.Error, ValueError."""
        await self._store.open()

    async def recover(
        self, printers: Collection[str], now: int, of: Collection[str] | None = None
    ) -> None:
        """What nobody has in hand any more waits again (`of`: of these printers; None: of all, for
        the process that had it was killed); what has no printer any more fails."""

        async def recover(file: Transaction) -> None:
            for (printer,) in await file.read(
                "SELECT DISTINCT printer FROM jobs WHERE state = 'printing'"
            ):
                if of is None or printer in of:
                    await file.write(
                        "UPDATE jobs SET state = 'queued', updated = ?"
                        " WHERE state = 'printing' AND printer = ?", (now, printer),
                    )  # fmt: skip
            for row in await file.read("SELECT DISTINCT printer FROM jobs WHERE state = 'queued'"):
                if row[0] not in printers:
                    await file.write(
                        "UPDATE jobs SET state = 'failed', reason = 'removed', updated = ?"
                        " WHERE printer = ? AND state = 'queued'", (now, row[0]),
                    )  # fmt: skip

        await self._store.carry_out(recover)
        await self._count()

    async def close(self) -> None:
        await self._store.close()

    async def add(self, new: New, now: int, expires: int) -> Job:
        """A job, once for a key. Raises KeyReused."""

        async def change(file: Transaction) -> Job:
            known = await file.read("SELECT id, digest FROM jobs WHERE key = ?", (new.key,))
            if known:
                if known[0][1] != new.digest:
                    raise KeyReused
                return await _read(file, known[0][0])
            await file.write("DELETE FROM jobs WHERE updated < ?", (now - KEPT,))
            id = await file.write(
                "INSERT INTO jobs (key, digest, printer, ticket, number, markup, state, ordered,"
                " created, expires, updated) VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)",
                (new.key, new.digest, new.printer, new.ticket, new.number, new.markup,
                 new.ordered, now, expires, now),
            )  # fmt: skip
            return await _read(file, id)

        job = await self._store.carry_out(change)
        await self._count()
        return job

    async def next(self, printer: str, now: int) -> Job | None:
        """The printer's oldest job that waits and is not too old."""
        rows = await self._store.read(
            SELECT + " WHERE printer = ? AND state = 'queued' ORDER BY id",
            (printer,),
        )
        for job in map(_job, rows):
            if job.expires > now:
                return job
            await self.step(job.id, "expired", now, job.reason)
        return None

    async def claim(self, id: int, now: int) -> Job | None:
        """Take a waiting job in hand; None when it doesn't wait any more."""

        async def change(file: Transaction) -> Job | None:
            job = await _read(file, id)
            if job.state != "queued":
                return None
            others = await file.read(
                "SELECT 1 FROM jobs WHERE ticket = ? AND ticket <> '' AND id <> ? AND sent LIMIT 1",
                (job.ticket, id),
            )
            await file.write(
                "UPDATE jobs SET state = 'printing', reason = '', sent = 1, copy = ?, updated = ?"
                " WHERE id = ?", (int(job.sent or bool(others)), now, id),
            )  # fmt: skip
            return await _read(file, id)

        job = await self._store.carry_out(change)
        await self._count()
        return job

    async def step(self, id: int, state: State, now: int, reason: Reason = "") -> Job | None:
        """Take a step, when the table has it; None when it hasn't."""
        return await self._step(id, state, now, reason)

    async def renew(self, id: int, now: int, expires: int) -> Job | None:
        """Let a job that has ended without a paper wait again; None for any other."""
        return await self._step(id, "queued", now, "", expires)

    async def note(self, id: int, now: int, reason: Reason) -> bool:
        """Keep why an open job doesn't come on; whether it is still open."""
        job = await self.find(id)
        if job is None or job.state not in OPEN:
            return False
        if job.reason != reason:
            await self._store.write(
                ("UPDATE jobs SET reason = ?, updated = ? WHERE id = ?", (reason, now, id))
            )
        return True

    async def find(self, id: int) -> Job | None:
        """A job."""
        rows = await self._store.read(SELECT + " WHERE id = ?", (id,))
        return _job(rows[0]) if rows else None

    async def of_ticket(self, token: str) -> list[Job]:
        """A ticket's jobs, the newest first."""
        rows = await self._store.read(SELECT + " WHERE ticket = ? ORDER BY id DESC", (token,))
        return [_job(row) for row in rows]

    async def latest(self, limit: int) -> list[Job]:
        """Open jobs first, then those that ended last."""
        rows = await self._store.read(
            SELECT + " ORDER BY state NOT IN ('queued', 'printing'),"
            " updated DESC, id DESC LIMIT ?", (limit,),
        )  # fmt: skip
        return [_job(row) for row in rows]

    async def _step(
        self, id: int, state: State, now: int, reason: Reason, expires: int | None = None
    ) -> Job | None:
        async def change(file: Transaction) -> Job | None:
            rows = await file.read("SELECT state FROM jobs WHERE id = ?", (id,))
            if not rows or state not in STEPS[rows[0][0]]:
                return None
            await file.write(
                "UPDATE jobs SET state = ?, reason = ?, expires = coalesce(?, expires),"
                " updated = ? WHERE id = ?",
                (state, reason, expires, now, id),
            )
            return await _read(file, id)

        job = await self._store.carry_out(change)
        await self._count()
        return job

    async def _count(self) -> None:
        rows = await self._store.read("SELECT printer, state, count(*) FROM jobs GROUP BY 1, 2")
        self.tally = {(printer, state): count for printer, state, count in rows}


async def _read(file: Transaction, id: int) -> Job:
    return _job((await file.read(SELECT + " WHERE id = ?", (id,)))[0])


def _job(row: Any) -> Job:
    id, printer, ticket, number, state, reason, sent, copy, created, expires, updated, markup = row
    return Job(
        id, printer, ticket, number, state, reason, bool(sent), bool(copy), created, expires,
        updated, markup,
    )  # fmt: skip
