"""Requests that nobody would write: whatever comes, an answer says what was wrong; no fault.

schemathesis makes them of the OpenAPI document, right ones and wrong ones; a real server answers.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.hall import Running, running

EACH = 200 if os.environ.get("ANTREAN_TORTURE") else 3
"""Requests made of each operation, of each kind."""


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
async def test_no_request_is_a_fault(hall: Running, mode: GenerationMode) -> None:
    """Every operation, by an administrator's token so that it is carried out: never a 5xx, and
    what is refused is a problem with its code."""
    client = await hall.client("admin", f"any-{mode.name.lower()}")
    document = (await client.get("/api/v1/openapi.json")).json()
    cases = await asyncio.to_thread(made, document, mode)
    wrong = []
    for case in cases:
        try:
            answer = await asked(client, case)
        except httpx2.LocalProtocolError:
            continue  # no HTTP client sends that
        if answer.status_code >= 500:
            wrong.append(f"{case.method} {case.formatted_path} {case.body!r}: {answer.status_code}")
        elif answer.status_code >= 400:
            told = answer.headers.get("content-type", "").startswith("application/problem+json")
            if not told or not answer.json()["code"]:
                wrong.append(f"{case.method} {case.formatted_path}: {answer.text[:80]}")
    assert len(cases) > 100
    assert not wrong, "\n".join(wrong)


def made(document: dict[str, object], mode: GenerationMode) -> list[schemathesis.Case]:
    """Requests of every operation."""
    schema = schemathesis.openapi.from_dict(document)
    return [
        case
        for result in schema.get_all_operations()
        for case in drawn(result.ok().as_strategy(generation_mode=mode))
    ]


def drawn(strategy: st.SearchStrategy[schemathesis.Case]) -> list[schemathesis.Case]:
    """The same few, each time; none where nothing wrong can be made of what takes no input."""
    found: list[schemathesis.Case] = []

    @settings(
        max_examples=EACH, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def draw(case: schemathesis.Case) -> None:
        found.append(case)

    with suppress(Unsatisfiable):
        draw()
    return found


async def asked(client: httpx2.AsyncClient, case: schemathesis.Case) -> httpx2.Response:
    """The case as it goes over the wire."""
    sent = case.as_transport_kwargs(base_url=str(client.base_url))
    own = ("authorization", "cookie")
    headers = {name: one for name, one in sent.get("headers", {}).items()
               if name.lower() not in own and str(one).strip()}  # fmt: skip
    return await client.request(
        sent["method"], sent["url"], params=sent.get("params"), headers=headers,
        json=sent.get("json"), content=sent.get("data"), cookies=None,
    )  # fmt: skip
