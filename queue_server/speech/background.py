"""Rendering ahead of time: bounded, one at a time, and in nobody's way."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

QUEUE: Final = 64
"""Jobs that wait; the oldest goes first, since its moment is the likeliest to have passed."""

Job = TypeVar("Job")
_log = logging.getLogger(__name__)


class Background(Generic[Job]):
    """Does jobs by name, one after the other, while there are any."""

    def __init__(self, work: Callable[[Job], Awaitable[object]], limit: int = QUEUE) -> None:
        """`work` may raise anything: it is logged, and the next job is done."""
        self._work, self._limit = work, limit
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def add(self, name: str, job: Job) -> None:
        """Have it done soon, once, however often it is added meanwhile. Needs a running loop."""
        self._waiting[name] = job
        while len(self._waiting) > self._limit:
            self._waiting.popitem(last=False)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Drop what waits and what is being done."""
        self._waiting.clear()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while self._waiting:
            name, job = self._waiting.popitem(last=False)
            try:
                await self._work(job)
            except Exception as error:  # the task's top: the next job may do better
                _log.warning("%s can't be prepared: %s", name, error)
