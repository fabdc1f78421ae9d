"""A colleague's first day and last hour, in a browser, by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.counters.kit import PASSWORD, Place, place

from .kit import chromium


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as made:
        yield made


async def added(page: Page, hall: Place) -> str:
    """The administrator adds an operator of one agency without touching the mouse; the password."""
    await page.goto(f"{hall.url}/admin/people")
    await page.get_by_text("Tambah pengguna").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Sari Dewi")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")  # the bounds unfold
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Sari Dewi")).to_be_visible()
    await expect(page.get_by_role("button", name="Cetak")).to_be_visible()
    return await page.locator("#secret").inner_text()


async def test_a_first_day_and_a_last_hour(browser: Browser, hall: Place) -> None:
    """Added by keyboard on a phone, signs in with the slip, chooses a password, opens a counter of
    the own agency; when the session is ended the open console closes by itself, at once."""
    _, secret = await hall.staff("Rina", "admin")
    phone = await browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
    await phone.add_cookies([hall.cookie(secret)])
    rina = await phone.new_page()
    once = await added(rina, hall)
    user = hall.house.office.named("Sari Dewi")
    assert user is not None
    assert len(user.bounds.agencies) == 1
    sari = await (await browser.new_context(locale="id-ID")).new_page()
    await sari.goto(f"{hall.url}/counters")
    await sari.get_by_label("Nama pengguna").fill("sari dewi")
    await sari.get_by_label("Kata sandi").fill(once)
    await sari.keyboard.press("Enter")
    await sari.get_by_label("Kata sandi sekali pakai").fill(once)
    await sari.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    await sari.get_by_label("Kata sandi baru sekali lagi").fill(PASSWORD)
    await sari.keyboard.press("Enter")
    await sari.wait_for_url(f"{hall.url}/counters")
    own = [
        counter.id for counter in hall.hall.plan.counters.values()
        if any(hall.hall.plan.services[s].agency in user.bounds.agencies for s in counter.services)
    ]  # fmt: skip
    links = sari.locator("main a[href^='/counters/']")
    shown = {await link.get_attribute("href") for link in await links.all()}
    assert shown <= {f"/counters/{counter}" for counter in own}
    await sari.goto(f"{hall.url}/counters/{own[0]}")
    await expect(sari.locator("#console")).to_be_visible()
    await rina.goto(f"{hall.url}/admin/people/{user.id}")
    await rina.get_by_role("button", name="Akhiri Sari Dewi").focus()
    await rina.keyboard.press("Enter")
    await sari.wait_for_url("**/sign-in?**")
    await expect(sari.get_by_label("Nama pengguna")).to_be_visible()
