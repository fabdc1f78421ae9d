"""What a hall board shows: pure functions of Hall and Catalogue.

`Board` is the state for whoever reads JSON (integrators, LED panels); `screen` sets it in words.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from queue_server.catalogue import Catalogue, Text
from queue_server.config import Config
from queue_server.core.calendar import closes_at, local, next_opening
from queue_server.core.model import Hall, Ticket
from queue_server.core.policy import is_service, servers
from queue_server.core.standing import HALL, counters_in, last_called

from . import words
from .schedule import in_force, texts


class Called(Struct, frozen=True):
    """One call. `call` is its id, `place` loket, ruang or meja, `at` RFC 3339."""

    call: int
    number: str
    counter: str
    counter_name: Text
    counter_number: int | None
    place: str
    agency: str
    agency_name: Text
    at: str


class Waiting(Struct, frozen=True):
    """How many wait for an agency's counters on this board."""

    agency: str
    short: str
    count: int


class Board(Struct, frozen=True):
    """The whole state of a board. Times are RFC 3339 with the hall's offset.

    `open` tells whether numbers are given now; `closes_at` is when that ends, unless the hall
    never closes; `opens_at` is the next opening. `history` is newest first and doesn't repeat
    `now`; `earlier` are as many calls before those, for the second of two screens. `busy`:
    somebody waits or stands at a counter, whatever the hours say.
    """

    zone: str
    name: Text
    hall: str
    server_time: str
    open: bool
    opens_at: str | None
    closes_at: str | None
    busy: bool
    now: Called | None
    history: tuple[Called, ...]
    waiting: tuple[Waiting, ...]
    waiting_total: int
    counters_open: int
    counters_total: int
    running_text: Text
    earlier: tuple[Called, ...] = ()
    messages: tuple[Text, ...] = ()
    """What a supervisor says now, the oldest first; shown instead of the running text."""


def zones(catalogue: Catalogue) -> dict[str, Text]:
    """The boards that there are, the whole hall's first: name for the URL -> title."""
    return {HALL: words.WHOLE_HALL, **{zone.id: zone.name for zone in catalogue.zones.values()}}


def board(hall: Hall, catalogue: Catalogue, config: Config, zone: str, now: int) -> Board:
    """The state of a zone's board at `now` (epoch ms); `zone` is one of `zones`."""
    hours = hall.plan.hours
    closes, opens = closes_at(now, hours), next_opening(now, hours)
    places = counters_in(hall, zone)
    last = config.displays.history + 1
    calls = [called(ticket, hall, catalogue) for ticket in last_called(hall, places, 2 * last - 1)]
    waiting = _waiting(hall, catalogue, zone, places)
    total = sum(row.count for row in waiting)
    return Board(
        zone=zone,
        name=zones(catalogue)[zone],
        hall=config.hall.name,
        server_time=_stamp(local(now, hours)),
        open=closes is not None,
        opens_at=_stamp(opens) if opens else None,
        closes_at=_stamp(closes) if closes and not hours.always else None,
        busy=total > 0 or any(hall.counters[name].current for name in places),
        now=calls[0] if calls else None,
        history=tuple(calls[1:last]),
        earlier=tuple(calls[last:]),
        waiting=waiting,
        waiting_total=total,
        counters_open=sum(hall.counters[name].state == "open" for name in places),
        counters_total=len(places),
        running_text=_running_text(config, zone, local(now, hours)),
        messages=tuple(
            Text(one.text, one.text_en or one.text) for one in reversed(hall.said("boards", now))
        ),
    )  # fmt: skip


# The state's parts ----------------------------------------------------------------------------


def called(ticket: Ticket, hall: Hall, catalogue: Catalogue) -> Called:
    """The ticket's last call. A catalogue that has since dropped a name leaves the bare id."""
    counter = catalogue.named.counters.get(ticket.counter)
    name = hall.place(ticket.counter).name
    service = catalogue.named.services.get(ticket.service)
    agency = catalogue.named.agencies[service.agency] if service else None
    return Called(
        call=ticket.call,
        number=ticket.number,
        counter=ticket.counter,
        counter_name=counter.name if counter else Text(name, name),
        counter_number=counter.number if counter else None,
        place=counter.place if counter else "loket",
        agency=agency.short if agency else "",
        agency_name=agency.name if agency else Text("", ""),
        at=_stamp(local(ticket.last_called, hall.plan.hours)),
    )


def _waiting(
    hall: Hall, catalogue: Catalogue, zone: str, places: frozenset[str]
) -> tuple[Waiting, ...]:
    """Agencies with somebody waiting, in the catalogue's order, so that none changes its place."""
    counts: Tally[str] = Tally()
    for agency, count in _waiting_lines(hall, zone, places):
        counts[agency] += count
    known = catalogue.agencies
    return tuple(
        Waiting(id, agency.short, counts[id]) for id, agency in known.items() if counts[id]
    )


def _waiting_lines(hall: Hall, zone: str, places: frozenset[str]) -> Iterator[tuple[str, int]]:
    """(agency, how many) for each line that ends at these counters."""
    for name, line in hall.lines.items():
        if not line or (zone != HALL and places.isdisjoint(servers(hall, name))):
            continue
        if is_service(name):
            yield _agency(hall, name), len(line)
        else:
            yield from ((_agency(hall, hall.tickets[id].service), 1) for id in line.ids())


def _agency(hall: Hall, service: str) -> str:
    plan = hall.plan.services.get(service)
    return plan.agency if plan else ""


def _running_text(config: Config, zone: str, moment: datetime) -> Text:
    """What runs at this moment, as one text."""
    running = [line.text for line in texts(config, zone) if in_force(line, moment)]
    return Text(" ".join(one.id for one in running), " ".join(one.en for one in running))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
