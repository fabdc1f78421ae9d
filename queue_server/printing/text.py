"""Text as the cheapest printer can set it: plain ASCII, wrapped to its columns. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable

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


def rows(pairs: Iterable[tuple[str, str]], columns: int) -> list[str]:
    """Labels with their texts beside them, all texts beginning at one column."""
    plain = [(ascii_only(label), text) for label, text in pairs]
    margin = min(max(len(label) for label, _ in plain) + 2, columns // 2)
    lines = []
    for label, text in plain:
        left, right = wrapped(label, margin - 1), wrapped(text, columns - margin)
        for index in range(max(len(left), len(right))):
            one = left[index] if index < len(left) else ""
            other = right[index] if index < len(right) else ""
            lines.append(f"{one:<{margin}}{other}".rstrip())
    return lines
