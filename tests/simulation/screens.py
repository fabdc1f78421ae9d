"""Boards: real frames of the real Hub, on sockets that stall, vanish and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.json import decode, encode

from queue_server.core.model import Hall
from queue_server.live.connection import Connection, Cursor

from .model import Model

if TYPE_CHECKING:
    from queue_server.live.hub import Hub

TOPIC = "zone:hall"


class Source:
    """The Hub's view of a hall: whom the counters have, and the calls."""

    build = "build"

    def __init__(self, epoch: str, hall: Callable[[], Hall], now: Callable[[], int]) -> None:
        self.epoch, self.hall, self.now = epoch, hall, now

    @property
    def version(self) -> int:
        return self.hall().version

    def knows(self, topic: str) -> bool:
        return topic == TOPIC

    def state(self, topic: str, form: str) -> bytes:
        hall = self.hall()
        return b'"state":' + encode(summary(hall))

    def calls(self, topic: str, after: int) -> list[bytes]:
        hall = self.hall()
        oldest = self.now() - hall.plan.policy.announce_age
        return [
            b'{"id":%d}' % call.id for call in hall.calls if call.id > after and call.at > oldest
        ]


def summary(hall: Hall) -> list[Any]:
    """What a reader sees: each counter's ticket, and how many tickets there are."""
    return [{x.id: x.current for x in hall.counters.values()}, len(hall.tickets)]


class Board:
    """A screen. It keeps its cursor across reconnects, as ours do."""

    def __init__(self, name: str, model: Model, now: Callable[[], int], trace: Any) -> None:
        self.name, self.model, self.now, self.trace = name, model, now, trace
        self.cursor = -1
        self.announced: list[int] = []
        self.wanted = True
        self.connection: Connection | None = None
        self.stalled = False
        self.age = 0

    def connect(self, hub: Hub, age: int) -> None:
        """With the cursor of the last frame; without one, from the present on."""
        self.age, self.stalled = age, False
        known = self.cursor >= 0
        if not known:
            self.cursor = hub.source.version
        cursor = Cursor(hub.source.epoch, self.cursor) if known else None
        self.connection = hub.join(self, [TOPIC], "json", cursor)

    def vanish(self) -> None:
        """The socket is gone, without a word."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.lost()

    def stall(self) -> None:
        """The set stops reading; what is written meanwhile would never arrive."""
        if self.connection is not None and not self.stalled:
            self.stalled = True
            self.connection.pause_writing()

    def drain(self) -> None:
        if self.connection is not None and self.stalled:
            self.stalled = False
            self.connection.resume_writing()

    # The transport's side -----------------------------------------------------------------

    def write(self, data: bytes) -> None:
        self.model.hold(
            "slow screens", not self.stalled, f"{self.name} was written to while it stalled"
        )
        while data:
            size, start = data[1] & 127, 2
            if size == 126:
                size, start = int.from_bytes(data[2:4], "big"), 4
            if data[0] == 0x81:
                self.heard(decode(data[start : start + size]))
            data = data[start + size :]

    def close(self) -> None:
        self.connection = None

    def abort(self) -> None:
        self.connection = None

    def heard(self, frame: dict[str, Any]) -> None:
        version = frame["version"]
        self.model.hold(
            "durable", version <= self.model.version, f"a frame of {version} is not durable"
        )
        self.model.hold(
            "versions", version >= self.cursor, f"{self.name}: {version} after {self.cursor}"
        )
        told = [call["id"] for call in frame.get("calls", ())]
        calls = {
            id: at for id, at in self.model.calls
            if self.cursor < id <= version < self.model.taken_back.get(id, version + 1)
        }  # fmt: skip
        # Clocks differ by what was set back: what is young by both must be told.
        newest = max(self.now(), self.model.log[version - 1]["at"] if version else 0)
        due = [id for id, at in calls.items() if at > newest - self.age]
        for id in told:
            self.model.hold(
                "announced once", id in calls, f"{self.name}: {id} after {self.cursor}: {told}"
            )
        self.model.hold("announced in order", told == sorted(set(told)), told)
        self.model.hold(
            "announced all", set(due) <= set(told), f"{self.name}: {due} are due, {told} are told"
        )
        if frame["type"] == "state":
            currents, _, tickets = self.model.summaries[version]
            self.model.hold(
                "readers", frame["state"] == [currents, tickets], (version, frame["state"])
            )
        self.announced += told
        self.cursor = version
        self.trace(f"{self.name} {version} {told}")
