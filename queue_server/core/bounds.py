"""How far somebody's work reaches: the agencies and zones beyond which they neither act nor see.

`covers` is the one place that decides. Every command is held against it (`check`), so that no
page, program or socket has a way around; pages ask it too, to show what can be done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from . import commands as c
from .commands import Bounds
from .lifecycle import AT_COUNTER
from .model import Hall, Ticket
from .refusals import Refusal


class Site(NamedTuple):
    """What something belongs to. Of several agencies or zones any one is enough; what has none
    belongs to the hall as a whole."""

    agencies: Collection[str] = ()
    zones: Collection[str] = ()


HALL = Site()
"""The hall as a whole: for those alone who are not bound."""


def outside(bounds: Bounds, site: Site) -> Literal["", "agency", "zone"]:
    """What keeps somebody away from a site; "" when nothing does."""
    if bounds.agencies and bounds.agencies.isdisjoint(site.agencies):
        return "agency"
    if bounds.zones and bounds.zones.isdisjoint(site.zones):
        return "zone"
    return ""


def covers(bounds: Bounds, site: Site) -> bool:
    """Whether somebody's work reaches a site."""
    return not outside(bounds, site)


def demand(bounds: Bounds, site: Site | None) -> None:
    """Raises Refusal `not_your_agency` or `not_your_zone`; None concerns everybody."""
    if site is not None and (what := outside(bounds, site)):
        raise Refusal(f"not_your_{what}")


# Where things are -----------------------------------------------------------------------------


def of_service(hall: Hall, service: str) -> Site:
    """A service: its agency, and every zone where it is given."""
    planned = hall.plan.services.get(service)
    if planned is None:
        return HALL
    givers = hall.givers.get(service, ())
    return Site({planned.agency}, {planned.zone, *(hall.plan.counters[id].zone for id in givers)})


def of_agency(hall: Hall, agency: str) -> Site:
    """An agency: itself, and every zone where one of its services is given."""
    own = (id for id, service in hall.plan.services.items() if service.agency == agency)
    return Site({agency}, {zone for service in own for zone in of_service(hall, service).zones})


def of_counter(hall: Hall, counter: str) -> Site:
    """A counter: its zone, and the agencies of what it gives, by the catalogue or today."""
    planned = hall.plan.counters.get(counter)
    services = {*hall.place(counter).services, *(planned.services if planned else ())}
    agencies = {hall.plan.services[one].agency for one in services if one in hall.plan.services}
    return Site(agencies, {planned.zone} if planned else ())


def of_ticket(hall: Hall, ticket: Ticket) -> Site:
    """A ticket: where its service is, and the counter where it is or is sent to."""
    own = of_service(hall, ticket.service)
    agencies, zones = set(own.agencies), set(own.zones)
    if ticket.line.startswith("+"):
        agencies.add(ticket.line[1:])
    here = ticket.counter if ticket.status in AT_COUNTER else ""
    sent = ticket.line[1:] if ticket.line.startswith("@") else ""
    for counter in {here, sent} - {""}:
        there = of_counter(hall, counter)
        agencies.update(there.agencies)
        zones.update(there.zones)
    return Site(agencies, zones)


def of_line(hall: Hall, line: str) -> Site:
    """A line: a service's, one counter's, an agency's, or an operator's."""
    if line.startswith("@"):
        return of_counter(hall, line[1:])
    if line.startswith("+"):
        return of_agency(hall, line[1:])
    if line.startswith("~"):
        held = (id for id, one in hall.counters.items() if one.operator == line[1:])
        return next((of_counter(hall, id) for id in held), HALL)
    return of_service(hall, line)


def agencies_within(hall: Hall, bounds: Bounds) -> frozenset[str] | None:
    """The agencies of which somebody sees the work; None: all there are and were."""
    if not bounds:
        return None
    every = {service.agency for service in hall.plan.services.values()}
    return frozenset(one for one in every if covers(bounds, of_agency(hall, one)))


# Commands -------------------------------------------------------------------------------------


def check(hall: Hall, command: c.Command) -> None:
    """Raises Refusal when a command is about something beyond the bounds of who gives it."""
    if command.by.bounds:
        for site in _sites(hall, command):
            demand(command.by.bounds, site)


def _sites(hall: Hall, command: c.Command) -> Iterable[Site]:
    """What a command is about; what nobody knows, its own rule refuses."""
    if isinstance(command, c.RaiseAlarm | c.ClearAlarm):
        return  # in an emergency whoever is near helps
    if isinstance(command, c.AtCounter):
        if command.counter in hall.counters:
            yield of_counter(hall, command.counter)
        if isinstance(command, c.AssignServices):
            known = (one for one in command.services if one in hall.plan.services)
            yield from (of_service(hall, one) for one in known)
    elif isinstance(command, c.OfTicket) and command.at:
        if command.at in hall.counters:  # whose tickets those are, the rule of `at` says
            yield of_counter(hall, command.at)
    elif isinstance(command, c.OfTicket):
        if command.ticket in hall.tickets:
            yield of_ticket(hall, hall.tickets[command.ticket])
    elif isinstance(command, c.IssueTicket | c.CloseIntake | c.OpenIntake):
        if command.service in hall.plan.services:
            yield of_service(hall, command.service)
    else:
        yield HALL
