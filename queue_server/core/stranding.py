"""Who would be left standing by another plan: live tickets and counters that it no longer has.
Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from .lifecycle import LIVE
from .model import Hall, Ticket
from .plan import Plan
from .policy import own_line
from .refusals import Refusal


class Stranded(Struct, frozen=True):
    """A service that people still stand for, or a counter in use. `waiting`, `called` (served
    too) and `aside` (parked, pending) count tickets; `open`: the counter isn't closed."""

    kind: Literal["service", "counter"]
    id: str
    waiting: int = 0
    called: int = 0
    aside: int = 0
    open: bool = False

    @property
    def count(self) -> int:
        """Its tickets altogether."""
        return self.waiting + self.called + self.aside


def stranded(hall: Hall, plan: Plan) -> tuple[Stranded, ...]:
    """All that the plan would drop under somebody; () when it can come into force."""
    live = [ticket for ticket in hall.tickets.values() if ticket.status in LIVE]
    agencies = {service.agency for service in plan.services.values()}
    of_service: dict[str, list[Ticket]] = {}
    for ticket in live:
        for service in dict.fromkeys(_lost(ticket, plan, agencies)):
            of_service.setdefault(service, []).append(ticket)
    found = [_counted(Stranded("service", id), tickets) for id, tickets in of_service.items()]
    for counter in hall.counters.values():
        here = [ticket for ticket in live if ticket.line == own_line(counter.id)]
        is_open = counter.state != "closed"
        if (is_open or here) and counter.id not in plan.counters:
            found.append(_counted(Stranded("counter", counter.id, open=is_open), here))
    return tuple(found)


def refusal(hall: Hall, found: Stranded) -> Refusal:
    """How such a plan is refused."""
    if found.kind == "service":
        return Refusal("tickets_waiting", service=found.id, count=found.count)
    return Refusal("counter_in_use", counter=hall.place(found.id).name)


def _lost(ticket: Ticket, plan: Plan, agencies: set[str]) -> Iterator[str]:
    """The services that a ticket still needs and the plan has not."""
    needed = [ticket.service, *(step.service for step in ticket.steps if not step.done)]
    yield from (service for service in needed if service not in plan.services)
    sent = ticket.line[1:] if ticket.line.startswith("+") else ""
    if sent and sent not in agencies:
        yield ticket.service


def _counted(one: Stranded, tickets: list[Ticket]) -> Stranded:
    called = sum(ticket.status in ("called", "serving") for ticket in tickets)
    waiting = sum(ticket.status == "waiting" for ticket in tickets)
    aside = len(tickets) - called - waiting
    return Stranded(one.kind, one.id, waiting, called, aside, one.open)
