"""What goes in and out of the API of bookings."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..booking.model import State
from ..config import Language
from . import shapes as s

Date = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Phone = Annotated[str, Meta(max_length=32)]


class OfDay(s.Input, frozen=True):
    """One date; without it, every date that can be booked."""

    day: Date | None = None


class SessionNow(Struct, frozen=True):
    """A session: `day` and `start` name it in a booking. "late": it takes no booking any more."""

    day: str
    start: str
    starts_at: str
    ends_at: str
    quota: int
    free: int
    state: Literal["free", "full", "late", "closed"]


class NewBooking(s.Input, frozen=True):
    """A place in a session of a service; or of a package: in a session of the service of its first
    step, and at check-in one number for the whole visit. `phone` is compared, never kept."""

    day: Date
    start: Clock
    service: s.Slug | None = None
    package: s.Slug | None = None
    phone: Phone | None = None
    language: Language = "id"


class Moved(s.Input, frozen=True):
    """Another session of the same service."""

    day: Date
    start: Clock


class CheckIn(s.Input, frozen=True):
    """Who booked is here. `language`: that of the booking, unless said."""

    priority: s.Slug | None = None
    language: Language | None = None


class BookingNow(Struct, frozen=True):
    """A booking for whoever holds its token. `ticket` is the number that it became."""

    token: str
    code: str
    service: str
    service_name: str
    agency: str
    state: State
    day: str
    start: str
    starts_at: str
    ends_at: str
    check_in_from: str
    check_in_until: str
    changes: int
    ticket: int | None
    reason: str | None
    url: str
    package: str | None = None
