"""When a report that is made by itself is due, and of which days. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from ..config import ReportSection


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
