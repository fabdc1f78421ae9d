"""What a counter more or less would have meant: the days run again. Pure.

The model: those who were called at the counters in question stand in one line from when they really
did; a counter that is free takes, of those who stand there, the one who was really called first, at
once, and for as long as it really took from call to end. Counters stand open as the record has it,
or one more, or one fewer, whenever any did. What the model makes of the record's own counters shows
how good it is: where nobody pauses between two citizens and every counter serves whoever comes, it
is the record; each pause makes the real waiting longer, and the model the more cheerful.
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
Span = tuple[int, int]
"""A counter stands open: (since, until)."""


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
        model += sum(_waits(found, spans, 0)[0])
        waits, left = _waits(found, _changed(spans, change), max(x for _, x in spans or [(0, 0)]))
        changed += sum(waits)
        unserved += left
    whole = max(1, count)
    return Answer(change, count, actual // whole, model // whole, changed // whole, unserved)


def _changed(spans: Sequence[Span], change: int) -> list[Span]:
    """At each moment so many more counters, or fewer, wherever there was one."""
    layers = _layers(spans)
    if change >= 0:
        return [span for layer in layers + layers[:1] * change for span in layer]
    return [span for layer in layers[-change:] for span in layer]


def _layers(spans: Sequence[Span]) -> list[list[Span]]:
    """The same counters otherwise told: when at least one was open, when at least two, ..."""
    opened: list[int] = []
    layers: list[list[Span]] = []
    # At the same moment one opens before another closes: a relief is no gap.
    for at, closes in sorted([(x, False) for x, _ in spans] + [(x, True) for _, x in spans]):
        if not closes:
            opened.append(at)
            if len(layers) < len(opened):
                layers.append([])
        elif opened[-1] < at:
            layers[len(opened) - 1].append((opened.pop(), at))
        else:
            opened.pop()
    return layers


def _waits(stays: Sequence[Stay], spans: Sequence[Span], end: int) -> tuple[list[int], int]:
    """Each one's waiting; and how many nobody was there for, who waited until the last counter
    closed (the record's `end`, or the model's if that is later)."""
    coming = sorted(((joined, at) for at, (_, joined, _, _) in enumerate(stays)), reverse=True)
    line: list[int] = []  # by the order of the calls
    free = sorted(spans)  # (free from, until)
    waits, now = [0] * len(stays), 0
    while free and (line or coming):
        now = max(now, free[0][0])
        if not line:
            now = max(now, coming[-1][0])
        while coming and coming[-1][0] <= now:
            heapq.heappush(line, coming.pop()[1])
        _, until = heapq.heappop(free)
        if now < until:
            one = heapq.heappop(line)
            _, joined, called, left = stays[one]
            waits[one] = now - joined
            heapq.heappush(free, (now + left - called, until))
    left_over = [*line, *(at for _, at in coming)]
    end = max([end, *(until for _, until in spans)])
    for one in left_over:
        waits[one] = max(0, end - stays[one][1])
    return waits, len(left_over)
