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


def spans_on(day: date, hours: Hours) -> tuple[tuple[int, int], ...]:
    """When the hall is open on a date: (opens, closes) in minutes after midnight, in order."""
    if hours.always:
        return ((0, 24 * 60),)
    return () if day.isoformat() in hours.holidays else hours.week[day.weekday()]


def is_working_day(day: date, hours: Hours) -> bool:
    """Whether promised working days count this date: the hall's own days, without holidays.

    A hall that is always open, or never, counts Monday to Friday.
    """
    if day.isoformat() in hours.holidays:
        return False
    if hours.always or not any(hours.week):
        return day.weekday() < 5
    return bool(hours.week[day.weekday()])


def add_working_days(day: date, count: int, hours: Hours) -> date:
    """The date that is `count` working days after `day`, which itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, hours)
    return day


def closes_at(now: int, hours: Hours) -> datetime | None:
    """When the hall's present opening ends; None when it is closed now."""
    moment = local(now, hours)
    minute = moment.hour * 60 + moment.minute
    for opens, closes in spans_on(moment.date(), hours):
        if opens <= minute < closes:
            return at(moment.date(), closes, hours)
    return None


def next_opening(now: int, hours: Hours) -> datetime | None:
    """The next time at which the hall opens, within `DAYS_AHEAD` days."""
    moment = local(now, hours)
    for ahead in range(DAYS_AHEAD + 1):
        day = moment.date() + timedelta(days=ahead)
        for opens, _ in spans_on(day, hours):
            start = at(day, opens, hours)
            if start > moment:
                return start
    return None


def at(day: date, minute: int, hours: Hours) -> datetime:
    """A minute after midnight of a date, as an aware time."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone(hours.zone))
    return midnight + timedelta(minutes=minute)
