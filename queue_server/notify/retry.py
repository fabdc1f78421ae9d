"""When to try again: exponential backoff with jitter, so that a receiver which comes back is not
met by everything at once. Pure."""

from __future__ import annotations

FIRST = 5_000
"""Milliseconds before the second attempt."""
LONGEST = 3_600_000
"""Milliseconds between two attempts at the most."""


def pause(tries: int, chance: float, asked: int = 0) -> int:
    """Milliseconds to wait after `tries` failed attempts; `chance` is uniform in [0, 1).

    Half of it is certain, half is jitter. What the receiver asked for (`asked`) is kept, within
    the longest pause.
    """
    full = min(LONGEST, FIRST * 2 ** min(tries - 1, 20))
    return max(int(full * (0.5 + chance / 2)), min(asked, LONGEST))
