"""An hour of a full hall, in a child process: everybody does everything, often twice.

The hall is MPP Lampung Selatan with 60 counters open; 800 people an hour come. The clock is the
script's: an hour passes in seconds. `python -m tests.desk.rush JOURNAL SEED` goes on from where the
journal ends and says so by a line for every minute.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.model import Counter, Hall, Step, Ticket
from queue_server.core.plan import MINUTE, Hours, Plan, Policy
from queue_server.core.refusals import Refusal
from queue_server.desk import Desk
from queue_server.journal.sqlite import SqliteJournal
from tests.core.story import CHIEF, MONDAY
from tests.hall import catalogue

HOUR = 60 * MINUTE
COUNTERS, PEOPLE = 60, 800
POLICY = Policy(
    consecutive_priority=2, recalls=3, recall_pause=2_000, no_show_calls=3, no_show_wait=90_000,
    cooldown=2 * MINUTE, undo=10_000,
)  # fmt: skip


def plan() -> Plan:
    """The mall's, always open."""
    return catalogue().plan(Hours(always=True), POLICY)


class Clock:
    """Moved by the script."""

    time = MONDAY

    def now(self) -> int:
        return self.time


class Rush:
    """The people of the hall; the dice decide who does what."""

    def __init__(self, desk: Desk, clock: Clock, seed: int) -> None:
        self.desk, self.clock, self.dice = desk, clock, Random(seed)
        self.counters = list(desk.plan.counters)[:COUNTERS]
        self.packages = [list(catalogue().visit(name)) for name in catalogue().packages]
        self.refused: dict[str, int] = {}

    @property
    def hall(self) -> Hall:
        return self.desk.hall

    async def hour(self) -> None:
        """Second by second until the hour is over; a line for every minute."""
        for counter in self.counters:
            await self.submit(c.OpenCounter(counter=counter, by=c.Actor("op" + counter)))
        minute = -1
        while self.clock.time < MONDAY + HOUR:
            self.clock.time += 1000
            acts = [self.citizen() for _ in range(self.dice.random() < PEOPLE / 3600)]
            acts += [self.operator() for _ in range(5)]
            if self.dice.random() < 0.12:
                acts.append(self.supervisor())
            twice = [act for act in acts for _ in range(1 + (self.dice.random() < 0.08))]
            await asyncio.gather(*(self.submit(act) for act in twice if act is not None))
            now = (self.clock.time - MONDAY) // MINUTE
            if now != minute:
                minute = now
                print(minute, self.hall.version, len(self.hall.tickets), flush=True)

    async def submit(self, command: c.Command) -> None:
        try:
            await self.desk.submit(command)
        except Refusal as refusal:
            self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1

    # Who does what ------------------------------------------------------------------------

    def citizen(self) -> c.Command:
        """Comes, from home or with a booking, for one thing or several; or does something."""
        dice, token = self.dice, f"t{self.dice.getrandbits(64):x}"
        services = self.desk.plan.counters[dice.choice(self.counters)].services
        priority = dice.choice(["", "", "", *self.desk.plan.priorities])
        luck = dice.random()
        if luck < 0.08:
            steps: list[Step] = dice.choice(self.packages)
            return c.IssueTicket(service=steps[0].service, token=token, steps=tuple(steps))
        issue = c.IssueTicket(service=dice.choice(services), token=token, priority=priority)
        if luck < 0.16:
            return replace(issue, remote=True, until=self.clock.time + 20 * MINUTE)
        if luck < 0.24:
            return replace(issue, joined=self.clock.time - dice.randrange(10 * MINUTE), booking="b")
        return issue

    def some(self, *statuses: str) -> int:
        """A ticket in one of these statuses, or 0."""
        found = [t.id for t in self.hall.tickets.values() if t.status in statuses]
        return self.dice.choice(found) if found else 0

    def operator(self) -> c.Command | None:
        counter = self.hall.counters[self.dice.choice(self.counters)]
        by = c.Actor("op" + counter.id)
        if counter.state != "open":
            return c.OpenCounter(counter=counter.id, by=by)
        current = self.hall.tickets.get(counter.current)
        if current is None:
            return self.idle(counter, by)
        busy = self.called if current.status == "called" else self.serving
        return busy(counter.id, current, by)

    def idle(self, counter: Counter, by: c.Actor) -> c.Command:
        luck = self.dice.random()
        if luck < 0.04:
            return c.PauseCounter(counter=counter.id, reason="sebentar", by=by)
        if luck < 0.06:
            reopens = self.clock.time + 3 * MINUTE
            return c.CloseCounter(counter=counter.id, reopens=reopens, by=by)
        if luck < 0.10:
            return c.UndoAct(counter=counter.id, by=by)
        if luck < 0.14:
            services = self.hall.place(counter.id).services
            token = f"q{self.dice.getrandbits(64):x}"
            service = self.dice.choice(services)
            return c.QuickServe(counter=counter.id, service=service, token=token, by=by)
        chosen = self.some("parked", "pending") if luck < 0.3 else 0
        return c.CallNext(counter=counter.id, after=0, ticket=chosen, by=by)

    def called(self, counter: str, ticket: Ticket, by: c.Actor) -> c.Command:
        acts: list[tuple[float, Callable[..., c.Command]]] = [
            (0.70, c.StartService), (0.84, c.Recall), (0.91, c.MarkNoShow), (0.94, c.ReturnTicket),
        ]  # fmt: skip
        luck = self.dice.random()
        for bound, act in acts:
            if luck < bound:
                return act(counter=counter, ticket=ticket.id, by=by)
        return c.CallNext(counter=counter, after=ticket.id, by=by)  # a heavy hand

    def serving(self, counter: str, ticket: Ticket, by: c.Actor) -> c.Command | None:
        luck, at = self.dice.random(), {"counter": counter, "ticket": ticket.id, "by": by}
        if luck < 0.80:  # it takes a while
            return None
        if luck < 0.90:
            return c.CallNext(counter=counter, after=ticket.id, by=by)
        if luck < 0.94:
            return c.FinishService(**at, delivered=((ticket.service, 2),) if luck < 0.92 else ())
        if luck < 0.955:
            return c.ParkTicket(**at, reason="fotokopi")
        if luck < 0.97:
            return c.DeferTicket(**at, missing=(0,), until=self.clock.time + 15 * MINUTE)
        if luck < 0.99:
            ways: list[dict[str, Any]] = [
                {"service": self.dice.choice(list(self.desk.plan.services)), "finished": True},
                {"to_counter": self.dice.choice(self.counters)},
                {"to_agency": self.desk.plan.services[ticket.service].agency, "afresh": True},
                {"to_operator": "op" + self.dice.choice(self.counters)},
            ]
            return c.TransferTicket(**at, **self.dice.choice(ways))
        return c.UndoAct(counter=counter, by=by)

    def supervisor(self) -> c.Command | None:
        counter, waiting = self.dice.choice(self.counters), self.some("waiting")
        services = self.hall.place(counter).services
        acts: list[c.Command | None] = [
            c.CloseCounter(counter=counter, by=CHIEF) if self.dice.random() < 0.3 else None,
            c.AssignServices(counter=counter, services=services[:2], by=CHIEF),
            c.AssignServices(counter=counter, by=CHIEF),
            c.RaiseAlarm(counter=counter, by=CHIEF),
            c.ClearAlarm(counter=counter, by=CHIEF),
            c.CloseIntake(service=self.dice.choice(services), by=CHIEF),
            *[c.OpenIntake(service=one, by=CHIEF) for one in list(self.hall.no_intake)[:2]],
            c.ReviewVisits(),
        ]
        if waiting:
            acts += [
                c.ReclassTicket(ticket=waiting, priority="lansia", by=CHIEF),
                c.MoveTicket(ticket=waiting, to_counter=counter, by=CHIEF),
                c.CancelTicket(ticket=waiting), c.PostponeTicket(ticket=waiting),
                c.ConfirmPresence(ticket=waiting), c.ConfirmPresence(ticket=waiting),
            ]  # fmt: skip
        for statuses, act in (
            (("no_show", "cancelled"), c.ReinstateTicket), (("no_show",), c.RejoinTicket),
            (("pending",), c.ResumeTicket),
        ):  # fmt: skip
            ticket = self.some(*statuses)
            acts.append(act(ticket=ticket) if ticket else None)
        return self.dice.choice(acts)


async def main(path: str, seed: int) -> None:
    """Go on to the end of the hour."""
    clock = Clock()
    desk = Desk(SqliteJournal(Path(path), reserve=0), clock, plan(), lambda *_: None)
    await desk.start()
    clock.time = max(clock.time, desk.hall.now)
    rush = Rush(desk, clock, seed)
    await rush.hour()
    await desk.close()
    print("refused", rush.refused, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
