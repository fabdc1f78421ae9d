"""What happens at a counter by accident calls no second citizen: a real Chromium."""

from __future__ import annotations

import asyncio

from playwright.async_api import Route, expect

from queue_server.core import commands as c
from queue_server.web.identity import actor
from tests.counters.browsers import Sit, bring, chromium, hall, sit, until
from tests.counters.kit import Place

__all__ = ["chromium", "hall", "sit"]  # fixtures


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


async def test_a_press_on_the_new_state_waits_for_the_answer(sit: Sit, hall: Place) -> None:
    """The frame came first: what is pressed on it is not swallowed, and still acts once."""
    desk, tickets = await sit(), await hall.queue(2)
    page = await desk.visit()
    answer = asyncio.Event()

    async def late(route: Route) -> None:
        response = await route.fetch()
        await answer.wait()
        await route.fulfill(response=response)

    await page.route("**/calls", late)
    await desk.press("NumpadEnter")
    await desk.state("called", tickets[0].number)
    await desk.press("NumpadAdd")
    assert hall.hall.tickets[tickets[0].id].status == "called"
    answer.set()
    await desk.state("serving", tickets[0].number)
    assert len(hall.called()) == 1


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

    await page.route("**/returns", late)
    await desk.press("NumpadDivide")
    await expect(desk.said).to_contain_text("kini tidak ada nomor di loket")
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
