"""A counter for its supervisor: who is there, who waits, what it serves, what can be done."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import CounterState, Hall
from queue_server.core.policy import in_order
from queue_server.floor.naming import Naming

from .ticket_sheet import Short, shorts
from .views import Moment, Words

QUEUE = 10
"""Tickets of its queue that are shown."""


class Offered(Struct, frozen=True):
    """A service that it may serve today. `usual`: the catalogue says so."""

    id: str
    name: str
    agency: str
    waiting: int
    chosen: bool
    usual: bool
    search: str


class PostSheet(Struct, frozen=True):
    """The page of one counter."""

    id: str
    name: str
    zone: str
    state: CounterState
    operator: str
    operator_id: str
    since: Moment
    reason: str
    until: Moment
    reopens: Moment
    closing: Moment
    closing_reason: str
    closing_reopens: Moment
    alarm: Moment
    current: Short | None
    queue: tuple[Short, ...]
    waiting: int
    services: tuple[Offered, ...]
    assigned: bool


def post_sheet(hall: Hall, catalogue: Catalogue, naming: Naming, id: str, now: int) -> PostSheet:
    """The page at `now`. Raises KeyError when the hall has no such counter."""
    counter, words = hall.counters[id], Words(hall, catalogue, now, naming.language)
    queue = list(in_order(hall, counter))
    current = hall.tickets.get(counter.current)
    closing = counter.closing
    return PostSheet(
        id=id,
        name=naming.counter(id),
        zone=words.zone(id),
        state=counter.state,
        operator=naming.person(counter.operator) if counter.operator else "",
        operator_id=counter.operator,
        since=words.moment(counter.since),
        reason=naming.reason(counter.reason) if counter.reason else "",
        until=words.moment(counter.until),
        reopens=words.moment(counter.reopens),
        closing=words.moment(closing.at if closing else 0),
        closing_reason=naming.reason(closing.reason) if closing and closing.reason else "",
        closing_reopens=words.moment(closing.reopens if closing else 0),
        alarm=words.moment(counter.alarm),
        current=shorts(words, [current])[0] if current else None,
        queue=shorts(words, (hall.tickets[one] for one in islice(queue, QUEUE))),
        waiting=len(queue),
        services=_services(words, id),
        assigned=bool(counter.assigned),
    )


def _services(words: Words, id: str) -> tuple[Offered, ...]:
    """Those that it serves first, then the others, each part in the catalogue's order."""
    hall = words.hall
    chosen, usual = set(hall.place(id).services), set(hall.plan.counters[id].services)
    found = [
        Offered(
            id=one,
            name=words.service(one),
            agency=words.agency(one),
            waiting=hall.waiting(one),
            chosen=one in chosen,
            usual=one in usual,
            search=f"{words.service(one)} {words.agency(one)} {plan.prefix}".lower(),
        )
        for one, plan in hall.plan.services.items()
    ]
    return tuple(sorted(found, key=lambda one: not (one.chosen or one.usual)))
