"""A board as its template sets it: the words of both languages, pages and lines of text. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest

from msgspec import Struct

from queue_server.catalogue import Text
from queue_server.config import Config

from . import words
from .look import fingerprint, languages
from .schedule import Timed, in_force, texts
from .views import Board, Called, Waiting

SENTENCE = re.compile(r"(?<=[.!?]) ")
SLIDE = 105
"""Characters of running text that one line of a 1920-wide board holds at its size."""
LENGTHY = 24
"""Characters of a counter's name beyond which it is set smaller, on more lines."""
PAGE = 8
"""Agencies of the waiting list that are shown at once."""


class Line(Struct, frozen=True):
    """A call as the template sets it: `desk` is the counter's number, or its name without one;
    `older`: only the second of two screens has room for it."""

    call: int
    number: str
    place: Text
    desk: Text
    named: bool
    agency: str
    agency_name: Text
    older: bool = False

    @property
    def lengthy(self) -> bool:
        """Whether the counter's name needs more lines than a number."""
        return lengthy(self.desk)


class Slide(Struct, frozen=True):
    """A line of text and when it runs (see `schedule.Timed`), as the script reads it."""

    text: Text
    days: str = ""
    hours: str = ""
    since: str = ""
    until: str = ""
    shown: bool = False


class Screen(Struct, frozen=True):
    """A board in words. Times for the script are epoch milliseconds, 0 for none;
    with another `look` it begins anew."""

    board: Board
    first: str
    second: str
    lines: tuple[Line, ...]
    pages: tuple[tuple[Waiting, ...], ...]
    slides: tuple[Slide, ...]
    clock: Text
    date: Text
    opens_again: Text
    closed: bool
    opens_ms: int
    closes_ms: int
    rows: int
    look: str


def screen(board: Board, config: Config) -> Screen:
    """The board with the words, numbers and cuts that its template sets."""
    first, second = languages(config, board.zone)
    moment = datetime.fromisoformat(board.server_time)
    opens = datetime.fromisoformat(board.opens_at) if board.opens_at else None
    closes = datetime.fromisoformat(board.closes_at) if board.closes_at else None
    calls = [line(call) for call in (board.now, *board.history) if call]
    earlier = [line(call, older=True) for call in board.earlier]
    said = [Timed(text) for text in board.messages] or texts(config, board.zone)
    return Screen(
        board=board,
        first=first,
        second=second,
        lines=(*calls, *earlier),
        pages=_pages(board.waiting),
        slides=_slides(said, moment),
        clock=words.clock(moment),
        date=words.date(moment),
        opens_again=words.opens_again(opens),
        closed=not board.open and not board.busy,
        opens_ms=_milliseconds(opens),
        closes_ms=_milliseconds(closes),
        rows=_rows(config.displays.history),
        look=fingerprint(config, board.zone),
    )


def slides(text: Text) -> tuple[Text, ...]:
    """The running text as still lines, shown in turn: what moves can't be read from afar."""
    pairs = zip_longest(_cut(text.id), _cut(text.en), fillvalue="")
    return tuple(Text(first, second) for first, second in pairs)


def _slides(lines: Iterable[Timed], moment: datetime) -> tuple[Slide, ...]:
    """Every slide of every line; the first that runs now is shown."""
    found: list[Slide] = []
    for timed in lines:
        hours = " ".join(f"{start}-{end}" for start, end in timed.hours)
        for text in slides(timed.text):
            shown = in_force(timed, moment) and not any(one.shown for one in found)
            found.append(Slide(text, timed.days, hours, timed.since, timed.until, shown))
    return tuple(found)


def _milliseconds(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1000) if moment else 0


def line(call: Called, *, older: bool = False) -> Line:
    """A call in words."""
    if call.counter_number is None:
        place, desk = Text("", ""), call.counter_name
    else:
        number = str(call.counter_number)
        place, desk = words.PLACES[call.place], Text(number, number)
    named = call.counter_number is None
    return Line(call.call, call.number, place, desk, named, call.agency, call.agency_name, older)


def lengthy(name: Text) -> bool:
    """Whether a name is long in one of its languages."""
    return max(len(name.id), len(name.en)) > LENGTHY


def _pages(rows: tuple[Waiting, ...]) -> tuple[tuple[Waiting, ...], ...]:
    """Pages of nearly equal length, so that the last doesn't show one lonely agency."""
    count = -(-len(rows) // PAGE)
    size = -(-len(rows) // count) if count else PAGE
    return tuple(rows[start : start + size] for start in range(0, len(rows), size))


def _rows(history: int) -> int:
    """Which of the three settings of the history fits so many rows."""
    return next(rows for rows in (7, 10, 20) if history <= rows)


def _cut(text: str) -> list[str]:
    """Sentences joined up to a slide's length; a longer one in parts of nearly equal length,
    so that the last doesn't show one lonely word."""
    found: list[str] = []
    for sentence in SENTENCE.split(" ".join(text.split())):
        if found and len(found[-1]) + 1 + len(sentence) <= SLIDE and found[-1][-1] in ".!?":
            found[-1] += " " + sentence
        else:
            found += _evenly(sentence)
    return found


def _evenly(sentence: str) -> list[str]:
    """As few parts as a slide's length allows, the longest as short as that count allows."""
    parts = _wrapped(sentence, SLIDE)
    narrow = -(-len(sentence) // len(parts)) if parts else SLIDE
    tries = (_wrapped(sentence, width) for width in range(narrow, SLIDE))
    return next((found for found in tries if len(found) == len(parts)), parts)


def _wrapped(sentence: str, width: int) -> list[str]:
    return textwrap.wrap(sentence, width, break_long_words=False, break_on_hyphens=False)
