"""Booking in a real browser: by keyboard alone on a phone, and a number from home that arrives."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.web.visit import COOKIE
from tests.booking.test_hall import open_hours
from tests.browser.kit import chromium, violations
from tests.citizens.hall import HandClock
from tests.core.story import clock
from tests.hall import Running, running

PHONE = {"width": 390, "height": 844}
NOW = clock("2026-11-24 09:10")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, open_hours(), HandClock(NOW)) as hall:
        yield hall


async def phone(browser: Browser, **more: Any) -> Page:
    context = await browser.new_context(
        viewport=PHONE, locale="id-ID", timezone_id="Asia/Jakarta", has_touch=True, **more
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    return page


async def sound(page: Page) -> None:
    """No violation, and nothing wider than the screen."""
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that is focused, and seen: no trap, and nothing out of reach."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await page.evaluate("s => document.activeElement.matches(s)", selector):
            box = await page.locator(selector).first.bounding_box()
            assert box
            assert box["y"] >= 0
            return
    pytest.fail(f"Tab never came to {selector} on {page.url}")


async def enter(page: Page) -> None:
    """Press Enter, which leads to another page."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_booked_and_changed_by_keyboard(browser: Browser, hall: Running) -> None:
    """Search, day, session, number, confirmation, change, cancellation: Tab, Enter and typing;
    every page sound for axe-core; the hold counts down; the pass prints without its buttons."""
    page = await phone(browser)
    await page.goto(f"{hall.url}/booking")
    await sound(page)
    await tab_to(page, "#q")
    await page.keyboard.type("kk baru")
    await enter(page)
    await tab_to(page, "a[href='/booking/services/kk-baru']")
    await enter(page)
    await tab_to(page, "a[href$='day=2026-11-26#sessions']")
    await enter(page)
    await expect(page.locator("#times")).to_contain_text("Kamis, 26 November 2026")
    await sound(page)
    await tab_to(page, "button.slot[value='540']")
    await enter(page)

    await expect(page.locator("h1")).to_have_text("Konfirmasi pesanan")
    await expect(page.locator("#left")).to_have_text(re.compile(r"10:00|9:[45]\d"))
    left = await page.locator("#left").inner_text()
    await expect(page.locator("#left")).not_to_have_text(left)
    await sound(page)
    await tab_to(page, "#phone")
    await page.keyboard.type("021 555")
    await enter(page)
    await expect(page.get_by_role("alert")).to_contain_text("nomor ponsel Indonesia")
    await expect(page.locator("#phone")).to_have_attribute("aria-invalid", "true")
    await sound(page)
    await page.fill("#phone", "0812 3456 7890")
    await enter(page)

    await expect(page.locator("h1")).to_have_text("Pesanan Anda")
    await sound(page)
    await page.emulate_media(media="print")
    await expect(page.locator("#code")).to_be_visible()
    await expect(page.locator(".acts")).to_be_hidden()
    await page.emulate_media(media="screen")
    await expect(page.locator("#print")).to_be_visible()
    await tab_to(page, "a[href$='/sessions']")
    await enter(page)
    await sound(page)
    await tab_to(page, "button.slot[value='600']")
    await enter(page)
    await expect(page.locator(".time")).to_have_text("10.00–11.00")
    await tab_to(page, ".cancel summary")
    await page.keyboard.press("Enter")
    await tab_to(page, ".cancel .danger")
    await enter(page)
    await expect(page.locator("h1")).to_have_text("Pesanan dibatalkan")
    await sound(page)


async def test_without_scripts(browser: Browser, hall: Running) -> None:
    """The same by forms alone: held, confirmed, cancelled."""
    page = await phone(browser, java_script_enabled=False)
    await page.goto(f"{hall.url}/booking?service=kk-baru")
    await page.click("button.slot >> nth=0")
    await page.click(".confirm .button.primary")
    await expect(page.locator("#code")).to_be_visible()
    await expect(page.locator("#print")).to_be_hidden()  # it could do nothing
    await page.click(".cancel summary")
    await page.click(".cancel .danger")
    await expect(page.locator("h1")).to_have_text("Pesanan dibatalkan")


async def test_a_number_from_home_arrives(browser: Browser, hall: Running) -> None:
    """Taken on the phone; the set in the hall shows a code and the next one by itself; scanned,
    and touched once, the number is there: the page that was left open says so without a reload."""
    page = await phone(browser)
    await page.goto(f"{hall.url}/booking/now?service=kk-baru")
    await sound(page)
    await page.click(".todo .button.primary")
    await expect(page.locator("#presence")).to_be_visible()
    await sound(page)
    left_open = await page.context.new_page()
    await left_open.goto(page.url)
    await expect(left_open.locator("#presence")).to_be_visible()

    time = hall.house.clock
    assert isinstance(time, HandClock)
    time.time += 29_000  # a second before the code changes
    screen = await television(browser, hall)
    first = await screen.locator(".code").inner_text()
    time.time += 1_000
    await expect(screen.locator(".code")).not_to_have_text(first)
    assert await violations(screen) == []

    shown = hall.house.rooms.presence.shown(hall.house.clock.now())
    await page.goto(f"{hall.url}/booking/here?code={shown.long}")
    await sound(page)
    await page.click(".arrive .button.primary")
    await expect(page.locator("#presence")).to_have_count(0)
    await expect(left_open.locator("#presence")).to_have_count(0)


async def television(browser: Browser, hall: Running) -> Page:
    """A set in the hall, signed in."""
    office = hall.house.office
    once = await office.add_user("televisi", "display")
    (user,) = await office.users()
    await office.change_password(user.id, once, "kuda laut ungu 7")
    signed = await office.sign_in("televisi", "kuda laut ungu 7", "-")
    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    await context.add_cookies([{"name": COOKIE, "value": signed.secret, "url": hall.url}])
    page = await context.new_page()
    await page.goto(f"{hall.url}/displays/presence")
    return page
