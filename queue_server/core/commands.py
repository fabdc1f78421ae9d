"""What somebody wants. `decide` turns a command into events, or refuses it."""

from __future__ import annotations

from typing import Union

from msgspec import Struct

from .plan import Plan


class Actor(Struct, frozen=True):
    """Who acts: an opaque id (never a name), and whether any counter may be acted for."""

    id: str
    steward: bool = False


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
    (0: the day's end) the ticket expires.
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


class OfTicket(Command, frozen=True):
    """Base of the commands on a ticket, wherever it is."""

    ticket: int


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
    """Take a break."""


class CloseCounter(AtCounter, frozen=True):
    """Close it. A steward may close one that another holds: its ticket goes back to its line."""


class CallNext(AtCounter, frozen=True):
    """Call whoever is first in the counter's queue.

    `after` is the ticket that the operator saw as current (0: none): the precondition that
    makes a double click harmless. `ticket`, when not 0, is one out of order.
    """

    after: int
    ticket: int = 0


class AtTicket(AtCounter, frozen=True):
    """Base of the acts on a counter's current ticket; `ticket` is the one that was seen."""

    ticket: int


class Recall(AtTicket, frozen=True):
    """Announce it again."""


class StartService(AtTicket, frozen=True):
    """The citizen is here."""


class FinishService(AtTicket, frozen=True):
    """Done."""


class MarkNoShow(AtTicket, frozen=True):
    """Nobody came."""


class ReturnTicket(AtTicket, frozen=True):
    """Called in error: back to its place."""


class ParkTicket(AtTicket, frozen=True):
    """Interrupt it."""


class DeferTicket(AtTicket, frozen=True):
    """Papers are missing: come back with them. `missing` are indices of the service's
    requirements; until `until` (epoch ms, 0: the day's end) the right of return holds."""

    missing: tuple[int, ...] = ()
    until: int = 0


class TransferTicket(AtTicket, frozen=True):
    """Send it on to a service's line or, with `to_counter`, to one counter."""

    service: str = ""
    to_counter: str = ""


AnyCommand = Union[
    OpenDay, ChangePlan, IssueTicket, CancelTicket, ReinstateTicket, OpenCounter, PauseCounter,
    CloseCounter, CallNext, Recall, StartService, FinishService, MarkNoShow, ReturnTicket,
    ParkTicket, TransferTicket, RejoinTicket, ConfirmPresence, PostponeTicket, DeferTicket,
    ResumeTicket,
]  # fmt: skip
