"""The subscriber's socket with a fake transport: ends that a real socket reaches by a race."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from queue_server.live import subscriber as room
from queue_server.live.subscriber import Subscriber

from .fakes import frames
from .test_wire import masked


class Transport(asyncio.Transport):
    """Writes down what is done to it."""

    def __init__(self, eof: type[Exception] | None = None, half_close: bool = True) -> None:
        super().__init__()
        self.data = b""
        self.done: list[str] = []
        self.closing = False
        self.eof, self.half_close = eof, half_close

    def write(self, data: Any) -> None:
        self.data += data

    def is_closing(self) -> bool:
        return self.closing

    def can_write_eof(self) -> bool:
        return self.half_close

    def write_eof(self) -> None:
        self.done.append("write_eof")
        if self.eof is not None:
            raise self.eof

    def close(self) -> None:
        self.done.append("close")
        self.closing = True

    def abort(self) -> None:
        self.done.append("abort")


class Receiver:
    def __init__(self) -> None:
        self.told: list[str] = []

    def pause_writing(self) -> None:
        self.told.append("paused")

    def resume_writing(self) -> None:
        self.told.append("resumed")

    def heard(self) -> None:
        self.told.append("heard")

    def lost(self) -> None:
        self.told.append("lost")


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_GOODBYE_SECONDS", 0.0)


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.usefixtures("patience")
async def test_a_client_that_went_unseen() -> None:
    """The end of the stream cannot be sent to who has gone: shutting down goes on."""
    transport, connections = Transport(eof=OSError), set[Any]()
    subscriber = Subscriber(transport, Receiver(), connections)
    subscriber.shutdown()
    subscriber.shutdown()
    assert [first for first, _ in frames(transport.data)] == [0x88]
    await turns()
    assert transport.done == ["write_eof", "abort", "abort"]


@pytest.mark.usefixtures("patience")
async def test_without_half_closing() -> None:
    """Over TLS the transport is closed behind the close frame."""
    transport = Transport(half_close=False)
    Subscriber(transport, Receiver(), set()).close(1002)
    assert transport.done == ["close"]
    await turns()
    assert transport.done == ["close", "abort"]


@pytest.mark.usefixtures("patience")
async def test_nobody_is_cut_off_twice() -> None:
    """A transport that is lost already is left alone."""
    transport, receiver, connections = Transport(), Receiver(), set[Any]()
    subscriber = Subscriber(transport, receiver, connections)
    subscriber.data_received(masked(8, (1000).to_bytes(2, "big")))
    assert transport.done == ["close"]
    subscriber.connection_lost(None)
    assert (connections, receiver.told) == (set(), ["heard", "lost", "lost"])
    await turns()
    assert transport.done == ["close"]


async def test_a_ping_while_paused() -> None:
    """It is answered when the client reads again, the newest one."""
    transport = Transport()
    subscriber = Subscriber(transport, Receiver(), set())
    subscriber.pause_writing()
    subscriber.data_received(masked(9, b"one"))
    subscriber.data_received(masked(9, b"two"))
    assert transport.data == b""
    subscriber.resume_writing()
    assert transport.data == b"\x8a\x03two"
    subscriber.resume_writing()
    assert transport.data == b"\x8a\x03two"
