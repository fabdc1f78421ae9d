"""Lines of a page as they are read: signs become words, numbers can't run together."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.speech.aloud import aloud


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("A-012", "A, nol satu dua."),
        ("Rp650.000", "650000 rupiah."),
        ("Rp350.000–Rp650.000", "350000 rupiah sampai 650000 rupiah."),
        ("Buka sampai pukul 15.30", "Buka sampai pukul lima belas tiga puluh."),
        ("pukul 08.00", "pukul delapan."),
        ("3–5 menit", "3 sampai 5 menit."),
        ("1.250 orang", "1250 orang."),
        ("12 105", "12, 105."),
        ("Perekaman KTP-el", "Perekaman KTP elektronik."),
        ("Kartu Keluarga (KK), asli", "Kartu Keluarga, KK, asli."),
        ("1 hari kerja · gratis", "1 hari kerja, gratis."),
        ("Formulir F-1.02", "Formulir F-1.02."),
        ("Punya kode QR?", "Punya kode QR?"),
        ("  …  ", ""),
    ],
)
def test_indonesian(shown: str, said: str) -> None:
    """What an engine would read literally or run together."""
    assert aloud(shown, "id") == said


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Open until 15:30", "Open until three thirty p m."),
        ("08:05", "eight oh five a m."),
        ("00:00", "twelve a m."),
        ("3–5 min", "3 to 5 min."),
        ("e-KTP", "electronic KTP."),
        ("B-100", "B, one zero zero."),
        ("Rp350,000 for 5 years; Rp650,000", "350000 rupiah for 5 years; 650000 rupiah."),
    ],
)
def test_english(shown: str, said: str) -> None:
    """The same in English; its clock has two halves."""
    assert aloud(shown, "en") == said


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_becomes_words(hour: int, minute: int) -> None:
    """No digit is left for the engine to group."""
    for mark, language in ((".", "id"), (":", "en")):
        assert not re.search(r"\d", aloud(f"{hour:02}{mark}{minute:02}", language))


@given(st.text("0123456789 .,-–A-Z()Rp:·", max_size=40))
def test_what_is_read_is_one_plain_line(text: str) -> None:
    """Ends like a sentence, holds no control sign, and no two numbers that would be one."""
    for language in ("id", "en", "jv"):
        said = aloud(text, language)
        assert not said or said[-1] in ".!?:"
        assert said.isprintable()
        assert not re.search(r"\d \d{3}\b", said)
