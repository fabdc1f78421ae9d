"""The hall's day and its opening hours, from epoch milliseconds. Pure: it reads no clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .plan import Hours

DAYS_AHEAD = 14
"""How far `next_opening` looks: a hall closed for longer says no time at all."""


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name."""
    return ZoneInfo(name)


def local(now: int, hours: Hours) -> datetime:
    """Epoch milliseconds as the hall's own time."""
    return datetime.fromtimestamp(now / 1000, zone(hours.zone))


def offset_minutes(now: int, hours: Hours) -> int:
    """Minutes that the hall's clock is ahead of UTC at that moment."""
    offset = local(now, hours).utcoffset()
    assert offset is not None, "a zone has an offset"
    return int(offset.total_seconds() // 60)


def day_of(now: int, hours: Hours) -> str:
    """The hall's date (ISO) at that moment: numbers restart with it."""
    return local(now, hours).date().isoformat()


def closes_at(now: int, hours: Hours) -> datetime | None:
    """When the hall's present opening ends; None when it is closed now."""
    moment = local(now, hours)
    if hours.always:
        return _at(moment.date(), 24 * 60, hours)
    minute = moment.hour * 60 + moment.minute
    for opens, closes in hours.week[moment.weekday()]:
        if opens <= minute < closes:
            return _at(moment.date(), closes, hours)
    return None


def next_opening(now: int, hours: Hours) -> datetime | None:
    """The next time at which the hall opens, within `DAYS_AHEAD` days."""
    moment = local(now, hours)
    for ahead in range(DAYS_AHEAD + 1):
        day = moment.date() + timedelta(days=ahead)
        for opens, _ in hours.week[day.weekday()]:
            start = _at(day, opens, hours)
            if start > moment:
                return start
    return None


def _at(day: date, minute: int, hours: Hours) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone(hours.zone))
    return midnight + timedelta(minutes=minute)
