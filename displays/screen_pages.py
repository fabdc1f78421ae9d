"""`/displays/screen`: the one address of a registered screen. It shows a code until a supervisor
has entered it in administration, then what it was set to.

Works without scripts, for the code's page is loaded anew by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.screens import CODE_MINUTES, Report, Screen, shown
from queue_server.web.identity import Identity
from queue_server.web.problems import Problem
from queue_server.web.sign_in import keep
from queue_server.web.throttle import Throttle
from queue_server.web.validation import parse
from queue_server.web.visit import require, visit_of

from .board_page import BoardPage

PATH = "/displays/screen"
COOKIE = "registration"
REFRESH = 5
"""Seconds after which the code's page looks whether somebody has entered it."""


def routes(house: House) -> list[Route]:
    """The address, how a registration begins, and how a screen reports."""
    pages = _Screen(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/registrations", pages.begin, methods=["POST"]),
        Route(f"{PATH}/reports", pages.report, methods=["POST"]),
    ]


@dataclass(frozen=True)
class _Screen:
    house: House
    throttle: Throttle = field(default_factory=lambda: Throttle(burst=10, seconds=30))

    async def page(self, request: Request) -> Response:
        """GET /displays/screen: the board, the code, or how to begin."""
        identity = visit_of(request).identity
        screens, secret = self.house.rooms.screens, request.cookies.get(COOKIE, "")
        screen = screens.of(identity.id) if identity else None
        if screen is not None:
            own = (f"screen:{screen.id}", screen.revision)
            return BoardPage(self.house).page(request, screen.setting, registered=own)
        if _is_person(identity):
            return self._template(request, code="", taken_by=identity.name if identity else "")
        claimed = screens.claimed(secret) if secret else None
        if claimed is not None:
            return await self._sign_in(request, claimed)
        waiting = screens.waiting(secret) if secret else None
        page = self._template(request, code=shown(waiting.code) if waiting else "")
        if waiting is not None:
            page.headers["refresh"] = str(REFRESH)
        return page

    async def begin(self, request: Request) -> Response:
        """POST /displays/screen/registrations: this screen shows a code from now on."""
        address = request.client.host if request.client else "-"
        if wait := self.throttle.take(address):
            raise Problem(429, "too_many_attempts", headers={"Retry-After": str(wait)}, wait=wait)
        response = RedirectResponse(PATH, 303)
        response.set_cookie(
            COOKIE, self.house.rooms.screens.begin(), max_age=CODE_MINUTES * 60, path=PATH,
            httponly=True, samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    async def report(self, request: Request) -> Response:
        """POST /displays/screen/reports: the screen is there, and says how it is."""
        identity = await require(request, frozenset({"display"}))
        screen = self.house.rooms.screens.of(identity.id)
        if screen is None:
            raise Problem(404, "unknown_screen", screen=identity.name)
        await self.house.rooms.screens.report(screen.id, parse(await _json(request), Report))
        response = Response(status_code=204)
        secret = visit_of(request).cookie
        if seconds := await self.house.office.prolong(secret):
            keep(request, response, secret, seconds)
        return response

    async def _sign_in(self, request: Request, screen: Screen) -> Response:
        """The device signs in under a new secret; the code's cookie has done its work."""
        try:
            signed_in = await self.house.office.open_for(int(screen.actor.removeprefix("u")))
        except KeyError:  # taken away in the office itself
            raise Problem(404, "unknown_screen", screen=screen.name) from None
        response = RedirectResponse(PATH, 303)
        keep(request, response, signed_in.secret, signed_in.seconds)
        return response

    def _template(self, request: Request, code: str, taken_by: str = "") -> Response:
        return self.house.front.templates.page(
            request, "displays/screen.html", code=code, taken_by=taken_by,
            address=f"{self.house.url}/admin/displays", minutes=CODE_MINUTES,
        )  # fmt: skip


def _is_person(identity: Identity | None) -> bool:
    """Whoever is signed in with another role would lose that session to the screen's."""
    return identity is not None and identity.role != "display"


async def _json(request: Request) -> object:
    try:
        return msgspec.json.decode(await request.body())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(422, "invalid_json") from None
