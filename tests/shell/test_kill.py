"""kill -9 under load: what was acknowledged is there, and nothing is spoken twice."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import websockets

from tests.hall import Process

KILLS = 200 if os.environ.get("ANTREAN_TORTURE") else 10
SERVICE = "paspor"


@dataclass
class Crowd:
    """Clients that never give up, and what they were told."""

    hall: Process
    headers: dict[str, str]
    tickets: dict[int, str] = field(default_factory=dict)
    calls: dict[int, int] = field(default_factory=dict)
    over: bool = False

    async def post(self, client: httpx2.AsyncClient, path: str, body: Any) -> httpx2.Response:
        """Post until there is an answer: the same key each time."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                url = f"{self.hall.url}/api/v1{path}"
                answer = await client.post(url, json=body, headers=key)
                if answer.status_code != 503:
                    return answer
            await asyncio.sleep(0.05)

    def client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(headers=self.headers, trust_env=False, timeout=5)

    async def take_numbers(self) -> None:
        async with self.client() as client:
            while not self.over:
                answer = await self.post(client, "/tickets", {"service": SERVICE})
                assert answer.status_code == 201, answer.text
                ticket = answer.json()
                assert ticket["id"] not in self.tickets
                self.tickets[ticket["id"]] = ticket["number"]

    async def call(self, counter: str) -> None:
        async with self.client() as client:
            at = f"/counters/{counter}"
            await self.post(client, f"{at}/openings", {})
            current = None
            while not self.over:
                answer = await self.post(client, f"{at}/calls", {"after": current})
                if answer.status_code != 201:
                    assert answer.json()["code"] == "nobody_waiting", answer.text
                    continue
                call = answer.json()
                assert call["id"] not in self.calls
                assert call["ticket"] not in self.calls.values()
                self.calls[call["id"]] = current = call["ticket"]
                await self.post(client, f"{at}/starts", {"ticket": current})


@dataclass
class Board:
    """A screen with a cursor: it comes back by itself."""

    hall: Process
    announced: list[int] = field(default_factory=list)
    epoch: str = ""
    after: int = -1
    first: int = -1
    over: bool = False
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        while not self.over:
            with contextlib.suppress(OSError, websockets.WebSocketException):
                query = "topic=zone:hall&as=json"
                if self.epoch:
                    query += f"&epoch={self.epoch}&after={self.after}"
                address = f"{self.hall.url.replace('http', 'ws')}/live?{query}"
                async with websockets.connect(address, compression=None, proxy=None) as socket:
                    async for text in socket:
                        self._see(json.loads(text))
            await asyncio.sleep(0.05)

    def _see(self, frame: dict[str, Any]) -> None:
        if frame["type"] != "state":
            return
        assert frame["version"] >= self.after, "a version went back"
        self.epoch, self.after = frame["epoch"], frame["version"]
        if self.first < 0:
            self.first = self.after
        self.announced += [call["id"] for call in frame["calls"]]
        self.seen.set()


async def test_kill_under_load(tmp_path: Path) -> None:
    """After ten kills every acknowledged ticket and call is there, once; each board announced
    every call once and in order; the folder verifies."""
    chance = random.Random(7)
    hall = Process(tmp_path)
    await hall.start()
    crowd = Crowd(hall, {"Authorization": f"Bearer {await hall.secret('supervisor')}"})
    boards = [Board(hall) for _ in range(2)]
    listening = [asyncio.create_task(board.listen()) for board in boards]
    counters = ["37", "38", "39"]
    clients = [asyncio.create_task(crowd.take_numbers()) for _ in range(4)]
    clients += [asyncio.create_task(crowd.call(counter)) for counter in counters]
    try:
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.1, 0.6))
            await hall.kill()
            await hall.start(hall.port)
            for task in clients:
                assert not task.done(), task.exception()
        crowd.over = True
        async with asyncio.timeout(30):
            await asyncio.gather(*clients)
        entries = await _journal(hall, crowd.headers)
        await _caught_up(boards, entries)
    finally:
        for task in (*clients, *listening):
            task.cancel()
        await asyncio.gather(*clients, *listening, return_exceptions=True)
        await hall.stop()
    _check(entries, crowd, boards)
    assert (await hall.command("verify"))[:2] == (0, "sound\n")


def _check(entries: list[dict[str, Any]], crowd: Crowd, boards: list[Board]) -> None:
    events = {entry["id"]: entry["event"] for entry in entries}
    issued = {id: e["number"] for id, e in events.items() if e["type"] == "TicketIssued"}
    called = {id: e["ticket"] for id, e in events.items() if e["type"] == "TicketCalled"}
    assert len(set(issued.values())) == len(issued), "a number twice"
    assert len(set(called.values())) == len(called), "a ticket called twice"
    # Every command was retried until it was answered, so both sides are equal, not only subsets.
    assert crowd.tickets == issued
    assert crowd.calls == called
    for board in boards:
        expected = [id for id in sorted(called) if id > board.first]
        assert board.announced == expected


async def _journal(hall: Process, headers: dict[str, str]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    secret = await hall.secret("integration")
    async with httpx2.AsyncClient(
        base_url=hall.url, headers={"Authorization": f"Bearer {secret}"}, trust_env=False
    ) as client:
        after = 0
        while True:
            page = (await client.get(f"/api/v1/journal?after={after}&limit=1000")).json()
            entries += page["items"]
            if page["next"] is None:
                return entries
            after = page["next"]


async def _caught_up(boards: list[Board], entries: list[dict[str, Any]]) -> None:
    """Until the boards have the last version; they reconnect by themselves."""
    async with asyncio.timeout(20):
        for board in boards:
            while board.after < entries[-1]["id"]:
                board.seen.clear()
                await board.seen.wait()
