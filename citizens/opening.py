"""Whether numbers can be taken now, and if not, why and when again: pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from babel.dates import format_date
from msgspec import Struct
from msgspec.structs import replace

from queue_server.core.calendar import closes_at, local, next_opening, spans_on
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
    shut = Opening(
        open=False,
        reason=_reason(moment, opens, hours),
        holiday=hours.holidays.get(moment.date().isoformat(), ""),
    )
    return _next(shut, moment, opens, language)


def again(now: int, hours: Hours, opens: datetime | None, language: str) -> Opening:
    """When something opens again that is shut while the hall's own door is open."""
    return _next(Opening(open=False, reason="over"), local(now, hours), opens, language)


def _next(shut: Opening, moment: datetime, opens: datetime | None, language: str) -> Opening:
    """A closed door with the time at which it opens, as it is said at `moment`."""
    if opens is None:
        return replace(shut, when="never")
    days = (opens.date() - moment.date()).days
    return replace(
        shut,
        when="today" if days == 0 else "tomorrow" if days == 1 else "date",
        day=format_date(opens.date(), "EEEE, d MMMM", locale=locale_of(language)),
        time=clock_text(opens, language),
    )


def _reason(
    moment: datetime, opens: datetime | None, hours: Hours
) -> Literal["break", "early", "over", "day", "holiday"]:
    spans = spans_on(moment.date(), hours)
    if not spans:
        return "holiday" if moment.date().isoformat() in hours.holidays else "day"
    minute = moment.hour * 60 + moment.minute
    if minute < spans[0][0]:
        return "early"
    return "break" if opens is not None and opens.date() == moment.date() else "over"
