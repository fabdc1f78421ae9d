"""One printer's worker: its jobs in order, one at a time, and how the printer is meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from ..clock import Clock
from ..config import PrinterSection
from ..order import Unavailable
from .cups import cups_condition, deliver_by_cups
from .deliver import Blocked, Conversation, Unconfirmed, Withdrawn, deliver
from .document import DocumentError, parse
from .encode import encode
from .jobs import Job, Jobs, State
from .link import Gone, opened
from .status import Condition, Paper, Reason

log = logging.getLogger(__name__)

LOOK_IDLE = 20.0
"""Seconds between two looks at a printer that has nothing to do."""
LOOK_BLOCKED = 2.0
"""Seconds until a printer that a person must mend is asked again."""
BACKOFF = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds until a printer that can't be reached is tried again; the last one repeats."""
AWAY: frozenset[Reason] = frozenset({"offline", "mute", "rejected"})


class PrinterState(Struct, frozen=True):
    """How a printer is, as far as is known. `seen`: when it last answered; `since`: since when
    `reason` stands (epoch ms; 0: never)."""

    reason: Reason = ""
    paper: Paper = "unknown"
    seen: int = 0
    since: int = 0


class Worker:
    """Runs until it is cancelled. `wake` it when there may be something to do."""

    def __init__(
        self, id: str, printer: PrinterSection, jobs: Jobs, clock: Clock, told: Callable[[], None]
    ) -> None:
        self.state = PrinterState()
        self._id, self._printer, self._jobs, self._clock = id, printer, jobs, clock
        self._told = told
        self._woken = asyncio.Event()
        self._failed = 0
        self._fence: bool | None = None
        """Whether it is known to answer the fence."""

    def wake(self) -> None:
        """Look again now."""
        self._failed = 0
        self._woken.set()

    async def run(self) -> None:
        """The printer's task."""
        while True:
            self._woken.clear()
            pause = LOOK_IDLE
            try:
                before = self._jobs.tally
                job = await self._jobs.next(self._id, self._clock.now())
                if self._jobs.tally is not before:  # some were too old
                    self._told()
                if job is not None and await self._print(job):
                    continue
                if job is None:
                    await self._look()
                if self.state.reason:
                    pause = self._pause()
            except Unavailable:
                pause = BACKOFF[-1]
            except Exception:
                # Whatever it was, the next paper may do better: the printer keeps its worker.
                log.exception("printer %s: unforeseen failure", self._id)
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                pass

    # A paper ------------------------------------------------------------------------------

    async def _print(self, job: Job) -> bool:
        """One attempt; whether the next job may follow at once."""
        try:
            async with asyncio.timeout(max(1, job.expires - self._clock.now()) / 1000):
                await self._deliver(job)
        except Withdrawn:
            pass
        except DocumentError as error:
            log.error("printer %s: job %d can't be set: %s", self._id, job.id, error)
            await self._end(job, "failed", "bad_paper")
        except Unconfirmed:
            await self._end(job, "failed", "mute")
        except TimeoutError:
            await self._end(job, "expired", self.state.reason)
        except (Gone, Blocked) as error:
            await self._hold_up(job, error.reason if isinstance(error, Blocked) else "offline")
            return False
        else:
            self._failed = 0
            await self._end(job, "printed")
        return True

    async def _end(self, job: Job, state: State, reason: Reason = "") -> None:
        await self._jobs.step(job.id, state, self._clock.now(), reason)
        self._told()

    async def _deliver(self, job: Job) -> None:
        async def claim() -> bytes:
            claimed = await self._jobs.claim(job.id, self._clock.now())
            if claimed is None:
                raise Withdrawn
            self._told()
            parts = parse(claimed.markup)
            return await asyncio.to_thread(encode, self._printer, parts, claimed.copy)

        async def told(now: Condition) -> bool:
            self._note(now)
            wanted = await self._jobs.note(job.id, self._clock.now(), now.reason)
            self._told()
            return wanted

        printer = self._printer
        if printer.kind == "cups":
            await deliver_by_cups(printer.address, claim, told)
            return
        async with opened(printer) as link:
            fenced = await deliver(
                link, claim, told,
                patience=printer.timeout_seconds, status=printer.status, fence=self._fence,
            )  # fmt: skip
            if printer.status:
                self._fence = fenced

    async def _hold_up(self, job: Job, reason: Reason) -> None:
        """The job waits on, and with it all behind it."""
        self._note(Condition(reason, self.state.paper))
        self._failed += 1
        now = self._clock.now()
        if await self._jobs.step(job.id, "queued", now, reason) is None:
            await self._jobs.note(job.id, now, reason)
        self._told()

    # The printer --------------------------------------------------------------------------

    async def _look(self) -> None:
        """Ask how it is, so that staff know before the next citizen does."""
        printer = self._printer
        try:
            if printer.kind == "cups":
                self._note(await cups_condition(printer.address))
                return
            async with opened(printer) as link:
                talk = Conversation(link, printer.timeout_seconds)
                self._note(await talk.condition() if printer.status else Condition())
        except (Gone, Blocked) as error:
            self._failed += 1
            reason = error.reason if isinstance(error, Blocked) else "offline"
            self._note(Condition(reason, self.state.paper))

    def _note(self, now: Condition) -> None:
        before, at = self.state, self._clock.now()
        seen = before.seen if now.reason in AWAY else at
        since = before.since if now.reason == before.reason and before.since else at
        self.state = PrinterState(now.reason, now.paper, seen, since)
        if now.reason != before.reason:
            log.warning("printer %s: %s", self._id, now.reason or "ready again")
        if replace(before, seen=0, since=0) != replace(self.state, seen=0, since=0):
            self._told()

    def _pause(self) -> float:
        if self.state.reason not in AWAY:
            return LOOK_BLOCKED
        return BACKOFF[min(max(self._failed, 1), len(BACKOFF)) - 1]
