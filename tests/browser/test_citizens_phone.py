"""The phone page and the services' information in a real Chromium, on a live hall."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c

from ..citizens.hall import SERVICE, Running, running
from ..citizens.screens import PHONE, chromium, is_sound, opened


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1", "2")
        yield hall


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    async with opened(browser, PHONE, is_mobile=True, device_scale_factor=2) as page:
        yield page


async def test_the_phone_counts_down_and_rings(hall: Running, phone: Page) -> None:
    """People ahead, then the call: full yellow, title, one assertive word, vibration, sound."""
    first, mine = await hall.take(), await hall.take()
    await phone.add_init_script(
        "window.felt = []; navigator.vibrate = (p) => { window.felt.push(p); return true; };"
    )
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await expect(phone.get_by_role("heading", name="1 orang di depan Anda")).to_be_visible()
    await expect(phone).to_have_title("(1) A-002")
    await is_sound(phone, "phone-waiting")
    await phone.get_by_role("button", name="Aktifkan suara").tap()
    await expect(phone.get_by_text("Suara aktif")).to_be_visible()
    await hall.call("1", first)
    await expect(phone.get_by_role("heading", name="Anda berikutnya")).to_be_visible()
    await expect(phone.locator("#news")).to_contain_text("Anda berikutnya")
    await hall.call("2", mine)
    await expect(phone.get_by_role("heading", name="Giliran Anda")).to_be_visible()
    await expect(phone.locator(".to")).to_have_text("Loket 2")
    await expect(phone.locator("#alert")).to_contain_text("Giliran Anda Loket 2")
    assert await phone.title() in ("Loket 2! A-002", "» Loket 2 «")
    assert len(await phone.evaluate("window.felt")) == 1
    await is_sound(phone, "phone-called")
    await hall.act(c.Recall, "2")
    await rings(phone, 2)
    await phone.reload()
    await expect(phone.locator(".to")).to_have_text("Loket 2")
    assert await phone.evaluate("window.felt.length") == 0


async def rings(page: Page, times: int) -> None:
    """So many vibrations, soon."""
    for _ in range(200):
        if await page.evaluate("window.felt.length") == times:
            return
    pytest.fail(f"it did not ring {times} times")


async def test_the_phone_tells_every_state_and_what_to_do(hall: Running, phone: Page) -> None:
    """Serving, parked, called back, no-show, back in the line, served; each passes axe-core."""
    mine = await hall.take()
    await phone.goto(f"{hall.url}/t/{mine.token}")

    async def told(status: str, words: str) -> None:
        await expect(phone.locator(f'main[data-status="{status}"]')).to_be_attached()
        await expect(phone.get_by_text(words).first).to_be_visible()
        await is_sound(phone, f"phone-{status}")

    await hall.call("1", mine)
    await told("called", "Silakan menuju loket sekarang")
    await hall.act(c.StartService)
    await told("serving", "Sedang dilayani")
    await hall.act(c.ParkTicket)
    await told("parked", "Petugas akan memanggil Anda lagi")
    await hall.call("1", hall.fresh(mine))
    await told("called", "Giliran Anda")
    await hall.act(c.MarkNoShow)
    await told("no_show", "Hubungi petugas")
    await hall.do(c.ReinstateTicket(ticket=mine.id))
    await told("waiting", "Anda berikutnya")
    await hall.call("1", hall.fresh(mine))
    await hall.act(c.StartService)
    await hall.act(c.FinishService)
    await told("served", "Terima kasih")


async def test_the_phone_follows_its_ticket_to_another_line(hall: Running, phone: Page) -> None:
    """Sent to one counter, it listens there and hears the call."""
    mine = await hall.take()
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await hall.open("9")
    await hall.call("1", mine)
    await hall.act(c.StartService)
    await hall.act(c.TransferTicket, to_counter="9")
    await expect(phone.locator('main[data-line="@9"][data-status="waiting"]')).to_be_attached()
    await hall.call("9")
    await expect(phone.locator(".to")).to_have_text(hall.house.catalogue.counters["9"].name.id)


async def test_leaving_the_queue(hall: Running, phone: Page) -> None:
    """Asked once more on the page, then gone."""
    mine = await hall.take(language="en")
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await phone.get_by_text("Leave the queue").tap()
    await is_sound(phone, "phone-leaving")
    await phone.get_by_role("button", name="Yes, cancel my number").tap()
    await expect(phone.get_by_role("heading", name="You have left the queue")).to_be_visible()
    assert hall.fresh(mine).status == "cancelled"
    await is_sound(phone, "phone-cancelled")


async def test_a_dead_network_keeps_the_last_state(hall: Running, phone: Page) -> None:
    """Greyed, with the time of the last word; the truth as soon as the server is back."""
    mine = await hall.take()
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await expect(phone.get_by_text("Terhubung")).to_be_visible()
    await hall.stop()
    await expect(phone.get_by_text("Terputus, mencoba lagi")).to_be_visible()
    await expect(phone.get_by_role("heading", name="Anda berikutnya")).to_be_visible()
    await is_sound(phone, "phone-offline")
    await hall.call("2", mine)
    await hall.start()
    await expect(phone.locator(".to")).to_have_text("Loket 2", timeout=20_000)
    await expect(phone.get_by_text("Terputus, mencoba lagi")).to_be_hidden()


async def test_the_checklist_is_remembered(hall: Running, phone: Page) -> None:
    """What was ticked is ticked after a reload."""
    mine = await hall.take()
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await phone.get_by_label("Fotokopi Kartu Keluarga").check()
    await phone.reload()
    await expect(phone.get_by_label("Fotokopi Kartu Keluarga")).to_be_checked()
    await expect(phone.get_by_label("Pemohon hadir sendiri")).not_to_be_checked()


async def test_a_phone_that_blocks_sound_says_so(hall: Running, phone: Page) -> None:
    """Honestly: watch the screen."""
    await phone.add_init_script("window.AudioContext = window.webkitAudioContext = undefined;")
    mine = await hall.take()
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await phone.get_by_role("button", name="Aktifkan suara").tap()
    await expect(phone.get_by_text("Suara diblokir")).to_be_visible()
    await is_sound(phone, "phone-blocked")


async def test_positions_are_told_politely(hall: Running, phone: Page) -> None:
    """Far back in the line not every step is spoken; the last three are."""
    line = [await hall.take() for _ in range(6)]
    await phone.goto(f"{hall.url}/t/{line[5].token}")
    for ticket, spoken in zip(line[:3], ["4 orang", "4 orang", "2 orang"], strict=True):
        await hall.call("1", ticket)
        await hall.act(c.StartService)
        await hall.act(c.FinishService)
        await expect(phone.locator('[data-slot="ahead"]')).to_have_text(str(4 - line.index(ticket)))
        await expect(phone.locator("#news")).to_contain_text(spoken)


async def test_an_unknown_ticket_is_told_kindly(hall: Running, phone: Page) -> None:
    """What may be wrong, and whom to ask."""
    await phone.goto(f"{hall.url}/t/of-yesterday?lang=id")
    await expect(phone.get_by_role("heading", name="tidak ada dalam antrean")).to_be_visible()
    await is_sound(phone, "phone-unknown")


# Information --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/services", "/services?q=ktp+hilng", f"/services/{SERVICE}"]
)
async def test_information_is_readable_on_a_phone_and_a_desk(
    hall: Running, browser: Browser, path: str
) -> None:
    """axe-core in both languages and both widths; nothing wider than the screen."""
    name = path.strip("/").replace("/", "-").partition("?")[0] or "home"
    for size, what in ((PHONE, "phone"), ({"width": 1280, "height": 900}, "desk")):
        async with opened(browser, size) as page:
            for language in ("id", "en"):
                mark = "&" if "?" in path else "?"
                await page.goto(f"{hall.url}{path}{mark}lang={language}")
                await is_sound(page, f"page-{name}-{'q-' * ('?' in path)}{what}-{language}")
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
