"""What the head of the hall wants at a glance and the hall itself does not know: how satisfied
people are today, and whether it is a usual day. Found out once a minute, beside all that hurries.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from .core.calendar import local
from .reports.query import Figures, Query
from .survey.periods import period
from .survey.report import Names

if TYPE_CHECKING:
    from .house import House

log = logging.getLogger(__name__)

START = 10.0
"""Seconds that a start is left alone: what is usual loads the reports."""
EVERY = 60.0
"""Seconds between two looks."""
WEEKS = 8
"""The days of this name that tell what is usual."""
FEWEST = 3
"""Fewer of them tell nothing."""


class Glance(Struct, frozen=True):
    """`index` and `grade` are "" while fewer than `least` have answered today. `usual`: how many
    had come by this time on the median of the last `days` such weekdays; 0 days: not known."""

    index: str = ""
    grade: str = ""
    respondents: int = 0
    least: int = 0
    usual: int = 0
    days: int = 0


class Glances:
    """Keeps `house.glance`; `told` is called when it has changed."""

    def __init__(self, house: House, told: Callable[[], None]) -> None:
        self._house = house
        self._told = told
        self._task: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Find out. Raises order.Unavailable, sqlite3.Error."""
        found = await self._found()
        if found != self._house.glance:
            self._house.glance = found
            self._told()

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name="glance")

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        await asyncio.sleep(START)
        while True:
            try:
                await self.look()
            except Exception:  # the task's top: the next look may succeed
                log.exception("the day could not be looked at")
            await asyncio.sleep(EVERY)

    async def _found(self) -> Glance:
        day, survey = self._house.hall.day, self._house.rooms.survey
        if not day:
            return Glance()
        name = self._house.catalogue.name
        nobody = Names(lambda id: name, lambda id: name, lambda id: name)  # groups aren't shown
        report = await survey.report(period(f"{day}--{day}"), "", nobody)
        usual, days = await self._usual()
        return Glance(report.index, report.grade, report.respondents, report.least, usual, days)

    async def _usual(self) -> tuple[int, int]:
        """Numbers taken by this time on a usual day of this name, of how many such days."""
        now = local(self._house.clock.now(), self._house.hall.plan.hours)
        last = now.date() - timedelta(days=1)
        query = Query(
            first=(last - timedelta(weeks=WEEKS)).isoformat(), last=last.isoformat(), by="day",
            only={"weekday": (str(now.isoweekday()),)},
        )  # fmt: skip
        reports = self._house.rooms.reports
        every = await reports.figures(query)
        before = await reports.figures(_hours(query, range(now.hour)))
        during = await reports.figures(_hours(query, (now.hour,)))
        return usual(every, before, during, now.minute)


def usual(every: Figures, before: Figures, during: Figures, minute: int) -> tuple[int, int]:
    """The median day by a minute of an hour, of the days that there were, and how many those are:
    what came in the hours `before` it, and of what came `during` it the part that has passed."""
    whole = {row.key: row.issued for row in before.rows}
    part = {row.key: row.issued for row in during.rows}
    found = [
        whole.get(row.key, 0) + part.get(row.key, 0) * minute / 60
        for row in every.rows
        if row.issued
    ]
    return (round(median(found)), len(found)) if len(found) >= FEWEST else (0, 0)


def _hours(query: Query, hours: Iterable[int]) -> Query:
    return replace(query, only=query.only | {"hour": tuple(map(str, hours))})
