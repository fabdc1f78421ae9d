"""The printers' page: how they are, what failed, and what staff can do about it."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import ViewportSize, expect

from admin.printers import find
from tests.browser.kit import chromium, violations
from tests.printing.hall import Printed, printed_hall

HERE = "/admin/printers"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Printed]:
    async with printed_hall(tmp_path) as hall:
        yield hall


async def page_with(client: httpx2.AsyncClient, text: str) -> str:
    """The page, as soon as it says so."""
    page = ""
    while text not in page:
        page = (await client.get(HERE)).text
    return page


async def test_who_may_enter(hall: Printed) -> None:
    """All staff; nobody else."""
    for role in ("operator", "supervisor", "admin"):
        client = await hall.hall.client(role)
        assert (await client.get(HERE)).status_code == 200
    assert (await (await hall.hall.client("display")).get(HERE)).status_code == 403
    assert (await (await hall.hall.client()).get(HERE)).status_code == 401


async def test_printed_again_by_number(hall: Printed) -> None:
    """As people write it; once for a form, however often it is sent."""
    client, ticket = await hall.signed_in("operator"), await hall.take()
    page = (await client.get(HERE)).text
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
    form = {"number": " a1 ", "printer": "depan", "nonce": nonce}
    for _ in range(2):
        assert (await client.post(f"{HERE}/prints", data=form)).status_code == 303
    await hall.printer.printed(1)
    await page_with(client, "tercetak")
    assert len(await hall.printing.of_ticket(ticket.token)) == 1
    await client.post(f"{HERE}/prints", data={**form, "nonce": "n" * 20})
    assert "SALINAN" in (await hall.printer.printed(2))[1].text[0]


async def test_a_number_that_is_not(hall: Printed) -> None:
    """The page says so, and keeps what was typed."""
    client = await hall.signed_in("operator")
    form = {"number": "<b>Z-9", "printer": "depan"}
    answer = await client.post(f"{HERE}/prints", data=form)
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;Z-9"' in answer.text
    assert "tidak ada hari ini" in answer.text
    answer = await client.post(f"{HERE}/prints", data={**form, "printer": "nowhere"})
    assert answer.status_code == 422


async def test_taken_back_and_tried_again(hall: Printed) -> None:
    """While there is no paper: cancelled, then wanted after all."""
    client, ticket = await hall.signed_in("supervisor"), await hall.take()
    hall.printer.paper_out = True
    await client.post(f"{HERE}/prints", data={"number": "A-001", "printer": "depan"})
    await page_with(client, "Kertas habis")
    [job] = await hall.printing.of_ticket(ticket.token)
    await client.post(f"{HERE}/jobs/{job.id}/cancellations")
    assert "dibatalkan" in (await client.get(HERE)).text
    hall.printer.paper_out = False
    await client.post(f"{HERE}/jobs/{job.id}/retries")
    await hall.printer.printed(1)
    await page_with(client, "tercetak")


async def test_a_test_print(hall: Printed) -> None:
    """Comes out of the printer that was meant, with its name."""
    client = await hall.signed_in("admin")
    await client.post(f"{HERE}/tests", data={"printer": "depan", "nonce": "n" * 20})
    [sheet] = await hall.printer.printed(1)
    assert any("Kios depan" in line for line in sheet.text)


async def test_numbers_as_people_write_them(hall: Printed) -> None:
    """With or without dash and zeros, in any case; nothing else finds a ticket."""
    ticket = await hall.take()
    state = hall.hall.house.hall
    for text in ("A-001", "a-001", "A1", "a 01", " A001 "):
        assert find(state, text) == ticket
    for text in ("", "1", "A", "A-002", "B-001", "A-1-1", "A--1"):
        assert find(state, text) is None


async def test_the_page_in_a_browser(hall: Printed) -> None:
    """Accessible; tells by itself that the paper is out, and the supervisor's board does too;
    what is being typed stays."""
    hall_, office = hall.hall, hall.hall.house.office
    once = await office.add_user("sari", "supervisor")
    await office.change_password((await office.users())[-1].id, once, "kuda laut ungu 7")
    await hall.take()
    async with chromium() as browser:
        size: ViewportSize = {"width": 1366, "height": 768}
        context = await browser.new_context(viewport=size, locale="id-ID")
        page = await context.new_page()
        await page.goto(f"{hall_.url}/sign-in?next={HERE}")
        await page.fill("#name", "sari")
        await page.fill("#password", "kuda laut ungu 7")
        await page.press("#password", "Enter")
        await expect(page.get_by_text("Siap", exact=True)).to_be_visible()
        assert not await violations(page)
        board = await context.new_page()
        await board.goto(f"{hall_.url}/supervisor")
        await page.bring_to_front()
        await page.fill("#number", "A-0")
        hall.printer.paper_out = True
        hall.printing.look("depan")
        await expect(page.get_by_text("Kertas habis: pasang gulungan baru")).to_be_visible()
        assert await page.input_value("#number") == "A-0"
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        assert not await violations(page)
        alarms = board.get_by_role("group", name="Alarm")
        await expect(alarms.locator("b", has_text="Kios depan")).to_be_visible()
        await expect(alarms.get_by_text("Kertas habis")).to_be_visible()
        if "SHOTS" in os.environ:
            await page.set_viewport_size(size)
            await page.screenshot(path=Path(os.environ["SHOTS"]) / "admin-printers.png")
            await board.screenshot(path=Path(os.environ["SHOTS"]) / "floor-printer.png")
