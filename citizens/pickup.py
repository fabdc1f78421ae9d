"""A number for fetching a finished document: one living ticket for each application."""

from __future__ import annotations

from queue_server.core import commands as c
from queue_server.core.lifecycle import LIVE
from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.tracking.intake import pickup_service
from queue_server.tracking.model import Application


async def take_pickup(
    house: House, application: Application, *, by: c.Actor, language: str, channel: str,
    here: bool,
) -> Ticket:  # fmt: skip
    """The ticket that fetches the document: the one there is, or a new one.

    `here`: the citizen stands in the hall; else the ticket is a remote one, to be called once
    its holder has come. Raises Refusal, Unavailable.
    """
    chosen = house.config.tracking.pickup
    service = pickup_service(house.catalogue, application.service, application.agency, chosen)
    if not service:
        raise Refusal("unknown_service", service=application.service)
    token = await house.rooms.tracking.pickups.token(
        application.code, lambda one: living(house, one) is not None
    )
    if living(house, token) is None:
        issue = c.IssueTicket(
            service=service, token=token, language=language, channel=channel, remote=not here, by=by
        )
        # The token is the key: of two who ask at once, both get the one ticket.
        await house.desk.submit(issue, key=f"pickup:{token}", digest=application.code)
    ticket = house.hall.ticket_by_token(token)
    assert ticket is not None, "issued now, or alive"
    if here and ticket.remote:
        await house.desk.submit(c.ConfirmPresence(ticket=ticket.id, by=by))
    return house.hall.tickets[ticket.id]


def living(house: House, token: str) -> Ticket | None:
    """The ticket of a token while its holder is not done with the hall."""
    ticket = house.hall.ticket_by_token(token)
    return ticket if ticket is not None and ticket.status in LIVE else None


async def pickup_of(house: House, code: str) -> Ticket | None:
    """The living ticket that fetches an application's document, if there is one."""
    for token in await house.rooms.tracking.pickups.tokens(code):
        ticket = living(house, token)
        if ticket is not None:
            return ticket
    return None
