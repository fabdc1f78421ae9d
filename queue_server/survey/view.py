"""A report as a page shows it, in one language. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from . import labels
from .labels import element, figure, word
from .report import GroupLine, Report

BEST = 4
"""The highest score: bars end there."""
LEAST, MOST = 25, 100
"""The ends of an index."""
CHART = (640, 180)
"""Width and height of the trend's drawing, in its own units."""


class ElementRow(Struct, frozen=True):
    """One of the nine. `bar` is its average's share of the scale, 0 to 100."""

    name: str
    answers: int
    total: int
    average: str
    weight: str
    weighted: str
    index: str
    grade: str
    bar: int


class GroupRow(Struct, frozen=True):
    """A group; `index` "" where it is not shown."""

    name: str
    respondents: int
    index: str
    grade: str


class Groups(Struct, frozen=True):
    """A table of groups."""

    title: str
    rows: tuple[GroupRow, ...]


class Trait(Struct, frozen=True):
    """What respondents said of themselves: (answer, how many, per cent of those who said)."""

    name: str
    shares: tuple[tuple[str, int, int], ...]


class Point(Struct, frozen=True):
    """A column of the trend: where and how high it is drawn, and what it says."""

    label: str
    value: str
    x: int
    y: int
    width: int
    height: int


class VoiceRow(Struct, frozen=True):
    """A remark that may be read."""

    kind: str
    text: str
    answer: str


class ReportView(Struct, frozen=True):
    """The page's report. `index` "" while too few have answered."""

    id: str
    name: str
    first: str
    last: str
    published: str
    respondents: int
    population: int
    target: int
    progress: int
    weights: str
    index: str
    grade: str
    performance: str
    best: str
    worst: str
    heads: tuple[str, ...]
    elements: tuple[ElementRow, ...]
    sum_weighted: str
    groups: tuple[Groups, ...]
    trend: tuple[Point, ...]
    profile: tuple[Trait, ...]
    voices: tuple[VoiceRow, ...]
    steps: tuple[str, ...]
    bands: tuple[tuple[str, str, str], ...]
    note: str


def view(
    report: Report, language: str, published: str = "", others: Iterable[Report] = ()
) -> ReportView:
    """The report in a language. `others`: reports of other periods, for the trend."""
    heads = ("element", "answers", "sum", "average", "weights", "weighted", "index_short", "grade")
    best, worst = report.best, report.worst
    return ReportView(
        id=report.period.id,
        name=report.period.name.of(language),
        first=labels.day(report.period.first, language),
        last=labels.day(report.period.last, language),
        published=labels.day(published, language) if published else "",
        respondents=report.respondents,
        population=report.population,
        target=report.target,
        progress=report.progress,
        weights=labels.CONVENTION[report.weights].of(language),
        index=figure(report.index, language),
        grade=report.grade,
        performance=labels.PERFORMANCE[report.grade].of(language) if report.grade else "",
        best=element(best.code, language) if best else "",
        worst=element(worst.code, language) if worst else "",
        heads=tuple(word(name, language) for name in heads),
        elements=_elements(report, language),
        sum_weighted=figure(report.sum_weighted, language),
        groups=tuple(
            Groups(word(name, language), tuple(_group(line, language) for line in lines))
            for name, lines in (
                ("agency", report.agencies), ("service", report.services),
                ("counter", report.counters),
            )
            if lines
        ),
        trend=trend(report, others, language),
        profile=_profile(report, language),
        voices=tuple(
            VoiceRow(word(one.kind, language), one.text, one.answer) for one in report.voices
        ),
        steps=tuple(labels.steps(report, language)),
        bands=tuple(labels.bands(language)),
        note=word("small", language, least=report.least),
    )  # fmt: skip


def trend(report: Report, others: Iterable[Report], language: str) -> tuple[Point, ...]:
    """Published periods in their order; where there is one only, the months of this."""
    reports = {one.period.id: one for one in (*others, report) if one.index}
    found = sorted(reports.values(), key=lambda one: (one.period.last, one.period.first))
    points = [(one.period.name.of(language), one.index) for one in found]
    if len(points) < 2:
        points = [(line.id, line.index) for line in report.months if line.index]
    return _columns(points, language) if len(points) > 1 else ()


def _columns(points: Sequence[tuple[str, str]], language: str) -> tuple[Point, ...]:
    points = points[-12:]
    wide, high = CHART
    step = wide // len(points)
    width = min(72, step - 16)
    found = []
    for at, (label, value) in enumerate(points):
        height = round((float(value) - LEAST) / (MOST - LEAST) * (high - 44))
        x = at * step + (step - width) // 2
        y = high - 22 - height
        found.append(Point(label, figure(value, language), x, y, width, height))
    return tuple(found)


def _elements(report: Report, language: str) -> tuple[ElementRow, ...]:
    return tuple(
        ElementRow(
            element(line.code, language), line.answers, line.total, figure(line.average, language),
            figure(line.weight, language), figure(line.weighted, language),
            figure(line.index, language), line.grade,
            round((float(line.average) - 1) / (BEST - 1) * 100),
        )
        for line in report.elements
    )  # fmt: skip


def _group(line: GroupLine, language: str) -> GroupRow:
    value = figure(line.index, language) if line.index else ""
    return GroupRow(line.name.of(language), line.respondents, value, line.grade)


def _profile(report: Report, language: str) -> tuple[Trait, ...]:
    found: dict[str, list[tuple[str, int]]] = {}
    for share in report.profile:
        name, choice = labels.choice(share.trait, share.choice, language)
        found.setdefault(name, []).append((choice, share.count))
    rows = []
    for name, counts in found.items():
        whole = sum(count for _, count in counts)
        if whole:
            rows.append(Trait(name, tuple((c, n, round(n * 100 / whole)) for c, n in counts)))
    return tuple(rows)
