"""Administration's front page, and the sections' routes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_server.house import House
from queue_server.web.identity import STEWARDS
from queue_server.web.visit import require

from . import (
    audit_pages,
    bookings_pages,
    changes_pages,
    displays_pages,
    hours_pages,
    panels_pages,
    printers_pages,
    survey_import,
    survey_pages,
    tracking_pages,
    webhooks_pages,
)
from .sections import sections_of


def routes(house: House) -> list[BaseRoute]:
    """The routes of this surface."""

    async def index(request: Request) -> Response:
        identity = await require(request, STEWARDS)
        return house.front.templates.page(
            request, "admin/index.html", sections=sections_of(identity), section=""
        )

    return [
        Route("/admin", index),
        *audit_pages.routes(house),
        *changes_pages.routes(house),
        *tracking_pages.routes(house),
        *bookings_pages.routes(house),
        *webhooks_pages.routes(house),
        *survey_pages.routes(house),
        *survey_import.routes(house),
        *printers_pages.routes(house),
        *panels_pages.routes(house),
        *displays_pages.routes(house),
        *hours_pages.routes(house),
    ]
