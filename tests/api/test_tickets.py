"""Taking a number, following it, leaving."""

from __future__ import annotations

import re

import pytest

from queue_server.core.calendar import local
from tests.web.house import MINUTE, START

from .conftest import Checked

API = "/api/v1"


async def test_a_ticket_from_the_kiosk_to_the_counter(hall: Checked) -> None:
    """Place, call, counter and end, as the citizen's phone sees them."""
    kiosk, operator, phone = [await hall.role(name) for name in ("kiosk", "operator", "")]
    await kiosk.post(f"{API}/tickets", json={"service": "ktp"})
    taken = await kiosk.post(f"{API}/tickets", json={"service": "ktp", "language": "en"})
    assert taken.status_code == 201
    ticket = taken.json()
    assert (ticket["number"], ticket["ahead"], ticket["position"]) == ("A-002", 1, 2)
    assert ticket["issued_at"] == "2026-11-23T09:00:00+07:00"
    assert ticket["url"] == f"http://antrean.test/t/{ticket['token']}"
    assert re.fullmatch(r"[\w-]{22,}", ticket["token"]), "128 bits at least"

    here = f"{API}/tickets/{ticket['token']}"
    seen = (await phone.get(here)).json()
    assert {name: seen[name] for name in ("id", "number", "token", "status", "ahead")} == {
        "id": ticket["id"], "number": "A-002", "token": ticket["token"], "status": "waiting",
        "ahead": 1,
    }  # fmt: skip
    assert (seen["counter"], seen["estimate"], seen["calls"]) == (None, None, 0)
    assert seen["zone"] == {"id": "a", "name": "Zona a"}

    await operator.post(f"{API}/counters/1/openings")
    call = await operator.post(
        f"{API}/counters/1/calls", json={"after": None, "ticket": ticket["id"]}
    )
    seen = (await phone.get(f"{here}?lang=en")).json()
    assert (seen["status"], seen["position"], seen["call"]) == ("called", None, call.json()["id"])
    assert seen["counter"] == {"id": "1", "name": "Counter 1"}

    await operator.post(f"{API}/counters/1/starts", json={"ticket": ticket["id"]})
    await operator.post(f"{API}/counters/1/finishes", json={"ticket": ticket["id"]})
    seen = (await phone.get(here)).json()
    assert (seen["status"], seen["counter"], seen["zone"] is None) == ("served", None, False)


async def test_an_estimate_is_given_when_it_is_known(hall: Checked) -> None:
    """After four calls, with a counter open: a range in whole minutes."""
    kiosk, operator, phone = [await hall.role(name) for name in ("kiosk", "operator", "")]
    token = ""
    for _ in range(6):
        token = (await kiosk.post(f"{API}/tickets", json={"service": "ktp"})).json()["token"]
    await operator.post(f"{API}/counters/1/openings")
    after = None
    for _ in range(4):
        hall.clock.at += 4 * MINUTE
        call = await operator.post(f"{API}/counters/1/calls", json={"after": after})
        after = call.json()["ticket"]
        await operator.post(f"{API}/counters/1/starts", json={"ticket": after})
    seen = (await phone.get(f"{API}/tickets/{token}")).json()
    assert (seen["ahead"], seen["estimate"]) == (1, {"from": 6, "to": 12})
    service = (await phone.get(f"{API}/services/ktp")).json()
    assert (service["waiting"], service["counters_open"]) == (2, 1)
    assert service["estimate"] == {"from": 9, "to": 18}


async def test_priority_goes_before(hall: Checked) -> None:
    kiosk = await hall.role("kiosk")
    await kiosk.post(f"{API}/tickets", json={"service": "ktp"})
    elder = await kiosk.post(f"{API}/tickets", json={"service": "ktp", "priority": "lansia"})
    assert (elder.json()["ahead"], elder.json()["priority"]) == (0, "lansia")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"service": "nothing"}, "unknown_service", "service"),
        ({"service": "ktp", "priority": "vip"}, "unknown_priority", "priority"),
        ({}, "invalid_input", "service"),
        ({"service": "KTP"}, "invalid_input", "service"),
        ({"service": "ktp", "language": "xx"}, "invalid_input", "language"),
        ({"service": "ktp", "nik": "18"}, "invalid_input", "nik"),
    ],
)
async def test_what_cannot_be_taken(
    shared: Checked, body: dict[str, str], code: str, field: str
) -> None:
    answer = await (await shared.role("kiosk")).post(f"{API}/tickets", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_closed_hall_gives_no_numbers(hall: Checked) -> None:
    """And says when it opens, in the asker's language."""
    hall.clock.at += 8 * 60 * MINUTE
    kiosk = await hall.role("kiosk")
    answer = await kiosk.post(f"{API}/tickets?lang=en", json={"service": "ktp"})
    assert (answer.status_code, answer.json()["code"]) == (409, "hall_closed")
    assert "the hall opens again" in answer.json()["detail"]
    seen = (await kiosk.get(f"{API}/hall")).json()
    assert (seen["open"], seen["closes_at"]) == (False, None)
    assert seen["opens_at"] == "2026-11-24T08:00:00+07:00"


async def test_a_citizen_leaves(hall: Checked) -> None:
    """Once: the second time there is nothing to leave."""
    kiosk, phone = await hall.role("kiosk"), await hall.role()
    ticket = (await kiosk.post(f"{API}/tickets", json={"service": "kk"})).json()
    here = f"{API}/tickets/{ticket['token']}/cancellations"
    left = await phone.post(here)
    assert (left.status_code, left.json()["status"], left.json()["number"]) == (
        201, "cancelled", "B-001",
    )  # fmt: skip
    assert (await phone.post(here)).json()["code"] == "not_allowed"
    entry = (await hall.house.desk.read(left.json()["id"] - 1, 1))[0]
    assert entry.by == "citizen"


@pytest.mark.parametrize("token", ["x", "0", "%00", "a" * 4000, "%F0%9F%8E%AB", "..", "%2e%2e"])
async def test_a_token_that_is_none(shared: Checked, token: str) -> None:
    phone = await shared.role()
    for method, path in (("GET", ""), ("POST", "/cancellations")):
        answer = await phone.request(method, f"{API}/tickets/{token}{path}")
        assert answer.status_code == 404
        assert answer.json()["code"] in ("unknown_ticket", "not_found")


async def test_yesterdays_ticket_is_gone(hall: Checked) -> None:
    kiosk, phone = await hall.role("kiosk"), await hall.role()
    ticket = (await kiosk.post(f"{API}/tickets", json={"service": "kk"})).json()
    hall.clock.at += 24 * 60 * MINUTE
    await kiosk.post(f"{API}/tickets", json={"service": "kk"})
    assert (await phone.get(f"{API}/tickets/{ticket['token']}")).status_code == 404


def test_the_tests_start_on_a_monday_morning(shared: Checked) -> None:
    moment = local(START, shared.house.hall.plan.hours)
    assert (moment.isoweekday(), moment.hour) == (1, 9)


async def test_a_holder_lets_others_pass_once(hall: Checked) -> None:
    """Two places back, then refused; a retry with its key changes nothing more."""
    kiosk, phone = [await hall.role(name) for name in ("kiosk", "")]
    tokens = []
    for _ in range(4):
        taken = await kiosk.post(f"{API}/tickets", json={"service": "ktp"})
        tokens.append(taken.json()["token"])
        hall.place.clock.at += 1000
    path = f"{API}/tickets/{tokens[0]}/postponements"
    first = await phone.post(path, json={}, headers={"Idempotency-Key": "k"})
    again = await phone.post(path, json={}, headers={"Idempotency-Key": "k"})
    assert (first.status_code, first.json()["status"]) == (201, "waiting")
    assert again.json() == first.json()
    assert (await phone.get(f"{API}/tickets/{tokens[0]}")).json()["ahead"] == 2
    refused = await phone.post(path, json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "step_back_used")


async def test_a_holder_queues_again(hall: Checked) -> None:
    """After leaving: at the end of the line, within the hour."""
    kiosk, phone = [await hall.role(name) for name in ("kiosk", "")]
    token = (await kiosk.post(f"{API}/tickets", json={"service": "ktp"})).json()["token"]
    await kiosk.post(f"{API}/tickets", json={"service": "ktp"})
    await phone.post(f"{API}/tickets/{token}/cancellations", json={})
    hall.place.clock.at += 1000
    back = await phone.post(f"{API}/tickets/{token}/rejoins", json={})
    assert (back.status_code, back.json()["status"]) == (201, "waiting")
    assert (await phone.get(f"{API}/tickets/{token}")).json()["ahead"] == 1
    await phone.post(f"{API}/tickets/{token}/cancellations", json={})
    hall.place.clock.at += 61 * MINUTE
    late = await phone.post(f"{API}/tickets/{token}/rejoins", json={})
    assert (late.status_code, late.json()["code"]) == (409, "rejoin_over")


async def test_who_is_in_the_hall_is_confirmed_by_staff(hall: Checked) -> None:
    """Not by the holder, who may be anywhere; for a ticket of the hall it changes nothing."""
    kiosk, phone = [await hall.role(name) for name in ("kiosk", "")]
    token = (await kiosk.post(f"{API}/tickets", json={"service": "ktp"})).json()["token"]
    path = f"{API}/tickets/{token}/arrivals"
    assert (await phone.post(path, json={})).status_code == 401
    here = await kiosk.post(path, json={})
    assert (here.status_code, here.json()["status"]) == (201, "waiting")
    assert here.json()["id"] is None
