"""Random walks through the rules, and what must hold at every step of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.decide import decide, due
from queue_server.core.evolve import evolve
from queue_server.core.lifecycle import AT_COUNTER
from queue_server.core.model import Hall
from queue_server.core.plan import MINUTE, Plan, Policy, PriorityPlan
from queue_server.core.refusals import Refusal

from .story import ANN, BUDI, CHIEF, HOURS, MONDAY, PLAN, picture

OPEN = replace(PLAN, hours=replace(HOURS, always=True))
PLANS = (
    OPEN,
    replace(OPEN, priorities={"elder": PriorityPlan("elder", 2 * MINUTE)}),
    replace(OPEN, counters={k: v for k, v in OPEN.counters.items() if k != "3"}),
    replace(OPEN, services={k: v for k, v in OPEN.services.items() if k != "permit"}),
    replace(
        OPEN,
        priorities={"elder": PriorityPlan("elder", 2 * MINUTE), "few": PriorityPlan("few", 0, 3)},
        policy=Policy(order="strict", consecutive_priority_hall=3),
    ),
    replace(OPEN, policy=Policy(order="balance", consecutive_priority=1)),
)
KINDS = 21
Move = tuple[int, int, int, int]
"""(what, two choices, seconds that pass before)"""
moves = st.lists(
    st.tuples(st.integers(0, KINDS - 1), st.integers(0, 7), st.integers(0, 30), st.integers(0, 90)),
    max_size=60,
)


class Walk:
    """A hall that takes moves; refusals are steps that lead nowhere."""

    def __init__(self, plan: Plan = OPEN) -> None:
        self.hall, self.now, self.day = Hall(), MONDAY, 23
        self.entries: list[e.Entry] = []
        self.issued: set[str] = set()
        self.record(c.SYSTEM, [e.DayOpened("2026-11-23", plan)])

    def go(self, moves: Sequence[Move]) -> Walk:
        for move in moves:
            self.now += move[3] * 1000
            command = self.command(*move[:3])
            self.record(c.SYSTEM, due(self.hall, self.now))
            check(self.hall)
            assert not due(self.hall, self.now), "what is due happens once"
            before = picture(self.hall)
            try:
                events = decide(self.hall, command, self.now)
            except Refusal:
                events = []
            assert picture(self.hall) == before, "deciding changed the hall"
            self.record(command.by, events)
            check(self.hall)
        return self

    def command(self, what: int, one: int, two: int) -> c.Command:
        who = (ANN, BUDI, CHIEF, CHIEF)[two % 4]
        place = ("1", "2", "3", "none")[one % 4]
        tickets = [*self.hall.tickets, 0]
        ticket = tickets[two % len(tickets)]
        there = self.hall.counters.get(place)
        current = there.current if there and one < 6 else ticket
        if what < 4:
            priority = ("", "", "elder", "disabled")[two % 4]
            service = ("passport", "passport", "tax", "permit")[one % 4]
            return c.IssueTicket(service=service, token=f"t{len(self.entries)}", priority=priority)
        if what < 6:
            return c.CallNext(counter=place, after=current, by=who)
        if what == 6:
            return c.CallNext(counter=place, after=current, ticket=ticket, by=who)
        if what < 9:
            return c.OpenCounter(counter=place, by=who)
        if what == 9:
            act = (c.PauseCounter, c.CloseCounter)[two % 2]
            return act(counter=place, by=who)
        if what == 10:
            act = (c.CancelTicket, c.ReinstateTicket)[one % 2]
            return act(ticket=ticket)
        if what == 11 and two % 5 == 0:
            self.now += 24 * 60 * MINUTE
            self.day += 1
            return c.OpenDay(day=f"2026-11-{self.day}", plan=PLANS[one % 6])
        if what == 12:
            return c.ChangePlan(plan=PLANS[one % 6])
        if what == 13:
            to = {"service": "tax"} if two % 2 else {"to_counter": ("1", "2", "3")[two % 3]}
            return c.TransferTicket(counter=place, ticket=current, by=who, **to)
        if what == 14:
            kinds = (c.ConfirmPresence, c.PostponeTicket, c.RejoinTicket, c.ResumeTicket)
            return kinds[one % 4](ticket=ticket)
        if what == 15:
            until = self.now + one * 30_000 if two % 3 else 0
            return c.DeferTicket(counter=place, ticket=current, by=who, missing=(1,), until=until)
        if what == 16:
            late = self.now - one * 10_000 if two % 2 else 0
            until = self.now + two * 20_000 + 1 if one % 2 else 0
            return c.IssueTicket(
                service=("passport", "tax")[two % 2], token=f"t{len(self.entries)}",
                joined=late, remote=bool(one % 3), until=until,
            )  # fmt: skip
        if what == 20 and two % 2:
            favours = {("passport", "tax")[one % 2]: two * 2 * MINUTE % (62 * MINUTE)}
            return c.FavourServices(operator=("ann", "budi")[two % 3 % 2], favours=favours, by=who)
        if what == 20:
            to_operator = ("ann", "budi")[one % 2]
            return c.TransferTicket(counter=place, ticket=current, by=who, to_operator=to_operator)
        acts = (c.StartService, c.FinishService, c.MarkNoShow, c.ReturnTicket, c.ParkTicket)
        act = (c.StartService, c.StartService, c.Recall, *acts)[two % 8]
        return act(counter=place, ticket=current, by=who)

    def record(self, by: c.Actor, events: Sequence[e.AnyEvent]) -> None:
        for event in events:
            entry = e.Entry(self.hall.version + 1, self.now, by.id, event)
            evolve(self.hall, entry)
            self.entries.append(entry)
            if isinstance(event, e.DayOpened):
                self.issued.clear()
            if isinstance(event, e.TicketIssued):
                assert event.number not in self.issued, "a number twice in a day"
                self.issued.add(event.number)


def check(hall: Hall) -> None:
    """What must be true of a hall whatever happened before."""
    at = {counter.current: counter for counter in hall.counters.values() if counter.current}
    assert len(at) == sum(bool(counter.current) for counter in hall.counters.values())
    for ticket in hall.tickets.values():
        assert (ticket.id in at) == (ticket.status in AT_COUNTER)
        assert ticket.id not in at or at[ticket.id].id == ticket.counter
    assert all(counter.state == "open" for counter in at.values())
    standing: list[int] = []
    for name, line in hall.lines.items():
        for kind, ranks in line.classes.items():
            assert ranks, "no class is empty"
            assert all(one < two for one, two in pairwise(ranks))
            assert all(hall.tickets[id].joined == joined for joined, id in ranks)
            assert all(hall.kind(hall.tickets[id]) == kind for _, id in ranks)
        assert sorted(line.ids()) == sorted(hall.in_line(name))
        assert all(hall.tickets[ticket].line == name for ticket in line.ids())
        standing += line.ids()
    waiting = [t.id for t in hall.tickets.values() if t.status == "waiting" and not t.remote]
    assert sorted(standing) == sorted(waiting)
    for id, until in hall.deadlines.items():
        ticket = hall.tickets[id]
        assert ticket.until == until
        assert ticket.status == "pending" or (ticket.status == "waiting" and ticket.remote)
    for id in waiting:  # nobody waits where no counter or service is
        line = hall.tickets[id].line
        assert line in hall.plan.services or line[1:] in hall.counters
