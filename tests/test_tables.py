"""Tables in and out: nothing in them is a formula, nothing in them breaks the reader."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server import tables, workbook
from queue_server.survey.sheet import SheetError
from queue_server.survey.sheet import read as read_survey

CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).map(
    lambda text: text.replace("\N{NO-BREAK SPACE}", " ").strip()
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5))
def test_csv_comes_back_as_it_went(rows: list[list[str]]) -> None:
    """Whatever is in it; with a first row that tells the delimiter."""
    data = tables.to_csv([["a", "b", "c"], *rows])
    wanted = [[cell.removeprefix("'") if cell[1:2] in FORMULAS else cell for cell in row]
              for row in rows]  # fmt: skip
    assert tables.read(data)[1:] == wanted
    for line in data.decode("utf-8-sig").splitlines()[1:]:
        assert not line.startswith(tables.FORMULA)


FORMULAS = tuple("=+-@")


@pytest.mark.parametrize("text", ["=1+1", "+62", "-x", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(text: str) -> None:
    """In a workbook it is text; in CSV a `'` stands before it, and is taken away again."""
    data = tables.to_xlsx("Uji", [["a"], [text]], [10])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cell = sheet["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert tables.read(data) == [["a"], [text]]
    assert tables.read(tables.to_csv([["a"], [text]])) == [["a"], [text]]
    assert f"'{text[:2]}" in tables.to_csv([["a"], [text]]).decode("utf-8-sig").replace('"', "")


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("a;b\n1;2,5\n".encode("utf-8-sig"), [["a", "b"], ["1", "2,5"]]),
        (b"a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
        ("kota,é\n".encode("cp1252"), [["kota", "é"]]),
        ("a,b\n".encode("utf-16"), [["a", "b"]]),
        (b'a,b\n"x\ny",2\n', [["a", "b"], ["x\ny", "2"]]),
    ],
)
def test_what_excel_writes_is_read(data: bytes, rows: list[list[str]]) -> None:
    """Semicolons, tabs, ANSI, UTF-16, line breaks in a cell."""
    assert tables.read(data) == rows


def refused(data: bytes) -> str:
    with pytest.raises(tables.TableError) as found:
        tables.read(data)
    return found.value.code


def test_what_is_no_table_is_refused() -> None:
    """Nothing, other data, a broken workbook, too many rows or columns."""
    assert refused(b"") == "empty"
    assert refused(b"\0\1") == "not_table"
    assert refused(b"PK\x03\x04 broken") == "not_table"
    assert refused(b"x\n" * (tables.ROWS + 1)) == "too_many"
    assert refused(b"," * (tables.COLUMNS + 1)) == "too_many"
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    assert refused(empty.getvalue()) == "empty"


HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def packed(sheet: str) -> bytes:
    """A workbook whose only sheet is this XML."""
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.save(data)
    made = io.BytesIO()
    with (
        zipfile.ZipFile(data) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            ours = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, sheet if ours else old.read(name))
    return made.getvalue()


def cell(name: str, text: str) -> str:
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    "sheet",
    [
        f'{HEAD}<row r="1">{cell("A1", "kode")}</row>'
        f'<row r="1048576">{cell("XFD1048576", "4")}</row></sheetData></worksheet>',
        f'{HEAD}<row r="1">{cell("A1", " " * (workbook.MEMORY // 2))}</row>'
        "</sheetData></worksheet>",
    ],
    ids=["far-apart", "unpacks"],
)
def test_a_small_file_that_asks_for_much_memory_is_refused(sheet: str) -> None:
    """Cells that lie far apart, texts that unpack to gigabytes: the reader of a workbook is a
    process of its own, and what it is aborted with ends nobody else."""
    data = packed(sheet)
    assert len(data) < 8_000_000
    assert refused(data) == "too_large"
    with pytest.raises(SheetError, match="too large"):
        read_survey(data)


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [tables.letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
