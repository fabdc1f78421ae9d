"""The printing room: what the house offers of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from ..clock import Clock
from ..config import ConfigError, PrinterSection
from ..core.model import Ticket
from .encode import known_profiles
from .jobs import Job, Jobs, New, State
from .worker import PrinterState, Worker

MINUTE = 60_000


def check_profiles(printers: Mapping[str, PrinterSection]) -> None:
    """Whether the library knows every profile that is named. Slow. Raises ConfigError."""
    known = known_profiles()
    for id, printer in printers.items():
        if printer.profile and printer.profile not in known:
            names = ", ".join(sorted(known))
            raise ConfigError(
                f"printers.{id}.profile: expected one of {names}; found {printer.profile!r}"
            )


class Composer(Protocol):
    """Makes the markup of papers; set by whoever knows templates and the hall."""

    def ticket(self, ticket: Ticket) -> str:
        """A ticket's paper."""

    def test(self, name: str) -> str:
        """A paper that shows that a printer prints; `name` is the printer's."""


class Printing:
    """Jobs and printers. Without configured printers it does nothing, at no cost."""

    def __init__(
        self, path: Path, printers: Mapping[str, PrinterSection], expire_minutes: int, clock: Clock
    ) -> None:
        self.printers = {id: one for id, one in printers.items() if one.kind != "browser"}
        """Those that this process prints on."""
        self.composer: Composer | None = None
        self.listeners: list[Callable[[], None]] = []
        """Told after every change of a job or a printer; must not wait."""
        self._age = expire_minutes * MINUTE
        self._clock = clock
        self._jobs = Jobs(path)
        self._workers = {
            id: Worker(id, printer, self._jobs, clock, self._tell)
            for id, printer in self.printers.items()
        }
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Open the file. Raises sqlite3.Error, ValueError, ConfigError for an unknown profile."""
        if self.printers:
            # Now, for the library's import takes half a second that no call should wait for.
            await asyncio.to_thread(check_profiles, self.printers)
        await self._jobs.open(self.printers, self._clock.now())

    def start(self) -> None:
        """Begin to print, once there is a composer."""
        self._tasks = [
            asyncio.create_task(worker.run(), name=f"printer {id}")
            for id, worker in self._workers.items()
        ]

    async def close(self) -> None:
        """Let go of the printers; a paper in hand is printed again as a copy after the start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._jobs.close()

    # Papers -------------------------------------------------------------------------------

    async def print_ticket(
        self, ticket: Ticket, printer: str, *, key: str, by: str, digest: str = ""
    ) -> Job:
        """A ticket's paper, once for a key; the ticket is durable already.

        Raises KeyReused, Unavailable; KeyError for a printer that isn't configured.
        """
        assert self.composer is not None, "the house has set it"
        markup = self.composer.ticket(ticket)
        return await self._add(New(key, printer, ticket.token, ticket.number, markup, by, digest))

    async def print_test(self, printer: str, *, key: str, by: str) -> Job:
        """A paper that shows that the printer prints. Raises as `print_ticket`."""
        assert self.composer is not None, "the house has set it"
        markup = self.composer.test(self.name(printer))
        return await self._add(New(key, printer, "", "", markup, by))

    async def retry(self, id: int) -> Job | None:
        """Let a job that ended without a paper wait again, or try a waiting one now."""
        now = self._clock.now()
        job = await self._jobs.renew(id, now, now + self._age) or await self._jobs.find(id)
        if job is not None and job.printer in self._workers:
            self._workers[job.printer].wake()
        self._tell()
        return job

    async def cancel(self, id: int) -> Job | None:
        """Don't print it; None when it has ended already."""
        job = await self._jobs.step(id, "cancelled", self._clock.now())
        self._tell()
        return job

    async def find(self, id: int) -> Job | None:
        """A job."""
        return await self._jobs.find(id)

    async def of_ticket(self, token: str) -> list[Job]:
        """A ticket's jobs, the newest first."""
        return await self._jobs.of_ticket(token)

    async def latest(self, limit: int = 50) -> list[Job]:
        """Open jobs first, then those that ended last."""
        return await self._jobs.latest(limit)

    # Printers -----------------------------------------------------------------------------

    def name(self, printer: str) -> str:
        """What people call it."""
        known = self.printers.get(printer)
        return (known.name if known else "") or printer

    def state(self, printer: str) -> PrinterState:
        """How it is, as far as is known."""
        return self._workers[printer].state

    def count(self, printer: str, state: State) -> int:
        """How many of its jobs are in that state."""
        return self._jobs.tally.get((printer, state), 0)

    @property
    def tally(self) -> Mapping[tuple[str, State], int]:
        """How many jobs each printer has in each state."""
        return self._jobs.tally

    def look(self, printer: str) -> None:
        """Ask it how it is, now."""
        self._workers[printer].wake()

    async def _add(self, new: New) -> Job:
        worker = self._workers[new.printer]
        now = self._clock.now()
        job = await self._jobs.add(new, now, now + self._age)
        worker.wake()
        self._tell()
        return job

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()
