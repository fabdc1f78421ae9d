"""A checked catalogue, indexed: what everybody in the house reads of agencies and services."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli_w

from ..core.language import SOURCE
from ..core.model import Step
from ..core.plan import (
    MINUTE,
    CounterPlan,
    Hours,
    Plan,
    Policy,
    PriorityPlan,
    ServicePlan,
)  # fmt: skip
from ..timetable import own_exceptions, own_week, quotas_of
from .checking import faults, in_force
from .document import (
    ORDINARY,
    Agency,
    Counter,
    Document,
    Item,
    Package,
    Priority,
    Reason,
    Service,
    Text,
    Zone,
)
from .faults import CatalogueError, refuse

T = TypeVar("T", bound=Item)


class Named:
    """Everything that the document names, retired or not, by its id."""

    def __init__(self, document: Document) -> None:
        self.zones: dict[str, Zone] = _by_id(document.zones)
        self.agencies: dict[str, Agency] = _by_id(document.agencies)
        self.services: dict[str, Service] = _by_id(document.services)
        self.counters: dict[str, Counter] = _by_id(document.counters)
        self.priorities: dict[str, Priority] = _by_id(document.priorities)
        self.reasons: dict[str, Reason] = _by_id(document.reasons)
        self.packages: dict[str, Package] = _by_id(document.packages)


class Catalogue:
    """A checked catalogue, indexed. Immutable; `hash` names its content.

    What is offered: `services`, `agencies` and their like. What has ever been: `named`.
    """

    def __init__(self, document: Document) -> None:
        self.document = document = _with_text_ids(document)
        found = tuple(faults(document))
        if found:
            raise refuse(found)
        self.name = document.name
        self.phrases = document.phrases | {"en": document.english}
        self.charter = document.charter
        self.complaints = document.complaints
        self.named = Named(document)
        """By their ids, also what is retired: for what has been."""
        self.zones = _active(document.zones)
        self.agencies = _active(document.agencies)
        self.services = {service.id: service for service in in_force(document)}
        self.counters = _active(document.counters)
        self.priorities = _active(document.priorities)
        self.reasons = _active(document.reasons)
        self.packages = _active(document.packages)
        self.zone_of = {
            service: counter.zone
            for counter in reversed(self.counters.values())
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
        return cls(parse_document(text))

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
        return toml_of(self.document)

    @cached_property
    def hash(self) -> str:
        """The content's name: 16 hexadecimal digits of SHA-256."""
        return hashlib.sha256(self.encode()).hexdigest()[:16]

    def phrase(self, text: str, language: str) -> str:
        """A published line in a language; without a translation, as it was published."""
        return text if language == SOURCE else self.phrases.get(language, {}).get(text, text)

    def agency_of(self, service: str) -> Agency:
        """The agency that gives a service, or gave it."""
        return self.named.agencies[self.named.services[service].agency]

    def counters_of(self, service: str) -> list[Counter]:
        """The counters that give a service."""
        return [c for c in self.counters.values() if service in c.services]

    def visit(self, package: str) -> tuple[Step, ...]:
        """The steps of a package, none done yet. KeyError: there is no such package."""
        return tuple(Step(one.service, one.after) for one in self.packages[package].steps)

    def plan(self, hours: Hours, policy: Policy) -> Plan:
        """What the rules need of this catalogue, with the configured hours and policy."""
        return Plan(
            services={s.id: self._service_plan(s) for s in self.services.values()},
            counters={id: self._counter_plan(one) for id, one in self.counters.items()},
            priorities={
                p.id: PriorityPlan(p.id, p.credit_minutes * MINUTE, p.weight)
                for p in self.priorities.values()
            },
            reasons={
                act: tuple(reason.id for reason in self.reasons.values() if act in reason.acts)
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

    def _counter_plan(self, counter: Counter) -> CounterPlan:
        """A counter as the rules see it: "ordinary" is their class ""."""
        return CounterPlan(
            str(counter.id), counter.name.id, counter.zone,
            tuple(service for service in counter.services if service in self.services),
            tuple("" if kind == ORDINARY else kind for kind in counter.classes),
            counter.quick,
            {
                service: minutes * MINUTE
                for service, minutes in counter.favours.items() if service in self.services
            },
            counter.shifts,
        )  # fmt: skip


def first_catalogue(file: str, base: Path, name: str = "Antrean") -> Catalogue:
    """The catalogue that a new hall starts with: that of `hall.catalogue`, or one with nothing in
    it, under the hall's name, until it is set up. Raises CatalogueError."""
    if file:
        return Catalogue.load(base / file)
    return Catalogue(Document(Text(name, name), zones=(), agencies=(), services=(), counters=()))


def _by_id(found: Iterable[T]) -> dict[str, T]:
    return {str(one.id): one for one in found}


def _active(found: Iterable[T]) -> dict[str, T]:
    return {str(one.id): one for one in found if not one.retired}


def _with_text_ids(document: Document) -> Document:
    """Files may number their counters; everybody else compares text."""
    counters = tuple(msgspec.structs.replace(c, id=str(c.id)) for c in document.counters)
    return msgspec.structs.replace(document, counters=counters)


@lru_cache(maxsize=4)
def parse_document(text: str) -> Document:
    """The document of TOML text, not checked yet. Raises CatalogueError.

    Kept, for reading 300 KB of TOML takes a tenth of a second, and a document never changes.
    """
    try:
        return _with_text_ids(msgspec.convert(tomllib.loads(text), Document))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise CatalogueError(str(error)) from None


def toml_of(document: Document) -> str:
    """TOML text that `parse_document` reads back to an equal document."""
    return tomli_w.dumps(msgspec.to_builtins(document))


def example(document: dict[str, Any]) -> Catalogue:
    """A catalogue of plain values: for tests and generators. Raises CatalogueError."""
    try:
        return Catalogue(msgspec.convert(document, Document))
    except msgspec.ValidationError as error:
        raise CatalogueError(str(error)) from None
