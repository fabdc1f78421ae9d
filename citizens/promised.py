"""What the hall promises, as pages show it: hours of the week, charter, ways to complain. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from babel.dates import format_date, get_day_names
from msgspec import Struct

from queue_server.catalogue import Agency, Catalogue
from queue_server.core.calendar import local, spans_on
from queue_server.core.plan import Hours, Spans
from queue_server.promises import Channel
from queue_server.web.i18n import clock_mark, locale_of

AHEAD = 45
"""Days for which special dates are told."""


class Way(Struct, frozen=True):
    """A channel for complaints; `href` is "" for one that is no link."""

    kind: str
    name: str
    value: str
    href: str


class Limit(Struct, frozen=True):
    """How long an answer may take at most: `days`, working days where `working`."""

    what: str
    days: int
    working: bool


class Complaining(Struct, frozen=True):
    """Where to complain, an agency's own channels first, and the clocks."""

    own: tuple[Way, ...]
    hall: tuple[Way, ...]
    clocks: tuple[Limit, ...]
    source: str


class DayHours(Struct, frozen=True):
    """A weekday and its spans, "08.00–11.30"; none: closed."""

    day: str
    spans: tuple[str, ...]


class SpecialDay(Struct, frozen=True):
    """A date that is not as its weekday usually is; `name`: the holiday's, or ""."""

    day: str
    spans: tuple[str, ...]
    name: str


class CharterPage(Struct, frozen=True):
    """The service charter."""

    name: str
    place: str
    promise: tuple[str, ...]
    signed: str
    signed_at: str
    always: bool
    week: tuple[DayHours, ...]
    special: tuple[SpecialDay, ...]
    complaining: Complaining


def charter_page(
    catalogue: Catalogue, hours: Hours, language: str, place: str, now: int
) -> CharterPage:
    """The charter with hours and complaints."""
    charter = catalogue.charter
    return CharterPage(
        name=catalogue.name.of(language),
        place=place,
        promise=tuple(text.of(language) for text in charter.promise),
        signed=charter.signed,
        signed_at=", ".join(filter(None, (charter.place, charter.date))),
        always=hours.always,
        week=week(hours, language),
        special=special_days(hours, now, language, AHEAD),
        complaining=complaining(catalogue, None, language),
    )


def complaining(catalogue: Catalogue, agency: Agency | None, language: str) -> Complaining:
    """The channels of an agency and of the hall."""
    told = catalogue.complaints
    own = agency.channels if agency else ()
    return Complaining(
        own=tuple(_way(one, language) for one in own),
        hall=tuple(_way(one, language) for one in told.channels),
        clocks=tuple(Limit(one.what.of(language), one.days, one.working) for one in told.clocks),
        source=told.source,
    )


def week(hours: Hours, language: str) -> tuple[DayHours, ...]:
    """Monday to Sunday in words of the language."""
    names = get_day_names("wide", locale=locale_of(language))
    return tuple(
        DayHours(names[day], _spans(spans, language)) for day, spans in enumerate(hours.week)
    )


def special_days(hours: Hours, now: int, language: str, ahead: int) -> tuple[SpecialDay, ...]:
    """The dates from today on that are not as their weekday usually is."""
    if hours.always:
        return ()
    today = local(now, hours).date()
    days = (today + timedelta(days=count) for count in range(ahead))
    return tuple(
        SpecialDay(
            str(format_date(day, "EEEE, d MMMM", locale=locale_of(language))),
            _spans(spans_on(day, hours), language),
            hours.holidays.get(day.isoformat(), ""),
        )
        for day in days
        if spans_on(day, hours) != hours.week[day.weekday()]
    )


def _spans(spans: Spans, language: str) -> tuple[str, ...]:
    mark = clock_mark(language)

    def clock(minutes: int) -> str:
        return f"{minutes // 60:02}{mark}{minutes % 60:02}"

    return tuple(f"{clock(opens)}–{clock(closes)}" for opens, closes in spans)


def _way(channel: Channel, language: str) -> Way:
    value = channel.value
    links = {
        "phone": f"tel:{re.sub(r'[^0-9+]', '', value)}",
        "sms": f"sms:{re.sub(r'[^0-9+]', '', value)}",
        "whatsapp": f"https://wa.me/{re.sub(r'[^0-9]', '', value)}",
        "email": f"mailto:{value}",
        "web": value if value.startswith("https://") else f"https://{value}",
    }
    href = links.get(channel.kind, "") if value else ""
    return Way(channel.kind, channel.name.of(language), value.removeprefix("https://"), href)
