"""An hour of a rush with every act, killed twice; its journal against the rules, said again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter as Tally
from pathlib import Path
from random import Random

import pytest

from queue_server.core.digest import digest
from queue_server.core.events import DayOpened
from queue_server.core.evolve import fold
from queue_server.core.model import Hall
from queue_server.core.policy import servers
from queue_server.journal.rows import from_rows
from queue_server.journal.sqlite import read_only, walk
from tests.simulation.model import Model

from .rush import PEOPLE

ROOT = Path(__file__).parents[2]


class Judge(Model):
    """The simulation's model, for a hall of the real catalogue: numbers have their own digits,
    and whom somebody chose by hand is not known to it."""

    def fair(self, person, counter, place, skipped) -> None:  # type: ignore[no-untyped-def]
        chosen = person.status in ("parked", "pending")
        if not chosen:
            super().fair(person, counter, place, skipped)


async def play(path: Path, seed: int, kill_at: int) -> str:
    """A child goes on until a minute of the hour (0: to its end); its last line."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.desk.rush", str(path), str(seed),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    last = b""
    while line := await child.stdout.readline():
        last = line
        if kill_at and line.split()[0].isdigit() and int(line.split()[0]) >= kill_at:
            child.send_signal(signal.SIGKILL)
    assert await child.wait() == (-signal.SIGKILL if kill_at else 0)
    return last.decode()


@pytest.mark.parametrize("seed", [5])
async def test_an_hour_of_a_rush(tmp_path: Path, seed: int) -> None:
    """800 people, 60 counters, all acts mixed, presses doubled, two kills: every entry obeys the
    independent model, the replay from anywhere is the same hall, and nobody is forgotten."""
    dice, path = Random(seed), tmp_path / "journal.db"
    await play(path, seed, dice.randrange(10, 25))
    await play(path, seed + 1, dice.randrange(35, 50))
    await play(path, seed + 2, 0)
    with read_only(path) as db:
        rows = list(walk(db))
    judge = Judge()
    judge.synced(rows)
    entries = list(from_rows(rows))
    hall = fold(entries)
    opened = max(i for i, entry in enumerate(entries) if isinstance(entry.event, DayOpened))
    assert digest(fold(entries[opened:], Hall())) == digest(hall)
    kinds = Tally(type(entry.event).__name__ for entry in entries)
    assert kinds["TicketIssued"] > PEOPLE * 0.8
    for kind in (
        "TicketCalled", "TicketRecalled", "TicketMissed", "TicketReturned", "TicketParked",
        "TicketDeferred", "TicketTransferred", "StepFinished", "ActUndone", "TicketReclassed",
        "TicketArrived", "TicketExpired", "TicketServed", "ServicesAssigned", "CounterPaused",
    ):  # fmt: skip
        assert kinds[kind], f"the hour has no {kind}"
    for ticket in hall.tickets.values():
        if ticket.status == "waiting":
            assert servers(hall, ticket.line), f"{ticket} is forgotten"
    currents = [x.current for x in hall.counters.values() if x.current]
    assert len(currents) == len(set(currents))
