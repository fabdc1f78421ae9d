"""TV sets for the tests: a Chromium, what is heard from it, and what stands wrong on it.

What is spoken is read from the audio element's own events, written to the console by a script
that runs before the page's. Nothing is evaluated before that: it would count as a person's
gesture and allow sound that a hall's TV blocks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.kit import RULES, launch
from tests.browser.kit import violations as found

ALLOWED = "--autoplay-policy=no-user-gesture-required"
SIZE = {"width": 1920, "height": 1080}
SPY = """
(function () {
  var play = HTMLMediaElement.prototype.play, later = window.setTimeout;
  window.setTimeout = function (f, ms) { return later(f, ms / 3); };
  function say(name, audio) {
    if (audio.volume) { console.info("spy " + name + " " + audio.src.split("/").pop()); }
  }
  HTMLMediaElement.prototype.play = function () {
    var audio = this, asked;
    if (!audio.spied) {
      audio.spied = true;
      ["playing", "ended"].forEach(function (name) {
        audio.addEventListener(name, function () {
          // "playing" comes again after a stall: a clip begins once for each play().
          if (name === "ended" || audio.begins) { say(name, audio); }
          audio.begins = false;
        });
      });
    }
    audio.begins = true;
    asked = play.call(audio);
    asked.then(null, function (error) { console.info("spy refused " + error.name); });
    return asked;
  };
})();
"""
"""Timers run three times as fast: clips here last less than a second."""


class Board:
    """An open board and what it said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: list[str] = []
        self.errors: list[str] = []
        self._more = asyncio.Event()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _console(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        if text.startswith("spy "):
            self.heard.append(text[4:])
            self._more.set()
        elif (
            getattr(message, "type", "") == "error"
            and "404" not in text
            and "WebSocket" not in text
        ):
            self.errors.append(text)

    async def until(self, enough: Callable[[list[str]], bool], seconds: float = 20) -> None:
        """Wait for what is heard."""
        async with asyncio.timeout(seconds):
            while not enough(self.heard):
                self._more.clear()
                await self._more.wait()

    async def hear(self, *calls: str) -> None:
        """Wait until these have been spoken to their end."""
        await self.until(lambda heard: all(f"ended {call}" in heard for call in calls))

    @property
    def spoken(self) -> list[str]:
        """The clips that began, in order."""
        return [text[8:] for text in self.heard if text.startswith("playing ")]

    async def current(self) -> None:
        """Wait until the feed has brought this board its first frame."""
        await expect(self.page.locator("body[data-live]")).to_be_attached()


@asynccontextmanager
async def browser(driver: Playwright, *more: str) -> AsyncIterator[Browser]:
    browser = await launch(driver, *more)
    try:
        yield browser
    finally:
        await browser.close()


@asynccontextmanager
async def tv_set(browser: Browser, **options: Any) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport=SIZE, **options)
    await context.add_init_script(SPY)
    try:
        yield context
    finally:
        await context.close()


async def open_board(context: BrowserContext, url: str) -> Board:
    board = Board(await context.new_page())
    await board.page.goto(url)
    return board


def clip(call: int, counter: str) -> str:
    return f"{call}-{counter}.wav"


OVERFLOWS = """() => Array.from(document.querySelectorAll("main *")).filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1);
}).map(e => e.className)"""


async def violations(page: Page) -> list[str]:
    """Against WCAG 2.2 AA alone: a board has none of a page's landmarks."""
    return await found(page, [rule for rule in RULES if rule.startswith("wcag")])
