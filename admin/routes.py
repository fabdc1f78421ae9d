"""Administration's front page, and the sections' routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_server.core.bounds import HALL, demand
from queue_server.house import House
from queue_server.web.identity import STEWARDS, may
from queue_server.web.visit import identity_of, require

from . import (
    account_pages,
    audit_pages,
    backup_pages,
    boards_pages,
    bookings_pages,
    catalogue_pages,
    changes_pages,
    device_pages,
    devices_pages,
    displays_pages,
    hours_own_pages,
    hours_pages,
    kiosks_pages,
    panels_pages,
    people_pages,
    playlists_pages,
    printers_pages,
    reports_pages,
    retention_pages,
    rules_pages,
    schedules_pages,
    setup_pages,
    survey_import,
    survey_pages,
    tokens_pages,
    tracking_pages,
    webhooks_pages,
)
from .sections import section_of, sections_of


def routes(house: House) -> list[BaseRoute]:
    """The routes of this surface."""

    async def index(request: Request) -> Response:
        identity = await require(request, STEWARDS)
        return house.front.templates.page(
            request, "admin/index.html", sections=sections_of(identity), section=""
        )

    sections = [
        *audit_pages.routes(house),
        *changes_pages.routes(house),
        *tracking_pages.routes(house),
        *bookings_pages.routes(house),
        *webhooks_pages.routes(house),
        *survey_pages.routes(house),
        *survey_import.routes(house),
        *printers_pages.routes(house),
        *rules_pages.routes(house),
        *device_pages.routes(house),
        *devices_pages.routes(house),
        *kiosks_pages.routes(house),
        *panels_pages.routes(house),
        *people_pages.routes(house),
        *tokens_pages.routes(house),
        *displays_pages.routes(house),
        *boards_pages.routes(house),
        *playlists_pages.routes(house),
        *hours_own_pages.routes(house),
        *reports_pages.routes(house),
        *schedules_pages.routes(house),
        *backup_pages.routes(house),
        *retention_pages.routes(house),
        *setup_pages.routes(house),
        *hours_pages.routes(house),
        *catalogue_pages.routes(house),
    ]
    return [Route("/admin", index), *account_pages.routes(house), *map(_kept, sections)]


def _kept(route: BaseRoute) -> BaseRoute:
    """A section's route, shut to those who are bound unless the section keeps them within."""
    assert isinstance(route, Route), "administration has pages"
    section = section_of(route.path)
    if section is None or section.bound:
        return route
    inner: Callable[[Request], Awaitable[Response]] = route.endpoint

    async def handle(request: Request) -> Response:
        identity = await identity_of(request)
        if identity is not None and may(identity, section.roles):
            demand(identity.bounds, HALL)
        return await inner(request)

    return Route(route.path, handle, methods=list(route.methods or ()))
