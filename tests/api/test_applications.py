"""Applications through the API: an agency's system registers, moves on, reads."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .conftest import Checked

PATH = "/api/v1/applications"
DAY = 86_400_000


async def register(hall: Checked, **body: Any) -> Any:
    client = await hall.role("integration")
    answer = await client.post(PATH, json={"service": "ktp", **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def update(hall: Checked, code: str, role: str = "integration", **body: Any) -> Any:
    client = await hall.role(role)
    return await client.post(f"{PATH}/{code}/updates", json=body)


async def test_an_agency_registers_and_moves_on(hall: Checked) -> None:
    """With its own file number; the answers are the document's, the history is whole."""
    made = await register(hall, file="470/12")
    assert made["state"] == "diajukan"
    assert made["agency"] == "dukcapil"
    assert made["url"] == f"http://antrean.test/tracking/{made['code']}"
    assert made["registered_at"].endswith("+07:00")
    moved = (await update(hall, made["code"], state="diproses", seen="diajukan")).json()
    assert (moved["from"], moved["to"]) == ("diverifikasi", "diproses")
    asked = await update(hall, made["code"], state="perlu_perbaikan", missing=[1], note=" foto  ")
    assert asked.status_code == 201
    now = (await (await hall.role("operator")).get(f"{PATH}/{made['code']}")).json()
    assert now["state"] == "perlu_perbaikan"
    assert now["file"] == "470/12"
    assert now["clock"] == "stopped"
    assert now["next"][:3] == ["diverifikasi", "ditolak", "dibatalkan"]
    assert [step["to"] for step in now["history"]] == [
        "diajukan", "diverifikasi", "diproses", "perlu_perbaikan",
    ]  # fmt: skip
    assert now["history"][-1]["missing"] == ["KTP-el asli"]
    assert now["history"][-1]["note"] == "foto"
    typed = made["code"].replace("-", "").lower()
    assert (await (await hall.role("operator")).get(f"{PATH}/{typed}")).json() == now


async def test_the_same_key_gets_the_first_answer(hall: Checked) -> None:
    """Thirty retries at once are one application; so are thirty updates one step."""
    client = await hall.role("integration")

    async def post(path: str, key: str, **body: Any) -> Any:
        return await client.post(path, json=body, headers={"Idempotency-Key": key})

    made = await asyncio.gather(*(post(PATH, "k1", service="kk") for _ in range(30)))
    assert {one.status_code for one in made} == {201}
    assert len({one.text for one in made}) == 1
    code = made[0].json()["code"]
    path = f"{PATH}/{code}/updates"
    moves = await asyncio.gather(*(post(path, "k2", state="diproses") for _ in range(30)))
    assert len({one.text for one in moves}) == 1
    assert moves[0].status_code == 201
    other = await post(path, "k2", state="ditolak", note="x")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    await post(path, "k3", state="disetujui")
    assert (await post(path, "k2", state="diproses")).text == moves[0].text
    assert (await post(PATH, "k1", service="kk")).text == made[0].text
    listed = (await client.get(PATH)).json()
    assert len(listed["items"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"state": "diajukan"}, 409, "no_such_step", ""),
        ({"state": "diproses", "seen": "disetujui"}, 409, "application_changed", ""),
        ({"state": "ditolak"}, 422, "reason_needed", "note"),
        ({"state": "ditolak", "note": "NIK 1801010203040005"}, 422, "personal_data", "note"),
        ({"state": "diproses", "note": "x" * 300}, 422, "note_long", "note"),
        ({"state": "perlu_perbaikan", "missing": [2]}, 422, "unknown_requirement", "missing"),
        ({"state": "selesai"}, 422, "invalid_input", "state"),
        ({"state": "diproses", "name": "Budi"}, 422, "invalid_input", "name"),
        ({}, 422, "invalid_input", "state"),
    ],
)
async def test_what_is_refused_names_the_field(
    shared: Checked, body: Any, status: int, code: str, field: str
) -> None:
    """With a code that stays, and nothing changed."""
    made = await register(shared)
    answer = await update(shared, made["code"], **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not field or [one["field"] for one in answer.json()["errors"]] == [field]
    client = await shared.role("integration")
    now = (await client.get(f"{PATH}/{made['code']}")).json()
    assert now["state"] == "diajukan"


async def test_registering_is_checked_too(shared: Checked) -> None:
    """An unknown service, a file number that is somebody's, one that is taken, an unknown code."""
    client = await shared.role("supervisor")
    cases: list[tuple[Any, int, str]] = [
        ({"service": "tidak-ada"}, 422, "unknown_service"),
        ({"service": "ktp", "file": "1801010203040005"}, 422, "bad_file"),
        ({"service": "ktp", "file": "=HYPERLINK"}, 422, "bad_file"),
        ({"service": "ktp", "file": "F-9"}, 201, ""),
        ({"service": "kk", "file": "F-9"}, 409, "file_taken"),
        ({"service": "paspor", "file": "F-9"}, 201, ""),
    ]
    for body, status, code in cases:
        answer = await client.post(PATH, json=body)
        assert (answer.status_code, answer.json().get("code") if code else "") == (status, code)
    for typed in ("0000-0000-0000", "abc", "%00"):
        assert (await client.get(f"{PATH}/{typed}")).status_code == 404
        answer = await client.post(f"{PATH}/{typed}/updates", json={"state": "diproses"})
        assert answer.status_code == 404


async def test_lists_are_walked_through(hall: Checked) -> None:
    """Page by page, each once; filtered by agency, state, file number and due time."""
    made = [await register(hall, service=s) for s in ("ktp", "kk", "paspor", "ktp", "kk")]
    await update(hall, made[0]["code"], state="dibatalkan")
    await register(hall, file="A 7")
    client = await hall.role("integration")
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        page = (await client.get(PATH, params={"limit": 2, "after": after})).json()
        seen += [one["code"] for one in page["items"]]
        after = page["next"]
    assert seen[:5] == [one["code"] for one in made]
    assert len(seen) == 6

    async def count(**query: Any) -> int:
        return len((await client.get(PATH, params=query)).json()["items"])

    assert await count(agency="imigrasi") == 1
    assert await count(state="open") == 5
    assert await count(file="A 7") == 1
    assert await count(due="late") == 0
    hall.clock.at += DAY
    assert await count(due="late") == 5  # ten minutes were promised
    assert (await client.get(PATH, params={"state": "x"})).status_code == 422
