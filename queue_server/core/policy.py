"""Who is next, and why: the one place where order is computed.

A ticket's key (`ranking`) compares it with everybody's; a counter sees some services earlier
(`favour`) and may take some classes only; and after `consecutive_priority` priority calls in a
row it takes its oldest ordinary ticket. The limit bounds every rule: nobody starves
(docs/decisions/0003-order.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from heapq import merge

from .lifecycle import AT_COUNTER
from .model import Counter, Hall, Ticket
from .plan import MINUTE
from .ranking import Key


def own_line(counter: str) -> str:
    """The name of the line of tickets that were sent to this one counter."""
    return "@" + counter


def agency_line(agency: str) -> str:
    """The name of the line of tickets that were sent to any counter of an agency."""
    return "+" + agency


def operator_line(operator: str) -> str:
    """The name of the line of tickets that were sent to whatever counter an operator holds."""
    return "~" + operator


def line_for(service: str = "", counter: str = "", agency: str = "", operator: str = "") -> str:
    """The line of the one destination that is named."""
    if counter:
        return own_line(counter)
    if agency:
        return agency_line(agency)
    return operator_line(operator) if operator else service


def lines_of(hall: Hall, counter: str) -> tuple[str, ...]:
    """The lines that a counter serves: its services', its own, its agencies', its operator's."""
    services = hall.place(counter).services
    plans = hall.plan.services
    agencies = dict.fromkeys(plans[one].agency for one in services if one in plans)
    here = hall.counters.get(counter)
    holder = (operator_line(here.operator),) if here and here.operator else ()
    return (*services, own_line(counter), *map(agency_line, agencies), *holder)


def is_service(line: str) -> bool:
    """Whether a line is a service's, not one of those that people are sent to."""
    return line[:1] not in ("@", "+", "~")


def servers(hall: Hall, line: str) -> tuple[str, ...]:
    """The counters that serve a line: the inverse of `lines_of`."""
    if is_service(line):
        return hall.givers.get(line, ())
    return tuple(name for name in hall.counters if line in lines_of(hall, name))


def neighbours(hall: Hall, counter: str) -> tuple[str, ...]:
    """The other counters of a counter's zone: who can come to its help."""
    zone = hall.place(counter).zone
    return tuple(
        name for name in hall.counters if name != counter and hall.place(name).zone == zone
    )


def zone_of(hall: Hall, ticket: Ticket) -> str:
    """Where its holder should be: the zone of the counter that has called it, else of the first
    that serves its line, else of its service."""
    if ticket.status in AT_COUNTER and not ticket.looked:
        return hall.place(ticket.counter).zone
    service = hall.plan.services.get(ticket.service)
    if not is_service(ticket.line):
        for server in servers(hall, ticket.line):
            return hall.place(server).zone
    return service.zone if service else ""


def takes(hall: Hall, counter: Counter, ticket: Ticket) -> bool:
    """Whether a counter takes tickets of that class."""
    classes = hall.place(counter.id).classes
    return not classes or hall.kind(ticket) in classes


def favour(hall: Hall, counter: Counter, line: str) -> int:
    """Milliseconds by which a counter sees the tickets of a line as earlier: what its plan and
    its operator's say of the service, and the quick lane's."""
    place = hall.place(counter.id)
    service = hall.plan.services.get(line)
    if service is None:
        return 0
    quick = hall.plan.policy.quick_favour if place.quick and service.quick else 0
    own = hall.favours.get(counter.operator, {}).get(line, 0)
    return quick + own + place.favours.get(line, 0)


def in_order(hall: Hall, counter: Counter) -> Iterator[int]:
    """Ids of the tickets waiting for a counter, in the order in which it will call them.

    The console shows exactly this list, and "next" takes its head.
    """
    ordinary, priority = _streams(hall, counter)
    plain, prior = next(ordinary, None), next(priority, None)
    streak, in_hall = counter.streak, hall.streak
    while plain is not None or prior is not None:
        if prior is None or (
            plain is not None and (plain < prior or limit_reached(hall, streak, in_hall))
        ):
            assert plain is not None
            yield plain[-1]
            plain, streak, in_hall = next(ordinary, None), 0, 0
        else:
            yield prior[-1]
            prior, streak, in_hall = next(priority, None), streak + 1, in_hall + 1


def _streams(hall: Hall, counter: Counter) -> tuple[Iterator[Key], Iterator[Key]]:
    """The keys of the ordinary and of the priority tickets of a counter's lines, in order."""
    rule, classes = hall.ranking, hall.place(counter.id).classes
    ordinary: list[Iterator[Key]] = []
    priority: list[Iterator[Key]] = []
    for name in lines_of(hall, counter.id):
        line = hall.lines.get(name)
        if line is None:
            continue
        earlier = favour(hall, counter, name)
        for kind, ranks in line.classes.items():
            if not classes or kind in classes:
                keys = map(partial(rule.key, kind, favour=earlier), ranks)
                (priority if kind else ordinary).append(keys)
    return merge(*ordinary), merge(*priority)


def limit_reached(hall: Hall, streak: int, in_hall: int) -> bool:
    """Whether after so many priority calls in a row an ordinary ticket has its turn."""
    policy = hall.plan.policy
    everywhere = policy.consecutive_priority_hall
    return streak >= policy.consecutive_priority or bool(everywhere and in_hall >= everywhere)


def next_up(hall: Hall, counter: Counter) -> int:
    """The ticket that "next" takes at a counter, or 0 when nobody waits."""
    return next(in_order(hall, counter), 0)


def estimate(hall: Hall, service: str, ahead: int) -> tuple[int, int] | None:
    """Minutes that someone with `ahead` tickets before him will wait: (at least, at most).

    The pace is the mean interval of the last first calls of that service, the present lull
    included; the range is that times the places, a quarter off and a half on. None until
    four calls were seen or when no counter serves it now: an honest "not yet known".
    """
    times = hall.paces.get(service, ())
    if len(times) < 4 or not serving_counters(hall, service):
        return None
    interval = max(times[-1] - times[0], hall.now - times[0]) / (len(times) - 1)
    minutes = interval * (ahead + 1) / MINUTE
    return int(minutes * 0.75), max(1, -int(-minutes * 1.5 // 1))


def serving_counters(hall: Hall, service: str) -> list[str]:
    """Ids of the counters that are open, or on a break, for a service."""
    return [name for name in hall.givers.get(service, ()) if hall.counters[name].state != "closed"]
