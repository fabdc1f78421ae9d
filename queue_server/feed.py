"""What there is to tell: the surfaces' topics behind one `Source` for the hub.

A surface offers a `TopicKind`; the feed dispatches on the part before the colon. Everything is
read from the durable hall, synchronously.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from .core import events as e
from .core.model import Call, Hall, Ticket
from .core.policy import neighbours, servers

_encode = msgspec.json.Encoder().encode


class Touched(Struct):
    """What a group of entries may have changed, by id. `everything`: a new day or plan."""

    services: set[str]
    counters: set[str]
    tickets: set[int]
    everything: bool = False


class TopicKind(Protocol):
    """One kind of topic: `zone`, `counter`, `line`, `ticket`; names are what follows the colon."""

    kind: str

    def knows(self, name: str) -> bool:
        """Whether there is such a topic now."""

    def touched(self, what: Touched) -> Iterable[str] | None:
        """Names of the topics that may show something else now; None: all of them."""

    def state(self, name: str) -> Struct:
        """What the topic shows, whole."""

    def html(self, name: str) -> str:
        """The same as the fragment that its page swaps in."""

    def wants(self, name: str, call: Call) -> bool:
        """Whether a call is announced on this topic."""


class Feed:
    """Implements `live.source.Source` over the surfaces' topics."""

    def __init__(
        self,
        kinds: Iterable[TopicKind],
        hall: Callable[[], Hall],
        describe: Callable[[Call], Struct],
        *,
        now: Callable[[], int],
        epoch: Callable[[], str],
        build: str,
    ) -> None:
        self.build = build
        self._kinds = {kind.kind: kind for kind in kinds}
        self._hall = hall
        self._describe = describe
        self._now = now
        self._epoch = epoch
        self._encoded: dict[int, bytes] = {}

    @property
    def epoch(self) -> str:
        """The journal's name."""
        return self._epoch()

    @property
    def version(self) -> int:
        """The id of the last durable entry."""
        return self._hall().version

    def knows(self, topic: str) -> bool:
        """Whether there is such a topic."""
        kind, _, name = topic.partition(":")
        return kind in self._kinds and self._kinds[kind].knows(name)

    def state(self, topic: str, form: str) -> bytes:
        """The members `"state":…` and, for "html", `"html":…` of a frame, encoded."""
        kind, _, name = topic.partition(":")
        state = b'"state":' + _encode(self._kinds[kind].state(name))
        if form == "html":
            state += b',"html":' + _encode(self._kinds[kind].html(name))
        return state

    def calls(self, topic: str, after: int) -> list[bytes]:
        """The encoded calls of a topic after a version, young enough to announce."""
        hall = self._hall()
        kind, _, name = topic.partition(":")
        wants = self._kinds[kind].wants
        oldest = self._now() - hall.plan.policy.announce_age
        return [
            self._call(call)
            for call in hall.calls
            if call.id > after and call.at > oldest and wants(name, call)
        ]

    def touched(self, entries: Sequence[e.Entry]) -> list[str] | None:
        """The topics that these durable entries may have changed; None: all there are."""
        what = touched(self._hall(), entries)
        topics: list[str] = []
        for kind in self._kinds.values():
            names = kind.touched(what)
            if names is None:
                return None
            topics += [f"{kind.kind}:{name}" for name in names]
        return topics

    def _call(self, call: Call) -> bytes:
        found = self._encoded.get(call.id)
        if found is None:
            if len(self._encoded) > 1000:
                self._encoded.clear()
            found = self._encoded[call.id] = _encode(self._describe(call))
        return found


def touched(hall: Hall, entries: Sequence[e.Entry]) -> Touched:
    """What entries, already folded in, may have changed."""
    what = Touched(set(), set(), set())
    for entry in entries:
        event = entry.event
        if isinstance(event, e.Started | e.DayOpened | e.PlanChanged):
            what.everything = True
        elif isinstance(event, e.TicketIssued):
            _ticket(hall, what, hall.tickets.get(entry.id))
        elif isinstance(event, e.OfTicket):
            _ticket(hall, what, hall.tickets.get(event.ticket))
            if isinstance(event, e.TicketTransferred):
                what.services.add(event.origin)
        elif isinstance(event, e.OfCounter | e.AboutCounter):
            what.counters.add(event.counter)
            what.services.update(hall.place(event.counter).services)
            if isinstance(event, e.AlarmRaised | e.AlarmCleared):
                what.counters.update(neighbours(hall, event.counter))
        elif isinstance(event, e.ActUndone):
            what.counters.add(event.counter)
            _ticket(hall, what, hall.tickets.get(event.ticket))
        elif isinstance(event, e.FavoursSet):
            held = (x.id for x in hall.counters.values() if x.operator == event.operator)
            what.counters.update(held)
        elif isinstance(event, e.IntakeClosed | e.IntakeOpened):
            what.services.add(event.service)
            what.counters.update(hall.givers.get(event.service, ()))
        elif isinstance(event, e.MessagePosted | e.MessageTakenDown):
            what.everything = True
    return what


def _ticket(hall: Hall, what: Touched, ticket: Ticket | None) -> None:
    if ticket is None:
        return  # of a day that has been closed in the same group
    what.tickets.add(ticket.id)
    what.services.add(ticket.service)
    what.services.update(step.service for step in ticket.steps)
    what.counters.update(hall.givers.get(ticket.service, ()))
    if ticket.counter:
        what.counters.add(ticket.counter)
    if ticket.line != ticket.service:
        what.counters.update(servers(hall, ticket.line))
