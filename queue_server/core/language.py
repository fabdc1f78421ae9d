"""The one rule of languages: what is not said in a language is said in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
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
