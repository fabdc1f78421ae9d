"""The room of panels: what the house offers of it. It remembers nothing: the hall is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from ..clock import Clock
from ..config import PanelSection
from ..core.events import Entry
from ..core.model import Hall
from .section import check_panels
from .worker import Output, PanelHealth


class Panels:
    """Outputs, each with a worker of its own. Without any it does nothing, at no cost."""

    def __init__(self, sections: Mapping[str, PanelSection], clock: Clock) -> None:
        """Raises ConfigError for a section that can't be."""
        self._panels = check_panels(sections)
        self._clock = clock
        self._outputs: dict[str, Output] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, hall: Callable[[], Hall]) -> None:
        """Begin to show; `hall()` is the durable hall at that moment."""
        self._outputs = {id: Output(panel, hall, self._clock) for id, panel in self._panels.items()}
        self._tasks = [
            asyncio.create_task(output.run(), name=f"panel {id}")
            for id, output in self._outputs.items()
        ]

    async def close(self) -> None:
        """Say farewell, and let go of the wires."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def heard(self, hall: Hall, entries: Sequence[Entry]) -> None:
        """Something was committed: the workers look for themselves. Never waits, never fails."""
        for output in self._outputs.values():
            output.wake()

    def __contains__(self, id: str) -> bool:
        """Whether there is such an output."""
        return id in self._outputs

    def name(self, id: str) -> str:
        """What people call it."""
        return self._panels[id].name

    def health(self) -> tuple[PanelHealth, ...]:
        """Every output now, in the order of the configuration."""
        return tuple(output.health() for output in self._outputs.values())

    def test(self, id: str) -> None:
        """Show the test pattern for a while. Raises KeyError."""
        self._outputs[id].test()

    def retry(self, id: str) -> None:
        """Try now what would be tried later. Raises KeyError."""
        self._outputs[id].retry()
