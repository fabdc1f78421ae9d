"""The published reports of the satisfaction survey, for everybody."""

from __future__ import annotations

from msgspec import Struct

from ..house import House
from ..survey.archive import Published
from ..survey.labels import element
from ..survey.report import GroupLine
from ..web.endpoint import Ask, Endpoint
from ..web.problems import Problem
from . import shapes as s


class SurveyPeriod(Struct, frozen=True):
    """A period by its result. Dates are ISO; `index` has two decimals, so it is text."""

    id: str
    name: str
    first: str
    last: str
    published: str
    respondents: int
    index: str
    grade: str


class SurveyElement(Struct, frozen=True):
    """One of the nine. Averages and weights are decimals as text, or a fraction like 1/9."""

    code: str
    name: str
    answers: int
    total: int
    average: str
    weight: str
    weighted: str
    index: str
    grade: str


class SurveyGroup(Struct, frozen=True):
    """A service, agency or month; `index` and `grade` are null where too few answered."""

    id: str
    name: str
    respondents: int
    index: str | None
    grade: str | None


class SurveyRemark(Struct, frozen=True):
    """A suggestion or complaint that may be read, and what was done."""

    kind: str
    text: str
    answer: str


class SurveyReport(SurveyPeriod, frozen=True):
    """A period's report. `weights` names how 1/9 was written; `population` are visits served,
    `target` the sample that they ask for (Krejcie and Morgan)."""

    weights: str
    population: int
    target: int
    least: int
    elements: list[SurveyElement]
    agencies: list[SurveyGroup]
    services: list[SurveyGroup]
    months: list[SurveyGroup]
    remarks: list[SurveyRemark]


def endpoints(house: House) -> list[Endpoint]:
    """`/api/v1/survey`."""
    reports = Reports(house)
    at = "/api/v1/survey/periods"
    return [
        Endpoint("GET", at, None, reports.periods, s.Listed[SurveyPeriod], "Published surveys"),
        Endpoint("GET", f"{at}/{{period}}", None, reports.report, SurveyReport, "A report"),
    ]


class Reports:
    """The handlers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def periods(self, ask: Ask[None]) -> s.Listed[SurveyPeriod]:
        found = await self._house.rooms.survey.archive.published()
        return s.Listed([_period(one, ask.language) for one in found])

    async def report(self, ask: Ask[None]) -> SurveyReport:
        found = await self._house.rooms.survey.archive.published()
        one = next((one for one in found if one.report.period.id == ask.path["period"]), None)
        if one is None:
            raise Problem(404, "not_found")
        report, brief = one.report, _period(one, ask.language)
        return SurveyReport(
            id=brief.id, name=brief.name, first=brief.first, last=brief.last,
            published=brief.published, respondents=brief.respondents, index=brief.index,
            grade=brief.grade, weights=report.weights, population=report.population,
            target=report.target, least=report.least,
            elements=[
                SurveyElement(
                    line.code, element(line.code, ask.language), line.answers, line.total,
                    line.average, line.weight, line.weighted, line.index, line.grade,
                )
                for line in report.elements
            ],
            agencies=_groups(report.agencies, ask.language),
            services=_groups(report.services, ask.language),
            months=_groups(report.months, ask.language),
            remarks=[SurveyRemark(v.kind, v.text, v.answer) for v in report.voices],
        )  # fmt: skip


def _period(one: Published, language: str) -> SurveyPeriod:
    report = one.report
    return SurveyPeriod(
        report.period.id, report.period.name.of(language), report.period.first,
        report.period.last, one.date, report.respondents, report.index, report.grade,
    )  # fmt: skip


def _groups(lines: tuple[GroupLine, ...], language: str) -> list[SurveyGroup]:
    return [
        SurveyGroup(
            line.id, line.name.of(language), line.respondents, line.index or None,
            line.grade or None,
        )
        for line in lines
    ]  # fmt: skip
