"""The phone page as an app, in Chromium: offline, updates, notifications, a slow network."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from queue_server.core import commands as c
from queue_server.notify.contacts import subject_of

from .. import hall as whole
from ..citizens.hall import Running, running
from ..citizens.screens import PHONE, chromium, is_sound, opened
from ..notify.kit import hook
from ..notify.test_push import Browser as Subscriber
from ..notify.test_webhooks import take

WORKING = "navigator.serviceWorker.ready.then((found) => found.active.state)"
BUDGET = 30_000
"""Bytes over the network for the first view, everything included."""
SLOW = {"offline": False, "latency": 600, "downloadThroughput": 250_000 / 8,
        "uploadThroughput": 50_000 / 8}  # fmt: skip
"""2G: 250 kbit/s down, 600 ms for each round trip."""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(whole=True) as browser:
        yield browser


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as hall:
        await hall.open("1")
        yield hall


async def cached(page: Page) -> list[str]:
    """The paths that the worker keeps."""
    return list(
        await page.evaluate(
            "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)"
            ".then((one) => one.keys()))).then((all) => [].concat(...all)"
            ".map((request) => new URL(request.url).pathname)))"
        )
    )


async def until_cached(page: Page, path: str) -> None:
    for _ in range(300):
        if path in await cached(page):
            return
        await page.wait_for_timeout(20)
    pytest.fail(f"{path} is not kept: {await cached(page)}")


async def test_offline_shows_the_last_state_greyed_with_its_time(
    hall: Running, browser: Browser
) -> None:
    """Opened again without a network: the place as it was last told, and since when; the truth
    as soon as the hall can be reached."""
    line = [await hall.take() for _ in range(4)]
    path = f"/t/{line[3].token}"
    async with opened(browser, PHONE) as page:
        await page.goto(hall.url + path)
        await until_cached(page, path)
        await hall.call("1", line[0])  # told after the page was loaded and kept
        await expect(page.locator('main[data-ahead="2"]')).to_be_attached()
        seen = await page.locator("#updated").inner_text()
        await hall.stop()
        hall.clock.time += 5 * 60_000
        await page.goto(hall.url + path)
        await expect(page.locator('main.stale[data-ahead="2"]')).to_be_attached()
        await expect(page.get_by_text("Terputus, mencoba lagi")).to_be_visible()
        assert await page.locator("#updated").inner_text() == seen
        await is_sound(page, "phone-offline-app")
        await hall.act(c.StartService)
        await hall.call("1", line[1])
        await hall.start()
        there = page.locator('main:not(.stale)[data-ahead="1"]')
        await expect(there).to_be_attached(timeout=20_000)


async def test_another_build_is_another_worker(hall: Running, browser: Browser) -> None:
    """Its bytes name the build; it takes over at once and what the old one kept is gone."""
    ticket = await hall.take()
    async with opened(browser, PHONE) as page:
        await page.goto(f"{hall.url}/t/{ticket.token}")
        await until_cached(page, f"/t/{ticket.token}")
        assert await page.evaluate("caches.keys()") == [f"phone-{hall.house.front.assets.build}"]
        hall.house.front.assets.build = "another-build"
        await page.evaluate("navigator.serviceWorker.ready.then((f) => f.update()).then(() => 0)")
        for _ in range(300):
            if await page.evaluate("caches.keys()") == ["phone-another-build"]:
                break
            await page.wait_for_timeout(20)
        assert await page.evaluate("caches.keys()") == ["phone-another-build"]
        await until_cached(page, f"/t/{ticket.token}")


async def test_the_manifest_installs_this_ticket(hall: Running, browser: Browser) -> None:
    """Chromium reads it without a complaint; it starts at the ticket, in its language."""
    ticket = await hall.take(language="en")
    async with opened(browser, PHONE) as page:
        await page.goto(f"{hall.url}/t/{ticket.token}")
        session = await page.context.new_cdp_session(page)
        found = await session.send("Page.getAppManifest")
        assert found["errors"] == []
        manifest = json.loads(found["data"])
        assert manifest["start_url"] == f"/t/{ticket.token}"
        assert (manifest["id"], manifest["lang"]) == ("/t/", "en")
        assert manifest["display"] == "standalone"
        for icon in manifest["icons"]:
            answer = await page.request.get(hall.url + icon["src"])
            assert (answer.status, answer.headers["content-type"]) == (200, "image/png")


async def test_a_notification_reaches_a_page_that_is_closed(
    tmp_path: Path, browser: Browser
) -> None:
    """Allowed by a button; kept as a contact; shown by the worker; a tap opens the ticket."""
    to = Subscriber().subscription("https://fcm.googleapis.com/fcm/send/a-phone")
    fake = {
        "endpoint": to.endpoint, "expirationTime": None,
        "keys": {"p256dh": to.keys.p256dh, "auth": to.keys.auth},
    }  # fmt: skip
    settings = whole.config(
        ANTREAN_SERVER__URL="https://antrean.example", **hook("http://127.0.0.1:9/x", "ticket.*")
    )
    async with whole.running(tmp_path, settings) as hall, opened(browser, PHONE) as page:
        ticket = await take(hall)
        await page.context.grant_permissions(["notifications"], origin=hall.url)
        await page.add_init_script(
            "PushManager.prototype.subscribe = function (how) { window.how = how;"
            f" return Promise.resolve({json.dumps(fake)}); }}"
        )
        await page.goto(f"{hall.url}/t/{ticket.token}")
        await is_sound(page, "phone-push")
        await page.get_by_role("button", name="Aktifkan notifikasi").tap()
        await expect(page.get_by_text("Notifikasi aktif.")).to_be_visible()
        assert await page.evaluate("window.how.userVisibleOnly")
        assert await page.evaluate("window.how.applicationServerKey.length") == 65
        notify = hall.house.rooms.notify
        assert notify.contacts.has(subject_of(ticket.token), "push")
        kept = (await notify.contacts.of(subject_of(ticket.token)))["push"]
        assert json.loads(kept)["endpoint"] == to.endpoint
        said = {"kind": "ticket.called", "title": "Giliran Anda: Loket 1",
                "body": "Nomor A-001.", "path": f"/t/{ticket.token}"}  # fmt: skip
        shown = await pushed(page, hall.url, said)
        assert shown == [["Giliran Anda: Loket 1", "Nomor A-001.", f"/t/{ticket.token}"]]


async def pushed(page: Page, origin: str, said: dict[str, str]) -> list[Any]:
    """Deliver a message as the browser does when one comes in; the notifications then shown."""
    await page.evaluate(WORKING)
    session = await page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    await session.send("ServiceWorker.enable")
    while not found:
        await page.wait_for_timeout(10)
    message = {"origin": origin, "registrationId": found[0], "data": json.dumps(said)}
    await session.send("ServiceWorker.deliverPushMessage", message)
    for _ in range(300):
        shown = await page.evaluate(
            "navigator.serviceWorker.ready.then((found) => found.getNotifications())"
            ".then((all) => all.map((one) => [one.title, one.body, one.data]))"
        )
        if shown:
            return list(shown)
        await page.wait_for_timeout(20)
    pytest.fail("no notification was shown")


async def test_the_first_view_on_2g(hall: Running, browser: Browser) -> None:
    """250 kbit/s and 600 ms a round trip, nothing cached: under 30 kB in all, readable soon."""
    ticket = await hall.take()
    async with opened(browser, PHONE) as page:
        session = await page.context.new_cdp_session(page)
        sizes: dict[str, float] = {}
        session.on(
            "Network.loadingFinished",
            lambda one: sizes.__setitem__(one["requestId"], one["encodedDataLength"]),
        )
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", SLOW)
        await page.goto(f"{hall.url}/t/{ticket.token}")
        await expect(page.get_by_role("heading", name="Anda berikutnya")).to_be_visible()
        await expect(page.get_by_text("Terhubung")).to_be_visible()
        painted = await page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
        total = sum(sizes.values())
        print(f"phone on 2G: readable after {painted:.0f} ms, {total:.0f} bytes")
        assert total < BUDGET
        assert painted < 8000


async def test_a_wrong_number_is_told_beside_the_form(tmp_path: Path, browser: Browser) -> None:
    """What was typed is still there, the field is marked, the sentence says how to write it;
    mended, it is kept, shown masked, and taken back by a button."""
    settings = whole.config(**hook("http://127.0.0.1:9/x", "ticket.*"))
    async with whole.running(tmp_path, settings) as hall, opened(browser, PHONE) as page:
        ticket = await take(hall)
        await page.goto(f"{hall.url}/t/{ticket.token}")
        await page.get_by_text("Lewat WhatsApp, SMS, atau e-mail").tap()
        field = page.get_by_label("Nomor ponsel")
        await field.fill("021 555")
        await page.get_by_label("Saya setuju dihubungi").check()
        await page.get_by_role("button", name="Kabari saya").tap()
        await expect(page.get_by_role("alert").filter(has_text="0812 3456 7890")).to_be_visible()
        await expect(field).to_have_value("021 555")
        assert await field.get_attribute("aria-invalid") == "true"
        await is_sound(page, "phone-contact-wrong")
        await field.fill("0812 3456 7890")
        await page.get_by_label("Saya setuju dihubungi").check()
        await page.get_by_role("button", name="Kabari saya").tap()
        await expect(page.get_by_text("+62812••••7890")).to_be_visible()
        await is_sound(page, "phone-contact-kept")
        await page.get_by_role("button", name="Hapus dari catatan").tap()
        await expect(field).to_be_attached()
        assert hall.house.rooms.notify.contacts.kept == 0
