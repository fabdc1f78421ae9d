"""What several rules check alike: that something is there, that it is whose it is said to be, and
that the lifecycle has the step. Each raises Refusal."""

from __future__ import annotations

from typing import Any

from . import commands as c
from .calendar import closes_at, next_opening
from .lifecycle import COUNTER, TICKET
from .model import Counter, Delivered, Hall, Ticket
from .policy import lines_of
from .refusals import Refusal, counter_refused, ticket_refused

MOST = 999
"""How many of a service can be delivered at once."""


def ticket_of(hall: Hall, ticket: int) -> Ticket:
    """Today's ticket of that id."""
    found = hall.tickets.get(ticket)
    if found is None:
        raise Refusal("unknown_ticket")
    return found


def counter_of(hall: Hall, counter: str) -> Counter:
    """The counter of that id."""
    found = hall.counters.get(counter)
    if found is None:
        raise Refusal("unknown_counter", counter=counter)
    return found


def own_counter(hall: Hall, command: c.AtCounter) -> Counter:
    """The counter, if who acts holds it or may act for any."""
    counter = counter_of(hall, command.counter)
    if counter.operator != command.by.id and not command.by.steward:
        raise Refusal("not_your_counter", counter=hall.place(counter.id).name)
    return counter


def open_counter(hall: Hall, command: c.AtCounter) -> Counter:
    """The counter as above, if it is open."""
    counter = own_counter(hall, command)
    if counter.state != "open":
        code = "counter_on_break" if counter.state == "break" else "counter_closed"
        raise Refusal(code, counter=hall.place(counter.id).name)
    return counter


def empty(hall: Hall, counter: Counter) -> None:
    """Nobody is at the counter."""
    if counter.current:
        number = hall.tickets[counter.current].number
        raise Refusal("ticket_open", number=number, counter=hall.place(counter.id).name)


def current_of(hall: Hall, command: c.AtTicket) -> Ticket:
    """The counter's current ticket, if it is the one that the operator saw."""
    counter = own_counter(hall, command)
    current = hall.tickets.get(counter.current)
    if current is None or current.id != command.ticket:
        raise stale(current)
    return current


def concerned(hall: Hall, command: c.OfTicket) -> Ticket:
    """The ticket. Done from a counter, it is one of the counter's lines, or was last called there,
    and who acts holds the counter."""
    if command.at:
        own_counter(hall, c.AtCounter(counter=command.at, by=command.by))
    found, at = ticket_of(hall, command.ticket), command.at
    if at and found.line not in lines_of(hall, at) and found.counter != at:
        raise Refusal("not_served_here", number=found.number, counter=hall.place(at).name)
    return found


def stale(current: Ticket | None) -> Refusal:
    """The screen was out of date; who is there now."""
    return Refusal("stale", now=current.number if current else "")


def step(ticket: Ticket, event: Any) -> Any:
    """The event, if the lifecycle table has it for the ticket's status."""
    if type(event) not in TICKET[ticket.status]:
        raise ticket_refused(ticket)
    return event


def turn(hall: Hall, counter: Counter, event: Any) -> Any:
    """The event, if the counters' table has it for the counter's state."""
    if type(event) not in COUNTER[counter.state]:
        raise counter_refused(counter, hall.place(counter.id).name)
    return event


def hall_open(hall: Hall, now: int) -> None:
    """Numbers can be taken now."""
    if closes_at(now, hall.plan.hours) is None:
        opens = next_opening(now, hall.plan.hours)
        raise Refusal("hall_closed", opens=f"{opens:%Y-%m-%d %H:%M}" if opens else "-")


def has_line(hall: Hall, ticket: Ticket) -> None:
    """What has ended may have lost its service or counter since."""
    if ticket.service not in hall.plan.services:
        raise Refusal("unknown_service", service=ticket.service)
    if ticket.line.startswith("@"):
        counter_of(hall, ticket.line[1:])


def known_service(hall: Hall, service: str) -> None:
    """The plan has that service."""
    if service not in hall.plan.services:
        raise Refusal("unknown_service", service=service)


def known_priority(hall: Hall, priority: str) -> None:
    """The plan has that class; "" is the ordinary one."""
    if priority and priority not in hall.plan.priorities:
        raise Refusal("unknown_priority", priority=priority)


def known_reason(hall: Hall, act: str, reason: str) -> None:
    """The plan has that reason for the act; none given is fine."""
    if reason and reason not in hall.plan.reasons.get(act, ()):
        raise Refusal("unknown_reason", reason=reason)


def known_delivered(hall: Hall, delivered: tuple[Delivered, ...]) -> None:
    """Services of the plan, each once, in quantities from 1 to MOST."""
    for service, quantity in delivered:
        known_service(hall, service)
        if not 1 <= quantity <= MOST or sum(one == service for one, _ in delivered) > 1:
            raise Refusal("bad_quantity", service=service, most=MOST)


def to_come(until: int, now: int) -> None:
    """A time limit, if one is given, lies ahead."""
    if until and until <= now:
        raise Refusal("until_past")
