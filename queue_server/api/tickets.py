"""Taking a number, looking after it, leaving."""

from __future__ import annotations

import secrets

from ..core import commands as c
from ..core.model import Step
from ..core.refusals import Refusal
from ..house import House
from ..web.endpoint import Ask, Endpoint
from ..web.identity import ISSUERS, actor
from ..web.validation import Fault, Invalid
from . import outcomes
from . import shapes as s
from .views import View

CITIZEN = c.Actor("citizen")
"""Who holds a ticket's token."""


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/tickets`."""
    tickets = Tickets(house)
    return [
        Endpoint(
            "POST", "/api/v1/tickets", ISSUERS, tickets.issue, s.IssuedTicket,
            "Take a number", body=s.NewTicket, status=201,
            refusals=("hall_closed", "intake_closed"),
        ),
        Endpoint(
            "GET", "/api/v1/tickets/{token}", None, tickets.show, s.TicketNow,
            "The ticket now",
        ),
        Endpoint(
            "POST", "/api/v1/tickets/{token}/cancellations", None, tickets.cancel, s.Acted,
            "Leave the queue", body=s.Empty, status=201, refusals=("not_allowed",),
        ),
        Endpoint(
            "POST", "/api/v1/tickets/{token}/postponements", None, tickets.postpone, s.Acted,
            "Let the next few pass", body=s.Empty, status=201,
            refusals=("not_allowed", "step_back_used", "nobody_behind"),
        ),
        Endpoint(
            "POST", "/api/v1/tickets/{token}/rejoins", None, tickets.rejoin, s.Acted,
            "Queue again, at the end of the line", body=s.Empty, status=201,
            refusals=("not_allowed", "rejoin_over", "hall_closed"),
        ),
        Endpoint(
            "POST", "/api/v1/tickets/{token}/arrivals", ISSUERS, tickets.arrive, s.Acted,
            "The holder of a remote ticket is in the hall", body=s.Empty, status=201,
            refusals=("not_allowed",),
        ),
        Endpoint(
            "POST", "/api/v1/tickets/{token}/resumptions", ISSUERS, tickets.resume, s.Acted,
            "Back with the papers", body=s.Empty, status=201, refusals=("not_allowed",),
        ),
    ]  # fmt: skip


def visit_steps(given: list[s.VisitStep]) -> tuple[Step, ...]:
    """Steps as the rules know them."""
    return tuple(Step(one.service, tuple(one.after)) for one in given)


class Tickets:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def issue(self, ask: Ask[s.NewTicket]) -> s.IssuedTicket:
        spoken = list(self._house.config.languages.pages)
        if ask.body.language not in spoken:
            raise Invalid([Fault("language", "unknown", spoken)])
        command = c.IssueTicket(
            by=actor(ask.who),
            service=ask.body.service,
            steps=self._steps(ask.body),
            token=secrets.token_urlsafe(16),
            priority=ask.body.priority or "",
            language=ask.body.language,
            channel=ask.who.role,
        )
        entries = await self._house.desk.submit(command, key=ask.key, digest=ask.digest)
        return outcomes.issued(View(self._house, ask.language), entries)

    def _steps(self, body: s.NewTicket) -> tuple[Step, ...]:
        """The steps of the visit, from the package or as they are given. Raises Problem 422."""
        if body.package is None:
            return visit_steps(body.steps or [])
        known = list(self._house.catalogue.packages)
        if body.steps is not None or body.package not in known:
            raise Invalid([Fault("package", "unknown", known)])
        return self._house.catalogue.visit(body.package)

    async def show(self, ask: Ask[None]) -> s.TicketNow:
        ticket = self._house.hall.ticket_by_token(ask.path["token"])
        if ticket is None:
            raise Refusal("unknown_ticket")
        return View(self._house, ask.language).ticket(ticket)

    async def cancel(self, ask: Ask[s.Empty]) -> s.Acted:
        return await self._act(ask, c.CancelTicket)

    async def postpone(self, ask: Ask[s.Empty]) -> s.Acted:
        return await self._act(ask, c.PostponeTicket)

    async def rejoin(self, ask: Ask[s.Empty]) -> s.Acted:
        return await self._act(ask, c.RejoinTicket)

    async def arrive(self, ask: Ask[s.Empty]) -> s.Acted:
        return await self._act(ask, c.ConfirmPresence)

    async def resume(self, ask: Ask[s.Empty]) -> s.Acted:
        return await self._act(ask, c.ResumeTicket)

    async def _act(self, ask: Ask[s.Empty], kind: type[c.OfTicket]) -> s.Acted:
        # A token of yesterday goes to the rules too: its key may have an answer already.
        ticket = self._house.hall.tokens.get(ask.path["token"], 0)
        who = actor(ask.identity) if ask.identity else CITIZEN
        command = kind(by=who, ticket=ticket)
        entries = await self._house.desk.submit(command, key=ask.key, digest=ask.digest)
        view = View(self._house, ask.language)
        if entries:
            return await outcomes.acted(view, entries)
        now = self._house.hall.tickets[ticket]  # what was wanted held already
        return s.Acted(None, now.id, now.number, now.status, view.at(now.joined))
