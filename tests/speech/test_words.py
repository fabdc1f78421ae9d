"""What is said and what is written of a call."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.speech.words import (
    LANGUAGES,
    Language,
    PlaceKind,
    SpokenCall,
    Style,
    call_sentence,
    helper_name,
    number_words,
    spoken_number,
    written_help,
    written_place,
    written_sentence,
)

# fmt: off
ID = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000,
}
EN = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}
# fmt: on


def value_id(words: list[str]) -> int:
    """Read an Indonesian numeral: the words before "ribu", then "ratus", "puluh", "belas"."""
    for word, size in (("ribu", 1000), ("ratus", 100), ("puluh", 10)):
        if word in words:
            at = words.index(word)
            return value_id(words[:at]) * size + (
                value_id(words[at + 1 :]) if words[at + 1 :] else 0
            )
        if f"se{word}" in words and word != "puluh":
            at = words.index(f"se{word}")
            assert at == 0
            return size + (value_id(words[1:]) if words[1:] else 0)
    if words[-1] == "belas":
        assert len(words) == 2
        return 10 + ID[words[0]]
    assert len(words) == 1, words
    return ID[words[0]]


def value_en(words: list[str]) -> int:
    """Read an English numeral, adding up and multiplying as one listens."""
    total = run = 0
    for word in words:
        if word == "thousand":
            total, run = total + run * 1000, 0
        elif word == "hundred":
            run *= 100
        elif word != "and":
            run += EN[word]
    return total + run


def test_every_number_is_read_back_from_its_words() -> None:
    """All 10 000 numbers, in both languages, mean themselves to a listener with other rules."""
    for n in range(10_000):
        assert value_id(number_words(n, "id").split()) == n
        assert value_en(re.split("[ -]", number_words(n, "en"))) == n


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_numbers_sound_alike(language: Language) -> None:
    """Two different numbers are never the same words."""
    assert len({number_words(n, language) for n in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    ("n", "indonesian", "english"),
    [
        (0, "nol", "zero"),
        (10, "sepuluh", "ten"),
        (11, "sebelas", "eleven"),
        (12, "dua belas", "twelve"),
        (20, "dua puluh", "twenty"),
        (21, "dua puluh satu", "twenty-one"),
        (100, "seratus", "one hundred"),
        (101, "seratus satu", "one hundred and one"),
        (110, "seratus sepuluh", "one hundred and ten"),
        (111, "seratus sebelas", "one hundred and eleven"),
        (999, "sembilan ratus sembilan puluh sembilan", "nine hundred and ninety-nine"),
        (1000, "seribu", "one thousand"),
        (1001, "seribu satu", "one thousand and one"),
        (1100, "seribu seratus", "one thousand one hundred"),
        (2016, "dua ribu enam belas", "two thousand and sixteen"),
    ],
)
def test_the_numbers_that_go_wrong_elsewhere(n: int, indonesian: str, english: str) -> None:
    """The contractions (seratus, seribu), belas, and the English "and" are as people say them."""
    assert (number_words(n, "id"), number_words(n, "en")) == (indonesian, english)


@pytest.mark.parametrize("n", [-1, 10_000])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_outside_has_no_words(n: int, language: Language) -> None:
    """Below 0 and above 9999 number_words refuses, and names the number."""
    with pytest.raises(ValueError, match=str(n)):
        number_words(n, language)


def test_an_unknown_language_or_style_or_place_is_refused() -> None:
    """What isn't in the lists is a ValueError that says what was found."""
    with pytest.raises(ValueError, match="'jv'"):
        number_words(1, "jv")  # type: ignore[arg-type]  # that is what is tested
    with pytest.raises(ValueError, match="'roman'"):
        spoken_number("A", 1, 3, "roman", "id")  # type: ignore[arg-type]  # as above
    with pytest.raises(ValueError, match="'pintu'"):
        written_place("pintu", 1, "", "id")  # type: ignore[arg-type]  # as above
    with pytest.raises(ValueError, match="-1"):
        spoken_number("A", -1, 3, "digits", "id")
    with pytest.raises(ValueError, match="'jv'"):
        written_sentence("A-1", "Loket 1", "jv")  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("prefix", "value", "digits", "style", "language", "said"),
    [
        ("A", 12, 3, "digits", "id", "A, nol satu dua"),
        ("A", 12, 3, "number", "id", "A, dua belas"),
        ("A", 12, 3, "digits", "en", "A, zero one two"),
        ("A", 12, 3, "number", "en", "A, twelve"),
        ("AA", 7, 1, "digits", "id", "A A, tujuh"),
        ("ab", 7, 2, "digits", "id", "A B, nol tujuh"),
        ("B2", 7, 1, "digits", "id", "B dua, tujuh"),
        ("A-B ", 7, 1, "digits", "id", "A B, tujuh"),
        ("", 105, 3, "digits", "id", "satu nol lima"),
        ("A", 1234, 3, "digits", "id", "A, satu dua tiga empat"),
        ("A", 0, 3, "number", "id", "A, nol"),
        ("A", 12_345, 3, "number", "id", "A, satu dua tiga empat lima"),
    ],
)
def test_a_ticket_number_is_spelled(
    prefix: str, value: int, digits: int, style: Style, language: Language, said: str
) -> None:
    """Prefix letters come one by one; the number as padded digits or as a cardinal."""
    assert spoken_number(prefix, value, digits, style, language) == said


@given(value=st.integers(0, 10**6), digits=st.integers(1, 6), language=st.sampled_from(LANGUAGES))
def test_spelled_digits_are_the_printed_ones(value: int, digits: int, language: Language) -> None:
    """Word for word, the digits that are heard are the digits that are printed."""
    table = ID if language == "id" else EN
    words = spoken_number("", value, digits, "digits", language).split()
    assert "".join(str(table[word]) for word in words) == f"{value:0{digits}}"


def call(**changes: object) -> SpokenCall:
    """A-012 to counter 5, changed."""
    plain: dict[str, object] = {
        "prefix": "A",
        "value": 12,
        "digits": 3,
        "place_kind": "loket",
        "place_number": 5,
    }
    return SpokenCall(**(plain | changes))  # type: ignore[arg-type]  # a table of changes


def test_the_sentence_of_a_call() -> None:
    """The phrase that halls use, in both languages."""
    assert call_sentence(call(), "id") == "Nomor antrean A nol satu dua, silakan menuju loket lima."
    assert (
        call_sentence(call(), "en")
        == "Queue number A zero one two, please proceed to counter five."
    )
    assert (
        call_sentence(call(style="number", prefix="AA"), "id")
        == "Nomor antrean A A dua belas, silakan menuju loket lima."
    )


@pytest.mark.parametrize(
    ("kind", "indonesian", "english"),
    [("loket", "loket", "counter"), ("ruang", "ruang", "room"), ("meja", "meja", "desk")],
)
def test_each_kind_of_place_has_its_word(kind: PlaceKind, indonesian: str, english: str) -> None:
    """A counter, a room and a desk are called so, spoken and written."""
    spoken = call(place_kind=kind, place_number=21)
    assert call_sentence(spoken, "id").endswith(f"silakan menuju {indonesian} dua puluh satu.")
    assert call_sentence(spoken, "en").endswith(f"please proceed to {english} twenty-one.")
    assert written_place(kind, 21, "", "id") == f"{indonesian.capitalize()} 21"
    assert written_place(kind, 21, "", "en") == f"{english.capitalize()} 21"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Klinik Gigi", "Klinik Gigi"),
        ("Loket 12A", "Loket dua belas A"),
        ("Ruang 2.1 & 007", "Ruang dua satu dan nol nol tujuh"),
        ("[[x]] <b>_</b>\n", "x b b"),
        ("—", "loket"),
        ("", "loket"),
    ],
)
def test_a_place_without_a_number_is_said_by_name(name: str, said: str) -> None:
    """A name is spoken as words only, without digits and markup; an empty one by its kind."""
    sentence = call_sentence(call(place_number=None, place_name=name), "id")
    assert sentence == f"Nomor antrean A nol satu dua, silakan menuju {said}."
    assert written_place("loket", None, name, "id") == name


@given(
    prefix=st.text(max_size=5),
    value=st.integers(0, 10**9),
    digits=st.integers(0, 6),
    kind=st.sampled_from(("loket", "ruang", "meja")),
    number=st.none() | st.integers(0, 10**9),
    name=st.text(max_size=120),
    style=st.sampled_from(("digits", "number")),
    language=st.sampled_from(LANGUAGES),
)
def test_every_call_has_a_sentence_without_digits_or_markup(
    prefix: str,
    value: int,
    digits: int,
    kind: PlaceKind,
    number: int | None,
    name: str,
    style: Style,
    language: Language,
) -> None:
    """Whatever a catalogue holds, there is one line to say, and no engine meets digits in it."""
    said = call_sentence(SpokenCall(prefix, value, digits, kind, number, name, style), language)
    assert not re.search(r"[0-9\[\]<>\n]", said)
    assert said.count(",") == 1
    assert said.endswith(".")
    assert len(said) < 1200


def test_the_written_sentence_keeps_the_printed_number() -> None:
    """Screens show what is on the ticket, with no full stop."""
    assert (
        written_sentence("A-012", "Loket 5", "id") == "Nomor antrean A-012, silakan menuju Loket 5"
    )
    assert (
        written_sentence("A-012", "Counter 5", "en")
        == "Queue number A-012, please proceed to Counter 5"
    )


def test_a_helper_is_asked_for_by_name() -> None:
    """No number: whom the counter asks for, and where to."""
    asked = call(helper="interpreter", prefix="", value=0)
    assert call_sentence(asked, "id") == "Penerjemah, silakan menuju loket lima."
    assert call_sentence(asked, "en") == "Interpreter, please go to counter five."
    assert written_help("companion", "Loket 5", "id") == "Pendamping, silakan menuju Loket 5"
    assert written_help("companion", "Counter 5", "en") == "Companion, please go to Counter 5"
    assert helper_name("porter", "id") == "porter"
