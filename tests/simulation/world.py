"""The world around the Desk: processes that die, people who ask again, and what is checked."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import msgspec

from queue_server.core import commands as c
from queue_server.core.digest import digest
from queue_server.core.evolve import fold
from queue_server.core.plan import CounterPlan, Hours, Plan, Policy, PriorityPlan, ServicePlan
from queue_server.core.refusals import Refusal
from queue_server.journal.rows import from_rows
from queue_server.order import KeyReused, Unavailable

from .disk import RESERVE, ROOMY, Disk
from .loop import VirtualLoop
from .model import DAY, Model
from .process import LOST, Answer, Life, Mutant
from .screens import Board, summary

MONDAY = 1_795_399_200_000
"""2026-11-23 09:00 in Jakarta."""
AGE = 8_000
PLAN = Plan(
    services={
        "passport": ServicePlan("passport", "A", "immigration", "hall"),
        "tax": ServicePlan("tax", "B", "revenue", "hall"),
    },
    counters={
        "1": CounterPlan("1", "Loket 1", "hall", ("passport",)),
        "2": CounterPlan("2", "Loket 2", "hall", ("passport", "tax")),
        "3": CounterPlan("3", "Loket 3", "hall", ("tax",)),
    },
    priorities={"elder": PriorityPlan("elder", 2_000)},
    hours=Hours("Asia/Jakarta", always=True),
    policy=Policy(consecutive_priority=2, announce_age=AGE),
)
NO_OPS = (
    c.OpenCounter, c.PauseCounter, c.CloseCounter, c.ChangePlan, c.ConfirmPresence,
    c.AssignServices, c.DenyClosing, c.MoveTicket, c.ReclassTicket, c.ReviewVisits,
    c.FavourServices,
)  # fmt: skip
"""What may find that all is as it was wanted."""


class World:
    """Everything, at one seed. `now` is the wall clock, which jumps; the loop's time doesn't."""

    def __init__(self, seed: int, loop: VirtualLoop, mutant: Mutant) -> None:
        self.seed, self.loop, self.mutant = seed, loop, mutant
        self.traced: list[str] = []
        self.failure: BaseException | None = None
        self.model = Model()
        self.disk = Disk(self.model.synced)
        self.plan, self.offset = PLAN, 0
        self.lives = 0
        self.life: Life | None = None
        self.boards = [Board(name, self.model, self.now, self.trace) for name in ("left", "right")]
        self.answers: dict[str, tuple[c.Command, list[int]]] = {}
        self.asked: dict[str, int] = {}
        """The durable version at which a key was first asked with."""
        self.asking = 0
        self.seen = 0
        self.boot()

    def now(self) -> int:
        return MONDAY + self.offset + int(self.loop.elapsed * 1000)

    def trace(self, what: str) -> None:
        self.traced.append(f"{self.loop.elapsed:.4f} {what}")

    def boot(self) -> None:
        if self.life is None:
            self.lives += 1
            self.life = Life(self, self.lives)
            self.life.spawn(self.life.run())

    def crash(self, *, power: bool) -> None:
        """kill -9, or the plug pulled; somebody starts it again soon."""
        life, self.life = self.life, None
        if life is None:
            return
        self.trace("power cut" if power else "crash")
        life.kill()
        if power:
            self.disk.power_cut()
        for board in self.boards:
            board.vanish()
        self.loop.call_later(life.dice.random(), self.boot)

    def ended(self, task: asyncio.Task[Any]) -> None:
        """A task that fails fails the run."""
        if not task.cancelled() and task.exception() and self.failure is None:
            self.failure = task.exception()

    # People -------------------------------------------------------------------------------

    def serving(self) -> Life | None:
        return self.life if self.life is not None and self.life.serving else None

    async def ask(self, command: c.Command, key: str, body: str, dice: Random) -> Answer:
        """One request over the net: slow, perhaps without an answer."""
        await asyncio.sleep(dice.random() * 0.01)
        if key:
            self.asked.setdefault(key, self.model.version)
        life = self.serving()
        answer = await life.handle(command, key, body, dice) if life else LOST
        if answer == LOST:
            self.trace(f"{type(command).__name__} {key} is lost")
        await asyncio.sleep(dice.random() * 0.01)
        return answer

    async def insist(self, command: c.Command, key: str, body: str, dice: Random) -> None:
        """Until there is an answer: what a client with a key does."""
        self.asking += 1
        while True:
            answer = await self.ask(command, key, body, dice)
            if not isinstance(answer, Unavailable) and answer != LOST:
                break
            await asyncio.sleep(0.3 + 2 * dice.random())
        self.asking -= 1

    # Checks -------------------------------------------------------------------------------

    def answered(
        self, command: c.Command, key: str, body: str, outcome: Answer, before: int
    ) -> None:
        """What a process has just said is durable, true, and the same as it said before."""
        model = self.model
        self.trace(f"{type(command).__name__} {key} -> {said(outcome)}")
        if isinstance(outcome, KeyReused):
            model.hold("other body", body == "other", f"{key} is refused as another request's")
        if isinstance(outcome, Refusal):
            # A key is answered as it was the first time: the reason may be of that moment.
            first = self.asked.get(key, before)
            self.refused(command, outcome.code, range(min(first, before), model.version + 1))
        if not isinstance(outcome, tuple):
            return
        model.hold("other body", body != "other", f"{key} is answered to another request")
        for entry in outcome:
            model.hold("acknowledged", entry.id <= model.version, f"{entry.id} of {model.version}")
            model.hold(
                "acknowledged", model.bodies[entry.id - 1] == msgspec.json.encode(entry), entry.id
            )
        ids = [entry.id for entry in outcome]
        model.hold("answer", ids or isinstance(command, NO_OPS), f"nothing for {command}")
        if isinstance(command, c.CallNext):
            there = model.summaries[ids[0] - 1][0][command.counter]
            model.hold("double click", there == command.after, f"{there}, not {command.after}")
        if isinstance(command, c.IssueTicket):
            model.hold("answer", outcome[0].event.token == command.token, key)
        if key and ids:
            _, first = self.answers.get(key, (command, ids))
            apart = model.log[ids[0] - 1]["at"] - model.log[first[0] - 1]["at"]
            model.hold("same answer", first == ids or apart >= DAY, f"{key}: {first}, then {ids}")
            self.answers[key] = (command, ids)

    def refused(self, command: c.Command, code: str, versions: range) -> None:
        """There was a durable moment while it was asked at which the reason held."""
        now = [self.model.summaries[version] for version in versions]
        if code == "nobody_waiting" and isinstance(command, c.CallNext):
            self.model.hold("refused", any(not x[1].get(command.counter) for x in now), code)
        if code == "not_here":
            self.model.hold("not there", command.ticket, "next stops at somebody who is away")
        if code == "stale" and isinstance(command, c.CallNext):
            self.model.hold(
                "refused", any(x[0].get(command.counter) != command.after for x in now), code
            )

    def look(self) -> None:
        """A reader: a page, a console that reconnects."""
        for failure in (self.model.broken, self.failure):
            if failure is not None:
                raise failure
        life = self.serving()
        if life is None:
            return
        hall = life.view()
        idle = life.desk.ready and not life.disk_end.appending
        self.model.hold("current", not idle or hall.version == self.model.version, hall.version)
        self.model.hold(
            "readers", hall.version <= self.model.version, f"{hall.version} is not durable"
        )
        self.model.hold("versions", hall.version >= self.seen, f"{hall.version} after {self.seen}")
        self.seen = hall.version
        currents, _, tickets = self.model.summaries[hall.version]
        self.model.hold(
            "readers", summary(hall) == [currents, tickets], f"another hall at {hall.version}"
        )
        for board in self.boards:
            if board.wanted and board.connection is None and not life.hub.closed:
                board.connect(life.hub, AGE)

    async def finish(self) -> None:
        """Faults stop: everybody gets an answer, every screen is right, and the replay is too."""
        self.disk.room = max(self.disk.room, ROOMY)
        self.boot()
        for _ in range(60):
            if self.life is not None:
                end = self.life.disk_end
                end.fault, end.sick, end.slow = "", 0, 0.0
            for board in self.boards:
                board.wanted = True
                board.drain()
            await asyncio.sleep(1.0)
            self.look()
            life = self.serving()
            settled = life is not None and life.desk.ready and self.disk.reserve == RESERVE
            if settled and not self.asking and all(x.cursor == self.seen for x in self.boards):
                break
        life = self.serving()
        self.model.hold("liveness", life is not None and life.desk.ready, "the hall does not serve")
        late = self.model.overdue(self.model.log[-1]["at"])
        self.model.hold("in time", not late, f"{late} should have expired")
        self.model.hold("liveness", not self.asking, f"{self.asking} never get an answer")
        self.model.hold("liveness", self.disk.reserve == RESERVE, "the reserve is not kept again")
        self.model.hold(
            "liveness", all(x.cursor == self.seen for x in self.boards), "a screen is behind"
        )
        assert life is not None
        self.model.hold(
            "liveness", self.seen == self.model.version, f"{self.seen} of {self.model.version}"
        )
        replayed = fold(from_rows(self.disk.rows))
        self.model.hold("replay", digest(replayed) == digest(life.desk.hall), "another hall")
        await life.hub.close()
        await life.desk.close()
        self.look()


def said(outcome: Answer) -> str:
    if isinstance(outcome, tuple):
        return str([entry.id for entry in outcome])
    return getattr(outcome, "code", str(outcome) or type(outcome).__name__)
