"""A ticket for its supervisor: where it stands and why, its times and history, what can be done."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.lifecycle import AT_COUNTER, ticket_acts
from queue_server.core.model import Hall, Status, Ticket
from queue_server.core.policy import in_order, servers
from queue_server.core.reasons import explain
from queue_server.floor.naming import Naming
from queue_server.floor.numbers import like
from queue_server.floor.past import Told
from queue_server.floor.stays import Times

from .destinations import Destination, every_counter, every_service
from .views import Moment, Words, lasted

SHOWN = 100
"""Tickets of a list."""


class Choice(Struct, frozen=True):
    """An option of a list."""

    value: str
    label: str
    chosen: bool = False


class Place(Struct, frozen=True):
    """Where it stands in a counter's queue; 1 is next."""

    counter: str
    name: str
    position: int
    of: int


class Why(Struct, frozen=True):
    """Which of two goes first, and at which counters for this reason."""

    sentence: str
    counters: tuple[str, ...]


class Short(Struct, frozen=True):
    """A ticket in a list."""

    id: int
    number: str
    service: str
    status: Status
    counter: str
    at: Moment
    """When it ended; when it came, while it hasn't."""
    priority: str = ""
    minutes: int = 0


class TicketSheet(Struct, frozen=True):
    """The page of one ticket. Lengths of time are "" where it has not come to them."""

    id: int
    number: str
    status: Status
    service: str
    agency: str
    line: str
    priority: str
    counter: str
    remote: bool
    rests: Moment
    until: Moment
    issued: Moment
    joined: Moment
    called: Moment
    started: Moment
    ended: Moment
    waited: str
    walked: str
    served: str
    visit: str
    calls: int
    places: tuple[Place, ...]
    priorities: tuple[Choice, ...]
    counters: tuple[Destination, ...]
    services: tuple[Destination, ...]
    acts: frozenset[str]
    history: tuple[Told, ...]
    against: str = ""
    """The other number that was asked about."""
    unknown: bool = False
    why: tuple[Why, ...] = ()


def ticket_sheet(
    hall: Hall, catalogue: Catalogue, naming: Naming, ticket: Ticket, now: int,
    history: tuple[Told, ...], times: Times, against: str = "",
) -> TicketSheet:  # fmt: skip
    """The page at `now` (epoch ms); `against` is a number as somebody typed it."""
    words = Words(hall, catalogue, now, naming.language)
    other = next(iter(find(hall, against)), None) if against else None
    acts, waiting = acts_of(ticket), ticket.status == "waiting"
    return TicketSheet(
        id=ticket.id,
        number=ticket.number,
        status=ticket.status,
        service=naming.service(ticket.service),
        agency=words.agency(ticket.service),
        line=naming.line(ticket.line) if ticket.line != ticket.service else "",
        priority=ticket.priority and naming.priority(ticket.priority),
        counter=naming.counter(ticket.counter) if ticket.status in AT_COUNTER else "",
        remote=ticket.remote,
        rests=words.moment(ticket.rests),
        until=words.moment(ticket.until),
        issued=words.moment(ticket.issued),
        joined=words.moment(ticket.joined if ticket.joined != ticket.issued else 0),
        called=words.moment(ticket.first_called),
        started=words.moment(ticket.started),
        ended=words.moment(ticket.ended),
        waited=_length(now - ticket.joined if waiting else times.waiting),
        walked=_length(times.walking),
        served=_length(times.service),
        visit=_length(times.visit),
        calls=ticket.calls,
        places=tuple(_places(hall, naming, ticket)),
        priorities=tuple(_priorities(catalogue, naming, ticket)),
        counters=every_counter(words) if "move" in acts else (),
        services=every_service(words) if "move" in acts else (),
        acts=acts,
        history=history,
        against=other.number if other else against,
        unknown=bool(against) and (other is None or other.id == ticket.id),
        why=tuple(_why(hall, naming, ticket, other)) if other and other.id != ticket.id else (),
    )


def acts_of(ticket: Ticket) -> frozenset[str]:
    """What a supervisor may do with it: the table's steps; who is at a counter is moved there."""
    names = set(ticket_acts(ticket.status))
    if "transfer" in names and ticket.status not in AT_COUNTER:
        names.add("move")
    return frozenset(names & {"reclass", "move", "cancel", "reinstate"})


def find(hall: Hall, typed: str) -> list[Ticket]:
    """Today's tickets of a number as it was typed."""
    meant = like(typed)
    return [ticket for ticket in hall.tickets.values() if meant(ticket.number)]


def shorts(words: Words, tickets: Iterable[Ticket]) -> tuple[Short, ...]:
    """A list of tickets."""
    return tuple(
        Short(
            id=one.id,
            number=one.number,
            service=words.service(one.service),
            status=one.status,
            counter=words.counter(one.counter) if one.counter else "",
            at=words.moment(one.ended or one.joined),
            priority=words.person(one).priority,
            minutes=words.person(one).minutes,
        )
        for one in tickets
    )


def ended(hall: Hall) -> list[Ticket]:
    """Who can be let wait again, the last first."""
    found = [one for one in hall.tickets.values() if one.status in ("no_show", "cancelled")]
    return sorted(found, key=lambda one: -one.ended)[:SHOWN]


def _length(ms: int | None) -> str:
    """A length of time; "" where it has not come to it."""
    return "" if ms is None else lasted(ms)


def _places(hall: Hall, naming: Naming, ticket: Ticket) -> Iterable[Place]:
    if ticket.status != "waiting":
        return
    for name in servers(hall, ticket.line):
        queue = list(in_order(hall, hall.counters[name]))
        if ticket.id in queue:
            yield Place(name, naming.counter(name), queue.index(ticket.id) + 1, len(queue))


def _priorities(catalogue: Catalogue, naming: Naming, ticket: Ticket) -> Iterable[Choice]:
    for id in ("", *catalogue.priorities):
        yield Choice(id, naming.priority(id), id == ticket.priority)


def _why(hall: Hall, naming: Naming, ticket: Ticket, other: Ticket) -> Iterable[Why]:
    """One sentence for all the counters where it is the same."""
    found: dict[str, list[str]] = {}
    for name in servers(hall, ticket.line):
        reason = explain(hall, hall.counters[name], ticket.id, other.id)
        found.setdefault(reason.sentence(naming.language), []).append(naming.counter(name))
    for sentence, counters in found.items():
        yield Why(sentence, tuple(counters))
