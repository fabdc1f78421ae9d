"""The hall at a glance, for who leads it: whole figures, a line an agency, what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Catalogue
from queue_server.core.calendar import closes_at, local, next_opening
from queue_server.core.lifecycle import AT_COUNTER
from queue_server.core.model import Counter, Hall, Ticket
from queue_server.core.plan import MINUTE
from queue_server.core.policy import agency_line, is_service
from queue_server.floor.alarms import Kind
from queue_server.floor.naming import Naming
from queue_server.glance import Glance
from queue_server.oversight import Said
from queue_server.survey.labels import figure
from queue_server.web.i18n import clock_text

from .floor import LEVELS, Level
from .words import Words

ALARMS = 4
"""Kinds of alarms that are said; how many more there are is a number."""
State = Literal["late", "vain", "busy", "calm", "shut"]
"""An agency: someone waits too long; people wait and no counter is open; people wait; nobody
waits; nobody waits and no counter is open."""
SEVERE: tuple[State, ...] = ("vain", "late")


class Door(Struct, frozen=True):
    """Whether the hall is open. `at` is when it closes, or opens next ("" for no such time);
    `ahead`: it opens in so many days."""

    open: bool
    at: str = ""
    ahead: int = 0


class Longest(Struct, frozen=True):
    """The longest wait now: since when (epoch ms), in minutes, and for what."""

    since: int
    minutes: int
    number: str
    service: str
    agency: str


class Line(Struct, frozen=True):
    """An agency. `since` is when its longest wait began (epoch ms, 0: nobody waits)."""

    id: str
    name: str
    full: str
    state: State
    waiting: int
    since: int
    minutes: int
    open: int
    paused: int
    counters: int
    served: int


class Trouble(Struct, frozen=True):
    """Alarms of one kind: how loud, what the worst of them says, how many there are."""

    kind: Kind
    level: Level
    headline: str
    more: int


class Part(Struct, frozen=True):
    """A part of the system: how many of it work."""

    kind: Literal["journal", "printers", "screens", "panels"]
    good: int
    all: int


class Dashboard(Struct, frozen=True):
    """Everything on the page that changes."""

    now: int
    version: int
    door: Door
    issued: int
    waiting: int
    at_counter: int
    served: int
    longest: Longest | None
    open: int
    counters: int
    lines: tuple[Line, ...]
    shut: tuple[str, ...]
    """Agencies of which there is nothing to say."""
    troubles: tuple[Trouble, ...]
    alarmed: int
    hushed: int
    """Alarms of the kinds that are not said."""
    parts: tuple[Part, ...]
    glance: Glance
    whole: bool = True
    """Of the whole hall: a part of it has no satisfaction and no usual day of its own."""

    @property
    def ill(self) -> tuple[Part, ...]:
        """The parts of the system that don't work wholly."""
        return tuple(part for part in self.parts if part.good < part.all)

    @property
    def compared(self) -> int:
        """Arrivals against the usual ones by now, in per cent more or less."""
        usual = self.glance.usual or 0
        return round(100 * (self.issued - usual) / usual) if usual else 0


class Tally(Struct):
    """An agency's tickets of the day, counted."""

    issued: int = 0
    waiting: int = 0
    at_counter: int = 0
    served: int = 0
    oldest: Ticket | None = None

    def add(self, ticket: Ticket) -> None:
        self.issued += 1
        if ticket.status == "waiting":
            self.waiting += 1
            if self.oldest is None or ticket.joined < self.oldest.joined:
                self.oldest = ticket
        self.at_counter += ticket.status in AT_COUNTER
        self.served += ticket.status == "served"


class Tallies:
    """The counting of the present version: made once, in whatever languages it is shown."""

    def __init__(self) -> None:
        self._of: tuple[Hall, int] | None = None
        self._found: dict[str, Tally] = {}

    def of(self, hall: Hall) -> dict[str, Tally]:
        """Agency -> its tickets, counted; "" for those of services that the plan has dropped."""
        if self._of is None or self._of[0] is not hall or self._of[1] != hall.version:
            self._found, self._of = tally(hall), (hall, hall.version)
        return self._found


def tally(hall: Hall) -> dict[str, Tally]:
    """One pass over the tickets of the day, each at the agency where it stands now."""
    found: dict[str, Tally] = {}
    for ticket in hall.tickets.values():
        found.setdefault(_agency(hall, ticket), Tally()).add(ticket)
    return found


def _agency(hall: Hall, ticket: Ticket) -> str:
    """Where a ticket stands: with the agency that it was sent to, else with its service's."""
    if ticket.line.startswith(agency_line("")):
        return ticket.line[1:]
    planned = hall.plan.services.get(ticket.service)
    return planned.agency if planned else ""


def dashboard(
    hall: Hall, catalogue: Catalogue, naming: Naming, tallies: dict[str, Tally], now: int,
    alarms: tuple[Said, ...], parts: tuple[Part, ...], glance: Glance,
    agencies: frozenset[str] | None = None,
) -> Dashboard:  # fmt: skip
    """The hall at `now` (epoch ms), or what it has of some agencies (None: all)."""
    words = Words(hall, catalogue, now, naming.language)
    mine = {id: one for id, one in tallies.items() if agencies is None or id in agencies}
    places = _places(hall, agencies)
    lines = _lines(words, mine, places, _late(hall, alarms))
    counters = {one.id: one for found in places.values() for one in found}.values()
    troubles, hushed = _troubles(alarms)
    return Dashboard(
        now=now,
        version=hall.version,
        door=door(hall, now, naming.language),
        issued=sum(one.issued for one in mine.values()),
        waiting=sum(one.waiting for one in mine.values()),
        at_counter=sum(one.at_counter for one in mine.values()),
        served=sum(one.served for one in mine.values()),
        longest=_longest(words, mine.values()),
        open=sum(one.state == "open" for one in counters),
        counters=len(counters),
        lines=tuple(line for line in lines if line.state != "shut"),
        shut=tuple(line.name for line in lines if line.state == "shut"),
        troubles=troubles,
        alarmed=len(alarms),
        hushed=hushed,
        parts=parts,
        glance=replace(glance, index=figure(glance.index, naming.language)),
        whole=agencies is None,
    )


def door(hall: Hall, now: int, language: str) -> Door:
    """The hall's door."""
    hours = hall.plan.hours
    closes, opens = closes_at(now, hours), next_opening(now, hours)
    if closes is not None:
        return Door(open=True, at="" if hours.always else clock_text(closes, language))
    if opens is None:
        return Door(open=False)
    ahead = opens.date() - local(now, hours).date()
    return Door(open=False, at=clock_text(opens, language), ahead=ahead // timedelta(days=1))


def _places(hall: Hall, agencies: frozenset[str] | None) -> dict[str, list[Counter]]:
    """Agency -> its counters today; one that gives services of several is each one's."""
    found: dict[str, dict[str, Counter]] = {}
    for id, service in hall.plan.services.items():
        if agencies is not None and service.agency not in agencies:
            continue
        own = found.setdefault(service.agency, {})
        own.update((name, hall.counters[name]) for name in hall.givers.get(id, ()))
    return {agency: list(own.values()) for agency, own in found.items()}


def _late(hall: Hall, alarms: Iterable[Said]) -> set[str]:
    """Agencies of which a service's line is late."""
    about = (said.alarm.about for said in alarms if said.alarm.kind == "late")
    plans = hall.plan.services
    return {
        plans[name].agency if name in plans else name[1:]
        for name in about
        if name in plans or (not is_service(name) and name.startswith(agency_line("")))
    }


def _lines(
    words: Words, tallies: dict[str, Tally], places: dict[str, list[Counter]], late: set[str]
) -> list[Line]:
    """What needs somebody first; else as the catalogue has them, so that rows stay in place."""
    known = words.catalogue.named.agencies
    ids = [id for id in known if id in places or id in tallies]
    lines = [_line(words, id, tallies.get(id, Tally()), places.get(id, []), late) for id in ids]
    return sorted(lines, key=lambda one: SEVERE.index(one.state) if one.state in SEVERE else 9)


def _line(
    words: Words, id: str, tally: Tally, counters: list[Counter], late: set[str]
) -> Line:  # fmt: skip
    agency = words.catalogue.named.agencies[id]
    states = [one.state for one in counters]
    since = tally.oldest.joined if tally.oldest else 0
    return Line(
        id=id,
        name=agency.short,
        full=agency.name.of(words.language),
        state=_state(tally.waiting, states.count("open"), states.count("break"), id in late),
        waiting=tally.waiting,
        since=since,
        minutes=_minutes(words.now, since),
        open=states.count("open"),
        paused=states.count("break"),
        counters=len(counters),
        served=tally.served,
    )


def _state(waiting: int, open: int, paused: int, late: bool) -> State:
    if not waiting:
        return "calm" if open or paused else "shut"
    if not open and not paused:
        return "vain"
    return "late" if late else "busy"


def _longest(words: Words, tallies: Iterable[Tally]) -> Longest | None:
    waits = [one.oldest for one in tallies if one.oldest]
    if not waits:
        return None
    first = min(waits, key=lambda ticket: (ticket.joined, ticket.id))
    return Longest(
        since=first.joined,
        minutes=_minutes(words.now, first.joined),
        number=first.number,
        service=words.service(first.service),
        agency=words.agency(first.service),
    )


def _minutes(now: int, since: int) -> int:
    return max(0, now - since) // MINUTE if since else 0


def _troubles(alarms: tuple[Said, ...]) -> tuple[tuple[Trouble, ...], int]:
    """The worst alarm of each kind, the worst kinds first; how many of other kinds there are."""
    kinds: dict[Kind, list[Said]] = {}
    for said in alarms:
        kinds.setdefault(said.alarm.kind, []).append(said)
    told = list(kinds.items())
    shown = tuple(
        Trouble(kind, LEVELS.get(kind, "warn"), found[0].headline, len(found) - 1)
        for kind, found in told[:ALARMS]
    )
    return shown, sum(len(found) for _, found in told[ALARMS:])
