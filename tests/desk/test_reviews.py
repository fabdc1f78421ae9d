"""Visits are looked at again by the clock, behind the calls."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from queue_server.core import commands as c
from queue_server.core.events import VisitRerouted
from queue_server.core.model import Step
from queue_server.core.plan import CounterPlan
from queue_server.journal.log import Unknown
from queue_server.reviews import EVERY, Reviews

from ..core.story import PLAN
from .kit import CHIEF, Bench, ManualClock, MemoryJournal

WIDE = replace(PLAN, counters={**PLAN.counters, "4": CounterPlan("4", "Loket 4", "hall", ("tax",))})


class Hand:
    """The pause between two looks: it ends when the hand says so, and tells when it begins."""

    def __init__(self) -> None:
        self._go, self._looked = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self._looked.set()
        await self._go.wait()
        self._go.clear()

    async def turn(self) -> None:
        """One look, to its end."""
        await self._looked.wait()
        self._looked.clear()
        self._go.set()
        await self._looked.wait()


async def test_a_visit_moves_by_itself_when_the_other_line_is_the_shorter_one() -> None:
    bench = Bench(MemoryJournal(), ManualClock(), WIDE)
    await bench.desk.start()
    await bench.open("1")
    for _ in range(5):
        await bench.issue()
    visit = (Step("passport"), Step("tax"))
    command = c.IssueTicket(service="tax", token="visitor", steps=visit)
    (issued,) = await bench.desk.submit(command)
    ticket = lambda: bench.desk.hall.tickets[issued.id]  # noqa: E731
    hand = Hand()
    reviews = Reviews(bench.desk, hand)
    reviews.start()
    await hand.turn()
    assert ticket().line == "passport"
    await bench.desk.submit(c.OpenCounter(counter="4", by=replace(CHIEF, id="other")))
    await hand.turn()
    assert ticket().line == "tax"
    assert isinstance(bench.journal.entries[-1].event, VisitRerouted)
    await reviews.close()
    await bench.desk.close()


async def test_nothing_is_asked_of_the_desk_while_there_is_no_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No visit, or none with two steps to choose from: the Desk is left in peace."""
    bench = Bench(MemoryJournal(), ManualClock(), WIDE)
    await bench.desk.start()
    await bench.issue()
    fixed = (Step("passport"), Step("tax", after=(0,)))
    await bench.desk.submit(c.IssueTicket(service="tax", token="visitor", steps=fixed))
    asked: list[c.Command] = []

    async def submit(command: c.Command) -> None:
        asked.append(command)

    monkeypatch.setattr(bench.desk, "submit", submit)
    hand = Hand()
    reviews = Reviews(bench.desk, hand)
    reviews.start()
    await hand.turn()
    assert asked == []
    await reviews.close()


async def test_a_journal_that_fails_ends_nothing() -> None:
    """A look that could not be written is followed by the next; closing waits for none."""
    journal = MemoryJournal()
    bench = Bench(journal, ManualClock(), WIDE)
    await bench.desk.start()
    await bench.open("1")
    for _ in range(5):
        await bench.issue()
    visit = (Step("passport"), Step("tax"))
    await bench.desk.submit(c.IssueTicket(service="tax", token="visitor", steps=visit))
    await bench.desk.submit(c.OpenCounter(counter="4", by=replace(CHIEF, id="other")))
    journal.faults.append((Unknown("injected"), False))
    hand = Hand()
    reviews = Reviews(bench.desk, hand)
    reviews.start()
    await hand.turn()
    while not bench.desk.ready:  # noqa: ASYNC110  # the Desk has no event for it
        await asyncio.sleep(0)
    await hand.turn()
    assert bench.desk.hall.line("tax").ids()
    await reviews.close()
    await bench.desk.close()
    assert EVERY == 30.0
