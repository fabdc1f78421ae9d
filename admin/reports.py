"""A report as a page shows it: figures in words, the same numbers for tables and drawings. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from queue_server.core.plan import MINUTE
from queue_server.reports.query import AT_COUNTERS, Cell, Dimension, Figures, Occupancy, Row, Spread
from queue_server.reports.whatif import Answer

from .report_asked import Asked, Span
from .report_names import DASH, NONE, SAME, Parts, week_of

STEPS = 5
"""Shades of a heat map."""
OPENED: dict[Dimension, Dimension] = {
    "agency": "service", "service": "hour", "zone": "agency", "counter": "hour",
    "priority": "agency", "channel": "agency", "shift": "agency", "weekday": "hour",
    "hour": "agency", "operator": "day",
}  # fmt: skip
"""By what the figures behind a row are grouped."""
NAMED = frozenset({"agency", "service", "zone", "operator"})
TIMES = frozenset({"day", "week", "month"})
"""Parts of a period itself: another period has others."""
FEW = 0.2
"""From this part of the record on, the model is said to be far off."""
Better = Literal["", "good", "bad"]
Kind = Literal["issued", "served", "no_show", "waiting", "service", "visit", "kept"]


class Number(Struct, frozen=True):
    """A number to read, and the same to draw ("" where there is none)."""

    text: str
    raw: str = ""


class Change(Struct, frozen=True):
    """Against the other period: what it was, how much more or less, whether that is better."""

    was: str
    by: str
    better: Better = ""


class Tile(Struct, frozen=True):
    """A headline figure. `kind` names its words; `notes` are what is said beneath, by its kind."""

    kind: Kind
    value: str
    notes: tuple[str, ...] = ()
    change: Change | None = None


class Times(Struct, frozen=True):
    """How a time is spread, in minutes."""

    mean: Number
    median: Number
    p90: Number
    p95: Number
    longest: Number


class Group(Struct, frozen=True):
    """A row of the tables. `narrow` and `tickets` are queries: what is behind it."""

    name: str
    narrow: str
    issued: Number
    served: Number
    no_show: Number
    cancelled: Number
    transferred: Number
    calls: Number
    done: Number
    missed: Number
    waiting: Times
    walking: Number
    service: Times
    visit: Number
    kept: Number
    was_issued: Number | None = None
    was_waiting: Number | None = None


class Heat(Struct, frozen=True):
    """A cell of a heat map: its number, and its shade, 0 to STEPS."""

    text: str
    shade: int


class HeatRow(Struct, frozen=True):
    """A weekday."""

    name: str
    cells: tuple[Heat, ...]


class HeatMap(Struct, frozen=True):
    """Weekdays by hours."""

    hours: tuple[str, ...]
    rows: tuple[HeatRow, ...]


class Used(Struct, frozen=True):
    """How a counter's time was used: hours open, on a break, share of the open time in which
    somebody was served."""

    name: str
    days: str
    open: Number
    paused: Number
    share: Number


class WhatIf(Struct, frozen=True):
    """What waiting would have been, in minutes; `far`: the model is no good for this."""

    count: str
    actual: str
    model: str
    fewer: str
    more: str
    unserved: int
    far: bool


class Chip(Struct, frozen=True):
    """A dimension that the report is narrowed to; `without` is the query that isn't."""

    kind: str
    name: str
    without: str


class Report(Struct, frozen=True):
    """The whole page's figures."""

    span: str
    other: str
    """What it is compared with, or ""."""
    alone: bool
    """There is nothing of that to compare with."""
    days: int
    empty: bool
    by: Dimension
    compared: bool
    """Whether rows stand beside those of the other period: its days are other days."""
    at_counters: bool
    drawn: bool
    """People are not compared by a drawing."""
    lying: bool
    tiles: tuple[Tile, ...]
    groups: tuple[Group, ...]
    total: Group
    arrivals: HeatMap
    counters: HeatMap
    used: tuple[Used, ...]
    what_if: WhatIf | None
    chips: tuple[Chip, ...]


class Found(Struct, frozen=True):
    """What the reports' room answered."""

    figures: Figures
    before: Figures | None = None
    heat: tuple[Cell, ...] = ()
    used: tuple[Occupancy, ...] = ()
    fewer: Answer | None = None
    more: Answer | None = None


def report(asked: Asked, span: Span, other: Span | None, found: Found, parts: Parts) -> Report:
    """The page."""
    figures = found.figures
    before = found.before if found.before and found.before.days else None
    beside = before is not None and asked.by not in TIMES
    was = {row.key: row for row in before.rows} if before and beside else {}
    make = Maker(asked, parts, beside)
    rows = _sorted(figures.rows, asked.by, parts)
    return Report(
        span=parts.span(span),
        other=parts.span(other) if other else "",
        alone=other is not None and before is None,
        days=figures.days,
        empty=not figures.total.issued and not figures.total.calls,
        by=asked.by,
        compared=beside,
        at_counters=asked.by in AT_COUNTERS,
        drawn=asked.by != "operator",
        lying=asked.by not in (*TIMES, "hour", "weekday"),
        tiles=tuple(tiles(figures, before, parts)),
        groups=tuple(make.group(row, was.get(row.key)) for row in rows),
        total=make.group(figures.total, before.total if before else None, whole=True),
        arrivals=heat_map(found.heat, parts, counters=False),
        counters=heat_map(found.heat, parts, counters=True),
        used=tuple(used(one, parts) for one in found.used),
        what_if=what_if(found.fewer, found.more, parts),
        chips=tuple(chips(asked, parts)),
    )


def _sorted(rows: tuple[Row, ...], by: Dimension, parts: Parts) -> Iterable[Row]:
    """What has a name, by its name; else in the dimension's own order."""
    if by not in NAMED:
        return rows
    return sorted(rows, key=lambda row: parts.name(by, row.key).casefold())


# Headline figures -----------------------------------------------------------------------------


def tiles(figures: Figures, before: Figures | None, parts: Parts) -> Iterable[Tile]:
    """The figures at the top, in their order."""
    now, was = figures.total, before.total if before else None

    def count(kind: Kind, number: int, notes: tuple[str, ...], better: int = 0) -> Tile:
        old = getattr(was, kind, None)
        change = None if old is None else _change(parts, number, old, parts.whole(old), better)
        return Tile(kind, parts.whole(number), notes, change)

    def time(kind: Kind, better: int) -> Tile:
        one, old = getattr(now, kind), getattr(was, kind, None)
        if not one.count:
            return Tile(kind, DASH)
        notes = tuple(parts.minutes(ms) for ms in (one.median, one.p90, one.p95))
        change = None
        if old is not None and old.count:
            change = _change(parts, one.mean, old.mean, parts.minutes(old.mean), better)
        return Tile(kind, parts.minutes(one.mean), notes, change)

    lost = parts.percent(now.no_show, now.issued), parts.whole(now.cancelled + now.expired)
    yield count("issued", now.issued, _per_day(figures, parts))
    yield count("served", now.served, (parts.percent(now.served, now.issued),))
    yield count("no_show", now.no_show, lost, better=-1)
    yield time("waiting", better=-1)
    yield time("service", better=0)
    yield time("visit", better=-1)
    yield _kept(now, was, parts)


def _per_day(figures: Figures, parts: Parts) -> tuple[str, ...]:
    return (parts.decimal(figures.total.issued / figures.days),) if figures.days > 1 else ()


def _kept(now: Row, was: Row | None, parts: Parts) -> Tile:
    """Of those with a promise, how many it was kept for."""
    if not now.promised:
        return Tile("kept", DASH)
    old = Change(parts.percent(was.kept, was.promised), "") if was and was.promised else None
    notes = parts.whole(now.kept), parts.whole(now.promised)
    return Tile("kept", parts.percent(now.kept, now.promised), notes, old)


def _change(parts: Parts, now: int, was: int, said: str, better: int) -> Change:
    """`better` 1: more is better; -1: less is; 0: neither."""
    by = parts.change(now, was)
    direction = (now > was) - (now < was)
    same = not better or not direction or by == SAME
    return Change(said, by, "" if same else "good" if direction == better else "bad")


# Tables ---------------------------------------------------------------------------------------


class Maker:
    """Makes the rows of a report's tables."""

    def __init__(self, asked: Asked, parts: Parts, compared: bool) -> None:
        self.asked, self.parts, self.compared = asked, parts, compared

    def group(self, row: Row, was: Row | None, *, whole: bool = False) -> Group:
        """A row's figures beside those of the other period."""
        count, asked = self._count, self.asked
        return Group(
            name="" if whole else self.parts.name(asked.by, row.key),
            narrow="" if whole else narrowed(asked, row.key).query,
            issued=count(row.issued),
            served=count(row.served),
            no_show=count(row.no_show),
            cancelled=count(row.cancelled + row.expired),
            transferred=count(row.transferred),
            calls=count(row.calls),
            done=count(row.done),
            missed=count(row.missed),
            waiting=self._times(row.waiting),
            walking=self._minutes(row.walking, row.walking.mean),
            service=self._times(row.service),
            visit=self._minutes(row.visit, row.visit.mean),
            kept=self._share(row),
            was_issued=count(was.calls if asked.by in AT_COUNTERS else was.issued)
            if was else count(0) if self.compared else None,
            was_waiting=self._minutes(was.waiting, was.waiting.mean)
            if was else Number(DASH) if self.compared else None,
        )  # fmt: skip

    def _count(self, number: int) -> Number:
        return Number(self.parts.whole(number), str(number))

    def _times(self, one: Spread) -> Times:
        return Times(*(
            self._minutes(one, ms) for ms in (one.mean, one.median, one.p90, one.p95, one.longest)
        ))  # fmt: skip

    def _minutes(self, one: Spread, ms: int) -> Number:
        return Number(self.parts.minutes(ms), f"{ms / MINUTE:.2f}") if one.count else Number(DASH)

    def _share(self, row: Row) -> Number:
        if not row.promised:
            return Number(DASH)
        share = self.parts.percent(row.kept, row.promised)
        return Number(share, f"{100 * row.kept / row.promised:.1f}")


def narrowed(asked: Asked, key: str) -> Asked:
    """The question behind a row: that part alone, by its own parts."""
    if asked.by == "day":
        return asked.narrowed("", "", period="day", day=key, since="", until="", by="hour")
    if asked.by == "week":
        day = week_of(key).first.isoformat()
        return asked.narrowed("", "", period="week", day=day, since="", until="", by="day")
    if asked.by == "month":
        day = f"{key}-01"
        return asked.narrowed("", "", period="month", day=day, since="", until="", by="day")
    return asked.narrowed(asked.by, key or NONE, by=OPENED[asked.by])


def chips(asked: Asked, parts: Parts) -> Iterable[Chip]:
    """What the report is narrowed to."""
    for name, value in asked.filters:
        yield Chip(name, parts.name(name, value), asked.narrowed(name, "").query)


# Heat map, counters, what if ------------------------------------------------------------------


def heat_map(cells: Iterable[Cell], parts: Parts, *, counters: bool) -> HeatMap:
    """Weekdays by hours: arrivals or open counters on an average day."""
    found = {(one.weekday, one.hour): one.counters if counters else one.arrivals for one in cells}
    most = max(found.values(), default=0)
    if not most:
        return HeatMap((), ())
    hours = range(min(hour for _, hour in found), max(hour for _, hour in found) + 1)

    def cell(weekday: int, hour: int) -> Heat:
        number = found.get((weekday, hour), 0.0)
        shade = round(STEPS * number / most)
        return Heat(parts.decimal(number) if number else "0", max(1, shade) if number else 0)

    return HeatMap(
        tuple(f"{hour:02}" for hour in hours),
        tuple(
            HeatRow(parts.name("weekday", str(day)), tuple(cell(day, hour) for hour in hours))
            for day in sorted({day for day, _ in found})
        ),
    )


def used(one: Occupancy, parts: Parts) -> Used:
    """A counter's time."""
    hour = 60 * MINUTE
    return Used(
        name=parts.name("counter", one.counter),
        days=parts.whole(one.days),
        open=Number(parts.decimal(one.open / hour), f"{one.open / hour:.2f}"),
        paused=Number(parts.decimal(one.paused / hour), f"{one.paused / hour:.2f}"),
        share=Number(parts.percent(one.serving, one.open), f"{100 * one.share:.1f}"),
    )


def what_if(fewer: Answer | None, more: Answer | None, parts: Parts) -> WhatIf | None:
    """One counter fewer, as it was, one more."""
    if fewer is None or more is None or not more.count:
        return None
    return WhatIf(
        count=parts.whole(more.count),
        actual=parts.minutes(more.actual),
        model=parts.minutes(more.model),
        fewer=parts.minutes(fewer.changed),
        more=parts.minutes(more.changed),
        unserved=fewer.unserved,
        far=more.error > FEW,
    )
