"""The HTTP API: every endpoint stands in one table, `endpoints(house)`."""

from __future__ import annotations

from starlette.routing import Route

from ..house import House
from ..web import endpoint
from ..web.endpoint import Endpoint
from . import (
    applications,
    bookings,
    contacts,
    counters,
    floor,
    hall,
    health,
    journal,
    past,
    printers,
    survey,
    tickets,
)

__all__ = ["endpoints", "routes"]


def endpoints(house: House) -> list[Endpoint]:
    """The table that routes, authorisation, validation and OpenAPI are made from."""
    table = [
        *hall.endpoints(house),
        *tickets.endpoints(house),
        *contacts.endpoints(house),
        *printers.endpoints(house),
        *bookings.endpoints(house),
        *counters.endpoints(house),
        *applications.endpoints(house),
        *floor.endpoints(house),
        *past.endpoints(house),
        *journal.endpoints(house),
        *survey.endpoints(house),
    ]
    return [*table, *health.endpoints(house, table)]


def routes(house: House) -> list[Route]:
    """The routes of the table."""
    return endpoint.routes(endpoints(house))
