"""Counters: their state, and every act of an operator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ..core import commands as c
from ..core.events import Entry
from ..core.refusals import Refusal
from ..house import House
from ..web.endpoint import Ask, Endpoint
from ..web.identity import DESK_READERS, STAFF, actor
from ..web.problems import FieldError, Problem, Told
from . import outcomes
from . import shapes as s
from .views import View

HERE = "/api/v1/counters/{counter}"
HELD = ("not_your_counter",)
ACTED = (*HELD, "stale", "not_allowed")
CALLED = (
    *HELD, "stale", "arrival_open", "nobody_waiting", "not_served_here", "not_allowed",
    "counter_closed", "counter_on_break", "unknown_ticket",
)  # fmt: skip
ACTS: dict[str, tuple[type[c.AtTicket], str]] = {
    "starts": (c.StartService, "The citizen is here"),
    "finishes": (c.FinishService, "Served"),
    "no-shows": (c.MarkNoShow, "Nobody came"),
    "returns": (c.ReturnTicket, "Called in error: back to its place"),
    "parks": (c.ParkTicket, "Interrupt, to be called back by hand"),
}
TURNS: dict[str, tuple[type[c.AtCounter], str, tuple[str, ...]]] = {
    "openings": (
        c.OpenCounter, "Open, or come back from a break",
        ("counter_held", "operator_elsewhere", "not_allowed"),
    ),
    "breaks": (c.PauseCounter, "Take a break", (*HELD, "ticket_open", "not_allowed")),
    "closings": (c.CloseCounter, "Close", (*HELD, "ticket_open", "not_allowed")),
}  # fmt: skip


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/counters`."""
    counters = Counters(house)
    listed = s.Listed[s.CounterNow]
    return [
        Endpoint("GET", "/api/v1/counters", DESK_READERS, counters.all, listed, "All counters"),
        Endpoint("GET", HERE, DESK_READERS, counters.one, s.CounterNow, "A counter now"),
        *[
            _post(path, counters.turn(kind), s.Turned, summary, s.Empty, refusals)
            for path, (kind, summary, refusals) in TURNS.items()
        ],
        _post("calls", counters.call, s.Called, "Call the next, or one", s.Next, CALLED),
        _post("recalls", counters.recall, s.Called, "Announce again", s.Seen, ACTED),
        *[
            _post(path, counters.act(kind), s.Acted, summary, s.Seen, ACTED)
            for path, (kind, summary) in ACTS.items()
        ],
        _post(
            "transfers", counters.transfer, s.Transferred, "Send on", s.Transfer, ACTED,
        ),
        _post(
            "deferrals", counters.defer, s.Acted, "Papers are missing: come back with them",
            s.Deferral, (*ACTED, "until_past"),
        ),
    ]  # fmt: skip


class Counters:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def all(self, ask: Ask[None]) -> s.Listed[s.CounterNow]:
        view, who = View(self._house, ask.language), actor(ask.who)
        counters = self._house.hall.counters.values()
        return s.Listed([view.counter(counter, who) for counter in counters])

    async def one(self, ask: Ask[None]) -> s.CounterNow:
        name = ask.path["counter"]
        counter = self._house.hall.counters.get(name)
        if counter is None:
            raise Refusal("unknown_counter", counter=name)
        return View(self._house, ask.language).counter(counter, actor(ask.who))

    def turn(self, kind: type[c.AtCounter]) -> Callable[[Ask[s.Empty]], Awaitable[s.Turned]]:
        async def turn(ask: Ask[s.Empty]) -> s.Turned:
            entries = await self._submit(ask, kind)
            return outcomes.turned(self._view(ask), entries, ask.path["counter"])

        return turn

    async def call(self, ask: Ask[s.Next]) -> s.Called:
        wanted = {"after": ask.body.after or 0, "ticket": ask.body.ticket or 0}
        try:
            entries = await self._submit(ask, c.CallNext, **wanted)
        except Refusal as refusal:
            # In a path an unknown ticket is a 404; here it is a state that has passed.
            raise Told(refusal, 409) if refusal.code == "unknown_ticket" else refusal from None
        return await outcomes.called(self._view(ask), entries)

    async def recall(self, ask: Ask[s.Seen]) -> s.Called:
        entries = await self._submit(ask, c.Recall, ticket=ask.body.ticket)
        return await outcomes.called(self._view(ask), entries)

    def act(self, kind: type[c.AtTicket]) -> Callable[[Ask[s.Seen]], Awaitable[s.Acted]]:
        async def act(ask: Ask[s.Seen]) -> s.Acted:
            entries = await self._submit(ask, kind, ticket=ask.body.ticket)
            return await outcomes.acted(self._view(ask), entries)

        return act

    async def transfer(self, ask: Ask[s.Transfer]) -> s.Acted:
        to, service = ask.body.counter or "", ask.body.service or ""
        try:
            entries = await self._submit(
                ask, c.TransferTicket, ticket=ask.body.ticket, service=service, to_counter=to
            )
        except Refusal as refusal:
            here = ask.path["counter"] in self._house.hall.counters
            if refusal.code == "unknown_counter" and here:
                raise Told(refusal, 422, "counter") from None
            raise
        return await outcomes.acted(self._view(ask), entries)

    async def defer(self, ask: Ask[s.Deferral]) -> s.Acted:
        until = ask.body.until
        if until is not None and until.tzinfo is None:
            raise Problem(422, "no_offset", errors=[FieldError("until", "…+07:00")])
        entries = await self._submit(
            ask, c.DeferTicket, ticket=ask.body.ticket, missing=tuple(ask.body.missing),
            until=int(until.timestamp() * 1000) if until else 0,
        )  # fmt: skip
        return await outcomes.acted(self._view(ask), entries)

    async def _submit(
        self, ask: Ask[Any], kind: type[c.AtCounter], **fields: int | str | tuple[int, ...]
    ) -> tuple[Entry, ...]:
        command = kind(by=actor(ask.who), counter=ask.path["counter"], **fields)
        return await self._house.desk.submit(command, key=ask.key, digest=ask.digest)

    def _view(self, ask: Ask[Any]) -> View:
        return View(self._house, ask.language)


def _post(
    path: str,
    handler: Callable[[Ask[Any]], Awaitable[object]],
    answer: type,
    summary: str,
    body: type[s.Input],
    refusals: tuple[str, ...],
) -> Endpoint:
    return Endpoint(
        "POST", f"{HERE}/{path}", STAFF, handler, answer, summary,
        body=body, status=201, refusals=refusals,
    )  # fmt: skip
