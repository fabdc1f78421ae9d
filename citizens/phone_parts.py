"""What a ticket's page shows besides the queue: papers, presence, survey, tracking.

A module that has something to say about a ticket adds a function to `PARTS`, in the order of the
page. Its template gets the part's own frozen view as `it`, and shows it by status with
`class="on" data-on="served"` as the rest of the page does. The script fetches the parts again
whenever the ticket's status changes.
"""

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

PARTS: tuple[Maker, ...] = ()


async def parts_of(house: House, ticket: Ticket, language: str) -> list[Part]:
    """What there is to show for this ticket now."""
    made = [await maker(house, ticket, language) for maker in PARTS]
    return [part for part in made if part is not None]
