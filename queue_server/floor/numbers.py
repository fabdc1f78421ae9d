"""A ticket's number as people type it."""

from __future__ import annotations

import re
from collections.abc import Callable

TYPED = re.compile(r"([A-Z]{0,3})[ .-]?0*(\d{1,6})")


def like(typed: str) -> Callable[[str], bool]:
    """Whether a number is meant by what was typed: "A-012", "a12", or "12" of any letters."""
    found = TYPED.fullmatch(typed.strip().upper())
    if found is None:
        return lambda number: False
    letters, value = found[1], int(found[2])

    def meant(number: str) -> bool:
        prefix, _, digits = number.rpartition("-")
        return int(digits) == value and (not letters or prefix == letters)

    return meant
