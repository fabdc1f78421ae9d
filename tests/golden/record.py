"""Writes the golden journal of this release: `python -m tests.golden.record`.

Two days of a small hall, played through the real Desk into a real journal, until every kind of
event has happened and every field of each has said something. Until a release is out, its journal
may be written anew; afterwards never.
"""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.evolve import evolve
from queue_server.core.model import Hall, Step, Ticket
from queue_server.core.plan import MINUTE, Policy
from queue_server.desk import Desk
from queue_server.journal.rows import from_rows
from queue_server.journal.sqlite import SqliteJournal, read_only, walk
from tests.core.story import ANN, BUDI, CHIEF, PLAN, clock

from . import HERE, meaning

EVE = clock("2026-11-23 22:00")
FIRST = replace(
    PLAN,
    hours=replace(PLAN.hours, always=True),
    policy=Policy(
        consecutive_priority=2, no_show_calls=2, no_show_wait=2 * MINUTE, cooldown=3 * MINUTE,
        reroute_gain=MINUTE,
    ),
    reasons={"park": ("copies",), "break": ("prayer",), "close": ("archive",)},
    catalogue="golden",
)  # fmt: skip
SECOND = replace(FIRST, policy=replace(FIRST.policy, two_step=True, closing_approval=True))


class Evening:
    """A hall that is told what to do, a command every twenty seconds."""

    time = EVE

    def __init__(self, journal: SqliteJournal) -> None:
        self.desk = Desk(journal, self, FIRST, lambda *_: None)
        self.taken = 0

    def now(self) -> int:
        return self.time

    async def do(self, command: c.Command, seconds: int = 20, **more: str) -> int:
        """The id of its first entry; 0 when it led to none."""
        self.time += seconds * 1000
        entries = await self.desk.submit(command, **more)
        return entries[0].id if entries else 0

    async def take(self, service: str, **more: Any) -> int:
        self.taken += 1
        token = f"token{self.taken}"
        return await self.do(c.IssueTicket(service=service, token=token, **more))

    async def next(self, counter: str, by: c.Actor = ANN, ticket: int = 0) -> Ticket:
        """Whoever the counter has after it."""
        hall, after = self.desk.hall, self.desk.hall.counters[counter].current
        await self.do(c.CallNext(counter=counter, after=after, ticket=ticket, by=by))
        return hall.tickets[hall.counters[counter].current]

    async def act(
        self, act: type[c.AtTicket], counter: str = "2", by: c.Actor = ANN, **more: Any
    ) -> int:
        """On whomever the counter has; the ticket's id."""
        ticket = self.desk.hall.counters[counter].current
        await self.do(act(counter=counter, ticket=ticket, by=by, **more))
        return ticket

    async def serve(self, counter: str = "2", by: c.Actor = ANN, ticket: int = 0) -> Ticket:
        found = await self.next(counter, by, ticket)
        await self.act(c.StartService, counter, by)
        return found


async def story(hall: Evening) -> None:
    """All of it, in an order that people could do it in."""
    await hall.do(c.OpenCounter(counter="2", by=ANN))
    await hall.do(c.OpenCounter(counter="3", by=BUDI))
    await lines(hall)
    await counter(hall)
    await visits(hall)
    await floor(hall)
    await hall.desk.change_plan(SECOND)
    await two_steps(hall)
    await midnight(hall)


async def lines(hall: Evening) -> None:
    """What happens to those who wait."""
    for priority in ("", "elder", "", "disabled", "", ""):
        await hall.take("passport", priority=priority)
    key = {"key": "k-1", "digest": "d-1"}
    await hall.do(c.IssueTicket(service="tax", token="keyed", language="en"), **key)
    await hall.take("tax", joined=hall.time - 5 * MINUTE, booking="b-1", channel="booking")
    gone = await hall.take("tax", remote=True, until=hall.time + MINUTE)
    came = await hall.take("tax", remote=True, channel="phone")
    await hall.do(c.ConfirmPresence(ticket=came))
    await hall.do(c.PostponeTicket(ticket=came - 2))
    left = await hall.take("tax")
    await hall.do(c.CancelTicket(ticket=left))
    await hall.do(c.RejoinTicket(ticket=left))
    await hall.do(c.CancelTicket(ticket=left))
    await hall.do(c.ReinstateTicket(ticket=left))
    await hall.do(c.ReclassTicket(ticket=left, priority="elder", by=CHIEF))
    assert hall.desk.hall.tickets[gone].status == "expired"


async def counter(hall: Evening) -> None:
    """What an operator does with whom the counter has."""
    await hall.next("2")
    await hall.act(c.Recall)
    missed = await hall.act(c.MarkNoShow)
    await hall.do(c.ReinstateTicket(ticket=missed, by=CHIEF))
    await hall.do(c.ReviewVisits(), 4 * 60)  # its rest is over
    await hall.next("2")
    await hall.act(c.ReturnTicket)
    await hall.serve()
    await hall.act(c.FinishService, delivered=(("passport", 2), ("tax", 1)))
    await hall.serve()
    parked = await hall.act(c.ParkTicket, reason="copies")
    await hall.serve(ticket=parked)
    deferred = await hall.act(c.DeferTicket, missing=(0, 2), until=hall.time + 20 * MINUTE)
    await hall.do(c.ResumeTicket(ticket=deferred))
    await hall.serve()
    await hall.do(c.UndoAct(counter="2", by=ANN), 5)
    await hall.act(c.StartService)
    await hall.act(c.TransferTicket, service="permit", finished=True, delivered=(("tax", 3),))
    for way in ({"to_counter": "3"}, {"to_agency": "investment", "afresh": True}):
        await hall.serve()
        await hall.act(c.TransferTicket, **way)
    await hall.serve()
    await hall.act(c.TransferTicket, to_operator=BUDI.id)
    quick = c.QuickServe(counter="2", service="tax", token="q", delivered=(("tax", 2),), by=ANN)
    await hall.do(quick)


async def visits(hall: Evening) -> None:
    """Several services under one number."""
    steps = Step("passport"), Step("tax"), Step("permit", (0,))
    going = await hall.take("passport", steps=steps)
    await hall.serve(ticket=going)
    await hall.act(c.FinishService, delivered=(("passport", 4),))
    planned = await hall.take("permit")
    await hall.do(c.PlanVisit(ticket=planned, steps=(Step("permit"), Step("tax")), by=CHIEF))
    await hall.take("tax", steps=(Step("tax"), Step("permit")))
    for _ in range(4):
        await hall.take("permit", priority="disabled")
        await hall.take("tax", priority="disabled")
    await hall.do(c.CloseCounter(counter="3", by=BUDI))
    await hall.do(c.ReviewVisits())
    await hall.do(c.OpenCounter(counter="3", by=BUDI))


async def floor(hall: Evening) -> None:
    """Counters, and what is said to the hall."""
    await hall.do(c.RaiseAlarm(counter="2", by=ANN))
    await hall.do(c.ClearAlarm(counter="2", by=CHIEF))
    await hall.do(c.CallHelper(counter="2", helper="interpreter", by=ANN))
    await hall.do(c.AssignServices(counter="1", services=("tax",), by=CHIEF))
    await hall.do(c.FavourServices(operator=ANN.id, favours={"tax": 5 * MINUTE}, by=CHIEF))
    await hall.do(c.CloseIntake(service="permit", by=CHIEF))
    await hall.do(c.OpenIntake(service="permit", by=CHIEF))
    await hall.do(c.CloseIntake(service="tax", by=CHIEF))
    until = hall.time + 10 * MINUTE
    message = {"text": "Kunci ditemukan", "text_en": "Keys were found"}
    taken = await hall.do(c.PostMessage(**message, to="all", until=until, by=CHIEF))
    await hall.do(c.TakeDownMessage(message=taken, by=CHIEF))
    await hall.do(c.PostMessage(text="Rapat pukul 16", by=CHIEF))
    until = hall.time + 15 * MINUTE
    await hall.do(c.PauseCounter(counter="2", reason="prayer", until=until, by=ANN))
    await hall.do(c.OpenCounter(counter="2", by=ANN))
    reopens = hall.time + 2 * MINUTE
    await hall.do(c.CloseCounter(counter="2", reason="archive", reopens=reopens, by=ANN))
    await hall.do(c.ReviewVisits(), 3 * 60)  # it has opened by itself


async def two_steps(hall: Evening) -> None:
    """Looked at before called, and closed only with a supervisor's yes."""
    await hall.next("2")
    await hall.act(c.SkipTicket)
    await hall.act(c.Recall)
    await hall.act(c.StartService)
    await hall.act(c.FinishService)
    asked = c.CloseCounter(counter="2", reason="archive", reopens=hall.time + 60 * MINUTE, by=ANN)
    await hall.do(asked)
    await hall.do(c.DenyClosing(counter="2", by=CHIEF))
    await hall.do(asked)
    await hall.do(c.CloseCounter(counter="3", by=CHIEF))
    await hall.do(c.OpenCounter(counter="3", by=BUDI))


async def midnight(hall: Evening) -> None:
    """Somebody is called as the day ends; the next day knows of it, and goes on."""
    hall.time = clock("2026-11-23 23:58:30")
    await hall.serve()
    await hall.next("3", BUDI)
    await hall.act(c.Recall, "3", BUDI)
    await hall.take("passport")
    await hall.do(c.OpenCounter(counter="3", by=BUDI))
    await hall.take("permit", priority="elder")
    await hall.next("3", BUDI)


async def main() -> None:
    """The pair of this release, in place of what it had."""
    version = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text())["project"]["version"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        hall = Evening(SqliteJournal(path, reserve=0))
        await hall.desk.start()
        await story(hall)
        await hall.desk.close()
        db, now, lines = read_only(path), Hall(), []
        for entry in from_rows(walk(db)):
            evolve(now, entry)
            lines.append(f"{entry.id} {type(entry.event).__name__} {meaning(now)}\n")
        db.close()
        (HERE / f"{version}.db").write_bytes(path.read_bytes())
    (HERE / f"{version}.txt").write_text("".join(lines))


if __name__ == "__main__":
    asyncio.run(main())
