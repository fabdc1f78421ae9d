"""The day's tickets, what happened to each, and the notes on it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from ..core import commands as c
from ..core import events as e
from ..core.bounds import check, covers, demand, of_ticket
from ..core.checks import concerned
from ..core.lifecycle import ACTS
from ..core.model import Ticket
from ..core.refusals import Refusal
from ..floor.numbers import like
from ..floor.stays import Stay, Step, past
from ..house import House
from ..notes import Note
from ..noting import note
from ..web.endpoint import Ask, Endpoint
from ..web.identity import DESK_READERS, STAFF, STEWARDS, actor
from . import past_shapes as p
from . import shapes as s
from .views import View

TICKETS = "/api/v1/floor/tickets"
NAMES: Mapping[type[e.Event], str] = {
    **ACTS,
    e.TicketIssued: "issue",
    e.StepFinished: "finish",
    e.VisitPlanned: "plan",
    e.VisitRerouted: "reroute",
    e.TicketExpired: "expire",
    e.TicketServed: "quick_serve",
    e.TicketOffered: "offer",
    e.TicketUnbound: "unbind",
    e.ActUndone: "undo",
}
"""The name of everything that happens to a ticket."""


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/floor/tickets`, and the notes of counters."""
    pasts = Pasts(house)
    return [
        Endpoint("GET", TICKETS, DESK_READERS, pasts.find, s.Listed[s.CounterTicket],
                 "The day's tickets", query=p.Wanted),
        Endpoint("GET", f"{TICKETS}/{{ticket}}", DESK_READERS, pasts.show, p.TicketPast,
                 "A ticket's history", problems=(503,)),
        Endpoint("GET", f"{TICKETS}/{{ticket}}/notes", STAFF, pasts.notes,
                 s.Listed[p.NoteNow], "The notes on a ticket, oldest first"),
        Endpoint("POST", "/api/v1/counters/{counter}/notes", STAFF, pasts.write, p.NoteNow,
                 "Write a note on a ticket of the counter", body=p.NewNote, status=201,
                 refusals=("not_your_counter", "not_served_here", "note_full"), problems=(404,)),
    ]  # fmt: skip


class Pasts:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def find(self, ask: Ask[None]) -> s.Listed[s.CounterTicket]:
        """By id, so that a page goes on where the one before ended."""
        wanted: p.Wanted = ask.query
        hall, bounds = self._house.hall, ask.who.bounds
        meant = like(wanted.number) if wanted.number else None
        found = (
            one
            for one in hall.tickets.values()
            if one.id > wanted.after
            and wanted.status in (None, one.status)
            and wanted.service in (None, one.service)
            and (meant is None or meant(one.number))
            and (not bounds or covers(bounds, of_ticket(hall, one)))
        )
        page = list(islice(found, wanted.limit + 1))
        view = View(self._house, ask.language)
        more = page[wanted.limit - 1].id if len(page) > wanted.limit else None
        return s.Listed([view.at_counter(one) for one in page[: wanted.limit]], more)

    async def show(self, ask: Ask[None]) -> p.TicketPast:
        """Out of the journal, of today's tickets."""
        ticket = self._ticket(ask)
        archive, view = self._house.rooms.floor.archive, View(self._house, ask.language)
        day = await archive.day(self._house.hall.day)
        rows = [row.id for row in day.rows if row.ticket == ticket.id]
        found = past(await archive.entries(rows))
        whys: Mapping[str, str] = {}
        if ask.who.role in STEWARDS:
            keys = (step.entry.key for step in found.steps if step.entry.key)
            whys = await self._house.rooms.floor.reasons.of(keys)
        times = found.times
        return p.TicketPast(
            view.at_counter(ticket),
            p.Times(*map(_seconds, (times.waiting, times.walking, times.service, times.visit))),
            [_happened(view, step, whys.get(step.entry.key)) for step in found.steps],
            [_stay(view, stay) for stay in found.stays],
        )

    async def notes(self, ask: Ask[None]) -> s.Listed[p.NoteNow]:
        ticket, view = self._ticket(ask), View(self._house, ask.language)
        return s.Listed([_note(view, one) for one in self._house.rooms.notes.of(ticket.id)])

    async def write(self, ask: Ask[p.NewNote]) -> p.NoteNow:
        counter, by = ask.path["counter"], actor(ask.who)
        asked = c.OfTicket(ticket=ask.body.ticket, at=counter, by=by)
        check(self._house.hall, asked)
        ticket = concerned(self._house.hall, asked)
        written = await note(
            self._house, ticket, ask.body.note, by.id, counter, ask.key, ask.digest
        )
        return _note(View(self._house, ask.language), written)

    def _ticket(self, ask: Ask[None]) -> Ticket:
        name = ask.path["ticket"]
        number = name.isascii() and name.isdecimal() and len(name) < 16
        found = self._house.hall.tickets.get(int(name)) if number else None
        if found is None:
            raise Refusal("unknown_ticket")
        demand(ask.who.bounds, of_ticket(self._house.hall, found))
        return found


def _happened(view: View, step: Step, why: str | None) -> p.Happened:
    entry, event = step.entry, step.entry.event
    delivered = getattr(event, "delivered", ())
    return p.Happened(
        id=entry.id,
        at=view.at(entry.at),
        by=entry.by,
        event=type(event).__name__,
        act=NAMES[type(event)],
        counter=step.counter or None,
        service=step.service,
        status=step.status,
        reason=getattr(event, "reason", "") or None,
        to=_destination(event),
        delivered=[s.Delivery(service, count) for service, count in delivered],
        undone=event.undone if isinstance(event, e.ActUndone) else None,
        why=why,
    )


def _destination(event: e.AnyEvent) -> s.Destination | None:
    if not isinstance(event, e.TicketTransferred):
        return None
    named = (event.service, event.counter, event.agency, event.operator)
    return s.Destination(*(one or None for one in named))


def _stay(view: View, stay: Stay) -> p.Stay:
    return p.Stay(
        service=stay.service,
        counter=stay.counter,
        by=stay.by,
        called_at=view.at(stay.called),
        calls=stay.calls,
        started_at=view.at_or_none(stay.started),
        ended_at=view.at_or_none(stay.ended),
        outcome=stay.left,
        waiting=stay.waited // 1000,
        walking=_seconds(stay.started - stay.recalled if stay.started else None),
        serving=_seconds(stay.ended - stay.started if stay.started and stay.ended else None),
    )


def _note(view: View, written: Note) -> p.NoteNow:
    return p.NoteNow(
        written.ticket, written.text, written.by, written.counter or None, view.at(written.at)
    )


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else ms // 1000
