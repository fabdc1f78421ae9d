"""What the citizens' browser tests share: Chromium, touch screens, axe-core, pictures.

`SHOTS=folder` keeps a picture of every screen and state; `AXE` names axe.min.js (4.14.1).
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(os.environ.get("AXE", "/work/scratch/axe/package/axe.min.js"))
RULER = AXE.read_text() if AXE.exists() else ""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KIOSK = {"width": 1080, "height": 1920}
PHONE = {"width": 390, "height": 844}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, without a screen."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        yield browser
        await browser.close()


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
