"""Bookings joined with the hall: what every surface does with them.

The room knows no hall and the hall knows no bookings. Here sessions are worked out from the
catalogue and the hours in force; `arrivals` turns a booking into a ticket.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from msgspec import Struct

from .booking.model import Booking, Who
from .booking.places import Day, Taken, day_of, days_of
from .booking.refusals import Refused
from .booking.rules import (
    Session,
    Terms,
    every_terms,
    find_session,
    terms_of,
    trouble_with,
)
from .core.calendar import local
from .core.plan import Hours
from .core.refusals import Refusal
from .house import House
from .notify.addresses import phone as phone_number
from .notify.contacts import DAY, subject_of
from .notify.messages import matches

TROUBLES = {"closed": "not_bookable", "far": "session_far", "late": "session_late"}


class Booker(Struct, frozen=True):
    """Who books, as given: a telephone number or "", the device's secret or ""."""

    phone: str = ""
    device: str = ""
    language: str = "id"


@dataclass(frozen=True)
class Reception:
    """The acts, for one house."""

    house: House

    @property
    def now(self) -> int:
        return self.house.clock.now()

    @property
    def hours(self) -> Hours:
        return self.house.hall.plan.hours

    # What can be booked -------------------------------------------------------------------

    def terms(self, service: str) -> Terms:
        """How a service is booked. Raises Refusal: there is none of that name."""
        if service not in self.house.catalogue.services:
            raise Refusal("unknown_service", service=service[:64])
        return terms_of(self.house.catalogue, self.house.config.booking, service)

    def packages(self) -> dict[str, str]:
        """Packages that can be booked -> the service whose session is booked: that of the first
        step that waits for no other."""
        firsts = {id: self.first_of(id) for id in self.house.catalogue.packages}
        return {id: first for id, first in firsts.items() if self.terms(first).open}

    def first_of(self, package: str) -> str:
        """The service of a package's first step that waits for no other. KeyError: no package."""
        steps = self.house.catalogue.visit(package)
        return next(one.service for one in steps if not one.after)

    def every_terms(self) -> tuple[Terms, ...]:
        """How each service is booked."""
        return every_terms(self.house.catalogue, self.house.config.booking)

    async def days(self, terms: Terms) -> tuple[Day, ...]:
        """Every date within the horizon, with its sessions and what is free."""
        today = local(self.now, self.hours).date()
        last = date.fromordinal(today.toordinal() + terms.horizon)
        taken = await self._taken(terms, today, last)
        return days_of(terms, self.hours, self.now, taken)

    async def day(self, terms: Terms, day: date) -> Day:
        """One date."""
        taken = await self._taken(terms, day, day)
        return day_of(terms, day, self.hours, self.now, taken)

    def session(self, terms: Terms, day: str, start: int) -> Session:
        """A session that can be booked now, room aside. Raises Refused."""
        found = find_session(terms, day, start, self.hours)
        if not terms.open:
            raise Refused("not_bookable")
        if found is None:
            raise Refused("no_such_session")
        trouble = trouble_with(terms, found, self.hours, self.now)
        if trouble:
            raise Refused(TROUBLES[trouble])
        return found

    async def _taken(self, terms: Terms, first: date, last: date) -> Taken:
        bookings, span = self.house.rooms.bookings, (first.isoformat(), last.isoformat())
        return Taken(await bookings.taken(*span, terms.pool), await bookings.quotas(*span))

    # Booking ------------------------------------------------------------------------------

    async def hold(
        self, service: str, day: str, start: int, booker: Booker, key: str, package: str = ""
    ) -> Booking:
        """Keep a place while the form is open; of a package, `service` is its first step's.

        Raises Refusal.
        """
        terms = self.terms(service)
        session = self.session(terms, day, start)
        return await self.house.rooms.bookings.hold(
            session, service, terms.agency, self._who(booker), self.sealed("key", key), package
        )

    async def confirm(self, token: str, booker: Booker) -> Booking:
        """Book what was held. Raises Refusal."""
        bookings = self.house.rooms.bookings
        found = await bookings.of_token(token)
        if found is None:
            raise Refused("unknown_booking")
        session = None
        if found.service in self.house.catalogue.services:
            key = found.key
            session = find_session(self.terms(found.service), key.day, key.start, self.hours)
        who = self._who(booker, phone=True)
        await self._keep_contact(found, booker)
        try:
            return await bookings.confirm(token, session, who)
        except Refusal:
            await self.house.rooms.notify.contacts.forget(subject_of(token))
            raise

    async def book(
        self, service: str, day: str, start: int, booker: Booker, key: str, digest: str,
        package: str = "",
    ) -> Booking:  # fmt: skip
        """Book at once; the same key is the same booking. Raises Refusal, KeyReused."""
        terms = self.terms(service)
        session = self.session(terms, day, start)
        who = self._who(booker, phone=True)
        made = await self.house.rooms.bookings.book(
            session, service, terms.agency, who, self.sealed("key", key), digest, package
        )
        await self._keep_contact(made, booker)
        return made

    async def change(
        self, token: str, day: str, start: int, who: str = "", *, key: str = "", digest: str = ""
    ) -> Booking:
        """Move a booking to another session of its service; a key moves once.

        Raises Refusal, KeyReused.
        """
        found = await self.house.rooms.bookings.of_token(token)
        if found is None:
            raise Refused("unknown_booking")
        session = self.session(self.terms(found.service), day, start)
        bookings, sealed = self.house.rooms.bookings, self.sealed("key", key)
        return await bookings.change(token, session, who, key=sealed, digest=digest)

    async def of_device(self, device: str) -> list[Booking]:
        """What this device has booked and not used yet."""
        return await self.house.rooms.bookings.of_device(self.sealed("device", device))

    @property
    def sends(self) -> bool:
        """Whether a gateway is told of bookings, so that a number is of use to who gives it."""
        webhooks = self.house.rooms.notify.webhooks
        return any(matches(one.kinds, "booking.confirmed") for one in webhooks)

    async def _keep_contact(self, found: Booking, booker: Booker) -> None:
        """Keep the number itself, sealed, until a day after the session: only for messages."""
        number = phone_number(booker.phone)
        if number and self.sends:
            contacts = self.house.rooms.notify.contacts
            await contacts.give(subject_of(found.token), {"phone": number}, found.ends + DAY)

    def _who(self, booker: Booker, *, phone: bool = False) -> Who:
        """The booker as the room may know him. Raises Refused: the hall asks for a number."""
        number = phone_number(booker.phone) or ""
        needed = booker.phone.strip() or self.house.config.booking.phone == "required"
        if phone and needed and not number:
            raise Refused("phone_needed")
        device = self.sealed("device", booker.device)
        return Who(device, self.sealed("phone", number), booker.language)

    def sealed(self, kind: str, value: str) -> str:
        """The keyed hash under which the room knows a value."""
        return self.house.rooms.bookings.seal.of(kind, value)
