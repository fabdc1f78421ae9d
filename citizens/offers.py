"""A service as citizens are shown it, at the kiosk, on the phone and on the pages: pure."""

from __future__ import annotations

from typing import Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from queue_server.catalogue import Catalogue, Cost, Counter, Duration, Service
from queue_server.core import intake
from queue_server.core.calendar import closes_at, local
from queue_server.core.intake import Code
from queue_server.core.model import Counter as Giver
from queue_server.core.model import Hall
from queue_server.core.policy import estimate, is_service, servers, serving_counters
from queue_server.core.refusals import Refusal
from queue_server.web.i18n import clock_text

from .opening import Opening, again

Component = TypeVar("Component", Duration, Cost)


class Wait(Struct, frozen=True):
    """An estimate as people say it: "under" `most` minutes, `least` to `most` minutes or hours."""

    kind: Literal["unknown", "under", "minutes", "hours"] = "unknown"
    least: int = 0
    most: int = 0


LONG = 90
"""Minutes above which a wait is told in hours."""


Availability = Literal["open", "break", "closed", "unopened", "no_intake"]
"""Some counter is open for it; else one is on a break; else one was open today; else none was yet.
"no_intake": no numbers now, whatever its counters do; `Shut` says why."""


class Shut(Struct, frozen=True):
    """Why the service gives no numbers now, and when again."""

    why: Code
    again: Opening


class Offer(Struct, frozen=True):
    """A service in a list. `wait` is that of whoever comes now."""

    id: str
    name: str
    agency: str
    waiting: int
    wait: Wait
    staffed: bool
    """Some counter is open for it, or on a break."""
    availability: Availability = "open"
    back: str = ""
    """When its counters are to be back, where somebody has said so."""
    shut: Shut | None = None


class Spot(Struct, frozen=True):
    """A counter that gives the service."""

    name: str
    open: bool


class Details(Struct, frozen=True):
    """A service with the six components that its standard publishes (UU 25/2009 Ps 21)."""

    offer: Offer
    agency_id: str
    agency: str
    requirements: tuple[str, ...]
    procedure: tuple[str, ...]
    duration: Duration
    cost: Cost
    product: str
    complaints: str
    zone: str
    spots: tuple[Spot, ...]


def offer(hall: Hall, catalogue: Catalogue, service: Service, language: str, now: int) -> Offer:
    """A service with its line as it is now."""
    waiting, closed = hall.waiting(service.id), shut(hall, service.id, language, now)
    return Offer(
        id=service.id,
        name=service.name.of(language),
        agency=catalogue.agency_of(service.id).short,
        waiting=waiting,
        wait=wait_of(estimate(hall, service.id, waiting)),
        staffed=bool(serving_counters(hall, service.id)),
        availability="no_intake" if closed else availability(hall, service.id),
        shut=closed,
        back=back_at(hall, service.id, language),
    )


def shut(hall: Hall, service: str, language: str, now: int) -> Shut | None:
    """Why no number of a service is given while the hall itself is open."""
    hours = hall.plan.hours
    if service not in hall.plan.services or closes_at(now, hours) is None:
        return None
    found = intake.shut(hall, service, now)
    return Shut(found.code, again(now, hours, found.opens, language)) if found else None


def worded(refusal: Refusal, catalogue: Catalogue, language: str) -> str:
    """A refusal in a sentence that calls the service by its name."""
    known = catalogue.named.services.get(str(refusal.details.get("service", "")))
    if known is None:
        return refusal.sentence(language)
    named = {**refusal.details, "service": known.name.of(language)}
    return type(refusal)(refusal.code, **named).sentence(language)


def details(hall: Hall, catalogue: Catalogue, service: Service, language: str, now: int) -> Details:
    """All that is published of a service, and where it is given."""

    def said(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(catalogue.phrase(line, language) for line in lines)

    agency = catalogue.agency_of(service.id)
    return Details(
        offer=offer(hall, catalogue, service, language, now),
        agency_id=agency.id,
        agency=agency.name.of(language),
        requirements=said(service.requirements),
        procedure=said(service.procedure),
        duration=_said(catalogue, service.duration, language),
        cost=_said(catalogue, service.cost, language),
        product=catalogue.phrase(service.product, language),
        complaints=catalogue.phrase(service.complaints, language),
        zone=zone_name(catalogue, catalogue.zone_of[service.id], language),
        spots=spots(hall, catalogue, service.id, language),
    )


def wait_of(minutes: tuple[int, int] | None) -> Wait:
    """What to say of an estimate in minutes (at least, at most). phone.js says the same."""
    if minutes is None:
        return Wait()
    least, most = minutes
    if most > LONG:
        return Wait("hours", max(1, least // 60), -(-most // 60))
    return Wait("minutes", least, most) if least else Wait("under", 0, most)


def availability(hall: Hall, service: str) -> Availability:
    """Why nobody is called for a service, if so."""
    if service in hall.no_intake:
        return "no_intake"
    givers = _givers(hall, service)
    states = {giver.state for giver in givers}
    if "open" in states or "break" in states:
        return "open" if "open" in states else "break"
    return "closed" if any(giver.since for giver in givers) else "unopened"


def back_at(hall: Hall, service: str, language: str) -> str:
    """The earliest time that an operator gave for the end of a break or a closing, or ""."""
    givers = _givers(hall, service)
    times = [one.until if one.state == "break" else one.reopens for one in givers]
    said = [time for time in times if time]
    return clock_text(local(min(said), hall.plan.hours), language) if said else ""


def _givers(hall: Hall, service: str) -> list[Giver]:
    return [hall.counters[name] for name in hall.givers.get(service, ())]


def spots(hall: Hall, catalogue: Catalogue, service: str, language: str) -> tuple[Spot, ...]:
    """The counters that give a service, in the catalogue's order."""
    return tuple(
        counter_spot(hall, counter, language) for counter in catalogue.counters_of(service)
    )


def line_spots(hall: Hall, catalogue: Catalogue, line: str, language: str) -> tuple[Spot, ...]:
    """The counters that serve a line; of one counter alone nothing is to be chosen."""
    if is_service(line):
        return spots(hall, catalogue, line, language) if line in catalogue.services else ()
    places = servers(hall, line)
    if len(places) < 2:
        return ()
    known = [catalogue.counters[name] for name in places if name in catalogue.counters]
    return tuple(counter_spot(hall, counter, language) for counter in known)


def counter_spot(hall: Hall, counter: Counter, language: str) -> Spot:
    """A counter as people find it."""
    return Spot(counter.name.of(language), _state(hall, str(counter.id)) == "open")


def zone_name(catalogue: Catalogue, zone: str, language: str) -> str:
    """A zone's name, or its id where the catalogue has since dropped it."""
    found = catalogue.zones.get(zone)
    return found.name.of(language) if found else zone


def _state(hall: Hall, counter: str) -> str:
    found = hall.counters.get(counter)
    return found.state if found else "closed"


def _said(catalogue: Catalogue, value: Component, language: str) -> Component:
    return replace(value, text=catalogue.phrase(value.text, language))
