"""A report as XLSX: numbers that are numbers, a total, two charts; no cell is a formula of
anybody's words."""

from __future__ import annotations

import io
from typing import Any

from .document import Column, Document, Value

BRAND, TINT = "#0b4a7a", "#e3eef7"
FORMATS = {"text": "@", "count": "#,##0", "minutes": "#,##0.0", "share": "0 %"}
CHARTED = 60
"""Groups that a chart shows; the table has all."""
HEAD = 4
"""Rows above the table's own head."""


def written(document: Document) -> bytes:
    """The workbook. Blocks for a moment: for a thread."""
    import xlsxwriter  # takes a while to load, and few ask for it

    data = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, safe) as book:
        book.set_properties({"title": document.title, "author": document.hall})
        _table(book, document)
        _definitions(book, document)
    return data.getvalue()


def _table(book: Any, document: Document) -> None:
    sheet = book.add_worksheet(_named(document.title))
    head = book.add_format(
        {"bold": True, "bg_color": BRAND, "font_color": "white", "text_wrap": True,
         "valign": "vcenter", "border": 1}
    )  # fmt: skip
    sheet.write_string(0, 0, document.title, book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, f"{document.hall} · {document.period}")
    sheet.write_string(2, 0, document.narrowed)
    for at, column in enumerate(document.columns):
        sheet.write_string(HEAD, at, column.label, head)
        sheet.set_column(at, at, 34 if column.kind == "text" else 12)
    sheet.set_row(HEAD, 60)
    formats = [book.add_format({"num_format": FORMATS[x.kind]}) for x in document.columns]
    strong = [
        book.add_format({"num_format": FORMATS[x.kind], "bold": True, "bg_color": TINT, "top": 1})
        for x in document.columns
    ]
    for number, row in enumerate(document.rows, HEAD + 1):
        _row(sheet, number, row, document.columns, formats)
    last = HEAD + len(document.rows)
    _row(sheet, last + 1, document.total, document.columns, strong)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.autofilter(HEAD, 0, last, len(document.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    if document.rows and document.drawn:
        _charts(book, sheet, document, last)


def _row(
    sheet: Any, at: int, row: tuple[Value, ...], columns: tuple[Column, ...], formats: list[Any]
) -> None:
    for place, value in enumerate(row):
        if value is None:
            sheet.write_blank(at, place, None, formats[place])
        elif isinstance(value, str):
            sheet.write_string(at, place, value, formats[place])
        else:
            sheet.write_number(at, place, value, formats[place])


def _charts(book: Any, sheet: Any, document: Document, last: int) -> None:
    """Below the table: how many, and how long they waited."""
    end = min(last, HEAD + CHARTED)
    keys = [column.key for column in document.columns]
    counted = "issued" if "issued" in keys else "calls"
    pictures = (("column", (counted, "done")), ("line", ("waiting_median", "waiting_p90")))
    for place, (kind, shown) in enumerate(pictures):
        chart = book.add_chart({"type": kind})
        for key in shown:
            at = keys.index(key)
            chart.add_series({
                "name": [sheet.name, HEAD, at],
                "categories": [sheet.name, HEAD + 1, 0, end, 0],
                "values": [sheet.name, HEAD + 1, at, end, at],
            })  # fmt: skip
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 760, "height": 340})
        sheet.insert_chart(last + 4, 0 if place == 0 else 6, chart)


def _definitions(book: Any, document: Document) -> None:
    sheet = book.add_worksheet(_named(document.defined))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for at, (term, said) in enumerate(document.definitions):
        sheet.write_string(at, 0, term, bold)
        sheet.write_string(at, 1, said, wrapped)


def _named(text: str) -> str:
    """What a sheet may be called."""
    return "".join(one for one in text if one not in r"[]:*?/\'")[:31] or "-"
