"""The calls that stand: whom a board shows, at which counters."""

from __future__ import annotations

import heapq
from collections.abc import Collection

from .model import Hall, Status, Ticket

HALL = "hall"
"""The name of every zone together."""
STANDING: frozenset[Status] = frozenset({"called", "serving", "parked", "no_show", "served"})
"""Statuses whose last call still holds; one that waits again must not be sent to a counter."""


def counters_in(hall: Hall, zone: str) -> frozenset[str]:
    """Ids of the counters that stand in a zone; of all of them for the hall."""
    plans = hall.plan.counters.values()
    return frozenset(plan.id for plan in plans if zone in (HALL, plan.zone))


def last_called(hall: Hall, places: Collection[str], count: int) -> list[Ticket]:
    """The tickets last called at these counters, the newest call first."""
    called = (
        ticket
        for ticket in hall.tickets.values()
        if ticket.call and ticket.counter in places and ticket.status in STANDING
    )
    return heapq.nlargest(count, called, key=lambda ticket: ticket.call)
