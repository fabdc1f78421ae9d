"""What a console shows: pure functions of Hall and Catalogue.

`Console` is what the template sets, in one language; `State` is the same for whoever reads JSON
(CONTRACT: `counter:5`). Times for the script are epoch milliseconds, 0 for none.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import local
from queue_server.core.model import CounterState, Hall, Status, Ticket
from queue_server.core.plan import MINUTE
from queue_server.core.policy import in_order, is_service, lines_of, servers
from queue_server.web.i18n import clock_text

from . import acts
from .acts import Act
from .day import Day, Served

ROWS = 30
"""Rows of the queue that are drawn; the rest is a count."""
GONE = 5
"""The last no-shows and cancelled that can be brought back."""


class TicketState(Struct, frozen=True):
    """A ticket as an operator's program sees it. Times are RFC 3339 with the hall's offset."""

    id: int
    number: str
    service: str
    status: Status
    priority: str
    language: str
    calls: int
    issued_at: str
    called_at: str | None
    started_at: str | None


class State(Struct, frozen=True):
    """A counter's whole state. `queue` is in calling order: "next" takes its head."""

    id: str
    name: str
    zone: str
    services: tuple[str, ...]
    state: CounterState
    operator: str
    since: str | None
    current: TicketState | None
    queue: tuple[TicketState, ...]
    acts: tuple[str, ...]
    server_time: str


class Moment(Struct, frozen=True):
    """A time: epoch ms for the script, the hall's clock, and how long ago. `ms` 0: never."""

    ms: int
    at: str = ""
    lasted: str = ""


class Person(Struct, frozen=True):
    """A ticket in words. `joined` is in epoch ms; `priority` names its class, or is "";
    `elsewhere` names the other counter that it was parked at."""

    id: int
    number: str
    service: str
    agency: str
    status: Status
    priority: str
    language: str
    joined: int
    minutes: int
    elsewhere: str = ""
    missing: int = 0
    """How many papers a pending ticket was sent for."""
    until: str = ""
    """When its right of return ends; "" for the day's end."""


class Document(Struct, frozen=True):
    """An application at a counter: the ticket's number, the tracking code, the agency's file."""

    number: str
    code: str
    file: str
    service: str


class Current(Struct, frozen=True):
    """Who is at the counter. `waited` is from joining to the first call; `pickup` is what this
    ticket came to fetch."""

    person: Person
    calls: int
    waited: str
    called: Moment
    started: Moment
    pickup: Document | None = None


class SurveyCode(Struct, frozen=True):
    """What the citizen who was served last may type at a kiosk; `until` is a time of day."""

    number: str
    code: str
    until: str


class Console(Struct, frozen=True):
    """Everything on an operator's screen that changes."""

    id: str
    name: str
    zone: str
    state: CounterState
    operator: str
    since: Moment
    now: int
    version: int
    current: Current | None
    primary: Act
    buttons: tuple[Act, ...]
    turns: tuple[Act, ...]
    rows: tuple[Act, ...]
    """What a press on somebody in a list does, the same for all: call, cancel, reinstate."""
    queue: tuple[Person, ...]
    waiting: int
    parked: tuple[Person, ...]
    pending: tuple[Person, ...]
    gone: tuple[Person, ...]
    served: int
    mean: str
    voice: bool
    """Whether the hall speaks; without a voice the chime and the boards go on."""
    registered: Document | None = None
    """The application that was registered here last."""
    survey: SurveyCode | None = None

    @property
    def more(self) -> int:
        """How many wait beyond the rows drawn."""
        return self.waiting - len(self.queue)


def console(
    hall: Hall, catalogue: Catalogue, day: Day, id: str, now: int, language: str, voice: bool,
    pickup: Document | None = None, registered: Document | None = None,
    survey: SurveyCode | None = None,
) -> Console:  # fmt: skip
    """A counter's screen at `now`. Raises KeyError when the hall has no such counter.

    `pickup`: what the current ticket fetches; `registered`: the last application from here.
    """
    counter = hall.counters[id]
    names = acts.with_register(acts.enabled(hall, counter), pickup is not None)
    lines = lines_of(hall, id)
    words = Words(hall, catalogue, now, language)
    current = hall.tickets.get(counter.current)
    served = day.served.get(id, Served())
    head = [hall.tickets[ticket] for ticket in islice(in_order(hall, counter), ROWS)]
    return Console(
        id=id,
        name=words.counter(id),
        zone=words.zone(id),
        state=counter.state,
        operator=counter.operator,
        since=words.moment(counter.since),
        now=now,
        version=hall.version,
        current=_current(words, current, pickup) if current else None,
        primary=acts.primary(hall, counter, names),
        buttons=acts.buttons(current, names),
        turns=acts.turns(counter, names),
        rows=acts.rows(counter, current),
        queue=tuple(map(words.person, head)),
        waiting=waiting(hall, lines),
        parked=tuple(_parked(words, id, ticket) for ticket in day.parked_for(id, lines)),
        pending=tuple(_pending(words, ticket) for ticket in day.pending_for(lines)),
        gone=tuple(map(words.person, day.gone_from(id, lines, GONE))),
        served=served.count,
        mean=lasted(served.mean),
        voice=voice,
        registered=registered,
        survey=survey,
    )


def state(hall: Hall, catalogue: Catalogue, id: str, now: int) -> State:
    """A counter's state for programs. Raises KeyError when the hall has no such counter."""
    counter, place = hall.counters[id], hall.place(id)
    current = hall.tickets.get(counter.current)
    return State(
        id=id,
        name=catalogue.counters[id].name.id if id in catalogue.counters else place.name,
        zone=place.zone,
        services=place.services,
        state=counter.state,
        operator=counter.operator,
        since=_stamp(hall, counter.since),
        current=_ticket_state(hall, current) if current else None,
        queue=tuple(_ticket_state(hall, hall.tickets[t]) for t in in_order(hall, counter)),
        acts=acts.enabled(hall, counter),
        server_time=_stamp(hall, now) or "",
    )


def waiting(hall: Hall, lines: Iterable[str]) -> int:
    """How many stand in these lines."""
    return sum(len(hall.lines[line]) for line in lines if line in hall.lines)


def lasted(ms: int) -> str:
    """A length of time as a clock counts it: 4:07, 1:02:09. The script ticks it the same way."""
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class Words:
    """Names of the catalogue's things in one language, where the plan may know more than it."""

    def __init__(self, hall: Hall, catalogue: Catalogue, now: int, language: str) -> None:
        self.hall, self.catalogue, self.now, self.language = hall, catalogue, now, language

    def counter(self, id: str) -> str:
        found = self.catalogue.counters.get(id)
        return found.name.of(self.language) if found else self.hall.place(id).name

    def zone(self, counter: str) -> str:
        found = self.catalogue.zones.get(self.hall.place(counter).zone)
        return found.name.of(self.language) if found else ""

    def service(self, id: str) -> str:
        found = self.catalogue.services.get(id)
        return found.name.of(self.language) if found else id

    def agency(self, service: str) -> str:
        found = self.catalogue.services.get(service)
        return self.catalogue.agencies[found.agency].short if found else ""

    def line(self, name: str) -> str:
        """Where people stand: for a service, or whom they were sent to."""
        if is_service(name):
            return self.service(name)
        if name.startswith("+"):
            known = self.catalogue.agencies.get(name[1:])
            return known.short if known else name[1:]
        own = name[1:] if name.startswith("@") else next(iter(servers(self.hall, name)), "")
        return self.counter(own) if own else "–"

    def moment(self, ms: int) -> Moment:
        if not ms:
            return Moment(0)
        at = clock_text(local(ms, self.hall.plan.hours), self.language)
        return Moment(ms, at, lasted(self.now - ms))

    def person(self, ticket: Ticket) -> Person:
        priority = self.catalogue.priorities.get(ticket.priority)
        return Person(
            id=ticket.id,
            number=ticket.number,
            service=self.service(ticket.service),
            agency=self.agency(ticket.service),
            status=ticket.status,
            priority=priority.name.of(self.language) if priority else "",
            language=ticket.language,
            joined=ticket.joined,
            minutes=max(0, self.now - ticket.joined) // MINUTE,
        )


def _current(words: Words, ticket: Ticket, pickup: Document | None) -> Current:
    return Current(
        person=words.person(ticket),
        calls=ticket.calls,
        waited=lasted(ticket.first_called - ticket.joined),
        called=words.moment(ticket.last_called),
        started=words.moment(ticket.started),
        pickup=pickup,
    )


def _parked(words: Words, counter: str, ticket: Ticket) -> Person:
    person = words.person(ticket)
    if ticket.counter == counter:
        return person
    return replace(person, elsewhere=words.counter(ticket.counter))


def _pending(words: Words, ticket: Ticket) -> Person:
    until = words.moment(ticket.until).at
    return replace(words.person(ticket), missing=len(ticket.missing), until=until)


def _ticket_state(hall: Hall, ticket: Ticket) -> TicketState:
    return TicketState(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        status=ticket.status,
        priority=ticket.priority,
        language=ticket.language,
        calls=ticket.calls,
        issued_at=_stamp(hall, ticket.issued) or "",
        called_at=_stamp(hall, ticket.last_called),
        started_at=_stamp(hall, ticket.started),
    )


def _stamp(hall: Hall, moment: int) -> str | None:
    hours = hall.plan.hours
    return local(moment, hours).isoformat(timespec="seconds") if moment else None
