"""The boards' pages: one to choose from, one per zone, door and configured screen, and each
zone's without scripts."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_server.config import ScreenSection
from queue_server.house import House
from queue_server.web.problems import Problem
from queue_server.web.validation import Fault, Invalid, parse

from . import media_pages, presence, screen_pages, words
from .board_page import BoardPage
from .topic import ZoneTopic
from .views import zones

REFRESH = 5
"""Seconds after which the board without scripts is loaded again."""
ASKED = ("layout", "part", "theme", "media", "sound")
"""What an address may say of its screen."""


def routes(house: House) -> list[BaseRoute]:
    """Every page of this surface; a zone's takes what `ASKED` names, such as `?sound=off`."""
    pages = _Pages(house)
    return [
        Route("/displays", pages.index, methods=["GET"]),
        *presence.routes(house),
        *media_pages.routes(house),
        *screen_pages.routes(house),
        Route("/displays/doors/{counter}", pages.door, methods=["GET"]),
        Route("/displays/screens/{screen}", pages.screen, methods=["GET"]),
        Route("/displays/{zone}", pages.board, methods=["GET"]),
        Route("/displays/{zone}/plain", pages.plain, methods=["GET"]),
    ]


class _Pages:
    def __init__(self, house: House) -> None:
        self._house = house
        self._topic = ZoneTopic(house)
        self._board = BoardPage(house)

    async def index(self, request: Request) -> Response:
        """The boards that a set can be pointed at."""
        boards = zones(self._house.catalogue)
        return self._house.front.templates.page(
            request, "displays/index.html", boards=boards, presence=presence.is_used(self._house)
        )

    async def board(self, request: Request) -> Response:
        """A zone's board that follows the live feed and speaks, unless `?sound=off`."""
        asked = _asked(request)
        if asked.layout == "door":
            raise Invalid([Fault("layout", "wanted", Literal["big", "list", "portrait", "split"])])
        zone = request.path_params["zone"]
        return self._board.page(request, replace(asked, zone=zone), _is_preview(request))

    async def door(self, request: Request) -> Response:
        """A counter's own screen."""
        counter = request.path_params["counter"]
        return self._board.page(
            request, replace(_asked(request), layout="door", counter=counter), _is_preview(request)
        )

    async def screen(self, request: Request) -> Response:
        """A screen of the configuration."""
        found = self._house.config.screens.get(request.path_params["screen"])
        if found is None:
            raise Problem(404, "unknown_screen", screen=request.path_params["screen"][:64])
        return self._board.page(request, found, _is_preview(request))

    async def plain(self, request: Request) -> Response:
        """For sets too old for the other: HTML alone, loaded anew every few seconds.

        The header does what <meta http-equiv=refresh> does, in browsers of every age.
        """
        zone = request.path_params["zone"]
        if not self._topic.knows(zone):
            raise Problem(404, "unknown_zone", zone=zone)
        response = self._house.front.templates.page(
            request, "displays/plain.html", screen=self._topic.screen(zone), words=words
        )
        response.headers["refresh"] = str(REFRESH)
        return response


def _asked(request: Request) -> ScreenSection:
    """The screen that an address asks for. Raises Invalid, which names what there is."""
    asked = {name: value for name, value in request.query_params.items() if name in ASKED}
    return parse(asked, ScreenSection, strict=False)


def _is_preview(request: Request) -> bool:
    """Whether administration only looks at it."""
    return "preview" in request.query_params
