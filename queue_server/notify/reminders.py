"""Who is to be reminded: by place in line, and by the time that the way takes. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from msgspec import Struct

from ..core.events import TicketIssued
from ..core.model import Hall, Ticket
from ..core.policy import estimate, is_service, serving_counters


class Rule(Struct, frozen=True):
    """`remind_at`: the place in line (1 is next) to remind at; `walk`: minutes to the counters of
    each zone, `otherwise` of any other; `travel`: minutes from home."""

    remind_at: int = 3
    walk: Mapping[str, int] = {}
    otherwise: int = 3
    travel: int = 30
    keep_after: int = 7_200_000
    """Milliseconds for which a served ticket's contact is kept."""

    def minutes(self, hall: Hall, ticket: Ticket) -> int:
        """How long the holder is assumed to need to the counters."""
        if ticket.remote:
            return self.travel
        service = hall.plan.services.get(ticket.service)
        return self.walk.get(service.zone if service else "", self.otherwise)


class Reminder(Struct, frozen=True):
    """A reminder that is due. `least` and `most` are minutes; both 0: not known."""

    ticket: int
    kind: str
    position: int
    least: int = 0
    most: int = 0


def time_to_go(wait: tuple[int, int] | None, position: int, minutes: int, remind_at: int) -> bool:
    """Whether to set out now: the shortest wait is within the way. Unknown: by place alone."""
    return wait[0] <= minutes if wait else position <= remind_at


def reminders(hall: Hall, rule: Rule) -> Iterator[Reminder]:
    """Everything that is due now, told before or not: the front of each line."""
    for name in hall.lines:
        for place, id in enumerate(hall.in_line(name)):
            found = list(_of(hall, rule, hall.tickets[id], place))
            if not found and place >= rule.remind_at:
                break
            yield from found
    for ticket in from_afar(hall):
        yield from _of(hall, rule, ticket, hall.ahead(ticket) or 0)


def from_afar(hall: Hall, lines: Container[str] | None = None) -> list[Ticket]:
    """The tickets whose holders are not in the hall yet: they have a place and stand in no line.
    `lines`: of these alone."""
    return [
        ticket
        for ticket in hall.tickets.values()
        if ticket.remote and ticket.status == "waiting" and (lines is None or ticket.line in lines)
    ]


def near_when_issued(event: TicketIssued, rule: Rule) -> bool:
    """Whether its holder, in the hall, sees as it is issued that it is near."""
    return event.ahead < rule.remind_at and not event.remote


def _of(hall: Hall, rule: Rule, ticket: Ticket, place: int) -> Iterator[Reminder]:
    own = not is_service(ticket.line)
    wait = None if own else estimate(hall, ticket.service, place)
    known = wait or (0, 0)
    if place < rule.remind_at:
        yield Reminder(ticket.id, "ticket.near", place + 1, *known)
    if not own and not serving_counters(hall, ticket.service):
        return  # nobody calls yet
    if time_to_go(wait, place + 1, rule.minutes(hall, ticket), rule.remind_at):
        yield Reminder(ticket.id, "ticket.go", place + 1, *known)
