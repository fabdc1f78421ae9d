"""Who comes: a booking becomes a ticket, and a number taken from afar its holder's presence."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass

from babel.dates import format_date

from .booking.model import Booking
from .booking.refusals import Refused
from .booking.rules import timing
from .core import commands as c
from .core.calendar import closes_at, hours_of, local, next_opening
from .core.intake import shut
from .core.model import Hall, Step, Ticket
from .core.plan import MINUTE
from .core.refusals import Refusal
from .house import House
from .notify.contacts import DAY, subject_of
from .reception import Booker, Reception
from .web.i18n import clock_text, locale_of

CITIZEN = c.Actor("citizen")
"""Who acts with a secret link: the journal keeps no more than that."""


@dataclass(frozen=True)
class Arrivals:
    """The acts, for one house."""

    house: House

    # Checking in --------------------------------------------------------------------------

    async def check_in(
        self, found: Booking, by: c.Actor, *, language: str = "", priority: str = ""
    ) -> Ticket:
        """The number that a booking becomes: one, however often it is asked for, and also when
        the server is killed in between. The caller's cancellation cancels nothing.

        Raises Refusal: not now, over, or no number is given. Unavailable: ask again.
        """
        known = numbered(self.house.hall, found)
        if known is None and found.state in ("booked", "expired", "checked_in"):
            self._check_timing(found, language or found.language)
        return await asyncio.shield(self._check_in(found, by, language, priority))

    async def _check_in(self, found: Booking, by: c.Actor, language: str, priority: str) -> Ticket:
        """Claimed, numbered, settled: each durable before the next."""
        bookings, hall = self.house.rooms.bookings, self.house.hall
        claimed = await bookings.claim(found.id)
        known = numbered(hall, claimed)
        if known is not None:
            await bookings.settle(claimed.id, known.id, by.id)
            return known
        try:
            entries = await self.house.desk.submit(
                self._issue(claimed, by, language, priority),
                key=f"booking:{claimed.id}.{claimed.attempt}",
                digest=f"{claimed.service} {claimed.package}".strip(),
            )  # fmt: skip
        except Refusal:
            # The next attempt is another command: the Desk remembers what it has refused.
            await bookings.release(claimed.id, claimed.attempt)
            raise
        await bookings.settle(claimed.id, entries[0].id, by.id)
        ticket = _of_today(self.house.hall.tickets.get(entries[0].id))
        await self._pass_on_contact(claimed, ticket)
        return ticket

    async def _pass_on_contact(self, found: Booking, ticket: Ticket) -> None:
        """Who asked for messages about the booking is told of the call too."""
        contacts = self.house.rooms.notify.contacts
        known = await contacts.of(subject_of(found.token))
        if known:
            await contacts.give(subject_of(ticket.token), known, self.house.clock.now() + DAY)

    def _issue(self, found: Booking, by: c.Actor, language: str, priority: str) -> c.IssueTicket:
        """A booking counts as arrived at its booked time (`counts_from`), also when it comes a
        little early: then those who came before that time are before it."""
        booked = self.house.config.booking.counts_from == "booked"
        return c.IssueTicket(
            by=by, service=found.service, token=secrets.token_urlsafe(16), priority=priority,
            language=language or found.language, channel="booking",
            joined=found.begins if booked else 0, booking=found.opaque,
            steps=self._steps(found),
        )  # fmt: skip

    def _steps(self, found: Booking) -> tuple[Step, ...]:
        """Those of a booked package as it is now; none where it has lost its first service or is
        gone, so that at least this one is served."""
        catalogue = self.house.catalogue
        known = found.package in catalogue.packages
        steps = catalogue.visit(found.package) if known else ()
        return steps if found.service in (one.service for one in steps) else ()

    def _check_timing(self, found: Booking, language: str) -> None:
        """Raises Refused when the booking cannot be checked in now, and says when it can."""
        hours, section = self.house.hall.plan.hours, self.house.config.booking
        when, why = timing(found.begins, found.ends, section, hours, self.house.clock.now())
        if when == "now":
            return
        moment = local(why, hours)
        day = str(format_date(moment.date(), "EEEE, d MMMM y", locale=locale_of(language)))
        raise Refused(f"booking_{when}", day=day, time=clock_text(moment, language))

    # Numbers from afar --------------------------------------------------------------------

    def check_remote(self, service: str) -> None:
        """Raises Refusal when no number of this service can be taken from afar now."""
        if not Reception(self.house).terms(service).remote:
            raise Refused("remote_off")
        hours, now = self.house.hall.plan.hours, self.house.clock.now()
        closes, opens = closes_at(now, hours), next_opening(now, hours)
        if closes is None:
            raise Refusal("hall_closed", opens=f"{opens:%Y-%m-%d %H:%M}" if opens else "-")
        plan = self.house.hall.plan.services.get(service)
        found = shut(self.house.hall, service, now) if plan else None
        if plan and found:
            raise found.refusal(service)
        if plan:
            hours = hours_of(plan, hours)
            closes, opens = closes_at(now, hours), next_opening(now, hours)
        assert closes is not None, "a service that is not shut is open"
        if hours.always or (opens is not None and opens.date() == closes.date()):
            return  # a break is not the end of the day
        last = self.house.config.booking.remote_last_minutes * MINUTE
        if closes.timestamp() * 1000 - now < last:
            raise Refused("remote_late")

    async def take_from_afar(self, service: str, booker: Booker, key: str) -> Ticket:
        """A number for who is not here yet; the same key is the same number. It has a place, and
        is called only once its holder has shown the hall's presence code. Raises Refusal."""
        self.check_remote(service)
        return await asyncio.shield(self._take_from_afar(service, booker, key))

    async def _take_from_afar(self, service: str, booker: Booker, key: str) -> Ticket:
        reception, bookings = Reception(self.house), self.house.rooms.bookings
        sealed, device = reception.sealed("remote", key), reception.sealed("device", booker.device)
        fresh = secrets.token_urlsafe(16)
        token = await bookings.reserve_remote(sealed, device, self.house.hall.day, fresh)
        minutes = self.house.config.booking.remote_minutes
        command = c.IssueTicket(
            by=CITIZEN, service=service, token=token, language=booker.language, channel="remote",
            remote=True, until=self.house.clock.now() + minutes * MINUTE,
        )  # fmt: skip
        try:
            entries = await self.house.desk.submit(command, key=f"remote:{sealed}", digest=service)
        except Refusal:
            await bookings.free_remote(sealed)
            raise
        return _of_today(self.house.hall.tickets.get(entries[0].id))

    async def absent(self, device: str) -> list[Ticket]:
        """The numbers that a device took from afar today and whose holder isn't here yet."""
        sealed, hall = Reception(self.house).sealed("device", device), self.house.hall
        tokens = await self.house.rooms.bookings.remote_of(sealed, hall.day)
        found = [hall.ticket_by_token(token) for token in tokens]
        return [one for one in found if one is not None and one.remote and one.status == "waiting"]

    async def confirm_presence(self, ticket: Ticket, code: str) -> None:
        """The holder has shown the hall's code. Raises Refusal."""
        if not self.house.rooms.presence.holds(code, self.house.clock.now()):
            raise Refused("wrong_presence")
        await self.house.desk.submit(c.ConfirmPresence(ticket=ticket.id, by=CITIZEN))


def numbered(hall: Hall, found: Booking) -> Ticket | None:
    """The number that a booking has become today, if it has."""
    return next((one for one in hall.tickets.values() if one.booking == found.opaque), None)


def _of_today(ticket: Ticket | None) -> Ticket:
    """A ticket that is still in the hall. Raises Refusal: it is of a day before."""
    if ticket is None:
        raise Refusal("unknown_ticket")
    return ticket
