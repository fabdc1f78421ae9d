"""Operators at real browsers: what the browser tests of the counters share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.web.identity import Identity, Role, actor
from tests.browser import kit
from tests.browser.kit import violations as violations
from tests.counters.kit import Place, place

SIZE: Any = {"width": 1366, "height": 768}
PATIENCE = 15.0


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with kit.chromium() as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


class Desk:
    """Somebody at a browser of their own."""

    def __init__(self, hall: Place, identity: Identity, context: BrowserContext) -> None:
        self.hall, self.identity, self.context = hall, identity, context
        self.page: Page
        self.errors: list[str] = []

    async def visit(self, path: str = "/counters/5") -> Page:
        """A page, live already where it is live at all."""
        self.page = page = await self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        async with page.expect_event("domcontentloaded"):
            if path.startswith(("/counters/", "/supervisor")):
                async with page.expect_websocket() as socket:
                    await page.goto(self.hall.url + path)
                await (await socket.value).wait_for_event("framereceived")
            else:
                await page.goto(self.hall.url + path)
        return page

    async def press(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def state(self, state: str, number: str = "") -> None:
        """Wait until the console shows this."""
        await expect(self.page.locator(f".now.{state}")).to_be_visible()
        if number:
            await expect(self.page.locator(".now .huge")).to_have_text(number)

    @property
    def said(self) -> Any:
        return self.page.locator("#say")


Sit = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def sit(chromium: Browser, hall: Place) -> AsyncIterator[Sit]:
    """Signs somebody in at a browser; `opens` opens counter 5 first."""
    async with sitting(chromium, hall) as found:
        yield found


@contextlib.asynccontextmanager
async def sitting(chromium: Browser, hall: Place) -> AsyncIterator[Sit]:
    """The same in a hall that a test has made itself."""
    contexts: list[BrowserContext] = []
    desks: list[Desk] = []

    async def sit(
        name: str = "ann", role: Role = "operator", opens: bool = True, **options: Any
    ) -> Desk:
        identity, secret = await hall.staff(name, role)
        if opens:
            await hall.opened(identity)
        context = await chromium.new_context(viewport=SIZE, locale="id-ID", **options)
        await context.add_cookies([hall.cookie(secret)])
        contexts.append(context)
        desks.append(Desk(hall, identity, context))
        return desks[-1]

    yield sit
    for context in contexts:
        await context.close()
    assert [desk.errors for desk in desks if desk.errors] == []


async def until(true: Callable[[], object]) -> None:
    """Wait for something in the hall that no page tells."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - the Desk tells no test
            await asyncio.sleep(0.01)


async def bring(desk: Desk, ticket: Ticket, status: str) -> None:
    """Call a ticket to counter 5, away from the page; start, too, when it is to be served."""
    by = actor(desk.identity)
    await desk.hall.does(c.CallNext(counter="5", after=0, ticket=ticket.id, by=by))
    if status == "serving":
        await desk.hall.does(c.StartService(counter="5", ticket=ticket.id, by=by))
