"""A note written on a ticket, and the consoles that show the ticket told of it."""

from __future__ import annotations

from .core.model import Ticket
from .core.policy import servers
from .house import House
from .notes import Note
from .topics import touch_consoles


async def note(
    house: House, ticket: Ticket, text: str, by: str, counter: str, key: str = "", digest: str = ""
) -> Note:
    """Write it down for `by` at a counter; the same key again is the same note.

    Raises NoteRefused, KeyReused, Unavailable.
    """
    written = await house.rooms.notes.add(ticket.id, text, by, counter, key, digest)
    touch_consoles(house, (counter, *servers(house.hall, ticket.line)))
    return written
