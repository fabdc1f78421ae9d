"""The hall boards in a real Chromium: what is spoken, shown and remembered, and how readable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from queue_server.config import Config, DisplaysSection
from queue_server.core import commands as c
from tests.displays.running import Running, running
from tests.displays.sets import (
    ALLOWED,
    browser,
    clip,
    open_board,
    tv_set,
)  # fmt: skip


@pytest.fixture(scope="module")
async def loud() -> AsyncIterator[Browser]:
    """A set whose browser may speak."""
    async with async_playwright() as driver, browser(driver, ALLOWED) as started:
        yield started


@pytest.fixture(scope="module")
async def strict() -> AsyncIterator[Browser]:
    """A set whose browser waits for a gesture."""
    async with async_playwright() as driver, browser(driver) as started:
        yield started


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        yield hall


async def test_six_calls_at_once_are_spoken_in_order_each_once(
    loud: Browser, hall: Running
) -> None:
    """None is cut, none is lost, and the board shows each while it is spoken."""
    hall.issue(*["s0"] * 4, *["s1"] * 2)
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/hall")
        await board.current()
        counters = ["1", "2", "info", "3", "1", "2"]
        clips = [clip(hall.call(counter), counter) for counter in counters]
        await expect(board.page.locator(".call.is-now .number")).to_have_text("AA-001")
        await expect(board.page.locator("body.is-calling")).to_be_attached()
        await board.hear(*clips)
        assert board.spoken == clips
        assert [text for text in board.heard if text.startswith("ended")] == [
            f"ended {clip}" for clip in clips
        ]
        await expect(board.page.locator("body.is-calling")).not_to_be_attached()
        await expect(board.page.locator(".call.is-now .number")).to_have_text("AA-004")
        assert board.errors == []


async def test_a_broken_clip_and_a_missing_one_cost_no_other_call(
    loud: Browser, hall: Running
) -> None:
    """The chime stands in, and the next call is spoken."""
    hall.silent.add("1")
    hall.broken.add("2")
    hall.issue("s0", "s0", "s1")
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/hall")
        await board.current()
        hall.call("1")
        hall.call("2")
        last = clip(hall.call("info"), "info")
        await board.hear(last)
        assert board.spoken == ["chime.wav", "chime.wav", last]


async def test_a_call_that_the_history_no_longer_holds_is_still_shown(
    loud: Browser, tmp_path: Path
) -> None:
    """Eye and ear agree, however many calls were made at once."""
    config = Config(displays=DisplaysSection(history=1))
    async with running(tmp_path, config) as hall, tv_set(loud) as tv:
        hall.issue(*["s0"] * 4)
        board = await open_board(tv, f"{hall.url}/displays/a")
        await board.current()
        clips = [clip(hall.call(counter), counter) for counter in ("1", "2", "1", "2")]
        shown = board.page.locator(".call.is-now")
        await expect(shown).to_contain_text("AA-001")
        await expect(shown).to_contain_text("Loket 1")
        await board.hear(*clips)
        assert board.spoken == clips
        await expect(shown.locator(".number")).to_have_text("AA-004")


async def test_a_new_build_reloads_the_board_between_calls(loud: Browser, hall: Running) -> None:
    """What has begun is spoken to its end, what waits is spoken too, then the page is new."""
    hall.issue("s0", "s0", "s0")
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/a")
        await board.current()
        clips = [clip(hall.call("1"), "1"), clip(hall.call("2"), "2")]
        await hall.stop()
        hall.deploy("newer")
        clips.append(clip(hall.call("1"), "1"))
        await hall.start()
        await board.hear(*clips)
        await expect(board.page.locator("body[data-build=newer][data-live]")).to_be_attached()
        assert board.spoken == clips


async def test_a_page_that_stays_old_is_reloaded_once(loud: Browser, hall: Running) -> None:
    """A cache that gives back the old page cannot make a board reload for ever."""
    hall.issue("s0")
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/a")
        await board.current()
        await hall.stop()
        hall.front.assets.build = "newer"
        async with board.page.expect_navigation():
            await hall.start()
        await board.current()
        only = clip(hall.call("1"), "1")
        await board.hear(only)
        assert board.spoken == [only]


async def test_a_board_announces_its_own_zone_only(loud: Browser, hall: Running) -> None:
    """A call in zone a is not spoken in zone b."""
    hall.issue("s0", "s1")
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/b")
        await board.current()
        hall.call("1")
        own = clip(hall.call("info"), "info")
        await board.hear(own)
        assert board.spoken == [own]


async def test_a_server_that_comes_back_repeats_nothing_and_loses_nothing(
    loud: Browser, hall: Running
) -> None:
    """Cut off, the board keeps its state and says since when; then it speaks the new call only."""
    hall.issue("s0", "s0")
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/a")
        await board.current()
        first = clip(hall.call("1"), "1")
        await board.hear(first)
        await hall.stop()
        notice = board.page.locator("#offline")
        await expect(notice).to_be_visible()
        await expect(notice).to_contain_text("Terputus sejak 09.00")
        await expect(board.page.locator(".call.is-now .number")).to_have_text("AA-001")
        second = clip(hall.call("2"), "2")
        await hall.start()
        await board.hear(second)
        await expect(notice).to_be_hidden()
        assert board.spoken == [first, second]


async def test_a_set_that_was_switched_off_goes_on_where_it_was(
    loud: Browser, hall: Running
) -> None:
    """After a power cut: no call twice, and the young ones of meanwhile are spoken."""
    hall.issue(*["s0"] * 4)
    async with tv_set(loud) as tv:
        board = await open_board(tv, f"{hall.url}/displays/a")
        await board.current()
        hall.call("1")
        cut = clip(hall.call("2"), "2")
        later = clip(hall.call("1"), "1")
        await board.until(lambda heard: f"playing {cut}" in heard)
        await board.page.close()
        missed = clip(hall.call("2"), "2")
        again = await open_board(tv, f"{hall.url}/displays/a")
        await again.hear(later, missed)
        assert again.spoken == [later, missed]
        await again.page.reload()
        await again.current()
        hall.do(c.Recall(counter="2", ticket=hall.current("2")))
        recalled = clip(hall.hall.calls[-1].id, "2")
        await again.hear(recalled)
        assert again.spoken == [later, missed, recalled]


async def test_blocked_sound_is_said_and_one_key_allows_it(strict: Browser, hall: Running) -> None:
    """At once when the page opens; the call that came meanwhile is spoken after the key."""
    hall.issue("s0", "s0")
    async with tv_set(strict) as tv:
        board = await open_board(tv, f"{hall.url}/displays/a")
        await board.until(lambda heard: "refused NotAllowedError" in heard)
        clips = [clip(hall.call("1"), "1"), clip(hall.call("2"), "2")]
        await board.until(lambda heard: heard.count("refused NotAllowedError") >= 3)
        assert board.spoken == []
        # From here on the test itself may count as a gesture: what was blocked is proved.
        notice = board.page.get_by_role("alertdialog", name="Suara diblokir peramban")
        await expect(notice).to_be_visible()
        button = notice.get_by_role("button", name="Aktifkan suara")
        await expect(button).to_be_focused()
        await expect(board.page.locator(".call.is-now .number")).to_have_text("AA-002")
        await board.page.keyboard.press("Enter")
        await board.hear(*clips)
        assert board.spoken == clips
        await expect(notice).to_be_hidden()


async def test_a_mute_board_shows_each_call_and_says_nothing(
    strict: Browser, hall: Running
) -> None:
    """`?sound=off` for the second of two boards that stand together; nothing is asked for."""
    hall.issue("s0", "s0")
    async with tv_set(strict) as tv:
        board = await open_board(tv, f"{hall.url}/displays/a?sound=off")
        await board.current()
        hall.call("1")
        hall.call("2")
        number = board.page.locator(".call.is-now .number")
        await expect(number).to_have_text("AA-001")
        await expect(number).to_have_text("AA-002")
        assert board.heard == []
        await expect(board.page.locator("#blocked")).to_be_hidden()
