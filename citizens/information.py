"""Services and their published standard, readable before anybody comes: pure views."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from queue_server.booking.rules import Terms
from queue_server.catalogue import Agency, Catalogue, Service
from queue_server.core.calendar import hours_of
from queue_server.core.model import Hall

from . import search
from .offers import Details, Offer, Spot, counter_spot, details, offer, zone_name
from .opening import Opening, opening
from .promised import Complaining, DayHours, complaining, week
from .structured import service_ld


class AgencyServices(Struct, frozen=True):
    """An agency and what it offers."""

    id: str
    kind: Literal["regional", "vertical"]
    name: str
    short: str
    offers: tuple[Offer, ...]


class ServicesPage(Struct, frozen=True):
    """All services by agency, or those found for `query`, best first."""

    opening: Opening
    query: str
    total: int
    found: tuple[Offer, ...]
    agencies: tuple[AgencyServices, ...]


class ServicePage(Struct, frozen=True):
    """One service. `linked_data` is JSON-LD for a script element."""

    opening: Opening
    details: Details
    complaining: Complaining
    linked_data: str
    bookable: bool = False
    remote: bool = False
    """Whether a place can be booked online, and a number for today taken from afar."""
    week: tuple[DayHours, ...] = ()
    """Its hours, where they are not the hall's."""


class NowPart(Struct, frozen=True):
    """What of a service's page changes by the minute."""

    opening: Opening
    details: Details


class Place(Struct, frozen=True):
    """A zone and the agency's counters in it."""

    zone: str
    spots: tuple[Spot, ...]


class AgencyPage(Struct, frozen=True):
    """An agency, what it offers, and where."""

    opening: Opening
    name: str
    short: str
    offers: tuple[Offer, ...]
    waiting: int
    places: tuple[Place, ...]
    complaining: Complaining


def services_page(
    hall: Hall, catalogue: Catalogue, language: str, now: int, query: str = ""
) -> ServicesPage:
    """The list; `query` narrows it."""
    query = query.strip()[: search.LONGEST]
    found = search.find(catalogue, query).services if query else ()
    return ServicesPage(
        opening=opening(now, hall.plan.hours, language),
        query=query,
        total=len(found) if query else len(catalogue.services),
        found=tuple(offer(hall, catalogue, one, language, now) for one in found),
        agencies=() if query else _by_agency(hall, catalogue, language, now),
    )


def service_page(
    hall: Hall, catalogue: Catalogue, service: Service, language: str, now: int, place: str,
    url: str, terms: Terms | None = None,
) -> ServicePage:  # fmt: skip
    """One service with its six components and its counters. `url`: the hall's address."""
    hours = hall.plan.hours
    planned = hall.plan.services.get(service.id)
    own = hours_of(planned, hours) if planned else hours
    return ServicePage(
        opening=opening(now, hours, language),
        details=details(hall, catalogue, service, language, now),
        complaining=complaining(catalogue, catalogue.agency_of(service.id), language),
        linked_data=service_ld(catalogue, service, own, language, place, url),
        week=week(own, language) if own is not hours else (),
        bookable=terms is not None and terms.open,
        remote=terms is not None and terms.remote,
    )


def now_part(
    hall: Hall, catalogue: Catalogue, service: Service, language: str, now: int
) -> NowPart:
    """The door, the line, the counters."""
    return NowPart(
        opening(now, hall.plan.hours, language), details(hall, catalogue, service, language, now)
    )


def agency_page(
    hall: Hall, catalogue: Catalogue, agency: Agency, language: str, now: int
) -> AgencyPage:
    """An agency with everything it does in the hall."""
    own = [one for one in catalogue.services.values() if one.agency == agency.id]
    offers = tuple(offer(hall, catalogue, one, language, now) for one in own)
    given = {service.id for service in own}
    places: dict[str, list[Spot]] = {}
    for counter in catalogue.counters.values():
        if given.intersection(counter.services):
            places.setdefault(counter.zone, []).append(counter_spot(hall, counter, language))
    return AgencyPage(
        opening=opening(now, hall.plan.hours, language),
        name=agency.name.of(language),
        short=agency.short,
        offers=offers,
        waiting=sum(one.waiting for one in offers),
        places=tuple(
            Place(zone_name(catalogue, zone, language), tuple(spots))
            for zone, spots in places.items()
        ),
        complaining=complaining(catalogue, agency, language),
    )


def _by_agency(
    hall: Hall, catalogue: Catalogue, language: str, now: int
) -> tuple[AgencyServices, ...]:
    offers: dict[str, list[Offer]] = {}
    for service in catalogue.services.values():
        offers.setdefault(service.agency, []).append(offer(hall, catalogue, service, language, now))
    return tuple(
        AgencyServices(
            agency.id, agency.kind, agency.name.of(language), agency.short,
            tuple(offers.get(agency.id, ())),
        )
        for agency in catalogue.agencies.values()
    )  # fmt: skip
