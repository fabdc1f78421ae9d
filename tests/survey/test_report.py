"""The report: small groups stay hidden, and its files say the same index again."""

from __future__ import annotations

import io
import random
from datetime import date
from pathlib import Path

import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.catalogue import Text
from queue_server.core.plan import Hours
from queue_server.promises import Complaints
from queue_server.survey import clocks, csv_file, pdf_file, sheet, xlsx_file
from queue_server.survey.clocks import clock
from queue_server.survey.elements import CODES
from queue_server.survey.index import Tally, index, tally
from queue_server.survey.periods import choices, period, quarter_of
from queue_server.survey.report import Cell, Names, Report, Rules, Share, Voice, compose, hidden
from queue_server.survey.signatory import Signatory
from queue_server.survey.view import view

FONTS = Path(__file__).parents[2] / "static" / "fonts"
NAMES = Names(*(lambda id: Text(f"{id} id", f"{id} en"),) * 3)
WEEK = Hours(week=(*((((480, 900),),) * 5), (), ()))


def people(count: int, seed: int) -> Tally:
    chance = random.Random(seed)
    return tally([{code: chance.randint(1, 4) for code in CODES} for _ in range(count)])


def report(*sizes: tuple[str, str, int], rules: Rules = Rules()) -> Report:
    """A quarter with groups of (agency, service, respondents)."""
    cells = [
        Cell(service, agency, "1", f"2026-{10 + at % 3}", people(count, at))
        for at, (agency, service, count) in enumerate(sizes)
    ]
    voices = [Voice("complaint", '=HYPERLINK("x") AC panas', "Sudah diperbaiki")]
    return compose(
        period("2026-q4"), "MPP Uji", rules, cells, NAMES, population=260,
        profile=[Share("kelamin", "p", 7)], voices=voices,
    )  # fmt: skip


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 12)), st.integers(1, 6))
def test_what_is_hidden_is_no_small_group(sizes: dict[str, int], least: int) -> None:
    """Every small group is hidden; together the hidden are nobody, or enough, or everybody."""
    dark = hidden(sizes, least)
    assert dark >= {name for name, size in sizes.items() if 0 < size < least}
    together = sum(sizes[name] for name in dark)
    everybody = {name for name, size in sizes.items() if size}
    assert together == 0 or together >= least or dark == everybody
    if all(size == 0 or size >= least for size in sizes.values()):
        assert not dark


def test_small_groups_are_counted_and_not_shown() -> None:
    """A service of three hides its neighbour too: the agency's sum would tell it."""
    found = report(("dukcapil", "ktp", 40), ("dukcapil", "kia", 3), ("dukcapil", "kk", 9),
                   ("imigrasi", "paspor", 6), ("imigrasi", "ganti", 7))  # fmt: skip
    shown = {line.id: line.index for line in found.services}
    assert shown["ktp"]
    assert (shown["kia"], shown["kk"]) == ("", "")
    assert shown["paspor"]
    assert shown["ganti"]
    assert {line.id: line.respondents for line in found.services}["kia"] == 3
    assert found.respondents == 65
    assert (found.population, found.target, found.progress) == (260, 155, 41)


def test_an_agency_that_is_hidden_hides_its_services() -> None:
    """The only service of a hidden agency would be the agency by another name."""
    found = report(("a", "a1", 2), ("b", "b1", 6), ("c", "c1", 50))
    assert {line.id for line in found.agencies if line.index} == {"c"}
    assert {line.id for line in found.services if line.index} == {"c1"}


def test_too_few_are_no_report() -> None:
    """Four answers have no index; the page says so and draws nothing."""
    found = report(("a", "a1", 4))
    assert (found.index, found.grade, found.elements) == ("", "", ())
    assert view(found, "id").steps == ("Belum cukup jawaban untuk dihitung.",)


@pytest.mark.parametrize("convention", ["exact", "0.111", "0.11"])
def test_the_workbook_computes_the_index_again(convention: str) -> None:
    """Formulas stand beside their values; a citizen's formula is only words."""
    rules = Rules(convention=convention)  # type: ignore[arg-type]  # one of the three
    found = report(("a", "a1", 30), ("b", "b1", 30), rules=rules)
    data = xlsx_file.written(found, "id", "2027-01-05")
    formulas = openpyxl.load_workbook(io.BytesIO(data))["Laporan"]
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Laporan"]
    row = next(r for r in range(1, 40) if formulas.cell(r, 1).value == "Indeks kepuasan (IKM)")
    assert str(formulas.cell(row, 2).value).startswith("=ROUND(F")
    assert f"{values.cell(row, 2).value:.2f}" == found.index
    assert values.cell(row, 3).value == found.grade
    weighted = 0.0
    for at in range(row - 10, row - 1):  # as the formulas have it
        answers, total = formulas.cell(at, 2).value, formulas.cell(at, 3).value
        weight = formulas.cell(at, 5).value
        share = 1 / 9 if weight == "=1/9" else float(str(weight))
        assert formulas.cell(at, 4).value == f"=C{at}/B{at}"
        weighted += float(str(total)) / float(str(answers)) * share
    assert f"{weighted * 25:.2f}" == found.index
    voices = openpyxl.load_workbook(io.BytesIO(data))["Saran dan keluhan"]
    assert voices["B2"].value == '=HYPERLINK("x") AC panas'
    assert voices["B2"].data_type == "s"


def test_the_paper_says_it_all() -> None:
    """A4 with index, elements, groups, arithmetic, bands, and a place to sign."""
    found = report(("a", "a1", 30), ("b", "b1", 3))
    by = Signatory("Kalianda", "Kepala MPP", "Rina Wati, S.Sos.", "1979 0101")
    data = pdf_file.written(found, "id", FONTS, by, "2027-01-05")
    book = pypdf.PdfReader(io.BytesIO(data))
    assert [round(float(side)) for side in book.pages[0].mediabox[2:]] == [595, 842]
    text = "\n".join(page.extract_text() for page in book.pages)
    comma = found.index.replace(".", ",")
    for said in (
        "MPP Uji", "Triwulan IV 2026", comma, f"Mutu {found.grade}", "Waktu penyelesaian", "1/9",
        f"× 25 = {comma}", "88,31–100,00", "Kalianda, 5 Januari 2027", "Rina Wati, S.Sos.",
        "dari 155 yang diharapkan", "AC panas", "disembunyikan",
    ):  # fmt: skip
        assert said in text, said
    english = pypdf.PdfReader(io.BytesIO(pdf_file.written(found, "en", FONTS, by)))
    assert "Not published; figures may change" in english.pages[0].extract_text()


@given(
    st.lists(st.lists(st.sampled_from([None, 1, 2, 3, 4]), min_size=9, max_size=9), min_size=1),
    st.sampled_from(["=1+1", "@x", "-2", "+62", "\tx", "Dinas, \"A\""]),
)  # fmt: skip
def test_the_answers_read_back_to_the_same_index(rows: list[list[int | None]], name: str) -> None:
    """What is written is what `antrean skm` reads, and no cell is a formula."""
    data = csv_file.written((name, name, row) for row in rows)
    found = sheet.read(data)
    before = tally([dict(zip(CODES, row, strict=True)) for row in rows])
    after = tally(one.scores for one in found.respondents)
    assert (before, found.faults) == (after, ())
    if before.respondents:
        assert index(after).value == index(before).value
    cells = data.decode("utf-8-sig").replace('"', "").splitlines()[1:]
    assert not any(cell.startswith(csv_file.RISKY) for cell in cells)


def test_periods() -> None:
    """Quarters, halves, years, dates; nothing else."""
    spans = {id: (period(id).first, period(id).last)
             for id in ("2026", "2026-s1", "2026-s2", "2026-q1", "2026-q4", "2028-q1")}  # fmt: skip
    assert spans == {
        "2026": ("2026-01-01", "2026-12-31"), "2026-s1": ("2026-01-01", "2026-06-30"),
        "2026-s2": ("2026-07-01", "2026-12-31"), "2026-q1": ("2026-01-01", "2026-03-31"),
        "2026-q4": ("2026-10-01", "2026-12-31"), "2028-q1": ("2028-01-01", "2028-03-31"),
    }  # fmt: skip
    assert period("2026-03-01--2026-05-31").name.id == "1/3/2026–31/5/2026"
    for wrong in ("", "2026-q5", "2026-13", "1999-q1", "2026-02-30--2026-03-01",
                  "2026-05-01--2026-03-01", "2020-01-01--2026-01-01", "../x"):  # fmt: skip
        with pytest.raises(ValueError):
            period(wrong)
    assert quarter_of(date(2026, 12, 31)).id == "2026-q4"
    assert [one.id for one in choices(date(2026, 2, 1), 1)] == ["2026", "2026-s1", "2026-q1"]


@pytest.mark.parametrize(
    ("kind", "responded", "closed", "today", "next", "overdue"),
    [
        ("information", "", "", "2026-11-23", "respond", False),  # Friday + 3 days
        ("information", "", "", "2026-11-24", "respond", True),
        ("information", "2026-11-23", "", "2026-11-25", "close", False),
        ("information", "2026-11-23", "", "2026-11-26", "close", True),
        ("dispute", "2026-11-23", "", "2026-12-04", "close", False),
        ("dispute", "2026-11-23", "", "2026-12-05", "close", True),
        ("field", "2026-11-23", "", "2027-02-12", "close", False),  # sixty working days
        ("field", "2026-11-23", "", "2027-02-13", "close", True),
        ("information", "2026-11-23", "2026-11-25", "2027-01-01", "done", False),
        ("information", "2026-11-23", "2026-11-26", "2027-01-01", "done", True),
        ("information", "2026-11-24", "2026-11-25", "2027-01-01", "done", True),
    ],
)  # fmt: skip
def test_complaints_have_clocks(
    kind: clocks.Kind, responded: str, closed: str, today: str, next: str, overdue: bool
) -> None:
    """3 days to respond; 5, 14 or 60 working days to close; late is late, also when it is done."""
    found = clock(kind, "2026-11-20", responded, closed, today, WEEK)
    assert (found.next, found.overdue) == (next, overdue)


def test_clocks_are_those_that_the_hall_promises() -> None:
    """The citizens' page tells the same numbers."""
    promised = [(one.days, one.working) for one in Complaints().clocks]
    assert promised == [
        (clocks.FIRST, False), (clocks.CALENDAR["information"], False),
        (clocks.CALENDAR["dispute"], False), (clocks.WORKING, True),
    ]  # fmt: skip
