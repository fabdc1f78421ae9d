"""What a ticket's entries come to: where it was, how long it waited, was awaited and was served.

Undone acts have not been. A ticket that was parked, transferred or sent on by its visit has been at
several counters: each is a stay with times of its own, and the ticket's times are their sums.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..core import events as e
from ..core.events import Entry
from ..core.lifecycle import AT_COUNTER, TICKET
from ..core.model import Status


class Stay(Struct, frozen=True):
    """From the first call at a counter until it left there. Moments are epoch ms, 0: it has not
    come to that; `waited` is what it stood in line before, in ms. `by` called it; `left` is what
    became of it then, None while it is there."""

    service: str
    counter: str
    by: str
    waited: int = 0
    called: int = 0
    recalled: int = 0
    """The last call here."""
    calls: int = 0
    started: int = 0
    ended: int = 0
    left: Status | None = None
    act: str = ""
    """The kind of the event that ended it."""
    done: bool = False
    """The service was given."""


class Step(Struct, frozen=True):
    """An entry with what it made of the ticket: its status, its service, the counter where it
    happened ("": none)."""

    entry: Entry
    status: Status
    service: str
    counter: str


class Times(Struct, frozen=True):
    """Milliseconds; None where it has not come to it. Waiting: in line until a call (from joining
    on, which for a booking is its time); walking: last call to start; service: start to end; visit:
    issued to the end."""

    waiting: int | None
    walking: int | None
    service: int | None
    visit: int | None


class Past(Struct, frozen=True):
    """All of a ticket's past, oldest first."""

    steps: tuple[Step, ...] = ()
    stays: tuple[Stay, ...] = ()
    times: Times = Times(None, None, None, None)


def past(entries: Sequence[Entry]) -> Past:
    """The past of one ticket, from all entries that concern it, its issue first."""
    undone = {x.event.undone for x in entries if isinstance(x.event, e.ActUndone)}
    course = Course()
    steps = [course.take(entry, real=entry.id not in undone) for entry in entries]
    return Past(tuple(steps), tuple(course.stays), course.times())


class Course:
    """Follows one ticket through its entries."""

    def __init__(self) -> None:
        self.stays: list[Stay] = []
        self._status: Status = "waiting"
        self._seen: Status = "waiting"
        """The status as it was then, with what was undone later."""
        self._service = self._counter = ""
        self._issued = self._ended = 0
        self._since = 0
        """Since when it stands in line without having been called; 0: it doesn't."""

    def take(self, entry: Entry, *, real: bool) -> Step:
        """The next entry. One that is undone later (`real` false) is told, and leaves nothing."""
        event = entry.event
        if isinstance(event, e.ActUndone):
            self._seen = event.status
            return Step(entry, event.status, self._service, event.counter)
        if not real:
            return self._told(entry)
        if isinstance(event, e.TicketIssued):
            self._service = event.steps[event.step].service if event.steps else event.service
            self._issued, self._since = entry.at, event.joined or entry.at
        elif isinstance(event, e.OfTicket):
            self._move(entry, event)
        self._seen = self._status
        place = self._counter
        self._counter = place if self._status in AT_COUNTER else ""
        return Step(entry, self._status, self._service, place)

    def times(self) -> Times:
        """The sums over all stays so far."""
        waited = [stay.waited for stay in self.stays if stay.called]
        walked = [stay.started - stay.recalled for stay in self.stays if stay.started]
        served = [stay.ended - stay.started for stay in self.stays if stay.started and stay.ended]
        return Times(
            sum(waited) if waited else None,
            sum(walked) if walked else None,
            sum(served) if served else None,
            self._ended - self._issued if self._ended else None,
        )

    def _told(self, entry: Entry) -> Step:
        event, counter = entry.event, self._counter
        assert isinstance(event, e.OfTicket), "acts on tickets are undone"
        if isinstance(event, e.TicketCalled | e.TicketPicked):
            counter = event.counter
        self._seen = TICKET[self._seen][type(event)]
        return Step(entry, self._seen, self._service, counter)

    def _move(self, entry: Entry, event: e.OfTicket) -> None:
        before, self._status = self._status, TICKET[self._status][type(event)]
        if isinstance(event, e.TicketCalled | e.TicketPicked | e.TicketServed):
            self._counter = event.counter
            self.stays.append(Stay(self._service, event.counter, entry.by))
        if isinstance(event, e.TicketCalled | e.TicketRecalled):
            self._call(entry.at)
        elif isinstance(event, e.ServiceStarted):
            self._reach(entry.at)  # where calling has two steps, a look may do: he stood there
            self._last(started=entry.at)
        elif isinstance(event, e.TicketServed):
            at = entry.at
            self._last(
                called=at, recalled=at, started=at, ended=at, left=self._status,
                act=type(event).__name__, done=True,
            )  # fmt: skip
        if isinstance(event, e.VisitPlanned):
            self._service = event.steps[event.step].service
        elif isinstance(event, e.TicketTransferred | e.StepFinished | e.VisitRerouted):
            self._service = event.service or self._service
        if before in AT_COUNTER and self._status not in AT_COUNTER:
            self._leave(entry.at, event)
        if self._status == "waiting":
            self._since = self._since or entry.at
        elif self._status not in AT_COUNTER:
            self._since = 0
        if self._status not in ENDS:
            self._ended = 0
        elif before not in ENDS:  # whatever is said of it afterwards, it was over then
            self._ended = entry.at

    def _call(self, at: int) -> None:
        self._reach(at)
        self._last(recalled=at, calls=self.stays[-1].calls + 1)

    def _reach(self, at: int) -> None:
        """From now on it doesn't stand in line."""
        if not self.stays[-1].called:
            waited = max(0, at - self._since) if self._since else 0
            self._last(called=at, recalled=at, waited=waited)
            self._since = 0

    def _leave(self, at: int, event: e.OfTicket) -> None:
        """Who was only looked at has not been there, and stands in line as before."""
        if self.stays[-1].called:
            done = isinstance(event, e.ServiceFinished | e.StepFinished) or (
                isinstance(event, e.TicketTransferred) and event.finished
            )
            self._last(ended=at, left=self._status, act=type(event).__name__, done=done)
        else:
            self.stays.pop()

    def _last(self, **changes: Any) -> None:
        self.stays[-1] = replace(self.stays[-1], **changes)


ENDS: frozenset[Status] = frozenset({"served", "cancelled", "no_show", "expired"})
"""The statuses of a visit that is over."""
