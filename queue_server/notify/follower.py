"""Follows the journal with a durable cursor of its own and puts what others are told into the
outbox. Woken after every commit; whatever happens to it, calls go on.

Entries become messages exactly once in the outbox: a message's id is its entry's. Reminders come
from the lines as they are now, so that nobody is reminded of a place long past.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from ..core import events as e
from ..core.model import Hall, Ticket
from ..order import Unavailable
from .contacts import Contacts, subject_of
from .kinds import KINDS, Teller, reminder_id
from .messages import Message
from .reminders import Rule, near_when_issued, reminders

log = logging.getLogger(__name__)

BATCH = 500
"""Entries that are read at once."""
AGAIN = 5.0
"""Seconds before another try when journal or outbox can't be used."""
ENDS = e.TicketCancelled | e.TicketExpired | e.ServiceFinished | e.TicketServed
"""What ends a visit."""
MANY = 20_000
"""Reminders that are remembered in memory; the outbox remembers all of a day."""
REMINDERS = ("ticket.near", "ticket.go")
Cursor = tuple[str, int]
"""The journal's epoch, and the last entry that was followed."""
Queued = tuple[Message, Sequence[str]]
"""A message and the channels that it goes to."""
HEARD = 5000
"""Entries that are kept in memory for a follower that is busy."""
STALE = 24 * 3_600_000
"""Milliseconds after which an entry is no news any more: webhooks were not configured then."""


class Truth(Protocol):
    """The Desk, as far as it is followed."""

    @property
    def epoch(self) -> str:
        """The journal's name."""

    @property
    def hall(self) -> Hall:
        """The durable hall."""

    async def read(self, after: int, limit: int) -> list[e.Entry]:
        """Durable entries after a version. Raises Unavailable."""


class Follower:
    """`route` says which channels want a message; `queue` puts it into the outbox for them."""

    def __init__(
        self, truth: Truth, teller: Teller, rule: Rule, contacts: Contacts, *,
        followed: Cursor | None,
        route: Callable[[Message], list[str]], cares: Callable[[str], bool],
        queue: Callable[[Sequence[Queued], Cursor | None], Awaitable[None]],
        now: Callable[[], int],
    ) -> None:  # fmt: skip
        self._truth = truth
        self._teller = teller
        self.rule = rule
        self._contacts = contacts
        self._route = route
        self._cares = cares
        self._queue = queue
        self._now = now
        self._woken = asyncio.Event()
        self._told: set[str] = set()
        self._cursor = followed or ("", 0)
        self._heard: list[e.Entry] = []

    def hear(self, entries: Sequence[e.Entry]) -> None:
        """The journal has grown by these."""
        if len(self._heard) > HEARD:  # far behind: they are in the journal
            self._heard.clear()
        self._heard += entries
        self._woken.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        self._woken.set()
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self.catch_up()
            except Unavailable:
                await self._later()
            except Exception:
                # Nobody is told for now; the cursor stands, so nothing is lost.
                log.exception("the outbox does not follow the journal")
                await self._later()

    async def catch_up(self) -> None:
        """Queue what the entries since the cursor say, then the reminders of the lines now."""
        epoch = self._truth.epoch
        if self._cursor[0] != epoch:  # the first start, or a restored journal
            await self._move((epoch, self._truth.hall.version), ())
        while entries := await self._next():
            await self._end_contacts(entries)
            queued = [one for entry in entries for one in await self._told_by(entry)]
            await self._move((epoch, entries[-1].id), queued)
        await self._remind()

    async def _move(self, cursor: Cursor, queued: Sequence[Queued]) -> None:
        """On, when what was on the way is durable; a cursor that moved alone may be lost."""
        if queued or not self._cursor[0]:
            await self._queue(queued, cursor)
        self._cursor = cursor

    async def save(self) -> None:
        """Keep the cursor, at a stop."""
        if self._cursor[0]:
            await self._queue((), self._cursor)

    async def _next(self) -> Sequence[e.Entry]:
        """The entries after the cursor: as they were heard, or from the journal."""
        after = self._cursor[1]
        heard = [entry for entry in self._heard if entry.id > after]
        self._heard.clear()
        if heard and heard[0].id == after + 1:
            return heard
        return await self._truth.read(after, BATCH)

    async def _end_contacts(self, entries: Sequence[e.Entry]) -> None:
        """A visit's end is the beginning of its contact's."""
        ends: dict[str, int] = {}
        for entry in entries:
            if isinstance(entry.event, ENDS):
                ticket = await self._ticket(entry)
                assert ticket is not None, "they are about a ticket"
                served = isinstance(entry.event, e.ServiceFinished | e.TicketServed)
                after = self.rule.keep_after if served else 0
                ends[subject_of(ticket.token)] = entry.at + after
        if ends:
            await self._contacts.end(ends)
            await self._contacts.sweep(self._now())

    async def _told_by(self, entry: e.Entry) -> list[Queued]:
        """An entry's message for who wants it; for nobody, a reminder that is not needed."""
        event, epoch = entry.event, self._truth.epoch
        kind = KINDS.get(type(event))
        if kind is None or entry.at < self._now() - STALE:
            return []
        queued: list[Queued] = []
        if self._cares(kind) or (kind == "ticket.recalled" and self._cares("ticket.called")):
            message = self._teller.told(epoch, entry, kind, await self._ticket(entry))
            if channels := self._route(message):
                queued.append((message, channels))
        if isinstance(event, e.TicketIssued) and near_when_issued(event, self.rule):
            queued += [(self._seen(entry, one), ()) for one in REMINDERS if self._cares(one)]
        return queued

    def _seen(self, entry: e.Entry, kind: str) -> Message:
        """A reminder as given: who takes a number so near the front sees it there."""
        event = entry.event
        assert isinstance(event, e.TicketIssued)
        id = reminder_id(self._truth.epoch, kind, entry.id, event.joined or entry.at)
        return Message(id, kind, entry.at, {})

    async def _ticket(self, entry: e.Entry) -> Ticket | e.TicketIssued | None:
        """Whose entry it is: a ticket of today, or the entry that issued one of a day before."""
        event = entry.event
        if isinstance(event, e.TicketIssued):
            return event
        if not isinstance(event, e.OfTicket | e.ActUndone):
            return None
        found = self._truth.hall.tickets.get(event.ticket)
        if found is not None:
            return found
        issued = (await self._truth.read(event.ticket - 1, 1))[0].event
        assert isinstance(issued, e.TicketIssued), "a ticket's id is its first entry's"
        return issued

    async def _remind(self) -> None:
        if not any(map(self._cares, REMINDERS)):
            return
        hall, epoch = self._truth.hall, self._truth.epoch
        queued: list[Queued] = []
        for found in reminders(hall, self.rule):
            message = self._teller.reminder(epoch, hall, found)
            if message.id not in self._told and (channels := self._route(message)):
                queued.append((message, channels))
        if queued:  # those of an earlier process are in the outbox, which adds none twice
            await self._queue(queued, None)
            if len(self._told) > MANY:
                self._told.clear()
            self._told.update(message.id for message, _ in queued)

    async def _later(self) -> None:
        await asyncio.sleep(AGAIN)
        self._woken.set()
