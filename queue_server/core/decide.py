"""What a command leads to: `decide(hall, command, now) -> events`, or a `Refusal`.

Reads the hall, changes nothing, knows no clock: `now` is epoch milliseconds. An empty list
means that what was wanted already holds. The rules themselves: `issuing` (tickets wherever they
are), `calling` (a counter and whom it has), `turning` (counters), and here the day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import bounds, calling, issuing, turning
from . import commands as c
from . import events as e
from .lifecycle import TICKET
from .model import Hall, Ticket
from .stranding import refusal, stranded

RECEIPTS_KEPT = 24 * 60 * 60_000
"""Milliseconds for which a key of the day before is still answered."""


def decide(hall: Hall, command: c.Command, now: int) -> list[e.AnyEvent]:
    """The events that the command leads to. Raises Refusal, with code and sentence."""
    bounds.check(hall, command)
    return RULES[type(command)](hall, command, now)


def due(hall: Hall, now: int) -> list[e.AnyEvent]:
    """What time alone brings about."""
    tickets = [_over(hall.tickets[id]) for id, at in hall.deadlines.items() if at <= now]
    counters: list[e.AnyEvent] = [
        e.CounterOpened(id, hall.counters[id].reopens_for)
        for id, at in hall.reopenings.items()
        if at <= now
    ]
    messages: list[e.AnyEvent] = [
        e.MessageTakenDown(one.id) for one in hall.messages.values() if 0 < one.until <= now
    ]
    return [*tickets, *counters, *messages]


def _over(ticket: Ticket) -> e.AnyEvent:
    """What becomes of a ticket whose deadline is over: see `evolve.deadline`."""
    if ticket.status == "called":
        return e.TicketMissed(ticket.id)
    return e.TicketOffered(ticket.id) if ticket.rests else e.TicketExpired(ticket.id)


def _open_day(hall: Hall, command: c.OpenDay, now: int) -> list[e.AnyEvent]:
    if hall.day >= command.day:
        return []
    events = [event for ticket in hall.tickets.values() for event in _leftover(ticket)]
    receipts = tuple(r for r in hall.receipts.values() if r.at > now - RECEIPTS_KEPT)
    oldest = now - command.plan.policy.announce_age
    calls = tuple(call for call in hall.calls if call.at > oldest)
    return [*events, e.DayOpened(command.day, command.plan, receipts, calls, hall.favours)]


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
    left = stranded(hall, command.plan)
    if left:
        raise refusal(hall, left[0])
    return [e.PlanChanged(command.plan)]


RULES: dict[type[c.Command], Callable[[Hall, Any, int], list[e.AnyEvent]]] = {
    c.OpenDay: _open_day,
    c.ChangePlan: _change_plan,
    c.IssueTicket: issuing.issue,
    c.CancelTicket: issuing.cancel,
    c.ReinstateTicket: issuing.reinstate,
    c.RejoinTicket: issuing.rejoin,
    c.ConfirmPresence: issuing.arrive,
    c.PostponeTicket: issuing.postpone,
    c.ResumeTicket: issuing.resume,
    c.ReclassTicket: issuing.reclass,
    c.MoveTicket: issuing.move,
    c.CloseIntake: issuing.close_intake,
    c.OpenIntake: issuing.open_intake,
    c.PostMessage: issuing.post_message,
    c.TakeDownMessage: issuing.take_down,
    c.OpenCounter: turning.open_,
    c.PauseCounter: turning.pause,
    c.CloseCounter: turning.close,
    c.DenyClosing: turning.deny_closing,
    c.RaiseAlarm: turning.raise_alarm,
    c.ClearAlarm: turning.clear_alarm,
    c.CallHelper: turning.call_helper,
    c.AssignServices: turning.assign,
    c.FavourServices: turning.favour_services,
    c.CallNext: calling.call,
    c.SkipTicket: calling.skip,
    c.Recall: calling.recall,
    c.StartService: calling.act(e.ServiceStarted),
    c.FinishService: calling.finish,
    c.MarkNoShow: calling.miss,
    c.ReturnTicket: calling.act(e.TicketReturned),
    c.ParkTicket: calling.park,
    c.DeferTicket: calling.defer,
    c.TransferTicket: calling.transfer,
    c.QuickServe: calling.quick_serve,
    c.UndoAct: calling.undo,
    c.PlanVisit: issuing.plan_visit,
    c.ReviewVisits: issuing.review_visits,
}
"""Every command's rule."""
