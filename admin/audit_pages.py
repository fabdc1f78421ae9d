"""The audit trail: who did what, when and why, out of the journal; and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_server.core.calendar import local
from queue_server.core.language import in_language
from queue_server.floor.archive import Day, Row
from queue_server.floor.naming import Naming
from queue_server.floor.past import Told, told
from queue_server.house import House
from queue_server.oversight import naming
from queue_server.tables import to_csv
from queue_server.web.downloads import download
from queue_server.web.identity import STEWARDS
from queue_server.web.visit import language_of, require

from .audit import PAGE, Wanted, audit_page, found, wanted_of
from .sections import sections_of

HERE = "/admin/audit"
CHUNK = 250
"""Lines that are read at a time for a file."""
HEADS = {
    "id": ("Entri", "Waktu", "Siapa", "Tindakan", "Nomor", "Loket", "Alasan"),
    "en": ("Entry", "Time", "Who", "What", "Number", "Counter", "Reason"),
}


def routes(house: House) -> list[BaseRoute]:
    """`/admin/audit`."""
    pages = Audit(house)
    return [
        Route(HERE, pages.page, methods=["GET"]),
        Route(f"{HERE}/export.csv", pages.export, methods=["GET"]),
    ]


class Audit:
    """The handlers, for one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.floor = house.rooms.floor

    async def page(self, request: Request) -> Response:
        """GET /admin/audit"""
        identity = await require(request, STEWARDS)
        wanted, names = self._wanted(request), naming(self.house, language_of(request))
        day = await self.floor.archive.day(wanted.day)
        rows = list(islice(found(day, wanted, names.person), PAGE + 1))
        lines = await self._lines(day, rows[:PAGE], names)
        view = audit_page(
            wanted, self.house.hall.day, tuple(lines), len(rows) > PAGE, names,
            iter(self.house.hall.counters),
        )  # fmt: skip
        return self.house.front.templates.page(
            request, "admin/audit.html", sections=sections_of(identity), section=HERE, p=view
        )

    async def export(self, request: Request) -> Response:
        """GET /admin/audit/export.csv: all that the page would show of the day, oldest first."""
        await require(request, STEWARDS)
        wanted, names = self._wanted(request), naming(self.house, language_of(request))
        day = await self.floor.archive.day(wanted.day)
        rows = list(found(day, wanted, names.person))[::-1]
        table: list[Sequence[str]] = [in_language(HEADS, names.language)]
        for start in range(0, len(rows), CHUNK):
            for line in await self._lines(day, rows[start : start + CHUNK], names):
                table.append(self._cells(line))
        return download(to_csv(table), f"audit-{wanted.day}.csv")

    def _wanted(self, request: Request) -> Wanted:
        return wanted_of(lambda name: request.query_params.get(name, ""), self.house.hall.day)

    async def _lines(self, day: Day, rows: list[Row], names: Naming) -> list[Told]:
        entries = await self.floor.archive.entries(row.id for row in rows)
        whys = await self.floor.reasons.of(entry.key for entry in entries if entry.key)
        return [
            told(
                entry, names, why=whys.get(entry.key, ""), ticket=row.ticket,
                number=day.numbers.get(row.ticket, ""), counter=row.counter,
            )
            for entry, row in zip(entries, rows, strict=True)
        ]  # fmt: skip

    def _cells(self, line: Told) -> list[str]:
        at = local(line.at, self.house.hall.plan.hours).isoformat(timespec="seconds")
        return [
            str(line.id), at, line.who, line.what, line.number, line.counter_name, line.why,
        ]  # fmt: skip
