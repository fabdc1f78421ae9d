"""What the hub counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statistics:
    """The hub at one moment, and its totals since it started.

    `by_kind`: subscriptions by the topic's word before the colon. `waiting`: connections whose
    write stands for a coming turn of the loop. A flush is one turn's rendering and writing.
    """

    connections: int
    by_kind: Mapping[str, int]
    paused: int
    waiting: int
    dropped_stalled: int
    dropped_silent: int
    dropped_broken: int
    frames_rendered: int
    frames_failed: int
    messages_written: int
    heartbeats_written: int
    bytes_written: int
    calls_told: int
    flushes: int
    last_flush_ms: float
    max_flush_ms: float


class Counts:
    """The running totals behind `Statistics`."""

    __slots__ = (
        "bytes_written",
        "calls_told",
        "dropped_broken",
        "dropped_silent",
        "dropped_stalled",
        "flushes",
        "frames_failed",
        "frames_rendered",
        "heartbeats_written",
        "last_flush_ms",
        "max_flush_ms",
        "messages_written",
    )

    def __init__(self) -> None:
        self.dropped_stalled = self.dropped_silent = self.dropped_broken = 0
        self.frames_rendered = self.frames_failed = 0
        self.messages_written = self.heartbeats_written = 0
        self.bytes_written = self.calls_told = self.flushes = 0
        self.last_flush_ms = self.max_flush_ms = 0.0

    def flushed(self, seconds: float) -> None:
        """Notes how long one turn took."""
        self.flushes += 1
        self.last_flush_ms = seconds * 1000
        self.max_flush_ms = max(self.max_flush_ms, self.last_flush_ms)

    def statistics(
        self, *, connections: int, by_kind: Mapping[str, int], paused: int, waiting: int
    ) -> Statistics:
        """The totals, with the numbers of the moment."""
        totals = {name: getattr(self, name) for name in self.__slots__}
        return Statistics(
            connections=connections, by_kind=by_kind, paused=paused, waiting=waiting, **totals
        )
