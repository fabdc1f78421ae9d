"""What staff may write where citizens or strangers can read it: nothing that names a person."""

from __future__ import annotations

import re

from ..guard import LONG, PHONE
from ..guard import personal as personal
from ..guard import tidy as tidy

NOTE = 200
"""Characters of a note."""
FILE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ./_-]{0,38}[A-Za-z0-9])?")
"""An agency's own file number: 1 to 40 characters."""


def good_file(file: str) -> bool:
    """Whether it may be an agency's file number: well formed, and no NIK or phone number."""
    return bool(FILE.fullmatch(file)) and not LONG.search(file) and not PHONE.search(file)
