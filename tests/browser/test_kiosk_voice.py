"""The kiosk without sight: keys and sounds alone, followed by what the sounds say."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.speech.voice import Voice

from ..citizens.screens import KIOSK, chromium, is_sound, opened
from ..hall import Running, config, running
from ..speech.sound import Tones, tone, wav

PATIENCE = 8.0
SPY = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const audio = this, asked = play.call(audio);
  asked.then(() => heard(new URL(audio.src).pathname), (error) => {
    if (error.name !== "AbortError") { heard("not heard: " + error.name); }
  });
  return asked;
};
"""
"""Tells the test which sound has really begun to play."""


def beeping(folder: Path) -> Voice:
    """A voice that says every sentence as the same short tone: what it says is in its address."""
    engine = Tones()
    engine.answer = wav(tone(440, 0.12))
    return Voice(folder, engine)


class Listener:
    """Somebody who hears the kiosk, and has a keypad."""

    def __init__(self, page: Page, hall: Running) -> None:
        self.page, self.hall = page, hall
        self.heard: list[str] = []
        self._news = asyncio.Event()

    async def listen(self) -> None:
        await self.page.expose_function("heard", self._hear)
        await self.page.add_init_script(SPY)

    def _hear(self, address: str) -> None:
        voice = self.hall.house.voice
        assert voice is not None
        known = voice._known.get(address.removeprefix("/audio/"))
        self.heard.append(known.sentences[0][1] if known else address)
        self._news.set()

    async def press(self, key: str) -> None:
        """A key; what was heard before it is forgotten."""
        self.heard.clear()
        await self.page.keyboard.press(key)

    async def hears(self, pattern: str, gaps: bool = False) -> str:
        """Wait for a phrase; the phrase. `gaps`: some sound may be lost on the way."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for phrase in self.heard:
                    assert gaps or not phrase.startswith(("not heard", "/audio")), phrase
                    if re.search(pattern, phrase):
                        return phrase
                self._news.clear()
                await self._news.wait()

    async def seek(self, pattern: str, key: str = "ArrowDown") -> str:
        """Press a key until what is said fits; within one round of the ring."""
        for _ in range(60):
            await self.press(key)
            first = await self.hears(".")
            if re.search(pattern, first):
                return first
        pytest.fail(f"nothing said {pattern}")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(whole=True) as browser:  # no flag: a key is leave enough to make a sound
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    settings = config(
        ANTREAN_SPEECH__ENABLED="true", ANTREAN_KIOSK__KEYS='{plugged = ["F8"], unplugged = ["F9"]}'
    )
    async with running(tmp_path, settings) as hall:
        hall.house.voice = beeping(hall.folder.audio)
        yield hall


@pytest.fixture
async def person(browser: Browser, hall: Running) -> AsyncIterator[Listener]:
    async with opened(browser, KIOSK) as page:
        listener = Listener(page, hall)
        await listener.listen()
        await page.goto(f"{hall.url}/kiosk")
        yield listener


async def test_a_number_without_looking(hall: Running, person: Listener) -> None:
    """From the first key to the number said digit by digit, with down, select, repeat and help."""
    await person.press("*")
    await person.hears("Ambil nomor antrean")
    await person.hears("panah bawah")
    await person.hears("Layanan yang sering dicari")
    await person.seek("Perangkat daerah")
    await person.press("Enter")
    await person.hears("Pilih instansi")
    await person.hears("Disdukcapil")
    await person.hears("1 dari 17")
    await person.press("NumpadEnter")
    await person.hears("Dinas Kependudukan dan Pencatatan Sipil")
    await person.hears("Perekaman KTP elektronik")
    await person.press("Enter")
    await person.hears("tidak ada yang menunggu")
    await person.hears("Yang perlu dibawa")
    await person.hears("Fotokopi Kartu Keluarga")
    await person.seek("Lansia")
    await person.press("Numpad5")
    await person.hears("terpilih")
    await person.seek("Ambil nomor")
    await person.press("Enter")
    await person.hears("Nomor antrean Anda")
    number = await person.hears("^A, ")
    assert number == "A, nol nol satu."
    await person.press("Numpad1")
    await person.hears(number)
    [ticket] = hall.house.hall.tickets.values()
    assert (ticket.number, ticket.priority) == ("A-001", "lansia")
    await person.seek("Selesai")
    await person.press("Enter")
    await expect(person.page.locator("html:not(.voice)")).to_be_attached()


async def test_every_element_says_what_it_is(hall: Running, person: Listener) -> None:
    """Whatever can be reached on any screen of the guided way has a voice, in both languages."""
    page = person.page
    api = await hall.client("operator")
    made = await api.post("/api/v1/tickets", json={"service": "ktp-el-rekam"})
    token = made.json()["token"]
    paths = ("", "?group=vertical", "/popular", "/agencies/polres", "/services/paspor",
             "/packages", "/packages/paket-bayi-lahir", "/journey?with=skck.ak1", "?with=skck",
             "/services/paspor?with=skck", "/check-in", "/search?q=ktp",
             f"/tickets/{token}?came=here")  # fmt: skip
    for path in paths:
        for language in ("id", "en"):
            mark = "&" if "?" in path else "?"
            await page.goto(f"{hall.url}/kiosk{path}{mark}voice=1&lang={language}")
            mute = await page.locator(MUTE).evaluate_all("all => all.map(one => one.outerHTML)")
            assert not mute, (path, language)
            assert await page.locator("h1[data-say]").count() == 1
    await is_sound(page, "kiosk-voice-ticket")


MUTE = (
    "#kiosk :is(a[href], button, input:not([type=hidden]), [tabindex='0']):not([data-say]),"
    "dialog:not([data-say]), dialog button:not([data-say]), #gone:not([data-say])"
)


async def test_help_speed_and_loudness(person: Listener) -> None:
    """Star explains the keys; everything is there for a keypad without such keys."""
    await person.press("F2")
    await person.hears("Ambil nomor antrean")
    await person.press("*")
    await person.hears("Panah bawah: pilihan berikutnya")
    await is_sound(person.page, "kiosk-voice-help")
    await person.seek("Bicara lebih cepat")
    await person.press("Enter")
    await person.hears("Bicara lebih cepat")
    await person.press("Backspace")
    await person.hears("Layanan yang sering dicari")
    await person.press("Escape")
    await person.hears("Ini layar pertama")
    await person.press("ArrowUp")
    await person.hears("English")


async def test_a_headphone_starts_it_and_pulling_it_ends_the_visit(person: Listener) -> None:
    """`kiosk.keys` knows the keypad of this hall."""
    await person.press("F8")
    await person.hears("Ambil nomor antrean")
    await person.seek("Kontras tinggi", "ArrowUp")
    await person.press("Enter")
    await person.hears("Warna biasa")
    await expect(person.page.locator("html.voice.contrast")).to_be_attached()
    await person.press("F9")
    await expect(person.page.locator("html:not(.voice):not(.contrast)")).to_be_attached()


async def test_time_is_told_and_given(hall: Running, person: Listener) -> None:
    """The idle question is spoken; Enter goes on. Time stands still while the kiosk speaks."""
    page = person.page
    await person.press("*")
    await person.hears("Layanan yang sering dicari")
    await page.clock.install()
    await person.seek("Instansi vertikal")
    await person.press("Enter")
    await person.hears("1 dari 12")
    await expect(page.locator("html:not(.speaking)")).to_be_attached()
    await page.clock.run_for(3 * 45_000 - 15_000)
    await person.hears("Anda masih di sini")
    await person.press("Enter")
    await person.hears("Imigrasi")
    await expect(page.locator("#idle")).to_be_hidden()


async def test_a_lost_server_is_heard(hall: Running, person: Listener) -> None:
    """The sound was held ready: it needs no server."""
    page = person.page
    await person.press("*")
    await person.hears("Layanan yang sering dicari")
    await page.route("**/*", lambda route: route.abort())
    await person.press("Enter")
    await person.hears("Mesin sedang terputus", gaps=True)
    await page.unroute("**/*")
    await person.hears("26 pilihan", gaps=True)


async def test_a_server_that_forgot_the_phrases_is_asked_again(
    hall: Running, person: Listener
) -> None:
    """After a restart the page names its phrases anew, and the person hears no gap but that."""
    await person.press("*")
    await person.hears("Layanan yang sering dicari")
    old = hall.house.voice
    assert old is not None
    for file in hall.folder.audio.glob("*"):
        file.unlink()
    hall.house.voice = beeping(hall.folder.audio)
    await person.press("ArrowUp")
    await person.hears("English", gaps=True)
    await old.close()
