"""Services and their published standard, readable before anybody comes: pure views."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from queue_server.catalogue import Catalogue, Service
from queue_server.core.model import Hall

from . import search
from .offers import Details, Offer, details, offer
from .opening import Opening, opening


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
    """One service."""

    opening: Opening
    details: Details


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
        found=tuple(offer(hall, catalogue, one, language) for one in found),
        agencies=() if query else _by_agency(hall, catalogue, language),
    )


def service_page(
    hall: Hall, catalogue: Catalogue, service: Service, language: str, now: int
) -> ServicePage:
    """One service with its six components and its counters."""
    return ServicePage(
        opening=opening(now, hall.plan.hours, language),
        details=details(hall, catalogue, service, language),
    )


def _by_agency(hall: Hall, catalogue: Catalogue, language: str) -> tuple[AgencyServices, ...]:
    offers: dict[str, list[Offer]] = {}
    for service in catalogue.services.values():
        offers.setdefault(service.agency, []).append(offer(hall, catalogue, service, language))
    return tuple(
        AgencyServices(
            agency.id, agency.kind, agency.name.of(language), agency.short,
            tuple(offers.get(agency.id, ())),
        )
        for agency in catalogue.agencies.values()
    )  # fmt: skip
