"""A visit of several steps under one number: which step is next, and why. Pure.

A ticket stands in one line only, that of its present step; the others keep its arrival, so that
nothing is lost by standing elsewhere first. After each step, and from time to time while it waits,
it is sent where the whole visit is expected to end earliest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec.structs import replace

from .model import Hall, Step, Ticket
from .plan import MINUTE
from .policy import estimate, serving_counters
from .ranking import Rank

Why = Literal["", "last", "needed", "shortest", "soonest"]
"""It is the last step; the others need it; its wait is the shortest; the whole visit ends sooner.
"": it is as good as another."""
MOST = 6
"""Steps of a visit: what a citizen and a screen can take in."""
WALK = 2 * MINUTE
"""Milliseconds from one counter to the next line."""
USUAL = 10 * MINUTE
"""A service's time while none of today is known."""
UNSTAFFED = 240 * MINUTE
"""What a line costs that no counter serves now: it comes last, but it still has a place."""


def is_sound(steps: Sequence[Step]) -> bool:
    """Whether every step can be reached: prerequisites exist, and none waits for itself."""
    done: set[int] = set()
    while len(done) < len(steps):
        ready = {
            index for index, step in enumerate(steps) if index not in done and done >= {*step.after}
        }
        if not ready:
            return False
        done |= ready
    return True


def open_steps(steps: Sequence[Step]) -> list[int]:
    """The steps that can be done now, in the order in which they were planned."""
    done = {index for index, step in enumerate(steps) if step.done}
    return [
        index for index, step in enumerate(steps) if index not in done and done >= {*step.after}
    ]


def has_choice(ticket: Ticket) -> bool:
    """Whether it waits for a step of its visit and could go to another first."""
    if ticket.status != "waiting" or not ticket.steps:
        return False
    choices = open_steps(ticket.steps)
    here = ticket.step in choices and ticket.line == ticket.steps[ticket.step].service
    return here and len(choices) > 1


def choose(
    hall: Hall, steps: Sequence[Step], kind: str, joined: int, now: int, ticket: int = 0
) -> int:
    """The step to go to first, so that the visit is expected to end earliest; -1: none is left.

    `kind` is the priority class, `joined` the arrival that every line counts from, `ticket` the
    id (0: the next one). Equal ends: the order in which the steps were planned.
    """
    by_first = ends(hall, steps, kind, joined, now, ticket)
    return min(by_first, key=lambda first: (by_first[first], first), default=-1)


def ends(
    hall: Hall, steps: Sequence[Step], kind: str, joined: int, now: int, ticket: int = 0
) -> dict[int, int]:
    """For each step that can be first, when the visit is expected to end (epoch ms)."""
    waits = _waits(hall, steps, kind, (joined, ticket or hall.version + 1))
    jobs = {index: _Job(now + wait, _busy(hall, steps[index])) for index, wait in waits.items()}
    return {order[0]: _end(jobs, order, now) for order in _orders(steps, jobs)}


def done_with(ticket: Ticket) -> tuple[Step, ...]:
    """A visit's steps once the present one is done."""
    return tuple(
        replace(one, done=True) if index == ticket.step else one
        for index, one in enumerate(ticket.steps)
    )


def following(hall: Hall, ticket: Ticket, now: int) -> int:
    """The step that a visit goes on to when the present one is done; -1: it ends."""
    return choose(hall, done_with(ticket), hall.kind(ticket), ticket.joined, now, ticket.id)


def why(
    hall: Hall, steps: Sequence[Step], kind: str, joined: int, now: int, ticket: int, step: int
) -> Why:
    """Why a visit goes to `step` now, as far as one can say so truly."""
    choices = open_steps(steps)
    if sum(not one.done for one in steps) == 1:
        return "last"
    if choices == [step]:
        return "needed"
    waits = _waits(hall, steps, kind, (joined, ticket or hall.version + 1))
    if all(waits[step] < waits[other] for other in choices if other != step):
        return "shortest"
    by_first = ends(hall, steps, kind, joined, now, ticket)
    others = [end for first, end in by_first.items() if first != step]
    return "soonest" if by_first.get(step, now) < min(others, default=0) else ""


def span(
    hall: Hall, steps: Sequence[Step], kind: str, joined: int, now: int
) -> tuple[int, int] | None:
    """Minutes from now to the expected end of a visit: (at least, at most). None while a line's
    pace or a service's time is not known."""
    rank = joined, hall.version + 1
    paces = {
        index: estimate(hall, one.service, hall.ahead_of(one.service, kind, rank))
        for index, one in enumerate(steps)
        if not one.done
    }
    known = {index: pace for index, pace in paces.items() if pace is not None}
    if len(known) < len(paces) or not all(one.service in hall.service_times for one in steps):
        return None
    found = []
    for bound in (0, 1):
        jobs = {
            index: _Job(now + pace[bound] * MINUTE, _busy(hall, steps[index]))
            for index, pace in known.items()
        }
        found.append(min((_end(jobs, order, now) for order in _orders(steps, jobs)), default=now))
    return (found[0] - now) // MINUTE, -((now - found[1]) // MINUTE)


class _Job(NamedTuple):
    """A step as a task: when its turn comes at the earliest (epoch ms), and how long it takes."""

    ready: int
    busy: int


def _orders(steps: Sequence[Step], jobs: Mapping[int, _Job]) -> list[list[int]]:
    """For each step that can be first, the order of the rest that ends earliest.

    By when each can begin: Jackson's rule, which is optimal for one machine and release times;
    prerequisites are part of those times, so that sorting by them keeps the prerequisites.
    """
    begins: dict[int, int] = {}
    while len(begins) < len(jobs):
        for index, job in jobs.items():
            before = [one for one in steps[index].after if one in jobs]
            if index not in begins and all(one in begins for one in before):
                begins[index] = max([job.ready, *(begins[i] + jobs[i].busy for i in before)])
    sequence = sorted(begins, key=lambda index: (begins[index], index))
    return [[first, *(i for i in sequence if i != first)] for first in open_steps(steps)]


def _end(jobs: Mapping[int, _Job], order: Sequence[int], now: int) -> int:
    """When the last of them is done. A place moves up while its holder is elsewhere, for its
    arrival is kept."""
    at = now
    for index in order:
        at = max(at, jobs[index].ready) + jobs[index].busy
    return at - WALK


def _busy(hall: Hall, step: Step) -> int:
    return service_time(hall, step.service) + WALK


def _waits(hall: Hall, steps: Sequence[Step], kind: str, rank: Rank) -> dict[int, int]:
    """Milliseconds until the turn comes at each step that is left."""
    return {
        index: _wait(hall, step.service, hall.ahead_of(step.service, kind, rank))
        for index, step in enumerate(steps)
        if not step.done
    }


def _wait(hall: Hall, service: str, ahead: int) -> int:
    """Milliseconds until somebody with so many before is called in a service's line."""
    pace = estimate(hall, service, ahead)
    if pace is not None:
        return (pace[0] + pace[1]) * MINUTE // 2
    counters = len(serving_counters(hall, service))
    return ahead * service_time(hall, service) // counters if counters else UNSTAFFED


def service_time(hall: Hall, service: str) -> int:
    """Mean of the last service times of today in milliseconds; `USUAL` while there are none."""
    times: Iterable[int] = hall.service_times.get(service, ())
    known = list(times)
    return sum(known) // len(known) if known else USUAL
