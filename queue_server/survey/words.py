"""What a free text may not hold: numbers that name a person. Pure.

People are asked not to write names or NIK; a program can see the numbers at least.
"""

from __future__ import annotations

import re

LONGEST = 1000
"""Characters of a text."""
GAP = r"[\s.\-/()]{0,2}"
NIK = re.compile(rf"(?<!\d)(?:\d{GAP}){{15}}\d(?!\d)")
PHONE = re.compile(rf"(?<!\d)(?:\+?{GAP}6{GAP}2{GAP}|0){GAP}(?:8)(?:{GAP}\d){{7,11}}(?!\d)")
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def personal(text: str) -> str:
    """What of a person a text names: "nik", "phone", "mail", or "" for nothing seen."""
    for name, pattern in (("nik", NIK), ("phone", PHONE), ("mail", MAIL)):
        if pattern.search(text):
            return name
    return ""


def tidy(text: str) -> str:
    """A text as it is kept: no control characters, no blanks around, not too long."""
    lines = ("".join(c for c in line if c.isprintable()) for line in text.splitlines())
    return "\n".join(line.strip() for line in lines).strip()[:LONGEST]
