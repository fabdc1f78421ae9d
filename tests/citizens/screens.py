"""What the citizens' browser tests share: Chromium, touch screens, axe-core, pictures.

`SHOTS=folder` keeps a picture of every screen and state.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from tests.browser.kit import chromium as chromium
from tests.browser.kit import violations

KIOSK = {"width": 1080, "height": 1920}
PHONE = {"width": 390, "height": 844}


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
    assert not errors, errors


async def is_sound(page: Page, name: str) -> None:
    """No violation by axe-core, and a picture where one is wanted."""
    await picture(page, name)
    assert not await violations(page), name


async def picture(page: Page, name: str) -> None:
    """A picture, where one is wanted."""
    if "SHOTS" in os.environ:
        await page.screenshot(path=Path(os.environ["SHOTS"]) / f"{name}.png")
