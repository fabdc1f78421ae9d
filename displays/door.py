"""A counter's own screen at its door: its name, the number that is there, open or not. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from queue_server.catalogue import Catalogue, Text
from queue_server.config import Config
from queue_server.core.calendar import local
from queue_server.core.model import Hall, Ticket

from . import words
from .look import fingerprint, languages
from .screen import Line, lengthy, line
from .views import Called, called


class Door(Struct, frozen=True):
    """What a counter shows at its door. `until` (RFC 3339): when a break ends or a closed counter
    opens again, if that was said. `serving`: who was called is there."""

    counter: str
    name: Text
    counter_number: int | None
    place: str
    agencies: tuple[Text, ...]
    hall: str
    server_time: str
    state: Literal["closed", "open", "break"]
    until: str | None
    now: Called | None
    serving: bool


class DoorScreen(Struct, frozen=True):
    """A door in words: `line` is its call, `said` what else there is to say; with another
    `look` its page begins anew."""

    door: Door
    first: str
    second: str
    line: Line | None
    place: Text
    desk: Text
    lengthy: bool
    said: Text
    clock: Text
    look: str


def door(hall: Hall, catalogue: Catalogue, config: Config, counter: str, now: int) -> Door:
    """The state of a counter's door at `now` (epoch ms); the catalogue has the counter."""
    found, here = catalogue.counters[counter], hall.counters[counter]
    ticket = hall.tickets.get(here.current)
    until = here.until if here.state == "break" else here.reopens
    services = [catalogue.services[name] for name in hall.place(counter).services]
    agencies = {one.agency: catalogue.agencies[one.agency].name for one in services}
    return Door(
        counter=counter,
        name=found.name,
        counter_number=found.number,
        place=found.place,
        agencies=tuple(agencies.values()),
        hall=config.hall.name,
        server_time=_stamp(local(now, hall.plan.hours)),
        state=here.state,
        until=_stamp(local(until, hall.plan.hours)) if until and here.state != "open" else None,
        now=called(ticket, hall, catalogue) if ticket and _is_called(ticket) else None,
        serving=ticket is not None and ticket.status == "serving",
    )


def door_screen(door: Door, config: Config, zone: str) -> DoorScreen:
    """The door in the words of its zone's languages."""
    first, second = languages(config, zone)
    place, desk = words.PLACES[door.place], Text(str(door.counter_number), str(door.counter_number))
    if door.counter_number is None:
        place, desk = Text("", ""), door.name
    return DoorScreen(
        door=door,
        first=first,
        second=second,
        line=line(door.now) if door.now else None,
        place=place,
        desk=desk,
        lengthy=lengthy(desk),
        said=_said(door),
        clock=words.clock(datetime.fromisoformat(door.server_time)),
        look=fingerprint(config, zone),
    )


def _is_called(ticket: Ticket) -> bool:
    """Called here: one that an operator only looks at has no call of this counter."""
    return bool(ticket.call) and ticket.here > 0


def _said(door: Door) -> Text:
    until = words.clock(datetime.fromisoformat(door.until)) if door.until else None
    if door.now:
        return words.AT_THE_COUNTER if door.serving else words.COME_IN
    if door.state == "open":
        return words.WAIT_HERE
    if door.state == "break":
        return words.until(words.ON_BREAK, until)
    return words.reopens(words.COUNTER_CLOSED, until)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
