"""Opening hours in the browser, by keyboard alone on a phone's width: typed, understood at once,
looked at, saved."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from queue_server.config import load
from tests.browser.kit import chromium, violations
from tests.core.story import clock
from tests.counters.kit import HandClock, Place
from tests.hall import ROOT, running

PHONE = {"width": 390, "height": 844}


async def test_hours_by_keyboard(tmp_path: Path) -> None:
    """The sentence beside a field follows what is typed, also when it cannot be read; Enter leads
    to what the change means, and Enter there saves it; many services are ticked at once."""
    config = load(ROOT / "config.toml", {"ANTREAN_SPEECH__ENABLED": "false"})
    hands = HandClock(clock("2026-11-23 09:00"))
    async with running(tmp_path, config, hands) as found, chromium() as browser:
        place = Place(found, hands)
        _, secret = await place.staff("chief", "admin")
        context = await browser.new_context(viewport=PHONE, locale="id-ID", base_url=place.url)
        await context.add_cookies([place.cookie(secret)])
        page = await context.new_page()
        await page.goto("/admin/hours")
        monday, means = page.locator("#monday"), page.locator("#means-monday")
        await monday.focus()
        await page.keyboard.press("ControlOrMeta+A")
        await page.keyboard.type("8.00-1")
        await expect(means).to_have_text("Belum terbaca sebagai jam")
        await expect(monday).to_have_attribute("aria-invalid", "true")
        await page.keyboard.type("1.30, 13.00-15.00")
        await expect(means).to_have_text("08.00–11.30, 13.00–15.00 · 5 jam 30 menit")
        await expect(monday).not_to_have_attribute("aria-invalid", "true")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Periksa perubahan")).to_be_visible()
        await expect(page.locator("td.after")).to_contain_text("08.00–11.30, 13.00–15.00")
        assert not await violations(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        await page.get_by_role("button", name="Simpan; berlaku sekarang").press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("sudah berlaku")
        assert place.house.hall.plan.hours.week[0] == ((480, 690), (780, 900))
        await page.goto("/admin/hours/services?agency=imigrasi")
        await page.locator("#pick-all").press("Space")
        picks = page.locator('input[name^="pick-"]')
        assert await picks.count() == await page.locator('input[name^="pick-"]:checked').count() > 1
        await picks.first.press("Space")
        assert await page.locator("#pick-all").evaluate("box => box.indeterminate")
