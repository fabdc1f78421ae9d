"""Whether a service gives numbers to walk-ins now, and if not, why and when again. Pure.

Staff has closed it; it is not its hours; the numbers for walk-ins, or all its numbers, are used; or
who came now could no longer be served before closing. The last is judged by the pace of the day:

The counters of a service share the work that waits in all their lines: each waiting ticket costs
its service's mean time today and the walk to the counter, spread over the counters that can take
it. Who comes now is done after that and a service time. While nobody waits, a service time that
still fits is enough; else `Policy.intake_margin` has to fit too. So the judgement only ever turns
stricter with every one more who waits, and nobody is refused at an empty line in good time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from .calendar import (
    at,
    closes_at,
    hours_of,
    local,
    minute_of,
    next_opening,
    open_time_left,
    opening_after_today,
)
from .journey import WALK, service_time
from .model import Hall
from .plan import Hours, Quota, ServicePlan
from .policy import is_service, lines_of, servers
from .refusals import Refusal

Code = Literal["intake_closed", "service_closed", "quota_used", "intake_over", "numbers_used"]


class Shut(Struct, frozen=True):
    """Why a service gives no numbers now. `opens`: when it does again, where that is known;
    `most`: of the quota or of the range, which one is used."""

    code: Code
    opens: datetime | None = None
    most: int = 0

    def refusal(self, service: str) -> Refusal:
        """What is answered to who asked for a number."""
        if self.code == "intake_closed":
            return Refusal(self.code, service=service)
        opens = f"{self.opens:%Y-%m-%d %H:%M}" if self.opens else "-"
        name = {"quota_used": "quota", "numbers_used": "last"}.get(self.code)
        return Refusal(
            self.code, service=service, opens=opens, **({name: self.most} if name else {})
        )


def check(hall: Hall, service: str, others: Iterable[str], now: int) -> None:
    """Raises Refusal when no number of `service` can be taken for a visit with the `others` too."""
    for one in (service, *others):
        found = shut(hall, one, now)
        if found and (found.code != "numbers_used" or one == service):
            raise found.refusal(one)


def check_hours(hall: Hall, service: str, now: int) -> None:
    """Raises Refusal outside the service's own hours."""
    found = _outside(now, hours_of(hall.plan.services[service], hall.plan.hours))
    if found:
        raise found.refusal(service)


def shut_now(hall: Hall, line: str, now: int) -> Shut | None:
    """The same of a line as staff sees it: nothing of lines that give no numbers, and nothing while
    the hall itself is closed, unless a supervisor closed it."""
    if line not in hall.plan.services:
        return None
    if closes_at(now, hall.plan.hours) is None and line not in hall.no_intake:
        return None
    return shut(hall, line, now)


def shut(hall: Hall, service: str, now: int) -> Shut | None:
    """Why walk-ins get no number of a service, while the hall is open; None: they do."""
    plan = hall.plan.services[service]
    hours = hours_of(plan, hall.plan.hours)
    if service in hall.no_intake:
        return Shut("intake_closed", opening_after_today(now, hours))
    return (
        _outside(now, hours)
        or _quota_used(hall, plan, hours, now)
        or _over(hall, service, hours, now)
        or _numbers_used(hall, plan, hours, now)
    )


def _outside(now: int, hours: Hours) -> Shut | None:
    if closes_at(now, hours) is not None:
        return None
    return Shut("service_closed", next_opening(now, hours))


def _quota_used(hall: Hall, plan: ServicePlan, hours: Hours, now: int) -> Shut | None:
    """A part of the day that is used up opens again with its end, if the service does."""
    if plan.quota and taken(hall, plan.id) >= plan.quota:
        return Shut("quota_used", opening_after_today(now, hours), plan.quota)
    minute, day = minute_of(now, hours), local(now, hours).date()
    for one in plan.quotas:
        if one.opens <= minute < one.closes and _taken_in(hall, plan.id, one, hours) >= one.numbers:
            end = at(day, one.closes, hours)
            after = int(end.timestamp() * 1000)
            opens = end if closes_at(after, hours) else next_opening(after, hours)
            return Shut("quota_used", opens, one.numbers)
    return None


def taken(hall: Hall, service: str) -> int:
    """How many numbers of a service walk-ins have today; who left has given his back."""
    return len(_holding(hall, service))


def _holding(hall: Hall, service: str) -> list[int]:
    tickets = (hall.tickets[id] for id in hall.taken.get(service, ()))
    return [ticket.issued for ticket in tickets if ticket.status != "cancelled"]


def _taken_in(hall: Hall, service: str, part: Quota, hours: Hours) -> int:
    return sum(
        part.opens <= minute_of(issued, hours) < part.closes for issued in _holding(hall, service)
    )


def _numbers_used(hall: Hall, plan: ServicePlan, hours: Hours, now: int) -> Shut | None:
    if not plan.last or hall.numbers.get(plan.prefix, plan.first - 1) < plan.last:
        return None
    return Shut("numbers_used", opening_after_today(now, hours), plan.last)


# The pace of the day --------------------------------------------------------------------------


def _over(hall: Hall, service: str, hours: Hours, now: int) -> Shut | None:
    if hall.plan.policy.last_intake == "off" or hours.always:
        return None
    if needed(hall, service) <= open_time_left(now, hours):
        return None
    return Shut("intake_over", opening_after_today(now, hours))


def needed(hall: Hall, service: str) -> int:
    """Milliseconds of work until who comes now would be served, margin included."""
    own, work = service_time(hall, service), in_line(hall, service)
    return work + own + hall.plan.policy.intake_margin if work else own


def in_line(hall: Hall, service: str) -> int:
    """Milliseconds of work until all who wait for a service now are served."""
    counters, absent = at_work(hall, service), _absent(hall)
    return sum(_work(hall, one, absent) for one in counters) // max(1, len(counters))


def overrunning(hall: Hall, now: int) -> list[str]:
    """The services for which those who wait now would be served only after closing, by today's
    service times; none whose time is not known, nor one that does not close."""
    absent, whole = _absent(hall), hall.plan.hours
    work: dict[str, int] = {}
    usual = open_time_left(now, whole)
    found = []
    for service in hall.lines:
        if service not in hall.service_times or not hall.waiting(service):
            continue
        hours = hours_of(hall.plan.services[service], whole)
        left = usual if hours is whole else open_time_left(now, hours)
        counters = at_work(hall, service)
        for one in counters:
            work[one] = work[one] if one in work else _work(hall, one, absent)
        total = sum(work[one] for one in counters) // max(1, len(counters))
        if total > left and not hours.always:
            found.append(service)
    return found


def at_work(hall: Hall, line: str) -> list[str]:
    """The counters that serve a line now; all that could, while none of them does."""
    could = servers(hall, line)
    return [one for one in could if hall.counters[one].state != "closed"] or list(could)


def _absent(hall: Hall) -> dict[str, int]:
    """Line -> the work of those who hold a number of it and are not back, or not here, yet."""
    found: dict[str, int] = {}
    for id in hall.deadlines:
        ticket = hall.tickets[id]
        if ticket.status == "waiting":
            found[ticket.line] = found.get(ticket.line, 0) + _busy(hall, ticket.service)
    return found


def _work(hall: Hall, counter: str, absent: dict[str, int]) -> int:
    """A counter's share of what waits in the lines that it is at work for, in milliseconds."""
    total = 0
    for line in lines_of(hall, counter):
        waiting = _waiting(hall, line) + absent.get(line, 0)
        if waiting:
            those = at_work(hall, line)
            total += waiting // len(those) if counter in those else 0
    return total


def _waiting(hall: Hall, line: str) -> int:
    """The work that stands in a line."""
    found = hall.lines.get(line)
    if not found:
        return 0
    if is_service(line):
        return len(found) * _busy(hall, line)
    return sum(_busy(hall, hall.tickets[id].service) for id in found.ids())


def _busy(hall: Hall, service: str) -> int:
    """What a ticket of a service costs a counter: the walk to it, and the service."""
    return service_time(hall, service) + WALK
