"""The Desk when the journal fails: refuse, believe only what is certain, come back alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from queue_server import desk as module
from queue_server.core import commands as c
from queue_server.core.events import Entry, Started, TicketIssued
from queue_server.core.model import Hall
from queue_server.journal.log import Conflict, Damaged, Full, JournalError, Unknown
from queue_server.order import Unavailable
from tests.core.story import CHIEF
from tests.core.walks import OPEN

from .kit import Bench, ManualClock, MemoryJournal, begin, outcomes, serving, settle


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between attempts take no time."""
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)


async def ready(bench: Bench) -> None:
    while not bench.desk.ready:
        await settle()


@pytest.mark.parametrize("written", [False, True])
async def test_an_unknown_outcome_goes_through_a_whole_start(written: bool) -> None:
    """503 now; then the truth is read again, marked with `started`, and the retry with the key
    gets its first answer if it was written, and is carried out if not."""
    async with serving() as bench:
        bench.journal.faults.append((Unknown("i/o error"), written))
        version = bench.desk.hall.version
        task = begin(bench.issue(key="k", digest="d"))
        assert await outcomes(task) == ["journal_unavailable"]
        await ready(bench)
        assert any(type(x.event) is Started for x in bench.journal.entries[-2:])
        assert len(bench.numbers()) == written
        first = await bench.issue(key="k", digest="d")
        assert bench.numbers() == ["A-001"]
        assert (first[0].id == version + 1) == written


async def test_readers_see_the_last_durable_state_while_it_recovers() -> None:
    """The hall of before, and 503 for every command, until the journal can be read again."""
    async with serving() as bench:
        await bench.issue()
        hall = bench.desk.hall
        bench.journal.faults.append((Unknown("i/o error"), True))
        bench.journal.gate.clear()
        failing = begin(bench.issue())
        await settle()
        bench.journal.sickness.extend([Unknown("still"), Damaged("still"), Full("still")])
        waiting = [begin(bench.issue()) for _ in range(2)]
        await settle()
        bench.journal.gate.set()
        assert await outcomes(failing, *waiting) == ["journal_unavailable"] * 3
        assert len(hall.tickets) == 1
        await ready(bench)
        assert len(bench.numbers()) == 2
        await bench.issue()
        assert bench.numbers() == ["A-001", "A-002", "A-003"]


async def test_a_conflict_reads_the_truth_again() -> None:
    """Another writer has the place: the click is refused, its state dropped, theirs adopted."""
    async with serving() as bench:
        foreign = TicketIssued("A-001", 1, "theirs", "passport")
        bench.journal.entries.append(Entry(3, bench.clock.time, "other", foreign))
        assert await outcomes(begin(bench.issue())) == ["journal_unavailable"]
        await ready(bench)
        await bench.issue()
        assert bench.numbers() == ["A-001", "A-002"]


@pytest.mark.parametrize("error", [Unknown("x"), Conflict("x"), Full("x")])
async def test_nobody_is_refused_by_a_state_that_is_not_durable(error: JournalError) -> None:
    """One takes the only ticket, the other hears "nobody waiting": when the group fails, both
    hear 503, for perhaps the first call never was."""
    async with serving() as bench:
        await bench.open("1", "2")
        await bench.issue()
        bench.journal.reserve = 0
        bench.journal.faults.append((error, False))
        tasks = [begin(bench.call("1")), begin(bench.call("2")), begin(bench.call("2"))]
        codes = set(await outcomes(*tasks))
        assert codes <= {"journal_unavailable", "journal_full"}
        await ready(bench)
        assert bench.desk.hall.waiting("passport") == 1


async def test_a_full_disk_without_a_reserve_refuses_and_goes_on() -> None:
    """Certainly not written: the state stands; with room again everything works at once."""
    async with serving() as bench:
        await bench.issue()
        bench.journal.room, bench.journal.reserve = 0, 0
        tasks = [begin(bench.issue()), begin(bench.open("1"))]
        assert await outcomes(*tasks) == ["journal_full", "journal_full"]
        assert bench.desk.ready
        assert bench.desk.short
        bench.journal.room = None
        await bench.open("1")
        await bench.issue()
        assert not bench.desk.short
        assert bench.numbers() == ["A-001", "A-002"]


async def test_with_the_reserve_operators_go_on_and_new_numbers_wait() -> None:
    """In the very group that met the full disk: calls are made, numbers politely refused; when
    the reserve is gone too, all is refused; keys that were answered still are."""
    async with serving() as bench:
        await bench.open("1")
        first = await bench.issue(key="k", digest="d")
        bench.journal.room, bench.journal.reserve = 0, 2
        tasks = [
            begin(bench.issue()),
            begin(bench.call("1")),
            begin(bench.issue(key="k", digest="d")),
        ]
        issued, called, again = await outcomes(*tasks)
        assert (issued, again) == ("journal_full", first)
        ticket = called[0].event.ticket
        await bench.desk.submit(c.StartService(counter="1", ticket=ticket, by=CHIEF))
        act = c.FinishService(counter="1", ticket=ticket, by=CHIEF)
        assert await outcomes(begin(bench.desk.submit(act))) == ["journal_full"]
        assert bench.desk.hall.tickets[ticket].status == "serving"
        bench.journal.room = None
        await bench.desk.submit(act)
        await bench.issue()


async def test_after_a_restart_what_a_full_disk_has_left_is_for_calls() -> None:
    """The reserve was given before the process ended: new numbers don't eat up the rest of it."""
    async with serving() as bench:
        await bench.open("1")
        await bench.issue()
        bench.journal.room, bench.journal.reserve = 0, 3
        await bench.call("1")
        kept = bench.journal
    async with serving(kept) as bench:
        assert bench.desk.short
        assert await outcomes(begin(bench.issue())) == ["journal_full"]
        ticket = bench.desk.hall.counters["1"].current
        await bench.desk.submit(c.StartService(counter="1", ticket=ticket, by=CHIEF))
        kept.room = None
        await bench.open("1")
        await bench.issue()
        assert not bench.desk.short


async def test_a_full_group_that_stays_full_is_refused_whole() -> None:
    """The reserve is too small for the group: 503 for all, and the draft is dropped."""
    async with serving() as bench:
        bench.journal.room, bench.journal.reserve = 0, 1
        tasks = [begin(bench.open("1")), begin(bench.open("2"))]
        assert await outcomes(*tasks) == ["journal_full", "journal_full"]
        assert [x.state for x in bench.desk.hall.counters.values()] == ["closed"] * 3
        await bench.open("1")


@pytest.mark.parametrize("reserve", [0, 5])
async def test_a_start_on_a_full_disk_gives_the_reserve(reserve: int) -> None:
    """Restarted while the disk is full: with a reserve the counters work, without it fails."""
    journal = MemoryJournal()
    async with serving(journal):
        pass
    journal.room, journal.reserve = 0, reserve
    bench = Bench(journal, ManualClock(), OPEN)
    if not reserve:
        with pytest.raises(Full):
            await bench.desk.start()
    else:
        await bench.desk.start()
        await bench.open("1")
        assert await outcomes(begin(bench.issue())) == ["journal_full"]
    await bench.desk.close()


async def test_an_idle_desk_puts_the_reserve_aside_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given before a restart: nobody is refused now, and it is there for the next time."""
    monkeypatch.setattr(module, "TICK", 0.0)
    async with serving() as bench:
        bench.journal.reserve = 0
        while not bench.journal.reserve:
            await settle()
        assert not bench.desk.short


async def test_trouble_while_the_reserve_is_in_use_recovers_too() -> None:
    """Full, then an I/O error in the second attempt: unknown, so a whole start."""
    async with serving() as bench:
        bench.journal.faults.extend([(Full("x"), False), (Unknown("x"), True)])
        bench.journal.reserve = 5
        assert await outcomes(begin(bench.open("1"))) == ["journal_unavailable"]
        await ready(bench)
        assert bench.desk.hall.counters["1"].state == "open"


class Deaf(Bench):
    """A listener that fails some times."""

    failures = 0

    def tell(self, hall: Hall, entries: Sequence[Entry]) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the hub failed")
        super().tell(hall, entries)


@pytest.mark.parametrize("failures", [1, 2, 5])
async def test_nothing_ends_the_only_writer(failures: int) -> None:
    """A hub that fails, once or again and again: the Desk starts again until it is well, and
    what was durable is told."""
    bench = Deaf(MemoryJournal(), ManualClock(), OPEN)
    await bench.desk.start()
    bench.failures = failures
    assert await outcomes(begin(bench.issue())) == ["journal_unavailable"]
    while bench.failures:
        await settle()
    await ready(bench)
    assert bench.told[-1][0] == bench.desk.hall.version
    await bench.issue()
    assert bench.numbers() == ["A-001", "A-002"]
    await bench.desk.close()


async def test_a_command_that_breaks_the_rules_themselves_harms_itself_only() -> None:
    """A bug in a rule: its group hears 503, the state is read again, the next is served."""

    class Nonsense(c.Command, frozen=True):
        pass

    async with serving() as bench:
        assert await outcomes(begin(bench.desk.submit(Nonsense()))) == ["journal_unavailable"]
        await ready(bench)
        await bench.issue()


async def test_closing_ends_a_recovery_that_does_not_succeed() -> None:
    """The journal stays sick: close returns all the same."""
    async with serving() as bench:
        bench.journal.faults.append((Unknown("x"), False))
        bench.journal.sickness.extend([Unknown("x")] * 10_000)
        assert await outcomes(begin(bench.issue())) == ["journal_unavailable"]
    assert bench.journal.closed
    assert bench.journal.sickness


async def test_a_journal_that_cannot_be_read_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reading: an error or damage comes out as 503, never as a crash; nor does a receipt."""
    async with serving() as bench:
        await bench.issue(key="k", digest="d")
        for error in (Unknown("x"), Damaged("x")):

            async def read(after: int, limit: int, error: Any = error) -> list[Entry]:
                raise error

            monkeypatch.setattr(bench.journal, "read", read)
            with pytest.raises(Unavailable):
                await bench.desk.read(0, 10)
            with pytest.raises(Unavailable):
                await bench.issue(key="k", digest="d")
