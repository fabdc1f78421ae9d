"""Paper forms: a file of answers is read, shown with every wrong cell, and only then taken in."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.core.bounds import HALL, demand
from queue_server.house import House
from queue_server.survey import labels, sheet
from queue_server.survey.archive import Paper
from queue_server.survey.ballots import Ballot, Visit
from queue_server.survey.index import half_up, index, tally
from queue_server.survey.sheet import Sheet, SheetError
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS
from queue_server.web.visit import language_of, require

from . import survey
from .survey import N_
from .survey_pages import page

KEPT = 8
"""Files that wait for a second look at once; the oldest is forgotten."""
BAND = "paper"
"""What stands where a ballot has its band of hours."""

REASONS = {
    "file": N_("Pilih berkas CSV atau XLSX."),
    "date": N_("Isi tanggal formulir, paling lambat hari ini."),
    "again": N_("Berkas ini sudah pernah diimpor."),
    "gone": N_("Pratinjau ini sudah tidak ada. Unggah berkasnya sekali lagi."),
    "faults": N_("Perbaiki sel yang ditandai di berkas, lalu unggah lagi."),
    "large": N_("Berkas lebih besar dari 4 MB."),
}


class Waiting(Struct, frozen=True):
    """A file that was read and is looked at."""

    name: str
    date: str
    visit: Visit
    sheet: Sheet


def routes(house: House) -> list[Route]:
    """The addresses."""
    pages = ImportPages(house)
    at = "/admin/survey/import"
    return [
        Route(at, pages.form),
        Route(at, pages.read, methods=["POST"]),
        Route(f"{at}/{{key}}", pages.take, methods=["POST"]),
        Route("/admin/survey/papers/{paper}/removals", pages.remove, methods=["POST"]),
    ]


@dataclass(frozen=True)
class ImportPages:
    """The handlers. What waits for its second look is kept in memory."""

    house: House
    waiting: dict[str, Waiting] = field(default_factory=dict)

    async def form(self, request: Request) -> Response:
        """The form, and the files that are in."""
        demand((await require(request, STEWARDS)).bounds, HALL)
        return await self._page(request)

    async def read(self, request: Request) -> Response:
        """Read a file and show what it would add."""
        demand((await require(request, STEWARDS)).bounds, HALL)
        async with request.form(max_files=1, max_fields=10, max_part_size=4096) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                return await self._page(request, "file")
            data = await file.read(sheet.LARGEST + 1)
            name = file.filename[:120]
            place, when = str(form.get("place", "")), str(form.get("date", ""))
        if len(data) > sheet.LARGEST:
            return await self._page(request, "large")
        if not self._is_past(when):
            return await self._page(request, "date")
        try:
            found = await asyncio.to_thread(sheet.read, data)
        except SheetError as error:
            return await self._page(request, said=f"{name}: {error}")
        key = hashlib.sha256(data).hexdigest()[:32]
        self.waiting[key] = Waiting(name, when, self._visit(place), found)
        while len(self.waiting) > KEPT:
            del self.waiting[next(iter(self.waiting))]
        return await self._page(request, preview=self._preview(key, language_of(request)))

    async def take(self, request: Request) -> Response:
        """Take the file in that was looked at."""
        demand((await require(request, STEWARDS)).bounds, HALL)
        await read_form(request)
        key = request.path_params["key"]
        one = self.waiting.get(key)
        if one is None:
            return await self._page(request, "gone")
        if one.sheet.faults or not one.sheet.respondents:
            return await self._page(request, "faults")
        paper = Paper(key, one.name, one.date, len(one.sheet.respondents))
        ballots = [
            Ballot(one.visit, one.date, BAND, each.scores, each.traits)
            for each in one.sheet.respondents
        ]
        try:
            await self.house.rooms.survey.archive.add_paper(paper, ballots)
        except sqlite3.IntegrityError:
            return await self._page(request, "again")
        self.waiting.pop(key, None)
        return RedirectResponse("/admin/survey/import", 303)

    async def remove(self, request: Request) -> Response:
        """Take a file's answers out again."""
        demand((await require(request, STEWARDS)).bounds, HALL)
        await self.house.rooms.survey.archive.remove_paper(request.path_params["paper"])
        return RedirectResponse("/admin/survey/import", 303)

    async def _page(
        self, request: Request, wrong: str = "", *, said: str = "",
        preview: survey.Preview | None = None,
    ) -> Response:  # fmt: skip
        language = language_of(request)
        catalogue = self.house.catalogue
        papers = await self.house.rooms.survey.archive.papers()
        places = (
            *((f"a:{a.id}", a.name.of(language)) for a in catalogue.named.agencies.values()),
            *((f"s:{s.id}", s.name.of(language)) for s in catalogue.named.services.values()),
        )
        return page(
            self.house, request, "survey_import", 422 if wrong or said else 200,
            wrong=REASONS.get(wrong, ""), said=said, preview=preview,
            papers=[survey.paper_row(one, language) for one in papers],
            places=survey.choice(places, ""), today=self.house.rooms.survey.today(),
        )  # fmt: skip

    def _preview(self, key: str, language: str) -> survey.Preview:
        one = self.waiting[key]
        found = tally(each.scores for each in one.sheet.respondents)
        rules = self.house.rooms.survey.rules
        result = index(found, rules.convention, rules.own) if found.respondents else None
        return survey.Preview(
            key=key,
            name=one.name,
            day=labels.day(one.date, language),
            place=self._place(one.visit, language),
            respondents=found.respondents,
            empty=one.sheet.empty,
            index=labels.figure(str(result.value), language) if result else "",
            grade=result.grade if result else "",
            elements=tuple(
                (
                    labels.element(line.code, language), line.count,
                    labels.figure(str(half_up(line.average, 3)), language),
                )
                for line in (result.lines if result else ())
            ),
            faults=survey.faults(one.sheet, language),
            more=max(0, len(one.sheet.faults) - survey.SHOWN),
        )  # fmt: skip

    def _visit(self, place: str) -> Visit:
        """What the forms were about: a service, an agency, or the hall as a whole."""
        kind, _, id = place.partition(":")
        catalogue = self.house.catalogue
        if kind == "s" and id in catalogue.named.services:
            return Visit(id, catalogue.named.services[id].agency, "")
        return Visit("", id if kind == "a" and id in catalogue.named.agencies else "", "")

    def _place(self, visit: Visit, language: str) -> str:
        catalogue = self.house.catalogue
        if visit.service:
            return catalogue.named.services[visit.service].name.of(language)
        return catalogue.named.agencies[visit.agency].name.of(language) if visit.agency else ""

    def _is_past(self, when: str) -> bool:
        try:
            date.fromisoformat(when)
        except ValueError:
            return False
        return len(when) == 10 and when <= self.house.rooms.survey.today()
