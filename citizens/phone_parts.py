"""What a ticket's page shows besides the queue: papers, presence, survey, tracking.

A module that has something to say about a ticket adds a function to `PARTS`, in the order of the
page. Its template gets the part's own frozen view as `it`, and shows it by status with
`class="on" data-on="served"` as the rest of the page does. The script fetches the parts again
whenever the ticket's status changes.
"""

from __future__ import annotations

from queue_server.core.model import Ticket
from queue_server.house import House

from . import journey, pending, remote, survey_pages, tracking_pages
from .part import Maker, Part

PARTS: tuple[Maker, ...] = (
    remote.phone_part, journey.phone_part, pending.phone_part, tracking_pages.phone_part,
    survey_pages.phone_part,
)  # fmt: skip


async def parts_of(house: House, ticket: Ticket, language: str) -> list[Part]:
    """What there is to show for this ticket now."""
    made = [await maker(house, ticket, language) for maker in PARTS]
    return [part for part in made if part is not None]
