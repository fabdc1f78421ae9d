"""Kiosk and phone in a real Chromium: touched, typed at, left alone, cut off, and looked at.

`SHOTS=folder` keeps a picture of every screen and state.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from queue_server.core import commands as c

from ..citizens.hall import SERVICE, Running, running
from ..core.story import clock

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(os.environ.get("AXE", "/work/scratch/axe/package/axe.min.js"))
RULER = AXE.read_text() if AXE.exists() else ""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KIOSK = {"width": 1080, "height": 1920}
PHONE = {"width": 390, "height": 844}
NAMED = "Cetak ulang KTP-el hilang atau rusak"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        yield browser
        await browser.close()


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1", "2")
        yield hall


@asynccontextmanager
async def opened(browser: Browser, size: dict[str, int], **more: Any) -> AsyncIterator[Page]:
    """A fresh touch screen of that size; a script's error fails the test."""
    context = await browser.new_context(
        viewport=size,
        has_touch=True,
        timezone_id="Asia/Jakarta",
        **more,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Security" in said.text else None)
    yield page
    await context.close()
    assert not errors


@pytest.fixture
async def kiosk(browser: Browser, hall: Running) -> AsyncIterator[Page]:
    """The first screen, its time in our hands."""
    async with opened(browser, KIOSK) as page:
        await page.clock.install()
        await page.goto(f"{hall.url}/kiosk")
        yield page


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    async with opened(browser, PHONE, is_mobile=True, device_scale_factor=2) as page:
        yield page


async def is_sound(page: Page, name: str) -> None:
    """No violation by axe-core, and a picture where one is wanted."""
    if "SHOTS" in os.environ:
        await page.screenshot(path=Path(os.environ["SHOTS"]) / f"{name}.png")
    if not RULER:
        pytest.skip("axe-core is not here: npm pack axe-core@4.14.1, and name it by AXE")
    await page.evaluate(RULER)
    found = await page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
    told = [(one["id"], [n["html"][:120] for n in one["nodes"][:3]]) for one in found["violations"]]
    assert not told, (name, told)


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


# The kiosk ----------------------------------------------------------------------------------


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
    await kiosk.locator("#language").tap()
    await expect(kiosk.get_by_role("heading", name="Take a queue number")).to_be_visible()
    await kiosk.locator("#size").tap()
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
    await kiosk.clock.run_for(23_000)
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


# The phone ----------------------------------------------------------------------------------


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
