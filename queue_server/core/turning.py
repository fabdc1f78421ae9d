"""What is decided about counters themselves: opened, on a break, closed, and what is asked for
from them. Pure, as `decide` is."""

from __future__ import annotations

from . import checks
from . import commands as c
from . import events as e
from .checks import counter_of, own_counter, turn
from .lifecycle import TICKET
from .model import Counter, Hall
from .plan import MINUTE
from .policy import operator_line
from .refusals import Refusal

FAVOUR = 60 * MINUTE
"""By how much an operator's counter may see a service earlier, at the most: it bounds by how much
anybody is overtaken for it."""
HELPERS = ("interpreter", "companion")
"""Whom a counter can ask for over the boards."""


def open_(hall: Hall, command: c.OpenCounter, now: int) -> list[e.AnyEvent]:
    counter, who = counter_of(hall, command.counter), command.by
    if counter.operator and counter.operator != who.id and not who.steward:
        raise Refusal("counter_held", counter=hall.place(counter.id).name)
    if counter.state == "open":
        return []
    if not who.steward:
        _holds_no_other(hall, counter, who)
    operator = counter.operator or who.id
    return [turn(hall, counter, e.CounterOpened(counter.id, operator))]


def _holds_no_other(hall: Hall, counter: Counter, who: c.Actor) -> None:
    for other in hall.counters.values():
        if other.operator == who.id and other.id != counter.id:
            raise Refusal("operator_elsewhere", counter=hall.place(other.id).name)


def pause(hall: Hall, command: c.PauseCounter, now: int) -> list[e.AnyEvent]:
    counter = own_counter(hall, command)
    if counter.state == "break":
        return []
    checks.empty(hall, counter)
    checks.known_reason(hall, "break", command.reason)
    checks.to_come(command.until, now)
    return [turn(hall, counter, e.CounterPaused(counter.id, command.reason, command.until))]


def close(hall: Hall, command: c.CloseCounter, now: int) -> list[e.AnyEvent]:
    # A second click comes when nobody holds the counter any more: look before who acts.
    if counter_of(hall, command.counter).state == "closed":
        return []
    counter = own_counter(hall, command)
    checks.known_reason(hall, "close", command.reason)
    checks.to_come(command.reopens, now)
    if hall.plan.policy.closing_approval and not command.by.steward:
        asked = e.ClosingAsked(counter.id, command.reason, command.reopens)
        return [] if counter.closing else [asked]
    wished = counter.closing
    reason = command.reason or (wished.reason if wished else "")
    reopens = command.reopens or (wished.reopens if wished and wished.reopens > now else 0)
    events: list[e.AnyEvent] = []
    if counter.current and command.by.steward and counter.operator != command.by.id:
        events.append(e.TicketReturned(counter.current))
    else:
        checks.empty(hall, counter)
    events += _unbound(hall, counter)
    return [*events, turn(hall, counter, e.CounterClosed(counter.id, reason, reopens))]


def _unbound(hall: Hall, counter: Counter) -> list[e.AnyEvent]:
    """Who was sent to the operator that leaves, and is not done with the hall: nobody may wait for
    somebody who is not there."""
    line = operator_line(counter.operator)
    return [
        e.TicketUnbound(ticket.id)
        for ticket in hall.tickets.values()
        if ticket.line == line
        and (e.TicketUnbound in TICKET[ticket.status] or ticket.id == counter.current)
    ]


def deny_closing(hall: Hall, command: c.DenyClosing, now: int) -> list[e.AnyEvent]:
    counter = counter_of(hall, command.counter)
    if not command.by.steward:
        raise Refusal("stewards_only")
    return [e.ClosingDenied(counter.id)] if counter.closing else []


def raise_alarm(hall: Hall, command: c.RaiseAlarm, now: int) -> list[e.AnyEvent]:
    """Whoever holds the counter, in whatever state it is."""
    counter = own_counter(hall, command)
    return [] if counter.alarm else [e.AlarmRaised(counter.id)]


def clear_alarm(hall: Hall, command: c.ClearAlarm, now: int) -> list[e.AnyEvent]:
    """Whoever came to help may clear it: it need not be the counter's own operator."""
    counter = counter_of(hall, command.counter)
    return [e.AlarmCleared(counter.id)] if counter.alarm else []


def call_helper(hall: Hall, command: c.CallHelper, now: int) -> list[e.AnyEvent]:
    counter = checks.open_counter(hall, command)
    if command.helper not in HELPERS:
        raise Refusal("unknown_helper", helper=command.helper)
    return [e.HelperCalled(counter.id, command.helper)]


def assign(hall: Hall, command: c.AssignServices, now: int) -> list[e.AnyEvent]:
    counter = counter_of(hall, command.counter)
    if not command.by.steward:
        raise Refusal("stewards_only")
    for service in command.services:
        checks.known_service(hall, service)
    services = tuple(dict.fromkeys(command.services))
    planned = hall.plan.counters[counter.id].services
    services = () if services == planned else services
    given = {
        service for name in hall.counters
        for service in (services or planned if name == counter.id else hall.place(name).services)
    }  # fmt: skip
    left = next((service for service in hall.givers if service not in given), "")
    if left:
        raise Refusal("nobody_left", service=left, counter=hall.place(counter.id).name)
    return [] if services == counter.assigned else [e.ServicesAssigned(counter.id, services)]


def favour_services(hall: Hall, command: c.FavourServices, now: int) -> list[e.AnyEvent]:
    if not command.by.steward:
        raise Refusal("stewards_only")
    favours = {service: ms for service, ms in command.favours.items() if ms}
    for service, ms in favours.items():
        checks.known_service(hall, service)
        if not 0 < ms <= FAVOUR:
            raise Refusal("bad_favour", service=service, most=FAVOUR // MINUTE)
    same = favours == hall.favours.get(command.operator, {})
    return [] if same else [e.FavoursSet(command.operator, favours)]
