"""Who is next, and why: the one place where order is computed.

A ticket's rank is its effective arrival (arrival minus the credit of its priority class), so a
priority ticket overtakes at most those who came within its credit; and after
`consecutive_priority` priority calls in a row a counter takes its oldest ordinary ticket. Both
bound how long anybody can be overtaken (docs/decisions/0003-order.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge

from .model import Counter, Hall, Rank, Ticket
from .plan import MINUTE


def own_line(counter: str) -> str:
    """The name of the line of tickets that were sent to this one counter."""
    return "@" + counter


def lines_of(hall: Hall, counter: str) -> tuple[str, ...]:
    """The lines that a counter serves: its services', and its own."""
    return (*hall.place(counter).services, own_line(counter))


def in_order(hall: Hall, counter: Counter) -> Iterator[int]:
    """Ids of the tickets waiting for a counter, in the order in which it will call them.

    The console shows exactly this list, and "next" takes its head.
    """
    lines = [hall.lines[name] for name in lines_of(hall, counter.id) if name in hall.lines]
    ordinary = merge(*(line.ordinary for line in lines if line.ordinary))
    priority = merge(*(line.priority for line in lines if line.priority))
    limit = hall.plan.policy.consecutive_priority
    streak = counter.streak
    plain: Rank | None = next(ordinary, None)
    prior: Rank | None = next(priority, None)
    while plain is not None or prior is not None:
        if prior is None or (plain is not None and (streak >= limit or plain < prior)):
            assert plain is not None
            yield plain[1]
            plain, streak = next(ordinary, None), 0
        else:
            yield prior[1]
            prior, streak = next(priority, None), streak + 1


def next_up(hall: Hall, counter: Counter) -> int:
    """The ticket that "next" takes at a counter, or 0 when nobody waits."""
    return next(in_order(hall, counter), 0)


def streak_after(hall: Hall, counter: Counter, ticket: Ticket) -> int:
    """Priority calls in a row at a counter once it has called this ticket."""
    return counter.streak + 1 if ticket.priority in hall.plan.priorities else 0


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
