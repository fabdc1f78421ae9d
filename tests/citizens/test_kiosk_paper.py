"""Paper at the kiosk, without a browser: who is asked, what is ordered, and how often."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from citizens import kiosk_paper
from citizens.kiosk_visit import Visit
from queue_server.config import ConfigError, PrinterSection
from queue_server.printing import Job
from tests.printing.printer import Printer, printing

from .hall import SERVICE, Running, running

KEY = "k" * 20


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    async with printing() as printer:
        yield printer


@pytest.fixture
async def hall(tmp_path: Path, printer: Printer) -> AsyncIterator[Running]:
    printers = {
        "depan": PrinterSection(printer.address, timeout_seconds=1),
        "lokal": PrinterSection(kind="browser"),
    }
    async with running(tmp_path, printers=printers) as hall:
        yield hall


@pytest.fixture
async def client(hall: Running) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        yield client


async def take(client: httpx2.AsyncClient, key: str = KEY, **form: str) -> httpx2.Response:
    form = {"service": SERVICE, "key": key, **form}
    return await client.post("/kiosk/tickets", data=form, follow_redirects=True)


async def jobs(hall: Running) -> list[Job]:
    return await hall.house.rooms.printing.latest()


async def test_paper_is_asked_for_where_there_is_a_printer(client: httpx2.AsyncClient) -> None:
    """And nowhere else; the printer that is named must be one."""
    path = f"/kiosk/services/{SERVICE}?key={KEY}"
    for query, asked in (("&printer=depan", True), ("", False), ("&printer=nowhere", False)):
        page = await client.get(path + query)
        assert ('name="paper"' in page.text) == asked
        assert ("printer=" in page.text.replace("printer=nowhere", "")) == asked


async def test_every_link_keeps_the_printer_and_the_next_citizen_has_it(
    client: httpx2.AsyncClient,
) -> None:
    """It belongs to the machine, not to the visit."""
    page = await client.get("/kiosk?printer=depan&large=1&lang=en")
    links = re.findall(r'href="(/kiosk[^"]*)"', page.text)
    assert links
    assert all("printer=depan" in link for link in links)
    assert 'data-fresh="/kiosk?printer=depan"' in page.text


async def test_one_tap_one_paper(hall: Running, client: httpx2.AsyncClient) -> None:
    """Also when the form is sent again because its answer was lost."""
    for _ in range(2):
        page = await take(client, paper="1", printer="depan")
        assert 'data-paper="' in page.text
    [job] = await jobs(hall)
    assert (job.printer, job.number) == ("depan", "A-001")
    assert len(hall.hall.tickets) == 1


async def test_without_paper(hall: Running, client: httpx2.AsyncClient) -> None:
    """Nothing is printed; the screen still offers it, once."""
    page = await take(client, paper="", printer="depan")
    assert 'data-paper="offered"' in page.text
    assert not await jobs(hall)
    [form] = re.findall(r'action="(/kiosk/tickets/[^"]+/prints)"', page.text)
    for _ in range(2):
        page = await client.post(form, data={"printer": "depan"}, follow_redirects=True)
    assert 'data-paper="offered"' not in page.text
    assert len(await jobs(hall)) == 1


async def test_a_kiosk_without_a_printer_prints_nothing(
    hall: Running, client: httpx2.AsyncClient
) -> None:
    """Whatever its form says."""
    page = await take(client, paper="1")
    assert "data-paper" not in page.text
    assert not await jobs(hall)


async def test_a_code_that_leads_to_a_new_number_prints_it(hall: Running) -> None:
    """A booking checked in, a document fetched; not a number that its holder has already."""
    visit = Visit(printer="depan")
    for came, printed in (("booked", True), ("fetches", True), ("present", False), ("here", False)):
        assert kiosk_paper.proposed_for(hall.house, visit, came) == printed  # type: ignore[arg-type]  # literals
    assert not kiosk_paper.proposed_for(hall.house, Visit(), "booked")


async def test_the_browser_prints(hall: Running, client: httpx2.AsyncClient) -> None:
    """The screen itself, when paper was chosen; the server has no job for it."""
    assert 'data-paper="own"' in (await take(client, paper="1", printer="lokal")).text
    other = await take(client, "m" * 20, paper="", printer="lokal")
    assert 'data-paper="offered"' in other.text
    assert not await jobs(hall)


async def test_a_printer_without_paper_is_not_offered(
    hall: Running, client: httpx2.AsyncClient, printer: Printer
) -> None:
    """The citizen hears it before the number is taken."""
    printer.paper_out = True
    hall.house.rooms.printing.look("depan")
    page = ""
    while "Kertas printer habis" not in page:
        page = (await client.get(f"/kiosk/services/{SERVICE}?key={KEY}&printer=depan")).text
    assert 'name="paper"' not in page


async def test_the_papers_way(hall: Running, client: httpx2.AsyncClient, printer: Printer) -> None:
    """Asked for as a part of the screen: coming, then printed; nothing to follow after that."""
    page = await take(client, paper="1", printer="depan")
    token = page.url.path.rpartition("/")[2]
    await printer.printed(1)
    text = ""
    while 'data-paper="printed"' not in text:
        part = await client.get(f"/kiosk/tickets/{token}/paper?printer=depan")
        text = part.text
    assert "data-follow" not in text
    assert "Ambil kertas Anda" in text
    assert (await client.get("/kiosk/tickets/nobody/paper?printer=depan")).status_code == 404
    assert (await client.get(f"/kiosk/tickets/{token}/paper")).status_code == 404


async def test_the_paper_says_what_the_hall_knows(
    hall: Running, client: httpx2.AsyncClient, printer: Printer, tmp_path: Path
) -> None:
    """Number, service, agency, where, who is ahead, an honest estimate, when, and the code."""
    await hall.take()
    page = await take(client, paper="1", printer="depan", lang="en")
    [sheet] = await printer.printed(1)
    text = "\n".join(sheet.text)
    for said in (
        "Your queue number", "e-KTP enrolment", "Zone A - Civil registration", "Counter 1",
        "1 person ahead", "not yet known", "24 Nov 2026, 09:41", "Keep this ticket",
    ):  # fmt: skip
        assert said in text
    token = page.url.path.rpartition("/")[2]
    assert sheet.codes(tmp_path) == [f"https://antrean.example/t/{token}"]


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("<paper><line>{{ paper.nothing }}</line></paper>", "no attribute 'nothing'"),
        ("<paper>{% if %}</paper>", "layout.xml:1: Expected an expression"),
        ("<paper><table/></paper>", "<table>: expected one of"),
    ],
)
async def test_a_wrong_layout_stops_the_start(tmp_path: Path, layout: str, said: str) -> None:
    """With the file, and what is wrong in it."""
    (tmp_path / "layout.xml").write_text(layout)
    with pytest.raises(ConfigError, match=f"printing.template: .*{re.escape(said)}"):
        async with running(tmp_path, template=str(tmp_path / "layout.xml")):
            pass


async def test_a_layout_of_ones_own(tmp_path: Path, printer: Printer) -> None:
    """Prints instead of ours."""
    layout = tmp_path / "layout.xml"
    layout.write_text("<paper><line>Nomor {{ paper.ticket.state.number }}</line></paper>")
    printers = {"depan": PrinterSection(printer.address)}
    async with running(tmp_path, printers=printers, template=str(layout)) as hall:
        ticket = await hall.take()
        await hall.house.rooms.printing.print_ticket(ticket, "depan", key="k", by="u1")
        [sheet] = await printer.printed(1)
        assert sheet.text[0] == "Nomor A-001"
