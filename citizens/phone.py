"""A ticket as its holder's phone shows it, and the line that all phones of a line share: pure.

A phone gets one frame per *line* and finds itself in it; only when it is not there any more
does it ask for its own state.
"""

from __future__ import annotations

import zlib

import msgspec
from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import local, offset_minutes
from queue_server.core.lifecycle import AT_COUNTER
from queue_server.core.model import Hall, Status, Ticket
from queue_server.core.policy import estimate, is_service, servers, zone_of
from queue_server.notify.reminders import Rule, from_afar, time_to_go
from queue_server.web.i18n import clock_text

from .offers import Spot, Wait, details, line_spots, wait_of, zone_name

PLAIN = Rule()
"""Where nobody is reminded: the kiosk's screen."""
FAR = 1_000_000
"""Places that the pace is read off for: the rule of the estimate stays in `core.policy`."""


class LineCall(Struct, frozen=True):
    """Who is called from the line now, and to where. `at` is epoch ms."""

    ticket: int
    number: str
    call: int
    at: int
    counter: str
    counter_name: str
    counter_name_en: str
    zone_name: str
    zone_name_en: str


class LineState(Struct, frozen=True):
    """A line, whole. `waiting` holds ticket ids in calling order; `afar` those whose holders are
    not in the hall yet, with how many are ahead of each.

    `least` and `most` are minutes a place (the estimate for n people ahead is n + 1 times
    that, rounded down and up); None: not yet known. `open`: counters open for it now.
    """

    line: str
    waiting: tuple[int, ...]
    afar: tuple[tuple[int, int], ...]
    called: tuple[LineCall, ...]
    serving: tuple[int, ...]
    ways: tuple[tuple[int, int], ...]
    """For those at a counter on a visit of several steps: a mark that changes when they do."""
    least: float | None
    most: float | None
    open: tuple[str, ...]


class TicketState(Struct, frozen=True):
    """One ticket now: what a phone asks for when its line doesn't know it any more."""

    id: int
    number: str
    service: str
    line: str
    status: Status
    position: int | None
    ahead: int | None
    estimate: tuple[int, int] | None
    call: int
    counter: str
    counter_name: str
    counter_name_en: str
    zone_name: str
    zone_name_en: str
    open: tuple[str, ...]
    walk: int
    """Minutes that its holder is assumed to need to the counters."""
    joined: int
    version: int
    way: int = 0
    """The mark of its visit's steps, as in `LineState.ways`."""


class Telling(Struct, frozen=True):
    """How its holder may be told, besides by this page. `phone` and `email` are those that were
    given, masked; `key` is the push services' key for this hall, "" where there is no push."""

    offered: bool = False
    phone: str = ""
    email: str = ""
    key: str = ""
    push: bool = False
    wrong: str = ""
    """The field of the form that was not right as it was sent; `error` says why."""
    error: str = ""
    typed_phone: str = ""
    typed_email: str = ""


class PhoneView(Struct, frozen=True):
    """The phone page. `service_name` and what follows are in the reader's language."""

    state: TicketState
    token: str
    language: str
    service_name: str
    agency: str
    wait: Wait
    counter_name: str
    zone_name: str
    """Where to wait, or the zone of the counter that calls."""
    spots: tuple[Spot, ...]
    requirements: tuple[str, ...]
    issued: str
    updated: str
    offset: int
    """Minutes that the hall's clock is ahead of UTC: a phone may live in another zone."""
    remind_at: int
    go: bool
    """It is time to come to the counters."""
    step_back: int
    """How many others can be let pass once more; 0: not now."""
    remote: bool
    rejoin: bool
    """Its holder may take it up again, now or once it has been missed."""


def line_state(hall: Hall, catalogue: Catalogue, line: str) -> LineState:
    """The line of that name: a service's, or one that people were sent to."""
    here = [hall.tickets[one.current] for one in hall.counters.values() if one.current]
    mine = [ticket for ticket in here if ticket.line == line]
    pace = estimate(hall, line, FAR - 1) if is_service(line) else None
    return LineState(
        line=line,
        waiting=(*(ticket.id for ticket in mine if ticket.looked), *hall.in_line(line)),
        afar=tuple((ticket.id, hall.ahead(ticket) or 0) for ticket in from_afar(hall, {line})),
        called=tuple(
            _line_call(hall, catalogue, ticket)
            for ticket in mine
            if ticket.status == "called" and not ticket.looked
        ),
        serving=tuple(ticket.id for ticket in mine if ticket.status == "serving"),
        ways=tuple((ticket.id, way_mark(ticket)) for ticket in mine if ticket.steps),
        least=pace[0] / FAR if pace else None,
        most=pace[1] / FAR if pace else None,
        open=_open(hall, line),
    )


def ticket_state(
    hall: Hall, catalogue: Catalogue, ticket: Ticket, rule: Rule = PLAIN
) -> TicketState:
    """One ticket now. Its zone is the calling counter's, else where its line is served."""
    status: Status = "waiting" if ticket.looked else ticket.status
    ahead = 0 if ticket.looked else hall.ahead(ticket)
    counter = ticket.counter if status in AT_COUNTER else _sent_to(hall, ticket.line)
    zone = zone_of(hall, ticket)
    known = ahead is not None and is_service(ticket.line)
    return TicketState(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        line=ticket.line,
        status=status,
        position=None if ahead is None else ahead + 1,
        ahead=ahead,
        estimate=estimate(hall, ticket.service, ahead or 0) if known else None,
        call=ticket.call,
        counter=counter,
        counter_name=_counter(hall, catalogue, counter, "id"),
        counter_name_en=_counter(hall, catalogue, counter, "en"),
        zone_name=zone_name(catalogue, zone, "id"),
        zone_name_en=zone_name(catalogue, zone, "en"),
        open=_open(hall, ticket.line),
        walk=rule.minutes(hall, ticket),
        joined=ticket.joined,
        version=hall.version,
        way=way_mark(ticket),
    )


def way_mark(ticket: Ticket) -> int:
    """Changes when the steps of a visit are planned anew; 0: it has none."""
    return zlib.crc32(msgspec.json.encode(ticket.steps)) if ticket.steps else 0


def _sent_to(hall: Hall, line: str) -> str:
    """The one counter that somebody who was sent on waits for, or ""."""
    places = () if is_service(line) else servers(hall, line)
    return places[0] if len(places) == 1 else ""


def gone(version: int) -> TicketState:
    """A ticket of a day that is over."""
    return TicketState(
        id=0, number="", service="", line="", status="expired", position=None, ahead=None,
        estimate=None, call=0, counter="", counter_name="", counter_name_en="", zone_name="",
        zone_name_en="", open=(), walk=0, joined=0, version=version,
    )  # fmt: skip


def phone_view(
    hall: Hall, catalogue: Catalogue, ticket: Ticket, language: str, now: int, rule: Rule = PLAIN
) -> PhoneView:
    """The phone page of a ticket in a language, at `now` (epoch ms)."""
    state = ticket_state(hall, catalogue, ticket, rule)
    hours = hall.plan.hours
    service = catalogue.named.services.get(ticket.service)
    published = details(hall, catalogue, service, language, now) if service else None
    return PhoneView(
        state=state,
        token=ticket.token,
        language=language,
        service_name=service.name.of(language) if service else ticket.service,
        agency=published.agency if published else "",
        wait=wait_of(state.estimate),
        counter_name=state.counter_name_en if language == "en" else state.counter_name,
        zone_name=state.zone_name_en if language == "en" else state.zone_name,
        spots=line_spots(hall, catalogue, ticket.line, language),
        requirements=_papers(catalogue, ticket, language),
        issued=clock_text(local(ticket.issued, hours), language),
        updated=clock_text(local(now, hours), language),
        offset=offset_minutes(now, hours),
        remind_at=rule.remind_at,
        go=_go(state, rule),
        step_back=_step_back(hall, ticket),
        remote=ticket.remote,
        rejoin=_may_rejoin(hall, ticket, now),
    )


def _papers(catalogue: Catalogue, ticket: Ticket, language: str) -> tuple[str, ...]:
    """What to bring: for the present service, then for the steps that are left."""
    left = [ticket.service, *(step.service for step in ticket.steps if not step.done)]
    services = [catalogue.services[one] for one in left if one in catalogue.services]
    lines = dict.fromkeys(line for service in services for line in service.requirements)
    return tuple(catalogue.phrase(line, language) for line in lines)


def _go(state: TicketState, rule: Rule) -> bool:
    """As `phone.js` finds it from a frame."""
    if state.status != "waiting" or state.position is None or not state.open:
        return False
    return time_to_go(state.estimate, state.position, state.walk, rule.remind_at)


def _step_back(hall: Hall, ticket: Ticket) -> int:
    policy = hall.plan.policy
    left = ticket.status == "waiting" and ticket.postponed < policy.step_backs
    return policy.step_back if left else 0


def _may_rejoin(hall: Hall, ticket: Ticket, now: int) -> bool:
    within = hall.plan.policy.rejoin
    return bool(within) and (not ticket.ended or now - ticket.ended <= within)


def _line_call(hall: Hall, catalogue: Catalogue, ticket: Ticket) -> LineCall:
    zone = hall.place(ticket.counter).zone
    return LineCall(
        ticket=ticket.id,
        number=ticket.number,
        call=ticket.call,
        at=ticket.last_called,
        counter=ticket.counter,
        counter_name=_counter(hall, catalogue, ticket.counter, "id"),
        counter_name_en=_counter(hall, catalogue, ticket.counter, "en"),
        zone_name=zone_name(catalogue, zone, "id"),
        zone_name_en=zone_name(catalogue, zone, "en"),
    )


def _counter(hall: Hall, catalogue: Catalogue, counter: str, language: str) -> str:
    if not counter:
        return ""
    found = catalogue.named.counters.get(counter)
    return found.name.of(language) if found else hall.place(counter).name


def _open(hall: Hall, line: str) -> tuple[str, ...]:
    counters = (hall.counters.get(name) for name in servers(hall, line))
    return tuple(one.id for one in counters if one is not None and one.state == "open")
