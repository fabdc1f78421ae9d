"""Many at once, on the real app over real sockets."""

from __future__ import annotations

import asyncio
from pathlib import Path

from msgspec.structs import replace

from queue_server.catalogue import Catalogue
from tests.hall import frame, listening, running


async def test_fifty_kiosks_get_fifty_consecutive_numbers(tmp_path: Path) -> None:
    """50 kiosks take a number for one service at once: 50 different consecutive numbers."""
    async with running(tmp_path) as hall:
        kiosk = await hall.client("kiosk")
        body = {"service": "paspor"}
        answers = await asyncio.gather(
            *(kiosk.post("/api/v1/tickets", json=body) for _ in range(50))
        )
        assert {answer.status_code for answer in answers} == {201}
        prefix = hall.house.catalogue.services["paspor"].prefix
        numbers = sorted(answer.json()["number"] for answer in answers)
        assert numbers == [f"{prefix}-{value:03d}" for value in range(1, 51)]
        places = sorted(answer.json()["position"] for answer in answers)
        assert places == list(range(1, 51))


async def test_twenty_operators_press_next_with_ten_waiting(tmp_path: Path) -> None:
    """20 press next at once with 10 waiting: 10 calls, 10 `nobody_waiting`, no ticket twice."""
    async with running(tmp_path) as hall:
        house = hall.house
        everywhere = list(house.catalogue.counters)[:20]
        supervisor = await hall.client("supervisor")
        kiosk = await hall.client("kiosk")
        for name in everywhere:
            opened = await supervisor.post(f"/api/v1/counters/{name}/openings", json={})
            assert opened.status_code == 201
        for name in everywhere[:10]:
            service = house.catalogue.counters[name].services[0]
            taken = await kiosk.post("/api/v1/tickets", json={"service": service})
            assert taken.status_code == 201
        waiting = {ticket.id for ticket in house.hall.tickets.values()}
        answers = await asyncio.gather(
            *(
                supervisor.post(f"/api/v1/counters/{name}/calls", json={"after": None})
                for name in everywhere * 2
            )
        )
        called = [answer.json()["ticket"] for answer in answers if answer.status_code == 201]
        refused = [answer.json()["code"] for answer in answers if answer.status_code == 409]
        assert len(called) == len(set(called))
        assert set(called) <= waiting
        assert len(called) + len(refused) == len(answers)
        assert set(refused) <= {"nobody_waiting", "stale", "arrival_open"}
        assert not any(ticket.status == "waiting" for ticket in house.hall.tickets.values())


async def test_one_line_twenty_counters(tmp_path: Path) -> None:
    """20 counters that serve one line, 10 waiting: exactly 10 calls and 10 `nobody_waiting`."""
    async with running(tmp_path) as hall:
        house = hall.house
        document = house.catalogue.document
        counters = tuple(
            replace(counter, services=(*counter.services, "paspor"))
            if "paspor" not in counter.services
            else counter
            for counter in document.counters
        )
        wider = Catalogue(replace(document, counters=counters))
        house.catalogues[wider.hash] = wider
        config = house.config
        await house.desk.change_plan(wider.plan(config.rule_hours(), config.rule_policy()))
        supervisor = await hall.client("supervisor")
        names = list(house.catalogue.counters)[:20]
        for name in names:
            await supervisor.post(f"/api/v1/counters/{name}/openings", json={})
        for _ in range(10):
            await supervisor.post("/api/v1/tickets", json={"service": "paspor"})
        answers = await asyncio.gather(
            *(
                supervisor.post(f"/api/v1/counters/{name}/calls", json={"after": None})
                for name in names
            )
        )
        called = [answer.json()["ticket"] for answer in answers if answer.status_code == 201]
        refused = [answer.json()["code"] for answer in answers if answer.status_code != 201]
        assert len(set(called)) == len(called) == 10
        assert refused == ["nobody_waiting"] * 10


async def test_a_call_reaches_boards_and_phones_once(tmp_path: Path) -> None:
    """A call through the API is on the board's and the line's next frame, once, with its words."""
    async with running(tmp_path) as hall:
        supervisor = await hall.client("supervisor")
        counter = hall.house.hall.givers["paspor"][0]
        zone = hall.house.catalogue.counters[counter].zone
        await supervisor.post(f"/api/v1/counters/{counter}/openings", json={})
        ticket = (await supervisor.post("/api/v1/tickets", json={"service": "paspor"})).json()
        async with (
            listening(hall.url, f"zone:{zone}") as board,
            listening(hall.url, "line:paspor") as phone,
        ):
            assert (await frame(board))["calls"] == []
            await frame(phone)
            call = (
                await supervisor.post(f"/api/v1/counters/{counter}/calls", json={"after": None})
            ).json()
            for socket in (board, phone):
                (told,) = (await frame(socket))["calls"]
                assert told["id"] == call["id"]
                assert told["number"] == ticket["number"]
                assert told["text"]["id"].startswith(f"Nomor antrean {ticket['number']}, silakan")
