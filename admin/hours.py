"""The hall's hours as administrators see them: the week, what it means, the days ahead, the shifts,
the holidays of a year. Pure views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from babel.dates import format_date, get_day_names
from msgspec import Struct

from queue_server.config import DAYS, Config
from queue_server.config.sections import HolidaysSection
from queue_server.config.whole import closed_days
from queue_server.core.calendar import closes_at, local, minute_of, overlap, spans_on
from queue_server.core.model import CounterState, Hall
from queue_server.core.plan import Hours, Spans
from queue_server.web.i18n import clock_mark, locale_of

PATH = "/admin/hours"
AHEAD = 60
"""Days that the calendar shows."""


class Sum(Struct, frozen=True):
    """Spans as people read them, and how long they are together; "": closed."""

    text: str = ""
    hours: int = 0
    minutes: int = 0


class DayRow(Struct, frozen=True):
    """A weekday: as it is written, and what that means. `fault`: why it means nothing."""

    key: str
    name: str
    text: str
    sum: Sum


class Cell(Struct, frozen=True):
    """A date of the calendar. `why`: the holiday's name."""

    iso: str
    number: int
    month: str
    said: str
    weekday: int
    kind: Literal["open", "closed", "holiday", "exception"]
    sum: Sum
    why: str = ""


class Post(Struct, frozen=True):
    """A counter that a shift plans, and how it is now."""

    id: str
    name: str
    state: CounterState
    asked: bool
    """Its operator asks to close it."""


class ShiftRow(Struct, frozen=True):
    """A shift. `now`: it lasts; `posts`: the counters that it plans."""

    id: str
    name: str
    name_en: str
    hours: str
    sum: Sum
    now: bool
    posts: tuple[Post, ...] = ()
    saved: bool = True


class Leaving(Struct, frozen=True):
    """A counter whose operator asks to close it since `at`, or that opens again at `at`."""

    id: str
    name: str
    at: datetime


class Today(Struct, frozen=True):
    """How the hall stands now. `standing`: counters that are open, or on a break."""

    open: bool
    sum: Sum
    always: bool
    asked: tuple[Leaving, ...]
    back: tuple[Leaving, ...]
    standing: int


class DateRow(Struct, frozen=True):
    """A date with hours of its own."""

    iso: str
    said: str
    text: str
    sum: Sum
    over: bool


class HolidayRow(Struct, frozen=True):
    """A date that closes the hall, or would. `source`: of the library's national holidays, of its
    joint leave, or the hall's own; `on`: it does."""

    iso: str
    said: str
    name: str
    source: Literal["national", "joint", "own"]
    on: bool
    other: str = ""
    """It has hours all the same, by an exception: which."""


class HolidaysPage(Struct, frozen=True):
    """The holidays of a year."""

    year: int
    years: tuple[int, ...]
    rows: tuple[HolidayRow, ...]
    closed: int


def sum_of(spans: Spans, language: str) -> Sum:
    """What spans mean."""
    mark = clock_mark(language)

    def clock(minute: int) -> str:
        return f"{minute // 60:02}{mark}{minute % 60:02}"

    total = sum(closes - opens for opens, closes in spans)
    text = ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in spans)
    return Sum(text, total // 60, total % 60)


def written(spans: Spans) -> str:
    """Spans as the configuration has them."""
    return ", ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans)


def long_date(day: date, language: str) -> str:
    """Kamis, 24 Desember 2026."""
    return str(format_date(day, "EEEE, d MMMM y", locale=locale_of(language)))


def day_names(language: str) -> tuple[str, ...]:
    """Monday to Sunday."""
    names = get_day_names("wide", locale=locale_of(language))
    return tuple(names[day] for day in range(7))


def week_rows(texts: Mapping[str, str], week: Iterable[Spans], language: str) -> tuple[DayRow, ...]:
    """The seven days, as they were written."""
    names = day_names(language)
    return tuple(
        DayRow(key, names[at], texts[key], sum_of(spans, language))
        for at, (key, spans) in enumerate(zip(DAYS, week, strict=True))
    )


def calendar(hours: Hours, now: int, language: str, days: int = AHEAD) -> tuple[Cell, ...]:
    """Today and the days after it."""
    today = local(now, hours).date()
    return tuple(
        _cell(today + timedelta(days=ahead), ahead == 0, hours, language) for ahead in range(days)
    )


def _cell(day: date, first: bool, hours: Hours, language: str) -> Cell:
    iso, spans = day.isoformat(), spans_on(day, hours)
    kind: Literal["open", "closed", "holiday", "exception"] = "open" if spans else "closed"
    name = "" if hours.always else hours.holidays.get(iso, "")
    if not hours.always and iso in hours.exceptions:
        kind = "exception"
    elif name:
        kind = "holiday"
    starts = first or day.day == 1
    return Cell(
        iso=iso,
        number=day.day,
        month=str(format_date(day, "MMM", locale=locale_of(language))) if starts else "",
        said=long_date(day, language),
        weekday=day.isoweekday(),
        kind=kind,
        sum=sum_of(spans, language),
        why=name,
    )


def shift_rows(
    config: Config, hall: Hall, names: Mapping[str, str], now: int, language: str
) -> tuple[ShiftRow, ...]:
    """The shifts with the counters that each plans. `names`: counter id -> name."""
    hours, minute = hall.plan.hours, minute_of(now, hall.plan.hours)
    today = spans_on(local(now, hours).date(), hours)
    rows = []
    for id, one in config.shifts.items():
        spans = hours.shifts.get(id, ())
        lasts = any(opens <= minute < closes for opens, closes in overlap(spans, today))
        posts = tuple(
            Post(name, names.get(name, plan.name), hall.counters[name].state,
                 hall.counters[name].closing is not None)
            for name, plan in hall.plan.counters.items()
            if id in plan.shifts
        )  # fmt: skip
        rows.append(
            ShiftRow(id, one.name, one.name_en, one.hours, sum_of(spans, language), lasts, posts)
        )
    return tuple(rows)


def today_of(hall: Hall, names: Mapping[str, str], now: int, language: str) -> Today:
    """The door now, and the counters that are on their way to close or to open again."""
    hours, counters = hall.plan.hours, hall.counters.values()
    moments = {one.id: one.closing.at for one in counters if one.closing}
    back = {one.id: one.reopens for one in counters if one.state == "closed" and one.reopens > now}
    return Today(
        open=closes_at(now, hours) is not None,
        sum=sum_of(spans_on(local(now, hours).date(), hours), language),
        always=hours.always,
        asked=tuple(Leaving(id, names.get(id, id), local(at, hours)) for id, at in moments.items()),
        back=tuple(Leaving(id, names.get(id, id), local(at, hours)) for id, at in back.items()),
        standing=sum(one.state != "closed" for one in counters),
    )


def date_rows(hours: Hours, now: int, language: str) -> tuple[DateRow, ...]:
    """The exceptions of the hall, in order."""
    today = local(now, hours).date().isoformat()
    return tuple(
        DateRow(
            iso, long_date(date.fromisoformat(iso), language), written(spans),
            sum_of(spans, language), iso < today,
        )
        for iso, spans in sorted(hours.exceptions.items())
    )  # fmt: skip


def holidays_page(
    section: HolidaysSection, hours: Hours, year: int, now: int, language: str
) -> HolidaysPage:
    """A year's dates: the library's, also those that are worked, and the hall's own."""
    national = closed_days(HolidaysSection(joint_leave=False), (year,))
    joint = closed_days(HolidaysSection(national=False), (year,))
    own = {day: name for day, name in section.extra.items() if day.startswith(f"{year}-")}
    seeds = HolidaysSection(section.national, section.joint_leave)
    closed = {*closed_days(seeds, (year,)), *own}
    rows = []
    for iso in sorted({**national, **joint, **own}):
        kind: Literal["national", "joint", "own"] = "own"
        if iso in national or iso in joint:
            kind = "national" if iso in national else "joint"
        name = own.get(iso) or national.get(iso) or joint[iso]
        said = long_date(date.fromisoformat(iso), language)
        other = sum_of(hours.exceptions.get(iso, ()), language).text
        on = iso in closed and iso not in section.work
        rows.append(HolidayRow(iso, said, name, kind, on, other))
    this = local(now, hours).date().year
    return HolidaysPage(
        year, (this, this + 1, this + 2), tuple(rows),
        sum(row.on and not row.other for row in rows),
    )  # fmt: skip
