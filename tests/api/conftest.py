"""A served house whose every API answer is held against the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from queue_server.api import endpoints
from queue_server.web.openapi import document
from tests.web.house import Hands, Place, open_place

from .schema import wrong

Client = httpx2.AsyncClient
As = Callable[..., Client]


class Checked:
    """A house, and clients by role whose answers are checked."""

    def __init__(self, place: Place, stack: AsyncExitStack) -> None:
        self.place = place
        self.house = place.house
        self.clock: Hands = place.clock
        table = endpoints(place.house)
        self.document: Any = document(table, title="Antrean", version="1", server="/")
        self._stack = stack
        self._clients: dict[str, Client] = {}

    async def role(self, name: str = "") -> Client:
        """A client with the token of that role; "" for nobody."""
        if name not in self._clients:
            client = self.place.client(name)
            client.event_hooks = {"response": [self._check]}
            self._clients[name] = await self._stack.enter_async_context(client)
        return self._clients[name]

    async def _check(self, answer: httpx2.Response) -> None:
        await answer.aread()
        request = answer.request
        described = self.described(request.method, request.url.path)
        if described is None:
            return
        responses = described["responses"]
        assert str(answer.status_code) in responses, (request.url, answer.status_code, answer.text)
        content = responses[str(answer.status_code)]["content"]
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in content, (request.url, kind)
        if kind != "text/plain":
            faults = wrong(answer.json(), content[kind]["schema"], self.document)
            assert not faults, (request.url, faults)

    def described(self, method: str, path: str) -> Any:
        """The operation that a request belongs to."""
        for pattern, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), path):
                return operations.get(method.lower())
        return None


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Checked]:
    """A new hall on a Monday morning."""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(open_place(tmp_path))
        yield Checked(place, stack)


@pytest.fixture(scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Checked]:
    """For tests that leave nothing behind that others would see."""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(open_place(tmp_path_factory.mktemp("hall")))
        yield Checked(place, stack)
