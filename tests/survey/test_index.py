"""The arithmetic reproduces what was published, to the hundredth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.survey.elements import CODES, ELEMENTS, QUESTIONNAIRE, TRAITS
from queue_server.survey.index import (
    Convention,
    Tally,
    grade,
    half_up,
    index,
    of_averages,
    own_weights,
    tally,
    weights_of,
)  # fmt: skip
from queue_server.survey.sample import sample_size

BANTUL = "3.31 3.35 3.49 3.93 3.45 3.39 3.39 3.76 3.35"
BOGOR_2011 = "3.007 2.993 3.020 3.000 3.113 3.033 2.887 2.947 2.980 3.033 3.000 3.033 3.020 3.000"
BOGOR_2013 = "2.980 3.027 3.067 3.020 3.040 3.060 2.733 3.007 3.227 3.067 2.927 2.827 2.947 3.093"
SUMBAR = "3.200 3.216 2.936 3.530 3.136 3.200 3.316 3.916 3.323"
rows = st.lists(
    st.dictionaries(st.sampled_from(CODES), st.sampled_from([None, 1, 2, 3, 4])), max_size=30
)


def published(figures: str, convention: Convention) -> str:
    """The index of a published column of averages."""
    averages = {
        (CODES[at] if figures.count(" ") == 8 else f"u{at + 1}"): Fraction(figure)
        for at, figure in enumerate(figures.split())
    }
    result = of_averages(averages, weights_of(averages, convention), convention)
    return f"{result.value} {result.grade}"


@pytest.mark.parametrize(
    ("figures", "convention", "said"),
    [
        (BANTUL, "exact", "87.28 B"),
        (BOGOR_2011, "0.111", "74.67 C"),  # fourteen elements: 1/14 to three decimals is 0.071
        (BOGOR_2013, "0.111", "74.59 C"),
        (BOGOR_2011, "exact", "75.12 C"),
        (BOGOR_2013, "exact", "75.04 C"),
        (SUMBAR, "exact", "82.70 B"),  # the headline, 81.71, follows under no convention
        (SUMBAR, "0.111", "82.62 B"),
        (SUMBAR, "0.11", "81.88 B"),
        (" ".join(["3.35"] * 9), "0.11", "82.91 B"),  # Pacitan 2019: the sum of NRR is 30.15
        (" ".join(["3.07"] * 9), "exact", "76.75 B"),  # the same answers, another band
        (" ".join(["3.07"] * 9), "0.11", "75.98 C"),
        (" ".join(["4"] * 9), "exact", "100.00 A"),
        (" ".join(["4"] * 9), "0.111", "99.90 A"),
        (" ".join(["4"] * 9), "0.11", "99.00 A"),
    ],
)
def test_published_reports(figures: str, convention: Convention, said: str) -> None:
    """DOMAIN's worked examples, each under the convention that its office used."""
    assert published(figures, convention) == said


def test_published_elements() -> None:
    """Sumbar's column of weighted averages, and the bands of its elements."""
    averages = dict(zip(CODES, map(Fraction, SUMBAR.split()), strict=True))
    result = of_averages(averages, weights_of(averages, "0.111"), "0.111")
    weighted = [str(half_up(line.weighted, 3)) for line in result.lines]
    assert " ".join(weighted) == "0.355 0.357 0.326 0.392 0.348 0.355 0.368 0.435 0.369"
    grades = {line.code: line.grade for line in result.lines}
    assert (grades["persyaratan"], grades["waktu"]) == ("B", "C")


@pytest.mark.parametrize(
    ("value", "rounded", "letter"),
    [
        ("64.994", "64.99", "D"), ("64.995", "65.00", "C"), ("76.604", "76.60", "C"),
        ("76.605", "76.61", "B"), ("88.304", "88.30", "B"), ("88.305", "88.31", "A"),
        ("80.125", "80.13", "B"), ("24.75", "24.75", "D"), ("100", "100.00", "A"),
    ],
)  # fmt: skip
def test_bands_after_rounding(value: str, rounded: str, letter: str) -> None:
    """Half up to two decimals first, then the band: 76.605 is a B."""
    found = half_up(Fraction(value), 2)
    assert (str(found), grade(found)) == (rounded, letter)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(0, 4))
def test_half_up_is_nearest(top: int, bottom: int, places: int) -> None:
    """Never further than half a unit away; a tie goes away from zero."""
    value = Fraction(top, bottom)
    distance = Fraction(half_up(value, places)) - value
    assert abs(distance) <= Fraction(1, 2 * 10**places)
    if abs(distance) == Fraction(1, 2 * 10**places):
        assert abs(Fraction(half_up(value, places))) > abs(value)


@given(rows, rows)
def test_tallies_add(one: list[dict[str, int | None]], other: list[dict[str, int | None]]) -> None:
    """Counting together is counting apart and adding: groups can be summed."""
    assert tally([*one, *other]) == tally(one) + tally(other)


@given(rows)
def test_index_is_what_the_formula_says(given_rows: list[dict[str, int | None]]) -> None:
    """Between 25 and 100; each element by those who answered it; 1/x for x elements asked."""
    found = tally(given_rows)
    if not found.respondents:
        with pytest.raises(ValueError, match="nobody"):
            index(found)
        return
    result = index(found)
    averages = []
    for line in result.lines:
        scores = [row[line.code] for row in given_rows if row.get(line.code)]
        assert line.average == Fraction(sum(filter(None, scores)), len(scores))
        averages.append(line.average)
    assert result.value == half_up(sum(averages, Fraction()) / len(averages) * 25, 2)
    assert Decimal(25) <= result.value <= Decimal(100)


def test_own_weights_sum_to_one() -> None:
    """A unit's own weights are read as written, and refused unless their sum is exactly 1."""
    chosen = dict.fromkeys(CODES, 0.11) | {"waktu": 0.12}
    weights = own_weights(chosen)
    found = tally([dict.fromkeys(CODES, 3) | {"waktu": 4}])
    assert str(index(found, "own", weights).value) == "78.00"
    with pytest.raises(ValueError, match=r"sum of 1, found 0\.99"):
        own_weights(chosen | {"waktu": 0.11})
    with pytest.raises(ValueError, match="sarana"):
        own_weights({code: 0.125 for code in CODES if code != "sarana"})
    with pytest.raises(ValueError, match="positive"):
        own_weights(chosen | {"waktu": -0.12, "biaya": 0.35})


@given(st.lists(st.integers(1, 4), min_size=9, max_size=9))
def test_equal_own_weights_are_the_exact_ones(scores: list[int]) -> None:
    """Own weights that say nothing of their own change nothing."""
    found = tally([dict(zip(CODES, scores, strict=True))])
    weights = {code: Fraction(1, 9) for code in CODES}
    assert index(found, "own", weights).value == index(found).value


def test_orders_are_by_code() -> None:
    """The two official orders hold the same nine codes; only their ends differ."""
    assert set(CODES) == set(QUESTIONNAIRE)
    assert CODES[:7] == QUESTIONNAIRE[:7]
    assert (CODES[7:], QUESTIONNAIRE[7:]) == (("pengaduan", "sarana"), ("sarana", "pengaduan"))
    assert all(len(one.answers) == 4 for one in ELEMENTS.values())
    assert list(TRAITS) == ["kelamin", "usia", "pendidikan", "pekerjaan"]


@pytest.mark.parametrize(
    ("population", "sample"),
    [
        (10, 10), (50, 44), (100, 80), (200, 132), (260, 155), (500, 217), (550, 226), (800, 260),
        (1000, 278), (5000, 357), (10_000, 370), (100_000, 383), (1_000_000, 384), (0, 0), (1, 1),
    ],
)  # fmt: skip
def test_sample_sizes(population: int, sample: int) -> None:
    """Krejcie & Morgan's table."""
    assert sample_size(population) == sample


def test_an_empty_tally_is_no_index() -> None:
    """Nobody asked, nothing said."""
    with pytest.raises(ValueError, match="nobody"):
        index(Tally())
