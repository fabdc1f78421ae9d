"""The supervisor's board: every counter and every queue of the hall. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Literal
from urllib.parse import quote

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.bounds import covers, of_counter, of_line
from queue_server.core.commands import EVERYWHERE, Bounds
from queue_server.core.intake import Code, shut_now
from queue_server.core.model import Counter, CounterState, Hall, Status
from queue_server.core.plan import MINUTE
from queue_server.core.policy import lines_of, own_line, servers
from queue_server.floor.alarms import Alarm, Kind, waits
from queue_server.floor.day import Day, Served
from queue_server.floor.naming import Naming
from queue_server.oversight import OF_COUNTER, OF_LINE, Said

from .chooser import Names
from .views import Moment, Words, lasted, waiting

ROWS = 40
"""Queues that are drawn, the longest wait first."""
ALIKE = 3
"""Alarms of one kind that are drawn openly: in a rush every line may be late."""
FOLDED = 12
"""Those that are drawn behind a fold; each line and counter stands on the board besides."""
Level = Literal["worst", "bad", "warn"]
LEVELS: dict[Kind, Level] = {
    "emergency": "worst", "journal": "worst", "full": "bad", "unserved": "bad", "printer": "bad",
    "late": "bad",
}  # fmt: skip
"""How loud an alarm is; the others are a "warn"."""
AUDIENCES: tuple[Literal["consoles", "boards"], ...] = ("consoles", "boards")


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
    ticket: int = 0


class Queue(Struct, frozen=True):
    """Who waits for a service. `since`: when the longest wait began."""

    line: str
    name: str
    agency: str
    waiting: int
    since: Moment
    minutes: int
    long: bool
    counters: int
    """Open counters that give it: with none, these people wait in vain."""
    shut: Code | Literal[""]
    """Why no numbers are given for it now, if so."""


class Warned(Struct, frozen=True):
    """An alarm: what it is, what to do, and the page where it is done ("" for none)."""

    key: str
    kind: Kind
    level: Level
    about: str
    headline: str
    remedy: str
    since: Moment
    href: str


class Warnings(Struct, frozen=True):
    """The alarms of one kind: those that are drawn, those behind a fold (the first of them), and
    how many those are in all."""

    shown: tuple[Warned, ...]
    rest: tuple[Warned, ...]
    more: int


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
    alarms: tuple[Warnings, ...] = ()
    alarmed: int = 0
    """How many alarms there are."""
    messages: int = 0
    """What is being said to consoles and boards."""


def floor(
    hall: Hall, catalogue: Catalogue, day: Day, names: Names, now: int, language: str,
    alarms: tuple[Said, ...] = (), bounds: Bounds = EVERYWHERE,
) -> Floor:  # fmt: skip
    """The board at `now` (epoch ms), as far as the bounds reach: the worst alarm and the longest
    wait first."""
    words = Words(hall, catalogue, now, language)
    posts = [
        _post(words, counter, day, names)
        for counter in hall.counters.values()
        if not bounds or covers(bounds, of_counter(hall, counter.id))
    ]
    mine = {name for name in hall.lines if not bounds or covers(bounds, of_line(hall, name))}
    lines = sorted((since, name) for name, since, _ in waits(hall) if name in mine)
    late = {said.alarm.about for said in alarms if said.alarm.kind in OF_LINE}
    naming = Naming(catalogue, names, language)
    return Floor(
        now=now,
        version=hall.version,
        waiting=sum(len(hall.lines[name]) for name in mine),
        open=sum(post.state == "open" for post in posts),
        on_break=sum(post.state == "break" for post in posts),
        longest=max(0, now - lines[0][0]) // MINUTE if lines else 0,
        posts=tuple(post for post in posts if post.state != "closed"),
        closed=tuple(post for post in posts if post.state == "closed"),
        queues=tuple(_queue(words, naming, name, since, late) for since, name in lines[:ROWS]),
        more=max(0, len(lines) - ROWS),
        alarms=tuple(_warnings(words, alarms)),
        alarmed=len(alarms),
        messages=len({m.id for to in AUDIENCES for m in hall.said(to, now)}),
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
        ticket=ticket.id if ticket else 0,
    )


def _queue(words: Words, naming: Naming, name: str, since: int, late: set[str]) -> Queue:
    hall = words.hall
    states = [hall.counters[giver].state for giver in servers(hall, name)]
    stopped = shut_now(hall, name, words.now)
    return Queue(
        line=name,
        name=naming.line(name),
        agency=words.agency(name),
        waiting=len(hall.lines[name]),
        since=words.moment(since),
        minutes=max(0, words.now - since) // MINUTE,
        long=name in late,
        counters=states.count("open"),
        shut=stopped.code if stopped else "",
    )


def _warnings(words: Words, alarms: Iterable[Said]) -> Iterable[Warnings]:
    """By kind, the worst first; of what somebody waits for, none is hidden."""
    for kind, found in groupby(alarms, key=lambda said: said.alarm.kind):
        rows = tuple(_warned(words, said) for said in found)
        openly = len(rows) if kind in ("emergency", "closing") else ALIKE
        yield Warnings(rows[:openly], rows[openly : openly + FOLDED], len(rows[openly:]))


def _warned(words: Words, said: Said) -> Warned:
    alarm = said.alarm
    return Warned(
        key=f"{alarm.kind}-{alarm.about}",
        kind=alarm.kind,
        level=LEVELS.get(alarm.kind, "warn"),
        about=alarm.about,
        headline=said.headline,
        remedy=said.remedy,
        since=words.moment(alarm.since),
        href=_href(alarm),
    )


def _href(alarm: Alarm) -> str:
    if alarm.kind in OF_COUNTER:
        return f"/supervisor/counters/{alarm.about}"
    if alarm.kind in OF_LINE:
        own = own_line("")
        if alarm.about.startswith(own):
            return f"/supervisor/counters/{alarm.about.removeprefix(own)}"
        return f"/supervisor/lines/{quote(alarm.about)}"
    if alarm.kind == "display":
        return f"/displays/{alarm.about}"
    if alarm.kind in ("panel", "backup"):
        return "/admin/panels" if alarm.kind == "panel" else "/admin/backup"
    return "/admin/printers" if alarm.kind in ("printer", "paper") else ""
