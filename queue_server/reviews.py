"""Visits are looked at again while their holders wait: another step may be the better one by now.

Hangs behind the Desk like any other command. A look costs the Desk under a tenth of a millisecond
for each visit that has a choice, and none is asked for while there is none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from .core.commands import ReviewVisits
from .core.journey import has_choice
from .desk import Desk
from .order import Unavailable

log = logging.getLogger(__name__)

EVERY = 30.0
"""Seconds between two looks."""


async def _pause() -> None:
    await asyncio.sleep(EVERY)


class Reviews:
    """`start` after the Desk, `close` before it. `pause` is what lies between two looks."""

    def __init__(self, desk: Desk, pause: Callable[[], Awaitable[object]] = _pause) -> None:
        self._desk = desk
        self._pause = pause
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look at the visits from now on."""
        self._task = asyncio.create_task(self._run(), name="reviews")

    async def close(self) -> None:
        """Look no more; what was submitted is carried out."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._pause()
            try:
                if any(map(has_choice, self._desk.hall.tickets.values())):
                    await self._desk.submit(ReviewVisits())
            except Unavailable:
                continue  # calls come first; there is another look soon
            except Exception:
                # The visits stay where they are, which is never wrong.
                log.exception("the visits were not looked at; it is tried again")
