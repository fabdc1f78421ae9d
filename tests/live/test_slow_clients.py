"""Clients that do not read, transports that fail, and the end; in virtual time."""

from __future__ import annotations

import logging

import pytest

from .fakes import FakeTransport, Room


def stuck_and_healthy(room: Room, count: int) -> tuple[list[FakeTransport], list[FakeTransport]]:
    stuck = [room.join("zone:hall") for _ in range(count)]
    healthy = [room.join("zone:hall") for _ in range(5)]
    room.loop.run()
    for client in stuck:
        client.reads = False
    return stuck, healthy


def test_clients_that_never_read() -> None:
    """They delay nobody and hold little: skipped once over the limit, whatever happens."""
    room = Room()
    stuck, healthy = stuck_and_healthy(room, 200)
    for _ in range(100):
        room.commit("zone:hall", call=True)
        room.loop.turn()
    assert all(client.calls() == list(range(1, 101)) for client in healthy)
    assert {sum(map(len, client.held)) < 1500 for client in stuck} == {True}
    assert room.hub.statistics().paused == 200


def test_a_client_that_drains() -> None:
    """It gets the newest state once, with every young call that it missed."""
    room = Room()
    stuck, _ = stuck_and_healthy(room, 3)
    for _ in range(100):
        room.commit("zone:hall", call=True)
        room.loop.turn()
    for client in stuck:
        told = len(client.writes)
        client.drain()
        room.loop.run()
        assert len(client.writes) == told + 1
        assert client.states()[-1]["version"] == 100
        assert client.calls() == list(range(1, 101))
    assert room.hub.statistics().paused == 0


def test_draining_with_nothing_new() -> None:
    """Who missed nothing is sent nothing."""
    room = Room()
    client = room.join("zone:hall", high=0)
    client.reads = False
    room.loop.run()
    client.drain()
    room.loop.run()
    assert len(client.writes) == 1


def test_a_client_that_stays_stuck_is_dropped() -> None:
    """After 30 s of pause, each at its own time; one that drained meanwhile starts anew."""
    room = Room()
    first, second, third = stuck_and_healthy(room, 3)[0]
    for client in (second, third):
        client.reads = True
    for _ in range(20):
        room.commit("zone:hall")
        room.loop.turn()
    room.loop.advance(10)
    second.reads = third.reads = False
    for _ in range(20):
        room.commit("zone:hall")
        room.loop.turn()
    third.drain()
    room.loop.run()
    third.reads = False
    room.loop.advance(19.9)
    assert not first.aborted
    room.loop.advance(0.2)
    assert [c.aborted for c in (first, second, third)] == [True, False, False]
    room.loop.advance(10)
    assert [c.aborted for c in (first, second, third)] == [True, True, False]
    statistics = room.hub.statistics()
    assert (statistics.dropped_stalled, statistics.connections) == (2, 6)


def test_a_transport_that_raises() -> None:
    """Its connection is dropped; the others do not notice."""
    room = Room()
    clients = [room.join("zone:hall") for _ in range(3)]
    room.loop.run()

    def refuse(data: bytes, /) -> None:
        raise OSError("gone")

    clients[1].write = refuse  # type: ignore[method-assign]  # the fault
    logging.disable()
    room.commit("zone:hall", call=True)
    room.loop.run()
    logging.disable(logging.NOTSET)
    assert [client.calls() for client in clients] == [[1], [], [1]]
    assert clients[1].aborted
    assert room.hub.statistics().dropped_broken == 1


def test_a_topic_that_cannot_be_rendered(caplog: pytest.LogCaptureFixture) -> None:
    """It costs its own members a frame, is logged, and no call of it is lost."""
    room = Room()
    broken, other = room.join("zone:broken"), room.join("zone:hall")
    both = room.join("zone:broken", "zone:hall")
    room.loop.run()
    room.source.broken.add("zone:broken")
    room.commit("zone:broken", "zone:hall", call=True)
    room.loop.run()
    assert [client.calls() for client in (broken, other, both)] == [[], [1], [1]]
    assert "zone:broken" in caplog.text
    room.source.broken.clear()
    room.commit("zone:broken", "zone:hall", call=True)
    room.loop.run()
    assert [client.calls() for client in (broken, other, both)] == [[1, 2], [1, 2], [1, 2]]


async def test_closing() -> None:
    """Everyone is sent away with 1012, who does not read is cut off, and nothing follows."""
    room = Room()
    stuck, healthy = stuck_and_healthy(room, 1)
    for _ in range(20):
        room.commit("zone:hall")
        room.loop.turn()
    await room.hub.close()
    assert stuck[0].aborted
    for client in healthy:
        assert client.closed
        assert not client.aborted
        assert client.writes[-1] == b"\x88\x02" + (1012).to_bytes(2, "big")
    room.commit("zone:hall")
    room.loop.advance(100)
    assert (room.hub.closed, room.hub.connections()) == (True, 0)
