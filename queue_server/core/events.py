"""What happened. An event carries outcomes, never intentions: `evolve` decides nothing.

The kinds' names and fields are the journal's format: never change a kind's meaning, add one.
"""

from __future__ import annotations

from typing import Union

from msgspec import Struct

from .model import Call, Receipt
from .plan import Plan


class Event(Struct, frozen=True, omit_defaults=True, tag_field="type", tag=True):
    """Base of all events; the class name is the kind's name in the journal."""


class Started(Event, frozen=True):
    """A process began to serve: the barrier before its first answer (docs/durability.md)."""


class DayOpened(Event, frozen=True):
    """A day begins: the whole plan, and what the day before hands over. Replay starts here."""

    day: str
    plan: Plan
    receipts: tuple[Receipt, ...] = ()
    calls: tuple[Call, ...] = ()


class PlanChanged(Event, frozen=True):
    """Catalogue or configuration changed while the day goes on."""

    plan: Plan


class TicketIssued(Event, frozen=True):
    """A number was taken. `ahead` is how many stood before it then.

    `joined` (0: the entry's time) is the arrival that its order counts from, `until` (0: none)
    when a remote ticket expires unless its holder comes.
    """

    number: str
    value: int
    token: str
    service: str
    ahead: int = 0
    priority: str = ""
    language: str = "id"
    channel: str = "kiosk"
    joined: int = 0
    booking: str = ""
    remote: bool = False
    until: int = 0


class OfTicket(Event, frozen=True):
    """Base of the events that move one ticket along the lifecycle table."""

    ticket: int


class TicketCalled(OfTicket, frozen=True):
    """Called to a counter. The entry's id is the call's id."""

    counter: str


class TicketRecalled(OfTicket, frozen=True):
    """Announced again at the same counter: a new call, with a new id."""

    counter: str


class ServiceStarted(OfTicket, frozen=True):
    """The citizen has arrived at the counter."""


class ServiceFinished(OfTicket, frozen=True):
    """Served."""


class TicketMissed(OfTicket, frozen=True):
    """Called and nobody came: a no-show."""


class TicketReturned(OfTicket, frozen=True):
    """Called in error, or its counter was released: back to its place in its line."""


class TicketParked(OfTicket, frozen=True):
    """Interrupted; it will be called back by hand."""


class TicketTransferred(OfTicket, frozen=True):
    """Sent on, with its number and arrival, to a service's line or to one counter's own.

    `origin` is the service that it was here for.
    """

    origin: str
    service: str = ""
    counter: str = ""


class TicketCancelled(OfTicket, frozen=True):
    """Left, or was taken out."""


class TicketReinstated(OfTicket, frozen=True):
    """A no-show or cancelled ticket waits again, with its arrival kept."""


class TicketExpired(OfTicket, frozen=True):
    """The day ended before it was served, or its time was up (`until`)."""


class TicketArrived(OfTicket, frozen=True):
    """The holder of a remote ticket is in the hall: it can be called."""


class TicketPostponed(OfTicket, frozen=True):
    """Others were let pass: its order counts from `joined` now."""

    joined: int


class TicketRejoined(OfTicket, frozen=True):
    """A no-show or cancelled ticket was taken up again, at the end of its line."""


class TicketDeferred(OfTicket, frozen=True):
    """Papers are missing (indices of the service's requirements); it is pending until `until`
    (0: the day's end)."""

    missing: tuple[int, ...] = ()
    until: int = 0


class TicketResumed(OfTicket, frozen=True):
    """Back with the papers: it waits again, with its arrival kept."""


class OfCounter(Event, frozen=True):
    """Base of the events that change a counter's state."""

    counter: str


class CounterOpened(OfCounter, frozen=True):
    """Opened, or back from a break. `operator` holds it from now on."""

    operator: str


class CounterPaused(OfCounter, frozen=True):
    """On a break; still held."""


class CounterClosed(OfCounter, frozen=True):
    """Closed and free for another operator."""


AnyEvent = Union[
    Started, DayOpened, PlanChanged, TicketIssued, TicketCalled, TicketRecalled,
    ServiceStarted, ServiceFinished, TicketMissed, TicketReturned, TicketParked,
    TicketTransferred, TicketCancelled, TicketReinstated, TicketExpired, TicketArrived,
    TicketPostponed, TicketRejoined, TicketDeferred, TicketResumed,
    CounterOpened, CounterPaused, CounterClosed,
]  # fmt: skip


class Entry(Struct, frozen=True, omit_defaults=True):
    """An event in the journal: its id (dense, 1, 2, 3 ...), time (epoch ms) and author.

    The first entry of a command that came with an idempotency key carries the key, a digest
    of the request and the count of the command's entries.
    """

    id: int
    at: int
    by: str
    event: AnyEvent
    key: str = ""
    digest: str = ""
    count: int = 0
