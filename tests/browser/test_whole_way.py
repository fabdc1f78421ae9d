"""The whole way through one hall, in real browsers: kiosk, console, two boards, phone, restart."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.kit import chromium
from tests.hall import Process

KIOSK, BOARD, DESK, PHONE = (1080, 1920), (1920, 1080), (1366, 768), (390, 844)
COUNTER = "37"
"""It gives passports."""


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(tmp_path / "data")
    await process.start()
    yield process
    await process.stop()


async def _open(browser: Browser, url: str, size: tuple[int, int], **more: Any) -> Page:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="id-ID", **more
    )
    page = await context.new_page()
    await page.goto(url)
    return page


async def _take(kiosk: Page, url: str, folder: Path) -> tuple[str, str]:
    """Take a number by touch: (number, the address behind its QR code)."""
    await kiosk.goto(f"{url}/kiosk")
    await kiosk.get_by_role("link", name="Imigrasi").first.tap()
    await kiosk.get_by_role("link", name="Paspor Baru").tap()
    await kiosk.get_by_role("button", name="Ambil nomor").tap()
    await expect(kiosk).to_have_url(re.compile("/kiosk/.+"))
    number = (await kiosk.locator(".number").first.inner_text()).strip()
    picture = folder / "ticket.png"
    await kiosk.screenshot(path=picture)
    return number, await _decoded(picture)


async def _decoded(picture: Path) -> str:
    """What a phone's camera reads off the kiosk's screen."""
    child = await asyncio.create_subprocess_exec(
        "zbarimg", "-q", "--raw", str(picture), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await child.communicate()
    return out.decode().strip()


async def _sign_in(hall: Process, browser: Browser) -> Page:
    """A new operator's first sign-in, and her counter."""
    _, password, _ = await hall.command("user", "add", "sari", "--role", "operator")
    desk = await _open(browser, f"{hall.url}/sign-in?next=/counters/{COUNTER}", DESK)
    await desk.fill("#name", "sari")
    await desk.fill("#password", password.strip())
    await desk.press("#password", "Enter")
    await desk.fill("#old", password.strip())
    await desk.fill("#new", "kata sandi yang panjang")
    await desk.fill("#again", "kata sandi yang panjang")
    await desk.press("#again", "Enter")
    await desk.goto(f"{hall.url}/counters/{COUNTER}")
    return desk


async def _rested(desk: Page) -> None:
    """The feed may show an act before its own answer is here; until then no key is taken."""
    await expect(desk.locator("[data-busy]")).to_have_count(0)


async def test_the_whole_way(hall: Process, tmp_path: Path) -> None:
    """A number taken by touch is called by one key, painted on both boards and on the phone,
    recalled, survives kill -9, is started and finished; the pages recover by themselves."""
    async with chromium(whole=True) as browser:
        kiosk = await _open(browser, f"{hall.url}/kiosk", KIOSK, has_touch=True)
        number, address = await _take(kiosk, hall.url, tmp_path)
        boards = [
            await _open(browser, f"{hall.url}/displays/{zone}?sound=off", BOARD)
            for zone in ("d", "hall")
        ]
        phone = await _open(browser, address, PHONE)
        await expect(phone.locator("main")).to_have_attribute("data-status", "waiting")
        desk = await _sign_in(hall, browser)
        await desk.keyboard.press("Enter")  # opens the counter
        await expect(desk.get_by_text(number).first).to_be_visible()
        await expect(desk.get_by_text("Buka sejak")).to_be_visible()
        await _rested(desk)
        # Another key: the same one again within a moment is taken for a bounce.
        await desk.keyboard.press("NumpadEnter")  # calls next
        for board in boards:
            await expect(board.locator(".call.is-now .number")).to_have_text(number)
        await expect(phone.locator("main")).to_have_attribute("data-status", "called")
        assert COUNTER in (await phone.title())
        await hall.kill()
        await hall.start(hall.port)
        await expect(phone.locator("main")).to_have_attribute("data-status", "called")
        for board in boards:
            await expect(board.locator(".call.is-now .number")).to_have_text(number)
        await _rested(desk)
        await desk.keyboard.press("Enter")  # starts
        await expect(phone.locator("main")).to_have_attribute(
            "data-status", "serving", timeout=20_000
        )
        await _rested(desk)
        await desk.keyboard.press("NumpadDecimal")  # finishes without calling
        await expect(phone.locator("main")).to_have_attribute("data-status", "served")
