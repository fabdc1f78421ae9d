"""The hall's presence code on a screen of its own: who took a number from afar shows it here.

Only for sets that somebody of the hall has signed in: seen from outside, the code proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import segno
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from queue_server.booking.rules import every_terms
from queue_server.catalogue import Text
from queue_server.core.calendar import local
from queue_server.core.standing import HALL
from queue_server.house import House
from queue_server.web.identity import IN_THE_HALL
from queue_server.web.visit import require

from . import words
from .look import languages


class PresenceScreen(Struct, frozen=True):
    """What the screen shows. `qr` is an inline SVG; `next` seconds until the next code."""

    first: str
    second: str
    hall: str
    qr: str
    code: str
    next: int
    clock: Text


def is_used(house: House) -> bool:
    """Whether numbers are given from afar at all."""
    return any(one.remote for one in every_terms(house.catalogue, house.config.booking))


def routes(house: House) -> list[BaseRoute]:
    """`/displays/presence`, and what of it is new every few seconds."""
    pages = _Presence(house)
    return [
        Route("/displays/presence", pages.page, methods=["GET"]),
        Route("/displays/presence/now", pages.now, methods=["GET"]),
    ]


@dataclass(frozen=True)
class _Presence:
    house: House

    async def page(self, request: Request) -> Response:
        """GET /displays/presence. Without scripts it is loaded anew with each code."""
        await require(request, IN_THE_HALL)
        screen = self._screen()
        return self.house.front.templates.page(
            request, "displays/presence.html", screen=screen, words=words
        )

    async def now(self, request: Request) -> Response:
        """GET /displays/presence/now: the code's part of the page."""
        await require(request, IN_THE_HALL)
        screen = self._screen()
        return HTMLResponse(
            self.house.front.templates.fragment(
                "displays/_presence.html", screen.first, screen=screen, words=words
            )
        )

    def _screen(self) -> PresenceScreen:
        house, now = self.house, self.house.clock.now()
        shown = house.rooms.presence.shown(now)
        address = f"{house.url}/booking/here?code={shown.long}"
        code = segno.make(address, error="m", micro=False)
        first, second = languages(house.config, HALL)
        return PresenceScreen(
            first=first,
            second=second,
            hall=house.config.hall.name,
            qr=str(code.svg_inline(omitsize=True, border=3, dark="#071623", light="#ffffff")),
            code=f"{shown.short[:3]} {shown.short[3:]}",
            next=max(1, -(-(shown.until - now) // 1000)),
            clock=words.clock(local(now, house.hall.plan.hours)),
        )
