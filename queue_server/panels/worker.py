"""One output's worker: keeps the way to its panels open, and the present on them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from ..clock import Clock
from ..core.model import Hall
from .link import Gone, Link, Mute, Reason
from .mqtt import mqtt_link
from .section import Panel
from .serial_line import serial_link
from .showing import Showing, pattern, present

log = logging.getLogger(__name__)

BACKOFF = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds until a way or a mute panel is tried again; the last one repeats."""
TEST_SECONDS = 10.0
"""How long a test pattern stays."""


class FaceHealth(Struct, frozen=True):
    """A counter's face on a panel: what it shows (None: nothing yet) since `at` (epoch ms)."""

    counter: str
    name: str
    reason: Reason
    text: str
    shown: Showing | None
    at: int


class PanelHealth(Struct, frozen=True):
    """An output. `reason` "" when every face shows the present; `since` when that began; `seen`
    when a face was last known to be reached (epoch ms; 0: never). `error`: what the wire said."""

    id: str
    name: str
    kind: Literal["mqtt", "serial"]
    address: str
    connected: bool
    reason: Reason
    since: int
    seen: int
    error: str
    testing: bool
    faces: tuple[FaceHealth, ...]


@dataclass(slots=True)
class Face:
    """What is known of one counter's face. `due`: when it may be tried again, in loop time."""

    shown: Showing | None = None
    at: int = 0
    sent: float = 0
    failed: int = 0
    due: float = 0


class Output:
    """Runs until it is cancelled. `wake` it when the hall may have changed: that is all that a
    call has to do with it."""

    def __init__(self, panel: Panel, hall: Callable[[], Hall], clock: Clock) -> None:
        self._panel, self._hall, self._clock = panel, hall, clock
        self._faces: dict[str, Face] = {}
        self._woken = asyncio.Event()
        self._again = asyncio.Event()
        self._connected = False
        self._away: Reason = "starting"
        self._error = ""
        self._reason: Reason = "starting"
        self._since = clock.now()
        self._testing = 0.0

    def wake(self) -> None:
        """Look at the hall again."""
        self._woken.set()

    def retry(self) -> None:
        """Somebody has mended it: don't wait for the next try."""
        for face in self._faces.values():
            face.failed, face.due = 0, 0
        self._again.set()
        self._woken.set()

    def test(self) -> None:
        """Show the test pattern for a while, except where somebody is called."""
        self._testing = _now() + TEST_SECONDS
        self.retry()

    async def run(self) -> None:
        """The output's task."""
        failed = 0
        while True:
            self._again.clear()
            try:
                async with self._way() as link:
                    failed = 0
                    await self._serve(link)
            except Gone as gone:
                self._lost(gone.reason, str(gone))
            except Exception as error:
                # Whatever it was, the next session may do better: the output keeps its worker.
                log.exception("panel %s: unforeseen failure", self._panel.id)
                self._lost("offline", str(error))
            await _either(self._again, BACKOFF[min(failed, len(BACKOFF) - 1)])
            failed += 1

    def health(self) -> PanelHealth:
        """How it is now."""
        hall, section = self._hall(), self._panel.section
        faces = tuple(self._face_health(hall, counter) for counter in self._counters(hall))
        seen = max((face.at for face in self._faces.values()), default=0)
        return PanelHealth(
            self._panel.id, self._panel.name, section.kind, section.address, self._connected,
            self._reason, self._since, seen, self._error, _now() < self._testing, faces,
        )  # fmt: skip

    # The present --------------------------------------------------------------------------

    def _way(self) -> AbstractAsyncContextManager[Link]:
        kind = self._panel.section.kind
        return mqtt_link(self._panel) if kind == "mqtt" else serial_link(self._panel)

    async def _serve(self, link: Link) -> None:
        """Keep the faces true until the way is lost. Raises Gone."""
        self._connected, self._away, self._error = True, "", ""
        for face in self._faces.values():
            face.shown, face.due = None, 0  # whatever happened meanwhile: the present, at once
        # Side by side: what is being sent must not wait for an answer from a way that is lost.
        tasks = [asyncio.create_task(link.lost()), asyncio.create_task(self._keep(link))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._connected = False

    async def _keep(self, link: Link) -> None:
        """Keep the faces true. Raises Gone."""
        while True:
            self._woken.clear()
            await self._catch_up(link)
            self._judge()
            await _either(self._woken, self._pause())

    async def _catch_up(self, link: Link) -> None:
        """Each face that is behind gets what the hall is at that moment."""
        for counter in self._counters(self._hall()):
            face = self._faces.setdefault(counter, Face())
            wanted = self._wanted(counter)
            if not self._behind(face, wanted):
                continue
            try:
                await link.show(wanted)
            except Mute:
                face.due = _now() + BACKOFF[min(face.failed, len(BACKOFF) - 1)]
                face.failed += 1
                face.shown = None
                self._judge()
            else:
                face.shown, face.failed, face.due = wanted, 0, 0
                face.at, face.sent = self._clock.now(), _now()

    def _behind(self, face: Face, wanted: Showing) -> bool:
        if _now() < face.due:
            return False
        every = self._panel.section.refresh_seconds if self._panel.frame else 0
        return face.shown != wanted or bool(every and _now() >= face.sent + every)

    def _wanted(self, counter: str) -> Showing:
        now = present(self._hall(), counter)
        return pattern(now) if _now() < self._testing else now

    def _counters(self, hall: Hall) -> tuple[str, ...]:
        """Those that were named; else all, with those that a plan has dropped: they are closed."""
        return self._panel.section.counters or tuple(dict.fromkeys((*hall.counters, *self._faces)))

    def _pause(self) -> float:
        """Seconds until there is something to do by the clock alone."""
        now = _now()
        times = [face.due for face in self._faces.values() if face.due > now]
        if self._panel.frame and self._panel.section.refresh_seconds:
            every = self._panel.section.refresh_seconds
            times += [face.sent + every for face in self._faces.values() if face.shown]
        if self._testing > now:
            times.append(self._testing)
        return max(0.01, min(times, default=now + 60) - now)

    # Health -------------------------------------------------------------------------------

    def _lost(self, reason: Reason, said: str) -> None:
        self._away, self._error = reason, said
        self._judge()

    def _judge(self) -> None:
        """What is in the way now, and since when."""
        faces = [self._face_reason(self._hall(), counter) for counter in self._faces]
        worst: tuple[Reason, ...] = ("mute", "unknown", "starting", "")
        reason = self._away or next(one for one in worst if one in faces or not one)
        if reason != self._reason:
            said = f"{reason or 'shows the present again'} {self._error}".strip()
            log.warning("panel %s: %s", self._panel.id, said)
            self._reason, self._since = reason, self._clock.now()

    def _face_reason(self, hall: Hall, counter: str) -> Reason:
        face = self._faces.get(counter, Face())
        if counter not in hall.counters and counter in self._panel.section.counters:
            return "unknown"
        if face.failed:
            return "mute"
        return "" if face.shown else "starting"

    def _face_health(self, hall: Hall, counter: str) -> FaceHealth:
        face = self._faces.get(counter, Face())
        text = self._panel.text(face.shown) if face.shown else ""
        reason = self._away or self._face_reason(hall, counter)
        name = hall.place(counter).name
        return FaceHealth(counter, name, reason, text, face.shown, face.at)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
