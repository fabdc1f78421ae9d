"""The panels' page: how they are, what stands on them, a test pattern, and trouble told."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from playwright.async_api import expect

from queue_server.config import PanelSection
from queue_server.core import commands as c
from queue_server.panels import worker as working
from queue_server.web.identity import actor
from tests.browser.kit import chromium, violations
from tests.counters.kit import HandClock, Place
from tests.hall import config, running
from tests.panels.wire import Wire, wire

HERE = "/admin/panels"


@pytest.fixture
async def hall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Place, Wire]]:
    """Counter 5 open, its panel on a line at address 5, and 6 at 6."""
    monkeypatch.setattr(working, "BACKOFF", (0.05,))
    with wire(tmp_path / "tty") as on:
        section = PanelSection(
            "serial", str(on.path), name="Bus zona A", counters=("5", "6"), ack="ACK address",
            timeout_ms=60, gap_ms=0, refresh_seconds=0, show={"closed": "TUTUP", "open": "----"},
        )  # fmt: skip
        settings = msgspec.structs.replace(config(), panels={"bus": section})
        clock = HandClock()
        async with running(tmp_path / "data", settings, clock) as running_:
            yield Place(running_, clock), on


async def signed_in(place: Place, role: Any) -> httpx2.AsyncClient:
    """A browser of somebody with that role; its forms come from our own pages."""
    identity, secret = await place.staff(role, role)
    client = await place.running.client()
    cookie = place.cookie(secret)
    client.cookies.set(cookie["name"], secret)
    client.headers.update({"Origin": place.url, "Accept": "text/html"})
    assert identity.role == role
    return client


async def test_who_may_enter(hall: tuple[Place, Wire]) -> None:
    """Supervisors and administrators; operators are refused, test and all."""
    place, _ = hall
    for role, status in (("operator", 403), ("supervisor", 200), ("admin", 200)):
        client = await signed_in(place, role)
        assert (await client.get(HERE)).status_code == status
        posted = await client.post(f"{HERE}/tests", data={"panel": "bus"})
        assert posted.status_code == (303 if status == 200 else 403)


async def test_what_stands_there(hall: tuple[Place, Wire]) -> None:
    """Text, state, and what is in the way, by counter; a panel that isn't is refused."""
    place, on = hall
    client = await signed_in(place, "admin")
    await on.until(5, "TUTUP")
    on.mute.add(6)
    await client.post(f"{HERE}/tests", data={"panel": "bus"})
    await on.until(5, "A-888")
    page = ""
    while "Panel tidak menjawab" not in page:
        page = (await client.get(HERE)).text
    assert "A-888" in page
    assert "pola uji" in page
    english = (await client.get(f"{HERE}?lang=en")).text
    assert "The panel does not answer" in english
    answer = await client.post(f"{HERE}/retries", data={"panel": "<x>"})
    assert answer.status_code == 422


async def test_prometheus_and_the_supervisor_are_told(hall: tuple[Place, Wire]) -> None:
    """A panel that is behind for twenty seconds is an alarm, with its remedy."""
    place, on = hall
    await on.until(6, "TUTUP")
    api = await place.running.client("supervisor")
    on.unplug()
    metrics = ""
    while 'antrean_panel_up{panel="bus"} 0' not in metrics:
        metrics = (await api.get("/metrics")).text
    assert 'antrean_panel_faces_behind{panel="bus"} 2' in metrics
    assert not (await api.get("/api/v1/floor/alarms")).json()["items"]
    place.clock.forward(0.5)
    [alarm] = (await api.get("/api/v1/floor/alarms")).json()["items"]
    assert alarm["kind"] == "panel"
    assert "Bus zona A" in str(alarm)
    assert "periksa kabel" in str(alarm)
    on.plug()
    while 'antrean_panel_up{panel="bus"} 1' not in metrics:
        metrics = (await api.get("/metrics")).text
    assert not (await api.get("/api/v1/floor/alarms")).json()["items"]


async def test_the_page_in_a_browser(hall: tuple[Place, Wire]) -> None:
    """Accessible; tells by itself what is called; the test by keyboard keeps its place."""
    place, on = hall
    identity, secret = await place.staff("sari", "supervisor")
    ticket = await place.take()
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID")
        await context.add_cookies([place.cookie(secret)])
        page = await context.new_page()
        await page.goto(place.url + HERE)
        await expect(page.get_by_text("Siap", exact=True)).to_be_visible()
        assert not await violations(page)
        await page.locator("#test-bus").focus()
        await place.opened(identity)
        await place.does(c.CallNext(counter="5", after=0, by=actor(identity)))
        await expect(page.locator(".led", has_text=ticket.number)).to_be_visible()
        await expect(page.locator("#test-bus")).to_be_focused()
        await page.keyboard.press("Enter")
        await on.until(6, "A-888")
        on.unplug()
        await expect(page.get_by_text("Tidak tersambung: periksa kabel")).to_be_visible()
        assert not await violations(page)
        if folder := os.environ.get("SCREENSHOTS"):
            await page.screenshot(path=f"{folder}/panels.png")
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        if folder := os.environ.get("SCREENSHOTS"):
            await page.screenshot(path=f"{folder}/panels-320.png", full_page=True)
