"""When an agency or a service can be booked online: what the catalogue says of it."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from .config import spans

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


def fault(rules: BookingRules) -> str:
    """What is wrong with the sessions, or "": they are spans in order, none within another."""
    try:
        spans(", ".join(rules.sessions))
    except ValueError as error:
        return str(error)
    return ""
