"""A note on the ticket at a counter: no command of the Desk, so what the Desk would check is
checked here, and the screens that show the ticket are told."""

from __future__ import annotations

from queue_server.core import commands as c
from queue_server.core.checks import current_of
from queue_server.core.policy import servers
from queue_server.house import House

from .deeds import Form
from .topic import CounterTopic, topics_of


async def write(house: House, counter: str, form: Form, by: c.Actor, key: str) -> None:
    """Write it down. Raises Refusal when the counter is another's or has another ticket by now,
    NoteRefused, Unavailable."""
    ticket = current_of(house.hall, c.AtTicket(counter=counter, ticket=form.ticket, by=by))
    await house.rooms.notes.add(ticket.id, form.text, by.id, counter, key)
    shown = dict.fromkeys((counter, *servers(house.hall, ticket.line)))
    house.hub.touch(
        f"{CounterTopic.kind}:{name}" for place in shown for name in topics_of(house, place)
    )
