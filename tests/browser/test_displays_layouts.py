"""Every layout at its size in a real Chromium, films under the voice, a screen's registration."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, async_playwright, expect

from queue_server.config import Config, DisplaysSection, PlaylistSection, RunningText
from queue_server.core import commands as c
from tests import hall as halls
from tests.browser.kit import violations as axe
from tests.displays.day import catalogue
from tests.displays.running import Running, running
from tests.displays.sets import ALLOWED, OVERFLOWS, SPY, Board, browser, clip, violations
from tests.web.house import PASSWORD

WIDE, UPRIGHT = (1920, 1080), (1080, 1920)
LAYOUTS = [
    ("hall?layout=list", WIDE), ("hall?layout=big", WIDE), ("hall?layout=split&part=1", WIDE),
    ("hall?layout=split&part=2", WIDE), ("hall?layout=portrait", UPRIGHT),
    ("hall?layout=big", UPRIGHT), ("hall?layout=split&part=2", UPRIGHT), ("doors/2?", WIDE),
    ("doors/2?", UPRIGHT),
]  # fmt: skip
CUT = """() => Array
  .from(document.querySelectorAll(".is-now .number, .is-now .desk, .said, .sign"))
  .filter(e => e.offsetParent && e.scrollWidth > e.parentNode.clientWidth + 1)
  .map(e => e.className)"""
ROOM = "Ruang Konsultasi Penanaman Modal dan Perizinan Berusaha"
"""As long as halls call their rooms."""
BEYOND = """() => Array.from(document.querySelectorAll(".call:not(.is-now)"))
  .filter(row => row.offsetParent).filter(row => {
    const own = row.getBoundingClientRect();
    return Array.from(row.querySelectorAll(".number, .counter, .desk")).some(part => {
      const box = part.getBoundingClientRect();
      return box.top < own.top - 1 || box.bottom > own.bottom + 1 || box.right > own.right + 1;
    });
  }).map(row => row.textContent.trim())"""
"""Rows of calls that lie over their neighbours."""
COVERED = """() => {
  const media = document.getElementById("media").getBoundingClientRect();
  return Array.from(document.querySelectorAll(".call, .head, .slide.is-shown, .top, .pages, .said"))
    .filter(e => e.getClientRects().length).filter(e => {
      const box = e.getBoundingClientRect();
      return box.left < media.right - 1 && media.left < box.right - 1 &&
        box.top < media.bottom - 1 && media.top < box.bottom - 1;
    }).map(e => e.className);
}"""
"""What of the board lies under the media."""
FILM = """async seconds => {
  const canvas = document.createElement("canvas"), paint = canvas.getContext("2d");
  const sound = new AudioContext(), out = sound.createMediaStreamDestination();
  const tone = sound.createOscillator();
  tone.connect(out); tone.start();
  const picture = canvas.captureStream(10);
  const drawing = setInterval(() => { paint.fillRect(0, 0, 30, 30); }, 100);
  const tracks = [...picture.getTracks(), ...out.stream.getTracks()];
  const recorder = new MediaRecorder(new MediaStream(tracks), {mimeType: "video/webm"});
  const parts = [];
  recorder.ondataavailable = part => parts.push(part.data);
  const over = new Promise(done => { recorder.onstop = done; });
  recorder.start();
  setTimeout(() => recorder.stop(), seconds * 1000);
  await over;
  clearInterval(drawing);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""
"""A film with sound, made by the browser itself: there is no other that can be relied upon."""
LISTEN = """
["volumechange", "playing"].forEach(function (name) {
  document.addEventListener(name, function (e) {
    if (e.target.tagName === "VIDEO") { console.info("spy volume " + e.target.volume.toFixed(2)); }
  }, true);
});
"""


LATE_CALL = """url => new Promise(done => {
  const place = document.createElement("div"), unheard = () => {};
  place.id = "beside";
  document.body.appendChild(place);
  const media = Antrean.media({place, url, onShown: unheard, onBroken: unheard});
  document.addEventListener("loadstart", () => media.duck(true), true);
  document.addEventListener("playing", e => setTimeout(() => {
    e.target.pause();
    done(e.target.volume);
  }, 0), true);
})"""
"""A call begins while a film loads, and its set holds the film; the volume that it has then."""


@pytest.fixture(scope="module")
async def loud() -> AsyncIterator[Browser]:
    """A set whose browser may speak."""
    async with async_playwright() as driver, browser(driver, ALLOWED) as started:
        yield started


@pytest.fixture(scope="module")
async def media(tmp_path_factory: pytest.TempPathFactory, loud: Browser) -> Path:
    """A folder with a picture, a film with sound, and two files that can't be shown."""
    folder = tmp_path_factory.mktemp("media")
    Image.new("RGB", (64, 36), "#0b6e45").save(folder / "picture.png")
    page = await loud.new_page()
    film = await page.evaluate(FILM, 2)
    await page.close()
    (folder / "film.webm").write_bytes(base64.b64decode(film))
    (folder / "broken.webm").write_bytes(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(500))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    return folder


def settings(media: Path, *files: str, **more: object) -> Config:
    playlist = PlaylistSection(str(media), files=files, volume=80, picture_seconds=3)
    return Config(
        displays=DisplaysSection(media="tv" if files else "none", **more),  # type: ignore[arg-type]  # as above
        playlists={"tv": playlist},
    )


@contextlib.asynccontextmanager
async def opened(
    browser: Browser, url: str, size: tuple[int, int] = WIDE, *scripts: str, **options: object
) -> AsyncIterator[Board]:
    """A board on a set of that size, with its first frame."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        **options,  # type: ignore[arg-type]  # Playwright's own
    )
    for script in (SPY, *scripts):
        await context.add_init_script(script)
    board = Board(await context.new_page())
    await board.page.goto(url)
    await board.current()
    try:
        yield board
    finally:
        await context.close()


def call_all(hall: Running, count: int) -> list[str]:
    """So many calls at counters 2 and "info"; their clips."""
    hall.issue(*["s0", "s1"] * count)
    places = ["2", "info"] * count
    return [clip(hall.call(place), place) for place in places[:count]]


@pytest.mark.parametrize(("theme", "listed"), [("dark", "none"), ("light", "tv")])
async def test_every_layout_at_its_size(
    loud: Browser, tmp_path: Path, media: Path, theme: str, listed: str
) -> None:
    """Nothing stands out, no number is cut, no row lies over the next whatever a room is called,
    media cover nothing; axe-core finds nothing."""
    look = settings(media, "picture.png", theme=theme)
    async with running(tmp_path, look, catalogue(room=ROOM)) as hall:
        call_all(hall, 16)
        for path, size in LAYOUTS:
            address = f"{hall.url}/displays/{path}&media={listed}&sound=off"
            async with opened(loud, address, size) as board:
                if listed == "tv":
                    await expect(board.page.locator(".media-item.is-shown")).to_be_visible()
                    assert await board.page.evaluate(COVERED) == [], path
                assert await board.page.evaluate(OVERFLOWS) == [], path
                assert await board.page.evaluate(CUT) == [], path
                assert await board.page.evaluate(BEYOND) == [], path
                assert await violations(board.page) == [], path
                assert board.errors == [], path


async def test_every_layout_shows_each_call_while_it_is_spoken(
    loud: Browser, tmp_path: Path
) -> None:
    """In order, each once; the one that is spoken is lit and stands whole in the picture."""
    async with running(tmp_path) as hall, contextlib.AsyncExitStack() as stack:
        boards = [
            await stack.enter_async_context(
                opened(loud, f"{hall.url}/displays/{path}&sound=on", size)
            )
            for path, size in LAYOUTS
            if path.startswith("hall")
        ]
        clips = call_all(hall, 3)
        for number in ("AA-001", "AB-001", "AA-002"):
            for board in boards:
                lit = board.page.locator("body.is-calling .call.is-now .number")
                await expect(lit).to_have_text(number)
                await expect(lit).to_be_in_viewport(ratio=1)
        for board in boards:
            await board.hear(*clips)
            assert board.spoken == clips


async def test_a_door_shows_its_own_calls(loud: Browser, tmp_path: Path) -> None:
    """Another counter's call changes nothing; a call that is taken back leaves the door empty."""
    async with (
        running(tmp_path) as hall,
        opened(loud, f"{hall.url}/displays/doors/2", UPRIGHT) as board,
    ):
        said = board.page.locator(".said .first")
        await expect(said).to_have_text("Tutup")
        hall.issue("s0", "s0")
        hall.call("1")
        hall.call("2")
        await expect(board.page.locator(".call.is-now .number")).to_have_text("AA-002")
        await expect(said).to_have_text("Silakan masuk")
        hall.do(c.ReturnTicket(counter="2", ticket=hall.current("2")))
        await expect(said).to_have_text("Silakan tunggu nomor Anda dipanggil")
        assert board.spoken == []


async def test_a_film_goes_quiet_while_a_call_is_spoken(
    loud: Browser, tmp_path: Path, media: Path
) -> None:
    """Down before the voice is over, up again afterwards; the film itself goes on."""
    async with (
        running(tmp_path, settings(media, "film.webm")) as hall,
        opened(loud, f"{hall.url}/displays/a", WIDE, LISTEN) as board,
    ):
        await board.until(lambda heard: any("film.webm" in text for text in heard))
        hall.issue("s0")
        spoken = clip(hall.call("1"), "1")
        await board.hear(spoken)
        await board.until(lambda heard: "volume 0.80" in heard[heard.index(f"ended {spoken}") :])
        volumes = [float(text[7:]) for text in board.heard if text.startswith("volume ")]
        assert min(volumes) < 0.11
        assert volumes.index(min(volumes)) < len(volumes) - 1
        assert board.errors == []


async def test_a_film_that_loads_while_a_call_is_spoken_is_quiet(
    loud: Browser, tmp_path: Path, media: Path
) -> None:
    """It begins as quiet as the one before went down to; held by the set until the voice is over,
    it is no broken file."""
    async with running(tmp_path, settings(media, "film.webm")) as hall:
        context = await loud.new_context()
        page = await context.new_page()
        await page.clock.install()
        await page.goto(f"{hall.url}/displays/a?media=none&sound=off")
        assert await page.evaluate(LATE_CALL, "/displays/media/tv") == pytest.approx(0.096)
        await page.clock.fast_forward(13_000)
        await expect(page.locator("#beside video.is-shown")).to_have_count(1)
        await context.close()


async def test_a_set_that_wants_a_gesture_shows_films_mute(tmp_path: Path, media: Path) -> None:
    """The voice says that it is blocked; the film is shown, and sounds after the key."""
    async with (
        async_playwright() as driver,
        browser(driver) as strict,
        running(tmp_path, settings(media, "film.webm")) as hall,
        opened(strict, f"{hall.url}/displays/a", WIDE, LISTEN) as board,
    ):
        await board.until(lambda heard: heard.count("refused NotAllowedError") >= 2)
        film = board.page.locator("video.is-shown")
        await expect(film).to_be_visible()
        await expect(film).to_have_js_property("muted", True)
        await board.page.keyboard.press("Enter")
        await expect(film).to_have_js_property("muted", False)


async def test_a_broken_file_is_passed_over(loud: Browser, tmp_path: Path, media: Path) -> None:
    """What can be shown comes; with nothing left to show, the calls take the room."""
    async with (
        running(tmp_path, settings(media, "broken.jpg", "broken.webm", "picture.png")) as hall,
        opened(loud, f"{hall.url}/displays/a") as board,
    ):
        await expect(board.page.locator("html.with-media img.is-shown")).to_be_visible()
        (media / "picture.png").rename(media / "gone.png")
        try:
            await expect(board.page.locator("html.with-media")).not_to_be_attached()
            await expect(board.page.locator("#media")).to_be_hidden()
        finally:
            (media / "gone.png").rename(media / "picture.png")


async def test_less_motion_and_a_pause(loud: Browser, tmp_path: Path, media: Path) -> None:
    """Who asks for less motion gets no film; a person's key stops what moves."""
    both = settings(media, "film.webm", "picture.png")
    async with running(tmp_path, both) as hall:
        async with opened(
            loud, f"{hall.url}/displays/a", WIDE, LISTEN, reduced_motion="reduce"
        ) as board:
            await expect(board.page.locator("img.is-shown")).to_be_visible()
            assert [text for text in board.heard if "film" in text] == []
        async with opened(loud, f"{hall.url}/displays/a", WIDE, LISTEN) as board:
            film = board.page.locator("video.is-shown")
            await expect(film).to_be_visible()
            button = board.page.get_by_role("button", name="Jeda gambar dan teks")
            await button.press("Enter")
            await expect(film).to_have_js_property("paused", True)
            await button.press("Enter")
            await expect(film).to_have_js_property("paused", False)


async def test_text_by_schedule_changes_by_itself(loud: Browser, tmp_path: Path) -> None:
    """No event marks its beginning: the board knows it beforehand, as the server does."""
    text = RunningText("Salat Zuhur", "Noon prayer", hours="12:00-12:30", days=("monday",))
    hall_ = DisplaysSection(running_text="", running_text_en="", texts=(text,))
    async with running(tmp_path, Config(displays=hall_)) as hall:
        context = await loud.new_context(viewport={"width": 1920, "height": 1080})
        page = await context.new_page()
        await page.clock.install()
        await page.goto(f"{hall.url}/displays/a")
        shown = page.locator(".slide.is-shown .first")
        await expect(shown).to_have_count(0)
        await page.clock.fast_forward("03:00:30")
        await expect(shown).to_have_text("Salat Zuhur")
        await page.clock.fast_forward("30:30")
        await expect(shown).to_have_count(0)
        await context.close()


async def test_a_screen_is_registered_and_set_from_afar(loud: Browser, tmp_path: Path) -> None:
    """Code on the set, entered by a supervisor; then it changes, is seen, and is revoked, and
    nobody touches it."""
    async with halls.running(tmp_path) as hall:
        office = hall.house.office
        once = await office.add_user("chief", "supervisor")
        (chief,) = await office.users()
        await office.change_password(chief.id, once, PASSWORD)
        set_, desk = (
            await loud.new_context(viewport={"width": 1920, "height": 1080}),
            (await loud.new_context(locale="id-ID", viewport={"width": 1366, "height": 768})),
        )
        tv, page = await set_.new_page(), await desk.new_page()
        await tv.goto(f"{hall.url}/displays")
        await tv.locator("a[href='/displays/screen']").click()
        await tv.locator(".enrol-begin").click()
        code = (await tv.locator(".enrol-code").inner_text()).lower()
        assert await axe(tv) == []
        await page.goto(f"{hall.url}/sign-in?next=/admin/displays")
        await page.fill("[name=name]", "chief")
        await page.fill("[name=password]", PASSWORD)
        await page.press("[name=password]", "Enter")
        await page.fill("#code", code)
        await page.fill("#name-new", "Lobi")
        await page.select_option("#place-new", "zone:a")
        await page.press("#name-new", "Enter")
        await expect(page.get_by_role("heading", name="Lobi")).to_be_visible()
        await expect(tv.locator("html.layout-list body[data-screen][data-live]")).to_be_attached()
        card = page.locator(".screen-card")
        await expect(card.get_by_text("Menyala")).to_be_visible()
        preview = page.frame_locator(".screen-card iframe")
        await expect(preview.locator("body[data-topic='preview:a'][data-live]")).to_be_attached()
        assert await axe(page) == []
        await card.get_by_text("Ubah").click()
        await card.get_by_label("Tata letak").select_option("big")
        await card.get_by_label("Warna").select_option("light")
        await card.get_by_role("button", name="Simpan").click()
        await expect(tv.locator("html.layout-big.theme-light body[data-live]")).to_be_attached()
        await page.locator(".screen-card summary", has_text="Cabut").click()
        await page.get_by_role("button", name="Cabut layar").click()
        await expect(tv.locator(".enrol-begin")).to_be_visible()
        await expect(page.locator(".screen-card")).to_have_count(0)
        await set_.close()
        await desk.close()
