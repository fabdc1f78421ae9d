"""Whether numbers can be taken now, and if not, why and when again: pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from babel.dates import format_date
from msgspec import Struct

from queue_server.core.calendar import closes_at, local, next_opening
from queue_server.core.plan import Hours
from queue_server.web.i18n import clock_text, locale_of


class Opening(Struct, frozen=True):
    """The hall's door. `until` is when it closes; `day` and `time` are when it opens next.

    `reason`: "break" between two openings of a day, "early" before the first, "over" after the
    last, "day" on a day without any, "holiday" on one that `holiday` names. `when` says how to
    name `day`; "never": no opening known.
    """

    open: bool
    until: str = ""
    reason: Literal["", "break", "early", "over", "day", "holiday"] = ""
    when: Literal["", "today", "tomorrow", "date", "never"] = ""
    day: str = ""
    time: str = ""
    holiday: str = ""


def opening(now: int, hours: Hours, language: str) -> Opening:
    """The door at `now` (epoch ms), with times as people of that language write them."""
    closes = closes_at(now, hours)
    if closes is not None:
        return Opening(open=True, until="" if hours.always else clock_text(closes, language))
    moment, opens = local(now, hours), next_opening(now, hours)
    reason = _reason(moment, opens, hours)
    holiday = hours.holidays.get(moment.date().isoformat(), "")
    if opens is None:
        return Opening(open=False, reason=reason, when="never", holiday=holiday)
    days = (opens.date() - moment.date()).days
    return Opening(
        open=False,
        reason=reason,
        when="today" if days == 0 else "tomorrow" if days == 1 else "date",
        day=format_date(opens.date(), "EEEE, d MMMM", locale=locale_of(language)),
        time=clock_text(opens, language),
        holiday=holiday,
    )


def _reason(
    moment: datetime, opens: datetime | None, hours: Hours
) -> Literal["break", "early", "over", "day", "holiday"]:
    if moment.date().isoformat() in hours.holidays:
        return "holiday"
    spans = hours.week[moment.weekday()]
    if not spans:
        return "day"
    minute = moment.hour * 60 + moment.minute
    if minute < spans[0][0]:
        return "early"
    return "break" if opens is not None and opens.date() == moment.date() else "over"
