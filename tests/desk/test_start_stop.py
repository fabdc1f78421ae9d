"""The Desk begins with a durable mark and ends when everybody has an answer."""

from __future__ import annotations

import pytest

from queue_server.core.events import DayOpened, Started
from queue_server.journal.log import Damaged, Unknown
from queue_server.order import Unavailable
from tests.core.walks import OPEN

from .kit import Bench, ManualClock, MemoryJournal, begin, outcomes, serving, settle


async def test_a_start_marks_itself_before_it_serves() -> None:
    """`started` is durable before the first answer: nothing read from a dead process's cache is
    confirmed to anybody before it was synced."""
    journal = MemoryJournal()
    async with serving(journal) as bench:
        assert [type(x.event) for x in journal.entries] == [Started, DayOpened]
        await bench.issue()
    journal.gate.clear()
    bench = Bench(journal, ManualClock(), OPEN)
    start = begin(bench.desk.start())
    await settle()
    with pytest.raises(Unavailable, match="journal_unavailable"):
        await bench.issue()
    assert bench.told == []
    journal.gate.set()
    await start
    assert type(journal.entries[-1].event) is Started
    assert bench.told == [(4, [2, 3, 4])]
    await bench.desk.close()


@pytest.mark.parametrize("error", [Damaged("entry 7"), Unknown("i/o error")])
async def test_a_start_that_fails_raises_and_serves_nothing(error: Exception) -> None:
    """Damage or an unusable journal: the program says so and ends."""
    journal = MemoryJournal()
    journal.sickness.append(error)
    bench = Bench(journal, ManualClock(), OPEN)
    with pytest.raises(type(error)):
        await bench.desk.start()
    with pytest.raises(Unavailable):
        await bench.issue()
    await bench.desk.close()


async def test_closing_answers_who_came_and_refuses_who_comes() -> None:
    """Drained, then refused with a sentence, then checkpointed."""
    async with serving() as bench:
        bench.journal.gate.clear()
        tasks = [begin(bench.issue()) for _ in range(3)]
        await settle()
        tasks += [begin(bench.issue()) for _ in range(3)]
        await settle()
        closing = begin(bench.desk.close())
        await settle()
        late = begin(bench.issue())
        await settle()
        assert await outcomes(late) == ["stopping"]
        assert not bench.journal.closed
        bench.journal.gate.set()
        done = await outcomes(*tasks)
        await closing
        assert all(isinstance(x, tuple) for x in done)
        assert bench.journal.closed
        assert bench.desk.epoch == "memory"


@pytest.mark.parametrize("code", Unavailable.SENTENCES)
def test_every_reason_has_its_sentences(code: str) -> None:
    """In Indonesian, and in English for everybody else, with when to try again."""
    reason = Unavailable(code)
    assert reason.sentence("en") != reason.sentence("id") == reason.sentence("jv")
    assert reason.retry_after > 0
