"""The trial of a call: a real number at a real counter, shown and spoken like any other.

Outside opening hours no number may be given; an interpreter is called for then, over the same
boards and in the same voice.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from msgspec import Struct

from queue_server.announce import announcement
from queue_server.core import commands as c
from queue_server.core.intake import shut
from queue_server.core.model import Ticket
from queue_server.house import House
from queue_server.web.identity import Identity, actor

HELPER = "interpreter"
CHANNEL = "setup"
"""How the trial's number was taken: reports can tell it from people's."""


class Shown(Struct, frozen=True):
    """A trial under way: what was called where, and its sound ("": the hall has no voice)."""

    text: str
    audio: str


class Place(Struct, frozen=True):
    """A counter to call to."""

    id: str
    name: str


@dataclass(frozen=True)
class TestCall:
    """The trial, for one administrator. Raises Refusal, Unavailable."""

    house: House
    identity: Identity

    async def call(self, counter: str) -> None:
        """Open the counter, take a number for one of its services, call it; once more: again."""
        house, by = self.house, actor(self.identity)
        called = self._ticket()
        if called is not None and called.counter:
            await house.desk.submit(c.Recall(counter=called.counter, ticket=called.id, by=by))
            return
        place = house.hall.counters.get(counter)
        if place is None or place.state != "open":
            await house.desk.submit(c.OpenCounter(counter=counter, by=by))
        service = self._open_service(counter)
        if not service:
            await house.desk.submit(c.CallHelper(counter=counter, helper=HELPER, by=by))
            return
        token = secrets.token_urlsafe(16)
        issue = c.IssueTicket(service=service, token=token, channel=CHANNEL, by=by)
        (entry, *_) = await house.desk.submit(issue)
        await house.desk.submit(c.CallNext(counter=counter, after=0, ticket=entry.id, by=by))

    async def clear(self) -> None:
        """Take the number out of the queue and close what was opened for it."""
        house, by = self.house, actor(self.identity)
        ticket = self._ticket()
        if ticket is not None:
            await house.desk.submit(c.CancelTicket(ticket=ticket.id, by=by))
        for counter in list(house.hall.counters.values()):
            if counter.state != "closed" and counter.operator == by.id:
                await house.desk.submit(c.CloseCounter(counter=counter.id, by=by))

    def shown(self, language: str) -> Shown | None:
        """The last call of this trial, as the boards have it."""
        mine = {
            one.id for one in self.house.hall.counters.values()
            if one.state != "closed" and one.operator == self.identity.id
        }  # fmt: skip
        for call in reversed(self.house.hall.calls):
            if call.counter in mine:
                told = announcement(self.house, call)
                text = told.text.get(language) or next(iter(told.text.values()), "")
                return Shown(text, told.audio or "")
        return None

    def places(self, language: str) -> tuple[Place, ...]:
        """The counters that it may be tried at."""
        return tuple(
            Place(str(one.id), one.name.of(language))
            for one in self.house.catalogue.counters.values()
        )

    def _ticket(self) -> Ticket | None:
        """The trial's number, while it is in the queue."""
        found = (one for one in self.house.hall.tickets.values() if one.channel == CHANNEL)
        return next((one for one in found if one.status in ("waiting", "called")), None)

    def _open_service(self, counter: str) -> str:
        """A service of the counter that gives numbers now, or ""."""
        hall, now = self.house.hall, self.house.clock.now()
        given = self.house.catalogue.counters[counter].services
        return next((one for one in given if one in hall.plan.services
                     and shut(hall, one, now) is None), "")  # fmt: skip
