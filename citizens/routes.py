"""The citizens' addresses: front door, services, kiosk, phone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of

from . import kiosk_pages, phone_pages, tracking_pages
from .home import home_page
from .information import service_page, services_page


def routes(house: House) -> list[Route]:
    """Every page of this surface, for `house`."""

    async def home(request: Request) -> Response:
        language, now = language_of(request), house.clock.now()
        page = home_page(house.hall, house.catalogue, language, now, house.config.hall.place)
        return house.front.templates.page(request, "citizens/home.html", page=page)

    async def services(request: Request) -> Response:
        page = services_page(
            house.hall, house.catalogue, language_of(request), house.clock.now(),
            request.query_params.get("q", ""),
        )  # fmt: skip
        return house.front.templates.page(request, "citizens/services.html", page=page)

    async def service(request: Request) -> Response:
        found = house.catalogue.services.get(request.path_params["service"])
        if found is None:
            raise Problem(404, "not_found")
        language, now = language_of(request), house.clock.now()
        page = service_page(house.hall, house.catalogue, found, language, now)
        return house.front.templates.page(request, "citizens/service.html", page=page)

    return [
        Route("/", home),
        Route("/services", services),
        Route("/services/{service}", service),
        *kiosk_pages.routes(house),
        *phone_pages.routes(house),
        *tracking_pages.routes(house),
    ]
