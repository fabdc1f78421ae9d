"""The kinds of messages about tickets, and what each says. No personal data: a number, places,
ids, and the address of the ticket's own page, which is its holder's secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..catalogue import Catalogue
from ..core import events as e
from ..core.model import Hall, Ticket
from .contacts import subject_of
from .messages import Message
from .reminders import Reminder

KINDS: dict[type[e.Event], str] = {
    e.TicketIssued: "ticket.issued",
    e.TicketCalled: "ticket.called",
    e.TicketRecalled: "ticket.recalled",
    e.ServiceStarted: "ticket.started",
    e.ServiceFinished: "ticket.served",
    e.TicketServed: "ticket.served",
    e.StepFinished: "ticket.step_served",
    e.TicketMissed: "ticket.no_show",
    e.TicketReturned: "ticket.returned",
    e.TicketParked: "ticket.parked",
    e.TicketTransferred: "ticket.transferred",
    e.TicketCancelled: "ticket.cancelled",
    e.TicketReinstated: "ticket.reinstated",
    e.TicketExpired: "ticket.expired",
    e.TicketArrived: "ticket.arrived",
    e.TicketPostponed: "ticket.postponed",
    e.TicketRejoined: "ticket.rejoined",
    e.TicketDeferred: "ticket.deferred",
    e.TicketResumed: "ticket.resumed",
    e.VisitRerouted: "ticket.rerouted",
    e.ActUndone: "ticket.undone",
    e.CounterOpened: "counter.opened",
    e.CounterPaused: "counter.paused",
    e.CounterClosed: "counter.closed",
}
"""What an entry is told as. Beside them: `ticket.near` and `ticket.go` (reminders), `test`, and
what other rooms emit."""
UNTOLD = frozenset({
    e.TicketPicked, e.TicketOffered, e.TicketReclassed, e.TicketUnbound, e.VisitPlanned
})  # fmt: skip
"""What happens between operator and line and is nobody else's."""
GOES_ON = frozenset({"ticket.step_served", "ticket.rerouted"})
"""A visit stands in another line from now on."""
TO_HOLDER = GOES_ON | {"ticket.near", "ticket.go", "ticket.called", "ticket.recalled"}
"""Kinds that are meant for the ticket's holder: only they carry a contact, where there is one."""


class Teller:
    """Makes the messages; the catalogue's names in both languages, `url` without a slash."""

    def __init__(self, catalogue: Callable[[], Catalogue], url: str) -> None:
        self._catalogue = catalogue
        self._url = url

    def told(
        self, epoch: str, entry: e.Entry, kind: str, ticket: Ticket | e.TicketIssued | None
    ) -> Message:
        """What an entry says. `ticket`: whose it is, as far as it is about one."""
        event = entry.event
        data: dict[str, Any] = {}
        subject = ""
        if ticket is not None:
            data = self._about(getattr(event, "ticket", entry.id), ticket)
            if isinstance(event, e.TicketRecalled) and getattr(ticket, "here", 0) == 1:
                kind = "ticket.called"  # it was only looked at before
            subject = subject_of(ticket.token) if kind in TO_HOLDER else ""
        if isinstance(event, e.TicketCalled | e.TicketRecalled):
            data["call"] = entry.id
        if isinstance(event, e.StepFinished | e.VisitRerouted):
            data |= self._service(event.service)
        counter = getattr(event, "counter", "")
        if counter:
            data |= self._counter(counter)
        return Message(f"{epoch}-{entry.id}", kind, entry.at, data, subject)

    def reminder(self, epoch: str, hall: Hall, found: Reminder) -> Message:
        """A reminder: once for each place that its ticket has taken."""
        ticket = hall.tickets[found.ticket]
        data = self._about(ticket.id, ticket) | {
            "position": found.position,
            "estimate": {"from": found.least, "to": found.most} if found.most else None,
        }
        return Message(
            reminder_id(epoch, found.kind, ticket.id, ticket.joined), found.kind, hall.now, data,
            subject_of(ticket.token),
        )  # fmt: skip

    def _about(self, id: int, ticket: Ticket | e.TicketIssued) -> dict[str, Any]:
        return {
            "ticket": id,
            "number": ticket.number,
            "service": ticket.service,
            "language": ticket.language,
            "url": f"{self._url}/t/{ticket.token}",
        }

    def _service(self, id: str) -> dict[str, Any]:
        """Where a visit goes on."""
        catalogue = self._catalogue()
        found = catalogue.named.services.get(id)
        zone = catalogue.named.zones.get(catalogue.zone_of.get(id, ""))
        return {
            "service": id,
            "service_name": {"id": found.name.of("id"), "en": found.name.of("en")}
            if found
            else None,
            "zone_name": {"id": zone.name.of("id"), "en": zone.name.of("en")} if zone else None,
        }

    def _counter(self, id: str) -> dict[str, Any]:
        found = self._catalogue().named.counters.get(id)
        name = {"id": found.name.of("id"), "en": found.name.of("en")} if found else None
        return {"counter": id, "counter_name": name}


def reminder_id(epoch: str, kind: str, ticket: int, joined: int) -> str:
    """A reminder's id: who goes back in the line is reminded once more when it comes near."""
    return f"{epoch}-{ticket}-{joined}-{kind.rpartition('.')[2]}"


def still_true(hall: Hall, message: Message) -> bool:
    """Whether a message to a ticket's holder is of use now: late ones must not send anybody."""
    if message.kind not in TO_HOLDER:
        return True
    ticket = hall.tickets.get(message.data["ticket"])
    if ticket is None:
        return False
    if message.kind in ("ticket.near", "ticket.go"):
        return ticket.status == "waiting"
    if message.kind in GOES_ON:
        return ticket.status == "waiting" and ticket.service == message.data["service"]
    return ticket.status == "called" and ticket.call == message.data["call"]
