"""What the API says of a ticket's past, and of all tickets of the day."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from ..core.model import Status
from . import shapes as s


class Happened(Struct, frozen=True):
    """Something that happened to a ticket. `event` is the journal's kind, `act` the name that it
    goes by with people; `status` and `service` are the ticket's after it; `counter` is where it
    happened, `to` where a transfer leads; `undone`: of an undo, the entry that was taken back;
    `why`: a supervisor's reason in words, told to supervisors."""

    id: int
    at: str
    by: str
    event: str
    act: str
    counter: str | None
    service: str
    status: Status
    reason: str | None = None
    to: s.Destination | None = None
    delivered: list[s.Delivery] = []
    undone: int | None = None
    why: str | None = None


class Times(Struct, frozen=True):
    """Whole seconds; null where it has not come to it. Waiting: in line until called, from joining
    on; walking: last call to start; service: start to end; visit: issued to end. A ticket that was
    at several counters has the sums of its stays."""

    waiting: int | None
    walking: int | None
    service: int | None
    visit: int | None


class Stay(Struct, frozen=True):
    """At one counter, from the first call there on. `by` called it; `outcome` is the status that it
    left in, null while it is there; times in whole seconds."""

    service: str
    counter: str
    by: str
    called_at: str
    calls: int
    started_at: str | None
    ended_at: str | None
    outcome: Status | None
    waiting: int
    walking: int | None
    serving: int | None


class TicketPast(Struct, frozen=True):
    """A ticket's history, oldest first, its stays at counters, its times."""

    ticket: s.CounterTicket
    times: Times
    history: list[Happened]
    stays: list[Stay]


class Wanted(s.Input, frozen=True):
    """Tickets of today: of a status, a service, a number as somebody types it (`a12`)."""

    status: Status | None = None
    service: s.Slug | None = None
    number: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    after: s.Version = 0
    limit: s.Limit = 100


class NewNote(s.Seen, frozen=True):
    """What the next counter should know; nothing that names a person."""

    note: Annotated[str, Meta(min_length=1, max_length=1000)]


class NoteNow(Struct, frozen=True):
    """A note on a ticket: who wrote it at which counter."""

    ticket: int
    note: str
    by: str
    counter: str | None
    at: str
