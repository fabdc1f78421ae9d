"""The requests of online queueing. A booking's token is its secret; no page needs a script."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.booking.ics import Event, calendar
from queue_server.booking.model import Booking
from queue_server.booking.refusals import Refused
from queue_server.booking.rules import Terms
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.reception import Booker, Reception
from queue_server.web.forms import read_form
from queue_server.web.problems import Problem, problem_of
from queue_server.web.throttle import Throttle
from queue_server.web.visit import language_of

from .booking import booking_page, start_page
from .booking_days import sessions_page
from .device import device_of, known_as

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}


def routes(house: House, by_address: Throttle) -> list[Route]:
    """`/booking`, its services and bookings; `booking` is a booking's token."""
    pages = BookingPages(house, by_address)
    one = "/booking/{booking}"
    return [
        Route("/booking", pages.start),
        Route("/booking/services/{service}", pages.sessions),
        Route("/booking/packages/{package}", pages.of_package),
        Route("/booking/holds", pages.hold, methods=["POST"]),
        Route("/booking/holds", pages.back_to_start),
        Route(one, pages.show),
        Route(f"{one}/confirmations", pages.confirm, methods=["POST"]),
        Route(f"{one}/confirmations", pages.back),
        Route(f"{one}/sessions", pages.other_sessions),
        Route(f"{one}/changes", pages.change, methods=["POST"]),
        Route(f"{one}/changes", pages.back),
        Route(f"{one}/cancellations", pages.cancel, methods=["POST"]),
        Route(f"{one}/cancellations", pages.back),
        Route(f"{one}/calendar.ics", pages.calendar),
    ]


@dataclass(frozen=True)
class BookingPages:
    """The handlers, for one house."""

    house: House
    by_address: Throttle
    reception: Reception = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reception", Reception(self.house))

    # Choosing -----------------------------------------------------------------------------

    async def start(self, request: Request) -> Response:
        """GET /booking: choose a service; `?service=` has chosen already."""
        chosen = request.query_params.get("service", "")
        if chosen in self.house.catalogue.services:
            return RedirectResponse(f"/booking/services/{chosen}", 303)
        mine = await self.reception.of_device(device_of(request))
        page = start_page(
            self.house.catalogue, language_of(request), self.reception.every_terms(), mine,
            self.reception.hours, request.query_params.get("q", ""), "/booking",
            self.reception.packages(),
        )  # fmt: skip
        return self.house.front.templates.page(request, "citizens/booking/start.html", page=page)

    async def sessions(self, request: Request) -> Response:
        """GET /booking/services/{service}: choose a day and a session."""
        return await self._sessions(request, self._terms(request.path_params["service"]))

    async def of_package(self, request: Request) -> Response:
        """GET /booking/packages/{package}: a session of its first service."""
        package: str = request.path_params["package"]
        return await self._sessions(request, self._first(package), package=package)

    async def hold(self, request: Request) -> Response:
        """POST /booking/holds: keep the place of a session; once for a form's key."""
        form = await read_form(request)
        package = form.get("package", "")
        terms = self._first(package) if package else self._terms(form.get("service", ""))
        key, day = form.get("key", ""), form.get("day", "")
        if not KEY.fullmatch(key):
            return RedirectResponse(_way(package, terms.service), 303)
        throttle(self.by_address, request)
        device = device_of(request) or secrets.token_urlsafe(16)
        booker = Booker(device=device, language=language_of(request))
        try:
            start = _minute(form.get("start", ""))
            held = await self.reception.hold(terms.service, day, start, booker, key, package)
        except (Refusal, Unavailable) as reason:
            return await self._sessions(
                request, terms, package=package, day=day, key=key, reason=reason
            )
        return known_as(device, request, RedirectResponse(f"/booking/{held.token}", 303))

    async def back_to_start(self, request: Request) -> Response:
        """A reload after a refusal."""
        return RedirectResponse("/booking", 303)

    # A booking ----------------------------------------------------------------------------

    async def show(self, request: Request) -> Response:
        """GET /booking/{booking}: the form while it is held, then the confirmation."""
        found = await self._found(request)
        return self._page(request, found) if found else self._lost(request)

    async def confirm(self, request: Request) -> Response:
        """POST …/confirmations: book what is held."""
        form, found = await read_form(request), await self._found(request)
        if found is None:
            return self._lost(request)
        typed, device = form.get("phone", "")[:32], device_of(request)
        try:
            await self.reception.confirm(found.token, Booker(typed, device, language_of(request)))
        except (Refusal, Unavailable) as reason:
            other = ""
            if reason.code == "already_booked":
                other = await self._in_the_way(device, found)
            elif reason.code == "hold_over":
                terms = self._terms(found.service)
                return await self._sessions(
                    request, terms, package=found.package, day=found.key.day, reason=reason
                )
            return self._page(request, found, reason=reason, typed=typed, other=other)
        return self._to(found)

    async def other_sessions(self, request: Request) -> Response:
        """GET …/sessions: choose another one."""
        found = await self._found(request)
        if found is None:
            return self._lost(request)
        return await self._sessions(request, self._terms(found.service), moving=found)

    async def change(self, request: Request) -> Response:
        """POST …/changes: move to another session."""
        form, found = await read_form(request), await self._found(request)
        if found is None:
            return self._lost(request)
        day = form.get("day", "")
        try:
            await self.reception.change(found.token, day, _minute(form.get("start", "")))
        except (Refusal, Unavailable) as reason:
            terms = self._terms(found.service)
            return await self._sessions(request, terms, day=day, moving=found, reason=reason)
        return self._to(found)

    async def cancel(self, request: Request) -> Response:
        """POST …/cancellations: give the place back; twice is once."""
        found = await self._found(request)
        if found is None:
            return self._lost(request)
        try:
            await self.house.rooms.bookings.cancel(found.token)
        except (Refusal, Unavailable) as reason:
            return self._page(request, found, reason=reason)
        if found.state == "held":
            return RedirectResponse(_way(found.package, found.service), 303)
        return self._to(found)

    async def back(self, request: Request) -> Response:
        """A reload after a refusal."""
        return RedirectResponse(f"/booking/{request.path_params['booking']}", 303)

    async def calendar(self, request: Request) -> Response:
        """GET …/calendar.ics. Raises Problem 404."""
        found = await self._found(request)
        if found is None or found.state in ("held", "dropped"):
            raise Problem(404, "not_found")
        language = language_of(request)
        page = booking_page(
            self.house.catalogue, language, found, self.house.config.booking,
            self.reception.hours, self.reception.now, url=self._url(found),
        )  # fmt: skip
        words = self.house.front.templates.fragment(
            "citizens/booking/calendar.txt", language, page=page
        )
        hall = self.house.config.hall
        host = urlsplit(self.house.url).hostname or "antrean"
        event = Event(
            uid=f"{found.opaque}-{found.code.lower()}@{host}",
            summary=f"{page.service}, {hall.name}", description=words.strip(),
            location=", ".join(filter(None, (hall.name, hall.place))),
            url=page.url, begins=found.begins, ends=found.ends, stamp=self.reception.now,
            sequence=found.changes, cancelled=found.state == "cancelled",
        )  # fmt: skip
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{found.code}.ics"'}
        return Response(
            calendar(event, language), headers=headers, media_type="text/calendar; charset=utf-8"
        )

    # What they share ----------------------------------------------------------------------

    def _terms(self, service: str) -> Terms:
        """Raises Problem 404: there is no such service."""
        if service not in self.house.catalogue.services:
            raise Problem(404, "unknown_service", service=service[:64])
        return self.reception.terms(service)

    def _first(self, package: str) -> Terms:
        """How a package is booked: as its first service. Raises Problem 404."""
        if package not in self.house.catalogue.packages:
            raise Problem(404, "not_found")
        return self.reception.terms(self.reception.first_of(package))

    async def _found(self, request: Request) -> Booking | None:
        return await self.house.rooms.bookings.of_token(request.path_params["booking"])

    async def _sessions(
        self, request: Request, terms: Terms, *, package: str = "", day: str = "", key: str = "",
        moving: Booking | None = None, reason: Refusal | Unavailable | None = None,
    ) -> Response:  # fmt: skip
        language = language_of(request)
        chosen = request.query_params.get("day") or day or (moving.key.day if moving else "")
        page = sessions_page(
            self.house.catalogue, language, terms, await self.reception.days(terms),
            chosen=chosen, key=key or secrets.token_urlsafe(16), package=package, moving=moving,
            said=reason.sentence(language) if reason else "",
        )  # fmt: skip
        return self.house.front.templates.page(
            request, "citizens/booking/sessions.html", _status(reason),
            PRIVATE if moving else None, page=page,
        )  # fmt: skip

    def _page(
        self, request: Request, found: Booking, *, reason: Refusal | Unavailable | None = None,
        typed: str = "", other: str = "",
    ) -> Response:  # fmt: skip
        language, url = language_of(request), self._url(found)
        code = segno.make(url, error="m", micro=False)
        ticket = self.house.hall.tickets.get(found.ticket)
        page = booking_page(
            self.house.catalogue, language, found, self.house.config.booking,
            self.reception.hours, self.reception.now, url=url,
            qr=str(code.svg_inline(omitsize=True, border=0, dark="#0e1f2f")),
            ticket=f"/t/{ticket.token}" if ticket else "", sends=self.reception.sends,
            said=reason.sentence(language) if reason else "", typed=typed, other=other,
        )  # fmt: skip
        name = "held" if found.state in ("held", "dropped") else "booking"
        return self.house.front.templates.page(
            request, f"citizens/booking/{name}.html", _status(reason), PRIVATE, page=page
        )

    def _lost(self, request: Request) -> Response:
        return self.house.front.templates.page(
            request, "citizens/booking/lost.html", 404, PRIVATE,
            sentence=Refused("unknown_booking").sentence(language_of(request)),
        )  # fmt: skip

    async def _in_the_way(self, device: str, held: Booking) -> str:
        """The page of this device's own booking for that day; a stranger's is nobody's business."""
        for one in await self.reception.of_device(device):
            if (one.service, one.key.day) == (held.service, held.key.day):
                return f"/booking/{one.token}"
        return ""

    def _url(self, found: Booking) -> str:
        return f"{self.house.url}/booking/{found.token}"

    def _to(self, found: Booking) -> Response:
        return RedirectResponse(f"/booking/{found.token}", 303)


def throttle(by_address: Throttle, request: Request) -> None:
    """Raises Problem 429 to an address that asks too often."""
    wait = by_address.take(request.client.host if request.client else "-")
    if wait:
        headers = {"Retry-After": str(wait)}
        raise Problem(429, "too_many_attempts", headers=headers, wait=wait)


def _way(package: str, service: str) -> str:
    """Where a session is chosen."""
    return f"/booking/packages/{package}" if package else f"/booking/services/{service}"


def _minute(text: str) -> int:
    """Minutes after midnight from a form; -1, which no session starts at, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def _status(reason: Refusal | Unavailable | None) -> int:
    return problem_of(reason).status if reason else 200
