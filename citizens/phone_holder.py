"""Who holds a ticket's page: the ticket behind the address, and the language to answer in."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of

from .pages import language_in, rendered


@dataclass(frozen=True, slots=True)
class Holder:
    """One request to an address under `/t/{token}`."""

    house: House
    request: Request

    @property
    def ticket(self) -> Ticket | None:
        """The ticket, if it is of today."""
        return self.house.hall.ticket_by_token(self.request.path_params["token"])

    @property
    def language(self) -> str:
        """What the address asks for, else what was spoken at the kiosk."""
        ticket = self.ticket
        if ticket is None:
            return language_of(self.request)
        return language_in(self.house, self.request.query_params.get("lang"), ticket.language)

    @property
    def kept(self) -> str:
        """The language that the address asks for, to be asked for again."""
        asked = self.request.query_params.get("lang")
        return f"?lang={asked}" if asked in self.house.config.languages.pages else ""

    @property
    def address(self) -> str:
        """The ticket's page."""
        return f"/t/{self.request.path_params['token']}{self.kept}"

    def back(self) -> Response:
        """To the page, which shows what has become of it."""
        return RedirectResponse(self.address, 303)

    def lost(self) -> Response:
        """There is no such ticket today."""
        return rendered(self.house, "phone_lost.html", self.language, 404)

    def refused(self, reason: Refusal | Unavailable | Problem) -> Response:
        """A page with the reason, and the way back."""
        if isinstance(reason, Problem):
            status = reason.status
        else:
            status = 409 if isinstance(reason, Refusal) else 503
        return rendered(
            self.house, "phone_refused.html", self.language, status,
            sentence=reason.sentence(self.language), back=self.address,
        )  # fmt: skip
