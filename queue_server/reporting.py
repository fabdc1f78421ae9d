"""Reports of a running hall: in words and files, and those that are made by themselves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
from babel.dates import format_date, get_day_names

from .changes import SYSTEM
from .config import ReportSection
from .core.calendar import local
from .house import House
from .order import Unavailable
from .oversight import naming
from .reports.document import CHANNELS, GROUPED, UNKNOWN, Document, cells, document
from .reports.query import Dimension, Query
from .reports.schedule import Period, waiting
from .tables import to_csv
from .web.i18n import locale_of

log = logging.getLogger(__name__)

Format = Literal["xlsx", "csv", "pdf"]
FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
EVERY = 60.0
"""Seconds between looks at the clock."""
TITLE = {"id": "Laporan antrean", "en": "Queue report"}
WITHOUT = {"id": "tanpa", "en": "none"}


async def reported(house: House, query: Query, language: str) -> Document:
    """The figures of a query, in words. Raises Unavailable."""
    figures = await house.rooms.reports.figures(query)
    period = Period(date.fromisoformat(query.first), date.fromisoformat(query.last))
    return document(
        figures, lambda by, key: name(house, by, key, language), language,
        hall=house.config.hall.name, title=_said(TITLE, language), period=span(period, language),
        narrowed="; ".join(
            f"{GROUPED[by].of(language)}: "  # type: ignore[index]  # a filter is a dimension
            + ", ".join(name(house, by, key, language) for key in keys)  # type: ignore[arg-type]  # as above
            for by, keys in query.only.items()
        ),
    )  # fmt: skip


async def for_programs(house: House, query: Query, language: str) -> bytes:
    """The figures of a query as JSON: all of `Figures`, exact and in ms, each row with its name.
    Raises Unavailable."""
    figures = await house.rooms.reports.figures(query)
    told = msgspec.to_builtins(figures)
    for row in told["rows"] if query.by else ():
        row["name"] = name(house, query.by, row["key"], language)
    return msgspec.json.format(msgspec.json.encode(told), indent=1)


async def written(document: Document, format: Format) -> bytes:
    """The file of a report."""
    from .reports import paper, workbook  # their libraries take a while to load

    if format == "csv":
        return to_csv(cells(document))
    if format == "xlsx":
        return await asyncio.to_thread(workbook.written, document)
    return await asyncio.to_thread(paper.written, document, FONTS)


def name(house: House, by: Dimension, key: str, language: str) -> str:
    """What a value of a dimension is called; days, weeks, months and hours as they are."""
    names = naming(house, language)
    if by == "channel":
        return CHANNELS[key].of(language) if key in CHANNELS else key
    if by == "weekday":
        return str(get_day_names("wide", locale=locale_of(language))[int(key) - 1])
    if by == "shift":
        shift = house.config.shifts.get(key)
        if shift is None:
            return key or _said(WITHOUT, language)
        return shift.name_en or shift.name if language == "en" else shift.name
    known = {
        "agency": names.agency, "service": names.service, "zone": names.zone,
        "counter": names.counter, "operator": names.person, "priority": names.priority,
    }  # fmt: skip
    if by in known and not key and by != "priority":
        return UNKNOWN.of(language)
    return known[by](key) if by in known else key


def span(period: Period, language: str) -> str:
    """Its days in words."""
    first, last = (str(format_date(day, "d MMMM y", locale=locale_of(language))) for day in period)
    return first if first == last else f"{first} – {last}"


class Reporter:
    """Makes the configured reports when their time has come. What was made is on record
    (`changes`), so that none is made twice, and those that came due while the server was off are
    made up for. A period without any entry makes none; a new schedule begins with the newest
    period that has some."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house = house
        self.folder = folder
        self._empty: set[Period] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look at the clock from now on."""
        self._task = asyncio.create_task(self._run(), name="reporter")

    async def close(self) -> None:
        """Stop; what is due is made after the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> None:
        """Make what is due. One that can't be made is logged, keeps no other waiting, and is
        tried again by the next look."""
        for id, section in self._house.config.reports.items():
            try:
                await self._make_due(id, section)
            except (Unavailable, OSError) as error:
                log.warning("report %s could not be made, and is tried again: %s", id, error)
            except Exception:  # a report of its own: the next one may be possible
                log.exception("report %s could not be made", id)

    async def _make_due(self, id: str, section: ReportSection) -> None:
        now = local(self._house.clock.now(), self._house.hall.plan.hours)
        made = await self._made(id)
        periods = waiting(section, now, made)
        for period in reversed(periods) if made else periods:
            if await self._make(id, section, period) and not made:
                break

    async def _made(self, id: str) -> str:
        """The last day of the newest period that was made; "" before the first."""
        what = f"report.{id}"
        found = (await self._house.rooms.changes.newest(what)).get(what)
        return str(msgspec.json.decode(found.after)["last"]) if found else ""

    async def _make(self, id: str, section: ReportSection, period: Period) -> bool:
        """Whether there was anything to make it of."""
        if period in self._empty:
            return False
        first, last = (day.isoformat() for day in period)
        query = Query(first=first, last=last, by=section.by)
        if not (await self._house.rooms.reports.figures(query)).days:
            self._empty.add(period)
            return False
        made = await reported(self._house, query, section.language)
        told: dict[str, Any] = {"first": first, "last": last, "to": section.to}
        if section.to == "webhook":
            await self._send(id, made, told)
        else:
            told["file"] = await self._file(id, section, made, first)
        await self._house.rooms.changes.record(SYSTEM, "", f"report.{id}", "run", None, told)
        return True

    async def _send(self, id: str, made: Document, told: dict[str, Any]) -> None:
        """The table, to the webhooks that want it; the same id makes a repetition harmless."""
        keys, *rows = cells(made)
        data = {
            "report": id, "first": told["first"], "last": told["last"], "columns": keys,
            "rows": rows[:-1], "total": rows[-1],
        }  # fmt: skip
        stable = f"{self._house.desk.epoch}-report-{id}-{told['first']}"
        await self._house.rooms.notify.emit("report.ready", data, id=stable)

    async def _file(self, id: str, section: ReportSection, made: Document, first: str) -> str:
        data = await written(made, section.format)
        name = f"{id}-{first}.{section.format}"

        def place() -> None:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            passing = self.folder / f".{name}"
            passing.write_bytes(data)
            os.replace(passing, self.folder / name)
            for old in files(self.folder, id)[section.keep :]:
                old.unlink()

        await asyncio.to_thread(place)
        return name

    async def _run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(EVERY)


def files(folder: Path, id: str) -> list[Path]:
    """The files of a scheduled report, the newest period first."""
    dated = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
    return sorted(folder.glob(f"{id}-{dated}.*"), key=lambda path: path.stem, reverse=True)


async def last_runs(house: House) -> dict[str, dict[str, Any]]:
    """Report id -> what its last run made, and when (`at`, epoch ms)."""
    found = await house.rooms.changes.newest("report.")
    return {
        what.removeprefix("report."): msgspec.json.decode(one.after) | {"at": one.at}
        for what, one in found.items()
    }


def _said(words: dict[str, str], language: str) -> str:
    return words["en" if language == "en" else "id"]
