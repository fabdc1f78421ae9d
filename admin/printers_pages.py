"""Printers: how each is, what waits and what failed; try again, take back, print once more."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.core.bounds import demand, of_ticket
from queue_server.house import House
from queue_server.web.forms import read_form
from queue_server.web.identity import STAFF
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of, require

from .printers import PrintersPage, find, papers, rows
from .sections import sections_of

PATH = "/admin/printers"
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


def routes(house: House) -> list[Route]:
    """The section's addresses."""
    pages = Printers(house)
    return [
        Route(PATH, pages.page, methods=["GET"]),
        Route(f"{PATH}/prints", pages.print, methods=["POST"]),
        Route(f"{PATH}/tests", pages.test, methods=["POST"]),
        Route(f"{PATH}/looks", pages.look, methods=["POST"]),
        Route(f"{PATH}/jobs/{{job:int}}/retries", pages.retry, methods=["POST"]),
        Route(f"{PATH}/jobs/{{job:int}}/cancellations", pages.cancel, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Printers:
    """The handlers, for one house."""

    house: House

    async def page(self, request: Request) -> Response:
        await require(request, STAFF)
        return await self._shown(request)

    async def print(self, request: Request) -> Response:
        """A ticket's paper once more, by its number."""
        identity = await require(request, STAFF)
        form = await read_form(request)
        printer, nonce = self._printer(form), self._nonce(form)
        ticket = find(self.house.hall, form.get("number", ""))
        if ticket is None:
            return await self._shown(request, 422, refused=form.get("number", "").strip()[:20])
        demand(identity.bounds, of_ticket(self.house.hall, ticket))
        await self.house.rooms.printing.print_ticket(
            ticket, printer, key=f"staff:{nonce}", by=identity.id
        )
        return RedirectResponse(PATH, 303)

    async def test(self, request: Request) -> Response:
        """A paper that shows that a printer prints."""
        identity = await require(request, STAFF)
        form = await read_form(request)
        key = f"test:{self._nonce(form)}:{self._printer(form)}"
        await self.house.rooms.printing.print_test(self._printer(form), key=key, by=identity.id)
        return RedirectResponse(PATH, 303)

    async def look(self, request: Request) -> Response:
        """Ask a printer how it is, now."""
        await require(request, STAFF)
        self.house.rooms.printing.look(self._printer(await read_form(request)))
        return RedirectResponse(PATH, 303)

    async def retry(self, request: Request) -> Response:
        await require(request, STAFF)
        await self.house.rooms.printing.retry(request.path_params["job"])
        return RedirectResponse(PATH, 303)

    async def cancel(self, request: Request) -> Response:
        await require(request, STAFF)
        await self.house.rooms.printing.cancel(request.path_params["job"])
        return RedirectResponse(PATH, 303)

    async def _shown(self, request: Request, status: int = 200, refused: str = "") -> Response:
        identity = await require(request, STAFF)
        printing, language = self.house.rooms.printing, language_of(request)
        page = PrintersPage(
            rows=rows(printing, language),
            papers=papers(printing, await printing.latest(), language),
            nonce=secrets.token_urlsafe(16),
            refused=refused,
        )
        return self.house.front.templates.page(
            request, "admin/printers.html", status,
            sections=sections_of(identity), section=PATH, page=page,
        )  # fmt: skip

    def _printer(self, form: dict[str, str]) -> str:
        printer = form.get("printer", "")
        if printer not in self.house.rooms.printing.printers:
            raise Problem(422, "unknown_printer", printer=printer[:64])
        return printer

    def _nonce(self, form: dict[str, str]) -> str:
        nonce = form.get("nonce", "")
        return nonce if NONCE.fullmatch(nonce) else secrets.token_urlsafe(16)
