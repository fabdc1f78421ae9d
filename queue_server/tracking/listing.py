"""Lists and counts of applications, for those who work on them."""

from __future__ import annotations

from typing import Any

from ..clock import Clock
from ..core.plan import Hours
from ..store import Store
from . import codes
from .model import Application, Filter, Tally
from .promise import soon
from .records import applications
from .states import OPEN, RUNNING, STOPPED

SOON_DAYS = 2
"""Working days from today that count as soon."""


class Listing:
    """Reads only."""

    def __init__(self, store: Store, clock: Clock, hours: Hours) -> None:
        self._store = store
        self._clock = clock
        self.hours = hours

    async def some(self, wanted: Filter, limit: int, offset: int = 0) -> list[Application]:
        """The most urgent first: by due time, then by age."""
        where, values = self._where(wanted)
        rest = f"WHERE {where} ORDER BY due = 0, due, id LIMIT ? OFFSET ?"
        return await applications(self._store.read, rest, *values, limit, offset)

    async def after(self, wanted: Filter, after: int, limit: int) -> list[Application]:
        """In the order of registration, from an id on: for programs that walk through all."""
        where, values = self._where(wanted)
        rest = f"WHERE id > ? AND {where} ORDER BY id LIMIT ?"
        return await applications(self._store.read, rest, after, *values, limit)

    async def count(self, wanted: Filter) -> int:
        """How many there are."""
        where, values = self._where(wanted)
        sql = f"SELECT count(*) FROM applications WHERE {where}"  # noqa: S608 - no input
        return int((await self._store.read(sql, values))[0][0])

    async def tallies(self) -> list[Tally]:
        """Open applications by agency, the one with the oldest missed due time first."""
        now, today, near = self._times()
        late, due = f"({_running()} AND due > 0 AND due <= ?)", f"({_running()} AND due > ?"
        sql = (
            "SELECT agency, count(*),"  # noqa: S608 - no input
            f" total({late}), total({due} AND due <= ?)), total({due} AND due <= ?)),"
            f" total(state = ?), total(state = 'siap_diambil'),"
            f" coalesce(min(CASE WHEN {late} THEN due END), 0) AS oldest"
            f" FROM applications WHERE state IN {_names(OPEN)} GROUP BY agency"
            " ORDER BY oldest = 0, oldest, agency"
        )
        values = (now, now, today, now, near, STOPPED, now)
        rows = await self._store.read(sql, values)
        return [Tally(agency, *map(int, figures)) for agency, *figures in rows]

    def _times(self) -> tuple[int, int, int]:
        """Now, the end of today, the end of what is soon."""
        now = self._clock.now()
        return now, soon(now, 0, self.hours), soon(now, SOON_DAYS, self.hours)

    def _where(self, wanted: Filter) -> tuple[str, list[object]]:
        """SQL for a filter; everything that was typed is a value."""
        parts, values = ["1"], list[object]()
        if wanted.agency:
            parts.append("agency = ?")
            values.append(wanted.agency)
        if wanted.within is not None:
            parts.append(f"agency IN ({', '.join('?' * len(wanted.within))})")
            values += sorted(wanted.within)
        if wanted.state == "open":
            parts.append(f"state IN {_names(OPEN)}")
        elif wanted.state:
            parts.append("state = ?")
            values.append(wanted.state)
        if wanted.search:
            parts.append("(code = ? OR file = ?)")
            values += [codes.read(wanted.search), wanted.search]
        now, today, near = self._times()
        if wanted.due == "late":
            parts.append(f"{_running()} AND due > 0 AND due <= ?")
            values.append(now)
        elif wanted.due in ("today", "soon"):
            parts.append(f"{_running()} AND due > ? AND due <= ?")
            values += [now, today if wanted.due == "today" else near]
        return " AND ".join(parts), values


def _names(states: frozenset[Any]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


def _running() -> str:
    return f"state IN {_names(RUNNING)}"
