"""Finish and register: the application of whoever is being served, before the ticket is finished.

In this order a crash in between leaves a ticket that is still being served and an application
that the next press finds again; never a finished visit whose application was lost.
"""

from __future__ import annotations

from queue_server.core import commands as c
from queue_server.core.decide import decide
from queue_server.house import House
from queue_server.tracking.intake import intake


async def register(house: House, finish: c.Command, counter: str, ticket: int, key: str) -> None:
    """Register the application of the ticket that `finish` would finish.

    Raises Refusal when it could not be finished: then nothing is registered. A press whose
    answer was lost comes again with the same key: it has registered already.
    """
    if key and key in house.hall.receipts:
        return
    decide(house.hall, finish, house.clock.now())
    found = house.hall.tickets[ticket]
    if house.rooms.tracking.pickups.of(found.token):
        return  # it came to fetch a document
    new = intake(house.catalogue, found.service, ticket=found.token)
    await house.rooms.tracking.register(new, finish.by.id, counter=counter)
