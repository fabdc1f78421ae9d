"""The survey in administration: live report, publication, files, remarks."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from queue_server.catalogue import Text
from queue_server.core.bounds import (
    HALL,
    Site,
    agencies_within,
    covers,
    demand,
    of_agency,
    of_counter,
    of_service,
)
from queue_server.core.commands import Bounds
from queue_server.house import House
from queue_server.survey import csv_file
from queue_server.survey.archive import Published, Remark
from queue_server.survey.clocks import KINDS
from queue_server.survey.periods import period, quarter_of
from queue_server.survey.report import Names, Report
from queue_server.survey.view import view
from queue_server.survey.words import personal, tidy
from queue_server.web.downloads import download
from queue_server.web.forms import read_form
from queue_server.web.identity import STEWARDS
from queue_server.web.problems import Problem
from queue_server.web.visit import language_of, require, visit_of

from . import survey
from .sections import sections_of
from .survey import N_, Selection

log = logging.getLogger(__name__)

REASONS = {
    "few": N_("Belum cukup jawaban untuk diterbitkan."),
    "period": N_("Periode tidak dikenal: pilih dari daftar, atau isi kedua tanggal."),
    "reason": N_("Tulis alasan mengapa teks ini disembunyikan."),
    "personal": N_("Tindak lanjut memuat angka atau alamat yang mirip data pribadi."),
}


def routes(house: House) -> list[Route]:
    """The addresses."""
    pages = SurveyPages(house)
    at = "/admin/survey"
    return [
        Route(at, pages.report),
        Route(f"{at}/publications", pages.publish, methods=["POST"]),
        Route(f"{at}/publications/{{period}}/withdrawals", pages.withdraw, methods=["POST"]),
        Route(f"{at}/report.xlsx", pages.workbook),
        Route(f"{at}/report.pdf", pages.paper),
        Route(f"{at}/answers.csv", pages.answers),
        Route(f"{at}/remarks", pages.remarks),
        Route(f"{at}/remarks/{{remark}}", pages.decide, methods=["POST"]),
        Route(f"{at}/remarks/{{remark}}/removals", pages.erase, methods=["POST"]),
    ]


@dataclass(frozen=True)
class SurveyPages:
    """The handlers."""

    house: House

    # Report -----------------------------------------------------------------------------------

    async def report(self, request: Request) -> Response:
        """The period as it stands, and what is published."""
        await require(request, STEWARDS)
        return await self._report_page(request)

    async def publish(self, request: Request) -> Response:
        """Freeze the period's report as it is now."""
        identity = await require(request, STEWARDS)
        demand(identity.bounds, HALL)
        form = await read_form(request)
        try:
            chosen = Selection(period(form.get("period", "")))
        except ValueError:
            return await self._report_page(request, "period")
        given = form.get("population", "")
        population = int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0
        report = await self._made(chosen, population)
        if not report.index:
            return await self._report_page(request, "few")
        room = self.house.rooms.survey
        # Counters are their operators: what they reach is for the staff.
        await room.archive.publish(replace(report, counters=()), room.today())
        log.info("survey report %s was published by %s", chosen.period.id, identity.id)
        return RedirectResponse(f"/admin/survey?{urlencode({'period': chosen.period.id})}", 303)

    async def withdraw(self, request: Request) -> Response:
        """Take a published report back."""
        identity = await require(request, STEWARDS)
        demand(identity.bounds, HALL)
        id = request.path_params["period"]
        await self.house.rooms.survey.archive.unpublish(id)
        log.info("survey report %s was withdrawn by %s", id[:40], identity.id)
        return RedirectResponse("/admin/survey", 303)

    async def workbook(self, request: Request) -> Response:
        """The live report as XLSX."""
        await require(request, STEWARDS)
        chosen = self._selection(request)
        report, language = await self._made(chosen), language_of(request)
        data = await self.house.rooms.survey.workbook(report, language)
        return download(data, f"skm-{chosen.period.id}.xlsx")

    async def paper(self, request: Request) -> Response:
        """The live report as PDF."""
        await require(request, STEWARDS)
        chosen = self._selection(request)
        report, language = await self._made(chosen), language_of(request)
        data = await self.house.rooms.survey.paper(report, language)
        return download(data, f"skm-{chosen.period.id}.pdf")

    async def answers(self, request: Request) -> Response:
        """The answers behind the report; agencies and services of small groups without names."""
        await require(request, STEWARDS)
        chosen = self._selection(request)
        report = await self._made(chosen)
        if not report.index:
            raise Problem(409, "survey_few", least=report.least)
        shown = {line.id for line in (*report.agencies, *report.services) if line.index}
        rows = await self.house.rooms.survey.archive.scores(chosen.filter)
        data = csv_file.written(
            (agency if agency in shown else "", service if service in shown else "", scores)
            for agency, service, scores in rows
        )
        return download(data, f"skm-{chosen.period.id}.csv")

    async def _report_page(self, request: Request, wrong: str = "") -> Response:
        room, language = self.house.rooms.survey, language_of(request)
        try:
            chosen = self._selection(request)
        except Problem:
            wrong = "period"
            chosen = self._within(Selection(quarter_of(self._today())), bounds_of(request))
        report = await self._made(chosen)
        published = await room.archive.published()
        same = [one for one in published if one.report.period.id == chosen.period.id]
        others = [one.report for one in published if one not in same]
        query = {name: getattr(chosen, name) for name in ("agency", "service", "counter")}
        kept = {name: value for name, value in query.items() if value}
        return self._page(
            request, "survey", 409 if wrong else 200,
            view=view(report, language, "", others if chosen.whole else ()),
            chosen=chosen, wrong=REASONS.get(wrong, ""), waiting=await room.waiting(),
            least=room.rules.least,
            selects=survey.selects(
                chosen, self.house.catalogue, self._today(), language, self._sees(request)
            ),
            published=[_brief(one, language) for one in published],
            query=urlencode({"period": chosen.period.id, **kept}),
        )  # fmt: skip

    def _selection(self, request: Request) -> Selection:
        """What the address asks for. Raises Problem 404 for what is no period."""
        asked = request.query_params
        id = asked.get("period", "")
        if asked.get("first") and asked.get("last") and id == "span":
            id = f"{asked['first']}--{asked['last']}"
        try:
            when = period(id) if id else quarter_of(self._today())
        except ValueError:
            raise Problem(404, "not_found") from None
        agency, service, counter = (
            asked.get(name, "")[:64] for name in ("agency", "service", "counter")
        )
        return self._within(Selection(when, agency, service, counter), bounds_of(request))

    def _within(self, chosen: Selection, bounds: Bounds) -> Selection:
        """A part that the bounds reach; without a wish the first agency of them. Raises Refusal."""
        hall, mine = self.house.hall, agencies_within(self.house.hall, bounds)
        if mine is None:
            return chosen
        if chosen.whole:
            first = (one for one in self.house.catalogue.agencies if one in mine)
            chosen = replace(chosen, agency=next(first, ""))
        parts = (
            (of_agency, chosen.agency), (of_service, chosen.service), (of_counter, chosen.counter),
        )  # fmt: skip
        sites = [of(hall, id) for of, id in parts if id]
        for site in sites or [HALL]:
            demand(bounds, site)
        return chosen

    async def _made(self, chosen: Selection, population: int = 0) -> Report:
        house = self.house
        population = population or await self._served(chosen)
        return await house.rooms.survey.report(
            chosen.period, house.config.hall.name, self._names(), which=chosen.filter,
            population=population,
        )  # fmt: skip

    async def _served(self, chosen: Selection) -> int:
        """Visits served in the period: the days that are over, and today so far."""
        house, room = self.house, self.house.rooms.survey
        await room.count_visits(house.desk.read, house.hall.day, self._agency_of)
        count = await room.archive.served(chosen.filter)
        if chosen.period.first <= house.hall.day <= chosen.period.last:
            count += sum(
                one.status == "served"
                and chosen.service in ("", one.service)
                and chosen.counter in ("", one.counter)
                and chosen.agency in ("", self._agency_of(one.service))
                for one in house.hall.tickets.values()
            )
        return count

    def _agency_of(self, service: str) -> str:
        found = self.house.catalogue.named.services.get(service)
        return found.agency if found else ""

    def _names(self) -> Names:
        """Names of today's catalogue; what has left it is called by its id."""
        catalogue = self.house.catalogue

        def agency(id: str) -> Text:
            return (
                catalogue.named.agencies[id].name
                if id in catalogue.named.agencies
                else Text(id, id)
            )

        def service(id: str) -> Text:
            return (
                catalogue.named.services[id].name
                if id in catalogue.named.services
                else Text(id, id)
            )

        def counter(id: str) -> Text:
            return (
                catalogue.named.counters[id].name
                if id in catalogue.named.counters
                else Text(id, id)
            )

        return Names(agency, service, counter)

    # Remarks ----------------------------------------------------------------------------------

    async def remarks(self, request: Request) -> Response:
        """What people wrote: to read, to show or hide, to answer in time."""
        await require(request, STEWARDS)
        return await self._remarks_page(request)

    async def decide(self, request: Request) -> Response:
        """Show or hide a remark; set a complaint's clock, its answer, how far it is."""
        await require(request, STEWARDS)
        remark = await self._remark(request)
        form = await read_form(request)
        changed = _changed(remark, form, self.house.rooms.survey.today())
        if changed.state == "hidden" and not changed.reason:
            return await self._remarks_page(request, "reason", changed)
        if personal(changed.answer):
            return await self._remarks_page(request, "personal", changed)
        await self.house.rooms.survey.archive.keep(changed)
        return RedirectResponse(f"/admin/survey/remarks#r{remark.id}", 303)

    async def erase(self, request: Request) -> Response:
        """Take a remark out of the file for good."""
        identity = await require(request, STEWARDS)
        remark = await self._remark(request)
        await self.house.rooms.survey.archive.erase(remark.id)
        log.info("a survey remark was erased by %s", identity.id)
        return RedirectResponse("/admin/survey/remarks", 303)

    async def _remark(self, request: Request) -> Remark:
        found = await self.house.rooms.survey.archive.remark(request.path_params["remark"])
        if found is None:
            raise Problem(404, "not_found")
        demand(bounds_of(request), self._site(found))
        return found

    def _site(self, remark: Remark) -> Site:
        """Where a remark belongs; one of no agency is the hall's."""
        return of_agency(self.house.hall, remark.agency) if remark.agency else HALL

    async def _mine(self, request: Request) -> list[Remark]:
        """The remarks that the bounds reach."""
        every, bounds = await self.house.rooms.survey.archive.remarks(), bounds_of(request)
        return [one for one in every if covers(bounds, self._site(one))]

    def _sees(self, request: Request) -> survey.Sees:
        """Whether the bounds reach an agency, a service, a counter."""
        hall, bounds = self.house.hall, bounds_of(request)
        sites = {"agency": of_agency, "service": of_service, "counter": of_counter}
        return lambda kind, id: not bounds or covers(bounds, sites[kind](hall, id))

    async def _remarks_page(
        self, request: Request, wrong: str = "", wanted: Remark | None = None
    ) -> Response:
        """`wanted` is what a form asked for and was refused: shown as it was filled in."""
        house, language = self.house, language_of(request)
        room = house.rooms.survey
        await room.turn()
        hours, today = house.hall.plan.hours, room.today()
        at = wanted.id if wanted else ""
        rows = [
            survey.remark_row(
                wanted if wanted and one.id == at else one, house.catalogue, today, hours, language
            )
            for one in await self._mine(request)
        ]
        return self._page(
            request, "survey_remarks", 422 if wrong else 200, wrong="", at=at,
            refused=REASONS.get(wrong, ""), rows=sorted(rows, key=survey.urgent),
            waiting=await room.waiting(),
        )  # fmt: skip

    def _page(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        return page(self.house, request, name, status, **values)

    def _today(self) -> date:
        return date.fromisoformat(self.house.rooms.survey.today())


def page(
    house: House, request: Request, name: str, status: int = 200, **values: Any
) -> Response:  # fmt: skip
    """A page of this section."""
    identity = visit_of(request).identity
    assert identity is not None, "the handler has asked for a role"
    return house.front.templates.page(
        request, f"admin/{name}.html", status, sections=sections_of(identity),
        section="/admin/survey", whole=not identity.bounds,
        tabs=survey.TABS[:-1] if identity.bounds else survey.TABS, **values,
    )  # fmt: skip


def bounds_of(request: Request) -> Bounds:
    """How far the work of whoever asks reaches; the handler has asked for a role."""
    identity = visit_of(request).identity
    assert identity is not None, "the handler has asked for a role"
    return identity.bounds


def _brief(one: Published, language: str) -> survey.Brief:
    shown = view(one.report, language, one.date)
    return survey.Brief(shown.id, shown.name, shown.published, shown.index, shown.grade)


def _changed(remark: Remark, form: dict[str, str], today: str) -> Remark:
    """The remark as the form would have it; fields that it lacks stay as they are."""
    state = form.get("state", remark.state)
    clock = form.get("clock", remark.clock)
    changed = replace(
        remark,
        state=state if state in ("new", "shown", "hidden") else remark.state,
        reason=tidy(form.get("reason", remark.reason)),
        clock=clock if clock in KINDS else remark.clock,
        answer=tidy(form.get("answer", remark.answer)),
    )
    status = form.get("status", "")
    if status == "received":
        return replace(changed, responded="", closed="")
    if status == "responded":
        return replace(changed, responded=remark.responded or today, closed="")
    if status == "closed":
        responded = remark.responded or today
        return replace(changed, responded=responded, closed=remark.closed or today)
    return changed
