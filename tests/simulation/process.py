"""A process of the hall: the real Desk and Hub over the simulated disk, until it is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AbstractContextManager, nullcontext
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from queue_server.core import commands as c
from queue_server.core.events import Entry
from queue_server.core.model import Hall
from queue_server.core.refusals import Refusal
from queue_server.desk import Desk
from queue_server.journal.log import Damaged, JournalError
from queue_server.live.hub import Hub
from queue_server.live.limits import Limits
from queue_server.order import KeyReused, Unavailable

from .disk import SimJournal
from .screens import TOPIC, Source

if TYPE_CHECKING:
    from .world import World

LIMITS = Limits(heartbeat_seconds=5.0, stalled_seconds=3.0)
LOST = "lost"
"""The client's end: no answer came."""
Answer = tuple[Entry, ...] | Exception | str


class Mutant:
    """The parts of a process, as they are; a mutant replaces one of them by a faulty one."""

    def journal(self, journal: SimJournal, life: Life) -> Any:
        return journal

    def desk(self, *parts: Any) -> Desk:
        return Desk(*parts)

    def source(self, *parts: Any) -> Source:
        return Source(*parts)

    def view(self, desk: Desk) -> Hall:
        """What readers are given."""
        return desk.hall

    def installed(self) -> AbstractContextManager[object]:
        """Around a run, for a fault in what is not handed in."""
        return nullcontext()


class Life:
    """A process: Desk and Hub, from the start to the kill."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.dice = Random(f"life {world.seed} {number}")
        self.disk_end = SimJournal(world.disk, self.dice, world.now)
        mutant = world.mutant
        self.desk = mutant.desk(mutant.journal(self.disk_end, self), world, world.plan, self.tell)
        source = mutant.source("simulated", self.view, world.now)
        self.hub = Hub(source, LIMITS, clock=world.loop.time)
        self.serving = self.dead = False
        self.tasks: list[asyncio.Task[Any]] = []
        self.pending: dict[asyncio.Future[Answer], None] = {}

    def view(self) -> Hall:
        return self.world.mutant.view(self.desk)

    async def run(self) -> None:
        try:
            await self.desk.start()
        except (JournalError, Damaged):
            self.world.crash(power=False)
            return
        if self.desk._task is not None:
            self.tasks.append(self.desk._task)
        self.serving = True
        self.world.trace("serving")

    def tell(self, hall: Hall, entries: Sequence[Entry]) -> None:
        if self.dead:
            return
        last = entries[-1]
        model = self.world.model
        model.hold("told when durable", last.id <= model.version, f"{last.id} of {model.version}")
        model.hold(
            "told the truth", model.bodies[last.id - 1] == msgspec.json.encode(last), last.id
        )
        model.hold("told whole", hall.version == last.id, f"{hall.version} with {last.id}")
        self.hub.touch([TOPIC])

    def handle(self, command: c.Command, key: str, body: str, dice: Random) -> asyncio.Future:
        """Carry a request out in a task of this process; the caller may go away."""
        answer: asyncio.Future[Answer] = self.world.loop.create_future()
        self.pending[answer] = None

        async def work() -> None:
            before = self.world.model.version
            outcome: Answer = LOST
            try:
                outcome = await self.desk.submit(command, key=key, digest=body)
            except (Refusal, Unavailable, KeyReused) as error:
                outcome = error
            finally:
                if not self.dead:
                    del self.pending[answer]
                    answer.set_result(outcome)
            self.world.answered(command, key, body, outcome, before)

        task = self.spawn(work())
        if dice.random() < 0.1:
            self.world.loop.call_later(dice.random() * 0.008, task.cancel)
        return answer

    def spawn(self, act: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = self.world.loop.create_task(act)
        self.tasks.append(task)
        task.add_done_callback(self.world.ended)
        return task

    def kill(self) -> None:
        """From now on nothing of this process has any effect."""
        self.dead, self.serving = True, False
        self.disk_end.die()
        for task in [*self.tasks, *([self.desk._task] if self.desk._task else [])]:
            task.cancel()
        for answer in self.pending:
            if not answer.done():
                answer.set_result(LOST)
