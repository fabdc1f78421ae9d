"""A real uvicorn on a loopback port, and clients of two kinds: polite and raw."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect

from queue_server.live.batch import open_batch
from queue_server.live.hub import Hub
from queue_server.live.limits import Limits
from queue_server.live.protocol import LiveProtocol
from queue_server.live.route import Authorize, LiveRoute, Refused

from .fakes import FakeSource, frames

PATIENCE = 20.0
"""Seconds after which a test that waits has failed."""


class Server(uvicorn.Server):
    """uvicorn, with events in the place of its waiting loops."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready, self.stopping = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stopping.wait()


async def everyone(socket: WebSocket, topics: list[str]) -> Refused | None:
    return None


class Hall:
    """A served hub with a fake source."""

    def __init__(self, limits: Limits) -> None:
        self.source = FakeSource()
        self.hub = Hub(self.source, limits, batch=open_batch())
        self.server: Server
        self.port = 0
        self.tls = False

    def commit(self, *topics: str, call: bool = False) -> int:
        version = self.source.commit(*topics, call=call)
        self.hub.touch(topics)
        return version

    def connect(self, query: str, **options: Any) -> connect:
        scheme = "wss" if self.tls else "ws"
        return connect(f"{scheme}://127.0.0.1:{self.port}/live?{query}", **options)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Turns the loop until something holds that the server does by itself."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110  # uvicorn has no event for what it does
                await asyncio.sleep(0)

    async def stop(self) -> None:
        self.server.stopping.set()
        async with asyncio.timeout(PATIENCE):
            await self.task

    task: asyncio.Task[None]


@asynccontextmanager
async def serving(
    limits: Limits = Limits(),
    *,
    authorize: Authorize = everyone,
    routes: list[BaseRoute] | None = None,
    **config: Any,
) -> AsyncIterator[Hall]:
    """A hall on a port; stopped at the end."""
    hall = Hall(limits)
    live = WebSocketRoute("/live", LiveRoute(hall.hub, authorize))
    app = Starlette(routes=[live, *(routes or [])])
    options: dict[str, Any] = {"ws": LiveProtocol, "log_config": None, "lifespan": "off"} | config
    hall.tls = "ssl_certfile" in options
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    hall.port = listener.getsockname()[1]
    hall.server = Server(uvicorn.Config(app, **options))
    # _serve, not serve: the test process keeps its own signal handlers.
    hall.task = asyncio.create_task(hall.server._serve(sockets=[listener]))
    try:
        async with asyncio.timeout(PATIENCE):
            await hall.server.ready.wait()
        yield hall
    finally:
        await hall.stop()
        listener.close()


async def receive(client: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        message: dict[str, Any] = json.loads(await client.recv())
    return message


async def handshaking(hall: Hall) -> LiveProtocol:
    """The protocol of the one connection whose handshake is not answered yet."""
    connections: set[Any] = hall.server.server_state.connections
    await hall.until(lambda: any(isinstance(c, LiveProtocol) for c in connections))
    (protocol,) = (c for c in connections if isinstance(c, LiveProtocol))
    return protocol


def close_of(found: list[tuple[int, bytes]]) -> int:
    """The code of the one close frame that ends a stream."""
    assert [first for first, _ in found].count(0x88) == 1
    first, payload = found[-1]
    assert first == 0x88
    return int.from_bytes(payload[:2], "big")


class Raw:
    """A socket that says whatever it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(
        cls,
        hall: Hall,
        query: str = "topic=zone:hall",
        *,
        together_with: bytes = b"",
        answer: bool = True,
        tls: ssl.SSLContext | None = None,
        path: str = "/live",
        receive_buffer: int | None = None,
    ) -> Raw:
        """Shakes hands; frames may go in the packet of the handshake already."""
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", hall.port))
        host = "localhost" if tls else None
        raw = cls(*await asyncio.open_connection(sock=sock, ssl=tls, server_hostname=host))
        key = base64.b64encode(os.urandom(16)).decode()
        raw.writer.write(
            f"GET {path}?{query} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "\r\n".encode()
            + together_with
        )
        if answer:
            head = await raw.head()
            assert head.startswith(b"HTTP/1.1 101 "), head
        return raw

    async def head(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def frame(self) -> tuple[int, bytes]:
        """The next server frame: first byte and payload."""
        async with asyncio.timeout(PATIENCE):
            data = await self.reader.readexactly(2)
            size = {126: 2, 127: 8}.get(data[1], 0)
            data += await self.reader.readexactly(size)
            length = int.from_bytes(data[2:], "big") if size else data[1]
            return data[0], await self.reader.readexactly(length)

    async def rest(self) -> list[tuple[int, bytes]]:
        """All frames up to the end of the stream."""
        async with asyncio.timeout(PATIENCE):
            return list(frames(await self.reader.read()))

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def close(self) -> None:
        self.writer.transport.abort()
        with suppress(OSError):
            await self.writer.wait_closed()


Scenario = Callable[[], Awaitable[None]]
