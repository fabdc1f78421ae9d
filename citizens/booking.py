"""Online queueing as citizens see it: what can be booked, when, and their booking. Pure views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from babel.dates import format_date
from msgspec import Struct

from queue_server.booking.codes import spelled
from queue_server.booking.model import Booking, State
from queue_server.booking.rules import Terms, window
from queue_server.catalogue import Catalogue, Service
from queue_server.config import BookingSection
from queue_server.core.calendar import local
from queue_server.core.plan import Hours
from queue_server.web.i18n import clock_mark, clock_text, locale_of

from . import search


class Choice(Struct, frozen=True):
    """A service that can be chosen. `agency` is "" where its heading says it."""

    href: str
    name: str
    agency: str = ""


class AgencyChoices(Struct, frozen=True):
    """An agency with the services that can be booked."""

    id: str
    short: str
    name: str
    choices: tuple[Choice, ...]


class Mine(Struct, frozen=True):
    """A booking that was made on this device."""

    href: str
    service: str
    day: str
    time: str


class StartPage(Struct, frozen=True):
    """Choose a service: all by agency, or those found for `query`. `remote`: numbers from afar
    are given for some; then `path` is where its choice is made."""

    path: str
    query: str
    found: tuple[Choice, ...]
    agencies: tuple[AgencyChoices, ...]
    packages: tuple[Choice, ...]
    """Several services of one visit; `agency` names its agencies."""
    mine: tuple[Mine, ...]
    remote: bool


class BookingPage(Struct, frozen=True):
    """A booking, held or made. `seconds` are left of a hold; `qr` is an inline SVG of `url`."""

    state: State
    token: str
    url: str
    code: str
    qr: str
    service: str
    """What is booked: a service's name, or a package's."""
    service_id: str
    again: str
    """Where the same is booked again, or ""."""
    steps: tuple[str, ...]
    """A package's services, each with its agency."""
    agency: str
    day: str
    time: str
    opens: str
    closes: str
    held_until: str
    seconds: int
    reason: str
    ticket: str
    """The page of the number that it became, or ""."""
    requirements: tuple[str, ...]
    phone: Literal["no", "optional", "required"]
    sends: bool
    said: str
    typed: str
    other: str
    """A booking of this device that stands in the way, or ""."""


def start_page(
    catalogue: Catalogue, language: str, terms: Iterable[Terms], mine: Sequence[Booking],
    hours: Hours, query: str, path: str, packages: Iterable[str] = (),
) -> StartPage:  # fmt: skip
    """What can be booked (`/booking`) or taken from afar (`/booking/now`)."""
    every = list(terms)
    afar = path == "/booking/now"
    offered = {one.service for one in every if (one.remote if afar else one.open)}
    query = query.strip()[: search.LONGEST]

    def choice(service: Service, agency: str = "") -> Choice:
        id = service.id
        href = f"/booking/now?service={id}" if afar else f"/booking/services/{id}"
        return Choice(href, service.name.of(language), agency)

    found = search.find(catalogue, query).services if query else ()
    return StartPage(
        path=path,
        query=query,
        found=tuple(
            choice(one, catalogue.agency_of(one.id).short) for one in found if one.id in offered
        ),
        agencies=() if query else tuple(
            AgencyChoices(
                agency.id, agency.short, agency.name.of(language),
                tuple(
                    choice(one) for one in catalogue.services.values()
                    if one.agency == agency.id and one.id in offered
                ),
            )
            for agency in catalogue.agencies.values()
            if any(catalogue.services[id].agency == agency.id for id in offered)
        ),
        packages=() if query else tuple(
            Choice(
                f"/booking/packages/{id}", catalogue.packages[id].name.of(language),
                " · ".join(agencies_of(catalogue, id)),
            )
            for id in packages
        ),
        mine=tuple(
            Mine(
                f"/booking/{one.token}", booked(catalogue, one, language),
                long_date(date.fromisoformat(one.key.day), language),
                span(one.key.start, one.end, language),
            )
            for one in mine
        ),
        remote=any(one.remote for one in every),
    )  # fmt: skip


def booking_page(
    catalogue: Catalogue, language: str, found: Booking, section: BookingSection, hours: Hours,
    now: int, *, url: str, qr: str = "", ticket: str = "", sends: bool = False, said: str = "",
    typed: str = "", other: str = "",
) -> BookingPage:  # fmt: skip
    """One booking."""
    service = catalogue.named.services.get(found.service)
    steps = steps_of(catalogue, found.package)
    needed = [service, *(catalogue.services[one] for one in steps)] if service else []
    lines = dict.fromkeys(line for one in needed if one for line in one.requirements)
    opens, closes = window(found.begins, found.ends, section, hours)
    return BookingPage(
        state=found.state,
        token=found.token,
        url=url,
        code=spelled(found.code),
        qr=qr,
        service=booked(catalogue, found, language),
        again=_again(catalogue, found),
        steps=tuple(
            f"{service_name(catalogue, one, language)} · {catalogue.agency_of(one).short}"
            for one in steps
        ),
        service_id=found.service if service else "",
        agency=_agency(catalogue, found, language),
        day=long_date(date.fromisoformat(found.key.day), language),
        time=span(found.key.start, found.end, language),
        opens=clock_text(local(opens, hours), language),
        closes=clock_text(local(closes, hours), language),
        held_until=clock_text(local(found.expires, hours), language) if found.expires else "",
        seconds=max(0, (found.expires - now) // 1000),
        reason=found.reason,
        ticket=ticket,
        requirements=tuple(catalogue.phrase(line, language) for line in lines),
        phone=section.phone,
        sends=sends,
        said=said,
        typed=typed,
        other=other,
    )


def steps_of(catalogue: Catalogue, package: str) -> tuple[str, ...]:
    """A package's services; none without one, or where the catalogue has it no more."""
    if package not in catalogue.packages:
        return ()
    return tuple(one.service for one in catalogue.visit(package))


def agencies_of(catalogue: Catalogue, package: str) -> tuple[str, ...]:
    """The short names of a package's agencies, each once."""
    shorts = (catalogue.agency_of(one).short for one in steps_of(catalogue, package))
    return tuple(dict.fromkeys(shorts))


def booked(catalogue: Catalogue, found: Booking, language: str) -> str:
    """What was booked: the package's name, or the service's."""
    package = catalogue.named.packages.get(found.package)
    return (
        package.name.of(language) if package else service_name(catalogue, found.service, language)
    )


def _agency(catalogue: Catalogue, found: Booking, language: str) -> str:
    if found.package in catalogue.packages:
        return " · ".join(agencies_of(catalogue, found.package))
    known = catalogue.named.agencies.get(found.agency)
    return known.name.of(language) if known else ""


def _again(catalogue: Catalogue, found: Booking) -> str:
    if found.package in catalogue.packages:
        return f"/booking/packages/{found.package}"
    known = found.service in catalogue.services
    return f"/booking/services/{found.service}" if known else ""


def long_date(day: date, language: str) -> str:
    """Like "Rabu, 25 November 2026"."""
    return str(format_date(day, "EEEE, d MMMM y", locale=locale_of(language)))


def span(start: int, end: int, language: str) -> str:
    """Like "08.00–09.30"."""
    mark = clock_mark(language)
    times = (f"{minute // 60:02d}{mark}{minute % 60:02d}" for minute in (start, end))
    return "–".join(times)


def service_name(catalogue: Catalogue, id: str, language: str) -> str:
    """A service's name, retired or not; its id where the catalogue has never had it."""
    found = catalogue.named.services.get(id)
    return found.name.of(language) if found else id
