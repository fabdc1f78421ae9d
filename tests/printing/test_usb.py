"""A printer on this machine's own USB, from pyusb upwards."""

from __future__ import annotations

from pathlib import Path

import pytest
import usb.backend.libusb1

from queue_server.config import PrinterSection

from .conftest import URL, Hands, room
from .usb import Bus

SECTION = PrinterSection("04b8:0e15", kind="usb", timeout_seconds=1)


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    bus = Bus()
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda *_, **__: bus)
    return bus


async def test_a_paper_by_usb(tmp_path: Path, clock: Hands, bus: Bus) -> None:
    """The endpoints are found, the kernel's driver is asked to let go, the paper is confirmed."""
    async with room(tmp_path / "p.db", clock, depan=SECTION) as hall:
        job = await hall.print("A-001")
        await hall.until_job(job.id, "printed")
        [sheet] = bus.paper.sheets
        assert sheet.codes(tmp_path) == [f"{URL}token-of-A-001"]
        assert hall.printing.state("depan").paper == "ok"


async def test_without_paper_and_unplugged(tmp_path: Path, clock: Hands, bus: Bus) -> None:
    """Both are seen, and both are recovered from."""
    bus.paper_out = True
    async with room(tmp_path / "p.db", clock, depan=SECTION) as hall:
        job = await hall.print("A-001")
        await hall.until_job(job.id, "queued", "paper_out")
        bus.plugged = False
        await hall.until_job(job.id, "queued", "offline")
        bus.plugged, bus.paper_out = True, False
        assert not (await hall.until_job(job.id, "printed")).copy


async def test_no_libusb_on_this_machine(
    tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a printer that can't be reached, not a crash."""
    for name in ("libusb1", "libusb0", "openusb"):
        monkeypatch.setattr(f"usb.backend.{name}.get_backend", lambda *_, **__: None)
    async with room(tmp_path / "p.db", clock, depan=SECTION) as hall:
        job = await hall.print("A-001")
        await hall.until_job(job.id, "queued", "offline")
