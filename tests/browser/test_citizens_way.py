"""The whole way of a citizen, in real browsers and through a real printer's conversation: booked
at home, checked in by code, paper, phone, board, counter, survey, the document followed and
fetched. One hall, one clock, nothing made up in between."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.web.visit import COOKIE
from tests.booking.test_hall import open_hours
from tests.browser.kit import chromium
from tests.citizens.hall import HandClock
from tests.core.story import clock
from tests.hall import Running, running
from tests.printing.printer import Printer, printing

SERVICE, COUNTER = "kk-baru", "4"
PASSWORD = "kata sandi yang panjang"


@dataclass
class Way:
    """The hall and its people."""

    hall: Running
    printer: Printer
    clock: HandClock
    browser: Browser

    def at(self, time: str) -> None:
        self.clock.time = clock(f"2026-11-24 {time}")

    async def page(self, path: str, width: int, height: int, secret: str = "") -> Page:
        """Another person's screen, or a hall's."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, locale="id-ID",
            timezone_id="Asia/Jakarta", has_touch=True,
        )  # fmt: skip
        if secret:
            await context.add_cookies([{"name": COOKIE, "value": secret, "url": self.hall.url}])
        page = await context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
        await page.goto(path if path.startswith("http") else self.hall.url + path)
        return page

    async def operator(self) -> str:
        """Somebody who works here: the session's secret."""
        office = self.hall.house.office
        first = await office.add_user("Sari", "operator")
        signed_in = await office.sign_in("Sari", first, "test")
        signed_in = await office.change_password(signed_in.session.user.id, first, PASSWORD)
        return signed_in.secret


@pytest.fixture
async def way(tmp_path: Path) -> AsyncIterator[Way]:
    time = HandClock(clock("2026-11-24 07:30"))
    async with printing() as printer, chromium(whole=True) as browser:
        config = open_hours(ANTREAN_PRINTERS__DEPAN__ADDRESS=f'"{printer.address}"')
        async with running(tmp_path / "data", config, time) as hall:
            yield Way(hall, printer, time, browser)


async def test_the_whole_way_of_a_citizen(way: Way, tmp_path: Path) -> None:
    """Each step begins with nothing but what the step before has put into the citizen's hands: a
    code, a paper, an address, a tracking code."""
    booked = await books_at_home(way)
    address = await checks_in(way, booked, tmp_path)
    phone = await way.page(address, 390, 844)
    await expect(phone.locator("main")).to_have_attribute("data-status", "waiting")
    tracked = await is_served(way, phone)
    await answers(phone)
    await fetches(way, phone, tracked)


async def books_at_home(way: Way) -> str:
    """A session of today, on the phone: the code that is typed at the kiosk."""
    phone = await way.page(f"/booking?service={SERVICE}", 390, 844)
    await phone.locator("button.slot[value='540']").tap()
    await phone.locator(".confirm .button.primary").tap()
    code = (await phone.locator("#code").inner_text()).strip()
    await phone.context.close()
    return code


async def checks_in(way: Way, code: str, folder: Path) -> str:
    """The kiosk takes the code and prints: what a camera reads off the paper."""
    way.at("08:50")
    kiosk = await way.page("/kiosk?printer=depan", 1080, 1920)
    await kiosk.locator("#check-in").tap()
    for key in re.sub(r"\W", "", code).lower():
        await kiosk.locator(f'[data-key="{key}"]').tap()
    await kiosk.locator("#go").tap()
    (sheet,) = await way.printer.printed(1)
    assert "Kartu Keluarga baru" in sheet.text
    await expect(kiosk.locator('#paper[data-paper="printed"]')).to_be_visible()
    (address,) = sheet.codes(folder)
    assert address.startswith(f"{way.hall.url}/t/")
    await kiosk.context.close()
    return address


async def is_served(way: Way, phone: Page) -> str:
    """Called on the board and the phone; served, and the application registered, by keys: its
    code, read off the phone."""
    board = await way.page("/displays/hall?sound=off", 1920, 1080)
    desk = await way.page(f"/counters/{COUNTER}", 1366, 768, await way.operator())
    for key, status in (("Enter", "waiting"), ("NumpadEnter", "called"), ("NumpadAdd", "serving")):
        await expect(desk.locator("[data-busy]")).to_have_count(0)
        await desk.keyboard.press(key)
        await expect(phone.locator("main")).to_have_attribute("data-status", status)
        if status == "waiting":
            await expect(desk.get_by_text("Buka sejak")).to_be_visible()
        if status == "called":
            number = await phone.locator("main").get_attribute("data-number") or "none"
            await expect(board.locator(".call.is-now .number")).to_have_text(number)
    await expect(desk.locator("[data-busy]")).to_have_count(0)
    await desk.keyboard.press("Numpad4")
    await expect(phone.locator("main")).to_have_attribute("data-status", "served")
    code = await phone.locator(".tracking-code").inner_text()
    await expect(desk.locator(".document .code")).to_have_text(code)
    await board.context.close()
    await desk.context.close()
    return code


async def answers(phone: Page) -> None:
    """The nine questions by touch; they are asked once."""
    await phone.get_by_role("link", name="Nilai layanan").tap()
    await expect(phone.locator("fieldset.question")).to_have_count(9)
    for question in await phone.locator("fieldset.question").all():
        await question.locator("label.answer").last.tap()
    await phone.get_by_role("button", name="Kirim penilaian").tap()
    await expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()


async def fetches(way: Way, phone: Page, code: str) -> None:
    """The agency's own system says that it is ready; the citizen takes a number for it."""
    agency = await way.hall.client("integration")
    answer = await agency.post(
        f"/api/v1/applications/{code}/updates", json={"state": "siap_diambil"}
    )
    assert answer.status_code == 201, answer.text
    await phone.goto(f"{way.hall.url}/tracking")
    await phone.get_by_label("Kode pelacakan").fill(code.lower())
    await phone.keyboard.press("Enter")
    await expect(phone.locator("h1")).to_have_text("Siap diambil")
    await phone.get_by_role("button", name="Ambil nomor pengambilan").tap()
    await expect(phone.locator("main")).to_have_attribute("data-status", "waiting")
    await expect(phone.get_by_text(code)).to_be_visible()
