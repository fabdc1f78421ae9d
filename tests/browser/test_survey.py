"""The survey in a real Chromium: by keyboard on a phone, by touch at kiosk and tablet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.survey.elements import QUESTIONNAIRE

from ..citizens.hall import Running, running
from ..citizens.screens import KIOSK, PHONE, chromium, is_sound, opened

TABLET = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1", "2")
        yield hall


async def served(hall: Running, counter: str = "1") -> Ticket:
    ticket = await hall.take()
    await hall.call(counter, ticket)
    await hall.act(c.StartService, counter)
    await hall.act(c.FinishService, counter)
    return hall.fresh(ticket)


async def in_box(hall: Running) -> int:
    return await hall.house.rooms.survey.waiting()


async def test_a_phone_by_keyboard(browser: Browser, hall: Running) -> None:
    """From the ticket to thanks without a touch; a text that names a person comes back."""
    ticket = await served(hall)
    async with opened(browser, PHONE, locale="id-ID") as page:
        await page.goto(f"{hall.url}/t/{ticket.token}")
        await page.get_by_role("link", name="Nilai layanan").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Bagaimana layanan kami?")).to_be_visible()
        await is_sound(page, "survey-phone")
        for code in QUESTIONNAIRE:
            await page.locator(f"[name={code}]").first.focus()
            await page.keyboard.press("Space")
            await page.keyboard.press("ArrowDown")
            await page.keyboard.press("ArrowDown")
        await page.locator("#complaint").focus()
        await page.keyboard.type("hubungi 0812 3456 7890")
        await page.get_by_role("button", name="Kirim penilaian").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("nomor telepon")
        await is_sound(page, "survey-phone-refused")
        assert await page.locator("input[type=radio]:checked").count() == 9
        assert await page.locator("[name=waktu]:checked").get_attribute("value") == "3"
        await page.locator("#complaint").fill("Kursi kurang")
        await page.get_by_role("button", name="Kirim penilaian").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
        assert await in_box(hall) == 1
        await page.set_viewport_size({"width": 320, "height": 640})
        await page.goto(f"{hall.url}/survey/{(await served(hall)).token}?lang=en")
        assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_a_kiosk_by_touch(browser: Browser, hall: Running) -> None:
    """Code by large keys, nine taps, nothing to scroll; nobody's answers stay on the screen."""
    ticket = await served(hall)
    async with opened(browser, KIOSK, locale="id-ID") as page:
        await page.clock.install()
        await page.goto(f"{hall.url}/kiosk")
        await page.get_by_role("link", name="Nilai layanan").tap()
        await expect(page.get_by_label("Kode survei (8 angka)")).to_be_visible()
        await is_sound(page, "survey-kiosk-code")
        await type_code(page, hall.house.rooms.survey.code(ticket.id))
        for at in range(9):
            await expect(page.locator(f'[name=step][value="{at}"]')).to_be_attached()
            if at == 0:
                await is_sound(page, "survey-kiosk-question")
                assert await page.evaluate("document.documentElement.scrollHeight") == 1920
            await page.locator(".choice").first.tap()
        await expect(page.get_by_role("heading", name="Tentang Anda")).to_be_visible()
        await is_sound(page, "survey-kiosk-about")
        await page.get_by_text("60 tahun ke atas").tap()
        await page.get_by_role("button", name="Kirim penilaian").tap()
        await expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
        assert await in_box(hall) == 1
        await page.clock.run_for(8000)
        await expect(page.locator("#kiosk")).to_be_attached()  # the first screen again
        other = await served(hall)
        await page.goto(f"{hall.url}/kiosk/survey")
        await type_code(page, hall.house.rooms.survey.code(other.id))
        await expect(page.locator(".choices")).to_be_visible()
        await page.clock.run_for(46_000)
        await expect(page.get_by_label("Kode survei (8 angka)")).to_be_visible()
        assert await in_box(hall) == 1


async def test_a_tablet_notices_and_outlives_the_server(browser: Browser, hall: Running) -> None:
    """A visit that was just served is offered by itself; a server that goes away is waited for."""
    async with opened(browser, TABLET, locale="id-ID") as page:
        await page.clock.install()
        await page.goto(f"{hall.url}/survey/tablet/2")
        await is_sound(page, "survey-tablet-waiting")
        ticket = await served(hall, "2")
        await page.clock.run_for(3500)
        await expect(page.get_by_text(f"Nomor {ticket.number} sudah dilayani.")).to_be_visible()
        await is_sound(page, "survey-tablet-offer")
        await page.get_by_role("button", name="Nilai layanan").tap()
        await expect(page.locator('[name=step][value="0"]')).to_be_attached()
        await is_sound(page, "survey-tablet-question")
        await hall.stop()
        await page.locator(".choice").first.tap()
        await expect(page.get_by_text("Terputus, mencoba lagi")).to_be_visible()
        await hall.start()
        await page.clock.run_for(3500)
        await expect(page.locator('[name=step][value="1"]')).to_be_attached()
        await expect(page.locator('[name=persyaratan][value="4"]')).to_be_attached()


async def type_code(page: Page, code: str) -> None:
    for digit in code:
        await page.locator(f'[data-key="{digit}"]').tap()
    await page.locator(".pad [type=submit]").tap()
