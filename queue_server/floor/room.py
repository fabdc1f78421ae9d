"""The floor's room: what the house offers of it."""

from __future__ import annotations

from pathlib import Path

from ..config import AlarmsSection
from ..core.plan import MINUTE
from .alarms import Limits
from .archive import Archive
from .day import Days
from .reasons import Reasons
from .watch import Watch


class Floor:
    """The alarms, the reasons of what supervisors do, the journal's days, and who of the day stands
    in no line."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.watch = Watch(limits)
        self.reasons = Reasons(path)
        self.archive = Archive()
        self.days = Days()

    async def open(self) -> None:
        """Open the file of reasons. Raises sqlite3.Error, ValueError."""
        await self.reasons.open()

    async def close(self) -> None:
        """Stop looking, and close the file."""
        await self.watch.close()
        await self.reasons.close()


def limits_of(section: AlarmsSection) -> Limits:
    """The settings as the rules read them."""
    return Limits(
        wait=section.wait_minutes * MINUTE,
        unstarted=section.unstarted_minutes * MINUTE,
        idle=section.idle_minutes * MINUTE,
        unserved=section.unserved_minutes * MINUTE,
        absent=section.absent_minutes * MINUTE,
        overrun=section.overrun_minutes * MINUTE,
        rest=section.break_minutes * MINUTE,
        display=section.display_minutes * MINUTE,
    )
