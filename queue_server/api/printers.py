"""Printers as they are now, and tickets on paper."""

from __future__ import annotations

import secrets
from typing import Literal

from msgspec import Struct

from ..core.bounds import demand, of_ticket
from ..core.model import Ticket
from ..core.refusals import Refusal
from ..house import House
from ..printing import Job, Paper, Reason, State
from ..printing.sentences import sentence
from ..web.endpoint import Ask, Endpoint
from ..web.identity import DESK_READERS, ISSUERS, Identity
from ..web.problems import FieldError, Problem
from . import shapes as s
from .views import View

PRINTS = "/api/v1/tickets/{token}/prints"


class NewPrint(s.Input, frozen=True):
    """Which printer."""

    printer: s.Slug


class Print(Struct, frozen=True):
    """A ticket's paper. `reason`: what holds it up, or why it ended; `copy`: it says that it may
    be a second one. Printed is what the printer has confirmed."""

    id: int
    ticket: int
    number: str
    printer: str
    state: State
    reason: Reason
    detail: str
    copy: bool
    created_at: str
    updated_at: str


class PrinterNow(Struct, frozen=True):
    """A printer. `reason` "" stands for ready; `paper` is as far as it tells."""

    id: str
    name: str
    kind: Literal["network", "usb", "cups"]
    width: int
    reason: Reason
    detail: str
    paper: Paper
    since: str | None
    seen_at: str | None
    waiting: int
    failed: int


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/printers` and `/api/v1/tickets/{token}/prints`."""
    printers = Printers(house)
    return [
        Endpoint(
            "GET", "/api/v1/printers", DESK_READERS | ISSUERS, printers.all, s.Listed[PrinterNow],
            "Every printer now",
        ),
        Endpoint(
            "GET", PRINTS, ISSUERS, printers.of_ticket, s.Listed[Print],
            "A ticket's papers, the newest first",
        ),
        Endpoint(
            "POST", PRINTS, ISSUERS, printers.print, Print, "Print a ticket",
            body=NewPrint, status=201,
        ),
    ]  # fmt: skip


class Printers:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def all(self, ask: Ask[None]) -> s.Listed[PrinterNow]:
        view = View(self._house, ask.language)
        return s.Listed([self._printer(view, id) for id in self._house.rooms.printing.printers])

    async def of_ticket(self, ask: Ask[None]) -> s.Listed[Print]:
        ticket, view = self._ticket(ask.path["token"], ask.who), View(self._house, ask.language)
        jobs = await self._house.rooms.printing.of_ticket(ticket.token)
        return s.Listed([_print(view, ticket, job) for job in jobs])

    async def print(self, ask: Ask[NewPrint]) -> Print:
        ticket, printing = self._ticket(ask.path["token"], ask.who), self._house.rooms.printing
        printer = ask.body.printer
        if printer not in printing.printers:
            problem = Problem(422, "unknown_printer", printer=printer)
            problem.errors = (FieldError("printer", problem.sentence(ask.language)),)
            raise problem
        job = await printing.print_ticket(
            ticket, printer, key=f"api:{ask.key or secrets.token_urlsafe(16)}",
            digest=ask.digest, by=ask.who.id,
        )  # fmt: skip
        return _print(View(self._house, ask.language), ticket, job)

    def _ticket(self, token: str, who: Identity) -> Ticket:
        ticket = self._house.hall.ticket_by_token(token)
        if ticket is None:
            raise Refusal("unknown_ticket")
        demand(who.bounds, of_ticket(self._house.hall, ticket))
        return ticket

    def _printer(self, view: View, id: str) -> PrinterNow:
        printing = self._house.rooms.printing
        section, state = printing.printers[id], printing.state(id)
        assert section.kind != "browser", "the room has none of those"
        return PrinterNow(
            id=id,
            name=printing.name(id),
            kind=section.kind,
            width=section.width,
            reason=state.reason,
            detail=sentence(state.reason, view.language),
            paper=state.paper,
            since=view.at_or_none(state.since),
            seen_at=view.at_or_none(state.seen),
            waiting=printing.count(id, "queued") + printing.count(id, "printing"),
            failed=printing.count(id, "failed") + printing.count(id, "expired"),
        )


def _print(view: View, ticket: Ticket, job: Job) -> Print:
    return Print(
        id=job.id,
        ticket=ticket.id,
        number=job.number,
        printer=job.printer,
        state=job.state,
        reason=job.reason,
        detail=sentence(job.reason, view.language) if job.reason else "",
        copy=job.copy,
        created_at=view.at(job.created),
        updated_at=view.at(job.updated),
    )
