"""Papers on their way to a printer that fails in every way that printers fail."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from queue_server.config import PrinterSection
from queue_server.printing import deliver as delivering

from .conftest import URL, Hands, room
from .printer import Printer, printing


def on(printer: Printer, **more: object) -> PrinterSection:
    return PrinterSection(printer.address, timeout_seconds=1, **more)  # type: ignore[arg-type]  # a test's own


async def test_a_paper(tmp_path: Path, clock: Hands) -> None:
    """It comes out once, cut, with the number and the phone page's address; then it is printed."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        job = await hall.print("A-001")
        await hall.until_job(job.id, "printed")
        [sheet] = await printer.printed(1)
        assert sheet.cut
        assert "A-001" in sheet.text
        assert "SALINAN" not in " ".join(sheet.text)
        assert sheet.codes(tmp_path) == [f"{URL}token-of-A-001"]
        assert hall.printing.state("depan").paper == "ok"
        assert hall.printing.state("depan").seen == clock.at


async def test_the_same_key_is_the_same_paper(tmp_path: Path, clock: Hands) -> None:
    """However often a kiosk sends its form."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        jobs = [await hall.print("A-001", key="once") for _ in range(3)]
        assert len({job.id for job in jobs}) == 1
        other = await hall.print("A-002")
        await hall.until_job(other.id, "printed")
        assert [sheet.text[0] for sheet in printer.papers] == ["A-001", "A-002"]


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "away"])
async def test_a_printer_to_mend(tmp_path: Path, clock: Hands, fault: str) -> None:
    """Nothing is sent, the reason is told; when it is mended all papers come by themselves."""
    reason = {"away": "offline"}.get(fault, fault)
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        setattr(printer, fault, True)
        first, second = await hall.print("A-001"), await hall.print("A-002")
        held = await hall.until_job(first.id, "queued", reason)
        assert not held.sent
        assert hall.printing.state("depan").reason == reason
        setattr(printer, fault, False)
        await hall.until_job(second.id, "printed")
        assert [sheet.text[0] for sheet in printer.papers] == ["A-001", "A-002"]
        assert not hall.printing.state("depan").reason


async def test_the_paper_ends_in_the_middle(tmp_path: Path, clock: Hands) -> None:
    """The printer keeps the rest: it is waited for, and the paper is printed once."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        printer.paper_left = 900
        job = await hall.print("A-001")
        await hall.until_job(job.id, "printing", "paper_out")
        assert not printer.papers
        printer.refill()
        done = await hall.until_job(job.id, "printed")
        assert not done.copy
        [sheet] = printer.papers
        assert sheet.codes(tmp_path) == [f"{URL}token-of-A-001"]
        assert printer.sheets == [sheet]  # nothing was begun a second time


async def test_cut_off_in_the_middle(tmp_path: Path, clock: Hands) -> None:
    """A paper may exist: it is printed again, and says that it may be the second one."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        printer.dies_after = 3000
        job = await hall.print("A-001")
        done = await hall.until_job(job.id, "printed")
        assert done.copy
        [sheet] = printer.papers
        assert "SALINAN" in sheet.text[0]


async def test_nobody_there(tmp_path: Path, clock: Hands) -> None:
    """A refused connection is offline; it is tried again until the printer is switched on."""
    printer = Printer()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        printer.port = taken.getsockname()[1]
    async with room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        job = await hall.print("A-001")
        held = await hall.until_job(job.id, "queued", "offline")
        assert not held.sent
        assert hall.printing.state("depan").seen == 0
        await printer.start()
        done = await hall.until_job(job.id, "printed")
        assert not done.copy
        await printer.stop()


@pytest.mark.parametrize("fault", ["mute", "rubbish"])
async def test_a_printer_that_makes_no_sense(tmp_path: Path, clock: Hands, fault: str) -> None:
    """Without an answer that can be one, nothing is sent to it."""
    async with printing() as printer:
        printer.mute = True
        printer.rubbish = fault == "rubbish"
        async with room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
            job = await hall.print("A-001")
            held = await hall.until_job(job.id, "queued", "mute")
            assert not held.sent
            assert not printer.sheets


async def test_rubbish_around_good_answers(tmp_path: Path, clock: Hands) -> None:
    """Is not believed to say that there is no paper."""
    async with printing() as printer:
        printer.rubbish = True
        async with room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
            job = await hall.print("A-001")
            await hall.until_job(job.id, "printed")
            assert len(printer.papers) == 1


async def test_a_printer_that_answers_nothing(tmp_path: Path, clock: Hands) -> None:
    """With `status = false` what it has taken counts as printed."""
    async with printing() as printer:
        printer.mute = True
        async with room(tmp_path / "p.db", clock, depan=on(printer, status=False)) as hall:
            job = await hall.print("A-001")
            await hall.until_job(job.id, "printed")
            await printer.printed(1)


async def test_a_printer_that_does_not_know_the_fence(tmp_path: Path, clock: Hands) -> None:
    """Is waited for once; after that its status alone is believed."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        printer.fenceless = True
        for number in ("A-001", "A-002"):
            job = await hall.print(number)
            await hall.until_job(job.id, "printed")
        assert [sheet.text[0] for sheet in printer.papers] == ["A-001", "A-002"]


async def test_a_printer_that_is_stuck(
    tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to confirm, and doesn't: nobody knows, staff decide, the papers behind it go on."""
    monkeypatch.setattr(delivering, "LONGEST", 0.3)
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        await hall.until_job((await hall.print("A-001")).id, "printed")
        printer.stuck = True
        job = await hall.print("A-002")
        await hall.until_job(job.id, "failed", "mute")
        printer.stuck = False
        await hall.until_job((await hall.print("A-003")).id, "printed")
        await hall.printing.retry(job.id)
        assert (await hall.until_job(job.id, "printed")).copy


async def test_an_old_paper_is_not_printed(tmp_path: Path, clock: Hands) -> None:
    """Ten minutes on nobody waits for it; staff can still have it printed."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        printer.paper_out = True
        job = await hall.print("A-001")
        await hall.until_job(job.id, "queued", "paper_out")
        clock.at += 11 * 60_000
        printer.paper_out = False
        await hall.until_job(job.id, "expired", "paper_out")
        assert not printer.sheets
        await hall.printing.retry(job.id)
        done = await hall.until_job(job.id, "printed")
        assert not done.copy


async def test_a_cancelled_paper_is_not_printed(tmp_path: Path, clock: Hands) -> None:
    """Nor does it hold up those behind it, also when the printer has it in hand."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        printer.paper_left = 900
        job = await hall.print("A-001")
        await hall.until_job(job.id, "printing", "paper_out")
        await hall.printing.cancel(job.id)
        assert await hall.printing.cancel(job.id) is None
        other = await hall.print("A-002")
        printer.refill()
        await hall.until_job(other.id, "printed")
        assert (await hall.until_job(job.id, "cancelled")).sent


async def test_a_second_paper_is_a_copy(tmp_path: Path, clock: Hands) -> None:
    """Wherever it is printed, and only when the first may exist."""
    async with (
        printing() as front, printing(384, native_qr=False) as back,
        room(tmp_path / "p.db", clock, depan=on(front), samping=on(back, width=58)) as hall,
    ):  # fmt: skip
        front.paper_out = True
        first = await hall.print("A-001")
        await hall.until_job(first.id, "queued", "paper_out")
        second = await hall.print("A-001", "samping")
        assert not (await hall.until_job(second.id, "printed")).copy
        front.paper_out = False
        assert (await hall.until_job(first.id, "printed")).copy
        assert "SALINAN" in front.papers[0].text[0]


async def test_a_test_print(tmp_path: Path, clock: Hands) -> None:
    """Belongs to no ticket, so it is never a copy."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        for key in ("one", "two"):
            job = await hall.printing.print_test("depan", key=key, by="u1")
            assert not (await hall.until_job(job.id, "printed")).copy
        assert [sheet.text[0] for sheet in printer.papers] == ["depan", "depan"]


async def test_paper_near_its_end_is_seen_while_nothing_is_printed(
    tmp_path: Path, clock: Hands
) -> None:
    """So that staff know before a citizen does."""
    async with printing() as printer, room(tmp_path / "p.db", clock, depan=on(printer)) as hall:
        await hall.until(lambda: hall.printing.state("depan").paper == "ok")
        printer.paper_low = True
        hall.printing.look("depan")
        await hall.until(lambda: hall.printing.state("depan").paper == "low")
        assert not hall.printing.state("depan").reason
