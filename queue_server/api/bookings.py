"""Online queueing: sessions, bookings, check-in."""

from __future__ import annotations

from datetime import date

from ..arrivals import CITIZEN, Arrivals
from ..booking.codes import spelled
from ..booking.model import Booking
from ..booking.places import Slot
from ..booking.refusals import Refused
from ..booking.rules import window
from ..core.bounds import demand, of_service
from ..house import House
from ..reception import Booker, Reception
from ..web.endpoint import Ask, Endpoint
from ..web.identity import ISSUERS, actor
from ..web.problems import FieldError, Problem
from ..web.throttle import Throttle
from ..web.validation import Fault, Invalid
from . import booking_shapes as b
from . import outcomes
from . import shapes as s
from .views import View

ONE = "/api/v1/bookings/{token}"
NOT_HAD = ("not_bookable", "session_far", "session_late", "session_full")
LIMITS = ("already_booked", "too_many_bookings")
NOT_NOW = (
    "booking_early", "booking_late", "booking_ahead", "booking_past", "booking_over", "hall_closed",
)  # fmt: skip


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/services/{service}/sessions` and `/api/v1/bookings`."""
    api = Api(house)
    return [
        Endpoint(
            "GET", "/api/v1/services/{service}/sessions", None, api.sessions,
            s.Listed[b.SessionNow], "Sessions that can be booked", query=b.OfDay,
        ),
        Endpoint(
            "POST", "/api/v1/bookings", None, api.book, b.BookingNow, "Book a place",
            body=b.NewBooking, status=201, refusals=(*NOT_HAD, *LIMITS), problems=(429,),
        ),
        Endpoint("GET", ONE, None, api.show, b.BookingNow, "The booking now"),
        Endpoint(
            "POST", f"{ONE}/changes", None, api.change, b.BookingNow, "Another session",
            body=b.Moved, status=201, refusals=(*NOT_HAD, *LIMITS, "booking_over"),
        ),
        Endpoint(
            "POST", f"{ONE}/cancellations", None, api.cancel, b.BookingNow, "Give the place back",
            body=s.Empty, status=201, refusals=("booking_over",),
        ),
        Endpoint(
            "POST", f"{ONE}/check-ins", ISSUERS, api.check_in, s.IssuedTicket,
            "Who booked is here: take the number (the code will do for the token)",
            body=b.CheckIn, status=201, refusals=NOT_NOW,
        ),
    ]  # fmt: skip


class Api:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._reception = Reception(house)
        self._by_address = Throttle(house.config.booking.per_address, seconds=20)

    async def sessions(self, ask: Ask[None]) -> s.Listed[b.SessionNow]:
        name = ask.path["service"]
        if name not in self._house.catalogue.services:
            raise Problem(404, "unknown_service", service=name[:64])
        terms = self._reception.terms(name)
        if ask.query.day is None:
            days = await self._reception.days(terms)
        else:
            days = (await self._reception.day(terms, _date(ask.query.day)),)
        view = View(self._house, ask.language)
        return s.Listed([_session(view, slot) for day in days for slot in day.slots])

    async def book(self, ask: Ask[b.NewBooking]) -> b.BookingNow:
        host = ask.request.client.host if ask.request.client else "-"
        if ask.identity is None:
            wait = self._by_address.take(host)
            if wait:
                headers = {"Retry-After": str(wait)}
                raise Problem(429, "too_many_attempts", headers=headers, wait=wait)
        body = ask.body
        booker = Booker(body.phone or "", language=body.language)
        # Strangers' keys are their own: an address with the same key must not get the first token.
        key = ask.key if ask.identity or not ask.key else f"{ask.key}@{host}"
        service, package = self._wanted(body), body.package or ""
        made = await self._reception.book(
            service, body.day, _minute(body.start), booker, key, ask.digest, package
        )
        return self._now(made, ask.language)

    def _wanted(self, body: b.NewBooking) -> str:
        """The service whose session is booked. Raises Invalid: not one of the two, or no such
        package."""
        if (body.service is None) == (body.package is None):
            raise Invalid([Fault("service", "missing")])
        if body.service is not None:
            return body.service
        known = list(self._house.catalogue.packages)
        if body.package is None or body.package not in known:
            raise Invalid([Fault("package", "unknown", known)])
        return self._reception.first_of(body.package)

    async def show(self, ask: Ask[None]) -> b.BookingNow:
        return self._now(await self._found(ask.path["token"]), ask.language)

    async def change(self, ask: Ask[b.Moved]) -> b.BookingNow:
        token, start = ask.path["token"], _minute(ask.body.start)
        moved = await self._reception.change(
            token, ask.body.day, start, key=ask.key, digest=ask.digest
        )
        return self._now(moved, ask.language)

    async def cancel(self, ask: Ask[s.Empty]) -> b.BookingNow:
        who = ask.identity.id if ask.identity else CITIZEN.id
        cancelled = await self._house.rooms.bookings.cancel(ask.path["token"], who)
        return self._now(cancelled, ask.language)

    async def check_in(self, ask: Ask[b.CheckIn]) -> s.IssuedTicket:
        found = await self._house.rooms.bookings.find(ask.path["token"])
        if found is None:
            raise Refused("unknown_booking")
        demand(ask.who.bounds, of_service(self._house.hall, found.service))
        ticket = await Arrivals(self._house).check_in(
            found, actor(ask.who), language=ask.body.language or "",
            priority=ask.body.priority or "",
        )  # fmt: skip
        entries = await self._house.desk.read(ticket.id - 1, 1)
        return outcomes.issued(View(self._house, ask.language), entries)

    async def _found(self, token: str) -> Booking:
        found = await self._house.rooms.bookings.of_token(token)
        if found is None:
            raise Refused("unknown_booking")
        return found

    def _now(self, found: Booking, language: str) -> b.BookingNow:
        view, section = View(self._house, language), self._house.config.booking
        opens, closes = window(found.begins, found.ends, section, self._reception.hours)
        service = self._house.catalogue.named.services.get(found.service)
        return b.BookingNow(
            token=found.token,
            code=spelled(found.code),
            service=found.service,
            service_name=service.name.of(language) if service else found.service,
            agency=found.agency,
            state=found.state,
            day=found.key.day,
            start=_clock(found.key.start),
            starts_at=view.at(found.begins),
            ends_at=view.at(found.ends),
            check_in_from=view.at(opens),
            check_in_until=view.at(closes),
            changes=found.changes,
            ticket=found.ticket or None,
            reason=found.reason or None,
            url=f"{self._house.url}/booking/{found.token}",
            package=found.package or None,
        )


def _session(view: View, slot: Slot) -> b.SessionNow:
    one = slot.session
    return b.SessionNow(
        one.key.day, _clock(one.key.start), view.at(one.begins), view.at(one.ends), one.quota,
        slot.free, slot.state,
    )  # fmt: skip


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(422, "invalid_input", errors=[FieldError("day", "YYYY-MM-DD")]) from None


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
