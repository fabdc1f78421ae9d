"""The requests of the page behind a ticket's QR code. The token is the secret."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of

from .pages import language_in, rendered
from .phone import phone_view, ticket_state
from .phone_parts import parts_of
from .tracking_pages import registered_at

CITIZEN = c.Actor("citizen")
"""Who leaves a queue: the journal keeps no more than that."""


def routes(house: House) -> list[Route]:
    """The phone's addresses."""
    phone = Phone(house)
    return [
        Route("/t/{token}", phone.page),
        Route("/t/{token}/state", phone.state),
        Route("/t/{token}/parts", phone.parts),
        Route("/t/{token}/cancellations", phone.leave, methods=["POST"]),
        Route("/t/{token}/cancellations", phone.back),
    ]


@dataclass(frozen=True)
class Phone:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        ticket = self._ticket(request)
        if ticket is None:
            token = request.path_params["token"]
            return await registered_at(self.house, token) or self._lost(request)
        language = self._language(request, ticket)
        others = [one for one in self.house.config.languages.pages if one != language]
        house = self.house
        view = phone_view(house.hall, house.catalogue, ticket, language, house.clock.now())
        return rendered(
            house, "phone.html", language, view=view, kept=self._kept(request),
            parts=await parts_of(house, ticket, language), others=others,
        )  # fmt: skip

    async def parts(self, request: Request) -> Response:
        """What the page shows besides the queue, after the status has changed."""
        ticket = self._ticket(request)
        if ticket is None:
            raise Problem(404, "not_found")
        language = self._language(request, ticket)
        shown = await parts_of(self.house, ticket, language)
        kept = self._kept(request)
        return rendered(self.house, "phone/_parts.html", language, parts=shown, kept=kept)

    async def state(self, request: Request) -> Response:
        """The ticket now, small. Raises Problem 404."""
        ticket = self._ticket(request)
        if ticket is None:
            raise Problem(404, "not_found")
        state = ticket_state(self.house.hall, self.house.catalogue, ticket)
        return Response(msgspec.json.encode(state), media_type="application/json")

    async def leave(self, request: Request) -> Response:
        """The citizen leaves the queue; twice is once."""
        ticket = self._ticket(request)
        if ticket is None:
            return self._lost(request)
        try:
            if ticket.status != "cancelled":
                await self.house.desk.submit(c.CancelTicket(ticket=ticket.id, by=CITIZEN))
        except (Refusal, Unavailable) as reason:
            language = self._language(request, ticket)
            return rendered(
                self.house, "phone_refused.html", language,
                409 if isinstance(reason, Refusal) else 503,
                sentence=reason.sentence(language), back=self._address(request),
            )  # fmt: skip
        return RedirectResponse(self._address(request), 303)

    async def back(self, request: Request) -> Response:
        """A reload after a refused cancellation."""
        return RedirectResponse(self._address(request), 303)

    def _ticket(self, request: Request) -> Ticket | None:
        return self.house.hall.ticket_by_token(request.path_params["token"])

    def _lost(self, request: Request) -> Response:
        return rendered(self.house, "phone_lost.html", language_of(request), 404)

    def _language(self, request: Request, ticket: Ticket) -> str:
        """What the address asks for, else what was spoken at the kiosk."""
        return language_in(self.house, request.query_params.get("lang"), ticket.language)

    def _address(self, request: Request) -> str:
        return f"/t/{request.path_params['token']}{self._kept(request)}"

    def _kept(self, request: Request) -> str:
        """The language that the address asks for, to be asked for again."""
        asked = request.query_params.get("lang")
        return f"?lang={asked}" if asked in self.house.config.languages.pages else ""
