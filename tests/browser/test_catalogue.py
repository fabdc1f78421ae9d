"""The catalogue by keyboard alone, while a board hangs in the hall."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.kit import chromium
from tests.counters.kit import place


async def tab_to(page: Page, id: str, most: int = 80) -> None:
    """Press Tab until something has the focus."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == id:
            return
    raise AssertionError(f"{id} can't be reached")


async def test_an_agency_is_renamed_by_keyboard_and_the_board_follows(tmp_path: Path) -> None:
    """From the list to the form and back without a mouse; what is wrong gets the focus' way; the
    board has the new name without being touched."""
    async with place(tmp_path) as hall, chromium() as browser:
        (ticket, _) = await hall.queue(2)
        catalogue = hall.house.catalogue
        agency = catalogue.agency_of(ticket.service)
        zone = catalogue.zone_of[ticket.service]
        _, secret = await hall.staff("chief", "admin")
        context = await browser.new_context(locale="id-ID", viewport={"width": 390, "height": 844})
        await context.add_cookies([hall.cookie(secret)])
        board, page = await context.new_page(), await context.new_page()
        await board.set_viewport_size({"width": 1920, "height": 1080})
        await board.goto(f"{hall.url}/displays/{zone}")
        await expect(board.get_by_text(agency.short).first).to_be_visible()
        await page.bring_to_front()
        await page.goto(f"{hall.url}/admin/catalogue/agencies?q={agency.id}")
        await tab_to(page, "q")
        for _ in range(20):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.textContent") == agency.name.id:
                break
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/items/**")
        await tab_to(page, "f-short")
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.press("Delete")
        await page.keyboard.press("Enter")
        await expect(page.locator("#f-short")).to_have_attribute("aria-invalid", "true")
        await tab_to(page, "f-short")
        await page.keyboard.type("Nama Baru")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/agencies?saved=*")
        await expect(page.get_by_role("status").first).to_contain_text("tersimpan")
        await expect(board.get_by_text("Nama Baru").first).to_be_visible()
