"""What staff may write where citizens or strangers can read it: nothing that names a person.

A name can't be told from a word; numbers can. The page that asks for the text says so.
"""

from __future__ import annotations

import re
import unicodedata

NOTE = 200
"""Characters of a note."""
FILE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ./_-]{0,38}[A-Za-z0-9])?")
"""An agency's own file number: 1 to 40 characters."""
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


def good_file(file: str) -> bool:
    """Whether it may be an agency's file number: well formed, and no NIK or phone number."""
    return bool(FILE.fullmatch(file)) and not LONG.search(file) and not PHONE.search(file)
