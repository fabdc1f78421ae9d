"""Token buckets for failed sign-ins."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

MANY = 10_000
"""Buckets kept; beyond that the full ones are forgotten first, then all."""


@dataclass(slots=True)
class Bucket:
    """What is left at a moment (seconds of a monotonic clock)."""

    left: float
    at: float


class Throttle:
    """For each key, `burst` attempts at once and one more every `seconds`."""

    def __init__(
        self, burst: int, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._seconds = seconds
        self._now = now
        self._buckets: dict[str, Bucket] = {}

    def take(self, key: str) -> int:
        """Take an attempt: 0, or the whole seconds to wait until there is one again."""
        bucket = self._filled(key)
        if bucket.left < 1:
            return max(1, ceil((1 - bucket.left) * self._seconds))
        bucket.left -= 1
        return 0

    def give_back(self, key: str) -> None:
        """The attempt succeeded: it counts for nothing."""
        bucket = self._filled(key)
        bucket.left = min(self._burst, bucket.left + 1)

    def _filled(self, key: str) -> Bucket:
        now = self._now()
        if len(self._buckets) >= MANY and key not in self._buckets:
            self._forget(now)
        bucket = self._buckets.setdefault(key, Bucket(self._burst, now))
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) / self._seconds)
        bucket.at = now
        return bucket

    def _forget(self, now: float) -> None:
        full = self._burst * self._seconds
        self._buckets = {k: b for k, b in self._buckets.items() if now - b.at < full}
        if len(self._buckets) >= MANY:
            self._buckets.clear()
