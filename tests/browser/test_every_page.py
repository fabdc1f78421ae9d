"""Every page that a GET can reach, whoever adds it: for every eye, at every width, from this host.

The pages are the routes of the running application. A route with a parameter is looked at with the
example of `EXAMPLES`; without one, what is looked at is the page that says there is no such thing.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.async_api import Browser, Page
from starlette.routing import Route

from queue_server import app
from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.reception import Booker, Reception
from queue_server.tracking.intake import intake
from queue_server.web.visit import COOKIE
from tests.browser.kit import chromium, violations
from tests.counters.kit import Place, place

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
NARROW = {"width": 320, "height": 568}
ZOOMED = {"width": 683, "height": 384}
"""1366 by 768 at 200 %."""
NO_PAGES = ("/api/", "/static/", "/audio/", "/local/", "/metrics", "/healthz", "/readyz")
BOARDS = ("/displays/{zone}", "/displays/{zone}/plain", "/displays/doors/{counter}")
"""Made for one size, a television's, and with no text to reflow: axe-core alone looks at them."""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


class Hall:
    """A hall with something on every page: who waits, who is called, an application."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.waiting: Ticket
        self.code = ""
        self.operator = ""
        self.booking = ""
        self.secret = ""

    async def fill(self) -> None:
        house = self.place.house
        who, self.secret = await self.place.staff("chief", "admin")
        chief = c.Actor("chief", steward=True)
        called, self.waiting = await self.place.queue(2)
        await self.place.does(c.OpenCounter(counter="5", by=chief))
        await self.place.does(c.CallNext(counter="5", after=0, ticket=called.id, by=chief))
        reception = Reception(house)
        (day, *_) = (one for one in await reception.days(reception.terms("paspor")) if one.free)
        session = next(one.session.key for one in day.slots if one.state == "free")
        made = await reception.book("paspor", session.day, session.start, Booker(), "", "")
        self.booking = made.token
        self.operator = who.id
        favours = {called.service: 300_000}
        await self.place.does(c.FavourServices(operator=who.id, favours=favours, by=chief))
        new = intake(house.catalogue, self.waiting.service, ticket="")
        recorded = await house.rooms.tracking.register(new, "chief", counter="5")
        self.code = recorded.application.code

    def paths(self) -> list[str]:
        """The patterns of all GET routes that people's browsers open."""
        served = app.application(self.place.house, self.place.running.folder)
        found = (route for route in served.routes if isinstance(route, Route))
        gets = (route.path for route in found if "GET" in (route.methods or ()))
        return [path for path in gets if not path.startswith(NO_PAGES)]

    def address(self, pattern: str) -> str:
        """A pattern with examples in the places of its parameters."""

        def example(found: re.Match[str]) -> str:
            name = found[1].partition(":")[0]
            return EXAMPLES[name](self) if name in EXAMPLES else "1"

        return self.place.url + re.sub(r"{([^}]+)}", example, pattern)


EXAMPLES: dict[str, Callable[[Hall], str]] = {
    "service": lambda hall: "paspor",
    "agency": lambda hall: "disdukcapil",
    "zone": lambda hall: "a",
    "counter": lambda hall: "5",
    "token": lambda hall: hall.waiting.token,
    "code": lambda hall: hall.code,
    "booking": lambda hall: hall.booking,
    "kind": lambda hall: "csv",
    "ticket": lambda hall: str(hall.waiting.id),
    "step": lambda hall: "call",
    "line": lambda hall: hall.waiting.line,
    "operator": lambda hall: hall.operator,
    "package": lambda hall: "paket-pindah-datang",
    "list": lambda hall: "services",
    "item": lambda hall: "paspor",
}
"""Parameter of a route -> a value for it."""


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    async with place(tmp_path_factory.mktemp("hall")) as made:
        hall = Hall(made)
        await hall.fill()
        yield hall


class Look:
    """One visitor who looks at pages and notes what is wrong."""

    def __init__(self, hall: Hall, page: Page, headers: dict[str, str]) -> None:
        self.hall, self.page, self.headers = hall, page, headers
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        page.on("request", lambda request: self._host(request.url))
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("console", lambda said: self._policy(said.text))

    async def at(self, pattern: str) -> None:
        """Look at the page of a route; one that leads elsewhere is looked at there."""
        answer = await self._asked(self.hall.address(pattern))
        if not is_page(answer) or answer.url.path in self.seen:
            return
        self.seen.add(answer.url.path)
        await self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict
        await self.page.goto(str(answer.url))
        await self._axe(pattern, "phone")
        if pattern not in BOARDS:
            await self._fits(pattern, NARROW)
            await self._fits(pattern, ZOOMED)
        await self.page.set_viewport_size(DESK)  # type: ignore[arg-type]  # as above
        await self._axe(pattern, "desk")

    async def _asked(self, address: str) -> httpx2.Response:
        """What an address answers, at the end of its redirects."""
        headers = {"Accept": "text/html", "Connection": "close", **self.headers}
        async with httpx2.AsyncClient(trust_env=False, follow_redirects=True) as client:
            return await client.get(address, headers=headers)

    async def _axe(self, pattern: str, where: str) -> None:
        self.wrong += [f"{pattern} {where}: {one}" for one in await violations(self.page)]

    async def _fits(self, pattern: str, size: dict[str, int]) -> None:
        await self.page.set_viewport_size(size)  # type: ignore[arg-type]  # as above
        width = await self.page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            self.wrong.append(f"{pattern}: {width} wide in {size['width']}")

    def _host(self, url: str) -> None:
        ours = urlsplit(self.hall.place.url).netloc
        if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != ours:
            self.wrong.append(f"another host: {url}")

    def _policy(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.wrong.append(text)


def is_page(answer: httpx2.Response) -> bool:
    """Whether a person is shown a page, not a part of one or a file."""
    html = "text/html" in answer.headers.get("content-type", "")
    return html and answer.text.lstrip().lower().startswith("<!doctype html")


@pytest.mark.parametrize("who", ["everybody", "admin"])
async def test_every_page_is_for_everyone(browser: Browser, hall: Hall, who: str) -> None:
    """axe-core (WCAG 2.2 AA) at 390 and 1366 px; no sideways scrolling at 320 px nor at 200 %
    zoom; nothing from another host; nothing that the page's own policy stops."""
    context = await browser.new_context(timezone_id="Asia/Jakarta", locale="id-ID")
    headers: dict[str, str] = {}
    if who == "admin":
        await context.add_cookies([hall.place.cookie(hall.secret)])
        headers = {"Cookie": f"{COOKIE}={hall.secret}"}
    look = Look(hall, await context.new_page(), headers)
    for pattern in hall.paths():
        staff = pattern.startswith(
            (
                "/displays/presence",
                "/admin",
                "/counters",
                "/supervisor",
                "/dashboard",
                "/reports",
                "/password",
                "/account",
            )
        )
        if staff == (who == "admin"):
            await look.at(pattern)
    await context.close()
    assert look.seen
    assert not look.wrong, "\n".join(look.wrong)
