"""`make screenshots`: docs/pictures, of a real hall with people in it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser

from tests.browser.kit import chromium
from tests.hall import Running, running

SIZES = {"board": (1920, 1080), "console": (1366, 768), "kiosk": (1080, 1920), "phone": (390, 844)}
COUNTER = "37"
TICKETS = ("paspor", "imigrasi-e-paspor", "paspor", "imigrasi-paspor-ganti", "paspor", "paspor")


async def main(folder: Path) -> None:
    """Fill a hall, then look at it."""
    with tempfile.TemporaryDirectory() as data:
        async with running(Path(data)) as hall, chromium() as browser:
            tokens = await _people(hall)
            zone = hall.house.catalogue.counters[COUNTER].zone
            await _picture(browser, f"{hall.url}/displays/{zone}?sound=off", folder, "board")
            await _picture(browser, f"{hall.url}/kiosk", folder, "kiosk")
            await _picture(browser, f"{hall.url}/t/{tokens[-1]}", folder, "phone")
            await _picture(browser, f"{hall.url}/t/{tokens[1]}", folder, "phone-called")
            await _console(browser, hall, folder)


async def _people(hall: Running) -> list[str]:
    """Tickets taken, two called: their secrets."""
    operator = await hall.client("supervisor")
    at = f"/api/v1/counters/{COUNTER}"
    await operator.post(f"{at}/openings", json={})
    tokens = []
    for index, service in enumerate(TICKETS):
        body = {"service": service, **({"priority": "lansia"} if index == 3 else {})}
        tokens.append((await operator.post("/api/v1/tickets", json=body)).json()["token"])
    first = (await operator.post(f"{at}/calls", json={"after": None})).json()["ticket"]
    await operator.post(f"{at}/starts", json={"ticket": first})
    chosen = hall.house.hall.tokens[tokens[1]]
    await operator.post(f"{at}/calls", json={"after": first, "ticket": chosen})
    return tokens


async def _picture(browser: Browser, url: str, folder: Path, name: str) -> None:
    width, height = SIZES[name.partition("-")[0]]
    page = await browser.new_page(viewport={"width": width, "height": height}, locale="id-ID")
    await page.goto(url)
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=folder / f"{name}.png")
    await page.close()


async def _console(browser: Browser, hall: Running, folder: Path) -> None:
    """A supervisor's look at the counter: signed in as a person would."""
    password = await hall.house.office.add_user("penyelia", "supervisor")
    width, height = SIZES["console"]
    page = await browser.new_page(viewport={"width": width, "height": height}, locale="id-ID")
    await page.goto(f"{hall.url}/sign-in?next=/counters/{COUNTER}")
    await page.fill("[name=name]", "penyelia")
    await page.fill("[name=password]", password)
    await page.press("[name=password]", "Enter")
    await page.fill("[name=old]", password)
    await page.fill("[name=new]", "sebuah kata sandi panjang")
    await page.fill("[name=again]", "sebuah kata sandi panjang")
    await page.press("[name=again]", "Enter")
    await page.goto(f"{hall.url}/counters/{COUNTER}")
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=folder / "console.png")
    await page.goto(f"{hall.url}/supervisor")
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=folder / "supervisor.png")
    await page.close()


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Path(sys.argv[1])))
