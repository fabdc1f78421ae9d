"""The citizens' addresses: front door, services, kiosk, phone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.web.visit import language_of

from . import information_pages, kiosk_pages, phone_pages, survey_pages, tracking_pages
from .home import home_page


def routes(house: House) -> list[Route]:
    """Every page of this surface, for `house`."""

    async def home(request: Request) -> Response:
        language, now = language_of(request), house.clock.now()
        page = home_page(house.hall, house.catalogue, language, now, house.config.hall.place)
        return house.front.templates.page(request, "citizens/home.html", page=page)

    return [
        Route("/", home),
        *information_pages.routes(house),
        *kiosk_pages.routes(house),
        *phone_pages.routes(house),
        *tracking_pages.routes(house),
        *survey_pages.routes(house),
    ]
