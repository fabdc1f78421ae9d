"""The scanner at the kiosk: a keyboard that types fast, heard on every screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c

from ..citizens.hall import CHIEF, SERVICE, Running, running
from ..citizens.screens import KIOSK, chromium, is_sound, opened


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1")
        yield hall


@pytest.fixture
async def kiosk(browser: Browser, hall: Running) -> AsyncIterator[Page]:
    async with opened(browser, KIOSK) as page:
        await page.goto(f"{hall.url}/kiosk")
        yield page


async def at(page: Page, screen: str) -> None:
    await expect(page.locator(f'#kiosk[data-screen="{screen}"]')).to_be_attached()


async def test_a_remote_ticket_is_here_whatever_stands_on_the_screen(
    hall: Running, kiosk: Page
) -> None:
    """Scanned over a half-typed search: nothing of the code stays in it, presence is noted once."""
    ticket = await hall.take(remote=True)
    await kiosk.locator("#find").tap()
    await at(kiosk, "search")
    await kiosk.keyboard.type("paspor", delay=120)
    await kiosk.keyboard.type(f"https://antrean.example/t/{ticket.token}")
    await kiosk.keyboard.press("Enter")
    await at(kiosk, "ticket")
    await expect(kiosk.get_by_role("status")).to_have_text(
        "Kehadiran Anda dicatat. Silakan tunggu panggilan."
    )
    await expect(kiosk.locator(".ticket-number")).to_have_text(ticket.number)
    await is_sound(kiosk, "kiosk-came")
    assert not hall.fresh(ticket).remote
    assert ticket.token not in kiosk.url.partition("tickets/")[0]
    await kiosk.locator("#done").tap()
    await at(kiosk, "start")
    await kiosk.go_back()
    await at(kiosk, "start")


async def test_papers_complete_and_back(hall: Running, kiosk: Page) -> None:
    """A pending ticket waits again with its arrival kept; in the look of who stands there."""
    ticket = await hall.take()
    await hall.call("1")
    await hall.act(c.StartService)
    await hall.do(c.DeferTicket(counter="1", ticket=ticket.id, missing=(0,), by=CHIEF))
    await kiosk.locator("#contrast").tap()
    await expect(kiosk.locator("html.contrast")).to_be_attached()
    await kiosk.keyboard.type(f"http://10.0.0.5:8000/t/{ticket.token}")
    await kiosk.keyboard.press("Enter")
    await expect(kiosk.get_by_text("Selamat datang kembali")).to_be_visible()
    await expect(kiosk.locator("html.contrast")).to_be_attached()
    found = hall.fresh(ticket)
    assert (found.status, found.joined) == ("waiting", ticket.joined)


async def test_a_typed_code_and_an_unknown_one(hall: Running, kiosk: Page) -> None:
    """The screen's own keyboard and button; what is unknown says what to do, and lets one retry."""
    await kiosk.locator("#check-in").tap()
    await at(kiosk, "check-in")
    await is_sound(kiosk, "kiosk-check-in")
    for key in "abc123":
        await kiosk.locator(f'[data-key="{key}"]').tap()
    await kiosk.locator("#go").tap()
    await at(kiosk, "sorry")
    await expect(kiosk.get_by_role("alert").filter(has_text="tidak dikenal")).to_be_visible()
    await is_sound(kiosk, "kiosk-sorry")
    await kiosk.locator("#retry").tap()
    await at(kiosk, "check-in")
    await expect(kiosk.locator("#q")).to_have_value("")


async def test_fingers_are_no_scanner(hall: Running, kiosk: Page) -> None:
    """Slow letters and Enter on the search screen search."""
    await kiosk.locator("#find").tap()
    await at(kiosk, "search")
    await kiosk.keyboard.type("paspor", delay=90)
    await kiosk.keyboard.press("Enter")
    await at(kiosk, "search")
    await expect(kiosk.locator("#q")).to_have_value("paspor")
    assert "check-in" not in kiosk.url


async def test_a_missed_number_is_taken_up_in_one_touch(hall: Running, kiosk: Page) -> None:
    """Shown why, and offered the end of the line or a new number."""
    ticket = await hall.take()
    await hall.call("1")
    await hall.act(c.MarkNoShow)
    await kiosk.keyboard.type(f"https://antrean.example/t/{ticket.token}")
    await kiosk.keyboard.press("Enter")
    await at(kiosk, "sorry")
    await is_sound(kiosk, "kiosk-missed")
    await expect(kiosk.locator("#instead")).to_have_attribute("href", f"/kiosk/services/{SERVICE}")
    await kiosk.locator("#again").tap()
    await at(kiosk, "ticket")
    assert hall.fresh(ticket).status == "waiting"
