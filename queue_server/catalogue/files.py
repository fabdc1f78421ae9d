"""The catalogue as files: TOML, a workbook, or CSV files (one, or several in a ZIP)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from .. import tables as csvs
from .. import workbook
from ..core.language import in_language
from .columns import HALL, Column, columns
from .document import KINDS, Document
from .faults import CatalogueError
from .index import parse_document, toml_of
from .reading import Reading, place_of, read
from .sheets import TRANSLATIONS, Table, names, tables
from .succession import succeed
from .words import KIND_NAMES, word

Format = Literal["toml", "xlsx", "zip", "csv"]
FORMATS: tuple[Format, ...] = ("toml", "xlsx", "zip", "csv")
UNPACKED = 32 * 1024 * 1024
"""Bytes of all files in a ZIP together."""
MEMBERS = 50
GUIDE = {"id": "Petunjuk", "en": "Guide"}
WRONG = {
    "empty": {"id": "berkasnya kosong.", "en": "the file is empty"},
    "not_table": {
        "id": "bukan TOML, XLSX, CSV, atau ZIP berisi CSV.",
        "en": "expected TOML, XLSX, CSV, or a ZIP of CSV files",
    },
    "too_many": {
        "id": f"lebih dari {csvs.ROWS} baris atau {csvs.COLUMNS} kolom.",
        "en": f"more than {csvs.ROWS} rows or {csvs.COLUMNS} columns",
    },
    "too_large": {"id": "terlalu besar untuk dibaca.", "en": "too large to read"},
    "suffix": {
        "id": "akhiri namanya dengan .toml, .xlsx, .zip, atau .csv.",
        "en": "expected a name that ends in .toml, .xlsx, .zip or .csv",
    },
    "which": {
        "id": "namai berkas CSV menurut lembarnya (services.csv) agar jelas apa isinya.",
        "en": "name a CSV file after its sheet (services.csv), so that it is clear what it holds",
    },
}


class FileError(CatalogueError):
    """A file that is none of a catalogue. `code` is a key of `WRONG`, or "toml" with a reason."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(reason or WRONG[code]["en"])
        self.code = code
        self.reason = reason

    def sentence(self, language: str) -> str:
        """What is wrong with it, and what to do."""
        return self.reason or in_language(WRONG[self.code], language)


def format_of(name: str) -> Format:
    """The format that a file's name says. Raises FileError."""
    suffix = name.rpartition(".")[2].casefold()
    for format in FORMATS:
        if format == suffix:
            return format
    raise FileError("suffix")


# Writing ----------------------------------------------------------------------------------------


def write(
    document: Document, format: Format, stem: str = "", language: str = "id",
    languages: tuple[str, ...] = (),
) -> bytes:  # fmt: skip
    """The document as a file. Of CSV the file's name says which sheet. Blocks: for a thread.

    Raises FileError.
    """
    if format == "toml":
        return toml_of(document).encode()
    found = tables(document, languages)
    if format == "xlsx":
        return _xlsx(found, language)
    if format == "zip":
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
            for one in found:
                # A date of its own, so that the same catalogue is the same file.
                name = zipfile.ZipInfo(f"{one.name}.csv", (2026, 1, 1, 0, 0, 0))
                packed.writestr(name, csvs.to_csv([one.header, *one.rows]), zipfile.ZIP_DEFLATED)
        return data.getvalue()
    for one in found:
        if one.name == stem:
            return csvs.to_csv([one.header, *one.rows])
    raise FileError("which")


def _xlsx(found: tuple[Table, ...], language: str) -> bytes:
    import xlsxwriter  # takes a while to load, and few ask for it

    data = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(data, safe) as book:
        bold = book.add_format({"bold": True, "bg_color": "#e3eef7", "border": 1})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        guide = book.add_worksheet(GUIDE.get(language, GUIDE["id"]))
        for column, width in enumerate((26, 24, 28, 70)):
            guide.set_column(column, column, width, text)
        for number, row in enumerate(_guide(found, language)):
            for at, cell in enumerate(row):
                guide.write_string(number, at, cell, bold if number == 0 else text)
        guide.freeze_panes(1, 0)
        for one in found:
            sheet = book.add_worksheet(one.name)
            for at, key in enumerate(one.header):
                longest = max([len(key), *(len(line) for row in one.rows[:200]
                                           for line in row[at].splitlines())])  # fmt: skip
                sheet.set_column(at, at, min(max(longest + 2, 8), 48), text)
                sheet.write_string(0, at, key, bold)
                choices = _choices(one, key)
                if choices:
                    rule = {"validate": "list", "source": choices, "ignore_blank": True}
                    sheet.data_validation(1, at, max(len(one.rows), 1) + 200, at, rule)
            for number, row in enumerate(one.rows, 1):
                for at, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, at, cell, text)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(1, len(one.rows)), len(one.header) - 1)
    return data.getvalue()


def _choices(table: Table, key: str) -> list[str]:
    column = _column(table, key)
    if column is None:
        return []
    if column.shape == "flag":
        return ["ya", "tidak"]
    return list(column.known) if column.shape == "choice" else []


def _column(table: Table, key: str) -> Column | None:
    kind, _, part = table.name.partition(".")
    if kind not in KINDS and kind != HALL:
        return None
    found = columns(kind)
    if part:
        found = next(one.rows for one in found if one.key == part)
    return next((one for one in found if one.key == key), None)


def _guide(found: tuple[Table, ...], language: str) -> list[tuple[str, ...]]:
    """What every column is for: the workbook's first sheet."""
    indonesian, in_english = (
        ("Lembar", "Kolom", "Nama", "Isinya"), ("Sheet", "Column", "Name", "What goes in it"),
    )  # fmt: skip
    rows: list[tuple[str, ...]] = [in_english if language == "en" else indonesian]
    for table in found:
        kind, _, part = table.name.partition(".")
        if table.name == TRANSLATIONS:
            said = KIND_NAMES[TRANSLATIONS].of(language)
            rows.append((table.name, ", ".join(table.header), said, ""))
            continue
        for key in table.header:
            named = word(part or kind, key)
            rows.append((table.name, key, named.name.of(language), named.hint.of(language)))
    return rows


# Reading ----------------------------------------------------------------------------------------


def load(data: bytes, name: str, before: Document) -> Reading:
    """What a file makes of the document before it. Blocks: for a thread. Raises FileError."""
    if not data.strip():
        raise FileError("empty")
    if data.startswith(b"PK\x03\x04"):
        return read(_packed(data), before)
    if name.casefold().endswith(".toml"):
        return _toml(data, before)
    try:
        rows = csvs.read(data)
    except csvs.TableError as error:
        raise FileError(error.code) from None
    return read({_sheet_of(name, rows): rows}, before)


def _toml(data: bytes, before: Document) -> Reading:
    try:
        document = parse_document(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, CatalogueError) as error:
        raise FileError("toml", str(error)) from None
    document = succeed(before, document)
    return Reading(document, tuple(place_of(document)))


def _packed(data: bytes) -> dict[str, list[list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            if any(one.filename == "[Content_Types].xml" for one in members):
                return _workbook(data)
            if len(members) > MEMBERS or sum(one.file_size for one in members) > UNPACKED:
                raise FileError("too_large")
            return {_stem(one.filename): csvs.read(packed.read(one)) for one in members}
    except csvs.TableError as error:
        raise FileError(error.code) from None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise FileError("not_table") from None


def _workbook(data: bytes) -> dict[str, list[list[str]]]:
    try:
        found = workbook.named_sheets(data)
    except workbook.WorkbookError as error:
        raise FileError("too_large" if error.too_large else "not_table") from None
    for rows in found.values():
        if len(rows) > csvs.ROWS or any(len(row) > csvs.COLUMNS for row in rows):
            raise FileError("too_many")
    return found


def _stem(name: str) -> str:
    """services.csv, services (1).csv, x/Services.CSV: services."""
    return re.sub(r"( ?\(\d+\))?\.csv$", "", name.rpartition("/")[2].casefold())


def _sheet_of(name: str, rows: list[list[str]]) -> str:
    """Which sheet a CSV file holds: its name says it, or else its columns."""
    known = {one.casefold(): one for one in names()}
    if _stem(name) in known:
        return known[_stem(name)]
    header = {cell.strip() for cell in next((row for row in rows if any(row)), []) if cell.strip()}
    fit = [kind for kind in KINDS if "id" in header and header <= {x.key for x in columns(kind)}]
    if len(fit) != 1:
        raise FileError("which")
    return fit[0]
