"""Reports and the dashboard in a real Chromium: drawn from the table, under the pages' policy."""

from __future__ import annotations

from playwright.async_api import expect

from queue_server.core import commands as c
from tests.counters.browsers import Sit, chromium, hall, sit
from tests.counters.kit import Place

__all__ = ["chromium", "hall", "sit"]  # fixtures

DRAWN = """() => Object.values(Chart.instances).map((one) => ({
  labels: one.data.labels, values: one.data.datasets.map((set) => set.data),
  ink: one.ctx.getImageData(0, 0, one.canvas.width, one.canvas.height).data.some((x) => x),
}))"""


async def test_a_drawing_shows_the_tables_own_numbers(sit: Sit, hall: Place) -> None:
    """By keys alone to another grouping: what is drawn is what the table says, the greatest first;
    nothing is stopped by the policy or fails; it stays within the page on a phone."""
    said: list[str] = []
    rare, often = hall.services[0], "paspor"
    for service in (rare, often, often):
        await hall.take(service)
    chief = await sit("Rina", "supervisor", opens=False)
    page = await chief.visit("/reports")
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.focus("#by")
    await page.keyboard.type("Layanan")
    await page.focus(".report-form button")
    await chief.press("Enter")
    await page.wait_for_function("() => window.Chart && Object.keys(Chart.instances).length")
    drawn = await page.evaluate(DRAWN)
    assert drawn[0]["ink"]
    assert drawn[0]["values"][0] == [2, 1]
    names = hall.house.catalogue.services
    for service, label in zip((often, rare), drawn[0]["labels"], strict=True):
        name = names[service].name.id
        assert label.removesuffix("…") == name[: len(label.removesuffix("…"))]  # long: cut
        row = page.locator(".counts tbody tr", has_text=name)
        await expect(row.locator("td").first).to_have_text("2" if service == often else "1")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.wait_for_function("() => Object.values(Chart.instances)[0].width < 390")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert said == []


async def test_the_wall_follows_the_hall_untouched(sit: Sit, hall: Place) -> None:
    """A number taken and called is on the wall without a reload; only what changed is swapped."""
    chief = await sit("Rina", "supervisor", opens=False)
    page = await chief.visit("/dashboard?view=wall")
    waiting = page.locator("[data-part=waiting] dd")
    await expect(waiting).to_have_text("0")
    await page.evaluate("document.querySelector('[data-part=system]').dataset.mark = 'kept'")
    (ticket,) = await hall.queue(1)
    await expect(waiting).to_have_text("1")
    await expect(page.locator("[data-part=longest]")).to_contain_text(ticket.number)
    by = c.Actor("chief", steward=True)
    await hall.does(c.OpenCounter(counter="5", by=by))
    await hall.does(c.CallNext(counter="5", after=0, ticket=ticket.id, by=by))
    await expect(page.locator("[data-part=serving] dd")).to_have_text("1")
    await expect(page.locator("[data-part=system][data-mark=kept]")).to_have_count(1)
