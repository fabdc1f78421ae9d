"""`antrean skm`: forgiving tables, strict scores; the program as a process."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
import xlsxwriter

from queue_server.survey import sheet
from queue_server.survey.elements import CODES
from queue_server.survey.sheet import SheetError, read

from ..hall import antrean

BANTUL = (331, 335, 349, 393, 345, 339, 339, 376, 335)


def respondents(sums: tuple[int, ...], count: int, seed: int = 1) -> list[list[int]]:
    """Rows whose columns have these sums: a published report, taken apart into people."""
    chance = random.Random(seed)
    columns = []
    for total in sums:
        column = [total // count + (at < total % count) for at in range(count)]
        chance.shuffle(column)
        columns.append(column)
    return [list(row) for row in zip(*columns, strict=True)]


def as_csv(head: list[str], rows: list[list[object]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue().encode()


def as_xlsx(path: Path, head: list[str], rows: list[list[int]], above: int = 0) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Keterangan").write(0, 0, "Dinas Pertanahan")
        page = book.add_worksheet("Data")
        for at, row in enumerate([head, *rows]):
            page.write_row(at + above, 0, row)
    return path


async def test_a_published_report_from_its_respondents(tmp_path: Path) -> None:
    """Bantul 2023 as a hundred people, CSV and XLSX, in another order of columns: 87.28 B."""
    rows = respondents(BANTUL, 100)
    order = random.Random(2).sample(range(9), 9)
    head = ["No", *(CODES[at].title() for at in order)]
    shuffled = [[number, *(row[at] for at in order)] for number, row in enumerate(rows, 1)]
    table = tmp_path / "bantul.csv"
    table.write_bytes(as_csv(head, shuffled, ";"))
    book = as_xlsx(tmp_path / "bantul.xlsx", head, shuffled, above=3)
    for file in (table, book):
        code, out, err = await antrean("skm", str(file), "--json")
        said = json.loads(out)
        assert (code, err) == (0, "")
        assert (said["index"], said["grade"], said["weights"]) == ("87.28", "B", "exact")
        assert said["respondents"] == 100
        assert list(said["elements"]) == list(CODES)
        assert said["elements"]["biaya"]["average"] == 3.93
        assert set(said["elements"]["biaya"]) >= {"average", "weighted", "grade"}
    code, out, _ = await antrean("skm", str(table), "--weights", "0.11")
    assert code == 0
    assert "index 86.41  grade B" in out  # 31.42 x 0.11 x 25 = 86.405


async def test_a_wrong_cell_is_named_in_one_line(tmp_path: Path) -> None:
    """Exit 2 and one line: file, row, column, cell; nothing on stdout."""
    file = tmp_path / "salah.csv"
    file.write_text("nama,persyaratan,waktu\nx,4,3\ny,4,5\n")
    code, out, err = await antrean("skm", str(file))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert all(part in err for part in ("salah.csv", "row 3", "column waktu", "C3", "'5'"))
    file.write_text("nama,umur\nx,4\n")
    code, out, err = await antrean("skm", str(file), "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "persyaratan" in err
    code, _, err = await antrean("skm", str(tmp_path / "tidak-ada.csv"))
    assert (code, err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffPersyaratan;WAKTU\r\n4;3\r\n;\r\n",
        'sep=;\n"persyaratan "; waktu ;Catatan\n4,0;3;"a;b"\n',
        "Laporan Triwulan IV\n\nNo\tNama\tpersyaratan\twaktu\n1\tA\t4\t3.0\n",
        "persyaratan,waktu\n 4 , 3\n",
        '"persyaratan","waktu","saran"\n"4","3","baris\nkedua"\n',
    ],
)
def test_what_is_forgiven(text: str) -> None:
    """Marks, separators, title lines, blanks, decimal commas and columns of others."""
    found = read(text.encode())
    assert [one.scores for one in found.respondents] == [{"persyaratan": 4, "waktu": 3}]
    assert not found.faults


@pytest.mark.parametrize("value", ["0", "5", "3.5", "-1", "44", "²", "empat", "1e0", "٣", "4 4"])
def test_what_is_no_score(value: str) -> None:
    """Anything but 1 to 4 is a fault of its cell, and the rest is read on."""
    found = read(f"prosedur,waktu\n4,4\n{value},2\n".encode())
    (fault,) = found.faults
    assert (fault.row, fault.column, fault.cell) == (3, "prosedur", "A3")
    assert value in fault.sentence("id")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "found none"),
        (b"u1,u2,u8\n4,4,4\n", "two official orders"),
        (b"waktu,biaya,Waktu\n4,4,4\n", "twice"),
        (b"PK\x03\x04 broken", "workbook"),
        (b"\0\1\2", "CSV or XLSX"),
        (b'waktu\n"4' + b"x" * 200_000, "CSV"),
    ],
)
def test_what_is_no_table(data: bytes, reason: str) -> None:
    """One line that says what to correct."""
    with pytest.raises(SheetError, match=reason) as caught:
        read(data)
    assert "\n" not in str(caught.value)


def test_unanswered_is_counted_by_element() -> None:
    """Empty cells count for nobody; a row without answers is no questionnaire."""
    found = read(b"nama,waktu,biaya\na,4,\nb,,2\nc,,\n,,\n")
    assert [one.scores for one in found.respondents] == [{"waktu": 4}, {"biaya": 2}]
    assert found.empty == 1


def test_respondents_describe_themselves() -> None:
    """Known words are kept as codes, an age as its band; others are dropped."""
    text = "waktu,Jenis Kelamin,Umur,Pendidikan,Pekerjaan\n4,Perempuan,61,S1,astronaut\n"
    (one,) = read(text.encode()).respondents
    assert one.traits == {"kelamin": "p", "usia": "u60", "pendidikan": "s1"}
    assert [sheet.age_band(age) for age in (17, 18, 25, 26, 59, 60)] == [
        "u17", "u25", "u25", "u40", "u59", "u60",
    ]  # fmt: skip
