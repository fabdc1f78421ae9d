"""What a counter more or less would have meant: the days run again. Pure.

The model: those who were called at the counters in question stand in one line in the order in which
they really were called; each takes as long, from call to end, as it really took; a counter that
stands open takes the next one as soon as it is free. The open counters are those of the record, one
more or fewer for as long as any was open. Waiting in the model with the record's own counters shows
how good the model is: the operators' own pauses between two citizens are not in it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

Stay = tuple[str, int, int, int]
"""(day, when it stood in line, when it was called, when it left), moments in epoch ms."""
Presence = tuple[str, str, int, int]
"""(day, counter, since, until)."""


class Answer(Struct, frozen=True):
    """Mean waiting in ms, over `count` stays: as it was, by the model as it was, by the model with
    `change` counters more. `unserved`: in the model, those whom no counter took before the last
    one closed."""

    change: int
    count: int
    actual: int
    model: int
    changed: int
    unserved: int

    @property
    def error(self) -> float:
        """How far the model is off the record, as a part of the record."""
        return abs(self.model - self.actual) / self.actual if self.actual else 0.0


def answer(stays: Iterable[Stay], presence: Iterable[Presence], change: int) -> Answer:
    """Runs every day again."""
    by_day: defaultdict[str, list[Stay]] = defaultdict(list)
    open_on: defaultdict[str, list[Presence]] = defaultdict(list)
    for stay in stays:
        by_day[stay[0]].append(stay)
    for one in presence:
        open_on[one[0]].append(one)
    count = actual = model = changed = unserved = 0
    for day, found in by_day.items():
        spans = [(since, until) for _, _, since, until in open_on[day]]
        count += len(found)
        actual += sum(called - joined for _, joined, called, _ in found)
        model += sum(_waits(found, spans)[0])
        waits, left = _waits(found, _changed(spans, change))
        changed += sum(waits)
        unserved += left
    whole = max(1, count)
    return Answer(change, count, actual // whole, model // whole, changed // whole, unserved)


def _changed(spans: Sequence[tuple[int, int]], change: int) -> list[tuple[int, int]]:
    """One more is open from the first opening to the last closing; of fewer, the shortest go."""
    if not spans:
        return []
    whole = (min(since for since, _ in spans), max(until for _, until in spans))
    if change >= 0:
        return [*spans, *[whole] * change]
    kept = sorted(spans, key=lambda span: span[0] - span[1])
    return kept[: max(0, len(kept) + change)]


def _waits(stays: Sequence[Stay], spans: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    """Each one's waiting; and how many nobody was there for, who waited until the end."""
    free = sorted(spans)  # (free from, until)
    heapq.heapify(free)
    end = max((until for _, until in spans), default=0)
    waits, unserved = [], 0
    for _, joined, called, left in stays:
        while free and max(free[0][0], joined) >= free[0][1]:
            heapq.heappop(free)  # closed before it could take this one
        if not free:
            unserved += 1
            waits.append(max(0, end - joined))
            continue
        since, until = heapq.heappop(free)
        begins = max(since, joined)
        waits.append(begins - joined)
        heapq.heappush(free, (begins + left - called, until))
    return waits, unserved
