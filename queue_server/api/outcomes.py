"""Answers of POSTs, made from the entries that the command led to and from nothing else: the
same key gets the same answer again, whatever has happened since, also after a restart."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import events as e
from ..core.lifecycle import COUNTER, TICKET
from ..core.model import CounterState, Status
from ..house import House
from . import shapes as s
from .views import View

LEADS_TO: dict[type[e.Event], Status] = {
    event: status
    for steps in TICKET.values()
    for event, status in steps.items()
    if event not in (e.TicketReclassed, e.TicketUnbound, e.VisitPlanned)
}
"""Every event leads to one status, from wherever it comes; another class or plan leaves it."""
TURNS_TO: dict[type[e.Event], CounterState] = {
    event: state for steps in COUNTER.values() for event, state in steps.items()
}


async def numbered(house: House, ticket: int) -> str:
    """A ticket's number, also of a day before: a ticket's id is its first entry's."""
    known = house.hall.tickets.get(ticket)
    if known is not None:
        return known.number
    issued = (await house.desk.read(ticket - 1, 1))[0].event
    assert isinstance(issued, e.TicketIssued), "a ticket's id is its first entry's"
    return issued.number


def issued(view: View, entries: Sequence[e.Entry]) -> s.IssuedTicket:
    """The answer to a new number."""
    entry = entries[0]
    event = entry.event
    assert isinstance(event, e.TicketIssued)
    return s.IssuedTicket(
        id=entry.id,
        number=event.number,
        token=event.token,
        service=event.steps[event.step].service if event.steps else event.service,
        priority=event.priority or None,
        language=event.language,
        status="waiting",
        position=event.ahead + 1,
        ahead=event.ahead,
        issued_at=view.at(entry.at),
        url=view.url(event.token),
    )


async def called(view: View, entries: Sequence[e.Entry]) -> s.Called:
    """The answer to a call or recall, which may have finished the ticket before it."""
    entry = entries[-1]
    event = entry.event
    assert isinstance(event, e.TicketCalled | e.TicketRecalled | e.TicketPicked)
    done = (e.ServiceFinished, e.StepFinished)
    finished = next((x.event.ticket for x in entries if isinstance(x.event, done)), None)
    return s.Called(
        id=entry.id,
        ticket=event.ticket,
        number=await numbered(view.house, event.ticket),
        counter=event.counter,
        at=view.at(entry.at),
        finished=finished,
        announced=not isinstance(event, e.TicketPicked),
    )


async def acted(view: View, entries: Sequence[e.Entry]) -> s.Acted:
    """The answer to one step of a ticket."""
    entry = entries[-1]
    event = entry.event
    assert isinstance(event, e.OfTicket)
    number, at = await numbered(view.house, event.ticket), view.at(entry.at)
    status = LEADS_TO[type(event)]
    if isinstance(event, e.TicketTransferred):
        to = (event.service, event.counter, event.agency, event.operator)
        return s.Transferred(entry.id, event.ticket, number, status, at, *(x or None for x in to))
    return s.Acted(entry.id, event.ticket, number, status, at)


def turned(view: View, entries: Sequence[e.Entry], counter: str) -> s.Turned:
    """The answer to an opening, break or closing; without entries nothing had to change.

    A closing that has to be approved leaves the counter as it is.
    """
    if not entries or isinstance(entries[-1].event, e.ClosingAsked):
        now = view.hall.counters[counter]
        asked = entries[-1].id if entries else None
        return s.Turned(asked, counter, now.state, view.at(now.since))
    entry = entries[-1]
    assert isinstance(entry.event, e.OfCounter)
    return s.Turned(entry.id, counter, TURNS_TO[type(entry.event)], view.at(entry.at))


def done(view: View, entries: Sequence[e.Entry]) -> s.Done:
    """The answer to what has no more to say than that it holds."""
    if not entries:
        return s.Done(None, view.at(view.hall.now))
    return s.Done(entries[-1].id, view.at(entries[-1].at))


async def undone(view: View, entries: Sequence[e.Entry]) -> s.Undone:
    """The answer to an undo: every ticket that is as before."""
    tickets = []
    for entry in entries:
        event = entry.event
        assert isinstance(event, e.ActUndone)
        number = await numbered(view.house, event.ticket)
        tickets.append(s.Acted(entry.id, event.ticket, number, event.status, view.at(entry.at)))
    return s.Undone(entries[-1].id, tickets)
