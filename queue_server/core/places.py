"""Where tickets and counters are: the moves that every event is made of. Changes the hall."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from . import events as e
from .lifecycle import TICKET
from .model import Call, Hall, Ticket


def move(hall: Hall, ticket: Ticket, event: e.OfTicket, **changes: Any) -> None:
    """Take one step of the lifecycle table, leaving and joining lines as the step needs."""
    leave(hall, ticket)
    moved = replace(ticket, status=TICKET[ticket.status][type(event)], **changes)
    hall.tickets[ticket.id] = moved
    stand(hall, moved)


def leave(hall: Hall, ticket: Ticket) -> None:
    """Out of its line, if it stands in one."""
    if _stands(ticket):
        hall.line(ticket.line).remove(hall.kind(ticket), (ticket.joined, ticket.id))


def stand(hall: Hall, ticket: Ticket) -> None:
    """Into its line, if it stands in one; and its deadline counts, if it has one."""
    if _stands(ticket):
        hall.line(ticket.line).add(hall.kind(ticket), (ticket.joined, ticket.id))
    set_deadline(hall, ticket)


def _stands(ticket: Ticket) -> bool:
    """Whether it can be called from its line: one that is remote or resting has a place, but is
    not offered."""
    return ticket.status == "waiting" and not ticket.remote and not ticket.rests


def set_deadline(hall: Hall, ticket: Ticket) -> None:
    """Note when time alone moves the ticket on."""
    at = deadline(hall, ticket)
    if at:
        hall.deadlines[ticket.id] = at
    else:
        hall.deadlines.pop(ticket.id, None)


def deadline(hall: Hall, ticket: Ticket) -> int:
    """When time alone moves a ticket on (epoch ms; 0: never): it expires, is offered again after
    its rest, or counts as a no-show."""
    policy = hall.plan.policy
    if ticket.status == "called":
        enough = policy.no_show_calls and ticket.here >= policy.no_show_calls
        return ticket.last_called + policy.no_show_wait if enough else 0
    if ticket.status == "waiting":
        return ticket.until if ticket.remote else ticket.rests
    return ticket.until if ticket.status == "pending" else 0


def change(hall: Hall, counter: str, **changes: Any) -> None:
    """Another value of a counter."""
    hall.counters[counter] = replace(hall.counters[counter], **changes)


def find_givers(hall: Hall) -> None:
    """Which counters give a service, today."""
    hall.givers = {}
    for name in hall.counters:
        for service in hall.place(name).services:
            hall.givers[service] = (*hall.givers.get(service, ()), name)


def tell(hall: Hall, entry: e.Entry, call: Call) -> None:
    """One more call to announce; those too old to be are forgotten."""
    oldest = entry.at - hall.plan.policy.announce_age
    hall.calls = [other for other in hall.calls if other.at > oldest]
    hall.calls.append(call)
