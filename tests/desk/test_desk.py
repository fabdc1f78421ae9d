"""The Desk: one writer, grouped, durable before anything is seen or answered."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from queue_server import desk as module
from queue_server.core import commands as c
from queue_server.core.events import DayOpened, ServiceFinished, TicketCalled
from queue_server.core.plan import CounterPlan
from queue_server.core.refusals import Refusal
from queue_server.desk import GROUP
from queue_server.journal.log import Unknown
from queue_server.order import KeyReused
from tests.core.story import CHIEF, clock
from tests.core.walks import OPEN, PLANS

from .kit import ManualClock, MemoryJournal, begin, outcomes, serving, settle


async def test_what_arrives_during_an_append_shares_the_next() -> None:
    """Group commit: one append under way, everything else in one more."""
    async with serving() as bench:
        bench.journal.gate.clear()
        first = begin(bench.issue())
        await settle()
        others = [begin(bench.issue()) for _ in range(9)]
        await settle()
        bench.journal.appends.clear()
        bench.journal.gate.set()
        await asyncio.gather(first, *others)
        assert bench.journal.appends == [9]
        assert bench.numbers() == [f"A-{n:03}" for n in range(1, 11)]


async def test_nothing_is_seen_or_answered_before_it_is_durable() -> None:
    """While the journal writes: no answer, nothing told, the hall as it was, also for others."""
    async with serving() as bench:
        version, told = bench.desk.hall.version, len(bench.told)
        bench.journal.gate.clear()
        tasks = [begin(bench.issue()), begin(bench.open("1"))]
        await settle()
        assert not any(task.done() for task in tasks)
        assert (bench.desk.hall.version, len(bench.told)) == (version, told)
        assert bench.numbers() == []
        bench.journal.gate.set()
        await asyncio.gather(*tasks)
        assert bench.told[told:] == [(version + 2, [version + 1, version + 2])]


async def test_a_caller_that_goes_away_loses_nothing() -> None:
    """Cancelled before or during the append: the command is carried out all the same."""
    async with serving() as bench:
        bench.journal.gate.clear()
        tasks = [begin(bench.issue()) for _ in range(3)]
        await settle()
        tasks[0].cancel()
        late = begin(bench.issue())
        await settle()
        late.cancel()
        await settle()
        bench.journal.gate.set()
        await asyncio.gather(*tasks, late, return_exceptions=True)
        await bench.issue()
        assert len(bench.numbers()) == 5


async def test_a_group_has_a_bound() -> None:
    """A storm is cut into appends of at most GROUP commands."""
    async with serving() as bench:
        bench.journal.appends.clear()
        await asyncio.gather(*(begin(bench.issue()) for _ in range(GROUP + 10)))
        assert bench.journal.appends == [GROUP, 10]


async def test_the_same_key_gets_the_first_answer() -> None:
    """Later, in the same group, and after a restart; with another request it is refused."""
    async with serving() as bench:
        first = await bench.issue(key="k", digest="d")
        assert await bench.issue(key="k", digest="d") == first
        one, two = await asyncio.gather(
            begin(bench.issue(key="m", digest="d")), begin(bench.issue(key="m", digest="d"))
        )
        assert one == two != first
        with pytest.raises(KeyReused):
            await bench.issue(key="k", digest="other")
        assert len(bench.numbers()) == 2
        journal = bench.journal
    async with serving(journal, ManualClock(clock("2026-11-24 08:00"))) as bench:
        assert await bench.issue(key="k", digest="d") == first
        assert await outcomes(begin(bench.issue(key="k", digest="x"))) == ["KeyReused"]
        assert bench.numbers() == []


async def test_a_command_of_several_entries_is_answered_whole() -> None:
    """The receipt counts: finish and call come back together."""
    async with serving() as bench:
        await bench.open("1")
        ticket = (await bench.issue())[0].id
        await bench.issue()
        await bench.call("1")
        await bench.desk.submit(c.StartService(counter="1", ticket=ticket, by=CHIEF))
        first = await bench.call("1", ticket, key="k", digest="d")
        assert [type(entry.event) for entry in first] == [ServiceFinished, TicketCalled]
        assert await bench.call("1", ticket, key="k", digest="d") == first


async def test_twenty_operators_press_next_with_ten_waiting() -> None:
    """Ten calls, ten times nobody waiting, no ticket twice, two appends at most."""
    names = [str(n) for n in range(20)]
    counters = {name: CounterPlan(name, f"Loket {name}", "hall", ("passport",)) for name in names}
    async with serving(plan=replace(OPEN, counters=counters)) as bench:
        await bench.open(*names)
        for _ in range(10):
            await bench.issue()
        bench.journal.appends.clear()
        done = await outcomes(*(begin(bench.call(name)) for name in names))
        called = [entries[0].event.ticket for entries in done if isinstance(entries, tuple)]
        assert len(set(called)) == len(called) == 10
        assert done.count("nobody_waiting") == 10
        assert len(bench.journal.appends) == 1


async def test_a_double_click_in_one_group_calls_one() -> None:
    """Both clicks saw nobody at the counter: the second is told that its screen was old."""
    async with serving() as bench:
        await bench.open("1")
        await asyncio.gather(*(begin(bench.issue()) for _ in range(3)))
        done = await outcomes(begin(bench.call("1")), begin(bench.call("1")))
        assert isinstance(done[0][0].event, TicketCalled)
        assert done[1] == "stale"


# Days and plans -----------------------------------------------------------------------------


async def test_a_new_day_begins_with_the_first_command_after_midnight() -> None:
    """The leftovers are closed and the day is opened in the command's own append."""
    async with serving() as bench:
        await bench.issue()
        bench.journal.appends.clear()
        bench.clock.time = clock("2026-11-24 08:00")
        await bench.issue()
        assert bench.journal.appends == [3]
        assert bench.desk.hall.day == "2026-11-24"
        assert bench.numbers() == ["A-001"]


async def test_a_new_day_begins_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle Desk looks at the clock: boards are clean in the morning without a command."""
    monkeypatch.setattr(module, "TICK", 0.0)
    async with serving() as bench:
        await bench.issue()
        bench.clock.time = clock("2026-11-24 00:00")
        while bench.desk.hall.day == "2026-11-23":
            await settle()
        assert bench.desk.hall.tickets == {}
        assert bench.told[-1][0] == bench.desk.hall.version


class PassingClock(ManualClock):
    """Every look takes a millisecond: midnight comes between any two looks, sooner or later."""

    def now(self) -> int:
        self.time += 1
        return self.time


@pytest.mark.parametrize("before", range(12))
async def test_midnight_falls_between_groups_never_inside_one(before: int) -> None:
    """A number belongs to the day that its entry's time is in."""
    midnight = clock("2026-11-24 00:00")
    async with serving(clock=PassingClock(midnight - 1000)) as bench:
        bench.clock.time = midnight - before
        await bench.open("1")
        await asyncio.gather(*(begin(bench.issue()) for _ in range(3)))
        await bench.issue()
        day = ""
        for entry in bench.journal.entries:
            day = entry.event.day if isinstance(entry.event, DayOpened) else day
            number = getattr(entry.event, "number", None)
            assert not number or (day == "2026-11-24") == (entry.at >= midnight), number


async def test_a_clock_that_is_set_back_stands_still() -> None:
    """Times in the journal never go back, nor does the day."""
    async with serving() as bench:
        bench.clock.time = clock("2026-11-24 09:00")
        await bench.issue()
        bench.clock.time = clock("2026-11-23 09:00")
        (entry,) = await bench.issue()
        assert entry.at == clock("2026-11-24 09:00")
        assert bench.numbers() == ["A-001", "A-002"]


async def test_a_plan_is_in_force_now_and_tomorrow_though_the_caller_went_away() -> None:
    """The new plan opens the next day, whether or not anybody waited for the answer."""
    async with serving() as bench:
        bench.journal.gate.clear()
        task = begin(bench.desk.change_plan(PLANS[1]))
        await settle()
        task.cancel()
        await settle()
        bench.journal.gate.set()
        await bench.issue()
        assert bench.desk.hall.plan == PLANS[1]
        bench.clock.time = clock("2026-11-24 09:00")
        await bench.issue()
        assert bench.desk.hall.plan == PLANS[1]


async def test_a_plan_that_would_strand_somebody_is_refused_and_not_kept() -> None:
    """Refused by the rules: neither today nor tomorrow."""
    async with serving() as bench:
        await bench.issue("permit")
        with pytest.raises(Refusal):
            await bench.desk.change_plan(PLANS[3])
        assert bench.desk.plan == OPEN


async def test_a_start_with_another_plan_adopts_it_or_keeps_it_for_tomorrow() -> None:
    """The configuration changed while the server was down: at once, unless it strands."""
    journal = MemoryJournal()
    async with serving(journal) as bench:
        pass
    async with serving(journal, plan=PLANS[1]) as bench:
        assert bench.desk.hall.plan == PLANS[1]
        await bench.issue("permit")
    async with serving(journal, plan=PLANS[3]) as bench:
        assert bench.desk.hall.plan == PLANS[1]
        bench.clock.time = clock("2026-11-24 09:00")
        await bench.issue()
        assert bench.desk.hall.plan == PLANS[3]


async def test_a_start_whose_plan_cannot_be_written_serves_all_the_same() -> None:
    """The barrier is durable, the plan is not: it waits for tomorrow, the hall works."""
    journal = MemoryJournal()
    async with serving(journal):
        pass
    journal.faults += [None, (Unknown("injected"), False)]
    async with serving(journal, plan=PLANS[1]) as bench:
        await bench.issue()
        assert bench.desk.hall.plan == OPEN


async def test_a_refusal_is_answered_again() -> None:
    """The same key after a refusal gets the refusal again, though by now it would be allowed;
    with another body KeyReused; a key that found nothing to do finds nothing to do again."""
    async with serving() as bench:
        await bench.open("1")
        call = c.CallNext(counter="1", after=0, by=CHIEF)
        for _ in range(2):
            with pytest.raises(Refusal, match="nobody_waiting"):
                await bench.desk.submit(call, key="k", digest="d")
            await bench.issue()
        with pytest.raises(KeyReused):
            await bench.desk.submit(call, key="k", digest="other")
        again = c.OpenCounter(counter="1", by=CHIEF)
        assert await bench.desk.submit(again, key="o", digest="d") == ()
        await bench.desk.submit(c.CloseCounter(counter="1", by=CHIEF))
        assert await bench.desk.submit(again, key="o", digest="d") == ()
        assert bench.desk.hall.counters["1"].state == "closed"


async def test_a_refusal_of_a_failed_group_is_not_remembered() -> None:
    """A group that was not written judged on a state that never was: its keys start afresh."""
    async with serving() as bench:
        await bench.open("1")
        bench.journal.faults.append((Unknown("lost"), False))
        call = c.CallNext(counter="1", after=0, by=CHIEF)
        refused = begin(bench.desk.submit(call, key="k", digest="d"))
        assert await outcomes(refused, begin(bench.issue())) == ["journal_unavailable"] * 2
        await bench.issue()
        assert await bench.desk.submit(call, key="k", digest="d")
