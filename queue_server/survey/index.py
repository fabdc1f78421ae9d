"""The satisfaction index (IKM): NRR, weighted NRR, index, grade. Pure, exact, by element code.

    NRR of an element       sum of its scores / questionnaires that answer it
    weighted NRR            NRR x weight
    index                   sum of the weighted NRR x 25, rounded half up to two decimals
    grade                   by the band of that rounded index

Fractions carry every step, so nothing is rounded before the end: figures that are printed on the
way are rounded copies. Real reports weigh in three ways that disagree (1/9, 0.111, 0.11), so a
result names its weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from .elements import CODES

Grade = Literal["A", "B", "C", "D"]
Scores = Mapping[str, int | None]
"""Element code -> 1 to 4; None or missing: not answered."""
Weights = Mapping[str, Fraction]
Convention = Literal["exact", "0.111", "0.11", "own"]

BANDS: tuple[tuple[Decimal, Grade], ...] = (
    (Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"),
)  # fmt: skip
"""The least index of each grade (PermenPANRB 14/2017); below all: D."""
DECIMALS: Mapping[str, int] = {"0.111": 3, "0.11": 2}
"""Conventions that round the weight 1/x first, and to how many decimals."""


class Tally(Struct, frozen=True):
    """Answers added up. `counts` and `sums` of scores by element; absent: nobody answered it."""

    respondents: int = 0
    counts: dict[str, int] = {}
    sums: dict[str, int] = {}

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.respondents + other.respondents,
            _added(self.counts, other.counts),
            _added(self.sums, other.sums),
        )


class Line(Struct, frozen=True):
    """One element's share. `index` is the element's own, NRR x 25; it has the grade's band."""

    code: str
    count: int
    total: int
    average: Fraction
    weight: Fraction
    weighted: Fraction
    index: Decimal
    grade: Grade


class Index(Struct, frozen=True):
    """The result. `sum_weighted` x 25 rounds to `value`."""

    lines: tuple[Line, ...]
    sum_weighted: Fraction
    value: Decimal
    grade: Grade
    convention: Convention


def tally(respondents: Iterable[Scores]) -> Tally:
    """Add up respondents. Who answered nothing has filled in no questionnaire."""
    number = 0
    counts: dict[str, int] = {}
    sums: dict[str, int] = {}
    for scores in respondents:
        answered = {code: score for code, score in scores.items() if score is not None}
        number += bool(answered)
        for code, score in answered.items():
            counts[code] = counts.get(code, 0) + 1
            sums[code] = sums.get(code, 0) + score
    return Tally(number, counts, sums)


def index(found: Tally, convention: Convention = "exact", own: Weights | None = None) -> Index:
    """The index of a tally.

    An element that nobody answered was not asked: the regulation's weight is 1/x for x elements
    asked, so the others share its weight (own weights are scaled to a sum of 1).
    Raises ValueError when nobody answered anything.
    """
    asked = [code for code in _in_order(found.counts) if found.counts[code]]
    averages = {code: Fraction(found.sums[code], found.counts[code]) for code in asked}
    result = of_averages(averages, weights_of(asked, convention, own), convention)
    lines = tuple(
        Line(
            one.code, found.counts[one.code], found.sums[one.code], one.average, one.weight,
            one.weighted, one.index, one.grade,
        )
        for one in result.lines
    )  # fmt: skip
    return Index(lines, result.sum_weighted, result.value, result.grade, convention)


def of_averages(
    averages: Mapping[str, Fraction], weights: Weights, convention: Convention = "exact"
) -> Index:
    """The index of averages: what a published table gives. Raises ValueError for none."""
    if not averages:
        raise ValueError("nobody has answered any element")
    lines = []
    for code, average in averages.items():
        own = half_up(average * 25, 2)
        weighted = average * weights[code]
        lines.append(Line(code, 0, 0, average, weights[code], weighted, own, grade(own)))
    total = sum((line.weighted for line in lines), Fraction())
    value = half_up(total * 25, 2)
    return Index(tuple(lines), total, value, grade(value), convention)


def weights_of(
    asked: Iterable[str], convention: Convention, own: Weights | None = None
) -> dict[str, Fraction]:
    """The weight of each element that was asked."""
    asked = list(asked)
    if convention == "own":
        chosen = {code: (own or {})[code] for code in asked}
        whole = sum(chosen.values(), Fraction())
        return {code: weight / whole for code, weight in chosen.items()}
    weight = Fraction(1, len(asked)) if asked else Fraction()
    if convention in DECIMALS:
        weight = Fraction(half_up(weight, DECIMALS[convention]))
    return dict.fromkeys(asked, weight)


def own_weights(given: Mapping[str, float | str]) -> dict[str, Fraction]:
    """A hall's own weights, read as the decimals that were written.

    Raises ValueError unless they name all nine elements, are positive, and sum to 1.
    """
    weights = {code: Fraction(str(weight)) for code, weight in given.items()}
    missing = [code for code in CODES if code not in weights]
    if missing or len(weights) != len(CODES):
        wrong = missing or [code for code in weights if code not in CODES]
        raise ValueError(f"expected all nine elements and no other; see {', '.join(wrong)}")
    if min(weights.values()) <= 0:
        raise ValueError("expected positive weights")
    whole = sum(weights.values(), Fraction())
    if whole != 1:
        raise ValueError(f"expected a sum of 1, found {float(whole):g}")
    return weights


def grade(value: Decimal) -> Grade:
    """The band of an index that is already rounded to two decimals."""
    return next((name for least, name in BANDS if value >= least), "D")


def half_up(value: Fraction, places: int) -> Decimal:
    """Round to decimals, a half away from zero: as people round, and reports print."""
    scaled = abs(value) * 10**places * 2
    whole = (scaled.numerator // scaled.denominator + 1) // 2
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def _in_order(codes: Iterable[str]) -> list[str]:
    """The nine in their order; others (older surveys) after them as they come."""
    given = list(codes)
    return [code for code in CODES if code in given] + [c for c in given if c not in CODES]


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {code: one.get(code, 0) + other.get(code, 0) for code in {**one, **other}}
