"""What is missing, and how long the right of return holds: the form "come back with …". Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import closes_at, local
from queue_server.core.model import Hall, Ticket
from queue_server.web.i18n import clock_text

HOUR = 3_600_000
OFFERED = 3
"""Whole hours before closing that are offered as an end of the right of return."""


class Paper(Struct, frozen=True):
    """A requirement; `index` is its place in the service's list, `key` what chooses it."""

    index: int
    key: str
    line: str


class Until(Struct, frozen=True):
    """An end of the right of return: epoch ms (0: the day's end), and the clock ("": unknown)."""

    ms: int
    at: str


class Papers(Struct, frozen=True):
    """The form: whom it sends for papers, and what can be missing."""

    counter: str
    ticket: int
    number: str
    papers: tuple[Paper, ...]
    untils: tuple[Until, ...]


def papers(
    hall: Hall, catalogue: Catalogue, counter: str, now: int, language: str
) -> Papers | None:
    """The form for the ticket at a counter; None when nobody is there."""
    ticket = hall.tickets.get(hall.counters[counter].current)
    if ticket is None:
        return None
    return Papers(
        counter=counter,
        ticket=ticket.id,
        number=ticket.number,
        papers=tuple(
            Paper(index, str(index + 1) if index < 9 else "", line)
            for index, line in enumerate(required(catalogue, ticket, language))
        ),
        untils=_untils(hall, now, language),
    )


def required(catalogue: Catalogue, ticket: Ticket, language: str) -> list[str]:
    """The requirements of a ticket's service, in order; none where the catalogue dropped it."""
    service = catalogue.named.services.get(ticket.service)
    return [catalogue.phrase(line, language) for line in service.requirements] if service else []


def _untils(hall: Hall, now: int, language: str) -> tuple[Until, ...]:
    """Until the hall closes (which needs no deadline), or one of the whole hours before that."""
    hours = hall.plan.hours
    closes = None if hours.always else closes_at(now, hours)
    last = now + (OFFERED + 2) * HOUR if hours.always else epoch(closes) if closes else now
    ends = [now - now % HOUR + HOUR * ahead for ahead in range(2, OFFERED + 2)]
    return (
        Until(0, clock_text(closes, language) if closes else ""),
        *(Until(end, clock_text(local(end, hours), language)) for end in ends if end < last),
    )


def epoch(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
