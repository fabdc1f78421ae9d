"""`/displays/screen`: the one address of a registered screen. It shows a code until a supervisor
has entered it in administration, then what it was set to.

Works without scripts, for the code's page is loaded anew by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.config import ScreenSection
from queue_server.enrolment import Enrolment
from queue_server.house import House

from .board_page import BoardPage

PATH = "/displays/screen"


def routes(house: House) -> list[Route]:
    """The address, how a registration begins, and how a screen reports."""
    enrolment = Enrolment(
        house, house.rooms.screens, "display", PATH, "/admin/displays", "displays/screen.html"
    )
    pages = _Screen(house, enrolment)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/registrations", enrolment.begin, methods=["POST"]),
        Route(f"{PATH}/reports", pages.report, methods=["POST"]),
    ]


@dataclass(frozen=True)
class _Screen:
    house: House
    enrolment: Enrolment[ScreenSection]

    async def page(self, request: Request) -> Response:
        """GET /displays/screen: the board, the code, or how to begin."""
        screen = self.enrolment.device(request)
        if screen is None:
            return await self.enrolment.page(request)
        own = (f"screen:{screen.id}", screen.revision)
        return BoardPage(self.house).page(request, screen.setting, registered=own)

    async def report(self, request: Request) -> Response:
        """POST /displays/screen/reports: the screen is there, and says how it is."""
        _, response = await self.enrolment.report(request)
        return response
