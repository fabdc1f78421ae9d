"""Paper in a real Chromium and a real printer's conversation: chosen, printed, out, mended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.config import PrinterSection
from tests.printing.printer import Printer, printing

from ..citizens.hall import SERVICE, Running, running
from ..citizens.screens import KIOSK, chromium, is_sound, opened


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(whole=True) as browser:
        yield browser


@pytest.fixture
async def printer() -> AsyncIterator[Printer]:
    async with printing() as printer:
        yield printer


@pytest.fixture
async def hall(tmp_path: Path, printer: Printer) -> AsyncIterator[Running]:
    printers = {
        "depan": PrinterSection(printer.address, timeout_seconds=2),
        "lokal": PrinterSection(kind="browser"),
    }
    async with running(tmp_path, printers=printers) as hall:
        await hall.open("1")
        yield hall


@pytest.fixture
async def kiosk(browser: Browser, hall: Running) -> AsyncIterator[Page]:
    async with opened(browser, KIOSK) as page:
        yield page


def paper(page: Page, state: str) -> object:
    return expect(page.locator(f'#paper[data-paper="{state}"]')).to_be_visible()


async def test_out_of_paper_and_mended(hall: Running, kiosk: Page, printer: Printer) -> None:
    """The number stays, the screen says what happens, and goes on by itself; by keyboard too."""
    await kiosk.goto(f"{hall.url}/kiosk/services/{SERVICE}?printer=depan")
    await is_sound(kiosk, "kiosk-paper-choice")
    printer.paper_left = 900
    await kiosk.locator("#take-number").focus()
    await kiosk.keyboard.press("Enter")
    await expect(kiosk.locator('#paper[data-paper="held"]')).to_be_visible()
    await expect(kiosk.get_by_role("status").filter(has_text="Kertas habis")).to_be_visible()
    await expect(kiosk.locator(".ticket-number")).to_have_text("A-001")
    assert int(await kiosk.locator("#stay-left").inner_text()) > 40
    await is_sound(kiosk, "kiosk-paper-held")
    printer.refill()
    await expect(kiosk.locator('#paper[data-paper="printed"]')).to_be_visible()
    await expect(kiosk.get_by_role("status").filter(has_text="Ambil kertas Anda")).to_be_visible()
    await is_sound(kiosk, "kiosk-paper-printed")
    assert len(printer.papers) == 1
    await kiosk.locator("#done").tap()
    await expect(kiosk).to_have_url(f"{hall.url}/kiosk?printer=depan")


async def test_the_number_stays_until_the_paper_is_out(
    hall: Running, kiosk: Page, printer: Printer
) -> None:
    """A slow printer doesn't lose the citizen the screen."""
    await kiosk.clock.install()
    await hall.house.rooms.printing.print_test("depan", key="k", by="u1")
    await printer.printed(1)
    printer.stuck = True
    await kiosk.goto(f"{hall.url}/kiosk/services/{SERVICE}?printer=depan")
    await kiosk.locator("#take-number").tap()
    await expect(kiosk.locator('#paper[data-paper="coming"]')).to_be_visible()
    for _ in range(40):
        await kiosk.clock.run_for(1_000)
    await expect(kiosk.locator(".ticket-number")).to_be_visible()
    await kiosk.locator("#done").tap()
    await expect(kiosk.locator('#kiosk[data-screen="start"]')).to_be_attached()


async def test_the_browsers_own_printer(hall: Running, kiosk: Page) -> None:
    """The ticket's screen asks for its print once, and what it prints is one narrow page."""
    await kiosk.add_init_script("window.print = () => { document.title += ' (printed)'; };")
    await kiosk.goto(f"{hall.url}/kiosk/services/{SERVICE}?printer=lokal")
    await kiosk.locator("#take-number").tap()
    await expect(kiosk).to_have_title("A-001 · Antrean (printed)")
    await kiosk.emulate_media(media="print")
    for shown in (".ticket-number", ".qr", ".facts"):
        await expect(kiosk.locator(shown)).to_be_visible()
    for hidden in (".bar", ".finish", "#paper", ".clock"):
        await expect(kiosk.locator(hidden)).to_be_hidden()
    assert (await kiosk.locator("#kiosk").bounding_box() or {})["width"] <= 72 / 25.4 * 96 + 1
