"""An event loop in virtual time: no clock, no thread, no socket; the same run every time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Stuck(Exception):
    """Nothing is left that could ever happen, and the main task is not done."""


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's own loop; waiting for a timer is a jump to it."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0
        self._selector = self
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self.elapsed

    def select(self, timeout: float | None) -> list[Any]:
        """In the selector's place: time passes at once."""
        if timeout is None:
            raise Stuck("everybody waits for somebody")
        if timeout > 0:
            # The next timer's own time: adding up differences would lose the last bits.
            self.elapsed = max(self.elapsed, self._scheduled[0]._when)
        return []

    def _process_events(self, events: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


def run(main: Coroutine[Any, Any, Any], loop: VirtualLoop) -> Any:
    """The main task's result; everything else is dropped where it stands."""
    try:
        return loop.run_until_complete(main)
    finally:
        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False
            task.get_coro().close()
        loop._ready.clear()
        loop._scheduled.clear()
        loop.close()
