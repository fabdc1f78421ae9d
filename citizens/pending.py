"""What a ticket's page says to somebody who was sent for papers: what to bring, until when."""

from __future__ import annotations

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import closes_at, local
from queue_server.core.model import Hall, Ticket
from queue_server.house import House
from queue_server.web.i18n import clock_text

from .part import Part


class Pending(Struct, frozen=True):
    """The papers that were asked for (none: the operator has said so aloud), and the end of the
    right of return ("": the day's)."""

    missing: tuple[str, ...]
    until: str


def pending(hall: Hall, catalogue: Catalogue, ticket: Ticket, language: str, now: int) -> Pending:
    """What a pending ticket's holder is to bring."""
    service = catalogue.named.services.get(ticket.service)
    required = service.requirements if service else ()
    asked = (required[index] for index in ticket.missing if index < len(required))
    hours = hall.plan.hours
    end = local(ticket.until, hours) if ticket.until else None
    if end is None and not hours.always:
        end = closes_at(now, hours)
    return Pending(
        missing=tuple(catalogue.phrase(line, language) for line in asked),
        until=clock_text(end, language) if end else "",
    )


async def phone_part(house: House, ticket: Ticket, language: str) -> Part | None:
    """The part of the ticket's page, while it is pending."""
    if ticket.status != "pending":
        return None
    view = pending(house.hall, house.catalogue, ticket, language, house.clock.now())
    return Part("citizens/_pending.html", view)
