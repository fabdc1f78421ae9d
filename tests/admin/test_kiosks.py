"""Kiosks that are registered by a code, and all devices at a glance."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from queue_server.changes import Search
from tests.counters.kit import Place, place
from tests.counters.test_routes import colleague

HERE = "/kiosk/device"
REPORT = {"build": "x", "sound": "off", "width": 1080, "height": 1920, "broken": []}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found:
        yield found


@pytest.fixture
async def kiosk(hall: Place) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        client.headers["Origin"] = hall.url
        yield client


async def code_of(kiosk: httpx2.AsyncClient) -> str:
    assert (await kiosk.post(f"{HERE}/registrations")).status_code == 303
    page = (await kiosk.get(HERE)).text
    return re.findall(r'enrol-code">([^<]+)<', page)[0]


async def test_a_kiosk_by_its_code(hall: Place, kiosk: httpx2.AsyncClient) -> None:
    """It shows a code, is entered, goes to itself with its printer, reports, is set otherwise and
    hears of it, is revoked and gives no number any more; all of it on record."""
    rina = await colleague(hall, "Rina", "supervisor")
    chief = await colleague(hall, "Chief", "admin")
    form = {"name": "Kios depan", "zone": "a", "printer": ""}
    await chief.client.post("/admin/kiosks/openings", data={"everybody": "no"})
    assert (await kiosk.get("/kiosk")).status_code == 403
    code = await code_of(kiosk)
    wrong = await rina.client.post("/admin/kiosks/registrations", data={"code": "AAAAAA", **form})
    assert wrong.status_code == 422
    assert 'value="Kios depan"' in wrong.text
    data = {"code": code.lower(), **form}
    assert (await rina.client.post("/admin/kiosks/registrations", data=data)).status_code == 303
    assert (await kiosk.get(HERE)).headers["location"] == HERE, "it signs in"
    there = await kiosk.get(HERE)
    assert there.headers["location"] == "/kiosk"
    assert (await kiosk.get("/kiosk")).status_code == 200
    assert (await kiosk.post(f"{HERE}/reports", json=REPORT)).json() == {"revision": 1}
    assert "1080 × 1920" in (await rina.client.get("/admin/kiosks")).text
    (one,) = hall.house.rooms.kiosks.all()
    await chief.client.post("/admin/printers/settings/new", data={
        "id": "depan", "kind": "browser", "address": "", "width": "80", "qr": "auto", "cut": "auto",
        "timeout_seconds": "5",
    })  # fmt: skip
    moved = form | {"printer": "depan"}
    await rina.client.post(f"/admin/kiosks/{one.id}/settings", data=moved)
    assert (await kiosk.post(f"{HERE}/reports", json=REPORT)).json() == {"revision": 2}
    assert (await kiosk.get(HERE)).headers["location"] == "/kiosk?printer=depan"
    await rina.client.post(f"/admin/kiosks/{one.id}/removals")
    assert (await kiosk.post(f"{HERE}/reports", json=REPORT)).status_code in (401, 403)
    assert (await kiosk.get("/kiosk")).status_code == 403
    said = await hall.house.rooms.changes.find(Search(what="device.kiosk."))
    assert [one.act for one in said] == ["revoke", "change", "create"]


async def test_what_is_wrong_stands_first(hall: Place, kiosk: httpx2.AsyncClient) -> None:
    """A kiosk that was never heard of before a screen that reports; operators may look too."""
    rina = await colleague(hall, "Rina", "supervisor")
    ann = await colleague(hall, "Ann")
    assert "Belum ada perangkat" in (await ann.client.get("/admin/devices?lang=id")).text
    code = await code_of(kiosk)
    data = {"code": code, "name": "Kios jauh", "zone": "", "printer": ""}
    await rina.client.post("/admin/kiosks/registrations", data=data)
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as tv:
        tv.headers["Origin"] = hall.url
        await tv.post("/displays/screen/registrations")
        shown = re.findall(r'enrol-code">([^<]+)<', (await tv.get("/displays/screen")).text)[0]
        await rina.client.post("/admin/displays/registrations", data={
            "code": shown, "name": "TV A", "place": "zone:a", "layout": "", "theme": "",
            "media": "", "sound": "auto",
        })  # fmt: skip
        await tv.get("/displays/screen")
        build = hall.house.front.assets.build
        await tv.post("/displays/screen/reports", json=REPORT | {"build": build, "sound": "on"})
    page = (await ann.client.get("/admin/devices")).text
    assert page.index("Kios jauh") < page.index("TV A")
    assert "1 perangkat perlu dilihat" in page
