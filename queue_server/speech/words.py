"""The words of a call, in Indonesian and English. Pure.

A *spoken* text is for a speech engine or recorded clips: every digit is a word already, because
engines group digits ("012 105" becomes twelve thousand ...). A *written* text is for screens and
JSON, and keeps the number as it is printed on the ticket.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["id", "en"]
Style = Literal["digits", "number"]
PlaceKind = Literal["loket", "ruang", "meja"]

LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
LARGEST: Final = 9999
LONGEST_NAME: Final = 80
"""Characters of a place's own name that are spoken; an announcement is no reading lesson."""

# A word a line would be a screen of nothing.
# fmt: off
_UNITS: Final[dict[str, tuple[str, ...]]] = {
    "id": (
        "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
        "sepuluh", "sebelas",
    ),
    "en": (
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
        "eighteen", "nineteen",
    ),
}
_ENGLISH_TENS: Final = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
# fmt: on
_PLACES: Final[dict[str, dict[str, str]]] = {
    "id": {"loket": "loket", "ruang": "ruang", "meja": "meja"},
    "en": {"loket": "counter", "ruang": "room", "meja": "desk"},
}
_SENTENCES: Final = {
    "id": "Nomor antrean {number}, silakan menuju {place}",
    "en": "Queue number {number}, please proceed to {place}",
}
_AND: Final = {"id": "dan", "en": "and"}
_HELP: Final = {
    "id": "{helper}, silakan menuju {place}",
    "en": "{helper}, please go to {place}",
}
_HELPERS: Final[dict[str, dict[str, str]]] = {
    "interpreter": {"id": "Penerjemah", "en": "Interpreter"},
    "companion": {"id": "Pendamping", "en": "Companion"},
}


@dataclass(frozen=True, slots=True)
class SpokenCall:
    """One call as it is to be said.

    `digits` is the least count of digits (3: 12 is "nol satu dua"). `place_name` is spoken, in
    every language as it stands, when the place has no number. Whatever the catalogue holds gives
    a sentence: a call must not fail over its words.
    """

    prefix: str
    value: int
    digits: int
    place_kind: PlaceKind
    place_number: int | None
    place_name: str = ""
    style: Style = "digits"
    helper: str = ""


def call_sentence(call: SpokenCall, language: Language) -> str:
    """The spoken sentence of a call: "Nomor antrean A nol satu dua, silakan menuju loket lima."."""
    if call.helper:
        return written_help(call.helper, _spoken_place(call, language), language) + "."
    letters, number = _parts(call.prefix, call.value, call.digits, call.style, language)
    said = f"{letters} {number}".strip()
    return _sentence(said, _spoken_place(call, language), language) + "."


def written_sentence(number: str, place: str, language: Language) -> str:
    """The same sentence for a screen: "Nomor antrean A-012, silakan menuju Loket 5"."""
    return _sentence(number, place, language)


def written_help(helper: str, place: str, language: Language) -> str:
    """The sentence that asks for a helper: "Penerjemah, silakan menuju Loket 5"."""
    _known(language)
    return _HELP[language].format(helper=helper_name(helper, language), place=place)


def helper_name(helper: str, language: Language) -> str:
    """Whom a counter can ask for, as boards show it; one unknown by its id."""
    _known(language)
    return _HELPERS.get(helper, {}).get(language, helper)


def written_place(kind: PlaceKind, number: int | None, name: str, language: Language) -> str:
    """A place as screens show it: "Loket 5", "Counter 5", or its own name when it has no number."""
    if number is None:
        return name
    return f"{_place_word(kind, language).capitalize()} {number}"


def spoken_number(prefix: str, value: int, digits: int, style: Style, language: Language) -> str:
    """A ticket's number alone: "A, nol satu dua" (digits) or "A, dua belas" (number).

    Letters are spelled one by one, and signs left out. A value above 9999 is always spelled.
    Raises ValueError for a negative value, and for an unknown style or language.
    """
    letters, number = _parts(prefix, value, digits, style, language)
    return f"{letters}, {number}" if letters else number


def number_words(n: int, language: Language) -> str:
    """The cardinal of 0..9999 in words; ValueError outside, or for an unknown language."""
    if not 0 <= n <= LARGEST:
        raise ValueError(f"a number from 0 to {LARGEST} was expected, found {n}")
    _known(language)
    return _indonesian(n) if language == "id" else _english(n)


def _parts(
    prefix: str, value: int, digits: int, style: Style, language: Language
) -> tuple[str, str]:
    if style not in ("digits", "number"):
        raise ValueError(f"a style 'digits' or 'number' was expected, found {style!r}")
    if value < 0:
        raise ValueError(f"a number from 0 was expected, found {value}")
    signs = re.findall(r"[A-Z0-9]", prefix.upper())
    letters = " ".join(_digit_words(sign, language) if sign.isdigit() else sign for sign in signs)
    if style == "number":
        return letters, _run(str(value), language)
    return letters, _digit_words(str(value).zfill(digits), language)


def _sentence(number: str, place: str, language: Language) -> str:
    _known(language)
    return _SENTENCES[language].format(number=number, place=place)


def _spoken_place(call: SpokenCall, language: Language) -> str:
    word = _place_word(call.place_kind, language)
    if call.place_number is not None:
        return f"{word} {_run(str(call.place_number), language)}"
    return _spoken_name(call.place_name, language) or word


def _place_word(kind: PlaceKind, language: Language) -> str:
    _known(language)
    if kind not in _PLACES[language]:
        raise ValueError(f"a place 'loket', 'ruang' or 'meja' was expected, found {kind!r}")
    return _PLACES[language][kind]


def _spoken_name(name: str, language: Language) -> str:
    """A name of the hall's own making, reduced to what engines read aloud the same way."""
    text = name[:LONGEST_NAME].replace("&", f" {_AND[language]} ")
    text = re.sub(r"[0-9]+", lambda run: f" {_run(run[0], language)} ", text)
    return " ".join(re.sub(r"[^\w']|_", " ", text).split())


def _run(digits: str, language: Language) -> str:
    """A run of digits as the number it is, or spelled when it's too long or starts with a zero."""
    if int(digits) > LARGEST or (digits.startswith("0") and digits != "0"):
        return _digit_words(digits, language)
    return number_words(int(digits), language)


def _digit_words(digits: str, language: Language) -> str:
    return " ".join(number_words(int(digit), language) for digit in digits)


def _known(language: str) -> None:
    if language not in _UNITS:
        raise ValueError(f"a language of {', '.join(LANGUAGES)} was expected, found {language!r}")


def _indonesian(n: int) -> str:
    if n < 12:
        return _UNITS["id"][n]
    if n < 20:
        return f"{_UNITS['id'][n - 10]} belas"
    sizes = ((1000, "ribu"), (100, "ratus"), (10, "puluh"))
    size, word = next(pair for pair in sizes if n >= pair[0])
    count, rest = divmod(n, size)
    # Only hundreds and thousands contract ("seratus"); one ten is below 12 and never comes here.
    head = f"se{word}" if count == 1 else f"{_UNITS['id'][count]} {word}"
    return f"{head} {_indonesian(rest)}" if rest else head


def _english(n: int) -> str:
    if n < 20:
        return _UNITS["en"][n]
    if n < 100:
        tens, rest = divmod(n, 10)
        return _ENGLISH_TENS[tens] + (f"-{_UNITS['en'][rest]}" if rest else "")
    size, word = (1000, "thousand") if n >= 1000 else (100, "hundred")
    count, rest = divmod(n, size)
    head = f"{_UNITS['en'][count]} {word}"
    if not rest:
        return head
    return f"{head} and {_english(rest)}" if rest < 100 else f"{head} {_english(rest)}"
