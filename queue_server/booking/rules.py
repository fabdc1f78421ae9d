"""When a service can be booked: its sessions, their quota, and who may still take a place. Pure.

What a service's catalogue entry, its agency's and the configuration say is merged into `Terms`.
Services of an agency share its sessions and quota (one *pool*), except those that set sessions,
session length or quota of their own. Times are epoch ms, minutes count from midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, TypeVar

from msgspec import Struct

from ..catalogue import BookingRules, Catalogue
from ..config import DAYS, BookingSection, spans
from ..core.calendar import at, hours_of, local, spans_on
from ..core.plan import MINUTE, Hours, Spans
from ..timetable import own_exceptions, own_week

Value = TypeVar("Value")
Span = tuple[int, int]
Trouble = Literal["", "closed", "far", "late"]
"""Why a session takes no booking now: there is none, it is too far ahead, it is too near."""


class Terms(Struct, frozen=True):
    """How one service is booked. `spans` empty: the hall's hours, cut into pieces of `length`
    minutes. `cutoff`: the minute of the day before after which a day is closed, or None."""

    service: str
    agency: str
    pool: str
    open: bool
    remote: bool
    spans: tuple[Span, ...]
    length: int
    quota: int
    weekdays: tuple[int, ...]
    closed: tuple[date, ...]
    horizon: int
    lead: int
    cutoff: int | None
    week: tuple[Spans | None, ...] = ()
    exceptions: dict[str, Spans] = {}
    """The service's own hours within the hall's, as in `ServicePlan`."""


class Key(Struct, frozen=True, order=True):
    """What names a session: its pool, its ISO date, the minute at which it starts."""

    pool: str
    day: str
    start: int


class Session(Struct, frozen=True):
    """A session of a day. `begins` and `ends` are epoch ms."""

    key: Key
    end: int
    quota: int
    begins: int
    ends: int


def terms_of(catalogue: Catalogue, section: BookingSection, service: str) -> Terms:
    """The terms of a service. Raises KeyError: there is no such service."""
    own, agency = catalogue.services[service], catalogue.agency_of(service)
    nothing = BookingRules(open=section.open)
    mine, theirs = own.booking or BookingRules(), agency.booking or nothing
    apart = bool(mine.sessions or mine.minutes or mine.quota)
    lengths = [mine.minutes, None if mine.sessions else theirs.minutes, section.session_minutes]
    texts = mine.sessions or (() if mine.minutes else theirs.sessions)
    weekdays = mine.weekdays or theirs.weekdays or DAYS
    return Terms(
        service=service,
        agency=agency.id,
        pool=f"{agency.id}/{service}" if apart else agency.id,
        open=section.enabled and (mine.open if own.booking else theirs.open),
        remote=section.enabled and bool(_first(mine.remote, theirs.remote, section.remote)),
        spans=spans(", ".join(texts)),
        length=_first(*lengths),
        quota=_first(mine.quota, theirs.quota, section.quota),
        weekdays=tuple(DAYS.index(day) for day in weekdays),
        closed=(*mine.closed, *theirs.closed),
        horizon=_first(mine.horizon_days, theirs.horizon_days, section.horizon_days),
        lead=_first(mine.lead_minutes, theirs.lead_minutes, section.lead_minutes),
        cutoff=_minute(_first(mine.cutoff, theirs.cutoff, section.cutoff)),
        week=own_week(agency, own),
        exceptions=own_exceptions(agency, own),
    )


@lru_cache(maxsize=4)
def every_terms(catalogue: Catalogue, section: BookingSection) -> tuple[Terms, ...]:
    """The terms of all services, in the catalogue's order; worked out once for a catalogue."""
    return tuple(terms_of(catalogue, section, service) for service in catalogue.services)


def sessions_on(terms: Terms, day: date, hours: Hours) -> tuple[Session, ...]:
    """The sessions of a date, in order: none on holidays, on other weekdays, when it is closed.

    A session lies within one opening of the hall, and of the service: none runs through the Friday
    prayer. What is left of an opening after the last whole piece is for those who walk in.
    """
    if not terms.open or day.weekday() not in terms.weekdays or day in terms.closed:
        return ()
    open_spans, own_spans = spans_on(day, hours), spans_on(day, hours_of(terms, hours))
    pieces = terms.spans or tuple(_pieces(open_spans, terms.length))
    return tuple(
        Session(
            Key(terms.pool, day.isoformat(), start), end, terms.quota,
            _ms(day, start, hours), _ms(day, end, hours),
        )
        for start, end in pieces
        if any(opens <= start and end <= closes for opens, closes in own_spans)
    )  # fmt: skip


def trouble_with(terms: Terms, session: Session, hours: Hours, now: int) -> Trouble:
    """Whether a session can be booked at `now`, places aside; "" when it can."""
    if not terms.open:
        return "closed"
    today, day = local(now, hours).date(), date.fromisoformat(session.key.day)
    if (day - today).days > terms.horizon:
        return "far"
    if now > session.begins - terms.lead * MINUTE:
        return "late"
    if terms.cutoff is not None and now >= _ms(day - timedelta(days=1), terms.cutoff, hours):
        return "late"
    return ""


def days_ahead(terms: Terms, hours: Hours, now: int) -> Iterator[date]:
    """Today and the days within the horizon."""
    today = local(now, hours).date()
    return (today + timedelta(days=ahead) for ahead in range(terms.horizon + 1))


def find_session(terms: Terms, day: str, start: int, hours: Hours) -> Session | None:
    """The session of that date which starts at that minute."""
    try:
        found = sessions_on(terms, date.fromisoformat(day), hours)
    except ValueError:
        return None
    return next((one for one in found if one.key.start == start), None)


Timing = Literal["now", "early", "late", "ahead", "past"]


def timing(
    begins: int, ends: int, section: BookingSection, hours: Hours, now: int
) -> tuple[Timing, int]:
    """Whether who booked can check in at `now`, and the epoch ms that says why not.

    On its day "early" and "late" come with that edge of the `window`, "ahead" and "past" (another
    day) with `begins`.
    """
    opens, closes = window(begins, ends, section, hours)
    day, today = local(begins, hours).date(), local(now, hours).date()
    if day != today:
        return ("ahead" if day > today else "past"), begins
    if now < opens:
        return "early", opens
    return ("now", opens) if now <= closes else ("late", closes)


def window(begins: int, ends: int, section: BookingSection, hours: Hours) -> tuple[int, int]:
    """When who booked can check in (epoch ms): from `early_minutes` before the session to
    `grace_minutes` after its end, but not while the hall is closed and gives no numbers."""
    opens = begins - section.early_minutes * MINUTE
    closes = ends + section.grace_minutes * MINUTE
    day = local(begins, hours).date()
    open_spans = [(_ms(day, o, hours), _ms(day, c, hours)) for o, c in spans_on(day, hours)]
    if not any(o <= opens < c for o, c in open_spans):
        opens = min((o for o, _ in open_spans if opens < o <= begins), default=opens)
    if not any(o <= closes <= c for o, c in open_spans):
        closes = max((c for _, c in open_spans if ends <= c < closes), default=closes)
    return opens, closes


def _pieces(open_spans: tuple[Span, ...], length: int) -> Iterator[Span]:
    for opens, closes in open_spans:
        yield from ((at, at + length) for at in range(opens, closes - length + 1, length))


def _ms(day: date, minute: int, hours: Hours) -> int:
    return int(at(day, minute, hours).timestamp()) * 1000


def _minute(text: str) -> int | None:
    return int(text[:2]) * 60 + int(text[3:]) if text else None


def _first(*values: Value | None) -> Value:
    """The first that is said; the last always is."""
    return next(value for value in values if value is not None)
