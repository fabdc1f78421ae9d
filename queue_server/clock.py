"""Time for the shell. The core is given `now`; only this file reads a clock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Epoch milliseconds for people and rules."""

    def now(self) -> int:
        """The present, in epoch milliseconds."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000


class FastClock:
    """A clock that starts at `start` (epoch ms; default: now) and runs `speed` times as fast.

    For `make demo`: an hour of a hall in a few minutes.
    """

    def __init__(self, speed: float, start: int | None = None) -> None:
        self.speed = speed
        self._origin = time.monotonic_ns()
        self._start = SystemClock().now() if start is None else start

    def now(self) -> int:
        return self._start + int((time.monotonic_ns() - self._origin) * self.speed) // 1_000_000
