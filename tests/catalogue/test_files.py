"""The catalogue as TOML, workbook and CSV files: there and back, and every bad cell by its name."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.catalogue import Catalogue, Document, files
from queue_server.catalogue.checking import faults
from queue_server.catalogue.comparing import differences
from queue_server.catalogue.reading import read
from queue_server.catalogue.sheets import tables
from tests.counters.kit import CATALOGUE as SMALL
from tests.hall import catalogue

from .documents import documents, same

MALL = catalogue().document
EMPTY = Document(MALL.name, (), (), (), ())
QUIET = settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))


@given(documents())
@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
def test_every_document_comes_back_from_its_tables(document: Document) -> None:
    """Each value in its cell, also onto a catalogue that has other things in it."""
    assert not list(faults(document))
    sheets = {one.name: [one.header, *one.rows] for one in tables(document)}
    for before in (EMPTY, document):
        reading = read(sheets, before)
        assert not reading.faults, [(x.cell, x.fault.line()) for x in reading.faults]
        assert same(reading.document, document)


@given(documents())
@QUIET
def test_every_document_comes_back_from_toml_and_csv(document: Document) -> None:
    """Also where a text looks like a formula."""
    for format in ("toml", "zip"):
        data = files.write(document, format)
        assert same(files.load(data, f"x.{format}", EMPTY).document, document)


@given(documents())
@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
def test_every_document_comes_back_from_a_workbook(document: Document) -> None:
    """Read by the process of its own that uploads are read by."""
    assert same(files.load(files.write(document, "xlsx"), "x.xlsx", EMPTY).document, document)


CELLS = st.sampled_from(
    ["", "imigrasi", "tax", "1", "a", "ya", "x y", "-1", "99999999999999999999", "1e3", "=1",
     "a = b", "08:00-10:00", "2026-13-45", "²", "monday", "friday =", "\n", "\x00", "#0b4a7a"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["id", "retired", "text", "en", "name.jv", "nonsense", "agency", "",
     *(key for table in tables(MALL) for key in table.header)]
)  # fmt: skip
SHEETS = st.dictionaries(
    st.sampled_from([*(one.name for one in tables(MALL)), "Services", "other"]),
    st.tuples(st.lists(KEYS, max_size=8), st.lists(st.lists(CELLS, max_size=9), max_size=4)).map(
        lambda found: [found[0], *found[1]]
    ),
    max_size=4,
)
"""Sheets as nobody should write them."""


@given(SHEETS)
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
def test_whatever_stands_in_the_cells_is_read_or_told(sheets: dict[str, list[list[str]]]) -> None:
    """Nothing but faults with sentences comes of it; without faults the outcome is sound."""
    reading = read(sheets, SMALL.document)
    for one in reading.faults:
        assert one.fault.sentence("id")
        assert one.fault.line()
    if not reading.faults:
        Catalogue(reading.document)


def test_no_cell_of_a_file_is_a_formula() -> None:
    """What begins as one stays text in the workbook, and is marked in CSV."""
    service = replace(MALL.services[0], product="=HYPERLINK(A1)", complaints="@SUM(1)")
    document = replace(MALL, services=(service, *MALL.services[1:]))
    book = openpyxl.load_workbook(io.BytesIO(files.write(document, "xlsx")))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}  # texts, and empty cells
    text = files.write(document, "csv", "services").decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'@SUM" in text


PLANTED: list[tuple[str, str, str, Any, str]] = [
    ("services", "paspor", "agency", "imigrsi", "unknown"),
    ("services", "slhs-pangan", "prefix", "pl", "bad_prefix"),
    ("services", "skck", "prefix", "A", "twice"),
    ("services", "skkh", "duration.minutes", "tiga puluh", "number"),
    ("services", "ak1", "popular", "mungkin", "flag"),
    ("services", "kia", "name.en", None, "empty"),
    ("services", "ikd", "booking.quota", 5000, "range"),
    ("services", "slf", "booking.closed", "24-12-2026", "date"),
    ("counters", "1", "services", "ktp-el-rekam, ktp-hilang", "unknown"),
    ("counters", "2", "place", "bilik", "choice"),
]
"""Ten faults of people: sheet, row's id, column, what was typed, and what it is called."""


def planted(document: Document) -> tuple[bytes, dict[tuple[str, str], tuple[str, str]]]:
    """A workbook with the faults in it, and each one's cell with its code and id."""
    book = openpyxl.load_workbook(io.BytesIO(files.write(document, "xlsx")))
    cells: dict[tuple[str, str], tuple[str, str]] = {}
    for name, id, key, typed, code in PLANTED:
        sheet = book[name]
        header = [cell.value for cell in sheet[1]]
        row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == id)
        cell = row[header.index(key)]
        cell.value = typed
        cells[(name, cell.coordinate)] = (code, id)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue(), cells


def test_ten_planted_faults_of_260_rows_are_each_named_by_their_cell() -> None:
    """By sheet and cell, with the remedy in both languages, and no false alarm beside them."""
    data, cells = planted(MALL)
    assert len(MALL.services) == 260
    reading = files.load(data, "mal.xlsx", MALL)
    found = {(x.sheet, x.cell): (x.fault.code, x.fault.id) for x in reading.faults}
    assert found == cells
    assert {x.fault.sentence("id") for x in reading.faults}.isdisjoint(
        x.fault.sentence("en") for x in reading.faults
    )


def test_a_corrected_file_shows_exactly_its_changes() -> None:
    """Added, changed field by field, retired: and nothing else."""
    book = openpyxl.load_workbook(io.BytesIO(files.write(MALL, "xlsx")))
    sheet = book["services"]
    header = [cell.value for cell in sheet[1]]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    rows["paspor"][header.index("cost.rupiah")].value = "Rp650.000"
    for cell, typed in zip(rows["skkh"], ["cek-hewan", "dkp", "ZZZ", "Cek hewan"], strict=False):
        cell.value = typed if header[cell.column - 1] in ("id", "prefix", "name.id") else cell.value
    rows["skkh"][header.index("prefix")].value = "ZZZ"
    counters = book["counters"]
    at = [cell.value for cell in counters[1]].index("services")
    giver = next(row[at] for row in counters.iter_rows(min_row=2) if "skkh" in row[at].value)
    giver.value += ", cek-hewan"
    data = io.BytesIO()
    book.save(data)
    reading = files.load(data.getvalue(), "mal.xlsx", MALL)
    assert not reading.faults, [(x.cell, x.fault.line()) for x in reading.faults]
    changed = {(x.kind, x.id, x.act) for x in differences(MALL, reading.document)}
    counter = next(x.id for x in differences(MALL, reading.document) if x.kind == "counters")
    assert changed == {
        ("services", "paspor", "changed"), ("services", "cek-hewan", "added"),
        ("services", "skkh", "retired"), ("counters", counter, "changed"),
    }  # fmt: skip
    (paspor,) = (x for x in differences(MALL, reading.document) if x.id == "paspor")
    assert [(x.key, x.after) for x in paspor.cells] == [("cost.rupiah", "650000")]
    named = Catalogue(reading.document)
    assert "skkh" not in named.services
    assert named.named.services["skkh"] == replace(
        next(one for one in MALL.services if one.id == "skkh"), retired=True
    )


def test_one_sheet_alone_leaves_the_others_as_they_are() -> None:
    """A CSV file by its name, or by its columns; a column that isn't there changes nothing."""
    data = b"id;popular\npaspor;tidak\n" + b"\n".join(
        one.id.encode() + b";" + (b"ya" if one.popular else b"") for one in MALL.services
        if one.id != "paspor"
    )  # fmt: skip
    for name in ("Services (2).csv", "whatever.csv"):
        reading = files.load(data, name, MALL)
        assert not reading.faults
        (one,) = (x for x in differences(MALL, reading.document) if x.act != "moved")
        assert (one.id, [cell.key for cell in one.cells]) == ("paspor", ["popular"])


def test_what_is_no_catalogue_is_refused_with_a_reason() -> None:
    """Empty, broken, unknown sheets and columns, too much: told, never a traceback."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bomb:
        bomb.writestr("services.csv", b"0" * (files.UNPACKED + 1), zipfile.ZIP_DEFLATED)
    for data, name, code in (
        (b"", "x.csv", "empty"), (b"name = ", "x.toml", "toml"),
        (b"PK\x03\x04", "x.xlsx", "not_table"),
        (b"a,b\n1,2\n", "x.csv", "which"), (b"\0\0", "x.csv", "not_table"),
        (packed.getvalue(), "x.zip", "too_large"),
    ):  # fmt: skip
        with pytest.raises(files.FileError) as error:
            files.load(data, name, MALL)
        assert error.value.code == code
    reading = files.load(b"id,names\npaspor,x\n", "services.csv", MALL)
    assert [(x.cell, x.fault.code) for x in reading.faults if x.sheet == "services"] == [
        ("B1", "column")
    ]
