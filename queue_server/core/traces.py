"""What can be taken back: for a while a counter's acts leave what they changed behind."""

from __future__ import annotations

from . import events as e
from .model import Counter, Hall, Ticket, Trace
from .places import leave, stand

UNDOABLE = (
    e.TicketCalled, e.TicketPicked, e.ServiceStarted, e.ServiceFinished, e.StepFinished,
    e.TicketMissed,
    e.TicketReturned, e.TicketParked, e.TicketDeferred, e.TicketTransferred, e.TicketCancelled,
)  # fmt: skip
"""What happens to a counter's current ticket."""
KEPT = 4
"""Acts of a counter that are remembered."""


def before(hall: Hall, event: e.Event) -> tuple[Ticket, Counter] | None:
    """Ticket and counter as they are, when what happens can be taken back."""
    if not isinstance(event, UNDOABLE) or not hall.plan.policy.undo:
        return None
    ticket = hall.tickets[event.ticket]
    comes = isinstance(event, e.TicketCalled | e.TicketPicked)
    name = event.counter if isinstance(event, e.TicketCalled | e.TicketPicked) else ticket.counter
    counter = hall.counters.get(name)
    if counter is None or not (comes or counter.current == ticket.id):
        return None
    return ticket, counter


def remember(hall: Hall, entry: e.Entry, ticket: Ticket, counter: Counter) -> None:
    """After the event: what ticket and counter have become of these."""
    after = hall.tickets[ticket.id], hall.counters[counter.id]
    trace = Trace(entry.id, entry.at, entry.by, ticket, after[0], counter, after[1])
    young = entry.at - hall.plan.policy.undo
    kept = [one for one in hall.traces.get(counter.id, ()) if one.at >= young]
    hall.traces[counter.id] = (*kept, trace)[-KEPT:]


def undo(hall: Hall, entry: e.Entry, event: e.ActUndone) -> None:
    """Ticket and counter are as before; what was not yet announced everywhere isn't any more."""
    *kept, trace = hall.traces[event.counter]
    hall.traces[event.counter] = tuple(kept)
    leave(hall, hall.tickets[event.ticket])
    hall.tickets[event.ticket] = trace.ticket_before
    hall.counters[event.counter] = trace.counter_before
    hall.calls = [call for call in hall.calls if call.id != trace.entry]
    stand(hall, trace.ticket_before)
