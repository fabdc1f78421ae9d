"""The citizens' addresses: front door, services, kiosk, phone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.reception import Reception
from queue_server.web.throttle import Throttle
from queue_server.web.visit import language_of

from . import (
    booking_pages,
    information_pages,
    kiosk_check_in_pages,
    kiosk_device,
    kiosk_journey_pages,
    kiosk_pages,
    phone_pages,
    remote,
    survey_pages,
    tracking_pages,
)
from .home import home_page


def routes(house: House) -> list[Route]:
    """Every page of this surface, for `house`."""

    async def home(request: Request) -> Response:
        if not house.catalogue.document.services:  # nobody has set it up yet
            return RedirectResponse("/setup", 303)
        language, now = language_of(request), house.clock.now()
        bookable = any(one.open or one.remote for one in Reception(house).every_terms())
        page = home_page(
            house.hall, house.catalogue, language, now, house.config.hall.place, bookable=bookable
        )
        return house.front.templates.page(request, "citizens/home.html", page=page)

    # One count of attempts for what is booked and what is taken from afar.
    attempts = Throttle(house.config.booking.per_address, seconds=20)
    return [
        Route("/", home),
        *information_pages.routes(house),
        *kiosk_pages.routes(house),
        *kiosk_device.routes(house),
        *kiosk_check_in_pages.routes(house),
        *kiosk_journey_pages.routes(house),
        *phone_pages.routes(house),
        *tracking_pages.routes(house),
        *survey_pages.routes(house),
        *remote.routes(house, attempts),
        *booking_pages.routes(house, attempts),
    ]
