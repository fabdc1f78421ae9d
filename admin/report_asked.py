"""What a report is asked: an address read, spans of days worked out of it. Pure.

Everything is in the address, so that a report can be kept, sent and opened again.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from queue_server.reports.query import Dimension

T = TypeVar("T", bound=str)
Kind = Literal["day", "week", "month", "quarter", "year", "dates"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Against = Literal["", "before", "year"]
"""What a period is compared with: nothing, the one before it, the same one a year ago."""
AGAINST: tuple[Against, ...] = get_args(Against)
FILTERS: tuple[Dimension, ...] = (
    "agency", "service", "zone", "counter", "operator", "priority", "channel", "shift", "weekday",
    "hour",
)  # fmt: skip
"""What figures can be narrowed to."""
NUMBERED: dict[Dimension, tuple[str, ...]] = {
    "weekday": tuple("1234567"), "hour": tuple(map(str, range(24))),
}  # fmt: skip
"""What has no names of the catalogue's: its values."""
GROUPS: tuple[Dimension, ...] = ("day", "week", "month", *FILTERS)
"""What they can be grouped by."""
DAYS, WEEKS = 45, 130
"""Up to so many days a period is looked at by days, or by weeks."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}
WEEKS_OF_A_YEAR = timedelta(weeks=52)
"""What a day or a week is compared with a year ago: a day of the same name."""
LONGEST = 64
"""Characters of an id in an address."""
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Span(Struct, frozen=True):
    """Days from the first to the last, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


class Asked(Struct, frozen=True):
    """A report as an address asks for it; "" is anything. `day` is one of the period's days; from
    `since` to `until` where the period is "dates". `filters`: (dimension, value), in their order.
    """

    period: Kind = "day"
    day: str = ""
    since: str = ""
    until: str = ""
    by: Dimension = ""
    against: Against = ""
    filters: tuple[tuple[Dimension, str], ...] = ()

    def filter(self, name: Dimension) -> str:
        """What a dimension is narrowed to, or ""."""
        return dict(self.filters).get(name, "")

    def narrowed(self, name: Dimension, value: str, **other: Any) -> Asked:
        """The same for one value of a dimension ("": for any), with these changes."""
        kept = dict(self.filters) | {name: value}
        filters = tuple((one, kept[one]) for one in FILTERS if kept.get(one))
        return msgspec.structs.replace(self, filters=filters, **other)

    @property
    def query(self) -> str:
        """As an address has it."""
        fields = msgspec.structs.asdict(self) | dict(self.filters)
        del fields["filters"]
        return urlencode({name: value for name, value in fields.items() if value})


def asked_of(given: Callable[[str], str], today: date) -> Asked:
    """An address's parameters; what makes no sense is left out. A period is grouped by the parts
    that it is usually looked at in, unless something else is asked for."""
    asked = _period(given, today)
    by, against = given("by"), given("against")
    return msgspec.structs.replace(
        asked,
        by=_member(GROUPS, by, usual(asked)),
        against=_member(AGAINST, against, ""),
        filters=tuple((by, value) for by in FILTERS if (value := _value(by, given(by)))),
    )


def usual(asked: Asked) -> Dimension:
    """The parts that a period is looked at in."""
    if asked.period == "day":
        return "hour"
    days = whole(asked).days
    return "day" if days <= DAYS else "week" if days <= WEEKS else "month"


def _value(by: Dimension, text: str) -> str:
    """A filter's value, or "" for what can be none."""
    value = " ".join(text.split())[:LONGEST]
    return value if value in NUMBERED.get(by, (value,)) else ""


def _period(given: Callable[[str], str], today: date) -> Asked:
    """The period; dates that are a whole month are that month, and so on."""
    kind = _member(KINDS, given("period"), "day")
    if kind != "dates":
        return Asked(kind, day=(_day(given("day")) or today).isoformat())
    since, until = sorted([_day(given("since")) or today, _day(given("until")) or today])
    for known in KINDS[:-1]:
        asked = Asked(known, day=since.isoformat())
        if whole(asked) == Span(since, until):
            return asked
    return Asked(kind, since=since.isoformat(), until=until.isoformat())


def _member(known: tuple[T, ...], text: str, otherwise: T) -> T:
    return next((one for one in known if one == text), otherwise)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


# Spans ----------------------------------------------------------------------------------------


def whole(asked: Asked) -> Span:
    """The period's days, also those that are still to come."""
    if asked.period == "dates":
        return Span(date.fromisoformat(asked.since), date.fromisoformat(asked.until))
    day = date.fromisoformat(asked.day)
    if asked.period == "day":
        return Span(day, day)
    if asked.period == "week":
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6))
    months = MONTHS[asked.period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Span(first, _months_on(first, months) - timedelta(days=1))


def until(span: Span, today: date) -> Span:
    """As much of it as has come; all of it where none has."""
    return Span(span.first, min(span.last, today)) if span.first <= today else span


def compared(asked: Asked, today: date) -> Span | None:
    """What the period is compared with: as many days of it as have come of the period itself."""
    if not asked.against:
        return None
    own = whole(asked)
    other = _year_before(asked, own) if asked.against == "year" else whole(turned(asked, -1))
    passed = until(own, today).days
    if passed == own.days:
        return other
    return Span(other.first, min(other.last, other.first + timedelta(days=passed - 1)))


def turned(asked: Asked, by: int) -> Asked:
    """The next period (or by -1 the one before) of the same kind and length."""
    own = whole(asked)
    if asked.period in MONTHS:
        first = _months_on(own.first, by * MONTHS[asked.period])
        return msgspec.structs.replace(asked, day=first.isoformat())
    step = timedelta(days=by * own.days)
    if asked.period == "dates":
        since, until = own.first + step, own.last + step
        return msgspec.structs.replace(asked, since=since.isoformat(), until=until.isoformat())
    return msgspec.structs.replace(asked, day=(own.first + step).isoformat())


def _year_before(asked: Asked, own: Span) -> Span:
    if asked.period in MONTHS:
        first = _months_on(own.first, -12)
        return Span(first, _months_on(first, MONTHS[asked.period]) - timedelta(days=1))
    return Span(own.first - WEEKS_OF_A_YEAR, own.last - WEEKS_OF_A_YEAR)


def _months_on(first: date, months: int) -> date:
    """The first of a month, so many months on."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
