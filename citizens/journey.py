"""The agencies of a visit under one number, as its holder's page lists them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Ticket
from queue_server.house import House

from .offers import zone_name
from .part import Part

When = Literal["done", "now", "then"]


class Stop(Struct, frozen=True):
    """One step: what, whose, where, and whether it is done, the present one, or to come."""

    service: str
    agency: str
    zone: str
    when: When


class Journey(Struct, frozen=True):
    """The steps in the order in which they were planned, and how many are left."""

    stops: tuple[Stop, ...]
    left: int


def journey(catalogue: Catalogue, ticket: Ticket, language: str) -> Journey:
    """A ticket's steps."""
    stops = tuple(
        _stop(catalogue, step.service, _when(ticket, index), language)
        for index, step in enumerate(ticket.steps)
    )
    return Journey(stops, sum(stop.when != "done" for stop in stops))


async def phone_part(house: House, ticket: Ticket, language: str) -> Part | None:
    """The part of the page of a ticket that has more than one step."""
    if len(ticket.steps) < 2:
        return None
    return Part("citizens/_journey.html", journey(house.catalogue, ticket, language))


def _when(ticket: Ticket, index: int) -> When:
    if ticket.steps[index].done or ticket.status == "served":
        return "done"
    return "now" if index == ticket.step else "then"


def _stop(catalogue: Catalogue, id: str, when: When, language: str) -> Stop:
    service = catalogue.services.get(id)
    agency = catalogue.agencies.get(service.agency) if service else None
    return Stop(
        service=service.name.of(language) if service else id,
        agency=agency.short if agency else "",
        zone=zone_name(catalogue, catalogue.zone_of.get(id, ""), language),
        when=when,
    )
