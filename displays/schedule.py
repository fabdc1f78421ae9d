"""Running text by schedule: which lines are in force when. Pure; board.js reads it alike."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from queue_server.catalogue import Text
from queue_server.config import DAYS, Config, RunningText, spans


class Timed(Struct, frozen=True):
    """A line of running text. `days`: digits, Monday is 1; `hours`: pairs of minutes after
    midnight; `since`, `until`: ISO dates, the last one included. Empty: no limit."""

    text: Text
    days: str = ""
    hours: tuple[tuple[int, int], ...] = ()
    since: str = ""
    until: str = ""


def texts(config: Config, zone: str) -> tuple[Timed, ...]:
    """A zone's lines, first what always runs: its own, or else the hall's."""
    own, hall = config.zones.get(zone), config.displays
    always = Text(
        own.running_text if own and own.running_text else hall.running_text,
        own.running_text_en if own and own.running_text_en else hall.running_text_en,
    )
    timed = own.texts if own and own.texts else hall.texts
    return (*([Timed(always)] if always.id or always.en else []), *map(_timed, timed))


def in_force(line: Timed, moment: datetime) -> bool:
    """Whether a line runs at a moment of the hall's time."""
    minute, day = moment.hour * 60 + moment.minute, moment.date().isoformat()
    return (
        (not line.days or str(moment.isoweekday()) in line.days)
        and (not line.hours or any(start <= minute < end for start, end in line.hours))
        and line.since <= day
        and (not line.until or day <= line.until)
    )


def _timed(text: RunningText) -> Timed:
    return Timed(
        text=Text(text.text or text.text_en, text.text_en or text.text),
        days="".join(sorted(str(DAYS.index(day) + 1) for day in text.days)),
        hours=spans(text.hours),
        since=text.since,
        until=text.until,
    )
