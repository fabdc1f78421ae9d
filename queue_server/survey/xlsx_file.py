"""The report as a workbook: formulas that compute the index again, beside their values."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from . import labels
from .labels import element, word
from .report import ElementLine, GroupLine, Report

BRAND = "#0b4a7a"
TINT = "#e3eef7"


def written(report: Report, language: str, published: str = "") -> bytes:
    """The workbook. `published` is the day on which it was, or ""."""
    out = io.BytesIO()
    # Citizens' words stay words: nothing that begins with = is computed.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": word("title", language), "author": report.hall})
        writer = _Writer(book, report, language, published)
        writer.report()
        writer.groups()
        writer.profile()
        writer.voices()
        writer.method()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Any, report: Report, language: str, published: str) -> None:
        self.book = book
        self.of = report
        self.language = language
        self.published = published
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": BRAND})
        self.head = book.add_format(
            {"bold": True, "bg_color": BRAND, "font_color": "white", "text_wrap": True,
             "valign": "vcenter", "border": 1}
        )  # fmt: skip
        self.cell = book.add_format({"border": 1, "valign": "top"})
        self.wrap = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.whole = book.add_format({"border": 1, "num_format": "#,##0"})
        self.four = book.add_format({"border": 1, "num_format": "0.0000"})
        self.two = book.add_format({"border": 1, "num_format": "0.00"})
        self.strong = book.add_format(
            {"border": 1, "bold": True, "bg_color": TINT, "num_format": "0.0000"}
        )  # fmt: skip
        self.result = book.add_format(
            {"border": 1, "bold": True, "bg_color": TINT, "num_format": "0.00", "font_size": 14}
        )  # fmt: skip

    def say(self, name: str, **values: object) -> str:
        return word(name, self.language, **values)

    def sheet(self, name: str, *widths: float) -> Any:
        page = self.book.add_worksheet(self.say(name))
        page.hide_gridlines(2)
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        return page

    def report(self) -> None:
        """The summary and the nine elements, with their formulas."""
        page, report = self.sheet("report", 44, 12, 14, 12, 12, 16, 12, 10), self.of
        page.set_landscape()
        page.write_string(0, 0, f"{self.say('title')} · {report.hall}", self.title)
        page.write_string(1, 0, f"{report.period.name.of(self.language)} "
                                f"({report.period.first} – {report.period.last})")  # fmt: skip
        page.write_string(2, 0, f"{self.say('published')}: {self.published}" if self.published
                          else self.say("live"))  # fmt: skip
        facts = (("respondents", report.respondents), ("population", report.population),
                 ("target", report.target))  # fmt: skip
        for at, (name, value) in enumerate(facts, 4):
            page.write_string(at, 0, self.say(name), self.cell)
            page.write_number(at, 1, value, self.whole)
        page.write_string(7, 0, self.say("weights"), self.cell)
        page.write_string(7, 1, labels.CONVENTION[report.weights].of(self.language), self.cell)
        if report.elements:
            self._elements(page, 9)
        else:
            page.write_string(9, 0, self.say("none"))

    def _elements(self, page: Any, top: int) -> None:
        names = ("element", "answers", "sum", "average", "weights", "weighted", "index_short",
                 "grade")  # fmt: skip
        for at, name in enumerate(names):
            page.write_string(top, at, self.say(name), self.head)
        first = top + 1
        for at, line in enumerate(self.of.elements, first):
            self._element(page, at, line)
        last = first + len(self.of.elements) - 1
        end = last + 1
        page.write_string(end, 0, self.say("total"), self.strong)
        for at in (1, 2, 3, 4, 6, 7):
            page.write_blank(end, at, None, self.strong)
        total = float(self.of.sum_weighted)
        page.write_formula(end, 5, f"=SUM(F{first + 1}:F{last + 1})", self.strong, total)
        page.write_string(end + 1, 0, self.say("index"), self.result)
        index = f"=ROUND(F{end + 1}*25,2)"
        page.write_formula(end + 1, 1, index, self.result, float(self.of.index))
        letter = _letter(f"B{end + 2}")
        page.write_formula(end + 1, 2, letter, self.result, self.of.grade)
        said = labels.PERFORMANCE[self.of.grade].of(self.language)
        page.write_string(end + 1, 3, said, self.result)
        self._chart(page, first, last, end + 4)

    def _element(self, page: Any, at: int, line: ElementLine) -> None:
        row = at + 1
        page.write_string(at, 0, element(line.code, self.language), self.cell)
        page.write_number(at, 1, line.answers, self.whole)
        page.write_number(at, 2, line.total, self.whole)
        page.write_formula(at, 3, f"=C{row}/B{row}", self.four, float(line.average))
        top, _, bottom = line.weight.partition("/")
        if bottom:
            value = int(top) / int(bottom)
            page.write_formula(at, 4, f"={line.weight}", self.four, value)
        else:
            page.write_number(at, 4, float(line.weight), self.four)
        page.write_formula(at, 5, f"=D{row}*E{row}", self.four, float(line.weighted))
        page.write_formula(at, 6, f"=ROUND(D{row}*25,2)", self.two, float(line.index))
        page.write_formula(at, 7, _letter(f"G{row}"), self.cell, line.grade)

    def _chart(self, page: Any, first: int, last: int, at: int) -> None:
        chart = self.book.add_chart({"type": "bar"})
        name = page.get_name()
        chart.add_series({
            "categories": [name, first, 0, last, 0], "values": [name, first, 3, last, 3],
            "fill": {"color": BRAND}, "data_labels": {"value": True, "num_format": "0.00"},
        })  # fmt: skip
        chart.set_legend({"none": True})
        chart.set_title({"name": f"{self.say('average')} 1–4"})
        chart.set_x_axis({"min": 1, "max": 4})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 820, "height": 340})
        page.insert_chart(at, 0, chart)

    def groups(self) -> None:
        """Agencies, services, counters, months."""
        page = self.sheet("groups", 14, 60, 14, 12, 10)
        at = 0
        kinds = (
            ("agency", self.of.agencies), ("service", self.of.services),
            ("counter", self.of.counters), ("month", self.of.months),
        )  # fmt: skip
        for name, lines in kinds:
            for column, head in enumerate(("", name, "respondents", "index_short", "grade")):
                page.write_string(at, column, self.say(head) if head else "", self.head)
            at += 1
            for line in lines:
                self._group(page, at, line, name)
                at += 1
            at += 1
        page.write_string(at, 0, self.say("small", least=self.of.least))

    def _group(self, page: Any, at: int, line: GroupLine, kind: str) -> None:
        page.write_string(at, 0, self.say(kind), self.cell)
        page.write_string(at, 1, line.name.of(self.language), self.cell)
        page.write_number(at, 2, line.respondents, self.whole)
        if line.index:
            page.write_number(at, 3, float(line.index), self.two)
            page.write_string(at, 4, line.grade, self.cell)
        else:
            page.write_string(at, 3, self.say("few"), self.cell)
            page.write_blank(at, 4, None, self.cell)

    def profile(self) -> None:
        """Who answered, as far as they said."""
        page = self.sheet("profile", 26, 30, 14)
        for at, share in enumerate(self.of.profile):
            trait, choice = labels.choice(share.trait, share.choice, self.language)
            page.write_string(at, 0, trait, self.cell)
            page.write_string(at, 1, choice, self.cell)
            page.write_number(at, 2, share.count, self.whole)

    def voices(self) -> None:
        """What may be read by all."""
        page = self.sheet("voices", 14, 70, 50)
        for column, head in enumerate(("kind", "text", "answer")):
            page.write_string(0, column, self.say(head), self.head)
        for at, voice in enumerate(self.of.voices, 1):
            page.write_string(at, 0, self.say(voice.kind), self.cell)
            page.write_string(at, 1, voice.text, self.wrap)
            page.write_string(at, 2, voice.answer, self.wrap)

    def method(self) -> None:
        """The arithmetic in words, and the bands."""
        page = self.sheet("method", 12, 20, 80)
        steps = labels.steps(self.of, self.language)
        for at, step in enumerate(steps):
            page.merge_range(at, 0, at, 2, f"{at + 1}. {step}", self.plain)
            page.set_row(at, 32)
        at = len(steps) + 1
        page.write_string(at, 0, self.say("bands"))
        for row, band in enumerate(labels.bands(self.language), at + 1):
            for column, text in enumerate(band):
                page.write_string(row, column, text, self.cell)


def _letter(cell: str) -> str:
    return f'=IF({cell}>=88.31,"A",IF({cell}>=76.61,"B",IF({cell}>=65,"C","D")))'
