"""When an application is due: the service's promised duration, counted while it is the agency's
turn. Pure: hours and times are given.

Working days are counted from the day after the registration; the last of them is the due day, to
its end. Minutes are counted while the hall is open. While an application needs correction the
time stands still: what was left of it counts on from the day after the papers came back. A
promise that was broken before stays broken. Ready, rejected or withdrawn, the time has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from ..core.calendar import add_working_days, at, is_working_day, local, spans_on
from ..core.plan import MINUTE, Hours
from .states import RUNNING, STOPPED, Passed

LONGEST = 3660
"""Days that a due time in minutes is looked for: a hall without hours has none."""


class Promise(Struct, frozen=True):
    """A published duration: working days, or else minutes; neither: none was published."""

    days: int = 0
    minutes: int = 0


class Standing(Struct, frozen=True):
    """How an application stands to its promise.

    `due` is the first moment (epoch ms) that is too late, 0: none (not promised, or standing
    still). `late_days` are working days after the due day; late on the day itself or at a
    weekend, they are 0. `left` are working days that remain while it stands still.
    """

    clock: Literal["none", "running", "stopped", "ended"]
    due: int = 0
    late: bool = False
    late_days: int = 0
    left: int = 0


class Run(Struct, frozen=True):
    """A stretch of the agency's time; `end` 0: it still runs."""

    start: int
    end: int


def standing(promise: Promise, passed: Sequence[Passed], now: int, hours: Hours) -> Standing:
    """How it stands at `now`. `passed` holds its states in order, the registration first."""
    if not promise.days and not promise.minutes:
        return Standing("none")
    state, found = passed[-1].state, list(runs(passed))
    clock: Literal["running", "stopped", "ended"] = (
        "running" if state in RUNNING else "stopped" if state == STOPPED else "ended"
    )
    over = now if clock == "running" else found[-1].end
    if clock == "ended":  # the last run might have gone on: when would it have been due?
        found[-1] = Run(found[-1].start, 0)
    if promise.days:
        due, left = _in_days(promise.days, found, hours)
    else:
        due, left = _in_minutes(promise.minutes, found, hours), 0
    late = bool(due) and over >= due
    days = _late_days(due, [*found[:-1], Run(found[-1].start, over)], hours) if late else 0
    return Standing(clock, due, late, days, 0 if due else left)


def runs(passed: Sequence[Passed]) -> Iterator[Run]:
    """The stretches in which it was the agency's turn."""
    start = 0
    for one in passed:
        if one.state in RUNNING:
            start = start or one.at
        elif start:
            yield Run(start, one.at)
            start = 0
    if start:
        yield Run(start, 0)


def soon(now: int, days: int, hours: Hours) -> int:
    """The end (epoch ms, exclusive) of the day that is so many working days from now."""
    return _end_of(add_working_days(local(now, hours).date(), days, hours), hours)


def _in_days(days: int, found: Sequence[Run], hours: Hours) -> tuple[int, int]:
    """(due, 0), or (0, days left) when it stands still before its end."""
    left = days
    for run in found:
        first = local(run.start, hours).date()
        due = add_working_days(first, left, hours)
        if not left and not is_working_day(first, hours):
            due = add_working_days(first, 1, hours)
        last = local(run.end, hours).date() if run.end else date.max
        if due < last:
            return _end_of(due, hours), 0
        left = max(0, left - _working_days(first, last, hours))
    return 0, left


def _in_minutes(minutes: int, found: Sequence[Run], hours: Hours) -> int:
    """When the last promised minute has passed; 0 when it stands still before."""
    left = minutes * MINUTE
    for run in found:
        for opens, closes in _open_spans(run.start, hours):
            begins, ends = max(run.start, opens), min(run.end or closes, closes)
            if ends - begins >= left:
                return begins + left
            left -= max(0, ends - begins)
            if run.end and run.end <= closes:
                break
    return 0


def _open_spans(start: int, hours: Hours) -> Iterator[tuple[int, int]]:
    """When the hall is open from a moment on (epoch ms); without hours, around the clock."""
    day = local(start, hours).date()
    closed = not hours.always and not any(hours.week)
    for ahead in range(LONGEST):
        one = day + timedelta(days=ahead)
        for opens, closes in ((0, 24 * 60),) if closed else spans_on(one, hours):
            closes_ms = _ms(one, closes, hours)
            if closes_ms > start:
                yield _ms(one, opens, hours), closes_ms


def _late_days(due: int, found: Sequence[Run], hours: Hours) -> int:
    """Working days of the agency's own time after the due day."""
    due_day = local(due - 1, hours).date()
    spent = 0
    for run in found:
        first, last = local(run.start, hours).date(), local(run.end, hours).date()
        spent += _working_days(max(first, due_day), last, hours)
    return spent


def _working_days(after: date, last: date, hours: Hours) -> int:
    """Working days after a date, up to another and with it."""
    return sum(
        is_working_day(after + timedelta(days=ahead), hours)
        for ahead in range(1, (last - after).days + 1)
    )


def _end_of(day: date, hours: Hours) -> int:
    return _ms(day + timedelta(days=1), 0, hours)


def _ms(day: date, minute: int, hours: Hours) -> int:
    return int(at(day, minute, hours).timestamp() * 1000)
