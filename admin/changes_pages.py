"""The trail of changes: settings, catalogue, people, devices; who, when, from where, what."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queue_server.core.calendar import local
from queue_server.core.language import in_language
from queue_server.house import House
from queue_server.tables import to_csv
from queue_server.web.downloads import download
from queue_server.web.visit import language_of, require

from .changes import PAGE, Wanted, changes_page, line, wanted_of
from .sections import ADMINS, sections_of

HERE = "/admin/changes"
MOST = 20_000
"""Changes of a file."""
HEADS = {
    "id": ("Nomor", "Waktu", "Siapa", "Dari", "Apa", "Tindakan", "Isian", "Semula", "Menjadi",
           "Alasan"),
    "en": ("Number", "Time", "Who", "From", "What", "Act", "Field", "Before", "After", "Reason"),
}  # fmt: skip


def routes(house: House) -> list[BaseRoute]:
    """`/admin/changes`."""
    pages = Pages(house)
    return [
        Route(HERE, pages.page, methods=["GET"]),
        Route(f"{HERE}/export.csv", pages.export, methods=["GET"]),
    ]


class Pages:
    """The handlers, for one house."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def page(self, request: Request) -> Response:
        """GET /admin/changes"""
        identity = await require(request, ADMINS)
        wanted = self._wanted(request)
        hours = self.house.hall.plan.hours
        found = await self.house.rooms.changes.find(wanted.search(hours), PAGE + 1)
        return self.house.front.templates.page(
            request, "admin/changes.html", sections=sections_of(identity), section=HERE,
            p=changes_page(wanted, found),
        )  # fmt: skip

    async def export(self, request: Request) -> Response:
        """GET /admin/changes/export.csv: a line for each value that changed, oldest first."""
        await require(request, ADMINS)
        wanted, hours = self._wanted(request), self.house.hall.plan.hours
        wanted = msgspec.structs.replace(wanted, before=0)
        found = await self.house.rooms.changes.find(wanted.search(hours), MOST)
        table: list[Sequence[str]] = [in_language(HEADS, language_of(request))]
        for change in reversed(found):
            told = line(change, sys.maxsize)
            when = local(change.at, hours).isoformat(timespec="seconds")
            head = (str(change.id), when, told.who, told.address, change.what, change.act)
            for one in told.differences:
                table.append((*head, one.field, one.before, one.after, told.why))
            if not told.differences:
                table.append((*head, "", "", "", told.why))
        return download(to_csv(table), "changes.csv")

    def _wanted(self, request: Request) -> Wanted:
        return wanted_of(lambda name: request.query_params.get(name, ""))
