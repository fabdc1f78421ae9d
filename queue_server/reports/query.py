"""What can be asked of the reports, and what comes back. All durations are milliseconds.

The glossary's times: *waiting* is from joining the line (for a booking: its time) to the first
call at a counter; *walking* from the last call to the start; *service* from start to finish;
*visit* from the number's issue to its end. A visit at several counters has a stay at each, and each
counts where it was. What was undone has not been. What nobody finished on its day has no service
and no visit time: nobody knows when it ended.

Median, p90 and p95 are nearest-rank: of n values in order, the one at ceil(p * n); no value is
invented between two others. Means are over those that have the time at all.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from msgspec import Struct

Dimension = Literal[
    "", "day", "week", "month", "weekday", "hour", "shift", "agency", "service", "zone", "counter",
    "operator", "priority", "channel",
]  # fmt: skip
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
AT_COUNTERS: frozenset[Dimension] = frozenset({"counter", "operator"})
"""By these, only stays can be told apart: a number that nobody called was at none."""
FILTERS = (
    "agency", "service", "zone", "counter", "operator", "priority", "channel", "shift", "weekday",
    "hour",
)  # fmt: skip
"""What a query can be narrowed to."""


class Query(Struct, frozen=True, kw_only=True):
    """From one day to another (ISO dates, both included), grouped by a dimension ("": one row).
    `only` narrows to values of dimensions, such as {"agency": ("imigrasi",)}; weekdays are 1
    (Monday) to 7, hours 0 to 23, as text; "" is no priority class, no shift."""

    first: str
    last: str
    by: Dimension = ""
    only: dict[str, tuple[str, ...]] = {}

    def __post_init__(self) -> None:
        if date.fromisoformat(self.first) > date.fromisoformat(self.last):
            raise ValueError("first: expected no later than last")
        for name in self.only:
            if name not in FILTERS:
                raise ValueError(f"only: expected one of {', '.join(FILTERS)}, found {name!r}")
        if self.by not in DIMENSIONS:
            raise ValueError(f"by: expected one of {', '.join(DIMENSIONS)}, found {self.by!r}")


class Spread(Struct, frozen=True):
    """How a time is spread over those that have it. Milliseconds; all 0 where `count` is."""

    count: int = 0
    mean: int = 0
    median: int = 0
    p90: int = 0
    p95: int = 0
    longest: int = 0


class Row(Struct, frozen=True):
    """The figures of a group.

    Of visits, by what they came for: `issued`, and what became of them: `served`, `no_show`,
    `cancelled`, `expired`, and `unfinished` (still in the hall now). All 0 by counter or operator.

    Of stays: `calls` (first calls; the others are `recalls`), `done` services given, and how the
    others ended: `missed`, `transferred`, `parked`, `deferred` (for papers), `returned`.
    `promised`: services given that have a published duration in minutes, `kept` how many took no
    longer.
    """

    key: str = ""
    issued: int = 0
    served: int = 0
    no_show: int = 0
    cancelled: int = 0
    expired: int = 0
    unfinished: int = 0
    visit: Spread = Spread()
    calls: int = 0
    recalls: int = 0
    done: int = 0
    missed: int = 0
    transferred: int = 0
    parked: int = 0
    deferred: int = 0
    returned: int = 0
    promised: int = 0
    kept: int = 0
    waiting: Spread = Spread()
    walking: Spread = Spread()
    service: Spread = Spread()


class Figures(Struct, frozen=True):
    """The answer: the groups by key (a dimension's own order), all of them together, on how many
    days of the period the hall's journal has entries, and up to which entry it was read."""

    query: Query
    rows: tuple[Row, ...]
    total: Row
    days: int
    version: int


class Cell(Struct, frozen=True):
    """An hour of a weekday, on average over the period's days of that weekday: numbers taken, and
    counters that stood open (a counter open for half of it counts half)."""

    weekday: int
    hour: int
    days: int
    arrivals: float
    counters: float


class Occupancy(Struct, frozen=True):
    """A counter's time in the period, in ms: open, on a break, and with somebody being served."""

    counter: str
    days: int
    open: int
    paused: int
    serving: int

    @property
    def share(self) -> float:
        """Serving of open, 0 to 1."""
        return self.serving / self.open if self.open else 0.0


class Listed(Struct, frozen=True):
    """A number behind a figure: never a person. Times in ms, None where it has not come to it."""

    day: str
    ticket: int
    number: str
    service: str
    status: str
    issued: int
    waiting: int | None
    walking: int | None
    serving: int | None
    visit: int | None
