"""Clients that break the rules, do not read, or vanish; on real sockets."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed

from queue_server.live.limits import Limits
from queue_server.live.route import Refused

from .serving import Raw, close_of, handshaking, receive, serving
from .test_wire import HOSTILE, masked


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_frames(name: str) -> None:
    """The client is told the code, once, and the connection ends; others go on."""
    code, data = HOSTILE[name]
    async with serving() as hall, hall.connect("topic=zone:hall") as healthy:
        await receive(healthy)
        raw = await Raw.open(hall)
        await raw.frame()
        raw.send(data)
        assert close_of(await raw.rest()) == code
        await raw.close()
        await hall.until(lambda: hall.hub.connections() == 1)
        hall.commit("zone:hall", call=True)
        assert (await receive(healthy))["calls"]


async def test_a_large_message_learns_why() -> None:
    """A real client that sends megabytes reads 1009, not a reset connection."""
    async with serving() as hall:
        client = await hall.connect("topic=zone:hall")
        await receive(client)
        with suppress(ConnectionClosed):  # depends on how much of it the sockets take
            await client.send("x" * 4_000_000)
        with pytest.raises(ConnectionClosed):
            await client.recv()
        await client.wait_closed()
        assert client.close_code == 1009


async def test_a_flood_before_the_answer() -> None:
    """Who sends megabytes before being accepted waits, and is then refused for its size."""
    decide = asyncio.Event()

    async def slowly(socket: WebSocket, topics: list[str]) -> Refused | None:
        await decide.wait()
        return None

    async with serving(authorize=slowly) as hall:
        raw = await Raw.open(hall, answer=False)
        protocol = await handshaking(hall)
        raw.send(masked(1, b"x" * 2_000_000))
        await hall.until(lambda: not protocol.transport.is_reading())
        assert len(protocol._early or b"") < 500_000
        decide.set()
        assert (await raw.head()).startswith(b"HTTP/1.1 101")
        assert close_of(await raw.rest()) == 1009
        await raw.close()


async def test_pings_of_a_client_that_does_not_read() -> None:
    """A flood of pings is not answered into the memory of the server."""
    async with serving() as hall:
        raw = await Raw.open(hall, receive_buffer=4096)
        await raw.frame()
        (subscriber,) = hall.server.server_state.connections
        transport = subscriber._transport  # type: ignore[union-attr]  # uvicorn types its own
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        for _ in range(200):
            raw.send(masked(9, b"p" * 125) * 1000)
            await raw.writer.drain()
        assert transport.get_write_buffer_size() < 70_000
        await raw.close()


async def test_clients_that_never_read() -> None:
    """20 of them delay nobody, are skipped, and get the newest with all calls once they read."""
    async with serving() as hall:
        hall.source.filler = "x" * 20_000
        stuck = [await Raw.open(hall, receive_buffer=4096) for _ in range(20)]
        for raw in stuck:
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        async with hall.connect("topic=zone:hall", compression=None) as healthy:
            await receive(healthy)
            for number in range(1, 101):
                hall.commit("zone:hall", call=True)
                assert [c["id"] for c in (await receive(healthy))["calls"]] == [number]
        statistics = hall.hub.statistics()
        assert statistics.paused == 20
        assert statistics.messages_written < 20 * 60
        for raw in stuck:
            raw.writer.transport.resume_reading()  # type: ignore[attr-defined]  # a reading transport
            told: list[int] = []
            version = -1
            while version < 100:
                state = json.loads((await raw.frame())[1])
                assert state["version"] > version
                version = state["version"]
                told += [call["id"] for call in state["calls"]]
            assert told == list(range(1, 101))
            await raw.close()


async def test_a_stuck_client_is_cut_off() -> None:
    """It is gone after the limit, from the hub and from uvicorn."""
    async with serving(Limits(stalled_seconds=0.05)) as hall:
        hall.source.filler = "x" * 400_000
        raw = await Raw.open(hall, receive_buffer=4096)
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        await hall.until(lambda: hall.hub.statistics().paused == 1)
        await hall.until(lambda: not hall.server.server_state.connections)
        assert hall.hub.statistics().dropped_stalled == 1
        await raw.close()


async def test_an_abrupt_end() -> None:
    """A client that vanishes leaves nothing behind."""
    async with serving() as hall:
        for _ in range(3):
            raw = await Raw.open(hall)
            await raw.frame()
            await raw.close()
        half = await Raw.open(hall)
        await half.frame()
        half.writer.write_eof()
        await half.rest()
        await half.close()
        await hall.until(lambda: not hall.server.server_state.connections)
        assert hall.hub.connections() == 0
