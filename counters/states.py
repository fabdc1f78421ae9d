"""A counter's state for whoever reads JSON (CONTRACT: `counter:5`). Pure."""

from __future__ import annotations

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import local
from queue_server.core.model import CounterState, Hall, Status, Ticket
from queue_server.core.policy import in_order

from . import acts


class TicketState(Struct, frozen=True):
    """A ticket as an operator's program sees it. Times are RFC 3339 with the hall's offset."""

    id: int
    number: str
    service: str
    status: Status
    priority: str
    language: str
    calls: int
    issued_at: str
    called_at: str | None
    started_at: str | None


class State(Struct, frozen=True):
    """A counter's whole state. `queue` is in calling order: "next" takes its head."""

    id: str
    name: str
    zone: str
    services: tuple[str, ...]
    state: CounterState
    operator: str
    since: str | None
    current: TicketState | None
    queue: tuple[TicketState, ...]
    acts: tuple[str, ...]
    server_time: str


def state(hall: Hall, catalogue: Catalogue, id: str, now: int) -> State:
    """A counter's state for programs. Raises KeyError when the hall has no such counter."""
    counter, place = hall.counters[id], hall.place(id)
    current = hall.tickets.get(counter.current)
    return State(
        id=id,
        name=catalogue.named.counters[id].name.id if id in catalogue.named.counters else place.name,
        zone=place.zone,
        services=place.services,
        state=counter.state,
        operator=counter.operator,
        since=_stamp(hall, counter.since),
        current=_ticket_state(hall, current) if current else None,
        queue=tuple(_ticket_state(hall, hall.tickets[t]) for t in in_order(hall, counter)),
        acts=acts.enabled(hall, counter, now),
        server_time=_stamp(hall, now) or "",
    )


def _ticket_state(hall: Hall, ticket: Ticket) -> TicketState:
    return TicketState(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        status=ticket.status,
        priority=ticket.priority,
        language=ticket.language,
        calls=ticket.calls,
        issued_at=_stamp(hall, ticket.issued) or "",
        called_at=_stamp(hall, ticket.last_called),
        started_at=_stamp(hall, ticket.started),
    )


def _stamp(hall: Hall, moment: int) -> str | None:
    hours = hall.plan.hours
    return local(moment, hours).isoformat(timespec="seconds") if moment else None
