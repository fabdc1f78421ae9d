"""The requests of the page behind a ticket's QR code. The token is the secret."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.core import commands as c
from queue_server.core.model import Status
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem

from . import phone_app, phone_contacts
from .pages import rendered
from .phone import ticket_state
from .phone_holder import Holder
from .phone_parts import parts_of
from .phone_show import show
from .tracking_pages import registered_at

CITIZEN = c.Actor("citizen")
"""Who leaves a queue: the journal keeps no more than that."""
ACTS = ("cancellations", "postponements", "rejoins", "contacts", "contacts/removals")
"""What the page's forms post to; a reload there leads back to the page."""


def routes(house: House) -> list[Route]:
    """The phone's addresses."""
    phone = Phone(house)
    return [
        *phone_app.routes(house),
        Route("/t/{token}", phone.page),
        Route("/t/{token}/state", phone.state),
        Route("/t/{token}/parts", phone.parts),
        Route("/t/{token}/cancellations", phone.leave, methods=["POST"]),
        Route("/t/{token}/postponements", phone.postpone, methods=["POST"]),
        Route("/t/{token}/rejoins", phone.rejoin, methods=["POST"]),
        *phone_contacts.routes(house),
        *(Route(f"/t/{{token}}/{act}", phone.back) for act in ACTS),
    ]


@dataclass(frozen=True)
class Phone:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        holder = Holder(self.house, request)
        ticket = holder.ticket
        if ticket is None:
            token = request.path_params["token"]
            return await registered_at(self.house, token) or holder.lost()
        return await show(holder, ticket)

    async def parts(self, request: Request) -> Response:
        """What the page shows besides the queue, after the status has changed."""
        holder = Holder(self.house, request)
        ticket = holder.ticket
        if ticket is None:
            raise Problem(404, "not_found")
        shown = await parts_of(self.house, ticket, holder.language)
        return rendered(
            self.house, "phone/_parts.html", holder.language, parts=shown, kept=holder.kept
        )

    async def state(self, request: Request) -> Response:
        """The ticket now, small. Raises Problem 404."""
        ticket = Holder(self.house, request).ticket
        if ticket is None:
            raise Problem(404, "not_found")
        rule = self.house.rooms.notify.rule
        state = ticket_state(self.house.hall, self.house.catalogue, ticket, rule)
        return Response(msgspec.json.encode(state), media_type="application/json")

    async def leave(self, request: Request) -> Response:
        """The citizen leaves the queue; twice is once."""
        return await self._act(request, c.CancelTicket, unless="cancelled")

    async def postpone(self, request: Request) -> Response:
        """The citizen lets the next few pass. The form says which place was seen: a second click
        comes when it has been left already."""
        holder = Holder(self.house, request)
        seen = (await read_form(request)).get("joined", "")
        if holder.ticket is not None and seen != str(holder.ticket.joined):
            return holder.back()
        return await self._act(request, c.PostponeTicket)

    async def rejoin(self, request: Request) -> Response:
        """The citizen is back, at the end of the line; twice is once."""
        return await self._act(request, c.RejoinTicket, unless="waiting")

    async def back(self, request: Request) -> Response:
        """A reload after a refusal."""
        return Holder(self.house, request).back()

    async def _act(
        self, request: Request, kind: type[c.OfTicket], unless: Status | None = None
    ) -> Response:
        holder = Holder(self.house, request)
        ticket = holder.ticket
        if ticket is None:
            return holder.lost()
        try:
            if ticket.status != unless:
                await self.house.desk.submit(kind(ticket=ticket.id, by=CITIZEN))
        except (Refusal, Unavailable) as reason:
            return holder.refused(reason)
        return holder.back()
