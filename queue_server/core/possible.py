"""What can be done at a counter now, by the rules themselves: each act is tried on the hall, which
`decide` only reads. So what is offered and what is carried out can't differ."""

from __future__ import annotations

from . import commands as c
from .decide import decide
from .lifecycle import ACTS
from .model import Counter, Hall, Step, Ticket
from .refusals import Refusal
from .turning import HELPERS

OF_CURRENT: dict[str, type[c.AtTicket]] = {
    "recall": c.Recall, "start": c.StartService, "finish": c.FinishService,
    "no_show": c.MarkNoShow, "return": c.ReturnTicket, "park": c.ParkTicket,
    "defer": c.DeferTicket, "skip": c.SkipTicket,
}  # fmt: skip
"""The acts on a counter's current ticket that need no more to be said."""
OF_HOLDER: dict[str, type[c.OfTicket]] = {
    "cancel": c.CancelTicket, "postpone": c.PostponeTicket, "rejoin": c.RejoinTicket,
}  # fmt: skip
"""What a ticket's holder may do with it."""
BESIDE = ("skip", "quick_serve", "plan", "help", "alarm", "undo")
"""Acts that are no single step of the lifecycle."""


def verdicts(hall: Hall, counter: Counter, who: c.Actor, now: int) -> dict[str, Refusal | None]:
    """Every act that `who` may think of, with why it is refused (None: it isn't); without those
    that would change nothing."""
    found: dict[str, Refusal | None] = {}
    for name, command in _tried(hall, counter, who).items():
        try:
            if decide(hall, command, now):
                found[name] = None
        except Refusal as refusal:
            found[name] = refusal
    return found


def possible(hall: Hall, counter: Counter, who: c.Actor, now: int) -> tuple[str, ...]:
    """The names of the acts that the rules would carry out, in the order of the lifecycle."""
    found = verdicts(hall, counter, who, now)
    names = (*ACTS.values(), *BESIDE)
    return tuple(name for name in names if name in found and found[name] is None)


def holders_acts(hall: Hall, ticket: Ticket, now: int) -> tuple[str, ...]:
    """What a ticket's holder can do with it now."""

    def leads(kind: type[c.OfTicket]) -> bool:
        try:
            return bool(decide(hall, kind(ticket=ticket.id), now))
        except Refusal:
            return False

    return tuple(name for name, kind in OF_HOLDER.items() if leads(kind))


def _tried(hall: Hall, counter: Counter, who: c.Actor) -> dict[str, c.Command]:
    place, current = counter.id, counter.current
    tried: dict[str, c.Command] = {"call": c.CallNext(counter=place, after=current, by=who)}
    if current:
        service = hall.tickets[current].service
        for act, kind in OF_CURRENT.items():
            tried[act] = kind(counter=place, ticket=current, by=who)
        tried["cancel"] = c.CancelTicket(ticket=current, at=place, by=who)
        steps = (Step(service),)
        tried["plan"] = c.PlanVisit(ticket=current, at=place, steps=steps, by=who)
        tried["transfer"] = c.TransferTicket(counter=place, ticket=current, service=service, by=who)
    return tried | {
        "open": c.OpenCounter(counter=place, by=who),
        "break": c.PauseCounter(counter=place, by=who),
        "close": c.CloseCounter(counter=place, by=who),
        "undo": c.UndoAct(counter=place, by=who),
        "quick_serve": c.QuickServe(counter=place, service=_any(hall, place), token="", by=who),
        "help": c.CallHelper(counter=place, helper=HELPERS[0], by=who),
        "alarm": c.RaiseAlarm(counter=place, by=who),
    }


def _any(hall: Hall, counter: str) -> str:
    """Some service that a counter gives."""
    return next(iter(hall.place(counter).services), "")
