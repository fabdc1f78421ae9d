"""Tables as people keep them: reading CSV and XLSX, writing both so that no cell is a formula.

Reading is forgiving of what Excel does: a byte order mark, semicolons, tabs, ANSI. A workbook's
first sheet with anything in it is the table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from . import workbook

ROWS = 20_000
COLUMNS = 100
DELIMITERS = ",;\t"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


class TableError(ValueError):
    """A file that is no table. `code` is stable: empty, not_table, too_many, too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(data: bytes) -> list[list[str]]:
    """The rows as texts, empty ones included. Raises TableError. Blocks: for a thread."""
    if not data:
        raise TableError("empty")
    rows = _workbook(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    if len(rows) > ROWS or any(len(row) > COLUMNS for row in rows):
        raise TableError("too_many")
    return rows


def to_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, so that Excel reads it; what would be a formula begins with `'`."""
    text = io.StringIO()
    csv.writer(text).writerows([[_plain(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(name: str, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bytes:
    """One sheet whose first row stays in sight; every cell is text. Blocks: for a thread."""
    import xlsxwriter  # takes a while to load, and few ask for it

    data = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(data, safe) as book:
        sheet, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width, text)
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                sheet.write_string(number, at, cell, bold if number == 0 else text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows) - 1), len(widths) - 1)
    return data.getvalue()


def letters(at: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    found, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def _csv(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise TableError("not_table") from None
    return [[_text(cell) for cell in row] for row in rows]


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise TableError("not_table")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _workbook(data: bytes) -> list[list[str]]:
    try:
        found = workbook.sheets(data)
    except workbook.WorkbookError as error:
        raise TableError("too_large" if error.too_large else "not_table") from None
    for rows in found:
        if rows:
            return [[_text(cell) for cell in row] for row in rows]
    raise TableError("empty")


def _text(value: str) -> str:
    """A cell as it would be typed; the `'` that keeps it from being a formula is taken away."""
    text = workbook.text(value)
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
