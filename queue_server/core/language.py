"""The one rule of languages: what is not said in a language is said in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")

SOURCE = "id"
"""The language of the templates and of the catalogue, which everybody in the hall reads."""


def in_language(said: Mapping[str, T], language: str) -> T:
    """What is said in `language`; where that is missing, in Indonesian."""
    return said[language] if language in said else said[SOURCE]


class Text(Struct, frozen=True, omit_defaults=True):
    """A name in the hall's languages; `more` holds those beyond Indonesian and English."""

    id: str
    en: str
    more: dict[str, str] = {}

    def of(self, language: str) -> str:
        """The name in a language; in one that it isn't given in, the Indonesian."""
        return self.en if language == "en" else self.more.get(language, self.id)


WEEKDAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
           "Oktober", "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
}  # fmt: skip
WHEN = {
    "id": "{day}, {number} {month}, pukul {clock}",
    "en": "on {day}, {number} {month}, at {clock}",
}
UNKNOWN = {"id": "pada waktu yang belum ditentukan", "en": "at a time that is not known yet"}


def when(text: str, language: str) -> str:
    """A time such as 2026-11-24 08:00 as a sentence goes on with it; "-": nobody knows it."""
    if text == "-":
        return in_language(UNKNOWN, language)
    moment = datetime.fromisoformat(text)
    mark = in_language({"id": ".", "en": ":"}, language)
    return in_language(WHEN, language).format(
        day=in_language(WEEKDAYS, language)[moment.weekday()], number=moment.day,
        month=in_language(MONTHS, language)[moment.month - 1],
        clock=f"{moment.hour:02}{mark}{moment.minute:02}",
    )  # fmt: skip
