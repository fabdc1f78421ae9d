"""What a supervisor has to see to: the rules of alarms. Pure.

`look` is given what is, and what it remembered before; it answers with both anew. What it
remembers keeps an alarm from coming and going: a late line is late until it is clearly below the
limit, and what nobody wrote down (since when a counter stands idle, a screen is gone) counts from
when it was first seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from msgspec import Struct

from ..core.calendar import closes_at, local, minute_of, overlap, spans_on
from ..core.intake import overrunning
from ..core.model import Counter, Hall, Line
from ..core.plan import MINUTE
from ..core.policy import next_up, servers

Kind = Literal[
    "emergency", "journal", "full", "unserved", "printer", "closing", "late", "overrun", "absent",
    "unstarted", "idle", "break", "display", "panel", "backup", "paper",
]  # fmt: skip
"""The kinds, the worst first. `full`: no new numbers, for the disk is nearly full; `unserved`:
people wait and no counter is open for them; `closing`: an operator asks to close; `overrun`: by
today's pace a line lasts beyond closing; `absent`: a counter is planned for this shift and not
open; `unstarted`: a ticket is called and not started; `panel`: counters' panels don't show the
present; `paper`: a printer's paper runs low."""
RANK: dict[str, int] = {kind: rank for rank, kind in enumerate(get_args(Kind))}
PANEL = 20_000
"""How long (ms) a panel may show something old before it is an alarm."""
STEADY = 5 * MINUTE
"""A screen counts as a screen of the hall, and no passing look, after so long."""


class Limits(Struct, frozen=True):
    """After how many milliseconds something is an alarm; 0: it never is."""

    wait: int = 30 * MINUTE
    unstarted: int = 3 * MINUTE
    idle: int = 3 * MINUTE
    unserved: int = 5 * MINUTE
    rest: int = 30 * MINUTE
    """A break whose end was not said."""
    absent: int = 10 * MINUTE
    overrun: int = 5 * MINUTE
    display: int = 2 * MINUTE


class Printer(Struct, frozen=True):
    """A printer that prints nothing (`reason`, since then), or whose paper runs low."""

    id: str
    reason: str = ""
    since: int = 0
    low: bool = False


class Panel(Struct, frozen=True):
    """An output whose panels don't show the present: why, and since when."""

    id: str
    reason: str
    since: int


class Scene(Struct, frozen=True):
    """Everything that the rules look at. `displays`: zone -> screens that follow it now."""

    hall: Hall
    now: int
    ready: bool = True
    short: bool = False
    printers: tuple[Printer, ...] = ()
    panels: tuple[Panel, ...] = ()
    displays: Mapping[str, int] = {}
    backup: int = 0
    """Since when the last backup is too old; 0: it is not."""


class Alarm(Struct, frozen=True):
    """Something to see to. `about` is a counter, a line, a printer, a panel or a zone, by the kind;
    `since` (epoch ms, 0: not known) is when it began; `detail` a device's reason."""

    kind: Kind
    about: str = ""
    since: int = 0
    ticket: int = 0
    detail: str = ""
    count: int = 0
    """People who wait, or screens that are gone."""


class Screens(Struct, frozen=True):
    """A zone's screens: since when there are at least 1, 2, … of them, how many steady ones there
    were at most, and since when there are fewer (0: there aren't)."""

    up: tuple[int, ...] = ()
    expected: int = 0
    gone: int = 0


class Memory(Struct, frozen=True):
    """What one look leaves for the next."""

    day: str = ""
    idle: Mapping[str, int] = {}
    vain: Mapping[str, int] = {}
    over: Mapping[str, int] = {}
    late: frozenset[str] = frozenset()
    zones: Mapping[str, Screens] = {}


def look(scene: Scene, limits: Limits, before: Memory) -> tuple[tuple[Alarm, ...], Memory]:
    """The alarms now, the worst first and of one kind the oldest, and what to remember."""
    hall = scene.hall
    if before.day != hall.day:
        before = Memory(hall.day)
    zones = _screens(scene, before.zones)
    memory = Memory(
        day=hall.day,
        idle=_first_seen(before.idle, dict.fromkeys(_idle_counters(hall), scene.now)),
        vain=_first_seen(before.vain, dict.fromkeys(_vain_lines(hall), scene.now)),
        over=_first_seen(before.over, dict.fromkeys(overrunning(hall, scene.now), scene.now)),
        late=frozenset(_late_lines(scene, limits, before.late)),
        zones=zones,
    )
    found = [
        *_house(scene), *_devices(scene), *_counters(scene, limits), *_absent(scene, limits),
        *_idle(scene, limits, memory), *_lines(scene, limits, memory),
        *_displays(scene, limits, zones),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (RANK[one.kind], one.since, one.about))), memory


def _first_seen(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    return {name: before.get(name, at) for name, at in now.items()}


# The house ------------------------------------------------------------------------------------


def _house(scene: Scene) -> Iterator[Alarm]:
    if not scene.ready:
        yield Alarm("journal")
    elif scene.short:
        yield Alarm("full")
    if scene.backup:
        yield Alarm("backup", since=scene.backup)


def _devices(scene: Scene) -> Iterator[Alarm]:
    for one in scene.printers:
        if one.reason:
            yield Alarm("printer", one.id, one.since, detail=one.reason)
        elif one.low:
            yield Alarm("paper", one.id)
    for panel in scene.panels:
        # A frame that was lost is sent again within seconds: no reason to run.
        if scene.now - panel.since >= PANEL:
            yield Alarm("panel", panel.id, panel.since, detail=panel.reason)


# Counters -------------------------------------------------------------------------------------


def _counters(scene: Scene, limits: Limits) -> Iterator[Alarm]:
    hall, now = scene.hall, scene.now
    for counter in hall.counters.values():
        if counter.alarm:
            yield Alarm("emergency", counter.id, counter.alarm)
        if counter.closing:
            yield Alarm("closing", counter.id, counter.closing.at)
        over = _break_over(counter, limits)
        if over and now >= over:
            yield Alarm("break", counter.id, over)
        ticket = hall.tickets.get(counter.current)
        if ticket and ticket.status == "called" and ticket.here:
            # Called again or not: how long has nobody come here?
            once = ticket.calls == ticket.here
            first = ticket.first_called if once else ticket.last_called
            if limits.unstarted and now - first >= limits.unstarted:
                yield Alarm("unstarted", counter.id, first, ticket.id)


def _absent(scene: Scene, limits: Limits) -> Iterator[Alarm]:
    """Counters that a shift plans and nobody has opened. One that says when it opens again, or
    that a supervisor let close in this shift, is where it should be."""
    hall, now = scene.hall, scene.now
    for name, plan in hall.plan.counters.items():
        counter = hall.counters[name]
        begun = max((_begun(hall, shift, now) for shift in plan.shifts), default=0)
        if not limits.absent or not begun or counter.state != "closed" or counter.reopens > now:
            continue
        if counter.since > begun and hall.plan.policy.closing_approval:
            continue
        since = max(begun, counter.since)
        if now - since >= limits.absent:
            yield Alarm("absent", name, since)


def _begun(hall: Hall, shift: str, now: int) -> int:
    """When the part of a shift began that lasts at `now`, the hall's hours permitting; 0: none."""
    hours, minute = hall.plan.hours, minute_of(now, hall.plan.hours)
    parts = overlap(hours.shifts.get(shift, ()), spans_on(local(now, hours).date(), hours))
    starts = [opens for opens, closes in parts if opens <= minute < closes]
    return now - now % MINUTE - (minute - starts[0]) * MINUTE if starts else 0


def _break_over(counter: Counter, limits: Limits) -> int:
    """When a break should be over; 0: never, or there is none."""
    if counter.state != "break":
        return 0
    return counter.until or (counter.since + limits.rest if limits.rest else 0)


def _idle_counters(hall: Hall) -> Iterator[str]:
    """Open counters with nobody at them and somebody to call."""
    for counter in hall.counters.values():
        if counter.state == "open" and not counter.current and next_up(hall, counter):
            yield counter.id


def _idle(scene: Scene, limits: Limits, memory: Memory) -> Iterator[Alarm]:
    hall = scene.hall
    for name, seen in memory.idle.items():
        since = max(seen, hall.counters[name].since)
        if limits.idle and scene.now - since >= limits.idle:
            yield Alarm("idle", name, since, next_up(hall, hall.counters[name]))


# Lines ----------------------------------------------------------------------------------------


def waits(hall: Hall) -> Iterator[tuple[str, int, int]]:
    """(line, when its longest wait began, how many wait) of each line with somebody in it."""
    for name, line in hall.lines.items():
        if line:
            yield name, oldest(line), len(line)


def oldest(line: Line) -> int:
    """When the longest wait in a line that isn't empty began: each class stands by arrival."""
    return min(ranks[0][0] for ranks in line.classes.values())


def _late_lines(scene: Scene, limits: Limits, before: frozenset[str]) -> Iterator[str]:
    """Late is late until the wait is a tenth below the limit: not with every call anew."""
    for name, since, _ in waits(scene.hall):
        least = limits.wait - (limits.wait // 10 if name in before else 0)
        if limits.wait and scene.now - since >= least:
            yield name


def _vain_lines(hall: Hall) -> Iterator[str]:
    for name, _, _ in waits(hall):
        if all(hall.counters[one].state == "closed" for one in servers(hall, name)):
            yield name


def _lines(scene: Scene, limits: Limits, memory: Memory) -> Iterator[Alarm]:
    for name, since, count in waits(scene.hall):
        if name in memory.vain:
            start = memory.vain[name]
            if limits.unserved and scene.now - start >= limits.unserved:
                yield Alarm("unserved", name, start, count=count)
                continue
        if name in memory.late:
            yield Alarm("late", name, since, count=count)
        seen = memory.over.get(name, scene.now)
        if limits.overrun and name in memory.over and scene.now - seen >= limits.overrun:
            yield Alarm("overrun", name, seen, count=count)


# Screens --------------------------------------------------------------------------------------


def _screens(scene: Scene, before: Mapping[str, Screens]) -> dict[str, Screens]:
    """While the hall is closed its screens may be switched off, and nothing is expected."""
    if closes_at(scene.now, scene.hall.plan.hours) is None:
        return {}
    return {
        zone: _counted(before.get(zone, Screens()), scene.displays.get(zone, 0), scene.now)
        for zone in {**before, **scene.displays}
    }


def _counted(seen: Screens, count: int, now: int) -> Screens:
    up = (*seen.up[:count], *[now] * (count - len(seen.up)))
    steady = sum(now - since >= STEADY for since in up)
    expected = max(seen.expected, steady)
    gone = (seen.gone or now) if count < expected else 0
    return Screens(up, expected, gone)


def _displays(scene: Scene, limits: Limits, zones: Mapping[str, Screens]) -> Iterator[Alarm]:
    for zone, seen in zones.items():
        if limits.display and seen.gone and scene.now - seen.gone >= limits.display:
            yield Alarm("display", zone, seen.gone, count=seen.expected - len(seen.up))
