"""What a command leads to: `decide(hall, command, now) -> events`, or a `Refusal`.

Reads the hall, changes nothing, knows no clock: `now` is epoch milliseconds. An empty list
means that what was wanted already holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from . import commands as c
from . import events as e
from .calendar import closes_at, next_opening
from .lifecycle import COUNTER, LIVE, TICKET
from .model import Counter, Hall, Ticket
from .plan import Plan
from .policy import lines_of, next_up, own_line, takes
from .refusals import Refusal, counter_refused, ticket_refused

CALLABLE = ("waiting", "parked", "pending")
"""The statuses from which a ticket can be called."""
RECEIPTS_KEPT = 24 * 60 * 60_000
"""Milliseconds for which a key of the day before is still answered."""


def decide(hall: Hall, command: c.Command, now: int) -> list[e.AnyEvent]:
    """The events that the command leads to. Raises Refusal, with code and sentence."""
    return _DECIDE[type(command)](hall, command, now)


# The day ------------------------------------------------------------------------------------


def _open_day(hall: Hall, command: c.OpenDay, now: int) -> list[e.AnyEvent]:
    if hall.day >= command.day:
        return []
    events = [event for ticket in hall.tickets.values() for event in _leftover(ticket)]
    receipts = tuple(r for r in hall.receipts.values() if r.at > now - RECEIPTS_KEPT)
    oldest = now - command.plan.policy.announce_age
    calls = tuple(call for call in hall.calls if call.at > oldest)
    return [*events, e.DayOpened(command.day, command.plan, receipts, calls)]


def _leftover(ticket: Ticket) -> list[e.AnyEvent]:
    """How yesterday's ticket is closed: being served counts as served, waiting as expired."""
    steps = TICKET[ticket.status]
    if e.TicketExpired in steps:
        return [e.TicketExpired(ticket.id)]
    if e.ServiceFinished in steps:
        return [e.ServiceFinished(ticket.id)]
    return []


def _change_plan(hall: Hall, command: c.ChangePlan, now: int) -> list[e.AnyEvent]:
    if command.plan == hall.plan:
        return []
    _check_nothing_is_stranded(hall, command.plan)
    return [e.PlanChanged(command.plan)]


def _check_nothing_is_stranded(hall: Hall, plan: Plan) -> None:
    """Live tickets keep their service and counter, whatever the new plan drops."""
    live = [ticket for ticket in hall.tickets.values() if ticket.status in LIVE]
    for ticket in live:
        if ticket.service not in plan.services:
            count = sum(other.service == ticket.service for other in live)
            raise Refusal("tickets_waiting", service=ticket.service, count=count)
    for counter in hall.counters.values():
        line = own_line(counter.id)
        busy = counter.state != "closed" or any(ticket.line == line for ticket in live)
        if busy and counter.id not in plan.counters:
            raise Refusal("counter_in_use", counter=hall.place(counter.id).name)


# Tickets ------------------------------------------------------------------------------------


def _issue(hall: Hall, command: c.IssueTicket, now: int) -> list[e.AnyEvent]:
    service = hall.plan.services.get(command.service)
    if service is None:
        raise Refusal("unknown_service", service=command.service)
    if command.priority and command.priority not in hall.plan.priorities:
        raise Refusal("unknown_priority", priority=command.priority)
    _check_open(hall, now)
    if command.until and command.until <= now:
        raise Refusal("until_past")
    value = hall.numbers.get(service.prefix, service.first - 1) + 1
    number = f"{service.prefix}-{value:0{service.digits}d}"
    arrival = (command.joined or now, hall.version + 1)
    ahead = hall.ahead_of(service.id, command.priority, arrival)
    issued = e.TicketIssued(
        number, value, command.token, service.id, ahead,
        command.priority, command.language, command.channel,
        command.joined, command.booking, command.remote, command.until,
    )  # fmt: skip
    return [issued]


def _check_open(hall: Hall, now: int) -> None:
    if closes_at(now, hall.plan.hours) is None:
        opens = next_opening(now, hall.plan.hours)
        raise Refusal("hall_closed", opens=f"{opens:%Y-%m-%d %H:%M}" if opens else "-")


def _cancel(hall: Hall, command: c.CancelTicket, now: int) -> list[e.AnyEvent]:
    return [_step(_ticket(hall, command.ticket), e.TicketCancelled(command.ticket))]


def _reinstate(hall: Hall, command: c.ReinstateTicket, now: int) -> list[e.AnyEvent]:
    ticket = _ticket(hall, command.ticket)
    _check_has_line(hall, ticket)
    return [_step(ticket, e.TicketReinstated(ticket.id))]


def _check_has_line(hall: Hall, ticket: Ticket) -> None:
    """What has ended may have lost its service or counter since."""
    if ticket.service not in hall.plan.services:
        raise Refusal("unknown_service", service=ticket.service)
    if ticket.line.startswith("@"):
        _counter(hall, ticket.line[1:])


def _rejoin(hall: Hall, command: c.RejoinTicket, now: int) -> list[e.AnyEvent]:
    ticket = _ticket(hall, command.ticket)
    rejoined = _step(ticket, e.TicketRejoined(ticket.id))
    _check_has_line(hall, ticket)
    _check_open(hall, now)
    if now - ticket.ended > hall.plan.policy.rejoin:
        raise Refusal("rejoin_over", number=ticket.number)
    return [rejoined]


def _arrive(hall: Hall, command: c.ConfirmPresence, now: int) -> list[e.AnyEvent]:
    ticket = _ticket(hall, command.ticket)
    if not ticket.remote and ticket.status == "waiting":
        return []
    return [_step(ticket, e.TicketArrived(ticket.id))]


def _postpone(hall: Hall, command: c.PostponeTicket, now: int) -> list[e.AnyEvent]:
    """Behind the next few of its own line, or behind all where there are fewer.

    Those who took a number in the same millisecond as the last of the few count as one with it.
    """
    ticket, policy = _ticket(hall, command.ticket), hall.plan.policy
    postponed = _step(ticket, e.TicketPostponed(ticket.id, 0))
    if not policy.step_back or ticket.postponed >= policy.step_backs:
        raise Refusal("step_back_used", number=ticket.number)
    joined = _joined_behind(hall, ticket, policy.step_back)
    if joined <= ticket.joined:
        raise Refusal("nobody_behind", number=ticket.number)
    return [replace(postponed, joined=joined)]


def _joined_behind(hall: Hall, ticket: Ticket, count: int) -> int:
    """The arrival with which a ticket stands behind the next `count`; its own when none is."""
    rule, kind = hall.ranking, hall.kind(ticket)
    own = rule.key(kind, (ticket.joined, ticket.id))
    others = [hall.tickets[id] for id in hall.in_line(ticket.line) if id != ticket.id]
    if hall.plan.policy.order == "strict":  # another class is passed, or not, whatever the time
        others = [one for one in others if hall.kind(one) == kind]
    keys = [rule.key(hall.kind(one), (one.joined, one.id)) for one in others]
    behind = [key for key in keys if key > own][:count]
    return rule.behind(kind, ticket.id, behind[-1]) if behind else ticket.joined


def _resume(hall: Hall, command: c.ResumeTicket, now: int) -> list[e.AnyEvent]:
    ticket = _ticket(hall, command.ticket)
    return [_step(ticket, e.TicketResumed(ticket.id))]


def due(hall: Hall, now: int) -> list[e.AnyEvent]:
    """What time alone brings about: the tickets whose deadline has passed expire."""
    return [e.TicketExpired(ticket) for ticket, at in hall.deadlines.items() if at <= now]


# Counters -----------------------------------------------------------------------------------


def _open(hall: Hall, command: c.OpenCounter, now: int) -> list[e.AnyEvent]:
    counter, who = _counter(hall, command.counter), command.by
    if counter.operator and counter.operator != who.id and not who.steward:
        raise Refusal("counter_held", counter=hall.place(counter.id).name)
    if counter.state == "open":
        return []
    if not who.steward:
        _check_holds_no_other(hall, counter, who)
    operator = counter.operator or who.id
    return [_turn(hall, counter, e.CounterOpened(counter.id, operator))]


def _check_holds_no_other(hall: Hall, counter: Counter, who: c.Actor) -> None:
    for other in hall.counters.values():
        if other.operator == who.id and other.id != counter.id:
            raise Refusal("operator_elsewhere", counter=hall.place(other.id).name)


def _pause(hall: Hall, command: c.PauseCounter, now: int) -> list[e.AnyEvent]:
    counter = _own_counter(hall, command)
    if counter.state == "break":
        return []
    _check_empty(hall, counter)
    return [_turn(hall, counter, e.CounterPaused(counter.id))]


def _close(hall: Hall, command: c.CloseCounter, now: int) -> list[e.AnyEvent]:
    # A second click comes when nobody holds the counter any more: look before who acts.
    if _counter(hall, command.counter).state == "closed":
        return []
    counter = _own_counter(hall, command)
    events: list[e.AnyEvent] = []
    if counter.current and command.by.steward and counter.operator != command.by.id:
        events.append(e.TicketReturned(counter.current))
    else:
        _check_empty(hall, counter)
    return [*events, _turn(hall, counter, e.CounterClosed(counter.id))]


def _check_empty(hall: Hall, counter: Counter) -> None:
    if counter.current:
        number = hall.tickets[counter.current].number
        raise Refusal("ticket_open", number=number, counter=hall.place(counter.id).name)


# Calling ------------------------------------------------------------------------------------


def _call(hall: Hall, command: c.CallNext, now: int) -> list[e.AnyEvent]:
    """Next: what is being served there is finished, and the first in the queue is called.

    Order of the checks: a stale screen is told so before anything else is judged.
    """
    counter = _open_counter(hall, command)
    current = hall.tickets.get(counter.current)
    if command.after != counter.current:
        raise _stale(current)
    if current is not None and current.status == "called":
        raise Refusal("arrival_open", number=current.number)
    chosen = command.ticket or next_up(hall, counter)
    if not chosen:
        raise Refusal("nobody_waiting", counter=hall.place(counter.id).name)
    ticket = _ticket(hall, chosen)
    _check_served_here(hall, counter, ticket)
    if ticket.remote and ticket.status == "waiting":
        raise Refusal("not_here", number=ticket.number)
    call = _step(ticket, e.TicketCalled(ticket.id, counter.id))
    return [*([e.ServiceFinished(current.id)] if current else []), call]


def _check_served_here(hall: Hall, counter: Counter, ticket: Ticket) -> None:
    served = ticket.line in lines_of(hall, counter.id) and takes(hall, counter, ticket)
    if not served and ticket.status in CALLABLE:
        name = hall.place(counter.id).name
        raise Refusal("not_served_here", number=ticket.number, counter=name)


def _recall(hall: Hall, command: c.Recall, now: int) -> list[e.AnyEvent]:
    ticket = _current(hall, command)
    return [_step(ticket, e.TicketRecalled(ticket.id, command.counter))]


def _act(event: Callable[[int], Any]) -> Callable[[Hall, Any, int], list[e.AnyEvent]]:
    """An act that is one step of the lifecycle table on the counter's current ticket."""

    def act(hall: Hall, command: c.AtTicket, now: int) -> list[e.AnyEvent]:
        ticket = _current(hall, command)
        return [_step(ticket, event(ticket.id))]

    return act


def _defer(hall: Hall, command: c.DeferTicket, now: int) -> list[e.AnyEvent]:
    ticket = _current(hall, command)
    if command.until and command.until <= now:
        raise Refusal("until_past")
    missing = tuple(sorted({index for index in command.missing if index >= 0}))
    return [_step(ticket, e.TicketDeferred(ticket.id, missing, command.until))]


def _transfer(hall: Hall, command: c.TransferTicket, now: int) -> list[e.AnyEvent]:
    ticket = _current(hall, command)
    if bool(command.service) == bool(command.to_counter):
        raise Refusal("no_such_destination")
    if command.service and command.service not in hall.plan.services:
        raise Refusal("unknown_service", service=command.service)
    if command.to_counter:
        _counter(hall, command.to_counter)
    sent = e.TicketTransferred(ticket.id, ticket.service, command.service, command.to_counter)
    return [_step(ticket, sent)]


# What they share ----------------------------------------------------------------------------


def _ticket(hall: Hall, ticket: int) -> Ticket:
    found = hall.tickets.get(ticket)
    if found is None:
        raise Refusal("unknown_ticket")
    return found


def _counter(hall: Hall, counter: str) -> Counter:
    found = hall.counters.get(counter)
    if found is None:
        raise Refusal("unknown_counter", counter=counter)
    return found


def _own_counter(hall: Hall, command: c.AtCounter) -> Counter:
    """The counter, if who acts holds it or may act for any."""
    counter = _counter(hall, command.counter)
    if counter.operator != command.by.id and not command.by.steward:
        raise Refusal("not_your_counter", counter=hall.place(counter.id).name)
    return counter


def _open_counter(hall: Hall, command: c.AtCounter) -> Counter:
    counter = _own_counter(hall, command)
    if counter.state != "open":
        code = "counter_on_break" if counter.state == "break" else "counter_closed"
        raise Refusal(code, counter=hall.place(counter.id).name)
    return counter


def _current(hall: Hall, command: c.AtTicket) -> Ticket:
    """The counter's current ticket, if it is the one that the operator saw."""
    counter = _own_counter(hall, command)
    current = hall.tickets.get(counter.current)
    if current is None or current.id != command.ticket:
        raise _stale(current)
    return current


def _stale(current: Ticket | None) -> Refusal:
    return Refusal("stale", now=current.number if current else "")


def _step(ticket: Ticket, event: Any) -> Any:
    """The event, if the lifecycle table has it for the ticket's status."""
    if type(event) not in TICKET[ticket.status]:
        raise ticket_refused(ticket)
    return event


def _turn(hall: Hall, counter: Counter, event: Any) -> Any:
    """The event, if the counters' table has it for the counter's state."""
    if type(event) not in COUNTER[counter.state]:
        raise counter_refused(counter, hall.place(counter.id).name)
    return event


_DECIDE: dict[type[c.Command], Callable[[Hall, Any, int], list[e.AnyEvent]]] = {
    c.OpenDay: _open_day,
    c.ChangePlan: _change_plan,
    c.IssueTicket: _issue,
    c.CancelTicket: _cancel,
    c.ReinstateTicket: _reinstate,
    c.OpenCounter: _open,
    c.PauseCounter: _pause,
    c.CloseCounter: _close,
    c.CallNext: _call,
    c.Recall: _recall,
    c.StartService: _act(e.ServiceStarted),
    c.FinishService: _act(e.ServiceFinished),
    c.MarkNoShow: _act(e.TicketMissed),
    c.ReturnTicket: _act(e.TicketReturned),
    c.ParkTicket: _act(e.TicketParked),
    c.TransferTicket: _transfer,
    c.RejoinTicket: _rejoin,
    c.ConfirmPresence: _arrive,
    c.PostponeTicket: _postpone,
    c.DeferTicket: _defer,
    c.ResumeTicket: _resume,
}
