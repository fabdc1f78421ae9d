"""The Desk: the one task that changes a hall.

Commands queue up; the Desk takes all that have arrived, decides each on a draft of the hall,
makes their entries durable in one append, folds them into the hall that everybody reads, tells
the hub, and only then answers. What arrives during the append is the next group.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from .clock import Clock
from .core import commands as c
from .core.calendar import day_of
from .core.decide import decide, due
from .core.events import AnyEvent, Entry, Started
from .core.evolve import evolve, fold
from .core.model import Hall, Receipt
from .core.plan import Plan
from .core.refusals import Refusal
from .journal.log import Damaged, Full, Journal, JournalError
from .order import KeyReused, Order, Outcome, Unavailable

log = logging.getLogger(__name__)

GROUP = 512
"""Commands that share one append at the most."""
MEMORY = 10_000
"""Keys of commands without entries (refused, or nothing to do) that are remembered; in memory
only: after a restart nothing is left of them that a retry could contradict."""
TICK = 10.0
"""Seconds after which an idle Desk looks whether a new day has begun."""

Tell = Callable[[Hall, Sequence[Entry]], None]
"""Told after every durable group: the hall as it is now, and the entries that are new."""


class Desk:
    """The one writer of a hall. `hall` holds what is durable: read it, never change it."""

    def __init__(self, journal: Journal, clock: Clock, plan: Plan, tell: Tell) -> None:
        self.plan = plan
        """The plan that the next day opens with."""
        self.hall = Hall()
        self.ready = False
        self.short = False
        """The disk is nearly full: calls go on, new numbers are refused."""
        self._journal = journal
        self._clock = clock
        self._tell = tell
        self._draft = Hall()
        self._empty: dict[str, tuple[str, Outcome]] = {}
        self._orders: deque[Order] = deque()
        self._arrived = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    @property
    def epoch(self) -> str:
        """The journal's name."""
        return self._journal.epoch

    async def start(self) -> None:
        """Replay the journal, mark the start durably, and begin to serve.

        Raises Damaged when the journal doesn't verify, JournalError when it can't be used.
        """
        await self._recover()
        self._task = asyncio.create_task(self._run(), name="desk")
        await self._adopt_plan()

    async def submit(
        self, command: c.Command, *, key: str = "", digest: str = ""
    ) -> tuple[Entry, ...]:
        """Carry a command out; its entries, durable. A caller's cancellation cancels nothing.

        `key` (with a `digest` of the request) makes it idempotent: the same key again returns
        the first entries. Raises Refusal, KeyReused, Unavailable.
        """
        if self._stopping or not self.ready:
            raise Unavailable("stopping" if self._stopping else "journal_unavailable")
        order = Order(command, key, digest, asyncio.get_running_loop().create_future())
        self._orders.append(order)
        self._arrived.set()
        outcome = await asyncio.shield(order.answer)
        if isinstance(outcome, Receipt):
            return tuple(await self.read(outcome.first - 1, outcome.count))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def read(self, after: int, limit: int) -> list[Entry]:
        """Up to `limit` durable entries after a version, oldest first. Raises Unavailable."""
        try:
            return await self._journal.read(after, limit)
        except (JournalError, Damaged) as error:
            log.error("the journal cannot be read: %s", error)
            raise Unavailable("journal_unavailable") from None

    async def change_plan(self, plan: Plan) -> None:
        """Put a plan in force now and for the days to come. Raises as `submit` does."""
        await self.submit(c.ChangePlan(plan=plan))

    async def close(self) -> None:
        """Refuse new commands, answer those that have come, checkpoint."""
        self._stopping = True
        if self._task is not None:
            self._arrived.set()
            await self._task
        await self._journal.close()

    # The task -----------------------------------------------------------------------------

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while not (self._stopping and not self._orders):
            tick = loop.call_later(TICK, self._arrived.set)
            await self._arrived.wait()
            tick.cancel()
            self._arrived.clear()
            try:
                await self._serve(self._take())
            except Exception:
                # Whatever it was, this state is no longer believed: start again from the truth.
                log.exception("the desk failed; starting again from the journal")
                await self._start_again()

    def _take(self) -> list[Order]:
        group = [self._orders.popleft() for _ in range(min(GROUP, len(self._orders)))]
        if self._orders:
            self._arrived.set()
        return group

    async def _serve(self, group: list[Order]) -> None:
        try:
            await self._carry_out(group)
        except Full:
            await self._serve_short(group)
        except JournalError as error:
            log.error("append failed, outcome not known: %s", error)
            self.ready = False
            self._answer(group, Unavailable("journal_unavailable"))
            await self._start_again()
        finally:
            # Only after an unforeseen error is anybody still without an answer here.
            self._answer(group, Unavailable("journal_unavailable"))

    async def _carry_out(self, group: list[Order]) -> None:
        """Decide, append, evolve, tell, answer: in this order."""
        if self.short or not group:  # an idle look: the reserve may have been given before a crash
            kept = await self._journal.keep_room()
            self.short = self.short and not kept
        # One time for the whole group: midnight must not fall between the day and a number.
        now = self._now()
        entries = self._new_day(now) + self._due(now)
        for order in group:
            self._decide(order, entries, now)
        if entries:
            await self._journal.append(self.hall.version, entries)
            for entry in entries:
                evolve(self.hall, entry)
            self._tell(self.hall, entries)
        for order in group:
            if isinstance(order.command, c.ChangePlan) and isinstance(order.outcome, tuple):
                self.plan = order.command.plan
            if not order.answer.done():
                order.answer.set_result(order.outcome)

    async def _serve_short(self, group: list[Order]) -> None:
        """The disk is full and nothing was written: with the reserve given back, all but new
        numbers is tried once more."""
        self._draft = self.hall.copy()
        self._empty.clear()  # judged on a draft that is no more
        self.short = True
        if not await self._journal.make_room():
            self._answer(group, Unavailable("journal_full", retry_after=30))
            return
        log.error("the disk is full: the reserve is in use, no new numbers until there is room")
        try:
            await self._carry_out(group)
        except Full:
            self._draft = self.hall.copy()
            self._answer(group, Unavailable("journal_full", retry_after=30))

    def _new_day(self, now: int) -> list[Entry]:
        """The entries that open the day, when the clock has passed into one."""
        day = day_of(now, self.plan.hours)
        if self._draft.day >= day:
            return []
        events = decide(self._draft, c.OpenDay(day=day, plan=self.plan), now)
        return self._record(c.SYSTEM, events, now)

    def _due(self, now: int) -> list[Entry]:
        """The entries that time alone brings about."""
        return self._record(c.SYSTEM, due(self._draft, now), now)

    def _decide(self, order: Order, entries: list[Entry], now: int) -> None:
        """Set the order's outcome; its entries join the group's and the draft."""
        first = self._first_time(order) if order.key else None
        if first is not None:
            order.outcome = first
            return
        if self.short and isinstance(order.command, c.IssueTicket):
            order.outcome = Unavailable("journal_full", retry_after=30)
            return
        try:
            events = decide(self._draft, order.command, now)
        except Refusal as refusal:
            order.outcome = refusal
            self._remember(order)
            return
        recorded = self._record(order.command.by, events, now, order.key, order.digest)
        order.outcome = tuple(recorded)
        entries += recorded
        if not recorded:
            self._remember(order)

    def _first_time(self, order: Order) -> Outcome | None:
        """What its key was answered with before, if it was."""
        receipt = self._draft.receipts.get(order.key)
        if receipt is not None:
            return receipt if receipt.digest == order.digest else KeyReused()
        if order.key in self._empty:
            digest, outcome = self._empty[order.key]
            return outcome if digest == order.digest else KeyReused()
        return None

    def _remember(self, order: Order) -> None:
        """A keyed command that left no entries: a retry must not do later what it didn't then."""
        if order.key:
            self._empty[order.key] = (order.digest, order.outcome)
            if len(self._empty) > MEMORY:
                del self._empty[next(iter(self._empty))]

    def _record(
        self, by: c.Actor, events: list[AnyEvent], now: int, key: str = "", digest: str = ""
    ) -> list[Entry]:
        """Entries of one command's events, folded into the draft."""
        entries = []
        for index, event in enumerate(events):
            id = self._draft.version + 1
            if index == 0 and key:
                entry = Entry(id, now, by.id, event, key, digest, len(events))
            else:
                entry = Entry(id, now, by.id, event)
            evolve(self._draft, entry)
            entries.append(entry)
        return entries

    def _now(self) -> int:
        """The clock, never before what is written: a clock set back stands still instead."""
        return max(self._clock.now(), self._draft.now)

    def _answer(self, group: list[Order], outcome: Outcome) -> None:
        for order in group:
            if not order.answer.done():
                order.answer.set_result(outcome)

    # Starting -----------------------------------------------------------------------------

    async def _start_again(self) -> None:
        """After an unknown outcome: through the whole start, as often as it takes."""
        self.ready = False
        self._empty.clear()
        pause = 0.1
        while not self._stopping:
            self._answer(list(self._orders), Unavailable("journal_unavailable"))
            self._orders.clear()
            try:
                await self._recover()
                return
            except (JournalError, Damaged) as error:
                log.error("the journal cannot be used yet: %s", error)
            except Exception:
                # Nothing may end the only writer while the process lives.
                log.exception("the desk failed again")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _recover(self) -> None:
        try:
            await self._replay()
        except Full:
            self.short = True
            if not await self._journal.make_room():
                raise
            await self._replay()

    async def _replay(self) -> None:
        entries = await self._journal.start()
        hall, draft = fold(entries), fold(entries)
        self._draft = draft
        now = self._now()
        barrier = self._record(c.SYSTEM, [Started()], now)
        barrier += self._new_day(now) + self._due(now)
        await self._journal.append(hall.version, barrier)
        # What a full disk has left of the reserve after a restart is for calls too.
        self.short = not await self._journal.keep_room()
        self.hall = fold(barrier, hall)
        self._tell(self.hall, [*entries, *barrier])
        self.ready = True

    async def _adopt_plan(self) -> None:
        try:
            await self.submit(c.ChangePlan(plan=self.plan))
        except (Refusal, Unavailable) as reason:
            log.warning("the new plan waits for tomorrow: %s", reason.sentence("en"))
