"""Deliberate faults, each a way in which such a program is really written wrong. A harness that
does not find them is broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core import decide as rules
from queue_server.core.events import DayOpened, Entry
from queue_server.core.evolve import fold
from queue_server.core.model import Hall
from queue_server.core.refusals import Refusal
from queue_server.desk import Desk, Order
from queue_server.journal.log import Conflict, Full, Unknown
from queue_server.live.hub import Hub

from .disk import SimJournal
from .screens import Source
from .world import Life, Mutant


class Proxy:
    """A journal between the Desk and the real one."""

    def __init__(self, journal: SimJournal, life: Life) -> None:
        self.journal, self.life = journal, life

    def __getattr__(self, name: str) -> Any:
        return getattr(self.journal, name)


class AcknowledgeBeforeCommit(Mutant):
    """The answer doesn't wait for the disk."""

    class Journal(Proxy):
        async def append(self, expected: int, entries: Sequence[Entry]) -> None:
            self.life.spawn(self.quietly(self.journal.append(expected, entries)))

        async def quietly(self, act: Any) -> None:
            try:
                await act
            except (Conflict, Full, Unknown):
                pass

    journal = Journal  # type: ignore[assignment]


class NoFence(Mutant):
    """An append goes wherever the file ends."""

    def journal(self, journal: SimJournal, life: Life) -> Any:
        journal.fenced = False
        return journal


class UnknownTakenForFailure(Mutant):
    """An I/O error in commit is believed to mean "not written"."""

    class Journal(Proxy):
        async def append(self, expected: int, entries: Sequence[Entry]) -> None:
            try:
                await self.journal.append(expected, entries)
            except Unknown as error:
                raise Full("surely") from error

    journal = Journal  # type: ignore[assignment]


class ConflictTakenForSuccess(Mutant):
    """ "Already there", so it must be ours."""

    class Journal(Proxy):
        async def append(self, expected: int, entries: Sequence[Entry]) -> None:
            try:
                await self.journal.append(expected, entries)
            except Conflict:
                pass

    journal = Journal  # type: ignore[assignment]


class TellBeforeCommit(Mutant):
    """Screens are told what is about to be written."""

    class Journal(Proxy):
        async def append(self, expected: int, entries: Sequence[Entry]) -> None:
            self.life.tell(self.life.desk._draft, entries)
            await self.journal.append(expected, entries)

    journal = Journal  # type: ignore[assignment]


class NoIdempotency(Mutant):
    """The key is ignored."""

    class Writer(Desk):
        async def submit(
            self, command: c.Command, *, key: str = "", digest: str = ""
        ) -> tuple[Entry, ...]:
            return await super().submit(command)

    desk = Writer  # type: ignore[assignment]


class KeepDraftAfterFull(Mutant):
    """What could not be written stays in the state that decides."""

    class Writer(Desk):
        async def _serve_short(self, group: list[Order]) -> None:
            draft, hall = self._draft, self.hall
            hall.copy = lambda: draft  # type: ignore[method-assign]
            try:
                await super()._serve_short(group)
            finally:
                hall.__dict__.pop("copy", None)

    desk = Writer  # type: ignore[assignment]


class NoBarrier(Mutant):
    """A restarted process serves at once what it found in the cache."""

    class Writer(Desk):
        async def _replay(self) -> None:
            entries = await self._journal.start()
            if not entries:
                await super()._replay()
                return
            self.hall, self._draft = fold(entries), fold(entries)
            self.ready = True

    desk = Writer  # type: ignore[assignment]


class RefuseBeforeCommit(Mutant):
    """A refusal is answered at once, from a state that is not durable yet."""

    class Writer(Desk):
        def _decide(self, order: Order, *more: Any) -> None:
            super()._decide(order, *more)
            if isinstance(order.outcome, Refusal) and not order.answer.done():
                order.answer.set_result(order.outcome)

    desk = Writer  # type: ignore[assignment]


class ClockGoesBack(Mutant):
    """Entries carry whatever the machine's clock says."""

    class Writer(Desk):
        def _now(self) -> int:
            return self._clock.now()

    desk = Writer  # type: ignore[assignment]


class ReadersSeeTheDraft(Mutant):
    """Pages and screens read the state that decides."""

    def view(self, desk: Desk) -> Hall:
        return desk._draft


class StaleAfterUnknown(Mutant):
    """After an unknown outcome the Desk goes on with the state that it has."""

    class Writer(Desk):
        async def _start_again(self) -> None:
            self.ready = True
            self._draft = self.hall.copy()

    desk = Writer  # type: ignore[assignment]


class AnnounceByTicket(Mutant):
    """ "What is new" is found by the ticket's id, so a recall is never new."""

    class View(Source):
        def calls(self, topic: str, after: int) -> list[bytes]:
            found = [call for call in self.hall().calls if call.ticket > after]
            return [b'{"id":%d}' % call.id for call in found]

    source = View  # type: ignore[assignment]


class CursorOffByOne(Mutant):
    """The call of the cursor itself is told again."""

    class View(Source):
        def calls(self, topic: str, after: int) -> list[bytes]:
            return super().calls(topic, after - 1)

    source = View  # type: ignore[assignment]


class ForgetsWhoStalled(Mutant):
    """A screen that drains gets the state, and only the calls since it drained."""

    class View(Source):
        def calls(self, topic: str, after: int) -> list[bytes]:
            return super().calls(topic, max(after, self.version - 2))

    source = View  # type: ignore[assignment]


class Patched(Mutant):
    """A fault in a function that is not handed in."""

    def installed(self) -> AbstractContextManager[object]:
        return patch.object(*self.patches())

    def patches(self) -> tuple[Any, str, Any]:
        raise NotImplementedError


class StarvingPolicy(Patched):
    """Priority always goes first."""

    def patches(self) -> tuple[Any, str, Any]:
        def next_up(hall: Hall, counter: Any) -> int:
            lines = [
                hall.lines[name] for name in rules.lines_of(hall, counter.id) if name in hall.lines
            ]
            ranks = [rank for line in lines for rank in line.priority]
            ranks = ranks or [rank for line in lines for rank in line.ordinary]
            return min(ranks)[1] if ranks else 0

        return rules, "next_up", next_up


class Rule(Patched):
    """A rule that is wrong."""

    command: type[c.Command]

    def patches(self) -> tuple[Any, str, Any]:
        table = dict(rules._DECIDE)
        right: Callable[..., list[Any]] = table[self.command]
        table[self.command] = lambda hall, command, now: self.wrong(right, hall, command, now)
        return rules, "_DECIDE", table

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        raise NotImplementedError


class LostReceipts(Rule):
    """Midnight forgets the keys."""

    command = c.OpenDay

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        events = right(hall, command, now)
        return [replace(x, receipts=()) if isinstance(x, DayOpened) else x for x in events]


class LostCalls(Rule):
    """Midnight forgets the calls that are still to be announced."""

    command = c.OpenDay

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        events = right(hall, command, now)
        return [replace(x, calls=()) if isinstance(x, DayOpened) else x for x in events]


class DoubleClick(Rule):
    """Next doesn't ask whom the operator was looking at."""

    command = c.CallNext

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        counter = hall.counters.get(command.counter)
        return right(hall, replace(command, after=counter.current if counter else 0), now)


class TwoCounters(Rule):
    """A chosen ticket is called wherever it is."""

    command = c.CallNext

    def wrong(self, right: Any, hall: Hall, command: Any, now: int) -> list[Any]:
        called = [t for t in hall.tickets.values() if t.status == "called"]
        try:
            return right(hall, command, now)
        except Refusal as refusal:
            if refusal.code != "nobody_waiting" or not called:
                raise
            return [rules.e.TicketCalled(called[0].id, command.counter)]


class HubForgetsCursor(Patched):
    """A screen that comes back is told the present only."""

    def patches(self) -> tuple[Any, str, Any]:
        return Hub, "_since", lambda hub, cursor: hub.source.version


MUTANTS: dict[str, type[Mutant]] = {
    mutant.__name__: mutant
    for mutant in (
        AcknowledgeBeforeCommit, NoFence, UnknownTakenForFailure, ConflictTakenForSuccess,
        TellBeforeCommit, NoIdempotency, KeepDraftAfterFull, NoBarrier, RefuseBeforeCommit,
        ClockGoesBack, ReadersSeeTheDraft, StaleAfterUnknown, AnnounceByTicket, CursorOffByOne,
        ForgetsWhoStalled, StarvingPolicy, LostReceipts, LostCalls, DoubleClick, TwoCounters,
        HubForgetsCursor,
    )
}  # fmt: skip
