"""Plays a script in a world: each kind of step, and a whole run."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.model import Step as VisitStep
from queue_server.core.plan import CounterPlan, Plan, Quota

from .disk import ROOMY
from .loop import VirtualLoop, run
from .model import DAY, Broken
from .process import Life, Mutant
from .script import STEPS, Step, script
from .world import PLAN, World

CHIEF = c.Actor("chief", steward=True)
WIB = 7 * 60 * 60_000
SMALL = {name: plan for name, plan in PLAN.counters.items() if name != "3"}
PLANS = (
    PLAN,
    replace(PLAN, counters=SMALL),
    replace(PLAN, counters={**PLAN.counters, "4": CounterPlan("4", "Loket 4", "hall", ("tax",))}),
    replace(PLAN, priorities={}),
    replace(
        PLAN,
        counters={
            **PLAN.counters,
            "1": replace(PLAN.counters["1"], classes=("elder",)),
            "2": replace(PLAN.counters["2"], favours={"tax": 1_500}),
        },
        policy=replace(PLAN.policy, order="strict", consecutive_priority_hall=3),
    ),
    replace(PLAN, policy=replace(PLAN.policy, order="balance", cooldown=4_000)),
    replace(
        PLAN,
        policy=replace(
            PLAN.policy,
            two_step=True,
            no_show_calls=1,
            no_show_wait=3_000,
            recalls=1,
            recall_pause=500,
            closing_approval=True,
        ),
    ),
    replace(PLAN, policy=replace(PLAN.policy, start_needed=False)),
    replace(
        PLAN,
        services={
            "passport": replace(
                PLAN.services["passport"], quota=9, quotas=(Quota(0, 720, 4), Quota(720, 1440, 2))
            ),
            "tax": replace(PLAN.services["tax"], last=3, week=(((0, 1439),),) * 7),
        },
        policy=replace(PLAN.policy, last_intake="pace"),
    ),
)


class Player:
    """The steps. Each gets dice of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.taken = 0

    def play(self, step: Step) -> None:
        self.world.trace(f"* {step.number} {step.act}")
        getattr(self, step.act)(Random(step.dice), step.number)

    def soon(self, command: c.Command, dice: Random, key: str = "") -> None:
        """Ask, with a key again and again; perhaps twice at once: an impatient finger."""
        world = self.world
        act = world.insist if key else world.ask
        for _ in range(2 if dice.random() < 0.15 else 1):
            own = Random(dice.getrandbits(32))
            world.loop.create_task(act(command, key, "same", own)).add_done_callback(world.ended)

    # Citizens -----------------------------------------------------------------------------

    def take(self, dice: Random, number: int) -> None:
        service = dice.choice(("passport", "passport", "tax"))
        priority = "elder" if dice.random() < 0.35 else ""
        if priority and not self.world.plan.priorities:
            priority = ""
        luck, now = dice.random(), self.world.now()
        steps: tuple[VisitStep, ...] = ()
        if 0.1 < luck < 0.25:
            other = "tax" if service == "passport" else "passport"
            steps = (VisitStep(service), VisitStep(other, (0,) if luck < 0.15 else ()))
        issue = c.IssueTicket(
            service=service, token=f"t{number}", priority=priority,
            joined=now - dice.randrange(3_000) if luck < 0.1 else 0,
            steps=steps, remote=luck > 0.8,
            until=now + dice.randrange(2_000, 60_000) if luck > 0.85 else 0,
        )  # fmt: skip
        self.soon(issue, dice, f"k{number}")

    def again(self, dice: Random, number: int) -> None:
        """A request that was answered long ago arrives again."""
        if self.world.answers:
            key = dice.choice(list(self.world.answers))
            self.soon(self.world.answers[key][0], dice, key)

    def other_body(self, dice: Random, number: int) -> None:
        """A key that was answered comes with another request."""
        if self.world.answers:
            key = dice.choice(list(self.world.answers))
            _, _, at = self.world.model.keys.get(key, (0, 0, 0))
            if self.world.now() - at < DAY // 2:
                issue = c.IssueTicket(service="tax", token=f"o{number}")
                act = self.world.ask(issue, key, "other", dice)
                self.world.loop.create_task(act).add_done_callback(self.world.ended)

    def leave(self, dice: Random, number: int) -> None:
        for ticket in self.tickets(dice, "waiting", "called", "parked", "pending"):
            self.soon(c.CancelTicket(ticket=ticket), dice)

    def come_back(self, dice: Random, number: int) -> None:
        for ticket in self.tickets(dice, "no_show", "cancelled"):
            kind = c.RejoinTicket if dice.random() < 0.4 else c.ReinstateTicket
            self.soon(kind(ticket=ticket), dice)

    def holder(self, dice: Random, number: int) -> None:
        """What holders do: arrive, let others pass, come back with papers."""
        kind = dice.choice((c.ConfirmPresence, c.ConfirmPresence, c.PostponeTicket, c.ResumeTicket))
        status = "pending" if kind is c.ResumeTicket else "waiting"
        for ticket in self.tickets(dice, status):
            self.soon(kind(ticket=ticket), dice, f"k{number}" if dice.random() < 0.3 else "")

    def tickets(self, dice: Random, *statuses: str) -> list[int]:
        """One at random, or none."""
        life = self.world.serving()
        found = (
            [t.id for t in life.desk.hall.tickets.values() if t.status in statuses] if life else []
        )
        return [dice.choice(found)] if found else []

    # Operators ----------------------------------------------------------------------------

    def operator(self, dice: Random, number: int) -> None:
        """Somebody looks at the screen of a counter and presses a key, by what is seen there."""
        life = self.world.serving()
        if life is None:
            return
        counters = list(life.desk.hall.counters.values())
        counter = counters[number % 3 % len(counters)] if number < 3 else dice.choice(counters)
        key = f"k{number}" if dice.random() < 0.3 else ""
        self.soon(self.press(life, counter.id, dice), dice, key)

    def press(self, life: Life, at: str, dice: Random) -> c.Command:
        hall = life.desk.hall
        counter, by = hall.counters[at], c.Actor(f"operator {at}")
        luck = dice.random()
        if counter.state != "open":
            return c.OpenCounter(counter=at, by=by)
        if 0.955 < luck <= 0.97:
            return c.UndoAct(counter=at, by=by)
        if luck > 0.97:  # a heavy hand: next, whatever is going on
            return c.CallNext(counter=at, after=counter.current, by=by)
        ticket = hall.tickets.get(counter.current)
        if ticket is None or (ticket.status == "serving" and luck < 0.5):
            if ticket is None and luck < 0.12:
                act = c.PauseCounter if luck < 0.06 else c.CloseCounter
                return act(counter=at, by=by)
            chosen = self.tickets(dice, "waiting", "parked", "pending") if 0.4 < luck < 0.48 else []
            if chosen:
                self.world.model.chosen[at, chosen[0]] = None
            after = counter.current
            return c.CallNext(counter=at, after=after, ticket=chosen[0] if chosen else 0, by=by)
        if ticket.status == "called" and not ticket.here and luck < 0.4:
            return c.SkipTicket(counter=at, ticket=ticket.id, by=by)
        if ticket.status == "called":
            acts = (*[c.StartService] * 5, c.Recall, c.Recall, c.MarkNoShow, c.ReturnTicket)
            return acts[int(luck * 9)](counter=at, ticket=ticket.id, by=by)
        if luck < 0.8:
            return c.FinishService(counter=at, ticket=ticket.id, by=by)
        if luck < 0.86:
            return c.ParkTicket(counter=at, ticket=ticket.id, by=by)
        if luck < 0.92:
            until = self.world.now() + dice.randrange(1_000, 60_000) if luck < 0.9 else 0
            return c.DeferTicket(counter=at, ticket=ticket.id, missing=(0,), until=until, by=by)
        ways = ({"service": "tax"}, {"to_counter": "2"}, {"to_agency": "revenue"},
                {"to_operator": "operator 2"}, {"service": "tax", "finished": True},
                {"service": "passport", "afresh": True})  # fmt: skip
        to = ways[int(luck * 1000) % len(ways)]
        return c.TransferTicket(counter=at, ticket=ticket.id, by=by, **to)

    def steward(self, dice: Random, number: int) -> None:
        at = dice.choice("123")
        services = dice.choice((("tax",), ("passport", "tax"), ()))
        chosen: list[c.Command] = [
            c.CloseCounter(counter=at, by=CHIEF),
            c.CloseCounter(counter=at, reopens=self.world.now() + dice.randrange(9_000), by=CHIEF),
            c.AssignServices(counter=at, services=services, by=CHIEF),
            c.DenyClosing(counter=at, by=CHIEF),
            c.FavourServices(
                operator=dice.choice(("operator 1", "operator 2")),
                favours={"tax": dice.choice((0, 1_500))},
                by=CHIEF,
            ),
            c.ReviewVisits(),
        ]
        for ticket in self.tickets(dice, "waiting", "parked", "pending"):
            to = dice.choice(({"service": "tax"}, {"to_counter": at}))
            priority = "elder" if self.world.plan.priorities else ""
            chosen += [
                c.PlanVisit(
                    ticket=ticket, steps=(VisitStep("tax"), VisitStep("passport")), by=CHIEF
                ),
                c.MoveTicket(ticket=ticket, by=CHIEF, **to),
                c.ReclassTicket(ticket=ticket, priority=priority, by=CHIEF),
            ]
        self.soon(dice.choice(chosen), dice)

    def plan(self, dice: Random, number: int) -> None:
        """Another catalogue, now and for the next start."""
        plan: Plan = dice.choice(PLANS)
        self.soon(c.ChangePlan(plan=plan, by=CHIEF), dice)
        self.world.plan = plan

    # Screens ------------------------------------------------------------------------------

    def stall(self, dice: Random, number: int) -> None:
        board = dice.choice(self.world.boards)
        board.stall()
        self.world.loop.call_later(dice.random() * 5, board.drain)

    def vanish(self, dice: Random, number: int) -> None:
        board = dice.choice(self.world.boards)
        board.wanted = False
        board.vanish()
        self.world.loop.call_later(dice.random() * 6, setattr, board, "wanted", True)

    # Trouble ------------------------------------------------------------------------------

    def crash(self, dice: Random, number: int) -> None:
        """At any await: after some hops of the loop, or some thousandths of a second."""
        power = dice.random() < 0.3
        self.world.loop.call_later(dice.random() * 0.012, self.hop, dice.randrange(6), power)

    def power_cut(self, dice: Random, number: int) -> None:
        self.world.loop.call_later(dice.random() * 0.012, self.hop, dice.randrange(6), True)

    def hop(self, hops: int, power: bool) -> None:
        if hops:
            self.world.loop.call_soon(self.hop, hops - 1, power)
        else:
            self.world.crash(power=power)

    def fault(self, name: str, dice: Random) -> None:
        if self.world.life is not None:
            self.world.life.disk_end.fault = name
            if dice.random() < 0.3:
                self.world.life.disk_end.sick = dice.randrange(1, 3)

    def unknown(self, dice: Random, number: int) -> None:
        self.fault("unknown", dice)

    def unsynced(self, dice: Random, number: int) -> None:
        """Written, not synced; and perhaps the power goes after the recovery."""
        self.fault("unsynced", dice)

    def written(self, dice: Random, number: int) -> None:
        self.fault("written", dice)

    def conflict(self, dice: Random, number: int) -> None:
        self.fault("conflict", dice)

    def full(self, dice: Random, number: int) -> None:
        """The disk fills up; somebody makes room later."""
        self.world.disk.room = dice.randrange(4)
        self.world.loop.call_later(1 + dice.random() * 3, setattr, self.world.disk, "room", ROOMY)

    def slow(self, dice: Random, number: int) -> None:
        if self.world.life is not None:
            end = self.world.life.disk_end
            end.slow = 0.4
            self.world.loop.call_later(dice.random() * 2, setattr, end, "slow", 0.0)

    def sick(self, dice: Random, number: int) -> None:
        """The next start fails, and that is soon."""
        if self.world.life is not None:
            self.world.crash(power=dice.random() < 0.5)
            self.world.boot()
            self.world.life.disk_end.sick = 1

    def clock(self, dice: Random, number: int) -> None:
        self.world.offset += dice.choice((-60_000, -5_000, -700, 700, 5_000, 60_000))

    def midnight(self, dice: Random, number: int) -> None:
        """The clock stands shortly before the hall's midnight."""
        now = self.world.now() + WIB
        self.world.offset += DAY - now % DAY - dice.randrange(1, 500)


@dataclass
class Result:
    """A run: what broke, if anything, and all that happened."""

    seed: int
    failure: str = ""
    trace: list[str] = field(default_factory=list)

    @property
    def claim(self) -> str:
        return self.failure.partition(":")[0]

    @property
    def hash(self) -> str:
        return hashlib.sha256("\n".join([*self.trace, self.failure]).encode()).hexdigest()


def simulate(
    seed: int, steps: Sequence[Step] | None = None, mutant: Mutant | None = None
) -> Result:
    """One run of a seed, or of some of its steps."""
    loop, mutant = VirtualLoop(), mutant or Mutant()
    result, loud = Result(seed), logging.root.manager.disable
    world: World | None = None

    async def main() -> None:
        nonlocal world
        world = World(seed, loop, mutant)
        result.trace = world.traced
        player = Player(world)
        for step in script(seed) if steps is None else steps:
            if step.at > loop.elapsed:
                await asyncio.sleep(step.at - loop.elapsed)
            world.look()
            player.play(step)
        await world.finish()

    logging.disable(logging.CRITICAL)
    try:
        with mutant.installed():
            run(main(), loop)
    except Exception as failure:
        first = (world and world.model.broken) or failure
        kind = "" if isinstance(first, Broken) else f"{type(first).__name__}: "
        result.failure = f"{kind}{first}"
    finally:
        logging.disable(loud)
    return result


def shrink(failed: Result, mutant: Mutant | None = None) -> tuple[list[Step], Result]:
    """Fewer steps that break the same claim: ever smaller pieces are left out."""
    steps, found, piece = script(failed.seed), failed, STEPS // 2
    while piece:
        for start in range(len(steps) - 1, -1, -piece):
            fewer = steps[: max(start - piece + 1, 0)] + steps[start + 1 :]
            result = simulate(failed.seed, fewer, mutant)
            if result.claim == failed.claim:
                steps, found = fewer, result
        piece //= 2
    return steps, found


def report(failed: Result, mutant: Mutant | None = None) -> str:
    """What a person needs to begin: the claim, the few steps, and how to see it all."""
    steps, found = shrink(failed, mutant)
    lines = [f"seed {failed.seed}: {found.failure}", *map(str, steps)]
    lines.append(f"replay: python -m tests.simulation --seed {failed.seed} --trace")
    return "\n".join(lines)
