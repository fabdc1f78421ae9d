"""A restore in the browser, with a real process and real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import websockets

from tests.hall import PATIENCE, Process

HERE = "/admin/backup"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(tmp_path / "data")
    await process.start()
    yield process
    await process.stop()


async def test_a_restore_stops_the_hall_in_order_and_screens_come_back(hall: Process) -> None:
    """Numbers taken after the backup are gone, those before are there; a screen is sent away with
    1012 and finds another epoch under the same address; no request in between is refused a
    connection; the process is the same, the trail says who restored what, and the data of before
    is kept. It can be done twice."""
    secret = await hall.secret("admin", "Chief")
    async with httpx2.AsyncClient(
        base_url=hall.url, trust_env=False, timeout=PATIENCE,
        headers={"Authorization": f"Bearer {secret}"},
    ) as web:  # fmt: skip
        first = await _issue(web)
        await web.post(f"{HERE}/runs")
        for _ in range(2):
            await _restored(hall, web, first)
    assert len(list(hall.data.glob("before-restore-*"))) == 2
    assert not list(hall.data.glob("restore-*"))
    assert (await hall.command("verify"))[:2] == (0, "sound\n")


async def _restored(hall: Process, web: httpx2.AsyncClient, first: str) -> None:
    lost = await _issue(web)
    page = (await web.get(HERE)).text
    (name,) = set(re.findall(r"antrean-\d{8}-\d{6}\.tar", page))
    await web.post(f"{HERE}/files/{name}/rehearsals")
    page = (await web.get(HERE)).text
    (key,) = set(re.findall(r'name="key" value="([^"]+)"', page))
    epoch = (await web.get("/api/v1/hall")).json()["epoch"]
    await _ask(hall, web, key)
    # At once: the socket listens all the time, and the next life answers.
    now = (await web.get("/api/v1/hall")).json()
    assert now["epoch"] != epoch
    assert (await web.get(f"/api/v1/tickets/{first}")).status_code == 200
    assert (await web.get(f"/api/v1/tickets/{lost}")).status_code == 404
    trail = (await web.get("/admin/changes?lang=en&kind=backup.")).text
    assert "<code>restore</code>" in trail
    assert f"<code>{name}</code>" not in trail
    assert hall.child is not None
    assert hall.child.returncode is None


async def test_data_that_cannot_be_served_is_put_back(hall: Process) -> None:
    """A backup that verifies and still can't be opened (a table is gone) costs nothing: the hall
    goes on with what it had, under its own epoch."""
    secret = await hall.secret("admin", "Chief")
    async with httpx2.AsyncClient(
        base_url=hall.url, trust_env=False, timeout=PATIENCE,
        headers={"Authorization": f"Bearer {secret}"},
    ) as web:  # fmt: skip
        kept = await _issue(web)
        await web.post(f"{HERE}/runs")
        page = (await web.get(HERE)).text
        (name,) = set(re.findall(r"antrean-\d{8}-\d{6}\.tar", page))
        await web.post(f"{HERE}/files/{name}/rehearsals")
        (key,) = set(re.findall(r'name="key" value="([^"]+)"', (await web.get(HERE)).text))
        (office,) = hall.data.glob("restore-*/copy/office.db")
        office.write_bytes(b"not a database any more " * 400)
        epoch = (await web.get("/api/v1/hall")).json()["epoch"]
        await _ask(hall, web, key)
        assert (await web.get("/api/v1/hall")).json()["epoch"] == epoch
        assert (await web.get(f"/api/v1/tickets/{kept}")).status_code == 200
        assert "failed" in (await web.get("/admin/changes?kind=backup.&text=failed")).text


async def _ask(hall: Process, web: httpx2.AsyncClient, key: str) -> None:
    """Restore; a screen that looks on is sent away in order."""
    address = f"ws{hall.url.removeprefix('http')}/live?topic=zone:hall&as=json"
    async with websockets.connect(address, proxy=None) as screen:
        await screen.recv()
        form = {"key": key, "name": "MPP lampung  selatan"}
        # Its connection ends with the answer: what comes next is a new one to the next life.
        last = {"connection": "close"}
        asked = asyncio.create_task(web.post(f"{HERE}/restores", data=form, headers=last))
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await asyncio.wait_for(screen.recv(), PATIENCE)
        assert screen.close_code == 1012
    assert (await asked).status_code == 202, (await asked).text


async def _issue(web: httpx2.AsyncClient) -> str:
    answer = await web.post("/api/v1/tickets", json={"service": "paspor"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])
