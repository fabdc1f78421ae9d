"""The kiosk's looks, measured: contrast, size, reach, on the screens that halls have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from ..citizens.hall import SERVICE, Running, running
from ..citizens.screens import KIOSK, chromium, is_sound, opened, picture
from .kit import RULES, violations
from .test_citizens import SMALL, at

LYING = {"width": 1920, "height": 1080}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1")
        yield hall


async def screens(hall: Running) -> list[str]:
    """Paths of all screens, each with a query."""
    ticket = await hall.take()
    return [
        "?", "/agencies/disdukcapil?", f"/services/{SERVICE}?key={'k' * 20}", "/search?q=ktp",
        f"/journey?with=paspor.skck&key={'k' * 20}", "/check-in?",
        f"/tickets/{ticket.token}?came=here",
    ]  # fmt: skip


async def show(page: Page, hall: Running, path: str, *looks: str) -> str:
    """Go there; a name for pictures."""
    await page.goto(f"{hall.url}/kiosk{path}&{'&'.join(f'{look}=1' for look in looks)}")
    name = path.strip("/").partition("?")[0].partition("/")[0] or "start"
    return "-".join(["kiosk", name, *looks])


async def test_high_contrast_is_seven_to_one(browser: Browser, hall: Running) -> None:
    """Every screen, in large type as well, passes AA and the contrast of AAA (1.4.6)."""
    async with opened(browser, KIOSK) as page:
        for path in await screens(hall):
            for looks in (("contrast",), ("contrast", "large")):
                name = await show(page, hall, path, *looks)
                assert not await violations(page, [*RULES, "wcag146"]), name
                assert await page.evaluate(SMALL) == [], name
                await picture(page, name)


async def test_within_reach_of_somebody_who_sits(browser: Browser, hall: Running) -> None:
    """Everything that is touched lies below the upper third; the first screen needs no scroll."""
    async with opened(browser, KIOSK) as page:
        for path in await screens(hall):
            name = await show(page, hall, path, "reach")
            await picture(page, name)
            highest = await page.evaluate(HIGHEST)
            assert highest > KIOSK["height"] * 0.35, (name, highest)
            assert await page.evaluate(SMALL) == [], name


HIGHEST = """(() => Math.min(...[...document.querySelectorAll("#kiosk :is(a, button, input)")]
  .filter((one) => one.matches(":not(.skip)") && one.getClientRects().length)
  .map((one) => one.getBoundingClientRect().top)))()"""


@pytest.mark.parametrize("size", [LYING, TABLET, PHONE], ids=["lying", "tablet", "phone"])
async def test_other_screens(browser: Browser, hall: Running, size: dict[str, int]) -> None:
    """A screen on its side, a tablet, and 320 px (a tablet at 400 %): nothing off the side, the
    bar and what matters in sight."""
    async with opened(browser, size) as page:
        for path in await screens(hall):
            for looks in ((), ("large", "contrast")):
                name = await show(page, hall, path, *looks)
                await picture(page, f"{name}-{size['width']}")
                over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert over <= 0, (name, size)
                if size != PHONE:
                    low = await page.evaluate(LOW)
                    assert low == [], (name, low)
            if size == TABLET:
                await is_sound(page, f"{name}-axe")


LOW = """[...document.querySelectorAll(".bar .key, #take-number, #done, .board button")]
  .filter((one) => one.getClientRects().length)
  .filter((one) => one.getBoundingClientRect().bottom > innerHeight + 1)
  .map((one) => one.id || one.innerText)"""
"""What must be in sight without scrolling."""


async def test_looks_end_with_the_visit(browser: Browser, hall: Running) -> None:
    """Turned on by touch, kept from screen to screen, gone for the next citizen."""
    async with opened(browser, KIOSK) as page:
        await page.goto(f"{hall.url}/kiosk")
        for look in ("large", "contrast", "reach"):
            await page.locator(f"#{look}").tap()
            await page.locator(f"html.{look}").wait_for()
        await page.get_by_role("link", name="Disdukcapil").tap()
        await at(page, "agency")
        await page.locator("html.large.contrast.reach").wait_for()
        await page.get_by_role("link", name="Perekaman KTP-el").tap()
        await at(page, "service")
        await page.locator("#take-number").tap()
        await at(page, "ticket")
        await page.locator("html.large.contrast.reach").wait_for()
        await page.locator("#done").tap()
        await at(page, "start")
        assert await page.locator("html").get_attribute("class") == "kiosk"
        assert page.url == f"{hall.url}/kiosk"


async def test_a_reload_in_the_middle_changes_nothing(browser: Browser, hall: Running) -> None:
    """The same form with the same key after a reload: one ticket, and "back" stays in the visit."""
    async with opened(browser, KIOSK) as page:
        await page.goto(f"{hall.url}/kiosk/services/{SERVICE}?contrast=1")
        await page.reload()
        await page.locator("#take-number").tap()
        await at(page, "ticket")
        number = await page.locator(".ticket-number").inner_text()
        await page.reload()
        await at(page, "ticket")
        assert await page.locator(".ticket-number").inner_text() == number
        assert len(hall.hall.tickets) == 1
        await page.go_back()
        await at(page, "start")
