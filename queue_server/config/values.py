"""What configured values look like: the shapes that several sections share."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from msgspec import Meta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class ConfigError(Exception):
    """One line that says what to correct, and where."""


Seconds = Annotated[int, Meta(ge=1, le=86_400)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d\Z")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
"""A language of pages: its ISO 639 code, as its .po files are named."""
Spoken = Literal["id", "en"]
"""A language that numbers can be said in."""
Url = Annotated[str, Meta(pattern=r"^(https?://[^\s\"'<>]+)?\Z")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=64)]
Site = Annotated[str, Meta(pattern=r"^(https?://)?[A-Za-z0-9.:*\[\]-]+\Z")]
"""As Content-Security-Policy names sites; a `;` would begin another directive."""


Minutes = Annotated[int, Meta(ge=0, le=1440)]
Time = Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?\Z")]
"""Hours and minutes; "" for none."""


def is_date(text: str) -> bool:
    """Whether an ISO date is in the calendar."""
    try:
        return bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Opening spans in minutes after midnight. Raises ValueError with what is wrong."""
    found: list[tuple[int, int]] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = SPAN.fullmatch(part)
        if match is None:
            raise ValueError(f'expected "08:00-12:00, 13:00-15:30", found {text!r}')
        h1, m1, h2, m2 = map(int, match.groups())
        opens, closes = h1 * 60 + m1, h2 * 60 + m2
        if not (m1 < 60 and m2 < 60 and (found[-1][1] if found else 0) <= opens < closes <= 1440):
            raise ValueError(f"expected spans in order within one day, found {text!r}")
        found.append((opens, closes))
    return tuple(found)
