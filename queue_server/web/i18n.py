"""Words of pages: Indonesian in the templates, other languages from `<folder>/locale/*.po`.

A third language is one more .po file, in as many of the folders as somebody has translated, and
its code in `languages.pages`. What it has no words for is said in Indonesian, and marked so that
a page can tell a screen reader which language that is (`spans`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_name
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations as BabelTranslations

from ..config import ConfigError
from ..core.language import SOURCE

INDONESIAN_ZONES = {
    "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT",
}  # fmt: skip
"""What everybody in the country calls its zones, in every language."""


OWN_NAME = ("language", "Bahasa Indonesia")
"""Context and msgid under which a .po file gives its language's own name."""
BEGIN, END = "\ue000", "\ue001"
"""Private characters around what was left in Indonesian; no page ever shows them."""
PARTS = re.compile(r"(<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)")
"""A tag with its attributes; what stands between two is text."""
BARE = re.compile(r"<(title|textarea|option|script|style)\b", re.IGNORECASE)
"""Elements that hold text alone."""


class Translations:
    """The catalogues of all folders, merged for each language.

    Raises ConfigError for a language that no folder has words of.
    """

    def __init__(self, folders: Iterable[Path], languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        self.files = sorted(file for folder in folders for file in folder.glob("locale/*.po"))
        self._found = {language: self._merged(language) for language in self.languages}

    def of(self, language: str) -> NullTranslations:
        """What translates into a language; the source language stays as it is."""
        return self._found[language]

    def marking(self, language: str) -> NullTranslations:
        """The same for templates whose outcome goes through `spans` or `plain`."""
        words = self._merged(language)
        if isinstance(words, BabelTranslations):
            words.add_fallback(_Marked())
        return words

    def name(self, language: str) -> str:
        """What a language calls itself: "Bahasa Indonesia", "English"."""
        own = self._found[language].pgettext(*OWN_NAME)
        if language == SOURCE or own != OWN_NAME[1]:
            return own
        return str(locale_of(language).get_display_name(language) or language)

    def _merged(self, language: str) -> NullTranslations:
        found: BabelTranslations | None = None
        for file in self.files:
            if file.stem != language:
                continue
            one = _read(file, language)
            found = one if found is None else found.merge(one)
        if found is None and language != SOURCE:
            raise ConfigError(
                f"languages.pages: expected languages that there are words of, found {language!r}; "
                f"add locale/{language}.po to a surface"
            )
        return found or NullTranslations()


class _Marked(NullTranslations):
    """Words of the source language between marks."""

    def gettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


def spans(html: str) -> str:
    """HTML with its marked words in elements that name their language; bare in attributes."""
    if BEGIN not in html:
        return html
    parts, closing = [], ""
    for part in PARTS.split(html):
        if part.startswith("<"):
            found = BARE.match(part)
            closing = f"</{found[1].lower()}" if found else closing
            if closing and part.lower().startswith(closing):
                closing = ""
        elif not closing:
            parts.append(part.replace(BEGIN, f'<span lang="{SOURCE}">').replace(END, "</span>"))
            continue
        parts.append(plain(part))
    return "".join(parts)


def plain(text: str) -> str:
    """The same without marks: for text that is no HTML."""
    return text.replace(BEGIN, "").replace(END, "")


@lru_cache
def locale_of(language: str) -> Locale:
    """How a language writes dates; one that CLDR doesn't know writes them as Indonesian does."""
    try:
        return Locale(language)
    except UnknownLocaleError:
        return Locale(SOURCE)


@lru_cache
def clock_mark(language: str) -> str:
    """What stands between hours and minutes: "." in Indonesian, ":" in English."""
    return "." if "." in str(locale_of(language).time_formats["short"]) else ":"


def clock_text(moment: datetime, language: str) -> str:
    """Hours and minutes: 08.00 in Indonesian, 08:00 in English."""
    return f"{moment:%H}{clock_mark(language)}{moment:%M}"


class Calendar:
    """Dates and times in the hall's zone, in one language. Takes epoch ms or aware datetimes."""

    def __init__(self, language: str, zone: str) -> None:
        self._language = language
        self._locale = locale_of(language)
        self._zone = ZoneInfo(zone)
        self._zone_name = zone

    def date(self, moment: int | datetime) -> str:
        """Like "Senin, 23 November 2026"."""
        return str(format_date(self._local(moment), "EEEE, d MMMM y", locale=self._locale))

    def short_date(self, moment: int | datetime) -> str:
        """Like "23 Nov 2026"."""
        return str(format_date(self._local(moment), "d MMM y", locale=self._locale))

    def clock(self, moment: int | datetime) -> str:
        """Like "09.15"; in English "09:15"."""
        return clock_text(self._local(moment), self._language)

    def time(self, moment: int | datetime) -> str:
        """Like "09.15 WIB"."""
        local = self._local(moment)
        name = INDONESIAN_ZONES.get(self._zone_name)
        if name is None:
            name = str(get_timezone_name(local, width="short", locale=self._locale))
        return f"{self.clock(local)} {name}"

    def _local(self, moment: int | datetime) -> datetime:
        if isinstance(moment, datetime):
            return moment.astimezone(self._zone)
        return datetime.fromtimestamp(moment / 1000, self._zone)


def _read(file: Path, language: str) -> BabelTranslations:
    """One .po file."""
    return BabelTranslations(fp=BytesIO(_compiled(file, language, file.stat().st_mtime_ns)))


@lru_cache(maxsize=64)
def _compiled(file: Path, language: str, changed: int) -> bytes:
    """A .po file as gettext reads it: compiled once, for each language is merged twice. A fuzzy
    entry is no translation yet."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()
