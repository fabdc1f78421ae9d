"""Text as the cheapest printer can set it: plain ASCII, wrapped to its columns. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

SPELLED = str.maketrans({
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‘": "'", "’": "'", "“": '"', "”": '"',
    "…": "...", "·": "-", "•": "*", "×": "x", "°": "", "→": "->", "≤": "<=", "≥": ">=",
    "ʼ": "'", "ø": "o", "Ø": "O", "đ": "d", "ß": "ss", "æ": "ae", "€": "EUR",
})  # fmt: skip
"""What Unicode itself does not decompose to ASCII."""


def ascii_only(text: str) -> str:
    """The text in printable ASCII; a letter loses its accent, what has no spelling becomes "?".

    Cheap printers ignore code page commands: anything else would come out as another character.
    """
    plain = unicodedata.normalize("NFKD", text.translate(SPELLED))
    kept = (
        one if " " <= one <= "~" else " " if one.isspace() else "?"
        for one in plain
        if not unicodedata.combining(one)
    )  # fmt: skip
    return "".join(kept)


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many characters; a word that is longer is broken."""
    return textwrap.wrap(ascii_only(text), columns) or [""]


def rows(pairs: Sequence[tuple[str, str]], columns: int) -> list[tuple[str, str]]:
    """Labels with their texts beside them, line by line: all texts begin at one column."""
    margin = min(max(len(ascii_only(label)) for label, _ in pairs) + 2, columns // 2)
    lines = []
    for label, text in pairs:
        left, right = wrapped(label, margin - 1), wrapped(text, columns - margin)
        for one, other in zip_longest(left, right, fillvalue=""):
            lines.append((f"{one:<{margin}}", other))
    return lines
