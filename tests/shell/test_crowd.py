"""Thousands of phones, and some that never read: a call still arrives, everywhere, once."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from tests.hall import PATIENCE, Process, frame, listening

TORTURE = bool(os.environ.get("ANTREAN_TORTURE"))
PHONES = 5000 if TORTURE else 1000
SILENT = 100
CALLS = 10
LINE = "/live?topic=line:paspor&as=json"
CALLED = re.compile(rb'\{"id":(\d+),')


class Phone(asyncio.Protocol):
    """The least client that counts: its calls' ids, in the order in which they came."""

    def __init__(self, port: int, heard: asyncio.Event) -> None:
        self.port, self.heard = port, heard
        self.calls: list[int] = []
        self.upgraded = asyncio.get_running_loop().create_future()
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(request(self.port))

    def data_received(self, data: bytes) -> None:
        if not self.upgraded.done():
            self.upgraded.set_result(data.startswith(b"HTTP/1.1 101"))
        self._rest += data
        found = list(CALLED.finditer(self._rest))
        self.calls += [int(match[1]) for match in found]
        if len(self.calls) >= CALLS:
            self.heard.set()
        # An id may be cut in two: the last bytes are looked at again with what follows.
        self._rest = self._rest[found[-1].end() if found else -40 :]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.upgraded.done():
            self.upgraded.set_result(False)


def request(port: int) -> bytes:
    """An opening handshake."""
    return (
        f"GET {LINE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()


@asynccontextmanager
async def crowd(hall: Process) -> AsyncIterator[list[Phone]]:
    """PHONES that read, and SILENT sockets with a tiny buffer that never do."""
    loop = asyncio.get_running_loop()
    phones: list[Phone] = []
    silent: list[socket.socket] = []
    try:
        for start in range(0, PHONES, 250):
            made = await asyncio.gather(
                *(
                    loop.create_connection(
                        lambda: Phone(hall.port, asyncio.Event()), "127.0.0.1", hall.port
                    )
                    for _ in range(min(250, PHONES - start))
                )
            )
            phones += [phone for _, phone in made]
            assert all(await asyncio.gather(*(phone.upgraded for _, phone in made)))
        for _ in range(SILENT):
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            sock.setblocking(False)
            silent.append(sock)
            await loop.sock_connect(sock, ("127.0.0.1", hall.port))
            await loop.sock_sendall(sock, request(hall.port))
        yield phones
    finally:
        for phone in phones:
            phone.transport.abort()
        for sock in silent:
            sock.close()


async def test_a_crowd_hears_every_call_once(tmp_path: Path) -> None:
    """1,000 phones (5,000 in torture) and 100 that never read: every phone hears every call once
    and in order, a board too, and the operator is answered meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 20_000)), hard))
    hall = Process(tmp_path / "data", ANTREAN_LIVE__HEARTBEAT_SECONDS="3600")
    await hall.start()
    headers = {"Authorization": f"Bearer {await hall.secret('supervisor')}"}
    try:
        async with (
            httpx2.AsyncClient(base_url=hall.url, headers=headers, trust_env=False) as operator,
            crowd(hall) as phones,
            listening(hall.url, "zone:d") as board,
        ):
            called = await _call(operator)
            async with asyncio.timeout(PATIENCE * 3):
                for phone in phones:
                    await phone.heard.wait()
            assert all(phone.calls == called for phone in phones)
            heard: list[int] = []
            while len(heard) < CALLS:
                heard += [call["id"] for call in (await frame(board))["calls"]]
            assert heard == called
    finally:
        await hall.stop()


async def _call(operator: httpx2.AsyncClient) -> list[int]:
    """CALLS passports called at one counter, one after the other: the calls' ids."""
    at = "/api/v1/counters/37"
    await operator.post(f"{at}/openings", json={})
    for _ in range(CALLS):
        await operator.post("/api/v1/tickets", json={"service": "paspor"})
    called: list[int] = []
    current = None
    for _ in range(CALLS):
        answer = await operator.post(f"{at}/calls", json={"after": current})
        assert answer.status_code == 201, answer.text
        called.append(answer.json()["id"])
        current = answer.json()["ticket"]
        await operator.post(f"{at}/starts", json={"ticket": current})
    return called
