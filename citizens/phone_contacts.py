"""How a ticket's holder may be told besides by the page: forms for a telephone or an e-mail."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.notify.addresses import Wrong, given
from queue_server.notify.contacts import subject_of
from queue_server.notify.giving import give, shown
from queue_server.order import Unavailable
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem

from .phone import Telling
from .phone_holder import Holder


def routes(house: House) -> list[Route]:
    """Forms of the phone page."""
    contacts = PhoneContacts(house)
    return [
        Route("/t/{token}/contacts", contacts.give, methods=["POST"]),
        Route("/t/{token}/contacts/removals", contacts.remove, methods=["POST"]),
    ]


async def telling(house: House, ticket: Ticket) -> Telling:
    """What the page offers. A telephone is asked for only where somebody would write to it."""
    notify = house.rooms.notify
    kept = await shown(notify.contacts, ticket)
    return Telling(
        offered=notify.writes,
        phone=kept.get("phone", ""),
        email=kept.get("email", ""),
        key=notify.push.public_key if notify.push else "",
        push="push" in kept,
    )


@dataclass(frozen=True)
class PhoneContacts:
    """The handlers, for one house."""

    house: House

    async def give(self, request: Request) -> Response:
        """Keep what was typed, with consent."""
        holder, notify = Holder(self.house, request), self.house.rooms.notify
        ticket, form = holder.ticket, await read_form(request)
        if ticket is None:
            return holder.lost()
        try:
            if not notify.writes:
                raise Problem(422, "nobody_writes")
            if form.get("consent") != "1":
                raise Problem(422, "consent_missing")
            found = given(form.get("phone", ""), form.get("email", ""))
            await give(notify.contacts, self.house.hall, ticket, found, self.house.clock.now())
        except Wrong as wrong:
            return holder.refused(Problem(422, f"wrong_{wrong.field or 'contact'}"))
        except (Refusal, Unavailable, Problem) as reason:
            return holder.refused(reason)
        return holder.back()

    async def remove(self, request: Request) -> Response:
        """Forget everything that was given; twice is once."""
        holder = Holder(self.house, request)
        if holder.ticket is None:
            return holder.lost()
        try:
            await self.house.rooms.notify.contacts.forget(subject_of(holder.ticket.token))
        except Unavailable as reason:
            return holder.refused(reason)
        return holder.back()
