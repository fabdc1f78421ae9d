"""Panels at the counters: how each is, what stands on it; a test pattern; try again now."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of, require

from .panels import rows
from .sections import sections_of

PATH = "/admin/panels"


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Panels(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/tests", pages.test, methods=["POST"]),
        Route(f"{PATH}/retries", pages.retry, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Panels:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        identity = await require(request, STEWARDS)
        return self.house.front.templates.page(
            request, "admin/panels.html", sections=sections_of(identity), section=PATH,
            rows=rows(self.house.rooms.panels.health(), language_of(request)),
        )  # fmt: skip

    async def test(self, request: Request) -> Response:
        """The test pattern, for a while."""
        await require(request, STEWARDS)
        self.house.rooms.panels.test(await self._panel(request))
        return RedirectResponse(PATH, 303)

    async def retry(self, request: Request) -> Response:
        """Somebody has mended it."""
        await require(request, STEWARDS)
        self.house.rooms.panels.retry(await self._panel(request))
        return RedirectResponse(PATH, 303)

    async def _panel(self, request: Request) -> str:
        panel = (await read_form(request)).get("panel", "")
        if panel not in self.house.rooms.panels:
            raise Problem(422, "unknown_panel", panel=panel[:64])
        return panel
