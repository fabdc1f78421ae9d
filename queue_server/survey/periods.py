"""The periods of a survey: quarters, halves, years, or any span of dates. Pure.

A period's id is its name in addresses: `2026`, `2026-s1`, `2026-q4`, `2026-03-01--2026-05-31`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

from ..catalogue import Text

NAMED = re.compile(r"(2[0-9]{3})(?:-(?:s([12])|q([1-4])))?")
SPAN = re.compile(r"(\d{4}-\d\d-\d\d)--(\d{4}-\d\d-\d\d)")
ROMAN = ("I", "II", "III", "IV")


class Period(Struct, frozen=True):
    """From the first to the last day, both counted (ISO dates)."""

    id: str
    name: Text
    first: str
    last: str


def period(id: str) -> Period:
    """The period of that id. Raises ValueError for what is none."""
    named = NAMED.fullmatch(id)
    if named:
        year, half, quarter = int(named[1]), named[2], named[3]
        if quarter:
            number = int(quarter)
            name = Text(f"Triwulan {ROMAN[number - 1]} {year}", f"Quarter {number} of {year}")
            return _months(id, name, year, 3 * number - 2, 3)
        if half:
            number = int(half)
            name = Text(f"Semester {ROMAN[number - 1]} {year}", f"Half {number} of {year}")
            return _months(id, name, year, 6 * number - 5, 6)
        return _months(id, Text(f"Tahun {year}", f"Year {year}"), year, 1, 12)
    return _span(id)


def quarter_of(day: date) -> Period:
    """The quarter that a day is in."""
    return period(f"{day.year}-q{(day.month + 2) // 3}")


def choices(day: date, years: int = 2) -> list[Period]:
    """The periods that a report may be asked for on a day: this year's and the years before."""
    found = []
    for year in range(day.year, day.year - years, -1):
        ids = [
            str(year),
            *(f"{year}-s{n}" for n in (2, 1)),
            *(f"{year}-q{n}" for n in (4, 3, 2, 1)),
        ]
        found += [one for one in map(period, ids) if one.first <= day.isoformat()]
    return found


def _months(id: str, name: Text, year: int, month: int, count: int) -> Period:
    first = date(year, month, 1)
    end = month + count
    after = date(year + end // 13, end if end <= 12 else 1, 1)
    return Period(id, name, first.isoformat(), (after - timedelta(days=1)).isoformat())


def _span(id: str) -> Period:
    match = SPAN.fullmatch(id)
    if match is None:
        raise ValueError(f"expected 2026, 2026-s1, 2026-q4 or two dates, found {id[:40]!r}")
    first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2])
    if first > last or (last - first).days > 366:
        raise ValueError("expected a first day before the last, and at most a year")
    name = Text(f"{_day(first)}–{_day(last)}", f"{first} to {last}")
    return Period(id, name, first.isoformat(), last.isoformat())


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
