"""The report on A4: index, elements, groups, the arithmetic, a place to sign."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from ..woff import to_truetype
from . import labels
from .labels import element, figure, word
from .report import GroupLine, Report
from .signatory import Signatory

BRAND, INK, QUIET, RULE = map(HexColor, ("#0b4a7a", "#0e1f2f", "#4a5a69", "#cfd8e0"))
TINT = HexColor("#e3eef7")
GRADES = {"A": "#0b6e45", "B": "#0b4a7a", "C": "#8a4b00", "D": "#a8201a"}
WIDTH = A4[0] - 40 * mm
REGULAR, BOLD = "Atkinson", "Atkinson-Bold"
MOST = 25
"""Services that are printed; the workbook has them all."""


def written(
    report: Report, language: str, fonts: Path, signatory: Signatory, published: str = ""
) -> bytes:
    """The document. `fonts` is the folder of the house's fonts. Takes about a second."""
    _register(fonts)
    out = io.BytesIO()
    title = word("title", language)
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm,
        bottomMargin=20 * mm, title=f"{title}, {report.period.name.of(language)}",
        author=report.hall, invariant=1,
    )  # fmt: skip

    def foot(canvas: Any, template: Any) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(QUIET)
        said = f"{report.hall} · {report.period.name.of(language)}"
        canvas.drawString(20 * mm, 12 * mm, said)
        canvas.drawRightString(A4[0] - 20 * mm, 12 * mm, word("page", language, n=template.page))

    paper = _Paper(report, language)
    story = [
        *paper.head(published), *paper.result(), *paper.elements(), *paper.groups(),
        *paper.people(), *paper.voices(), *paper.method(signatory, published),
    ]  # fmt: skip
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _two(average: str) -> str:
    """Two decimals of a figure that has four."""
    return str(Decimal(average).quantize(Decimal("0.01"), ROUND_HALF_UP))


@lru_cache(maxsize=4)
def _register(fonts: Path) -> None:
    for name, weight in ((REGULAR, 400), (BOLD, 700)):
        file = fonts / f"atkinson-hyperlegible-latin-{weight}-normal.woff"
        font = TTFont(name, io.BytesIO(to_truetype(file.read_bytes())))
        pdfmetrics.registerFont(font)


def _style(size: float, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    more.setdefault("textColor", INK)
    return ParagraphStyle("p", fontName=font, fontSize=size, leading=size * 1.35, **more)


class _Paper:
    def __init__(self, report: Report, language: str) -> None:
        self.of = report
        self.language = language

    def say(self, name: str, **values: object) -> str:
        return word(name, self.language, **values)

    def text(self, said: str, size: float = 9.5, font: str = REGULAR, **more: Any) -> Paragraph:
        return Paragraph(escape(said).replace("\n", "<br/>"), _style(size, font, **more))

    def title(self, name: str) -> Paragraph:
        return self.text(self.say(name), 13, BOLD, spaceBefore=14, spaceAfter=6, textColor=BRAND)

    def figure(self, value: str | int) -> str:
        return figure(value, self.language)

    def head(self, published: str) -> list[Any]:
        """Whose report it is, of when."""
        period = self.of.period
        state = self.say("live")
        if published:
            state = f"{self.say('published')} {labels.day(published, self.language)}"
        first, last = (labels.day(day, self.language) for day in (period.first, period.last))
        return [
            self.text(self.of.hall, 12, BOLD, alignment=TA_CENTER, textColor=QUIET),
            self.text(self.say("title"), 20, BOLD, alignment=TA_CENTER, textColor=BRAND),
            self.text(period.name.of(self.language), 13, alignment=TA_CENTER),
            self.text(
                f"{first} – {last} · {state}", 9, alignment=TA_CENTER, textColor=QUIET
            ),
            Spacer(1, 8 * mm),
        ]  # fmt: skip

    def result(self) -> list[Any]:
        """The index, large, beside what it rests on."""
        report = self.of
        if not report.index:
            return [self.text(self.say("none"), 12, BOLD)]
        color = HexColor(GRADES[report.grade])
        said = labels.PERFORMANCE[report.grade].of(self.language)
        big = [
            self.text(self.say("index"), 9.5, textColor=white),
            self.text(self.figure(report.index), 40, BOLD, textColor=white),
            self.text(f"{self.say('grade')} {report.grade} · {said}", 13, BOLD, textColor=white),
        ]
        best, worst = report.best, report.worst
        assert best is not None and worst is not None, "an index has elements"  # noqa: PT018
        facts = [
            (self.say("respondents"), f"{report.respondents} "
             + self.say("target_short", target=report.target)),
            (self.say("population"), str(report.population)),
            (self.say("weights"), labels.CONVENTION[report.weights].of(self.language)),
            (self.say("best"), self._named(best.code, best.average)),
            (self.say("worst"), self._named(worst.code, worst.average)),
        ]  # fmt: skip
        rows = [[self.text(a, 9, textColor=QUIET), self.text(b, 10, BOLD)] for a, b in facts]
        side = Table(rows, [34 * mm, WIDTH - 62 * mm - 42 * mm], style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ])  # fmt: skip
        return [
            Table([[big, side]], [62 * mm, WIDTH - 62 * mm], style=[
                ("BACKGROUND", (0, 0), (0, 0), color), ("BACKGROUND", (1, 0), (1, 0), TINT),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 12),
                ("TOPPADDING", (0, 0), (-1, -1), 10), ("BOTTOMPADDING", (0, 0), (-1, -1), 12),
            ]),
        ]  # fmt: skip

    def _named(self, code: str, average: str) -> str:
        return f"{element(code, self.language)} ({self.figure(_two(average))})"

    def elements(self) -> list[Any]:
        """The nine, as figures and as bars."""
        if not self.of.elements:
            return []
        head = ["element", "answers", "sum", "average", "weights", "weighted", "index_short",
                "grade"]  # fmt: skip
        rows: list[list[Any]] = [[self.say(name) for name in head]]
        rows += [
            [
                element(line.code, self.language), line.answers, line.total,
                self.figure(line.average), self.figure(line.weight), self.figure(line.weighted),
                self.figure(line.index), line.grade,
            ]
            for line in self.of.elements
        ]  # fmt: skip
        rows.append([self.say("total"), "", "", "", "", self.figure(self.of.sum_weighted), "", ""])
        widths = [WIDTH - 108 * mm, *(mm * w for w in (16, 18, 17, 15, 18, 14, 10))]
        return [
            self.title("element"), self._table(rows, widths, total=True), Spacer(1, 5 * mm),
            self._bars(),
        ]  # fmt: skip

    def _bars(self) -> Drawing:
        """Averages from 1 to 4."""
        step, left = 14.0, 170.0
        lines = self.of.elements
        drawing = Drawing(WIDTH, step * len(lines) + 4)
        for at, line in enumerate(lines):
            y = step * (len(lines) - 1 - at)
            share = (float(line.average) - 1) / 3
            full = WIDTH - left - 34
            name = element(line.code, self.language)
            drawing.add(String(left - 6, y + 4, name, fontName=REGULAR, fontSize=8,
                               textAnchor="end", fillColor=INK))  # fmt: skip
            drawing.add(Rect(left, y + 2, full, 9, fillColor=TINT, strokeColor=None))
            color = HexColor(GRADES[line.grade])
            drawing.add(Rect(left, y + 2, full * share, 9, fillColor=color, strokeColor=None))
            value = self.figure(_two(line.average))
            drawing.add(String(left + full + 5, y + 4, f"{value} {line.grade}", fontName=BOLD,
                               fontSize=8, fillColor=INK))  # fmt: skip
        return drawing

    def groups(self) -> list[Any]:
        """Agencies, services and months."""
        found: list[Any] = []
        kinds = (("agency", self.of.agencies), ("service", self.of.services[:MOST]),
                 ("month", self.of.months))  # fmt: skip
        for name, lines in kinds:
            if lines:
                found += [self.title(name), self._lines(name, lines)]
        if found:
            note = self.say("small", least=self.of.least)
            found.append(self.text(note, 8, textColor=QUIET, spaceBefore=4))
        return found

    def _lines(self, name: str, lines: Sequence[GroupLine]) -> Table:
        rows: list[list[Any]] = [
            [self.say(head) for head in (name, "respondents", "index_short", "grade")]
        ]
        for line in lines:
            shown = self.figure(line.index) if line.index else self.say("few")
            label = self.text(line.name.of(self.language), 8.5)
            rows.append([label, line.respondents, shown, line.grade])
        return self._table(rows, [WIDTH - 78 * mm, 24 * mm, 36 * mm, 18 * mm])

    def people(self) -> list[Any]:
        """Who answered."""
        if not any(share.count for share in self.of.profile):
            return []
        rows: dict[str, list[str]] = {}
        for share in self.of.profile:
            trait, choice = labels.choice(share.trait, share.choice, self.language)
            rows.setdefault(trait, []).append(f"{choice} {share.count}")
        table = [[self.text(k, 8.5, BOLD), self.text(" · ".join(v), 8.5)] for k, v in rows.items()]
        style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE)]
        return [self.title("profile"), Table(table, [38 * mm, WIDTH - 38 * mm], style=style)]

    def voices(self) -> list[Any]:
        """What people wrote, where it may be read."""
        if not self.of.voices:
            return []
        found: list[Any] = [self.title("voices")]
        for voice in self.of.voices:
            said = f"{self.say(voice.kind)}: “{voice.text}”"
            found.append(self.text(said, 9, spaceAfter=1))
            if voice.answer:
                answer = f"{self.say('answer')}: {voice.answer}"
                found.append(self.text(answer, 9, textColor=QUIET, leftIndent=10, spaceAfter=4))
        return found

    def method(self, by: Signatory, published: str) -> list[Any]:
        """The arithmetic; the bands beside the place to sign."""
        steps = [
            self.text(f"{number}. {step}", 9, spaceAfter=2)
            for number, step in enumerate(labels.steps(self.of, self.language), 1)
        ]
        heads = [self.say("grade"), self.say("index_short"), self.say("performance")]
        bands = [heads, *([*band] for band in labels.bands(self.language))]
        left = [self.title("bands"), self._table(bands, [18 * mm, 32 * mm, 36 * mm])]
        columns = [WIDTH - 72 * mm, 72 * mm]
        style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)]
        end = Table([[left, self._signature(by, published)]], columns, style=style)
        return [KeepTogether([self.title("method"), *steps]), KeepTogether([end])]

    def _signature(self, by: Signatory, published: str) -> list[Any]:
        """Place, date, office, a space, a name."""
        date = labels.day(published, self.language) if published else ""
        lines = [
            f"{by.place or '…………………'}, {date or '…………………'}", by.title,
            by.name or "…………………………………………", f"NIP {by.id or '…………………………………'}",
        ]  # fmt: skip
        place, office, name, id = (
            self.text(line, 10, font)
            for line, font in zip(lines, (REGULAR, REGULAR, BOLD, REGULAR), strict=True)
        )
        return [Spacer(1, 16), place, office, Spacer(1, 20 * mm), name, id]

    def _table(
        self, rows: list[list[Any]], widths: list[float], *, total: bool = False
    ) -> Table:  # fmt: skip
        right = _style(8.5, alignment=TA_RIGHT)
        cells = [
            [row[0], *(Paragraph(escape(str(cell)), right) for cell in row[1:])] for row in rows[1:]
        ]
        left = _style(8, BOLD, textColor=white)
        end = _style(8, BOLD, textColor=white, alignment=TA_RIGHT)
        head = [Paragraph(escape(cell), end if at else left) for at, cell in enumerate(rows[0])]
        style: list[Any] = [
            ("BACKGROUND", (0, 0), (-1, 0), BRAND), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("FONT", (0, 1), (0, -1), REGULAR, 8.5), ("TEXTCOLOR", (0, 1), (0, -1), INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
            ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]  # fmt: skip
        if total:
            style += [
                ("BACKGROUND", (0, -1), (-1, -1), TINT),
                ("FONT", (0, -1), (0, -1), BOLD, 8.5),
            ]
        return Table([head, *cells], widths, style=style, repeatRows=1)
