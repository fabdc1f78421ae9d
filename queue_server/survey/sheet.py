"""Answers in a table: CSV or XLSX, one row a respondent, columns named by element code.

Forgiving where nothing can be misread: case, spaces, accents of Excel (a byte order mark,
semicolons, tabs, `sep=;`), title lines above the header, columns that mean nothing here. Strict
where something can: a score that is none of 1 to 4 is a fault with its cell; a column that comes
twice, a header without any code, and U8/U9 (the two official orders differ there) are refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from .. import workbook
from .elements import CODES, TRAITS

HEADER_WITHIN = 30
"""Rows in which the header is looked for."""
MOST = 200_000
"""Respondents of one file."""
LARGEST = 4 * 1024 * 1024
"""Bytes of a file that comes over the web."""
DELIMITERS = (",", ";", "\t", "|")
WHOLE = re.compile(r"([0-9]{1,9})(?:[.,]0*)?")
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX/ODS and XLS begin."""
Table = Sequence[Sequence[str]]
POSITIONS = re.compile(r"(?:u|unsur|q|p)\s*[-._]?\s*[1-9]")


class SheetError(ValueError):
    """A table that cannot be read; one line that says what to correct."""


class Fault(Struct, frozen=True):
    """A cell that holds no score. `row` counts as spreadsheets do, `cell` is like C7."""

    row: int
    column: str
    cell: str
    found: str

    def sentence(self, language: str = "en") -> str:
        """What is wrong, in one line."""
        if language == "id":
            place = f"baris {self.row}, kolom {self.column} (sel {self.cell})"
            return f"{place}: diharapkan 1, 2, 3, 4, atau kosong; ditemukan {self.found}"
        place = f"row {self.row}, column {self.column} (cell {self.cell})"
        return f"{place}: expected 1, 2, 3, 4 or nothing, found {self.found}"


class Respondent(Struct, frozen=True):
    """A row: its scores, and what it tells of the respondent where the words are known."""

    scores: dict[str, int]
    traits: dict[str, str] = {}


class Sheet(Struct, frozen=True):
    """A table that was read. With faults its respondents are not all of them."""

    columns: tuple[str, ...]
    respondents: tuple[Respondent, ...]
    faults: tuple[Fault, ...]
    empty: int = 0
    """Rows that answer no question: no questionnaires."""


def read(data: bytes) -> Sheet:
    """Read a file's bytes. Raises SheetError when there is no table of answers in it."""
    tables: Sequence[Table] = _workbook(data) if data.startswith(WORKBOOK) else _texts(data)
    best = max(tables, key=lambda table: _header(table)[1], default=())
    start, known = _header(best)
    if not known:
        raise SheetError(_why_none(tables))
    return _respondents(best, start)


def _respondents(table: Table, start: int) -> Sheet:
    columns = _columns(table[start])
    respondents: list[Respondent] = []
    faults: list[Fault] = []
    empty = 0
    for number, row in enumerate(table[start + 1 :], start + 2):
        scores, wrong = _scores(row, number, columns)
        faults += wrong
        if scores:
            respondents.append(Respondent(scores, _traits(row, columns)))
        elif not wrong and any(row):
            empty += 1
        if len(respondents) > MOST:
            raise SheetError(f"expected at most {MOST} respondents")
    asked = tuple(code for code in CODES if code in columns)
    return Sheet(asked, tuple(respondents), tuple(faults), empty)


def _scores(
    row: Sequence[str], number: int, columns: Mapping[str, int]
) -> tuple[dict[str, int], list[Fault]]:
    scores: dict[str, int] = {}
    faults = []
    for code, at in columns.items():
        value = row[at] if at < len(row) else ""
        if code in TRAITS or not value:
            continue
        score = _score(value)
        if score is None:
            found = value[:40]
            faults.append(Fault(number, code, f"{_letters(at)}{number}", repr(found)))
        else:
            scores[code] = score
    return scores, faults


def _score(value: str) -> int | None:
    """A score, or None: 4, 4.0, "4", "4,0" and " 4 " are one."""
    match = WHOLE.fullmatch(value)
    whole = int(match[1]) if match else 0
    return whole if 1 <= whole <= 4 else None


# The header -----------------------------------------------------------------------------------


def _header(table: Table) -> tuple[int, int]:
    """The row that names most elements, and how many."""
    found = [
        sum(_code(value) in CODES for value in row) for row in table[:HEADER_WITHIN]
    ]  # fmt: skip
    known = max(found, default=0)
    return (found.index(known) if known else 0), known


def _columns(header: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, value in enumerate(header):
        code = _code(value)
        if code in columns and code in CODES:
            raise SheetError(f"column {code} comes twice ({_letters(columns[code])} and "
                             f"{_letters(at)}): keep one")  # fmt: skip
        if code in CODES or code in TRAITS:
            columns.setdefault(code, at)
    return columns


SYNONYMS = {
    "jenis kelamin": "kelamin", "sex": "kelamin", "jk": "kelamin", "umur": "usia", "age": "usia",
    "pendidikan terakhir": "pendidikan", "pekerjaan utama": "pekerjaan",
}  # fmt: skip


def _code(value: str) -> str:
    text = re.sub(r"[\s_]+", " ", value.casefold()).strip()
    return SYNONYMS.get(text, text)


def _why_none(tables: Sequence[Table]) -> str:
    wanted = f"expected columns named by element code ({', '.join(CODES)})"
    heads = [value for table in tables for row in table[:HEADER_WITHIN] for value in row]
    if any(POSITIONS.fullmatch(_code(value)) for value in heads):
        return (
            f"{wanted}, found positions: U8 and U9 stand in two official orders, "
            "so name the columns by code"
        )
    return f"{wanted}, found none"


def _traits(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """What is known of the respondent; words of others are nobody's."""
    found = {}
    for code, trait in TRAITS.items():
        at = columns.get(code)
        said = row[at].casefold() if at is not None and at < len(row) else ""
        for choice in trait.choices if said else ():
            names = (choice.code, choice.label.id.casefold(), choice.label.en.casefold())
            if said in names or said.replace("-", "") == choice.label.id.casefold().replace(
                "-", ""
            ):
                found[code] = choice.code
        if code == "usia" and code not in found and said.isascii() and said.isdecimal():
            found[code] = age_band(int(said[:4]))
    return found


def age_band(years: int) -> str:
    """The band of an age: nothing finer is kept."""
    return next((b for most, b in ((17, "u17"), (25, "u25"), (40, "u40"), (59, "u59"))
                 if years <= most), "u60")  # fmt: skip


# Files ----------------------------------------------------------------------------------------


def _texts(data: bytes) -> list[list[list[str]]]:
    """The table as each delimiter would have it."""
    text = _decoded(data)
    tables = []
    for delimiter in DELIMITERS:
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            tables.append([[workbook.text(cell) for cell in row] for row in rows])
        except csv.Error as error:
            raise SheetError(f"not readable as CSV: {error}") from None
    return tables


def _decoded(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else what Excel calls ANSI."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise SheetError("expected a CSV or XLSX file, found other data")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _workbook(data: bytes) -> Sequence[Table]:
    try:
        return workbook.sheets(data)
    except workbook.WorkbookError as error:
        raise SheetError(f"not readable as a workbook: {error}") from None


def _letters(at: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
