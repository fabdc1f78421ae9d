"""The kiosk's requests with codes: from the scanner on any screen, or typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.web.forms import read_form
from queue_server.web.identity import actor
from queue_server.web.throttle import Throttle

from . import kiosk_paper
from .kiosk import View
from .kiosk_check_in import Answer, Asked, Ready, Sorry, resolve, scan_of
from .kiosk_pages import Kiosk

GUESSES, GUESS_SECONDS = 20, 15
"""Wrong codes at once from one address, and seconds until there may be one more."""


def routes(house: House) -> list[Route]:
    """The address for codes."""
    kiosk = Kiosk(house)
    pages = CheckIn(kiosk)
    return [
        Route("/kiosk/check-in", kiosk.only_for_kiosks(pages.ask)),
        Route("/kiosk/check-in", kiosk.only_for_kiosks(pages.scanned), methods=["POST"]),
    ]


@dataclass(frozen=True)
class CheckIn:
    """The handlers, for one kiosk."""

    kiosk: Kiosk
    guesses: Throttle = field(default_factory=lambda: Throttle(GUESSES, GUESS_SECONDS))
    """Codes that nobody knows, by the address that they come from."""

    async def ask(self, request: Request) -> Response:
        """Asks for a code."""
        view = self.kiosk.view(request)
        return self.kiosk.screen(view, "kiosk_check_in", view.check_in())

    async def scanned(self, request: Request) -> Response:
        """A code from the scanner, from any screen, or from the keyboard. May be sent twice."""
        form = await read_form(request)
        view = self.kiosk.view(request, form)
        answer = await self._answer(request, form, view.visit.language)
        if isinstance(answer, Ready):
            paper = await self._paper_of(request, view, answer)
            path = f"/tickets/{quote(answer.token)}"
            visit = view.visit.without()  # whoever holds the code, it is not who was choosing
            return RedirectResponse(visit.link(path, came=answer.came, paper=paper), 303)
        return self.kiosk.screen(view, "kiosk_sorry", view.sorry(answer), 409)

    async def _paper_of(self, request: Request, view: View, answer: Ready) -> str:
        """A number that a code has just led to is printed where the hall proposes paper."""
        ticket = self.kiosk.house.hall.ticket_by_token(answer.token)
        identity = await self.kiosk.identity(request)
        if ticket is None or identity is None:
            return ""
        if not kiosk_paper.proposed_for(self.kiosk.house, view.visit, answer.came):
            return ""
        await kiosk_paper.order(self.kiosk.house, view.visit, ticket, identity.id)
        return "1"

    async def _answer(self, request: Request, form: dict[str, str], language: str) -> Answer:
        identity = await self.kiosk.identity(request)
        assert identity is not None, "only_for_kiosks has let it through"
        where = request.client.host if request.client else ""
        if self.guesses.take(where):
            return Sorry("often")
        scan = scan_of(form.get("code", ""))
        if scan is None:
            return Sorry("unknown")
        again = form.get("again") == "1"
        try:
            answer = await resolve(Asked(self.kiosk.house, scan, actor(identity), language, again))
        except Unavailable as reason:
            answer = Sorry("refused", reason.sentence(language))
        if not (isinstance(answer, Sorry) and answer.kind == "unknown"):
            self.guesses.give_back(where)
        return answer
