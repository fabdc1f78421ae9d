"""When things happen: the part of an event loop that the hub needs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None: ...


class Scheduler(Protocol):
    """asyncio's loop, or a simulation's."""

    def call_soon(self, callback: Callable[[], None], /) -> object: ...
    def call_later(self, delay: float, callback: Callable[[], None], /) -> Timer: ...


Schedule = Callable[[], Scheduler]


def running_loop() -> Scheduler:
    """The loop that runs now: a hub may be made before its loop."""
    return asyncio.get_running_loop()
