"""The lifecycle of a ticket and of a counter: two literal tables, and what is read off them.

From these tables come the refusals, the console's enabled acts, the diagram in the docs and a
test of every status with every event.
"""

from __future__ import annotations

from . import events as e
from .model import CounterState, Status

TICKET: dict[Status, dict[type[e.OfTicket], Status]] = {
    "waiting": {
        e.TicketCalled: "called",
        e.TicketTransferred: "waiting",
        e.TicketCancelled: "cancelled",
        e.TicketExpired: "expired",
        e.TicketArrived: "waiting",
        e.TicketPostponed: "waiting",
        e.TicketPicked: "called",
        e.TicketServed: "served",
        e.TicketOffered: "waiting",
        e.TicketReclassed: "waiting",
        e.TicketUnbound: "waiting",
        e.VisitPlanned: "waiting",
        e.VisitRerouted: "waiting",
    },
    "called": {
        e.VisitPlanned: "called",
        e.TicketRecalled: "called",
        e.ServiceStarted: "serving",
        e.TicketMissed: "no_show",
        e.TicketReturned: "waiting",
        e.TicketTransferred: "waiting",
        e.TicketCancelled: "cancelled",
        e.TicketExpired: "expired",
        e.TicketDeferred: "pending",
    },
    "serving": {
        e.StepFinished: "waiting",
        e.VisitPlanned: "serving",
        e.ServiceFinished: "served",
        e.TicketReturned: "waiting",
        e.TicketParked: "parked",
        e.TicketTransferred: "waiting",
        e.TicketDeferred: "pending",
    },
    "parked": {
        e.TicketCalled: "called",
        e.TicketPicked: "called",
        e.TicketReclassed: "parked",
        e.TicketUnbound: "parked",
        e.VisitPlanned: "parked",
        e.TicketTransferred: "waiting",
        e.TicketCancelled: "cancelled",
        e.TicketExpired: "expired",
    },
    "pending": {
        e.TicketCalled: "called",
        e.TicketPicked: "called",
        e.TicketReclassed: "pending",
        e.TicketUnbound: "pending",
        e.VisitPlanned: "pending",
        e.TicketTransferred: "waiting",
        e.TicketCancelled: "cancelled",
        e.TicketExpired: "expired",
        e.TicketResumed: "waiting",
    },
    "no_show": {
        e.TicketReinstated: "waiting",
        e.TicketRejoined: "waiting",
        e.TicketUnbound: "no_show",
    },
    "served": {},
    "cancelled": {
        e.TicketReinstated: "waiting",
        e.TicketRejoined: "waiting",
        e.TicketUnbound: "cancelled",
    },
    "expired": {},
}

COUNTER: dict[CounterState, dict[type[e.OfCounter], CounterState]] = {
    "closed": {e.CounterOpened: "open"},
    "open": {e.CounterPaused: "break", e.CounterClosed: "closed"},
    "break": {e.CounterOpened: "open", e.CounterClosed: "closed"},
}

AT_COUNTER: frozenset[Status] = frozenset({"called", "serving"})
"""The statuses in which a ticket is some counter's current one."""

LIVE: frozenset[Status] = AT_COUNTER | {"waiting", "parked", "pending"}
"""The statuses of a citizen who is not done with the hall yet."""

ACTS: dict[type[e.Event], str] = {
    e.TicketCalled: "call",
    e.TicketRecalled: "recall",
    e.ServiceStarted: "start",
    e.ServiceFinished: "finish",
    e.TicketMissed: "no_show",
    e.TicketReturned: "return",
    e.TicketParked: "park",
    e.TicketTransferred: "transfer",
    e.TicketCancelled: "cancel",
    e.TicketReinstated: "reinstate",
    e.TicketArrived: "arrive",
    e.TicketPostponed: "postpone",
    e.TicketRejoined: "rejoin",
    e.TicketDeferred: "defer",
    e.TicketResumed: "resume",
    e.TicketPicked: "look",
    e.TicketReclassed: "reclass",
    e.CounterOpened: "open",
    e.CounterPaused: "break",
    e.CounterClosed: "close",
}
"""The name that a person's act goes by in the API, on buttons and in refusals."""


def ticket_acts(status: Status) -> tuple[str, ...]:
    """What a person can do with a ticket in this status."""
    return tuple(ACTS[event] for event in TICKET[status] if event in ACTS)


def counter_acts(state: CounterState) -> tuple[str, ...]:
    """What a person can do with a counter in this state."""
    return tuple(ACTS[event] for event in COUNTER[state])
