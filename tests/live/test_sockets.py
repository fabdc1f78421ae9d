"""The live room on real sockets: real uvicorn, real clients."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from queue_server.live.limits import Limits

from .serving import PATIENCE, Raw, close_of, receive, serving


async def test_state_at_once_then_calls() -> None:
    """A client has the state with no further ado, and each call once, in order."""
    async with serving() as hall, hall.connect("topic=zone:hall&as=html") as client:
        first = await receive(client)
        assert (first["type"], first["calls"], first["html"]) == ("state", [], "<p>")
        for _ in range(3):
            hall.commit("zone:hall", call=True)
        assert [call["id"] for call in (await receive(client))["calls"]] == [1, 2, 3]
        hall.commit("zone:hall")
        assert (await receive(client))["calls"] == []


async def test_resuming() -> None:
    """A client that comes back with its cursor hears what it missed; with a foreign one not."""
    async with serving() as hall:
        for _ in range(4):
            hall.commit("zone:hall", call=True)
        for query, told in {
            "epoch=epoch-1&after=2": [3, 4],
            "epoch=other&after=2": [],
            "epoch=epoch-1&after=99": [],
            "after=2": [],
            "epoch=epoch-1": [],
        }.items():
            async with hall.connect(f"topic=zone:hall&{query}") as client:
                assert [call["id"] for call in (await receive(client))["calls"]] == told


async def test_five_hundred_clients() -> None:
    """500 clients, 50 calls: each hears every call exactly once, in order."""
    async with serving() as hall:
        line = "topic=line:paspor"
        clients = await asyncio.gather(
            *(hall.connect(line, compression=None).__aenter__() for _ in range(500))
        )
        for client in clients:
            await receive(client)

        async def listen(client: Any) -> list[int]:
            told: list[int] = []
            while len(told) < 50:
                told += [call["id"] for call in (await receive(client))["calls"]]
            return told

        heard = asyncio.gather(*(listen(client) for client in clients))
        for _ in range(50):
            hall.commit("line:paspor", call=True)
            await asyncio.sleep(0)
        assert await heard == [list(range(1, 51))] * 500
        statistics = hall.hub.statistics()
        assert statistics.calls_told == 500 * 50
        await asyncio.gather(*(client.close() for client in clients))
        await hall.until(lambda: hall.hub.connections() == 0)


async def test_ping_and_close() -> None:
    """A ping is answered with its payload; a close with the same code."""
    async with serving() as hall, hall.connect("topic=zone:hall") as client:
        await receive(client)
        async with asyncio.timeout(PATIENCE):
            await (await client.ping(b"are you there"))
        await client.send("ignored")
        await client.send([b"a", b"b", b"c"])
        hall.commit("zone:hall", call=True)
        assert (await receive(client))["calls"]
        await client.close(3001, "bye")
        assert client.close_code == 3001
        assert client.protocol.close_rcvd is not None
        assert client.protocol.close_rcvd.code == 3001


async def test_heartbeats_and_pings() -> None:
    """Heartbeats come with a ping; a client that answers stays, one that does not is dropped."""
    limits = Limits(heartbeat_seconds=0.02, silent_heartbeats=5)
    async with serving(limits) as hall, hall.connect("topic=zone:hall") as client:
        await receive(client)
        mute = await Raw.open(hall)
        found = await mute.rest()
        assert found.count((0x89, b"")) == 5
        await mute.close()
        for _ in range(10):
            assert await receive(client) == {"type": "heartbeat", "version": 0}
        assert hall.hub.statistics().dropped_silent == 1


async def test_shutdown(caplog: pytest.LogCaptureFixture) -> None:
    """uvicorn's graceful end: 1012 for all, once, and no error in the log."""
    caplog.set_level(logging.INFO)
    async with serving() as hall:
        client = await hall.connect("topic=zone:hall")
        raw = await Raw.open(hall)
        await receive(client)
        await raw.frame()
        stopped = asyncio.create_task(hall.stop())
        with pytest.raises(ConnectionClosed):
            await receive(client)
        assert client.close_code == 1012
        assert close_of(await raw.rest()) == 1012
        await raw.close()
        await stopped
        assert hall.hub.connections() == 0
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING], caplog.text


async def test_shutdown_with_a_client_that_never_reads() -> None:
    """It cannot hold up the end."""
    async with serving() as hall:
        hall.source.filler = "x" * 400_000
        raw = await Raw.open(hall, receive_buffer=4096)
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a reading transport
        await hall.until(lambda: hall.hub.statistics().paused == 1)
        await hall.stop()
        await raw.close()


async def test_the_hub_closes_first() -> None:
    """1012 from the hub is the only close, also when uvicorn stops behind it."""
    async with serving() as hall:
        raw = await Raw.open(hall)
        await raw.frame()
        await hall.hub.close()
        with pytest.raises(InvalidStatus) as refused:
            await hall.connect("topic=zone:hall")
        assert refused.value.response.status_code == 503
        assert refused.value.response.headers["retry-after"] == "2"
        await hall.stop()
        assert close_of(await raw.rest()) == 1012
        await raw.close()
