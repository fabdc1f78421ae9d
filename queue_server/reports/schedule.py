"""When a report that is made by itself is due, and of which days. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from ..config import ReportSection

BACK = 31
"""Periods that are made up for: a hall's server is off at weekends, and over longer holidays."""


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date


def due(section: ReportSection, now: datetime) -> Period:
    """The newest period whose report's time has come: at `at` on the day after its end."""
    at = time.fromisoformat(section.at) if section.at else time()
    day = now.date() if now.time() >= at else now.date() - timedelta(days=1)
    if section.every == "day":
        return Period(day - timedelta(days=1), day - timedelta(days=1))
    if section.every == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday - timedelta(days=7), monday - timedelta(days=1))
    last = day.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)


def waiting(section: ReportSection, now: datetime, made: str) -> tuple[Period, ...]:
    """The periods that are due and end after the day `made` (ISO; "": nothing was made yet), the
    newest first, at most BACK of them."""
    found: list[Period] = []
    while len(found) < BACK:
        period = due(section, now)
        if period.last.isoformat() <= made:
            break
        found.append(period)
        now = datetime.combine(period.last, time.max)  # when the one before was the newest
    return tuple(found)
