"""A supervisor's page of a day's bookings: quotas, closures, moves, cancellations, search."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from queue_server.booking.model import Booking
from queue_server.core.plan import MINUTE
from tests.booking.test_hall import BEFORE, book, open_hours
from tests.citizens.hall import HandClock
from tests.core.story import clock
from tests.hall import Running, running

DAY = "2026-11-24"
TEN = {"pool": "disdukcapil", "day": DAY, "start": "600"}


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, open_hours(), HandClock(BEFORE)) as hall:
        yield hall


class Chief:
    """A supervisor's browser."""

    def __init__(self, hall: Running, client: httpx2.AsyncClient) -> None:
        self.hall, self.client = hall, client

    async def page(self, **query: str) -> str:
        answer = await self.client.get("/admin/bookings", params=query)
        assert answer.status_code == 200
        return answer.text

    async def send(self, act: str, status: int = 303, **fields: str) -> str:
        answer = await self.client.post(f"/admin/bookings/{act}", data=fields)
        assert answer.status_code == status, answer.text
        return answer.text

    async def booking(self, made: dict[str, Any]) -> Booking:
        found = await self.hall.house.rooms.bookings.of_token(made["token"])
        assert found is not None
        return found


async def chief(hall: Running, role: str = "supervisor") -> Chief:
    client = await hall.client(role)
    client.headers["Accept"] = "text/html"
    return Chief(hall, client)


def sums(page: str, pool: str) -> str:
    """The summary line of a pool."""
    found = re.search(rf'id="p-{pool}".*?<span class="sums">(.*?)</span></summary>', page, re.S)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


async def test_a_day_s_sessions_with_their_counts(hall: Running) -> None:
    """By agency, a service with sessions of its own apart: booked, came, did not come."""
    staff, me = await hall.client("operator"), await chief(hall)
    made = [await book(staff, start="09:00") for _ in range(3)]
    await book(staff, service="ktp-el-rekam", start="09:00")
    assert sums(await me.page(day=DAY), "disdukcapil") == "3 dari 70 terisi"
    assert sums(await me.page(day=DAY), "disdukcapil--ktp-el-rekam") == "1 dari 60 terisi"
    hall.house.clock.time = clock("2026-11-24 09:10")  # type: ignore[attr-defined]  # tests' own
    checked = await staff.post(f"/api/v1/bookings/{made[0]['code']}/check-ins", json={})
    assert checked.status_code == 201
    hall.house.clock.time = clock("2026-11-24 10:16")  # type: ignore[attr-defined]  # tests' own
    await hall.house.rooms.bookings.sweep()
    page = await me.page()
    assert "Selasa, 24 November 2026" in page
    assert sums(page, "disdukcapil") == "1 dari 70 terisi · 1 hadir · 2 tidak hadir"
    assert "Tidak ada sesi" in await me.page(day="2026-12-25")


async def test_quota_closed_and_open_again(hall: Running) -> None:
    """Closed: nobody books, who has booked keeps the place. Opened: as the rules have it."""
    public, me = await hall.client(), await chief(hall)
    kept = await book(public)
    await me.send("closures", **TEN)
    assert "1 sesi ditutup" in sums(await me.page(day=DAY), "disdukcapil")
    assert (await book(public, 409))["code"] == "session_full"
    assert (await me.booking(kept)).state == "booked"
    await me.send("quotas", **TEN, quota="2")
    await book(public)
    await book(public, 409)
    await me.send("quotas", **TEN, quota="")
    await book(public)
    for wrong in ("-1", "1001", "zwei", "²", "0000199999", "0" * 5 + "9" * 30):
        assert "0 sampai 1000" in await me.send("quotas", 422, **TEN, quota=wrong)
    await me.send("quotas", 422, pool="disdukcapil", day=DAY, start="601", quota="3")
    await me.send("quotas", 422, pool="nobody", day=DAY, start="600", quota="3")
    await me.send("quotas", 422, pool="disdukcapil", day="2026-11-31", start="600", quota="3")


async def test_a_session_is_moved_or_cancelled_with_its_reason(hall: Running) -> None:
    """An agency is absent: all are moved together, or cancelled; the citizen reads why."""
    public, me = await hall.client(), await chief(hall)
    made = [await book(public) for _ in range(4)]
    assert "Tulis alasannya" in await me.send("moves", 422, **TEN, to=f"{DAY} 660")
    refused = await me.send("moves", 422, **TEN, to=f"{DAY} 660", reason="tanya 081234567890")
    assert "Jangan tulis NIK" in refused
    await me.send("moves", 422, **TEN, to=f"{DAY} 661", reason="petugas sakit")
    for _ in range(7):
        await book(public, start="13:00")
    full = await me.send("moves", 409, **TEN, to=f"{DAY} 780", reason="petugas sakit")
    assert "tinggal 3 tempat, sedangkan pesanan 4" in full
    await me.send("moves", **TEN, to=f"{DAY} 660", reason="petugas sakit")
    assert [(await me.booking(one)).key.start for one in made] == [660] * 4
    await book(public, 409)  # the session that was left is closed
    await me.send("closures", **{**TEN, "start": "660"}, cancel="1", reason="listrik padam")
    assert {(await me.booking(one)).state for one in made} == {"cancelled"}
    page = await public.get(f"/booking/{made[0]['token']}", headers={"Accept": "text/html"})
    assert "Alasan: listrik padam" in page.text


async def test_one_booking_by_its_code(hall: Running) -> None:
    """Found with its history and how often its number did not come; cancelled with a reason."""
    public, me = await hall.client(), await chief(hall)
    time = hall.house.clock
    assert isinstance(time, HandClock)
    await book(public, start="09:00", phone="081234567890")
    time.time = clock("2026-11-24 10:20")
    await hall.house.rooms.bookings.sweep()
    made = await book(public, day="2026-11-25", phone="081234567890")
    page = await me.page(q=made["code"].lower())
    assert "tidak hadir 1 kali sebelumnya" in page
    assert "81234567890" not in page
    assert "Tidak ada pesanan dengan kode" in await me.page(q="ZZZZZZ")
    time.time += MINUTE
    code = {"code": made["code"], "day": "2026-11-25"}
    await me.send("cancellations", 422, **code)
    await me.send("cancellations", **code, reason="salah layanan")
    page = await me.page(q=made["code"])
    assert "24 Nov 2026 10.21 · dibatalkan · test · salah layanan" in page
    await me.send("cancellations", 404, code="ZZZZZZ", day=DAY, reason="x")


@pytest.mark.parametrize("role", ["operator", "kiosk", "display", "integration"])
async def test_only_for_supervisors(hall: Running, role: str) -> None:
    """Others are refused, and nothing happens."""
    me = await chief(hall, role)
    assert (await me.client.get("/admin/bookings")).status_code == 403
    await me.send("closures", 403, **TEN)
    assert await hall.house.rooms.bookings.quotas(DAY, DAY) == {}
