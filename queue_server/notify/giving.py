"""A ticket's holder gives, sees and takes back a contact: what page and API share."""

from __future__ import annotations

from ..core.model import Hall, Ticket
from ..core.refusals import ticket_refused
from .addresses import Kind, masked
from .contacts import DAY, Contacts, subject_of

AT_AN_END = frozenset({"served", "cancelled", "expired"})


async def give(
    contacts: Contacts, hall: Hall, ticket: Ticket, given: dict[Kind, str], now: int
) -> None:
    """Keep contacts of a ticket that is not at its end, for a day at the most.

    Raises Refusal (`not_allowed`) for one that is, Unavailable.
    """
    if hall.tickets[ticket.id].status in AT_AN_END:
        raise ticket_refused(ticket)
    await contacts.give(subject_of(ticket.token), given, now + DAY)


async def shown(contacts: Contacts, ticket: Ticket) -> dict[Kind, str]:
    """What is kept, masked: whoever has the page's address reads it."""
    found = await contacts.of(subject_of(ticket.token))
    return {kind: masked(kind, value) for kind, value in found.items()}
