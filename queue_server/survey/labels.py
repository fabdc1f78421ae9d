"""The words of a report outside the pages: workbook, PDF, CSV."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from ..catalogue import Text
from .elements import ELEMENTS, TRAITS
from .report import Report

WORDS: dict[str, Text] = {
    "title": Text("Laporan Survei Kepuasan Masyarakat", "Report of the satisfaction survey"),
    "report": Text("Laporan", "Report"),
    "groups": Text("Instansi dan layanan", "Agencies and services"),
    "profile": Text("Responden", "Respondents"),
    "voices": Text("Saran dan keluhan", "Suggestions and complaints"),
    "method": Text("Cara menghitung", "How it is computed"),
    "period": Text("Periode", "Period"),
    "days": Text("Tanggal", "Dates"),
    "respondents": Text("Responden", "Respondents"),
    "population": Text("Kunjungan dilayani", "Visits served"),
    "target": Text("Sampel yang diharapkan (Krejcie–Morgan)", "Sample wanted (Krejcie–Morgan)"),
    "target_short": Text("dari {target} yang diharapkan", "of {target} wanted"),
    "weights": Text("Bobot", "Weight"),
    "index": Text("Indeks kepuasan (IKM)", "Satisfaction index (IKM)"),
    "index_short": Text("IKM", "IKM"),
    "grade": Text("Mutu", "Grade"),
    "performance": Text("Kinerja", "Performance"),
    "element": Text("Unsur pelayanan", "Element of service"),
    "answers": Text("Jawaban", "Answers"),
    "sum": Text("Jumlah nilai", "Sum of scores"),
    "average": Text("NRR", "NRR"),
    "weighted": Text("NRR tertimbang", "Weighted NRR"),
    "total": Text("Jumlah", "Sum"),
    "agency": Text("Instansi", "Agency"),
    "service": Text("Layanan", "Service"),
    "counter": Text("Loket", "Counter"),
    "month": Text("Bulan", "Month"),
    "hidden": Text("kurang dari {least}", "fewer than {least}"),
    "few": Text("disembunyikan", "not shown"),
    "kind": Text("Jenis", "Kind"),
    "text": Text("Isi", "Text"),
    "answer": Text("Tindak lanjut", "What was done"),
    "suggestion": Text("Saran", "Suggestion"),
    "complaint": Text("Keluhan", "Complaint"),
    "bands": Text("Rentang mutu (PermenPANRB 14/2017)", "Bands (PermenPANRB 14/2017)"),
    "best": Text("Unsur tertinggi", "Highest element"),
    "worst": Text("Unsur terendah", "Lowest element"),
    "published": Text("Diterbitkan", "Published"),
    "live": Text("Belum diterbitkan; angka dapat berubah", "Not published; figures may change"),
    "page": Text("Halaman {n}", "Page {n}"),
    "none": Text("Belum cukup jawaban untuk dihitung.", "Not enough answers to compute."),
    "small": Text(
        "Kelompok dengan kurang dari {least} responden dihitung, tetapi nilainya tidak "
        "ditampilkan; kelompok terkecil berikutnya ikut disembunyikan bila perlu.",
        "Groups with fewer than {least} respondents are counted, but their figures are not shown; "
        "where needed the next smallest is hidden with them.",
    ),
    "step_average": Text(
        "NRR unsur = jumlah nilai : banyaknya kuesioner yang mengisi unsur itu.",
        "NRR of an element = sum of its scores / questionnaires that answer it.",
    ),
    "step_weighted": Text(
        "NRR tertimbang = NRR × bobot. Bobot {weight} untuk setiap unsur ({convention}).",
        "Weighted NRR = NRR × weight. The weight is {weight} for each element ({convention}).",
    ),
    "step_weighted_own": Text(
        "NRR tertimbang = NRR × bobot. Bobot tiap unsur ditetapkan unit dan berjumlah 1.",
        "Weighted NRR = NRR × weight. The unit has set the weight of each element; their sum is 1.",
    ),
    "step_index": Text(
        "IKM = jumlah NRR tertimbang × 25 = {sum} × 25 = {index}, dibulatkan setengah ke atas "
        "menjadi dua desimal; mutu mengikuti nilai yang sudah dibulatkan.",
        "IKM = sum of the weighted NRR × 25 = {sum} × 25 = {index}, rounded half up to two "
        "decimals; the grade follows the rounded value.",
    ),
    "step_exact": Text(
        "Tidak ada pembulatan sebelum langkah terakhir; angka antara dicetak empat desimal.",
        "Nothing is rounded before the last step; figures in between are printed with four "
        "decimals.",
    ),
    "step_empty": Text(
        "Pertanyaan yang tidak dijawab tidak dihitung pada unsur itu.",
        "A question left empty counts for nobody in that element.",
    ),
}  # fmt: skip
PERFORMANCE: dict[str, Text] = {
    "A": Text("Sangat baik", "Very good"),
    "B": Text("Baik", "Good"),
    "C": Text("Kurang baik", "Not very good"),
    "D": Text("Tidak baik", "Not good"),
}
CONVENTION: dict[str, Text] = {
    "exact": Text("1/9 tanpa pembulatan", "1/9, not rounded"),
    "0.111": Text("1/9 dibulatkan menjadi 0,111", "1/9 rounded to 0.111"),
    "0.11": Text("1/9 dibulatkan menjadi 0,11", "1/9 rounded to 0.11"),
    "own": Text("bobot unit", "the unit's own"),
}
RANGES = (
    ("A", "88.31", "100.00"), ("B", "76.61", "88.30"), ("C", "65.00", "76.60"),
    ("D", "25.00", "64.99"),
)  # fmt: skip
"""Grade, from, to: the table as it is printed; `index.BANDS` decides."""


def word(name: str, language: str, **values: object) -> str:
    """A word of the report."""
    return WORDS[name].of(language).format(**values)


def element(code: str, language: str) -> str:
    """An element's name."""
    return ELEMENTS[code].name.of(language) if code in ELEMENTS else code


def choice(trait: str, code: str, language: str) -> tuple[str, str]:
    """A respondent's trait and answer in words."""
    asked = TRAITS[trait]
    label = next(one.label for one in asked.choices if one.code == code)
    return asked.name.of(language), label.of(language)


def figure(value: str | float, language: str) -> str:
    """A figure as it is written: 87,28 in Indonesian."""
    return str(value) if language == "en" else str(value).replace(".", ",")


def day(iso: str, language: str) -> str:
    """An ISO date in words: 5 Januari 2027."""
    known = "en" if language == "en" else "id"
    return str(format_date(date.fromisoformat(iso), "d MMMM y", locale=known))


def bands(language: str) -> list[tuple[str, str, str]]:
    """(grade, from–to, performance), best first."""
    return [
        (grade, figure(f"{low}–{high}", language), PERFORMANCE[grade].of(language))
        for grade, low, high in RANGES
    ]


def steps(report: Report, language: str) -> list[str]:
    """The arithmetic in sentences."""
    if not report.index:
        return [word("none", language)]
    if report.weights == "own":
        weighted = word("step_weighted_own", language)
    else:
        weight = figure(report.elements[0].weight, language)
        convention = CONVENTION[report.weights].of(language)
        weighted = word("step_weighted", language, weight=weight, convention=convention)
    total, index = figure(report.sum_weighted, language), figure(report.index, language)
    return [
        word("step_average", language),
        word("step_empty", language),
        weighted,
        word("step_index", language, sum=total, index=index),
        word("step_exact", language),
    ]
