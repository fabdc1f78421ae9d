"""The requests that plan the visit of whoever is at a counter."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.web.answers import prefers_page
from queue_server.web.forms import read_form
from queue_server.web.identity import STAFF, actor
from queue_server.web.visit import language_of, require

from . import visits
from .consoles import may_see
from .topic import VERSION


def routes(house: House) -> list[Route]:
    """The form, and what it sends."""
    pages = Visits(house)
    path = f"/counters/{{counter}}/{visits.PATH}"
    return [Route(path, pages.ask, methods=["GET"]), Route(path, pages.plan, methods=["POST"])]


@dataclass(frozen=True)
class Visits:
    """The handlers, for one house."""

    house: House

    async def ask(self, request: Request) -> Response:
        """What is still to be done; `?part=1` is the dialog's content."""
        identity = await require(request, STAFF)
        house, language = self.house, language_of(request)
        counter = house.hall.counters.get(request.path_params["counter"])
        if counter is None:
            raise Refusal("unknown_counter", counter=request.path_params["counter"])
        seen = may_see(house.hall, identity, counter)
        form = visits.planned(house.hall, house.catalogue, counter.id, language) if seen else None
        if form is None:
            raise Refusal("stale", now="")
        templates = house.front.templates
        if "part" in request.query_params:
            text = templates.fragment("counters/_visit.html", language, t=form, nonce="")
            headers = {"Cache-Control": "no-store"}
            return Response(text, media_type="text/html", headers=headers)
        return templates.page(request, "counters/visit.html", t=form, nonce=secrets.token_hex(16))

    async def plan(self, request: Request) -> Response:
        """The steps from now on. The same press again is the same act."""
        identity = await require(request, STAFF)
        counter: str = request.path_params["counter"]
        form, keep = visits.read(await read_form(request))
        by = actor(identity)
        said = f"{visits.PATH} {counter} {form.ticket} {form.add} {keep}"
        digest = hashlib.sha256(said.encode()).hexdigest()[:32]
        key = f"console {by.id} {form.nonce} {digest}" if form.nonce else ""
        asked = visits.command(self.house.hall, counter, form, keep, by)
        await self.house.desk.submit(asked, key=key, digest=digest)
        if prefers_page(request):
            return RedirectResponse(f"/counters/{counter}", 303)
        return Response(status_code=204, headers={VERSION: str(self.house.hall.version)})
