"""The agencies of a visit under one number, as its holder's page lists them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.journey import Why, following, why
from queue_server.core.lifecycle import LIVE
from queue_server.core.model import Hall, Ticket
from queue_server.house import House

from .offers import zone_name
from .part import Part

When = Literal["done", "now", "then", "never"]
"""never: the visit was ended before it."""


class Stop(Struct, frozen=True):
    """One step: what, whose, where, and whether it is done, the present one, or to come."""

    service: str
    agency: str
    zone: str
    when: When


class Journey(Struct, frozen=True):
    """The steps in the order in which they were planned, and how many are left. `begun`: one is
    done; `why` the present one comes now, while its holder waits for it; `then`: where it is
    expected to go on when the present one is done."""

    stops: tuple[Stop, ...]
    left: int
    begun: bool
    here: Stop | None
    why: Why
    then: Stop | None


def journey(
    hall: Hall, catalogue: Catalogue, ticket: Ticket, language: str, now: int
) -> Journey | None:
    """A ticket's steps at `now` (epoch ms); None where it has no more than one."""
    if len(ticket.steps) < 2:
        return None
    stops = tuple(
        _stop(catalogue, step.service, _when(ticket, index), language)
        for index, step in enumerate(ticket.steps)
    )
    onward = following(hall, ticket, now) if ticket.status in LIVE else -1
    return Journey(
        stops,
        left=sum(stop.when != "done" for stop in stops),
        begun=any(step.done for step in ticket.steps),
        here=next((stop for stop in stops if stop.when == "now"), None),
        why=_why(hall, ticket, now),
        then=stops[onward] if onward >= 0 else None,
    )


async def phone_part(house: House, ticket: Ticket, language: str) -> Part | None:
    """The part of the page of a ticket that has more than one step."""
    view = journey(house.hall, house.catalogue, ticket, language, house.clock.now())
    return Part("citizens/_journey.html", view) if view else None


def _why(hall: Hall, ticket: Ticket, now: int) -> Why:
    if ticket.status != "waiting" or ticket.line != ticket.steps[ticket.step].service:
        return ""
    kind = hall.kind(ticket)
    return why(hall, ticket.steps, kind, ticket.joined, now, ticket.id, ticket.step)


def _when(ticket: Ticket, index: int) -> When:
    if ticket.steps[index].done:
        return "done"
    if ticket.status not in LIVE:
        return "never" if ticket.status == "served" else "then"
    return "now" if index == ticket.step else "then"


def _stop(catalogue: Catalogue, id: str, when: When, language: str) -> Stop:
    service = catalogue.named.services.get(id)
    agency = catalogue.named.agencies.get(service.agency) if service else None
    return Stop(
        service=service.name.of(language) if service else id,
        agency=agency.short if agency else "",
        zone=zone_name(catalogue, catalogue.zone_of.get(id, ""), language),
        when=when,
    )
