"""The requests of service information: services, agencies, the charter, and what crawlers read."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from queue_server.catalogue import Service
from queue_server.house import House
from queue_server.reception import Reception
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of

from .information import agency_page, now_part, service_page, services_page
from .promised import charter_page
from .structured import robots, sitemap


def routes(house: House) -> list[Route]:
    """The addresses of service information."""
    pages = Information(house)
    return [
        Route("/services", pages.services),
        Route("/services/{service}", pages.service),
        Route("/services/{service}/now", pages.now),
        Route("/agencies/{agency}", pages.agency),
        Route("/maklumat", pages.charter),
        Route("/sitemap.xml", pages.sitemap),
        Route("/robots.txt", pages.robots),
    ]


@dataclass(frozen=True)
class Information:
    """The handlers, for one house."""

    house: House

    async def services(self, request: Request) -> Response:
        house = self.house
        page = services_page(
            house.hall, house.catalogue, language_of(request), house.clock.now(),
            request.query_params.get("q", ""),
        )  # fmt: skip
        return house.front.templates.page(request, "citizens/services.html", page=page)

    async def service(self, request: Request) -> Response:
        house = self.house
        found = self._service(request)
        page = service_page(
            house.hall, house.catalogue, found, language_of(request), house.clock.now(),
            house.config.hall.place, house.url, Reception(house).terms(found.id),
        )  # fmt: skip
        return house.front.templates.page(request, "citizens/service.html", page=page)

    async def now(self, request: Request) -> Response:
        """The part of a service's page that changes, for its script to put in place."""
        house = self.house
        part = now_part(
            house.hall, house.catalogue, self._service(request), language_of(request),
            house.clock.now(),
        )  # fmt: skip
        return house.front.templates.page(request, "citizens/_now.html", page=part)

    async def agency(self, request: Request) -> Response:
        house = self.house
        found = house.catalogue.agencies.get(request.path_params["agency"])
        if found is None:
            raise Problem(404, "not_found")
        page = agency_page(
            house.hall, house.catalogue, found, language_of(request), house.clock.now()
        )
        return house.front.templates.page(request, "citizens/agency.html", page=page)

    async def charter(self, request: Request) -> Response:
        house = self.house
        page = charter_page(
            house.catalogue, house.hall.plan.hours, language_of(request), house.config.hall.place,
            house.clock.now(),
        )  # fmt: skip
        return house.front.templates.page(request, "citizens/charter.html", page=page)

    async def sitemap(self, request: Request) -> Response:
        text = sitemap(self.house.catalogue, self.house.url)
        return Response(text, media_type="application/xml")

    async def robots(self, request: Request) -> Response:
        return PlainTextResponse(robots(self.house.url))

    def _service(self, request: Request) -> Service:
        found = self.house.catalogue.services.get(request.path_params["service"])
        if found is None:
            raise Problem(404, "not_found")
        return found
