"""The boards' pages: one to choose from, one per zone, and each without scripts."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_server.house import House
from queue_server.web.problems import Problem

from . import presence, words
from .topic import ZoneTopic
from .views import zones

REFRESH = 5
"""Seconds after which the board without scripts is loaded again."""


def routes(house: House) -> list[BaseRoute]:
    """`/displays`, `/displays/{zone}` (`?sound=off`: mute) and `/displays/{zone}/plain`."""
    pages = _Pages(house)
    return [
        Route("/displays", pages.index, methods=["GET"]),
        *presence.routes(house),
        Route("/displays/{zone}", pages.board, methods=["GET"]),
        Route("/displays/{zone}/plain", pages.plain, methods=["GET"]),
    ]


class _Pages:
    def __init__(self, house: House) -> None:
        self._house = house
        self._topic = ZoneTopic(house)

    async def index(self, request: Request) -> Response:
        """The boards that a set can be pointed at."""
        boards = zones(self._house.catalogue)
        return self._house.front.templates.page(
            request, "displays/index.html", boards=boards, presence=presence.is_used(self._house)
        )

    async def board(self, request: Request) -> Response:
        """A board that follows the live feed and speaks, unless `?sound=off`."""
        return self._page(
            request,
            "displays/board.html",
            sound=request.query_params.get("sound") != "off",
            announce_age=self._house.hall.plan.policy.announce_age,
        )

    async def plain(self, request: Request) -> Response:
        """For sets too old for the other: HTML alone, loaded anew every few seconds.

        The header does what <meta http-equiv=refresh> does, in browsers of every age.
        """
        response = self._page(request, "displays/plain.html")
        response.headers["refresh"] = str(REFRESH)
        return response

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        zone = request.path_params["zone"]
        if not self._topic.knows(zone):
            raise Problem(404, "unknown_zone", zone=zone)
        screen = self._topic.screen(zone)
        return self._house.front.templates.page(
            request, template, screen=screen, words=words, **values
        )
