"""One number through several agencies, as its holder sees it: kiosk, phone, another line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c
from queue_server.core.model import Step

from ..citizens.hall import CATALOGUE, Running, running
from ..citizens.screens import KIOSK, PHONE, chromium, is_sound, opened
from .test_citizens import at

POLRES, JOBS = (str(CATALOGUE.counters_of(one)[0].id) for one in ("skck", "ak1"))


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    async with opened(browser, PHONE) as page:
        yield page


async def test_a_package_from_the_kiosk_to_the_last_counter(
    browser: Browser, hall: Running, phone: Page
) -> None:
    """Touched once, taken once; served at the first agency, called at the second under the same
    number; the phone shows the way and at the end the survey."""
    await hall.open(POLRES, JOBS)
    async with opened(browser, KIOSK) as kiosk:
        await kiosk.goto(f"{hall.url}/kiosk")
        await kiosk.locator("#packages").tap()
        await at(kiosk, "packages")
        await is_sound(kiosk, "kiosk-packages")
        await kiosk.get_by_role("link", name="Berkas melamar kerja").tap()
        await at(kiosk, "journey")
        await is_sound(kiosk, "kiosk-journey")
        await kiosk.locator("#take-number").tap()
        await at(kiosk, "ticket")
        await is_sound(kiosk, "kiosk-ticket-journey")
        number = await kiosk.locator(".ticket-number").inner_text()
    (ticket,) = hall.hall.tickets.values()
    await phone.goto(f"{hall.url}/t/{ticket.token}")
    await expect(phone.locator("#goto")).to_contain_text("Mulai di Polres")
    await hall.call(POLRES)
    await expect(phone.locator(".to")).to_have_text(f"Loket {POLRES}")
    await hall.act(c.StartService, POLRES)
    await expect(phone.get_by_text("Setelah ini: Disnakertrans")).to_be_visible()
    await is_sound(phone, "phone-way-serving")
    await hall.act(c.FinishService, POLRES)
    await expect(phone.locator("#goto")).to_contain_text("Lanjut ke Disnakertrans")
    await expect(phone.locator("#goto")).to_contain_text("Ini langkah terakhir.")
    await is_sound(phone, "phone-way-next")
    await hall.call(JOBS)
    await expect(phone.locator(".to")).to_have_text(f"Loket {JOBS}")
    await expect(phone.locator(".number")).to_have_text(number)
    await hall.act(c.StartService, JOBS)
    await hall.act(c.FinishService, JOBS)
    await expect(phone.get_by_role("heading", name="Kunjungan Anda selesai")).to_be_visible()
    await expect(phone.get_by_role("link", name="Nilai layanan")).to_be_visible()


async def test_one_is_put_together_by_touch(browser: Browser, hall: Running) -> None:
    """A service, "add another", found by search, added; one left out again; one number."""
    async with opened(browser, KIOSK) as kiosk:
        await kiosk.goto(f"{hall.url}/kiosk/services/skck")
        await kiosk.locator("#add").tap()
        await at(kiosk, "start")
        await is_sound(kiosk, "kiosk-start-basket")
        for name in ("ak1", "paspor"):
            await kiosk.goto(
                f"{hall.url}/kiosk/services/{name}?with={'skck' if name == 'ak1' else 'skck.ak1'}"
            )
            await kiosk.locator("#add").tap()
            await at(kiosk, "journey")
        assert await kiosk.locator(".stages li").count() == 3
        await kiosk.get_by_role("link", name="Hapus: Paspor Baru").tap()
        await expect(kiosk.locator(".stages li")).to_have_count(2)
        await kiosk.locator("#take-number").tap()
        await at(kiosk, "ticket")
        await kiosk.locator("#done").tap()
        await at(kiosk, "start")
        await expect(kiosk.locator("#basket")).to_have_count(0)
    (ticket,) = hall.hall.tickets.values()
    assert {step.service for step in ticket.steps} == {"skck", "ak1"}


async def test_a_phone_is_told_when_its_line_changes(hall: Running, phone: Page) -> None:
    """The other agency opens: the same number waits there now, said politely and why; and steps
    that an operator adds are shown while their holder is at the counter."""
    await hall.open(POLRES)
    for _ in range(5):
        await hall.take("skck")
    mine = await hall.take("skck", steps=(Step("skck"), Step("ak1")))
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await expect(phone.locator('main[data-line="skck"]')).to_be_attached()
    await hall.open(JOBS)
    await hall.do(c.ReviewVisits())
    await expect(phone.locator('main[data-line="ak1"][data-ahead="0"]')).to_be_attached()
    await expect(phone.locator("#goto")).to_contain_text("Mulai di Disnakertrans")
    await expect(phone.locator("#news")).to_contain_text("Di sini tunggunya paling singkat.")
    await expect(phone.locator(".service")).to_have_text(CATALOGUE.services["ak1"].name.id)
    await is_sound(phone, "phone-way-rerouted")
    await hall.call(JOBS, mine)
    await hall.act(c.StartService, JOBS)
    await expect(phone.locator(".stops li")).to_have_count(2)
    await hall.do(c.PlanVisit(ticket=mine.id, steps=(Step("skck"), Step("paspor"))))
    await expect(phone.locator(".stops li")).to_have_count(3)
