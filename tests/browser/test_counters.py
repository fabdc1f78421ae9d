"""The counters' pages in a real Chromium: by keys alone, under accidents, without a network."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright, expect

from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.web.identity import Identity, Role, actor
from tests.counters.kit import Place, place

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE: Any = {"width": 1366, "height": 768}
AXE = Path(os.environ.get("AXE", "/work/scratch/axe/package/axe.min.js")).read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 15.0


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        await browser.close()


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


async def violations(page: Page) -> list[str]:
    """What axe-core finds, by rule and place."""
    await page.evaluate(AXE)
    found = await page.evaluate(f"axe.run({{runOnly: {json.dumps(WCAG)}}})")
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


async def bring(desk: Desk, ticket: Ticket, status: str) -> None:
    """Call a ticket to counter 5, away from the page; start, too, when it is to be served."""
    by = actor(desk.identity)
    await desk.hall.does(c.CallNext(counter="5", after=0, ticket=ticket.id, by=by))
    if status == "serving":
        await desk.hall.does(c.StartService(counter="5", ticket=ticket.id, by=by))


# Keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("called", ["Numpad0"], "called"), ("called", ["NumpadAdd"], "serving"),
        ("serving", ["NumpadDecimal"], "served"), ("called", ["NumpadDivide"], "waiting"),
        ("called", ["NumpadSubtract", "NumpadEnter"], "no_show"),
        ("called", ["Numpad1", "NumpadEnter"], "cancelled"),
        ("serving", ["NumpadMultiply"], "parked"), ("called", ["NumpadEnter"], "serving"),
        ("called", ["u"], "called"), ("called", ["m"], "serving"), ("serving", ["s"], "served"),
        ("called", ["t", "Enter"], "no_show"), ("serving", ["k"], "waiting"),
        ("serving", ["d"], "parked"), ("called", ["b", "NumpadEnter"], "cancelled"),
        ("called", ["Enter"], "serving"),
    ],
)  # fmt: skip
async def test_every_act_has_a_key(
    sit: Sit, hall: Place, before: str, keys: list[str], after: str
) -> None:
    """On the numpad and by a letter; what is dangerous only at the second press."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, before)
    calls = hall.hall.tickets[ticket.id].calls
    await desk.visit()
    await desk.state(before, ticket.number)
    for index, key in enumerate(keys):
        if index:
            await expect(desk.page.locator("[data-armed]")).to_be_visible()
            assert hall.hall.tickets[ticket.id].status == before
        await desk.press(key)
    await until(lambda: hall.hall.tickets[ticket.id].status == after)
    recalled = after == before
    await until(lambda: hall.hall.tickets[ticket.id].calls == calls + recalled)


async def test_the_counter_itself_by_keys(sit: Sit, hall: Place) -> None:
    """Open, break, open again, close: the last one asked twice."""
    desk = await sit(opens=False)
    await desk.visit()
    await desk.state("closed")
    for key, state in (("NumpadEnter", "open"), ("Numpad3", "break"), ("c", "open")):
        await desk.press(key)
        await desk.state(state)
    await desk.press("Numpad9")
    await expect(desk.said).to_contain_text("Tekan lagi untuk menutup loket")
    await desk.press("NumpadEnter")
    await desk.state("closed")
    assert hall.hall.counters["5"].operator == ""


async def test_modifiers_and_inputs_are_left_alone(sit: Sit, hall: Place) -> None:
    """Ctrl+C copies, Alt+letter is the browser's; what is typed into a field is text."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "called")
    page = await desk.visit()
    for key in ("Control+m", "Alt+m", "Shift+m", "Meta+u"):
        await desk.press(key)
    await desk.press("Numpad7")
    await expect(page.locator("#transfer")).to_be_visible()
    await page.keyboard.type("m+t-")
    await desk.press("Escape")
    await expect(page.locator("#transfer")).to_be_hidden()
    await desk.press("u")
    await until(lambda: hall.hall.tickets[ticket.id].calls == 2)
    assert hall.hall.tickets[ticket.id].status == "called"


async def test_a_row_is_chosen_and_called_by_keys(sit: Sit, hall: Place) -> None:
    """Down, down, Enter, Enter: the second in the queue; Escape in between calls nobody."""
    desk, tickets = await sit(), await hall.queue(3)
    page = await desk.visit()
    await desk.press("Numpad2")
    await desk.press("ArrowDown")
    await expect(page.locator(f"#call-{tickets[1].id}")).to_be_focused()
    await desk.press("Enter")
    await expect(desk.said).to_have_text(f"Tekan lagi untuk memanggil {tickets[1].number}")
    await desk.press("Escape")
    await expect(page.locator("[data-armed]")).to_have_count(0)
    await desk.press("NumpadEnter")
    await expect(page.locator("[data-armed]")).to_be_visible()
    await desk.press("Enter")
    await desk.state("called", tickets[1].number)
    assert [ticket.id for ticket in hall.called()] == [tickets[1].id]


async def test_a_row_is_cancelled_and_brought_back(sit: Sit, hall: Place) -> None:
    """Numpad1 on a row is about that row; the list of the gone gives it back."""
    desk, tickets = await sit(), await hall.queue(2)
    page = await desk.visit()
    for key in ("Numpad2", "Numpad2", "Numpad1"):
        await desk.press(key)
    await expect(desk.said).to_have_text(f"Tekan lagi untuk membatalkan {tickets[1].number}")
    await desk.press("NumpadEnter")
    again = page.locator(f"#reinstate-{tickets[1].id}")
    await expect(again).to_be_visible()
    await again.click()
    await desk.press("Enter")
    await expect(page.locator(f"#call-{tickets[1].id}")).to_be_visible()
    assert hall.hall.tickets[tickets[1].id].status == "waiting"


async def test_a_transfer_by_keys(sit: Sit, hall: Place) -> None:
    """7, the counter's number, Enter, Enter."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "serving")
    page = await desk.visit()
    await desk.press("Numpad7")
    await expect(page.locator("#transfer-search")).to_be_focused()
    await page.keyboard.type("12")
    await expect(page.locator("#transfer .chosen")).to_have_text("→ Loket 12")
    await desk.press("NumpadEnter")
    await desk.press("NumpadEnter")
    await expect(page.locator("#transfer")).to_be_hidden()
    await desk.state("open")
    assert hall.hall.tickets[ticket.id].line == "@12"


async def test_a_rush_of_sixty_by_the_numpad_alone(sit: Sit, hall: Place) -> None:
    """Sixty citizens called in order, started and finished, with two keys."""
    desk, tickets = await sit(), await hall.queue(60)
    await desk.visit()
    for ticket in tickets:
        await desk.press("NumpadEnter")
        await desk.state("called", ticket.number)
        await desk.press("NumpadAdd")
        await desk.state("serving", ticket.number)
    await desk.press("NumpadDecimal")
    await desk.state("open")
    await expect(desk.page.locator(".tally b").first).to_have_text("60")
    assert all(ticket.calls == 1 for ticket in hall.hall.tickets.values())


# Accidents ------------------------------------------------------------------------------------


async def test_enter_held_down_acts_once(sit: Sit, hall: Place) -> None:
    """Its repeats call nobody, start nothing; also with the focus on the button itself."""
    desk, tickets = await sit(), await hall.queue(3)
    page = await desk.visit()
    await page.locator("#primary").focus()
    for _ in range(25):
        await page.keyboard.down("Enter")
    await desk.state("called", tickets[0].number)
    for _ in range(25):
        await page.keyboard.down("Enter")
    await page.keyboard.up("Enter")
    await desk.press("u")  # a marker: whatever came before has been answered by now
    await until(lambda: hall.hall.tickets[tickets[0].id].calls == 2)
    assert [ticket.id for ticket in hall.called()] == [tickets[0].id]
    assert hall.hall.tickets[tickets[0].id].status == "called"


async def test_a_double_click_acts_once(sit: Sit, hall: Place) -> None:
    """The second click lands on what the button has become by then: it doesn't count."""
    desk, tickets = await sit(), await hall.queue(3)
    page = await desk.visit()
    await page.locator("#primary").dblclick()
    await desk.state("called", tickets[0].number)
    await page.locator("#act-no_show").dblclick()
    await expect(desk.said).to_contain_text("Tekan lagi")
    await desk.press("Escape")
    await desk.press("u")
    await until(lambda: hall.hall.tickets[tickets[0].id].calls == 2)
    assert hall.hall.tickets[tickets[0].id].status == "called"
    assert len(hall.called()) == 1


async def test_two_browsers_on_one_counter_call_one_citizen(sit: Sit, hall: Place) -> None:
    """Both press at once: one is told that its screen was out of date, and shows the present."""
    desk, tickets = await sit(), await hall.queue(3)
    first = await desk.visit()
    second = await desk.visit()

    async def hold(route: Route) -> None:
        await both.wait()
        await route.continue_()

    both = asyncio.Barrier(2)
    for page in (first, second):
        await page.route("**/calls", hold)
    await asyncio.gather(*(page.locator("#primary").click() for page in (first, second)))
    for page in (first, second):
        await expect(page.locator(".now.called .huge")).to_have_text(tickets[0].number)
    for page in (first, second):
        await expect(page.locator("#console[data-busy]")).to_have_count(0)
    said = [await page.locator("#say").inner_text() for page in (first, second)]
    assert sorted(sentence.partition(":")[0] for sentence in said) == [
        "", "Layar Anda belum mutakhir",
    ]  # fmt: skip
    assert [ticket.id for ticket in hall.called()] == [tickets[0].id]


async def test_the_back_button_calls_nobody(sit: Sit, hall: Place) -> None:
    """Back on the page, it shows the present; a press is about that."""
    desk, tickets = await sit(), await hall.queue(3)
    page = await desk.visit()
    await desk.press("NumpadEnter")
    await desk.state("called", tickets[0].number)
    await page.goto(hall.url + "/counters")
    await hall.does(c.StartService(counter="5", ticket=tickets[0].id, by=actor(desk.identity)))
    await page.go_back()
    await desk.state("serving", tickets[0].number)
    assert len(hall.called()) == 1
    await desk.press("NumpadEnter")
    await desk.state("called", tickets[1].number)
    assert len(hall.called()) == 2


async def test_a_lost_answer_is_asked_for_again_under_the_same_key(sit: Sit, hall: Place) -> None:
    """The call was made but its answer never came: the console says so, and calls nobody else."""
    desk, tickets = await sit(), await hall.queue(3)
    page = await desk.visit()
    bodies: list[str | None] = []

    async def lose(route: Route) -> None:
        bodies.append(route.request.post_data)
        if len(bodies) > 2:
            await route.continue_()
            return
        await route.fetch()
        await route.abort()

    await page.route("**/calls", lose)
    await desk.press("NumpadEnter")
    await expect(desk.said).to_contain_text("Belum diketahui apakah tersimpan")
    await expect(page.locator("#stop")).to_be_visible()
    await until(lambda: len(bodies) == 3)
    await expect(page.locator("#stop")).to_be_hidden()
    await desk.state("called", tickets[0].number)
    assert len(set(bodies)) == 1
    assert [(ticket.id, ticket.calls) for ticket in hall.called()] == [(tickets[0].id, 1)]


async def test_an_answer_that_takes_too_long_is_not_waited_for(sit: Sit, hall: Place) -> None:
    """After ten seconds it is "not known"; the operator may stop the tries."""
    desk, _ = await sit(), await hall.queue(1)
    page = await desk.visit()
    await page.clock.install()

    async def never(route: Route) -> None:
        return

    await page.route("**/calls", never)
    await desk.press("NumpadEnter")
    await expect(page.locator("#primary[data-pending]")).to_be_visible()
    await page.clock.fast_forward(9_000)
    await expect(desk.said).to_have_text("Menyimpan…")
    await page.clock.fast_forward(1_500)
    await expect(desk.said).to_contain_text("Belum diketahui apakah tersimpan")
    await desk.press("Escape")
    await expect(desk.said).to_contain_text("Tidak diketahui apakah tersimpan. Periksa")
    await expect(page.locator("#console[data-busy]")).to_have_count(0)
    assert hall.called() == []


async def test_a_refusal_is_a_sentence_beside_the_button(sit: Sit, hall: Place) -> None:
    """Somebody else finished meanwhile, and the live feed is slow: no alert, a polite region."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "serving")
    page = await desk.visit()
    page.on("dialog", lambda dialog: desk.errors.append(dialog.message))

    async def late(route: Route) -> None:
        await hall.does(c.FinishService(counter="5", ticket=ticket.id, by=actor(desk.identity)))
        await route.continue_()

    await page.route("**/parks", late)
    await desk.press("NumpadMultiply")
    await expect(desk.said).to_contain_text("Layar Anda belum mutakhir: tidak ada nomor di loket")
    await expect(desk.said).to_have_attribute("role", "status")
    await desk.state("open")


async def test_a_cut_live_feed_is_said_and_worked_through(sit: Sit, hall: Place) -> None:
    """Without the socket acts still work, and the screen is looked up every few seconds."""
    desk, tickets = await sit(), await hall.queue(2)
    desk.page = page = await desk.context.new_page()
    await page.route_web_socket("**/live*", lambda socket: socket.close())
    await page.goto(hall.url + "/counters/5")
    await expect(page.locator("#link")).to_contain_text("layar diperbarui tiap 5 detik")
    await desk.press("NumpadEnter")
    await desk.state("called", tickets[0].number)
    await desk.press("NumpadAdd")
    await desk.state("serving", tickets[0].number)


async def test_a_server_that_is_gone_is_said_with_the_time(sit: Sit, hall: Place) -> None:
    """Red, since when; a press stays pending and is saved once when the server is back."""
    desk, tickets = await sit(), await hall.queue(2)
    desk.page = page = await desk.context.new_page()
    gone = True

    async def door(route: Route) -> None:
        await (route.abort() if gone else route.continue_())

    await page.goto(hall.url + "/counters/5")
    await page.route("**/counters/**", door)
    await page.route_web_socket("**/live*", lambda socket: socket.close())
    await hall.house.hub.close()
    await expect(page.locator("#link")).to_contain_text("Terputus sejak")
    await desk.press("NumpadEnter")
    await expect(desk.said).to_contain_text("Mencoba lagi")
    gone = False
    await desk.state("called", tickets[0].number)
    await expect(page.locator("#link")).to_contain_text("tiap 5 detik")
    assert [(ticket.id, ticket.calls) for ticket in hall.called()] == [(tickets[0].id, 1)]


async def test_a_session_that_ended_leads_to_the_sign_in_and_back(sit: Sit, hall: Place) -> None:
    """A press after the session was revoked: sign in, with the console as what comes next."""
    desk, _ = await sit(), await hall.queue(1)
    page = await desk.visit()
    await hall.house.office.revoke_sessions(int(desk.identity.id[1:]))
    await desk.press("NumpadEnter")
    await page.wait_for_url("**/sign-in?next=%2Fcounters%2F5")
    assert hall.called() == []


# Live -----------------------------------------------------------------------------------------


async def test_the_first_arrival_is_announced_calmly(sit: Sit, hall: Place) -> None:
    """While nobody waited: a line beside the button, the title, a tone that can be muted."""
    desk = await sit()
    page = await desk.visit()
    await expect(page).to_have_title("Loket 5")
    await hall.queue(1)
    await expect(desk.said).to_have_text("Ada yang menunggu.")
    await expect(page).to_have_title("(1) Loket 5")
    mute = page.locator("#cue")
    await mute.click()
    await expect(mute).to_have_attribute("aria-pressed", "false")
    await page.reload()
    await expect(mute).to_have_attribute("aria-pressed", "false")


async def test_a_released_counter_says_so(sit: Sit, hall: Place) -> None:
    """A supervisor releases it from the board, at the second press; both pages follow live."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "called")
    await desk.visit()
    chief = await sit("chief", "supervisor", opens=False)
    board = await chief.visit("/supervisor")
    button = board.locator("#release-5")
    await button.click()
    await expect(board.locator("#say")).to_have_text("Tekan lagi untuk melepaskan Loket 5")
    await button.click(delay=450)  # later than a bounce could be
    await expect(button).to_have_count(0)
    await expect(board.locator(".queues")).to_contain_text("Belum ada loket buka")
    await desk.state("closed")
    await expect(desk.said).to_have_text("Loket ini sudah dilepaskan.")
    budi = await sit("budi", opens=True)
    await expect(desk.page.locator("h1")).to_contain_text("sedang dipakai")
    assert budi.identity.id == hall.hall.counters["5"].operator


async def test_an_english_console_stays_english(sit: Sit, hall: Place) -> None:
    """Live frames speak the page's language."""
    desk = await sit()
    page = await desk.visit("/counters/5?lang=en")
    await expect(page.locator("#primary .label")).to_have_text("Call next")
    await hall.queue(2)
    await expect(page.locator(".count").first).to_have_text("2")
    await desk.press("NumpadEnter")
    await expect(page.locator(".now .status")).to_have_text("Called, awaited at the counter")


async def test_focus_and_scroll_survive_a_live_frame(sit: Sit, hall: Place) -> None:
    """Who walks down the queue by keys is not thrown out of it by an arrival."""
    desk, tickets = await sit(), await hall.queue(25)
    page = await desk.visit()
    for _ in range(20):
        await desk.press("ArrowDown")
    row = page.locator(f"#call-{tickets[19].id}")
    await expect(row).to_be_focused()
    await hall.queue(1)
    await expect(page.locator(".count").first).to_have_text("26")
    await expect(row).to_be_focused()
    await expect(row).to_be_in_viewport()


async def test_choosing_a_counter(sit: Sit, hall: Place) -> None:
    """Type its name, Enter: it opens, and next time it is offered first."""
    desk = await sit(opens=False)
    other, _ = await hall.staff("budi")
    await hall.opened(other, "7")
    page = await desk.visit("/counters")
    held = page.locator(".choice.held")
    await expect(held).to_contain_text("Dipegang budi sejak 09.00")
    await expect(held.locator("button")).to_have_count(0)
    await page.locator("#search").fill("loket 12")
    await expect(page.locator(".choice:visible")).to_have_count(1)
    await desk.press("Enter")
    await page.wait_for_url("**/counters/12")
    await desk.state("open")
    await page.goto(hall.url + "/counters")
    await page.get_by_role("link", name="Lanjutkan Loket 12").first.click()
    await desk.state("open")


async def test_a_whole_turn_without_a_script(sit: Sit, hall: Place) -> None:
    """Forms alone: open, call, start, no-show with its question, close."""
    desk, tickets = await sit(opens=False, java_script_enabled=False), await hall.queue(2)
    page = await desk.context.new_page()
    desk.page = page
    await page.goto(hall.url + "/counters/5")
    for state in ("open", "called", "serving"):
        await page.locator("#primary").click()
        await desk.state(state)
    await page.locator("#primary").click()
    await desk.state("called", tickets[1].number)
    await page.locator("#act-no_show").click()
    await expect(page.locator("h1")).to_have_text(f"Tidak hadir {tickets[1].number}?")
    await page.get_by_role("button", name="Tidak hadir").click()
    await desk.state("open")
    assert hall.hall.tickets[tickets[1].id].status == "no_show"


# For every eye --------------------------------------------------------------------------------


async def test_nothing_is_in_the_way_of_anybody(sit: Sit, hall: Place) -> None:
    """axe-core finds nothing on any page, in any of its states."""
    desk = await sit()
    found: dict[str, list[str]] = {}
    page = await desk.visit()
    found["empty"] = await violations(page)
    tickets = await hall.queue(40)
    await hall.take(priority="lansia")
    await bring(desk, tickets[0], "serving")
    await desk.state("serving")
    await desk.press("NumpadMultiply")
    await bring(desk, tickets[1], "called")
    await desk.state("called", tickets[1].number)
    await desk.press("NumpadSubtract")
    await expect(page.locator("[data-armed]")).to_be_visible()
    found["armed"] = await violations(page)
    await desk.press("Escape")
    await desk.press("Numpad7")
    await expect(page.locator("#transfer")).to_be_visible()
    found["transfer"] = await violations(page)
    found["choice"] = await violations(await desk.visit("/counters"))
    chief = await sit("chief", "supervisor", opens=False)
    found["floor"] = await violations(await chief.visit("/supervisor"))
    found["steward"] = await violations(await chief.visit("/counters/5"))
    assert {name: list(of) for name, of in found.items() if of} == {}


@pytest.mark.parametrize("height", [768, 633])
async def test_everything_fits(sit: Sit, hall: Place, height: int) -> None:
    """1366 wide, with and without a browser's bars: no page scroll, every button on it."""
    desk, tickets = await sit(), await hall.queue(60)
    await bring(desk, tickets[0], "serving")
    page = await desk.visit()
    await page.set_viewport_size({"width": 1366, "height": height})
    size = await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert size == [1366, height]
    for button in await page.locator(".acts button, #primary, .turns button").all():
        await expect(button).to_be_in_viewport(ratio=1)
