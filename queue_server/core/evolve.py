"""What a journal entry makes of the hall. Never refuses: what happened has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from . import events as e
from . import evolve_counters as counters
from . import traces
from .journey import done_with
from .model import Call, Counter, Delivered, Hall, Message, Receipt, Ticket
from .places import change, find_givers, move, set_deadline, stand, tell
from .policy import line_for

PACE_CALLS = 9
"""How many first calls of a service its pace is taken from."""


def evolve(hall: Hall, entry: e.Entry) -> None:
    """Fold one entry in. Entries come in order: `entry.id == hall.version + 1`, except after
    a skipped past, where the first is a `DayOpened`."""
    hall.version, hall.now = entry.id, entry.at
    before = traces.before(hall, entry.event)
    _APPLY[type(entry.event)](hall, entry, entry.event)
    if before is not None:
        traces.remember(hall, entry, *before)
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
    hall.favours = dict(event.favours)
    _adopt(hall, event)


def _adopt(hall: Hall, event: e.DayOpened | e.PlanChanged) -> None:
    hall.plan = event.plan
    for name in event.plan.counters:
        hall.counters.setdefault(name, Counter(name))
    for name in [name for name in hall.counters if name not in event.plan.counters]:
        del hall.counters[name]
        hall.traces.pop(name, None)
        hall.reopenings.pop(name, None)
    for name, counter in hall.counters.items():
        if counter.assigned:  # the new plan's word counts, for nobody's service may be left out
            hall.counters[name] = replace(counter, assigned=())
    for service in [one for one in hall.no_intake if one not in event.plan.services]:
        del hall.no_intake[service]
    find_givers(hall)


def _plan_changed(hall: Hall, entry: e.Entry, event: e.PlanChanged) -> None:
    _adopt(hall, event)
    # Classes and time limits may have come and gone, so everybody takes a place anew.
    hall.lines, hall.deadlines = {}, {}
    for ticket in hall.tickets.values():
        stand(hall, ticket)


def _issued(hall: Hall, entry: e.Entry, event: e.TicketIssued) -> None:
    first = event.steps[event.step].service if event.steps else event.service
    ticket = Ticket(
        id=entry.id, number=event.number, token=event.token, service=first,
        line=first, status="waiting", issued=entry.at, joined=event.joined or entry.at,
        priority=event.priority, language=event.language, channel=event.channel,
        booking=event.booking, remote=event.remote, until=event.until,
        steps=event.steps, step=event.step,
    )  # fmt: skip
    prefix = hall.plan.services[event.service].prefix
    hall.numbers[prefix] = event.value
    hall.tickets[ticket.id] = ticket
    hall.tokens[ticket.token] = ticket.id
    if not event.booking and event.channel != "counter":  # neither promised before nor served aside
        for service in dict.fromkeys((event.service, *(one.service for one in event.steps))):
            hall.taken[service] = (*hall.taken.get(service, ()), ticket.id)
    stand(hall, ticket)


def _called(hall: Hall, entry: e.Entry, event: e.TicketCalled) -> None:
    _come(hall, hall.tickets[event.ticket], event, event.counter)
    _announce(hall, entry, event.ticket, event.counter)


def _picked(hall: Hall, entry: e.Entry, event: e.TicketPicked) -> None:
    _come(hall, hall.tickets[event.ticket], event, event.counter)
    change(hall, event.counter, skipped=event.skipped)


def _come(hall: Hall, ticket: Ticket, event: e.OfTicket, counter: str) -> None:
    """It is at a counter from now on, and nothing has been said there yet."""
    move(hall, ticket, event, counter=counter, call=0, started=0, until=0, rests=0, here=0)
    change(hall, counter, current=ticket.id)


def _recalled(hall: Hall, entry: e.Entry, event: e.TicketRecalled) -> None:
    move(hall, hall.tickets[event.ticket], event)
    _announce(hall, entry, event.ticket, event.counter)


def _announce(hall: Hall, entry: e.Entry, id: int, at: str) -> None:
    """A call, the first at this counter or another: counted, and told to every screen."""
    ticket, counter = hall.tickets[id], hall.counters[at]
    if not ticket.here:
        priority = bool(hall.kind(ticket))
        change(hall, at, streak=counter.streak + 1 if priority else 0, skipped=())
        hall.streak = hall.streak + 1 if priority else 0
    if not ticket.first_called:
        pace = hall.paces.get(ticket.service, ())
        hall.paces[ticket.service] = (*pace, entry.at)[-PACE_CALLS:]
    hall.tickets[id] = ticket = replace(
        ticket, call=entry.id, calls=ticket.calls + 1, here=ticket.here + 1,
        first_called=ticket.first_called or entry.at, last_called=entry.at,
    )  # fmt: skip
    set_deadline(hall, ticket)
    tell(hall, entry, Call(entry.id, id, ticket.number, ticket.service, at, entry.at))


def _service_started(hall: Hall, entry: e.Entry, event: e.ServiceStarted) -> None:
    move(hall, hall.tickets[event.ticket], event, started=entry.at)


def _ended(hall: Hall, entry: e.Entry, event: e.OfTicket) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    move(hall, ticket, event, ended=entry.at)


def _finished(hall: Hall, entry: e.Entry, event: e.ServiceFinished) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    _time(hall, ticket, entry.at)
    move(
        hall, ticket, event, ended=entry.at, delivered=_sum(ticket, event.delivered),
        steps=done_with(ticket),
    )  # fmt: skip


def _step_finished(hall: Hall, entry: e.Entry, event: e.StepFinished) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    _time(hall, ticket, entry.at)
    move(
        hall, ticket, event, service=event.service, line=event.service, step=event.next,
        steps=done_with(ticket), delivered=_sum(ticket, event.delivered), first_called=0,
        missing=(),
    )  # fmt: skip


def _time(hall: Hall, ticket: Ticket, at: int) -> None:
    """One more service time to plan visits by."""
    if ticket.started:
        known = hall.service_times.get(ticket.service, ())
        hall.service_times[ticket.service] = (*known, at - ticket.started)[-PACE_CALLS:]


def _visit_planned(hall: Hall, entry: e.Entry, event: e.VisitPlanned) -> None:
    ticket = hall.tickets[event.ticket]
    service = event.steps[event.step].service
    line = service if ticket.status == "waiting" else ticket.line
    move(hall, ticket, event, steps=event.steps, step=event.step, service=service, line=line)


def _visit_rerouted(hall: Hall, entry: e.Entry, event: e.VisitRerouted) -> None:
    ticket = hall.tickets[event.ticket]
    move(hall, ticket, event, step=event.next, service=event.service, line=event.service)


def _sum(ticket: Ticket, delivered: tuple[Delivered, ...]) -> tuple[Delivered, ...]:
    """All that was delivered to a ticket: without a word, its own service once."""
    return (*ticket.delivered, *(delivered or ((ticket.service, 1),)))


def _served(hall: Hall, entry: e.Entry, event: e.TicketServed) -> None:
    ticket = hall.tickets[event.ticket]
    move(
        hall, ticket, event, counter=event.counter, first_called=entry.at, last_called=entry.at,
        started=entry.at, ended=entry.at, delivered=_sum(ticket, event.delivered),
    )  # fmt: skip


def _parked(hall: Hall, entry: e.Entry, event: e.TicketParked) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    move(hall, ticket, event, reason=event.reason)


def _reinstated(hall: Hall, entry: e.Entry, event: e.TicketReinstated) -> None:
    move(hall, hall.tickets[event.ticket], event, ended=0, rests=event.rests)


def _offered(hall: Hall, entry: e.Entry, event: e.TicketOffered) -> None:
    move(hall, hall.tickets[event.ticket], event, rests=0)


def _reclassed(hall: Hall, entry: e.Entry, event: e.TicketReclassed) -> None:
    move(hall, hall.tickets[event.ticket], event, priority=event.priority)


def _unbound(hall: Hall, entry: e.Entry, event: e.TicketUnbound) -> None:
    ticket = hall.tickets[event.ticket]
    move(hall, ticket, event, line=ticket.service)


def _requeued(hall: Hall, entry: e.Entry, event: e.OfTicket) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    move(hall, ticket, event, ended=0)


def _arrived(hall: Hall, entry: e.Entry, event: e.TicketArrived) -> None:
    move(hall, hall.tickets[event.ticket], event, remote=False, until=0)


def _postponed(hall: Hall, entry: e.Entry, event: e.TicketPostponed) -> None:
    ticket = hall.tickets[event.ticket]
    move(hall, ticket, event, joined=event.joined, postponed=ticket.postponed + 1)


def _rejoined(hall: Hall, entry: e.Entry, event: e.TicketRejoined) -> None:
    ticket = hall.tickets[event.ticket]
    move(hall, ticket, event, joined=entry.at, first_called=0, ended=0, remote=False, until=0)


def _deferred(hall: Hall, entry: e.Entry, event: e.TicketDeferred) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    move(hall, ticket, event, missing=event.missing, until=event.until)


def _resumed(hall: Hall, entry: e.Entry, event: e.TicketResumed) -> None:
    move(hall, hall.tickets[event.ticket], event, until=0)


def _transferred(hall: Hall, entry: e.Entry, event: e.TicketTransferred) -> None:
    ticket = hall.tickets[event.ticket]
    _free(hall, ticket)
    service = event.service or ticket.service
    line = line_for(event.service, event.counter, event.agency, event.operator)
    done = _sum(ticket, event.delivered) if event.finished else ticket.delivered
    move(
        hall, ticket, event, service=service, line=line, first_called=0,
        joined=event.joined or ticket.joined, delivered=done,
        until=ticket.until if ticket.remote else 0,
    )  # fmt: skip


def _free(hall: Hall, ticket: Ticket) -> None:
    """The counter that has this ticket as its current one has none any more."""
    counter = hall.counters.get(ticket.counter)
    if counter is not None and counter.current == ticket.id:
        change(hall, counter.id, current=0)


def _intake(hall: Hall, entry: e.Entry, event: e.IntakeClosed | e.IntakeOpened) -> None:
    if isinstance(event, e.IntakeClosed):
        hall.no_intake[event.service] = entry.at
    else:
        hall.no_intake.pop(event.service, None)


def _favours_set(hall: Hall, entry: e.Entry, event: e.FavoursSet) -> None:
    hall.favours = {**hall.favours, event.operator: event.favours}
    if not event.favours:
        del hall.favours[event.operator]


def _posted(hall: Hall, entry: e.Entry, event: e.MessagePosted) -> None:
    hall.messages[entry.id] = Message(
        entry.id, event.text, event.to, entry.at, event.until, event.text_en
    )


def _taken_down(hall: Hall, entry: e.Entry, event: e.MessageTakenDown) -> None:
    hall.messages.pop(event.message, None)


_APPLY: dict[type[e.Event], Callable[[Hall, e.Entry, Any], None]] = {
    e.Started: _started,
    e.DayOpened: _day_opened,
    e.PlanChanged: _plan_changed,
    e.TicketIssued: _issued,
    e.TicketCalled: _called,
    e.TicketRecalled: _recalled,
    e.ServiceStarted: _service_started,
    e.ServiceFinished: _finished,
    e.StepFinished: _step_finished,
    e.VisitPlanned: _visit_planned,
    e.VisitRerouted: _visit_rerouted,
    e.TicketMissed: _ended,
    e.TicketReturned: _requeued,
    e.TicketParked: _parked,
    e.TicketTransferred: _transferred,
    e.TicketCancelled: _ended,
    e.TicketReinstated: _reinstated,
    e.TicketExpired: _ended,
    e.TicketArrived: _arrived,
    e.TicketPostponed: _postponed,
    e.TicketRejoined: _rejoined,
    e.TicketDeferred: _deferred,
    e.TicketResumed: _resumed,
    e.TicketPicked: _picked,
    e.TicketServed: _served,
    e.TicketOffered: _offered,
    e.TicketReclassed: _reclassed,
    e.TicketUnbound: _unbound,
    e.ActUndone: traces.undo,
    e.FavoursSet: _favours_set,
    e.IntakeClosed: _intake,
    e.IntakeOpened: _intake,
    e.MessagePosted: _posted,
    e.MessageTakenDown: _taken_down,
    **counters.APPLY,
}
