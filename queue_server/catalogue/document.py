"""The catalogue's document: agencies, services, counters and zones as they are written.

What is retired stays in the document, so that history keeps its names; it is offered no more.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from ..core.language import Text as Text
from ..promises import Channel, Charter, Complaints
from ..timetable import BookingRules as BookingRules
from ..timetable import Count, Exceptions, Openings

ORDINARY = "ordinary"
"""How a counter's `classes` name the tickets without a priority class."""

Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]
Icon = Literal["star", "elder", "wheelchair", "pregnant", "nursing", "child", "heart", "clock"]


class Zone(Struct, frozen=True, omit_defaults=True):
    """A part of the hall with its own displays."""

    id: str
    name: Text
    retired: bool = False


class Agency(Struct, frozen=True, omit_defaults=True):
    """An agency in the hall: regional (perangkat daerah) or vertical (instansi vertikal)."""

    id: str
    kind: Literal["regional", "vertical"]
    name: Text
    short: str
    channels: tuple[Channel, ...] = ()
    """Where it takes complaints itself, besides the hall's channels."""
    booking: BookingRules | None = None
    hours: Openings = {}
    exceptions: Exceptions = {}
    retired: bool = False
    """Its services are then out of force with it."""


class Duration(Struct, frozen=True, omit_defaults=True):
    """How long the service takes by its standard. `known=false`: not published."""

    known: bool = True
    minutes: int = 0
    working_days: int = 0
    text: str = ""
    source: str = ""


class Cost(Struct, frozen=True, omit_defaults=True):
    """What it costs in rupiah (0: free). `known=false`: not published."""

    known: bool = True
    rupiah: int | None = None
    text: str = ""
    source: str = ""


class Service(Struct, frozen=True, omit_defaults=True):
    """A service with the six components that its standard must publish (UU 25/2009 Ps 21)."""

    id: str
    agency: str
    prefix: str
    name: Text
    requirements: tuple[str, ...]
    procedure: tuple[str, ...]
    duration: Duration
    cost: Cost
    product: str
    complaints: str
    keywords: tuple[str, ...] = ()
    popular: bool = False
    digits: int = 3
    first: int = 1
    quick: bool = False
    booking: BookingRules | None = None
    hours: Openings = {}
    exceptions: Exceptions = {}
    last: Count = 0
    """The last number of a day; 0: there is none."""
    quota: Count = 0
    """Numbers for walk-ins on a day; 0: no limit."""
    quotas: dict[str, Count] = {}
    """The same for parts of the day, such as "08:00-10:00"."""
    retired: bool = False


class Counter(Struct, frozen=True, omit_defaults=True):
    """A counter and the services that it gives. `place` and `number` are what is spoken.

    `classes`: the only priority classes that it takes, "ordinary" among them; empty: all.
    `quick`: a counter of the quick lane. `favours`: service -> minutes by which it is seen
    earlier here. `shifts`: those of the configuration in which it should be open.
    """

    id: str | int
    name: Text
    zone: str
    services: tuple[str, ...]
    place: Literal["loket", "ruang", "meja"] = "loket"
    number: int | None = None
    classes: tuple[str, ...] = ()
    quick: bool = False
    favours: dict[str, Minutes] = {}
    shifts: tuple[str, ...] = ()
    retired: bool = False


class Priority(Struct, frozen=True, omit_defaults=True):
    """A priority class. `credit_minutes` is by how much its arrival counts as earlier; `weight`
    is what the orders "strict" and "balance" compare by; `colour` and `icon` mark its tickets."""

    id: str
    name: Text
    credit_minutes: Minutes
    weight: Annotated[int, Meta(ge=1, le=100)] = 1
    colour: Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}\Z")] = "#0b4a7a"
    icon: Icon = "star"
    retired: bool = False


class Reason(Struct, frozen=True, omit_defaults=True):
    """Why somebody parks a ticket, takes a break, or closes: what `acts` may give it."""

    id: str
    name: Text
    acts: tuple[Literal["park", "break", "close"], ...]
    retired: bool = False


class PackageStep(Struct, frozen=True, omit_defaults=True):
    """A service of a package, and the steps (by their place, from 0) that come before it."""

    service: str
    after: tuple[int, ...] = ()


class Package(Struct, frozen=True, omit_defaults=True):
    """Several services of one visit, under one number."""

    id: str
    name: Text
    steps: tuple[PackageStep, ...]
    about: Text | None = None
    retired: bool = False


class Document(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The file as it is written."""

    name: Text
    zones: tuple[Zone, ...]
    agencies: tuple[Agency, ...]
    services: tuple[Service, ...]
    counters: tuple[Counter, ...]
    about: str = ""
    priorities: tuple[Priority, ...] = ()
    reasons: tuple[Reason, ...] = ()
    packages: tuple[Package, ...] = ()
    english: dict[str, str] = {}
    phrases: dict[str, dict[str, str]] = {}
    """Other languages' translations of published lines, as `english` has its own."""
    charter: Charter = Charter()
    complaints: Complaints = Complaints()


Item = Zone | Agency | Service | Counter | Priority | Reason | Package
"""What has an id, a name in several languages, and can be retired."""
KINDS: dict[str, type[Item]] = {
    "agencies": Agency, "services": Service, "counters": Counter, "zones": Zone,
    "priorities": Priority, "reasons": Reason, "packages": Package,
}  # fmt: skip
"""The document's lists."""
SINGULAR = {
    "agencies": "agency", "services": "service", "counters": "counter", "zones": "zone",
    "priorities": "priority", "reasons": "reason", "packages": "package",
}  # fmt: skip


def items(document: Document, kind: str) -> tuple[Item, ...]:
    """One of its lists."""
    found: tuple[Item, ...] = getattr(document, kind)
    return found


def with_items(document: Document, kind: str, found: tuple[Item, ...]) -> Document:
    """The same with another list of a kind."""
    return msgspec.structs.replace(document, **{kind: found})
