"""What happened. An event carries outcomes, never intentions: `evolve` decides nothing.

The kinds' names and fields are the journal's format: never change a kind's meaning, add one.
"""

from __future__ import annotations

from typing import Literal, Union

from msgspec import Struct

from .model import Call, Delivered, Receipt, Status, Step
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
    favours: dict[str, dict[str, int]] = {}


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
    steps: tuple[Step, ...] = ()
    step: int = -1


class OfTicket(Event, frozen=True):
    """Base of the events that move one ticket along the lifecycle table."""

    ticket: int


class TicketCalled(OfTicket, frozen=True):
    """Called to a counter. The entry's id is the call's id."""

    counter: str


class TicketPicked(OfTicket, frozen=True):
    """An operator looks who it is before calling: nothing is announced yet. `skipped` are those
    that were looked at just before and passed over."""

    counter: str
    skipped: tuple[int, ...] = ()


class TicketServed(OfTicket, frozen=True):
    """Served without a queue."""

    counter: str
    delivered: tuple[Delivered, ...] = ()


class TicketRecalled(OfTicket, frozen=True):
    """Announced (again) at the same counter: a new call, with a new id."""

    counter: str


class ServiceStarted(OfTicket, frozen=True):
    """The citizen has arrived at the counter."""


class ServiceFinished(OfTicket, frozen=True):
    """Served. `delivered`: services with their quantities, when not just its own once."""

    delivered: tuple[Delivered, ...] = ()


class StepFinished(OfTicket, frozen=True):
    """A step of a visit is done (`delivered` as in ServiceFinished), and the visit goes on: it
    waits for the step `next`, a service's, with its arrival kept."""

    next: int
    service: str
    delivered: tuple[Delivered, ...] = ()


class VisitPlanned(OfTicket, frozen=True):
    """The steps of a visit from now on; `step` is the present one."""

    steps: tuple[Step, ...]
    step: int


class VisitRerouted(OfTicket, frozen=True):
    """Another step first: there the visit is expected to end earlier."""

    next: int
    service: str


class TicketMissed(OfTicket, frozen=True):
    """Called and nobody came: a no-show."""


class TicketReturned(OfTicket, frozen=True):
    """Called in error, or its counter was released: back to its place in its line."""


class TicketParked(OfTicket, frozen=True):
    """Interrupted; it will be called back by hand."""

    reason: str = ""


class TicketTransferred(OfTicket, frozen=True):
    """Sent on, with its number and arrival, to a service's line or to one counter's own.

    `origin` is the service that it was here for. `agency`, `operator`: to any counter of an
    agency, to whatever counter an operator holds. `joined` (0: kept) is its arrival from now on.
    `finished`: what it was here for is done, with `delivered` as in ServiceFinished.
    """

    origin: str
    service: str = ""
    counter: str = ""
    agency: str = ""
    operator: str = ""
    joined: int = 0
    finished: bool = False
    delivered: tuple[Delivered, ...] = ()


class TicketCancelled(OfTicket, frozen=True):
    """Left, or was taken out."""


class TicketReinstated(OfTicket, frozen=True):
    """A no-show or cancelled ticket waits again, with its arrival kept; it is offered to nobody
    before `rests` (epoch ms, 0: at once)."""

    rests: int = 0


class TicketOffered(OfTicket, frozen=True):
    """A reinstated ticket has rested long enough: it stands in its line."""


class TicketReclassed(OfTicket, frozen=True):
    """Another priority class."""

    priority: str = ""


class TicketUnbound(OfTicket, frozen=True):
    """The operator whom it was sent to has left: it is its service's line's again, wherever it
    is."""


class ActUndone(Event, frozen=True):
    """The last act at a counter was taken back: ticket and counter are as before the entry
    `undone`. `status` is the ticket's again."""

    counter: str
    ticket: int
    undone: int
    status: Status


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
    """On a break, still held; `until` (epoch ms, 0: not said) is when it should be over."""

    reason: str = ""
    until: int = 0


class CounterClosed(OfCounter, frozen=True):
    """Closed and free for another operator; `reopens` (epoch ms): opens by itself, for who held
    it."""

    reason: str = ""
    reopens: int = 0


class AboutCounter(Event, frozen=True):
    """Base of the events that say something of a counter and leave its state."""

    counter: str


class ClosingAsked(AboutCounter, frozen=True):
    """The operator would close; a supervisor decides."""

    reason: str = ""
    reopens: int = 0


class ClosingDenied(AboutCounter, frozen=True):
    """It stays open."""


class AlarmRaised(AboutCounter, frozen=True):
    """The emergency button was pressed."""


class AlarmCleared(AboutCounter, frozen=True):
    """The emergency is over."""


class HelperCalled(AboutCounter, frozen=True):
    """An interpreter or companion was asked for: announced like a call, with the entry's id."""

    helper: str


class ServicesAssigned(AboutCounter, frozen=True):
    """The services that the counter serves for the rest of the day; none: the plan's."""

    services: tuple[str, ...] = ()


class FavoursSet(Event, frozen=True):
    """The services that an operator's counter sees earlier from now on, by how many milliseconds;
    none: all alike."""

    operator: str
    favours: dict[str, int] = {}


class IntakeClosed(Event, frozen=True):
    """No more numbers for a service today."""

    service: str


class IntakeOpened(Event, frozen=True):
    """Numbers for a service again."""

    service: str


class MessagePosted(Event, frozen=True):
    """A supervisor's message. The entry's id is the message's."""

    text: str
    to: Literal["consoles", "boards", "all"] = "consoles"
    until: int = 0
    text_en: str = ""


class MessageTakenDown(Event, frozen=True):
    """A message is over."""

    message: int


AnyEvent = Union[
    Started, DayOpened, PlanChanged, TicketIssued, TicketCalled, TicketRecalled,
    ServiceStarted, ServiceFinished, TicketMissed, TicketReturned, TicketParked,
    TicketTransferred, TicketCancelled, TicketReinstated, TicketExpired, TicketArrived,
    TicketPostponed, TicketRejoined, TicketDeferred, TicketResumed, TicketPicked, TicketServed,
    TicketOffered, TicketReclassed, TicketUnbound, ActUndone, StepFinished, VisitPlanned,
    VisitRerouted, CounterOpened, CounterPaused, CounterClosed, ClosingAsked, ClosingDenied,
    AlarmRaised, AlarmCleared, HelperCalled, ServicesAssigned, FavoursSet, IntakeClosed,
    IntakeOpened, MessagePosted, MessageTakenDown,
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
