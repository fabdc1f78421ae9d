"""A line as it is shown, turned into one that is read aloud: Indonesian and English. Pure.

Engines read signs literally and group digits: "Rp650.000", "08.00", "3–5" and "A-012" are
spelled out here. Whatever has no rule is left as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from re import Match
from typing import Final

from .words import LANGUAGES, Language, number_words, spoken_number

_TO: Final = {"id": "sampai", "en": "to"}
_ELECTRONIC: Final = {"id": "elektronik", "en": "electronic"}
_DASHES: Final = "–—"

_NUMBER: Final = re.compile(r"\b([A-Z]{1,3})-(\d{1,5})\b(?![.\d])")
_MONEY: Final = re.compile(r"\bRp\s?(\d{1,3}(?:[.,]\d{3})+|\d+)(?!\d)")
_TIME: Final = re.compile(r"(?<![\d.,:])([01]\d|2[0-3])[.:]([0-5]\d)(?![\d]|[.,:]\d)")
_RANGE: Final = re.compile(rf"(?<=\d)\s?[{_DASHES}-]\s?(?=\d)|(?<=\w)\s?[{_DASHES}]\s?(?=\d)")
_THOUSANDS: Final = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")
_GROUPED: Final = re.compile(r"(?<=\d) (?=\d{3}\b)")
_ELECTRIC_CARD: Final = re.compile(r"\b(?:e-(?=KTP\b)|(?<=KTP)-el\b)")
_PAUSES: Final = re.compile(rf"\s*(?:[·•|/]|\s[{_DASHES}-]\s)\s*")


def aloud(text: str, language: str) -> str:
    """What a voice says for a line of a page; "" for one without words.

    `language` is "id" or "en"; any other is read as the Indonesian that pages fall back to.
    """
    tongue: Language = language if language in LANGUAGES else "id"
    said = " ".join("".join(_plain(sign) for sign in text).split())
    for pattern, words in _RULES:
        said = pattern.sub(partial(words, tongue), said)
    said = re.sub(r"\s*(?:,\s*)+", ", ", " ".join(said.split())).strip(" ,;")
    return said if not said or said[-1] in ".!?:" else said + "."


def _plain(sign: str) -> str:
    """Quotes and marks without sound are dropped; a bracket is a short pause."""
    if sign == "(":
        return ", "
    return " " if sign in '“”„"«»…*_)' or not sign.isprintable() else sign


def _ticket(language: Language, found: Match[str]) -> str:
    prefix, digits = found.groups()
    return spoken_number(prefix, int(digits), len(digits), "digits", language)


def _money(language: Language, found: Match[str]) -> str:
    return re.sub(r"\D", "", found[1]) + " rupiah"


def _time(language: Language, found: Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    if language == "id":
        return number_words(hour, "id") + (f" {number_words(minute, 'id')}" if minute else "")
    half = "a m" if hour < 12 else "p m"
    said = number_words((hour - 1) % 12 + 1, "en")
    return f"{said}{' ' + _past(minute) if minute else ''} {half}"


def _past(minute: int) -> str:
    """Minutes after an hour: "oh five", "thirty"."""
    return ("oh " if minute < 10 else "") + number_words(minute, "en")


def _always(words: str) -> Callable[[Language, Match[str]], str]:
    return lambda language, found: words


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[Language, Match[str]], str]], ...]] = (
    (_ELECTRIC_CARD, lambda language, found: f" {_ELECTRONIC[language]} "),
    (_NUMBER, _ticket),
    (_MONEY, _money),
    (_TIME, _time),
    (_RANGE, lambda language, found: f" {_TO[language]} "),
    (_THOUSANDS, _always("")),
    (_GROUPED, _always(", ")),
    (_PAUSES, _always(", ")),
)
"""In this order: a ticket's number before its hyphen looks like a range."""
