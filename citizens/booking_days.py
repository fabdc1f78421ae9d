"""The days and sessions of a service, to choose one of. Pure view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from babel.dates import format_date, get_day_names
from msgspec import Struct

from queue_server.booking.model import Booking
from queue_server.booking.places import Day, Slot
from queue_server.booking.rules import Terms
from queue_server.catalogue import Catalogue
from queue_server.web.i18n import locale_of

from .booking import agencies_of, long_date, service_name, span, steps_of

FEW = 3
"""With so few places left a session says that it is nearly full."""

DayState = Literal["free", "few", "full", "late", "closed", "holiday", "none"]


class DayCell(Struct, frozen=True):
    """A date in the calendar. `href` is "" where there is nothing to choose."""

    href: str
    number: int
    month: str
    """The month's name on its first cell, else ""."""
    said: str
    """The whole date, for who doesn't see the column."""
    state: DayState
    free: int
    holiday: str
    chosen: bool
    weekday: int
    """1 is Monday."""


class SlotView(Struct, frozen=True):
    """A session of the chosen day."""

    start: int
    time: str
    state: Literal["free", "few", "full", "late", "closed"]
    free: int
    mine: bool


class SessionsPage(Struct, frozen=True):
    """Choose a session. `key` makes the form's hold one only; `moving` is the booking that is
    changed, or ""."""

    service: str
    """What is booked: a service's name, or a package's."""
    service_id: str
    package: str
    """The package's id, or ""."""
    steps: tuple[str, ...]
    agency: str
    bookable: bool
    remote: bool
    weekdays: tuple[str, ...]
    cells: tuple[DayCell, ...]
    day: str
    day_id: str
    slots: tuple[SlotView, ...]
    action: str
    back: str
    key: str
    said: str
    lead: int
    """Hours before a session at which booking ends, rounded down; 0: less than one."""


def sessions_page(
    catalogue: Catalogue, language: str, terms: Terms, days: Sequence[Day], *, chosen: str,
    key: str = "", package: str = "", moving: Booking | None = None, said: str = "",
) -> SessionsPage:  # fmt: skip
    """A service's days and the sessions of the chosen one; without a choice, of the first that
    has a place."""
    first = next((day for day in days if day.free), days[0])
    shown = next((day for day in days if day.date.isoformat() == chosen), first)
    names = get_day_names("abbreviated", locale=locale_of(language))  # 0 is Monday
    package = moving.package if moving else package
    steps, known = steps_of(catalogue, package), catalogue.packages.get(package)
    way = f"packages/{package}" if known else f"services/{terms.service}"
    path = f"/booking/{moving.token}/sessions" if moving else f"/booking/{way}"
    return SessionsPage(
        service=known.name.of(language)
        if known
        else service_name(catalogue, terms.service, language),
        service_id=terms.service,
        package=package if known else "",
        steps=tuple(service_name(catalogue, one, language) for one in steps),
        agency=" · ".join(agencies_of(catalogue, package))
        if known
        else catalogue.agencies[terms.agency].short,
        bookable=terms.open,
        remote=terms.remote and moving is None and not known,
        weekdays=tuple(names[day] for day in range(7)),
        cells=tuple(_cell(day, shown, path, language, days[0]) for day in days),
        day=long_date(shown.date, language),
        day_id=shown.date.isoformat(),
        slots=tuple(_slot(slot, language, moving) for slot in shown.slots),
        action=f"/booking/{moving.token}/changes" if moving else "/booking/holds",
        back=f"/booking/{moving.token}" if moving else "/booking",
        key=key,
        said=said,
        lead=terms.lead // 60,
    )


def _cell(day: Day, shown: Day, path: str, language: str, first: Day) -> DayCell:
    states = {slot.state for slot in day.slots}
    state: DayState = "none"
    if day.holiday:
        state = "holiday"
    elif day.free:
        state = "few" if day.free <= FEW else "free"
    elif states:
        state = "full" if "full" in states else "late" if "late" in states else "closed"
    starts_month = day.date.day == 1 or day is first
    return DayCell(
        href=f"{path}?day={day.date.isoformat()}" if day.slots else "",
        number=day.date.day,
        month=str(format_date(day.date, "MMM", locale=locale_of(language))) if starts_month else "",
        said=long_date(day.date, language),
        state=state,
        free=day.free,
        holiday=day.holiday,
        chosen=day is shown and bool(day.slots),
        weekday=day.date.isoweekday(),
    )


def _slot(slot: Slot, language: str, moving: Booking | None) -> SlotView:
    state = slot.state
    return SlotView(
        start=slot.session.key.start,
        time=span(slot.session.key.start, slot.session.end, language),
        state="few" if state == "free" and slot.free <= FEW else state,
        free=slot.free,
        mine=moving is not None and moving.key == slot.session.key,
    )
