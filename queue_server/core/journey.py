"""A visit of several steps under one number: which step is next, and why. Pure.

A ticket stands in one line only, that of its present step; the others keep its arrival, so that
nothing is lost by standing elsewhere first. After each step, and from time to time while it waits,
it is sent where the whole visit is expected to end earliest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .model import Hall, Step
from .plan import MINUTE
from .policy import estimate, serving_counters

MOST = 6
"""Steps of a visit: 720 orders at the most are compared."""
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


def choose(
    hall: Hall, steps: Sequence[Step], kind: str, joined: int, now: int, ticket: int = 0
) -> int:
    """The step to go to first, so that the visit is expected to end earliest; -1: none is left.

    `kind` is the priority class, `joined` the arrival that every line counts from, `ticket` the
    id (0: the next one). Equal ends: the order in which the steps were planned.
    """
    first, _ = min(
        _plans(hall, steps, kind, joined, now, ticket), key=lambda plan: plan[1], default=(-1, 0)
    )
    return first


def expected(
    hall: Hall, steps: Sequence[Step], kind: str, joined: int, now: int, ticket: int, first: int
) -> int:
    """When the visit is expected to end (epoch ms) when it goes to step `first` now."""
    ends = [end for one, end in _plans(hall, steps, kind, joined, now, ticket) if one == first]
    return min(ends, default=now)


def _plans(
    hall: Hall, steps: Sequence[Step], kind: str, joined: int, now: int, ticket: int
) -> Iterator[tuple[int, int]]:
    """(first step, expected end) of every order that the prerequisites allow."""
    rank = joined, ticket or hall.version + 1
    waits = {
        index: _wait(hall, step.service, hall.ahead_of(step.service, kind, rank))
        for index, step in enumerate(steps)
        if not step.done
    }
    for order in _orders(steps, frozenset(i for i, step in enumerate(steps) if step.done)):
        at = now
        for index in order:
            # Its place moves up while its holder is elsewhere, for its arrival is kept.
            at = max(at, now + waits[index]) + service_time(hall, steps[index].service) + WALK
        yield order[0], at - WALK


def _orders(steps: Sequence[Step], done: frozenset[int]) -> Iterator[list[int]]:
    left = [index for index in range(len(steps)) if index not in done]
    for index in left:
        if done >= {*steps[index].after}:
            if len(left) == 1:
                yield [index]
            for rest in _orders(steps, done | {index}):
                yield [index, *rest]


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
