"""What is free: a service's days and sessions with their places, as pages and programs show it.

Pure: what is taken, and what the staff has set, is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ..core.calendar import spans_on
from ..core.plan import Hours
from .rules import Key, Session, Terms, days_ahead, sessions_on, trouble_with


class Slot(Struct, frozen=True):
    """A session with its places. "late": it takes no booking any more; "closed": by the staff."""

    session: Session
    free: int
    state: Literal["free", "full", "late", "closed"]


class Day(Struct, frozen=True):
    """A date and its sessions. `holiday` is the name of the one that closes the hall."""

    date: date
    slots: tuple[Slot, ...]
    holiday: str = ""

    @property
    def free(self) -> int:
        """Places that can be booked now."""
        return sum(slot.free for slot in self.slots if slot.state == "free")


class Taken(Struct, frozen=True):
    """Places taken, and quotas that the staff has set, by session."""

    places: Mapping[Key, int] = {}
    quotas: Mapping[Key, int] = {}

    def quota(self, session: Session) -> int:
        """The places that a session has."""
        return self.quotas.get(session.key, session.quota)

    def free(self, session: Session) -> int:
        """The places that are left, at least 0."""
        return max(0, self.quota(session) - self.places.get(session.key, 0))


def day_of(terms: Terms, day: date, hours: Hours, now: int, taken: Taken) -> Day:
    """A date's sessions and what is free in them."""
    slots = []
    for planned in sessions_on(terms, day, hours):
        session = replace(planned, quota=taken.quota(planned))
        free = taken.free(session)
        state: Literal["free", "full", "late", "closed"] = "free" if free else "full"
        if session.quota == 0:
            state = "closed"
        elif trouble_with(terms, session, hours, now):
            state = "late"
        slots.append(Slot(session, free, state))
    holiday = "" if spans_on(day, hours) else hours.holidays.get(day.isoformat(), "")
    return Day(day, tuple(slots), holiday)


def days_of(terms: Terms, hours: Hours, now: int, taken: Taken) -> tuple[Day, ...]:
    """Today and every date within the horizon, also those without a session."""
    return tuple(day_of(terms, day, hours, now, taken) for day in days_ahead(terms, hours, now))
