"""One system call for many sockets: each gets the same bytes, and none more or less than alone."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from queue_server.live import batch as module
from queue_server.live.batch import LONGEST, SIZE, Batch, open_batch

from .fakes import FakeTransport, Room
from .serving import receive, serving

BATCH = open_batch()
ring = pytest.mark.skipif(BATCH is None, reason="this system has no io_uring, or forbids it")


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """(ours, the client's), connected; ours never waits."""
    with ExitStack() as stack:
        found = [socket.socketpair() for _ in range(SIZE)]
        for ours, theirs in found:
            stack.enter_context(ours).setblocking(False)
            stack.enter_context(theirs).setblocking(False)
        yield found


@pytest.fixture
def batch() -> Iterator[Batch]:
    made = Batch()
    yield made
    made.close()


@ring
def test_every_socket_gets_every_message_in_order(
    batch: Batch, pairs: list[tuple[socket.socket, socket.socket]]
) -> None:
    """Any number of sockets and any length, again and again: the ring goes round many times."""
    sent: dict[int, bytes] = {theirs.fileno(): b"" for _, theirs in pairs}
    for number in range(200):
        count, length = 1 + number * 37 % SIZE, 1 + number * 131 % 900
        message = os.urandom(length)
        crowd = pairs[-count:] if number % 2 else pairs[:count]
        assert batch.send([ours.fileno() for ours, _ in crowd], message) == []
        for _, theirs in crowd:
            sent[theirs.fileno()] += message
    for _, theirs in pairs:
        got = b""
        while len(got) < len(sent[theirs.fileno()]):
            got += theirs.recv(1 << 20)
        assert got == sent[theirs.fileno()]


@ring
def test_who_does_not_take_all_is_said(
    batch: Batch, pairs: list[tuple[socket.socket, socket.socket]]
) -> None:
    """A full socket, a closed one, one whose client has gone, one with room for a part: each by
    its place; the others have got the message."""
    full, part, gone = pairs[3], pairs[5], pairs[7]
    with suppress(BlockingIOError):
        while full[0].send(b"x" * 1000):
            pass
    part[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST // 4)
    gone[1].close()
    message = b"m" * LONGEST
    short = dict(batch.send([ours.fileno() for ours, _ in pairs[:10]], message))
    assert short.pop(3) == -errno.EAGAIN
    assert short.pop(7) == -errno.EPIPE
    assert 0 < short.pop(5) < LONGEST
    assert short == {}
    assert pairs[0][1].recv(LONGEST * 2) == message


@ring
def test_what_the_system_does_not_take(
    batch: Batch,
    pairs: list[tuple[socket.socket, socket.socket]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None of it: an error, and the ring is as it was. A part: the rest is said to be untaken, and
    is not sent with the next message."""
    sockets, enter = [ours.fileno() for ours, _ in pairs[:10]], batch._enter
    answers = iter([OSError(errno.ENOMEM, "none"), 4, OSError(errno.EBUSY, "no more")])

    def scarce(submit: int, complete: int) -> int:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return enter(answer, answer)

    monkeypatch.setattr(batch, "_enter", scarce)
    with pytest.raises(OSError, match="none"):
        batch.send(sockets, b"a")
    assert batch.send(sockets, b"b") == [(place, -errno.EAGAIN) for place in range(4, 10)]
    monkeypatch.setattr(batch, "_enter", enter)
    assert batch.send(sockets, b"c") == []
    got = [theirs.recv(10) for _, theirs in pairs[:10]]
    assert got == [b"bc"] * 4 + [b"c"] * 6


@ring
def test_a_descriptor_that_is_none(batch: Batch) -> None:
    """Said like any other that took nothing."""
    assert batch.send([1_000_000], b"x") == [(0, -errno.EBADF)]


def test_a_system_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbidden, unknown, or another system: None, and transports write."""
    monkeypatch.setattr(module, "_SETUP", 100_000)
    assert open_batch() is None
    monkeypatch.setattr(module.sys, "platform", "darwin")
    assert open_batch() is None


class Ring:
    """A batch that takes as much as it is told, and writes down what it was given."""

    def __init__(self, short: dict[int, int] | None = None, fails: bool = False) -> None:
        self.short, self.fails = short or {}, fails
        self.sent: list[tuple[list[int], bytes]] = []
        self.closed = False

    def send(self, sockets: list[int], data: bytes) -> list[tuple[int, int]]:
        if self.fails:
            raise OSError(errno.ENOMEM, "no")
        self.sent.append((list(sockets), data))
        return [(place, self.short[fd]) for place, fd in enumerate(sockets) if fd in self.short]

    def close(self) -> None:
        self.closed = True


def crowd(ring: Ring, count: int = 20) -> tuple[Room, list[FakeTransport]]:
    """Phones of one line that have their first frame; the ring has been given nothing yet."""
    room = Room(batch=ring)
    phones = [room.join("line:a", high=10**6, descriptor=fd) for fd in range(count)]
    room.loop.run()
    assert ring.sent == [], "the first frame follows the handshake on the same way"
    assert [len(phone.writes) for phone in phones] == [1] * count
    return room, phones


def test_neighbours_are_told_by_one_call() -> None:
    """The transports write nothing; who has something on its way, or is closing, is told by its
    own; the counts are the same."""
    ring = Ring()
    room, phones = crowd(ring)
    phones[4].held.append(b"?" * 10)
    room.commit("line:a", call=True)
    room.loop.run()
    ((sockets, data),) = ring.sent
    assert sockets == [fd for fd in range(20) if fd != 4]
    assert [fd for fd, phone in enumerate(phones) if len(phone.writes) == 2] == [4]
    assert phones[4].writes[1] == data
    assert room.hub.statistics().messages_written == 40


def test_many_are_told_in_portions() -> None:
    """No more than a ring holds at a time, every one once."""
    ring = Ring()
    room, _ = crowd(ring, SIZE * 2 + 20)
    room.commit("line:a")
    room.loop.run()
    assert sorted(fd for sockets, _ in ring.sent for fd in sockets) == list(range(SIZE * 2 + 20))
    assert max(len(sockets) for sockets, _ in ring.sent) <= SIZE


def test_what_a_socket_did_not_take_its_transport_writes() -> None:
    """All of it or the rest, so that it learns who is slow and who is gone."""
    ring = Ring({2: 7, 5: -errno.EAGAIN, 6: -errno.EPIPE})
    room, phones = crowd(ring)
    room.commit("line:a")
    room.loop.run()
    data = ring.sent[0][1]
    assert [phones[fd].writes[1] for fd in (2, 5, 6)] == [data[7:], data, data]
    assert sum(len(phone.writes) for phone in phones) == 23


def test_a_ring_that_fails_loses_nothing() -> None:
    """Everybody gets the message from the transport, now and from then on."""
    ring = Ring(fails=True)
    room, phones = crowd(ring)
    for _ in range(2):
        room.commit("line:a", call=True)
        room.loop.run()
    assert ring.closed
    assert all(phone.calls() == [1, 2] for phone in phones)


async def test_the_hub_gives_the_ring_back() -> None:
    """At its end, after the goodbyes."""
    ring = Ring()
    room, _ = crowd(ring)
    await room.hub.close()
    assert ring.closed


async def test_who_joins_while_others_are_told() -> None:
    """Real sockets: nothing overtakes a handshake, every call comes once and in order."""
    async with serving() as hall:
        clients = []
        for _ in range(30):
            clients.append(await hall.connect("topic=line:a"))
            hall.commit("line:a", call=True)
            hall.commit("line:a", call=True)
        for number, client in enumerate(clients):
            told: list[int] = []
            while not told or told[-1] < 60:
                told += [call["id"] for call in (await receive(client))["calls"]]
            assert told == list(range(told[0], 61))
            assert told[0] in (number * 2 + 1, number * 2 + 2)
            await client.close()
