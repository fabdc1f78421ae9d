"""The supervisor's board: every counter and every queue of the hall. Pure."""

from __future__ import annotations

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Counter, CounterState, Hall, Line, Status
from queue_server.core.plan import MINUTE
from queue_server.core.policy import lines_of, servers

from .chooser import Names
from .day import Day, Served
from .views import Moment, Words, lasted, waiting

ROWS = 40
"""Queues that are drawn, the longest wait first."""
LONG = 30
"""Minutes after which a wait is marked as long."""


class Post(Struct, frozen=True):
    """A counter on the board. `status` and `moment` tell what its ticket is doing."""

    id: str
    name: str
    zone: str
    state: CounterState
    operator: str
    since: Moment
    number: str
    service: str
    status: Status | None
    moment: Moment
    waiting: int
    served: int
    mean: str


class Queue(Struct, frozen=True):
    """Who waits for a service. `since`: when the longest wait began."""

    name: str
    agency: str
    waiting: int
    since: Moment
    minutes: int
    long: bool
    counters: int
    """Open counters that give it: with none, these people wait in vain."""


class Trouble(Struct, frozen=True):
    """A ticket printer that a person must mend: its name, why, and what to do."""

    printer: str
    said: str


class Floor(Struct, frozen=True):
    """The hall at a moment."""

    now: int
    version: int
    waiting: int
    open: int
    on_break: int
    longest: int
    posts: tuple[Post, ...]
    closed: tuple[Post, ...]
    queues: tuple[Queue, ...]
    more: int
    """Queues beyond those drawn."""
    troubles: tuple[Trouble, ...] = ()


def floor(
    hall: Hall, catalogue: Catalogue, day: Day, names: Names, now: int, language: str,
    troubles: tuple[Trouble, ...] = (),
) -> Floor:  # fmt: skip
    """The board at `now` (epoch ms): the longest wait first."""
    words = Words(hall, catalogue, now, language)
    posts = [_post(words, counter, day, names) for counter in hall.counters.values()]
    waits = sorted((_oldest(hall, line), name) for name, line in hall.lines.items() if line)
    return Floor(
        now=now,
        version=hall.version,
        waiting=sum(map(len, hall.lines.values())),
        open=sum(post.state == "open" for post in posts),
        on_break=sum(post.state == "break" for post in posts),
        longest=max(0, now - waits[0][0]) // MINUTE if waits else 0,
        posts=tuple(post for post in posts if post.state != "closed"),
        closed=tuple(post for post in posts if post.state == "closed"),
        queues=tuple(_queue(words, name, since) for since, name in waits[:ROWS]),
        more=max(0, len(waits) - ROWS),
        troubles=troubles,
    )


def _post(words: Words, counter: Counter, day: Day, names: Names) -> Post:
    hall = words.hall
    ticket = hall.tickets.get(counter.current)
    served = day.served.get(counter.id, Served())
    moment = (ticket.started or ticket.last_called) if ticket else 0
    return Post(
        id=counter.id,
        name=words.counter(counter.id),
        zone=words.zone(counter.id),
        state=counter.state,
        operator=names(counter.operator) if counter.operator else "",
        since=words.moment(counter.since),
        number=ticket.number if ticket else "",
        service=words.service(ticket.service) if ticket else "",
        status=ticket.status if ticket else None,
        moment=words.moment(moment),
        waiting=waiting(hall, lines_of(hall, counter.id)),
        served=served.count,
        mean=lasted(served.mean),
    )


def _oldest(hall: Hall, line: Line) -> int:
    """When the longest wait in a line began: each class stands by arrival."""
    return min(ranks[0][0] for ranks in line.classes.values())


def _queue(words: Words, name: str, since: int) -> Queue:
    hall = words.hall
    minutes = max(0, words.now - since) // MINUTE
    states = [hall.counters[server].state for server in servers(hall, name)]
    return Queue(
        name=words.line(name),
        agency=words.agency(name),
        waiting=len(hall.lines[name]),
        since=words.moment(since),
        minutes=minutes,
        long=minutes >= LONG,
        counters=states.count("open"),
    )
