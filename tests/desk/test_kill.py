"""A real Desk on a real file, killed with -9 while it acknowledges: nothing told is lost."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from queue_server.core.events import Entry, OfTicket, TicketCalled, TicketIssued
from queue_server.core.evolve import fold
from queue_server.journal.sqlite import SqliteJournal
from tests.core.walks import check

KILLS = 6
ROOT = Path(__file__).parents[2]


def subject(entry: Entry) -> int | str:
    """The number that was taken, or the ticket that was moved."""
    return entry.event.number if isinstance(entry.event, TicketIssued) else entry.event.ticket


async def main(path: str) -> None:
    """The child: kiosks and counters at work; every answer is written to stdout after it came."""
    from queue_server.core import commands as c
    from queue_server.core.refusals import Refusal
    from tests.core.story import CHIEF
    from tests.core.walks import OPEN

    from .kit import Bench, ManualClock

    bench = Bench(SqliteJournal(Path(path), reserve=0), ManualClock(), OPEN)
    await bench.desk.start()
    start = bench.desk.hall.version

    async def answered(name: str, command: c.Command) -> tuple[Entry, ...]:
        key = f"{start}-{name}"
        entries = await bench.desk.submit(command, key=key, digest="d")
        moves = [e for e in entries if isinstance(e.event, OfTicket | TicketIssued)]
        said = [key, *([e.id, type(e.event).__name__, subject(e)] for e in moves)]
        print(json.dumps(said), flush=True)
        return entries

    async def kiosk(kiosk: int) -> None:
        for n in range(10**6):
            issue = c.IssueTicket(service="passport", token=f"{start}-{kiosk}-{n}")
            await answered(f"{kiosk}-{n}", issue)

    async def counter(name: str) -> None:
        for n in range(10**6):
            current = bench.desk.hall.counters[name].current
            try:
                if current and bench.desk.hall.tickets[current].status == "called":
                    act: c.Command = c.StartService(counter=name, ticket=current, by=CHIEF)
                else:
                    act = c.CallNext(counter=name, after=current, by=CHIEF)
                await answered(f"{name}-{n}-next", act)
            except Refusal:
                await asyncio.sleep(0)

    for name in ("1", "2"):
        await bench.desk.submit(c.OpenCounter(counter=name, by=CHIEF))
    await asyncio.gather(*(kiosk(n) for n in range(4)), counter("1"), counter("2"))


async def acknowledged_until_killed(path: Path, lines: int) -> list[list[Any]]:
    """Start the child, read so many answers, kill it, and read what it had still said."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.desk.test_kill", str(path),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    said = [await child.stdout.readline() for _ in range(lines)]
    child.send_signal(signal.SIGKILL)
    said += (await child.stdout.read()).splitlines(keepends=True)
    assert await child.wait() == -signal.SIGKILL
    return [json.loads(line) for line in said if line.endswith(b"\n")]


@pytest.mark.parametrize("seed", [1])
async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, seed: int) -> None:
    """Killed at random moments under load, over and over on one file: every answer that left
    the process is in the journal with its outcome; no number twice, no ticket at two counters."""
    dice, path = random.Random(seed), tmp_path / "journal.db"
    answers: list[list[Any]] = []
    for _ in range(KILLS):
        answers += await acknowledged_until_killed(path, dice.randrange(1, 300))
    journal = SqliteJournal(path, reserve=0)
    await journal.start()
    entries = await journal.read(0, 10**6)
    await journal.close()
    assert [entry.id for entry in entries] == list(range(1, len(entries) + 1))
    receipts = fold(entries).receipts
    for key, *lines in answers:
        assert key in receipts, "an acknowledged command is lost"
        for id, kind, what in lines:
            assert type(entries[id - 1].event).__name__ == kind
            assert subject(entries[id - 1]) == what
    numbers = [e.event.number for e in entries if isinstance(e.event, TicketIssued)]
    assert len(set(numbers)) == len(numbers)
    called = [e.event.ticket for e in entries if isinstance(e.event, TicketCalled)]
    assert len(set(called)) == len(called)
    check(fold(entries))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
