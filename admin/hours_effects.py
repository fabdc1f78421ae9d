"""What another timetable would mean today and for what is booked: said before it is saved."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from queue_server.booking.model import Booking
from queue_server.core.calendar import (
    at,
    closes_at,
    hours_of,
    local,
    minute_of,
    next_opening,
    spans_on,
)
from queue_server.core.model import Hall
from queue_server.core.plan import Hours, Plan
from queue_server.house import House

Kind = Literal["closes", "opens", "shut", "waiting", "parked", "bookings", "quota"]

LOOKED = 90
"""Days ahead for which bookings are looked at."""


class Effect(Struct, frozen=True):
    """Something that the change brings about. `at`: when it opens again, or None.

    "closes", "opens": the hall, now. "shut": `count` services give no more numbers now. "waiting":
    `count` people wait for the service `name`, which would be closed. "parked": the same of those
    who are to come back. "bookings": `count` of `day` lie outside. "quota": of the service `name`
    more numbers (`count`) are taken today than it would have.
    """

    kind: Kind
    name: str = ""
    count: int = 0
    day: str = ""
    at: datetime | None = None


def effects(hall: Hall, plan: Plan, now: int) -> tuple[Effect, ...]:
    """What changes at `now` when `plan` takes the place of the hall's."""
    before, after = hall.plan.hours, plan.hours
    was, will = closes_at(now, before) is not None, closes_at(now, after) is not None
    found: list[Effect] = []
    if was and not will:
        found.append(Effect("closes", at=next_opening(now, after)))
    if will and not was:
        found.append(Effect("opens"))
    shut = [
        id for id in plan.services
        if id in hall.plan.services and _open(hall.plan, id, now) and not _open(plan, id, now)
    ]  # fmt: skip
    if will and shut:
        found.append(Effect("shut", count=len(shut)))
    return (*found, *_people(hall, plan, shut, now), *_quotas(hall, plan))


def _open(plan: Plan, service: str, now: int) -> bool:
    return closes_at(now, hours_of(plan.services[service], plan.hours)) is not None


def _people(hall: Hall, plan: Plan, shut: Iterable[str], now: int) -> Iterable[Effect]:
    closed = set(shut)
    waiting = Tally(one.service for one in hall.tickets.values() if one.status == "waiting")
    absent = Tally(
        one.service for one in hall.tickets.values() if one.status in ("parked", "pending")
    )
    for kind, counts in (("waiting", waiting), ("parked", absent)):
        for service, count in counts.items():
            if service in closed:
                again = next_opening(now, hours_of(plan.services[service], plan.hours))
                yield Effect(kind, service, count, at=again)  # type: ignore[arg-type]  # a kind


def _quotas(hall: Hall, plan: Plan) -> Iterable[Effect]:
    """Of services whose quota of the day shrinks below what is taken."""
    for id, service in plan.services.items():
        old = hall.plan.services.get(id)
        taken = len(hall.taken.get(id, ()))
        if old and service.quota and service.quota != old.quota and taken > service.quota:
            yield Effect("quota", id, taken)


async def booked_outside(house: House, plan: Plan) -> tuple[Effect, ...]:
    """By day, how many standing bookings would lie outside the hours that they lie in now."""
    before = house.hall.plan
    today = local(house.clock.now(), before.hours).date()
    last = today + timedelta(days=LOOKED)
    taken = await house.rooms.bookings.taken(today.isoformat(), last.isoformat())
    found = []
    for day in changed_days(before, plan, sorted({key.day for key in taken})):
        count = outside(await house.rooms.bookings.of_day(day), before, plan)
        if count:
            moment = at(date.fromisoformat(day), 0, before.hours)
            found.append(Effect("bookings", count=count, day=day, at=moment))
    return tuple(found)


def changed_days(old: Plan, new: Plan, days: Iterable[str]) -> tuple[str, ...]:
    """Of some ISO dates those on which the hall or a service would be open at other times."""
    return tuple(day for day in days if _on(old, day) != _on(new, day))


def _on(plan: Plan, iso: str) -> tuple[object, ...]:
    day = date.fromisoformat(iso)
    own = (
        spans_on(day, hours_of(one, plan.hours))
        for one in plan.services.values()
        if one.week or one.exceptions
    )
    return spans_on(day, plan.hours), *own


def outside(bookings: Iterable[Booking], old: Plan, new: Plan) -> int:
    """How many standing bookings would lie outside of their service's hours, and do not yet."""
    return sum(
        one.state == "booked" and _within(one, old) and not _within(one, new) for one in bookings
    )


def _within(booking: Booking, plan: Plan) -> bool:
    service = plan.services.get(booking.service)
    hours: Hours = hours_of(service, plan.hours) if service else plan.hours
    start = minute_of(booking.begins, hours)
    day = local(booking.begins, hours).date()
    return any(opens <= start < closes for opens, closes in spans_on(day, hours))
