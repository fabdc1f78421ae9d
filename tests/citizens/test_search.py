"""Finding a service by the words that people use, on the catalogue of the real mall."""

from __future__ import annotations

import pytest

from citizens import search

from .hall import CATALOGUE


def ids(query: str) -> list[str]:
    return [service.id for service in search.find(CATALOGUE, query).services]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("kk", "kk-perubahan"),
        ("KK", "kk-perubahan"),
        ("kartu keluarga", "kk-perubahan"),
        ("ktp hilang", "ktp-el-hilang-rusak"),
        ("paspor", "paspor"),
        ("passport", "paspor"),
        ("akte lahir", "akta-kelahiran"),
        ("skck", "skck"),
        ("e-KTP", "ktp-el-hilang-rusak"),
        ("antrian ktp hilang", "ktp-el-hilang-rusak"),
        ("antrean ktp hilang", "ktp-el-hilang-rusak"),
        ("mau bikin akta kelahiran", "akta-kelahiran"),
        ("birth certificate", "akta-kelahiran"),
        ("lost id card", "ktp-el-hilang-rusak"),
        ("  Ktp   HILANG ", "ktp-el-hilang-rusak"),
    ],
)
def test_the_first_answer_is_what_was_meant(query: str, wanted: str) -> None:
    """Keywords, names in both languages, any case, old spellings, and words that say nothing."""
    assert wanted in ids(query)[:2] or ids(query)[0].startswith(wanted)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pasprt", "paspor"), ("apspor", "paspor"), ("kartu kelurga", "kk-perubahan"),
        ("ktp hilng", "ktp-el-hilang-rusak"), ("aktaa kelahrian", "akta-kelahiran"),
        ("sertipikat", ids("sertifikat")[0]),
    ],
)  # fmt: skip
def test_a_slip_or_two_is_forgiven(typed: str, meant: str) -> None:
    """A letter too few, too many, wrong or swapped; two of them in longer words."""
    assert meant in ids(typed)[:3]


def test_the_beginning_of_a_word_is_enough() -> None:
    """Results come while one types."""
    assert "paspor" in ids("pas")[:3]
    assert "kk-perubahan" in ids("kartu kelu")[:3]


def test_an_agency_is_found_by_its_name() -> None:
    """Polres by its short name, and its services with it."""
    found = search.find(CATALOGUE, "polres")
    assert [agency.id for agency in found.agencies] == ["polres"]
    assert {service.agency for service in found.services} == {"polres"}


def test_every_word_counts_until_none_has_all() -> None:
    """All words narrow; when nobody has all of them, the best that there is."""
    assert ids("paspor hilang")[0] == "imigrasi-paspor-hilang"
    assert len(ids("paspor hilang")) < len(ids("paspor"))
    assert "paspor" in ids("paspor xyzzy")


def test_nothing_is_invented() -> None:
    """What is not there is not found; short words must be right."""
    assert ids("zzzzzz") == []
    assert ids("") == ids("   ") == ids("?!") == []
    assert "ktp-el-rekam" not in ids("xtp")


def test_only_fillers_show_what_people_come_for() -> None:
    """ "antrian" alone says nothing about the service."""
    assert ids("antrian") == [service.id for service in search.popular(CATALOGUE)]


def test_every_service_is_found_by_its_own_name() -> None:
    """All 260, in both languages, among the first five."""
    for service in CATALOGUE.services.values():
        for name in (service.name.id, service.name.en):
            twins = sum(other.name.of("en") == name for other in CATALOGUE.services.values())
            assert service.id in ids(name)[: 5 + twins], name


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("paspor", "paspor", 0), ("pasor", "paspor", 1), ("paspoor", "paspor", 1),
        ("pazpor", "paspor", 1), ("psapor", "paspor", 1), ("psaporr", "paspor", 2),
        ("kasur", "paspor", 3), ("a", "abcdef", 3),
    ],
)  # fmt: skip
def test_distance_counts_slips_up_to_a_limit(one: str, other: str, errors: int) -> None:
    """One more, one less, one other, two swapped; beyond two it is just "more"."""
    assert search.distance(one, other, 2) == errors == search.distance(other, one, 2)
