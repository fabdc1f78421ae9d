"""What a module adds to a ticket's page (`phone_parts.PARTS`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct

from queue_server.core.model import Ticket
from queue_server.house import House


class Part(Struct, frozen=True):
    """A partial template (`citizens/...`) and the view that it shows."""

    template: str
    view: Struct


Maker = Callable[[House, Ticket, str], Awaitable[Part | None]]
"""From the house, a ticket and the reader's language; None: nothing to say now."""
