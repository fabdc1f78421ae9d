"""Through a real CUPS server to the virtual printer, and back out of its queue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.config import PrinterSection
from queue_server.printing import cups as ours

from . import cups
from .conftest import URL, Hands, Room, room
from .printer import Printer, printing

pytestmark = pytest.mark.skipif(cups.cupsd() is None, reason="cups-daemon is not installed")


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    async with printing() as printer:
        printer.mute = True
        yield printer


@pytest.fixture
async def hall(
    tmp_path: Path, clock: Hands, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    monkeypatch.setattr(ours, "LOOK", 0.05)
    async with cups.serving("depan", printer.address) as server:
        monkeypatch.setenv("CUPS_SERVER", server)
        section = PrinterSection("depan", kind="cups")
        lost = PrinterSection("nowhere", kind="cups")
        async with room(tmp_path / "p.db", clock, depan=section, lost=lost) as hall:
            yield hall


async def test_a_paper_through_cups(hall: Room, printer: Printer, tmp_path: Path) -> None:
    """Every byte as we made it; printed when it has left the queue."""
    job = await hall.print("A-001")
    await hall.until_job(job.id, "printed")
    [sheet] = await printer.printed(1)
    assert sheet.codes(tmp_path) == [f"{URL}token-of-A-001"]
    assert not (await cups.run("lpstat", "-o", "depan")).strip()


async def test_a_queue_that_is_stopped(hall: Room, printer: Printer) -> None:
    """Nothing is handed over; when somebody starts it, the paper comes by itself."""
    await cups.run("cupsdisable", "depan")
    job = await hall.print("A-001")
    held = await hall.until_job(job.id, "queued", "offline")
    assert not held.sent
    await cups.run("cupsenable", "depan")
    await hall.until_job(job.id, "printed")
    assert not (await hall.printing.find(job.id) or held).copy


async def test_a_queue_that_is_not(hall: Room) -> None:
    """Says so, instead of waiting for ever."""
    job = await hall.print("A-001", "lost")
    await hall.until_job(job.id, "queued", "rejected")


async def test_what_cups_keeps_is_taken_out_again(hall: Room, printer: Printer) -> None:
    """CUPS would print it hours later: what nobody wants any more is cancelled there too."""
    await printer.stop()
    job = await hall.print("A-001")
    await hall.until_job(job.id, "printing")
    kept = ""
    while "depan-" not in kept:
        kept = await cups.run("lpstat", "-o", "depan")
    await hall.printing.cancel(job.id)
    while kept.strip():
        kept = await cups.run("lpstat", "-o", "depan")
    assert (await hall.until_job(job.id, "cancelled")).sent
