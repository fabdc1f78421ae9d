"""One's own account, whatever one works as: what one may do, where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.staff import By, Staff
from queue_server.web.forms import read_form
from queue_server.web.identity import Identity
from queue_server.web.people import Session
from queue_server.web.problems import Problem
from queue_server.web.visit import address_of, language_of, visit_of

from .people import opened, people

PATH = "/account"


def routes(house: House) -> list[Route]:
    """`/account`."""
    pages = Account(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/sessions", pages.end, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Account:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        session, _ = _signed_in(request)
        house = self.house
        mine = [one for one in house.office.sessions() if one.user.id == session.user.id]
        staff, devices = people([session.user], mine, house.catalogue, language_of(request))
        (me,) = (*staff, *devices)
        return house.front.templates.page(
            request,
            "admin/account.html",
            me=me,
            rows=opened(mine, session.handle),
            linked=house.config.oidc.issuer in house.office.links_of(session.user.id),
        )

    async def end(self, request: Request) -> Response:
        """End one of one's sessions, or all but this one."""
        session, identity = _signed_in(request)
        by, handle = By(identity, address_of(request)), (await read_form(request)).get("handle", "")
        others = [
            one.handle
            for one in self.house.office.sessions()
            if one.user.id == session.user.id and one.handle != session.handle
        ]
        for one in [handle] if handle else others:
            await Staff(self.house).end_session(by, one, session.user.id)
        return RedirectResponse(PATH, 303)


def _signed_in(request: Request) -> tuple[Session, Identity]:
    """Raises Problem: nobody is, or the one-time password is still to be changed."""
    visit = visit_of(request)
    session, identity = visit.session, visit.identity
    if session is None:
        raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    if identity is None:
        raise Problem(403, "password_change_required")
    return session, identity
