"""Times that come in: RFC 3339 with their offset, as epoch milliseconds."""

from __future__ import annotations

from datetime import datetime

from ..web.problems import FieldError, Problem


def epoch(moment: datetime | None, field: str) -> int:
    """Epoch ms; None is 0. Raises Problem 422 when the offset is missing."""
    if moment is None:
        return 0
    if moment.tzinfo is None:
        raise Problem(422, "no_offset", errors=[FieldError(field, "…+07:00")])
    return int(moment.timestamp() * 1000)
