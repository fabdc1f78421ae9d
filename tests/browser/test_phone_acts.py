"""What a citizen does with the phone page, and what the page does to be heard, in Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c
from queue_server.core.model import Step, Ticket

from ..citizens.hall import Running, running
from ..citizens.screens import PHONE, chromium, is_sound, opened

FEEL = "window.felt = []; navigator.vibrate = (p) => { window.felt.push(p); return true; };"
NEAR = [200, 100, 200]


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
        await page.add_init_script(FEEL)
        yield page


async def felt(page: Page) -> list[object]:
    return list(await page.evaluate("window.felt"))


async def serve(hall: Running, counter: str = "1") -> None:
    """The next one is called, served and gone."""
    await hall.call(counter)
    await hall.act(c.StartService, counter)
    await hall.act(c.FinishService, counter)


async def later(hall: Running) -> Ticket:
    """Somebody takes a number, a second after the one before."""
    hall.clock.time += 1000
    return await hall.take()


async def ahead(page: Page, count: int) -> None:
    await expect(page.locator(f'main[data-ahead="{count}"]')).to_be_attached()


async def test_the_reminder_comes_once(hall: Running, phone: Page) -> None:
    """At the third place: one vibration, one polite word, the way to the zone; not again by
    moving on, a reload, or a network that comes back."""
    line = [await hall.take() for _ in range(6)]
    await phone.goto(f"{hall.url}/t/{line[5].token}")
    await serve(hall)
    await serve(hall)
    await ahead(phone, 3)
    assert await felt(phone) == []
    await expect(phone.get_by_role("heading", name="Menuju")).to_be_hidden()
    await serve(hall)
    await ahead(phone, 2)
    await expect(phone.get_by_role("heading", name="Menuju Zona A")).to_be_visible()
    await expect(phone.locator("#news")).to_contain_text("2 orang di depan Anda. Menuju Zona A")
    assert await felt(phone) == [NEAR]
    assert await phone.locator("#alert").inner_text() == ""
    await is_sound(phone, "phone-go")
    await phone.reload()
    await hall.stop()
    await serve(hall)
    await hall.start()
    await expect(phone.locator('main[data-ahead="1"]')).to_be_attached(timeout=20_000)
    assert await felt(phone) == []


async def test_who_opens_the_page_near_the_front_is_not_reminded(
    hall: Running, phone: Page
) -> None:
    """The page says it already; the call itself rings."""
    first, mine = await hall.take(), await hall.take()
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await hall.call("1", first)
    await ahead(phone, 0)
    assert await felt(phone) == []
    await hall.call("2", mine)
    await expect(phone.locator(".to")).to_have_text("Loket 2")
    assert await felt(phone) == [[400, 150, 400, 150, 800]]


async def test_letting_others_pass_by_keyboard(hall: Running, phone: Page) -> None:
    """Opened and confirmed with the keyboard; two places back, and offered once."""
    mine, _, _, _ = [await later(hall) for _ in range(4)]
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await phone.get_by_text("Belum siap? Dahulukan 2 orang").focus()
    await phone.keyboard.press("Enter")
    await is_sound(phone, "phone-step-back")
    await phone.keyboard.press("Tab")
    await expect(phone.get_by_role("button", name="Ya, dahulukan mereka")).to_be_focused()
    await phone.keyboard.press("Enter")
    await ahead(phone, 2)
    assert hall.fresh(mine).postponed == 1
    await expect(phone.get_by_text("Belum siap?")).to_be_hidden()


async def test_a_no_show_takes_the_number_up_again(hall: Running, phone: Page) -> None:
    """At the end of the line, by one button; then it is offered to who left by mistake too."""
    mine = await hall.take()
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await hall.call("1", mine)
    await hall.act(c.MarkNoShow)
    await hall.take()
    hall.clock.time += 1000
    again = phone.get_by_role("button", name="Antre lagi dengan nomor ini")
    await expect(again).to_be_visible()
    await is_sound(phone, "phone-rejoin")
    await again.tap()
    await ahead(phone, 1)
    await phone.get_by_text("Keluar dari antrean", exact=True).tap()
    await phone.get_by_role("button", name="Ya, batalkan").tap()
    await expect(again).to_be_visible()
    hall.clock.time += 61 * 60_000
    await again.tap()
    await expect(phone.get_by_role("heading", name="Belum dapat dilakukan")).to_be_visible()
    await is_sound(phone, "phone-refused")


async def test_all_of_it_works_without_script(hall: Running, browser: Browser) -> None:
    """A reload link, and forms: let others pass, leave, come back."""
    mine, _, _ = [await later(hall) for _ in range(3)]
    async with opened(browser, PHONE, java_script_enabled=False) as page:
        await page.goto(f"{hall.url}/t/{mine.token}")
        await page.get_by_text("Belum siap?").tap()
        await page.get_by_role("button", name="Ya, dahulukan mereka").tap()
        await expect(page.get_by_role("heading", name="2 orang di depan Anda")).to_be_visible()
        await page.get_by_text("Keluar dari antrean", exact=True).tap()
        await page.get_by_role("button", name="Ya, batalkan").tap()
        hall.clock.time += 1000
        await page.get_by_role("button", name="Antre lagi").tap()
        await expect(page.get_by_role("heading", name="2 orang di depan Anda")).to_be_visible()
        await serve(hall)
        await page.get_by_role("link", name="Muat ulang").tap()
        await expect(page.get_by_role("heading", name="1 orang di depan Anda")).to_be_visible()


async def test_small_screens_and_large_type(hall: Running, browser: Browser) -> None:
    """320 px, and twice the letters on 390 px: everything open, nothing wider than the screen."""
    line = [await hall.take() for _ in range(3)]
    for size, zoom in ((320, 1), (390, 2)):
        async with opened(browser, {"width": size, "height": 700}) as page:
            for language in ("id", "en"):
                await page.goto(f"{hall.url}/t/{line[1].token}?lang={language}")
                await page.evaluate(
                    "zoom => { document.documentElement.style.fontSize = 17 * zoom + 'px';"
                    " document.querySelectorAll('details').forEach(d => { d.open = true; }); }",
                    zoom,
                )
                assert await page.evaluate("document.documentElement.scrollWidth") <= size


async def test_who_is_at_home_follows_the_line_and_is_told_to_set_out(
    hall: Running, phone: Page
) -> None:
    """Not in the hall: a place that counts down, and "set out now" in time; after arriving, the
    way is the hall's own."""
    first = await later(hall)
    for _ in range(3):
        await later(hall)
    hall.clock.time += 1000
    mine = await hall.take(remote=True)
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await ahead(phone, 4)
    await hall.call("1", first)
    await ahead(phone, 3)
    assert await felt(phone) == []
    await hall.act(c.StartService)
    await hall.call("1")
    await ahead(phone, 2)
    await expect(phone.get_by_role("heading", name="Saatnya berangkat ke mal")).to_be_visible()
    assert await felt(phone) == [NEAR]
    await is_sound(phone, "phone-set-out")
    await hall.do(c.ConfirmPresence(ticket=mine.id))
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Menuju Zona A")).to_be_visible()


async def test_one_number_through_two_agencies(hall: Running, phone: Page) -> None:
    """The agencies still to visit; done with the first, the page is the second's: its name, its
    place, its papers."""
    steps = (Step("ktp-el-rekam"), Step("paspor", after=(0,)))
    mine = await hall.take(steps=steps)
    await phone.goto(f"{hall.url}/t/{mine.token}")
    await expect(
        phone.get_by_role("heading", name="Kunjungan Anda: 2 layanan lagi")
    ).to_be_visible()
    await is_sound(phone, "phone-journey")
    await hall.call("1", mine)
    await hall.act(c.StartService)
    await hall.act(c.FinishService)
    await expect(phone.locator('main[data-line="paspor"][data-status="waiting"]')).to_be_attached()
    name = hall.house.catalogue.services["paspor"].name.id
    await expect(phone.locator(".service")).to_have_text(name)
    await expect(
        phone.get_by_role("heading", name="Kunjungan Anda: 1 layanan lagi")
    ).to_be_visible()
    await expect(phone.locator('.stops [aria-current="step"]')).to_contain_text(name)
    paper = hall.house.catalogue.services["paspor"].requirements[0]
    await expect(phone.get_by_label(paper)).to_be_attached()
    await is_sound(phone, "phone-journey-next")
