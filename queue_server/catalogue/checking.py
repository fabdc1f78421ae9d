"""What a catalogue must be: every name unique and well formed, everything that is named there."""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence

from ..core.journey import MOST, is_sound
from ..core.model import Step
from ..timetable import fault as session_fault
from ..timetable import quota_fault, time_fault
from .document import (
    KINDS,
    ORDINARY,
    SINGULAR,
    Agency,
    Counter,
    Document,
    Package,
    Service,
    items,
)
from .faults import Fault

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PREFIX = re.compile(r"[A-Z]{1,3}")
RESERVED = {"hall": "reserved_hall", "presence": "reserved_presence"}


def in_force(document: Document) -> tuple[Service, ...]:
    """The services that are offered: neither they nor their agency are retired."""
    gone = {agency.id for agency in document.agencies if agency.retired}
    return tuple(s for s in document.services if not s.retired and s.agency not in gone)


def faults(document: Document) -> Iterator[Fault]:
    """All that is wrong, in the order of the document."""
    for kind in KINDS:
        yield from _ids(kind, [str(one.id) for one in items(document, kind)])
    look = _Look(document)
    yield from look.prefixes()
    for kind, ruled in (("agencies", document.agencies), ("services", document.services)):
        yield from _times(kind, ruled)
    for at, service in enumerate(document.services):
        yield from look.service(at, service)
    for at, counter in enumerate(document.counters):
        yield from look.counter(at, counter)
    for at, package in enumerate(document.packages):
        yield from look.package(at, package)
    yield from look.unserved()


def _ids(kind: str, names: Sequence[str]) -> Iterator[Fault]:
    times = Tally(names)
    seen: set[str] = set()
    for at, name in enumerate(names):
        if not SLUG.fullmatch(name):
            yield Fault(kind, at, name, "id", "bad_id", {"found": name})
        if name in seen:
            yield Fault(kind, at, name, "id", "twice", {"found": name, "times": times[name]})
        if kind == "zones" and name in RESERVED:
            yield Fault(kind, at, name, "id", RESERVED[name])
        seen.add(name)


def _times(kind: str, ruled: Iterable[Agency | Service]) -> Iterator[Fault]:
    for at, one in enumerate(ruled):
        wrong = session_fault(one.booking) if one.booking else ""
        if wrong:
            yield Fault(kind, at, one.id, "booking.sessions", "sessions", {"reason": wrong})
        wrong = time_fault(one)
        if wrong:
            key, _, reason = wrong.partition(": ")
            yield Fault(kind, at, one.id, key, "times", {"reason": reason})


class _Look:
    """The names of one document, and what is said with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.offered = {service.id for service in in_force(document)}
        self.known = {kind: {str(one.id) for one in items(document, kind)} for kind in KINDS}
        self.gone = {
            kind: {str(one.id) for one in items(document, kind) if one.retired} for kind in KINDS
        }
        self.gone["services"] = self.known["services"] - self.offered

    def prefixes(self) -> Iterator[Fault]:
        times = Tally(s.prefix for s in self.document.services if s.id in self.offered)
        seen: set[str] = set()
        for at, service in enumerate(self.document.services):
            found = service.prefix
            if not PREFIX.fullmatch(found):
                yield Fault("services", at, service.id, "prefix", "bad_prefix", {"found": found})
            if service.id not in self.offered:
                continue
            if found in seen:
                details = {"found": found, "times": times[found]}
                yield Fault("services", at, service.id, "prefix", "twice", details)
            seen.add(found)

    def service(self, at: int, service: Service) -> Iterator[Fault]:
        yield from self._names("services", at, service.id, "agency", [service.agency], "agencies")
        if not 1 <= service.digits <= 5:
            yield Fault("services", at, service.id, "digits", "digits")
        if not 0 <= service.first <= 99_999:
            yield Fault("services", at, service.id, "first", "digits")
        if service.last and service.last < service.first:
            details = {"first": service.first, "found": service.last}
            yield Fault("services", at, service.id, "last", "last", details)
        wrong = quota_fault(service.quotas)
        if wrong:
            yield Fault("services", at, service.id, "quotas", "times", {"reason": wrong})

    def counter(self, at: int, counter: Counter) -> Iterator[Fault]:
        id, active = str(counter.id), not counter.retired
        yield from self._names("counters", at, id, "zone", [counter.zone], "zones", active)
        classes = [name for name in counter.classes if name != ORDINARY]
        yield from self._names("counters", at, id, "classes", classes, "priorities")
        yield from self._names("counters", at, id, "services", counter.services, "services")
        for name, times in Tally(counter.services).items():
            if times > 1:
                details = {"found": name, "times": times}
                yield Fault("counters", at, id, "services", "twice", details)
        for name in counter.favours:
            if name not in counter.services:
                own = {"found": name, "kind": "service of its own", "sheet": "services"}
                yield Fault("counters", at, id, "favours", "unknown", own)

    def package(self, at: int, package: Package) -> Iterator[Fault]:
        names = [step.service for step in package.steps]
        yield from self._names(
            "packages", at, package.id, "steps", names, "services", not package.retired
        )
        steps = [Step(one.service, one.after) for one in package.steps]
        if not 2 <= len(steps) <= MOST or not is_sound(steps):
            yield Fault("packages", at, package.id, "steps", "steps", {"most": MOST})

    def unserved(self) -> Iterator[Fault]:
        given = {
            name for counter in self.document.counters if not counter.retired
            for name in counter.services
        }  # fmt: skip
        for at, service in enumerate(self.document.services):
            if service.id in self.offered and service.id not in given:
                yield Fault("services", at, service.id, "", "no_counter")

    def _names(
        self, kind: str, at: int, id: str, field: str, names: Iterable[str], of: str,
        active: bool = False,
    ) -> Iterator[Fault]:  # fmt: skip
        """Names of another list; `active`: of what isn't retired."""
        called = "priority class" if of == "priorities" else SINGULAR[of]
        for name in names:
            details = {"found": name, "kind": called, "sheet": of}
            if name not in self.known[of]:
                yield Fault(kind, at, id, field, "unknown", details)
            elif active and name in self.gone[of]:
                yield Fault(kind, at, id, field, "retired", details)
