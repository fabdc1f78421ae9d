"""Looks at the hall every few seconds, and tells whoever listens when the alarms have changed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from msgspec.structs import replace

from .alarms import Alarm, Limits, Memory, Scene, Screens, look

log = logging.getLogger(__name__)

TICK = 2.0
"""Seconds between two looks."""


class Watch:
    """The alarms of a running hall. `scene`, `listeners` are set by whoever knows the house."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.scene: Callable[[], Scene] | None = None
        self.listeners: list[Callable[[], None]] = []
        self._memory = Memory()
        self._alarms: tuple[Alarm, ...] = ()
        self._task: asyncio.Task[None] | None = None

    def alarms(self) -> tuple[Alarm, ...]:
        """As they are at this moment, the worst first."""
        if self.scene is not None:
            self._alarms, self._memory = look(self.scene(), self.limits, self._memory)
        return self._alarms

    def forget(self, zone: str) -> None:
        """The screens that a zone has now are all that it should have."""
        seen = self._memory.zones.get(zone, Screens())
        fewer = replace(seen, expected=len(seen.up), gone=0)
        self._memory = replace(self._memory, zones={**self._memory.zones, zone: fewer})

    def tick(self) -> None:
        """Look, and tell what is new."""
        before = self._alarms
        if self.alarms() != before:
            for listener in self.listeners:
                listener()

    def start(self) -> None:
        """Begin to look, once there is a scene."""
        self._task = asyncio.create_task(self._run(), name="alarms")

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                self.tick()
            except Exception:
                # The next look may succeed; without it nobody would ever be warned again.
                log.exception("the alarms could not be found out")
            await asyncio.sleep(TICK)
