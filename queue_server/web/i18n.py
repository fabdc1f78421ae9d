"""Words of pages: Indonesian in the templates, other languages from `<folder>/locale/*.po`.

A third language is one more .po file in each folder and its name in `languages.pages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations as BabelTranslations

SOURCE = "id"
INDONESIAN_ZONES = {
    "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT",
}  # fmt: skip
"""What everybody in the country calls its zones, in every language."""


class Translations:
    """The catalogues of all folders, merged for each language."""

    def __init__(self, folders: Iterable[Path], languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        self.files = sorted(file for folder in folders for file in folder.glob("locale/*.po"))
        self._found = {language: self._merged(language) for language in self.languages}

    def of(self, language: str) -> NullTranslations:
        """What translates into a language; the source language stays as it is."""
        return self._found[language]

    def _merged(self, language: str) -> NullTranslations:
        found: BabelTranslations | None = None
        for file in self.files:
            if file.stem != language:
                continue
            one = _read(file, language)
            found = one if found is None else found.merge(one)
        return found or NullTranslations()


class Calendar:
    """Dates and times in the hall's zone, in one language. Takes epoch ms or aware datetimes."""

    def __init__(self, language: str, zone: str) -> None:
        self._language = language
        self._zone = ZoneInfo(zone)
        self._zone_name = zone

    def date(self, moment: int | datetime) -> str:
        """Like "Senin, 23 November 2026"."""
        return str(format_date(self._local(moment), "EEEE, d MMMM y", locale=self._language))

    def short_date(self, moment: int | datetime) -> str:
        """Like "23 Nov 2026"."""
        return str(format_date(self._local(moment), "d MMM y", locale=self._language))

    def clock(self, moment: int | datetime) -> str:
        """Like "09.15"; in other languages "09:15"."""
        point = "." if self._language == SOURCE else ":"
        return f"{self._local(moment):%H{point}%M}"

    def time(self, moment: int | datetime) -> str:
        """Like "09.15 WIB"."""
        local = self._local(moment)
        name = INDONESIAN_ZONES.get(self._zone_name)
        if name is None:
            name = str(get_timezone_name(local, width="short", locale=self._language))
        return f"{self.clock(local)} {name}"

    def _local(self, moment: int | datetime) -> datetime:
        if isinstance(moment, datetime):
            return moment.astimezone(self._zone)
        return datetime.fromtimestamp(moment / 1000, self._zone)


def _read(file: Path, language: str) -> BabelTranslations:
    """One .po file. A fuzzy entry is no translation yet."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return BabelTranslations(fp=compiled)
