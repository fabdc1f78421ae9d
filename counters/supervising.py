"""The supervisor's pages behind the board: a ticket, a counter, a line, messages; and their acts.

Each page works without a script. What an act is refused for stands on the page that it was asked
on, with what was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from queue_server.core.bounds import HALL, Site, covers, demand, of_counter, of_line, of_ticket
from queue_server.core.model import Ticket
from queue_server.core.refusals import Refusal
from queue_server.floor.naming import Naming
from queue_server.floor.past import Told, told
from queue_server.floor.stays import Times, past
from queue_server.house import House
from queue_server.order import Unavailable
from queue_server.oversight import naming
from queue_server.reasoned import reason_of, submit
from queue_server.web.answers import prefers_page
from queue_server.web.forms import read_form
from queue_server.web.identity import STAFF, STEWARDS, Identity, actor
from queue_server.web.problems import Problem, problem_of
from queue_server.web.visit import language_of, require

from . import floor_deeds as deeds
from .floor_deeds import DEEDS, USUAL, Form, Target
from .line_sheet import line_sheet
from .operator_sheet import operator_sheet, operators
from .post_sheet import post_sheet
from .ticket_sheet import ended, find, shorts, ticket_sheet
from .topic import VERSION
from .views import Words

HERE = "/supervisor"
ITEM = {
    "tickets": "ticket", "counters": "counter", "lines": "line", "messages": "message",
    "operators": "operator",
}  # fmt: skip
"""What an address is of -> the name of its parameter."""

TEMPLATES = {"tickets": "ticket", "counters": "post", "lines": "line", "operators": "operator"}
Handler = Callable[[Request], Awaitable[Response]]


def routes(house: House) -> list[BaseRoute]:
    """`/supervisor/…`."""
    pages = Pages(house)
    return [
        Route(f"{HERE}/tickets", pages.tickets, methods=["GET"]),
        Route(f"{HERE}/tickets/{{ticket}}", pages.show("tickets"), methods=["GET"]),
        Route(f"{HERE}/counters/{{counter}}", pages.show("counters"), methods=["GET"]),
        Route(f"{HERE}/lines/{{line}}", pages.show("lines"), methods=["GET"]),
        Route(f"{HERE}/messages", pages.show("messages"), methods=["GET"]),
        Route(f"{HERE}/operators", pages.operators, methods=["GET"]),
        Route(f"{HERE}/operators/{{operator}}", pages.show("operators"), methods=["GET"]),
        *(Route(_address(path), pages.deed(path), methods=["POST"]) for path in DEEDS),
        Route(f"{HERE}/displays/{{zone}}/dismissals", pages.dismiss, methods=["POST"]),
    ]


def _address(path: str) -> str:
    """`tickets/moves` -> /supervisor/tickets/{ticket}/moves."""
    of, _, act = path.partition("/")
    return f"{HERE}/{of}/{{{ITEM[of]}}}/{act}" if act else f"{HERE}/{of}"


class Pages:
    """Every handler."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def tickets(self, request: Request) -> Response:
        """GET /supervisor/tickets: those who can be let wait again, or a number (`?q=`)."""
        bounds = (await require(request, STEWARDS)).bounds
        typed, hall = request.query_params.get("q", "")[:20], self.house.hall
        every = find(hall, typed) if typed else ended(hall)
        found = [one for one in every if not bounds or covers(bounds, of_ticket(hall, one))]
        if typed and len(found) == 1:
            return RedirectResponse(f"{HERE}/tickets/{found[0].id}", 303)
        words = Words(hall, self.house.catalogue, self.house.clock.now(), language_of(request))
        return self._page(request, "tickets", 200, found=shorts(words, found), typed=typed)

    async def operators(self, request: Request) -> Response:
        """GET /supervisor/operators: who serves, where, and what they see earlier."""
        demand((await require(request, STEWARDS)).bounds, HALL)
        names = naming(self.house, language_of(request))
        users = [f"u{user.id}" for user in await self.house.office.users() if user.role in STAFF]
        found = operators(self.house.hall, names, users)
        return self._page(request, "operators", 200, found=found)

    def show(self, of: str) -> Handler:
        """GET: the page of a ticket, a counter, a line, or of the messages."""

        async def handle(request: Request) -> Response:
            identity = await require(request, STEWARDS)
            demand(identity.bounds, self._site(request, of))
            return await self._show(request, of, Form())

        return handle

    def deed(self, path: str) -> Handler:
        """POST: an act."""
        of = path.partition("/")[0]

        async def handle(request: Request) -> Response:
            identity = await require(request, STEWARDS)
            form = deeds.read(await read_form(request))
            demand(identity.bounds, self._site(request, of))
            try:
                await self._do(request, identity, path, form)
            except (Refusal, Unavailable) as reason:
                if not prefers_page(request) or problem_of(reason).status == 404:
                    raise
                said = reason.sentence(language_of(request))
                act = path.rpartition("/")[2]
                status = problem_of(reason).status
                return await self._show(request, of, form, act, said, status)
            if not prefers_page(request):
                return Response(status_code=204, headers={VERSION: str(self.house.hall.version)})
            here = request.url.path if path == "messages" else request.url.path.rpartition("/")[0]
            here = f"{HERE}/messages" if of == "messages" else here
            return RedirectResponse(HERE if form.back == HERE else f"{here}?saved=1", 303)

        return handle

    async def dismiss(self, request: Request) -> Response:
        """POST /supervisor/displays/{zone}/dismissals: the board was taken down on purpose."""
        identity = await require(request, STEWARDS)
        await read_form(request)
        demand(identity.bounds, Site((), {request.path_params["zone"]}))
        watch = self.house.rooms.floor.watch
        watch.forget(request.path_params["zone"])
        watch.tick()
        if prefers_page(request):
            return RedirectResponse(HERE, 303)
        return Response(status_code=204, headers={VERSION: str(self.house.hall.version)})

    def _site(self, request: Request, of: str) -> Site | None:
        """What a page is about; None: what there is for everybody, or for nobody."""
        hall, name = self.house.hall, str(request.path_params.get(ITEM[of], ""))
        if of == "tickets":
            ticket = hall.tickets.get(_number(name))
            return of_ticket(hall, ticket) if ticket else None
        if of == "counters":
            return of_counter(hall, name) if name in hall.counters else None
        if of == "operators":
            return HALL
        return of_line(hall, name) if of == "lines" and name in hall.lines else None

    # Acts -------------------------------------------------------------------------------------

    async def _do(self, request: Request, identity: Identity, path: str, form: Form) -> None:
        """Carry an act out; its reason is durable before it is."""
        deed, by = DEEDS[path], actor(identity)
        command = deed.make(self._target(request, path), form, by)
        reason = reason_of(form.reason, deed.why)
        key, digest = deeds.keys(request.url.path, form, by)
        await submit(self.house, command, reason, key, digest)

    def _target(self, request: Request, path: str) -> Target:
        of = path.partition("/")[0]
        name = str(request.path_params.get(ITEM[of], ""))
        if of == "operators" and not self.house.office.knows(name):
            raise Problem(404, "not_found")
        id = _number(name) if of in ("tickets", "messages") and name else 0
        return Target(id, name, self.house.clock.now())

    # Pages ------------------------------------------------------------------------------------

    async def _show(
        self, request: Request, of: str, form: Form, asked: str = "", refusal: str = "",
        status: int = 200,
    ) -> Response:  # fmt: skip
        """A page; `asked` is the act that was refused on it."""
        name = str(request.path_params.get(ITEM[of], ""))
        names = naming(self.house, language_of(request))
        make = {
            "tickets": self._ticket, "counters": self._counter, "lines": self._line,
            "messages": self._messages, "operators": self._operator,
        }[of]  # fmt: skip
        values = await make(request, name, names)
        template = TEMPLATES.get(of, of)
        return self._page(
            request, template, status, form=form, asked=asked, refusal=refusal, usual=USUAL,
            saved="saved" in request.query_params, **values,
        )  # fmt: skip

    async def _ticket(self, request: Request, name: str, names: Naming) -> dict[str, Any]:
        house = self.house
        ticket = house.hall.tickets.get(_number(name))
        if ticket is None:
            raise Refusal("unknown_ticket")
        against = request.query_params.get("against", "")[:20]
        history, times = await self._past(ticket, names)
        return {"t": ticket_sheet(
            house.hall, house.catalogue, names, ticket, house.clock.now(), history, times, against
        )}  # fmt: skip

    async def _past(self, ticket: Ticket, names: Naming) -> tuple[tuple[Told, ...], Times]:
        """A ticket's history with its reasons, and its times."""
        floor = self.house.rooms.floor
        day = await floor.archive.day(self.house.hall.day)
        rows = {row.id: row for row in day.rows if row.ticket == ticket.id}
        entries = await floor.archive.entries(rows)
        whys = await floor.reasons.of(entry.key for entry in entries if entry.key)
        lines = tuple(
            told(entry, names, why=whys.get(entry.key, ""), counter=rows[entry.id].counter)
            for entry in entries
        )
        return lines, past(entries).times

    async def _counter(self, request: Request, name: str, names: Naming) -> dict[str, Any]:
        house = self.house
        if name not in house.hall.counters:
            raise Refusal("unknown_counter", counter=name)
        return {"p": post_sheet(house.hall, house.catalogue, names, name, house.clock.now())}

    async def _operator(self, request: Request, name: str, names: Naming) -> dict[str, Any]:
        if not self.house.office.knows(name):
            raise Problem(404, "not_found")
        return {"o": operator_sheet(self.house.hall, self.house.catalogue, names, name)}

    async def _line(self, request: Request, name: str, names: Naming) -> dict[str, Any]:
        house = self.house
        if name not in house.hall.plan.services and name not in house.hall.lines:
            raise Problem(404, "not_found")
        return {"q": line_sheet(house.hall, house.catalogue, names, name, house.clock.now())}

    async def _messages(self, request: Request, name: str, names: Naming) -> dict[str, Any]:
        hall, now = self.house.hall, self.house.clock.now()
        words = Words(hall, self.house.catalogue, now, names.language)
        found = [m for m in reversed(hall.messages.values()) if not m.until or m.until > now]
        return {"messages": [(m, words.moment(m.at), words.moment(m.until)) for m in found]}

    def _page(self, request: Request, name: str, status: int, **values: Any) -> Response:
        return self.house.front.templates.page(
            request, f"counters/floor_{name}.html", status, nonce=secrets.token_hex(16), **values
        )


def _number(name: str) -> int:
    """An id in an address. Raises Refusal."""
    if not (name.isascii() and name.isdecimal() and len(name) < 16):
        raise Refusal("unknown_ticket")
    return int(name)
