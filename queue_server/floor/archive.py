"""The journal by days: an index of who did what to which ticket where, to search and page by.

A day is read forward once, in short reads; today's index grows with the journal. Nothing holds a
cursor open, and what a page shows is read again by the entries' ids.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from ..core import events as e
from ..core.calendar import day_of
from ..core.events import Entry
from ..core.model import Hall

PAGE = 250
"""Entries of one read: a few milliseconds of the loop."""
DAYS = 3
"""Days that are kept indexed."""

Read = Callable[[int, int], Awaitable[list[Entry]]]
"""Up to so many entries after an id, oldest first."""
LEAVES = (
    e.ServiceFinished, e.StepFinished, e.TicketMissed, e.TicketReturned, e.TicketParked,
    e.TicketDeferred, e.TicketTransferred, e.TicketCancelled, e.TicketExpired,
)  # fmt: skip
"""After these a ticket is at no counter."""


class Row(NamedTuple):
    """An entry, as far as it is searched by. `ticket` 0 and `counter` "": it concerns none."""

    id: int
    at: int
    by: str
    kind: str
    ticket: int
    counter: str


class Day:
    """A day's rows, oldest first, and the numbers of its tickets."""

    def __init__(self, after: int) -> None:
        self.rows: list[Row] = []
        self.numbers: dict[int, str] = {}
        self.last = after
        self._where: dict[int, str] = {}

    def add(self, entry: Entry) -> None:
        """The next entry of the day."""
        event = entry.event
        ticket = getattr(event, "ticket", 0)
        if isinstance(event, e.TicketIssued):
            ticket = entry.id
            self.numbers[ticket] = event.number
        counter = self._counter(event, ticket)
        self.rows.append(Row(entry.id, entry.at, entry.by, type(event).__name__, ticket, counter))
        self.last = entry.id

    def _counter(self, event: e.AnyEvent, ticket: int) -> str:
        """Where it happened; a transfer's own counter is where it leads to."""
        if isinstance(event, LEAVES):
            return self._where.pop(ticket, "")
        named = str(getattr(event, "counter", ""))
        if named and ticket:
            self._where[ticket] = named
        return named or self._where.get(ticket, "")


class Archive:
    """The journal's days. `read` and `hall` are set by whoever knows the Desk."""

    def __init__(self) -> None:
        self.read: Read | None = None
        self.hall: Callable[[], Hall] | None = None
        self._days: OrderedDict[str, Day] = OrderedDict()
        self._reading = asyncio.Lock()

    async def day(self, day: str) -> Day:
        """A day's index, up to now; empty for one without entries. Raises Unavailable."""
        assert self.hall is not None, "the house has set it"
        async with self._reading:
            found = self._days.get(day)
            if found is None:
                found = Day(await self._before(day))
            await self._grow(found, day)
            self._days[day] = found
            self._days.move_to_end(day)
            if len(self._days) > DAYS:
                self._days.popitem(last=False)
            return found

    async def entries(self, ids: Iterable[int]) -> list[Entry]:
        """These entries, in that order, neighbours by one read. Raises Unavailable."""
        assert self.read is not None, "the house has set it"
        wanted = list(ids)
        found: dict[int, Entry] = {}
        for first, last in _runs(sorted(wanted)):
            for entry in await self.read(first - 1, last - first + 1):
                found[entry.id] = entry
        return [found[id] for id in wanted if id in found]

    async def _grow(self, found: Day, day: str) -> None:
        assert self.read is not None
        assert self.hall is not None
        hours = self.hall().plan.hours
        while found.last < self.hall().version:
            page = await self.read(found.last, PAGE)
            for entry in page:
                if day_of(entry.at, hours) != day:
                    return
                found.add(entry)
            if not page:
                return

    async def _before(self, day: str) -> int:
        """The id of the last entry before a day: times never go back, so halves do."""
        assert self.read is not None
        assert self.hall is not None
        hours, low, high = self.hall().plan.hours, 0, self.hall().version
        while low < high:
            middle = (low + high) // 2 + 1
            (entry,) = await self.read(middle - 1, 1)
            if day_of(entry.at, hours) < day:
                low = middle
            else:
                high = middle - 1
        return low


def _runs(ids: list[int]) -> list[tuple[int, int]]:
    """Sorted ids as spans (first, last) without a gap wider than a few entries."""
    spans: list[tuple[int, int]] = []
    for id in ids:
        if spans and id - spans[-1][1] <= 8 and id - spans[-1][0] < PAGE:
            spans[-1] = spans[-1][0], id
        else:
            spans.append((id, id))
    return spans
