"""The one rule of languages: what is not said in a language is said in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

SOURCE = "id"
"""The language of the templates and of the catalogue, which everybody in the hall reads."""


def in_language(said: Mapping[str, T], language: str) -> T:
    """What is said in `language`; where that is missing, in Indonesian."""
    return said[language] if language in said else said[SOURCE]
