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
    """Take a number. `token` is the secret of its phone page (>= 128 random bits)."""

    service: str
    token: str
    priority: str = ""
    language: str = "id"
    channel: str = "kiosk"


class OfTicket(Command, frozen=True):
    """Base of the commands on a ticket, wherever it is."""

    ticket: int


class CancelTicket(OfTicket, frozen=True):
    """Take it out of the queue."""


class ReinstateTicket(OfTicket, frozen=True):
    """Let a no-show or cancelled ticket wait again."""


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


class TransferTicket(AtTicket, frozen=True):
    """Send it on to a service's line or, with `to_counter`, to one counter."""

    service: str = ""
    to_counter: str = ""


AnyCommand = Union[
    OpenDay, ChangePlan, IssueTicket, CancelTicket, ReinstateTicket, OpenCounter, PauseCounter,
    CloseCounter, CallNext, Recall, StartService, FinishService, MarkNoShow, ReturnTicket,
    ParkTicket, TransferTicket,
]  # fmt: skip
