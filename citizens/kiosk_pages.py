"""The kiosk's requests. A form carries a key: the same key is the same ticket, however often."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from queue_server.core import commands as c
from queue_server.core.calendar import local
from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import KeyReused, Unavailable
from queue_server.web.forms import read_form
from queue_server.web.i18n import clock_text
from queue_server.web.identity import ISSUERS, Identity, actor, may, open_kiosk
from queue_server.web.visit import identity_of

from .kiosk import TicketScreen, View, Visit
from .pages import language_in, rendered, whole

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
CHANNEL = "kiosk:"
"""What the kiosk's keys start with in the journal: nobody else's can be the same."""

Handler = Callable[[Request], Awaitable[Response]]


def routes(house: House) -> list[Route]:
    """The kiosk's addresses."""
    kiosk = Kiosk(house)
    return [
        Route("/kiosk", kiosk.only_for_kiosks(kiosk.start)),
        Route("/kiosk/pulse", kiosk.pulse),
        Route("/kiosk/search", kiosk.only_for_kiosks(kiosk.search)),
        Route("/kiosk/agencies/{agency}", kiosk.only_for_kiosks(kiosk.agency)),
        Route("/kiosk/services/{service}", kiosk.only_for_kiosks(kiosk.service)),
        Route("/kiosk/tickets", kiosk.only_for_kiosks(kiosk.take), methods=["POST"]),
        Route("/kiosk/tickets", kiosk.back_to_start),
        Route("/kiosk/tickets/{token}", kiosk.only_for_kiosks(kiosk.ticket)),
    ]


@dataclass(frozen=True)
class Kiosk:
    """The handlers, for one house."""

    house: House

    def only_for_kiosks(self, handler: Handler) -> Handler:
        """An open kiosk is for everybody; else a kiosk's token or session is needed."""

        async def guarded(request: Request) -> Response:
            if await self._identity(request) is None:
                view = self._view(request)
                return self._screen(view, "kiosk_locked", view.trouble(""), 403)
            return await handler(request)

        return guarded

    async def start(self, request: Request) -> Response:
        view = self._view(request)
        return self._screen(view, "kiosk_start", view.start(whole(request, "page")))

    async def pulse(self, request: Request) -> Response:
        """A word that changes when the first screen does."""
        return PlainTextResponse(self._pulse())

    async def back_to_start(self, request: Request) -> Response:
        return RedirectResponse(self._view(request).visit.link(), 303)

    async def search(self, request: Request) -> Response:
        view = self._view(request)
        query = request.query_params.get("q", "")
        return self._screen(view, "kiosk_search", view.search(query, whole(request, "page")))

    async def agency(self, request: Request) -> Response:
        view = self._view(request)
        agency = self.house.catalogue.agencies.get(request.path_params["agency"])
        if agency is None:  # it has left the hall since the link was made
            return RedirectResponse(view.visit.link(), 303)
        return self._screen(view, "kiosk_agency", view.agency(agency, whole(request, "page")))

    async def service(self, request: Request) -> Response:
        """What to bring. The key is part of the address, so that "back" finds the same form."""
        view = self._view(request)
        service = self.house.catalogue.services.get(request.path_params["service"])
        if service is None:
            return RedirectResponse(view.visit.link(), 303)
        key = request.query_params.get("key", "")
        if not KEY.fullmatch(key):
            key = secrets.token_urlsafe(16)
            return RedirectResponse(view.visit.link(f"/services/{service.id}", key=key), 303)
        taken = self._taken(key)
        screen = view.service(service, key, taken.token if taken else "")
        return self._screen(view, "kiosk_service", screen)

    async def take(self, request: Request) -> Response:
        """Take a number: once for a key, also when the answer was lost on the way."""
        form = await read_form(request)
        view = self._view(request, form)
        service, key = form.get("service", ""), form.get("key", "")
        if not KEY.fullmatch(key):
            return RedirectResponse(view.visit.link(f"/services/{service}"), 303)
        priority = form.get("priority", "")
        identity = await self._identity(request)
        assert identity is not None, "only_for_kiosks has let it through"
        command = c.IssueTicket(
            service=service, token=secrets.token_urlsafe(16), priority=priority,
            language=view.visit.language, channel="kiosk", by=actor(identity),
        )  # fmt: skip
        try:
            await self.house.desk.submit(command, key=CHANNEL + key, digest=service)
        except Refusal as refusal:
            sentence = refusal.sentence(view.visit.language)
            return self._screen(view, "kiosk_trouble", view.trouble(sentence), 409)
        except Unavailable as reason:
            sentence = reason.sentence(view.visit.language)
            again = view.trouble(sentence, service, priority, key)
            return self._screen(view, "kiosk_trouble", again, 503)
        except KeyReused:
            pass  # the key's one ticket is shown, whatever was chosen since
        ticket = self._taken(key)
        return RedirectResponse(view.visit.link(f"/tickets/{ticket.token}" if ticket else ""), 303)

    async def ticket(self, request: Request) -> Response:
        """The number, huge, with its QR code."""
        view = self._view(request)
        ticket = self.house.hall.ticket_by_token(request.path_params["token"])
        if ticket is None:
            return RedirectResponse(view.visit.link(), 303)
        return self._screen(view, "kiosk_ticket", self._ticket_screen(view, ticket))

    def _ticket_screen(self, view: View, ticket: Ticket) -> TicketScreen:
        url = f"{self.house.url}/t/{ticket.token}"
        code = segno.make(url, error="m", micro=False)
        qr = code.svg_inline(omitsize=True, border=0, dark="#0e1f2f")
        return view.ticket(ticket, url, str(qr))

    def _taken(self, key: str) -> Ticket | None:
        receipt = self.house.hall.receipts.get(CHANNEL + key)
        return self.house.hall.tickets.get(receipt.first) if receipt else None

    async def _identity(self, request: Request) -> Identity | None:
        """Who may take numbers here; None: nobody who may."""
        identity = await identity_of(request)
        if may(identity, ISSUERS):
            return identity
        return open_kiosk("") if self.house.config.kiosk.open else None

    def _view(self, request: Request, form: dict[str, str] | None = None) -> View:
        asked = request.query_params if form is None else form
        languages = self.house.config.languages.pages
        language = language_in(self.house, asked.get("lang"))
        return View(
            hall=self.house.hall,
            catalogue=self.house.catalogue,
            name=self.house.config.hall.name,
            languages=languages,
            now=self.house.clock.now(),
            visit=Visit(language, asked.get("large") == "1", languages[0]),
        )

    def _screen(self, view: View, name: str, screen: object, status: int = 200) -> Response:
        now = local(view.now, view.hall.plan.hours)
        return rendered(
            self.house,
            f"{name}.html",
            view.visit.language,
            status,
            screen=screen,
            pulse=self._pulse(),
            clock_text=clock_text(now, view.visit.language),
            minutes=now.hour * 60 + now.minute,
            idle_seconds=self.house.config.kiosk.idle_seconds,
            ticket_seconds=self.house.config.kiosk.ticket_seconds,
        )

    def _pulse(self) -> str:
        opening = (
            View(
                self.house.hall, self.house.catalogue, "", ("id",), self.house.clock.now(), Visit()
            )
            .bar("")
            .opening
        )
        parts = (self.house.front.assets.build, self.house.catalogue.hash, opening.reason,
                 opening.until, opening.when, opening.day, opening.time)  # fmt: skip
        return "|".join(parts)
