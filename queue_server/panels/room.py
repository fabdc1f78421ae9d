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
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._hall: Callable[[], Hall] | None = None

    def start(self, hall: Callable[[], Hall]) -> None:
        """Begin to show; `hall()` is the durable hall at that moment."""
        self._hall = hall
        for id in self._panels:
            self._go(id)

    async def configure(self, sections: Mapping[str, PanelSection]) -> None:
        """Show on these from now on; who stays as it was is not disturbed. Raises ConfigError."""
        before, self._panels = self._panels, check_panels(sections)
        changed = [
            id for id in {**before, **self._panels} if before.get(id) != self._panels.get(id)
        ]
        stopped = [self._tasks.pop(id) for id in changed if id in self._tasks]
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)
        for id in changed:
            self._outputs.pop(id, None)
        if self._hall is not None:
            for id in changed:
                if id in self._panels:
                    self._go(id)
        self._outputs = {id: self._outputs[id] for id in self._panels if id in self._outputs}

    async def close(self) -> None:
        """Say farewell, and let go of the wires."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _go(self, id: str) -> None:
        assert self._hall is not None, "started"
        output = self._outputs[id] = Output(self._panels[id], self._hall, self._clock)
        self._tasks[id] = asyncio.create_task(output.run(), name=f"panel {id}")

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
