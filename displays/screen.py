"""A board as its template sets it: the words of both languages, pages and lines of text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest

from msgspec import Struct

from queue_server.catalogue import Text
from queue_server.config import Config

from . import words
from .views import Board, Called, Waiting

SLIDE = 105
"""Characters of running text that one line of a 1920-wide board holds at its size."""
SPOKEN = ("id", "en")
"""The languages that a board has words of."""
PAGE = 8
"""Agencies of the waiting list that are shown at once."""


class Line(Struct, frozen=True):
    """A call as the template sets it: `desk` is the counter's number, or its name without one."""

    call: int
    number: str
    place: Text
    desk: Text
    named: bool
    agency: str
    agency_name: Text


class Screen(Struct, frozen=True):
    """A board in words. Times for the script are epoch milliseconds, 0 for none."""

    board: Board
    first: str
    second: str
    lines: tuple[Line, ...]
    pages: tuple[tuple[Waiting, ...], ...]
    slides: tuple[Text, ...]
    clock: Text
    date: Text
    opens_again: Text
    closed: bool
    opens_ms: int
    closes_ms: int
    rows: int


def screen(board: Board, config: Config) -> Screen:
    """The board with the words, numbers and cuts that its template sets."""
    first, *others = [one for one in config.languages.pages if one in SPOKEN] or SPOKEN
    moment = datetime.fromisoformat(board.server_time)
    opens = datetime.fromisoformat(board.opens_at) if board.opens_at else None
    closes = datetime.fromisoformat(board.closes_at) if board.closes_at else None
    calls = (board.now, *board.history) if board.now else ()
    return Screen(
        board=board,
        first=first,
        second=others[0] if others else "",
        lines=tuple(_line(call) for call in calls),
        pages=_pages(board.waiting),
        slides=tuple(
            slide for text in board.messages or (board.running_text,) for slide in slides(text)
        ),
        clock=words.clock(moment),
        date=words.date(moment),
        opens_again=words.opens_again(opens),
        closed=not board.open and not board.busy,
        opens_ms=_milliseconds(opens),
        closes_ms=_milliseconds(closes),
        rows=_rows(config.displays.history),
    )


def slides(text: Text) -> tuple[Text, ...]:
    """The running text as still lines, shown in turn: what moves can't be read from afar."""
    pairs = zip_longest(_cut(text.id), _cut(text.en), fillvalue="")
    return tuple(Text(first, second) for first, second in pairs)


def _milliseconds(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1000) if moment else 0


def _line(call: Called) -> Line:
    if call.counter_number is None:
        place, desk = Text("", ""), call.counter_name
    else:
        number = str(call.counter_number)
        place, desk = words.PLACES[call.place], Text(number, number)
    named = call.counter_number is None
    return Line(call.call, call.number, place, desk, named, call.agency, call.agency_name)


def _pages(rows: tuple[Waiting, ...]) -> tuple[tuple[Waiting, ...], ...]:
    """Pages of nearly equal length, so that the last doesn't show one lonely agency."""
    count = -(-len(rows) // PAGE)
    size = -(-len(rows) // count) if count else PAGE
    return tuple(rows[start : start + size] for start in range(0, len(rows), size))


def _rows(history: int) -> int:
    """Which of the three settings of the history fits so many rows."""
    return next(rows for rows in (7, 10, 20) if history <= rows)


def _cut(text: str) -> list[str]:
    """Sentences joined up to a slide's length; a longer one is cut between words."""
    found: list[str] = []
    for piece in _pieces(text.split()):
        if found and len(found[-1]) + 1 + len(piece) <= SLIDE and found[-1][-1] in ".!?":
            found[-1] += " " + piece
        else:
            found.append(piece)
    return found


def _pieces(words: Iterable[str]) -> Iterator[str]:
    piece = ""
    for word in words:
        if piece and (piece[-1] in ".!?" or len(piece) + 1 + len(word) > SLIDE):
            yield piece
            piece = ""
        piece = f"{piece} {word}".strip()
    if piece:
        yield piece
