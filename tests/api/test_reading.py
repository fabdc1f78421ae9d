"""The hall, its catalogue, the journal, health: what is only read."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from queue_server.order import Unavailable

from .conftest import Checked

API = "/api/v1"


async def test_the_hall(shared: Checked) -> None:
    seen = (await (await shared.role()).get(f"{API}/hall")).json()
    assert seen["name"] == "MPP Uji"
    assert (seen["open"], seen["closes_at"]) == (True, "2026-11-23T15:30:00+07:00")
    assert seen["zones"] == [{"id": "a", "name": "Zona a"}, {"id": "b", "name": "Zona b"}]
    assert seen["languages"] == ["id", "en"]
    assert (seen["epoch"], seen["version"]) == (shared.house.desk.epoch, shared.house.hall.version)
    assert seen["time"] == "2026-11-23T09:00:00+07:00"


async def test_agencies(hall: Checked) -> None:
    kiosk, reader = await hall.role("kiosk"), await hall.role()
    for service in ("ktp", "kk", "kk", "paspor"):
        await kiosk.post(f"{API}/tickets", json={"service": service})
    seen = (await reader.get(f"{API}/agencies?lang=en")).json()["items"]
    assert [(one["name"], one["services"], one["waiting"]) for one in seen] == [
        ("Civil Registry", ["ktp", "kk"], 3), ("Immigration", ["paspor"], 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "name", "requirement"),
    [("id", "Layanan ktp", "KTP-el asli"), ("en", "Service ktp", "Original e-KTP")],
)
async def test_services(shared: Checked, language: str, name: str, requirement: str) -> None:
    """With the six components that a standard has to publish."""
    reader = await shared.role()
    listed = (await reader.get(f"{API}/services?lang={language}")).json()["items"]
    one = (await reader.get(f"{API}/services/ktp?lang={language}")).json()
    assert one == listed[0]
    assert (one["name"], one["requirements"]) == (name, [requirement])
    assert one["duration"] == {"known": True, "minutes": 10, "working_days": 0, "text": ""}
    assert one["cost"] == {"known": True, "rupiah": 0, "text": ""}
    assert one["procedure"] and one["product"] and one["complaints"]  # noqa: PT018  # one claim
    assert (one["zone"], one["counters"]) == ("a", ["1", "2"])


@pytest.mark.parametrize("service", ["x", "%00", "a" * 3000, "<b>"])
async def test_a_service_that_is_none(shared: Checked, service: str) -> None:
    answer = await (await shared.role()).get(f"{API}/services/{service}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_service")
    assert len(answer.content) < 500


async def test_the_journal_page_by_page(hall: Checked) -> None:
    """Every event once, in order, and no ticket's secret."""
    kiosk, reader = await hall.role("kiosk"), await hall.role("integration")
    tokens = [
        (await kiosk.post(f"{API}/tickets", json={"service": "ktp"})).json()["token"]
        for _ in range(5)
    ]
    found: list[Any] = []
    after: int | None = 0
    while after is not None:
        page = await reader.get(f"{API}/journal", params={"after": after, "limit": 3})
        assert not [token for token in tokens if token in page.text]
        found += page.json()["items"]
        after = page.json()["next"]
    assert [one["id"] for one in found] == list(range(1, hall.house.hall.version + 1))
    assert [one["event"]["type"] for one in found[-5:]] == ["TicketIssued"] * 5
    assert found[-1]["event"]["number"] == "A-005"
    assert found[-1]["at"] == "2026-11-23T09:00:00+07:00"


async def test_a_journal_that_cannot_be_read(
    shared: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> list[Any]:
        raise Unavailable("journal_unavailable")

    monkeypatch.setattr(shared.house.desk, "read", fails)
    answer = await (await shared.role("admin")).get(f"{API}/journal")
    assert (answer.status_code, answer.json()["code"]) == (503, "journal_unavailable")
    assert answer.headers["retry-after"] == "2"


async def test_ready_or_not(hall: Checked) -> None:
    """Alive all the time; ready only while the journal can be written, and commands say why."""
    reader, kiosk = await hall.role(), await hall.role("kiosk")
    assert (await reader.get("/readyz")).json()["status"] == "ready"
    hall.house.desk.ready = False
    answer = await reader.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert answer.headers["retry-after"] == "2"
    assert (await reader.get("/healthz")).json()["status"] == "ok"
    refused = await kiosk.post(f"{API}/tickets", json={"service": "ktp"})
    assert (refused.status_code, refused.json()["code"]) == (503, "journal_unavailable")
    hall.house.desk.ready = True
    hall.house.desk.short = True
    assert (await reader.get("/readyz")).json()["storage"] == "short"


async def test_metrics_are_prometheus_text(hall: Checked) -> None:
    """Of this house alone, read when they are asked for."""
    kiosk, reader = await hall.role("kiosk"), await hall.role()
    await kiosk.post(f"{API}/tickets", json={"service": "ktp"})
    answer = await reader.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["antrean_ready",] == 1
    assert found["antrean_tickets", "waiting"] == 1
    assert found["antrean_waiting", "ktp"] == 1
    assert found["antrean_counters", "closed"] == 3
    assert found["antrean_live_by_kind", "zone"] == 2
    assert found["antrean_version",] == hall.house.hall.version
    assert ("process_resident_memory_bytes",) in found


@pytest.mark.parametrize(
    ("role", "status"), [("", 401), ("kiosk", 403), ("integration", 200), ("supervisor", 200)]
)
async def test_metrics_from_elsewhere_need_a_role(shared: Checked, role: str, status: int) -> None:
    client = await shared.role(role)
    answer = await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == status


async def test_sqlite_is_recent_enough() -> None:
    """STRICT tables, which the office uses, came with 3.37."""
    assert sqlite3.sqlite_version_info >= (3, 37)
