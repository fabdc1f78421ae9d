"""Deliberate faults, each a way in which such a program is really written wrong. A harness that
does not find them is broken."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from queue_server.core import commands as c
from queue_server.core.events import Entry
from queue_server.core.evolve import fold
from queue_server.core.model import Hall
from queue_server.core.refusals import Refusal
from queue_server.desk import Desk
from queue_server.journal.log import Conflict, Full, Unknown
from queue_server.order import Order

from .disk import SimJournal
from .faulty_rules import (
    CallsTheAbsent,
    DoubleClick,
    ForgetsDeadlines,
    GivesTooMany,
    HubForgetsCursor,
    LostCalls,
    LostReceipts,
    StarvingPolicy,
    TwoCounters,
)  # fmt: skip
from .process import Life, Mutant
from .screens import Source


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
            with suppress(Conflict, Full, Unknown):
                await act

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
            with suppress(Conflict):
                await self.journal.append(expected, entries)

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


MUTANTS: dict[str, type[Mutant]] = {
    mutant.__name__: mutant
    for mutant in (
        AcknowledgeBeforeCommit, NoFence, UnknownTakenForFailure, ConflictTakenForSuccess,
        TellBeforeCommit, NoIdempotency, KeepDraftAfterFull, NoBarrier, RefuseBeforeCommit,
        ClockGoesBack, ReadersSeeTheDraft, StaleAfterUnknown, AnnounceByTicket, CursorOffByOne,
        ForgetsWhoStalled, StarvingPolicy, LostReceipts, LostCalls, DoubleClick, TwoCounters,
        HubForgetsCursor, CallsTheAbsent, ForgetsDeadlines, GivesTooMany,
    )
}  # fmt: skip
