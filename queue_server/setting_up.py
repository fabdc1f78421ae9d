"""A hall's first hours: what of it is set up, and the first agencies of a catalogue.

How far it is follows from the hall itself (its catalogue, its screens, its numbers); only what
can't be seen there (a step that was left out, a voice that was heard) is noted, in the record of
changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from .catalogue import Agency, Cost, Counter, Document, Duration, Service, Text, Zone
from .changes import Json
from .house import House
from .web.identity import Identity

Step = Literal["hall", "services", "display", "kiosk", "printer", "call"]
STEPS: tuple[Step, ...] = get_args(Step)
State = Literal["todo", "skipped", "done"]
PREFIX = "setup."
EXAMPLE = Path(__file__).parent.parent / "catalogues" / "mpp-lampung-selatan.toml"
"""The catalogue that comes with the program."""
MOST_SERVICES = 40
"""Of one agency in the short form; a file has no such limit."""
MOST_COUNTERS = 30


class Simple(Struct, frozen=True):
    """An agency as the short form asks for it: its name, a short one, its services, how many
    counters it has."""

    name: str
    short: str
    services: tuple[str, ...]
    counters: int


def is_empty(house: House) -> bool:
    """Whether nobody has given the hall a service yet."""
    return not house.catalogue.document.services


async def states(house: House) -> dict[Step, State]:
    """How far each step is."""
    noted = await house.rooms.changes.newest(PREFIX)
    found: dict[Step, State] = {}
    for step in STEPS:
        change = noted.get(PREFIX + step)
        text = bytes(change.after).decode().strip('"') if change else ""
        if text == "done" or _seen(house, step):
            found[step] = "done"
        else:
            found[step] = "skipped" if text == "skipped" else "todo"
    return found


async def note(house: House, step: Step, state: State, by: Identity, address: str) -> None:
    """Remember a step that is done, or left out for now."""
    after: Json = state
    await house.rooms.changes.record(by, address, PREFIX + step, "run", None, after)


def _seen(house: House, step: Step) -> bool:
    """Whether the hall shows by itself that a step is done."""
    if step == "hall":
        return house.settings.revision("hall") > 0
    if step == "services":
        return bool(house.catalogue.services)
    if step == "display":
        return bool(house.rooms.screens.all())
    if step == "kiosk":
        return any(ticket.channel == "kiosk" for ticket in house.hall.tickets.values())
    return False


# A first catalogue ----------------------------------------------------------------------------


def with_agency(document: Document, given: Simple) -> Document:
    """The document with one agency more: its services, each with a letter of its own, and counters
    that give all of them."""
    zones = document.zones or (Zone("a", Text("Zona A", "Zone A")),)
    agency = Agency(
        id=_free(slug(given.short or given.name), [one.id for one in document.agencies]),
        kind="regional", name=Text(given.name, given.name), short=given.short or given.name,
    )  # fmt: skip
    services = list(document.services)
    letters = _letters([one.prefix for one in services])
    mine: list[str] = []
    for name in given.services:
        id = _free(slug(name), [one.id for one in services])
        services.append(_service(id, agency.id, next(letters), name))
        mine.append(id)
    return replace(
        document, zones=zones, agencies=(*document.agencies, agency), services=tuple(services),
        counters=(*document.counters, *_counters(document, zones[0].id, mine, given.counters)),
    )  # fmt: skip


def renamed(document: Document, name: str) -> Document:
    """The document under the hall's name; its English is left where it has one."""
    english = document.name.en if document.name.en != document.name.id else name
    return replace(document, name=Text(name, english))


def slug(name: str) -> str:
    """An id of a name: small letters, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "lain"


def _service(id: str, agency: str, prefix: str, name: str) -> Service:
    # What the standard must publish isn't made up: it says of itself that it is not known yet.
    return Service(
        id=id, agency=agency, prefix=prefix, name=Text(name, name), requirements=(), procedure=(),
        duration=Duration(known=False), cost=Cost(known=False), product="", complaints="",
    )  # fmt: skip


def _counters(
    document: Document, zone: str, services: Sequence[str], count: int
) -> Iterator[Counter]:
    taken = {str(one.id) for one in document.counters}
    number = max((one.number or 0 for one in document.counters), default=0)
    while count > 0:
        number += 1
        if str(number) not in taken:
            count -= 1
            name = Text(f"Loket {number}", f"Counter {number}")
            yield Counter(str(number), name, zone, tuple(services), number=number)


def _letters(taken: Sequence[str]) -> Iterator[str]:
    """Prefixes that are free: A to Z, then AA, AB …"""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for first in ("", *alphabet):
        for second in alphabet:
            if first + second not in taken:
                yield first + second


def _free(wanted: str, taken: Sequence[str]) -> str:
    number, id = 1, wanted if wanted not in ("hall", "presence") else f"{wanted}-1"
    while id in taken:
        number += 1
        id = f"{wanted}-{number}"
    return id
