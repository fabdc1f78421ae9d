"""The floor: what supervisors do with tickets, intake and messages."""

from __future__ import annotations

from typing import Any

from ..core import commands as c
from ..core import events as e
from ..core.bounds import HALL, demand
from ..core.events import Entry
from ..core.model import Message
from ..core.plan import MINUTE
from ..core.refusals import Refusal
from ..floor.refusals import Refused
from ..house import House
from ..oversight import alarms
from ..reasoned import reason_of, submit
from ..tracking.guard import personal, tidy
from ..web.endpoint import Ask, Endpoint
from ..web.identity import DESK_READERS, STEWARDS, actor
from ..web.problems import Problem
from . import outcomes
from . import shapes as s
from .times import epoch
from .views import View

HERE = "/api/v1/floor/tickets/{ticket}"


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/floor`, `/api/v1/messages`, and a service's intake."""
    floor = Floor(house)
    intake = "/api/v1/services/{service}"
    return [
        _post(f"{HERE}/priorities", floor.reclass, s.Done, "Another priority class", s.Reclass,
              ("not_allowed",)),
        _post(f"{HERE}/moves", floor.move, s.Done, "Send a waiting ticket on", s.Move,
              ("not_allowed", "at_counter")),
        _post(f"{HERE}/cancellations", floor.cancel, s.Acted, "Take it out", s.Reasoned,
              ("not_allowed",)),
        _post(f"{HERE}/reinstatements", floor.reinstate, s.Acted, "Let it wait again", s.Reasoned,
              ("not_allowed",)),
        _post(f"{intake}/intake-closings", floor.close_intake, s.Done, "No more numbers today",
              s.Reasoned, ()),
        _post(f"{intake}/intake-openings", floor.open_intake, s.Done, "Numbers again", s.Reasoned,
              ()),
        Endpoint("GET", "/api/v1/floor/alarms", STEWARDS | {"integration"}, floor.alarms,
                 s.Listed[s.Warned], "What a supervisor has to see to, the worst first"),
        Endpoint("GET", "/api/v1/floor/favours", DESK_READERS, floor.favours,
                 s.Listed[s.OperatorFavours], "Services that operators see earlier"),
        _post("/api/v1/floor/favours", floor.favour, s.Done,
              "What an operator's counter sees earlier", s.NewFavours, ()),
        Endpoint("GET", "/api/v1/messages", DESK_READERS, floor.messages, s.Listed[s.Said],
                 "What consoles and boards are told"),
        _post("/api/v1/messages", floor.post, s.Said, "Tell consoles or boards", s.NewMessage,
              ("until_past",)),
        _post("/api/v1/messages/{message}/removals", floor.take_down, s.Done, "Take it down",
              s.Empty, ()),
    ]  # fmt: skip


class Floor:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def reclass(self, ask: Ask[s.Reclass]) -> s.Done:
        command = c.ReclassTicket(
            by=actor(ask.who), ticket=_number(ask, "ticket"), priority=ask.body.priority or ""
        )
        return outcomes.done(self._view(ask), await self._submit(ask, command))

    async def move(self, ask: Ask[s.Move]) -> s.Done:
        command = c.MoveTicket(
            by=actor(ask.who), ticket=_number(ask, "ticket"), service=ask.body.service or "",
            to_counter=ask.body.counter or "",
        )  # fmt: skip
        return outcomes.done(self._view(ask), await self._submit(ask, command))

    async def cancel(self, ask: Ask[s.Reasoned]) -> s.Acted:
        command = c.CancelTicket(by=actor(ask.who), ticket=_number(ask, "ticket"))
        return await outcomes.acted(self._view(ask), await self._submit(ask, command))

    async def reinstate(self, ask: Ask[s.Reasoned]) -> s.Acted:
        command = c.ReinstateTicket(by=actor(ask.who), ticket=_number(ask, "ticket"))
        return await outcomes.acted(self._view(ask), await self._submit(ask, command))

    async def close_intake(self, ask: Ask[s.Reasoned]) -> s.Done:
        command = c.CloseIntake(by=actor(ask.who), service=ask.path["service"])
        return outcomes.done(self._view(ask), await self._submit(ask, command))

    async def open_intake(self, ask: Ask[s.Reasoned]) -> s.Done:
        command = c.OpenIntake(by=actor(ask.who), service=ask.path["service"])
        return outcomes.done(self._view(ask), await self._submit(ask, command))

    async def favours(self, ask: Ask[None]) -> s.Listed[s.OperatorFavours]:
        demand(ask.who.bounds, HALL)
        name = self._house.office.name_of
        return s.Listed([
            s.OperatorFavours(id, name(id), [s.Favour(x, ms // MINUTE) for x, ms in own.items()])
            for id, own in self._house.hall.favours.items()
        ])  # fmt: skip

    async def favour(self, ask: Ask[s.NewFavours]) -> s.Done:
        operator = ask.body.operator
        if not self._house.office.knows(operator):
            raise Refused("unknown_operator")
        favours = {one.service: one.minutes * MINUTE for one in ask.body.favours}
        command = c.FavourServices(by=actor(ask.who), operator=operator, favours=favours)
        return outcomes.done(self._view(ask), await self._submit(ask, command))

    async def messages(self, ask: Ask[None]) -> s.Listed[s.Said]:
        view = self._view(ask)
        return s.Listed([
            _said(view, one.id, one.at, one) for one in self._house.hall.messages.values()
        ])  # fmt: skip

    async def alarms(self, ask: Ask[None]) -> s.Listed[s.Warned]:
        view = self._view(ask)
        return s.Listed([
            s.Warned(
                one.alarm.kind, one.alarm.about, view.at_or_none(one.alarm.since),
                one.alarm.ticket or None, one.headline, one.remedy,
            )
            for one in alarms(self._house, ask.language, ask.who.bounds)
        ])  # fmt: skip

    async def post(self, ask: Ask[s.NewMessage]) -> s.Said:
        # Tidy first: what shows nothing must not hide a number, nor turn a board's line round.
        text, english = tidy(ask.body.text), tidy(ask.body.text_en)
        if personal(f"{text} {english}"):
            raise Refused("personal_text")
        command = c.PostMessage(
            by=actor(ask.who), text=text, to=ask.body.to,
            until=epoch(ask.body.until, "until"), text_en=english,
        )  # fmt: skip
        entry = (await self._submit(ask, command))[-1]
        assert isinstance(entry.event, e.MessagePosted)
        return _said(self._view(ask), entry.id, entry.at, entry.event)

    async def take_down(self, ask: Ask[s.Empty]) -> s.Done:
        command = c.TakeDownMessage(by=actor(ask.who), message=_number(ask, "message"))
        return outcomes.done(self._view(ask), await self._submit(ask, command))

    async def _submit(self, ask: Ask[Any], command: c.Command) -> tuple[Entry, ...]:
        reason = reason_of(ask.body.reason) if isinstance(ask.body, s.Reasoned) else ""
        return await submit(self._house, command, reason, ask.key, ask.digest)

    def _view(self, ask: Ask[Any]) -> View:
        return View(self._house, ask.language)


def _said(view: View, id: int, at: int, said: Message | e.MessagePosted) -> s.Said:
    until = view.at_or_none(said.until)
    return s.Said(id, said.text, said.text_en, said.to, view.at(at), until)


def _number(ask: Ask[Any], name: str) -> int:
    given = ask.path[name]
    if not (given.isascii() and given.isdecimal() and len(given) < 16):
        raise Refusal("unknown_ticket") if name == "ticket" else Problem(404, "not_found")
    return int(given)


def _post(
    path: str, handler: Any, answer: Any, summary: str, body: Any, refusals: tuple[str, ...]
) -> Endpoint:
    return Endpoint(
        "POST", path, STEWARDS, handler, answer, summary, body=body, status=201, refusals=refusals
    )
