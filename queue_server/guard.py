"""What a free text of the staff may not hold: numbers and addresses that name a person. Pure.

A name can't be told from a word; numbers can. The page that asks for the text says so.
"""

from __future__ import annotations

import re
import unicodedata

LONG = re.compile(r"(?<!\d)(?:\d[ .\-]?){15}\d(?!\d)")
"""Sixteen digits: NIK and family card numbers, however they are spaced."""
PHONE = re.compile(r"(?<!\d)(?:\+?62|0)[ .\-]?8[1-9](?:[ .\-]?\d){6,10}(?!\d)")
"""An Indonesian mobile number."""
RUN = re.compile(r"\d{9}")
"""Nine digits in a row are somebody's number: a landline, an account, a passport."""
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")


def tidy(text: str) -> str:
    """A note on one line, without characters that show nothing."""
    text = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def personal(text: str) -> bool:
    """Whether a note holds what could be somebody's number or address."""
    # Digits of other scripts are digits too.
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(str(unicodedata.digit(c, c)) for c in plain)
    return any(kind.search(plain) for kind in (LONG, PHONE, RUN, MAIL))
