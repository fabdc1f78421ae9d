"""The survey as the surfaces see it: offer a code, take a ballot, report, publish.

It knows neither hall nor Desk: what it needs of a visit it is handed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ..clock import Clock
from ..config import Config
from ..core.events import Entry
from ..order import Unavailable
from .archive import Archive, Filter, Paper, Published, Remark
from .ballots import Ballot, Ballots, Spent, Visit
from .index import own_weights
from .periods import Period
from .report import Cell, Names, Report, Rules, Voice, added, compose
from .signatory import Signatory
from .visits import Visits

log = logging.getLogger(__name__)

MINUTE = 60.0
"""Seconds between looks at the date."""
PAGE = 5000
"""Entries of the journal read at once."""
FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
Read = Callable[[int, int], Awaitable[list[Entry]]]
"""The journal: (after a version, at most so many)."""


@contextlib.asynccontextmanager
async def open_survey(
    config: Config, folder: Callable[[str], Path], clock: Clock
) -> AsyncIterator[Survey]:
    """The survey as it is configured. Raises sqlite3.Error, ValueError."""
    survey = Survey(
        folder, clock, config.hall.timezone, _rules(config), fonts=FONTS,
        signatory=_signatory(config),
    )  # fmt: skip
    try:
        await survey.open()
        yield survey
    finally:
        await survey.close()


def _rules(config: Config) -> Rules:
    section = config.survey
    given = {str(code): weight for code, weight in section.own_weights.items()}
    return Rules(section.weights, own_weights(given) if given else None, section.least)


def _signatory(config: Config) -> Signatory:
    section = config.survey
    return Signatory(
        section.signatory_place, section.signatory_title, section.signatory, section.signatory_id
    )


class Survey:
    """One hall's survey. `zone` is its time zone, `fonts` a folder, `signatory` who signs."""

    def __init__(
        self,
        folder: Callable[[str], Path],
        clock: Clock,
        zone: str,
        rules: Rules,
        *,
        fonts: Path = Path(),
        signatory: Signatory = Signatory(),
    ) -> None:
        self.rules = rules
        self._fonts = fonts
        self._signatory = signatory
        self.archive = Archive(folder("survey"))
        self._clock = clock
        self._zone = ZoneInfo(zone)
        self._ballots = Ballots(folder("ballots"), self.today)
        self._turning = asyncio.Lock()
        self._opening = asyncio.Lock()
        self._counting = asyncio.Lock()
        self._counted_day = ""
        self._keeper: asyncio.Task[None] | None = None

    def configure(self, config: Config) -> None:
        """Follow settings that have changed: how figures are made, and who signs them."""
        self.rules, self._signatory = _rules(config), _signatory(config)

    async def open(self) -> None:
        """Open both files and keep the days. Raises sqlite3.Error, ValueError."""
        await self.archive.open()
        await self._ballots.open()
        await self.turn()
        self._keeper = asyncio.create_task(self._keep_days(), name="survey")

    async def close(self) -> None:
        """Stop and close both files."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._ballots.close()
        await self.archive.close()

    def today(self) -> str:
        """The hall's date."""
        return self._now().date().isoformat()

    def code(self, ticket: int) -> str:
        """The one-time code of a served ticket; "" when none can be given now."""
        return self._ballots.code(ticket)

    def find(self, code: str, tickets: Iterable[int]) -> int:
        """The ticket among these that a code is of, or 0."""
        return self._ballots.find(code, tickets)

    async def is_spent(self, ticket: int) -> bool:
        """Whether the visit has answered."""
        await self.turn()
        return await self._ballots.is_spent(ticket)

    async def give(
        self,
        ticket: int,
        visit: Visit,
        scores: dict[str, int],
        traits: dict[str, str],
        suggestion: str = "",
        complaint: str = "",
    ) -> None:
        """Take a visit's ballot, once. Raises Spent, Unavailable."""
        await self.turn()
        now = self._now()
        band = "08-12" if now.hour < 13 else "13-17"
        day = now.date().isoformat()
        ballot = Ballot(visit, day, band, scores, traits, suggestion, complaint)
        count = await self._ballots.put(ticket, ballot)
        if count >= self.rules.least:
            await self._open_box()

    async def waiting(self) -> int:
        """Ballots in the box that no figure knows yet."""
        return await self._ballots.count()

    async def turn(self) -> None:
        """When a day is over: open its box, destroy its key. Raises Unavailable."""
        if not self._ballots.over:
            return
        async with self._turning:
            if self._ballots.over:
                await self._open_box()
                await self._ballots.begin_day()

    # Reports ----------------------------------------------------------------------------------

    async def report(
        self, period: Period, hall: str, names: Names, *, which: Filter | None = None,
        population: int = 0,
    ) -> Report:  # fmt: skip
        """The live report of a period, or of a part of its answers."""
        await self.turn()
        chosen = which or Filter(period.first, period.last)
        cells = await self.archive.cells(chosen)
        remarks = await self.archive.remarks(chosen)
        return compose(
            period, hall, self.rules, cells, names,
            population=population, profile=await self.archive.profile(chosen),
            voices=(Voice(one.kind, one.text, one.answer) for one in remarks
                    if one.state == "shown"),
        )  # fmt: skip

    async def cells(self, which: Filter) -> list[Cell]:
        """The answers, added up."""
        await self.turn()
        return await self.archive.cells(which)

    async def count_visits(self, read: Read, day: str, agency: Callable[[str], str]) -> None:
        """Count the visits of the days before `day` that are not counted yet."""
        async with self._counting:
            if self._counted_day == day:
                return
            start = version = await self.archive.counted()
            visits = Visits(start)
            while True:
                entries = await read(version, PAGE)
                if not entries:
                    break
                visits.read(entries)
                version = entries[-1].id
            if visits.version != start:
                await self.archive.count(
                    visits.version, [(o, s, agency(s), c, n) for o, s, c, n in visits.done]
                )
            self._counted_day = day

    async def workbook(self, report: Report, language: str, published: str = "") -> bytes:
        """A report as XLSX."""
        from . import xlsx_file  # with its library only where a report is wanted

        return await asyncio.to_thread(xlsx_file.written, report, language, published)

    async def paper(self, report: Report, language: str, published: str = "") -> bytes:
        """A report as PDF."""
        from . import pdf_file

        return await asyncio.to_thread(
            pdf_file.written, report, language, self._fonts, self._signatory, published
        )

    # Inside -----------------------------------------------------------------------------------

    async def _open_box(self) -> None:
        """Ballots become answers. Killed between the two files, it is done again, once."""
        async with self._opening:
            ballots = await self._ballots.read_box()
            if ballots:
                await self.archive.add(ballots)
                await self._ballots.remove(id for id, _ in ballots)

    async def _keep_days(self) -> None:
        while True:
            await asyncio.sleep(MINUTE)
            try:
                await self.turn()
            except (Unavailable, sqlite3.Error) as error:
                log.error("the survey's day could not be turned: %s", error)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now() / 1000, self._zone)


__all__ = ["Filter", "Paper", "Published", "Remark", "Spent", "Survey", "Visit", "added"]
