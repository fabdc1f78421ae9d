"""What the parts of a report are called, in one language: days, hours, classes, channels. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from queue_server.core.plan import MINUTE
from queue_server.reports.document import CHANNELS, UNKNOWN
from queue_server.reports.query import Dimension
from queue_server.web.i18n import clock_mark, locale_of

from .report_asked import NUMBERED, Span

NONE = "none"
"""How an address names what has no value: no class, no shift."""
DASH, SAME = "–", "±0%"


class Parts:
    """Names of a dimension's values, and numbers as people of the language write them. `known` is
    what the house calls a value."""

    def __init__(self, known: Callable[[Dimension, str], str], language: str) -> None:
        self.language = language
        self._known, self._locale = known, locale_of(language)

    def name(self, by: Dimension, key: str) -> str:
        """What a value of a dimension is called; one that is none, as it is written."""
        if by == "day":
            return self._date(date.fromisoformat(key), "EEE d MMM y")
        if by == "week":
            return self.span(week_of(key))
        if by == "month":
            return self._date(date.fromisoformat(f"{key}-01"), "MMMM y").capitalize()
        if by == "hour" and key in NUMBERED[by]:
            mark = clock_mark(self.language)
            return f"{int(key):02}{mark}00–{int(key) + 1:02}{mark}00"
        if by == "channel" and key in CHANNELS:
            return CHANNELS[key].of(self.language)
        if by in ("hour", "channel") or (by == "weekday" and key not in NUMBERED[by]):
            return key
        if by in ("priority", "shift"):
            return self._known(by, "" if key == NONE else key)
        return self._known(by, key) if key else UNKNOWN.of(self.language)

    def span(self, span: Span) -> str:
        """Like "1–25 November 2026"."""
        first, last = span.first, span.last
        end = self._date(last, "d MMMM y")
        if first == last:
            return self._date(first, "EEEE, d MMMM y")
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{end}"
        start = self._date(first, "d MMMM" if first.year == last.year else "d MMMM y")
        return f"{start} – {end}"

    def whole(self, number: int) -> str:
        """Like "12.345"."""
        return str(format_decimal(number, locale=self._locale))

    def minutes(self, ms: float) -> str:
        """Milliseconds as minutes: "12,5"."""
        return self.decimal(ms / MINUTE)

    def decimal(self, number: float) -> str:
        """One place behind the comma."""
        return str(format_decimal(number, format="#,##0.0", locale=self._locale))

    def percent(self, part: float, whole: float) -> str:
        """Like "83 %"; a dash of nothing."""
        if not whole:
            return DASH
        return str(format_percent(part / whole, locale=self._locale))

    def change(self, now: float, before: float) -> str:
        """How much more or less, in per cent; "" of nothing."""
        if not before:
            return ""
        share = round(100 * (now - before) / before)
        return f"+{share}%" if share > 0 else f"−{-share}%" if share < 0 else SAME

    def _date(self, day: date, form: str) -> str:
        return str(format_date(day, form, locale=self._locale))


def week_of(key: str) -> Span:
    """The days of a week's name, "2026-W48". Raises ValueError."""
    year, _, week = key.partition("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return Span(monday, monday + timedelta(days=6))
