"""What every browser test shares: the browser, and the rules of accessibility."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, Playwright, async_playwright, expect

expect.set_options(timeout=20_000)  # what is awaited comes; how soon, the machine decides

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
EXECUTABLE = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SHELL = "/usr/bin/chromium-headless-shell"
"""Debian's Chromium without a browser's own windows, which cost more than twice what the pages do:
for what pages show and do. Sound, installed apps and the whole ways through the hall are tried in
the whole browser."""
AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def launch(driver: Playwright, *more: str, whole: bool = True) -> Browser:
    """Chromium without a screen; not `whole`: where it is there, without its windows."""
    lean = not whole and "CHROMIUM" not in os.environ and os.access(SHELL, os.X_OK)
    program = SHELL if lean else EXECUTABLE
    return await driver.chromium.launch(executable_path=program, args=[*ARGUMENTS, *more])


@asynccontextmanager
async def chromium(*more: str, whole: bool = False) -> AsyncIterator[Browser]:
    """Chromium, closed at the end."""
    async with async_playwright() as driver:
        browser = await launch(driver, *more, whole=whole)
        yield browser
        await browser.close()


REPEATED = ["option:nth-of-type(n+6)", "tr:nth-of-type(n+10)", "li:nth-of-type(n+12)"]
"""Made by a loop as those before them were: looking at 260 services takes a page seconds."""


async def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA: "rule: place", a line each."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(AXE)  # a script tag would be stopped by the pages' own policy
    found = await page.evaluate(
        "([exclude, rules]) => axe.run({exclude}, {runOnly: {type: 'tag', values: rules}})",
        [[[one] for one in REPEATED], rules],
    )
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
