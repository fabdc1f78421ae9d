"""The printing room: what the house offers of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
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


def served(printers: Mapping[str, PrinterSection]) -> dict[str, PrinterSection]:
    """Those that this process prints on; a kiosk's own browser prints by itself."""
    return {id: one for id, one in printers.items() if one.kind != "browser"}


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
        self.printers = served(printers)
        """Those that this process prints on."""
        self.composer: Composer | None = None
        self.listeners: list[Callable[[], None]] = []
        """Told after every change of a job or a printer; must not wait."""
        self._age = expire_minutes * MINUTE
        self._clock = clock
        self._jobs = Jobs(path)
        self._workers = {id: self._worker(id) for id in self.printers}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._started = False

    async def open(self) -> None:
        """Open the file. Raises sqlite3.Error, ValueError, ConfigError for an unknown profile."""
        if self.printers:
            # Now, for the library's import takes half a second that no call should wait for.
            await asyncio.to_thread(check_profiles, self.printers)
        await self._jobs.open()
        await self._jobs.recover(self.printers, self._clock.now())

    async def configure(self, printers: Mapping[str, PrinterSection], expire_minutes: int) -> None:
        """Print on these from now on. Who stays as it was is not disturbed; what waits for one
        that is set otherwise waits on; what waits for one that is gone fails."""
        before, self.printers = self.printers, served(printers)
        self._age = expire_minutes * MINUTE
        changed = [id for id in {**before, **self.printers}
                   if before.get(id) != self.printers.get(id)]  # fmt: skip
        stopped = [self._tasks.pop(id) for id in changed if id in self._tasks]
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)
        for id in changed:
            self._workers.pop(id, None)
            if id in self.printers:
                self._workers[id] = self._worker(id)
        # Only of those that were stopped: what another has in hand goes on.
        await self._jobs.recover(self.printers, self._clock.now(), of=changed)
        if self._started:
            self._go(id for id in changed if id in self.printers)
        self._tell()

    def start(self) -> None:
        """Begin to print, once there is a composer."""
        self._started = True
        self._go(self._workers)

    async def close(self) -> None:
        """Let go of the printers; a paper in hand is printed again as a copy after the start."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
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

    def _worker(self, id: str) -> Worker:
        return Worker(id, self.printers[id], self._jobs, self._clock, self._tell)

    def _go(self, printers: Iterable[str]) -> None:
        for id in printers:
            self._tasks[id] = asyncio.create_task(self._workers[id].run(), name=f"printer {id}")

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
