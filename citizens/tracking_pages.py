"""Tracking an application by its code: no sign-in, no script needed, nobody named."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

import segno
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.tracking import codes
from queue_server.tracking.model import Dossier
from queue_server.web.identity import ISSUERS, actor, may
from queue_server.web.problems import Problem, problem_of
from queue_server.web.throttle import Throttle
from queue_server.web.visit import identity_of, language_of

from .part import Part
from .pickup import pickup_of, take_pickup
from .tracking import application_view

CITIZEN = c.Actor("citizen")
HIDDEN = {"X-Robots-Tag": "noindex, nofollow"}


def routes(house: House) -> list[Route]:
    """`/tracking`."""
    pages = Tracking(house)
    return [
        Route("/tracking", pages.ask),
        Route("/tracking/{code}", pages.show),
        Route("/tracking/{code}/tickets", pages.take, methods=["POST"]),
        Route("/tracking/{code}/tickets", pages.back),
    ]


def guesses() -> Throttle:
    """Codes that are well formed and not there: twenty at once, one more every ten seconds.

    A slip of the finger is no guess: the check character tells. A hall's phones share an address.
    """
    return Throttle(burst=20, seconds=10)


@dataclass(frozen=True)
class Tracking:
    """The handlers, for one house."""

    house: House
    guesses: Throttle = field(default_factory=guesses)

    async def ask(self, request: Request) -> Response:
        """GET /tracking: type the code."""
        typed = request.query_params.get("code", "").strip()
        if not typed:
            return self._form(request)
        code = codes.read(typed)
        if not code:
            return self._form(request, typed, "unreadable", 404)
        return RedirectResponse(f"/tracking/{code}", 303)

    async def show(self, request: Request) -> Response:
        """GET /tracking/{code}; with `?part=1` only what changes."""
        typed = request.path_params["code"]
        code = codes.read(typed)
        if code and code != typed:
            return RedirectResponse(f"/tracking/{code}", 303)
        dossier = await self._find(request, code)
        if dossier is None:
            return self._form(request, typed, "unknown" if code else "unreadable", 404)
        return await self._page(request, dossier)

    async def take(self, request: Request) -> Response:
        """POST /tracking/{code}/tickets: a number for fetching the document."""
        dossier = await self._find(request, codes.read(request.path_params["code"]))
        if dossier is None:
            return self._form(request, request.path_params["code"], "unknown", 404)
        identity, language = await identity_of(request), language_of(request)
        here = identity is not None and may(identity, ISSUERS)
        try:
            ticket = await take_pickup(
                self.house, dossier.application, language=language, here=here,
                by=actor(identity) if identity and here else CITIZEN,
                channel=identity.role if identity and here else "phone",
            )  # fmt: skip
        except (Refusal, Unavailable) as reason:
            status = problem_of(reason).status
            return await self._page(request, dossier, reason.sentence(language), status)
        return RedirectResponse(f"/t/{ticket.token}?lang={language}", 303)

    async def back(self, request: Request) -> Response:
        """A reload after a refusal."""
        return RedirectResponse(f"/tracking/{request.path_params['code']}", 303)

    async def _find(self, request: Request, code: str) -> Dossier | None:
        """Raises Problem 429 to who guesses."""
        if not code:
            return None
        address = network(request.client.host if request.client else "-")
        if wait := self.guesses.take(address):
            headers = {"Retry-After": str(wait)}
            raise Problem(429, "too_many_attempts", headers=headers, wait=wait)
        dossier = await self.house.rooms.tracking.find(code)
        if dossier is not None:
            self.guesses.give_back(address)
        return dossier

    def _form(
        self, request: Request, typed: str = "", fault: str = "", status: int = 200
    ) -> Response:
        return self.house.front.templates.page(
            request, "citizens/tracking.html", status, HIDDEN if fault else None,
            typed=typed[:64], fault=fault,
        )  # fmt: skip

    async def _page(
        self, request: Request, dossier: Dossier, refusal: str = "", status: int = 200
    ) -> Response:
        house, language = self.house, language_of(request)
        code = dossier.application.code
        ticket = await pickup_of(house, code)
        view = application_view(
            house.hall, house.catalogue, house.config.tracking.pickup, dossier, language,
            f"/t/{ticket.token}" if ticket else "",
        )  # fmt: skip
        templates = house.front.templates
        now = house.clock.now()
        if "part" in request.query_params:
            html = templates.fragment("citizens/_application.html", language, a=view, now=now)
            return Response(html, media_type="text/html", headers=HIDDEN)
        drawn = segno.make(f"{house.url}/tracking/{code}", error="m", micro=False)
        qr = str(drawn.svg_inline(omitsize=True, border=0, dark="#0e1f2f"))
        return templates.page(
            request, "citizens/application.html", status, HIDDEN, a=view, now=now, qr=qr,
            refusal=refusal,
        )  # fmt: skip


def network(address: str) -> str:
    """Who is asking: an IPv4 address, or the /64 that one IPv6 subscriber has to itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network(f"{found}/64", strict=False))


# On the phone page ----------------------------------------------------------------------------


class TicketApplication(Struct, frozen=True):
    """What a ticket's page says of an application: the one registered at this visit, or the one
    whose document the ticket fetches."""

    code: str
    fetches: bool


async def phone_part(house: House, ticket: Ticket, language: str) -> Part | None:
    """For `phone_parts.PARTS`."""
    tracking = house.rooms.tracking
    pickup = tracking.pickups.of(ticket.token)
    if pickup is not None:
        return Part("citizens/phone/_tracking.html", TicketApplication(pickup.code, True))
    application = await tracking.of_ticket(ticket.token) if ticket.status == "served" else None
    if application is None:
        return None
    return Part("citizens/phone/_tracking.html", TicketApplication(application.code, False))


async def registered_at(house: House, token: str) -> Response | None:
    """Where a ticket of a day that is over leads on: to the application of that visit."""
    application = await house.rooms.tracking.of_ticket(token)
    return RedirectResponse(f"/tracking/{application.code}", 303) if application else None
