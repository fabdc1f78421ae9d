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
from queue_server.notify.giving import give
from queue_server.order import Unavailable
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem

from .phone_holder import Holder
from .phone_show import show


def routes(house: House) -> list[Route]:
    """Forms of the phone page."""
    contacts = PhoneContacts(house)
    return [
        Route("/t/{token}/contacts", contacts.give, methods=["POST"]),
        Route("/t/{token}/contacts/removals", contacts.remove, methods=["POST"]),
    ]


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
            found = given(form.get("phone", ""), form.get("email", ""))
            if form.get("consent") != "1":
                raise Wrong("consent")
            await give(notify.contacts, self.house.hall, ticket, found, self.house.clock.now())
        except Wrong as wrong:
            return await self._again(holder, ticket, form, wrong.field)
        except (Refusal, Unavailable, Problem) as reason:
            return holder.refused(reason)
        return holder.back()

    async def _again(
        self, holder: Holder, ticket: Ticket, form: dict[str, str], field: str
    ) -> Response:
        """The page once more, with what was typed and what is wrong with it."""
        code = "consent_missing" if field == "consent" else f"wrong_{field or 'contact'}"
        return await show(
            holder, ticket, 422, wrong=field or "phone",
            error=Problem(422, code).sentence(holder.language),
            typed_phone=form.get("phone", "")[:24], typed_email=form.get("email", "")[:254],
        )  # fmt: skip

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
