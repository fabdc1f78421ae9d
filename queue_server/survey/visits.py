"""How many visits were served: the population that a sample is measured against.

Counted from the journal, whole days at a time, when somebody asks for a report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..core.events import (
    DayOpened,
    Entry,
    ServiceFinished,
    TicketCalled,
    TicketIssued,
    TicketTransferred,
)  # fmt: skip

Served = tuple[str, str, str, int]
"""(date, service, counter, count)"""


class Visits:
    """Counts entries in their order. `done` holds the days that are over, `version` their end."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.done: list[Served] = []
        self._day = ""
        self._services: dict[int, str] = {}
        self._counters: dict[int, str] = {}
        self._served: Counter[tuple[str, str]] = Counter()

    def read(self, entries: Iterable[Entry]) -> None:
        """Count these entries."""
        for entry in entries:
            event = entry.event
            if isinstance(event, DayOpened):
                self._turn(event.day, entry.id)
            elif isinstance(event, TicketIssued):
                self._services[entry.id] = event.service
            elif isinstance(event, TicketTransferred) and event.service:
                self._services[event.ticket] = event.service
            elif isinstance(event, TicketCalled):
                self._counters[event.ticket] = event.counter
            elif isinstance(event, ServiceFinished):
                place = self._services.get(event.ticket, ""), self._counters.get(event.ticket, "")
                self._served[place] += 1

    def _turn(self, day: str, version: int) -> None:
        if self._day:
            self.done += [(self._day, *place, count) for place, count in self._served.items()]
        self._day = day
        self.version = version - 1  # the next reading begins with this day's first entry
        self._services.clear()
        self._counters.clear()
        self._served.clear()
