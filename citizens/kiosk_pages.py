"""The kiosk's requests. A form carries a key: the same key is the same ticket, however often."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import get_args

import msgspec
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

from . import kiosk_paper
from .aloud import Guide, readable
from .kiosk import View
from .kiosk_check_in import Came
from .kiosk_journey import wanted
from .kiosk_paper import PaperWay
from .kiosk_screens import TicketScreen
from .kiosk_visit import Visit, Ways
from .offers import worded
from .opening import opening
from .pages import language_in, rendered, whole

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
CHANNEL = "kiosk:"
"""What the kiosk's keys start with in the journal: nobody else's can be the same."""
PATIENT = 3
"""How many times as long a visit with a voice may take: hearing is slower than seeing."""

Handler = Callable[[Request], Awaitable[Response]]


def routes(house: House) -> list[Route]:
    """The kiosk's addresses."""
    kiosk = Kiosk(house)
    return [
        Route("/kiosk", kiosk.only_for_kiosks(kiosk.start)),
        Route("/kiosk/pulse", kiosk.pulse),
        Route("/kiosk/popular", kiosk.only_for_kiosks(kiosk.popular)),
        Route("/kiosk/search", kiosk.only_for_kiosks(kiosk.search)),
        Route("/kiosk/agencies/{agency}", kiosk.only_for_kiosks(kiosk.agency)),
        Route("/kiosk/services/{service}", kiosk.only_for_kiosks(kiosk.service)),
        Route("/kiosk/tickets", kiosk.only_for_kiosks(kiosk.take), methods=["POST"]),
        Route("/kiosk/tickets", kiosk.back_to_start),
        Route("/kiosk/tickets/{token}/paper", kiosk.only_for_kiosks(kiosk.paper)),
        Route(
            "/kiosk/tickets/{token}/prints", kiosk.only_for_kiosks(kiosk.print), methods=["POST"]
        ),
        Route("/kiosk/tickets/{token}", kiosk.only_for_kiosks(kiosk.ticket)),
    ]


@dataclass(frozen=True)
class Kiosk:
    """The handlers, for one house."""

    house: House

    def only_for_kiosks(self, handler: Handler) -> Handler:
        """An open kiosk is for everybody; else a kiosk's token or session is needed."""

        async def guarded(request: Request) -> Response:
            if await self.identity(request) is None:
                view = self.view(request)
                return self.screen(view, "kiosk_locked", view.trouble(""), 403)
            return await handler(request)

        return guarded

    async def start(self, request: Request) -> Response:
        view = self.view(request)
        group = request.query_params.get("group", "")
        return self.screen(view, "kiosk_start", view.start(whole(request, "page"), group))

    async def popular(self, request: Request) -> Response:
        """What is asked for most: the first door of spoken guidance."""
        view = self.view(request)
        return self.screen(view, "kiosk_agency", view.popular())

    async def pulse(self, request: Request) -> Response:
        """A word that changes when the first screen does."""
        return PlainTextResponse(self._pulse())

    async def back_to_start(self, request: Request) -> Response:
        return self.to(self.view(request))

    async def search(self, request: Request) -> Response:
        view = self.view(request)
        query = request.query_params.get("q", "")
        return self.screen(view, "kiosk_search", view.search(query, whole(request, "page")))

    async def agency(self, request: Request) -> Response:
        view = self.view(request)
        agency = self.house.catalogue.agencies.get(request.path_params["agency"])
        if agency is None:  # it has left the hall since the link was made
            return self.to(view)
        return self.screen(view, "kiosk_agency", view.agency(agency, whole(request, "page")))

    async def service(self, request: Request) -> Response:
        """What to bring. The key is part of the address, so that "back" finds the same form."""
        view = self.view(request)
        service = self.house.catalogue.services.get(request.path_params["service"])
        if service is None:
            return self.to(view)
        key = self.key_of(request.query_params)
        if not key:
            return self.to(view, f"/services/{service.id}", key=self.new_key())
        taken = self.taken(key)
        paper = kiosk_paper.choice(self.house, view.visit)
        screen = view.service(service, key, taken.token if taken else "", paper)
        return self.screen(view, "kiosk_service", screen)

    async def take(self, request: Request) -> Response:
        """Take a number: once for a key, also when the answer was lost on the way."""
        form = await read_form(request)
        view = self.view(request, form)
        key, wish = self.key_of(form), wanted(self.house.catalogue, view.visit, form)
        if wish is None:
            return self.to(view)
        if not key:
            return self.to(view, f"/services/{wish.service}")
        priority, paper = form.get("priority", ""), form.get("paper", "")
        identity = await self.identity(request)
        assert identity is not None, "only_for_kiosks has let it through"
        command = c.IssueTicket(
            service=wish.service, steps=wish.steps, token=secrets.token_urlsafe(16),
            priority=priority, language=view.visit.language, channel="kiosk",
            by=actor(identity),
        )  # fmt: skip
        try:
            await self.house.desk.submit(command, key=CHANNEL + key, digest=wish.said)
        except Refusal as refusal:
            sentence = worded(refusal, self.house.catalogue, view.visit.language)
            return self.screen(view, "kiosk_trouble", view.trouble(sentence), 409)
        except Unavailable as reason:
            sentence = reason.sentence(view.visit.language)
            again = view.trouble(sentence, form, key)
            return self.screen(view, "kiosk_trouble", again, 503)
        except KeyReused:
            pass  # the key's one ticket is shown, whatever was chosen since
        ticket = self.taken(key)
        if ticket is None:
            return self.to(view)
        return await self._on_to(view, ticket, identity, paper == "1")

    async def _on_to(self, view: View, ticket: Ticket, by: Identity, paper: bool) -> Response:
        """To the number, on paper too where that was chosen."""
        if paper:
            await kiosk_paper.order(self.house, view.visit, ticket, by.id)
        chosen = "1" if paper and view.visit.printer else ""
        visit = view.visit.without()  # what was put together has its number
        return RedirectResponse(visit.link(f"/tickets/{ticket.token}", paper=chosen), 303)

    async def print(self, request: Request) -> Response:
        """The paper that was not asked for before the number was taken."""
        view = self.view(request, await read_form(request))
        ticket = self.house.hall.ticket_by_token(request.path_params["token"])
        identity = await self.identity(request)
        if ticket is None or identity is None:
            return self.to(view)
        return await self._on_to(view, ticket, identity, paper=True)

    async def paper(self, request: Request) -> Response:
        """How far the paper is: a part of the ticket's screen."""
        view = self.view(request)
        ticket = self.house.hall.ticket_by_token(request.path_params["token"])
        way = await kiosk_paper.way(self.house, view.visit, ticket, False) if ticket else None
        if ticket is None or way is None:
            return PlainTextResponse("", 404)
        return rendered(
            self.house, "_kiosk_paper.html", view.visit.language,
            paper=way, token=ticket.token, visit=view.visit, said=self._said(view.visit),
        )  # fmt: skip

    async def ticket(self, request: Request) -> Response:
        """The number, huge, with its QR code."""
        view = self.view(request)
        ticket = self.house.hall.ticket_by_token(request.path_params["token"])
        if ticket is None:
            return self.to(view)
        asked = request.query_params.get("came", "")
        came: Came = next((one for one in get_args(Came) if one == asked), "")
        chosen = request.query_params.get("paper") == "1"
        paper = await kiosk_paper.way(self.house, view.visit, ticket, chosen)
        return self.screen(view, "kiosk_ticket", self._ticket_screen(view, ticket, came, paper))

    def _ticket_screen(
        self, view: View, ticket: Ticket, came: Came, paper: PaperWay | None
    ) -> TicketScreen:
        url = f"{self.house.url}/t/{ticket.token}"
        code = segno.make(url, error="m", micro=False)
        qr = code.svg_inline(omitsize=True, border=0, dark="#0e1f2f")
        return view.ticket(ticket, url, str(qr), came, paper)

    def to(self, view: View, path: str = "", **query: str) -> Response:
        """On to another screen of the visit."""
        return RedirectResponse(view.visit.link(path, **query), 303)

    def key_of(self, asked: Mapping[str, str]) -> str:
        """The form's key, or "" where it has none that could be one."""
        key = asked.get("key", "")
        return key if KEY.fullmatch(key) else ""

    def new_key(self) -> str:
        """For a form that has none yet."""
        return secrets.token_urlsafe(16)

    def taken(self, key: str) -> Ticket | None:
        receipt = self.house.hall.receipts.get(CHANNEL + key)
        return self.house.hall.tickets.get(receipt.first) if receipt else None

    async def identity(self, request: Request) -> Identity | None:
        """Who may take numbers here; None: nobody who may."""
        identity = await identity_of(request)
        if may(identity, ISSUERS):
            return identity
        return open_kiosk("") if self.house.config.kiosk.open else None

    def view(self, request: Request, form: dict[str, str] | None = None) -> View:
        asked = request.query_params if form is None else form
        house = self.house
        ways = Ways(
            house.config.languages.pages,
            readable(house),
            tuple(house.config.printers),
            house.catalogue.services,
        )
        visit = ways.visit(language_in(house, asked.get("lang")), asked)
        return View(
            hall=house.hall,
            catalogue=house.catalogue,
            name=house.config.hall.name,
            ways=ways,
            now=house.clock.now(),
            visit=visit,
        )

    def screen(self, view: View, name: str, screen: object, status: int = 200) -> Response:
        now = local(view.now, view.hall.plan.hours)
        visit, kiosk = view.visit, self.house.config.kiosk
        return rendered(
            self.house,
            f"{name}.html",
            visit.language,
            status,
            screen=screen,
            said=self._said(visit),
            pulse=self._pulse(),
            clock_text=clock_text(now, visit.language),
            minutes=now.hour * 60 + now.minute,
            idle_seconds=kiosk.idle_seconds * (PATIENT if visit.voice else 1),
            ticket_seconds=kiosk.ticket_seconds * (PATIENT if visit.voice else 1),
            keys=msgspec.json.encode(kiosk.keys).decode(),
        )

    def _said(self, visit: Visit) -> Guide:
        return Guide(self.house.voice if visit.voice else None, visit.language)

    def _pulse(self) -> str:
        hours = self.house.hall.plan.hours
        door = opening(self.house.clock.now(), hours, "id")
        parts = (self.house.front.assets.build, self.house.catalogue.hash, door.reason,
                 door.until, door.when, door.day, door.time)  # fmt: skip
        return "|".join(parts)
