"""`uvicorn.Config(ws=LiveProtocol)`: the library shakes hands, the hub goes on.

Written against uvicorn 0.54.0, whose `WebSocketsSansIOProtocol` does the upgrade, the headers
and the ASGI side; every other WebSocket endpoint stays with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable
from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from .subscriber import Receiver, Subscriber

EXTENSION = "antrean.live"
"""The name of the handle in the ASGI scope's `extensions`."""

_EARLY_LIMIT = 16_384
"""Bytes taken from a client that has not been accepted yet; then it waits."""


class Handle:
    """What an application finds in `scope["extensions"]["antrean.live"]`."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: LiveProtocol) -> None:
        self._protocol: LiveProtocol | None = protocol

    def hand_over(
        self,
        make_receiver: Callable[[asyncio.Transport], Receiver],
        write_buffer_bytes: int = 65_536,
    ) -> bool:
        """Takes the socket out of ASGI and gives its transport to a receiver.

        To be called right after `accept`, without an await between; then the application
        returns. False when the client has already gone, or the socket was handed over: no
        receiver is made. Raises RuntimeError when it comes too early or too late.
        """
        protocol = self._protocol
        if protocol is None or not protocol.hand_over(make_receiver, write_buffer_bytes):
            return False
        self._protocol = None
        return True


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with a handle to leave it after the handshake."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Compression is per connection and costs five times the sending; without it agreed on,
        # a client that sets the reserved bits breaks the protocol.
        self.conn.available_extensions = []
        # What arrives before the decision whose socket it is; None once it is decided.
        self._early: bytearray | None = bytearray()

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._http: Any = self.transport.get_protocol()  # still the one that read the handshake

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            # uvicorn types the two standard extensions only.
            self.scope["extensions"][EXTENSION] = Handle(self)  # type: ignore[assignment]  # see above

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated or self._early is None:
            super().data_received(data)
            return
        self._early += data
        if len(self._early) > _EARLY_LIMIT:
            self.transport.pause_reading()

    async def send(self, message: ASGISendEvent) -> None:
        # uvicorn logs the query at the handshake, and a ticket's token is a secret. The
        # application has its own scope since its task started; from here on it is for the log.
        if self.scope["query_string"]:
            self.scope = {**self.scope, "query_string": b""}
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.loop.call_soon(self._keep)

    def hand_over(
        self, make_receiver: Callable[[asyncio.Transport], Receiver], write_buffer_bytes: int
    ) -> bool:
        """See Handle."""
        transport = self.transport
        if self.disconnected or transport.is_closing():
            return False
        if not self.handshake_complete or self.close_sent or self._early is None:
            raise RuntimeError("hand_over() belongs right after accept, without an await between")
        receiver = make_receiver(transport)
        early, self._early = bytes(self._early), None
        subscriber = Subscriber(transport, receiver, self.connections)
        self._step_aside(subscriber)
        if not self.writable.is_set():  # the receiver has written more than the transport likes
            receiver.pause_writing()
        transport.set_write_buffer_limits(high=write_buffer_bytes)
        _limit_unsent(transport, write_buffer_bytes)
        if early:
            subscriber.data_received(early)
        return True

    def _step_aside(self, subscriber: Subscriber) -> None:
        """Puts a subscriber in the place of this protocol, in the transport and in uvicorn."""
        self.stop_keepalive()
        self.connections.discard(self)
        # uvloop chooses its way of reading when it starts to, so it has to start again.
        if self.transport.is_reading():
            self.transport.pause_reading()
        self.transport.set_protocol(subscriber)
        self.transport.resume_reading()
        # The application's task still runs. What it sends or receives now finds a client that
        # has gone, and run_asgi's closing of the transport must not find the real one.
        self.disconnected = True
        self.transport = _HANDED_OVER
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1005})
        # The parsers refer to what owns them: 20 KB a handshake that would wait for the collector.
        self.conn.parser.close()
        self._http.parser = None  # httptools' protocol; h11's has none, and is garbage all the same
        del self._http

    def _keep(self) -> None:
        """The application did not hand over: the library reads on."""
        early, self._early = self._early, None
        if early is None:
            return
        if len(early) > _EARLY_LIMIT:
            self.transport.resume_reading()
        if early and not self.transport.is_closing():
            super().data_received(bytes(early))


class _HandedOver(asyncio.Transport):
    """The transport of a protocol that has none any more."""

    def is_closing(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


_HANDED_OVER = _HandedOver()


def descriptor_of(transport: BaseTransport) -> int:
    """The descriptor of a bare stream socket; -1 where bytes are encrypted on their way."""
    sock = transport.get_extra_info("socket")
    if sock is None or transport.get_extra_info("sslcontext") is not None:
        return -1
    return int(sock.fileno())


def _limit_unsent(transport: BaseTransport, size: int) -> None:
    """Bounds what the kernel holds unsent for a client that does not read, megabytes otherwise.

    Also keeps states fresh: what waits in the kernel can't be replaced by a newer one.
    """
    sock = transport.get_extra_info("socket")
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if sock is not None and option is not None:
        # A Unix socket behind a proxy has no such option.
        with contextlib.suppress(OSError, AttributeError, NotImplementedError):
            sock.setsockopt(socket.IPPROTO_TCP, option, size)
