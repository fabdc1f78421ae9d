"""The same key again gets the first answer again: for everybody, whatever has happened since."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.web.house import MINUTE, Hands, open_place

from .conftest import Checked, Client

API = "/api/v1"
STEPS: list[tuple[str, dict[str, Any]]] = [
    ("openings", {}), ("calls", {"after": None}), ("recalls", {"ticket": 1}),
    ("starts", {"ticket": 1}), ("parks", {"ticket": 1}), ("calls", {"after": None, "ticket": 1}),
    ("returns", {"ticket": 1}), ("calls", {"after": None}), ("no-shows", {"ticket": 1}),
    ("calls", {"after": None}), ("starts", {"ticket": 2}),
    ("calls", {"after": 2}), ("transfers", {"ticket": 3, "service": "paspor"}),
    ("breaks", {}), ("closings", {}),
]  # fmt: skip
"""A morning at counter 1; tickets by the order in which they were taken."""


async def again(client: Client, path: str, body: Any, key: str) -> Any:
    answer = await client.post(f"{API}{path}", json=body, headers={"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_every_post_answers_as_the_first_time(tmp_path: Path) -> None:
    """At once, at the end of the morning, after a restart, and on the next day."""
    clock = Hands()
    first: list[tuple[str, str, Any, str, Any]] = []
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(open_place(tmp_path, clock=clock))
        tokens = place.tokens
        clients = {name: place.client(name) for name in ("kiosk", "operator", "")}
        for client in clients.values():
            await stack.enter_async_context(client)

        async def do(role: str, path: str, body: Any) -> Any:
            key = f"key-{len(first)}"
            answer = await again(clients[role], path, body, key)
            assert await again(clients[role], path, body, key) == answer
            first.append((role, path, body, key, answer))
            return answer

        tickets = [await do("kiosk", "/tickets", {"service": "ktp"}) for _ in range(4)]
        await do("", f"/tickets/{tickets[3]['token']}/cancellations", {})
        for step, body in STEPS:
            numbers = {n: tickets[body[n] - 1]["id"] for n in ("ticket", "after") if body.get(n)}
            clock.at += MINUTE
            await do("operator", f"/counters/1/{step}", {**body, **numbers})
        for role, path, body, key, answer in first:
            assert await again(clients[role], path, body, key) == answer
    for later in (0, 18 * 60 * MINUTE):
        clock.at += later
        async with open_place(tmp_path, clock=clock) as place:
            place.tokens = tokens
            for role in clients:
                async with place.client(role) as client:
                    for _, path, body, key, answer in [one for one in first if one[0] == role]:
                        assert await again(client, path, body, key) == answer, path


async def test_at_once_only_one_ticket_is_taken(hall: Checked) -> None:
    kiosk = await hall.role("kiosk")
    made = await asyncio.gather(
        *(again(kiosk, "/tickets", {"service": "ktp"}, "k") for _ in range(20))
    )
    assert len({one["id"] for one in made}) == 1
    assert len(hall.house.hall.tickets) == 1


@pytest.mark.parametrize("body", [{"service": "kk"}, {"service": "ktp", "language": "en"}])
async def test_a_key_is_for_one_request(hall: Checked, body: Any) -> None:
    """Another body, or another path, with the same key changes nothing."""
    kiosk = await hall.role("kiosk")
    await again(kiosk, "/tickets", {"service": "ktp"}, "k")
    answer = await kiosk.post(f"{API}/tickets", json=body, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    operator = await hall.role("operator")
    await again(operator, "/counters/1/openings", {}, "k")
    answer = await operator.post(f"{API}/counters/1/closings", headers={"Idempotency-Key": "k"})
    assert answer.json()["code"] == "idempotency_key_reused"


async def test_the_same_values_are_the_same_body(hall: Checked) -> None:
    """However they are spelled, in whatever language the answer is wanted."""
    kiosk = await hall.role("kiosk")
    first = await again(kiosk, "/tickets", {"service": "ktp", "language": "id"}, "k")
    for spelled in ('{ "language":"id","service":"ktp" }', '{"service":"\\u006btp"}'):
        answer = await kiosk.post(
            f"{API}/tickets?lang=en", content=spelled,
            headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
        )  # fmt: skip
        assert answer.json() == first


async def test_keys_of_others_are_others(hall: Checked) -> None:
    """Two kiosks may count alike; so may two phones. Nobody reads another's answer."""
    kiosk, operator, phone = [await hall.role(name) for name in ("kiosk", "operator", "")]
    one = await again(kiosk, "/tickets", {"service": "ktp"}, "1")
    two = await again(operator, "/tickets", {"service": "ktp"}, "1")
    assert one["token"] != two["token"]
    for ticket in (one, two):
        left = await again(phone, f"/tickets/{ticket['token']}/cancellations", {}, "1")
        assert left["ticket"] == ticket["id"]


async def test_a_refusal_is_answered_again(hall: Checked) -> None:
    """The same key gets the refusal again, though it would now be allowed; another key acts."""
    operator, kiosk = await hall.role("operator"), await hall.role("kiosk")
    await operator.post(f"{API}/counters/1/openings")
    headers = {"Idempotency-Key": "k"}
    call = f"{API}/counters/1/calls"
    for _ in range(2):
        answer = await operator.post(call, json={"after": None}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "nobody_waiting")
        await kiosk.post(f"{API}/tickets", json={"service": "ktp"})
    other = {"Idempotency-Key": "l"}
    assert (await operator.post(call, json={"after": None}, headers=other)).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "\u00e9", "k" * 256])
async def test_a_key_that_is_none(shared: Checked, key: str) -> None:
    kiosk = await shared.role("kiosk")
    answer = await kiosk.post(
        f"{API}/tickets", json={"service": "ktp"},
        headers=[(b"Idempotency-Key", key.encode("latin-1"))],
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_key")


async def test_the_journal_keeps_no_key_as_it_was_sent(hall: Checked) -> None:
    """It may be somebody's phone number."""
    kiosk = await hall.role("kiosk")
    ticket = await again(kiosk, "/tickets", {"service": "ktp"}, "081234567890")
    entry = (await hall.house.desk.read(ticket["id"] - 1, 1))[0]
    assert entry.key
    assert "081234567890" not in repr(entry)
