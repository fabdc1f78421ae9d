"""Where a ticket can be sent: every service, every other counter. Pure."""

from __future__ import annotations

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Hall
from queue_server.core.policy import own_line

from .views import Words


class Destination(Struct, frozen=True):
    """A choice of the transfer form. `value` is "service:…" or "counter:…"."""

    value: str
    name: str
    detail: str
    waiting: int
    open: bool
    """Somebody is there to take the ticket."""
    search: str


class Transfer(Struct, frozen=True):
    """The form: whom it sends, from where, and where to."""

    counter: str
    ticket: int
    number: str
    counters: tuple[Destination, ...]
    services: tuple[Destination, ...]


def transfer(hall: Hall, catalogue: Catalogue, counter: str, language: str) -> Transfer | None:
    """The form for the ticket at a counter; None when nobody is there."""
    ticket = hall.tickets.get(hall.counters[counter].current)
    if ticket is None:
        return None
    words = Words(hall, catalogue, hall.now, language)
    return Transfer(
        counter=counter,
        ticket=ticket.id,
        number=ticket.number,
        counters=every_counter(words, counter),
        services=every_service(words),
    )


def every_counter(words: Words, but: str = "") -> tuple[Destination, ...]:
    """All counters but one."""
    return tuple(_counter(words, id) for id in words.hall.counters if id != but)


def every_service(words: Words) -> tuple[Destination, ...]:
    """All services."""
    return tuple(_service(words, id) for id in words.hall.plan.services)


def _service(words: Words, id: str) -> Destination:
    hall = words.hall
    name, agency = words.service(id), words.agency(id)
    known = words.catalogue.services.get(id)
    keywords = " ".join(known.keywords) if known else ""
    return Destination(
        value=f"service:{id}",
        name=name,
        detail=agency,
        waiting=hall.waiting(id),
        open=any(hall.counters[giver].state == "open" for giver in hall.givers.get(id, ())),
        search=f"{hall.plan.services[id].prefix} {name} {agency} {keywords}".lower(),
    )


def _counter(words: Words, id: str) -> Destination:
    hall = words.hall
    services = hall.place(id).services
    agencies = ", ".join(dict.fromkeys(filter(None, map(words.agency, services))))
    name = words.counter(id)
    return Destination(
        value=f"counter:{id}",
        name=name,
        detail=agencies,
        waiting=hall.waiting(own_line(id)),
        open=hall.counters[id].state == "open",
        search=f"{name} {id} {agencies}".lower(),
    )
