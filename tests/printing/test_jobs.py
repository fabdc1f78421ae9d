"""The job file: what a process that was killed leaves, and what a key is worth."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.config import PrinterSection
from queue_server.order import KeyReused
from queue_server.printing.jobs import KEPT, OPEN, STEPS, Job, Jobs, New

from .conftest import START, Hands, room
from .printer import printing

CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from queue_server.config import PrinterSection
from tests.printing.conftest import Hands, room
async def main():
    async with room(Path(sys.argv[1]), Hands(), depan=PrinterSection(sys.argv[2])) as hall:
        job = await hall.print("A-001")
        await hall.until_job(job.id, sys.argv[3], sys.argv[4])
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


async def killed(file: Path, address: str, state: str, reason: str = "") -> None:
    """A process that prints A-001, and is killed when the job is in that state."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(file), address, state, reason,
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert await child.wait() == -signal.SIGKILL


async def test_killed_between_sent_and_confirmed(tmp_path: Path, clock: Hands) -> None:
    """After the restart it is printed once more, and says that it may be a copy."""
    file = tmp_path / "p.db"
    async with printing() as printer:
        printer.paper_left = 900
        await killed(file, printer.address, "printing", "paper_out")
        printer.refill()
        async with room(file, clock, depan=PrinterSection(printer.address)) as hall:
            [job] = await hall.printing.of_ticket("token-of-A-001")
            done = await hall.until_job(job.id, "printed")
            assert done.copy
            assert "SALINAN" in printer.papers[-1].text[0]


async def test_killed_after_it_was_confirmed(tmp_path: Path, clock: Hands) -> None:
    """What is known to be printed is not printed again."""
    file = tmp_path / "p.db"
    async with printing() as printer:
        await killed(file, printer.address, "printed")
        async with room(file, clock, depan=PrinterSection(printer.address)) as hall:
            other = await hall.print("A-002")
            await hall.until_job(other.id, "printed")
            assert [sheet.text[0] for sheet in printer.papers] == ["A-001", "A-002"]


async def test_killed_before_it_was_sent(tmp_path: Path, clock: Hands) -> None:
    """It is printed after the restart, and is no copy: there is none before it."""
    file = tmp_path / "p.db"
    async with printing() as printer:
        printer.paper_out = True
        await killed(file, printer.address, "queued", "paper_out")
        printer.paper_out = False
        async with room(file, clock, depan=PrinterSection(printer.address)) as hall:
            [job] = await hall.printing.of_ticket("token-of-A-001")
            assert not (await hall.until_job(job.id, "printed")).copy
        assert [sheet.text[0] for sheet in printer.papers] == ["A-001"]


@pytest.fixture
async def jobs(tmp_path: Path) -> AsyncIterator[Jobs]:
    made = Jobs(tmp_path / "jobs.db")
    await made.open()
    await made.recover({"depan"}, START)
    yield made
    await made.close()


def new(key: str, ticket: str = "t", printer: str = "depan", digest: str = "") -> New:
    return New(key, printer, ticket, "A-001", "<paper/>", "k", digest)


async def test_a_key_with_something_else(jobs: Jobs) -> None:
    """Is refused: the caller has mixed something up."""
    await jobs.add(new("one", digest="a"), START, START + 1)
    with pytest.raises(KeyReused):
        await jobs.add(new("one", digest="b"), START, START + 1)


async def test_every_step_is_the_tables(jobs: Jobs) -> None:
    """From every state to every state: what the table has is done, the rest changes nothing."""
    ways: dict[str, list[str]] = {
        "queued": [], "printing": ["printing"], "printed": ["printing", "printed"],
        "failed": ["failed"], "expired": ["expired"], "cancelled": ["cancelled"],
    }  # fmt: skip
    for start, way in ways.items():
        for aim in STEPS:
            job = await jobs.add(new(f"{start}-{aim}"), START, START + 1)
            for state in way:
                assert await jobs.step(job.id, state, START)  # type: ignore[arg-type]  # states
            moved = await jobs.step(job.id, aim, START)
            after = await jobs.find(job.id)
            assert after is not None
            assert (moved is not None) == (aim in STEPS[start])  # type: ignore[index]  # a state
            assert after.state == (aim if moved else start)


def test_the_table_is_closed() -> None:
    """Every step leads to a state of the table, and a paper that is printed is done with."""
    assert set().union(*STEPS.values()) <= set(STEPS)
    assert not STEPS["printed"]
    assert all("cancelled" in STEPS[state] for state in OPEN)


async def test_old_jobs_are_forgotten(jobs: Jobs) -> None:
    """A week on."""
    old = await jobs.add(new("old"), START, START + 1)
    await jobs.add(new("new"), START + KEPT + 1, START + KEPT + 2)
    assert await jobs.find(old.id) is None
    assert sum(jobs.tally.values()) == 1


async def test_a_printer_that_was_taken_away(tmp_path: Path, jobs: Jobs) -> None:
    """Its papers fail at the next start instead of waiting for ever."""
    job: Job | None = await jobs.add(new("one"), START, START + 1)
    assert job
    again = Jobs(tmp_path / "jobs.db")
    await again.open()
    await again.recover({"other"}, START)
    job = await again.find(job.id)
    assert job
    assert (job.state, again.tally) == ("failed", {("depan", "failed"): 1})
    await again.close()
