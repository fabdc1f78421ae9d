"""A report on A4, lying: the figures that a table of that width can carry, a chart, definitions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from babel.numbers import format_decimal, format_percent
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from ..woff import to_truetype
from .document import Document, Kind, Value

BRAND, INK, QUIET, RULE = map(HexColor, ("#0b4a7a", "#0e1f2f", "#4a5a69", "#cfd8e0"))
TINT = HexColor("#e3eef7")
SIZE = landscape(A4)
WIDTH = SIZE[0] - 30 * mm
REGULAR, BOLD = "Atkinson", "Atkinson-Bold"
SHOWN = (
    "issued", "served", "no_show", "cancelled", "calls", "done", "waiting_mean", "waiting_median",
    "waiting_p90", "walking_median", "service_mean", "service_median", "service_p90",
    "visit_median", "as_promised",
)  # fmt: skip
"""The columns that fit; the workbook has all."""
FIRST, CHARTED = 52 * mm, 31
"""The names' column, and how many groups a chart shows."""


def written(document: Document, fonts: Path) -> bytes:
    """The paper; `fonts` is the folder of the house's fonts. Takes about a second: for a thread."""
    _register(fonts)
    out = io.BytesIO()
    made = SimpleDocTemplate(
        out, pagesize=SIZE, leftMargin=15 * mm, rightMargin=15 * mm, topMargin=14 * mm,
        bottomMargin=16 * mm, title=f"{document.title}, {document.period}", author=document.hall,
        invariant=1,
    )  # fmt: skip

    def foot(canvas: Any, template: Any) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(QUIET)
        canvas.drawString(15 * mm, 9 * mm, f"{document.hall} · {document.period}")
        canvas.drawRightString(SIZE[0] - 15 * mm, 9 * mm, str(template.page))

    made.build(_story(document), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(document: Document) -> list[Any]:
    said = [text(document.title, 18, BOLD, textColor=BRAND), text(document.period, 11, BOLD)]
    if document.narrowed:
        said.append(text(document.narrowed, 9.5, textColor=QUIET))
    return [*said, Spacer(0, 4 * mm), *_chart(document), _table(document), *_definitions(document)]


def _table(document: Document) -> Table:
    places = [0, *(at for at, x in enumerate(document.columns) if x.key in SHOWN)]
    columns = [document.columns[at] for at in places]
    right = {"alignment": TA_RIGHT}
    head = [
        text(x.label, 6.2, BOLD, textColor=white, **({} if x.kind == "text" else right))
        for x in columns
    ]

    def line(row: Sequence[Value], font: str) -> list[Paragraph]:
        return [
            text(
                _cell(row[at], document.columns[at].kind, document.language), 8, font,
                **({} if document.columns[at].kind == "text" else right),
            )
            for at in places
        ]  # fmt: skip

    rows = [head, *(line(row, REGULAR) for row in document.rows), line(document.total, BOLD)]
    rest = (WIDTH - FIRST) / (len(places) - 1)
    table = Table(rows, colWidths=[FIRST, *[rest] * (len(places) - 1)], repeatRows=1)
    table.setStyle([
        ("BACKGROUND", (0, 0), (-1, 0), BRAND), ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
        ("BACKGROUND", (0, -1), (-1, -1), TINT), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ])  # fmt: skip
    return table


def _chart(document: Document) -> list[Any]:
    """How many a group had, where there are so few that names can be read."""
    keys = [column.key for column in document.columns]
    at = keys.index("issued" if "issued" in keys else "calls")
    rows = document.rows
    if not document.drawn or not 2 <= len(rows) <= CHARTED or not any(row[at] for row in rows):
        return []
    drawing = Drawing(WIDTH, 52 * mm)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 10 * mm, 16 * mm, WIDTH - 12 * mm, 34 * mm
    chart.data = [[row[at] for row in rows]]
    chart.bars[0].fillColor, chart.bars[0].strokeColor = BRAND, None
    chart.valueAxis.valueMin = 0
    chart.valueAxis.labels.fontName = chart.categoryAxis.labels.fontName = REGULAR
    chart.valueAxis.labels.fontSize = chart.categoryAxis.labels.fontSize = 7
    chart.categoryAxis.categoryNames = [str(row[0])[:18] for row in rows]
    chart.categoryAxis.labels.angle = 30 if len(rows) > 8 else 0
    chart.categoryAxis.labels.boxAnchor = "ne" if len(rows) > 8 else "n"
    chart.barSpacing, chart.groupSpacing = 0, 4
    drawing.add(chart)
    return [text(document.columns[at].label, 9.5, BOLD), drawing, Spacer(0, 3 * mm)]


def _definitions(document: Document) -> list[Any]:
    said = [text(document.defined, 11, BOLD, spaceBefore=10, spaceAfter=3, textColor=BRAND)]
    for term, meaning in document.definitions:
        words = f"<b>{escape(term)}</b>: {escape(meaning)}"
        said.append(Paragraph(words, _style(8.5)))
    return [KeepTogether(said)]


def _cell(value: Value, kind: Kind, language: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    locale = "en_GB" if language == "en" else "id_ID"
    if kind == "share":
        return str(format_percent(value, locale=locale))
    return str(format_decimal(value, "#,##0.0" if kind == "minutes" else "#,##0", locale=locale))


def text(said: str, size: float, font: str = REGULAR, **more: Any) -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph(escape(said), _style(size, font, **more))


def _style(size: float, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    more.setdefault("textColor", INK)
    return ParagraphStyle("p", fontName=font, fontSize=size, leading=size * 1.3, **more)


@lru_cache(maxsize=4)
def _register(fonts: Path) -> None:
    for name, weight in ((REGULAR, 400), (BOLD, 700)):
        file = fonts / f"atkinson-hyperlegible-latin-{weight}-normal.woff"
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(to_truetype(file.read_bytes()))))
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )
