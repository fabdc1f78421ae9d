"""When an agency or a service is given and booked: what the catalogue says of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal, Protocol, get_args

from msgspec import Meta, Struct

from .config import Day, spans
from .config.values import is_date
from .core.plan import Quota, Spans

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class BookingRules(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How an agency or a service is booked online; what is left out is as the level above has it.

    `sessions` are spans such as "08:00-10:00"; without them the hall's hours are cut into pieces
    of `minutes`. `quota` is the number of places in a session, `closed` are dates without any.
    """

    open: bool = True
    remote: bool | None = None
    sessions: tuple[str, ...] = ()
    minutes: Annotated[int, Meta(ge=5, le=720)] | None = None
    quota: Annotated[int, Meta(ge=1, le=1000)] | None = None
    weekdays: tuple[Weekday, ...] = ()
    closed: tuple[datetime.date, ...] = ()
    horizon_days: Annotated[int, Meta(ge=0, le=365)] | None = None
    lead_minutes: Annotated[int, Meta(ge=0, le=43_200)] | None = None
    cutoff: Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?\Z")] | None = None


Openings = dict[Weekday, str]
"""Own hours: weekday -> "08:00-12:00, 13:00-15:30", "" for closed; a weekday that is left out is
as the level above has it: the agency's, then the hall's."""
Exceptions = dict[Day, str]
"""Own hours of dates, in the same words."""
Count = Annotated[int, Meta(ge=0, le=99_999)]


class Open(Protocol):
    """An agency or a service: it has hours of its own, or none."""

    @property
    def hours(self) -> Openings: ...
    @property
    def exceptions(self) -> Exceptions: ...


def own_week(*levels: Open) -> tuple[Spans | None, ...]:
    """The week of the last level, completed by those before; () where none says anything."""
    said = {day: text for level in levels for day, text in level.hours.items()}
    return tuple(spans(said[day]) if day in said else None for day in get_args(Weekday) if said)


def own_exceptions(*levels: Open) -> dict[str, Spans]:
    """The exceptions of the last level, and those of the levels before for other dates."""
    return {day: spans(text) for level in levels for day, text in level.exceptions.items()}


def quotas_of(texts: Mapping[str, int]) -> tuple[Quota, ...]:
    """ "08:00-10:00" -> numbers, as the rules read it. Raises ValueError."""
    parts = []
    for text, numbers in texts.items():
        found = spans(text)
        if len(found) != 1:
            raise ValueError(f'expected one span such as "08:00-10:00", found {text!r}')
        parts.append(Quota(*found[0], numbers))
    return tuple(sorted(parts, key=lambda one: one.opens))


def time_fault(open_: Open) -> str:
    """What is wrong with own hours, or "": "hours.friday: expected …"."""
    for key, table in (("hours", open_.hours), ("exceptions", open_.exceptions)):
        for day, text in table.items():
            if key == "exceptions" and not is_date(day):
                return f"{key}: expected a date such as 2026-12-24, found {day!r}"
            try:
                spans(text)
            except ValueError as error:
                return f"{key}.{day}: {error}"
    return ""


def quota_fault(texts: Mapping[str, int]) -> str:
    """What is wrong with the quotas of parts of the day, or ""."""
    try:
        parts = quotas_of(texts)
    except ValueError as error:
        return str(error)
    for one, other in pairwise(parts):
        if other.opens < one.closes:
            return "expected parts of the day that do not overlap"
    return ""


def fault(rules: BookingRules) -> str:
    """What is wrong with the sessions, or "": they are spans in order, none within another."""
    try:
        spans(", ".join(rules.sessions))
    except ValueError as error:
        return str(error)
    return ""
