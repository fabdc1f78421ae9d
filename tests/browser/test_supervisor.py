"""The supervisor's board in a real Chromium: by keys alone, live, for every eye."""

from __future__ import annotations

from playwright.async_api import expect

from queue_server.core import commands as c
from queue_server.web.identity import actor
from tests.counters.browsers import Sit, chromium, hall, sit, until, violations
from tests.counters.kit import Place

__all__ = ["chromium", "hall", "sit"]  # fixtures


async def test_an_alarm_comes_is_acted_on_and_goes(sit: Sit, hall: Place) -> None:
    """A counter calls nobody: the board says so without being touched. By keys: its page, other
    services with a reason, the queue's number, another class; the alarm goes; all is in the
    audit trail with the name of who did it."""
    ann = await sit()
    (ticket,) = await hall.queue(1)
    chief = await sit("Rina", "supervisor", opens=False)
    page = await chief.visit("/supervisor")
    await expect(page.locator("#alarms-name")).to_have_text("Tidak ada alarm")
    watch = hall.house.rooms.floor.watch
    watch.tick()
    hall.clock.forward(3)
    watch.tick()
    alarm = page.locator("[data-alarm='idle-5']")
    await expect(alarm).to_contain_text(ticket.number)
    await expect(page.locator("#heard")).to_contain_text("Loket 5 kosong")
    await expect(page).to_have_title("(1) Papan penyelia · MPP Lampung Selatan")
    assert await violations(page) == []

    await page.focus("#see-idle-5")
    await chief.press("Enter")
    await expect(page.locator("h1")).to_contain_text("Loket 5")
    await page.focus("#services-search")
    await page.keyboard.type("paspor baru (dewasa)")
    boxes = page.locator("#services [data-search]:not([hidden]) input")
    await expect(boxes).to_have_count(1)
    await boxes.focus()
    await chief.press("Space")
    await chief.press("Tab")
    await page.keyboard.type("Antrean terlalu panjang")
    await chief.press("Enter")
    await expect(page.locator(".notice.good")).to_have_text("Tersimpan.")
    assert "paspor" in hall.hall.place("5").services

    await page.locator(f"a:text-is('{ticket.number}')").focus()
    await chief.press("Enter")
    await expect(page.locator("h1")).to_contain_text(ticket.number)
    await page.focus("#why-cancellations")
    await page.keyboard.type("Warga pulang")
    await chief.press("Enter")
    await expect(page.locator(".history")).to_contain_text("Warga pulang")
    assert hall.hall.tickets[ticket.id].status == "cancelled"

    board = await chief.visit("/supervisor")
    await expect(board.locator("#alarms-name")).to_have_text("Tidak ada alarm")
    audit = await chief.visit("/admin/audit?who=Rina")
    await expect(audit.locator(".audit tbody tr")).to_have_count(2)
    assert ann.identity.id in hall.hall.counters["5"].operator


async def test_answered_on_the_board_itself(sit: Sit, hall: Place) -> None:
    """The emergency button and a board that was taken down: one press, no reload, and the focus
    is not lost to the page's start; on a phone nothing hangs over the edge."""
    ann = await sit()
    chief = await sit("Rina", "supervisor", opens=False)
    page = await chief.visit("/supervisor")
    await page.evaluate("window.here = true")
    await hall.does(c.RaiseAlarm(counter="5", by=actor(ann.identity)))
    button = page.locator("#alarm-clearings-5")
    await expect(button).to_be_visible()
    await page.set_viewport_size({"width": 320, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await violations(page) == []
    await button.focus()
    await chief.press("Enter")
    await until(lambda: not hall.hall.counters["5"].alarm)
    await expect(page.locator("#alarms-name")).to_have_text("Tidak ada alarm")
    assert await page.evaluate("window.here"), "the page was not loaded anew"
