"""A note on the ticket at a counter: no command of the Desk, so what the Desk would check is
checked here."""

from __future__ import annotations

from queue_server.core import bounds
from queue_server.core import commands as c
from queue_server.core.checks import current_of
from queue_server.house import House
from queue_server.noting import note

from .deeds import Form


async def write(house: House, counter: str, form: Form, by: c.Actor, key: str) -> None:
    """Write it down. Raises Refusal when the counter is another's or has another ticket by now,
    NoteRefused, Unavailable."""
    asked = c.AtTicket(counter=counter, ticket=form.ticket, by=by)
    bounds.check(house.hall, asked)
    await note(house, current_of(house.hall, asked), form.text, by.id, counter, key)
