"""Pedals, remotes and keypads at the console: keys that the hall's configuration knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from counters.kinds import KINDS
from queue_server.config import ConfigError, ConsoleKeys, load
from tests.counters.browsers import Sit, chromium, sit, until
from tests.counters.kit import Place, place

__all__ = ["chromium", "sit"]  # fixtures
KEYS = '{ next = ["F13", "PageDown"], recall = ["PageUp"], no_show = ["F15"], back = ["F16"] }'


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path, ANTREAN_CONSOLE__KEYS=KEYS) as found:
        yield found


async def test_a_pedal_calls_and_a_remote_recalls(sit: Sit, hall: Place) -> None:
    """F13 is what the numpad's Enter is: open, call, start, finish and call the next; held down
    it acts once. PageUp calls again, Enter works as ever."""
    desk, tickets = await sit(opens=False), await hall.queue(2)
    page = await desk.visit()
    pedal = await page.context.new_cdp_session(page)

    async def step(key: str = "F13", code: int = 124, held: bool = False) -> None:
        await page.wait_for_timeout(450)  # sooner, a press is a bounce or meant what stood before
        down = {"type": "rawKeyDown", "code": key, "key": key, "windowsVirtualKeyCode": code}
        await pedal.send("Input.dispatchKeyEvent", down)
        if held:
            await pedal.send("Input.dispatchKeyEvent", {**down, "autoRepeat": True})
        await pedal.send("Input.dispatchKeyEvent", {**down, "type": "keyUp"})

    await step()
    await desk.state("open")
    await step(held=True)
    await desk.state("called", tickets[0].number)
    await desk.press("PageUp")
    await until(lambda: hall.hall.tickets[tickets[0].id].calls == 2)
    await step("F15", 126)
    await expect(page.locator("#act-no_show[data-armed]")).to_be_visible()
    await step("F16", 127)
    await expect(page.locator("[data-armed]")).to_have_count(0)
    await step()
    await desk.state("serving", tickets[0].number)
    await step("Enter", 13)
    await desk.state("called", tickets[1].number)
    assert [ticket.id for ticket in hall.called()] == [tickets[0].id, tickets[1].id]


def test_every_key_has_an_act() -> None:
    """What the configuration can name, the console has."""
    assert {*ConsoleKeys.__struct_fields__} <= {"next", "back", *KINDS}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('{nxt = ["F13"]}', "console.keys.nxt: expected one of next, recall, "),
        ('{next = ["F 13"]}', "console.keys.next[0]: expected "),
        ('{next = ["F13"], recall = ["F14", "F13"]}',
         "console.keys.recall: expected a key that is free, found 'F13', which is that of next"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named(keys: str, said: str) -> None:
    """One line that names the key, and what it may be."""
    with pytest.raises(ConfigError) as caught:
        load(None, {"ANTREAN_CONSOLE__KEYS": keys})
    assert str(caught.value).startswith(f"environment: {said}")
