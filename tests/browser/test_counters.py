"""The counters' pages in a real Chromium: by keys alone, live, for every eye."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.counters.browsers import Sit, bring, chromium, hall, sit, until, violations
from tests.counters.kit import Place

__all__ = ["chromium", "hall", "sit"]  # fixtures


# Keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("called", ["Numpad0"], "called"), ("called", ["NumpadAdd"], "serving"),
        ("serving", ["NumpadDecimal"], "served"), ("called", ["NumpadDivide"], "waiting"),
        ("called", ["NumpadSubtract", "NumpadEnter"], "no_show"),
        ("called", ["b", "Enter"], "cancelled"), ("called", ["NumpadEnter"], "serving"),
        ("called", ["u"], "called"), ("called", ["m"], "serving"), ("serving", ["s"], "served"),
        ("called", ["t", "Enter"], "no_show"), ("serving", ["k"], "waiting"),
        ("called", ["b", "NumpadEnter"], "cancelled"),
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
    """Open, a break with its reason and time, open again, close with its reason from the panel:
    one after the other, as fast as keys come."""
    desk = await sit(opens=False)
    await desk.visit()
    await desk.state("closed")
    for keys, state in (
        (["NumpadEnter"], "open"), (["Numpad3", "Numpad2", "NumpadAdd", "Enter"], "break"),
        (["c"], "open"), (["Numpad9", "NumpadSubtract", "Numpad5", "NumpadEnter"], "closed"),
    ):  # fmt: skip
        for key in keys:
            await desk.press(key)
        await desk.state(state)
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


async def test_papers_by_keys(sit: Sit, hall: Place) -> None:
    """6, the numbers of what is missing, Enter; the list gives the citizen back to the queue."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "serving")
    page = await desk.visit()
    await desk.press("Numpad6")
    await expect(page.locator("#papers")).to_be_visible()
    for key in ("2", "Numpad1", "2"):
        await desk.press(key)
    await expect(page.locator("#papers .chosen")).to_have_text("(1)")
    await desk.press("NumpadEnter")
    await expect(page.locator("#papers")).to_be_hidden()
    await desk.state("open")
    now = hall.hall.tickets[ticket.id]
    assert (now.status, now.missing) == ("pending", (0,))
    await page.locator(f"#resume-{ticket.id}").click()
    await expect(page.locator(f"#call-{ticket.id}")).to_be_visible()
    await until(lambda: hall.hall.tickets[ticket.id].status == "waiting")


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
    await desk.press("Numpad2")
    await desk.state("open")
    await bring(desk, tickets[1], "called")
    await desk.state("called", tickets[1].number)
    await desk.press("NumpadSubtract")
    await expect(page.locator("[data-armed]")).to_be_visible()
    found["armed"] = await violations(page)
    await desk.press("Escape")
    await desk.press("Numpad7")
    await expect(page.locator("#transfer")).to_be_visible()
    found["transfer"] = await violations(page)
    await desk.press("Escape")
    await desk.press("l")
    await expect(page.locator("#papers")).to_be_visible()
    found["papers"] = await violations(page)
    await desk.press("Enter")
    await expect(page.locator("#pending-rows")).to_be_visible()
    found["pending"] = await violations(page)
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
    for button in await page.locator(
        ".acts > form button, #more-name, #primary, .turns button"
    ).all():
        await expect(button).to_be_in_viewport(ratio=1)
