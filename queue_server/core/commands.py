"""What somebody wants. `decide` turns a command into events, or refuses it."""

from __future__ import annotations

from typing import Literal, Union

from msgspec import Struct

from .model import Delivered, Step
from .plan import Plan


class Bounds(Struct, frozen=True):
    """The agencies and zones that somebody's work is bound to; none: all (see `bounds`)."""

    agencies: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.agencies or self.zones)


EVERYWHERE = Bounds()


class Actor(Struct, frozen=True):
    """Who acts: an opaque id (never a name), whether any counter may be acted for, and how far
    the work reaches."""

    id: str
    steward: bool = False
    bounds: Bounds = EVERYWHERE


SYSTEM = Actor("system", steward=True)


class Command(Struct, frozen=True, kw_only=True):
    """Base of all commands."""

    by: Actor = SYSTEM


class OpenDay(Command, frozen=True):
    """Close what is left of the day before and begin `day` (ISO date) under `plan`."""

    day: str
    plan: Plan


class ChangePlan(Command, frozen=True):
    """Put another plan in force at once."""

    plan: Plan


class IssueTicket(Command, frozen=True):
    """Take a number. `token` is the secret of its phone page (>= 128 random bits).

    `joined` (epoch ms, 0: now) is the arrival that a checked-in booking counts from; `booking`
    its opaque id. `remote`: the holder is on the way; without a sign of presence until `until`
    (0: the day's end) the ticket expires. `steps` make it a visit of several services under one
    number; `service` then only starts the number, and must be one of theirs.
    """

    service: str
    token: str
    priority: str = ""
    language: str = "id"
    channel: str = "kiosk"
    joined: int = 0
    booking: str = ""
    remote: bool = False
    until: int = 0
    steps: tuple[Step, ...] = ()


class OfTicket(Command, frozen=True):
    """Base of the commands on a ticket, wherever it is.

    `at`: the counter that it is done from, whose holder may settle what concerns it; "": by the
    ticket's own holder, or by whoever may act for any counter.
    """

    ticket: int
    at: str = ""


class CancelTicket(OfTicket, frozen=True):
    """Take it out of the queue."""


class ReinstateTicket(OfTicket, frozen=True):
    """Let a no-show or cancelled ticket wait again, in its old place: a decision of the staff."""


class RejoinTicket(OfTicket, frozen=True):
    """The holder of a no-show or cancelled ticket takes it up again, at the end of its line."""


class ConfirmPresence(OfTicket, frozen=True):
    """The holder of a remote ticket is in the hall."""


class PostponeTicket(OfTicket, frozen=True):
    """The holder of a waiting ticket lets some others pass (`Policy.step_back`)."""


class ResumeTicket(OfTicket, frozen=True):
    """A pending ticket's holder is back with the papers."""


class AtCounter(Command, frozen=True):
    """Base of what an operator does at a counter."""

    counter: str


class OpenCounter(AtCounter, frozen=True):
    """Open it, or come back from a break."""


class PauseCounter(AtCounter, frozen=True):
    """Take a break, for a reason of the plan's, until a time (epoch ms; 0: not said)."""

    reason: str = ""
    until: int = 0


class CloseCounter(AtCounter, frozen=True):
    """Close it, perhaps to be opened again by itself at `reopens` (epoch ms).

    A steward may close one that another holds: its ticket goes back to its line. Where the plan
    wants a supervisor's approval, an operator's closing only asks for it.
    """

    reason: str = ""
    reopens: int = 0


class DenyClosing(AtCounter, frozen=True):
    """The supervisor's no to a closing that was asked for."""


class RaiseAlarm(AtCounter, frozen=True):
    """The emergency button: the neighbours and the supervisors see it."""


class ClearAlarm(AtCounter, frozen=True):
    """The emergency is over."""


class CallHelper(AtCounter, frozen=True):
    """Ask over the boards for an interpreter or a companion to come to the counter."""

    helper: str


class AssignServices(AtCounter, frozen=True):
    """The counter serves these services for the rest of the day; none: the catalogue's again."""

    services: tuple[str, ...] = ()


class CallNext(AtCounter, frozen=True):
    """Call whoever is first in the counter's queue.

    `after` is the ticket that the operator saw as current (0: none): the precondition that
    makes a double click harmless. `ticket`, when not 0, is one out of order; `service`, when
    given, calls the first of that service's.
    """

    after: int
    ticket: int = 0
    service: str = ""


class QuickServe(AtCounter, frozen=True):
    """Somebody was served without a queue: a number for the record, never announced."""

    service: str
    token: str
    delivered: tuple[Delivered, ...] = ()


class AtTicket(AtCounter, frozen=True):
    """Base of the acts on a counter's current ticket; `ticket` is the one that was seen."""

    ticket: int


class Recall(AtTicket, frozen=True):
    """Announce it again; where calling has two steps, announce it at all."""


class SkipTicket(AtTicket, frozen=True):
    """Where calling has two steps: not this one now, look at the next."""


class StartService(AtTicket, frozen=True):
    """The citizen is here."""


class FinishService(AtTicket, frozen=True):
    """Done; a visit goes on to its next step, unless it ends here. `delivered`: services with
    their quantities, when not just the ticket's own once."""

    delivered: tuple[Delivered, ...] = ()
    ends_visit: bool = False


class PlanVisit(OfTicket, frozen=True):
    """The steps that are still to be done, in place of those that were planned. From a counter: of
    its current ticket."""

    steps: tuple[Step, ...] = ()


class ReviewVisits(Command, frozen=True):
    """Send those who wait where their visit is expected to end clearly earlier."""


class UndoAct(AtCounter, frozen=True):
    """Take back the last act at the counter, while nothing has followed it."""


class MarkNoShow(AtTicket, frozen=True):
    """Nobody came."""


class ReturnTicket(AtTicket, frozen=True):
    """Called in error: back to its place."""


class ParkTicket(AtTicket, frozen=True):
    """Interrupt it, for a reason of the plan's."""

    reason: str = ""


class DeferTicket(AtTicket, frozen=True):
    """Papers are missing: come back with them. `missing` are indices of the service's
    requirements; until `until` (epoch ms, 0: the day's end) the right of return holds."""

    missing: tuple[int, ...] = ()
    until: int = 0


class TransferTicket(AtTicket, frozen=True):
    """Send it on: to a service's line, to one counter, to an agency (any of its counters), or to
    whatever counter an operator holds; exactly one of the four.

    `afresh`: it stands behind those who wait there now, instead of by its own arrival.
    `finished`: what it was here for is done (`delivered` as in FinishService).
    """

    service: str = ""
    to_counter: str = ""
    to_agency: str = ""
    to_operator: str = ""
    afresh: bool = False
    finished: bool = False
    delivered: tuple[Delivered, ...] = ()


class ReclassTicket(OfTicket, frozen=True):
    """Another priority class ("": the ordinary one); only the class is ever stored."""

    priority: str = ""


class MoveTicket(OfTicket, frozen=True):
    """A supervisor sends a waiting, parked or pending ticket on, with its arrival."""

    service: str = ""
    to_counter: str = ""


class FavourServices(Command, frozen=True):
    """An operator's counter sees these services earlier, by so many milliseconds, whatever counter
    it is and also on the days to come; none: all alike."""

    operator: str
    favours: dict[str, int] = {}


class CloseIntake(Command, frozen=True):
    """No more numbers for a service today."""

    service: str


class OpenIntake(Command, frozen=True):
    """Numbers for it again."""

    service: str


class PostMessage(Command, frozen=True):
    """A supervisor's message to consoles, boards, or both, until a time (epoch ms); in English
    too, where it is given."""

    text: str
    to: Literal["consoles", "boards", "all"] = "consoles"
    until: int = 0
    text_en: str = ""


class TakeDownMessage(Command, frozen=True):
    """Take a message away; its id is that of its entry."""

    message: int


AnyCommand = Union[
    OpenDay, ChangePlan, IssueTicket, CancelTicket, ReinstateTicket, OpenCounter, PauseCounter,
    CloseCounter, CallNext, Recall, StartService, FinishService, MarkNoShow, ReturnTicket,
    ParkTicket, TransferTicket, RejoinTicket, ConfirmPresence, PostponeTicket, DeferTicket,
    ResumeTicket, DenyClosing, RaiseAlarm, ClearAlarm, CallHelper, AssignServices, QuickServe,
    SkipTicket, UndoAct, ReclassTicket, MoveTicket, CloseIntake, OpenIntake, PostMessage,
    TakeDownMessage, PlanVisit, ReviewVisits, FavourServices,
]  # fmt: skip
