"""The answers of a period as CSV: what `antrean skm` reads back to the same index."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from .elements import CODES

HEADER = ("agency", "service", *CODES)
"""Elements in the order of the regulation's body: complaints eighth, facilities ninth."""
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet would take for a formula."""

Row = tuple[str, str, list[int | None]]


def written(rows: Iterable[Row]) -> bytes:
    """(agency, service, scores) as UTF-8 with the mark that Excel wants; empty: not answered."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for agency, service, scores in rows:
        marks = ["" if score is None else score for score in scores]
        writer.writerow([safe(agency), safe(service), *marks])
    return out.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """A text that no spreadsheet computes."""
    return f"'{text}" if text.startswith(RISKY) else text
