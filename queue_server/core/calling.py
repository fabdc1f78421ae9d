"""What is decided at a counter about whom it calls and has there. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from . import checks, journey
from . import commands as c
from . import events as e
from .checks import current_of, open_counter, step, ticket_of
from .issuing import numbered
from .model import Counter, Hall, Ticket, Trace
from .policy import in_order, lines_of, takes
from .refusals import Refusal

CALLABLE = ("waiting", "parked", "pending")
"""The statuses from which a ticket can be called."""
Rule = Callable[[Hall, Any, int], list[e.AnyEvent]]


def call(hall: Hall, command: c.CallNext, now: int) -> list[e.AnyEvent]:
    """Next: what is being served there is finished, and the first in the queue is called.

    Order of the checks: a stale screen is told so before anything else is judged.
    """
    counter = open_counter(hall, command)
    current = hall.tickets.get(counter.current)
    if command.after != counter.current:
        raise checks.stale(current)
    done = _settled(hall, current, now) if current else []
    ticket = _chosen(hall, counter, command)
    return [*done, step(ticket, _reached(hall, counter, ticket))]


def _settled(hall: Hall, current: Ticket, now: int) -> list[e.AnyEvent]:
    """Finish whom the counter has; a call that is still open has to be settled first."""
    if current.status == "called" and (hall.plan.policy.start_needed or not current.here):
        raise Refusal("arrival_open", number=current.number)
    return _finished(hall, current, (), now)


def _finished(
    hall: Hall,
    ticket: Ticket,
    delivered: tuple[tuple[str, int], ...],
    now: int,
    *,
    ends: bool = False,
) -> list[e.AnyEvent]:
    """Served; where no start was needed, it is taken to have begun at this moment. A visit with
    steps left goes on to the best of them."""
    begun = [e.ServiceStarted(ticket.id)] if ticket.status == "called" else []
    onward = -1 if ends else journey.following(hall, ticket, now)
    if onward < 0:
        return [*begun, e.ServiceFinished(ticket.id, delivered)]
    service = ticket.steps[onward].service
    return [*begun, e.StepFinished(ticket.id, onward, service, delivered)]


def _chosen(hall: Hall, counter: Counter, command: c.CallNext) -> Ticket:
    if command.ticket:
        ticket = ticket_of(hall, command.ticket)
    else:
        if command.service:
            checks.known_service(hall, command.service)
        queue = in_order(hall, counter)
        found = next((id for id in queue if _is_of(hall, id, command.service)), 0)
        if not found:
            raise Refusal("nobody_waiting", counter=hall.place(counter.id).name)
        ticket = hall.tickets[found]
    _served_here(hall, counter, ticket)
    if ticket.remote and ticket.status == "waiting":
        raise Refusal("not_here", number=ticket.number)
    return ticket


def _is_of(hall: Hall, ticket: int, service: str) -> bool:
    return not service or hall.tickets[ticket].service == service


def _served_here(hall: Hall, counter: Counter, ticket: Ticket) -> None:
    served = ticket.line in lines_of(hall, counter.id) and takes(hall, counter, ticket)
    if not served and ticket.status in CALLABLE:
        name = hall.place(counter.id).name
        raise Refusal("not_served_here", number=ticket.number, counter=name)


def _reached(hall: Hall, counter: Counter, ticket: Ticket) -> e.OfTicket:
    if hall.plan.policy.two_step:
        return e.TicketPicked(ticket.id, counter.id)
    return e.TicketCalled(ticket.id, counter.id)


def skip(hall: Hall, command: c.SkipTicket, now: int) -> list[e.AnyEvent]:
    """Back to its place, and a look at whoever comes after those that were looked at."""
    ticket, counter = current_of(hall, command), hall.counters[command.counter]
    if ticket.here or ticket.status != "called":
        raise Refusal("called_already", number=ticket.number)
    skipped = (*counter.skipped, ticket.id)
    following = next((id for id in in_order(hall, counter) if id not in skipped), 0)
    if not following:
        raise Refusal("nobody_waiting", counter=hall.place(counter.id).name)
    back = step(ticket, e.TicketReturned(ticket.id))
    return [back, e.TicketPicked(following, counter.id, skipped)]


def recall(hall: Hall, command: c.Recall, now: int) -> list[e.AnyEvent]:
    ticket, policy = current_of(hall, command), hall.plan.policy
    recalled = step(ticket, e.TicketRecalled(ticket.id, command.counter))
    if not ticket.here:
        return [recalled]  # two steps: this is the first call
    if policy.recalls and ticket.here > policy.recalls:
        raise Refusal("recall_limit", number=ticket.number, most=policy.recalls)
    wait = ticket.last_called + policy.recall_pause - now
    if wait > 0:
        raise Refusal("recall_too_soon", number=ticket.number, wait=-(-wait // 1000))
    return [recalled]


def finish(hall: Hall, command: c.FinishService, now: int) -> list[e.AnyEvent]:
    ticket = current_of(hall, command)
    checks.known_delivered(hall, command.delivered)
    if not (ticket.status == "called" and ticket.here and not hall.plan.policy.start_needed):
        step(ticket, e.ServiceFinished(ticket.id))
    return _finished(hall, ticket, command.delivered, now, ends=command.ends_visit)


def miss(hall: Hall, command: c.MarkNoShow, now: int) -> list[e.AnyEvent]:
    """Nobody came; who was only looked at was never called."""
    ticket = current_of(hall, command)
    missed = step(ticket, e.TicketMissed(ticket.id))
    if not ticket.here:
        raise Refusal("not_called", number=ticket.number)
    return [missed]


def park(hall: Hall, command: c.ParkTicket, now: int) -> list[e.AnyEvent]:
    ticket = current_of(hall, command)
    checks.known_reason(hall, "park", command.reason)
    return [step(ticket, e.TicketParked(ticket.id, command.reason))]


def act(event: Callable[[int], Any]) -> Rule:
    """An act that is one step of the lifecycle table on the counter's current ticket."""

    def decided(hall: Hall, command: c.AtTicket, now: int) -> list[e.AnyEvent]:
        ticket = current_of(hall, command)
        return [step(ticket, event(ticket.id))]

    return decided


def defer(hall: Hall, command: c.DeferTicket, now: int) -> list[e.AnyEvent]:
    ticket = current_of(hall, command)
    checks.to_come(command.until, now)
    missing = tuple(sorted({index for index in command.missing if index >= 0}))
    return [step(ticket, e.TicketDeferred(ticket.id, missing, command.until))]


def transfer(hall: Hall, command: c.TransferTicket, now: int) -> list[e.AnyEvent]:
    """Send on; with `finished` what it was here for is done, so it must be going on."""
    ticket = current_of(hall, command)
    _destination(hall, command)
    checks.known_delivered(hall, command.delivered)
    if command.finished and ticket.status != "serving":
        raise Refusal("not_serving", number=ticket.number)
    sent = e.TicketTransferred(
        ticket.id, ticket.service, command.service, command.to_counter, command.to_agency,
        command.to_operator, now if command.afresh else 0, command.finished, command.delivered,
    )  # fmt: skip
    return [step(ticket, sent)]


def _destination(hall: Hall, command: c.TransferTicket) -> None:
    named = (command.service, command.to_counter, command.to_agency, command.to_operator)
    if sum(map(bool, named)) != 1:
        raise Refusal("no_such_destination")
    if command.service:
        checks.known_service(hall, command.service)
    if command.to_counter:
        checks.counter_of(hall, command.to_counter)
    agencies = {service.agency for service in hall.plan.services.values()}
    if command.to_agency and command.to_agency not in agencies:
        raise Refusal("unknown_agency", agency=command.to_agency)
    holders = {counter.operator for counter in hall.counters.values()}
    if command.to_operator and command.to_operator not in holders:
        raise Refusal("operator_away")


def quick_serve(hall: Hall, command: c.QuickServe, now: int) -> list[e.AnyEvent]:
    """A number for the record of somebody who was served at once."""
    counter = open_counter(hall, command)
    checks.known_service(hall, command.service)
    checks.known_delivered(hall, command.delivered)
    issued = replace(numbered(hall, command.service, command.token), channel="counter")
    served = e.TicketServed(hall.version + 1, counter.id, command.delivered)
    return [issued, served]


def undoable(hall: Hall, counter: Counter, now: int) -> list[Trace]:
    """The last act, newest first, and what was one act with it (finished, then called, at one
    moment); nothing when it is too long ago or something has followed it."""
    traces = hall.traces.get(counter.id, ())
    last = traces[-1] if traces else None
    if last is None or last.counter_after != counter or now - last.at > hall.plan.policy.undo:
        return []
    found = []
    for trace in reversed(traces):
        followed = hall.tickets.get(trace.ticket_after.id) != trace.ticket_after
        if followed or (trace.at, trace.by) != (last.at, last.by):
            break
        found.append(trace)
    return found


def undo(hall: Hall, command: c.UndoAct, now: int) -> list[e.AnyEvent]:
    counter = checks.own_counter(hall, command)
    traces = undoable(hall, counter, now)
    if not traces:
        raise Refusal("nothing_to_undo", counter=hall.place(counter.id).name)
    return [
        e.ActUndone(counter.id, trace.ticket_before.id, trace.entry, trace.ticket_before.status)
        for trace in traces
    ]
