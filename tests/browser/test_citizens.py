"""The kiosk in a real Chromium: touched, typed at, left alone, cut off, and looked at."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from ..citizens.hall import SERVICE, Running, running
from ..citizens.screens import KIOSK, chromium, is_sound, opened
from ..core.story import clock

NAMED = "Cetak ulang KTP-el hilang atau rusak"


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
async def kiosk(browser: Browser, hall: Running) -> AsyncIterator[Page]:
    """The first screen, its time in our hands."""
    async with opened(browser, KIOSK) as page:
        await page.clock.install()
        await page.goto(f"{hall.url}/kiosk")
        yield page


async def at(page: Page, screen: str) -> None:
    """The kiosk shows that screen now."""
    await expect(page.locator(f'#kiosk[data-screen="{screen}"]')).to_be_attached()


async def choose(page: Page) -> None:
    """From the first screen to what to bring, by touch."""
    await page.get_by_role("link", name="Disdukcapil").tap()
    await at(page, "agency")
    await page.get_by_role("link", name=NAMED).tap()
    await at(page, "service")


async def take(page: Page) -> str:
    """And on to a number."""
    await choose(page)
    await page.locator("#take-number").tap()
    await at(page, "ticket")
    return await page.locator(".ticket-number").inner_text()


async def test_a_number_by_touch(hall: Running, kiosk: Page) -> None:
    """Agency, service, what to bring, number, done; every screen passes axe-core."""
    await is_sound(kiosk, "kiosk-agencies")
    await kiosk.get_by_role("link", name="Disdukcapil").tap()
    await at(kiosk, "agency")
    await is_sound(kiosk, "kiosk-services")
    await kiosk.locator("#after").tap()
    await expect(kiosk.get_by_text("Halaman 2 dari 2")).to_be_visible()
    await kiosk.locator("#before").tap()
    await kiosk.get_by_role("link", name=NAMED).tap()
    await at(kiosk, "service")
    await expect(kiosk.get_by_text("Surat keterangan hilang dari kepolisian")).to_be_visible()
    await is_sound(kiosk, "kiosk-requirements")
    await kiosk.get_by_text("Lansia").tap()
    await kiosk.locator("#take-number").tap()
    await at(kiosk, "ticket")
    await expect(kiosk.locator(".ticket-number")).to_have_text("B-001")
    await is_sound(kiosk, "kiosk-ticket")
    ticket = next(iter(hall.hall.tickets.values()))
    assert ticket.priority == "lansia"
    await kiosk.locator("#done").tap()
    await at(kiosk, "start")


async def test_the_code_leads_to_the_tickets_page(
    hall: Running, kiosk: Page, tmp_path: Path
) -> None:
    """What a camera reads off the screen is the phone page's address."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbar-tools is not installed")
    await take(kiosk)
    picture = tmp_path / "qr.png"
    await kiosk.locator(".qr").screenshot(path=picture)
    read = await asyncio.to_thread(
        subprocess.run, ["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True
    )
    ticket = next(iter(hall.hall.tickets.values()))
    assert read.stdout.strip() == f"https://antrean.example/t/{ticket.token}"


async def test_a_number_by_keyboard(hall: Running, kiosk: Page) -> None:
    """Tab and Enter alone; the focus is where a person expects it after each screen."""
    await tab_to(kiosk, "Disdukcapil")
    await kiosk.keyboard.press("Enter")
    await at(kiosk, "agency")
    await expect(kiosk.locator("h1")).to_be_focused()
    await tab_to(kiosk, NAMED)
    await kiosk.keyboard.press("Enter")
    await at(kiosk, "service")
    await tab_to(kiosk, "Ambil nomor")
    await kiosk.keyboard.press("Enter")
    await at(kiosk, "ticket")
    assert len(hall.hall.tickets) == 1


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what begins with that name."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if (await page.evaluate("document.activeElement.innerText")).strip().startswith(name):
            return
    pytest.fail(f"Tab never came to {name}")


async def test_a_double_tap_is_one_ticket(hall: Running, kiosk: Page) -> None:
    """Also for a hand that trembles."""
    await choose(kiosk)
    await kiosk.locator("#take-number").dblclick()
    await at(kiosk, "ticket")
    assert len(hall.hall.tickets) == 1


async def test_back_and_again_is_the_same_ticket(hall: Running, kiosk: Page) -> None:
    """The form that was sent shows the number that it took."""
    number = await take(kiosk)
    await kiosk.go_back()
    await at(kiosk, "service")
    await expect(kiosk.locator("#take-number")).to_have_count(0)
    await is_sound(kiosk, "kiosk-taken")
    await kiosk.locator("#taken").tap()
    await expect(kiosk.locator(".ticket-number")).to_have_text(number)
    assert len(hall.hall.tickets) == 1


async def test_the_next_citizen_cannot_walk_back(hall: Running, kiosk: Page) -> None:
    """After "done" the history of the visit before leads to the first screen."""
    await take(kiosk)
    await kiosk.locator("#done").tap()
    await at(kiosk, "start")
    await kiosk.go_back()
    await at(kiosk, "start")
    await expect(kiosk.locator(".ticket-number")).to_have_count(0)


async def test_the_number_stays_as_long_as_is_asked_for(hall: Running, kiosk: Page) -> None:
    """A visible countdown of 20 s that can be extended, then the first screen by itself."""
    await take(kiosk)
    await expect(kiosk.locator("#stay-left")).to_have_text("20")
    await kiosk.clock.run_for(15_000)
    await expect(kiosk.locator("#stay-left")).to_have_text("5")
    await kiosk.locator("#longer").tap()
    await expect(kiosk.locator("#stay-left")).to_have_text("25")
    await kiosk.clock.run_for(24_000)
    await at(kiosk, "ticket")
    await kiosk.clock.run_for(2_000)
    await at(kiosk, "start")


async def test_an_idle_kiosk_warns_and_starts_again(hall: Running, kiosk: Page) -> None:
    """45 s without a touch; 20 s of them with a question; in the hall's own language after."""
    await kiosk.locator("#language-en").tap()
    await expect(kiosk.get_by_role("heading", name="Take a queue number")).to_be_visible()
    await kiosk.locator("#large").tap()
    await expect(kiosk.locator("html.large")).to_be_attached()
    await kiosk.get_by_role("link", name="Disdukcapil").tap()
    await at(kiosk, "agency")
    await kiosk.clock.run_for(26_000)
    warning = kiosk.get_by_role("dialog", name="Are you still there?")
    await expect(warning).to_be_visible()
    await expect(kiosk.locator("#idle-stay")).to_be_focused()
    await is_sound(kiosk, "kiosk-idle")
    await kiosk.locator("#idle-stay").tap()
    await expect(warning).to_be_hidden()
    await kiosk.clock.run_for(24_000)
    await at(kiosk, "agency")
    # Second by second, until it starts again: a late scroll event of the closing dialog counts as
    # a touch, and one long step would run out the page's patience with a busy server.
    ended = kiosk.locator("html.busy, #kiosk[data-screen=start]")
    for _ in range(70):
        if await ended.count():
            break
        await kiosk.clock.run_for(1_000)
    await at(kiosk, "start")
    await expect(kiosk.locator('html[lang="id"]:not(.large)')).to_be_attached()
    assert kiosk.url == f"{hall.url}/kiosk"


async def test_a_fresh_start_never_asks(hall: Running, kiosk: Page) -> None:
    """There is nothing to lose on the first screen."""
    await kiosk.clock.run_for(120_000)
    await expect(kiosk.locator("#idle")).to_be_hidden()


async def test_search_with_the_kiosks_own_keyboard(hall: Running, kiosk: Page) -> None:
    """Touched letters, forgiving; the answer comes while one types."""
    await kiosk.locator("#find").tap()
    await at(kiosk, "search")
    await expect(kiosk.locator("#q")).to_be_focused()
    await is_sound(kiosk, "kiosk-search-empty")
    for key in "ktp hilngx":
        await kiosk.locator(f'[data-key="{key}"]').tap()
    await kiosk.locator('[data-act="back"]').tap()
    await kiosk.clock.run_for(500)
    await expect(kiosk.get_by_text("2 layanan ditemukan")).to_be_visible()
    await expect(kiosk.locator("#q")).to_be_focused()
    await is_sound(kiosk, "kiosk-search")
    await kiosk.get_by_role("link", name=NAMED).tap()
    await at(kiosk, "service")


async def test_search_with_a_real_keyboard(hall: Running, kiosk: Page) -> None:
    """What is typed is found; what is not there is said kindly, in both languages."""
    await kiosk.goto(f"{hall.url}/kiosk/search?lang=en")
    await kiosk.keyboard.type("pasport")
    await kiosk.clock.run_for(500)
    await expect(kiosk.get_by_role("link", name="Passport").first).to_be_visible()
    await kiosk.locator('[data-act="clear"]').tap()
    await kiosk.keyboard.type("zzzzz")
    await kiosk.clock.run_for(500)
    await expect(kiosk.get_by_text("No service for “zzzzz”")).to_be_visible()
    await is_sound(kiosk, "kiosk-search-nothing")


async def test_a_lost_server_is_told_calmly_and_nothing_is_half_taken(
    hall: Running, kiosk: Page
) -> None:
    """Full screen while it is away; then the same form goes on, and takes one ticket."""
    await choose(kiosk)
    await hall.stop()
    await kiosk.locator("#take-number").tap()
    gone = kiosk.get_by_role("alert").filter(has_text="Mesin sedang terputus")
    await expect(gone).to_be_visible()
    await is_sound(kiosk, "kiosk-gone")
    await hall.start()
    await kiosk.clock.run_for(4_000)
    await at(kiosk, "ticket")
    await expect(gone).to_be_hidden()
    assert len(hall.hall.tickets) == 1


async def test_an_answer_that_was_lost_is_no_second_ticket(hall: Running, kiosk: Page) -> None:
    """The number was taken, the answer never came: the retry shows that very number."""
    await choose(kiosk)
    lost = 0

    async def lose_once(route: Any) -> None:
        nonlocal lost
        if route.request.method == "POST" and not lost:
            lost += 1
            await route.fetch(max_redirects=0)
            await route.abort()
        else:
            await route.continue_()

    await kiosk.route("**/kiosk/tickets", lose_once)
    await kiosk.locator("#take-number").tap()
    await expect(kiosk.locator("#gone")).to_be_visible()
    assert len(hall.hall.tickets) == 1
    await kiosk.clock.run_for(4_000)
    await at(kiosk, "ticket")
    assert len(hall.hall.tickets) == 1


async def test_a_retry_is_not_made_for_somebody_who_left(hall: Running, kiosk: Page) -> None:
    """Away for longer than a visit may idle: the first screen, and no ticket for nobody."""
    await choose(kiosk)
    await hall.stop()
    await kiosk.locator("#take-number").tap()
    await expect(kiosk.locator("#gone")).to_be_visible()
    await kiosk.clock.run_for(60_000)
    await hall.start()
    await kiosk.clock.run_for(4_000)
    await at(kiosk, "start")
    assert not hall.hall.tickets


async def test_a_server_lost_while_idle_is_noticed(hall: Running, kiosk: Page) -> None:
    """By the pulse, before anybody touches; and its return too."""
    await hall.stop()
    for _ in range(4):
        await kiosk.clock.run_for(8_000)
        await kiosk.evaluate("new Promise(done => requestAnimationFrame(done))")
    await expect(kiosk.locator("#gone")).to_be_visible()
    await hall.start()
    await kiosk.clock.run_for(4_000)
    await expect(kiosk.locator("#gone")).to_be_hidden()


async def test_a_hall_that_closes_says_so_by_itself(hall: Running, kiosk: Page) -> None:
    """A kiosk left on its first screen learns it; why, and when again, is on every screen."""
    hall.clock.time = clock("2026-11-27 11:31")
    await kiosk.clock.run_for(16_000)
    await expect(kiosk.get_by_text("Sedang istirahat.")).to_be_visible()
    await expect(kiosk.get_by_text("hari ini pukul 13.00")).to_be_visible()
    await is_sound(kiosk, "kiosk-closed")
    await choose(kiosk)
    await expect(kiosk.locator("#take-number")).to_have_count(0)
    await is_sound(kiosk, "kiosk-closed-service")


async def test_large_type_and_english_keep_every_screen_usable(hall: Running, kiosk: Page) -> None:
    """Both on all screens; nothing below 24 px, nothing to touch below 80 px, none off the side."""
    for language in ("id", "en"):
        for path in ("", "/agencies/disdukcapil", "/search?q=ktp", f"/services/{SERVICE}"):
            for large in ("", "1"):
                mark = "&" if "?" in path else "?"
                await kiosk.goto(f"{hall.url}/kiosk{path}{mark}lang={language}&large={large}")
                name = path.strip("/").partition("/")[0].partition("?")[0] or "start"
                await is_sound(kiosk, f"kiosk-{name}-{language}{'-large' if large else ''}")
                found = await kiosk.evaluate(SMALL)
                assert found == [], (path, language, large, found)


SMALL = """(() => {
  const small = [], words = document.createTreeWalker(document.getElementById("kiosk"), 4);
  while (words.nextNode()) {
    const box = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || box.closest(".visually-hidden, .skip")) { continue; }
    if (parseFloat(getComputedStyle(box).fontSize) < 24) { small.push(words.currentNode.data); }
  }
  for (const one of document.querySelectorAll("#kiosk a, #kiosk button, #kiosk label.choice")) {
    const box = one.getBoundingClientRect();
    if (one.matches(".skip") || !box.height) { continue; }
    if (box.height < 80 || box.width < 80) { small.push(one.innerText + " " + box.height); }
  }
  if (document.documentElement.scrollWidth > innerWidth) { small.push("wider than the screen"); }
  return small;
})()"""
"""What is smaller on the kiosk than fingers and eyes need."""


async def test_a_locked_kiosk_explains(browser: Browser, tmp_path: Path) -> None:
    """Without the role: who may, and where numbers are taken instead."""
    async with running(tmp_path, open=False) as hall, opened(browser, KIOSK) as page:
        await page.goto(f"{hall.url}/kiosk")
        await expect(page.get_by_role("heading", name="belum didaftarkan")).to_be_visible()
        await is_sound(page, "kiosk-locked")
