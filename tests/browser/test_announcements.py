"""What a screen reader is told: each change once, nothing twice, nothing for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c

from ..citizens.hall import SERVICE, Running, running
from ..citizens.screens import KIOSK, PHONE, chromium, opened

HEAR = """
window.heard = [];
addEventListener("DOMContentLoaded", () => {
  const last = new WeakMap();
  const live = "[role=status], [role=alert], [aria-live]";
  const listen = (note) => {
    for (const node of document.querySelectorAll(live)) {
      const said = node.checkVisibility() ? node.innerText.replace(/\\s+/g, " ").trim() : "";
      if (note && said && said !== last.get(node)) { window.heard.push(said); }
      last.set(node, said);
    }
  };
  listen(false);
  new MutationObserver(() => listen(true)).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
});
"""
"""Notes what every live region comes to say, as a screen reader would: what is there when the page
comes is not news; a region that is swapped for an equal one says nothing new."""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(whole=True) as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1", "2")
        yield hall


async def heard(page: Page, count: int) -> list[str]:
    """What was said so far, once it is that much; a second look catches an echo."""
    async with asyncio.timeout(15):
        while len(found := await page.evaluate("window.heard")) < count:
            await page.evaluate("new Promise(requestAnimationFrame)")
    await page.evaluate("new Promise(requestAnimationFrame)")
    return list(await page.evaluate("window.heard") or found)


async def test_a_phone_tells_each_step_once(hall: Running, browser: Browser) -> None:
    """One ahead, next, called, being served, done: five changes, five sentences."""
    line = [await hall.take() for _ in range(3)]
    mine = line[2]
    async with opened(browser, PHONE) as page:
        await page.add_init_script(HEAR)
        await page.goto(f"{hall.url}/t/{mine.token}")
        await expect(page.locator("#fresh .fresh-on")).to_be_visible()
        assert await heard(page, 0) == []
        for index, wanted in enumerate(("1 orang", "Anda berikutnya")):
            await hall.call("1", line[index])
            assert wanted in (await heard(page, index + 1))[-1]
            await hall.act(c.StartService)
            await hall.act(c.FinishService)
        await hall.call("1", mine)
        called = await heard(page, 3)
        assert "Giliran Anda" in called[-1]
        await hall.act(c.StartService)
        assert "Sedang dilayani" in (await heard(page, 4))[-1]
        await hall.act(c.FinishService)
        said = await heard(page, 5)
        assert "Selesai" in said[-1]
        assert len(said) == len(set(said)) == 5


async def test_a_kiosk_tells_results_once_and_screens_by_their_heading(
    hall: Running, browser: Browser
) -> None:
    """A new screen takes the focus to its heading; a search says what it found, once."""
    async with opened(browser, KIOSK) as page:
        await page.add_init_script(HEAR)
        await page.goto(f"{hall.url}/kiosk")
        await page.locator("#find").tap()
        await expect(page.locator("#q")).to_be_focused()
        before = len(await page.evaluate("window.heard"))
        await page.keyboard.type("ktp hilang")
        await expect(page.get_by_text("2 layanan ditemukan")).to_be_visible()
        said = (await heard(page, before + 1))[before:]
        assert said.count("2 layanan ditemukan") == 1
        assert len(said) == len(set(said)) <= 2
        await page.goto(f"{hall.url}/kiosk/agencies/disdukcapil")
        await page.locator(f'a[href*="/services/{SERVICE}"]').tap()
        await expect(page.locator('[data-screen="service"] h1')).to_be_focused()
