"""Numbers from afar: taken at home, counted from there, called once their holder is in the hall."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.arrivals import Arrivals
from queue_server.core.calendar import local
from queue_server.core.model import Ticket
from queue_server.core.plan import MINUTE
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import KeyReused, Unavailable
from queue_server.reception import Booker, Reception
from queue_server.web.forms import read_form
from queue_server.web.i18n import clock_text
from queue_server.web.problems import Problem, problem_of
from queue_server.web.throttle import Throttle
from queue_server.web.visit import language_of

from .booking import start_page
from .booking_pages import KEY, PRIVATE, throttle
from .device import device_of, known_as
from .offers import Offer, offer, worded
from .part import Part


class NowPage(Struct, frozen=True):
    """Take a number of a service. `key` makes it one only; "" when none can be taken now."""

    offer: Offer
    key: str
    minutes: int
    until: str
    bookable: bool
    said: str
    refused: bool


class Absent(Struct, frozen=True):
    """A number whose holder isn't here yet."""

    token: str
    number: str
    service: str


class HerePage(Struct, frozen=True):
    """The holder shows the hall's code. `code` is "" when it still has to be typed."""

    tickets: tuple[Absent, ...]
    code: str
    said: str


class Presence(Struct, frozen=True):
    """The part of a ticket's page. `until`: when it expires ("": with the day)."""

    token: str
    until: str


def routes(house: House, by_address: Throttle) -> list[Route]:
    """`/booking/now` and `/booking/here`."""
    pages = Remote(house, by_address)
    return [
        Route("/booking/now", pages.ask),
        Route("/booking/now", pages.take, methods=["POST"]),
        Route("/booking/here", pages.here),
        Route("/booking/here", pages.arrive, methods=["POST"]),
    ]


def guesses() -> Throttle:
    """Wrong presence codes for one number: five at once, one more a minute."""
    return Throttle(burst=5, seconds=60)


@dataclass(frozen=True)
class Remote:
    """The handlers, for one house."""

    house: House
    by_address: Throttle
    guesses: Throttle = field(default_factory=guesses)

    async def ask(self, request: Request) -> Response:
        """GET /booking/now: choose a service, or with `?service=` take a number for it."""
        service = request.query_params.get("service", "")
        if service:
            return self._now(request, service)
        reception = Reception(self.house)
        page = start_page(
            self.house.catalogue, language_of(request), reception.every_terms(), (),
            reception.hours, request.query_params.get("q", ""), "/booking/now",
        )  # fmt: skip
        return self.house.front.templates.page(request, "citizens/booking/start.html", page=page)

    async def take(self, request: Request) -> Response:
        """POST /booking/now: once for a form's key."""
        form = await read_form(request)
        service, key = form.get("service", ""), form.get("key", "")
        if not KEY.fullmatch(key):
            return RedirectResponse("/booking/now", 303)
        throttle(self.by_address, request)
        device, language = device_of(request) or secrets.token_urlsafe(16), language_of(request)
        try:
            ticket = await Arrivals(self.house).take_from_afar(
                service, Booker(device=device, language=language), key
            )
        except (Refusal, Unavailable) as reason:
            return self._now(request, service, reason)
        except KeyReused:  # the same form with another service: it has its number
            return RedirectResponse("/booking/now", 303)
        return known_as(device, request, RedirectResponse(f"/t/{ticket.token}", 303))

    async def here(self, request: Request) -> Response:
        """GET /booking/here: what the hall's QR code leads to."""
        return await self._here(request, request.query_params.get("code", "")[:32])

    async def arrive(self, request: Request) -> Response:
        """POST /booking/here: a ticket's holder shows the code."""
        form = await read_form(request)
        token, code = form.get("ticket", ""), form.get("code", "")
        ticket = self.house.hall.ticket_by_token(token)
        if ticket is None:
            raise Refusal("unknown_ticket")
        if wait := self.guesses.take(token):
            headers = {"Retry-After": str(wait)}
            raise Problem(429, "too_many_attempts", headers=headers, wait=wait)
        try:
            await Arrivals(self.house).confirm_presence(ticket, code)
        except (Refusal, Unavailable) as reason:
            return await self._here(request, "", reason, ticket)
        self.guesses.give_back(token)
        return RedirectResponse(f"/t/{token}", 303)

    def _now(
        self, request: Request, service: str, reason: Refusal | Unavailable | None = None
    ) -> Response:
        found, language = self.house.catalogue.services.get(service), language_of(request)
        if found is None:
            raise Problem(404, "unknown_service", service=service[:64])
        refused = reason is not None
        if reason is None:
            try:
                Arrivals(self.house).check_remote(service)
            except Refusal as refusal:
                reason = refusal
        section, hours = self.house.config.booking, self.house.hall.plan.hours
        until = local(self.house.clock.now() + section.remote_minutes * MINUTE, hours)
        page = NowPage(
            offer=offer(
                self.house.hall, self.house.catalogue, found, language, self.house.clock.now()
            ),
            key="" if reason else secrets.token_urlsafe(16),
            minutes=section.remote_minutes,
            until=clock_text(until, language),
            bookable=Reception(self.house).terms(service).open,
            said=self._said(reason, language),
            refused=refused,
        )
        status = problem_of(reason).status if reason and refused else 200
        return self.house.front.templates.page(
            request, "citizens/booking/now.html", status, page=page
        )

    def _said(self, reason: Refusal | Unavailable | None, language: str) -> str:
        if isinstance(reason, Refusal):
            return worded(reason, self.house.catalogue, language)
        return reason.sentence(language) if reason else ""

    async def _here(
        self, request: Request, code: str, reason: Refusal | Unavailable | None = None,
        ticket: Ticket | None = None,
    ) -> Response:  # fmt: skip
        """The numbers of this phone, or the one that was asked for, that miss their holder."""
        language, catalogue = language_of(request), self.house.catalogue
        absent = await Arrivals(self.house).absent(device_of(request))
        if ticket is not None:
            absent = [ticket]
        page = HerePage(
            tickets=tuple(
                Absent(
                    one.token, one.number, catalogue.named.services[one.service].name.of(language)
                )
                for one in absent
                if one.service in catalogue.named.services
            ),
            code=code,
            said=reason.sentence(language) if reason else "",
        )
        status = problem_of(reason).status if reason else 200
        return self.house.front.templates.page(
            request, "citizens/booking/here.html", status, PRIVATE, page=page
        )


async def phone_part(house: House, ticket: Ticket, language: str) -> Part | None:
    """The part of a ticket's page, while its holder isn't here."""
    if not ticket.remote or ticket.status != "waiting":
        return None
    hours = house.hall.plan.hours
    until = clock_text(local(ticket.until, hours), language) if ticket.until else ""
    return Part("citizens/_presence.html", Presence(ticket.token, until))
