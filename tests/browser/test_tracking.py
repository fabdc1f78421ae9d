"""An application's whole way in real browsers: console by keys, citizen, supervisor."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c
from tests.browser.kit import violations
from tests.counters.browsers import Desk, Sit, bring, chromium, hall, sit
from tests.counters.kit import Place

__all__ = ["chromium", "hall", "sit"]  # fixtures


async def phone(browser: Browser, url: str) -> Page:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
    page = await context.new_page()
    await page.goto(url)
    return page


async def sound(page: Page) -> None:
    """No violation, and nothing wider than the screen."""
    assert await violations(page) == []
    wide = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide, page.url


async def test_from_the_counter_to_the_document(sit: Sit, hall: Place, chromium: Browser) -> None:
    """The operator finishes and registers by one key; the citizen reads the code off the phone
    and follows it; the supervisor asks for papers by keys, the citizen sees why; then it is
    ready, a number is taken, called and served, and the document is handed over."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "serving")
    paper = hall.house.catalogue.services[ticket.service].requirements[0]
    console = await desk.visit()
    citizen = await phone(chromium, f"{hall.url}/t/{ticket.token}")
    await desk.press("Numpad4")
    code = await console.locator(".document .code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code)
    await expect(console.locator(".now")).to_contain_text(ticket.number)
    await sound(console)

    await expect(citizen.locator(".tracking-code")).to_have_text(code)
    await sound(citizen)
    await citizen.goto(f"{hall.url}/tracking")
    await sound(citizen)
    await citizen.get_by_label("Kode pelacakan").fill(code.lower().replace("-", " "))
    await citizen.keyboard.press("Enter")
    await expect(citizen.locator("h1")).to_have_text("Diajukan")
    await sound(citizen)

    chief = await sit("chief", "supervisor", opens=False)
    board = await chief.visit("/admin/tracking")
    await sound(board)
    link = board.get_by_role("link", name=code)
    await link.focus()
    await chief.press("Enter")
    await board.wait_for_url("**/admin/tracking/*")
    await sound(board)
    await board.get_by_text("Langsung ke tahap berikutnya").focus()
    await chief.press("Enter")
    await board.get_by_label("Perlu perbaikan", exact=True).focus()
    await chief.press("Space")
    await board.get_by_label(f"1. {paper}").focus()
    await chief.press("Space")
    await board.get_by_label("Catatan untuk warga").focus()
    await board.keyboard.type("Telepon saya 081234567890")
    await chief.press("Enter")
    await expect(board.get_by_role("alert")).to_contain_text("Jangan tulis NIK")
    await expect(board.get_by_label(f"1. {paper}")).to_be_checked()
    await board.get_by_label("Catatan untuk warga").fill("Masa berlaku habis")
    await chief.press("Enter")
    await expect(board.locator("h1 .state")).to_have_text("Perlu perbaikan")

    await citizen.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(citizen.locator("#news")).to_have_text("Perlu perbaikan")
    await expect(citizen.locator(".todo")).to_contain_text(paper)
    await expect(citizen.locator(".todo")).to_contain_text("Masa berlaku habis")
    await sound(citizen)

    await board.get_by_text("Langsung ke tahap berikutnya").click()
    await board.get_by_label("Siap diambil", exact=True).check()
    await board.get_by_role("button", name="Simpan status").click()
    await expect(board.locator("h1 .state")).to_have_text("Siap diambil")
    await citizen.reload()
    await sound(citizen)
    await citizen.get_by_role("button", name="Ambil nomor pengambilan").click()
    await expect(citizen.locator("main")).to_have_attribute("data-status", "waiting")
    token = await citizen.locator("main").get_attribute("data-token")
    mine = hall.hall.ticket_by_token(token or "")
    assert mine is not None
    assert mine.remote
    await fetched(desk, hall, mine.id, code)
    async with asyncio.timeout(5):
        while hall.house.rooms.tracking.pickups.of(mine.token):  # noqa: ASYNC110 - behind the Desk
            await asyncio.sleep(0.01)
    await citizen.goto(f"{hall.url}/tracking/{code}")
    await expect(citizen.locator("h1")).to_have_text("Diserahkan")
    await sound(citizen)
    await citizen.set_viewport_size({"width": 320, "height": 640})
    await sound(citizen)
    await citizen.context.close()


async def fetched(desk: Desk, hall: Place, ticket: int, code: str) -> None:
    """The holder is in the hall; called and served by keys."""
    await hall.does(c.ConfirmPresence(ticket=ticket))
    console = desk.page
    await expect(console.locator(".count").first).to_have_text("1")
    await expect(console.locator("[data-busy]")).to_have_count(0)
    await console.keyboard.press("NumpadEnter")
    await expect(console.locator(".now.called .document")).to_contain_text(code)
    await expect(console.locator("[data-busy]")).to_have_count(0)
    await console.keyboard.press("NumpadAdd")
    await expect(console.locator(".now.serving")).to_be_visible()
    await expect(console.locator("#act-register")).to_have_attribute("aria-disabled", "true")
    await sound(console)
    await expect(console.locator("[data-busy]")).to_have_count(0)
    await console.keyboard.press("NumpadDecimal")
    await expect(console.locator(".now.open")).to_be_visible()
