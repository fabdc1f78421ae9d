"""Registered screens: codes, the secret that waits, settings and revision, a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.config import ScreenSection
from queue_server.devices import (
    ALPHABET,
    CODE_MINUTES,
    MOST_WAITING,
    ONLINE,
    Devices,
    Report,
    plain,
    shown,
)

MINUTE = 60_000


class Hands:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.at = 1_795_399_200_000

    def now(self) -> int:
        return self.at


@asynccontextmanager
async def opened(path: Path, clock: Hands) -> AsyncIterator[Devices[ScreenSection]]:
    screens = Devices(path / "screens.db", clock, ScreenSection)
    await screens.open()
    try:
        yield screens
    finally:
        await screens.close()


def code_of(screens: Devices[ScreenSection], secret: str) -> str:
    waiting = screens.waiting(secret)
    assert waiting is not None
    return waiting.code


async def test_a_screen_is_registered_by_the_code_that_it_shows(tmp_path: Path) -> None:
    """However it is typed, once; the secret then finds the screen until it has reported."""
    async with opened(tmp_path, Hands()) as screens:
        secret, other = screens.begin(), screens.begin()
        code = code_of(screens, secret)
        typed = f" {shown(code).lower()} "
        assert screens.knows(typed)
        made = await screens.register(typed, "u7", "Zona A", ScreenSection(zone="a"), "u1")
        assert not screens.knows(code)
        with pytest.raises(KeyError):
            await screens.register(code, "u8", "Zona A", ScreenSection(), "u1")
        assert screens.waiting(secret) is None
        assert screens.claimed(other) is None
        assert [screens.claimed(secret), screens.claimed(secret)] == [made, made]
        await screens.report(made.id, Report(sound="on"))
        assert screens.claimed(secret) is None


async def test_a_code_ends(tmp_path: Path) -> None:
    """After its minutes nobody can enter it, and the screen shows it no more."""
    clock = Hands()
    async with opened(tmp_path, clock) as screens:
        secret = screens.begin()
        code = code_of(screens, secret)
        clock.at += CODE_MINUTES * MINUTE
        assert screens.waiting(secret) is None
        assert not screens.knows(code)


async def test_many_codes_cost_the_oldest(tmp_path: Path) -> None:
    """Whoever asks without end fills no memory."""
    async with opened(tmp_path, Hands()) as screens:
        first = screens.begin()
        for _ in range(MOST_WAITING - 1):
            screens.begin()
        assert screens.waiting(first) is not None
        screens.begin()
        assert screens.waiting(first) is None


async def test_settings_survive_and_tell_of_their_change(tmp_path: Path) -> None:
    """Another setting is another revision, another name is not; all of it is there again."""
    clock = Hands()
    async with opened(tmp_path, clock) as screens:
        secret = screens.begin()
        made = await screens.register(code_of(screens, secret), "u7", "Kiri", ScreenSection(), "u1")
        assert (await screens.change(made.id, "Kanan", ScreenSection())).revision == 1
        door = ScreenSection(layout="door", counter="5")
        assert (await screens.change(made.id, "Kanan", door)).revision == 2
    async with opened(tmp_path, clock) as screens:
        again = screens.claimed(secret)
        assert again is not None
        assert (again.name, again.setting, again.revision) == ("Kanan", door, 2)
        assert screens.of("u7") == again
        await screens.report(again.id, Report("b", "blocked", 1920, 1080, ("x.mp4",)))
        now = screens.get(again.id)
    async with opened(tmp_path, clock) as screens:
        assert screens.all() == [now]
        await screens.remove(again.id)
    async with opened(tmp_path, clock) as screens:
        assert screens.all() == []


async def test_a_silent_screen_is_away(tmp_path: Path) -> None:
    """Two reports may be lost; before the first it never was there."""
    clock = Hands()
    async with opened(tmp_path, clock) as screens:
        made = await screens.register(
            code_of(screens, screens.begin()), "u7", "A", ScreenSection(), "u1"
        )
        assert not screens.is_online(made)
        await screens.report(made.id, Report())
        now = screens.get(made.id)
        assert now is not None
        assert screens.is_online(now)
        clock.at += ONLINE
        assert not screens.is_online(now)


@given(st.text(ALPHABET, min_size=6, max_size=6), st.sampled_from(["", " ", "-", " - "]))
def test_codes_are_read_as_people_type_them(code: str, between: str) -> None:
    """Small letters, spaces and dashes don't matter."""
    assert plain(f" {code[:3]}{between}{code[3:]}".lower()) == code
