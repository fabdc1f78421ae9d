"""A report to take away says the same in every form."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from queue_server.reports import paper, workbook
from queue_server.reports.document import Document, cells, document
from queue_server.reports.query import Dimension, Figures, Query, Row, Spread
from queue_server.tables import to_csv

FONTS = Path(__file__).parents[2] / "static" / "fonts"
SPREAD = Spread(4, 90_000, 60_000, 150_000, 180_000, 180_000)
NASTY = '=HYPERLINK("http://x")'


def made(by: Dimension = "agency", language: str = "en") -> Document:
    rows = tuple(
        Row(key=key, issued=1200, served=4, calls=5, done=4, promised=4, kept=3, waiting=SPREAD)
        for key in ("a", "b")
    )
    query = Query(first="2026-11-02", last="2026-11-30", by=by)
    total = Row(issued=2400, served=8, calls=10, done=8, promised=8, kept=6, waiting=SPREAD)
    return document(
        Figures(query, rows, total, 20, 9), lambda _, key: {"a": NASTY}.get(key, "B & <b>"),
        language, hall="MPP Uji", title="Queue report", period="November 2026", narrowed="Zone A",
    )  # fmt: skip


def test_a_workbook_has_numbers_and_charts() -> None:
    """What is counted is a number, minutes are minutes, names are text and never a formula; the
    total stands below; what the figures mean has a sheet of its own."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.written(made())))
    sheet, meaning = book.worksheets
    head = [cell.value for cell in sheet[5]]
    first = dict(zip(head, (cell.value for cell in sheet[6]), strict=True))
    assert (first["Agency"], sheet["A6"].data_type) == (NASTY, "s")
    assert first["Issued"] == 1200
    assert first["Waiting, median (min)"] == 1
    assert first["As promised"] == 0.75
    assert first["Walking, mean (min)"] is None, "nobody walked: no figure, and no zero"
    assert [cell.value for cell in sheet[8]][:2] == ["Total", 2400]
    assert len(sheet._charts) == 2
    assert meaning["A1"].value == "Waiting"


def test_people_are_listed_by_name_and_not_drawn() -> None:
    """By operator there is a table and no chart: nobody is ranked."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.written(made("operator"))))
    assert book.worksheets[0]._charts == []
    assert [row[0] for row in made("operator").rows] == sorted([NASTY, "B & <b>"])


def test_a_file_for_programs_has_names_that_stay() -> None:
    """The same keys in every language; no cell is a formula."""
    english, indonesian = cells(made()), cells(made(language="id"))
    assert english[0] == indonesian[0]
    line = dict(zip(english[0], english[1], strict=True))
    assert (line["issued"], line["waiting_mean"], line["as_promised"]) == (
        "1200",
        "1.500",
        "0.7500",
    )
    assert line["walking_mean"] == ""
    assert f"'{NASTY}".encode().replace(b'"', b'""') in to_csv(english)


@pytest.mark.parametrize(("by", "language"), [("agency", "id"), ("counter", "en"), ("", "en")])
def test_a_paper_says_it_all(by: Dimension, language: str) -> None:
    """Names as they are, the period, the total, in the language's own numbers; the same twice."""
    made_of = made(by, language)
    data = paper.written(made_of, FONTS)
    assert paper.written(made_of, FONTS) == data
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "November 2026" in said
    assert ("B & <b>" in said) == bool(by)
    assert ("2.400" if language == "id" else "2,400") in said or by == "counter"
    assert "1,5" in said if language == "id" else "1.5" in said
