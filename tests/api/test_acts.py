"""The acts of operators and supervisors through the API, as another program meets them."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Checked, Client

API = "/api/v1"
HERE = f"{API}/counters/1"


class Floor:
    """Operator at counter 1, supervisor, kiosk."""

    def __init__(self, operator: Client, supervisor: Client, kiosk: Client) -> None:
        self.operator, self.supervisor, self.kiosk = operator, supervisor, kiosk

    async def take(self, service: str = "ktp", **more: Any) -> Any:
        return (await self.kiosk.post(f"{API}/tickets", json={"service": service, **more})).json()

    async def act(self, path: str, status: int = 201, **body: Any) -> Any:
        answer = await self.operator.post(f"{HERE}/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def rule(self, path: str, status: int = 201, **body: Any) -> Any:
        answer = await self.supervisor.post(f"{API}{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def now(self) -> Any:
        return (await self.operator.get(HERE)).json()


@pytest.fixture
async def floor(hall: Checked) -> Floor:
    found = Floor(
        await hall.role("operator"), await hall.role("supervisor"), await hall.role("kiosk")
    )
    await found.act("openings")
    return found


async def test_finish_and_call_taken_back(floor: Floor) -> None:
    """One undo for one press; a second says that there is nothing more."""
    first, second = [(await floor.take())["id"] for _ in range(2)]
    await floor.act("calls", after=None)
    await floor.act("starts", ticket=first)
    await floor.act("calls", after=first)
    assert "undo" in (await floor.now())["acts"]
    done = await floor.act("undos")
    assert [(one["ticket"], one["status"]) for one in done["tickets"]][-1] == (first, "serving")
    now = await floor.now()
    assert now["current"]["id"] == first
    assert [one["id"] for one in now["queue"]] == [second]


async def test_finish_with_what_was_delivered(floor: Floor) -> None:
    """Quantities are checked, and the field is named."""
    ticket = (await floor.take())["id"]
    await floor.act("calls", after=None)
    await floor.act("starts", ticket=ticket)
    refused = await floor.act(
        "finishes", 422, ticket=ticket, delivered=[{"service": "kk"}, {"service": "kk"}]
    )
    assert (refused["code"], refused["errors"][0]["field"]) == ("bad_quantity", "delivered")
    await floor.act("finishes", 422, ticket=ticket, delivered=[{"service": "kk", "quantity": 0}])
    delivered = [{"service": "ktp", "quantity": 2}]
    assert (await floor.act("finishes", ticket=ticket, delivered=delivered))["status"] == "served"


async def test_send_on_by_every_way(floor: Floor, hall: Checked) -> None:
    """A service, a counter, an agency, an operator; finished first; behind the others."""
    operator = (await floor.now())["operator"]
    for to, keys in (
        ({"service": "kk"}, {"service": "kk"}), ({"counter": "1"}, {"counter": "1"}),
        ({"agency": "dukcapil"}, {"agency": "dukcapil"}),
        ({"operator": operator}, {"operator": operator}),
    ):  # fmt: skip
        ticket = (await floor.take())["id"]
        await floor.act("calls", after=None, ticket=ticket)
        await floor.act("transfers", 409, ticket=ticket, finish=True, **to)
        await floor.act("starts", ticket=ticket)
        sent = await floor.act("transfers", ticket=ticket, finish=True, **to)
        assert sent.items() >= {"status": "waiting", **keys}.items()
    last = (await floor.take())["id"]
    head = (await floor.now())["queue"][0]["id"]
    await floor.act("calls", after=None)
    hall.clock.at += 1000
    await floor.act("transfers", ticket=head, service="ktp", keep_arrival=False)
    assert (await floor.now())["queue"][-1]["id"] == head != last


async def test_served_without_a_queue(floor: Floor) -> None:
    served = await floor.act("quick-serves", service="kk")
    assert served["status"] == "served"
    await floor.act("quick-serves", 422, service="nothing")


async def test_next_of_a_service(floor: Floor) -> None:
    await floor.take("ktp")
    wanted = (await floor.take("kk"))["id"]
    assert (await floor.act("calls", after=None, service="kk"))["ticket"] == wanted


async def test_alarm_helper_and_breaks(floor: Floor) -> None:
    """Each holds once, and the counter says so."""
    assert (await floor.act("alarms"))["id"]
    assert (await floor.act("alarms"))["id"] is None
    assert (await floor.now())["alarm_since"]
    assert (await floor.act("alarm-clearances"))["id"]
    await floor.act("helpers", helper="interpreter")
    await floor.act("helpers", 422, helper="wizard")
    await floor.act("breaks", 422, until="2026-11-25T12:00:00")
    await floor.act("breaks", 422, reason="no-such-reason")
    await floor.act("breaks", until="2099-01-01T12:00:00+07:00")
    assert (await floor.now())["until"].startswith("2099-01-01")
    await floor.act("openings")
    await floor.act("closing-denials", 409)


async def test_what_a_supervisor_changes(floor: Floor) -> None:
    """Class, place, intake, services, messages; an operator may none of it."""
    first, second = [(await floor.take())["id"] for _ in range(2)]
    tickets = f"/floor/tickets/{second}"
    assert (await floor.rule(f"{tickets}/priorities", priority="lansia"))["id"]
    assert [one["id"] for one in (await floor.now())["queue"]] == [second, first]
    why = (
        await floor.operator.get(f"{HERE}/reasons", params={"first": first, "second": second})
    ).json()
    assert (why["code"], why["first"], why["second"]) == ("credit", second, first)
    assert (await floor.rule(f"{tickets}/moves", service="kk"))["id"]
    assert (await floor.rule(f"{tickets}/moves", service="kk"))["id"] is None
    assert (await floor.rule(f"{tickets}/cancellations"))["status"] == "cancelled"
    assert (await floor.rule(f"{tickets}/reinstatements"))["status"] == "waiting"
    assert (await floor.rule("/services/ktp/intake-closings"))["id"]
    closed = await floor.kiosk.post(f"{API}/tickets", json={"service": "ktp"})
    assert (closed.status_code, closed.json()["code"]) == (409, "intake_closed")
    assert (await floor.rule("/services/ktp/intake-openings"))["id"]
    await floor.rule("/services/nothing/intake-openings", 422)
    assert (await floor.rule("/counters/1/services", services=["kk"]))["id"]
    assert (await floor.now())["services"] == ["kk"]
    assert (await floor.rule("/counters/1/services"))["id"]
    await floor.act("services", 409, services=["kk"])
    said = await floor.rule("/messages", text="Rapat\u202e pukul\x00 3", to="all")
    assert said["text"] == "Rapat pukul 3"
    await floor.rule("/messages", 422, text="Hubungi 0812\u200b3456\u200b7890", to="all")
    items = (await floor.operator.get(f"{API}/messages")).json()["items"]
    assert [one["text"] for one in items] == ["Rapat pukul 3"]
    assert (await floor.rule(f"/messages/{said['id']}/removals"))["id"]
    assert (await floor.rule(f"/messages/{said['id']}/removals"))["id"] is None
    assert (
        await floor.operator.post(f"{API}{tickets}/moves", json={"service": "kk"})
    ).status_code == 403


async def test_a_tickets_history_and_times(floor: Floor) -> None:
    """Every step with when, who and where; the four times by the glossary."""
    ticket = (await floor.take())["id"]
    await floor.act("calls", after=None)
    await floor.act("recalls", ticket=ticket)
    await floor.act("starts", ticket=ticket)
    await floor.act("finishes", ticket=ticket)
    past = (await floor.operator.get(f"{API}/floor/tickets/{ticket}")).json()
    assert [one["event"] for one in past["history"]] == [
        "TicketIssued", "TicketCalled", "TicketRecalled", "ServiceStarted", "ServiceFinished"
    ]  # fmt: skip
    assert past["history"][1]["counter"] == "1"
    assert set(past["times"]) == {"waiting", "walking", "service", "visit"}
    assert all(value is not None for value in past["times"].values())
    for unknown in ("999999", "x", "1e3", "٣"):
        answer = await floor.operator.get(f"{API}/floor/tickets/{unknown}")
        assert answer.status_code == 404


async def test_a_visit_of_several_agencies(floor: Floor) -> None:
    """One number: sent on at the finish, its steps told to its holder, planned at the counter."""
    steps = [{"service": "ktp"}, {"service": "kk", "after": [0]}]
    taken = await floor.take("ktp", steps=steps)
    ticket = taken["id"]
    await floor.act("calls", after=None)
    await floor.act("starts", ticket=ticket)
    await floor.act("visits", ticket=ticket, steps=[{"service": "kk"}, {"service": "paspor"}])
    await floor.act("visits", 409, ticket=ticket + 1, steps=steps)
    await floor.act("visits", 422, ticket=ticket, steps=[{"service": "kk", "after": [0]}])
    assert (await floor.act("finishes", ticket=ticket))["status"] == "waiting"
    now = (await floor.kiosk.get(f"{API}/tickets/{taken['token']}")).json()
    assert [(one["service"], one["done"]) for one in now["steps"]] == [
        ("ktp", True), ("kk", False), ("paspor", False)
    ]  # fmt: skip
    assert now["number"] == taken["number"]
    await floor.act("calls", after=None)
    await floor.act("starts", ticket=ticket)
    done = await floor.act("finishes", ticket=ticket, ends_visit=True)
    assert done["status"] == "served"
    unknown = await floor.kiosk.post(f"{API}/tickets", json={"service": "ktp", "package": "none"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "package")
