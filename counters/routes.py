"""The pages of the counters and what their forms do.

A form of a script (it accepts problem+json, not a page) is answered 204 with the journal's
version that shows its effect; any other is answered 303, back to the page.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from queue_server.core.bounds import demand, of_counter
from queue_server.core.refusals import Refusal
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.topics import topic_name
from queue_server.web.answers import prefers_page
from queue_server.web.forms import read_form
from queue_server.web.identity import STAFF, STEWARDS, Identity, actor
from queue_server.web.problems import Told, problem_of
from queue_server.web.visit import language_of, require

from . import deeds, kinds, questions, visit_pages
from .consoles import Consoles, may_see
from .deeds import Form
from .keyboard import by_code, keyboard
from .registering import register
from .topic import VERSION, floor_name
from .writing import write

BACKS = ("/counters", "/supervisor")
"""Pages, besides the console, that a form may come from."""

Handler = Callable[[Request], Awaitable[Response]]


def routes(house: House) -> list[BaseRoute]:
    """The routes of this surface."""
    pages = Pages(house)
    return [
        Route("/counters", pages.choose),
        Route("/counters/{counter}", pages.console),
        Route("/counters/{counter}/transfers", pages.transfer, methods=["GET"]),
        Route("/counters/{counter}/deferrals", pages.papers, methods=["GET"]),
        Route("/counters/{counter}/reasons", pages.why, methods=["GET"]),
        Route("/counters/{counter}/keys", pages.keys, methods=["GET"]),
        Route("/counters/{counter}/notes", pages.deed(kinds.NOTE.path), methods=["POST"]),
        *(
            Route(f"/counters/{{counter}}/{path}", pages.question(path), methods=["GET"])
            for path in questions.MAKE
        ),
        *visit_pages.routes(house),
        *(
            Route(f"/counters/{{counter}}/{path}", pages.deed(path), methods=["POST"])
            for path in deeds.MAKE
        ),
        Route("/supervisor", pages.supervise),
    ]


class Pages:
    """Every handler of the surface."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.consoles = Consoles(house)
        self.templates = house.front.templates

    async def choose(self, request: Request) -> Response:
        """GET /counters"""
        return self._chooser(request, await require(request, STAFF))

    async def console(self, request: Request) -> Response:
        """GET /counters/{counter}; with `?part=1` only what changes."""
        identity = await require(request, STAFF)
        return self._console(request, identity, request.path_params["counter"])

    async def transfer(self, request: Request) -> Response:
        """GET /counters/{counter}/transfers: where to; `?part=1` is the dialog's content."""
        return await self._asking(request, "transfer", self.consoles.transfer)

    async def papers(self, request: Request) -> Response:
        """GET /counters/{counter}/deferrals: what is missing; `?part=1` is the dialog's content."""
        return await self._asking(request, "papers", self.consoles.papers)

    def question(self, path: str) -> Handler:
        """GET /counters/{counter}/{path}: what an act asks; `?part=1` is the dialog's content."""

        async def handle(request: Request) -> Response:
            def make(counter: str, language: str) -> Struct | None:
                return self.consoles.question(path, counter, language)

            return await self._asking(request, "question", make)

        return handle

    async def why(self, request: Request) -> Response:
        """GET /counters/{counter}/reasons: the order explained, `ticket` against the head."""
        asked = request.query_params.get("ticket", "")
        ticket = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else 0

        def make(counter: str, language: str) -> Struct:
            return self.consoles.why(counter, ticket, language)

        return await self._asking(request, "order", make)

    async def keys(self, request: Request) -> Response:
        """GET /counters/{counter}/keys: every act and its keys."""
        return await self._asking(request, "keys", lambda counter, language: keyboard(counter))

    async def supervise(self, request: Request) -> Response:
        """GET /supervisor; with `?part=1` only what changes."""
        return self._floor(request, await require(request, STEWARDS))

    def deed(self, path: str) -> Handler:
        """POST /counters/{counter}/{path}"""

        async def handle(request: Request) -> Response:
            identity = await require(request, STAFF)
            values = await read_form(request)
            counter: str = request.path_params["counter"]
            if not self.consoles.known(counter):
                raise Refusal("unknown_counter", counter=counter)
            form = Form()
            try:
                form = deeds.read(values)
                if prefers_page(request) and deeds.asks_twice(path, form):
                    return self._confirm(request, path, counter, form)
                await self._do(identity, path, counter, form)
            except (Refusal, Unavailable) as reason:
                if not prefers_page(request):
                    raise
                return self._refused(request, identity, counter, form, reason)
            if prefers_page(request):
                return RedirectResponse(_back(counter, form), 303)
            return Response(status_code=204, headers={VERSION: str(self.house.hall.version)})

        return handle

    async def _do(self, identity: Identity, path: str, counter: str, form: Form) -> None:
        by = actor(identity)
        key, digest = deeds.keys(path, counter, form, by)
        if path == kinds.NOTE.path:
            await write(self.house, counter, form, by, key)
            return
        asked = deeds.command(path, counter, form, by)
        if path == kinds.REGISTER.path:
            await register(self.house, asked, counter, form.ticket, key)
        await self.house.desk.submit(asked, key=key, digest=digest)

    # Pages ------------------------------------------------------------------------------------

    async def _asking(
        self, request: Request, name: str, make: Callable[[str, str], Struct | None]
    ) -> Response:
        """The form that an act needs first, for the ticket at the counter: page or dialog."""
        identity = await require(request, STAFF)
        id, language = request.path_params["counter"], language_of(request)
        counter = self.house.hall.counters.get(id)
        if counter is None:
            raise Refusal("unknown_counter", counter=id)
        form = make(id, language) if may_see(self.house.hall, identity, counter) else None
        if form is None:
            raise Refusal("stale", now="")
        if "part" in request.query_params:
            values = {"t": form, "nonce": ""}
            return self._part(self.templates.fragment(f"counters/_{name}.html", language, **values))
        return self.templates.page(request, f"counters/{name}.html", t=form, nonce=_nonce())

    def _chooser(
        self, request: Request, identity: Identity, refusal: str = "", status: int = 200
    ) -> Response:
        search = request.query_params.get("q", "")[:100]
        return self.templates.page(
            request, "counters/choose.html", status, nonce=_nonce(), refusal=refusal, search=search,
            steward=identity.role in STEWARDS,
            ch=self.consoles.chooser(identity, language_of(request), search),
        )  # fmt: skip

    def _console(
        self, request: Request, identity: Identity, id: str, refusal: str = "", status: int = 200
    ) -> Response:
        counter, language = self.house.hall.counters.get(id), language_of(request)
        if counter is None:
            raise Refusal("unknown_counter", counter=id)
        demand(identity.bounds, of_counter(self.house.hall, id))
        if not may_see(self.house.hall, identity, counter):
            return self._not_yours(request, id)
        console = self.consoles.console(id, language)
        if "part" in request.query_params:
            values = {"c": console, "nonce": ""}
            return self._part(self.templates.fragment("counters/_console.html", language, **values))
        others = counter.operator not in ("", identity.id)
        return self.templates.page(
            request, "counters/console.html", status, c=console, nonce=_nonce(), refusal=refusal,
            steward=identity.role in STEWARDS, topic=topic_name(self.house, id, language),
            holder=self.consoles.holder(counter) if others else "",
            keys=msgspec.json.encode(by_code(self.house.config.console.keys)).decode(),
        )  # fmt: skip

    def _not_yours(self, request: Request, id: str) -> Response:
        counter = self.consoles.console(id, language_of(request))
        holder = self.consoles.holder(self.house.hall.counters[id])
        if not prefers_page(request):
            raise Told(Refusal("counter_held", counter=counter.name), 403)
        return self.templates.page(
            request, "counters/refused.html", 403, counter=counter, holder=holder
        )

    def _floor(
        self, request: Request, identity: Identity, refusal: str = "", status: int = 200
    ) -> Response:
        language, bounds = language_of(request), identity.bounds
        floor = self.consoles.floor(language, bounds)
        if "part" in request.query_params:
            values = {"f": floor, "nonce": ""}
            return self._part(self.templates.fragment("counters/_floor.html", language, **values))
        return self.templates.page(
            request, "counters/supervisor.html", status, f=floor, nonce=_nonce(), refusal=refusal,
            topic=topic_name(self.house, floor_name(bounds), language),
        )  # fmt: skip

    def _part(self, text: str) -> Response:
        return Response(text, media_type="text/html", headers={"Cache-Control": "no-store"})

    def _confirm(self, request: Request, path: str, counter: str, form: Form) -> Response:
        """Without a script, a dangerous act is asked for on a page of its own."""
        kind = next(kind for kind in kinds.KINDS.values() if kind.path == path)
        ticket = self.house.hall.tickets.get(form.ticket)
        label = kinds.N_("Panggil") if kind is kinds.CALL else kind.label
        place = self.consoles.console(counter, language_of(request))
        return self.templates.page(
            request, "counters/confirm.html", label=label, action=request.url.path, form=form,
            subject=ticket.number if ticket else place.name, back=_back(counter, form),
        )  # fmt: skip

    def _refused(
        self,
        request: Request,
        identity: Identity,
        counter: str,
        form: Form,
        reason: Refusal | Unavailable,
    ) -> Response:
        """The page that the form stood on, with the reason on it."""
        sentence, status = reason.sentence(language_of(request)), problem_of(reason).status
        if form.back == "/supervisor" and identity.role in STEWARDS:
            return self._floor(request, identity, sentence, status)
        hall = self.house.hall
        if form.back or not may_see(hall, identity, hall.counters[counter]):
            return self._chooser(request, identity, sentence, status)
        return self._console(request, identity, counter, sentence, status)


def _back(counter: str, form: Form) -> str:
    return form.back if form.back in BACKS else f"/counters/{counter}"


def _nonce() -> str:
    """Names what is pressed on this page: pressed twice, it is still one act."""
    return secrets.token_hex(16)
