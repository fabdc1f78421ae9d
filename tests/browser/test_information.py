"""A service's page in a real Chromium: ticks that stay, a present that stays present, paper."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from pypdf import PdfReader

from ..citizens.hall import CATALOGUE, SERVICE, Running, running
from ..citizens.screens import PHONE, chromium, opened


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1")
        yield hall


async def test_a_service_page_lives(hall: Running, browser: Browser) -> None:
    """What was ticked is ticked after a reload, on this device only; a number taken meanwhile is
    counted without one; the page's own policy stops nothing, the linked data included."""
    async with opened(browser, PHONE, locale="id-ID") as page:
        await page.clock.install()
        await page.goto(f"{hall.url}/services/{SERVICE}")
        await page.get_by_label("Fotokopi Kartu Keluarga").check()
        await expect(page.get_by_text("Centang disimpan di perangkat ini saja")).to_be_visible()
        await page.reload()
        await expect(page.get_by_label("Fotokopi Kartu Keluarga")).to_be_checked()
        await expect(page.get_by_label("Pemohon hadir sendiri")).not_to_be_checked()
        assert await page.context.cookies() == []
        await expect(page.locator("#now")).to_contain_text("Tidak ada yang menunggu")
        async with page.expect_response("**/now?lang=*"):
            await hall.take()
            await page.clock.run_for(1_000)
            for _ in range(12):
                await page.clock.run_for(1_000)
        await expect(page.locator("#now")).to_contain_text("1 orang menunggu")


async def test_the_list_to_take_along_is_printed(hall: Running, browser: Browser) -> None:
    """One sheet with every requirement and step, without the site around them."""
    async with opened(browser, PHONE, locale="id-ID") as page:
        await page.goto(f"{hall.url}/services/{SERVICE}")
        printed = PdfReader(io.BytesIO(await page.pdf(format="A4")))
    said = " ".join(" ".join(sheet.extract_text() for sheet in printed.pages).split())
    service = CATALOGUE.services[SERVICE]
    for line in (service.name.id, *service.requirements, *service.procedure, service.product):
        assert line in said
    for around in ("Bahasa Indonesia", "Cetak daftar ini", "Perkiraan tunggu"):
        assert around not in said
    assert len(printed.pages) == 1
