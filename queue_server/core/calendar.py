"""The hall's day and its opening hours, from epoch milliseconds. Pure: it reads no clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from .plan import MINUTE, Hours, Spans

ALL_DAY: Spans = ((0, 24 * 60),)

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


def spans_on(day: date, hours: Hours) -> Spans:
    """When the hall is open on a date."""
    if hours.always:
        return ALL_DAY
    iso = day.isoformat()
    if iso in hours.exceptions:
        return hours.exceptions[iso]
    return () if iso in hours.holidays else hours.week[day.weekday()]


class Own(Protocol):
    """What has hours of its own, as `ServicePlan` has."""

    @property
    def week(self) -> tuple[Spans | None, ...]: ...
    @property
    def exceptions(self) -> dict[str, Spans]: ...


def hours_of(service: Own, hours: Hours) -> Hours:
    """The hours of a service: its own, as far as the hall is open then.

    A hall that is always open has neither holidays nor exceptions; a service in it may.
    """
    if not service.week and not service.exceptions:
        return hours
    if hours.always:
        hours = replace(hours, always=False, week=(ALL_DAY,) * 7, holidays={}, exceptions={})
    rows = service.week or (None,) * 7
    week = tuple(
        whole if own is None else overlap(own, whole)
        for own, whole in zip(rows, hours.week, strict=True)
    )
    dates = {**hours.exceptions, **service.exceptions}
    return replace(
        hours, week=week, exceptions={day: _exception(day, service, hours) for day in dates}
    )


def _exception(iso: str, service: Own, hours: Hours) -> Spans:
    """A service's hours on a date for which the hall or the service says something of its own."""
    day = date.fromisoformat(iso)
    own = service.week[day.weekday()] if service.week else None
    if iso in service.exceptions:
        own = service.exceptions[iso]
    whole = spans_on(day, hours)
    return whole if own is None else overlap(own, whole)


def overlap(one: Spans, other: Spans) -> Spans:
    """What lies in both."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted((start, end) for start, end in pairs if start < end))


def is_working_day(day: date, hours: Hours) -> bool:
    """Whether promised working days count this date: the hall's own days, without holidays.

    A hall that is always open, or never, counts Monday to Friday.
    """
    iso = day.isoformat()
    if iso in hours.exceptions and not hours.always:
        return bool(hours.exceptions[iso])
    if iso in hours.holidays:
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


def opening_after_today(now: int, hours: Hours) -> datetime | None:
    """The next opening that is not of this date."""
    midnight = at(local(now, hours).date() + timedelta(days=1), 0, hours)
    return next_opening(int(midnight.timestamp() * 1000) - 1, hours)


def open_time_left(now: int, hours: Hours) -> int:
    """Milliseconds for which the hall is still open on this date, breaks not counted."""
    day = local(now, hours).date()
    spans = ((_ms(at(day, o, hours)), _ms(at(day, c, hours))) for o, c in spans_on(day, hours))
    return sum(max(0, closes - max(opens, now)) for opens, closes in spans)


def minute_of(now: int, hours: Hours) -> int:
    """Minutes after the hall's midnight."""
    return (now - _ms(at(local(now, hours).date(), 0, hours))) // MINUTE


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def at(day: date, minute: int, hours: Hours) -> datetime:
    """A minute after midnight of a date, as an aware time."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone(hours.zone))
    return midnight + timedelta(minutes=minute)
