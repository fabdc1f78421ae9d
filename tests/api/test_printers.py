"""Printers and papers through the API, with a printer at the other end."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.printing.hall import Printed, printed_hall

API = "/api/v1"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Printed]:
    async with printed_hall(tmp_path) as hall:
        yield hall


async def test_a_paper_and_its_copy(hall: Printed, tmp_path: Path) -> None:
    """The first is the ticket, the next one says that it is a copy; both can be followed."""
    client, ticket = await hall.hall.client("kiosk"), await hall.take()
    path = f"{API}/tickets/{ticket.token}/prints"
    for count in (1, 2):
        answer = await client.post(path, json={"printer": "depan"})
        assert answer.status_code == 201
        assert answer.json()["number"] == "A-001"
        await hall.printer.printed(count)
    papers: list[dict[str, object]] = []
    while [paper["state"] for paper in papers] != ["printed", "printed"]:
        papers = (await client.get(path)).json()["items"]
    assert [paper["copy"] for paper in papers] == [True, False]
    first, second = hall.printer.papers
    assert "SALINAN" not in first.text[0]
    assert "SALINAN" in second.text[0]
    assert first.codes(tmp_path) == [f"{hall.hall.url}/t/{ticket.token}"]


async def test_a_key_prints_once(hall: Printed) -> None:
    """The same request again is the same paper; another one with the same key is refused."""
    client, ticket = await hall.hall.client("operator"), await hall.take()
    path, key = f"{API}/tickets/{ticket.token}/prints", {"Idempotency-Key": "one"}
    first = await client.post(path, json={"printer": "depan"}, headers=key)
    again = await client.post(path, json={"printer": "depan"}, headers=key)
    assert first.json()["id"] == again.json()["id"]
    other = f"{API}/tickets/{(await hall.take()).token}/prints"
    assert (await client.post(other, json={"printer": "depan"}, headers=key)).status_code == 422


async def test_what_is_refused(hall: Printed) -> None:
    """Unknown tickets and printers, by name, in the reader's language."""
    client, ticket = await hall.hall.client("kiosk"), await hall.take()
    lost = await client.post(f"{API}/tickets/nobody/prints", json={"printer": "depan"})
    assert (lost.status_code, lost.json()["code"]) == (404, "unknown_ticket")
    answer = await client.post(
        f"{API}/tickets/{ticket.token}/prints", json={"printer": "belakang"},
        headers={"Accept-Language": "en"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_printer")
    assert answer.json()["errors"][0]["field"] == "printer"
    assert "belakang" in answer.json()["detail"]


async def test_how_the_printers_are(hall: Printed) -> None:
    """Ready, out of paper with the remedy, and in the metrics."""
    client = await hall.hall.client("integration")

    async def until(reason: str) -> dict[str, object]:
        while True:
            [printer] = (await client.get(f"{API}/printers?lang=en")).json()["items"]
            if printer["reason"] == reason and printer["seen_at"]:
                return dict(printer)

    ready = await until("")
    assert (ready["name"], ready["paper"], ready["detail"]) == ("Kios depan", "ok", "Ready.")
    hall.printer.paper_out = True
    hall.printing.look("depan")
    empty = await until("paper_out")
    assert "new roll" in str(empty["detail"])
    metrics = (await client.get("/metrics")).text
    assert re.search(r'^antrean_printer_up\{printer="depan"\} 0.0$', metrics, re.MULTILINE)
    assert re.search(r'^antrean_printer_paper_low\{printer="depan"\} 1.0$', metrics, re.MULTILINE)


async def test_a_printer_in_trouble_holds_up_nobody(hall: Printed) -> None:
    """Numbers are given and called while it is stuck; the paper waits by itself."""
    hall.printer.stuck = True
    client, ticket = await hall.hall.client("supervisor"), await hall.take()
    await client.post(f"{API}/tickets/{ticket.token}/prints", json={"printer": "depan"})
    await client.post(f"{API}/counters/1/openings")
    called = await client.post(f"{API}/counters/1/calls", json={"after": None})
    assert (called.status_code, called.json()["number"]) == (201, "A-001")
    assert (await hall.printing.of_ticket(ticket.token))[0].state in ("queued", "printing")
