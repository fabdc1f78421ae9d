"""What a journal entry makes of the hall. Never refuses: what happened has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from . import events as e
from .lifecycle import COUNTER, TICKET
from .model import Call, Counter, Hall, Receipt, Ticket
from .policy import own_line

PACE_CALLS = 9
"""How many first calls of a service its pace is taken from."""


def evolve(hall: Hall, entry: e.Entry) -> None:
    """Fold one entry in. Entries come in order: `entry.id == hall.version + 1`, except after
    a skipped past, where the first is a `DayOpened`."""
    hall.version, hall.now = entry.id, entry.at
    _APPLY[type(entry.event)](hall, entry, entry.event)
    if entry.key:
        hall.receipts[entry.key] = Receipt(entry.key, entry.digest, entry.id, entry.count, entry.at)


def fold(entries: Iterable[e.Entry], hall: Hall | None = None) -> Hall:
    """The hall that these entries make."""
    hall = hall or Hall()
    for entry in entries:
        evolve(hall, entry)
    return hall


def _started(hall: Hall, entry: e.Entry, event: e.Started) -> None:
    """Nothing changes: the entry itself is the barrier."""


def _day_opened(hall: Hall, entry: e.Entry, event: e.DayOpened) -> None:
    version, now = hall.version, hall.now
    hall.__init__()  # type: ignore[misc]  # a day starts from nothing, in the same object
    hall.version, hall.now, hall.day = version, now, event.day
    hall.receipts = {receipt.key: receipt for receipt in event.receipts}
    hall.calls = list(event.calls)
    _adopt(hall, event)


def _adopt(hall: Hall, event: e.DayOpened | e.PlanChanged) -> None:
    hall.plan = event.plan
    hall.givers = {}
    for name, counter in event.plan.counters.items():
        for service in counter.services:
            hall.givers[service] = (*hall.givers.get(service, ()), name)
        hall.counters.setdefault(name, Counter(name))
    for name in [name for name in hall.counters if name not in event.plan.counters]:
        del hall.counters[name]


def _plan_changed(hall: Hall, entry: e.Entry, event: e.PlanChanged) -> None:
    _adopt(hall, event)
    # Classes may have come and gone, so everybody takes a place anew.
    hall.lines = {}
    for ticket in hall.tickets.values():
        _stand(hall, ticket)


def _issued(hall: Hall, entry: e.Entry, event: e.TicketIssued) -> None:
    ticket = Ticket(
        id=entry.id, number=event.number, token=event.token, service=event.service,
        line=event.service, status="waiting", issued=entry.at, joined=event.joined or entry.at,
        priority=event.priority, language=event.language, channel=event.channel,
        booking=event.booking, remote=event.remote, until=event.until,
    )  # fmt: skip
    prefix = hall.plan.services[event.service].prefix
    hall.numbers[prefix] = event.value
    hall.tickets[ticket.id] = ticket
    hall.tokens[ticket.token] = ticket.id
    _stand(hall, ticket)


def _called(hall: Hall, entry: e.Entry, event: e.TicketCalled) -> None:
    ticket = hall.tickets[event.ticket]
    counter = hall.counters[event.counter]
    priority = bool(hall.kind(ticket))
    streak = counter.streak + 1 if priority else 0
    hall.streak = hall.streak + 1 if priority else 0
    if not ticket.first_called:
        pace = hall.paces.get(ticket.service, ())
        hall.paces[ticket.service] = (*pace, entry.at)[-PACE_CALLS:]
    _move(
        hall, ticket, event,
        counter=event.counter, call=entry.id, calls=ticket.calls + 1,
        first_called=ticket.first_called or entry.at, last_called=entry.at, started=0, until=0,
    )  # fmt: skip
    hall.counters[event.counter] = replace(counter, current=ticket.id, streak=streak)
    _announce(hall, entry, ticket, event.counter)


def _recalled(hall: Hall, entry: e.Entry, event: e.TicketRecalled) -> None:
    ticket = hall.tickets[event.ticket]
    _move(hall, ticket, event, call=entry.id, calls=ticket.calls + 1, last_called=entry.at)
    _announce(hall, entry, ticket, event.counter)


def _service_started(hall: Hall, entry: e.Entry, event: e.ServiceStarted) -> None:
    _move(hall, hall.tickets[event.ticket], event, started=entry.at)


def _ended(hall: Hall, entry: e.Entry, event: e.OfTicket) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    _move(hall, ticket, event, ended=entry.at)


def _parked(hall: Hall, entry: e.Entry, event: e.TicketParked) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    _move(hall, ticket, event)


def _requeued(hall: Hall, entry: e.Entry, event: e.OfTicket) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    _move(hall, ticket, event, ended=0)


def _arrived(hall: Hall, entry: e.Entry, event: e.TicketArrived) -> None:
    _move(hall, hall.tickets[event.ticket], event, remote=False, until=0)


def _postponed(hall: Hall, entry: e.Entry, event: e.TicketPostponed) -> None:
    ticket = hall.tickets[event.ticket]
    _move(hall, ticket, event, joined=event.joined, postponed=ticket.postponed + 1)


def _rejoined(hall: Hall, entry: e.Entry, event: e.TicketRejoined) -> None:
    ticket = hall.tickets[event.ticket]
    _move(hall, ticket, event, joined=entry.at, first_called=0, ended=0, remote=False, until=0)


def _deferred(hall: Hall, entry: e.Entry, event: e.TicketDeferred) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    _move(hall, ticket, event, missing=event.missing, until=event.until)


def _resumed(hall: Hall, entry: e.Entry, event: e.TicketResumed) -> None:
    _move(hall, hall.tickets[event.ticket], event, until=0)


def _transferred(hall: Hall, entry: e.Entry, event: e.TicketTransferred) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    service = event.service or ticket.service
    line = own_line(event.counter) if event.counter else service
    _move(hall, ticket, event, service=service, line=line, first_called=0)


def _counter(hall: Hall, entry: e.Entry, event: e.OfCounter) -> None:
    counter = hall.counters[event.counter]
    operator = counter.operator
    if isinstance(event, e.CounterOpened):
        operator = event.operator
    elif isinstance(event, e.CounterClosed):
        operator = ""
    state = COUNTER[counter.state][type(event)]
    hall.counters[counter.id] = replace(counter, state=state, operator=operator, since=entry.at)


def _move(hall: Hall, ticket: Ticket, event: e.OfTicket, **changes: Any) -> None:
    """Take one step of the lifecycle table, leaving and joining lines as the step needs."""
    if _stands(ticket):
        hall.line(ticket.line).remove(hall.kind(ticket), (ticket.joined, ticket.id))
    moved = replace(ticket, status=TICKET[ticket.status][type(event)], **changes)
    hall.tickets[ticket.id] = moved
    hall.deadlines.pop(ticket.id, None)
    _stand(hall, moved)


def _stand(hall: Hall, ticket: Ticket) -> None:
    """Let a ticket join its line, if it stands in one, and its deadline count, if it has one."""
    if _stands(ticket):
        hall.line(ticket.line).add(hall.kind(ticket), (ticket.joined, ticket.id))
    if ticket.until and (
        ticket.status == "pending" or (ticket.remote and ticket.status == "waiting")
    ):
        hall.deadlines[ticket.id] = ticket.until


def _stands(ticket: Ticket) -> bool:
    """Whether it can be called from its line: a remote ticket has a place, but is not there."""
    return ticket.status == "waiting" and not ticket.remote


def _free(hall: Hall, ticket: Ticket) -> None:
    """The counter that has this ticket as its current one has none any more."""
    counter = hall.counters.get(ticket.counter)
    if counter is not None and counter.current == ticket.id:
        hall.counters[counter.id] = replace(counter, current=0)


def _announce(hall: Hall, entry: e.Entry, ticket: Ticket, counter: str) -> None:
    oldest = entry.at - hall.plan.policy.announce_age
    hall.calls = [call for call in hall.calls if call.at > oldest]
    hall.calls.append(Call(entry.id, ticket.id, ticket.number, ticket.service, counter, entry.at))


_APPLY: dict[type[e.Event], Callable[[Hall, e.Entry, Any], None]] = {
    e.Started: _started,
    e.DayOpened: _day_opened,
    e.PlanChanged: _plan_changed,
    e.TicketIssued: _issued,
    e.TicketCalled: _called,
    e.TicketRecalled: _recalled,
    e.ServiceStarted: _service_started,
    e.ServiceFinished: _ended,
    e.TicketMissed: _ended,
    e.TicketReturned: _requeued,
    e.TicketParked: _parked,
    e.TicketTransferred: _transferred,
    e.TicketCancelled: _ended,
    e.TicketReinstated: _requeued,
    e.TicketExpired: _ended,
    e.TicketArrived: _arrived,
    e.TicketPostponed: _postponed,
    e.TicketRejoined: _rejoined,
    e.TicketDeferred: _deferred,
    e.TicketResumed: _resumed,
    e.CounterOpened: _counter,
    e.CounterPaused: _counter,
    e.CounterClosed: _counter,
}
