"""Every act of the console by keyboard alone, as somebody would work a rush: a real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c
from queue_server.core.model import Ticket
from queue_server.web.identity import actor
from tests.citizens.screens import picture
from tests.counters.browsers import (
    Desk,
    Sit,
    bring,
    chromium,
    hall,
    sit,
    sitting,
    until,
    violations,
)
from tests.counters.kit import Place, place

__all__ = ["chromium", "hall", "sit"]  # fixtures


async def keys(desk: Desk, *pressed: str) -> None:
    """One after the other, as fast as they come. The same key twice within 0.4 s is a bounce, so
    the blue button is pressed by Enter and C in turn."""
    for key in pressed:
        await desk.press(key)


def now(hall: Place, ticket: Ticket) -> Ticket:
    return hall.hall.tickets[ticket.id]


async def test_a_rush_of_every_act_by_keyboard_alone(sit: Sit, hall: Place) -> None:
    """One citizen after the other: called, noted, finished in detail, taken back,
    sent on, parked, called back, by service, without a queue; helpers, a break, the closing."""
    desk, tickets = await sit(opens=False), await hall.queue(7)
    budi, _ = await hall.staff("budi")
    await hall.opened(budi, "7")
    page = await desk.visit()
    one, two, three, four, *_ = tickets

    await keys(desk, "NumpadEnter")  # open
    await desk.state("open")
    await keys(desk, "c")  # call
    await desk.state("called", one.number)
    await keys(desk, "NumpadAdd")
    await desk.state("serving", one.number)
    await keys(desk, "Numpad9", "Numpad2", *"akta menyusul", "Enter")  # a note
    await expect(page.locator("#notes-scroll")).to_contain_text("akta menyusul")
    await keys(desk, "Numpad9", "Numpad1", "2", "NumpadEnter")  # two of it
    await desk.state("open")
    assert now(hall, one).delivered == ((one.service, 2),)

    await keys(desk, "Numpad9", "Numpad0")  # taken back
    await desk.state("serving", one.number)
    assert now(hall, one).delivered == ()
    await keys(desk, "NumpadEnter")  # finish and next
    await desk.state("called", two.number)
    await keys(desk, "z")
    await desk.state("serving", one.number)
    await keys(desk, "c")
    await desk.state("called", two.number)

    await keys(desk, "NumpadAdd")
    await desk.state("serving", two.number)
    await keys(desk, "Numpad7", *"budi", "+", "NumpadEnter", "NumpadEnter")  # finished, to Budi
    await desk.state("open")
    assert now(hall, two).line == f"~{budi.id}"
    assert now(hall, two).delivered == ((two.service, 1),)

    await keys(desk, "NumpadEnter")
    await desk.state("called", three.number)
    await keys(desk, "NumpadAdd")
    await desk.state("serving", three.number)
    await keys(desk, "NumpadMultiply", "Numpad2")  # parked, for the second reason
    await desk.state("open")
    assert now(hall, three).reason == hall.hall.plan.reasons["park"][1]
    await keys(desk, "c")
    await desk.state("called", four.number)
    await keys(desk, "NumpadDivide")
    await desk.state("open")

    first = page.locator(".queue .number").first
    await expect(first).to_have_text(four.number)
    await keys(desk, "g", "2")  # the second service that waits
    await until(lambda: hall.current() is not None)
    called = hall.current()
    assert called is not None
    assert called.service != four.service
    await desk.state("called", called.number)
    await keys(desk, "Numpad9", "Numpad3")  # cancel: asked twice, where it can be seen
    await expect(page.locator("#more-cancel[data-armed]")).to_be_visible()
    await keys(desk, "NumpadEnter")
    await desk.state("open")
    await expect(page.locator("#more")).not_to_have_attribute("open", "")

    count = len(hall.hall.tickets)
    await keys(desk, "9", "5", "1", "+", "Enter")  # the row above the letters does the same
    await until(lambda: len(hall.hall.tickets) == count + 1)
    assert list(hall.hall.tickets.values())[-1].delivered == ((hall.services[0], 2),)
    await expect(page.locator("#asking")).to_be_hidden()
    await keys(desk, "Numpad9", "Numpad7")
    await expect(page.locator(".notices")).to_contain_text("Penerjemah")
    await keys(desk, "Numpad3", "Numpad1", "NumpadAdd", "NumpadAdd", "NumpadEnter")
    await desk.state("break")
    counter = hall.hall.counters["5"]
    assert counter.reason == hall.hall.plan.reasons["break"][0]
    assert counter.until == hall.clock.now() + 10 * 60_000
    await keys(desk, "c")
    await desk.state("open")
    await keys(desk, "x", "Numpad1", "NumpadAdd", "Enter")
    await desk.state("closed")
    assert hall.hall.counters["5"].reopens_for == desk.identity.id


async def test_an_emergency_at_the_neighbours(sit: Sit, hall: Place) -> None:
    """Pressed twice it stands on the next counter's screen, loud; it is cleared from there."""
    ann = await sit()
    mine = await ann.visit()
    budi = await sit("budi", opens=False)
    await hall.opened(budi.identity, "7")
    theirs = await budi.visit("/counters/7")
    await ann.press("e")
    await expect(mine.locator("[data-armed]")).to_be_visible()
    assert not hall.hall.counters["5"].alarm
    await ann.press("Enter")
    alarm = theirs.locator(".alarm")
    await expect(alarm).to_contain_text("DARURAT Loket 5 · ann")
    await expect(mine.locator(".alarm.own")).to_be_visible()
    assert await violations(theirs) == []
    await budi.press("a")
    await expect(theirs.locator("[data-armed]")).to_be_visible()
    await budi.press("NumpadEnter")
    await expect(alarm).to_have_count(0)
    await expect(mine.locator(".alarm")).to_have_count(0)


async def test_what_is_taken_back_goes_with_its_time(chromium: Browser, tmp_path: Path) -> None:
    """The button says what, counts down, and is gone when the rules would refuse it."""
    async with (
        place(tmp_path, ANTREAN_POLICY__UNDO_SECONDS="2") as hall,
        sitting(chromium, hall) as sit,
    ):
        desk, (ticket,) = await sit(), await hall.queue(1)
        page = await desk.visit()
        await desk.press("NumpadEnter")
        undo = page.locator("#undo")
        await expect(undo).to_contain_text(f"{ticket.number} dipanggil")
        await expect(undo).to_be_hidden()
        await desk.state("called", ticket.number)


async def test_look_first_then_call(chromium: Browser, tmp_path: Path) -> None:
    """Where calling has two steps: next please passes one over, Enter calls; nobody is a no-show
    who was never called."""
    async with (
        place(tmp_path, ANTREAN_POLICY__TWO_STEP="true") as hall,
        sitting(chromium, hall) as sit,
    ):
        desk, (one, two) = await sit(), await hall.queue(2)
        page = await desk.visit()
        await desk.press("NumpadEnter")
        await desk.state("looked", one.number)
        assert now(hall, one).calls == 0
        await desk.press("t")
        await expect(desk.said).to_contain_text(f"{one.number} baru dilihat")
        await desk.press("Numpad1")
        await desk.state("looked", two.number)
        await desk.press("NumpadEnter")
        await expect(page.locator("#primary .label")).to_have_text("Mulai layani")
        assert (now(hall, one).calls, now(hall, two).calls) == (0, 1)


async def test_a_recall_waits_and_says_so(chromium: Browser, tmp_path: Path) -> None:
    """The button counts down; pressed too early it says how long; at the limit it says that."""
    rules = {"ANTREAN_POLICY__RECALLS": "1", "ANTREAN_POLICY__RECALL_PAUSE_SECONDS": "30"}
    async with place(tmp_path, **rules) as hall, sitting(chromium, hall) as sit:
        desk, (ticket,) = await sit(), await hall.queue(1)
        page = await desk.visit()
        await desk.press("NumpadEnter")
        await desk.state("called", ticket.number)
        await expect(page.locator("#act-recall .soon")).to_be_visible()
        await desk.press("Numpad0")
        await expect(desk.said).to_contain_text("baru saja dipanggil: tunggu")
        hall.clock.forward(1)
        await desk.press("u")
        await until(lambda: now(hall, ticket).calls == 2)
        await expect(page.locator("#act-recall")).to_have_attribute("aria-disabled", "true")
        await desk.press("Numpad0")
        await expect(desk.said).to_contain_text("sudah dipanggil ulang 1 kali")


async def test_keys_typed_ahead_reach_the_form(sit: Sit, hall: Place) -> None:
    """Pressed while the form is on its way, they are its own: nothing else happens."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "serving")
    page = await desk.visit()
    await keys(desk, "o", *"sudah lengkap")
    await expect(page.locator("#note-text")).to_have_value("sudah lengkap")
    assert now(hall, ticket).status == "serving"


async def test_why_this_order(sit: Sit, hall: Place) -> None:
    """W on a row: the sentence for it against the head."""
    desk, tickets = await sit(), await hall.queue(3)
    page = await desk.visit()
    await keys(desk, "Numpad2", "Numpad2", "Numpad2", "w")
    chosen = page.locator("#asking .chosen-why")
    await expect(chosen).to_contain_text(f"{tickets[0].number} sebelum {tickets[2].number}")
    await desk.press("Escape")
    await expect(page.locator("#asking")).to_be_hidden()
    await expect(page.locator(f"#call-{tickets[2].id}")).to_be_focused()


async def test_the_panel_opens_and_closes(sit: Sit, hall: Place) -> None:
    """By its key, twice; by Escape; arrows walk in it; its digits mean its acts and no others."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "called")
    page = await desk.visit()
    panel = page.locator(".panel")
    for closes in ("Numpad9", "Escape", "y"):
        await desk.press("Numpad9")
        await expect(panel).to_be_visible()
        await desk.press(closes)
        await expect(panel).to_be_hidden()
    await keys(desk, "y", "ArrowDown", "ArrowDown")
    await expect(page.locator("#more-note")).to_be_focused()
    await desk.press("Enter")
    await expect(page.locator("#note-text")).to_be_focused()
    assert (now(hall, ticket).status, now(hall, ticket).calls) == ("called", 1)


async def test_a_message_and_a_refused_closing(chromium: Browser, tmp_path: Path) -> None:
    """What a supervisor says and decides stands on the console at once."""
    async with (
        place(tmp_path, ANTREAN_POLICY__CLOSING_APPROVAL="true") as hall,
        sitting(chromium, hall) as sit,
    ):
        desk = await sit()
        page = await desk.visit()
        await keys(desk, "x", "Enter")
        await expect(page.locator(".notices")).to_contain_text("Penutupan diminta pukul")
        assert hall.hall.counters["5"].state == "open"
        await hall.does(c.DenyClosing(counter="5"))
        await expect(desk.said).to_contain_text("tidak menyetujui penutupan")
        await hall.does(c.PostMessage(text="Rapat pukul 12 di ruang tengah"))
        await expect(page.locator(".said")).to_contain_text("Rapat pukul 12")


async def test_forms_alone_do_it_too(sit: Sit, hall: Place) -> None:
    """Without a script: the panel opens, a break is asked for on a page, undo is a button."""
    desk, (ticket,) = await sit(java_script_enabled=False), await hall.queue(1)
    await bring(desk, ticket, "serving")
    page = await desk.context.new_page()
    await page.goto(hall.url + "/counters/5")
    await page.locator("#more-name").click()
    await page.locator("#more-finish_as").click()
    await page.locator("input[type=number]").first.fill("3")
    await page.locator("#act-answer").click()
    await expect(page.locator(".now.open")).to_be_visible()
    assert now(hall, ticket).delivered == ((ticket.service, 3),)
    await page.locator("#undo").click()
    await expect(page.locator(".now.serving")).to_be_visible()
    await page.locator("#act-park").click()
    await page.get_by_label("Menunggu pembayaran").check()
    await page.locator("#act-answer").click()
    await page.locator("#act-break").click()
    await page.locator("#act-answer").click()
    await expect(page.locator(".now.break")).to_be_visible()


async def test_a_long_note_hides_nothing(sit: Sit, hall: Place) -> None:
    """At 1366 by 633, under a browser's bars: status, number and times stay in sight."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    await bring(desk, ticket, "serving")
    await hall.house.rooms.notes.add(ticket.id, "surat kuasa bermeterai " * 12, "u1", "5")
    page = await desk.visit()
    await page.set_viewport_size({"width": 1366, "height": 633})
    around = await page.locator(".now").bounding_box()
    assert around is not None
    for part in (".now .status", ".now .huge", ".now .times"):
        box = await page.locator(part).bounding_box()
        assert box is not None
        assert around["y"] <= box["y"], part
        assert box["y"] + box["height"] <= around["y"] + around["height"], part


async def states(desk: Desk, page: Page) -> AsyncIterator[str]:
    """Every dialog and state that has not been looked at elsewhere."""
    for key, name in (
        ("Numpad9", "panel"), ("o", "note"), ("f", "finish"), ("Numpad3", "break"), ("x", "close"),
        ("q", "quick"), ("?", "help"), ("w", "why"), ("d", "park"),
    ):  # fmt: skip
        await desk.press(key)
        opened = ".panel" if name == "panel" else "#asking[open]"
        if name in ("break", "close"):
            continue  # off while somebody is served
        await expect(page.locator(opened)).to_be_visible()
        yield name
        await desk.press("Escape")
        await expect(page.locator(opened)).to_be_hidden()


@pytest.mark.parametrize("width", [1366, 320])
async def test_nothing_is_in_the_way_of_anybody(sit: Sit, hall: Place, width: int) -> None:
    """axe-core finds nothing in any dialog, in the panel, with notices and marks; at 320 px
    nothing is cut off sideways."""
    desk, tickets = await sit(), await hall.queue(12)
    await hall.take(priority="lansia")
    await bring(desk, tickets[0], "serving")
    page = await desk.visit()
    await page.set_viewport_size({"width": width, "height": 768})
    await hall.does(c.PostMessage(text="Jaringan pusat terganggu"))
    await hall.does(c.CallHelper(counter="5", helper="interpreter", by=actor(desk.identity)))
    await hall.does(c.RaiseAlarm(counter="5", by=actor(desk.identity)))
    await expect(page.locator(".alarm")).to_be_visible()
    found = {"notices": await violations(page)}
    async for name in states(desk, page):
        found[name] = await violations(page)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, name
    assert {name: list(of) for name, of in found.items() if of} == {}


async def test_a_visit_is_planned_by_keys(sit: Sit, hall: Place) -> None:
    """Another agency is added by typing; Finish leads there, and the screen says so before."""
    desk, (ticket,) = await sit(), await hall.queue(1)
    page = await desk.visit()
    await keys(desk, "c")
    await desk.state("called", ticket.number)
    await keys(desk, "NumpadAdd")
    await desk.state("serving", ticket.number)
    await keys(desk, "v", *"skck baru", "Enter", "Enter")
    await expect(page.locator(".onward")).to_contain_text("lanjut ke Polres, Loket 40–41")
    assert [step.service for step in now(hall, ticket).steps] == [ticket.service, "skck"]
    await expect(page.locator("#console[data-busy]")).to_have_count(0)
    await picture(page, "console-way")
    await keys(desk, "Numpad9", "NumpadDivide")
    await expect(page.get_by_role("checkbox", name="SKCK Baru")).to_be_checked()
    await picture(page, "console-visit")
    assert await violations(page) == []
    await keys(desk, *"ak1", "Enter", "Enter")  # and another
    await expect(page.locator(".way li")).to_have_count(3)
    await expect(page.locator("#console[data-busy]")).to_have_count(0)
    await keys(desk, "v")
    await expect(page.get_by_role("checkbox", name="SKCK Baru")).to_be_checked()
    await keys(desk, "Tab", "Space", "Enter")  # the first left out again
    await expect(page.locator(".onward")).to_contain_text("lanjut ke Disnakertrans")
    await expect(page.locator("#console[data-busy]")).to_have_count(0)
    await keys(desk, "s")
    await desk.state("open")
    assert (now(hall, ticket).status, now(hall, ticket).line) == ("waiting", "ak1")
