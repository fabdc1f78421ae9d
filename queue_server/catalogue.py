"""The catalogue: agencies, services with their published components, counters, zones.

Data, not code: a document that is read, checked as a whole, and stored under its content hash.
The rules need only the part of it that `plan` takes out.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter as Tally
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import tomli_w
from msgspec import Meta, Struct

from .core.journey import MOST, is_sound
from .core.language import SOURCE
from .core.language import Text as Text
from .core.model import Step
from .core.plan import (
    MINUTE,
    CounterPlan,
    Hours,
    Plan,
    Policy,
    PriorityPlan,
    ServicePlan,
)  # fmt: skip
from .promises import Channel, Charter, Complaints
from .timetable import BookingRules as BookingRules
from .timetable import (
    Count,
    Exceptions,
    Openings,
    fault,
    own_exceptions,
    own_week,
    quota_fault,
    quotas_of,
    time_fault,
)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PREFIX = re.compile(r"[A-Z]{1,3}")
ORDINARY = "ordinary"
"""How a counter's `classes` name the tickets without a priority class."""


Minutes = Annotated[int, Meta(ge=0, le=24 * 60)]
Icon = Literal["star", "elder", "wheelchair", "pregnant", "nursing", "child", "heart", "clock"]


class CatalogueError(Exception):
    """A catalogue that cannot be used; the message names the place and the remedy."""


class Zone(Struct, frozen=True):
    """A part of the hall with its own displays."""

    id: str
    name: Text


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


class Priority(Struct, frozen=True, omit_defaults=True):
    """A priority class. `credit_minutes` is by how much its arrival counts as earlier; `weight`
    is what the orders "strict" and "balance" compare by; `colour` and `icon` mark its tickets."""

    id: str
    name: Text
    credit_minutes: Minutes
    weight: Annotated[int, Meta(ge=1, le=100)] = 1
    colour: Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}\Z")] = "#0b4a7a"
    icon: Icon = "star"


class Reason(Struct, frozen=True):
    """Why somebody parks a ticket, takes a break, or closes: what `acts` may give it."""

    id: str
    name: Text
    acts: tuple[Literal["park", "break", "close"], ...]


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


class Catalogue:
    """A checked catalogue, indexed. Immutable; `hash` names its content."""

    def __init__(self, document: Document) -> None:
        self.document = document = _with_text_ids(document)
        _check(document)
        self.name = document.name
        self.phrases = document.phrases | {"en": document.english}
        self.charter = document.charter
        self.complaints = document.complaints
        self.zones = {zone.id: zone for zone in document.zones}
        self.agencies = {agency.id: agency for agency in document.agencies}
        self.services = {service.id: service for service in document.services}
        self.counters = {str(counter.id): counter for counter in document.counters}
        self.priorities = {priority.id: priority for priority in document.priorities}
        self.reasons = {reason.id: reason for reason in document.reasons}
        self.packages = {package.id: package for package in document.packages}
        self.zone_of = {
            service: counter.zone
            for counter in reversed(document.counters)
            for service in counter.services
        }
        """Service id -> zone of the first counter that gives it."""

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Read a TOML file. Raises CatalogueError."""
        try:
            return cls.parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{path.name}: {error}") from None
        except CatalogueError as error:
            raise CatalogueError(f"{path.name}: {error}") from None

    @classmethod
    def parse(cls, text: str) -> Catalogue:
        """Read TOML text. Raises CatalogueError."""
        try:
            return cls(msgspec.convert(tomllib.loads(text), Document))
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
            raise CatalogueError(str(error)) from None

    @classmethod
    def decode(cls, data: bytes) -> Catalogue:
        """The inverse of `encode`. Raises CatalogueError."""
        try:
            return cls(msgspec.json.decode(data, type=Document))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CatalogueError(str(error)) from None

    def encode(self) -> bytes:
        """JSON, the form in which it is kept: read a hundred times as fast as TOML."""
        return msgspec.json.encode(self.document)

    def dump(self) -> str:
        """TOML text that `parse` reads back to an equal catalogue."""
        return tomli_w.dumps(msgspec.to_builtins(self.document))

    @cached_property
    def hash(self) -> str:
        """The content's name: 16 hexadecimal digits of SHA-256."""
        return hashlib.sha256(self.encode()).hexdigest()[:16]

    def phrase(self, text: str, language: str) -> str:
        """A published line in a language; without a translation, as it was published."""
        return text if language == SOURCE else self.phrases.get(language, {}).get(text, text)

    def agency_of(self, service: str) -> Agency:
        """The agency that gives a service."""
        return self.agencies[self.services[service].agency]

    def counters_of(self, service: str) -> list[Counter]:
        """The counters that give a service."""
        return [c for c in self.document.counters if service in c.services]

    def visit(self, package: str) -> tuple[Step, ...]:
        """The steps of a package, none done yet. KeyError: there is no such package."""
        return tuple(Step(one.service, one.after) for one in self.packages[package].steps)

    def plan(self, hours: Hours, policy: Policy) -> Plan:
        """What the rules need of this catalogue, with the configured hours and policy."""
        return Plan(
            services={s.id: self._service_plan(s) for s in self.services.values()},
            counters={id: _counter_plan(counter) for id, counter in self.counters.items()},
            priorities={
                p.id: PriorityPlan(p.id, p.credit_minutes * MINUTE, p.weight)
                for p in self.priorities.values()
            },
            reasons={
                act: tuple(reason.id for reason in self.document.reasons if act in reason.acts)
                for act in ("park", "break", "close")
            },
            hours=hours,
            policy=policy,
            catalogue=self.hash,
        )

    def _service_plan(self, s: Service) -> ServicePlan:
        zone = self.zone_of[s.id]
        levels = self.agencies[s.agency], s
        return ServicePlan(
            s.id, s.prefix, s.agency, zone, s.digits, s.first, s.quick, s.last, s.quota,
            quotas_of(s.quotas), own_week(*levels), own_exceptions(*levels),
        )  # fmt: skip


def _counter_plan(counter: Counter) -> CounterPlan:
    """A counter as the rules see it: "ordinary" is their class ""."""
    return CounterPlan(
        str(counter.id), counter.name.id, counter.zone, counter.services,
        tuple("" if kind == ORDINARY else kind for kind in counter.classes),
        counter.quick,
        {service: minutes * MINUTE for service, minutes in counter.favours.items()},
        counter.shifts,
    )  # fmt: skip


def first_catalogue(file: str, base: Path) -> Catalogue:
    """The catalogue that a new hall starts with (`hall.catalogue`). Raises CatalogueError."""
    if not file:
        raise CatalogueError("hall.catalogue: expected a file for a new hall, found none")
    return Catalogue.load(base / file)


def _with_text_ids(document: Document) -> Document:
    """Files may number their counters; everybody else compares text."""
    counters = tuple(msgspec.structs.replace(c, id=str(c.id)) for c in document.counters)
    return msgspec.structs.replace(document, counters=counters)


def _check(document: Document) -> None:
    """Everything that a name points at exists, and every name is unique and well formed."""
    for kind, names in _names(document).items():
        _check_names(kind, names)
    zones = {zone.id for zone in document.zones}
    agencies = {agency.id for agency in document.agencies}
    services = {service.id for service in document.services}
    _check_sessions("agency", document.agencies)
    _check_sessions("service", document.services)
    for service in document.services:
        _check_service(service, agencies)
    classes = {priority.id for priority in document.priorities} | {ORDINARY}
    for counter in document.counters:
        _known(f"counter {counter.id}", "priority class", counter.classes, classes)
        _known(f"counter {counter.id}", "service of its own", counter.favours, {*counter.services})
        _known(f"counter {counter.id}", "zone", [counter.zone], zones)
        _known(f"counter {counter.id}", "service", counter.services, services)
        _check_names(f"counter {counter.id}: service", list(counter.services))
    for package in document.packages:
        _check_package(package, services)
    served = {service for counter in document.counters for service in counter.services}
    for service in document.services:
        if service.id not in served:
            raise CatalogueError(f"service {service.id}: no counter gives it; add it to one")


def _names(document: Document) -> dict[str, list[str]]:
    return {
        "zone": [zone.id for zone in document.zones],
        "agency": [agency.id for agency in document.agencies],
        "service": [service.id for service in document.services],
        "counter": [str(counter.id) for counter in document.counters],
        "priority": [priority.id for priority in document.priorities],
        "reason": [reason.id for reason in document.reasons],
        "package": [package.id for package in document.packages],
        "prefix": [service.prefix for service in document.services],
    }


def _check_names(kind: str, names: list[str]) -> None:
    pattern = PREFIX if kind == "prefix" else SLUG
    for name, times in Tally(names).items():
        if not pattern.fullmatch(name):
            wanted = "one to three capital letters" if kind == "prefix" else "a-z, 0-9 and -"
            raise CatalogueError(f"{kind} {name!r}: expected {wanted}")
        if times > 1:
            raise CatalogueError(f"{kind} {name!r} stands {times} times; make it unique")
    if kind == "zone" and "hall" in names:
        raise CatalogueError("zone 'hall' is reserved for the board of the whole hall")
    if kind == "zone" and "presence" in names:
        raise CatalogueError("zone 'presence' is reserved for the screen of the presence code")


def _check_package(package: Package, services: set[str]) -> None:
    where = f"package {package.id}"
    _known(where, "service", [step.service for step in package.steps], services)
    steps = [Step(one.service, one.after) for one in package.steps]
    if not 2 <= len(steps) <= MOST or not is_sound(steps):
        raise CatalogueError(f"{where}: 2 to {MOST} steps, none waiting for itself")


def _check_service(service: Service, agencies: set[str]) -> None:
    _known(f"service {service.id}", "agency", [service.agency], agencies)
    if not 1 <= service.digits <= 5 or not 0 <= service.first <= 99_999:
        raise CatalogueError(f"service {service.id}: digits 1 to 5, first 0 to 99999")
    if service.last and service.last < service.first:
        raise CatalogueError(f"service {service.id}: last: not before first ({service.first})")
    wrong = quota_fault(service.quotas)
    if wrong:
        raise CatalogueError(f"service {service.id}: quotas: {wrong}")


def _check_sessions(kind: str, ruled: Iterable[Agency | Service]) -> None:
    for one in ruled:
        wrong = fault(one.booking) if one.booking else ""
        if wrong:
            raise CatalogueError(f"{kind} {one.id}: booking.sessions: {wrong}")
        wrong = time_fault(one)
        if wrong:
            raise CatalogueError(f"{kind} {one.id}: {wrong}")


def _known(where: str, kind: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise CatalogueError(f"{where}: there is no {kind} {name!r}; add it or correct it")


def example(document: dict[str, Any]) -> Catalogue:
    """A catalogue of plain values: for tests and generators. Raises CatalogueError."""
    try:
        return Catalogue(msgspec.convert(document, Document))
    except msgspec.ValidationError as error:
        raise CatalogueError(str(error)) from None
