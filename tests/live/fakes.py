"""A hall, a loop and a transport that are not real: the hub in virtual time."""

from __future__ import annotations

import heapq
import itertools
import json
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from queue_server.live.connection import Connection, Cursor, Permit
from queue_server.live.hub import Hub
from queue_server.live.limits import Limits
from queue_server.live.source import Form


class FakeSource:
    """A hall of numbers: a commit gives a version, and may be a call of some topics."""

    def __init__(self, epoch: str = "epoch-1") -> None:
        self.epoch = epoch
        self.build = "build-1"
        self.version = 0
        self.changed: dict[str, int] = {}
        self.told: list[tuple[int, frozenset[str], bytes]] = []
        self.oldest = 0  # calls up to this id are too old to announce
        self.unknown: set[str] = set()
        self.broken: set[str] = set()
        self.filler = ""

    def knows(self, topic: str) -> bool:
        return topic not in self.unknown

    def state(self, topic: str, form: Form) -> bytes:
        if topic in self.broken:
            raise LookupError(topic)
        state = {"changed": self.changed.get(topic, 0), "filler": self.filler}
        members = b'"state":' + json.dumps(state).encode()
        return members + (b',"html":"<p>"' if form == "html" else b"")

    def calls(self, topic: str, after: int) -> list[bytes]:
        after = max(after, self.oldest)
        return [call for id, topics, call in self.told if id > after and topic in topics]

    def commit(self, *topics: str, call: bool = False) -> int:
        """Changes the topics; the new version, which is also the call's id."""
        self.version += 1
        self.changed.update(dict.fromkeys(topics, self.version))
        if call:
            encoded = json.dumps({"id": self.version, "number": f"A-{self.version:03}"})
            self.told.append((self.version, frozenset(topics), encoded.encode()))
        return self.version


class VirtualTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class VirtualLoop:
    """call_soon and call_later in a time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._soon: deque[Callable[[], None]] = deque()
        self._later: list[tuple[float, int, VirtualTimer]] = []
        self._order = itertools.count()

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Callable[[], None], /) -> None:
        self._soon.append(callback)

    def call_later(self, delay: float, callback: Callable[[], None], /) -> VirtualTimer:
        timer = VirtualTimer(callback)
        heapq.heappush(self._later, (self.now + delay, next(self._order), timer))
        return timer

    @property
    def idle(self) -> bool:
        return not self._soon

    def turn(self) -> None:
        """Runs what waited when the turn began, as asyncio does."""
        for _ in range(len(self._soon)):
            self._soon.popleft()()

    def run(self) -> None:
        """Turns until nothing waits."""
        for _ in range(10_000):
            if self.idle:
                return
            self.turn()
        raise AssertionError("the hub never comes to rest")

    def advance(self, seconds: float) -> None:
        """Lets time pass, timer by timer."""
        end = self.now + seconds
        while self._later and self._later[0][0] <= end:
            self.now, _, timer = heapq.heappop(self._later)
            if timer.callback is not None:
                timer.callback()
            self.run()
        self.now = end


class FakeTransport:
    """A socket whose client reads, or does not: then at most `high` bytes are held."""

    def __init__(self, high: int = 1000, log: list[Any] | None = None) -> None:
        self.high = high
        self.log = log if log is not None else []
        self.connection: Connection | None = None
        self.writes: list[bytes] = []
        self.arrived: list[bytes] = []
        self.held: list[bytes] = []
        self.reads = True
        self.paused = False
        self.closed = self.aborted = False

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self.held))

    def is_closing(self) -> bool:
        return self.closed

    def write(self, data: bytes, /) -> None:
        assert not self.closed, "written after the end"
        self.log.append(self)
        self.writes.append(data)
        (self.arrived if self.reads else self.held).append(data)
        if sum(map(len, self.held)) > self.high and not self.paused:
            self.paused = True
            assert self.connection is not None
            self.connection.pause_writing()

    def drain(self) -> None:
        """The client reads again, and has read all that was held."""
        self.reads = True
        self.arrived += self.held
        self.held.clear()
        if self.paused:
            self.paused = False
            assert self.connection is not None
            self.connection.resume_writing()

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True
        self.held.clear()

    def messages(self) -> list[dict[str, Any]]:
        """What the client has read."""
        return [json.loads(text) for text in texts(b"".join(self.arrived))]

    def states(self) -> list[dict[str, Any]]:
        return [message for message in self.messages() if message["type"] == "state"]

    def calls(self) -> list[int]:
        """The ids of the calls that the client was told, in order."""
        return [call["id"] for message in self.states() for call in message["calls"]]


def frames(data: bytes) -> Iterable[tuple[int, bytes]]:
    """(first byte, payload) of the whole server frames in the data; a torn last one is dropped."""
    at = 0
    while at + 2 <= len(data):
        first, length, start = data[at], data[at + 1], at + 2
        assert length < 128, "a server does not mask"
        if length >= 126:
            start += 2 if length == 126 else 8
            length = int.from_bytes(data[at + 2 : start], "big")
        if start > len(data) or start + length > len(data):
            return
        yield first, data[start : start + length]
        at = start + length


def texts(data: bytes) -> list[bytes]:
    return [payload for first, payload in frames(data) if first == 0x81]


class Room:
    """A hub with everything around it that a test drives."""

    def __init__(self, limits: Limits = Limits(), batch: Any = None) -> None:
        self.loop = VirtualLoop()
        self.source = FakeSource()
        self.log: list[Any] = []  # transports in the order of their writes
        self.hub = Hub(
            self.source, limits, clock=self.loop.time, schedule=lambda: self.loop, batch=batch
        )

    def join(
        self,
        *topics: str,
        form: Form = "json",
        cursor: Cursor | None = None,
        high: int = 1000,
        answers_pings: bool = False,
        descriptor: int = -1,
        permit: Permit | None = None,
    ) -> FakeTransport:
        """A client whose handshake is done; the loop has not turned since."""
        transport = FakeTransport(high, self.log)
        transport.connection = self.hub.join(
            transport,
            topics,
            form,
            cursor,
            answers_pings=answers_pings,
            descriptor=descriptor,
            permit=permit,
        )
        return transport

    def commit(self, *topics: str, call: bool = False) -> int:
        version = self.source.commit(*topics, call=call)
        self.hub.touch(topics)
        return version
