"""Where a ticket can be sent: services, counters, agencies, colleagues. Pure."""

from __future__ import annotations

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Counter, Hall
from queue_server.core.policy import agency_line, operator_line, own_line, servers

from .notices import Names
from .words import Words


class Destination(Struct, frozen=True):
    """A choice of the transfer form. `value` is "service:…", "counter:…", "agency:…" (any of its
    counters) or "operator:…" (wherever that colleague sits)."""

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
    agencies: tuple[Destination, ...]
    operators: tuple[Destination, ...]
    serving: bool
    """What it is here for can be finished first."""
    service: str
    service_name: str


def transfer(
    hall: Hall, catalogue: Catalogue, names: Names, counter: str, language: str
) -> Transfer | None:
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
        agencies=tuple(_agency(words, id) for id in _agencies(hall)),
        operators=tuple(
            _operator(words, names, one)
            for one in hall.counters.values()
            if one.operator and one.id != counter
        ),
        serving=ticket.status == "serving",
        service=ticket.service,
        service_name=words.service(ticket.service),
    )


def _agencies(hall: Hall) -> list[str]:
    """Those that the plan has services of, in its order."""
    return list(dict.fromkeys(service.agency for service in hall.plan.services.values()))


def _agency(words: Words, id: str) -> Destination:
    hall = words.hall
    known = words.catalogue.named.agencies.get(id)
    name = known.name.of(words.language) if known else id
    short = known.short if known else ""
    line = agency_line(id)
    return Destination(
        value=f"agency:{id}",
        name=name,
        detail=short if short != name else "",
        waiting=hall.waiting(line),
        open=any(hall.counters[one].state == "open" for one in servers(hall, line)),
        search=f"{name} {short}".lower(),
    )


def _operator(words: Words, names: Names, counter: Counter) -> Destination:
    hall, name, place = words.hall, names(counter.operator), words.counter(counter.id)
    return Destination(
        value=f"operator:{counter.operator}",
        name=name,
        detail=place,
        waiting=hall.waiting(operator_line(counter.operator)),
        open=counter.state == "open",
        search=f"{name} {place}".lower(),
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
    known = words.catalogue.named.services.get(id)
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
