"""A hall from nothing, in a real browser, by keyboard alone, as a new administrator would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.process import _first_password
from tests.browser.kit import chromium, violations
from tests.hall import Running, config, running

PASSWORD = "kuda laut ungu tujuh"
DESK = {"width": 1366, "height": 768}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    settings = config(ANTREAN_HALL__CATALOGUE='""', ANTREAN_SPEECH__ENABLED="true")
    async with running(tmp_path / "data", settings) as found:
        yield found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium(whole=True) as browser:
        yield browser


class Hands:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def on(self, selector: str) -> None:
        """Tab until it has the focus."""
        for _ in range(60):
            if await self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"no way to {selector}")

    async def write(self, selector: str, text: str) -> None:
        """In the place of what is there."""
        await self.on(selector)
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.type(text)

    async def press(self, selector: str, path: str) -> None:
        """Press it, and come to a page; it is for every eye."""
        await self.on(selector)
        async with self.page.expect_navigation(url=f"**{path}"):
            await self.page.keyboard.press("Enter")
        assert await violations(self.page) == []


async def test_a_hall_is_set_up_by_keyboard(hall: Running, browser: Browser) -> None:
    """From the code on the server's window to a call that stands on the new display and can be
    heard: every step by Tab, letters and Enter, no page with an axe-core violation."""
    code = await _first_password(hall.house.office)
    page = await (await browser.new_context(locale="id", viewport=DESK)).new_page()
    hands = Hands(page)
    await page.goto(f"{hall.url}/")
    assert await violations(page) == []
    await hands.write("#code", code)
    await hands.write("#new", PASSWORD)
    await hands.write("#again", PASSWORD)
    await hands.press("button[type=submit]", "/setup/steps/hall")
    await hands.write("#name", "MPP Kota Baru")
    await hands.press("form.card button", "/setup/steps/services")
    await hands.write("#name", "Disdukcapil")
    await hands.write("#services", "KTP-el\nKartu Keluarga")
    await hands.press("#agency button", "/setup/steps/services#agency")
    await hands.press(".setup-next a", "/setup/steps/display")

    television = await (await browser.new_context(locale="id")).new_page()
    await television.goto(f"{hall.url}/displays/screen")
    await television.get_by_role("button", name="Tampilkan kode").click()
    shown = television.locator(".enrol-code")
    await hands.write("#code", await shown.inner_text())
    await hands.press("form.card button", "/setup/steps/kiosk")
    await hands.press("#later", "/setup/steps/printer")
    await hands.press("#later", "/setup/steps/call")
    await hands.press("form.card button", "/setup/steps/call")
    await expect(page.locator(".trial-call")).to_contain_text("A-001, silakan menuju Loket 1")
    await expect(television.get_by_text("A-001").first).to_be_visible(timeout=15_000)
    sound = await page.locator("audio").get_attribute("src")
    heard = await page.request.get(f"{hall.url}{sound}")
    assert len(await heard.body()) > 10_000
    await hands.press("button[name=heard]", "/setup")
    await expect(page.locator("h1")).to_have_text("Mal siap")
