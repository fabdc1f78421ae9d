"""A subscriber's socket after the handshake: it is told, and hardly asked.

Written for thousands of idle phones: slots, one inbox for all, no task. Whatever a client
sends, it costs the others nothing: messages are bounded and ignored, of many pings the newest
is answered, and none while the client does not read.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Protocol

from . import wire

_INBOX = memoryview(bytearray(16_384))
"""Where every socket reads into: its bytes are dealt with before another socket reads."""

_GOODBYE_SECONDS = 2.0
"""How long a client may take to read our close before it is cut off."""


class Receiver(Protocol):
    """Who wants to know what happens to the socket."""

    def pause_writing(self) -> None: ...
    def resume_writing(self) -> None: ...
    def heard(self) -> None: ...
    def lost(self) -> None: ...


class Subscriber(asyncio.BufferedProtocol):
    """Keeps one socket to the rules of RFC 6455. Its receiver writes to the transport itself."""

    __slots__ = (
        "_closing",
        "_connections",
        "_gathered",
        "_paused",
        "_ping",
        "_receiver",
        "_rest",
        "_transport",
    )

    def __init__(
        self, transport: asyncio.Transport, receiver: Receiver, connections: set[Any]
    ) -> None:
        self._transport = transport
        self._receiver = receiver
        self._connections = connections  # uvicorn's: it shuts down what is in there, and waits
        self._connections.add(self)
        self._closing = False
        self._paused = False
        self._ping: bytes | None = None  # came while the client did not read
        self._rest = b""
        self._gathered = wire.UNFRAGMENTED

    def get_buffer(self, sizehint: int) -> memoryview:
        return _INBOX

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(_INBOX[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Takes what the client sent, cut at any byte.

        The name is not free: uvloop keeps the former protocol's data_received alive, and with
        it 15 KB of handshake, unless the new one has its own.
        """
        if self._closing or self._transport.is_closing():
            return
        data = self._rest + data
        try:
            got = wire.read(data, self._gathered)
        except wire.Violation as violation:
            self.close(violation.code, str(violation))
            return
        self._rest = data[got.consumed :]
        self._gathered = got.gathered
        self._receiver.heard()
        if got.ping is not None:
            self._answer_ping(got.ping)
        if got.close is not None:
            self._answer_close(got.close)

    def pause_writing(self) -> None:
        self._paused = True
        self._receiver.pause_writing()

    def resume_writing(self) -> None:
        self._paused = False
        if self._ping is not None and not self._closing:
            self._answer_ping(self._ping)
        self._receiver.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self._receiver.lost()

    def shutdown(self) -> None:
        """uvicorn stops: sends the client away with 1012, unless that has happened."""
        if self._closing or self._transport.is_closing():
            self._cut_off_later()
        else:
            self.close(wire.SERVICE_RESTART)

    def close(self, code: int, reason: str = "") -> None:
        """Says goodbye first.

        The end of our stream follows the close frame, and what the client still sends is
        discarded: closing the socket over unread bytes would reset the connection, and the
        client would not get to read why.
        """
        self._closing = True
        self._rest = b""
        self._receiver.lost()  # before the end of the stream: afterwards nothing may be written
        transport = self._transport
        transport.write(wire.close_frame(code, reason))
        if not transport.can_write_eof():  # TLS has no half-closed state here
            transport.close()
        elif not transport.is_closing():
            # The client may have gone without the loop having seen it.
            with contextlib.suppress(OSError):
                transport.write_eof()
        self._cut_off_later()

    def _answer_ping(self, payload: bytes) -> None:
        self._ping = payload if self._paused else None
        if not self._paused:
            self._transport.write(wire.pong_frame(payload))

    def _answer_close(self, code: int) -> None:
        self._closing = True
        self._receiver.lost()
        self._transport.write(wire.close_frame(code))
        self._transport.close()
        self._cut_off_later()

    def _cut_off_later(self) -> None:
        # A client that never reads would keep the transport, and uvicorn, waiting for ever.
        asyncio.get_running_loop().call_later(_GOODBYE_SECONDS, self._cut_off)

    def _cut_off(self) -> None:
        # asyncio's abort() of a transport that is lost already may raise AttributeError.
        if self in self._connections:
            self._transport.abort()
