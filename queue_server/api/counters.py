"""Counters: their state, and every act of an operator."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from ..core import commands as c
from ..core.bounds import covers, demand, of_counter
from ..core.events import Entry
from ..core.reasons import explain
from ..core.refusals import Refusal
from ..house import House
from ..tracking.refusals import Refused
from ..web.endpoint import Ask, Endpoint
from ..web.identity import DESK_READERS, STAFF, actor
from ..web.problems import Told
from . import outcomes
from . import shapes as s
from .tickets import visit_steps
from .times import epoch
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
    "no-shows": (c.MarkNoShow, "Nobody came"),
    "returns": (c.ReturnTicket, "Called in error: back to its place"),
}
SETTLED: dict[str, tuple[type[c.OfTicket], str]] = {
    "cancellations": (c.CancelTicket, "The citizen leaves"),
    "reinstatements": (c.ReinstateTicket, "A no-show or cancelled one waits again"),
    "resumptions": (c.ResumeTicket, "Back with the papers"),
}
"""Acts on the counter's tickets, wherever they are."""
MARKS: dict[str, tuple[type[c.AtCounter], str, tuple[str, ...]]] = {
    "alarms": (c.RaiseAlarm, "The emergency button", HELD),
    "alarm-clearances": (c.ClearAlarm, "The emergency is over", ()),
    "closing-denials": (c.DenyClosing, "No to a closing that was asked for", ("stewards_only",)),
}
"""Acts of a counter without anything to say."""


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/counters`."""
    counters = Counters(house)
    listed = s.Listed[s.CounterNow]
    turned = ("ticket_open", "not_allowed")
    return [
        Endpoint("GET", "/api/v1/counters", DESK_READERS, counters.all, listed, "All counters"),
        Endpoint("GET", HERE, DESK_READERS, counters.one, s.CounterNow, "A counter now"),
        Endpoint(
            "GET", f"{HERE}/reasons", DESK_READERS, counters.explain, s.Why,
            "Why one ticket goes before another", query=s.Pair,
        ),
        _post("openings", counters.open, s.Turned, "Open, or come back from a break", s.Empty,
              ("counter_held", "operator_elsewhere", "not_allowed")),
        _post("breaks", counters.pause, s.Turned, "Take a break", s.Pause,
              (*HELD, *turned, "until_past")),
        _post("closings", counters.close, s.Turned, "Close, or ask to", s.Closing,
              (*HELD, *turned, "until_past")),
        *[
            _post(path, counters.mark(kind), s.Done, summary, s.Empty, refusals)
            for path, (kind, summary, refusals) in MARKS.items()
        ],
        _post("helpers", counters.help, s.Done, "Ask for an interpreter or a companion",
              s.Helper, (*HELD, "counter_closed", "counter_on_break")),
        _post("services", counters.assign, s.Done, "Other services for the day", s.Services,
              ("stewards_only", "nobody_left")),
        _post("calls", counters.call, s.Called, "Call the next, or one", s.Next, CALLED),
        _post("recalls", counters.recall, s.Called, "Announce again", s.Seen,
              (*ACTED, "recall_limit", "recall_too_soon")),
        _post("skips", counters.skip, s.Called, "Not this one: look at the next", s.Seen,
              (*ACTED, "called_already", "nobody_waiting")),
        _post("quick-serves", counters.quick, s.Acted, "Served without a queue", s.QuickServe,
              (*HELD, "counter_closed", "counter_on_break")),
        _post("undos", counters.undo, s.Undone, "Take the last act back", s.Empty,
              (*HELD, "nothing_to_undo")),
        *[
            _post(path, counters.act(kind), s.Acted, summary, s.Seen, ACTED)
            for path, (kind, summary) in ACTS.items()
        ],
        *[
            _post(path, counters.settle(kind), s.Acted, summary, s.Seen,
                  (*HELD, "not_served_here", "not_allowed"))
            for path, (kind, summary) in SETTLED.items()
        ],
        _post("finishes", counters.finish, s.Acted, "Served", s.Finish, ACTED),
        _post("visits", counters.visit, s.Done, "The steps that are still to be done", s.Visit,
              ACTED),
        _post("parks", counters.park, s.Acted, "Interrupt, to be called back by hand", s.Park,
              ACTED),
        _post(
            "transfers", counters.transfer, s.Transferred, "Send on", s.Transfer,
            (*ACTED, "operator_away", "not_serving"),
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
        hall, bounds = self._house.hall, ask.who.bounds
        return s.Listed([
            view.counter(counter, who)
            for counter in hall.counters.values()
            if not bounds or covers(bounds, of_counter(hall, counter.id))
        ])  # fmt: skip

    async def one(self, ask: Ask[None]) -> s.CounterNow:
        name = ask.path["counter"]
        counter = self._house.hall.counters.get(name)
        if counter is None:
            raise Refusal("unknown_counter", counter=name)
        demand(ask.who.bounds, of_counter(self._house.hall, name))
        return View(self._house, ask.language).counter(counter, actor(ask.who))

    async def explain(self, ask: Ask[None]) -> s.Why:
        hall, name = self._house.hall, ask.path["counter"]
        if name not in hall.counters:
            raise Refusal("unknown_counter", counter=name)
        demand(ask.who.bounds, of_counter(hall, name))
        pair: s.Pair = ask.query
        reason = explain(hall, hall.counters[name], pair.first, pair.second)
        sentence = reason.sentence(ask.language)
        return s.Why(reason.code, reason.first, reason.second, sentence)

    async def open(self, ask: Ask[s.Empty]) -> s.Turned:
        return self._turned(ask, await self._submit(ask, c.OpenCounter))

    async def pause(self, ask: Ask[s.Pause]) -> s.Turned:
        reason, until = ask.body.reason or "", epoch(ask.body.until, "until")
        return self._turned(
            ask, await self._submit(ask, c.PauseCounter, reason=reason, until=until)
        )

    async def close(self, ask: Ask[s.Closing]) -> s.Turned:
        reason, reopens = ask.body.reason or "", epoch(ask.body.reopens_at, "reopens_at")
        entries = await self._submit(ask, c.CloseCounter, reason=reason, reopens=reopens)
        return self._turned(ask, entries)

    def _turned(self, ask: Ask[Any], entries: tuple[Entry, ...]) -> s.Turned:
        return outcomes.turned(self._view(ask), entries, ask.path["counter"])

    def mark(self, kind: type[c.AtCounter]) -> Callable[[Ask[s.Empty]], Awaitable[s.Done]]:
        async def mark(ask: Ask[s.Empty]) -> s.Done:
            return outcomes.done(self._view(ask), await self._submit(ask, kind))

        return mark

    async def help(self, ask: Ask[s.Helper]) -> s.Done:
        entries = await self._submit(ask, c.CallHelper, helper=ask.body.helper)
        return outcomes.done(self._view(ask), entries)

    async def assign(self, ask: Ask[s.Services]) -> s.Done:
        services = tuple(ask.body.services)
        entries = await self._submit(ask, c.AssignServices, services=services)
        return outcomes.done(self._view(ask), entries)

    async def call(self, ask: Ask[s.Next]) -> s.Called:
        try:
            entries = await self._submit(
                ask, c.CallNext, after=ask.body.after or 0, ticket=ask.body.ticket or 0,
                service=ask.body.service or "",
            )  # fmt: skip
        except Refusal as refusal:
            # In a path an unknown ticket is a 404; here it is a state that has passed.
            raise Told(refusal, 409) if refusal.code == "unknown_ticket" else refusal from None
        return await outcomes.called(self._view(ask), entries)

    async def recall(self, ask: Ask[s.Seen]) -> s.Called:
        entries = await self._submit(ask, c.Recall, ticket=ask.body.ticket)
        return await outcomes.called(self._view(ask), entries)

    async def skip(self, ask: Ask[s.Seen]) -> s.Called:
        entries = await self._submit(ask, c.SkipTicket, ticket=ask.body.ticket)
        return await outcomes.called(self._view(ask), entries)

    async def quick(self, ask: Ask[s.QuickServe]) -> s.Acted:
        entries = await self._submit(
            ask, c.QuickServe, service=ask.body.service, token=secrets.token_urlsafe(16),
            delivered=_delivered(ask.body.delivered),
        )  # fmt: skip
        return await outcomes.acted(self._view(ask), entries)

    async def undo(self, ask: Ask[s.Empty]) -> s.Undone:
        return await outcomes.undone(self._view(ask), await self._submit(ask, c.UndoAct))

    async def finish(self, ask: Ask[s.Finish]) -> s.Acted:
        delivered = _delivered(ask.body.delivered)
        entries = await self._submit(
            ask,
            c.FinishService,
            ticket=ask.body.ticket,
            delivered=delivered,
            ends_visit=ask.body.ends_visit,
        )
        return await outcomes.acted(self._view(ask), entries)

    async def visit(self, ask: Ask[s.Visit]) -> s.Done:
        """Of the ticket at the counter."""
        steps = visit_steps(ask.body.steps)
        entries = await self._settle(ask, c.PlanVisit, steps=steps)
        return outcomes.done(self._view(ask), entries)

    def settle(self, kind: type[c.OfTicket]) -> Callable[[Ask[s.Seen]], Awaitable[s.Acted]]:
        """An act on a ticket of the counter's, wherever it is."""

        async def settle(ask: Ask[s.Seen]) -> s.Acted:
            return await outcomes.acted(self._view(ask), await self._settle(ask, kind))

        return settle

    async def park(self, ask: Ask[s.Park]) -> s.Acted:
        reason = ask.body.reason or ""
        entries = await self._submit(ask, c.ParkTicket, ticket=ask.body.ticket, reason=reason)
        return await outcomes.acted(self._view(ask), entries)

    def act(self, kind: type[c.AtTicket]) -> Callable[[Ask[s.Seen]], Awaitable[s.Acted]]:
        async def act(ask: Ask[s.Seen]) -> s.Acted:
            entries = await self._submit(ask, kind, ticket=ask.body.ticket)
            return await outcomes.acted(self._view(ask), entries)

        return act

    async def transfer(self, ask: Ask[s.Transfer]) -> s.Acted:
        body = ask.body
        try:
            entries = await self._submit(
                ask, c.TransferTicket, ticket=body.ticket, service=body.service or "",
                to_counter=body.counter or "", to_agency=body.agency or "",
                to_operator=body.operator or "", afresh=not body.keep_arrival,
                finished=body.finish, delivered=_delivered(body.delivered),
            )  # fmt: skip
        except Refusal as refusal:
            here = ask.path["counter"] in self._house.hall.counters
            if refusal.code == "unknown_counter" and here:
                raise Told(refusal, 422, "counter") from None
            raise
        return await outcomes.acted(self._view(ask), entries)

    async def defer(self, ask: Ask[s.Deferral]) -> s.Acted:
        if ask.key not in self._house.hall.receipts:  # a retry gets its first answer
            self._check_missing(ask.body)
        entries = await self._submit(
            ask, c.DeferTicket, ticket=ask.body.ticket, missing=tuple(ask.body.missing),
            until=epoch(ask.body.until, "until"),
        )  # fmt: skip
        return await outcomes.acted(self._view(ask), entries)

    def _check_missing(self, body: s.Deferral) -> None:
        """Raises Refused: the service has no such requirement."""
        ticket = self._house.hall.tickets.get(body.ticket)
        known = self._house.catalogue.named.services
        if ticket is None or ticket.service not in known:
            return  # what there is not is the rules' to refuse
        count = len(known[ticket.service].requirements)
        for index in body.missing:
            if index >= count:
                raise Refused("unknown_requirement", number=index + 1, count=count)

    async def _settle(
        self, ask: Ask[Any], kind: type[c.OfTicket], **fields: Any
    ) -> tuple[Entry, ...]:
        command = kind(by=actor(ask.who), ticket=ask.body.ticket, at=ask.path["counter"], **fields)
        return await self._house.desk.submit(command, key=ask.key, digest=ask.digest)

    async def _submit(
        self, ask: Ask[Any], kind: type[c.AtCounter], **fields: Any
    ) -> tuple[Entry, ...]:
        command = kind(by=actor(ask.who), counter=ask.path["counter"], **fields)
        return await self._house.desk.submit(command, key=ask.key, digest=ask.digest)

    def _view(self, ask: Ask[Any]) -> View:
        return View(self._house, ask.language)


def _delivered(given: list[s.Delivery]) -> tuple[tuple[str, int], ...]:
    return tuple((one.service, one.quantity) for one in given)


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
