"""What only a look at every ticket of the day tells, gathered once per version for all who ask."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from msgspec import Struct

from ..core.model import Hall, Ticket


class Served(Struct):
    """What a counter has served today: how many, the sum of their service times in ms, the last."""

    count: int = 0
    total: int = 0
    last: Ticket | None = None

    @property
    def mean(self) -> int:
        """Milliseconds a ticket; 0 before the first."""
        return self.total // self.count if self.count else 0


class Day(Struct):
    """The day's tickets that stand in no line: parked, pending and gone by line, served by
    counter."""

    parked: dict[str, list[Ticket]] = {}
    pending: dict[str, list[Ticket]] = {}
    gone: dict[str, list[Ticket]] = {}
    served: dict[str, Served] = {}

    def parked_for(self, counter: str, lines: Iterable[str]) -> list[Ticket]:
        """Parked tickets that a counter may call back: its own first, then the oldest."""
        found = [ticket for line in lines for ticket in self.parked.get(line, ())]
        return sorted(found, key=lambda ticket: (ticket.counter != counter, ticket.last_called))

    def pending_for(self, lines: Iterable[str]) -> list[Ticket]:
        """Who was sent for papers from these lines, in the order of their arrival."""
        found = [ticket for line in lines for ticket in self.pending.get(line, ())]
        return sorted(found, key=lambda ticket: ticket.joined)

    def gone_from(self, counter: str, lines: Iterable[str], count: int) -> list[Ticket]:
        """The last no-shows of a counter and the last cancelled in its lines, newest first."""
        found = (
            ticket
            for line in lines
            for ticket in self.gone.get(line, ())
            if ticket.counter in ("", counter)
        )
        return nlargest(count, found, key=lambda ticket: ticket.ended)


def gather(hall: Hall) -> Day:
    """One pass over the tickets of the day."""
    day = Day()
    for ticket in hall.tickets.values():
        if ticket.status == "served":
            served = day.served.setdefault(ticket.counter, Served())
            served.count += 1
            served.total += ticket.ended - ticket.started
            if served.last is None or ticket.call > served.last.call:
                served.last = ticket
        elif ticket.status == "parked":
            day.parked.setdefault(ticket.line, []).append(ticket)
        elif ticket.status == "pending":
            day.pending.setdefault(ticket.line, []).append(ticket)
        elif ticket.status in ("no_show", "cancelled"):
            day.gone.setdefault(ticket.line, []).append(ticket)
    return day


class Days:
    """The gathering of the present version: made once, whoever asks."""

    def __init__(self) -> None:
        self._of: tuple[Hall, int] | None = None
        self._day = Day()

    def of(self, hall: Hall) -> Day:
        """The hall's day now."""
        if self._of is None or self._of[0] is not hall or self._of[1] != hall.version:
            self._day = gather(hall)
            self._of = (hall, hall.version)
        return self._day
