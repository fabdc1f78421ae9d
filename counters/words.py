"""Names, times and tickets in one language, as the counters' pages say them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from queue_server.catalogue import Catalogue, Icon
from queue_server.core.calendar import local
from queue_server.core.model import Hall, Status, Ticket
from queue_server.core.plan import MINUTE
from queue_server.core.policy import is_service, servers
from queue_server.web.i18n import clock_text

from .kinds import N_

DARK, LIGHT = "#0e1f2f", "#ffffff"
MIDDLE = 0.21
"""A colour that is lighter takes dark ink: from here on that has the better contrast."""
SENT = {"@": N_("untuk loket ini"), "+": N_("untuk instansi"), "~": N_("untuk Anda")}
"""How a row says that somebody was sent there; msgids."""


class Moment(Struct, frozen=True):
    """A time: epoch ms for the script, the hall's clock, how long ago, and how long until then
    ("" once it is over). `ms` 0: never."""

    ms: int
    at: str = ""
    lasted: str = ""
    left: str = ""


class Mark(Struct, frozen=True):
    """A priority class: its word, its colour, its icon, and what is read on that colour."""

    name: str
    colour: str
    ink: str
    icon: Icon


class Person(Struct, frozen=True):
    """A ticket in words. `joined` is in epoch ms; `priority` names its class, or is "";
    `elsewhere` names the other counter that it was parked at, `sent` (a msgid) to whom it was
    sent, `reason` why it was parked."""

    id: int
    number: str
    service: str
    agency: str
    status: Status
    priority: str
    language: str
    joined: int
    minutes: int
    mark: Mark | None = None
    elsewhere: str = ""
    sent: str = ""
    reason: str = ""
    notes: int = 0
    missing: int = 0
    """How many papers a pending ticket was sent for."""
    until: str = ""
    """When its right of return ends; "" for the day's end."""


def lasted(ms: int) -> str:
    """A length of time as a clock counts it: 4:07, 1:02:09. The script ticks it the same way."""
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def waiting(hall: Hall, lines: Iterable[str]) -> int:
    """How many stand in these lines."""
    return sum(len(hall.lines[line]) for line in lines if line in hall.lines)


class Words:
    """Names of the catalogue's things in one language, where the plan may know more than it."""

    def __init__(self, hall: Hall, catalogue: Catalogue, now: int, language: str) -> None:
        self.hall, self.catalogue, self.now, self.language = hall, catalogue, now, language

    def counter(self, id: str) -> str:
        found = self.catalogue.named.counters.get(id)
        return found.name.of(self.language) if found else self.hall.place(id).name

    def zone(self, counter: str) -> str:
        found = self.catalogue.named.zones.get(self.hall.place(counter).zone)
        return found.name.of(self.language) if found else ""

    def service(self, id: str) -> str:
        found = self.catalogue.named.services.get(id)
        return found.name.of(self.language) if found else id

    def agency(self, service: str) -> str:
        found = self.catalogue.named.services.get(service)
        return self.catalogue.named.agencies[found.agency].short if found else ""

    def line(self, name: str) -> str:
        """Where people stand: for a service, or whom they were sent to."""
        if is_service(name):
            return self.service(name)
        if name.startswith("+"):
            known = self.catalogue.named.agencies.get(name[1:])
            return known.short if known else name[1:]
        own = name[1:] if name.startswith("@") else next(iter(servers(self.hall, name)), "")
        return self.counter(own) if own else "–"

    def moment(self, ms: int) -> Moment:
        if not ms:
            return Moment(0)
        at = clock_text(local(ms, self.hall.plan.hours), self.language)
        left = lasted(ms - self.now) if ms > self.now else ""
        return Moment(ms, at, lasted(self.now - ms), left)

    def reason(self, id: str) -> str:
        """Why somebody was parked, or is on a break; "" for no reason."""
        known = self.catalogue.named.reasons.get(id)
        return known.name.of(self.language) if known else id

    def mark(self, priority: str) -> Mark | None:
        """How a class is marked; None for the ordinary one."""
        known = self.catalogue.named.priorities.get(priority)
        if known is None:
            return None
        ink = DARK if luminance(known.colour) > MIDDLE else LIGHT
        return Mark(known.name.of(self.language), known.colour, ink, known.icon)

    def person(self, ticket: Ticket) -> Person:
        mark = self.mark(ticket.priority)
        return Person(
            id=ticket.id,
            number=ticket.number,
            service=self.service(ticket.service),
            agency=self.agency(ticket.service),
            status=ticket.status,
            priority=mark.name if mark else "",
            mark=mark,
            sent=SENT.get(ticket.line[:1], ""),
            language=ticket.language,
            joined=ticket.joined,
            minutes=max(0, self.now - ticket.joined) // MINUTE,
        )


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1 (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
