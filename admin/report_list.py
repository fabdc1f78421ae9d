"""The numbers behind a figure, as a page lists them: never people. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from queue_server.reports.query import Listed

from .report_asked import Asked, Span
from .report_names import DASH, Parts
from .reports import Chip, chips

PAGE = 100
"""Numbers of a page."""
STATUSES = ("served", "no_show", "cancelled", "expired", "waiting", "called", "serving", "parked",
            "pending")  # fmt: skip
"""What numbers can be narrowed to, besides the report's own filters."""


class Line(Struct, frozen=True):
    """A number. Times in minutes, a dash where it has not come to it; `history` is a query."""

    day: str
    ticket: int
    number: str
    service: str
    status: str
    issued: int
    waiting: str
    walking: str
    serving: str
    visit: str
    history: str


class Listing(Struct, frozen=True):
    """A page of them, the latest first; `newer` and `older` are queries, or ""."""

    span: str
    lines: tuple[Line, ...]
    chips: tuple[Chip, ...]
    status: str
    statuses: tuple[str, ...]
    newer: str
    older: str


def listing(
    asked: Asked, span: Span, rows: Sequence[Listed], parts: Parts, status: str, page: int
) -> Listing:
    """The page; one row more than PAGE means that older ones follow."""

    def other(number: int) -> str:
        chosen = f"&status={status}" if status else ""
        return f"{asked.query}{chosen}&page={number}"

    return Listing(
        span=parts.span(span),
        lines=tuple(_line(row, parts) for row in rows[:PAGE]),
        chips=tuple(chips(asked, parts)),
        status=status,
        statuses=STATUSES,
        newer=other(page - 1) if page else "",
        older=other(page + 1) if len(rows) > PAGE else "",
    )


def _line(row: Listed, parts: Parts) -> Line:
    def minutes(ms: int | None) -> str:
        return DASH if ms is None else parts.minutes(ms)

    return Line(
        day=parts.name("day", date.fromisoformat(row.day).isoformat()),
        ticket=row.ticket,
        number=row.number,
        service=parts.name("service", row.service),
        status=row.status,
        issued=row.issued,
        waiting=minutes(row.waiting),
        walking=minutes(row.walking),
        serving=minutes(row.serving),
        visit=minutes(row.visit),
        history=f"day={row.day}&number={row.number}",
    )
