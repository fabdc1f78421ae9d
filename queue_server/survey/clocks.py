"""The clocks of a complaint, as SP4N-LAPOR! promises them. Pure.

A first response within 3 days; an answer within 5 days (information, complaint), 14 days
(dispute without a check in the field) or 60 working days (with one). The first three count
calendar days: the strictest reading is never late by another.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, get_args

from msgspec import Struct

from ..core.calendar import add_working_days
from ..core.plan import Hours

Kind = Literal["information", "dispute", "field"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIRST = 3
CALENDAR: dict[Kind, int] = {"information": 5, "dispute": 14}
WORKING = 60


class Clock(Struct, frozen=True):
    """Until when, and whether that is over (ISO dates). `next` is the one that runs now."""

    respond: str
    close: str
    next: Literal["respond", "close", "done"]
    overdue: bool


def clock(
    kind: Kind, received: str, responded: str, closed: str, today: str, hours: Hours
) -> Clock:
    """The clocks of a complaint on a day; "" for what has not happened."""
    start = date.fromisoformat(received)
    respond = (start + timedelta(days=FIRST)).isoformat()
    close = _close(kind, start, hours).isoformat()
    if closed:
        return Clock(respond, close, "done", closed > close or (responded or closed) > respond)
    if not responded:
        return Clock(respond, close, "respond", today > min(respond, close))
    return Clock(respond, close, "close", today > close)


def _close(kind: Kind, start: date, hours: Hours) -> date:
    if kind == "field":
        return add_working_days(start, WORKING, hours)
    return start + timedelta(days=CALENDAR[kind])
