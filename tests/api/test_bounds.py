"""Tokens that are narrowed: to agencies and zones, to scopes, to a time."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

from queue_server.core.commands import Bounds
from queue_server.web.identity import SCOPES, Scope
from queue_server.web.office import HOUR, now
from queue_server.web.people import Terms
from queue_server.web.scopes import AREAS, HEEDING

from .conftest import Checked

API = "/api/v1"
IMMIGRATION = Bounds(frozenset({"imigrasi"}))
ANNEX = Bounds(zones=frozenset({"b"}))


async def narrowed(hall: Checked, role: str, terms: Terms) -> httpx2.AsyncClient:
    return await hall.role(await hall.house.office.add_token("narrow", role, terms))


async def test_a_scope_is_all_that_is_left_of_a_role(shared: Checked) -> None:
    """Every endpoint that is not public, under every scope: its own lets in, no other does."""
    clients = {s: await narrowed(shared, "admin", Terms(scopes=frozenset({s}))) for s in SCOPES}
    wrong = []
    for path, methods in shared.document["paths"].items():
        for method, operation in methods.items():
            if not operation["security"]:
                continue
            own = re.search(r"Scope: (\w+)\.", operation["description"])
            assert own, path
            address = re.sub(r"{\w+}", "5", path)
            for scope, client in clients.items():
                body: Any = {} if method == "post" else None
                answer = await client.request(method.upper(), address, json=body)
                shut = answer.status_code == 403 and answer.json()["code"] == "not_in_scope"
                if shut == (scope == own[1]):
                    wrong.append(f"{method} {path} {scope}: {answer.status_code}")
    assert not wrong


def test_every_scope_opens_something() -> None:
    opened: set[Scope] = {scope for _, looking, doing in AREAS for scope in (looking, doing)}
    assert opened == set(SCOPES)
    assert {name for name, _, _ in AREAS} > HEEDING


@pytest.mark.parametrize(("bounds", "code"), [(IMMIGRATION, "agency"), (ANNEX, "zone")])
async def test_who_is_bound_sees_and_does_what_is_within(
    hall: Checked, bounds: Bounds, code: str
) -> None:
    """Counter 5 and its passports; not counter 1, not its tickets, not the hall as a whole."""
    admin, chief = await hall.role("admin"), await narrowed(hall, "supervisor", Terms(bounds))
    ktp = (await admin.post(f"{API}/tickets", json={"service": "ktp"})).json()
    passport = (await admin.post(f"{API}/tickets", json={"service": "paspor"})).json()
    listed = (await chief.get(f"{API}/counters")).json()["items"]
    assert [one["id"] for one in listed] == ["5"]
    tickets = (await chief.get(f"{API}/floor/tickets")).json()["items"]
    assert [one["id"] for one in tickets] == [passport["id"]]
    refused = [
        await chief.get(f"{API}/counters/1"),
        await chief.get(f"{API}/counters/1/reasons?first=1&second=2"),
        await chief.post(f"{API}/counters/1/openings", json={}),
        await chief.post(f"{API}/tickets", json={"service": "kk"}),
        await chief.get(f"{API}/floor/tickets/{ktp['id']}"),
        await chief.get(f"{API}/floor/tickets/{ktp['id']}/notes"),
        await chief.post(f"{API}/floor/tickets/{ktp['id']}/cancellations", json={}),
        await chief.post(f"{API}/services/ktp/intake-closings", json={}),
        await chief.post(f"{API}/messages", json={"text": "Halo.", "to": "boards"}),
        await chief.post(f"{API}/applications", json={"service": "ktp"}),
        await chief.get(f"{API}/tickets/{ktp['token']}/prints"),
    ]
    for answer in refused:
        found = (answer.status_code, answer.json()["code"])
        assert found == (403, f"not_your_{code}"), answer.request.url
    allowed = [
        await chief.get(f"{API}/counters/5"),
        await chief.post(f"{API}/counters/5/openings", json={}),
        await chief.post(f"{API}/services/paspor/intake-closings", json={}),
        await chief.post(f"{API}/floor/tickets/{passport['id']}/cancellations", json={}),
        await chief.post(f"{API}/applications", json={"service": "paspor"}),
    ]
    assert [answer.is_success for answer in allowed] == [True] * len(allowed)


async def test_applications_of_other_agencies_are_not_seen(hall: Checked) -> None:
    admin = await hall.role("admin")
    chief = await narrowed(hall, "integration", Terms(IMMIGRATION))
    codes = {
        service: (await admin.post(f"{API}/applications", json={"service": service})).json()["code"]
        for service in ("ktp", "paspor")
    }
    listed = (await chief.get(f"{API}/applications")).json()["items"]
    assert [one["code"] for one in listed] == [codes["paspor"]]
    assert (await chief.get(f"{API}/applications?agency=dukcapil")).json()["items"] == []
    assert (await chief.get(f"{API}/applications/{codes['paspor']}")).is_success
    for answer in (
        await chief.get(f"{API}/applications/{codes['ktp']}"),
        await chief.post(f"{API}/applications/{codes['ktp']}/updates", json={"state": "diproses"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_agency")


async def test_what_does_not_know_of_bounds_is_shut_to_who_is_bound(hall: Checked) -> None:
    """The journal tells of the whole hall."""
    bound = await narrowed(hall, "integration", Terms(IMMIGRATION))
    answer = await bound.get(f"{API}/journal")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_agency")
    assert (await bound.get(f"{API}/services")).is_success, "what is public is public"


async def test_a_token_ends(hall: Checked) -> None:
    """It is told that it has ended, which a token that never was is not."""
    over = await narrowed(hall, "admin", Terms(expires=now() - 1))
    answer = await over.get(f"{API}/counters")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert "invalid_token" in answer.headers["www-authenticate"]
    assert (await over.get(f"{API}/hall")).is_success
    assert (await (await narrowed(hall, "admin", Terms(expires=now() + HOUR))).get(
        f"{API}/counters"
    )).is_success  # fmt: skip
    stranger = await hall.role("stranger's")
    assert (await stranger.get(f"{API}/counters")).json()["code"] == "unauthenticated"
