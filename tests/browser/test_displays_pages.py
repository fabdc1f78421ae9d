"""The boards' pages in a real Chromium: time, hours, the plain board, and how readable they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.displays.running import Running, running
from tests.displays.sets import ALLOWED, OVERFLOWS, browser, open_board, tv_set, violations


@pytest.fixture(scope="module")
async def loud() -> AsyncIterator[Browser]:
    """A set whose browser may speak."""
    async with async_playwright() as driver, browser(driver, ALLOWED) as started:
        yield started


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


async def test_the_clock_is_the_servers(loud: Browser, hall: Running) -> None:
    """A set whose own clock is years off shows the hall's time, and moves on."""
    async with tv_set(loud, timezone_id="America/New_York") as tv:
        page = await tv.new_page()
        await page.clock.install(time="2019-01-01T00:00:00Z")
        await page.goto(f"{hall.url}/displays/a")
        await expect(page.locator(".clock")).to_have_text("09.00")
        await page.clock.fast_forward("02:00")
        await expect(page.locator(".clock")).to_have_text("09.02")
        await expect(page.locator(".date .first")).to_have_text("Senin, 23 November 2026")


async def test_a_board_closes_and_opens_by_itself(loud: Browser, hall: Running) -> None:
    """No event marks the end of the hours: the board knows it beforehand."""
    async with tv_set(loud) as tv:
        page = await tv.new_page()
        await page.clock.install()
        await page.goto(f"{hall.url}/displays/a")
        await expect(page.locator(".closed-title")).to_be_hidden()
        await hall.stop()
        await page.clock.fast_forward("06:31:00")
        await expect(page.locator(".closed-title")).to_contain_text("Layanan tutup")
        await expect(page.locator(".closed-hint")).to_contain_text("Selasa, 24 November 2026")
        await page.clock.fast_forward("16:30:00")
        await expect(page.locator(".closed-title")).to_be_hidden()


async def test_the_plain_board_needs_no_script(loud: Browser, hall: Running) -> None:
    """It shows the same, whole, and asks to be loaded again every five seconds."""
    hall.issue("s0", "s0")
    hall.call("1")
    hall.call("2")
    async with tv_set(loud, java_script_enabled=False) as tv:
        page = await tv.new_page()
        answer = await page.goto(f"{hall.url}/displays/a/plain")
        assert answer is not None
        assert (await answer.all_headers())["refresh"] == "5"
        assert "<script" not in await answer.text()
        await expect(page.locator(".number")).to_have_text("AA-002")
        await expect(page.locator("th")).to_have_text("AA-001")
        panel = await page.locator(".now").bounding_box()
        number = await page.locator(".number").evaluate_handle(
            "it => { const all = document.createRange(); all.selectNodeContents(it);"
            " return all.getBoundingClientRect().right; }"
        )
        assert panel is not None
        assert await number.json_value() < panel["x"] + panel["width"], "the number is cut"


async def test_no_such_zone(loud: Browser, hall: Running) -> None:
    """404 and a sentence."""
    async with tv_set(loud) as tv:
        page = await tv.new_page()
        for path in ("/displays/nowhere", "/displays/nowhere/plain"):
            answer = await page.goto(hall.url + path)
            assert answer is not None
            assert answer.status == 404


@pytest.mark.parametrize("path", ["/displays", "/displays/hall", "/displays/a/plain"])
async def test_no_accessibility_violation(loud: Browser, hall: Running, path: str) -> None:
    """axe-core, WCAG 2.2 A and AA: idle, while a call is spoken, and cut off."""
    async with tv_set(loud) as tv:
        board = await open_board(tv, hall.url + path)
        assert await violations(board.page) == []
        if path == "/displays/hall":
            await board.current()
            hall.issue("s0", "s1", "s1")
            hall.call("1")
            await expect(board.page.locator("body.is-calling")).to_be_attached()
            assert await violations(board.page) == []
            await hall.stop()
            await expect(board.page.locator("#offline")).to_be_visible()
            assert await violations(board.page) == []
        assert board.errors == []


async def test_nothing_stands_out_of_the_picture(loud: Browser, hall: Running) -> None:
    """At 1920x1080 and at 1280x720 (webOS): no scrolling, no text cut off, the number huge."""
    hall.issue(*["s0"] * 9, *["s1"] * 3)
    for _ in range(9):
        hall.call("1")
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/hall")
        await board.current()
        for width, height in ((1920, 1080), (1280, 720), (3840, 2160)):
            await board.page.set_viewport_size({"width": width, "height": height})
            assert await board.page.evaluate(OVERFLOWS) == []
            number = board.page.locator(".call.is-now .number")
            size = await number.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert size / height > 0.2
            assert await number.evaluate("e => e.scrollWidth <= e.parentNode.clientWidth")
